//! Forward sweeps: `J·v`, by steps that carry the derivative of every buffer along a direction beside it.
//!
//! The steps follow from those of the block: `d(W·a + b) = dW·a + db + W·da`, and the tangent of a kernel is
//! the compiler's [`tangent`]. What does not depend on the parameters has no tangent.

use super::buffers::Buffers;
use super::core::{Core, scratch_rows, tiles};
use super::layout::{KernelStep, Layout};
use super::weights::Weights;
use super::workspace::{Workspace, Workspaces};
use super::{Batch, Engine, EngineError, Setting, blocks, in_columns, with_core};
use crate::math::real::Real;
use crate::math::vector_functions;
use pdec_compiler::backend::cranelift::{self, Code};
use pdec_compiler::kernel::{Kernel, TangentOutputs, tangent};
use pdec_compiler::network::Affine;
use pdec_compiler::program::{Block, BufferId, Operand, Program, Step};
use rayon::prelude::*;
use std::ops::Range;

/// The tangent programs of all blocks.
pub struct Tangents<R> {
    code: Code,
    blocks: Vec<TangentBlock<R>>,
}

struct TangentBlock<R> {
    steps: Vec<TangentStep>,
    /// Where the tangents of the expressions come out; nothing if no parameter has an effect on them.
    outputs: Option<BufferId>,
    workspaces: Workspaces<R>,
}

enum TangentStep {
    /// A kernel or product that has no tangent, or a kernel that computes its outputs and their tangents.
    Plain(Step),
    /// `output = dW·input + db`, and `+ W·input_tangent` where the input has a tangent.
    Product {
        affine: Affine,
        input: BufferId,
        input_tangent: Option<BufferId>,
        output: BufferId,
    },
}

impl TangentStep {
    fn kernel(&self) -> Option<Step> {
        match self {
            Self::Plain(step @ Step::Kernel { .. }) => Some(step.clone()),
            Self::Plain(_) | Self::Product { .. } => None,
        }
    }
}

impl<R: Real> Tangents<R> {
    fn new(program: &Program) -> Result<Self, EngineError> {
        let mut kernels = Vec::new();
        let drafts: Vec<_> = blocks(program)
            .map(|block| steps(program, block, &mut kernels))
            .collect();
        let code = cranelift::compile(&kernels, vector_functions(), R::PRECISION)?;
        let blocks = drafts
            .into_iter()
            .zip(blocks(program))
            .map(|((steps, outputs), block)| {
                let plain = steps.iter().filter_map(|step| match step {
                    TangentStep::Plain(step) => Some(step),
                    TangentStep::Product { .. } => None,
                });
                let scratch_rows = scratch_rows(plain, &code);
                let kernels: Vec<Option<Step>> = steps.iter().map(TangentStep::kernel).collect();
                let buffers = Buffers::of(block).doubled();
                let layout = move |lanes| {
                    let kernels = kernels.iter();
                    let kernels: Vec<_> = kernels
                        .map(|step| step.as_ref().and_then(KernelStep::of))
                        .collect();
                    Layout::new::<R>(&buffers, &kernels, lanes)
                };
                let workspaces = Workspaces::new(layout, scratch_rows);
                TangentBlock {
                    steps,
                    outputs,
                    workspaces,
                }
            })
            .collect();
        Ok(Self { code, blocks })
    }
}

/// The steps of a block with their tangents, and the tangents of the expressions. The tangent of a buffer is as many
/// positions further as the block has buffers.
fn steps(
    program: &Program,
    block: &Block,
    kernels: &mut Vec<Kernel>,
) -> (Vec<TangentStep>, Option<BufferId>) {
    let count = block.buffers.len();
    let mut has_tangent = vec![false; count];
    let moved = |operand: &Operand| Operand {
        buffer: operand.buffer + count,
        ..*operand
    };
    let mut steps = Vec::new();
    for step in &block.forward {
        match step {
            Step::Kernel {
                kernel,
                repeat,
                inputs,
                outputs,
            } => {
                let wanted: Vec<usize> = (0..inputs.len())
                    .filter(|&input| has_tangent[inputs[input].buffer])
                    .collect();
                let own = &program.kernels[*kernel];
                let mut all_inputs = inputs.clone();
                let mut all_outputs = outputs.clone();
                let kernel = if wanted.is_empty() {
                    position(kernels, own.clone())
                } else {
                    all_inputs.extend(wanted.iter().map(|&input| moved(&inputs[input])));
                    all_outputs.extend(outputs.iter().map(moved));
                    for output in outputs {
                        has_tangent[output.buffer] = true;
                    }
                    position(
                        kernels,
                        tangent(own, &wanted, TangentOutputs::OutputsAndTangents),
                    )
                };
                steps.push(TangentStep::Plain(Step::Kernel {
                    kernel,
                    repeat: *repeat,
                    inputs: all_inputs,
                    outputs: all_outputs,
                }));
            }
            Step::Product {
                affine,
                input,
                output,
            } => {
                steps.push(TangentStep::Plain(step.clone()));
                steps.push(TangentStep::Product {
                    affine: affine.clone(),
                    input: *input,
                    input_tangent: has_tangent[*input].then_some(input + count),
                    output: output + count,
                });
                has_tangent[*output] = true;
            }
            Step::TransposedProduct { .. } | Step::ParameterGradient { .. } => {}
        }
    }
    let outputs = has_tangent[block.outputs].then_some(block.outputs + count);
    (steps, outputs)
}

