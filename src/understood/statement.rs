//! The statement of a problem, declaration by declaration.

use crate::input::Loaded;
use pdec_compiler::arena::Id;
use pdec_compiler::classify::{Classification, classify};
use pdec_compiler::front::Front;
use pdec_compiler::hir::{self, Bounds, Problem, Role, Side, Unit};
use pdec_compiler::program::Outline;
use pdec_compiler::source::{Source, Span};
use serde::Serialize;

/// A coordinate on an interval.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Coordinate {
    /// Its name.
    pub name: String,
    /// `space`, `time` or `family`.
    pub role: &'static str,
    /// Where the interval begins.
    pub low: f64,
    /// Where it ends.
    pub high: f64,
    /// In what it is measured.
    pub unit: Option<String>,
    /// Whether all fields are periodic in it.
    pub periodic: bool,
}

/// A real scalar field.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Field {
    /// Its name: `u`, `v.x`, `psi.re`.
    pub name: String,
    /// The coordinates that it depends on.
    pub arguments: Vec<String>,
    /// In what it is measured.
    pub unit: Option<String>,
    /// Of a coefficient that is sought: where its values lie.
    pub sought: Option<Interval>,
}

/// A field with several components.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// `R^2`, `C`.
    pub codomain: String,
    /// The names of its components among the fields.
    pub components: Vec<String>,
}

/// An interval of values; an end that is not there is `null` in JSON.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// Whether the ends are left out.
    pub open: bool,
}

/// A parameter.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Its value in this run.
    pub value: f64,
    /// In what it is measured.
    pub unit: Option<String>,
}

/// A number that is sought.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Unknown {
    /// Its name.
    pub name: String,
    /// Where its value lies.
    pub bounds: Interval,
    /// Where training begins.
    pub start: f64,
    /// In what it is measured.
    pub unit: Option<String>,
}

/// An equation.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Equation {
    /// Its label.
    pub label: String,
    /// As the file has it, on one line.
    pub text: String,
    /// The highest order of differentiation.
    pub order: usize,
    /// `linear`, `semilinear`, `quasilinear`, `fully nonlinear`.
    pub linearity: &'static str,
    /// `parabolic` and so on.
    pub class: String,
}

/// A condition.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Condition {
    /// Its label.
    pub label: String,
    /// `initial`, `boundary`, `periodic`.
    pub kind: &'static str,
    /// As the file has it, on one line; of a periodic coordinate its name.
    pub text: String,
    /// Whether it holds by construction rather than in the loss; none where the problem cannot be trained yet.
    pub by_construction: Option<bool>,
}

/// Measured values.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Observation {
    /// The field.
    pub field: String,
    /// The file as written.
    pub path: String,
    /// The columns of the coordinates, then that of the values.
    pub columns: Vec<String>,
    /// The standard deviation of the noise.
    pub noise: Option<f64>,
}

/// What is made as small as can be.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Energy {
    /// Its label.
    pub label: String,
    /// As the file has it, on one line.
    pub text: String,
}

/// A condition on the solution as a whole.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Constraint {
    /// Its label.
    pub label: String,
    /// As the file has it, on one line.
    pub text: String,
}

/// A solution that the file claims to be exact.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Exact {
    /// The field.
    pub field: String,
    /// Whether it was chosen, and sources added to equations and conditions that make it the solution.
    pub manufactured: bool,
    /// The largest residual of all equations and conditions that were looked at.
    pub residual: f64,
    /// Whether all of them are zero identically: shown by algebra.
    pub identical: bool,
    /// How many equations and conditions it was substituted into.
    pub statements: usize,
    /// The labels of those that were evaluated at points, as they did not vanish as formulas.
    pub evaluated: Vec<String>,
    /// At how many points, all together, those were evaluated that are not: that none speaks against it is no proof.
    pub points: usize,
    /// The labels of those that it was not substituted into, because they have unknown numbers, fields without an exact
    /// solution or integrals that are not evaluated in them.
    pub unchecked: Vec<String>,
}

/// A tabulated solution.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Reference {
    /// The field.
    pub field: String,
    /// The file as written.
    pub path: String,
    /// How many values it has.
    pub values: usize,
}

