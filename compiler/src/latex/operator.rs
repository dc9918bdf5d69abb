//! Operators in LaTeX: products, fractions, powers, and where the sign of a fraction stands.

use super::call::command;
use super::expression::Rest::{self, Bare, Expression, Made, Operand, Text, Unsigned};
use super::expression::Writer;
use crate::syntax::{BinaryOperator, ExpressionId, ExpressionKind, UnaryOperator};

impl Writer<'_> {
    pub(super) fn binary(
        &self,
        operator: BinaryOperator,
        left: ExpressionId,
        right: ExpressionId,
    ) -> Vec<Rest> {
        // Two signs do not stand beside each other.
        let signed = self.begins_with_sign(right);
        // The right brace of cases is open: what follows would belong to the last of them.
        let cases = |id| matches!(self.kind(id), ExpressionKind::Call { function, .. } if function.text == "if");
        let between = |sign| {
            let before = if cases(left) {
                Operand(left)
            } else {
                Expression(left)
            };
            let after = if signed || cases(right) {
                Operand(right)
            } else {
                Expression(right)
            };
            vec![before, Text(sign), after]
        };
        match operator {
            BinaryOperator::Union => between(r" \cup "),
            BinaryOperator::Intersect => between(r" \cap "),
            BinaryOperator::Minus => between(r" \setminus "),
            BinaryOperator::Add => between(" + "),
            BinaryOperator::Subtract => between(" - "),
            BinaryOperator::Dot => between(r" \cdot "),
            BinaryOperator::Cross => between(r" \times "),
            BinaryOperator::Multiply if self.begins_with_digit(right) => between(r" \cdot "),
            BinaryOperator::Multiply if self.ends_with_unit(left) => between(r"\, "),
            BinaryOperator::Multiply => between(" "),
            BinaryOperator::Divide => {
                let (sign, above) = if self.leads_with_minus(left) {
                    (r"-\frac{", Unsigned(left))
                } else {
                    (r"\frac{", Bare(left))
                };
                vec![Text(sign), above, Text("}{"), Bare(right), Text("}")]
            }
            BinaryOperator::Power => self.raised(left, vec![Bare(right)]),
        }
    }

    /// Whether a product begins with a minus, which may as well stand in front of the fraction that it is in.
    pub(super) fn leads_with_minus(&self, id: ExpressionId) -> bool {
        let mut id = self.stripped(id);
        loop {
            match self.kind(id) {
                ExpressionKind::Unary { operator, .. } => return *operator == UnaryOperator::Minus,
                ExpressionKind::Binary {
                    operator:
                        BinaryOperator::Multiply
                        | BinaryOperator::Divide
                        | BinaryOperator::Dot
                        | BinaryOperator::Cross,
                    left,
                    ..
                } => id = *left,
                _ => return false,
            }
        }
    }

    /// The same without that minus.
    pub(super) fn unsigned(&self, id: ExpressionId) -> Vec<Rest> {
        let id = self.stripped(id);
        match self.kind(id) {
            ExpressionKind::Unary { operand, .. } => vec![Expression(self.stripped(*operand))],
            // Its numerator has lost its sign to it already.
            ExpressionKind::Binary {
                operator: BinaryOperator::Divide,
                left,
                right,
            } => vec![
                Text(r"\frac{"),
                Unsigned(*left),
                Text("}{"),
                Bare(*right),
                Text("}"),
            ],
            ExpressionKind::Binary {
                operator,
                left,
                right,
            } => {
                let mut pieces = self.binary(*operator, *left, *right);
                if let Some(first) = pieces.first_mut() {
                    *first = Unsigned(*left);
                }
                pieces
            }
            _ => vec![Expression(id)],
        }
    }

    /// Whether the last thing written is a unit.
    fn ends_with_unit(&self, mut id: ExpressionId) -> bool {
        loop {
            match self.kind(id) {
                ExpressionKind::Measured { .. } => return true,
                ExpressionKind::Binary {
                    operator: BinaryOperator::Multiply,
                    right,
                    ..
                } => id = *right,
                ExpressionKind::Unary { operand, .. } => id = *operand,
                _ => return false,
            }
        }
    }

    fn begins_with_digit(&self, mut id: ExpressionId) -> bool {
        loop {
            match self.kind(id) {
                ExpressionKind::Number { .. } => return true,
                ExpressionKind::Binary { operator, left, .. }
                    if *operator != BinaryOperator::Divide =>
                {
                    id = *left;
                }
                ExpressionKind::Measured { operand, .. }
                | ExpressionKind::Raised { operand, .. } => {
                    id = *operand;
                }
                _ => return false,
            }
        }
    }

    pub(super) fn raised(&self, base: ExpressionId, exponent: Vec<Rest>) -> Vec<Rest> {
        // sin²(x), but not sin⁻¹(x), which is something else.
        if let ExpressionKind::Call {
            function,
            arguments,
        } = self.kind(base)
            && let (Some(command), [argument]) = (command(&function.text), arguments.as_slice())
            && !matches!(exponent.as_slice(), [Bare(id)] if !matches!(self.kind(*id), ExpressionKind::Number { .. }))
            && !matches!(exponent.as_slice(), [Made(text)] if text.starts_with('-'))
        {
            let mut pieces = vec![Text(command), Text("^{")];
            pieces.extend(exponent);
            pieces.push(Text("}"));
            pieces.extend(self.bracketed(argument.value));
            return pieces;
        }
        // What carries an exponent of its own, or begins or ends with a sign, needs brackets: ∇uᵀ is not (∇u)ᵀ.
        let open = match self.kind(base) {
            ExpressionKind::Call { function, .. } => matches!(
                function.text.as_str(),
                "exp" | "sqrt" | "transpose" | "grad" | "div" | "curl" | "laplacian" | "d"
            ),
            ExpressionKind::Number { text, .. } => text.contains(['e', 'E']),
            ExpressionKind::Member { .. }
            | ExpressionKind::Raised { .. }
            | ExpressionKind::Nabla { .. }
            | ExpressionKind::Partial { .. }
            | ExpressionKind::Advection { .. } => true,
            ExpressionKind::Name(_)
            | ExpressionKind::Group(_)
            | ExpressionKind::Unary { .. }
            | ExpressionKind::Binary { .. }
            | ExpressionKind::Absolute(_)
            | ExpressionKind::Tuple(_)
            | ExpressionKind::Index { .. }
            | ExpressionKind::Measured { .. }
            | ExpressionKind::Comparison { .. } => false,
        };
        let mut pieces = if open {
            self.bracketed(base)
        } else {
            vec![Operand(base)]
        };
        pieces.push(Text("^{"));
        pieces.extend(exponent);
        pieces.push(Text("}"));
        pieces
    }
}
