//! Machine code for x86-64 processors with AVX-512: eight or sixteen lanes at a time.
//!
//! * Input: a verified kernel, cut into segments as for [`cranelift`](super::cranelift).
//! * Output: the bytes of a function with the same signature and, lane by lane, the same operations.
//!
//! Cranelift has registers of 128 bits only. A segment is straight-line code without branches, so that little is
//! needed to use all of a register: an assembler for a dozen instructions, and registers given out by Belady's rule
//! (`registers`).

mod assembler;
mod calls;
mod general;
mod registers;

use super::place::{Placement, Row, has_effect, is_call, is_leaf, place, segments, value};
use crate::function::Function;
use crate::kernel::{Instruction, Kernel, Value};
use crate::precision::Precision;
use assembler::{Arithmetic, Assembler, Bits, Fused, General, Memory, STACK, Wide};
use registers::Registers;

/// Bytes of a register.
const REGISTER: i32 = 64;

// Registers that calls leave alone hold what the whole function needs.
const INPUTS: General = General(3);
const UNIFORMS: General = General(5);
const OUTPUTS: General = General(12);
const SCRATCH: General = General(13);
/// Bytes of a row.
const BYTES: General = General(14);
/// Bytes from the first lane to the lanes of this round.
const OFFSET: General = General(15);
const SAVED: [General; 6] = [INPUTS, UNIFORMS, OUTPUTS, SCRATCH, BYTES, OFFSET];
const TEMPORARY: General = General(0);

/// Where the calling convention of Unix passes integers.
const ARGUMENTS: [General; 5] = [General(7), General(6), General(2), General(1), General(8)];

/// Whether this processor and system can run such code.
#[must_use]
pub fn is_available() -> bool {
    #[cfg(all(target_arch = "x86_64", unix))]
    let available = std::is_x86_feature_detected!("avx512f");
    #[cfg(not(all(target_arch = "x86_64", unix)))]
    let available = false;
    available
}

/// The code of a kernel and the rows of scratch memory that it needs. `function` is the address of the vector function
/// of a call; of `x^y` for none.
#[must_use]
pub fn generate(
    kernel: &Kernel,
    precision: Precision,
    function: impl Fn(Option<Function>) -> u64,
) -> (Vec<u8>, usize) {
    let segments = segments(kernel);
    let placement = place(kernel, &segments);
    let mut body = Body {
        kernel,
        segments: &segments,
        placement: &placement,
        precision,
        code: Assembler::new(precision),
    };
    let frame = body.begin();
    let last = segments.iter().copied().max().unwrap_or(0);
    let mut slots = 0;
    for segment in 0..=last {
        slots = slots.max(body.round(segment));
        body.calls(segment, &function);
    }
    // Eight bytes more: calls want the stack at a multiple of sixteen.
    let size = i32::try_from(slots).unwrap_or(i32::MAX / REGISTER) * REGISTER + 8;
    body.code.write_number(frame, -size);
    body.end(size);
    (body.code.finish(), placement.scratch_rows)
}

struct Body<'a> {
    kernel: &'a Kernel,
    segments: &'a [usize],
    placement: &'a Placement,
    precision: Precision,
    code: Assembler,
}

