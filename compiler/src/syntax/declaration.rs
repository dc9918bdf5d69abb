//! Declarations as written, and the pieces that they are made of.

use super::{ExpressionId, Name, Setting, Text};
use crate::source::Span;

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

/// A part of the boundary, after `on`.
#[derive(Clone, Debug)]
pub enum Place {
    /// `x = 0`: where a coordinate has a value.
    Side(Side),
    /// `walls`, declared with `boundary`.
    Named(Name),
    /// `boundary`: all of it.
    Everywhere(Span),
}

/// `x = 0` or `x[1] = 0` after `on` or `at`.
#[derive(Clone, Debug)]
pub struct Side {
    /// The coordinate.
    pub coordinate: Name,
    /// Which of a list of coordinates.
    pub index: Option<ExpressionId>,
    /// Its value there.
    pub value: ExpressionId,
    /// The whole place.
    pub span: Span,
}

/// `x [m]` or `x[100]` in the declaration of a coordinate.
#[derive(Clone, Debug)]
pub struct CoordinateName {
    /// The coordinate, or all of them: `x` declares `x[1]` to `x[100]`.
    pub name: Name,
    /// How many there are, as written; none for a single one.
    pub count: Option<Text>,
    /// In what it is measured.
    pub unit: Option<Unit>,
}

/// `[kg*m/s^2]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Unit {
    /// The units that are multiplied, none for `[1]`.
    pub factors: Vec<UnitFactor>,
    /// The place, brackets included.
    pub span: Span,
}

/// `s^-2` in a unit.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitFactor {
    /// The unit, prefix included: `mm`.
    pub name: Name,
    /// Its power as a fraction in lowest terms, the denominator positive; what stands after `/` has negative powers.
    pub power: (i32, i32),
}

/// `in R^2`, `in C`: where a field has its values.
#[derive(Clone, Debug, PartialEq)]
pub struct Codomain {
    /// Whether values are complex.
    pub complex: bool,
    /// The number of components as written; none for a scalar.
    pub dimension: Option<Text>,
    /// The place, without `in`.
    pub span: Span,
}

/// `in (0, 10)` or `in [0, 10]` of an unknown.
#[derive(Clone, Debug)]
pub struct Bounds {
    /// The ends.
    pub interval: Interval,
    /// Whether the ends themselves are left out.
    pub open: bool,
}

/// `u` or `v.x` before `=` in `exact` and `manufactured`.
#[derive(Clone, Debug)]
pub struct Target {
    /// The field.
    pub field: Name,
    /// The component, of which only one is given.
    pub component: Option<Name>,
}

impl Target {
    /// The whole of it.
    #[must_use]
    pub fn span(&self) -> Span {
        match &self.component {
            Some(component) => self.field.span.to(component.span),
            None => self.field.span,
        }
    }
}

/// What a `param` is.
#[derive(Clone, Debug)]
pub enum ParameterKind {
    /// `= 0.01`: fixed for a run, unless the command line gives another value.
    Fixed(ExpressionId),
    /// `over [100, 1000]`: one more input of the network.
    Family(Interval),
}

/// What a `boundary` is made of.
#[derive(Clone, Debug)]
pub enum Region {
    /// `plate.left`
    Part(ExpressionId),
    /// `rest`: everything that has no name.
    Rest(Span),
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
        names: Vec<CoordinateName>,
        /// The interval of each.
        interval: Option<Interval>,
    },
    /// `time t in [0, 1]`
    Time {
        /// The time coordinate.
        name: Name,
        /// In what it is measured.
        unit: Option<Unit>,
        /// Its interval.
        interval: Option<Interval>,
    },
    /// `field v(x, t) in R^2 [m/s]`
    Field {
        /// The unknown function.
        name: Name,
        /// The coordinates that it depends on.
        arguments: Vec<Name>,
        /// Where it has its values; none for a real scalar.
        codomain: Option<Codomain>,
        /// In what it is measured.
        unit: Option<Unit>,
    },
    /// `param nu [m^2/s] = 0.01`, `param Re over [100, 1000]`
    Parameter {
        /// The parameter.
        name: Name,
        /// In what it is measured.
        unit: Option<Unit>,
        /// Its value or values.
        value: ParameterKind,
    },
    /// `unknown k in (0, 10) = 1`, `unknown field k(x) in (0, 10)`
    Unknown {
        /// What is sought.
        name: Name,
        /// The coordinates that it depends on; none for a number.
        arguments: Option<Vec<Name>>,
        /// In what it is measured.
        unit: Option<Unit>,
        /// Where its values lie.
        bounds: Option<Bounds>,
        /// The value with which training begins.
        start: Option<ExpressionId>,
    },
    /// `let k = 2*pi` or `let flux(w) = w^2/2`
    Definition {
        /// The new name.
        name: Name,
        /// The formal arguments; none for a plain abbreviation.
        arguments: Option<Vec<Name>>,
        /// What it stands for: a number, vector or formula, or a shape (`rectangle((0,0), (2,1))`).
        value: ExpressionId,
    },
    /// `domain Omega = plate minus disk((1,0.5), radius = 0.1)`
    Domain {
        /// The region on which the problem is posed.
        name: Name,
        /// The shape that it has.
        value: ExpressionId,
    },
    /// `boundary inlet = plate.left`, `boundary walls = rest`, `boundary tip = hole where y > 0.2`
    Boundary {
        /// The part of the boundary.
        name: Name,
        /// What it is made of.
        region: Region,
        /// The comparison that cuts it down.
        restriction: Option<ExpressionId>,
    },
    /// `eq heat: u_t = u_xx in solid`
    Equation {
        /// The name used in losses, plots and messages.
        label: Option<Name>,
        /// The equation.
        equation: Equation,
        /// The part of the domain where it holds; none for all of it.
        region: Option<Name>,
    },
    /// `initial u = sin(x)`
    Initial(Equation),
    /// `at t = 1: u = sin(x)`
    At {
        /// The time.
        place: Side,
        /// What holds then.
        equation: Equation,
    },
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
        /// The field or component.
        target: Target,
        /// Its solution.
        value: ExpressionId,
    },
    /// `manufactured u = …`
    Manufactured {
        /// The field or component.
        target: Target,
        /// The solution that it shall have.
        value: ExpressionId,
    },
    /// `reference u from "ref.npz" (x, t, u)`
    Reference {
        /// The field, or the component `v.x`.
        target: Target,
        /// The file, relative to the `.pde` file.
        path: Text,
        /// The arrays in the file: one for each coordinate of the field in the field's order, then the values.
        columns: Vec<Name>,
    },
    /// `observe u from "sensors.csv" (x, t, u) noise 0.01`
    Observe {
        /// The field, or the component `v.x`.
        target: Target,
        /// The file, relative to the `.pde` file.
        path: Text,
        /// Its columns: one for each coordinate of the field in the field's order, then the values.
        columns: Vec<Name>,
        /// The standard deviation of the noise.
        noise: Option<ExpressionId>,
    },
    /// `minimize integral(…)`
    Minimize {
        /// The name used in losses, plots and messages.
        label: Option<Name>,
        /// What is made as small as can be.
        value: ExpressionId,
    },
    /// `constraint integral(p, x) = 0`
    Constraint {
        /// The name used in losses, plots and messages.
        label: Option<Name>,
        /// What holds for the solution as a whole.
        equation: Equation,
    },
    /// `train { … }`
    Train(Vec<Setting>),
}
