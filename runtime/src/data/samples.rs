//! What a declaration names in a file: the points of a field and its values there.
//!
//! Two layouts are understood, whatever the format:
//!
//! * **a grid**: an array for each argument of the field, its values increasing, and an array of values with an axis for
//!   each argument in the field's order: for `field u(x, t)` the value at `(x[i], t[j])` is `u[i, j]`. An array in another
//!   order is refused and never transposed: where two axes have the same length, nobody could tell. (The order of the
//!   numbers in the file is another matter: arrays in Fortran order are read as what they mean.)
//! * **points**: arrays of one length, or one shape, as the columns of a table are. Where the points are every
//!   combination of some values, whatever their order, they are a grid after all.

use super::column::Column;
use super::error::DataError;
use super::grid::recognise;
use super::read::read_columns;
use super::units::to_unit;
use crate::solution::Points;
use pdec_compiler::hir::{self, Coordinate, FieldId, Problem};
use std::path::Path;

/// What a declaration says of a file.
#[derive(Clone, Copy, Debug)]
pub struct Declared<'a> {
    /// The field.
    pub field: FieldId,
    /// The file, relative to the `.pde` file.
    pub path: &'a str,
    /// Its arrays or columns: one for each argument of the field, in the field's order.
    pub axes: &'a [String],
    /// The array or column of the values.
    pub values: &'a str,
    /// Whether a point may be there once only: a solution has one value there, a measurement can be repeated.
    pub once: bool,
}

/// The values of a field at points.
#[derive(Clone, Debug, PartialEq)]
pub struct Samples {
    /// The position of the field in the problem.
    pub field: usize,
    /// Where the points are a grid: the values of each argument of the field, increasing.
    pub axes: Option<Vec<Vec<f64>>>,
    /// The field at each point, in its unit; on a grid at every combination, the last argument fastest.
    pub values: Vec<f64>,
    /// The points, in the units of the coordinates; coordinates that the field does not depend on are at their lower end.
    pub points: Points,
}

/// Axes may leave the interval by so much of its length: the rounding of whoever wrote the file.
const OVERHANG: f64 = 1e-6;

/// Reads the file of a reference; its path is relative to `folder`, where the `.pde` file lies.
///
/// # Errors
///
/// [`DataError`], when the file or what is in it cannot be used.
pub fn read_reference(
    problem: &Problem,
    reference: &hir::Reference,
    folder: &Path,
) -> Result<Samples, DataError> {
    let declared = Declared {
        field: reference.field,
        path: &reference.path,
        axes: &reference.axes,
        values: &reference.values,
        once: true,
    };
    read_samples(problem, &declared, folder)
}

/// Reads what a declaration names; its path is relative to `folder`, where the `.pde` file lies.
///
/// # Errors
///
/// [`DataError`], when the file or what is in it cannot be used.
pub fn read_samples(
    problem: &Problem,
    declared: &Declared<'_>,
    folder: &Path,
) -> Result<Samples, DataError> {
    let mut names: Vec<&str> = declared.axes.iter().map(String::as_str).collect();
    names.push(declared.values);
    let mut columns = read_columns(&folder.join(declared.path), &names)?;
    let field = &problem.fields[declared.field];
    let arguments: Vec<&Coordinate> = field
        .arguments
        .iter()
        .map(|id| &problem.coordinates[*id])
        .collect();
    let Some(values) = columns.pop() else {
        return Err(DataError::Empty);
    };
    let values = to_unit(values, &field.name, field.unit.as_ref())?;
    let axes = columns
        .into_iter()
        .zip(&arguments)
        .map(|(column, coordinate)| to_unit(column, &coordinate.name, coordinate.unit.as_ref()))
        .collect::<Result<Vec<Column>, DataError>>()?;
    let (axes, columns, values) = if is_points(&axes, &values) {
        points(axes, &arguments, values, declared.once)?
    } else {
        grid(axes, &arguments, values)?
    };
    let count = values.len();
    let coordinates = problem.coordinates.iter().map(|(id, coordinate)| {
        let argument = field.arguments.iter().position(|argument| *argument == id);
        match argument.and_then(|place| columns.get(place)) {
            Some(column) => column
                .iter()
                .map(|it| it.clamp(coordinate.low, coordinate.high))
                .collect(),
            None => vec![coordinate.low; count],
        }
    });
    Ok(Samples {
        field: declared.field.index(),
        axes,
        values,
        points: Points {
            coordinates: coordinates.collect(),
        },
    })
}

/// Whether the arrays are points rather than axes and a table: all of one shape, or all of them lists of one length. One
/// list of increasing numbers with its values is both.
fn is_points(axes: &[Column], values: &Column) -> bool {
    axes.iter().all(|axis| axis.shape == values.shape)
        || (values.long_axes().len() <= 1
            && axes.iter().all(|axis| {
                axis.long_axes().len() <= 1 && axis.values.len() == values.values.len()
            }))
}

/// Axes where the points form a grid, columns of points, values.
type Read = (Option<Vec<Vec<f64>>>, Vec<Vec<f64>>, Vec<f64>);

