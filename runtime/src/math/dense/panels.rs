//! A tall matrix in the order in which its Gram matrix reads it.
//!
//! Blocks of up to 48 rows, one after the other; in each the panels of 24 columns; in each panel row after row. What
//! a block has fewer than 48 rows, and the last panel fewer than 24 columns, is zero.

use super::super::real::Real;
use super::block::{Left, Start, strip};
use super::rows::RowBlock;
use super::vector::{Vector, Work};
use rayon::prelude::*;

pub use super::symmetric::PANEL;

/// Rows of a block at most: two panels of this many rows stay in the first-level cache.
pub const ROWS: usize = 48;

/// Numbers of one panel of a block.
pub(super) const PANEL_SIZE: usize = ROWS * PANEL;

/// Panels that are worth a task of their own.
const TASK: usize = 4;

/// A matrix of rows that come in blocks.
#[derive(Clone, Debug, Default)]
pub struct Panels {
    columns: usize,
    rows: usize,
    /// First row and number of rows of each block.
    pub(super) blocks: Vec<(usize, usize)>,
    pub(super) values: Vec<f64>,
}

impl Panels {
    /// A matrix given column after column.
    #[must_use]
    pub fn from_columns(values: &[f64], rows: usize, columns: usize) -> Self {
        let mut matrix = Self::default();
        matrix.reshape(
            columns,
            (0..rows).step_by(ROWS).map(|first| ROWS.min(rows - first)),
        );
        let blocks = matrix.blocks.clone();
        for (mut block, (first, count)) in matrix.blocks_mut().into_iter().zip(blocks) {
            for column in 0..columns {
                block.write_column(0, column, &values[column * rows + first..][..count], 1.0);
            }
        }
        matrix
    }

    /// Changes the shape to blocks of so many rows each. What is in the matrix is unspecified where rows and columns
    /// are, and zero elsewhere.
    pub fn reshape(&mut self, columns: usize, rows: impl IntoIterator<Item = usize>) {
        let mut first = 0;
        let blocks: Vec<(usize, usize)> = rows
            .into_iter()
            .map(|count| {
                first += count;
                (first - count, count)
            })
            .collect();
        if self.columns == columns && self.blocks == blocks {
            return;
        }
        self.rows = first;
        self.columns = columns;
        self.blocks = blocks;
        self.values.clear();
        self.values
            .resize(self.blocks.len() * self.block_size(), 0.0);
    }

    /// Numbers of a block.
    pub(super) fn block_size(&self) -> usize {
        self.columns.div_ceil(PANEL) * PANEL_SIZE
    }

