//! `AᵀA` of a tall matrix.

use super::panels::{PANEL_SIZE, Panels};
use super::product::{Left, Right, Shape, Start, multiply};
use super::symmetric::{PANEL, Symmetric};
use rayon::prelude::*;

/// Panels of a block of the result, in each direction, which one thread computes: as many panels of rows are read
/// once for each, and stay in the second-level cache.
const GROUP: usize = 4;

/// The upper triangle of `AᵀA`. Call it inside the thread pool.
#[must_use]
pub fn gram(matrix: &Panels) -> Symmetric {
    let mut result = Symmetric::zero(matrix.columns());
    let panels = matrix.columns().div_ceil(PANEL);
    let groups = panels.div_ceil(GROUP);
    let pairs: Vec<(usize, usize)> = (0..groups)
        .flat_map(|right| (0..=right).map(move |left| (left, right)))
        .collect();
    let blocks: Vec<Vec<f64>> = pairs
        .par_iter()
        .with_max_len(1)
        .map(|&(left, right)| group(matrix, panels, left, right))
        .collect();
    let size = PANEL * PANEL;
    for ((left, right), block) in pairs.into_iter().zip(blocks) {
        for (part, values) in block.chunks_exact(size).enumerate() {
            let (i, j) = (left * GROUP + part / GROUP, right * GROUP + part % GROUP);
            if i <= j && j < panels {
                result.panels[j][i * size..(i + 1) * size].copy_from_slice(values);
            }
        }
    }
    result
}

/// The block of the result in which one group of panels meets another.
fn group(matrix: &Panels, panels: usize, left: usize, right: usize) -> Vec<f64> {
    let size = PANEL * PANEL;
    let mut sums = vec![0.0; GROUP * GROUP * size];
    let range = |group: usize| group * GROUP..panels.min((group + 1) * GROUP);
    let blocks = matrix.values.chunks_exact(panels * PANEL_SIZE);
    for (block, &(_, inner)) in blocks.zip(&matrix.blocks) {
        let panel = |panel: usize| &block[panel * PANEL_SIZE..(panel + 1) * PANEL_SIZE];
        for j in range(right) {
            for i in range(left).filter(|&i| i <= j) {
                let part = i % GROUP * GROUP + j % GROUP;
                let shape = Shape {
                    rows: PANEL,
                    inner,
                    columns: PANEL,
                };
                let left = Left {
                    values: panel(i),
                    row: 1,
                    step: PANEL,
                };
                let right = Right {
                    values: panel(j),
                    step: PANEL,
                };
                let sums = &mut sums[part * size..(part + 1) * size];
                multiply(shape, left, right, Start::Add, sums, PANEL);
            }
        }
    }
    sums
}
