//! The CPU engine: executes the blocks of a program over tiles of points.
//!
//! * Input: a [`Program`], parameters `θ`, uniforms, points.
//! * Output: the three things that optimisers are written against: [`Engine::loss_and_gradient`],
//!   [`Engine::values`] with [`Engine::jacobian`], and values of any block for evaluation.
//! * Invariants: tiles are cut from the points in a way that depends on nothing but their number, each tile
//!   is computed by one thread, and sums over tiles are taken in the order of the tiles. The result is the
//!   same, bit for bit, whatever the number of threads.
//!
//! A tile is small enough that the jets of all layers, forward and backward, stay in a core's own cache.
//! Lanes beyond the last point repeat it, with cotangents of zero.

mod product;
mod tile;
mod workspace;

use crate::math::vector_functions;
use pdec_compiler::backend::cranelift::{self, BackendError, Code, LANE_MULTIPLE};
use pdec_compiler::program::{Block, Program};
use rayon::prelude::*;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use tile::{Seed, Tile};
use workspace::Workspaces;

/// Points of a tile. 16 to 128 are equally fast; fewer leave more tiles to share between threads.
const TILE: usize = 64;

/// Tiles whose gradients are summed before they are added up: fixed, so that sums do not depend on threads.
const TILES_PER_SUM: usize = 8;

/// Which block of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockRef {
    /// The block of a term of the loss.
    Term(usize),
    /// The values of the fields.
    Fields,
    /// What the next time window starts from.
    Continuation,
}

/// Points with the data that belong to them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PointSet {
    /// One column for each coordinate, all of one length.
    pub coordinates: Vec<Vec<f64>>,
    /// One column for each datum, of the same length.
    pub data: Vec<Vec<f64>>,
}

impl PointSet {
    /// Points without data.
    #[must_use]
    pub fn new(coordinates: Vec<Vec<f64>>) -> Self {
        Self {
            coordinates,
            data: Vec::new(),
        }
    }

    /// The number of points.
    #[must_use]
    pub fn len(&self) -> usize {
        self.coordinates.first().map_or(0, Vec::len)
    }

    /// Whether there is no point.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// One term of a loss: points, and the factor by which each residual is multiplied before it is squared and
/// summed.
#[derive(Clone, Copy, Debug)]
pub struct Batch<'a> {
    /// The block.
    pub block: BlockRef,
    /// Its points.
    pub points: &'a PointSet,
    /// `√(weight / number of points)`, the same for all residuals of the block.
    pub scale: f64,
}

/// A dense matrix, column after column: the rows of a Jacobian are points, its columns parameters.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    /// Rows.
    pub rows: usize,
    /// Columns.
    pub columns: usize,
    /// `values[column·rows + row]`
    pub values: Vec<f64>,
}

impl Columns {
    /// Changes the shape; the contents are unspecified.
    pub fn reshape(&mut self, rows: usize, columns: usize) {
        self.rows = rows;
        self.columns = columns;
        self.values.resize(rows * columns, 0.0);
    }

    /// A column.
    #[must_use]
    pub fn column(&self, column: usize) -> &[f64] {
        &self.values[column * self.rows..(column + 1) * self.rows]
    }
}

/// A program compiled for this machine.
pub struct Engine {
    program: Program,
    code: Code,
    threads: rayon::ThreadPool,
    workspaces: Vec<Workspaces>,
    evaluated: AtomicU64,
}