    /// Rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Columns.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// All blocks, open for writing.
    pub fn blocks_mut(&mut self) -> Vec<RowBlock<'_>> {
        let size = self.block_size().max(1);
        self.values.chunks_exact_mut(size).map(RowBlock).collect()
    }

    /// Copies a column.
    ///
    /// # Panics
    ///
    /// If there is no such column, or `target` is not as long as it.
    pub fn copy_column(&self, column: usize, target: &mut [f64]) {
        assert!(column < self.columns && target.len() == self.rows);
        for (block, &(first, count)) in self
            .values
            .chunks_exact(self.block_size())
            .zip(&self.blocks)
        {
            let panel = &block[column / PANEL * PANEL_SIZE + column % PANEL..];
            for (row, target) in target[first..first + count].iter_mut().enumerate() {
                *target = panel[row * PANEL];
            }
        }
    }

    /// The matrix with rows and columns exchanged, of the first `columns` columns.
    #[must_use]
    pub fn transposed(&self, columns: usize) -> Self {
        let mut values = vec![0.0; columns * self.rows];
        for (row_of_result, column) in (0..columns).zip(values.chunks_exact_mut(self.rows.max(1))) {
            self.copy_column(row_of_result, column);
        }
        // Column after column of this matrix is row after row of the other.
        let mut result = Self::default();
        result.reshape(
            self.rows,
            (0..columns)
                .step_by(ROWS)
                .map(|first| ROWS.min(columns - first)),
        );
        let blocks = result.blocks.clone();
        for (block, (first, count)) in result.blocks_mut().into_iter().zip(blocks) {
            for row in 0..count {
                let source = &values[(first + row) * self.rows..][..self.rows];
                for (panel, source) in source.chunks(PANEL).enumerate() {
                    let at = panel * PANEL_SIZE + row * PANEL;
                    block.0[at..at + source.len()].copy_from_slice(source);
                }
            }
        }
        result
    }

    /// `A·x` over the first `x.len()` columns. Call it inside the thread pool.
    #[must_use]
    pub fn times(&self, x: &[f64]) -> Vec<f64> {
        let mut padded = x.to_vec();
        padded.resize(x.len().div_ceil(PANEL) * PANEL, 0.0);
        let parts: Vec<[f64; ROWS]> = self
            .values
            .par_chunks_exact(self.block_size().max(1))
            .map(|block| {
                let mut sums = [0.0; ROWS];
                f64::run(Times {
                    block,
                    x: &padded,
                    sums: &mut sums,
                });
                sums
            })
            .collect();
        let mut result = Vec::with_capacity(self.rows);
        for (part, &(_, count)) in parts.iter().zip(&self.blocks) {
            result.extend_from_slice(&part[..count]);
        }
        result
    }

    /// `Aᵀ·x` for the first `columns` columns. Call it inside the thread pool.
    ///
    /// # Panics
    ///
    /// If `x` is not as long as a column.
    #[must_use]
    pub fn transposed_times(&self, columns: usize, x: &[f64]) -> Vec<f64> {
        assert_eq!(x.len(), self.rows);
        let mut result = vec![0.0; columns.div_ceil(PANEL) * PANEL];
        result
            .par_chunks_exact_mut(PANEL)
            .with_min_len(TASK)
            .enumerate()
            .for_each(|(panel, target)| {
                let blocks = self.values.chunks_exact(self.block_size());
                for (block, &(first, count)) in blocks.zip(&self.blocks) {
                    f64::run(Row {
                        x: &x[first..first + count],
                        panel: &block[panel * PANEL_SIZE..(panel + 1) * PANEL_SIZE],
                        target,
                    });
                }
            });
        result.truncate(columns);
        result
    }
}

/// `target += Σ x[r]·row[r]` over the rows of a panel.
struct Row<'a> {
    x: &'a [f64],
    panel: &'a [f64],
    target: &'a mut [f64],
}

impl Work<f64> for Row<'_> {
    #[inline(always)]
    fn run<V: Vector<Number = f64>>(self) {
        let left = Left {
            at: self.x.as_ptr(),
            row: 1,
            step: 1,
        };
        assert!(self.panel.len() >= self.x.len() * PANEL && self.target.len() == PANEL);
        // SAFETY: one row of `x`, as many rows of the panel, and one row of the target: asserted above.
        unsafe {
            let (right, target) = (self.panel.as_ptr(), self.target.as_mut_ptr());
            strip::<V>(1, self.x.len(), PANEL, left, right, target, Start::Add);
        }
    }
}

/// `sums[r] = Σ row[r]·x` over the rows of a block.
struct Times<'a> {
    block: &'a [f64],
    x: &'a [f64],
    sums: &'a mut [f64; ROWS],
}

impl Work<f64> for Times<'_> {
    #[inline(always)]
    fn run<V: Vector<Number = f64>>(self) {
        // Eight interleaved sums of each row, added up at the end.
        let mut lanes = [0.0; 8 * ROWS];
        let panels = self.block.chunks_exact(PANEL_SIZE);
        for (panel, x) in panels.zip(self.x.chunks_exact(PANEL)) {
            for (row, lanes) in panel.chunks_exact(PANEL).zip(lanes.chunks_exact_mut(8)) {
                for first in (0..8).step_by(V::LANES) {
                    // SAFETY: a row and `x` have three times eight numbers, `lanes` has eight.
                    unsafe {
                        let sums = lanes.as_mut_ptr().add(first);
                        let mut sum = V::load(sums);
                        for part in 0..3 {
                            let factor = V::load(x.as_ptr().add(8 * part + first));
                            let value = V::load(row.as_ptr().add(8 * part + first));
                            sum = value.multiply_add(factor, sum);
                        }
                        sum.store(sums);
                    }
                }
            }
        }
        for (sum, lanes) in self.sums.iter_mut().zip(lanes.chunks_exact(8)) {
            *sum = ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3]))
                + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]));
        }
    }
}
