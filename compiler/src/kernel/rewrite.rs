//! Small changes to whole kernels.

use super::{Builder, Instruction, Kernel, Value};
use crate::function::Algebra;

/// Drops the lane inputs that are not among `kept`; the kernel does not load them.
pub(super) fn keep_inputs(kernel: Kernel, kept: &[usize]) -> Kernel {
    let mut images = vec![u32::MAX; kernel.inputs.len()];
    for (new, &old) in kept.iter().enumerate() {
        images[old] = u32::try_from(new).unwrap_or(u32::MAX);
    }
    let instructions = kernel
        .instructions
        .iter()
        .map(|instruction| match *instruction {
            Instruction::Load(input) => Instruction::Load(images[input as usize]),
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
            | Instruction::Store { .. } => *instruction,
        })
        .collect();
    Kernel {
        inputs: kept.iter().map(|&old| kernel.inputs[old].clone()).collect(),
        instructions,
        ..kernel
    }
}

/// Drops the lane inputs that are never loaded; the others keep their order.
#[must_use]
pub fn without_unread_inputs(kernel: Kernel) -> Kernel {
    let mut kept: Vec<usize> = kernel
        .instructions
        .iter()
        .filter_map(|instruction| match *instruction {
            Instruction::Load(input) => Some(input as usize),
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
        .collect();
    kept.sort_unstable();
    kept.dedup();
    keep_inputs(kernel, &kept)
}

/// The same kernel storing these values.
pub(super) fn with_outputs(kernel: &Kernel, outputs: Vec<(String, Value)>) -> Kernel {
    let mut builder = Builder::new();
    let zero = builder.number(0.0);
    let mut images = Vec::with_capacity(kernel.instructions.len());
    for instruction in &kernel.instructions {
        images.push(if instruction.defines_value() {
            builder.append(instruction.map_operands(|operand: Value| {
                images.get(operand.index()).copied().unwrap_or(zero)
            }))
        } else {
            zero
        });
    }
    builder.finish(
        &kernel.name,
        kernel.inputs.clone(),
        kernel.uniforms.clone(),
        outputs
            .into_iter()
            .map(|(name, value)| (name, images[value.index()]))
            .collect(),
    )
}
