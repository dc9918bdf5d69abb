//! How expressions hold together, and what they look like from outside.

use super::number::is_compound;
use crate::function::Function;
use crate::hir::BinaryOperator;
use crate::hir::{ExpressionId, ExpressionKind};

/// What must be known of an expression to put it inside another.
#[derive(Clone, Copy)]
pub(super) struct Shape {
    /// How tightly it holds together.
    pub strength: Strength,
    /// Whether it is higher than a line, so that brackets must grow.
    pub tall: bool,
    /// Whether it begins with a digit, which cannot follow another number.
    pub digit: bool,
}

/// How tightly an expression holds together.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Strength {
    /// A sum or difference.
    Sum,
    /// It begins with a sign.
    Signed,
    /// A product.
    Product,
    /// A power or quotient.
    Power,
    /// Anything that a power may follow.
    Atom,
}

/// The shape of an expression, given those of its children.
pub(super) fn shape(kind: &ExpressionKind, shapes: &[Shape]) -> Shape {
    let of = |id: &ExpressionId| shapes[id.index()];
    let atom = Shape {
        strength: Strength::Atom,
        tall: false,
        digit: false,
    };
    match kind {
        ExpressionKind::Number(value) => Shape {
            strength: if value.is_sign_negative() {
                Strength::Signed
            } else if is_compound(*value) {
                Strength::Product
            } else {
                Strength::Atom
            },
            digit: true,
            ..atom
        },
        ExpressionKind::Constant(_)
        | ExpressionKind::Coordinate(_)
        | ExpressionKind::Parameter(_)
        | ExpressionKind::Field(_)
        | ExpressionKind::Unknown(_)
        | ExpressionKind::Definition(_) => atom,
        ExpressionKind::Derivative { operand, .. } => {
            let tall = of(operand).tall;
            Shape { tall, ..atom }
        }
        ExpressionKind::Negate(operand) => Shape {
            strength: Strength::Signed,
            tall: of(operand).tall,
            digit: false,
        },
        ExpressionKind::Call { function, argument } => match function {
            Function::Exp => Shape {
                strength: Strength::Power,
                ..atom
            },
            Function::Sqrt => Shape {
                strength: Strength::Power,
                tall: of(argument).tall,
                digit: false,
            },
            Function::Sin
            | Function::Cos
            | Function::Tan
            | Function::Log
            | Function::Tanh
            | Function::Sinh
            | Function::Cosh
            | Function::Sech
            | Function::Atan
            | Function::Erf
            | Function::Abs
            | Function::Sign
            | Function::Heaviside => Shape {
                tall: of(argument).tall,
                ..atom
            },
        },
        ExpressionKind::Minimum(left, right) | ExpressionKind::Maximum(left, right) => Shape {
            tall: of(left).tall || of(right).tall,
            ..atom
        },
        ExpressionKind::Select { .. } => Shape { tall: true, ..atom },
        ExpressionKind::Integral { .. } => Shape {
            strength: Strength::Product,
            tall: true,
            digit: false,
        },
        ExpressionKind::Binary {
            operator,
            left,
            right,
        } => {
            let (left, right) = (of(left), of(right));
            let tall = left.tall || right.tall;
            match operator {
                BinaryOperator::Add | BinaryOperator::Subtract => Shape {
                    strength: Strength::Sum,
                    tall,
                    digit: left.digit,
                },
                BinaryOperator::Multiply => Shape {
                    strength: left.strength.clamp(Strength::Signed, Strength::Product),
                    tall,
                    digit: left.digit && left.strength > Strength::Sum,
                },
                BinaryOperator::Divide => Shape {
                    strength: Strength::Power,
                    tall: true,
                    digit: false,
                },
                BinaryOperator::Power => Shape {
                    strength: Strength::Power,
                    tall: left.tall,
                    digit: left.digit && left.strength == Strength::Atom,
                },
            }
        }
    }
}
