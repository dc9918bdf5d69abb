//! Where the values of a kernel live: which segment computes them, and which of them need memory.

use crate::function::Function;
use crate::kernel::{Instruction, Kernel, Value};
use std::collections::HashMap;

/// Computations of one loop. Finding registers for a loop takes time that grows with the square of its length.
const LONGEST_LOOP: usize = 512;

/// The segment of each instruction. Calls come after the loop of their segment, so what uses a call's result
/// is in a later one; and a loop that would be too long is several.
pub fn segments(kernel: &Kernel) -> Vec<usize> {
    let depths = depths(kernel);
    let mut computed = vec![0; depths.iter().max().map_or(1, |most| most + 1)];
    let mut parts = vec![0; kernel.instructions.len()];
    for (index, instruction) in kernel.instructions.iter().enumerate() {
        let depth = depths[index];
        parts[index] = if let Instruction::Store { value, .. } = *instruction
            && depths[value.index()] == depth
        {
            // A value that is an output lives in the output's row: it has to be there before others read it.
            parts[value.index()]
        } else if is_leaf(instruction) {
            0
        } else {
            computed[depth] += 1;
            (computed[depth] - 1) / LONGEST_LOOP
        };
    }
    let first: Vec<usize> = computed
        .iter()
        .scan(0, |next, count: &usize| {
            let first = *next;
            *next += count.div_ceil(LONGEST_LOOP).max(1);
            Some(first)
        })
        .collect();
    let numbered = depths.iter().zip(parts);
    numbered.map(|(depth, part)| first[*depth] + part).collect()
}

/// How many calls, one after the other, lead to each instruction.
fn depths(kernel: &Kernel) -> Vec<usize> {
    let mut depths = vec![0; kernel.instructions.len()];
    for (index, instruction) in kernel.instructions.iter().enumerate() {
        let mut depth = 0;
        instruction.for_each_operand(|operand| {
            let after = usize::from(is_call(&kernel.instructions[operand.index()]));
            depth = depth.max(depths[operand.index()] + after);
        });
        depths[index] = depth;
    }
    depths
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

/// Whether an instruction is to be executed: a store of a call's result into the row where the call has put it already
/// does nothing.
pub fn has_effect(kernel: &Kernel, placement: &Placement, index: usize) -> bool {
    match kernel.instructions[index] {
        Instruction::Store { output, value } => {
            let by_call = is_call(&kernel.instructions[value.index()]);
            let there = matches!(placement.rows.get(&value), Some(Row::Output(o)) if *o == output);
            !(by_call && there)
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
        | Instruction::Power(..)
        | Instruction::Call(..)
        | Instruction::Select { .. } => true,
    }
}
