//! Least squares where every row has a few columns only.
//!
//! * Input: a matrix for each cell, and where its columns are among all.
//! * Output: the smallest `‖A·x + r‖`, as [`LeastSquares`](crate::optimise::least_squares) finds it for a full matrix: columns
//!   of unit length, the Cholesky factor of the Gram matrix, then conjugate gradients on the residual with it.
//! * Invariants: sums over cells are taken in their order, so that the bits do not depend on threads. Call everything inside
//!   the thread pool.

use crate::engine::Panels;
use crate::math::dense::gram::gram;
use crate::optimise::dot;
use rayon::prelude::*;

/// Rounding error of an element of the Gram matrix of unit columns.
const ROUNDING: f64 = 2.2e-16;

/// `λ` grows by this until the matrix can be factored.
const INCREASE: f64 = 10.0;

/// More damping than this is of no use.
const MOST_DAMPING: f64 = 1e-4;

/// Iterations of conjugate gradients.
const ITERATIONS: usize = 12;

/// They end when one lowers the residual by less than this.
const WORTHWHILE: f64 = 0.97;

/// The rows of a cell.
pub struct Rows {
    /// The matrix; further columns are not looked at.
    pub matrix: Panels,
    /// Where each column is among all unknowns; none where it is none of them.
    pub places: Vec<Option<usize>>,
}

/// A matrix factored once, for any right-hand side.
pub struct Sparse {
    rows: Vec<Rows>,
    /// The unknowns in the order of elimination.
    order: Vec<usize>,
    /// The reciprocal length of each column.
    scale: Vec<f64>,
    factor: Envelope,
}

impl Sparse {
    /// Factors a matrix. `order` is the order in which unknowns are eliminated. None if it is not finite.
    pub fn new(rows: Vec<Rows>, order: &[usize]) -> Option<Self> {
        let count = order.len();
        let mut position = vec![0; count];
        for (at, &unknown) in order.iter().enumerate() {
            position[unknown] = at;
        }
        let grams: Vec<_> = rows.par_iter().map(|own| gram(&own.matrix)).collect();
        let mut squares = vec![0.0; count];
        let mut first: Vec<usize> = (0..count).collect();
        for (own, gram) in rows.iter().zip(&grams) {
            let least = own
                .places
                .iter()
                .flatten()
                .map(|&place| position[place])
                .min();
            for (column, place) in own.places.iter().enumerate() {
                if let (Some(place), Some(least)) = (*place, least) {
                    squares[place] += gram.at(column, column);
                    let at = position[place];
                    first[at] = first[at].min(least);
                }
            }
        }
        if !squares.iter().all(|square| square.is_finite()) {
            return None;
        }
        let scale: Vec<f64> = squares
            .iter()
            .map(|&square| {
                if square > 0.0 {
                    1.0 / square.sqrt()
                } else {
                    1.0
                }
            })
            .collect();
        let mut whole = Envelope::zero(first);
        for (own, gram) in rows.iter().zip(&grams) {
            for (column, place) in own.places.iter().enumerate() {
                let Some(place) = *place else { continue };
                for (other, with) in own.places[..=column].iter().enumerate() {
                    let Some(with) = *with else { continue };
                    let value = gram.at(other, column) * scale[place] * scale[with];
                    whole.add(position[place], position[with], value);
                }
            }
        }
        #[allow(clippy::cast_precision_loss)] // a count
        let mut damping = ROUNDING * count as f64;
        let factor = loop {
            if let Some(factor) = whole.factored(damping) {
                break factor;
            }
            damping *= INCREASE;
            if damping.is_nan() || damping > MOST_DAMPING {
                return None;
            }
        };
        Some(Self {
            rows,
            order: order.to_vec(),
            scale,
            factor,
        })
    }

    /// `(AᵀA + λI)⁻¹·b`.
    fn precondition(&self, b: &[f64]) -> Vec<f64> {
        let ordered: Vec<f64> = self.order.iter().map(|&unknown| b[unknown]).collect();
        let solved = self.factor.solve(&ordered);
        let mut x = vec![0.0; b.len()];
        for (&unknown, value) in self.order.iter().zip(solved) {
            x[unknown] = value;
        }
        x
    }

