//! Residuals that are sums over points: what an integral is, less what its value is said to be.
//!
//! * Input: a term of the program whose points are those of a quadrature.
//! * Output: one residual for each of its expressions, its row of the Jacobian, its part of loss and gradient.
//! * Invariants: rows of Jacobians have the residual as their last element, as the engine's have.

use crate::engine::{Batch, BlockRef, Engine, Panels, PointSet};
use crate::math::dense::panels::ROWS;

/// Points whose rows exist at a time.
const PIECE: usize = 512;

/// A term whose residuals are sums over its points.
pub struct Summed<'a> {
    /// The term.
    pub term: usize,
    /// The points of the quadrature.
    pub points: &'a PointSet,
    /// The factor of its residuals.
    pub scale: f64,
}

impl Summed<'_> {
    /// One residual for each expression.
    pub fn residuals(&self, engine: &Engine, parameters: &[f64], uniforms: &[f64]) -> Vec<f64> {
        let block = BlockRef::Term(self.term);
        let values = engine.values(block, parameters, uniforms, self.points);
        let sums = values.iter().map(|column| column.iter().sum::<f64>());
        sums.map(|sum| self.scale * sum).collect()
    }

    /// The sum of their squares, and its gradient.
    pub fn loss_and_gradient(
        &self,
        engine: &Engine,
        parameters: &[f64],
        uniforms: &[f64],
    ) -> (f64, Vec<f64>) {
        let residuals = self.residuals(engine, parameters, uniforms);
        let count = self.points.len();
        let seeds = residuals.iter().map(|r| 2.0 * self.scale * r);
        let v: Vec<f64> = seeds.flat_map(|r| std::iter::repeat_n(r, count)).collect();
        let batch = Batch {
            block: BlockRef::Term(self.term),
            points: self.points,
            scale: 1.0,
        };
        let gradient = engine.vjp(parameters, uniforms, &[batch], &v);
        (residuals.iter().map(|r| r * r).sum(), gradient)
    }

    fn batch(&self) -> Batch<'_> {
        Batch {
            block: BlockRef::Term(self.term),
            points: self.points,
            scale: 1.0,
        }
    }

    /// The derivatives of the residuals along a direction of the parameters.
    pub fn image(
        &self,
        engine: &Engine,
        parameters: &[f64],
        uniforms: &[f64],
        v: &[f64],
    ) -> Vec<f64> {
        let count = self.points.len().max(1);
        match engine.jvp(parameters, uniforms, &[self.batch()], v) {
            Ok(image) => {
                let columns = image.chunks(count);
                columns
                    .map(|it| self.scale * it.iter().sum::<f64>())
                    .collect()
            }
            Err(_) => vec![f64::NAN; engine.block(BlockRef::Term(self.term)).output_count()],
        }
    }

    /// The gradient of the sum of residuals with these factors.
    pub fn pulled(
        &self,
        engine: &Engine,
        parameters: &[f64],
        uniforms: &[f64],
        w: &[f64],
    ) -> Vec<f64> {
        let seeds = w.iter().map(|w| self.scale * w);
        let count = self.points.len();
        let v: Vec<f64> = seeds.flat_map(|w| std::iter::repeat_n(w, count)).collect();
        engine.vjp(parameters, uniforms, &[self.batch()], &v)
    }

    /// The rows of the Jacobian by the first `columns` numbers that backward steps write derivatives by.
    pub fn rows(
        &self,
        engine: &Engine,
        columns: usize,
        parameters: &[f64],
        uniforms: &[f64],
    ) -> Vec<Vec<f64>> {
        let block = BlockRef::Term(self.term);
        let expressions = engine.block(block).output_count();
        let mut rows = vec![vec![0.0; columns + 1]; expressions];
        let mut jacobian = Panels::default();
        let mut column = Vec::new();
        let count = self.points.len();
        for first in (0..count).step_by(PIECE) {
            let range = first..count.min(first + PIECE);
            let part = |columns: &[Vec<f64>]| -> Vec<Vec<f64>> {
                let columns = columns.iter();
                columns.map(|it| it[range.clone()].to_vec()).collect()
            };
            let points = PointSet {
                coordinates: part(&self.points.coordinates),
                data: part(&self.points.data),
            };
            let batch = Batch {
                block,
                points: &points,
                scale: 1.0,
            };
            engine.jacobian_of(columns, parameters, uniforms, &[batch], &mut jacobian);
            column.resize(jacobian.rows(), 0.0);
            for number in 0..=columns {
                jacobian.copy_column(number, &mut column);
                for (row, part) in rows.iter_mut().zip(column.chunks(points.len().max(1))) {
                    row[number] += self.scale * part.iter().sum::<f64>();
                }
            }
        }
        rows
    }
}

/// The same matrix with more rows at its end.
pub fn append(matrix: &mut Panels, rows: &[Vec<f64>]) {
    let old = matrix.rows();
    let all = old + rows.len();
    let blocks: Vec<usize> = (0..all)
        .step_by(ROWS)
        .map(|first| ROWS.min(all - first))
        .collect();
    let mut larger = Panels::default();
    larger.reshape(matrix.columns(), blocks.iter().copied());
    let mut column = vec![0.0; all];
    let mut targets = larger.blocks_mut();
    for number in 0..matrix.columns() {
        matrix.copy_column(number, &mut column[..old]);
        for (place, row) in column[old..].iter_mut().zip(rows) {
            *place = row[number];
        }
        let mut first = 0;
        for (target, count) in targets.iter_mut().zip(&blocks) {
            target.write_column(0, number, &column[first..first + count], 1.0);
            first += count;
        }
    }
    drop(targets);
    *matrix = larger;
}
