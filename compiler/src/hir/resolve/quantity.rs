//! What an expression of the text stands for: scalars, vectors and matrices of scalar expressions, complex numbers
//! as pairs of them, comparisons, shapes.
//!
//! The problem itself knows real scalars only. Vectors, matrices and complex numbers live no longer than it takes to
//! read an expression; what they leave behind are their entries.

use super::Resolver;
use super::region::{Part, Solid};
use crate::diagnostic::Diagnostic;
use crate::hir::{ExpressionId, ExpressionKind};
use crate::source::Span;

/// How the entries of a quantity are arranged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// One entry.
    Scalar,
    /// So many entries.
    Vector(usize),
    /// Rows and columns; entries row after row.
    Matrix(usize, usize),
}

/// A real or complex scalar.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    /// The value, or its real part.
    pub re: ExpressionId,
    /// The imaginary part of a complex value.
    pub im: Option<ExpressionId>,
}

/// `left < right`
#[derive(Clone, Copy, Debug)]
pub(super) struct Less {
    pub left: ExpressionId,
    pub right: ExpressionId,
    /// Whether equality does as well.
    pub or_equal: bool,
}

/// The value of an expression.
#[derive(Clone, Debug)]
pub(super) enum Quantity {
    /// Anything: the formal argument of a function, or what a reported mistake has left.
    Any,
    /// Numbers in a shape.
    Numbers { shape: Shape, entries: Vec<Entry> },
    /// Whether all of these hold.
    Truth(Vec<Less>),
    /// A region of space.
    Solid(Solid),
    /// A part of the boundary of a region.
    Part(Part),
}

impl Entry {
    /// A real value.
    pub(super) fn real(re: ExpressionId) -> Self {
        Self { re, im: None }
    }
}

impl Shape {
    /// In words.
    pub(super) fn words(self) -> String {
        match self {
            Self::Scalar => "a scalar".to_owned(),
            Self::Vector(1) => "a vector with 1 component".to_owned(),
            Self::Vector(n) => format!("a vector with {n} components"),
            Self::Matrix(m, n) => format!("a {m} by {n} matrix"),
        }
    }

    /// Whether two shapes can be added; a vector with one component is as good as a scalar.
    pub(super) fn fits(self, other: Self) -> bool {
        self == other || (self.count() == 1 && other.count() == 1)
    }

    /// The number of entries.
    pub(super) fn count(self) -> usize {
        match self {
            Self::Scalar => 1,
            Self::Vector(n) => n,
            Self::Matrix(m, n) => m * n,
        }
    }
}

impl Quantity {
    /// A real scalar.
    pub(super) fn scalar(id: ExpressionId) -> Self {
        Self::entry(Entry::real(id))
    }

    /// A scalar.
    pub(super) fn entry(entry: Entry) -> Self {
        Self::Numbers {
            shape: Shape::Scalar,
            entries: vec![entry],
        }
    }

    /// A vector, of one component too.
    pub(super) fn vector(entries: Vec<Entry>) -> Self {
        Self::Numbers {
            shape: Shape::Vector(entries.len()),
            entries,
        }
    }

    /// What it is, in words.
    pub(super) fn words(&self) -> String {
        match self {
            Self::Any => "anything".to_owned(),
            Self::Numbers { shape, entries } => {
                let words = shape.words();
                if entries.iter().any(|entry| entry.im.is_some()) {
                    words.replacen("a ", "a complex ", 1)
                } else {
                    words
                }
            }
            Self::Truth(_) => "a comparison".to_owned(),
            Self::Solid(_) => "a region of space".to_owned(),
            Self::Part(_) => "a part of a boundary".to_owned(),
        }
    }
}

impl Resolver<'_> {
    /// A number.
    pub(super) fn number(&mut self, value: f64, span: Span) -> ExpressionId {
        self.push(ExpressionKind::Number(value), span)
    }

    /// Reports that a quantity has the wrong shape here.
    pub(super) fn rank_mismatch(
        &mut self,
        message: impl Into<String>,
        span: Span,
        here: impl Into<String>,
        help: impl Into<String>,
    ) -> Quantity {
        self.error(Diagnostic::error("rank-mismatch", message, span, here).with_help(help));
        self.undetermined = true;
        Quantity::Any
    }

    /// The entries of numbers, in their shape; anything else is reported. None where nothing is known.
    pub(super) fn numbers(
        &mut self,
        quantity: &Quantity,
        span: Span,
    ) -> Option<(Shape, Vec<Entry>)> {
        match quantity {
            Quantity::Any => None,
            Quantity::Numbers { shape, entries } => Some((*shape, entries.clone())),
            Quantity::Truth(_) => {
                self.rank_mismatch(
                    "a comparison is not a number",
                    span,
                    "true or false",
                    "a value that depends on a comparison is written `if(x < 0, 1, 2)`",
                );
                None
            }
            Quantity::Solid(_) | Quantity::Part(_) => {
                self.rank_mismatch(
                    format!("{} is not a number", quantity.words()),
                    span,
                    "cannot be computed with",
                    "regions are combined with `union`, `intersect` and `minus`; they stand in `domain`, their sides in `boundary`",
                );
                None
            }
        }
    }

    /// The one entry of a scalar; anything else is reported. None where nothing is known.
    pub(super) fn single(&mut self, quantity: &Quantity, span: Span, what: &str) -> Option<Entry> {
        let (shape, entries) = self.numbers(quantity, span)?;
        if let [entry] = entries.as_slice() {
            return Some(*entry);
        }
        let example = if self.source.slice(span).len() <= 24 {
            self.source.slice(span)
        } else {
            "v"
        };
        let help = match shape {
            Shape::Vector(_) => format!(
                "take a component or the length: `{}`, `|{example}|`",
                self.first_component(example, &entries)
            ),
            Shape::Scalar | Shape::Matrix(..) => "take an entry of it".to_owned(),
        };
        self.rank_mismatch(
            format!("{what} must be a scalar"),
            span,
            format!("this is {}", shape.words()),
            help,
        );
        None
    }

    fn first_component(&self, text: &str, entries: &[Entry]) -> String {
        match self.component_names(entries.len()).first() {
            Some(name) => format!("{text}.{name}"),
            None => format!("{text}[1]"),
        }
    }

    /// The one real value of a scalar; anything else is reported. A hole where nothing is known.
    pub(super) fn real(&mut self, quantity: &Quantity, span: Span, what: &str) -> ExpressionId {
        let Some(entry) = self.single(quantity, span, what) else {
            return self.hole(span);
        };
        if entry.im.is_none() {
            return entry.re;
        }
        self.complex_value(what, span);
        self.hole(span)
    }

    /// Reports a complex value where a real one is needed.
    pub(super) fn complex_value(&mut self, what: &str, span: Span) {
        self.error(
            Diagnostic::error(
                "complex-value",
                format!("{what} must be real"),
                span,
                "this has an imaginary part",
            )
            .with_help("take `re(…)`, `im(…)` or `|…|` of it"),
        );
        self.undetermined = true;
    }
}
