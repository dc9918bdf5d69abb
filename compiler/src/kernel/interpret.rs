//! The meaning of a kernel: one lane after another, one instruction after another.
//!
//! Functions are those of the `libm` crate, so this is an independent check on the vector functions that
//! the fast back ends call.

use super::{Instruction, Kernel, Value};
use crate::function::Function;

/// Runs a verified kernel over `outputs[k].len()` lanes.
///
/// `inputs[k]` and `outputs[k]` have one number for each lane; `uniforms` has one for each uniform.
pub fn interpret(kernel: &Kernel, inputs: &[&[f64]], uniforms: &[f64], outputs: &mut [&mut [f64]]) {
    let lanes = outputs.first().map_or(0, |output| output.len());
    let mut values = vec![0.0; kernel.instructions.len()];
    for lane in 0..lanes {
        for (index, instruction) in kernel.instructions.iter().enumerate() {
            let at = |value: Value| values[value.index()];
            values[index] = match *instruction {
                Instruction::Number(number) => number,
                Instruction::Load(input) => inputs[input as usize][lane],
                Instruction::Uniform(uniform) => uniforms[uniform as usize],
                Instruction::Negate(a) => -at(a),
                Instruction::Add(a, b) => at(a) + at(b),
                Instruction::Subtract(a, b) => at(a) - at(b),
                Instruction::Multiply(a, b) => at(a) * at(b),
                Instruction::Divide(a, b) => at(a) / at(b),
                Instruction::MultiplyAdd(a, b, c) => at(a).mul_add(at(b), at(c)),
                Instruction::Power(a, b) => libm::pow(at(a), at(b)),
                Instruction::Call(function, a) => evaluate_function(function, at(a)),
                Instruction::Select {
                    left,
                    right,
                    less,
                    otherwise,
                } => {
                    if at(left) < at(right) {
                        at(less)
                    } else {
                        at(otherwise)
                    }
                }
                Instruction::Store { output, value } => {
                    outputs[output as usize][lane] = at(value);
                    0.0
                }
            };
        }
    }
}

/// The value of a function of the language.
#[must_use]
pub fn evaluate_function(function: Function, x: f64) -> f64 {
    match function {
        Function::Sin => libm::sin(x),
        Function::Cos => libm::cos(x),
        Function::Tan => libm::tan(x),
        Function::Exp => libm::exp(x),
        Function::Log => libm::log(x),
        Function::Sqrt => libm::sqrt(x),
        Function::Tanh => libm::tanh(x),
        Function::Sinh => libm::sinh(x),
        Function::Cosh => libm::cosh(x),
        Function::Sech => 1.0 / libm::cosh(x),
        Function::Atan => libm::atan(x),
        Function::Erf => libm::erf(x),
        Function::Abs => x.abs(),
        Function::Sign => {
            if x > 0.0 {
                1.0
            } else if x < 0.0 {
                -1.0
            } else {
                x
            }
        }
        Function::Heaviside => {
            if x > 0.0 {
                1.0
            } else if x < 0.0 {
                0.0
            } else {
                0.5
            }
        }
    }
}