fn position(kernels: &mut Vec<Kernel>, kernel: Kernel) -> usize {
    kernels
        .iter()
        .position(|known| *known == kernel)
        .unwrap_or_else(|| {
            kernels.push(kernel);
            kernels.len() - 1
        })
}

impl Engine {
    /// `J·v` for the Jacobian `J` of [`Self::residuals`], without computing it. The first call compiles the
    /// kernels that it needs.
    ///
    /// # Errors
    ///
    /// If the processor is not supported.
    ///
    /// # Panics
    ///
    /// If there are not as many directions as parameters.
    pub fn jvp(
        &self,
        parameters: &[f64],
        uniforms: &[f64],
        batches: &[Batch<'_>],
        v: &[f64],
    ) -> Result<Vec<f64>, EngineError> {
        assert_eq!(parameters.len(), v.len());
        with_core!(self, core => self.jvp_by(core, parameters, uniforms, batches, v))
    }

    fn jvp_by<R: Real>(
        &self,
        core: &Core<R>,
        parameters: &[f64],
        uniforms: &[f64],
        batches: &[Batch<'_>],
        v: &[f64],
    ) -> Result<Vec<f64>, EngineError> {
        let tangents = match core.tangents.get() {
            Some(tangents) => tangents,
            None => {
                let made = Tangents::new(&self.program)?;
                core.tangents.get_or_init(|| made)
            }
        };
        let setting = self.setting(core, parameters, uniforms);
        let directions = Weights::new(&self.program.network, v);
        let mut product = Vec::with_capacity(self.row_count(batches));
        for batch in batches {
            let points = batch.points.len();
            self.count(points);
            let number = self.position(batch.block);
            let results: Vec<Vec<f64>> = self.with_threads(|| {
                tiles(0..points, core.tile)
                    .into_par_iter()
                    .map(|range| {
                        let own = &tangents.blocks[number];
                        self.tile_jvp(&setting, &tangents.code, own, batch, range, &directions)
                    })
                    .collect()
            });
            let outputs = self.block(batch.block).output_count();
            product.extend(in_columns(&results, outputs, points).concat());
        }
        Ok(product)
    }

    fn tile_jvp<R: Real>(
        &self,
        setting: &Setting<'_, R>,
        code: &Code,
        own: &TangentBlock<R>,
        batch: &Batch<'_>,
        range: Range<usize>,
        directions: &Weights<R>,
    ) -> Vec<f64> {
        let block = self.block(batch.block);
        let mut memory = own.workspaces.take(range.len().next_multiple_of(R::STRIP));
        memory.load(block.coordinates, &batch.points.coordinates, &range);
        memory.load(block.data, &batch.points.data, &range);
        for (number, step) in own.steps.iter().enumerate() {
            run(step, number, code, setting, directions, &mut memory);
        }
        let lanes = memory.lanes;
        let rows = block.output_count();
        let result = match own.outputs {
            Some(outputs) => memory
                .buffer(outputs)
                .chunks_exact(lanes)
                .flat_map(|row| &row[..range.len()])
                .map(|value| batch.scale * value.wide())
                .collect(),
            None => vec![0.0; rows * range.len()],
        };
        own.workspaces.give_back(memory);
        result
    }
}

fn run<R: Real>(
    step: &TangentStep,
    number: usize,
    code: &Code,
    setting: &Setting<'_, R>,
    directions: &Weights<R>,
    memory: &mut Workspace<R>,
) {
    let lanes = memory.lanes;
    match step {
        TangentStep::Plain(Step::Kernel { kernel, .. }) => {
            memory.run_kernel(code, &setting.uniforms, *kernel, number);
        }
        TangentStep::Plain(Step::Product {
            affine,
            input,
            output,
        }) => {
            let (input, output) = memory.two(*input, *output);
            setting.weights.forward(affine, input, output, lanes);
        }
        TangentStep::Plain(Step::TransposedProduct { .. } | Step::ParameterGradient { .. }) => {}
        TangentStep::Product {
            affine,
            input,
            input_tangent,
            output,
        } => {
            let (input, target) = memory.two(*input, *output);
            directions.forward(affine, input, target, lanes);
            if let Some(input_tangent) = input_tangent {
                let (input, target) = memory.two(*input_tangent, *output);
                setting.weights.add_forward(affine, input, target);
            }
        }
    }
}