fn points(
    axes: Vec<Column>,
    arguments: &[&Coordinate],
    values: Column,
    once: bool,
) -> Result<Read, DataError> {
    if values.values.is_empty() {
        return Err(DataError::Empty);
    }
    values.check_finite()?;
    for (axis, coordinate) in axes.iter().zip(arguments) {
        axis.check_finite()?;
        let outside = |value: &f64| !within(coordinate, *value);
        if let Some(first) = axis.values.iter().position(outside) {
            let Coordinate {
                name, low, high, ..
            } = coordinate;
            let more = axis.values.iter().filter(|it| outside(it)).count() - 1;
            return Err(DataError::Outside {
                place: axis.place(first),
                reason: format!(
                    "`{name}` = {}, outside of [{low}, {high}]",
                    axis.values[first]
                ),
                more: if more > 0 {
                    format!(", and so have {more} more")
                } else {
                    String::new()
                },
            });
        }
    }
    let slices: Vec<&[f64]> = axes.iter().map(|axis| axis.values.as_slice()).collect();
    let Some(grid) = recognise(&slices) else {
        if once && let Some((first, second)) = repeated(&slices) {
            let named = arguments.iter().zip(&slices);
            let point = named.map(|(it, column)| format!("`{}` = {}", it.name, column[first]));
            let point: Vec<String> = point.collect();
            return Err(DataError::Repeated {
                first: axes.first().map_or(String::new(), |axis| axis.place(first)),
                second: axes
                    .first()
                    .map_or(String::new(), |axis| axis.place(second)),
                point: point.join(", "),
            });
        }
        let columns = axes.into_iter().map(|axis| axis.values).collect();
        return Ok((None, columns, values.values));
    };
    let ordered = |of: &[f64]| grid.order.iter().map(|point| of[*point]).collect();
    let columns = slices.iter().map(|column| ordered(column)).collect();
    let values = ordered(&values.values);
    Ok((Some(grid.axes), columns, values))
}

/// Two positions of one point.
fn repeated(columns: &[&[f64]]) -> Option<(usize, usize)> {
    let count = columns.first()?.len();
    let mut order: Vec<usize> = (0..count).collect();
    let compare = |a: &usize, b: &usize| {
        let unequal = columns.iter().map(|it| it[*a].total_cmp(&it[*b]));
        unequal.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then)
    };
    order.sort_by(|a, b| compare(a, b).then(a.cmp(b)));
    let mut pairs = order.windows(2).filter(|pair| {
        let same = |it: &&[f64]| it[pair[0]] == it[pair[1]];
        columns.iter().all(same)
    });
    let first = pairs.next().map(|pair| (pair[0], pair[1]));
    // The one that a reader of the file meets first.
    pairs.fold(first, |least, pair| {
        least.map(|least| {
            if pair[1] < least.1 {
                (pair[0], pair[1])
            } else {
                least
            }
        })
    })
}

fn grid(axes: Vec<Column>, arguments: &[&Coordinate], values: Column) -> Result<Read, DataError> {
    for (axis, coordinate) in axes.iter().zip(arguments) {
        check_axis(axis, coordinate)?;
    }
    check_shape(&axes, &values)?;
    values.check_finite()?;
    let axes: Vec<Vec<f64>> = axes.into_iter().map(|axis| axis.values).collect();
    let count = values.values.len();
    let mut stride = count;
    let columns = axes
        .iter()
        .map(|axis| {
            stride /= axis.len();
            (0..count).map(|n| axis[n / stride % axis.len()]).collect()
        })
        .collect();
    Ok((Some(axes), columns, values.values))
}

fn within(coordinate: &Coordinate, value: f64) -> bool {
    let Coordinate { low, high, .. } = coordinate;
    let overhang = OVERHANG * (high - low);
    (low - overhang..=high + overhang).contains(&value)
}

fn check_axis(axis: &Column, coordinate: &Coordinate) -> Result<(), DataError> {
    let fail = |reason: String| DataError::Axis {
        array: axis.name.clone(),
        reason,
    };
    axis.check_finite()?;
    let values = &axis.values;
    let (Some(first), Some(last)) = (values.first(), values.last()) else {
        return Err(fail("it is empty".to_owned()));
    };
    if axis.long_axes().len() > 1 {
        return Err(fail(format!(
            "it must be a list of numbers, and has the shape ({})",
            shape_text(&axis.shape)
        )));
    }
    if let Some(place) = values.windows(2).position(|pair| pair[0] >= pair[1]) {
        return Err(fail(format!(
            "its numbers must increase, and {} follows {}",
            values[place + 1],
            values[place]
        )));
    }
    if !within(coordinate, *first) || !within(coordinate, *last) {
        let Coordinate {
            name, low, high, ..
        } = coordinate;
        return Err(fail(format!(
            "it runs from {first} to {last}, outside the interval [{low}, {high}] of `{name}`"
        )));
    }
    Ok(())
}

fn check_shape(axes: &[Column], values: &Column) -> Result<(), DataError> {
    let expected: Vec<usize> = axes.iter().map(|axis| axis.values.len()).collect();
    // Axes of length one may be missing or surplus; they change no order.
    let long: Vec<usize> = expected.iter().copied().filter(|it| *it != 1).collect();
    if values.shape == expected || values.long_axes() == long {
        return Ok(());
    }
    let lengths: Vec<String> = axes
        .iter()
        .map(|axis| format!("`{}` ({})", axis.name, axis.values.len()))
        .collect();
    let (mut sorted, mut wanted) = (values.shape.clone(), expected.clone());
    sorted.sort_unstable();
    wanted.sort_unstable();
    let hint = if sorted == wanted {
        "; its axes are in another order than the arguments of the field: transpose it in the file"
            .to_owned()
    } else if values.values.len() == expected.iter().product::<usize>() {
        "; its numbers are as many, but not in that shape: reshape it in the file".to_owned()
    } else if values.long_axes().len() <= 1 {
        "; scattered points have a value of each coordinate for each value".to_owned()
    } else {
        String::new()
    };
    Err(DataError::Shape {
        array: values.name.clone(),
        found: shape_text(&values.shape),
        axes: lengths.join(" and "),
        expected: shape_text(&expected),
        hint,
    })
}

fn shape_text(shape: &[usize]) -> String {
    let lengths: Vec<String> = shape.iter().map(usize::to_string).collect();
    lengths.join(", ")
}
