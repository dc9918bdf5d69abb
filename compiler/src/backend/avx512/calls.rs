//! Calls of vector functions between segments.

use super::assembler::Wide;
use super::{ARGUMENTS, BYTES, Body, OFFSET, REGISTER};
use crate::backend::place::{Row, is_call, value};
use crate::function::Function;
use crate::kernel::{Instruction, Value};

impl Body<'_> {
    /// The calls that end a segment.
    pub(super) fn calls(&mut self, segment: usize, function: &impl Fn(Option<Function>) -> u64) {
        for (index, instruction) in self.kernel.instructions.iter().enumerate() {
            if self.segments[index] != segment || !is_call(instruction) {
                continue;
            }
            let mut rows = Vec::new();
            instruction.for_each_operand(|operand| rows.push(operand));
            for operand in &rows {
                self.spread(*operand);
            }
            rows.push(value(index));
            for (argument, value) in ARGUMENTS.into_iter().zip(&rows) {
                let row = self.row_of(*value);
                self.row(argument, row);
            }
            let lanes = ARGUMENTS[rows.len()];
            self.code.set(lanes, BYTES);
            self.code.shift_right(lanes, self.shift());
            self.code.call(function(match *instruction {
                Instruction::Call(function, _) => Some(function),
                Instruction::Power(..)
                | Instruction::Number(_)
                | Instruction::Load(_)
                | Instruction::Uniform(_)
                | Instruction::Negate(_)
                | Instruction::Add(..)
                | Instruction::Subtract(..)
                | Instruction::Multiply(..)
                | Instruction::Divide(..)
                | Instruction::MultiplyAdd(..)
                | Instruction::Select { .. }
                | Instruction::Store { .. } => None,
            }));
        }
    }

    fn row_of(&self, value: Value) -> Row {
        let row = self.placement.rows.get(&value);
        row.copied().unwrap_or(Row::Scratch(0))
    }

    /// Spreads a number or uniform over its row.
    fn spread(&mut self, operand: Value) {
        let Some(memory) = self.fixed(&self.kernel.instructions[operand.index()]) else {
            return;
        };
        self.code.broadcast(Wide(0), memory);
        self.code.clear(OFFSET);
        let begin = self.code.position();
        let lanes = self.lanes(self.row_of(operand));
        self.code.store(lanes, Wide(0));
        self.code.add_number(OFFSET, REGISTER);
        self.code.jump_while_below(OFFSET, BYTES, begin);
    }
}
