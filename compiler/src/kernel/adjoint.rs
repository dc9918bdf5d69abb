//! The reverse sweep of a kernel, derived once for every kernel.
//!
//! For outputs `y = K(x)` and cotangents `ȳ`, the backward kernel computes `x̄ = (∂K/∂x)ᵀ ȳ` lane by lane.
//! Transcendental results are not computed twice: the backward kernel reads those that the forward kernel
//! stored anyway, and the forward kernel is extended to store the others ("saved").

use super::rewrite::{keep_inputs, with_outputs};
use super::{Builder, Instruction, Kernel, Value};
use crate::function::Algebra;

/// A kernel with its reverse sweep.
#[derive(Clone, Debug)]
pub struct Adjoint {
    /// The kernel; after its own outputs it stores what the reverse sweep wants to read again.
    pub forward: Kernel,
    /// Its reverse sweep. Lane inputs are those of `forward`, then those in `reused`, then one cotangent
    /// for each output of the original kernel; outputs are the cotangents of `wanted`.
    pub backward: Kernel,
    /// The outputs of `forward` that `backward` reads.
    pub reused: Vec<usize>,
    /// The number of outputs of the original kernel; `forward` has these first.
    pub primal_outputs: usize,
}

/// Derives the reverse sweep of a verified kernel with respect to the lane inputs `wanted`.
#[must_use]
pub fn adjoint(kernel: &Kernel, wanted: &[usize]) -> Adjoint {
    // Transcendental results in the order of the program, and where the forward kernel leaves them.
    let mut outputs: Vec<(String, Value)> = Vec::new();
    for (name, stored) in kernel.outputs.iter().zip(kernel.stored()) {
        outputs.push((name.clone(), stored.unwrap_or(Value(0))));
    }
    let primal_outputs = outputs.len();
    let mut saved_slot = vec![None; kernel.instructions.len()];
    for (index, instruction) in kernel.instructions.iter().enumerate() {
        if !matches!(
            instruction,
            Instruction::Call(..) | Instruction::Power(..) | Instruction::Divide(..)
        ) {
            continue;
        }
        let value = Value(u32::try_from(index).unwrap_or(u32::MAX));
        let slot = outputs
            .iter()
            .position(|(_, stored)| *stored == value)
            .unwrap_or_else(|| {
                outputs.push((format!("saved_{}", outputs.len() - primal_outputs), value));
                outputs.len() - 1
            });
        saved_slot[index] = Some(slot);
    }

    let all = sweep(kernel, wanted, &saved_slot, &outputs, primal_outputs);
    // Only what the sweep reads is worth saving: find it, and number it anew.
    let first_saved = kernel.inputs.len();
    let mut reused: Vec<usize> = all
        .instructions
        .iter()
        .filter_map(|instruction| match *instruction {
            Instruction::Load(input) => (input as usize).checked_sub(first_saved),
            Instruction::Number(_)
            | Instruction::Uniform(_)
            | Instruction::Negate(_)
            | Instruction::Add(..)
            | Instruction::Subtract(..)
            | Instruction::Multiply(..)
            | Instruction::Divide(..)
            | Instruction::MultiplyAdd(..)
            | Instruction::Power(..)
            | Instruction::Call(..)
            | Instruction::Select { .. }
            | Instruction::Store { .. } => None,
        })
        .filter(|&slot| slot < outputs.len())
        .collect();
    reused.sort_unstable();
    reused.dedup();

    let kept: Vec<usize> = (0..first_saved)
        .chain(reused.iter().map(|slot| first_saved + slot))
        .chain(first_saved + outputs.len()..all.inputs.len())
        .collect();
    let backward = keep_inputs(all, &kept);
    // The forward kernel keeps its own outputs and the extra ones that are read; extras move together.
    let extras: Vec<usize> = reused
        .iter()
        .copied()
        .filter(|&slot| slot >= primal_outputs)
        .collect();
    let kept: Vec<(String, Value)> = (0..primal_outputs)
        .chain(extras.iter().copied())
        .map(|slot| outputs[slot].clone())
        .collect();
    let reused = reused
        .iter()
        .map(
            |&slot| match extras.iter().position(|&extra| extra == slot) {
                Some(position) => primal_outputs + position,
                None => slot,
            },
        )
        .collect();
    Adjoint {
        forward: with_outputs(kernel, kept),
        backward,
        reused,
        primal_outputs,
    }
}

