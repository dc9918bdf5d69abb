//! Systems with fewer conditions at the ends of a direction than their order there, and systems whose equations depend
//! on each other.
//!
//! How many conditions a field of a system needs cannot be read from the field: a pressure needs none, and of two
//! waves the one that flows in. How many they need together can: it is the degree of the determinant of their symbol
//! ([`super::symbol`]). Counted are the blocks that hang together, since a condition on one field may stand for one on
//! another. Where numbers or coefficients are sought, or data are given, those may stand for conditions too.

use super::Check;
use super::blocks::{Block, Blocks};
use super::lowered::Lowered;
use super::singular::SingularEnds;
use super::symbol::{Determinant, Symbol};
use crate::diagnostic::{Diagnostic, listed};
use crate::hir::print::part;
use crate::hir::{Condition, CoordinateId, FieldId, Part, Role, Side};
use std::collections::BTreeSet;

impl Check<'_> {
    pub(super) fn missing_conditions(
        &self,
        lowered: &mut Lowered,
        blocks: &Blocks,
        singular: &SingularEnds,
    ) -> Vec<Diagnostic> {
        let problem = self.problem;
        let sought = problem.fields.iter().any(|(_, f)| f.sought.is_some());
        if sought || !problem.unknowns.is_empty() || !problem.observations.is_empty() {
            return Vec::new();
        }
        let mut found = Vec::new();
        for component in blocks.components() {
            let fields: usize = component.iter().map(|block| block.fields.len()).sum();
            if fields < 2 {
                continue;
            }
            let symbols: Option<Vec<Symbol>> = component
                .iter()
                .map(|block| Symbol::new(lowered, block))
                .collect();
            let Some(symbols) = symbols else {
                continue;
            };
            let before = found.len();
            let pairs = component.iter().zip(&symbols);
            found
                .extend(pairs.filter_map(|(block, symbol)| self.dependent(lowered, block, symbol)));
            if found.len() > before {
                continue;
            }
            let coordinates = problem.coordinates.iter();
            let bare = coordinates.filter(|(_, c)| c.role == Role::Space && !c.periodic);
            for (coordinate, _) in bare {
                let fields = component.iter().flat_map(|block| &block.fields);
                let sides = fields.flat_map(|field| {
                    [Side::Low, Side::High].map(|side| (*field, Part { coordinate, side }))
                });
                let less = sides.filter_map(|end| singular.get(&end)).sum();
                found.extend(self.missing_along(lowered, &component, &symbols, coordinate, less));
            }
        }
        found
    }

    /// What all blocks of a component lack at the ends of a coordinate, where the equations choose `less` by themselves.
    fn missing_along(
        &self,
        lowered: &Lowered,
        component: &[&Block],
        symbols: &[Symbol],
        coordinate: CoordinateId,
        less: usize,
    ) -> Option<Diagnostic> {
        let problem = self.problem;
        let mut needed = 0;
        let mut varying = false;
        let mut lacking: Vec<&Block> = Vec::new();
        for (block, symbol) in component.iter().zip(symbols) {
            let Determinant::Degree { order, varies } = symbol.determinant(lowered, coordinate)
            else {
                return None;
            };
            needed += order;
            varying |= varies && order > 0;
            if self.conditions_on(&[block], coordinate).len() < order {
                lacking.push(block);
            }
        }
        let given = self.conditions_on(component, coordinate);
        // Along a line, what is said of the whole may stand for a condition at an end.
        let line = problem
            .coordinates
            .iter()
            .filter(|(_, c)| c.role != Role::Family);
        let whole = if line.count() == 1 {
            problem.constraints.len()
        } else {
            0
        };
        if given.len() + whole + less >= needed || (varying && !given.is_empty()) {
            return None;
        }
        Some(self.too_few_conditions(&lacking, coordinate, given.len(), needed, varying))
    }

    /// The conditions at the ends of a coordinate that mention a field of these blocks.
    fn conditions_on(&self, blocks: &[&Block], coordinate: CoordinateId) -> Vec<&Condition> {
        let fields = blocks.iter().flat_map(|block| &block.fields);
        let numbers: BTreeSet<usize> = fields
            .flat_map(|field| self.concerning.get(field).into_iter().flatten())
            .copied()
            .collect();
        let conditions = numbers.into_iter().map(|k| &self.problem.conditions[k]);
        conditions
            .filter(|condition| condition.part.coordinate == coordinate)
            .collect()
    }

    fn too_few_conditions(
        &self,
        lacking: &[&Block],
        coordinate: CoordinateId,
        given: usize,
        needed: usize,
        varying: bool,
    ) -> Diagnostic {
        let problem = self.problem;
        let declared = &problem.coordinates[coordinate];
        let fields: Vec<FieldId> = lacking.iter().flat_map(|b| &b.fields).copied().collect();
        let names = self.names(&fields);
        let along = &declared.name;
        let make = if varying {
            Diagnostic::warning
        } else {
            Diagnostic::error
        };
        let equation = lacking.iter().flat_map(|block| &block.equations).max();
        let span = equation.and_then(|number| problem.equations.get(*number));
        let span = span.map_or(declared.span, |equation| equation.span);
        // Walls through which nothing flows need fewer.
        let up_to = if varying { "up to " } else { "" };
        let plural = if needed == 1 { "" } else { "s" };
        let bare: Vec<String> = [Side::Low, Side::High]
            .into_iter()
            .map(|side| Part { coordinate, side })
            .filter(|there| {
                let mut here = fields.iter().flat_map(|field| self.concerning(*field));
                here.all(|condition| condition.part != *there)
            })
            .map(|there| format!("`{}`", part(problem, there)))
            .collect();
        let mut diagnostic = make(
            "missing-condition",
            format!("{names}: {given} condition{} at the ends of `{along}`, where {up_to}{needed} determine{} the solution",
                if given == 1 { "" } else { "s" },
                if needed == 1 { "s" } else { "" }),
            span,
            "one of the equations that determine them",
        )
        .with_label(
            declared.span,
            match bare.as_slice() {
                [] => format!("too few at the ends of `{along}`"),
                bare => format!("nothing is given at {}", listed(bare)),
            },
        )
        .with_note(format!(
            "When all fields but one are eliminated, what remains is of order {needed} in `{along}`: it takes {needed} \
             condition{plural} at its two ends together. Which fields they are on, the equations leave open."
        ));
        if varying {
            diagnostic = diagnostic.with_note(
                "The factor of the highest derivative is not the same everywhere; if it vanishes at an end, nothing is \
                 missing there.",
            );
        }
        let missing = needed - given;
        diagnostic.with_help(format!(
            "add {missing} condition{} on {names} at the ends of `{along}`, or `periodic {along}`",
            if missing == 1 { "" } else { "s" }
        ))
    }

    /// Equations whose determinant vanishes, whatever the derivatives are.
    fn dependent(&self, lowered: &Lowered, block: &Block, symbol: &Symbol) -> Option<Diagnostic> {
        let problem = self.problem;
        let (first, _) = problem.coordinates.iter().next()?;
        if symbol.determinant(lowered, first) != Determinant::Vanishes {
            return None;
        }
        let fields: Vec<FieldId> = block.fields.iter().copied().collect();
        let names = self.names(&fields);
        let mut spans = block
            .equations
            .iter()
            .map(|number| &problem.equations[*number]);
        let mut diagnostic = Diagnostic::warning(
            "dependent-equations",
            format!("these equations do not determine {names}"),
            spans.next_back()?.span,
            "follows from the others but for lower terms, or says nothing new",
        );
        let mut told = BTreeSet::from([diagnostic.primary.span]);
        for equation in spans.take(3) {
            if told.insert(equation.span) {
                diagnostic = diagnostic.with_label(equation.span, "one of them");
            }
        }
        Some(
            diagnostic
                .with_note(
                    "When all fields but one are eliminated, nothing remains: a function can be chosen freely, and \
                     infinitely many solutions meet all equations and conditions. So it is with a potential without a gauge.",
                )
                .with_help(format!(
                    "is a sign or a field wrong? If not, add what singles out one of the solutions for {names}, such as a gauge"
                )),
        )
    }

    /// ``` `u`, `v` ```
    fn names(&self, fields: &[FieldId]) -> String {
        let names = fields.iter().take(4);
        let names: Vec<String> = names
            .map(|field| format!("`{}`", self.problem.fields[*field].name))
            .collect();
        let more = if fields.len() > 4 { ", …" } else { "" };
        format!("{}{more}", names.join(", "))
    }
}
