//! The error of a solution against the truth, where it is known.
//!
//! The truth is the exact solution on a fine grid that has nothing to do with the training points, or the
//! points of a reference file. Every error is relative to the same norm of the truth over the same points;
//! where the truth is zero everywhere, it is absolute, and says so ([`FieldError::relative`]).

use crate::data::Reference;
use crate::solution::{Points, Solution};
use pdec_compiler::hir::Problem;

/// What a solution is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Truth {
    /// The exact solution that the file states.
    Exact,
    /// A tabulated solution.
    Reference,
}

impl Truth {
    /// The word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Reference => "reference",
        }
    }
}

/// The relative error of one field in three norms.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldError {
    /// The name of the field.
    pub field: String,
    /// `‖u − v‖₂ / ‖v‖₂`
    pub l2: f64,
    /// `‖u − v‖₁ / ‖v‖₁`
    pub l1: f64,
    /// `max |u − v| / max |v|`
    pub max: f64,
    /// Whether the three are relative, as said; where `v` is zero everywhere they are absolute: the root mean square, the
    /// mean and the maximum of `|u|`.
    pub relative: bool,
    /// What `v` is.
    pub truth: Truth,
}

/// The errors of all fields whose truth is known; the exact solution counts before a reference. A run that was
/// interrupted is measured up to where it came.
#[must_use]
pub fn field_errors(
    problem: &Problem,
    solution: &Solution,
    references: &[Reference],
) -> Vec<FieldError> {
    let grid = evaluation_grid(problem);
    let values = solution.evaluate(&grid);
    let trained = solution.trained_points(&grid);
    let mut errors = Vec::new();
    for (id, field) in problem.fields.iter() {
        let number = id.index();
        let reference = references.iter().find(|r| r.field == number);
        let compared = if let Some(exact) = solution.exact(number, &grid) {
            Some((norms(&values[number], &exact, &trained), Truth::Exact))
        } else {
            reference.map(|reference| {
                let values = solution.evaluate(&reference.points);
                let trained = solution.trained_points(&reference.points);
                let errors = norms(&values[number], &reference.values, &trained);
                (errors, Truth::Reference)
            })
        };
        if let Some((
            Norms {
                l2,
                l1,
                max,
                relative,
            },
            truth,
        )) = compared
        {
            errors.push(FieldError {
                field: field.name.clone(),
                l2,
                l1,
                max,
                relative,
                truth,
            });
        }
    }
    errors
}

/// The points on which errors are measured, ends included: 201 for each coordinate in one and two
/// dimensions, 41 in three, 15 in four; beyond that 50,000 points of a Kronecker sequence.
#[must_use]
pub fn evaluation_grid(problem: &Problem) -> Points {
    match problem.coordinates.len() {
        dimension @ (1 | 2) => regular(problem, dimension, 201),
        3 => regular(problem, 3, 41),
        4 => regular(problem, 4, 15),
        _ => scattered(&intervals(problem), 50_000),
    }
}

/// The interval of each coordinate.
#[must_use]
pub fn intervals(problem: &Problem) -> Vec<(f64, f64)> {
    problem
        .coordinates
        .iter()
        .map(|(_, it)| (it.low, it.high))
        .collect()
}

fn regular(problem: &Problem, dimension: usize, each: usize) -> Points {
    let count = (0..dimension).fold(1, |product, _| product * each);
    let mut stride = count;
    let coordinates = problem
        .coordinates
        .iter()
        .map(|(_, coordinate)| {
            stride /= each;
            let axis = axis(coordinate.low, coordinate.high, each);
            (0..count).map(|n| axis[n / stride % each]).collect()
        })
        .collect();
    Points { coordinates }
}

/// Equally spaced numbers, both ends exact.
#[must_use]
pub fn axis(low: f64, high: f64, count: usize) -> Vec<f64> {
    let last = count.saturating_sub(1).max(1) as f64;
    (0..count)
        .map(|k| {
            let share = k as f64 / last;
            low * (1.0 - share) + high * share
        })
        .collect()
}

