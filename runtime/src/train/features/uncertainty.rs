//! How well data determine the numbers that are sought.
//!
//! * Input: what was solved, and its solution.
//! * Output: the standard deviation of each free number, and how far the solution is from the data.
//! * Method: Gauss–Newton covariance. With `A` the derivatives of all residuals by the last layer and `a_k` those by
//!   number `k`, data in units of their noise and equations as good as exact, `A·x + a_k` is least where the solution
//!   follows the number as the equations demand. Its rows of data are how the sensors see that: with `R` the matrix
//!   of these rows, the covariance is `(RᵀR)⁻¹`. What is left on the rows of equations is the features' own fault, and
//!   says nothing. What the data would still move the numbers by, if the equations held as well as the network allows,
//!   is an error of the solution: it is added to the deviation, in squares.

use super::assemble::{balance, matrix, pieces, residuals};
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
    /// By how much the error of the solution moves each of them; as many.
    pub shifts: Vec<f64>,
    /// The root mean square distance of the solution from each set of data.
    pub misfits: Vec<f64>,
}

/// Whether time is not cut into windows: numbers that are sought, and data, belong to all of it.
pub fn is_whole(problem: &Problem) -> bool {
    !problem.unknowns.is_empty() || !problem.observations.is_empty() || problem.has_integrals()
}

/// What is known at a solution.
pub fn certainty(task: &Task<'_>, parameters: &[f64]) -> Certainty {
    let misfits = misfits(task, parameters);
    let found = deviations(task, parameters, &ends(task), &misfits).unwrap_or_default();
    let (deviations, shifts) = found.into_iter().unzip();
    Certainty {
        deviations,
        shifts,
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
) -> Option<Vec<(f64, f64)>> {
    let layer = task.layer;
    let engine = layer.engine();
    let program = engine.program();
    // The values of integrals come before the unknowns: they follow, as weights do.
    let count = task.problem.unknowns.len();
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
            let mut points = first_draw(
                &program.breaks,
                term.support,
                &settings,
                &domain,
                task.data,
                &mut random,
            );
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
    let pieces = pieces(program, &points, usize::MAX);
    let left = residuals(layer, parameters, own, &pieces, &factors);
    let (matrix, blocks) = matrix(layer, parameters, own, &pieces, &factors);
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
    // What the network cannot follow, where the sensors are.
    let rest = |column: &Vec<f64>| -> Vec<f64> {
        let x = engine.with_threads(|| solver.solve(column));
        let mut scaled = vec![0.0; solver.matrix().columns()];
        for (number, (scaled, x)) in scaled.iter_mut().zip(&x).enumerate() {
            *scaled = x * solver.column_length(number);
        }
        let followed = solver.matrix().times(&scaled);
        let rows = column.iter().zip(followed).skip(column.len() - sensed);
        rows.map(|(a, b)| a + b).collect()
    };
    let rests: Vec<Vec<f64>> = columns.iter().map(rest).collect();
    let left = rest(&left);
    let determined: Vec<bool> = rests.iter().map(|rest| dot(rest, rest) > 0.0).collect();
    let known: Vec<&Vec<f64>> = rests
        .iter()
        .zip(&determined)
        .filter_map(|(rest, known)| known.then_some(rest))
        .collect();
    let information: Vec<Vec<f64>> = known
        .iter()
        .map(|a| {
            let products = known.iter().map(|b| dot(a, b));
            products.chain([dot(a, &left)]).collect()
        })
        .collect();
    let mut found = variances_and_shifts(&information).into_iter();
    Some(
        determined
            .into_iter()
            .map(|known| {
                let found = if known { found.next() } else { None };
                let (variance, shift) = found.unwrap_or((f64::INFINITY, 0.0));
                (variance.sqrt(), shift.abs())
            })
            .collect(),
    )
}

/// For each row of a small symmetric positive matrix with a right-hand side as its last column: the element of the
/// inverse on the diagonal, and the element of the solution. Infinite where the matrix is singular.
fn variances_and_shifts(matrix: &[Vec<f64>]) -> Vec<(f64, f64)> {
    let count = matrix.len();
    (0..count)
        .map(|wanted| {
            // Schur complement: eliminate all others.
            let mut rest = matrix.to_vec();
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
                (1.0 / left, rest[wanted][count] / left)
            } else {
                (f64::INFINITY, 0.0)
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
    use super::variances_and_shifts;

    #[test]
    fn the_diagonal_of_an_inverse_and_a_solution() {
        let matrix = [vec![2.0, 1.0, 4.0], vec![1.0, 3.0, 7.0]];
        let found = variances_and_shifts(&matrix);
        assert!((found[0].0 - 0.6).abs() < 1e-15 && (found[1].0 - 0.4).abs() < 1e-15);
        assert!((found[0].1 - 1.0).abs() < 1e-14 && (found[1].1 - 2.0).abs() < 1e-14);
        let singular = variances_and_shifts(&[vec![1.0, 1.0, 0.0], vec![1.0, 1.0, 0.0]]);
        assert!(singular.iter().all(|(variance, _)| variance.is_infinite()));
    }
}
