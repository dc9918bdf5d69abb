//! `pdec check FILE`: what the compiler understood.

use crate::failure::{self, Failure, Status};
use crate::input::{Input, Loaded};
use crate::numbers::{grouped, small};
use crate::timings::timings;
use clap::Args;
use pdec_compiler::analysis::analyse;
use pdec_compiler::classify::{Classification, classify, ordinal};
use pdec_compiler::hir::{Condition, Coordinate, ExpressionId, Field, Problem, Role};
use pdec_compiler::program::{self, Compiled, Support};
use pdec_compiler::settings::{self, Settings};
use pdec_compiler::source::Source;
use std::fmt::Write as _;

/// The options of `pdec check`.
#[derive(Args, Debug)]
pub struct Arguments {
    #[command(flatten)]
    input: Input,

    /// Show how long each stage of the compiler takes
    #[arg(long)]
    timings: bool,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<Status, Failure> {
    let loaded = arguments.input.load()?;
    let compiled = program::build(&loaded.front.problem, &loaded.front.settings);
    let mut text = report(&arguments.input.name(), &loaded, &compiled);
    if arguments.timings {
        let rows = timings(&loaded)?.into_iter();
        let rows = rows.map(|(stage, time)| vec![stage.to_owned(), format!("{time:8.3} ms")]);
        section(&mut text, "Timings, the shortest of five", rows.collect());
    }
    failure::print(&text)?;
    Ok(Status::Done)
}

/// The whole report, section after section.
fn report(name: &str, loaded: &Loaded, compiled: &Compiled) -> String {
    let Loaded {
        source,
        front,
        references,
        ..
    } = loaded;
    let problem = &front.problem;
    let mut text = String::new();
    let title = problem.title.as_deref().unwrap_or(name);
    let _ = writeln!(text, "{title}");
    section(&mut text, "Coordinates", coordinates(problem));
    section(&mut text, "Parameters", parameters(problem));
    section(&mut text, "Fields", fields(problem));
    section(&mut text, "Equations", equations(problem, source));
    section(
        &mut text,
        "Conditions",
        conditions(problem, source, compiled),
    );
    section(&mut text, "Altogether", altogether(problem));
    let mut known = Vec::new();
    for exact in &problem.exact {
        let largest = front
            .verified
            .iter()
            .fold(0.0, |m: f64, v| m.max(v.residual));
        known.push(vec![
            problem.fields[exact.field].name.clone(),
            "exact solution".to_owned(),
            format!("satisfies the problem, largest residual {}", small(largest)),
        ]);
    }
    for reference in references {
        let field = &problem.fields[pdec_compiler::arena::Id::from_index(reference.field)];
        let declared = problem.references.iter();
        let path = declared
            .filter(|declared| declared.field.index() == reference.field)
            .map(|declared| declared.path.as_str())
            .next();
        known.push(vec![
            field.name.clone(),
            format!("reference {}", path.unwrap_or("file")),
            format!("{} values", grouped(reference.values.len() as f64)),
        ]);
    }
    section(&mut text, "Known solutions", known);
    section(&mut text, "Jets carried by the network N", jets(compiled));
    section(&mut text, "Network", network(compiled, &front.settings));
    section(&mut text, "Settings", setting_rows(&front.settings));
    text
}

/// A heading and rows in aligned columns; nothing where there are no rows.
/// The widest that a column gets.
const WIDEST: usize = 60;

fn section(text: &mut String, heading: &str, rows: Vec<Vec<String>>) {
    if rows.is_empty() {
        return;
    }
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        // one very long cell shall not push the others off the page
        cells
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or(0)
            .min(WIDEST)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let _ = writeln!(text, "\n{heading}");
    for row in &rows {
        let mut line = String::from(" ");
        for (cell, width) in row.iter().zip(&widths) {
            let _ = write!(line, " {cell:width$} ");
        }
        let _ = writeln!(text, "{}", line.trim_end());
    }
}

fn coordinates(problem: &Problem) -> Vec<Vec<String>> {
    let row = |coordinate: &Coordinate| {
        let Coordinate {
            name,
            role,
            low,
            high,
            periodic,
            unit: _,
            span: _,
        } = coordinate;
        let role = match (role, periodic) {
            (Role::Space, false) => "",
            (Role::Space, true) => "periodic",
            (Role::Time, false) => "time",
            (Role::Time, true) => "time, periodic",
            (Role::Family, _) => "family",
        };
        vec![format!("{name} in [{low}, {high}]"), role.to_owned()]
    };
    problem.coordinates.iter().map(|(_, c)| row(c)).collect()
}

fn parameters(problem: &Problem) -> Vec<Vec<String>> {
    let parameters = problem.parameters.iter();
    parameters
        .map(|(_, parameter)| vec![format!("{} = {}", parameter.name, parameter.value)])
        .collect()
}

fn fields(problem: &Problem) -> Vec<Vec<String>> {
    let row = |field: &Field| {
        let arguments: Vec<&str> = field
            .arguments
            .iter()
            .map(|argument| problem.coordinates[*argument].name.as_str())
            .collect();
        vec![format!("{}({})", field.name, arguments.join(", "))]
    };
    problem.fields.iter().map(|(_, field)| row(field)).collect()
}

/// Each equation as the file has it, with its order, linearity and class below.
fn equations(problem: &Problem, source: &Source) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for (equation, classification) in problem.equations.iter().zip(classify(problem)) {
        let Classification {
            label,
            order,
            linearity,
            class,
        } = classification;
        let text = equation_text(problem, source, equation.left, equation.right);
        rows.push(vec![label, text]);
        let kind = format!("{}, {}, {class}", ordinal(order), linearity.name());
        rows.push(vec![String::new(), kind]);
    }
    rows
}

