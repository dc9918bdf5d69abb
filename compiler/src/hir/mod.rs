//! The problem as understood: names resolved, conditions attached to parts of the boundary.
//!
//! * Input: a [`Document`](crate::syntax::Document) and the parameter values of the command line.
//! * Output: a [`Problem`], or diagnostics.
//! * Invariants: everything that a user can get wrong in the statement of a problem has been reported
//!   here, and nothing later fails because of the user. Children come before parents in
//!   [`Problem::expressions`]. Every interval is finite and not empty, every field is determined by
//!   exactly one equation's worth of residuals, every equation in time has its initial conditions.

mod check;
mod order;
pub(crate) mod print;
mod resolve;
pub mod units;

pub use print::{expression, part, print};
pub use resolve::resolve;
pub(crate) use resolve::{Segmentation, segment, split};

use crate::arena::{Arena, Id};
use crate::diagnostic::Diagnostic;
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
/// The handle of an unknown number.
pub type UnknownId = Id<Unknown>;
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
    /// Unknown functions, all of them real scalars: a vector has one for each component, a complex field two.
    pub fields: Arena<Field>,
    /// The fields with several components, whose components are among `fields`.
    pub groups: Vec<Group>,
    /// Numbers to be found.
    pub unknowns: Arena<Unknown>,
    /// Parameters.
    pub parameters: Arena<Parameter>,
    /// Abbreviations (`let`) without arguments; those with arguments have been expanded where they are called.
    pub definitions: Arena<Definition>,
    /// The differential equations.
    pub equations: Vec<Equation>,
    /// Initial and boundary conditions.
    pub conditions: Vec<Condition>,
    /// Conditions at times between beginning and end, of which only the fields are looked at: their `part` is where time
    /// ends.
    pub between: Vec<Condition>,
    /// Known solutions, at most one a field.
    pub exact: Vec<Exact>,
    /// Tabulated solutions, at most one a field.
    pub references: Vec<Reference>,
    /// Where on the boundary a field needs fewer conditions than elsewhere, and how many fewer, because the equation
    /// itself chooses the solution there: the centre of polar coordinates.
    pub singular: BTreeMap<(FieldId, Part), usize>,
    /// Where a domain other than the box is declared.
    pub domain: Option<Span>,
    /// Measured data.
    pub observations: Vec<Observation>,
    /// What is to be made as small as can be.
    pub energies: Vec<Energy>,
    /// Conditions on the solution as a whole.
    pub constraints: Vec<Constraint>,
    /// Expressions to be evaluated with a trained solution, each with its name; the file itself asks for none.
    pub outputs: Vec<(String, ExpressionId)>,
    /// What the file says that training cannot do yet, each an error `not-supported-yet`.
    pub unsupported: Vec<Diagnostic>,
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
    /// A parameter that a family of problems runs through (`param Re over [100, 1000]`).
    Family,
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
    /// In what it is measured, where the file says so; `low` and `high` are in this unit.
    pub unit: Option<Unit>,
    /// Where it is declared.
    pub span: Span,
}

/// An unknown function with real values.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name; of a component, with the member that it is: `v.x`, `psi.re`.
    pub name: String,
    /// The coordinates that it depends on.
    pub arguments: Vec<CoordinateId>,
    /// In what it is measured, where the file says so.
    pub unit: Option<Unit>,
    /// Of a coefficient that is sought (`unknown field k(x) in (0, 10)`): where its values lie. None for a field that
    /// equations determine.
    pub sought: Option<Bounds>,
    /// Where it is declared.
    pub span: Span,
}

/// A field with several components.
#[derive(Clone, Debug)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// Its components, in order; of a complex field its real and its imaginary part, component after component.
    pub components: Vec<FieldId>,
    /// Whether it is complex.
    pub complex: bool,
    /// Where it is declared.
    pub span: Span,
}

/// A number that is found together with the fields.
#[derive(Clone, Debug)]
pub struct Unknown {
    /// Its name.
    pub name: String,
    /// Where its value lies.
    pub bounds: Bounds,
    /// The value with which training begins.
    pub start: f64,
    /// In what it is measured, where the file says so.
    pub unit: Option<Unit>,
    /// Where it is declared.
    pub span: Span,
}

/// An interval of values, which may be infinite.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// Whether the ends themselves are left out.
    pub open: bool,
}

/// A unit of measurement.
#[derive(Clone, Debug, PartialEq)]
pub struct Unit {
    /// As written, without brackets: `mm/s`.
    pub text: String,
    /// How many coherent SI units it is.
    pub factor: f64,
    /// Of what it is a unit.
    pub dimension: units::Dimension,
}

/// A parameter, fixed during a run.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Its value in this run, in its unit.
    pub value: f64,
    /// In what it is measured, where the file says so.
    pub unit: Option<Unit>,
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

impl Problem {
    /// The time coordinate, where there is one.
    #[must_use]
    pub fn time(&self) -> Option<CoordinateId> {
        self.coordinates
            .iter()
            .find(|(_, coordinate)| coordinate.role == Role::Time)
            .map(|(id, _)| id)
    }

    /// Whether all fields depend on time and one coordinate of space, and there is nothing else.
    #[must_use]
    pub fn has_one_coordinate_and_time(&self) -> bool {
        let space = |(_, it): &(CoordinateId, &Coordinate)| it.role == Role::Space;
        self.time().is_some()
            && self.coordinates.len() == 2
            && self.coordinates.iter().filter(space).count() == 1
            && self
                .fields
                .iter()
                .all(|(_, field)| field.arguments.len() == 2)
    }

    /// The parameter values of this run, in order of declaration.
    #[must_use]
    pub fn parameter_values(&self) -> Vec<f64> {
        self.parameters
            .iter()
            .map(|(_, parameter)| parameter.value)
            .collect()
    }

    /// Whether integrals appear anywhere.
    #[must_use]
    pub fn has_integrals(&self) -> bool {
        let mut expressions = self.expressions.iter();
        expressions.any(|(_, it)| matches!(it.kind, ExpressionKind::Integral { .. }))
    }

    /// Makes what each equation leaves, left minus right side, an output with the label of the equation.
    pub fn ask_for_residuals(&mut self) {
        for equation in &self.equations {
            let id = self.expressions.push(Expression {
                kind: ExpressionKind::Binary {
                    operator: BinaryOperator::Subtract,
                    left: equation.left,
                    right: equation.right,
                },
                span: equation.span,
            });
            self.outputs.push((equation.label.clone(), id));
        }
    }

    /// Whether this part is where time begins.
    #[must_use]
    pub fn is_initial(&self, part: Part) -> bool {
        self.coordinates[part.coordinate].role == Role::Time && part.side == Side::Low
    }
}