/// Why there is no engine.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The compiler's back end does not support this processor.
    #[error(transparent)]
    Backend(#[from] BackendError),
    /// No threads.
    #[error("cannot start worker threads: {0}")]
    Threads(#[from] rayon::ThreadPoolBuildError),
}

impl Engine {
    /// Compiles a program for this machine, to be run by `threads` threads.
    ///
    /// # Errors
    ///
    /// If the processor is not supported or threads cannot be started.
    pub fn new(program: Program, threads: usize) -> Result<Self, EngineError> {
        let code = cranelift::compile(&program.kernels, vector_functions())?;
        let threads = rayon::ThreadPoolBuilder::new()
            .num_threads(threads.max(1))
            .build()?;
        let workspaces = (0..program.terms.len() + 2)
            .map(|_| Workspaces::default())
            .collect();
        Ok(Self {
            program,
            code,
            threads,
            workspaces,
            evaluated: AtomicU64::new(0),
        })
    }

    /// The program.
    #[must_use]
    pub fn program(&self) -> &Program {
        &self.program
    }

    /// Runs `work` with this engine's threads.
    pub fn with_threads<R: Send>(&self, work: impl FnOnce() -> R + Send) -> R {
        self.threads.install(work)
    }

    /// The block behind a reference; the values of the fields where the program has no such block.
    #[must_use]
    pub fn block(&self, block: BlockRef) -> &Block {
        match block {
            BlockRef::Term(term) => &self.program.terms[term].block,
            BlockRef::Fields => &self.program.fields,
            BlockRef::Continuation => self
                .program
                .handover
                .as_ref()
                .map_or(&self.program.fields, |handover| &handover.continuation),
        }
    }

    /// How many points have gone forward through the network since the engine was made.
    #[must_use]
    pub fn points_evaluated(&self) -> u64 {
        self.evaluated.load(Ordering::Relaxed)
    }

    fn count(&self, points: usize) {
        self.evaluated.fetch_add(points as u64, Ordering::Relaxed);
    }

    fn workspaces(&self, block: BlockRef) -> &Workspaces {
        let terms = self.program.terms.len();
        match block {
            BlockRef::Term(term) => &self.workspaces[term],
            BlockRef::Fields => &self.workspaces[terms],
            BlockRef::Continuation => &self.workspaces[terms + 1],
        }
    }

    /// The values of a block's expressions: one column for each expression, one row for each point.
    #[must_use]
    pub fn values(
        &self,
        block: BlockRef,
        parameters: &[f64],
        uniforms: &[f64],
        points: &PointSet,
    ) -> Vec<Vec<f64>> {
        let outputs = self.block(block).output_count();
        self.count(points.len());
        let tiles: Vec<Vec<f64>> = self.with_threads(|| {
            tiles(points.len())
                .into_par_iter()
                .map(|range| {
                    let lanes = padded(range.len());
                    let mut workspace = self.workspaces(block).take(self, block, lanes);
                    let mut tile = Tile::new(self, block, uniforms, &mut workspace);
                    tile.forward(parameters, points, range.clone());
                    let values = (0..outputs)
                        .flat_map(|output| tile.output(output)[..range.len()].to_vec())
                        .collect();
                    self.workspaces(block).give_back(workspace);
                    values
                })
                .collect()
        });
        let mut columns = vec![Vec::with_capacity(points.len()); outputs];
        for values in tiles {
            let rows = values.len() / outputs.max(1);
            for (output, column) in columns.iter_mut().enumerate() {
                column.extend_from_slice(&values[output * rows..(output + 1) * rows]);
            }
        }
        columns
    }

    /// The weighted sum of squares of all residuals, and its gradient.
    #[must_use]
    pub fn loss_and_gradient(
        &self,
        parameters: &[f64],
        uniforms: &[f64],
        batches: &[Batch<'_>],
    ) -> (f64, Vec<f64>) {
        let work: Vec<(Batch<'_>, Vec<Range<usize>>)> = batches
            .iter()
            .flat_map(|batch| {
                tiles(batch.points.len())
                    .chunks(TILES_PER_SUM)
                    .map(|chunk| (*batch, chunk.to_vec()))
                    .collect::<Vec<_>>()
            })
            .collect();
        self.count(batches.iter().map(|batch| batch.points.len()).sum());
        let partial: Vec<(f64, Vec<f64>)> = self.with_threads(|| {
            work.into_par_iter()
                .map(|(batch, ranges)| {
                    let mut gradient = vec![0.0; parameters.len()];
                    let mut loss = 0.0;
                    for range in ranges {
                        let lanes = padded(range.len());
                        let mut workspace =
                            self.workspaces(batch.block).take(self, batch.block, lanes);
                        let mut tile = Tile::new(self, batch.block, uniforms, &mut workspace);
                        tile.forward(parameters, batch.points, range.clone());
                        loss += tile.sum_of_squares(range.len(), batch.scale);
                        // d(s²r²)/dr = 2 s² r
                        tile.seed(Seed::Outputs(2.0 * batch.scale * batch.scale), range.len());
                        tile.backward_sum(parameters, &mut gradient);
                        self.workspaces(batch.block).give_back(workspace);
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

    /// The scaled residuals of all batches, one after the other: batch, then expression, then point.
    #[must_use]
    pub fn residuals(
        &self,
        parameters: &[f64],
        uniforms: &[f64],
        batches: &[Batch<'_>],
    ) -> Vec<f64> {
        let mut residuals = Vec::with_capacity(self.row_count(batches));
        for batch in batches {
            for column in self.values(batch.block, parameters, uniforms, batch.points) {
                residuals.extend(column.into_iter().map(|residual| residual * batch.scale));
            }
        }
        residuals
    }

    /// The number of rows of the Jacobian of these batches.
    #[must_use]
    pub fn row_count(&self, batches: &[Batch<'_>]) -> usize {
        batches
            .iter()
            .map(|batch| batch.points.len() * self.block(batch.block).output_count())
            .sum()
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
        let rows = self.row_count(batches);
        jacobian.reshape(rows, parameters.len() + 1);
        let mut work = Vec::new();
        let mut first = 0;
        for batch in batches {
            for range in tiles(batch.points.len()) {
                work.push((*batch, range, first));
            }
            first += batch.points.len() * self.block(batch.block).output_count();
        }
        self.count(batches.iter().map(|batch| batch.points.len()).sum());
        let target = product::SharedColumns::new(jacobian);
        self.with_threads(|| {
            work.into_par_iter().for_each(|(batch, range, first)| {
                let lanes = padded(range.len());
                let mut workspace = self.workspaces(batch.block).take(self, batch.block, lanes);
                let mut tile = Tile::new(self, batch.block, uniforms, &mut workspace);
                tile.forward(parameters, batch.points, range.clone());
                for output in 0..self.block(batch.block).output_count() {
                    let row = first + output * batch.points.len() + range.start;
                    tile.seed(Seed::Unit(output, batch.scale), range.len());
                    tile.backward_rows(parameters, &target, row, range.len());
                    target.write_scaled(
                        parameters.len(),
                        row,
                        &tile.output(output)[..range.len()],
                        batch.scale,
                    );
                }
                self.workspaces(batch.block).give_back(workspace);
            });
        });
    }
}

/// The points of each tile: every tile full but the last.
fn tiles(points: usize) -> Vec<Range<usize>> {
    (0..points)
        .step_by(TILE)
        .map(|start| start..points.min(start + TILE))
        .collect()
}

/// The lanes of a tile with this many points.
fn padded(points: usize) -> usize {
    points.div_ceil(LANE_MULTIPLE) * LANE_MULTIPLE
}
