//! How well data determine the numbers that are sought.
//!
//! * Input: what was solved, and its solution.
//! * Output: the standard deviation of each free number, and how far the solution is from the data.
//! * Method: Gauss–Newton covariance. With `A` the derivatives of all residuals by the last layer and `a_k` those by
//!   number `k`, data in units of their noise and equations as good as exact, `A·x + a_k` is least where the solution
//!   follows the number as the equations demand. Its rows of data are how the sensors see that: with `R` the matrix
//!   of these rows, the covariance is `(RᵀR)⁻¹`. What is left on the rows of equations is the features' own fault, and
//!   says nothing.

use super::assemble::{balance, matrix, pieces};
use super::march::Task;
use crate::data::Measured;
use crate::engine::{BlockRef, PointSet};
use crate::optimise::dot;
use crate::optimise::least_squares::LeastSquares;
use crate::sampling::{Purpose, stream};
use crate::solution::uniforms;
use crate::train::points::first_draw;
use crate::train::window::{domain_of, handed_over};
use pdec_compiler::hir::Problem;
use pdec_compiler::program::Support;

/// Equations hold so many times better than data.
const STRENGTH: f64 = 1e3;

/// A number of which this part is left, or less, is not determined.
const NOTHING: f64 = 1e-7;

/// Noise below this part of the data is that of rounding.
const ROUNDING: f64 = 1e-13;

/// What is known of the numbers that are sought.
#[derive(Clone, Debug, Default)]
pub struct Certainty {
    /// The standard deviation of each free number; infinite where the data do not determine it. Empty where there are
    /// no data, or they could not be computed.
    pub deviations: Vec<f64>,
    /// The root mean square distance of the solution from each set of data.
    pub misfits: Vec<f64>,
}

/// Whether time is not cut into windows: numbers that are sought, and data, belong to all of it.
pub fn is_whole(problem: &Problem) -> bool {
    !problem.unknowns.is_empty() || !problem.observations.is_empty()
}

/// What is known at a solution.
pub fn certainty(task: &Task<'_>, parameters: &[f64]) -> Certainty {
    let misfits = misfits(task, parameters);
    let deviations = deviations(task, parameters, &ends(task), &misfits).unwrap_or_default();
    Certainty {
        deviations,
        misfits,
    }
}

/// The uniforms of all of time.
fn ends(task: &Task<'_>) -> Vec<f64> {
    let domain = domain_of(task.problem, 1, 0);
    let (low, high) = domain
        .time
        .map_or((0.0, 1.0), |time| domain.intervals[time]);
    uniforms(task.parameters, low, high)
}

/// The root mean square distance of a solution from each set of data.
pub fn misfits(task: &Task<'_>, parameters: &[f64]) -> Vec<f64> {
    let engine = task.layer.engine();
    let own = ends(task);
    task.data
        .iter()
        .map(|measured| {
            let points = PointSet::new(measured.points.coordinates.clone());
            let fields = engine.values(BlockRef::Fields, parameters, &own, &points);
            let values = fields.get(measured.field).into_iter().flatten();
            let data = measured.points.data.iter().flatten();
            let squares: f64 = values.zip(data).map(|(u, y)| (u - y) * (u - y)).sum();
            (squares / size(points.len())).sqrt()
        })
        .collect()
}

