//! Where to evaluate: a grid, a line, the points of a file.

use crate::failure::Failure;
use pdec_compiler::hir::{Coordinate, Problem};
use pdec_runtime::data::{Column, DataError, read_columns, read_text, to_unit};
use std::io::Read as _;
use std::path::Path;

/// No more points than this at once: beyond it the values fill the memory.
const MOST_POINTS: usize = 100_000_000;

/// Rounding may put a point outside of an interval by so much of its length.
const OVERHANG: f64 = 1e-9;

/// Points, one column for each coordinate of the problem.
pub struct Place {
    /// The columns.
    pub columns: Vec<Vec<f64>>,
    /// The values of each coordinate, where the points are every combination of them, the last fastest.
    pub axes: Option<Vec<Vec<f64>>>,
    /// Whether the points follow each other along a line.
    pub line: bool,
}

/// A coordinate with its value, from `t=0.5`.
pub type Fixed = (usize, f64);

/// Reads `x=0,t=0.5`.
pub fn at(problem: &Problem, option: &str, text: &str) -> Result<Vec<Fixed>, Failure> {
    let mut fixed: Vec<Fixed> = Vec::new();
    for (coordinate, value) in assignments(problem, option, text)? {
        let number = value.parse::<f64>().ok().filter(|it| it.is_finite());
        let number = number.ok_or_else(|| {
            wrong(
                option,
                format!("`{value}` is not a number"),
                "write for instance `t=0.5`",
            )
        })?;
        let number = inside(coordinate_of(problem, coordinate), number)
            .map_err(|reason| wrong(option, reason, "a solution is known in its domain only"))?;
        if fixed.iter().any(|(it, _)| *it == coordinate) {
            let name = &coordinate_of(problem, coordinate).name;
            return Err(wrong(
                option,
                format!("`{name}` is given twice"),
                "keep one of the two",
            ));
        }
        fixed.push((coordinate, number));
    }
    Ok(fixed)
}

/// An end of a line: every coordinate has a value there.
pub fn end(
    problem: &Problem,
    option: &str,
    text: &str,
    fixed: &[Fixed],
) -> Result<Vec<f64>, Failure> {
    let given = at(problem, option, text)?;
    let coordinates = problem.coordinates.iter().enumerate();
    coordinates
        .map(|(number, (_, coordinate))| {
            let found = given.iter().chain(fixed).find(|(it, _)| *it == number);
            found.map(|(_, value)| *value).ok_or_else(|| {
                let name = &coordinate.name;
                wrong(
                    option,
                    format!("the point has no value for `{name}`"),
                    format!(
                        "add `{name}={}`, or hold it fixed with `--at {name}={}`",
                        coordinate.low, coordinate.low
                    ),
                )
            })
        })
        .collect()
}

/// Reads `101` or `x=101,t=11`: the number of points in each coordinate.
pub fn grid(problem: &Problem, text: Option<&str>, fixed: &[Fixed]) -> Result<Vec<usize>, Failure> {
    let option = "--grid";
    let is_fixed = |number: usize| fixed.iter().any(|(it, _)| *it == number);
    let free = (0..problem.coordinates.len())
        .filter(|&it| !is_fixed(it))
        .count();
    let usual = match free {
        0 | 1 => 201,
        2 => 101,
        3 => 41,
        4 => 15,
        _ => 5,
    };
    let read = |text: &str| {
        let count = text
            .parse::<usize>()
            .ok()
            .filter(|it| (1..=MOST_POINTS).contains(it));
        count.ok_or_else(|| {
            wrong(
                option,
                format!("`{text}` is not a number of points"),
                "write `--grid 101`, or `--grid x=101,t=11`; `--at t=0.5` holds a coordinate fixed",
            )
        })
    };
    let mut counts: Vec<usize> = (0..problem.coordinates.len())
        .map(|it| if is_fixed(it) { 1 } else { usual })
        .collect();
    match text {
        None => {}
        Some(text) if !text.contains('=') => {
            let count = read(text.trim())?;
            for (number, it) in counts.iter_mut().enumerate() {
                if !is_fixed(number) {
                    *it = count;
                }
            }
        }
        Some(text) => {
            for (coordinate, value) in assignments(problem, option, text)? {
                if is_fixed(coordinate) {
                    let name = &coordinate_of(problem, coordinate).name;
                    return Err(wrong(
                        option,
                        format!("`{name}` has one value, given with `--at`"),
                        format!("leave `{name}` out of one of the two"),
                    ));
                }
                counts[coordinate] = read(&value)?;
            }
        }
    }
    Ok(counts)
}

impl Place {
    /// Every combination of equally spaced values, both ends of each interval among them; one value alone is the lower
    /// end.
    pub fn grid(problem: &Problem, counts: &[usize], fixed: &[Fixed]) -> Result<Self, Failure> {
        let total = counts
            .iter()
            .try_fold(1usize, |product, count| product.checked_mul(*count))
            .filter(|total| *total <= MOST_POINTS)
            .ok_or_else(|| {
                wrong(
                    "--grid",
                    format!("the grid has more than {MOST_POINTS} points"),
                    "take fewer points, or hold a coordinate fixed with `--at`",
                )
            })?;
        let axes: Vec<Vec<f64>> = problem
            .coordinates
            .iter()
            .enumerate()
            .map(
                |(number, (_, it))| match fixed.iter().find(|(at, _)| *at == number) {
                    Some((_, value)) => vec![*value],
                    None => spaced(it.low, it.high, counts[number]),
                },
            )
            .collect();
        let columns = (0..axes.len())
            .map(|number| {
                let axis = &axes[number];
                let stride: usize = axes[number + 1..].iter().map(Vec::len).product();
                (0..total)
                    .map(|row| axis[row / stride % axis.len()])
                    .collect()
            })
            .collect();
        Ok(Self {
            columns,
            axes: Some(axes),
            line: false,
        })
    }