    /// `A·x` with unit columns, cell after cell.
    fn times(&self, x: &[f64]) -> Vec<f64> {
        let parts: Vec<Vec<f64>> = self
            .rows
            .par_iter()
            .map(|own| {
                let places = own.places.iter();
                let local: Vec<f64> = places
                    .map(|place| place.map_or(0.0, |at| self.scale[at] * x[at]))
                    .collect();
                own.matrix.times(&local)
            })
            .collect();
        parts.concat()
    }

    /// `Aᵀ·r`.
    fn transposed_times(&self, r: &[f64]) -> Vec<f64> {
        let mut starts = Vec::with_capacity(self.rows.len());
        let mut start = 0;
        for own in &self.rows {
            starts.push(start);
            start += own.matrix.rows();
        }
        let parts: Vec<Vec<f64>> = self
            .rows
            .par_iter()
            .zip(&starts)
            .map(|(own, &start)| {
                let r = &r[start..start + own.matrix.rows()];
                own.matrix.transposed_times(own.places.len(), r)
            })
            .collect();
        let mut result = vec![0.0; self.order.len()];
        for (own, part) in self.rows.iter().zip(parts) {
            for (place, value) in own.places.iter().zip(part) {
                if let Some(at) = *place {
                    result[at] += self.scale[at] * value;
                }
            }
        }
        result
    }

    /// The `x` with the smallest `‖A·x + r‖`, as far as that can be known, and the `‖A·x + r‖²` that it leaves.
    pub fn solve(&self, r: &[f64]) -> (Vec<f64>, f64) {
        let mut x = vec![0.0; self.order.len()];
        let mut rest: Vec<f64> = r.iter().map(|r| -r).collect();
        let mut size = dot(&rest, &rest);
        let mut best = (size, x.clone());
        let mut direction: Vec<f64> = Vec::new();
        let mut last = 0.0;
        for _ in 0..ITERATIONS {
            let slope = self.transposed_times(&rest);
            let step = self.precondition(&slope);
            let along = dot(&slope, &step);
            let positive = along > 0.0 && along.is_finite();
            if !positive {
                break;
            }
            if direction.is_empty() {
                direction = step;
            } else {
                let keep = along / last;
                for (direction, step) in direction.iter_mut().zip(step) {
                    *direction = step + keep * *direction;
                }
            }
            last = along;
            let image = self.times(&direction);
            let curvature = dot(&image, &image);
            let positive = curvature > 0.0 && curvature.is_finite();
            if !positive {
                break;
            }
            let length = along / curvature;
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
            if now > WORTHWHILE * WORTHWHILE * size {
                break;
            }
            size = now;
        }
        let (size, mut x) = best;
        for (x, scale) in x.iter_mut().zip(&self.scale) {
            *x *= scale;
        }
        (x, size)
    }
}

/// The lower half of a symmetric matrix, from the first number of each row that is not zero on.
struct Envelope {
    first: Vec<usize>,
    rows: Vec<Vec<f64>>,
}

impl Envelope {
    fn zero(first: Vec<usize>) -> Self {
        let rows = first.iter().enumerate();
        let rows = rows
            .map(|(row, first)| vec![0.0; row + 1 - first])
            .collect();
        Self { first, rows }
    }

    fn add(&mut self, a: usize, b: usize, value: f64) {
        let (row, column) = if a < b { (b, a) } else { (a, b) };
        self.rows[row][column - self.first[row]] += value;
    }