fn deviations(
    task: &Task<'_>,
    parameters: &[f64],
    own: &[f64],
    misfits: &[f64],
) -> Option<Vec<f64>> {
    let layer = task.layer;
    let engine = layer.engine();
    let program = engine.program();
    let count = program.network.number_parameters().len();
    if count == 0 || task.data.is_empty() {
        return None;
    }
    let mut settings = task.settings.clone();
    settings.points = task.points;
    settings.windows = 1;
    let domain = domain_of(task.problem, 1, 0);
    let mut random = stream(task.seed, Purpose::Points);
    let points: Vec<PointSet> = program
        .terms
        .iter()
        .map(|term| {
            let mut points = first_draw(term.support, &settings, &domain, task.data, &mut random);
            if term.support == Support::Initial {
                points.data = handed_over(engine, task.parameters, own, None, &points);
            }
            points
        })
        .collect();
    let noise = |number: usize, measured: &Measured| {
        let found = misfits.get(number).copied().unwrap_or(0.0);
        let noise = measured.noise.unwrap_or(found);
        noise.max(ROUNDING * measured.size)
    };
    let told: f64 = task
        .data
        .iter()
        .enumerate()
        .map(|(number, measured)| {
            let ratio = measured.size / noise(number, measured);
            size(measured.points.len()) * ratio * ratio
        })
        .sum();
    let weights = vec![1.0; program.terms.len()];
    let mut factors = balance(layer, parameters, own, &points, &weights);
    for (term, (number, factors)) in program.terms.iter().zip(factors.iter_mut().enumerate()) {
        if let Support::Observed(place) = term.support {
            // The residual is measured in units of the field; what one of the data changes says which.
            let measured = task.data.get(place)?;
            let at = |datum: f64| -> Option<f64> {
                let first = |column: &Vec<f64>| column.first().map(|it| vec![*it]);
                let coordinates = points[number].coordinates.iter().map(first);
                let point = PointSet {
                    coordinates: coordinates.collect::<Option<_>>()?,
                    data: vec![vec![datum]],
                };
                let values = engine.values(BlockRef::Term(number), parameters, own, &point);
                values.first()?.first().copied()
            };
            let unit = (at(0.0)? - at(measured.size)?) / measured.size;
            factors.fill(1.0 / (unit * noise(place, measured)));
        } else {
            for factor in factors {
                *factor *= STRENGTH * told.sqrt();
            }
        }
    }
    let (matrix, blocks) = matrix(
        layer,
        parameters,
        own,
        &pieces(&points, usize::MAX),
        &factors,
    );
    // The terms of data are the last ones.
    let sensed: usize = task.data.iter().map(|measured| measured.points.len()).sum();
    let all = layer.columns();
    let others = all - 2 * count;
    let columns: Vec<Vec<f64>> = (0..count)
        .map(|number| {
            let mut column = vec![0.0; matrix.rows()];
            matrix.copy_column(others + 2 * number + 1, &mut column);
            column
        })
        .collect();
    let solver = engine.with_threads(|| LeastSquares::new(matrix, &blocks, others))?;
    let rests: Vec<Vec<f64>> = columns
        .iter()
        .map(|column| {
            let x = engine.with_threads(|| solver.solve(column));
            let mut scaled = vec![0.0; solver.matrix().columns()];
            for (number, (scaled, x)) in scaled.iter_mut().zip(&x).enumerate() {
                *scaled = x * solver.column_length(number);
            }
            let followed = solver.matrix().times(&scaled);
            let rows = column.iter().zip(followed).skip(column.len() - sensed);
            rows.map(|(a, b)| a + b).collect()
        })
        .collect();
    let determined: Vec<bool> = rests.iter().map(|rest| dot(rest, rest) > 0.0).collect();
    let known: Vec<&Vec<f64>> = rests
        .iter()
        .zip(&determined)
        .filter_map(|(rest, known)| known.then_some(rest))
        .collect();
    let information: Vec<Vec<f64>> = known
        .iter()
        .map(|a| known.iter().map(|b| dot(a, b)).collect())
        .collect();
    let mut variances = inverse_diagonal(information).into_iter();
    Some(
        determined
            .into_iter()
            .map(|known| {
                let variance = if known { variances.next() } else { None };
                variance.map_or(f64::INFINITY, f64::sqrt)
            })
            .collect(),
    )
}

/// The diagonal of the inverse of a small symmetric positive matrix; infinite where it is singular.
fn inverse_diagonal(matrix: Vec<Vec<f64>>) -> Vec<f64> {
    let count = matrix.len();
    (0..count)
        .map(|wanted| {
            // Schur complement: eliminate all others.
            let mut rest = matrix.clone();
            let order: Vec<usize> = (0..count).filter(|k| *k != wanted).collect();
            for (done, &pivot) in order.iter().enumerate() {
                let diagonal = rest[pivot][pivot];
                let singular = diagonal <= NOTHING * NOTHING * matrix[pivot][pivot];
                if singular {
                    continue;
                }
                let row = rest[pivot].clone();
                for &k in order.iter().skip(done + 1).chain([&wanted]) {
                    let factor = rest[k][pivot] / diagonal;
                    for (value, above) in rest[k].iter_mut().zip(&row) {
                        *value -= factor * above;
                    }
                }
            }
            let left = rest[wanted][wanted];
            if left > NOTHING * NOTHING * matrix[wanted][wanted] {
                1.0 / left
            } else {
                f64::INFINITY
            }
        })
        .collect()
}

#[allow(clippy::cast_precision_loss)] // a count
fn size(count: usize) -> f64 {
    count.max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::inverse_diagonal;

    #[test]
    fn the_diagonal_of_an_inverse() {
        let found = inverse_diagonal(vec![vec![2.0, 1.0], vec![1.0, 3.0]]);
        assert!((found[0] - 0.6).abs() < 1e-15 && (found[1] - 0.4).abs() < 1e-15);
        let singular = inverse_diagonal(vec![vec![1.0, 1.0], vec![1.0, 1.0]]);
        assert!(singular.iter().all(|variance| variance.is_infinite()));
    }
}
