//! Expressions as written.

use super::{ExpressionId, Name, Unit};
use crate::source::Span;

/// One expression.
#[derive(Clone, Debug)]
pub struct Expression {
    /// What it is.
    pub kind: ExpressionKind,
    /// Its place.
    pub span: Span,
}

/// The expressions of the language.
#[derive(Clone, Debug, PartialEq)]
pub enum ExpressionKind {
    /// A number.
    Number {
        /// Its value.
        value: f64,
        /// How it is written.
        text: String,
    },
    /// A name, subscripts included.
    Name(String),
    /// `(inner)`; kept so that printing gives the text back.
    Group(ExpressionId),
    /// `-operand` or `+operand`.
    Unary {
        /// The sign.
        operator: UnaryOperator,
        /// What it stands before.
        operand: ExpressionId,
    },
    /// `left operator right`.
    Binary {
        /// The operator.
        operator: BinaryOperator,
        /// What stands before it.
        left: ExpressionId,
        /// What stands after it.
        right: ExpressionId,
    },
    /// `function(arguments)`; also `d(expression, x, 2)` and the shape `disk((0, 0), radius = 1)`.
    Call {
        /// What is called.
        function: Name,
        /// With what.
        arguments: Vec<CallArgument>,
    },
    /// `|inner|`
    Absolute(ExpressionId),
    /// `(a, b)`, two or more.
    Tuple(Vec<ExpressionId>),
    /// `v.x`, `plate.left`
    Member {
        /// Of what.
        operand: ExpressionId,
        /// Which part of it.
        member: Name,
    },
    /// `x[1]`, `v[i]`
    Index {
        /// Of what.
        operand: ExpressionId,
        /// Which part of it.
        index: ExpressionId,
    },
    /// `1.5[m/s]`; the operand is a number.
    Measured {
        /// The number.
        operand: ExpressionId,
        /// In what it is measured.
        unit: Unit,
    },
    /// `u²`, `x⁻¹`: a power by raised digits.
    Raised {
        /// What is raised.
        operand: ExpressionId,
        /// To which power.
        power: i32,
        /// The raised digits as written.
        text: String,
    },
    /// `∇u`, `∇·v`, `∇×v`, `∇²u`
    Nabla {
        /// Which derivative.
        operator: Nabla,
        /// The operator as written.
        text: String,
        /// What is differentiated.
        operand: ExpressionId,
    },
    /// `∂_t u`, `∂_xx(u*v)`
    Partial {
        /// The coordinates after `∂_`, as in a subscript: `t`, `xx`, `{theta theta}`.
        by: Name,
        /// What is differentiated.
        operand: ExpressionId,
    },
    /// `(v·∇)w`
    Advection {
        /// What carries.
        velocity: ExpressionId,
        /// What is carried.
        operand: ExpressionId,
    },
    /// `a < b`, `a < b <= c`
    Comparison {
        /// What is compared, two or more.
        operands: Vec<ExpressionId>,
        /// The comparisons between neighbours, one fewer.
        comparators: Vec<Comparator>,
    },
}

impl ExpressionKind {
    /// What it is made of directly, in the order of the text.
    #[must_use]
    pub fn operands(&self) -> Vec<ExpressionId> {
        match self {
            Self::Number { .. } | Self::Name(_) => Vec::new(),
            Self::Group(operand)
            | Self::Unary { operand, .. }
            | Self::Absolute(operand)
            | Self::Member { operand, .. }
            | Self::Measured { operand, .. }
            | Self::Raised { operand, .. }
            | Self::Nabla { operand, .. }
            | Self::Partial { operand, .. } => vec![*operand],
            Self::Binary { left, right, .. } => vec![*left, *right],
            Self::Index { operand, index } => vec![*operand, *index],
            Self::Advection { velocity, operand } => vec![*velocity, *operand],
            Self::Call { arguments, .. } => arguments.iter().map(|it| it.value).collect(),
            Self::Tuple(operands) | Self::Comparison { operands, .. } => operands.clone(),
        }
    }
}

/// `value` or `radius = value` in a call.
#[derive(Clone, Debug, PartialEq)]
pub struct CallArgument {
    /// Its name, where it has one.
    pub name: Option<Name>,
    /// Its value.
    pub value: ExpressionId,
}

/// Derivatives written with `∇`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Nabla {
    /// `∇u`
    Gradient,
    /// `∇·v`
    Divergence,
    /// `∇×v`
    Curl,
    /// `∇²u`, `∆u`
    Laplacian,
}

/// Comparisons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comparator {
    /// `<`
    Less,
    /// `<=`, `≤`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`, `≥`
    GreaterOrEqual,
}

/// Signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UnaryOperator {
    /// `-`
    Minus,
    /// `+`
    Plus,
}

/// Operators between two expressions, loosest first: those of regions, then `+ -`, then `* / · ×`, then a sign,
/// then `^`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BinaryOperator {
    /// `union`, `∪`
    Union,
    /// `intersect`, `∩`
    Intersect,
    /// `minus`, `∖`, `\`
    Minus,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `·`, the inner product
    Dot,
    /// `×`, the cross product
    Cross,
    /// `^`, right-associative and tighter than a sign: `-x^2` is `-(x^2)`
    Power,
}
