//! The memory of a tile, kept from one tile to the next.

use super::{BlockRef, Engine};
use pdec_compiler::program::Step;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// The buffers of one block for a number of lanes. Rows that no step writes are zero and stay so.
pub struct Workspace {
    /// Lanes in each row.
    pub lanes: usize,
    /// One vector for each buffer, row after row.
    pub buffers: Vec<Vec<f64>>,
    /// Scratch rows of the kernels.
    pub scratch: Vec<f64>,
    /// One row of cotangents for a step that needs one.
    pub pointers_in: Vec<*const f64>,
    /// The same for outputs.
    pub pointers_out: Vec<*mut f64>,
}

// SAFETY: the pointers are only a reused allocation; they are cleared and filled by the thread that uses
// them, within one call.
#[allow(unsafe_code)]
unsafe impl Send for Workspace {}

impl Workspace {
    fn new(engine: &Engine, block: BlockRef, lanes: usize) -> Self {
        let block = engine.block(block);
        let scratch = block
            .forward
            .iter()
            .chain(&block.backward)
            .map(|step| match step {
                Step::Kernel { kernel, repeat, .. } => {
                    engine.code.scratch_rows(*kernel) * lanes * repeat
                }
                Step::Product { .. }
                | Step::TransposedProduct { .. }
                | Step::ParameterGradient { .. } => 0,
            })
            .max()
            .unwrap_or(0);
        Self {
            lanes,
            buffers: block
                .buffers
                .iter()
                .map(|buffer| vec![0.0; buffer.rows * lanes])
                .collect(),
            scratch: vec![0.0; scratch],
            pointers_in: Vec::new(),
            pointers_out: Vec::new(),
        }
    }
}

/// Workspaces of one block that no thread is using, by their number of lanes.
#[derive(Default)]
pub struct Workspaces {
    idle: Mutex<HashMap<usize, Vec<Workspace>>>,
}

impl Workspaces {
    /// A workspace with this many lanes.
    pub fn take(&self, engine: &Engine, block: BlockRef, lanes: usize) -> Workspace {
        let idle = self
            .idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get_mut(&lanes)
            .and_then(Vec::pop);
        idle.unwrap_or_else(|| Workspace::new(engine, block, lanes))
    }

    /// Returns a workspace for the next tile.
    pub fn give_back(&self, workspace: Workspace) {
        self.idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .entry(workspace.lanes)
            .or_default()
            .push(workspace);
    }
}
