//! Scalar expressions: what they are, and what they are made of.

use super::{CoordinateId, DefinitionId, ExpressionId, FieldId, ParameterId, UnknownId};
use crate::function::Function;
use crate::source::Span;

/// A scalar expression.
#[derive(Clone, Debug)]
pub struct Expression {
    /// What it is.
    pub kind: ExpressionKind,
    /// Its place in the text.
    pub span: Span,
}

/// Scalar expressions with resolved names.
#[derive(Clone, Debug, PartialEq)]
pub enum ExpressionKind {
    /// A number.
    Number(f64),
    /// `pi` or `e`.
    Constant(Constant),
    /// A coordinate.
    Coordinate(CoordinateId),
    /// A parameter.
    Parameter(ParameterId),
    /// A field.
    Field(FieldId),
    /// A `let` without arguments.
    Definition(DefinitionId),
    /// A number to be found.
    Unknown(UnknownId),
    /// A partial derivative of any order and mix.
    Derivative {
        /// What is differentiated.
        operand: ExpressionId,
        /// By which coordinates, sorted; one entry for each order.
        by: Vec<CoordinateId>,
    },
    /// `-operand`
    Negate(ExpressionId),
    /// `left operator right`
    Binary {
        /// The operator.
        operator: BinaryOperator,
        /// Left operand.
        left: ExpressionId,
        /// Right operand.
        right: ExpressionId,
    },
    /// A function of one argument.
    Call {
        /// The function.
        function: Function,
        /// Its argument.
        argument: ExpressionId,
    },
    /// `min(left, right)`
    Minimum(ExpressionId, ExpressionId),
    /// `max(left, right)`
    Maximum(ExpressionId, ExpressionId),
    /// `if(left < right, then, otherwise)`
    Select {
        /// What must be less,
        left: ExpressionId,
        /// than this,
        right: ExpressionId,
        /// for this to be the value.
        then: ExpressionId,
        /// The value if not.
        otherwise: ExpressionId,
    },
    /// `integral(operand, x, y)`, over the whole intervals.
    Integral {
        /// What is integrated.
        operand: ExpressionId,
        /// Over which coordinates, sorted.
        over: Vec<CoordinateId>,
    },
}

impl ExpressionKind {
    /// What it is made of directly; a definition counts as a leaf.
    pub fn operands(&self) -> impl Iterator<Item = ExpressionId> + use<> {
        let operands = match self {
            Self::Number(_)
            | Self::Constant(_)
            | Self::Coordinate(_)
            | Self::Parameter(_)
            | Self::Field(_)
            | Self::Definition(_)
            | Self::Unknown(_) => [None; 4],
            Self::Derivative { operand, .. }
            | Self::Negate(operand)
            | Self::Call {
                argument: operand, ..
            }
            | Self::Integral { operand, .. } => [Some(*operand), None, None, None],
            Self::Binary { left, right, .. }
            | Self::Minimum(left, right)
            | Self::Maximum(left, right) => [Some(*left), Some(*right), None, None],
            Self::Select {
                left,
                right,
                then,
                otherwise,
            } => [Some(*left), Some(*right), Some(*then), Some(*otherwise)],
        };
        operands.into_iter().flatten()
    }
}

impl ExpressionKind {
    /// The same, made of other operands.
    #[must_use]
    pub fn with_operands(self, of: impl Fn(&ExpressionId) -> ExpressionId) -> Self {
        match self {
            Self::Number(_)
            | Self::Constant(_)
            | Self::Coordinate(_)
            | Self::Parameter(_)
            | Self::Field(_)
            | Self::Definition(_)
            | Self::Unknown(_) => self,
            Self::Derivative { operand, by } => Self::Derivative {
                operand: of(&operand),
                by,
            },
            Self::Negate(operand) => Self::Negate(of(&operand)),
            Self::Call { function, argument } => Self::Call {
                function,
                argument: of(&argument),
            },
            Self::Integral { operand, over } => Self::Integral {
                operand: of(&operand),
                over,
            },
            Self::Binary {
                operator,
                left,
                right,
            } => Self::Binary {
                operator,
                left: of(&left),
                right: of(&right),
            },
            Self::Minimum(left, right) => Self::Minimum(of(&left), of(&right)),
            Self::Maximum(left, right) => Self::Maximum(of(&left), of(&right)),
            Self::Select {
                left,
                right,
                then,
                otherwise,
            } => Self::Select {
                left: of(&left),
                right: of(&right),
                then: of(&then),
                otherwise: of(&otherwise),
            },
        }
    }
}

/// Operators between two scalars.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BinaryOperator {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `^`
    Power,
}

/// Named numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Constant {
    /// The ratio of a circle's circumference to its diameter.
    Pi,
    /// The base of the natural logarithm.
    E,
}

impl BinaryOperator {
    /// How it is written: loose ones with spaces.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Add => " + ",
            Self::Subtract => " - ",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Power => "^",
        }
    }
}

impl Constant {
    /// How it is written.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pi => "pi",
            Self::E => "e",
        }
    }

    /// Its value.
    #[must_use]
    pub fn value(self) -> f64 {
        match self {
            Self::Pi => std::f64::consts::PI,
            Self::E => std::f64::consts::E,
        }
    }
}
