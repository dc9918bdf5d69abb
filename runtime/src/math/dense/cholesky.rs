//! The Cholesky factor of a symmetric matrix, `A = UᵀU`, by rows of blocks:
//! `U_IJ = U_II⁻ᵀ·(A_IJ − Σ_{K<I} U_KIᵀ·U_KJ)`. All blocks of a row are independent.

use super::product::{Left, Right, Shape, Start, multiply};
use super::symmetric::{PANEL, Symmetric};
use rayon::prelude::*;

/// Terms of a sum that are subtracted before the next block, for the first-level cache.
const ROWS: usize = 3 * PANEL;

/// Multiply-adds that are worth a task of their own.
const TASK: usize = 1 << 18;

/// A Cholesky factor.
#[derive(Clone, Debug, Default)]
pub struct Factor {
    matrix: Symmetric,
}

impl Factor {
    /// Factors `A + λI`, where only the first `size` rows and columns of `A` count; `false` if it is not positive
    /// definite. The memory of an earlier factor is used again. Call it inside the thread pool.
    #[must_use]
    pub fn factor(&mut self, matrix: &Symmetric, size: usize, damping: f64) -> bool {
        matrix.damped_into(size, damping, &mut self.matrix);
        let panels = &mut self.matrix.panels;
        for row in 0..panels.len() {
            let (done, rest) = panels.split_at_mut(row);
            let Some((own, rest)) = rest.split_first_mut() else {
                break;
            };
            subtract(own, row, None);
            if !factor_block(&mut own[row * PANEL * PANEL..]) {
                return false;
            }
            let own = &*own;
            let work = (row + 1) * PANEL * PANEL * PANEL;
            rest.par_iter_mut()
                .with_min_len(TASK.div_ceil(work))
                .for_each(|panel| {
                    subtract(panel, row, Some(own));
                    solve_block(own, row, panel);
                });
            let _ = done;
        }
        true
    }

    /// Solves `UᵀU·x = b` in place.
    ///
    /// # Panics
    ///
    /// If `b` is not as long as the matrix.
    pub fn solve(&self, b: &mut [f64]) {
        assert_eq!(b.len(), self.matrix.size());
        let panels = &self.matrix.panels;
        let mut x = vec![0.0; panels.len() * PANEL];
        x[..b.len()].copy_from_slice(b);
        // Uᵀy = b: panel p holds the rows of Uᵀ that belong to its columns.
        for (number, panel) in panels.iter().enumerate() {
            let first = number * PANEL;
            let (known, own) = x.split_at_mut(first);
            for (row, y) in panel.chunks_exact(PANEL).zip(known.iter()) {
                for (target, u) in own.iter_mut().zip(row) {
                    *target -= u * y;
                }
            }
            let block = &panel[first * PANEL..];
            for row in 0..PANEL {
                let y = own[row] / block[row * PANEL + row];
                own[row] = y;
                for column in row + 1..PANEL {
                    own[column] -= block[row * PANEL + column] * y;
                }
            }
        }
        // Ux = y
        for (number, panel) in panels.iter().enumerate().rev() {
            let first = number * PANEL;
            let (above, own) = x.split_at_mut(first);
            let own = &mut own[..PANEL];
            let block = &panel[first * PANEL..];
            for row in (0..PANEL).rev() {
                let mut sum = own[row];
                for column in row + 1..PANEL {
                    sum -= block[row * PANEL + column] * own[column];
                }
                own[row] = sum / block[row * PANEL + row];
            }
            for (row, target) in panel.chunks_exact(PANEL).zip(above.iter_mut()) {
                // Three interleaved sums, the same on every machine.
                let mut sums = [0.0; 8];
                for (u, x) in row.chunks_exact(8).zip(own.chunks_exact(8)) {
                    for lane in 0..8 {
                        sums[lane] += u[lane] * x[lane];
                    }
                }
                *target -= sums.iter().sum::<f64>();
            }
        }
        b.copy_from_slice(&x[..b.len()]);
    }
}

/// `A_IJ − Σ_{K<I} U_KIᵀ·U_KJ` in block row `row` of a panel; `other` is panel I, or the panel itself.
fn subtract(panel: &mut [f64], row: usize, other: Option<&[f64]>) {
    let size = PANEL * PANEL;
    let (above, own) = panel.split_at_mut(row * size);
    let left = other.unwrap_or(above);
    for first in (0..row * PANEL).step_by(ROWS) {
        let inner = ROWS.min(row * PANEL - first);
        multiply(
            Shape {
                rows: PANEL,
                inner,
                columns: PANEL,
            },
            Left {
                values: &left[first * PANEL..],
                row: 1,
                step: PANEL,
            },
            Right {
                values: &above[first * PANEL..],
                step: PANEL,
            },
            Start::Subtract,
            &mut own[..size],
            PANEL,
        );
    }
}

/// The factor of a block on the diagonal.
fn factor_block(block: &mut [f64]) -> bool {
    for row in 0..PANEL {
        let (above, below) = block.split_at_mut((row + 1) * PANEL);
        let pivot = &mut above[row * PANEL..];
        // Also false where the element is not a number.
        let positive = pivot[row] > 0.0 && pivot[row].is_finite();
        if !positive {
            return false;
        }
        let root = pivot[row].sqrt();
        pivot[row] = root;
        for value in &mut pivot[row + 1..] {
            *value /= root;
        }
        for (other, target) in (row + 1..PANEL).zip(below.chunks_exact_mut(PANEL)) {
            let factor = pivot[other];
            for column in other..PANEL {
                target[column] -= factor * pivot[column];
            }
        }
    }
    true
}

/// `U_IJ = U_II⁻ᵀ·A_IJ`
fn solve_block(diagonal: &[f64], row: usize, panel: &mut [f64]) {
    let size = PANEL * PANEL;
    let diagonal = &diagonal[row * size..];
    let block = &mut panel[row * size..(row + 1) * size];
    for k in 0..PANEL {
        let (above, own) = block.split_at_mut(k * PANEL);
        let own = &mut own[..PANEL];
        for (i, above) in above.chunks_exact(PANEL).enumerate() {
            let factor = diagonal[i * PANEL + k];
            for (target, value) in own.iter_mut().zip(above) {
                *target -= factor * value;
            }
        }
        let pivot = diagonal[k * PANEL + k];
        for value in own {
            *value /= pivot;
        }
    }
}
