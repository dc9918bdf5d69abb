//! One operation, and one number, in CUDA C.

use super::Precision;
use crate::function::Function;
use crate::kernel::{Instruction, Value};

/// The right side of the definition of a computed value, of operands by their names.
pub(super) fn expression(
    instruction: &Instruction,
    values: &[String],
    precision: Precision,
) -> String {
    let v = |value: Value| values[value.index()].as_str();
    match *instruction {
        // the space keeps the sign of a literal apart
        Instruction::Negate(a) if v(a).starts_with('-') => format!("- {}", v(a)),
        Instruction::Negate(a) => format!("-{}", v(a)),
        Instruction::Add(a, b) => match v(b).strip_prefix('-') {
            // the same number, zeros included
            Some(opposite) => format!("{} - {opposite}", v(a)),
            None => format!("{} + {}", v(a), v(b)),
        },
        Instruction::Subtract(a, b) => format!("{} - {}", v(a), v(b)),
        Instruction::Multiply(a, b) => format!("{} * {}", v(a), v(b)),
        Instruction::Divide(a, b) => format!("{} / {}", v(a), v(b)),
        Instruction::MultiplyAdd(a, b, c) => {
            let fma = called("fma", precision);
            format!("{fma}({}, {}, {})", v(a), v(b), v(c))
        }
        Instruction::Power(a, b) => format!("{}({}, {})", called("pow", precision), v(a), v(b)),
        Instruction::Call(function, a) => call(function, v(a), precision),
        Instruction::Select {
            left,
            right,
            less,
            otherwise,
        } => format!(
            "{} < {} ? {} : {}",
            v(left),
            v(right),
            v(less),
            v(otherwise)
        ),
        // These define no computed value: `body` writes them itself.
        Instruction::Number(_)
        | Instruction::Load(_)
        | Instruction::Uniform(_)
        | Instruction::Store { .. } => String::new(),
    }
}

/// A function of the language. What C does not have is spelled as `evaluate_function` spells it, so that
/// zeros of either sign and numbers that are none go the same way.
fn call(function: Function, x: &str, precision: Precision) -> String {
    let library = |name: &str| format!("{}({x})", called(name, precision));
    let number = |value: f64| literal(value, precision);
    match function {
        Function::Sin
        | Function::Cos
        | Function::Tan
        | Function::Exp
        | Function::Log
        | Function::Sqrt
        | Function::Tanh
        | Function::Sinh
        | Function::Cosh
        | Function::Atan
        | Function::Erf => library(function.name()),
        Function::Abs => library("fabs"),
        Function::Sech => format!("{} / {}", number(1.0), library("cosh")),
        Function::Sign | Function::Heaviside => {
            let (below, at_zero) = if function == Function::Sign {
                (number(-1.0), x.to_string())
            } else {
                (number(0.0), number(0.5))
            };
            let (one, zero) = (number(1.0), number(0.0));
            format!("{x} > {zero} ? {one} : {x} < {zero} ? {below} : {at_zero}")
        }
    }
}

/// A function of the C library in a precision.
fn called(name: &str, precision: Precision) -> String {
    match precision {
        Precision::Single => format!("{name}f"),
        Precision::Double => name.to_string(),
    }
}

/// A number: the fewest decimal digits that come back as the same bits, or the bits where decimals do not
/// reach.
pub(super) fn literal(number: f64, precision: Precision) -> String {
    match precision {
        Precision::Single => {
            let number = number as f32;
            if number.is_finite() {
                format!("{number:?}f")
            } else {
                format!("__int_as_float({:#010x})", number.to_bits())
            }
        }
        Precision::Double if number.is_finite() => format!("{number:?}"),
        Precision::Double => format!("__longlong_as_double({:#018x})", number.to_bits()),
    }
}
