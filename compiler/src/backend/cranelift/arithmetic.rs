//! One arithmetic instruction in Cranelift IR.

use crate::function::Function;
use crate::kernel::{Instruction, Value};
use cranelift_codegen::ir::condcodes::FloatCC;
use cranelift_codegen::ir::{self, InstBuilder, MemFlagsData, types};
use cranelift_frontend::FunctionBuilder;

/// The machine operation of an instruction that is neither leaf, call nor store.
pub fn arithmetic(
    builder: &mut FunctionBuilder,
    vector: ir::Type,
    instruction: &Instruction,
    at: impl Fn(Value) -> ir::Value,
) -> ir::Value {
    match *instruction {
        Instruction::Negate(a) => builder.ins().fneg(at(a)),
        Instruction::Add(a, b) => builder.ins().fadd(at(a), at(b)),
        Instruction::Subtract(a, b) => builder.ins().fsub(at(a), at(b)),
        Instruction::Multiply(a, b) => builder.ins().fmul(at(a), at(b)),
        Instruction::Divide(a, b) => builder.ins().fdiv(at(a), at(b)),
        Instruction::MultiplyAdd(a, b, c) => builder.ins().fma(at(a), at(b), at(c)),
        Instruction::Select {
            left,
            right,
            less,
            otherwise,
        } => {
            let mask = builder.ins().fcmp(FloatCC::LessThan, at(left), at(right));
            let flags = MemFlagsData::new().with_endianness(ir::Endianness::Little);
            let mask = builder.ins().bitcast(vector, flags, mask);
            builder.ins().bitselect(mask, at(less), at(otherwise))
        }
        Instruction::Call(Function::Abs, a) => builder.ins().fabs(at(a)),
        // Of the calls only square roots and absolute values are arithmetic (see `is_call`); the other
        // instructions never come here.
        Instruction::Call(_, a) => builder.ins().sqrt(at(a)),
        Instruction::Number(_)
        | Instruction::Load(_)
        | Instruction::Uniform(_)
        | Instruction::Power(..)
        | Instruction::Store { .. } => {
            let zero = number(builder, vector.lane_type(), 0.0);
            builder.ins().splat(vector, zero)
        }
    }
}

/// A number of this type.
#[allow(clippy::cast_possible_truncation)] // single precision is what is asked for
pub fn number(builder: &mut FunctionBuilder, scalar: ir::Type, number: f64) -> ir::Value {
    if scalar == types::F32 {
        builder.ins().f32const(number as f32)
    } else {
        builder.ins().f64const(number)
    }
}
