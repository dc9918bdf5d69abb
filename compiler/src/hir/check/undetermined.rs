//! Numbers and coefficients that are sought and that nothing determines.
//!
//! A problem with as many equations as fields and as many conditions as its order has a solution for every value of
//! what is sought: data, a constraint, one more equation or one more condition must single one out. Only what is certain
//! is said: where the conditions cannot be counted, nothing is.

use super::Check;
use super::blocks::Blocks;
use super::lowered::Lowered;
use super::symbol::{Determinant, Symbol};
use crate::diagnostic::Diagnostic;
use crate::hir::{ExpressionKind, Role};
use crate::jet::Node;
use crate::syntax::print::number;

impl Check<'_> {
    pub(super) fn undetermined_unknowns(
        &self,
        lowered: &mut Lowered,
        blocks: Option<&Blocks>,
    ) -> Vec<Diagnostic> {
        let problem = self.problem;
        let sought: Vec<_> = problem
            .fields
            .iter()
            .filter(|(_, field)| field.sought.is_some())
            .map(|(id, _)| id)
            .collect();
        let counted = match self.too_few_constraints() {
            Some(counted) if sought.is_empty() => Some(counted),
            Some(_) | None => None,
        };
        let told = !problem.observations.is_empty()
            || !problem.constraints.is_empty() && counted.is_none()
            || !problem.energies.is_empty()
            || !problem.between.is_empty()
            || problem.domain.is_some();
        let Some(blocks) = blocks.filter(|_| !told) else {
            return Vec::new();
        };
        if sought.is_empty() && problem.unknowns.is_empty() {
            return Vec::new();
        }
        if self.may_have_surplus(lowered, blocks) {
            return Vec::new();
        }
        if let Some((numbers, constraints)) = counted
            && constraints > 0
        {
            return self.too_many_unknowns(numbers, constraints);
        }
        let homogeneous = self.is_homogeneous(lowered);
        let mut found = Vec::new();
        for (id, unknown) in problem.unknowns.iter() {
            // What nothing uses is reported as that.
            let used = problem.expressions.iter();
            let mut used = used.map(|(_, expression)| &expression.kind);
            if !used.any(|kind| *kind == ExpressionKind::Unknown(id)) {
                continue;
            }
            let name = &unknown.name;
            let error = Diagnostic::error(
                "undetermined-unknown",
                format!("nothing determines the unknown `{name}`"),
                unknown.span,
                "any value of it has a solution",
            )
            .with_note(NOTE);
            let declaration = self.document.declarations.iter().find(|declaration| {
                let span = declaration.span.range();
                span.start <= unknown.span.range().start && unknown.span.range().end <= span.end
            });
            found.push(match declaration {
                Some(declaration) if unknown.unit.is_none() && !homogeneous => {
                    let known = format!("param {name} = {}", number(unknown.start));
                    error
                        .with_help(format!(
                            "give data, `{}`, or one more condition or constraint; if `{name}` is known, write `{known}`",
                            self.data()
                        ))
                        .with_edit(declaration.span, known)
                }
                Some(_) | None if homogeneous && found.is_empty() => {
                    let normalisation = format!("\n{}", self.normalisation());
                    error
                        .with_help(self.normalised(true))
                        .with_edit(self.end(), normalisation)
                }
                Some(_) | None => error.with_help(self.normalised(homogeneous)),
            });
        }
        for id in sought {
            let field = &problem.fields[id];
            found.push(
                Diagnostic::error(
                    "undetermined-unknown",
                    format!("nothing determines the coefficient `{}`", field.name),
                    field.span,
                    "any function has a solution",
                )
                .with_note(NOTE)
                .with_help(self.normalised(false)),
            );
        }
        found
    }

    fn too_many_unknowns(&self, numbers: usize, constraints: usize) -> Vec<Diagnostic> {
        let last = self.problem.unknowns.iter().last();
        let (verb, plural) = if constraints == 1 {
            ("is", "")
        } else {
            ("are", "s")
        };
        let found = last.map(|(_, unknown)| {
            Diagnostic::error(
                "undetermined-unknown",
                format!("{numbers} numbers are sought, and there {verb} {constraints} constraint{plural}"),
                unknown.span,
                "nothing is left to determine it",
            )
            .with_note(
                "There are as many equations as fields and as many conditions as they need; each number that is sought \
                 needs one statement more.",
            )
            .with_help(self.normalised(false))
        });
        found.into_iter().collect()
    }

    fn normalised(&self, homogeneous: bool) -> String {
        if !homogeneous {
            return format!(
                "give data, `{}`, or what else is known of the solution: one more condition, a constraint",
                self.data()
            );
        }
        format!(
            "an eigenvalue problem needs a normalisation, which also rules out zero: `{}`",
            self.normalisation()
        )
    }

    /// `observe u from "FILE" (x, t, u)`
    fn data(&self) -> String {
        let problem = self.problem;
        let field = problem.fields.iter().find(|(_, f)| f.sought.is_none());
        let name = field.map_or("u", |(_, field)| field.name.as_str());
        let arguments = field.map_or(&[][..], |(_, field)| &field.arguments);
        let columns = arguments.iter();
        let columns: Vec<&str> = columns
            .map(|id| problem.coordinates[*id].name.as_str())
            .chain([name])
            .collect();
        format!("observe {name} from \"FILE\" ({})", columns.join(", "))
    }

    /// `constraint integral(psi^2, x) = 1`
    fn normalisation(&self) -> String {
        let problem = self.problem;
        let field = problem.fields.iter().find(|(_, f)| f.sought.is_none());
        let arguments = field.map_or(&[][..], |(_, field)| &field.arguments);
        let over: Vec<&str> = arguments
            .iter()
            .map(|id| problem.coordinates[*id].name.as_str())
            .collect();
        let name = field.map_or("u", |(_, field)| field.name.as_str());
        format!("constraint integral({name}^2, {}) = 1", over.join(", "))
    }

    /// Whether zero solves all equations and conditions.
    fn is_homogeneous(&self, lowered: &mut Lowered) -> bool {
        let mut roots = lowered.equations.clone();
        roots.extend(&lowered.conditions);
        let at_zero = lowered.graph.substitute(&roots, |graph, leaf| {
            use crate::function::Algebra;
            matches!(leaf, Node::Jet { .. }).then(|| graph.number(0.0))
        });
        let steady = self.problem.time().is_none();
        steady
            && at_zero
                .iter()
                .all(|root| lowered.graph.as_number(*root) == Some(0.0))
    }

    /// Whether every coordinate is periodic or has just as many conditions as the equations need.
    pub(super) fn bears_its_conditions(&self, lowered: &mut Lowered, blocks: &Blocks) -> bool {
        let problem = self.problem;
        let mut needed = vec![0; problem.coordinates.len()];
        for block in &blocks.blocks {
            let Some(symbol) = Symbol::new(lowered, block) else {
                return false;
            };
            for coordinate in problem.coordinates.ids() {
                match symbol.determinant(lowered, coordinate) {
                    Determinant::Degree {
                        order,
                        varies: false,
                    } => needed[coordinate.index()] += order,
                    Determinant::Degree { varies: true, .. } | Determinant::Vanishes => {
                        return false;
                    }
                }
            }
        }
        problem.coordinates.iter().all(|(coordinate, declared)| {
            let conditions = problem.conditions.iter();
            let given = conditions.filter(|c| c.part.coordinate == coordinate);
            match declared.role {
                Role::Family | Role::Time => true,
                Role::Space => !declared.periodic && given.count() == needed[coordinate.index()],
            }
        })
    }

    /// Whether there may be more conditions than the equations need.
    fn may_have_surplus(&self, lowered: &mut Lowered, blocks: &Blocks) -> bool {
        let problem = self.problem;
        let mut symbols = Vec::new();
        for block in &blocks.blocks {
            let Some(symbol) = Symbol::new(lowered, block) else {
                return true;
            };
            symbols.push(symbol);
        }
        problem.coordinates.iter().any(|(coordinate, declared)| {
            let conditions = problem.conditions.iter();
            let given = conditions.filter(|c| c.part.coordinate == coordinate);
            let given = given.count();
            if given == 0 {
                return false;
            }
            let later = |c: &&crate::hir::Condition| {
                c.part.coordinate == coordinate && !problem.is_initial(c.part)
            };
            match declared.role {
                Role::Family => false,
                Role::Time => {
                    // Each field may have its initial values; more would have been reported.
                    problem.conditions.iter().any(|c| later(&c))
                }
                Role::Space => {
                    let mut needed = 0;
                    for symbol in &symbols {
                        match symbol.determinant(lowered, coordinate) {
                            Determinant::Degree {
                                order,
                                varies: false,
                            } => needed += order,
                            Determinant::Degree { varies: true, .. } | Determinant::Vanishes => {
                                return true;
                            }
                        }
                    }
                    given > needed
                }
            }
        })
    }
}

const NOTE: &str = "There are as many equations as fields and as many conditions as they need: for each value of what is \
                    sought they have a solution. Training would return whatever it began with.";
