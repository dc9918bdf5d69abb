//! Where the values of a kernel live: which segment computes them, and which of them need memory.

use crate::function::Function;
use crate::kernel::{Instruction, Kernel, Value};
use std::collections::HashMap;

/// The segment of each instruction: one more than that of the latest call among its operands.
pub fn segments(kernel: &Kernel) -> Vec<usize> {
    let mut segments = vec![0; kernel.instructions.len()];
    for (index, instruction) in kernel.instructions.iter().enumerate() {
        let mut segment = 0;
        instruction.for_each_operand(|operand| {
            let after = usize::from(is_call(&kernel.instructions[operand.index()]));
            segment = segment.max(segments[operand.index()] + after);
        });
        segments[index] = segment;
    }
    segments
}

/// Calls happen after the loop of their segment.
pub fn is_call(instruction: &Instruction) -> bool {
    match instruction {
        Instruction::Power(..) => true,
        // A square root is one machine instruction, as are sign operations.
        Instruction::Call(function, _) => !matches!(function, Function::Sqrt | Function::Abs),
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
        | Instruction::Store { .. } => false,
    }
}

/// Leaves are read again wherever they are needed.
pub fn is_leaf(instruction: &Instruction) -> bool {
    matches!(
        instruction,
        Instruction::Number(_) | Instruction::Load(_) | Instruction::Uniform(_)
    )
}

/// Where a row of lanes is in memory.
#[derive(Clone, Copy)]
pub enum Row {
    Input(u32),
    Output(u32),
    Scratch(usize),
}

/// Which values live in memory, and where.
pub struct Placement {
    /// The row of each value that has one.
    pub rows: HashMap<Value, Row>,
    /// Scratch rows in use.
    pub scratch_rows: usize,
}

/// Finds a place for every value that lives longer than a register.
pub fn place(kernel: &Kernel, segments: &[usize]) -> Placement {
    let mut rows = HashMap::new();
    // A value that is an output has its place there.
    for instruction in &kernel.instructions {
        if let Instruction::Store { output, value } = *instruction {
            rows.entry(value).or_insert(Row::Output(output));
        }
    }
    for (index, instruction) in kernel.instructions.iter().enumerate() {
        if let Instruction::Load(input) = *instruction {
            rows.insert(value(index), Row::Input(input));
        }
    }
    let mut scratch_rows = 0;
    for (index, instruction) in kernel.instructions.iter().enumerate() {
        let mut needs_memory = Vec::new();
        instruction.for_each_operand(|operand| {
            let producer = &kernel.instructions[operand.index()];
            let crosses = is_call(instruction)
                || is_call(producer)
                || (segments[operand.index()] < segments[index] && !is_leaf(producer));
            if crosses {
                needs_memory.push(operand);
            }
        });
        if is_call(instruction) {
            needs_memory.push(value(index));
        }
        for operand in needs_memory {
            rows.entry(operand).or_insert_with(|| {
                scratch_rows += 1;
                Row::Scratch(scratch_rows - 1)
            });
        }
    }
    Placement { rows, scratch_rows }
}

/// The value defined by the instruction at this position.
pub fn value(index: usize) -> Value {
    Value(u32::try_from(index).unwrap_or(u32::MAX))
}