impl From<Bounds> for Interval {
    fn from(bounds: Bounds) -> Self {
        let Bounds { low, high, open } = bounds;
        Self { low, high, open }
    }
}

fn unit(unit: Option<&Unit>) -> Option<String> {
    unit.map(|unit| unit.text.clone())
}

pub fn coordinates(problem: &Problem) -> Vec<Coordinate> {
    let row = |coordinate: &hir::Coordinate| Coordinate {
        name: coordinate.name.clone(),
        role: match coordinate.role {
            Role::Space => "space",
            Role::Time => "time",
            Role::Family => "family",
        },
        low: coordinate.low,
        high: coordinate.high,
        unit: unit(coordinate.unit.as_ref()),
        periodic: coordinate.periodic,
    };
    problem.coordinates.iter().map(|(_, c)| row(c)).collect()
}

pub fn fields(problem: &Problem) -> Vec<Field> {
    let row = |field: &hir::Field| Field {
        name: field.name.clone(),
        arguments: field
            .arguments
            .iter()
            .map(|argument| problem.coordinates[*argument].name.clone())
            .collect(),
        unit: unit(field.unit.as_ref()),
        sought: field.sought.map(Interval::from),
    };
    problem.fields.iter().map(|(_, field)| row(field)).collect()
}

pub fn groups(problem: &Problem) -> Vec<Group> {
    let row = |group: &hir::Group| {
        let size = group.components.len();
        let codomain = match (group.complex, size) {
            (true, 2) => "C".to_owned(),
            (true, _) => format!("C^{}", size / 2),
            (false, _) => format!("R^{size}"),
        };
        let components = group.components.iter();
        Group {
            name: group.name.clone(),
            codomain,
            components: components
                .map(|id| problem.fields[*id].name.clone())
                .collect(),
        }
    };
    problem.groups.iter().map(row).collect()
}

pub fn parameters(problem: &Problem, source: &Source) -> Vec<Parameter> {
    let row = |parameter: &hir::Parameter| Parameter {
        name: parameter.name.clone(),
        value: parameter.value,
        unit: parameter
            .unit
            .as_ref()
            .map(|unit| written_unit(parameter, source).unwrap_or_else(|| unit.text.clone())),
    };
    problem.parameters.iter().map(|(_, p)| row(p)).collect()
}

/// `J/(kg*K)` of `param cp = 385[J/(kg*K)]`, where the value is the number that stands there: a unit that was inferred says the
/// same in other words.
fn written_unit(parameter: &hir::Parameter, source: &Source) -> Option<String> {
    let rest = source.text.get(parameter.span.range().end..)?;
    let line = rest.lines().next()?.split('#').next()?;
    let value = line.trim().strip_prefix('=')?.trim();
    let (number, unit) = value.strip_suffix(']')?.split_once('[')?;
    let same = number.trim().parse() == Ok(parameter.value);
    (same && !unit.contains(['[', ']'])).then(|| unit.trim().to_owned())
}

pub fn unknowns(problem: &Problem) -> Vec<Unknown> {
    let row = |unknown: &hir::Unknown| Unknown {
        name: unknown.name.clone(),
        bounds: unknown.bounds.into(),
        start: unknown.start,
        unit: unit(unknown.unit.as_ref()),
    };
    problem.unknowns.iter().map(|(_, u)| row(u)).collect()
}

pub fn equations(problem: &Problem, source: &Source) -> Vec<Equation> {
    let classes = classify(problem).into_iter();
    let row = |(equation, classification): (&hir::Equation, Classification)| Equation {
        label: classification.label,
        text: equation_text(source, equation.span),
        order: classification.order,
        linearity: classification.linearity.name(),
        class: classification.class,
    };
    problem.equations.iter().zip(classes).map(row).collect()
}

