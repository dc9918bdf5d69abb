//! `pdec eval RUN`: the values of a trained solution, and of any expression of it, at points.

pub mod place;

use crate::commands::runs::say_how_it_ended;
use crate::failure::{self, Failure, Status};
use crate::run::Run;
use clap::Args;
use pdec_compiler::front::Formula;
use pdec_compiler::hir::{BinaryOperator, ExpressionId, ExpressionKind, Problem};
use pdec_compiler::source::Source;
use pdec_runtime::errors::intervals;
use pdec_runtime::solution::Points;
use pdec_runtime::table::{Column, Format, Table, TableError};
use place::{Place, at, end, grid};
use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;

/// Integrals that are known less well than to this part are told.
const WORTH_SAYING: f64 = 1e-8;

/// The options of `pdec eval`.
#[derive(Args, Debug)]
pub struct Arguments {
    /// The folder of a run
    #[arg(value_name = "RUN")]
    run: PathBuf,

    /// What to evaluate [default: the fields]: u_x + v_y, grad(u), slope = u_x; may be repeated
    #[arg(long = "expr", value_name = "EXPRESSION", allow_hyphen_values = true)]
    expressions: Vec<String>,

    /// At the points of a file with a column for each coordinate: CSV, .npz, or - for CSV on standard input
    #[arg(long, value_name = "FILE", conflicts_with_all = ["grid", "from", "to", "count"])]
    points: Option<PathBuf>,

    /// On a grid: 101 points in every coordinate, or x=101,t=11
    #[arg(long, value_name = "COUNTS", conflicts_with_all = ["from", "to", "count"])]
    grid: Option<String>,

    /// Hold coordinates fixed on the grid or line: t=0.5
    #[arg(
        long,
        value_name = "POINT",
        allow_hyphen_values = true,
        conflicts_with = "points"
    )]
    at: Vec<String>,

    /// Along a line from this point: x=0,y=0
    #[arg(
        long,
        value_name = "POINT",
        allow_hyphen_values = true,
        requires = "to"
    )]
    from: Option<String>,

    /// to this one: x=1,y=1
    #[arg(
        long,
        value_name = "POINT",
        allow_hyphen_values = true,
        requires = "from"
    )]
    to: Option<String>,

    /// in so many points
    #[arg(long, value_name = "N", requires = "from", default_value_t = 201,
          value_parser = clap::value_parser!(u32).range(2..=100_000_000))]
    count: u32,

    /// Write to this file, in the format of its extension: .csv, .npz, .json, .vtk [default: standard output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    /// The format [default: that of --out, or csv]
    #[arg(long, value_name = "FORMAT", value_parser = ["csv", "npz", "json", "vtk"])]
    format: Option<String>,

    /// Worker threads [default: all cores]; the result does not depend on it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    threads: Option<u16>,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<Status, Failure> {
    let format = arguments.format()?;
    let expressions: Vec<Source> = arguments
        .expressions
        .iter()
        .map(|text| Source::new("--expr", text.clone()))
        .collect();
    let run = Run::load_unfinished(&arguments.run, &expressions, arguments.threads, false)?;
    let place = arguments.place(&run)?;
    say_how_it_ended(&arguments.run);
    let points = Points {
        coordinates: place.columns,
    };
    let problem = &run.front.problem;
    let (names, values) = if expressions.is_empty() {
        let names = problem.fields.iter().map(|(_, it)| it.name.clone());
        (names.collect(), run.solution.evaluate(&points))
    } else {
        asked(&run, &points)
    };
    let coordinates = problem.coordinates.iter().map(|(_, it)| it.name.clone());
    let coordinates: Vec<String> = coordinates.collect();
    let all: Vec<&String> = coordinates.iter().chain(&names).collect();
    let twice = (1..all.len()).find(|&number| all[..number].contains(&all[number]));
    if let Some(number) = twice {
        return Err(Failure::usage(
            "unusable-option",
            format!("two columns would be called `{}`", all[number]),
            "give expressions names of their own: `--expr 'slope = u_x'`; coordinates have columns anyway",
        ));
    }
    let table = Table {
        coordinates: columns(coordinates.into_iter(), points.coordinates),
        values: columns(names.into_iter(), values),
        axes: place.axes,
        line: place.line,
    };
    let bytes = table.bytes(format).map_err(|error| match error {
        TableError::Format(reason) => Failure::usage(
            "unwritable-output",
            reason,
            "or choose another format: csv, npz and json have no such limit",
        ),
        TableError::Write(error) => Failure::unwritable("the table", error),
    })?;
    arguments.write(&bytes)?;
    let missing = run.untrained(&table.coordinates);
    if missing > 0 {
        failure::say(format_args!(
            "{missing} of {} points lie beyond the trained time, {}: their values are nan",
            table.len(),
            pdec_runtime::plot::number(run.solution.trained_until())
        ));
    }
    Ok(Status::Done)
}

