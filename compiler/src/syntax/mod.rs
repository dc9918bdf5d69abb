//! The text as a tree.
//!
//! * Input: a [`Source`](crate::source::Source).
//! * Output: a [`Document`], one to one with the text, spans everywhere; or diagnostics.
//! * Invariants: children come before parents in [`Document::expressions`]; printing a document and
//!   parsing it again gives the same document up to layout; names are not resolved, so `u_xx` is one name
//!   here.

mod format;
pub(crate) mod keyword;
mod parse;
pub(crate) mod print;
pub(crate) mod suggest;

pub use format::format;
pub use keyword::keywords;
pub use parse::{parse, parse_setting};
pub use print::print;
pub use suggest::nearest;

use crate::arena::{Arena, Id};
use crate::diagnostic::Diagnostic;
use crate::source::Span;

/// The handle of an expression of a [`Document`].
pub type ExpressionId = Id<Expression>;

/// A whole `.pde` file.
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// The declarations in the order of the text.
    pub declarations: Vec<Declaration>,
    /// All expressions, children before parents.
    pub expressions: Arena<Expression>,
    /// All comments in the order of the text.
    pub comments: Vec<Comment>,
}

/// A comment, `#` included, without the end of the line.
#[derive(Clone, Debug, PartialEq)]
pub struct Comment {
    /// The text as written.
    pub text: String,
    /// Its place.
    pub span: Span,
}

/// An identifier as written, subscripts included (`u_xx`, `u_{theta theta}`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name {
    /// The text as written.
    pub text: String,
    /// Its place.
    pub span: Span,
}

/// A quoted text, without its quotes.
#[derive(Clone, Debug, PartialEq)]
pub struct Text {
    /// What stands between the quotes.
    pub text: String,
    /// Its place, quotes included.
    pub span: Span,
}

/// One declaration.
#[derive(Clone, Debug)]
pub struct Declaration {
    /// What is declared.
    pub kind: DeclarationKind,
    /// The keyword that opens it.
    pub keyword: Span,
    /// The whole declaration.
    pub span: Span,
}

/// `[low, high]`.
#[derive(Clone, Debug)]
pub struct Interval {
    /// The lower end.
    pub low: ExpressionId,
    /// The upper end.
    pub high: ExpressionId,
    /// The place, brackets included.
    pub span: Span,
}

/// `x = 0` after `on` or `at`: where a condition holds.
#[derive(Clone, Debug)]
pub struct Place {
    /// The coordinate.
    pub coordinate: Name,
    /// Its value there.
    pub value: ExpressionId,
    /// The whole place.
    pub span: Span,
}

/// `left = right`.
#[derive(Clone, Debug)]
pub struct Equation {
    /// What stands before `=`.
    pub left: ExpressionId,
    /// What stands after `=`.
    pub right: ExpressionId,
    /// Both sides.
    pub span: Span,
}

/// The declarations of the language.
#[derive(Clone, Debug)]
pub enum DeclarationKind {
    /// `problem "…"`
    Title(Text),
    /// `coord x, y in [0, 1]`
    Coordinates {
        /// The coordinates, one or more.
        names: Vec<Name>,
        /// The interval of each.
        interval: Option<Interval>,
    },
    /// `time t in [0, 1]`
    Time {
        /// The time coordinate.
        name: Name,
        /// Its interval.
        interval: Option<Interval>,
    },
    /// `field u(x, t)`
    Field {
        /// The unknown function.
        name: Name,
        /// The coordinates that it depends on.
        arguments: Vec<Name>,
    },
    /// `param nu = 0.01`
    Parameter {
        /// The parameter.
        name: Name,
        /// Its value unless the command line gives another.
        value: ExpressionId,
    },
    /// `let k = 2*pi` or `let flux(w) = w^2/2`
    Definition {
        /// The new name.
        name: Name,
        /// The formal arguments; none for a plain abbreviation.
        arguments: Option<Vec<Name>>,
        /// What it stands for.
        value: ExpressionId,
    },
    /// `eq heat: u_t = u_xx`
    Equation {
        /// The name used in losses, plots and messages.
        label: Option<Name>,
        /// The equation.
        equation: Equation,
    },
    /// `initial u = sin(x)`
    Initial(Equation),
    /// `on x = 0, x = 1: u = 0`
    Condition {
        /// Where it holds.
        places: Vec<Place>,
        /// What holds there.
        equation: Equation,
    },
    /// `periodic x, y`
    Periodic(Vec<Name>),
    /// `exact u = …`
    Exact {
        /// The field.
        field: Name,
        /// Its solution.
        value: ExpressionId,
    },
    /// `reference u from "ref.npz" (x, t, u)`
    Reference {
        /// The field.
        field: Name,
        /// The file, relative to the `.pde` file.
        path: Text,
        /// The arrays in the file: one for each coordinate of the field in the field's order, then the values.
        columns: Vec<Name>,
    },
    /// `train { … }`
    Train(Vec<Setting>),
}

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
    /// `function(arguments)`; also `d(expression, x, 2)`.
    Call {
        /// What is called.
        function: Name,
        /// With what.
        arguments: Vec<ExpressionId>,
    },
    /// `|inner|`
    Absolute(ExpressionId),
}

/// Signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UnaryOperator {
    /// `-`
    Minus,
    /// `+`
    Plus,
}

/// Operators between two expressions, loosest first: `+ -`, then `* /`, then a sign, then `^`.
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
    /// `^`, right-associative and tighter than a sign: `-x^2` is `-(x^2)`
    Power,
}

/// `name = value` in a `train` block, or a `--set` of the command line.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// What is set.
    pub name: Name,
    /// To what.
    pub value: Value,
}

/// The value of a setting.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// What it is.
    pub kind: ValueKind,
    /// Its place.
    pub span: Span,
}

/// The values of settings.
#[derive(Clone, Debug, PartialEq)]
pub enum ValueKind {
    /// `1e-3`, `-2`
    Number(f64),
    /// `"text"`
    Text(String),
    /// `tanh`, `auto`, `true`
    Word(String),
    /// `mlp(width = 64, depth = 4)`
    Call {
        /// What is called.
        name: Name,
        /// With what.
        arguments: Vec<Argument>,
    },
    /// `[adam(steps = 10), gauss_newton]` or `[interior = 4096]`
    List(Vec<Argument>),
    /// `(0.01, 3)`
    Tuple(Vec<Value>),
}

/// `value` or `name = value` in a call or list.
#[derive(Clone, Debug, PartialEq)]
pub struct Argument {
    /// Its name, where it has one.
    pub name: Option<Name>,
    /// Its value.
    pub value: Value,
}

/// An error for a part of the language that this compiler does not understand yet.
pub(crate) fn not_supported_yet(what: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        "not-supported-yet",
        format!("{what} are not supported yet"),
        span,
        "this version cannot read it",
    )
    .with_note(
        "This version solves for scalar fields on boxes: coordinates with intervals, at most one of them time.",
    )
}
