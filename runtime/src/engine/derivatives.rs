//! Reverse sweeps: the gradient of the loss, products with the transposed Jacobian, the Jacobian itself.

use super::{Batch, Columns, Engine, tiles};
use crate::math::dense::panels::{Panels, RowBlock};
use rayon::prelude::*;
use std::ops::Range;

/// Sums of gradients at most, each over as many tiles: fixed, so that bits do not depend on the number of threads,
/// nor memory on the number of points.
const SUMS: usize = 32;

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
        self.reverse(
            parameters,
            uniforms,
            batches,
            |batch, _, _, values, cotangents| {
                // d(s²r²)/dr = 2 s² r
                let factor = 2.0 * batch.scale * batch.scale;
                for (cotangent, value) in cotangents.iter_mut().zip(values) {
                    *cotangent = factor * value;
                }
            },
        )
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
        let seed = |batch: &Batch<'_>, part: &Part, output, _: &[f64], cotangents: &mut [f64]| {
            for (cotangent, v) in cotangents.iter_mut().zip(&v[part.rows(output)]) {
                *cotangent = batch.scale * v;
            }
        };
        self.reverse(parameters, uniforms, batches, seed).1
    }

    /// The loss, and the gradient of a sum over points whose derivatives by the expressions are given by `seed`: a
    /// function of batch, part, number of the expression, its values; it fills in the cotangents.
    fn reverse(
        &self,
        parameters: &[f64],
        uniforms: &[f64],
        batches: &[Batch<'_>],
        seed: impl Fn(&Batch<'_>, &Part, usize, &[f64], &mut [f64]) + Sync,
    ) -> (f64, Vec<f64>) {
        let parts = self.parts(batches);
        // Tiles of one batch follow each other; a sum may span two of them.
        let partial: Vec<(f64, Vec<f64>)> = self.with_threads(|| {
            parts
                .par_chunks(parts.len().div_ceil(SUMS).max(1))
                .map(|parts| {
                    let mut gradient = vec![0.0; parameters.len()];
                    let mut loss = 0.0;
                    for (batch, part) in parts {
                        let points = part.range.len();
                        self.with_tile(batch.block, uniforms, points, |tile| {
                            tile.forward(parameters, batch.points, part.range.clone());
                            loss += tile.sum_of_squares(points, batch.scale);
                            tile.seed(points, |output, values, cotangents| {
                                seed(batch, part, output, values, cotangents);
                            });
                            tile.backward_sum(parameters, &mut gradient);
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
            for (sum, term) in gradient.iter_mut().zip(part_gradient) {
                *sum += term;
            }
        }
        (loss, gradient)
    }

    /// All tiles of all batches.
    fn parts<'a>(&self, batches: &[Batch<'a>]) -> Vec<(Batch<'a>, Part)> {
        let mut parts = Vec::new();
        let mut first_row = 0;
        for batch in batches {
            let points = batch.points.len();
            parts.extend(tiles(points).into_iter().map(|range| {
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
        let rows = batches.iter().flat_map(|batch| {
            let outputs = self.block(batch.block).output_count();
            (0..outputs).flat_map(|_| {
                tiles(batch.points.len())
                    .into_iter()
                    .map(|range| range.len())
            })
        });
        jacobian.reshape(parameters.len() + 1, rows);
        // A tile writes one block for each expression. Blocks lie in the order of the residuals.
        let mut blocks = jacobian.blocks_mut().into_iter();
        let mut work: Vec<(Batch<'_>, Range<usize>, Vec<RowBlock<'_>>)> = Vec::new();
        for batch in batches {
            let first = work.len();
            work.extend(
                tiles(batch.points.len())
                    .into_iter()
                    .map(|range| (*batch, range, Vec::new())),
            );
            for _ in 0..self.block(batch.block).output_count() {
                for ((_, _, own), block) in work[first..].iter_mut().zip(&mut blocks) {
                    own.push(block);
                }
            }
            self.count(batch.points.len());
        }
        self.with_threads(|| {
            work.into_par_iter().for_each(|(batch, range, blocks)| {
                let points = range.len();
                self.with_tile(batch.block, uniforms, points, |tile| {
                    tile.forward(parameters, batch.points, range);
                    for (wanted, mut block) in blocks.into_iter().enumerate() {
                        if !tile.writes_all(parameters.len()) {
                            block.clear();
                        }
                        tile.seed(points, |output, _, cotangents| {
                            cotangents.fill(if output == wanted { batch.scale } else { 0.0 });
                        });
                        tile.backward_rows(parameters, &mut block);
                        let residuals = &tile.output(wanted)[..points];
                        block.write_column(parameters.len(), residuals, batch.scale);
                        block.clear_from(points);
                    }
                });
            });
        });
    }
}