/// The reverse sweep that may read every saved result: inputs, then `outputs`, then cotangents.
fn sweep(
    kernel: &Kernel,
    wanted: &[usize],
    saved_slot: &[Option<usize>],
    outputs: &[(String, Value)],
    primal_outputs: usize,
) -> Kernel {
    let mut builder = Builder::new();
    let mut images: Vec<Value> = Vec::with_capacity(kernel.instructions.len());
    let zero = builder.number(0.0);
    for (index, instruction) in kernel.instructions.iter().enumerate() {
        let image = match *instruction {
            Instruction::Store { .. } => zero,
            Instruction::Number(number) => builder.number(number),
            Instruction::Load(input) => builder.load(input as usize),
            Instruction::Uniform(uniform) => builder.uniform(uniform as usize),
            Instruction::Negate(_)
            | Instruction::Add(..)
            | Instruction::Subtract(..)
            | Instruction::Multiply(..)
            | Instruction::Divide(..)
            | Instruction::MultiplyAdd(..)
            | Instruction::Power(..)
            | Instruction::Call(..)
            | Instruction::Select { .. } => match saved_slot[index] {
                Some(slot) => {
                    let known = builder.load(kernel.inputs.len() + slot);
                    match *instruction {
                        Instruction::Call(f, a) => {
                            builder.define_call(f, images[a.index()], known);
                        }
                        Instruction::Power(a, b) => {
                            builder.define_power(images[a.index()], images[b.index()], known);
                        }
                        Instruction::Number(_)
                        | Instruction::Load(_)
                        | Instruction::Uniform(_)
                        | Instruction::Negate(_)
                        | Instruction::Add(..)
                        | Instruction::Subtract(..)
                        | Instruction::Multiply(..)
                        | Instruction::Divide(..)
                        | Instruction::MultiplyAdd(..)
                        | Instruction::Select { .. }
                        | Instruction::Store { .. } => {}
                    }
                    known
                }
                None => builder.append(instruction.map_operands(|operand| images[operand.index()])),
            },
        };
        images.push(image);
    }

    // Cotangents, from the last instruction to the first.
    let mut cotangents: Vec<Option<Value>> = vec![None; kernel.instructions.len()];
    for (index, instruction) in kernel.instructions.iter().enumerate().rev() {
        if let Instruction::Store { output, value } = *instruction {
            let cotangent = builder.load(kernel.inputs.len() + outputs.len() + output as usize);
            accumulate(&mut builder, &mut cotangents, value, cotangent);
            continue;
        }
        let Some(cotangent) = cotangents[index] else {
            continue;
        };
        propagate(
            &mut builder,
            &mut cotangents,
            instruction,
            &images,
            images[index],
            cotangent,
        );
    }

    let results = wanted
        .iter()
        .map(|&input| {
            let cotangent = kernel
                .instructions
                .iter()
                .position(|instruction| {
                    *instruction == Instruction::Load(u32::try_from(input).unwrap_or(u32::MAX))
                })
                .and_then(|index| cotangents[index])
                .unwrap_or(zero);
            (format!("{}'", kernel.inputs[input]), cotangent)
        })
        .collect();
    let inputs = kernel
        .inputs
        .iter()
        .cloned()
        .chain(outputs.iter().map(|(name, _)| name.clone()))
        .chain(
            outputs[..primal_outputs]
                .iter()
                .map(|(name, _)| format!("{name}'")),
        )
        .collect();
    builder.finish(
        &format!("{}_adjoint", kernel.name),
        inputs,
        kernel.uniforms.clone(),
        results,
    )
}

/// Sends the cotangent of one instruction's value on to its operands.
fn propagate(
    builder: &mut Builder,
    cotangents: &mut [Option<Value>],
    instruction: &Instruction,
    images: &[Value],
    result: Value,
    cotangent: Value,
) {
    let image = |value: Value| images[value.index()];
    match *instruction {
        Instruction::Number(_)
        | Instruction::Load(_)
        | Instruction::Uniform(_)
        | Instruction::Store { .. } => {}
        Instruction::Negate(a) => {
            let minus = builder.negate(cotangent);
            accumulate(builder, cotangents, a, minus);
        }
        Instruction::Add(a, b) => {
            accumulate(builder, cotangents, a, cotangent);
            accumulate(builder, cotangents, b, cotangent);
        }
        Instruction::Subtract(a, b) => {
            accumulate(builder, cotangents, a, cotangent);
            let minus = builder.negate(cotangent);
            accumulate(builder, cotangents, b, minus);
        }
        Instruction::Multiply(a, b) => {
            accumulate_product(builder, cotangents, a, cotangent, image(b));
            accumulate_product(builder, cotangents, b, cotangent, image(a));
        }
        Instruction::MultiplyAdd(a, b, c) => {
            accumulate_product(builder, cotangents, a, cotangent, image(b));
            accumulate_product(builder, cotangents, b, cotangent, image(a));
            accumulate(builder, cotangents, c, cotangent);
        }
        Instruction::Divide(a, b) => {
            // q = a/b: ā += q̄/b, b̄ −= q̄·q/b
            let scaled = builder.divide(cotangent, image(b));
            accumulate(builder, cotangents, a, scaled);
            let minus = builder.negate(result);
            accumulate_product(builder, cotangents, b, scaled, minus);
        }
        Instruction::Power(a, b) => {
            // p = a^b: ā += p̄·b·a^(b−1), b̄ += p̄·p·log a
            let one = builder.number(1.0);
            let lowered = builder.subtract(image(b), one);
            let power = builder.power(image(a), lowered);
            let slope = builder.multiply(image(b), power);
            accumulate_product(builder, cotangents, a, cotangent, slope);
            let log = builder.call(crate::function::Function::Log, image(a));
            let slope = builder.multiply(result, log);
            accumulate_product(builder, cotangents, b, cotangent, slope);
        }
        Instruction::Call(function, a) => {
            if let Some(slope) = function.derivative(builder, image(a), result) {
                accumulate_product(builder, cotangents, a, cotangent, slope);
            }
        }
        Instruction::Select {
            left,
            right,
            less,
            otherwise,
        } => {
            let zero = builder.number(0.0);
            let taken = builder.select(image(left), image(right), cotangent, zero);
            accumulate(builder, cotangents, less, taken);
            let taken = builder.select(image(left), image(right), zero, cotangent);
            accumulate(builder, cotangents, otherwise, taken);
        }
    }
}

fn accumulate(builder: &mut Builder, cotangents: &mut [Option<Value>], of: Value, term: Value) {
    let slot = &mut cotangents[of.index()];
    *slot = Some(match *slot {
        None => term,
        Some(sum) => builder.add(sum, term),
    });
}

fn accumulate_product(
    builder: &mut Builder,
    cotangents: &mut [Option<Value>],
    of: Value,
    a: Value,
    b: Value,
) {
    let product = builder.multiply(a, b);
    accumulate(builder, cotangents, of, product);
}
