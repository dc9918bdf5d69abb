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
        "training cannot do this yet",
    )
    .with_note(
        "It has been read and checked. What can be trained are equations for fields on boxes, with conditions at their ends.",
    )
}