    /// The factor `L` of `A + λI = L·Lᵀ`; none if it is not positive definite.
    fn factored(&self, damping: f64) -> Option<Self> {
        let mut rows: Vec<Vec<f64>> = Vec::with_capacity(self.rows.len());
        for (row, values) in self.rows.iter().enumerate() {
            let first = self.first[row];
            let mut own = values.clone();
            for column in first..row {
                let other = &rows[column];
                let from = first.max(self.first[column]);
                let known = dot(
                    &own[from - first..column - first],
                    &other[from - self.first[column]..column - self.first[column]],
                );
                let diagonal = other[column - self.first[column]];
                own[column - first] = (own[column - first] - known) / diagonal;
            }
            let square = dot(&own[..row - first], &own[..row - first]);
            let diagonal = own[row - first] + damping - square;
            if !(diagonal > 0.0 && diagonal.is_finite()) {
                return None;
            }
            own[row - first] = diagonal.sqrt();
            rows.push(own);
        }
        Some(Self {
            first: self.first.clone(),
            rows,
        })
    }

    /// Solves `L·Lᵀ·x = b`.
    fn solve(&self, b: &[f64]) -> Vec<f64> {
        let mut x = b.to_vec();
        for (row, values) in self.rows.iter().enumerate() {
            let first = self.first[row];
            let (own, diagonal) = values.split_at(row - first);
            let known = dot(own, &x[first..row]);
            x[row] = (x[row] - known) / diagonal[0];
        }
        for (row, values) in self.rows.iter().enumerate().rev() {
            let first = self.first[row];
            let (own, diagonal) = values.split_at(row - first);
            x[row] /= diagonal[0];
            let value = x[row];
            for (x, own) in x[first..row].iter_mut().zip(own) {
                *x -= value * own;
            }
        }
        x
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a test may fail

    use super::*;
    use crate::math::dense::panels::ROWS;
    use crate::optimise::least_squares::LeastSquares;

    /// Three cells of which each sees two of four groups of unknowns, and one column that is nobody's: the same as a full
    /// matrix with zeros.
    #[test]
    fn cells_are_parts_of_one_matrix() {
        let (rows, group) = (30, 5);
        let value = |k: usize| ((k * 7919 + 13) % 1009) as f64 / 1009.0 - 0.5;
        let mut full = vec![0.0; 4 * group * 3 * rows];
        let mut cells = Vec::new();
        for cell in 0..3 {
            let mut own = Vec::new();
            let mut places = Vec::new();
            for column in 0..2 * group {
                let place = cell * group + column;
                let values: Vec<f64> = (0..rows)
                    .map(|row| value(row + rows * (column + 2 * group * cell)))
                    .collect();
                full[place * 3 * rows + cell * rows..][..rows].copy_from_slice(&values);
                own.extend(values);
                places.push(Some(place));
            }
            own.extend(vec![3.0; rows]);
            places.push(None);
            cells.push(Rows {
                matrix: Panels::from_columns(&own, rows, 2 * group + 1),
                places,
            });
        }
        let r: Vec<f64> = (0..3 * rows).map(|k| value(31 * k + 5)).collect();
        // From the other end, as well as any.
        let order: Vec<usize> = (0..4 * group).rev().collect();
        let (x, rest) = Sparse::new(cells, &order).unwrap().solve(&r);
        full.extend(vec![0.0; 3 * rows]);
        let matrix = Panels::from_columns(&full, 3 * rows, 4 * group + 1);
        let blocks = (0..3 * rows).step_by(ROWS).map(|k| ROWS.min(3 * rows - k));
        let blocks: Vec<usize> = blocks.collect();
        let expected = LeastSquares::new(matrix, &blocks, 4 * group).unwrap();
        let (expected, expected_rest) = expected.solve_to(&r, 5);
        for (x, expected) in x.iter().zip(expected) {
            assert!((x - expected).abs() < 1e-10, "{x} {expected}");
        }
        assert!((rest - expected_rest).abs() < 1e-10 * expected_rest);
    }

    #[test]
    fn what_is_not_a_number_is_not_factored() {
        let matrix = Panels::from_columns(&[1.0, f64::NAN], 2, 1);
        let rows = Rows {
            matrix,
            places: vec![Some(0)],
        };
        assert!(Sparse::new(vec![rows], &[0]).is_none());
    }
}
