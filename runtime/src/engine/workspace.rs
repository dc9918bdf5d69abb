//! The memory of a tile, kept from one tile to the next.

use super::layout::Layout;
use crate::math::real::Real;
use pdec_compiler::backend::cranelift::Code;
use pdec_compiler::program::BufferId;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

/// Bytes of the widest register, at which memory begins.
const ALIGNMENT: usize = 64;

/// The buffers of one block for a number of lanes. Rows that no step writes are zero and stay so.
pub struct Workspace<R> {
    /// Lanes in each row.
    pub lanes: usize,
    /// Where everything is.
    pub layout: Arc<Layout>,
    /// Room for the transposed input of a layer.
    pub transposed: Vec<R>,
    memory: Vec<R>,
    /// The first aligned number of the memory.
    first: usize,
    scratch: Vec<R>,
    pointers_in: Vec<*const R>,
    pointers_out: Vec<*mut R>,
}

// SAFETY: the pointers are only a reused allocation; they are cleared and filled by the thread that uses
// them, within one call.
#[allow(unsafe_code)]
unsafe impl<R: Send> Send for Workspace<R> {}

impl<R: Real> Workspace<R> {
    fn new(lanes: usize, layout: Arc<Layout>, scratch_rows: usize) -> Self {
        let memory = vec![R::default(); layout.size + ALIGNMENT];
        Self {
            lanes,
            transposed: Vec::new(),
            first: memory.as_ptr().align_offset(ALIGNMENT).min(ALIGNMENT),
            memory,
            scratch: vec![R::default(); scratch_rows * layout.longest],
            layout,
            pointers_in: Vec::new(),
            pointers_out: Vec::new(),
        }
    }

    fn range(&self, buffer: BufferId) -> Range<usize> {
        let range = &self.layout.buffers[buffer];
        self.first + range.start..self.first + range.end
    }

    /// A buffer.
    pub fn buffer(&self, buffer: BufferId) -> &[R] {
        &self.memory[self.range(buffer)]
    }

    /// A buffer to be written.
    pub fn buffer_mut(&mut self, buffer: BufferId) -> &mut [R] {
        let range = self.range(buffer);
        &mut self.memory[range]
    }

    /// Fills a buffer with the columns of the points in `range`. Lanes without a point repeat the last one:
    /// whatever is computed there stays finite.
    pub fn load(&mut self, buffer: BufferId, columns: &[Vec<f64>], range: &Range<usize>) {
        let lanes = self.lanes;
        let rows = self.buffer_mut(buffer).chunks_exact_mut(lanes);
        for (row, column) in rows.zip(columns) {
            let given = &column[range.clone()];
            let last = R::near(given.last().copied().unwrap_or(0.0));
            let (own, rest) = row.split_at_mut(given.len());
            for (own, given) in own.iter_mut().zip(given) {
                *own = R::near(*given);
            }
            rest.fill(last);
        }
    }

    /// Two different buffers, the second to be written.
    pub fn two(&mut self, read: BufferId, write: BufferId) -> (&[R], &mut [R]) {
        let (from, to) = (self.range(read), self.range(write));
        if from.start < to.start {
            let (left, right) = self.memory.split_at_mut(to.start);
            (&left[from], &mut right[..to.len()])
        } else {
            let (left, right) = self.memory.split_at_mut(from.start);
            (&right[..from.len()], &mut left[to])
        }
    }

    /// Runs the kernel of a step, piece by piece.
    #[allow(unsafe_code)] // generated code works on raw rows
    pub fn run_kernel(&mut self, code: &Code, uniforms: &[R], kernel: usize, step: usize) {
        let layout = Arc::clone(&self.layout);
        let memory = &mut self.memory[self.first..][..layout.size];
        for spread in &layout.spreads[step] {
            for copy in 0..spread.count {
                memory.copy_within(
                    spread.from..spread.from + R::STRIP,
                    spread.to + copy * R::STRIP,
                );
            }
        }
        let inputs = code.inputs(kernel);
        let base = memory.as_mut_ptr();
        for piece in &layout.kernels[step] {
            let (rows_in, rows_out) = piece.rows.split_at(inputs);
            let inside = |row: &usize| row + piece.lanes <= layout.size;
            assert!(piece.rows.iter().all(inside));
            self.pointers_in.clear();
            self.pointers_out.clear();
            let pointers = rows_in
                .iter()
                .map(|row| base.wrapping_add(*row).cast_const());
            self.pointers_in.extend(pointers);
            let pointers = rows_out.iter().map(|row| base.wrapping_add(*row));
            self.pointers_out.extend(pointers);
            // SAFETY: every pointer is at `lanes` numbers inside the memory, as just asserted; a program's kernel
            // steps never write a row that they read or write elsewhere, and rows do not overlap in memory.
            unsafe {
                code.run(
                    kernel,
                    &self.pointers_in,
                    uniforms,
                    &self.pointers_out,
                    &mut self.scratch,
                    piece.lanes,
                );
            }
        }
    }
}

/// Workspaces of one block that no thread is using, by their number of lanes.
pub struct Workspaces<R> {
    /// The layout for a number of lanes.
    layout: Box<dyn Fn(usize) -> Layout + Send + Sync>,
    /// Rows of scratch memory that the kernels need.
    scratch_rows: usize,
    idle: Mutex<HashMap<usize, Idle<R>>>,
}

struct Idle<R> {
    layout: Arc<Layout>,
    workspaces: Vec<Workspace<R>>,
}

impl<R: Real> Workspaces<R> {
    /// Workspaces with this layout, for kernels that need so much scratch memory.
    pub fn new(
        layout: impl Fn(usize) -> Layout + Send + Sync + 'static,
        scratch_rows: usize,
    ) -> Self {
        Self {
            layout: Box::new(layout),
            scratch_rows,
            idle: Mutex::default(),
        }
    }

    /// A workspace with this many lanes.
    pub fn take(&self, lanes: usize) -> Workspace<R> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let known = idle.entry(lanes).or_insert_with(|| Idle {
            layout: Arc::new((self.layout)(lanes)),
            workspaces: Vec::new(),
        });
        let layout = match known.workspaces.pop() {
            Some(workspace) => return workspace,
            None => Arc::clone(&known.layout),
        };
        drop(idle);
        Workspace::new(lanes, layout, self.scratch_rows)
    }

    /// Returns a workspace for the next tile.
    pub fn give_back(&self, workspace: Workspace<R>) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = idle.get_mut(&workspace.lanes) {
            known.workspaces.push(workspace);
        }
    }
}
