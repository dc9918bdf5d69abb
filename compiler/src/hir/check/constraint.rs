//! Constraints: each says something, and there are as many as there is something to be determined.

use super::Check;
use super::blocks::Blocks;
use super::lowered::Lowered;
use crate::diagnostic::Diagnostic;
use crate::hir::{Constraint, ExpressionId, ExpressionKind, Role};
use std::collections::BTreeSet;

impl Check<'_> {
    /// Constraints in which nothing is sought.
    pub(super) fn empty_constraints(&self) -> Vec<Diagnostic> {
        let empty = self.problem.constraints.iter().filter(|constraint| {
            let under = self.under(constraint);
            !under.iter().any(|id| {
                matches!(
                    self.problem.expressions[*id].kind,
                    ExpressionKind::Field(_) | ExpressionKind::Unknown(_)
                )
            })
        });
        empty
            .map(|constraint| {
                Diagnostic::error(
                    "constraint-without-field",
                    format!(
                        "constraint `{}` mentions no field and nothing that is sought",
                        constraint.label
                    ),
                    constraint.span,
                    "holds or does not hold, whatever the solution is",
                )
                .with_help(
                    "a constraint is written `constraint integral(u, x) = 1`, an abbreviation `let k = 2*pi`",
                )
            })
            .collect()
    }

    /// A constraint on fields that equations and conditions determine already.
    pub(super) fn surplus_constraints(
        &self,
        lowered: &mut Lowered,
        blocks: Option<&Blocks>,
        floating: bool,
    ) -> Vec<Diagnostic> {
        let problem = self.problem;
        let sought = problem
            .fields
            .iter()
            .any(|(_, field)| field.sought.is_some());
        let Some(blocks) = blocks else {
            return Vec::new();
        };
        // In time a constraint may be a law of conservation that the equations keep anyway.
        let beyond = problem.time().is_some()
            || problem.domain.is_some()
            || !problem.observations.is_empty()
            || !problem.between.is_empty()
            || !problem.unknowns.is_empty();
        if problem.constraints.is_empty() || sought || beyond || floating {
            return Vec::new();
        }
        if !self.bears_its_conditions(lowered, blocks) {
            return Vec::new();
        }
        let surplus = problem.constraints.iter();
        surplus
            .map(|constraint| {
                Diagnostic::warning(
                    "surplus-constraint",
                    format!(
                        "constraint `{}` is one statement more than the problem can bear",
                        constraint.label
                    ),
                    constraint.span,
                    "equations and conditions determine the fields without it",
                )
                .with_note(
                    "With as many equations as fields and as many conditions as they need there is one solution, and it \
                     meets this constraint or does not. Training would settle between the two.",
                )
                .with_help(
                    "remove it, or say what it determines: `unknown k = 1` for a factor in the equation, one condition less",
                )
            })
            .collect()
    }

    /// Numbers that are sought by more than there are constraints to determine them; none where this cannot be counted.
    pub(super) fn too_few_constraints(&self) -> Option<(usize, usize)> {
        let problem = self.problem;
        let numbers = problem.unknowns.len();
        // One that holds for every value of a coordinate is as many as there are values.
        let closed = problem.constraints.iter().all(|it| self.is_number(it));
        (closed && numbers > problem.constraints.len())
            .then_some((numbers, problem.constraints.len()))
    }

    /// Whether both sides of a constraint are numbers: what is not under an integral depends on no coordinate.
    fn is_number(&self, constraint: &Constraint) -> bool {
        let problem = self.problem;
        let mut stack = vec![constraint.left, constraint.right];
        let mut seen = BTreeSet::new();
        while let Some(id) = stack.pop() {
            if !seen.insert(id) {
                continue;
            }
            let kind = &problem.expressions[id].kind;
            match kind {
                ExpressionKind::Integral { over, .. } => {
                    let rest = problem.coordinates.iter().filter(|(id, coordinate)| {
                        coordinate.role != Role::Family && !over.contains(id)
                    });
                    if rest.count() > 0 {
                        return false;
                    }
                }
                ExpressionKind::Coordinate(_) | ExpressionKind::Field(_) => return false,
                ExpressionKind::Definition(definition) => {
                    stack.push(problem.definitions[*definition].value);
                }
                _ => stack.extend(kind.operands()),
            }
        }
        true
    }

    /// All expressions of a constraint, definitions included.
    fn under(&self, constraint: &Constraint) -> BTreeSet<ExpressionId> {
        let problem = self.problem;
        let mut stack = vec![constraint.left, constraint.right];
        let mut seen = BTreeSet::new();
        while let Some(id) = stack.pop() {
            if !seen.insert(id) {
                continue;
            }
            let kind = &problem.expressions[id].kind;
            stack.extend(kind.operands());
            if let ExpressionKind::Definition(definition) = kind {
                stack.push(problem.definitions[*definition].value);
            }
        }
        seen
    }
}
