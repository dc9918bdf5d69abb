//! What a file states of its fields: equations, conditions, known solutions, data, energies and constraints.

use super::{CoordinateId, ExpressionId, FieldId};
use crate::source::Span;

/// `left = right` throughout the domain.
#[derive(Clone, Debug)]
pub struct Equation {
    /// The name used in losses, plots and messages; made up (`eq1`) where the file gives none.
    pub label: String,
    /// Left side.
    pub left: ExpressionId,
    /// Right side.
    pub right: ExpressionId,
    /// The whole declaration.
    pub span: Span,
}

/// Which end of an interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// The lower end.
    Low,
    /// The upper end.
    High,
}

/// A part of the boundary of the box: one coordinate at one end of its interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Part {
    /// The coordinate that is fixed there.
    pub coordinate: CoordinateId,
    /// At which end.
    pub side: Side,
}

/// `left = right` on a part of the boundary; an initial condition is one at the lower end of time.
#[derive(Clone, Debug)]
pub struct Condition {
    /// The name used in losses, plots and messages, for instance `u_t at t = 0`.
    pub label: String,
    /// Where it holds.
    pub part: Part,
    /// Left side.
    pub left: ExpressionId,
    /// Right side.
    pub right: ExpressionId,
    /// The whole declaration.
    pub span: Span,
}

/// A condition on a part of the boundary of a domain other than the box.
#[derive(Clone, Debug)]
pub struct OnPart {
    /// Its name: `u on inlet`.
    pub label: String,
    /// The whole declaration.
    pub span: Span,
}

/// The known solution of a field.
#[derive(Clone, Debug)]
pub struct Exact {
    /// The field.
    pub field: FieldId,
    /// Its solution, in coordinates and parameters only.
    pub value: ExpressionId,
    /// Whether it was chosen, and the source terms made for it.
    pub manufactured: bool,
    /// The whole declaration.
    pub span: Span,
}

/// A tabulated solution of a field.
#[derive(Clone, Debug)]
pub struct Reference {
    /// The field.
    pub field: FieldId,
    /// The file, relative to the `.pde` file.
    pub path: String,
    /// The arrays of the file: one for each coordinate of the field, in the field's order.
    pub axes: Vec<String>,
    /// The array of values, with one axis for each coordinate in that order.
    pub values: String,
    /// The whole declaration.
    pub span: Span,
    /// The path in the text.
    pub path_span: Span,
}

/// Measured values of a field.
#[derive(Clone, Debug)]
pub struct Observation {
    /// The field.
    pub field: FieldId,
    /// The file, relative to the `.pde` file.
    pub path: String,
    /// The columns of the file: one for each coordinate of the field, in the field's order.
    pub axes: Vec<String>,
    /// The column of values.
    pub values: String,
    /// The standard deviation of the noise, where it is given.
    pub noise: Option<f64>,
    /// The whole declaration.
    pub span: Span,
}

/// `minimize value`.
#[derive(Clone, Debug)]
pub struct Energy {
    /// The name used in losses, plots and messages.
    pub label: String,
    /// A number made of integrals.
    pub value: ExpressionId,
    /// The whole declaration.
    pub span: Span,
}

/// `left = right` for the solution as a whole.
#[derive(Clone, Debug)]
pub struct Constraint {
    /// The name used in losses, plots and messages.
    pub label: String,
    /// Left side.
    pub left: ExpressionId,
    /// Right side.
    pub right: ExpressionId,
    /// The whole declaration.
    pub span: Span,
}