pub fn conditions(problem: &Problem, source: &Source, outline: Option<&Outline>) -> Vec<Condition> {
    let mut rows = Vec::new();
    for (_, coordinate) in problem.coordinates.iter().filter(|(_, c)| c.periodic) {
        rows.push(Condition {
            label: format!("periodic in {}", coordinate.name),
            kind: "periodic",
            text: coordinate.name.clone(),
            by_construction: outline.map(|_| true),
        });
    }
    let met: Option<std::collections::HashSet<&str>> =
        outline.map(|outline| outline.met.iter().map(String::as_str).collect());
    let row = |condition: &hir::Condition| {
        let met = met.as_ref();
        Condition {
            label: condition.label.clone(),
            kind: match (problem.is_initial(condition.part), condition.part.side) {
                (true, _) => "initial",
                (false, Side::Low | Side::High) => "boundary",
            },
            text: equation_text(source, condition.span),
            by_construction: met.map(|met| met.contains(condition.label.as_str())),
        }
    };
    rows.extend(problem.conditions.iter().map(row));
    rows.extend(problem.on_parts.iter().map(|condition| Condition {
        label: condition.label.clone(),
        kind: "boundary",
        text: equation_text(source, condition.span),
        by_construction: None,
    }));
    rows
}

pub fn observations(problem: &Problem) -> Vec<Observation> {
    let row = |observation: &hir::Observation| Observation {
        field: problem.fields[observation.field].name.clone(),
        path: observation.path.clone(),
        columns: [
            &observation.axes[..],
            std::slice::from_ref(&observation.values),
        ]
        .concat(),
        noise: observation.noise,
    };
    problem.observations.iter().map(row).collect()
}

pub fn energies(problem: &Problem, source: &Source) -> Vec<Energy> {
    let row = |energy: &hir::Energy| Energy {
        label: energy.label.clone(),
        text: one_line(source, problem.expressions[energy.value].span),
    };
    problem.energies.iter().map(row).collect()
}

pub fn constraints(problem: &Problem, source: &Source) -> Vec<Constraint> {
    let row = |constraint: &hir::Constraint| Constraint {
        label: constraint.label.clone(),
        text: equation_text(source, constraint.span),
    };
    problem.constraints.iter().map(row).collect()
}

pub fn exact(front: &Front) -> Vec<Exact> {
    let residuals = front.verified.iter().map(|verified| verified.residual);
    let residual = residuals.fold(0.0, f64::max);
    let points = front.verified.iter().map(|verified| verified.points);
    let evaluated: usize = points.clone().flatten().sum();
    let identical = points.clone().count() > 0 && evaluated == 0 && front.unverified.is_empty();
    let labels = front.verified.iter().filter(|it| it.points.is_some());
    let labels: Vec<String> = labels.map(|it| it.label.clone()).collect();
    let problem = &front.problem;
    let row = |exact: &hir::Exact| Exact {
        field: problem.fields[exact.field].name.clone(),
        manufactured: exact.manufactured,
        residual,
        identical,
        statements: front.verified.len(),
        evaluated: labels.clone(),
        points: evaluated,
        unchecked: front.unverified.clone(),
    };
    problem.exact.iter().map(row).collect()
}

pub fn references(loaded: &Loaded) -> Vec<Reference> {
    let problem = &loaded.front.problem;
    let declared = |field: usize| {
        let mut declared = problem.references.iter();
        declared.find(|declared| declared.field.index() == field)
    };
    let row = |reference: &pdec_runtime::data::Reference| Reference {
        field: problem.fields[Id::from_index(reference.field)].name.clone(),
        path: declared(reference.field).map_or_else(String::new, |d| d.path.clone()),
        values: reference.values.len(),
    };
    loaded.references.iter().map(row).collect()
}

/// An equation as the file has it, on one line and without comments: what stands behind the keyword, the place and the
/// label of its declaration.
fn equation_text(source: &Source, declaration: Span) -> String {
    let whole = one_line(source, declaration);
    let (keyword, rest) = whole.split_once(' ').unwrap_or(("", &whole));
    if keyword == "initial" {
        return rest.to_owned();
    }
    // No formula has a colon in it.
    let text = rest.split_once(':').map_or(rest, |(_, text)| text);
    text.trim().to_owned()
}

fn one_line(source: &Source, span: Span) -> String {
    let lines = source.slice(span).lines();
    let code = lines.map(|line| line.split('#').next().unwrap_or(line));
    let words: Vec<&str> = code.flat_map(str::split_whitespace).collect();
    words.join(" ")
}