impl Body<'_> {
    /// Saves registers and makes room on the stack. Returns where the size of the room ends.
    fn begin(&mut self) -> usize {
        for register in SAVED {
            self.code.push(register);
        }
        self.code.add_number(STACK, 0);
        let frame = self.code.position();
        let targets = [INPUTS, UNIFORMS, OUTPUTS, SCRATCH, BYTES];
        for (target, argument) in targets.into_iter().zip(ARGUMENTS) {
            self.code.set(target, argument);
        }
        self.code.shift_left(BYTES, self.shift());
        frame
    }

    fn end(&mut self, frame: i32) {
        self.code.add_number(STACK, frame);
        for register in SAVED.into_iter().rev() {
            self.code.pop(register);
        }
        self.code.give_back();
    }

    /// Binary logarithm of the bytes of a number.
    fn shift(&self) -> u8 {
        match self.precision {
            Precision::Single => 2,
            Precision::Double => 3,
        }
    }

    /// The lanes of this round in a row. Overwrites the temporary register.
    fn lanes(&mut self, row: Row) -> Memory {
        let base = match row {
            Row::Input(_) | Row::Output(_) => self.row(TEMPORARY, row),
            Row::Scratch(0) => SCRATCH,
            Row::Scratch(_) => self.row(TEMPORARY, row),
        };
        Memory::At {
            base,
            index: Some(OFFSET),
            displacement: 0,
        }
    }

    /// Puts the address of a row into a register.
    fn row(&mut self, target: General, row: Row) -> General {
        let nth = |number: u32| i32::try_from(number * 8).unwrap_or(i32::MAX);
        match row {
            Row::Input(input) => self.code.load_general(target, INPUTS, nth(input)),
            Row::Output(output) => self.code.load_general(target, OUTPUTS, nth(output)),
            Row::Scratch(row) => {
                let row = i32::try_from(row).unwrap_or(i32::MAX);
                self.code.multiply_number(target, BYTES, row);
                self.code.add(target, SCRATCH);
            }
        }
        target
    }

    /// A number or uniform.
    fn fixed(&mut self, instruction: &Instruction) -> Option<Memory> {
        match *instruction {
            Instruction::Number(number) => Some(self.code.number(number)),
            Instruction::Uniform(uniform) => Some(Memory::At {
                base: UNIFORMS,
                index: None,
                displacement: i32::try_from(uniform << self.shift()).unwrap_or(i32::MAX),
            }),
            Instruction::Load(_)
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
        }
    }

    /// The loop that computes what belongs to a segment. Returns the places on the stack that it needs.
    fn round(&mut self, segment: usize) -> usize {
        let work: Vec<usize> = (0..self.kernel.instructions.len())
            .filter(|&index| {
                let instruction = &self.kernel.instructions[index];
                self.segments[index] == segment && !is_call(instruction) && !is_leaf(instruction)
            })
            .filter(|&index| has_effect(self.kernel, self.placement, index))
            .collect();
        if work.is_empty() {
            return 0;
        }
        let mut registers = Registers::new(self.kernel, &work);
        self.code.clear(OFFSET);
        let begin = self.code.position();
        for (time, &index) in work.iter().enumerate() {
            registers.at(time);
            self.instruction(index, &mut registers);
        }
        self.code.add_number(OFFSET, REGISTER);
        self.code.jump_while_below(OFFSET, BYTES, begin);
        registers.slots()
    }

    fn instruction(&mut self, index: usize, registers: &mut Registers<'_>) {
        let instruction = self.kernel.instructions[index];
        let mut operands = Vec::with_capacity(4);
        instruction.for_each_operand(|operand| operands.push(operand));
        for operand in &operands {
            if let Some(register) = registers.of(*operand) {
                registers.pin(register);
            }
        }
        let sources: Vec<Wide> = operands
            .iter()
            .map(|operand| self.operand(*operand, registers))
            .collect();
        if let Instruction::Store { output, value } = instruction {
            let memory = self.lanes(Row::Output(output));
            self.code.store(memory, sources[0]);
            if matches!(self.placement.rows.get(&value), Some(Row::Output(own)) if *own == output) {
                registers.is_in_memory(value);
            }
            registers.release(&operands);
            return;
        }
        registers.release(&operands);
        let own = value(index);
        let target = match instruction {
            Instruction::MultiplyAdd(a, b, c) => {
                let (left, right, term) = (sources[0], sources[1], sources[2]);
                if registers.is_free(term) {
                    self.code.fused(Fused::IntoTerm, term, left, right);
                    registers.hold(term, own);
                    term
                } else if registers.is_free(left) && a != c {
                    self.code.fused(Fused::IntoFactor, left, right, term);
                    registers.hold(left, own);
                    left
                } else if registers.is_free(right) && b != c {
                    self.code.fused(Fused::IntoFactor, right, left, term);
                    registers.hold(right, own);
                    right
                } else {
                    let target = self.target(own, &sources, registers);
                    self.code.copy(target, term);
                    self.code.fused(Fused::IntoTerm, target, left, right);
                    target
                }
            }
            Instruction::Add(..) => self.binary(Arithmetic::Add, own, &sources, registers),
            Instruction::Subtract(..) => {
                self.binary(Arithmetic::Subtract, own, &sources, registers)
            }
            Instruction::Multiply(..) => {
                self.binary(Arithmetic::Multiply, own, &sources, registers)
            }
            Instruction::Divide(..) => self.binary(Arithmetic::Divide, own, &sources, registers),
            Instruction::Negate(_) => {
                let target = self.target(own, &sources, registers);
                let mask = self.code.number(-0.0);
                self.code.masked(Bits::Xor, target, sources[0], mask);
                target
            }
            Instruction::Call(Function::Abs, _) => {
                let target = self.target(own, &sources, registers);
                let mask = self.code.bits(match self.precision {
                    Precision::Single => u64::from(u32::MAX >> 1),
                    Precision::Double => u64::MAX >> 1,
                });
                self.code.masked(Bits::And, target, sources[0], mask);
                target
            }
            Instruction::Select { .. } => {
                let target = self.target(own, &sources, registers);
                let operands = [sources[0], sources[1], sources[2], sources[3]];
                self.code.select(target, operands);
                target
            }
            // Of the calls only square roots and absolute values are arithmetic (see `is_call`); the other
            // instructions never come here.
            Instruction::Call(..)
            | Instruction::Number(_)
            | Instruction::Load(_)
            | Instruction::Uniform(_)
            | Instruction::Power(..)
            | Instruction::Store { .. } => {
                let target = self.target(own, &sources, registers);
                let source = sources.first().copied().unwrap_or(target);
                self.code.square_root(target, source);
                target
            }
        };
        if let Some(&row @ Row::Scratch(_)) = self.placement.rows.get(&own) {
            let memory = self.lanes(row);
            self.code.store(memory, target);
            registers.is_in_memory(own);
        }
        registers.release(&[own]);
    }

    fn binary(
        &mut self,
        operation: Arithmetic,
        own: Value,
        sources: &[Wide],
        registers: &mut Registers<'_>,
    ) -> Wide {
        let target = self.target(own, sources, registers);
        self.code
            .arithmetic(operation, target, sources[0], sources[1]);
        target
    }

    /// A register for a result. It may be that of an operand that is not needed again.
    fn target(&mut self, own: Value, sources: &[Wide], registers: &mut Registers<'_>) -> Wide {
        let target = self.free(sources, registers);
        registers.hold(target, own);
        target
    }

    /// A free register, none of those that are in use now. What it held is saved if it can be had no other way.
    fn free(&mut self, in_use: &[Wide], registers: &mut Registers<'_>) -> Wide {
        let (register, evicted) = registers.take(in_use);
        if let Some(value) = evicted
            && !self.is_in_memory(value, registers)
            && let Some(slot) = registers.save(value)
        {
            self.code.store(slot_memory(slot), register);
        }
        register
    }

    /// Whether a value can be read again without having been saved.
    fn is_in_memory(&self, value: Value, registers: &Registers<'_>) -> bool {
        is_leaf(&self.kernel.instructions[value.index()]) || registers.is_stored(value)
    }

    /// The register that holds an operand, which is loaded if none does.
    fn operand(&mut self, operand: Value, registers: &mut Registers<'_>) -> Wide {
        if let Some(register) = registers.of(operand) {
            registers.pin(register);
            return register;
        }
        let register = self.free(&[], registers);
        let instruction = self.kernel.instructions[operand.index()];
        if let Some(memory) = self.fixed(&instruction) {
            self.code.broadcast(register, memory);
        } else if let Some(slot) = registers.slot(operand) {
            self.code.load(register, slot_memory(slot));
        } else if let Some(row) = self.placement.rows.get(&operand) {
            let memory = self.lanes(*row);
            self.code.load(register, memory);
        }
        registers.hold(register, operand);
        registers.pin(register);
        register
    }
}

/// A place on the stack.
fn slot_memory(slot: usize) -> Memory {
    Memory::At {
        base: STACK,
        index: None,
        displacement: i32::try_from(slot).unwrap_or(i32::MAX / REGISTER) * REGISTER,
    }
}
