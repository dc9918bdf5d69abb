//! The memory of a tile, kept from one tile to the next.

use pdec_compiler::backend::cranelift::Code;
use pdec_compiler::program::{BufferId, Operand, Step};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

/// The buffers of one block for a number of lanes. Rows that no step writes are zero and stay so.
pub struct Workspace {
    /// Lanes in each row.
    pub lanes: usize,
    /// One vector for each buffer, row after row.
    pub buffers: Vec<Vec<f64>>,
    /// Room for the transposed input of a layer.
    pub transposed: Vec<f64>,
    scratch: Vec<f64>,
    pointers_in: Vec<*const f64>,
    pointers_out: Vec<*mut f64>,
}

// SAFETY: the pointers are only a reused allocation; they are cleared and filled by the thread that uses
// them, within one call.
#[allow(unsafe_code)]
unsafe impl Send for Workspace {}

impl Workspace {
    /// Fills a buffer with the columns of the points in `range`. Lanes without a point repeat the last one:
    /// whatever is computed there stays finite.
    pub fn load(&mut self, buffer: BufferId, columns: &[Vec<f64>], range: &Range<usize>) {
        let rows = self.buffers[buffer].chunks_exact_mut(self.lanes);
        for (row, column) in rows.zip(columns) {
            let given = &column[range.clone()];
            row[..given.len()].copy_from_slice(given);
            row[given.len()..].fill(given.last().copied().unwrap_or(0.0));
        }
    }

    /// Two different buffers, the second to be written.
    pub fn two(&mut self, read: BufferId, write: BufferId) -> (&[f64], &mut [f64]) {
        if read < write {
            let (left, right) = self.buffers.split_at_mut(write);
            (&left[read], &mut right[0])
        } else {
            let (left, right) = self.buffers.split_at_mut(read);
            (&right[0], &mut left[write])
        }
    }

    /// Runs a kernel once for each neuron; where the rows of successive neurons are adjacent, once for all.
    #[allow(unsafe_code)] // generated code works on raw rows
    pub fn run_kernel(
        &mut self,
        code: &Code,
        uniforms: &[f64],
        kernel: usize,
        repeat: usize,
        inputs: &[Operand],
        outputs: &[Operand],
    ) {
        let lanes = self.lanes;
        let adjacent = inputs
            .iter()
            .chain(outputs)
            .all(|operand| operand.stride == 1);
        let (runs, run_lanes) = if adjacent {
            (1, repeat * lanes)
        } else {
            (repeat, lanes)
        };
        if runs == 0 {
            return;
        }
        // The rows of all neurons, so that one check of bounds is enough.
        let rows = |operand: &Operand| {
            let first = operand.first * lanes;
            first..first + (runs - 1) * operand.stride * lanes + run_lanes
        };
        self.pointers_in.clear();
        self.pointers_out.clear();
        for operand in inputs {
            let rows = &self.buffers[operand.buffer][rows(operand)];
            self.pointers_in.push(rows.as_ptr());
        }
        for operand in outputs {
            let rows = &mut self.buffers[operand.buffer][rows(operand)];
            self.pointers_out.push(rows.as_mut_ptr());
        }
        for _ in 0..runs {
            // SAFETY: every pointer is at a row of `run_lanes` numbers inside the rows that were sliced above;
            // a program's kernel steps never write a row that they read or write elsewhere.
            unsafe {
                code.run(
                    kernel,
                    &self.pointers_in,
                    uniforms,
                    &self.pointers_out,
                    &mut self.scratch,
                    run_lanes,
                );
            }
            for (pointer, operand) in self.pointers_in.iter_mut().zip(inputs) {
                *pointer = pointer.wrapping_add(operand.stride * lanes);
            }
            for (pointer, operand) in self.pointers_out.iter_mut().zip(outputs) {
                *pointer = pointer.wrapping_add(operand.stride * lanes);
            }
        }
    }
}

/// Workspaces of one block that no thread is using, by their number of lanes.
pub struct Workspaces {
    /// Rows of each buffer.
    rows: Vec<usize>,
    /// Rows of scratch memory that the kernels need.
    scratch_rows: usize,
    idle: Mutex<HashMap<usize, Vec<Workspace>>>,
}

impl Workspaces {
    /// Workspaces for buffers with so many rows, and these steps.
    pub fn new<'a>(rows: Vec<usize>, steps: impl Iterator<Item = &'a Step>, code: &Code) -> Self {
        let scratch_rows = steps
            .map(|step| match step {
                Step::Kernel { kernel, repeat, .. } => code.scratch_rows(*kernel) * repeat,
                Step::Product { .. }
                | Step::TransposedProduct { .. }
                | Step::ParameterGradient { .. } => 0,
            })
            .max()
            .unwrap_or(0);
        Self {
            rows,
            scratch_rows,
            idle: Mutex::default(),
        }
    }

    /// A workspace with this many lanes.
    pub fn take(&self, lanes: usize) -> Workspace {
        let idle = self
            .idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get_mut(&lanes)
            .and_then(Vec::pop);
        idle.unwrap_or_else(|| Workspace {
            lanes,
            buffers: self
                .rows
                .iter()
                .map(|rows| vec![0.0; rows * lanes])
                .collect(),
            transposed: Vec::new(),
            scratch: vec![0.0; self.scratch_rows * lanes],
            pointers_in: Vec::new(),
            pointers_out: Vec::new(),
        })
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