    /// Equally spaced points from one to another.
    pub fn line(from: &[f64], to: &[f64], count: usize) -> Self {
        let ends = from.iter().zip(to);
        Self {
            columns: ends.map(|(&low, &high)| spaced(low, high, count)).collect(),
            axes: None,
            line: true,
        }
    }

    /// The points of a file.
    pub fn read(problem: &Problem, path: &Path) -> Result<Self, Failure> {
        let names: Vec<&str> = problem
            .coordinates
            .iter()
            .map(|(_, it)| it.name.as_str())
            .collect();
        let standard_input = path == Path::new("-");
        let shown = if standard_input {
            "standard input".to_owned()
        } else {
            format!("`{}`", path.display())
        };
        let refused = |error: DataError| {
            Failure::usage(
                "unusable-points",
                format!("the points in {shown} cannot be used: {error}"),
                format!(
                    "the file needs a column for each coordinate, {}; in text its first line has the names",
                    names.join(", ")
                ),
            )
        };
        let read = if standard_input {
            let mut bytes = Vec::new();
            let read = std::io::stdin().lock().read_to_end(&mut bytes);
            read.map_err(|error| {
                refused(DataError::Unreadable {
                    reason: error.to_string(),
                })
            })?;
            read_text(&bytes, &names)
        } else {
            read_columns(path, &names)
        };
        let mut columns: Vec<Vec<f64>> = Vec::new();
        let read = read.map_err(refused)?;
        for (column, (_, coordinate)) in read.into_iter().zip(problem.coordinates.iter()) {
            let mut column =
                to_unit(column, &coordinate.name, coordinate.unit.as_ref()).map_err(refused)?;
            column.check_finite().map_err(refused)?;
            if let Some(first) = columns.first()
                && first.len() != column.values.len()
            {
                return Err(refused(DataError::Lengths {
                    array: column.name,
                    found: column.values.len(),
                    first: names[0].to_owned(),
                    expected: first.len(),
                }));
            }
            for row in 0..column.values.len() {
                column.values[row] = inside(coordinate, column.values[row])
                    .map_err(|reason| outside(&shown, row, &column, &reason))?;
            }
            columns.push(column.values);
        }
        Ok(Self {
            columns,
            axes: None,
            line: false,
        })
    }
}

fn outside(shown: &str, row: usize, column: &Column, reason: &str) -> Failure {
    Failure::usage(
        "unusable-points",
        format!(
            "the points in {shown} cannot be used: point {} ({}) has {reason}",
            row + 1,
            column.place(row)
        ),
        "a solution is known in its domain only: leave such points out",
    )
}

/// A value that is inside of the interval of a coordinate, or by rounding just outside; else the reason.
fn inside(coordinate: &Coordinate, value: f64) -> Result<f64, String> {
    let Coordinate {
        name, low, high, ..
    } = coordinate;
    let overhang = OVERHANG * (high - low);
    if (low - overhang..=high + overhang).contains(&value) {
        Ok(value.clamp(*low, *high))
    } else {
        Err(format!("`{name}` = {value}, outside of [{low}, {high}]"))
    }
}

/// Equally spaced numbers, both ends among them and exact.
#[allow(clippy::cast_precision_loss)] // counts are below 2^52
fn spaced(low: f64, high: f64, count: usize) -> Vec<f64> {
    let last = count.saturating_sub(1);
    (0..count)
        .map(|k| {
            if k == last && k > 0 {
                high
            } else {
                let part = k as f64 / last.max(1) as f64;
                low + (high - low) * part
            }
        })
        .collect()
}

/// Reads `x=A,t=B` as coordinates and texts.
fn assignments(
    problem: &Problem,
    option: &str,
    text: &str,
) -> Result<Vec<(usize, String)>, Failure> {
    let names: Vec<&str> = problem
        .coordinates
        .iter()
        .map(|(_, it)| it.name.as_str())
        .collect();
    text.split(',')
        .map(|part| {
            let Some((name, value)) = part.split_once('=') else {
                return Err(wrong(
                    option,
                    format!(
                        "`{}` is not of the form `{}=…`",
                        part.trim(),
                        names.first().unwrap_or(&"x")
                    ),
                    "write coordinates with their values, `x=0,t=0.5`",
                ));
            };
            let name = name.trim();
            let found = names.iter().position(|it| *it == name).ok_or_else(|| {
                let help = format!("the coordinates are {}", names.join(", "));
                wrong(option, format!("there is no coordinate `{name}`"), help)
            })?;
            Ok((found, value.trim().to_owned()))
        })
        .collect()
}

fn coordinate_of(problem: &Problem, number: usize) -> &Coordinate {
    &problem.coordinates[pdec_compiler::arena::Id::from_index(number)]
}

fn wrong(option: &str, message: String, help: impl std::fmt::Display) -> Failure {
    Failure::usage("unusable-points", format!("{option}: {message}"), help)
}
