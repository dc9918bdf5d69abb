//! Nodes of the tree of real scalars: each is appended with its value, where it has one, and its size when written out.

use super::Resolver;
use super::expression::LARGEST_WRITTEN_OUT;
use crate::hir::{Expression, ExpressionId, ExpressionKind};
use crate::source::Span;

impl Resolver<'_> {
    /// Stands where a mistake has left nothing; the mistake has been reported.
    pub(super) fn hole(&mut self, span: Span) -> ExpressionId {
        self.undetermined = true;
        self.push(ExpressionKind::Number(f64::NAN), span)
    }

    /// Appends a node, and works out its value where it is a number.
    pub(super) fn push(&mut self, kind: ExpressionKind, span: Span) -> ExpressionId {
        let value = self.evaluate(&kind);
        let sum = |sizes: &[u64]| {
            let operands = kind.operands();
            operands.fold(1_u64, |size, operand| {
                size.saturating_add(sizes[operand.index()])
            })
        };
        let whole = match kind {
            ExpressionKind::Definition(id) => self.definition_sizes.get(id.index()).copied(),
            ExpressionKind::Number(_)
            | ExpressionKind::Constant(_)
            | ExpressionKind::Coordinate(_)
            | ExpressionKind::Parameter(_)
            | ExpressionKind::Field(_)
            | ExpressionKind::Unknown(_)
            | ExpressionKind::Derivative { .. }
            | ExpressionKind::Negate(_)
            | ExpressionKind::Binary { .. }
            | ExpressionKind::Call { .. }
            | ExpressionKind::Minimum(..)
            | ExpressionKind::Maximum(..)
            | ExpressionKind::Select { .. }
            | ExpressionKind::Integral { .. } => None,
        };
        let whole = whole.unwrap_or_else(|| sum(&self.tree.whole));
        let whole = whole.min(LARGEST_WRITTEN_OUT);
        let size = match kind {
            ExpressionKind::Derivative { .. } => sum(&self.tree.sizes).max(whole),
            ExpressionKind::Number(_)
            | ExpressionKind::Constant(_)
            | ExpressionKind::Coordinate(_)
            | ExpressionKind::Parameter(_)
            | ExpressionKind::Field(_)
            | ExpressionKind::Definition(_)
            | ExpressionKind::Unknown(_)
            | ExpressionKind::Negate(_)
            | ExpressionKind::Binary { .. }
            | ExpressionKind::Call { .. }
            | ExpressionKind::Minimum(..)
            | ExpressionKind::Maximum(..)
            | ExpressionKind::Select { .. }
            | ExpressionKind::Integral { .. } => sum(&self.tree.sizes),
        };
        let mentions = match kind {
            ExpressionKind::Field(_) | ExpressionKind::Unknown(_) => true,
            ExpressionKind::Definition(id) => self
                .definition_mentions
                .get(id.index())
                .is_some_and(|it| *it),
            ExpressionKind::Number(_)
            | ExpressionKind::Constant(_)
            | ExpressionKind::Coordinate(_)
            | ExpressionKind::Parameter(_)
            | ExpressionKind::Derivative { .. }
            | ExpressionKind::Negate(_)
            | ExpressionKind::Binary { .. }
            | ExpressionKind::Call { .. }
            | ExpressionKind::Minimum(..)
            | ExpressionKind::Maximum(..)
            | ExpressionKind::Select { .. }
            | ExpressionKind::Integral { .. } => kind
                .operands()
                .any(|operand| self.tree.mentions[operand.index()]),
        };
        self.tree.mentions.push(mentions);
        self.tree.values.push(value);
        self.tree.sizes.push(size);
        self.tree.whole.push(whole);
        self.tree.expressions.push(Expression { kind, span })
    }
}