fn conditions(problem: &Problem, source: &Source, compiled: &Compiled) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for (_, coordinate) in problem.coordinates.iter().filter(|(_, c)| c.periodic) {
        rows.push(vec![
            format!("periodic in {}", coordinate.name),
            "met by construction".to_owned(),
        ]);
    }
    let row = |condition: &Condition| {
        let met = compiled.met.contains(&condition.label);
        let how = if met {
            "met by construction"
        } else {
            "in the loss"
        };
        let text = equation_text(problem, source, condition.left, condition.right);
        vec![condition.label.clone(), how.to_owned(), text]
    };
    rows.extend(problem.conditions.iter().map(row));
    rows
}

/// What the problem is as a whole.
fn altogether(problem: &Problem) -> Vec<Vec<String>> {
    let found = analyse(problem);
    let linear = if found.linear {
        "linear in its fields"
    } else {
        "not linear in its fields"
    };
    let time = if found.time_dependent {
        "in time"
    } else {
        "steady"
    };
    let orders: Vec<String> = problem
        .coordinates
        .iter()
        .zip(&found.orders)
        .map(|((_, coordinate), order)| format!("{order} in {}", coordinate.name))
        .collect();
    let mut rows = vec![vec![format!(
        "{linear}, {time}, highest order {}",
        orders.join(", ")
    )]];
    if problem.fields.len() > 1 {
        let name = |field: &usize| {
            let id = pdec_compiler::arena::Id::from_index(*field);
            problem.fields[id].name.clone()
        };
        let groups: Vec<String> = found
            .coupled
            .iter()
            .map(|group| group.iter().map(name).collect::<Vec<_>>().join(" with "))
            .collect();
        rows.push(vec![format!("coupled: {}", groups.join("; "))]);
    }
    rows
}

fn jets(compiled: &Compiled) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for line in program::print_plan(compiled).lines() {
        // the definition of a combination is indented below its term
        let (name, plan) = match line.split_once(": ") {
            Some((name, plan)) => (name, plan),
            None => ("", line.trim()),
        };
        rows.push(vec![name.to_owned(), plan.to_owned()]);
    }
    rows
}

fn network(compiled: &Compiled, settings: &Settings) -> Vec<Vec<String>> {
    let network = &compiled.program.network;
    let windows = settings.windows;
    let plural = |count: usize, word: &str| match count {
        1 => format!("1 {word}"),
        _ => format!("{count} {word}s"),
    };
    let mut row = format!(
        "{}, {}, {} parameters",
        plural(network.inputs, "input"),
        plural(network.outputs, "output"),
        grouped(network.parameters as f64)
    );
    if windows > 1 {
        let _ = write!(row, " in each of {windows} time windows");
    }
    let mut residuals = 0;
    for term in &compiled.program.terms {
        let points = match term.support {
            Support::Interior => settings.points.interior,
            Support::Initial => settings.points.initial,
            Support::Face { .. } => settings.points.boundary,
        };
        residuals += points * term.labels.len();
    }
    let residuals = format!("{} residuals in a step", grouped(residuals as f64));
    vec![vec![row], vec![residuals]]
}

fn setting_rows(settings: &Settings) -> Vec<Vec<String>> {
    let entries = settings::entries(settings).into_iter();
    entries
        .map(|(name, value)| vec![format!("{name:10} = {value}")])
        .collect()
}

/// An equation as the file has it, on one line and without comments.
fn equation_text(
    problem: &Problem,
    source: &Source,
    left: ExpressionId,
    right: ExpressionId,
) -> String {
    let span = problem.expressions[left]
        .span
        .to(problem.expressions[right].span);
    let lines = source.slice(span).lines();
    let code = lines.map(|line| line.split('#').next().unwrap_or(line));
    let words: Vec<&str> = code.flat_map(str::split_whitespace).collect();
    words.join(" ")
}