/// The names and values of the expressions that were asked for.
fn asked(run: &Run, points: &Points) -> (Vec<String>, Vec<Vec<f64>>) {
    let problem = &run.front.problem;
    let intervals = intervals(problem);
    let mut columns = Vec::new();
    for (name, formula) in &run.front.formulas {
        let mut taken = run.solution.formula(formula, &intervals, points);
        if let Formula::Output(number) = formula {
            let factor = declared(problem, problem.outputs[*number].1);
            if factor != 1.0 {
                taken.values.iter_mut().for_each(|value| *value /= factor);
            }
        }
        let apart = |point: usize| taken.values[point].is_nan();
        if has_integral(formula) && run.solution.trained_points(points).into_iter().any(apart) {
            failure::say(format_args!(
                "the integrals of `{name}` have no value where they go beyond what was trained, or what is under them has none"
            ));
        }
        if taken.error > WORTH_SAYING {
            failure::say(format_args!(
                "the integrals of `{name}` are known to about {:.0e} of what is under them: something there is sharp, or has no integral",
                taken.error
            ));
        }
        columns.push((name.clone(), taken.values));
    }
    columns.into_iter().unzip()
}

fn has_integral(formula: &Formula) -> bool {
    match formula {
        Formula::Output(_) => false,
        Formula::Integral { .. } => true,
        Formula::Negate(operand)
        | Formula::Call {
            argument: operand, ..
        } => has_integral(operand),
        Formula::Binary { left, right, .. }
        | Formula::Minimum(left, right)
        | Formula::Maximum(left, right) => has_integral(left) || has_integral(right),
        Formula::Select(parts) => parts.iter().any(has_integral),
    }
}

/// What an expression is divided by to be in the unit that the file declares: a field or a coordinate by itself is in that
/// unit, as it is without `--expr`; everything else is in SI units.
fn declared(problem: &Problem, id: ExpressionId) -> f64 {
    let unit = |id: ExpressionId| match problem.expressions[id].kind {
        ExpressionKind::Field(id) => problem.fields[id].unit.as_ref(),
        ExpressionKind::Coordinate(id) => problem.coordinates[id].unit.as_ref(),
        _ => None,
    };
    match problem.expressions[id].kind {
        ExpressionKind::Binary {
            operator: BinaryOperator::Multiply,
            left,
            right,
        } => {
            // As units are multiplied in: the factor first.
            let ExpressionKind::Number(factor) = problem.expressions[left].kind else {
                return 1.0;
            };
            match unit(right) {
                Some(unit) if unit.factor == factor => factor,
                Some(_) | None => 1.0,
            }
        }
        _ => 1.0,
    }
}

fn columns(names: impl Iterator<Item = String>, values: Vec<Vec<f64>>) -> Vec<Column> {
    let both = names.zip(values);
    both.map(|(name, values)| Column { name, values }).collect()
}

impl Arguments {
    fn format(&self) -> Result<Format, Failure> {
        let known = "the formats are csv, npz, json and vtk";
        if let Some(name) = &self.format {
            let extension = self.out.as_ref().and_then(|path| path.extension());
            let extension = extension.map(|it| it.to_string_lossy().into_owned());
            let of_name = extension.as_deref().and_then(Format::of_extension);
            if of_name.is_some() && of_name != Format::of_extension(name) {
                return Err(Failure::usage(
                    "unusable-option",
                    format!(
                        "`--format {name}` and `--out ….{}` contradict each other",
                        extension.unwrap_or_default()
                    ),
                    "leave out `--format`: the extension says it",
                ));
            }
            return Format::of_extension(name).ok_or_else(|| {
                Failure::usage(
                    "unknown-format",
                    format!("there is no format `{name}`"),
                    known,
                )
            });
        }
        let Some(path) = &self.out else {
            return Ok(Format::Csv);
        };
        let extension = path.extension().map(|it| it.to_string_lossy().into_owned());
        extension
            .as_deref()
            .and_then(Format::of_extension)
            .ok_or_else(|| {
                Failure::usage(
                    "unknown-format",
                    format!(
                        "the name `{}` does not say which format to write",
                        path.display()
                    ),
                    "end it with .csv, .npz, .json or .vtk, or say `--format csv`",
                )
            })
    }

    fn place(&self, run: &Run) -> Result<Place, Failure> {
        let problem = &run.front.problem;
        let mut fixed = Vec::new();
        for text in &self.at {
            fixed.extend(at(problem, "--at", text)?);
        }
        if let Some(path) = &self.points {
            return Place::read(problem, path);
        }
        if let (Some(from), Some(to)) = (&self.from, &self.to) {
            let from = end(problem, "--from", from, &fixed)?;
            let to = end(problem, "--to", to, &fixed)?;
            return Ok(Place::line(&from, &to, self.count as usize));
        }
        let counts = grid(problem, self.grid.as_deref(), &fixed)?;
        Place::grid(problem, &counts, &fixed)
    }

    fn write(&self, bytes: &[u8]) -> Result<(), Failure> {
        match &self.out {
            Some(path) => std::fs::write(path, bytes)
                .map_err(|error| Failure::unwritable(format!("`{}`", path.display()), error)),
            None => {
                let mut output = std::io::stdout();
                if output.is_terminal() && !self.format()?.is_text() {
                    return Err(Failure::usage(
                        "unwritable-output",
                        "this format is no text that a terminal could show",
                        "write to a file with `--out`",
                    ));
                }
                match output.write_all(bytes).and_then(|()| output.flush()) {
                    Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
                        Err(Failure::unwritable("standard output", error))
                    }
                    Ok(()) | Err(_) => Ok(()),
                }
            }
        }
    }
}
