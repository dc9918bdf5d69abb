//! The steps of a block over one tile of points.

use super::product::{self, SharedColumns};
use super::workspace::Workspace;
use super::{BlockRef, Engine, PointSet};
use pdec_compiler::program::{Block, Operand, Step};
use std::ops::Range;

/// What the reverse sweep starts from.
#[derive(Clone, Copy, Debug)]
pub enum Seed {
    /// The outputs themselves, times a factor: the gradient of a sum of squares.
    Outputs(f64),
    /// A number for one output and zero for the others: a row of the Jacobian.
    Unit(usize, f64),
}

/// One tile under way.
pub struct Tile<'a> {
    engine: &'a Engine,
    block: &'a Block,
    uniforms: &'a [f64],
    memory: &'a mut Workspace,
}

impl<'a> Tile<'a> {
    /// A tile of this block in this memory.
    pub fn new(
        engine: &'a Engine,
        block: BlockRef,
        uniforms: &'a [f64],
        memory: &'a mut Workspace,
    ) -> Self {
        Self {
            engine,
            block: engine.block(block),
            uniforms,
            memory,
        }
    }

    /// Loads the points of `range` and runs the forward steps.
    pub fn forward(&mut self, parameters: &[f64], points: &PointSet, range: Range<usize>) {
        let lanes = self.memory.lanes;
        for (buffer, columns) in [
            (self.block.coordinates, &points.coordinates),
            (self.block.data, &points.data),
        ] {
            let rows = self.memory.buffers[buffer].chunks_exact_mut(lanes);
            for (row, column) in rows.zip(columns) {
                let given = &column[range.clone()];
                row[..given.len()].copy_from_slice(given);
                // Lanes without a point repeat the last one: whatever is computed there stays finite.
                row[given.len()..].fill(given.last().copied().unwrap_or(0.0));
            }
        }
        let block = self.block;
        for step in &block.forward {
            match step {
                Step::Kernel {
                    kernel,
                    repeat,
                    inputs,
                    outputs,
                } => self.kernel(*kernel, *repeat, inputs, outputs),
                Step::Product {
                    affine,
                    input,
                    output,
                } => {
                    let (input, output) = two(&mut self.memory.buffers, *input, *output);
                    product::forward(affine, parameters, input, output, lanes);
                }
                Step::TransposedProduct { .. } | Step::ParameterGradient { .. } => {}
            }
        }
    }

    /// The values of one expression, one for each lane.
    pub fn output(&self, output: usize) -> &[f64] {
        let lanes = self.memory.lanes;
        &self.memory.buffers[self.block.outputs][output * lanes..(output + 1) * lanes]
    }

    /// `Σ (scale·r)²` over all expressions and points.
    pub fn sum_of_squares(&self, points: usize, scale: f64) -> f64 {
        (0..self.block.output_count())
            .map(|output| {
                self.output(output)[..points]
                    .iter()
                    .map(|residual| (scale * residual) * (scale * residual))
                    .sum::<f64>()
            })
            .sum()
    }

    /// Sets the cotangents of the expressions; lanes without a point get zero.
    pub fn seed(&mut self, seed: Seed, points: usize) {
        let lanes = self.memory.lanes;
        let (outputs, cotangents) = two(
            &mut self.memory.buffers,
            self.block.outputs,
            self.block.cotangents,
        );
        let rows = outputs
            .chunks_exact(lanes)
            .zip(cotangents.chunks_exact_mut(lanes));
        for (output, (values, cotangents)) in rows.enumerate() {
            match seed {
                Seed::Outputs(factor) => {
                    for (cotangent, value) in cotangents.iter_mut().zip(values) {
                        *cotangent = factor * value;
                    }
                }
                Seed::Unit(wanted, number) => {
                    cotangents.fill(if output == wanted { number } else { 0.0 });
                }
            }
            cotangents[points..].fill(0.0);
        }
    }

    /// Runs the backward steps and adds the gradient, summed over points.
    pub fn backward_sum(&mut self, parameters: &[f64], gradient: &mut [f64]) {
        self.backward(parameters, |affine, input, cotangent, lanes| {
            product::accumulate_gradient(affine, input, cotangent, lanes, gradient);
        });
    }

    /// Runs the backward steps and writes the gradient of each point to its row, from row `first` on.
    pub fn backward_rows(
        &mut self,
        parameters: &[f64],
        jacobian: &SharedColumns,
        first: usize,
        points: usize,
    ) {
        self.backward(parameters, |affine, input, cotangent, lanes| {
            product::write_rows(affine, input, cotangent, lanes, jacobian, first, points);
        });
    }

    fn backward(
        &mut self,
        parameters: &[f64],
        mut gradient: impl FnMut(&pdec_compiler::network::Affine, &[f64], &[f64], usize),
    ) {
        let lanes = self.memory.lanes;
        let block = self.block;
        for step in &block.backward {
            match step {
                Step::Kernel {
                    kernel,
                    repeat,
                    inputs,
                    outputs,
                } => self.kernel(*kernel, *repeat, inputs, outputs),
                Step::TransposedProduct {
                    affine,
                    input,
                    output,
                } => {
                    let (input, output) = two(&mut self.memory.buffers, *input, *output);
                    product::transposed(affine, parameters, input, output, lanes);
                }
                Step::ParameterGradient {
                    affine,
                    input,
                    cotangent,
                } => gradient(
                    affine,
                    &self.memory.buffers[*input],
                    &self.memory.buffers[*cotangent],
                    lanes,
                ),
                Step::Product { .. } => {}
            }
        }
    }

    /// Runs a kernel once for each neuron; where the rows of successive neurons are adjacent, once for all.
    #[allow(unsafe_code)] // generated code works on raw rows
    fn kernel(&mut self, kernel: usize, repeat: usize, inputs: &[Operand], outputs: &[Operand]) {
        let lanes = self.memory.lanes;
        let adjacent = inputs
            .iter()
            .chain(outputs)
            .all(|operand| operand.stride == 1);
        let (runs, run_lanes) = if adjacent {
            (1, repeat * lanes)
        } else {
            (repeat, lanes)
        };
        let memory = &mut *self.memory;
        for neuron in 0..runs {
            memory.pointers_in.clear();
            memory.pointers_out.clear();
            for operand in inputs {
                let row = (operand.first + neuron * operand.stride) * lanes;
                let rows = &memory.buffers[operand.buffer][row..row + run_lanes];
                memory.pointers_in.push(rows.as_ptr());
            }
            for operand in outputs {
                let row = (operand.first + neuron * operand.stride) * lanes;
                let rows = &mut memory.buffers[operand.buffer][row..row + run_lanes];
                memory.pointers_out.push(rows.as_mut_ptr());
            }
            // SAFETY: every pointer comes from a slice of `run_lanes` numbers (checked by the slicing
            // above); a program's kernel steps never write a row that they read or write elsewhere.
            unsafe {
                self.engine.code.run(
                    kernel,
                    &memory.pointers_in,
                    self.uniforms,
                    &memory.pointers_out,
                    &mut memory.scratch,
                    run_lanes,
                );
            }
        }
    }
}

/// Two different buffers, the second to be written.
fn two(buffers: &mut [Vec<f64>], read: usize, write: usize) -> (&[f64], &mut [f64]) {
    if read < write {
        let (left, right) = buffers.split_at_mut(write);
        (&left[read], &mut right[0])
    } else {
        let (left, right) = buffers.split_at_mut(read);
        (&right[0], &mut left[write])
    }
}
