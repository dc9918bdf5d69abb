//! The text as a tree.
//!
//! * Input: a [`Source`](crate::source::Source).
//! * Output: a [`Document`], one to one with the text, spans everywhere; or diagnostics.
//! * Invariants: children come before parents in [`Document::expressions`]; printing a document and
//!   parsing it again gives the same document up to layout; names are not resolved, so `u_xx` is one name
//!   here.

mod declaration;
mod expression;
mod format;
pub(crate) mod keyword;
mod parse;
pub(crate) mod print;
mod setting;
pub(crate) mod suggest;

pub use declaration::{
    Bounds, Codomain, CoordinateName, Declaration, DeclarationKind, Equation, Interval,
    ParameterKind, Place, Region, Side, Target, Unit, UnitFactor,
};
pub use expression::{
    BinaryOperator, CallArgument, Comparator, Expression, ExpressionKind, Nabla, UnaryOperator,
};
pub use format::format;
pub use keyword::keywords;
pub use parse::{parse, parse_setting};
pub use print::print;
pub use setting::{Argument, Setting, Value, ValueKind};
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

impl Document {
    /// An expression and all that it is made of.
    #[must_use]
    pub fn within(&self, root: ExpressionId) -> Vec<ExpressionId> {
        let mut found = vec![root];
        let mut next = 0;
        while let Some(id) = found.get(next) {
            next += 1;
            let operands = self.expressions[*id].kind.operands();
            found.extend(operands);
        }
        found
    }
}

/// An error for a part of the language that this compiler does not understand yet.
pub(crate) fn not_supported_yet(what: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        "not-supported-yet",
        format!("{what} are not supported yet"),
        span,
        "training cannot do this yet",
    )
    .with_note(
        "It has been read and checked. What can be trained are equations for fields on boxes, with conditions at their ends.",
    )
}
