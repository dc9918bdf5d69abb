//! What an engine has of one precision: machine code and the memory of tiles.

use super::blocks;
use super::buffers::Buffers;
use super::layout::{KernelStep, Layout};
use super::tangent::Tangents;
use super::workspace::Workspaces;
use crate::math::dense::panels::ROWS;
use crate::math::real::Real;
use crate::math::vector_functions;
use pdec_compiler::backend::cranelift::{self, BackendError, Code};
use pdec_compiler::program::{Block, Program, Step};
use std::ops::Range;
use std::sync::OnceLock;

/// Bytes of a layer's jets on a tile, at most: the layers of a step stay near the second-level cache.
const LAYER: usize = 128 << 10;

/// The code and memory of a program.
pub struct Core<R> {
    /// The kernels.
    pub code: Code,
    /// The memory of the tiles of each block.
    pub workspaces: Vec<Workspaces<R>>,
    /// The forward sweeps, made when they are first asked for.
    pub tangents: OnceLock<Tangents<R>>,
    /// Points of a tile.
    pub tile: usize,
}

impl<R: Real> Core<R> {
    /// Compiles a program.
    pub fn new(program: &Program) -> Result<Self, BackendError> {
        let code = cranelift::compile(&program.kernels, vector_functions(), R::PRECISION)?;
        let workspaces = blocks(program).map(|block| {
            let block = block.clone();
            let scratch_rows = scratch_rows(block.forward.iter().chain(&block.backward), &code);
            Workspaces::new(move |lanes| layout::<R>(&block, lanes), scratch_rows)
        });
        Ok(Self {
            workspaces: workspaces.collect(),
            code,
            tangents: OnceLock::new(),
            tile: tile::<R>(program),
        })
    }
}

/// Where the buffers of a block are.
fn layout<R: Real>(block: &Block, lanes: usize) -> Layout {
    let steps = block.forward.iter().chain(&block.backward);
    let steps: Vec<_> = steps.map(KernelStep::of).collect();
    Layout::new::<R>(&Buffers::of(block), &steps, lanes)
}

/// The rows of scratch memory that the kernels of these steps need.
pub fn scratch_rows<'a>(steps: impl Iterator<Item = &'a Step>, code: &Code) -> usize {
    steps
        .map(|step| match step {
            Step::Kernel { kernel, .. } => code.scratch_rows(*kernel),
            Step::Product { .. }
            | Step::TransposedProduct { .. }
            | Step::ParameterGradient { .. } => 0,
        })
        .max()
        .unwrap_or(0)
}

/// The points of a tile: as many as a block of the Jacobian has rows, or a strip where layers are wide.
fn tile<R: Real>(program: &Program) -> usize {
    let rows = program.terms.iter().flat_map(|term| {
        let steps = term.block.forward.iter();
        steps.map(|step| match step {
            Step::Product { output, .. } => term.block.buffers[*output].rows,
            Step::Kernel { .. }
            | Step::TransposedProduct { .. }
            | Step::ParameterGradient { .. } => 0,
        })
    });
    let bytes = rows.max().unwrap_or(0) * ROWS * R::PRECISION.bytes();
    if bytes <= LAYER { ROWS } else { R::STRIP }
}

/// The points of each tile: every tile full but the last.
pub fn tiles(points: Range<usize>, tile: usize) -> Vec<Range<usize>> {
    let end = points.end;
    points
        .step_by(tile)
        .map(|start| start..end.min(start + tile))
        .collect()
}
