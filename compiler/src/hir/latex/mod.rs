//! From [`Problem`] to LaTeX, as a paper would state it.
//!
//! * Input: a problem.
//! * Output: a piece of LaTeX for the package `amsmath`: what is sought and where, the equations and
//!   conditions as a display, and below it what the names stand for and the exact solution.
//! * Invariant: the stack is not used for the depth of expressions.

mod expression;
mod name;
mod number;
mod shape;

use super::{Condition, Coordinate, Field, Part, Problem, Side};
use expression::Writer;
use name::{escaped, symbol};
use number::number;
use std::fmt::Write;

/// The LaTeX of a problem.
#[must_use]
pub fn latex(problem: &Problem) -> String {
    let writer = Writer::new(problem);
    let mut text = String::new();
    if let Some(title) = &problem.title {
        let _ = writeln!(text, "% {title}");
    }
    let _ = writeln!(text, "{}", sought(problem));
    text.push_str("\\begin{alignat*}{2}\n");
    let known = known(problem, &writer);
    let end = if known.is_empty() { "." } else { "," };
    let mut rows = equations(problem, &writer);
    rows.extend(conditions(problem, &writer));
    for (index, row) in rows.iter().enumerate() {
        let (code, tag) = row;
        let last = index + 1 == rows.len();
        let (sign, line_end) = if last { (end, "") } else { (",", r" \\") };
        let _ = writeln!(text, "  {code}{sign}{tag}{line_end}");
    }
    text.push_str("\\end{alignat*}\n");
    if !known.is_empty() {
        let _ = writeln!(text, "where {}.", listed(&known));
    }
    for exact in &problem.exact {
        let field = symbol(&problem.fields[exact.field].name);
        let value = writer.expression(exact.value);
        let _ = writeln!(text, "The exact solution is ${field} = {value}$.");
    }
    text
}

/// `Find $u(x, t)$, periodic in $x$, for $x \in [0, 1]$ and $t \in [0, 1]$ such that`
fn sought(problem: &Problem) -> String {
    let field = |field: &Field| {
        let arguments = field.arguments.iter();
        let arguments: Vec<String> = arguments
            .map(|id| symbol(&problem.coordinates[*id].name))
            .collect();
        format!("${}({})$", symbol(&field.name), arguments.join(", "))
    };
    let fields: Vec<String> = problem.fields.iter().map(|(_, f)| field(f)).collect();
    let interval = |coordinate: &Coordinate| {
        let Coordinate {
            name, low, high, ..
        } = coordinate;
        format!(
            r"${} \in [{}, {}]$",
            symbol(name),
            number(*low),
            number(*high)
        )
    };
    let coordinates = || problem.coordinates.iter();
    let intervals: Vec<String> = coordinates().map(|(_, c)| interval(c)).collect();
    let periodic: Vec<String> = coordinates()
        .filter(|(_, coordinate)| coordinate.periodic)
        .map(|(_, coordinate)| format!("${}$", symbol(&coordinate.name)))
        .collect();
    let periodic = if periodic.is_empty() {
        String::new()
    } else {
        format!(", periodic in {},", listed(&periodic))
    };
    let (fields, intervals) = (listed(&fields), listed(&intervals));
    format!("Find {fields}{periodic} for {intervals} such that")
}

/// A row of the display and the tag behind its punctuation.
type Row = (String, String);

fn equations(problem: &Problem, writer: &Writer) -> Vec<Row> {
    let equations = problem.equations.iter();
    equations
        .map(|equation| {
            let (left, right) = (
                writer.expression(equation.left),
                writer.expression(equation.right),
            );
            // Labels that the compiler made up say nothing.
            let made_up = equation
                .label
                .strip_prefix("eq")
                .is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit() || c == '_'));
            let tag = if made_up {
                String::new()
            } else {
                format!(r" \tag{{{}}}", escaped(&equation.label))
            };
            (format!("{left} &= {right}"), tag)
        })
        .collect()
}

/// A row for each declaration of conditions, with all its places.
fn conditions(problem: &Problem, writer: &Writer) -> Vec<Row> {
    let declarations = problem
        .conditions
        .chunk_by(|one, other| (one.left, one.right) == (other.left, other.right));
    declarations
        .map(|conditions| {
            let places: Vec<String> = conditions.iter().map(|c| place(problem, c.part)).collect();
            let places = match places.as_slice() {
                [most @ .., last] if !most.is_empty() => {
                    format!(r"{} \text{{ and }} {last}", most.join(r",\ "))
                }
                few => few.concat(),
            };
            let Some(Condition { left, right, .. }) = conditions.first() else {
                return Row::default();
            };
            let (left, right) = (writer.expression(*left), writer.expression(*right));
            (
                format!(r"{left} &= {right} &\quad& \text{{at }} {places}"),
                String::new(),
            )
        })
        .collect()
}

fn place(problem: &Problem, part: Part) -> String {
    let coordinate = &problem.coordinates[part.coordinate];
    let end = match part.side {
        Side::Low => coordinate.low,
        Side::High => coordinate.high,
    };
    format!("{} = {}", symbol(&coordinate.name), number(end))
}

/// What parameters and definitions stand for.
fn known(problem: &Problem, writer: &Writer) -> Vec<String> {
    let parameters = problem.parameters.iter().map(|(_, parameter)| {
        format!(
            "${} = {}$",
            symbol(&parameter.name),
            number(parameter.value)
        )
    });
    let definitions = problem.definitions.iter().map(|(_, definition)| {
        let value = writer.expression(definition.value);
        format!("${} = {value}$", symbol(&definition.name))
    });
    parameters.chain(definitions).collect()
}

/// `a, b and c`
fn listed(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}
