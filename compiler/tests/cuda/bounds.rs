//! How far two honest evaluations of a kernel may be apart.
//!
//! A running error analysis of first order (Higham, *Accuracy and Stability of Numerical Algorithms*, §3.3):
//! beside each value goes a bound of what the roundings so far may have done to it. Where a comparison could
//! go either way, the bound is the distance between both results.

use pdec_compiler::function::Function;
use pdec_compiler::kernel::{Instruction, Kernel, Value, evaluate_function};

/// A kind of floating-point numbers.
#[derive(Clone, Copy, Debug)]
pub struct Arithmetic {
    /// Half a unit in the last place of one.
    pub rounding: f64,
    /// The least positive number.
    pub least: f64,
    /// The greatest number.
    pub greatest: f64,
}

pub const DOUBLE: Arithmetic = Arithmetic {
    rounding: f64::EPSILON / 2.0,
    least: 5e-324,
    greatest: f64::MAX,
};

pub const SINGLE: Arithmetic = Arithmetic {
    rounding: f32::EPSILON as f64 / 2.0,
    least: 1.5e-45,
    greatest: f32::MAX as f64,
};

/// What two libraries may differ by, in roundings: each is within two units in the last place.
const LIBRARY: f64 = 8.0;

/// Each output of one lane, and the bound of its error: infinite where nothing can be said.
pub fn evaluate(
    kernel: &Kernel,
    inputs: &[f64],
    uniforms: &[f64],
    arithmetic: Arithmetic,
) -> Vec<(f64, f64)> {
    let mut values: Vec<(f64, f64)> = Vec::with_capacity(kernel.instructions.len());
    let mut outputs = vec![(f64::NAN, f64::NAN); kernel.outputs.len()];
    for instruction in &kernel.instructions {
        let at = |value: Value| values[value.index()];
        // The value, what the errors of the operands make of it, and the roundings of the operation.
        let (value, error, roundings) = match *instruction {
            Instruction::Number(number) => (number, 0.0, 1.0),
            Instruction::Load(input) => (inputs[input as usize], 0.0, 0.0),
            Instruction::Uniform(uniform) => (uniforms[uniform as usize], 0.0, 0.0),
            Instruction::Negate(a) => (-at(a).0, at(a).1, 0.0),
            Instruction::Add(a, b) => (at(a).0 + at(b).0, at(a).1 + at(b).1, 1.0),
            Instruction::Subtract(a, b) => (at(a).0 - at(b).0, at(a).1 + at(b).1, 1.0),
            Instruction::Multiply(a, b) => (at(a).0 * at(b).0, product(at(a), at(b)), 1.0),
            Instruction::MultiplyAdd(a, b, c) => (
                at(a).0.mul_add(at(b).0, at(c).0),
                product(at(a), at(b)) + at(c).1,
                1.0,
            ),
            Instruction::Divide(a, b) => {
                let (quotient, divisor) = (at(a).0 / at(b).0, at(b).0.abs() - at(b).1);
                let error = at(a).1 + quotient.abs() * at(b).1;
                (
                    quotient,
                    if error == 0.0 {
                        0.0
                    } else {
                        error / divisor.max(0.0)
                    },
                    1.0,
                )
            }
            Instruction::Power(a, b) => {
                let ((x, dx), (y, dy)) = (at(a), at(b));
                let corners = [(-dx, -dy), (-dx, dy), (dx, -dy), (dx, dy)];
                let value = libm::pow(x, y);
                let moved = corners.map(|(dx, dy)| (libm::pow(x + dx, y + dy) - value).abs());
                (value, 2.0 * largest(&moved), LIBRARY)
            }
            Instruction::Call(function, a) => call(function, at(a)),
            Instruction::Select {
                left,
                right,
                less,
                otherwise,
            } => {
                let ((l, dl), (r, dr)) = (at(left), at(right));
                let (chosen, other) = if l < r {
                    (less, otherwise)
                } else {
                    (otherwise, less)
                };
                if dl + dr > 0.0 && (l - r).abs() <= dl + dr {
                    let distance = (at(less).0 - at(otherwise).0).abs();
                    (
                        at(chosen).0,
                        distance + largest(&[at(chosen).1, at(other).1]),
                        0.0,
                    )
                } else {
                    (at(chosen).0, at(chosen).1, 0.0)
                }
            }
            Instruction::Store { output, value } => {
                outputs[output as usize] = at(value);
                (0.0, 0.0, 0.0)
            }
        };
        let rounded = roundings * (arithmetic.rounding * value.abs() + arithmetic.least);
        let bound = error + if roundings > 0.0 { rounded } else { 0.0 };
        let representable = value.abs() + bound <= arithmetic.greatest;
        values.push((value, if representable { bound } else { f64::INFINITY }));
    }
    outputs
}

fn product((a, da): (f64, f64), (b, db): (f64, f64)) -> f64 {
    a.abs() * db + b.abs() * da + da * db
}

fn call(function: Function, (x, error): (f64, f64)) -> (f64, f64, f64) {
    let value = evaluate_function(function, x);
    let roundings = match function {
        Function::Sign | Function::Heaviside | Function::Abs => 0.0,
        Function::Sin
        | Function::Cos
        | Function::Tan
        | Function::Exp
        | Function::Log
        | Function::Sqrt
        | Function::Tanh
        | Function::Sinh
        | Function::Cosh
        | Function::Sech
        | Function::Atan
        | Function::Erf => LIBRARY,
    };
    if error > 0.5 {
        // too far to look at the ends alone
        return (value, f64::INFINITY, roundings);
    }
    let moved =
        [x - error, x + error].map(|near| (evaluate_function(function, near) - value).abs());
    (value, 2.0 * largest(&moved), roundings)
}

/// The largest, and infinite if one of them is no number.
fn largest(errors: &[f64]) -> f64 {
    errors.iter().fold(0.0, |most: f64, &error| {
        if error.is_nan() {
            f64::INFINITY
        } else {
            most.max(error)
        }
    })
}
