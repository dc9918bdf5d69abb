//! Kernels as text.

use super::{Instruction, Kernel};
use std::fmt::Write as _;

/// Prints a kernel: its signature, then one instruction a line.
///
/// ```text
/// kernel burgers(u, u_x) -> (r)
///   %0 = load u
///   %1 = load u_x
///   %2 = mul %0, %1
///   store r, %2
/// ```
#[must_use]
pub fn print(kernel: &Kernel) -> String {
    let mut text = format!(
        "kernel {}({}) -> ({})\n",
        kernel.name,
        kernel.inputs.join(", "),
        kernel.outputs.join(", ")
    );
    let nth = |names: &[String], index: u32| {
        names
            .get(index as usize)
            .cloned()
            .unwrap_or_else(|| format!("?{index}"))
    };
    // Values are numbered without the stores, so that the text reads one, two, three.
    let mut numbers = Vec::with_capacity(kernel.instructions.len());
    let mut next = 0;
    for instruction in &kernel.instructions {
        numbers.push(next);
        next += usize::from(instruction.defines_value());
    }
    for (index, instruction) in kernel.instructions.iter().enumerate() {
        let v = |value: super::Value| format!("%{}", numbers[value.index()]);
        let right = match *instruction {
            Instruction::Number(number) => format!("const {}", crate::jet::print_number(number)),
            Instruction::Load(input) => format!("load {}", nth(&kernel.inputs, input)),
            Instruction::Uniform(uniform) => format!("uniform {}", nth(&kernel.uniforms, uniform)),
            Instruction::Negate(a) => format!("neg {}", v(a)),
            Instruction::Add(a, b) => format!("add {}, {}", v(a), v(b)),
            Instruction::Subtract(a, b) => format!("sub {}, {}", v(a), v(b)),
            Instruction::Multiply(a, b) => format!("mul {}, {}", v(a), v(b)),
            Instruction::Divide(a, b) => format!("div {}, {}", v(a), v(b)),
            Instruction::MultiplyAdd(a, b, c) => format!("fma {}, {}, {}", v(a), v(b), v(c)),
            Instruction::Power(a, b) => format!("pow {}, {}", v(a), v(b)),
            Instruction::Call(function, a) => format!("{} {}", function.name(), v(a)),
            Instruction::Select {
                left,
                right,
                less,
                otherwise,
            } => format!(
                "select {} < {}, {}, {}",
                v(left),
                v(right),
                v(less),
                v(otherwise)
            ),
            Instruction::Store { output, value } => {
                let _ = writeln!(
                    text,
                    "  store {}, {}",
                    nth(&kernel.outputs, output),
                    v(value)
                );
                continue;
            }
        };
        let _ = writeln!(text, "  %{} = {right}", numbers[index]);
    }
    text
}
