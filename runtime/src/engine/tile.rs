//! The steps of a block over one tile of points.

use super::PointSet;
use super::product;
use super::workspace::Workspace;
use crate::math::dense::panels::RowBlock;
use pdec_compiler::backend::cranelift::Code;
use pdec_compiler::network::Affine;
use pdec_compiler::program::{Block, Step};
use std::ops::Range;

/// One tile under way.
pub struct Tile<'a> {
    code: &'a Code,
    block: &'a Block,
    uniforms: &'a [f64],
    memory: &'a mut Workspace,
}

impl<'a> Tile<'a> {
    /// A tile of this block in this memory.
    pub fn new(
        code: &'a Code,
        block: &'a Block,
        uniforms: &'a [f64],
        memory: &'a mut Workspace,
    ) -> Self {
        Self {
            code,
            block,
            uniforms,
            memory,
        }
    }

    /// Loads the points of `range` and runs the forward steps.
    pub fn forward(&mut self, parameters: &[f64], points: &PointSet, range: Range<usize>) {
        let lanes = self.memory.lanes;
        self.memory
            .load(self.block.coordinates, &points.coordinates, &range);
        self.memory.load(self.block.data, &points.data, &range);
        let block = self.block;
        for step in &block.forward {
            match step {
                Step::Kernel {
                    kernel,
                    repeat,
                    inputs,
                    outputs,
                } => self.memory.run_kernel(
                    self.code,
                    self.uniforms,
                    *kernel,
                    *repeat,
                    inputs,
                    outputs,
                ),
                Step::Product {
                    affine,
                    input,
                    output,
                } => {
                    let (input, output) = self.memory.two(*input, *output);
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

    /// Whether the backward steps write the derivative by every one of so many parameters.
    pub fn writes_all(&self, parameters: usize) -> bool {
        let written: usize = self
            .block
            .backward
            .iter()
            .map(|step| match step {
                Step::ParameterGradient { affine, .. } => (affine.inputs + 1) * affine.outputs,
                Step::Kernel { .. } | Step::Product { .. } | Step::TransposedProduct { .. } => 0,
            })
            .sum();
        written == parameters
    }

    /// Sets the cotangents of the expressions from their values; lanes without a point get zero.
    pub fn seed(&mut self, points: usize, cotangents: impl Fn(usize, &[f64], &mut [f64])) {
        let lanes = self.memory.lanes;
        let (outputs, targets) = self.memory.two(self.block.outputs, self.block.cotangents);
        let rows = outputs
            .chunks_exact(lanes)
            .zip(targets.chunks_exact_mut(lanes));
        for (output, (values, target)) in rows.enumerate() {
            let (target, rest) = target.split_at_mut(points);
            cotangents(output, &values[..points], target);
            rest.fill(0.0);
        }
    }

    /// Runs the backward steps and adds the gradient, summed over points.
    pub fn backward_sum(&mut self, parameters: &[f64], gradient: &mut [f64]) {
        self.backward(parameters, |affine, input, cotangent, lanes, scratch| {
            product::accumulate_gradient(affine, input, cotangent, lanes, gradient, scratch);
        });
    }

    /// Runs the backward steps and writes the gradient of each point to its row.
    pub fn backward_rows(&mut self, parameters: &[f64], jacobian: &mut RowBlock<'_>) {
        self.backward(parameters, |affine, input, cotangent, lanes, _| {
            product::write_rows(affine, input, cotangent, lanes, jacobian);
        });
    }

    fn backward(
        &mut self,
        parameters: &[f64],
        mut gradient: impl FnMut(&Affine, &[f64], &[f64], usize, &mut Vec<f64>),
    ) {
        let mut scratch = std::mem::take(&mut self.memory.transposed);
        let lanes = self.memory.lanes;
        let block = self.block;
        for step in &block.backward {
            match step {
                Step::Kernel {
                    kernel,
                    repeat,
                    inputs,
                    outputs,
                } => self.memory.run_kernel(
                    self.code,
                    self.uniforms,
                    *kernel,
                    *repeat,
                    inputs,
                    outputs,
                ),
                Step::TransposedProduct {
                    affine,
                    input,
                    output,
                } => {
                    let (input, output) = self.memory.two(*input, *output);
                    product::transposed(affine, parameters, input, output);
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
                    &mut scratch,
                ),
                Step::Product { .. } => {}
            }
        }
        self.memory.transposed = scratch;
    }
}
