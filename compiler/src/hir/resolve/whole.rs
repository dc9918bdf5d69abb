//! What is said of the solution as a whole: energies and constraints, which integrals make numbers of.

use super::Resolver;
use crate::diagnostic::Diagnostic;
use crate::hir::{Constraint, CoordinateId, Energy, ExpressionId, ExpressionKind, Role};
use crate::source::Span;
use crate::syntax::{self, Declaration, Equation, Name};
use std::collections::BTreeSet;

impl Resolver<'_> {
    /// `minimize integral(…)`
    pub(super) fn minimize(
        &mut self,
        label: Option<&Name>,
        value: syntax::ExpressionId,
        declaration: &Declaration,
    ) {
        self.later("variational problems (`minimize`)", declaration.keyword);
        let root = self.lower_real(value, "an energy");
        if self.undetermined {
            return;
        }
        if let Some(place) = self.outside_integral(root, true) {
            self.not_integrated("an energy is one number", place, true);
            return;
        }
        let label = label.map_or_else(|| "energy".to_owned(), |label| label.text.clone());
        self.problem.energies.push(Energy {
            label,
            value: root,
            span: declaration.span,
        });
    }

    /// `constraint integral(p, x) = 0`
    pub(super) fn constraint(
        &mut self,
        label: Option<&Name>,
        equation: &Equation,
        declaration: &Declaration,
    ) {
        let Some(pairs) = self.sides(equation) else {
            return;
        };
        if self.undetermined {
            return;
        }
        let base = match label {
            Some(label) => label.text.clone(),
            None => format!("constraint{}", self.problem.constraints.len() + 1),
        };
        for pair in pairs {
            let places = [pair.left, pair.right].map(|side| self.outside_integral(side, false));
            if let Some(place) = places.into_iter().flatten().next() {
                self.not_integrated(
                    "a constraint is about the solution as a whole",
                    place,
                    false,
                );
                return;
            }
            let sides = [pair.left, pair.right];
            if sides.iter().any(|side| self.varies_beyond(*side, &[])) {
                self.later("constraints that hold at every time", declaration.keyword);
            }
            self.problem.constraints.push(Constraint {
                label: format!("{base}{}", pair.suffix),
                left: pair.left,
                right: pair.right,
                span: declaration.span,
            });
        }
    }

    /// `in_time` as for [`Self::outside_integral`].
    pub(super) fn not_integrated(&mut self, message: &str, place: Span, in_time: bool) {
        let written = self.source.slice(place).to_owned();
        let coordinates = self.problem.coordinates.iter().map(|(_, it)| it);
        let over: Vec<&str> = coordinates
            .filter(|it| it.role == Role::Space || (in_time && it.role == Role::Time))
            .map(|it| it.name.as_str())
            .collect();
        let timely = in_time && self.problem.time().is_some();
        // The integral that is there reaches over all of space.
        let only_time = timely && self.integrates_over_space(place);
        let varies = if only_time {
            "in time"
        } else if timely {
            "from place to place or in time"
        } else {
            "from place to place"
        };
        let help = if over.is_empty() || over.len() > 4 {
            "integrate over the coordinates: `integral(…, x)`".to_owned()
        } else if only_time {
            format!(
                "integrate over time too: `integral(…, {})`",
                over.join(", ")
            )
        } else if timely {
            format!(
                "integrate over all of them, time too: `integral(…, {})`",
                over.join(", ")
            )
        } else {
            format!(
                "integrate over the coordinates: `integral(…, {})`",
                over.join(", ")
            )
        };
        self.error(
            Diagnostic::error(
                "not-integrated",
                message,
                place,
                format!("`{written}` varies {varies}"),
            )
            .with_help(help),
        );
    }

    /// Notes a known solution that is not a formula of the coordinates alone: errors cannot be measured against it yet.
    pub(super) fn without_integrals(&mut self, root: ExpressionId, span: Span) {
        let mut seen = BTreeSet::new();
        let mut rest = vec![root];
        while let Some(id) = rest.pop() {
            if !seen.insert(id) {
                continue;
            }
            match &self.tree.expressions[id].kind {
                ExpressionKind::Integral { .. } => {
                    self.later("known solutions with integrals", span);
                    return;
                }
                ExpressionKind::Definition(id) => rest.push(self.problem.definitions[*id].value),
                kind => rest.extend(kind.operands()),
            }
        }
    }

    /// Whether the expression at a place stands under an integral over all coordinates of space.
    pub(super) fn integrates_over_space(&self, place: Span) -> bool {
        let space = self.problem.coordinates.iter();
        let space: Vec<CoordinateId> = space
            .filter(|(_, it)| it.role == Role::Space)
            .map(|(id, _)| id)
            .collect();
        self.tree.expressions.iter().any(|(_, expression)| {
            let here = expression.span.start <= place.start && place.end <= expression.span.end;
            match &expression.kind {
                ExpressionKind::Integral { over, .. } => {
                    here && space.iter().all(|id| over.contains(id))
                }
                _ => false,
            }
        })
    }

    /// A field or coordinate that depends on a direction over which no integral is taken. `in_time` says whether time
    /// counts: an energy is one number, a constraint may hold at every time.
    pub(super) fn outside_integral(&self, root: ExpressionId, in_time: bool) -> Option<Span> {
        let counts = |id: &CoordinateId| match self.problem.coordinates[*id].role {
            Role::Space => true,
            Role::Time => in_time,
            Role::Family => false,
        };
        let mut seen = BTreeSet::new();
        let mut rest = vec![(root, Vec::new())];
        let mut found: Option<Span> = None;
        while let Some((id, over)) = rest.pop() {
            if !seen.insert((id, over.clone())) {
                continue;
            }
            let expression = &self.tree.expressions[id];
            let free: Vec<CoordinateId> = match &expression.kind {
                ExpressionKind::Field(field) => self.problem.fields[*field].arguments.clone(),
                ExpressionKind::Coordinate(coordinate) => vec![*coordinate],
                _ => Vec::new(),
            };
            if free.iter().any(|id| counts(id) && !over.contains(id)) {
                found = Some(found.map_or(expression.span, |span| span.min(expression.span)));
            }
            let mut within = over.clone();
            if let ExpressionKind::Integral { over, .. } = &expression.kind {
                within.extend(over);
                within.sort_unstable();
                within.dedup();
            }
            if let ExpressionKind::Definition(id) = &expression.kind {
                rest.push((self.problem.definitions[*id].value, within.clone()));
            }
            let operands = expression.kind.operands();
            rest.extend(operands.map(|operand| (operand, within.clone())));
        }
        found
    }

    /// Whether an expression depends on a coordinate, a parameter that runs through an interval included, that neither
    /// these nor an integral in it take care of.
    pub(super) fn varies_beyond(&self, root: ExpressionId, over: &[CoordinateId]) -> bool {
        let mut seen = BTreeSet::new();
        let mut rest = vec![(root, over.to_vec())];
        while let Some((id, over)) = rest.pop() {
            if !seen.insert((id, over.clone())) {
                continue;
            }
            let kind = &self.tree.expressions[id].kind;
            let free: Vec<CoordinateId> = match kind {
                ExpressionKind::Field(field) => self.problem.fields[*field].arguments.clone(),
                ExpressionKind::Coordinate(coordinate) => vec![*coordinate],
                _ => Vec::new(),
            };
            if free.iter().any(|id| !over.contains(id)) {
                return true;
            }
            let mut within = over;
            if let ExpressionKind::Integral { over, .. } = kind {
                within.extend(over);
                within.sort_unstable();
                within.dedup();
            }
            if let ExpressionKind::Definition(id) = kind {
                rest.push((self.problem.definitions[*id].value, within.clone()));
            }
            rest.extend(kind.operands().map(|operand| (operand, within.clone())));
        }
        false
    }
}
