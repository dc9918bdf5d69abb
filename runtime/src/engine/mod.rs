//! The CPU engine: executes the blocks of a program over tiles of points.
//!
//! * Input: a [`Program`], parameters `θ`, uniforms, points.
//! * Output: what optimisers are written against: [`Engine::loss_and_gradient`], [`Engine::residuals`], their
//!   Jacobian as a matrix ([`Engine::jacobian`], [`Engine::jacobian_panels`]) and as products
//!   ([`Engine::jvp`], [`Engine::vjp`]); and values of any block for evaluation.
//! * Invariants: tiles are cut from the points in a way that depends on nothing but their number, each tile
//!   is computed by one thread, and sums over tiles are taken in the order of the tiles. The result is the
//!   same, bit for bit, whatever the number of threads.
//!
//! A tile is small enough that the jets of all layers, forward and backward, stay in a core's own cache.
//! Lanes beyond the last point repeat it, with cotangents of zero.

mod buffers;
mod core;
mod derivatives;
mod layout;
mod points;
mod tangent;
mod tile;
mod weights;
mod workspace;

pub use crate::math::dense::panels::Panels;
pub use points::{Batch, BlockRef, Columns, PointSet};

use self::core::{Core, tiles};
use crate::math::real::Real;
use pdec_compiler::backend::cranelift::BackendError;
use pdec_compiler::precision::Precision;
use pdec_compiler::program::{Block, Program};
use rayon::prelude::*;
use std::sync::atomic::{AtomicU64, Ordering};
use tile::Tile;
use weights::Weights;

/// A program compiled for this machine.
///
/// Parameters, points and results are in double precision; the program says in which precision tiles are computed.
pub struct Engine {
    program: Program,
    core: Precise,
    threads: rayon::ThreadPool,
    evaluated: AtomicU64,
}

/// What depends on the precision.
enum Precise {
    Single(Core<f32>),
    Double(Core<f64>),
}

/// Evaluates an expression with the core of an engine, whatever its precision.
macro_rules! with_core {
    ($engine:expr, $core:ident => $work:expr) => {
        match &$engine.core {
            crate::engine::Precise::Single($core) => $work,
            crate::engine::Precise::Double($core) => $work,
        }
    };
}
use with_core;

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
        let core = match program.precision {
            Precision::Single => Precise::Single(Core::new(&program)?),
            Precision::Double => Precise::Double(Core::new(&program)?),
        };
        let threads = rayon::ThreadPoolBuilder::new()
            .num_threads(threads.max(1))
            .build()?;
        Ok(Self {
            program,
            core,
            threads,
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
            BlockRef::Outputs => self
                .program
                .outputs
                .as_ref()
                .unwrap_or(&self.program.fields),
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

    /// The position of a block in [`blocks`].
    fn position(&self, block: BlockRef) -> usize {
        let terms = self.program.terms.len();
        match block {
            BlockRef::Term(term) => term,
            BlockRef::Fields => terms,
            BlockRef::Continuation => terms + 1,
            BlockRef::Outputs => terms + 2,
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
        self.count(points.len());
        with_core!(self, core => self.values_by(core, block, parameters, uniforms, points))
    }

    fn values_by<R: Real>(
        &self,
        core: &Core<R>,
        block: BlockRef,
        parameters: &[f64],
        uniforms: &[f64],
        points: &PointSet,
    ) -> Vec<Vec<f64>> {
        let outputs = self.block(block).output_count();
        let setting = self.setting(core, parameters, uniforms);
        let tiles: Vec<Vec<f64>> = self.with_threads(|| {
            tiles(0..points.len(), core.tile)
                .into_par_iter()
                .map(|range| {
                    self.with_tile(&setting, block, range.len(), |tile| {
                        tile.forward(&setting.weights, points, range.clone());
                        let wide = |value: &R| value.wide();
                        (0..outputs)
                            .flat_map(|output| tile.output(output)[..range.len()].iter().map(wide))
                            .collect()
                    })
                })
                .collect()
        });
        in_columns(&tiles, outputs, points.len())
    }

    /// The core with these parameters and uniforms.
    fn setting<'a, R: Real>(
        &self,
        core: &'a Core<R>,
        parameters: &[f64],
        uniforms: &[f64],
    ) -> Setting<'a, R> {
        Setting {
            core,
            weights: Weights::new(&self.program.network, parameters),
            uniforms: uniforms.iter().map(|number| R::near(*number)).collect(),
        }
    }

    /// Runs `work` for a tile with this many points.
    fn with_tile<R: Real, T>(
        &self,
        setting: &Setting<'_, R>,
        block: BlockRef,
        points: usize,
        work: impl FnOnce(&mut Tile<'_, R>) -> T,
    ) -> T {
        let core = setting.core;
        let workspaces = &core.workspaces[self.position(block)];
        let mut workspace = workspaces.take(points.next_multiple_of(R::STRIP));
        let mut tile = Tile::new(
            &core.code,
            self.block(block),
            &setting.uniforms,
            &mut workspace,
        );
        let result = work(&mut tile);
        workspaces.give_back(workspace);
        result
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
}

/// All blocks of a program: terms, fields, continuation (or the fields again where there is none).
fn blocks(program: &Program) -> impl Iterator<Item = &Block> {
    let continuation = program
        .handover
        .as_ref()
        .map_or(&program.fields, |handover| &handover.continuation);
    let outputs = program.outputs.as_ref().unwrap_or(&program.fields);
    program
        .terms
        .iter()
        .map(|term| &term.block)
        .chain([&program.fields, continuation, outputs])
}

/// The values of tiles, each one output after the other, as one column for each output.
fn in_columns(tiles: &[Vec<f64>], outputs: usize, points: usize) -> Vec<Vec<f64>> {
    let mut columns = vec![Vec::with_capacity(points); outputs];
    for values in tiles {
        let rows = values.len() / outputs.max(1);
        for (output, column) in columns.iter_mut().enumerate() {
            column.extend_from_slice(&values[output * rows..(output + 1) * rows]);
        }
    }
    columns
}

/// What the tiles of one call share.
struct Setting<'a, R> {
    core: &'a Core<R>,
    weights: Weights<R>,
    uniforms: Vec<R>,
}
