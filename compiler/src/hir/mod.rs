//! The problem as understood: names resolved, conditions attached to parts of the boundary.
//!
//! * Input: a [`Document`](crate::syntax::Document) and the parameter values of the command line.
//! * Output: a [`Problem`], or diagnostics.
//! * Invariants: everything that a user can get wrong in the statement of a problem has been reported
//!   here, and nothing later fails because of the user. Children come before parents in
//!   [`Problem::expressions`]. Every interval is finite and not empty, every field is determined by
//!   exactly one equation's worth of residuals, every equation in time has its initial conditions.

mod check;
mod expression;
mod order;
pub(crate) mod print;
mod resolve;
mod statement;
pub mod units;

pub use expression::{BinaryOperator, Constant, Expression, ExpressionKind};
pub use print::{expression, part, print};
pub use resolve::resolve;
pub(crate) use resolve::{OPEN_INTEGRALS, Segmentation, segment, split};
pub use statement::{
    Condition, Constraint, Energy, Equation, Exact, Observation, OnPart, Part, Reference, Side,
};

use crate::arena::{Arena, Id};
use crate::diagnostic::Diagnostic;
use crate::source::Span;
use crate::syntax::Setting;
use std::collections::BTreeMap;

/// The names of all functions and shapes of the language, for editors; `d` is not among them.
pub fn functions() -> impl Iterator<Item = &'static str> {
    resolve::functions()
}

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
    /// Conditions on the boundary of a domain other than the box, as far as they are told.
    pub on_parts: Vec<OnPart>,
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
    /// The fields that are determined only up to a constant, or a function of time.
    pub undetermined: Vec<FieldId>,
    /// Where a domain other than the box is declared.
    pub domain: Option<Span>,
    /// Measured data.
    pub observations: Vec<Observation>,
    /// What is to be made as small as can be.
    pub energies: Vec<Energy>,
    /// Conditions on the solution as a whole.
    pub constraints: Vec<Constraint>,
    /// In what is measured what a statement leaves, by the label of an equation, condition or constraint; without those that
    /// are plain numbers.
    pub residual_units: BTreeMap<String, String>,
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

    /// The label of data: `u in data.csv`.
    #[must_use]
    pub fn observation_label(&self, observation: &Observation) -> String {
        let name = &self.fields[observation.field].name;
        // Wherever the file lies: a run folder has a copy of it. Two files of one name need their folders.
        let of = |observation: &Observation| observation.path.rsplit('/').next().map(str::to_owned);
        let same = |it: &&Observation| it.field == observation.field && of(it) == of(observation);
        let alone = self.observations.iter().filter(same).count() == 1;
        let file = of(observation).filter(|_| alone);
        format!("{name} in {}", file.as_ref().unwrap_or(&observation.path))
    }

    /// `heat [K/s]`: a label with the unit of what the statement leaves.
    #[must_use]
    pub fn label_with_unit(&self, label: &str) -> String {
        match self.residual_units.get(label) {
            Some(unit) => format!("{label} [{unit}]"),
            None => label.to_owned(),
        }
    }

    /// Whether integrals appear anywhere.
    #[must_use]
    pub fn has_integrals(&self) -> bool {
        let mut expressions = self.expressions.iter();
        expressions.any(|(_, it)| matches!(it.kind, ExpressionKind::Integral { .. }))
    }

    /// Makes what each equation leaves, left minus right side, an output with the label of the equation.
    pub fn ask_for_residuals(&mut self) {
        for it in self.equations.clone() {
            self.ask_for(it.label, [it.left, it.right], it.span);
        }
    }

    /// The same for each condition: what it leaves where it holds, behind what the equations leave.
    pub fn ask_for_conditions(&mut self) {
        for it in self.conditions.clone() {
            self.ask_for(it.label, [it.left, it.right], it.span);
        }
    }

    fn ask_for(&mut self, label: String, [left, right]: [ExpressionId; 2], span: Span) {
        let kind = ExpressionKind::Binary {
            operator: BinaryOperator::Subtract,
            left,
            right,
        };
        let id = self.expressions.push(Expression { kind, span });
        self.outputs.push((label, id));
    }

    /// Whether this part is where time begins.
    #[must_use]
    pub fn is_initial(&self, part: Part) -> bool {
        self.coordinates[part.coordinate].role == Role::Time && part.side == Side::Low
    }
}
