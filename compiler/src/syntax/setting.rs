//! Settings as written: the lines of a `train` block, and assignments of the command line.

use super::Name;
use crate::source::Span;

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
