//! Dense algebra of the normal equations: `JᵀJ` on all threads, Cholesky, products with `J`.
//!
//! Work is cut into blocks that depend on nothing but the shape, and each block is computed by one thread,
//! so that the bits do not depend on the number of threads.

use crate::engine::Columns;
use faer::linalg::matmul::matmul;
use faer::linalg::solvers::{Llt, Solve};
use faer::{Accum, Col, Mat, MatRef, Par, Side};
use rayon::prelude::*;

/// Columns of a block of the Gram matrix.
const BLOCK: usize = 96;

/// Rows that one thread multiplies at a time.
const ROWS: usize = 512;

/// The lower triangle of `AᵀA`. Call it inside the thread pool.
pub fn gram(a: &Columns) -> Mat<f64> {
    let view = MatRef::from_column_major_slice(&a.values, a.rows, a.columns);
    let starts: Vec<usize> = (0..a.columns).step_by(BLOCK).collect();
    let pairs: Vec<(usize, usize)> = starts
        .iter()
        .flat_map(|&row| {
            starts
                .iter()
                .filter(move |&&column| column <= row)
                .map(move |&column| (row, column))
        })
        .collect();
    let width = |start: usize| BLOCK.min(a.columns - start);
    let blocks: Vec<Mat<f64>> = pairs
        .par_iter()
        .map(|&(row, column)| {
            let mut block = Mat::zeros(width(row), width(column));
            matmul(
                block.as_mut(),
                Accum::Replace,
                view.subcols(row, width(row)).transpose(),
                view.subcols(column, width(column)),
                1.0,
                Par::Seq,
            );
            block
        })
        .collect();
    let mut gram = Mat::zeros(a.columns, a.columns);
    for (&(row, column), block) in pairs.iter().zip(&blocks) {
        gram.as_mut()
            .submatrix_mut(row, column, block.nrows(), block.ncols())
            .copy_from(block);
    }
    gram
}

/// `Aᵀx` for the first `columns` columns. Call it inside the thread pool.
pub fn transposed_times(a: &Columns, columns: usize, x: &[f64]) -> Vec<f64> {
    (0..columns)
        .into_par_iter()
        .with_min_len(32)
        .map(|column| dot(a.column(column), x))
        .collect()
}

/// `A·x` over the first `x.len()` columns. Call it inside the thread pool.
pub fn times(a: &Columns, x: &[f64]) -> Vec<f64> {
    let mut product = vec![0.0; a.rows];
    product
        .par_chunks_mut(ROWS)
        .enumerate()
        .for_each(|(chunk, target)| {
            let first = chunk * ROWS;
            for (column, &factor) in x.iter().enumerate() {
                let values = &a.column(column)[first..first + target.len()];
                for (sum, value) in target.iter_mut().zip(values) {
                    *sum += factor * value;
                }
            }
        });
    product
}

/// Σ a·b in eight interleaved sums: as fast as memory, and the same on every machine.
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut sums = [0.0; 8];
    let (a8, b8) = (a.chunks_exact(8), b.chunks_exact(8));
    let rest: f64 = a8
        .remainder()
        .iter()
        .zip(b8.remainder())
        .map(|(a, b)| a * b)
        .sum();
    for (a, b) in a8.zip(b8) {
        for lane in 0..8 {
            sums[lane] += a[lane] * b[lane];
        }
    }
    sums.iter().sum::<f64>() + rest
}

/// The Cholesky factor of `A + λI`, where `A` is the lower triangle of a symmetric matrix of which the
/// first `size` rows and columns count; `None` if it is not positive definite.
pub struct Damped(Llt<f64>);

impl Damped {
    /// Factors `A + λI`.
    pub fn factor(gram: &Mat<f64>, size: usize, damping: f64) -> Option<Self> {
        let mut damped = gram.submatrix(0, 0, size, size).to_owned();
        for index in 0..size {
            damped[(index, index)] += damping;
        }
        damped.llt(Side::Lower).ok().map(Self)
    }

    /// Solves `(A + λI)·x = b`.
    pub fn solve(&self, b: &[f64]) -> Vec<f64> {
        let mut x = Col::from_fn(b.len(), |index| b[index]);
        self.0.solve_in_place(x.as_mut());
        (0..b.len()).map(|index| x[index]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matrix(rows: usize, columns: usize) -> Columns {
        let values = (0..rows * columns)
            .map(|k| ((k * 7919 + 13) % 1009) as f64 / 1009.0 - 0.5)
            .collect();
        Columns {
            rows,
            columns,
            values,
        }
    }

    #[test]
    fn products_agree_with_their_definition() {
        let a = matrix(137, 101);
        let gram = gram(&a);
        for row in 0..101 {
            for column in 0..=row {
                let expected: f64 = (0..137)
                    .map(|k| a.column(row)[k] * a.column(column)[k])
                    .sum();
                assert!((gram[(row, column)] - expected).abs() < 1e-12);
            }
        }
        let x: Vec<f64> = (0..101).map(|k| f64::from(k) / 50.0 - 1.0).collect();
        let y = times(&a, &x);
        for row in 0..137 {
            let expected: f64 = (0..101).map(|k| a.column(k)[row] * x[k]).sum();
            assert!((y[row] - expected).abs() < 1e-12);
        }
        let z = transposed_times(&a, 101, &y);
        // ⟨Aᵀy, x⟩ = ⟨y, Ax⟩
        assert!((dot(&z, &x) - dot(&y, &y)).abs() < 1e-9);
    }

    #[test]
    fn damped_systems_are_solved() {
        let a = matrix(137, 40);
        let gram = gram(&a);
        let b: Vec<f64> = (0..40).map(|k| f64::from(k).sqrt()).collect();
        let x = Damped::factor(&gram, 40, 0.3).unwrap().solve(&b);
        let ax = times(&a, &x);
        let left = transposed_times(&a, 40, &ax);
        for k in 0..40 {
            assert!((left[k] + 0.3 * x[k] - b[k]).abs() < 1e-10);
        }
        assert!(Damped::factor(&gram, 40, -1e6).is_none());
    }
}
