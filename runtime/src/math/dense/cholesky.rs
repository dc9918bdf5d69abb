//! The Cholesky factor of a symmetric matrix, `A = UᵀU`, by rows of blocks:
//! `U_IJ = U_II⁻ᵀ·(A_IJ − Σ_{K<I} U_KIᵀ·U_KJ)`. All blocks of a row are independent.

use super::super::real::Real;
use super::block::{Left, Start, strip};
use super::symmetric::{PANEL, Symmetric};
use super::vector::{Vector, Work};
use rayon::prelude::*;

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
            let Some((own, rest)) = panels[row..].split_first_mut() else {
                break;
            };
            let size = PANEL * PANEL;
            let (above, diagonal) = own.split_at_mut(row * size);
            let diagonal = &mut diagonal[..size];
            f64::run(Block {
                left: above,
                above,
                own: diagonal,
                diagonal: None,
            });
            if !factor_block(diagonal) {
                return false;
            }
            let (above, diagonal) = (&*above, Diagonal::new(diagonal));
            let work = (row + 1) * size * PANEL;
            rest.par_iter_mut()
                .with_min_len(TASK.div_ceil(work))
                .for_each(|panel| {
                    let (other, own) = panel.split_at_mut(row * size);
                    f64::run(Block {
                        left: above,
                        above: other,
                        own: &mut own[..size],
                        diagonal: Some(&diagonal),
                    });
                });
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

/// A block of the factor: `A_IJ − Σ_{K<I} U_KIᵀ·U_KJ`, and `U_II⁻ᵀ` times it unless it is on the diagonal.
struct Block<'a> {
    /// `U_KI` for all `K`.
    left: &'a [f64],
    /// `U_KJ` for all `K`.
    above: &'a [f64],
    /// `A_IJ`
    own: &'a mut [f64],
    diagonal: Option<&'a Diagonal<'a>>,
}

/// `U_II`, and one over its diagonal.
struct Diagonal<'a> {
    block: &'a [f64],
    inverse: [f64; PANEL],
}

impl<'a> Diagonal<'a> {
    fn new(block: &'a [f64]) -> Self {
        let mut inverse = [0.0; PANEL];
        for (k, inverse) in inverse.iter_mut().enumerate() {
            *inverse = 1.0 / block[k * PANEL + k];
        }
        Self { block, inverse }
    }
}

impl Work<f64> for Block<'_> {
    #[inline(always)]
    fn run<V: Vector<Number = f64>>(self) {
        let inner = self.left.len() / PANEL;
        assert!(self.above.len() == self.left.len() && self.own.len() == PANEL * PANEL);
        let left = Left {
            at: self.left.as_ptr(),
            row: 1,
            step: PANEL,
        };
        let (right, own) = (self.above.as_ptr(), self.own.as_mut_ptr());
        // SAFETY: `inner` rows of both panels and a square, as asserted above.
        unsafe { strip::<V>(PANEL, inner, PANEL, left, right, own, Start::Subtract) };
        let Some(diagonal) = self.diagonal else {
            return;
        };
        for column in (0..PANEL).step_by(V::LANES) {
            for k in 0..PANEL {
                // SAFETY: rows of a square, at the columns of a register.
                unsafe {
                    let pivot = own.add(k * PANEL + column);
                    // The product with a zero rounds nothing away: `x·y + 0`.
                    let factor = V::splat(diagonal.inverse[k]);
                    let value = V::load(pivot).multiply_add(factor, V::splat(0.0));
                    value.store(pivot);
                    for i in k + 1..PANEL {
                        let target = own.add(i * PANEL + column);
                        let factor = V::splat(diagonal.block[k * PANEL + i]);
                        value
                            .subtract_product(factor, V::load(target))
                            .store(target);
                    }
                }
            }
        }
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
