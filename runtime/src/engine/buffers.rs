//! What a layout needs to know of a block's buffers: which neurons their rows belong to, and when they are in use.

use super::layout::KernelStep;
use pdec_compiler::program::{Block, BufferId, Step};
use std::ops::RangeInclusive;

/// The buffers of a block.
#[derive(Clone, Debug)]
pub struct Buffers {
    /// Rows.
    pub rows: Vec<usize>,
    /// Neurons that the rows belong to.
    pub neurons: Vec<usize>,
    /// From which backward step to which a buffer is in use, if it may share its memory.
    pub lives: Vec<Option<RangeInclusive<usize>>>,
}

impl Buffers {
    /// Those of a block.
    pub fn of(block: &Block) -> Self {
        Self {
            rows: block.buffers.iter().map(|buffer| buffer.rows).collect(),
            neurons: neurons(block),
            lives: lives(block),
        }
    }

    /// As many again, for tangents. No memory is shared.
    pub fn doubled(self) -> Self {
        Self {
            lives: vec![None; 2 * self.rows.len()],
            rows: self.rows.repeat(2),
            neurons: self.neurons.repeat(2),
        }
    }
}

/// The lives of buffers that the first of their backward steps overwrites: forward steps do not know them, and the
/// reverse sweep may be run again. They come in the order of their births.
fn lives(block: &Block) -> Vec<Option<RangeInclusive<usize>>> {
    let mut lives: Vec<Option<RangeInclusive<usize>>> = vec![None; block.buffers.len()];
    let mut whole = vec![true; block.buffers.len()];
    whole[block.cotangents] = false;
    for buffer in [block.coordinates, block.data, block.outputs] {
        whole[buffer] = false;
    }
    let mut latest = 0;
    let touched = |step: &Step| -> (Vec<BufferId>, Vec<(BufferId, usize)>) {
        match step {
            Step::Kernel {
                repeat,
                inputs,
                outputs,
                ..
            } => (
                inputs.iter().map(|operand| operand.buffer).collect(),
                outputs
                    .iter()
                    .map(|operand| (operand.buffer, *repeat))
                    .collect(),
            ),
            Step::Product { input, output, .. } | Step::TransposedProduct { input, output, .. } => {
                (vec![*input], vec![(*output, block.buffers[*output].rows)])
            }
            Step::ParameterGradient {
                input, cotangent, ..
            } => (vec![*input, *cotangent], Vec::new()),
        }
    };
    for step in &block.forward {
        let (read, written) = touched(step);
        for buffer in read
            .into_iter()
            .chain(written.into_iter().map(|(buffer, _)| buffer))
        {
            whole[buffer] = false;
        }
    }
    for (number, step) in block.backward.iter().enumerate() {
        let (read, written) = touched(step);
        for &(buffer, _) in &written {
            let rows: usize = written
                .iter()
                .filter(|(other, _)| *other == buffer)
                .map(|(_, rows)| rows)
                .sum();
            match &mut lives[buffer] {
                None => {
                    // Also the order of memory: a later birth has a later number.
                    let in_order = buffer >= latest;
                    whole[buffer] &= rows == block.buffers[buffer].rows && in_order;
                    latest = latest.max(buffer);
                    lives[buffer] = Some(number..=number);
                }
                Some(life) => *life = *life.start()..=number,
            }
        }
        for buffer in read {
            match &mut lives[buffer] {
                None => whole[buffer] = false,
                Some(life) => *life = *life.start()..=number,
            }
        }
    }
    lives
        .into_iter()
        .zip(whole)
        .map(|(life, whole)| life.filter(|_| whole))
        .collect()
}

/// How many neurons the rows of each buffer of a block belong to: as the products say that read or write it, or
/// else as suits the kernels; 1 for what belongs to points.
fn neurons(block: &Block) -> Vec<usize> {
    let rows: Vec<usize> = block.buffers.iter().map(|buffer| buffer.rows).collect();
    let mut known = vec![None; rows.len()];
    for buffer in [
        block.coordinates,
        block.data,
        block.outputs,
        block.cotangents,
    ] {
        known[buffer] = Some(1);
    }
    let steps = || block.forward.iter().chain(&block.backward);
    let mut say = |buffer: BufferId, neurons: usize| {
        debug_assert!(
            neurons == 0 || known[buffer].is_none_or(|known| known == neurons),
            "`{}` has {:?} neurons for one product and {neurons} for another",
            block.buffers[buffer].name,
            known[buffer]
        );
        if known[buffer].is_none() && neurons > 0 && rows[buffer].is_multiple_of(neurons) {
            known[buffer] = Some(neurons);
        }
    };
    for step in steps() {
        match step {
            Step::Product {
                affine,
                input,
                output,
            } => {
                say(*input, affine.inputs);
                say(*output, affine.outputs);
            }
            Step::TransposedProduct {
                affine,
                input,
                output,
            } => {
                say(*input, affine.outputs);
                say(*output, affine.inputs);
            }
            Step::ParameterGradient {
                affine,
                input,
                cotangent,
            } => {
                say(*input, affine.inputs);
                // the trained numbers of a function: one row after the other at each neuron
                let numbers = affine.inputs == 0 && affine.sites > 1;
                say(
                    *cotangent,
                    if numbers {
                        affine.sites
                    } else {
                        affine.outputs
                    },
                );
            }
            Step::Kernel { .. } => {}
        }
    }
    for step in steps().filter_map(KernelStep::of) {
        let operands = || step.inputs.iter().chain(step.outputs);
        let example = operands()
            .filter(|operand| operand.stride > 0)
            .find_map(|operand| known[operand.buffer].filter(|neurons| *neurons > 1));
        for operand in operands() {
            let (buffer, stride) = (operand.buffer, operand.stride);
            if known[buffer].is_some() {
                continue;
            }
            let fits = |neurons: usize| rows[buffer].is_multiple_of(neurons);
            known[buffer] = match example {
                _ if stride == 0 => Some(1),
                Some(neurons) if fits(neurons) => Some(neurons),
                Some(_) | None if fits(stride) => Some((rows[buffer] / stride).max(1)),
                Some(_) | None => Some(1),
            };
        }
    }
    known
        .into_iter()
        .map(|neurons| neurons.unwrap_or(1))
        .collect()
}
