//! The steps of a block over one tile of points.

use super::PointSet;
use super::weights::{Gradient, Weights, write_rows};
use super::workspace::Workspace;
use crate::math::dense::rows::RowBlock;
use crate::math::real::Real;
use pdec_compiler::backend::cranelift::Code;
use pdec_compiler::network::Affine;
use pdec_compiler::program::{Block, Step};
use std::ops::Range;

/// One tile under way.
pub struct Tile<'a, R> {
    code: &'a Code,
    block: &'a Block,
    uniforms: &'a [R],
    memory: &'a mut Workspace<R>,
}

impl<'a, R: Real> Tile<'a, R> {
    /// A tile of this block in this memory.
    pub fn new(
        code: &'a Code,
        block: &'a Block,
        uniforms: &'a [R],
        memory: &'a mut Workspace<R>,
    ) -> Self {
        Self {
            code,
            block,
            uniforms,
            memory,
        }
    }

    /// Loads the points of `range` and runs the forward steps.
    pub fn forward(&mut self, weights: &Weights<R>, points: &PointSet, range: Range<usize>) {
        let lanes = self.memory.lanes;
        self.memory
            .load(self.block.coordinates, &points.coordinates, &range);
        self.memory.load(self.block.data, &points.data, &range);
        let block = self.block;
        for (number, step) in block.forward.iter().enumerate() {
            match step {
                Step::Kernel { kernel, .. } => {
                    self.memory
                        .run_kernel(self.code, self.uniforms, *kernel, number);
                }
                Step::Product {
                    affine,
                    input,
                    output,
                } => {
                    let (input, output) = self.memory.two(*input, *output);
                    weights.forward(affine, input, output, lanes);
                }
                Step::TransposedProduct { .. } | Step::ParameterGradient { .. } => {}
            }
        }
    }

    /// The values of one expression, one for each lane.
    pub fn output(&self, output: usize) -> &[R] {
        let lanes = self.memory.lanes;
        &self.memory.buffer(self.block.outputs)[output * lanes..(output + 1) * lanes]
    }

    /// `Σ (scale·r)²` over all expressions and points.
    pub fn sum_of_squares(&self, points: usize, scale: f64) -> f64 {
        (0..self.block.output_count())
            .map(|output| {
                self.output(output)[..points]
                    .iter()
                    .map(|residual| (scale * residual.wide()) * (scale * residual.wide()))
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
    pub fn seed(&mut self, points: usize, cotangent: impl Fn(usize, usize, f64) -> f64) {
        let lanes = self.memory.lanes;
        let (outputs, targets) = self.memory.two(self.block.outputs, self.block.cotangents);
        let rows = outputs
            .chunks_exact(lanes)
            .zip(targets.chunks_exact_mut(lanes));
        for (output, (values, target)) in rows.enumerate() {
            let (target, rest) = target.split_at_mut(points);
            for (point, (target, value)) in target.iter_mut().zip(values).enumerate() {
                *target = R::near(cotangent(output, point, value.wide()));
            }
            rest.fill(R::default());
        }
    }

    /// Runs the backward steps and adds the gradient, summed over points.
    pub fn backward_sum(&mut self, weights: &Weights<R>, gradient: &mut Gradient<R>) {
        self.backward(weights, |affine, input, cotangent, lanes, scratch| {
            gradient.add(affine, input, cotangent, lanes, scratch);
        });
    }

    /// Runs the backward steps and writes the gradient of each point to its row, from `row` on.
    pub fn backward_rows(&mut self, weights: &Weights<R>, row: usize, jacobian: &mut RowBlock<'_>) {
        self.backward(weights, |affine, input, cotangent, lanes, _| {
            write_rows(affine, input, cotangent, lanes, row, jacobian);
        });
    }

    fn backward(
        &mut self,
        weights: &Weights<R>,
        mut gradient: impl FnMut(&Affine, &[R], &[R], usize, &mut Vec<R>),
    ) {
        let mut scratch = std::mem::take(&mut self.memory.transposed);
        let lanes = self.memory.lanes;
        let block = self.block;
        for (number, step) in block.backward.iter().enumerate() {
            match step {
                Step::Kernel { kernel, .. } => {
                    let number = block.forward.len() + number;
                    self.memory
                        .run_kernel(self.code, self.uniforms, *kernel, number);
                }
                Step::TransposedProduct {
                    affine,
                    input,
                    output,
                } => {
                    let (input, output) = self.memory.two(*input, *output);
                    weights.transposed(affine, input, output);
                }
                Step::ParameterGradient {
                    affine,
                    input,
                    cotangent,
                } => gradient(
                    affine,
                    self.memory.buffer(*input),
                    self.memory.buffer(*cotangent),
                    lanes,
                    &mut scratch,
                ),
                Step::Product { .. } => {}
            }
        }
        self.memory.transposed = scratch;
    }
}
