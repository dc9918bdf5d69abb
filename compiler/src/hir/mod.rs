//! The problem as understood: names resolved, conditions attached to parts of the boundary.
//!
//! * Input: a [`Document`](crate::syntax::Document) and the parameter values of the command line.
//! * Output: a [`Problem`], or diagnostics.
//! * Invariants: everything that a user can get wrong in the statement of a problem has been reported
//!   here, and nothing later fails because of the user. Children come before parents in
//!   [`Problem::expressions`]. Every interval is finite and not empty, every field is determined by
//!   exactly one equation's worth of residuals, every equation in time has its initial conditions.

mod check;
mod latex;
mod order;
pub(crate) mod print;
mod resolve;

pub use latex::latex;
pub use print::{expression, print};
pub use resolve::resolve;

use crate::arena::{Arena, Id};
use crate::function::Function;
use crate::source::Span;
use crate::syntax::Setting;
use std::collections::BTreeMap;

/// The handle of a coordinate.
pub type CoordinateId = Id<Coordinate>;
/// The handle of a field.
pub type FieldId = Id<Field>;
/// The handle of a parameter.
pub type ParameterId = Id<Parameter>;
/// The handle of a definition.
pub type DefinitionId = Id<Definition>;
/// The handle of an expression.
pub type ExpressionId = Id<Expression>;

/// Parameter values that replace those of the file, by name (`--set nu=0.02`).
pub type Overrides = BTreeMap<String, f64>;

/// A well-posed problem.
#[derive(Clone, Debug, Default)]
pub struct Problem {
    /// The title, where one is given.
    pub title: Option<String>,
    /// Coordinates in the order of declaration, time included.
    pub coordinates: Arena<Coordinate>,
    /// Unknown functions.
    pub fields: Arena<Field>,
    /// Parameters.
    pub parameters: Arena<Parameter>,
    /// Abbreviations (`let`) without arguments; those with arguments have been expanded where they are called.
    pub definitions: Arena<Definition>,
    /// The differential equations.
    pub equations: Vec<Equation>,
    /// Initial and boundary conditions.
    pub conditions: Vec<Condition>,
    /// Known solutions, at most one a field.
    pub exact: Vec<Exact>,
    /// Tabulated solutions, at most one a field.
    pub references: Vec<Reference>,
    /// The `train` block as written.
    pub settings: Vec<Setting>,
    /// All expressions, children before parents.
    pub expressions: Arena<Expression>,
}

/// What part a coordinate plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A direction of space.
    Space,
    /// Time: a coordinate with a beginning.
    Time,
}

/// A coordinate on an interval.
#[derive(Clone, Debug)]
pub struct Coordinate {
    /// Its name.
    pub name: String,
    /// Space or time.
    pub role: Role,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval, above `low`.
    pub high: f64,
    /// Whether all fields are periodic in it.
    pub periodic: bool,
    /// Where it is declared.
    pub span: Span,
}

/// An unknown function.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// The coordinates that it depends on.
    pub arguments: Vec<CoordinateId>,
    /// Where it is declared.
    pub span: Span,
}

/// A parameter, fixed during a run.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Its value in this run.
    pub value: f64,
    /// Where it is declared.
    pub span: Span,
}

/// `let name = value`.
#[derive(Clone, Debug)]
pub struct Definition {
    /// Its name.
    pub name: String,
    /// What it stands for.
    pub value: ExpressionId,
    /// Where it is declared.
    pub span: Span,
}

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

/// The known solution of a field.
#[derive(Clone, Debug)]
pub struct Exact {
    /// The field.
    pub field: FieldId,
    /// Its solution, in coordinates and parameters only.
    pub value: ExpressionId,
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
        operator: crate::syntax::BinaryOperator,
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
}

/// Named numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Constant {
    /// The ratio of a circle's circumference to its diameter.
    Pi,
    /// The base of the natural logarithm.
    E,
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

impl Problem {
    /// The time coordinate, where there is one.
    #[must_use]
    pub fn time(&self) -> Option<CoordinateId> {
        self.coordinates
            .iter()
            .find(|(_, coordinate)| coordinate.role == Role::Time)
            .map(|(id, _)| id)
    }

    /// The parameter values of this run, in order of declaration.
    #[must_use]
    pub fn parameter_values(&self) -> Vec<f64> {
        self.parameters
            .iter()
            .map(|(_, parameter)| parameter.value)
            .collect()
    }

    /// Whether this part is where time begins.
    #[must_use]
    pub fn is_initial(&self, part: Part) -> bool {
        self.coordinates[part.coordinate].role == Role::Time && part.side == Side::Low
    }
}
