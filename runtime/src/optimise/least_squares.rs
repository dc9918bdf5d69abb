//! Linear least squares: the smallest `‖A·x + r‖` for a tall matrix that may be close to singular.
//!
//! Columns are scaled to unit length. The Cholesky factor of `AᵀA + λI`, with `λ` at the rounding error of the Gram
//! matrix, is exact enough for singular values above 10⁻⁸ of the largest. It preconditions conjugate gradients on the
//! residual itself (CGLS, Björck 1996 §7.4), which find what lies below, one direction after the other; they end
//! where the residual no longer falls, and that is the regularisation.

use super::gram::dot;
use crate::engine::Panels;
use crate::math::dense::cholesky::Factor;
use crate::math::dense::gram::gram;

/// Rounding error of an element of the Gram matrix of unit columns.
const ROUNDING: f64 = 2.2e-16;

/// `λ` grows by this until the matrix can be factored.
const INCREASE: f64 = 10.0;

/// More damping than this is of no use.
const MOST_DAMPING: f64 = 1e-4;

/// Iterations of conjugate gradients.
const ITERATIONS: usize = 60;

/// They end when so many of them lower the residual by less than [`WORTHWHILE`].
pub const PATIENCE: usize = 5;

/// The factor by which the residual must fall in [`PATIENCE`] iterations.
const WORTHWHILE: f64 = 0.95;

/// A matrix factored once, for any right-hand side.
#[derive(Debug)]
pub struct LeastSquares {
    /// The matrix with unit columns; what is beyond `count` columns is not looked at.
    matrix: Panels,
    count: usize,
    /// The reciprocal length of each column before.
    scale: Vec<f64>,
    factor: Factor,
}

impl LeastSquares {
    /// Factors the first `count` columns of a matrix whose blocks have so many rows each. None if it is not finite.
    /// Call it inside the thread pool.
    #[must_use]
    pub fn new(mut matrix: Panels, blocks: &[usize], count: usize) -> Option<Self> {
        let mut column = vec![0.0; matrix.rows()];
        let mut scale = Vec::with_capacity(count);
        for number in 0..count {
            matrix.copy_column(number, &mut column);
            let length = dot(&column, &column).sqrt();
            let factor = if length > 0.0 { 1.0 / length } else { 1.0 };
            if !factor.is_finite() {
                return None;
            }
            let mut first = 0;
            for (mut block, rows) in matrix.blocks_mut().into_iter().zip(blocks) {
                block.write_column(0, number, &column[first..first + rows], factor);
                first += rows;
            }
            scale.push(factor);
        }
        let gram = gram(&matrix);
        let mut factor = Factor::default();
        #[allow(clippy::cast_precision_loss)] // a count
        let mut damping = ROUNDING * count as f64;
        while !factor.factor(&gram, count, damping) {
            damping *= INCREASE;
            // Also where the matrix is not a number.
            if damping.is_nan() || damping > MOST_DAMPING {
                return None;
            }
        }
        Some(Self {
            matrix,
            count,
            scale,
            factor,
        })
    }

    /// The length of a column before scaling.
    #[must_use]
    pub fn column_length(&self, column: usize) -> f64 {
        1.0 / self.scale[column]
    }

    /// An element before scaling.
    #[must_use]
    pub fn matrix(&self) -> &Panels {
        &self.matrix
    }

    /// The `x` with the smallest `‖A·x + r‖`, as far as that can be known. Call it inside the thread pool.
    #[must_use]
    pub fn solve(&self, r: &[f64]) -> Vec<f64> {
        self.solve_to(r, PATIENCE).0
    }

