//! Reverse sweeps: the gradient of the loss, products with the transposed Jacobian, the Jacobian itself.

use super::core::{Core, tiles};
use super::weights::Gradient;
use super::{Batch, Columns, Engine, Setting, with_core};
use crate::math::dense::gram::add_gram;
use crate::math::dense::panels::{Panels, ROWS};
use crate::math::dense::rows::RowBlock;
use crate::math::dense::symmetric::Symmetric;
use crate::math::real::Real;
use rayon::prelude::*;
use std::ops::Range;

/// Sums of gradients at most, each over as many tiles: fixed, so that bits do not depend on the number of threads,
/// nor memory on the number of points.
const SUMS: usize = 32;

/// Blocks of the Jacobian that exist at a time where it is not stored.
const SLAB: usize = 8;

/// One expression of a batch on the points of one tile.
struct Part {
    /// The first row of the batch in the Jacobian.
    first_row: usize,
    /// The points of the batch.
    points: usize,
    /// The points of the tile.
    range: Range<usize>,
}

impl Part {
    /// The rows of an expression.
    fn rows(&self, output: usize) -> Range<usize> {
        let first = self.first_row + output * self.points;
        first + self.range.start..first + self.range.end
    }
}

impl Engine {
    /// The weighted sum of squares of all residuals, and its gradient.
    #[must_use]
    pub fn loss_and_gradient(
        &self,
        parameters: &[f64],
        uniforms: &[f64],
        batches: &[Batch<'_>],
    ) -> (f64, Vec<f64>) {
        // d(s²r²)/dr = 2 s² r
        let seed =
            |batch: &Batch<'_>, _: &Part, _, _, value| 2.0 * batch.scale * batch.scale * value;
        with_core!(self, core => self.reverse(core, parameters, uniforms, batches, seed))
    }

    /// `Jᵀ·v` for the Jacobian `J` of [`Self::residuals`], without computing it.
    ///
    /// # Panics
    ///
    /// If `v` is not as long as the residuals.
    #[must_use]
    pub fn vjp(
        &self,
        parameters: &[f64],
        uniforms: &[f64],
        batches: &[Batch<'_>],
        v: &[f64],
    ) -> Vec<f64> {
        assert_eq!(v.len(), self.row_count(batches));
        let seed = |batch: &Batch<'_>, part: &Part, output, point, _| {
            batch.scale * v[part.rows(output).start + point]
        };
        with_core!(self, core => self.reverse(core, parameters, uniforms, batches, seed)).1
    }

    /// The loss, and the gradient of a sum over points whose derivatives by the expressions are given by `seed`: a
    /// function of batch, part, number of the expression, number of the point in the part, value of the expression.
    fn reverse<R: Real>(
        &self,
        core: &Core<R>,
        parameters: &[f64],
        uniforms: &[f64],
        batches: &[Batch<'_>],
        seed: impl Fn(&Batch<'_>, &Part, usize, usize, f64) -> f64 + Sync,
    ) -> (f64, Vec<f64>) {
        let parts = self.parts(batches, core.tile);
        let setting = self.setting(core, parameters, uniforms);
        // Tiles of one batch follow each other; a sum may span two of them.
        let partial: Vec<(f64, Gradient<R>)> = self.with_threads(|| {
            parts
                .par_chunks(parts.len().div_ceil(SUMS).max(1))
                .map(|parts| {
                    let mut gradient = Gradient::zero(&self.program().network);
                    let mut loss = 0.0;
                    for (batch, part) in parts {
                        let points = part.range.len();
                        self.with_tile(&setting, batch.block, points, |tile| {
                            tile.forward(&setting.weights, batch.points, part.range.clone());
                            loss += tile.sum_of_squares(points, batch.scale);
                            tile.seed(points, |output, point, value| {
                                seed(batch, part, output, point, value)
                            });
                            tile.backward_sum(&setting.weights, &mut gradient);
                        });
                    }
                    (loss, gradient)
                })
                .collect()
        });
        let mut loss = 0.0;
        let mut gradient = vec![0.0; parameters.len()];
        for (part, part_gradient) in partial {
            loss += part;
            part_gradient.add_to(&mut gradient);
        }
        (loss, gradient)
    }

    /// All tiles of all batches.
    fn parts<'a>(&self, batches: &[Batch<'a>], tile: usize) -> Vec<(Batch<'a>, Part)> {
        let mut parts = Vec::new();
        let mut first_row = 0;
        for batch in batches {
            let points = batch.points.len();
            parts.extend(tiles(0..points, tile).into_iter().map(|range| {
                let part = Part {
                    first_row,
                    points,
                    range,
                };
                (*batch, part)
            }));
            first_row += points * self.block(batch.block).output_count();
            self.count(points);
        }
        parts
    }

    /// The Jacobian of [`Self::residuals`] by the parameters, with the residuals themselves as one more
    /// column at the end: `rows × (parameters + 1)`.
    pub fn jacobian(
        &self,
        parameters: &[f64],
        uniforms: &[f64],
        batches: &[Batch<'_>],
        jacobian: &mut Columns,
    ) {
        let mut panels = Panels::default();
        self.jacobian_panels(parameters, uniforms, batches, &mut panels);
        jacobian.copy_from(&panels);
    }

    /// The same matrix in the order that its Gram matrix is computed from.
    pub fn jacobian_panels(
        &self,
        parameters: &[f64],
        uniforms: &[f64],
        batches: &[Batch<'_>],
        jacobian: &mut Panels,
    ) {
        self.jacobian_of(parameters.len(), parameters, uniforms, batches, jacobian);
    }

    /// The same by the first `columns` numbers that backward steps write derivatives by: all parameters, unless the
    /// program has been changed to have the derivatives by some of them only, at places of their own.
    pub fn jacobian_of(
        &self,
        columns: usize,
        parameters: &[f64],
        uniforms: &[f64],
        batches: &[Batch<'_>],
        jacobian: &mut Panels,
    ) {
        let whole: Vec<_> = batches
            .iter()
            .map(|batch| (*batch, 0..batch.points.len()))
            .collect();
        for batch in batches {
            self.count(batch.points.len());
        }
        with_core!(self, core => {
            let setting = self.setting(core, parameters, uniforms);
            self.write_panels(&setting, columns, &whole, jacobian);
        });
    }

    /// The Gram matrix of [`Self::jacobian_panels`], `JᵀJ` bordered by `Jᵀr` and `rᵀr`, without storing the Jacobian:
    /// memory does not depend on the number of points.
    #[must_use]
    pub fn gram(&self, parameters: &[f64], uniforms: &[f64], batches: &[Batch<'_>]) -> Symmetric {
        let mut result = Symmetric::zero(parameters.len() + 1);
        let mut panels = Panels::default();
        with_core!(self, core => {
            let setting = self.setting(core, parameters, uniforms);
            for batch in batches {
                let points = batch.points.len();
                self.count(points);
                for range in tiles(0..points, SLAB * ROWS) {
                    self.write_panels(&setting, parameters.len(), &[(*batch, range)], &mut panels);
                    self.with_threads(|| add_gram(&panels, &mut result));
                }
            }
        });
        result
    }

    /// The Jacobian by so many parameters at some points of batches, and residuals.
    fn write_panels<R: Real>(
        &self,
        setting: &Setting<'_, R>,
        parameters: usize,
        batches: &[(Batch<'_>, Range<usize>)],
        jacobian: &mut Panels,
    ) {
        let rows = batches.iter().flat_map(|(batch, range)| {
            let outputs = self.block(batch.block).output_count();
            (0..outputs).flat_map(|_| {
                tiles(range.clone(), ROWS)
                    .into_iter()
                    .map(|range| range.len())
            })
        });
        jacobian.reshape(parameters + 1, rows);
        // Tiles write one block for each expression. Blocks lie in the order of the residuals.
        let mut blocks = jacobian.blocks_mut().into_iter();
        let mut work: Vec<(Batch<'_>, Range<usize>, Vec<RowBlock<'_>>)> = Vec::new();
        for (batch, range) in batches {
            let first = work.len();
            work.extend(
                tiles(range.clone(), ROWS)
                    .into_iter()
                    .map(|range| (*batch, range, Vec::new())),
            );
            for _ in 0..self.block(batch.block).output_count() {
                for ((_, _, own), block) in work[first..].iter_mut().zip(&mut blocks) {
                    own.push(block);
                }
            }
        }
        self.with_threads(|| {
            work.into_par_iter().for_each(|(batch, rows, mut blocks)| {
                for range in tiles(rows.clone(), setting.core.tile) {
                    let first = range.start - rows.start;
                    self.write_rows(setting, parameters, &batch, range, first, &mut blocks);
                }
                for block in &mut blocks {
                    block.clear_from(rows.len());
                }
            });
        });
    }

    /// The rows of one tile, from `first` on, in the block of each expression.
    fn write_rows<R: Real>(
        &self,
        setting: &Setting<'_, R>,
        parameters: usize,
        batch: &Batch<'_>,
        range: Range<usize>,
        first: usize,
        blocks: &mut [RowBlock<'_>],
    ) {
        let points = range.len();
        self.with_tile(setting, batch.block, points, |tile| {
            tile.forward(&setting.weights, batch.points, range);
            for (wanted, block) in blocks.iter_mut().enumerate() {
                if first == 0 && !tile.writes_all(parameters) {
                    block.clear();
                }
                tile.seed(
                    points,
                    |output, _, _| {
                        if output == wanted { batch.scale } else { 0.0 }
                    },
                );
                tile.backward_rows(&setting.weights, first, block);
                let residuals = &tile.output(wanted)[..points];
                block.write_column(first, parameters, residuals, batch.scale);
            }
        });
    }
}
