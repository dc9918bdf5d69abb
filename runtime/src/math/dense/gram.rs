//! `AᵀA` of a tall matrix.

use super::super::real::Real;
use super::block::{Left, Start, strip};
use super::panels::{PANEL_SIZE, Panels};
use super::symmetric::{PANEL, Symmetric};
use super::vector::{Vector, Work};
use rayon::prelude::*;

/// The upper triangle of `AᵀA`. Call it inside the thread pool.
#[must_use]
pub fn gram(matrix: &Panels) -> Symmetric {
    let mut result = Symmetric::zero(matrix.columns());
    add_gram(matrix, &mut result);
    result
}

/// `G += AᵀA` for the upper triangle. Call it inside the thread pool.
///
/// Every element is one chain over the rows, so that its bits depend neither on the number of threads nor on how the
/// rows were cut into matrices.
///
/// # Panics
///
/// If the sizes differ.
pub fn add_gram(matrix: &Panels, result: &mut Symmetric) {
    assert_eq!(matrix.columns(), result.size());
    let columns = matrix.columns();
    let blocks: Vec<(&[f64], usize)> = matrix
        .values
        .chunks_exact(matrix.block_size().max(1))
        .zip(matrix.blocks.iter().map(|&(_, rows)| rows))
        .collect();
    // A share has panels of both ends of the triangle: about the same work for all.
    let threads = rayon::current_num_threads();
    let count = if threads == 1 { 1 } else { 2 * threads };
    let mut shares: Vec<Vec<(usize, &mut [f64])>> = (0..count).map(|_| Vec::new()).collect();
    for (number, panel) in result.panels.iter_mut().enumerate() {
        let (round, place) = (number / count, number % count);
        let share = if round % 2 == 0 {
            place
        } else {
            count - 1 - place
        };
        shares[share].push((number, panel));
    }
    shares.into_par_iter().with_max_len(1).for_each(|panels| {
        f64::run(Share {
            blocks: &blocks,
            columns,
            panels,
        });
    });
}

/// Some panels of the result. A block of rows stays in the second-level cache until all of them have read it.
struct Share<'a> {
    blocks: &'a [(&'a [f64], usize)],
    columns: usize,
    panels: Vec<(usize, &'a mut [f64])>,
}

impl Work<f64> for Share<'_> {
    #[inline(always)]
    fn run<V: Vector<Number = f64>>(mut self) {
        for (block, inner) in self.blocks {
            let panel = |number: usize| block[number * PANEL_SIZE..][..inner * PANEL].as_ptr();
            for (number, target) in &mut self.panels {
                let columns = PANEL.min(self.columns - *number * PANEL);
                let targets = target.chunks_exact_mut(PANEL * PANEL).take(*number + 1);
                for (other, target) in targets.enumerate() {
                    let left = Left {
                        at: panel(other),
                        row: 1,
                        step: PANEL,
                    };
                    let (right, target) = (panel(*number), target.as_mut_ptr());
                    // SAFETY: `panel` has cut `inner` rows, and a target is a square.
                    unsafe {
                        strip::<V>(PANEL, *inner, columns, left, right, target, Start::Add);
                    }
                }
            }
        }
    }
}