    /// The same with the `‖A·x + r‖²` that it leaves, and with another number of iterations after which it ends that do not
    /// help. Call it inside the thread pool.
    #[must_use]
    pub fn solve_to(&self, r: &[f64], patience: usize) -> (Vec<f64>, f64) {
        let mut x = vec![0.0; self.count];
        let mut rest: Vec<f64> = r.iter().map(|r| -r).collect();
        let mut best = (dot(&rest, &rest), x.clone());
        let mut sizes = vec![best.0];
        let mut direction: Vec<f64> = Vec::new();
        let mut last = 0.0;
        for _ in 0..ITERATIONS {
            let slope = self.matrix.transposed_times(self.count, &rest);
            let mut step = slope.clone();
            self.factor.solve(&mut step);
            let size = dot(&slope, &step);
            let positive = size > 0.0 && size.is_finite();
            if !positive {
                break;
            }
            if direction.is_empty() {
                direction = step;
            } else {
                let keep = size / last;
                for (direction, step) in direction.iter_mut().zip(step) {
                    *direction = step + keep * *direction;
                }
            }
            last = size;
            let image = self.matrix.times(&direction);
            let curvature = dot(&image, &image);
            let positive = curvature > 0.0 && curvature.is_finite();
            if !positive {
                break;
            }
            let length = size / curvature;
            for (x, direction) in x.iter_mut().zip(&direction) {
                *x += length * direction;
            }
            for (rest, image) in rest.iter_mut().zip(image) {
                *rest -= length * image;
            }
            let now = dot(&rest, &rest);
            if now < best.0 {
                best = (now, x.clone());
            }
            sizes.push(now);
            let earlier = sizes.len().checked_sub(patience + 1);
            if earlier.is_some_and(|earlier| now > WORTHWHILE * sizes[earlier]) {
                break;
            }
        }
        let (size, mut x) = best;
        for (x, scale) in x.iter_mut().zip(&self.scale) {
            *x *= scale;
        }
        (x, size)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::dense::panels::ROWS;

    fn blocks(rows: usize) -> Vec<usize> {
        (0..rows)
            .step_by(ROWS)
            .map(|k| ROWS.min(rows - k))
            .collect()
    }

    fn solver(columns: &[f64], rows: usize, count: usize) -> LeastSquares {
        let mut values = columns.to_vec();
        values.extend(vec![0.0; rows]);
        let matrix = Panels::from_columns(&values, rows, count + 1);
        LeastSquares::new(matrix, &blocks(rows), count).unwrap()
    }

    /// The columns are powers of t up to 12 on [0, 1], of condition 10⁸ and with lengths far apart; the answer is known.
    #[test]
    fn a_polynomial_is_found() {
        let (rows, count) = (200, 10);
        let t = |row: usize| row as f64 / (rows - 1) as f64;
        let mut columns = Vec::new();
        for k in 0..count {
            let factor = 1e3_f64.powi(k as i32 % 3);
            columns.extend((0..rows).map(|row| factor * t(row).powi(k as i32)));
        }
        let x: Vec<f64> = (0..count)
            .map(|k| (1.0 - k as f64) / 1e3_f64.powi(k as i32 % 3))
            .collect();
        let mut r = vec![0.0; rows];
        for k in 0..count {
            for row in 0..rows {
                r[row] -= x[k] * columns[k * rows + row];
            }
        }
        let found = solver(&columns, rows, count).solve(&r);
        for (found, x) in found.iter().zip(&x) {
            assert!((found - x).abs() < 1e-5 * (1.0 + x.abs()), "{found} {x}");
        }
    }

    /// What is left is at right angles to every column, and a column that is there twice does no harm.
    #[test]
    fn the_rest_is_orthogonal() {
        let (rows, count) = (150, 9);
        let mut columns: Vec<f64> = (0..rows * count)
            .map(|k| ((k * 7919 + 13) % 1009) as f64 / 1009.0 - 0.5)
            .collect();
        let twin = columns[..rows].to_vec();
        columns[5 * rows..6 * rows].copy_from_slice(&twin);
        let r: Vec<f64> = (0..rows).map(|k| ((k * 31) % 17) as f64 - 8.0).collect();
        let x = solver(&columns, rows, count).solve(&r);
        let mut rest = r.clone();
        for k in 0..count {
            for row in 0..rows {
                rest[row] += x[k] * columns[k * rows + row];
            }
        }
        assert!(dot(&rest, &rest) < dot(&r, &r));
        for column in columns.chunks_exact(rows) {
            assert!(dot(column, &rest).abs() < 1e-9 * dot(&r, &r));
        }
        assert!(x.iter().all(|x| x.abs() < 1e3));
    }

    #[test]
    fn what_is_not_a_number_is_not_factored() {
        let matrix = Panels::from_columns(&[1.0, f64::NAN, 0.0, 0.0], 2, 2);
        assert!(LeastSquares::new(matrix, &[2], 1).is_none());
    }
}