/// An axis with every value of another and as many between them, equally spaced, as it takes to have at least `count` where
/// it has fewer than `enough`.
#[must_use]
pub fn refined(values: &[f64], enough: usize, count: usize) -> Vec<f64> {
    let intervals = values.len().saturating_sub(1);
    if intervals == 0 || values.len() >= enough {
        return values.to_vec();
    }
    let parts = count.saturating_sub(1).div_ceil(intervals);
    let between = values.windows(2).flat_map(|pair| {
        // the end belongs to the next interval
        axis(pair[0], pair[1], parts + 1).into_iter().take(parts)
    });
    between.chain(values.last().copied()).collect()
}

/// `frac(1/2 + k·φ^(−j))` with the generalised golden ratio φ (Roberts 2018).
pub(crate) fn scattered(intervals: &[(f64, f64)], count: usize) -> Points {
    let power = 1.0 / (intervals.len() as f64 + 1.0);
    let ratio = (0..64).fold(2.0, |x: f64, _| (1.0 + x).powf(power));
    let mut step = 1.0;
    let coordinates = intervals
        .iter()
        .map(|(low, high)| {
            step /= ratio;
            (1..=count)
                .map(|k| low + (high - low) * (0.5 + k as f64 * step).fract())
                .collect()
        })
        .collect();
    Points { coordinates }
}

/// The errors over some points.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Norms {
    l2: f64,
    l1: f64,
    max: f64,
    relative: bool,
}

/// L2, L1 and maximum of the difference over some points, each relative to that of the truth unless the truth is zero.
fn norms(values: &[f64], truth: &[f64], points: &[usize]) -> Norms {
    let [mut above, mut below] = [[0.0f64; 3]; 2];
    for (value, truth) in points.iter().map(|&point| (values[point], truth[point])) {
        for (sums, x) in [
            (&mut above, (value - truth).abs()),
            (&mut below, truth.abs()),
        ] {
            sums[0] += x * x;
            sums[1] += x;
            // A value that is not a number must not vanish in a maximum.
            sums[2] = if x.is_nan() || sums[2].is_nan() {
                f64::NAN
            } else {
                sums[2].max(x)
            };
        }
    }
    let count = points.len().max(1) as f64;
    // Squares of very small values may vanish before the values do; what is not a number is not zero.
    let relative = below.iter().all(|norm| *norm != 0.0);
    let [l2, l1, max] = if relative {
        [
            above[0] / below[0],
            above[1] / below[1],
            above[2] / below[2],
        ]
    } else {
        [above[0] / count, above[1] / count, above[2]]
    };
    Norms {
        l2: l2.sqrt(),
        l1,
        max,
        relative,
    }
}

#[cfg(test)]
mod tests {
    use super::{Norms, axis};

    fn norms(values: &[f64], truth: &[f64], points: &[usize]) -> [f64; 3] {
        let Norms { l2, l1, max, .. } = super::norms(values, truth, points);
        [l2, l1, max]
    }

    #[test]
    fn where_the_truth_is_zero_the_error_is_absolute_and_says_so() {
        assert!(!super::norms(&[0.5, -0.5], &[0.0, 0.0], &[0, 1]).relative);
        assert!(super::norms(&[0.5, -0.5], &[0.0, 1e-9], &[0, 1]).relative);
        assert!(super::norms(&[0.5], &[f64::NAN], &[0]).relative);
    }

    #[test]
    fn errors_are_relative_to_the_truth() {
        assert_eq!(norms(&[2.0, 0.0], &[2.0, 0.0], &[0, 1]), [0.0; 3]);
        let [l2, l1, max] = norms(&[3.0, 4.5, 9.9], &[3.0, 4.0, 0.0], &[0, 1]);
        assert_eq!([l2, l1, max], [0.1, 0.5 / 7.0, 0.125]);
        assert_eq!(norms(&[1.0, -1.0], &[0.0, 0.0], &[0, 1]), [1.0; 3]);
        assert!(
            norms(&[f64::NAN, 0.0], &[1.0, 1.0], &[0, 1])
                .iter()
                .all(|e| e.is_nan())
        );
    }

    #[test]
    fn an_axis_has_exact_ends() {
        let axis = axis(-1.0, 1.0 / 3.0, 201);
        assert_eq!((axis[0], axis[200], axis.len()), (-1.0, 1.0 / 3.0, 201));
    }
}
