//! Shift and invert: the states whose eigenvalues are nearest to where the search begins.
//!
//! * Input: images of a state under `T = (L − E₀)⁻¹`, one after the other, as coefficients and as values at points.
//! * Output: eigenvalues of `T` with their states, the largest first.
//! * Method: Arnoldi's, with the mean square over the points as the inner product: coefficients of features that are nearly
//!   dependent say nothing of lengths and angles. Every vector is made orthogonal twice.

use super::eigenvalues::{null_vector, real_eigenvalues};
use crate::optimise::dot;

/// What is left of a vector that lies in the space already.
const NOTHING: f64 = 1e-9;

/// A pair with a larger residual, relative to its eigenvalue, has not converged.
const CONVERGED: f64 = 1e-3;

/// A function: its coefficients, and its values at the points.
#[derive(Clone, Debug, Default)]
pub(super) struct Vector {
    /// The coefficients of features.
    pub(super) coefficients: Vec<f64>,
    /// The values, scaled such that the sum of their squares is the integral of the square.
    pub(super) values: Vec<f64>,
}

impl Vector {
    /// Adds a multiple of another.
    pub(super) fn add(&mut self, factor: f64, other: &Self) {
        let add = |to: &mut [f64], from: &[f64]| {
            for (to, from) in to.iter_mut().zip(from) {
                *to += factor * from;
            }
        };
        add(&mut self.coefficients, &other.coefficients);
        add(&mut self.values, &other.values);
    }

    /// Multiplies it.
    pub(super) fn scale(&mut self, factor: f64) {
        let all = self.coefficients.iter_mut().chain(&mut self.values);
        all.for_each(|it| *it *= factor);
    }

    /// The root of the integral of its square.
    pub(super) fn length(&self) -> f64 {
        dot(&self.values, &self.values).sqrt()
    }
}

/// An eigenvalue of `T` with its state, of length one.
#[derive(Clone, Debug)]
pub(super) struct Pair {
    /// The eigenvalue.
    pub(super) eigenvalue: f64,
    /// The state.
    pub(super) state: Vector,
}

/// The space of the images so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Space {
    basis: Vec<Vector>,
    /// The image of each vector of the basis but the last, in the basis.
    images: Vec<Vec<f64>>,
}

impl Space {
    /// Begins with a vector. None where it is zero or not a number.
    pub(super) fn new(mut first: Vector) -> Option<Self> {
        let length = first.length();
        let usable = length > 0.0 && length.is_finite();
        usable.then(|| {
            first.scale(1.0 / length);
            Self {
                basis: vec![first],
                images: Vec::new(),
            }
        })
    }

    /// The vector whose image is wanted next; none where the space is closed.
    pub(super) fn last(&self) -> Option<&Vector> {
        self.basis.get(self.images.len())
    }

    /// Takes the image of the last vector.
    pub(super) fn push(&mut self, mut image: Vector) {
        let before = image.length();
        let mut column = vec![0.0; self.basis.len()];
        for _ in 0..2 {
            for (entry, vector) in column.iter_mut().zip(&self.basis) {
                let part = dot(&image.values, &vector.values);
                image.add(-part, vector);
                *entry += part;
            }
        }
        let rest = image.length();
        column.push(rest);
        self.images.push(column);
        if rest > NOTHING * before && rest.is_finite() {
            image.scale(1.0 / rest);
            self.basis.push(image);
        }
    }

    /// The real eigenvalues that are known well, the largest first, with their states.
    pub(super) fn pairs(&self) -> Vec<Pair> {
        let count = self.images.len();
        let element = |row: usize, column: usize| -> f64 {
            let image = self.images.get(column);
            image.and_then(|it| it.get(row)).copied().unwrap_or(0.0)
        };
        let matrix: Vec<Vec<f64>> = (0..count)
            .map(|row| (0..count).map(|column| element(row, column)).collect())
            .collect();
        if count == 0 || matrix.iter().flatten().any(|it| !it.is_finite()) {
            return Vec::new();
        }
        let rest = element(count, count - 1);
        let mut real = real_eigenvalues(matrix.clone());
        real.sort_by(|a, b| b.abs().total_cmp(&a.abs()).then(b.total_cmp(a)));
        real.dedup();
        let mut pairs = Vec::new();
        for eigenvalue in real {
            let mut shifted = matrix.clone();
            for (row, line) in shifted.iter_mut().enumerate() {
                line[row] -= eigenvalue;
            }
            let Some(weights) = null_vector(&shifted) else {
                continue;
            };
            let last = weights.last().copied().unwrap_or(0.0);
            if (rest * last).abs() > CONVERGED * eigenvalue.abs() {
                continue;
            }
            let mut state = Vector::default();
            for (weight, vector) in weights.iter().zip(&self.basis) {
                if state.values.is_empty() {
                    state = vector.clone();
                    state.scale(*weight);
                } else {
                    state.add(*weight, vector);
                }
            }
            pairs.push(Pair { eigenvalue, state });
        }
        pairs
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a test may fail

    use super::*;

    fn space(matrix: &[Vec<f64>], steps: usize) -> Space {
        let size = matrix.len();
        let first = Vector {
            coefficients: Vec::new(),
            values: (0..size).map(|k| 1.0 / (1.0 + k as f64)).collect(),
        };
        let mut space = Space::new(first).unwrap();
        for _ in 0..steps {
            let Some(last) = space.last() else {
                break;
            };
            let values = matrix.iter().map(|row| dot(row, &last.values)).collect();
            space.push(Vector {
                coefficients: Vec::new(),
                values,
            });
        }
        space
    }

    /// Of a triangular matrix the eigenvalues are on the diagonal; it is not symmetric.
    #[test]
    fn the_largest_eigenvalues_of_a_matrix() {
        let size = 60;
        let matrix: Vec<Vec<f64>> = (0..size)
            .map(|row| {
                let entry = |column: usize| match column.cmp(&row) {
                    std::cmp::Ordering::Less => 0.0,
                    std::cmp::Ordering::Equal => (-0.3 * row as f64).exp(),
                    std::cmp::Ordering::Greater => 0.05 / (1.0 + (column - row) as f64).powi(2),
                };
                (0..size).map(entry).collect()
            })
            .collect();
        let pairs = space(&matrix, 40).pairs();
        for (number, pair) in pairs.iter().take(4).enumerate() {
            let exact = (-0.3 * number as f64).exp();
            assert!((pair.eigenvalue - exact).abs() < 1e-8, "{pair:?}");
            let state = &pair.state.values;
            for (row, value) in matrix.iter().zip(state) {
                assert!((dot(row, state) - exact * value).abs() < 1e-7);
            }
        }
    }

    /// Rotations have no real eigenvalues; a space that closes says all there is.
    #[test]
    fn complex_eigenvalues_are_left_out() {
        let matrix = vec![
            vec![0.0, -1.0, 0.0],
            vec![1.0, 0.0, 0.0],
            vec![0.0, 0.0, 0.5],
        ];
        let pairs = space(&matrix, 10).pairs();
        assert_eq!(pairs.len(), 1);
        assert!((pairs[0].eigenvalue - 0.5).abs() < 1e-12);
        assert!((pairs[0].state.values[2].abs() - 1.0).abs() < 1e-12);
    }
}
