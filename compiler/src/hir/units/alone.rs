//! Whether another unit of one quantity would change one term and no other.

use super::Rational;
use super::infer::{Inference, Term};
use super::mend::MOST_NODES;
use crate::hir::{ExpressionId, ExpressionKind};
use crate::source::Span;
use std::collections::BTreeSet;

impl Inference<'_> {
    /// Whether a leaf of the term `root` is in no other term and at no other place of this one: in `L*u_x + L*u`, another
    /// unit of `L` changes both terms alike.
    pub(super) fn stands_alone(
        &self,
        leaf: ExpressionId,
        root: ExpressionId,
        leaves: &[(ExpressionId, Rational)],
        terms: &[Term],
    ) -> bool {
        let same = |id: ExpressionId| match (self.parameter(leaf), self.parameter(id)) {
            (None, None) => id == leaf,
            (mine, other) => mine == other,
        };
        if leaves.iter().filter(|(other, _)| same(*other)).count() != 1 {
            return false;
        }
        // Other leaves of this term may be sums that contain it.
        let own = leaves.iter().map(|(other, _)| *other);
        let own = own.filter(|other| *other != leaf);
        let others = terms.iter().filter_map(|term| term.id);
        let mut pending: Vec<ExpressionId> = own.chain(others.filter(|id| *id != root)).collect();
        let mut seen = BTreeSet::new();
        while let Some(id) = pending.pop() {
            if same(id) {
                return false;
            }
            if seen.len() >= MOST_NODES || !seen.insert(id) {
                continue;
            }
            let kind = &self.problem.expressions[id].kind;
            if let ExpressionKind::Definition(definition) = kind {
                pending.push(self.problem.definitions[*definition].value);
            }
            pending.extend(kind.operands());
        }
        true
    }

    /// The place of the declaration of a parameter or an unknown that an expression is.
    fn parameter(&self, id: ExpressionId) -> Option<Span> {
        match self.problem.expressions[id].kind {
            ExpressionKind::Parameter(id) => Some(self.problem.parameters[id].span),
            ExpressionKind::Unknown(id) => Some(self.problem.unknowns[id].span),
            ExpressionKind::Number(_)
            | ExpressionKind::Constant(_)
            | ExpressionKind::Coordinate(_)
            | ExpressionKind::Field(_)
            | ExpressionKind::Definition(_)
            | ExpressionKind::Derivative { .. }
            | ExpressionKind::Negate(_)
            | ExpressionKind::Binary { .. }
            | ExpressionKind::Call { .. }
            | ExpressionKind::Minimum(..)
            | ExpressionKind::Maximum(..)
            | ExpressionKind::Select { .. }
            | ExpressionKind::Integral { .. } => None,
        }
    }
}
