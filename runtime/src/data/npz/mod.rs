//! Reference solutions in `.npz` files: one array for each axis and one of values.
//!
//! The values have one axis for each argument of the field, in the field's order: for `field u(x, t)` the
//! value at `(x[i], t[j])` is `u[i, j]`. An array in another order is refused and never transposed: where
//! two axes have the same length, nobody could tell. (The order of the numbers in the file is another matter: arrays in
//! Fortran order are read as what they mean.)

mod archive;
mod npy;
#[cfg(test)]
mod tests;

use crate::solution::Points;
pub(super) use archive::Archive;
use npy::Array;
use pdec_compiler::hir::{self, Coordinate, Problem};
use std::path::Path;
use thiserror::Error;

/// A tabulated solution of one field.
#[derive(Clone, Debug, PartialEq)]
pub struct Reference {
    /// The position of the field in the problem.
    pub field: usize,
    /// The values of each argument of the field, increasing.
    pub axes: Vec<Vec<f64>>,
    /// The field at every combination, the last argument fastest.
    pub values: Vec<f64>,
    /// The same combinations as points of the problem; coordinates that the field does not depend on are at
    /// their lower end.
    pub points: Points,
}

/// Why a reference solution cannot be used. Each is a sentence without its file name.
#[derive(Debug, Error, PartialEq)]
pub enum ReferenceError {
    /// No such file, or no right to read it.
    #[error("the file cannot be opened: {reason}")]
    Unreadable {
        /// What the system said.
        reason: String,
    },
    /// Not a zip archive of arrays.
    #[error("the file is not a readable `.npz` archive: {reason}")]
    Format {
        /// What the reader said.
        reason: String,
    },
    /// An array that the declaration names is not there.
    #[error("the file has no array `{array}`; it has {present}")]
    Missing {
        /// The array.
        array: String,
        /// The arrays that are there.
        present: String,
    },
    /// An array that cannot be read as numbers.
    #[error("the array `{array}` cannot be read: {reason}")]
    Array {
        /// The array.
        array: String,
        /// What the reader said.
        reason: String,
    },
    /// An axis is not a list of increasing numbers inside the interval of its coordinate.
    #[error("the array `{array}` is no axis: {reason}")]
    Axis {
        /// The array.
        array: String,
        /// What is wrong.
        reason: String,
    },
    /// The values do not have the shape that the axes ask for.
    #[error("the array `{array}` has the shape ({found}), but {axes} ask for ({expected}){hint}")]
    Shape {
        /// The array of values.
        array: String,
        /// Its shape.
        found: String,
        /// The axes and their lengths.
        axes: String,
        /// The shape asked for.
        expected: String,
        /// What may be the matter.
        hint: &'static str,
    },
    /// A value is not a number.
    #[error("the array `{array}` has {count} values that are not finite numbers")]
    NotFinite {
        /// The array.
        array: String,
        /// How many.
        count: usize,
    },
}

/// No file that a solution is measured against is larger.
const MOST_VALUES: usize = 200_000_000;
/// Axes may leave the interval by so much of its length: the rounding of whoever wrote the file.
const OVERHANG: f64 = 1e-6;

/// Reads the file of a reference; its path is relative to `folder`, where the `.pde` file lies.
///
/// # Errors
///
/// [`ReferenceError`], when the file or what is in it cannot be used.
pub fn read_reference(
    problem: &Problem,
    reference: &hir::Reference,
    folder: &Path,
) -> Result<Reference, ReferenceError> {
    let path = folder.join(&reference.path);
    let mut archive = Archive::open(&path)?;
    let field = &problem.fields[reference.field];
    let mut axes = Vec::new();
    for (array, argument) in reference.axes.iter().zip(&field.arguments) {
        let Array { shape, values } = archive.array(array)?;
        check_axis(array, &shape, &values, &problem.coordinates[*argument])?;
        axes.push(values);
    }
    let Array { shape, values } = archive.array(&reference.values)?;
    check_shape(reference, &shape, &axes)?;
    check_finite(&reference.values, &values)?;
    Ok(Reference {
        field: reference.field.index(),
        points: grid(problem, reference, &axes),
        axes,
        values,
    })
}

fn check_axis(
    array: &str,
    shape: &[usize],
    values: &[f64],
    coordinate: &Coordinate,
) -> Result<(), ReferenceError> {
    let fail = |reason: String| ReferenceError::Axis {
        array: array.to_owned(),
        reason,
    };
    check_finite(array, values)?;
    if shape.len() != 1 || values.is_empty() {
        return Err(fail(format!(
            "it must be a list of numbers, and has the shape ({})",
            shape_text(shape)
        )));
    }
    if values.windows(2).any(|pair| pair[0] >= pair[1]) {
        return Err(fail("its numbers must increase".to_owned()));
    }
    let Coordinate {
        name, low, high, ..
    } = coordinate;
    let overhang = OVERHANG * (high - low);
    let (first, last) = (values[0], values[values.len() - 1]);
    if first < low - overhang || last > high + overhang {
        return Err(fail(format!(
            "it runs from {first} to {last}, outside the interval [{low}, {high}] of `{name}`"
        )));
    }
    Ok(())
}

fn check_shape(
    reference: &hir::Reference,
    shape: &[usize],
    axes: &[Vec<f64>],
) -> Result<(), ReferenceError> {
    let expected: Vec<usize> = axes.iter().map(Vec::len).collect();
    if shape == expected {
        return Ok(());
    }
    let (mut sorted, mut wanted) = (shape.to_vec(), expected.clone());
    sorted.sort_unstable();
    wanted.sort_unstable();
    let lengths: Vec<String> = reference
        .axes
        .iter()
        .zip(&expected)
        .map(|(name, length)| format!("`{name}` ({length})"))
        .collect();
    Err(ReferenceError::Shape {
        array: reference.values.clone(),
        found: shape_text(shape),
        axes: lengths.join(" and "),
        expected: shape_text(&expected),
        hint: if sorted == wanted {
            "; its axes are in another order than the arguments of the field: transpose it in the file"
        } else {
            ""
        },
    })
}

fn check_finite(array: &str, values: &[f64]) -> Result<(), ReferenceError> {
    let count = values.iter().filter(|value| !value.is_finite()).count();
    if count == 0 {
        Ok(())
    } else {
        Err(ReferenceError::NotFinite {
            array: array.to_owned(),
            count,
        })
    }
}

fn shape_text(shape: &[usize]) -> String {
    let lengths: Vec<String> = shape.iter().map(usize::to_string).collect();
    lengths.join(", ")
}

/// Every combination of the axes, the last fastest.
fn grid(problem: &Problem, reference: &hir::Reference, axes: &[Vec<f64>]) -> Points {
    let count: usize = axes.iter().map(Vec::len).product();
    let arguments = &problem.fields[reference.field].arguments;
    let coordinates = problem
        .coordinates
        .iter()
        .map(|(id, coordinate)| {
            let axis = arguments.iter().position(|argument| *argument == id);
            match axis.and_then(|k| axes.get(k).map(|axis| (k, axis))) {
                Some((k, axis)) => {
                    let stride: usize = axes[k + 1..].iter().map(Vec::len).product();
                    (0..count)
                        .map(|n| {
                            axis[n / stride % axis.len()].clamp(coordinate.low, coordinate.high)
                        })
                        .collect()
                }
                None => vec![coordinate.low; count],
            }
        })
        .collect();
    Points { coordinates }
}
