//! Kernels as text, which [`read`](super::read()) reads back.
//!
//! A name that is not a plain identifier is quoted. What has no name of its own is written by its position:
//! `#3` is the fourth input, uniform or output where its name is missing or belongs to an earlier one, and
//! the fourth instruction where that defines no value. Only broken kernels need the latter.

use super::{Instruction, Kernel, Value};
use std::fmt::Write as _;

/// Prints a kernel: its signature, with the uniforms behind the semicolon, then one instruction a line.
///
/// ```text
/// kernel burgers(u, u_x, u_xx; nu) -> (r)
///   %0 = load u
///   %1 = load u_x
///   %2 = mul %0, %1
///   %3 = uniform nu
///   %4 = load u_xx
///   %5 = fma %3, %4, %2
///   store r, %5
/// ```
#[must_use]
pub fn print(kernel: &Kernel) -> String {
    let mut text = format!("kernel {}({}", name(&kernel.name), list(&kernel.inputs));
    if !kernel.uniforms.is_empty() {
        let _ = write!(text, "; {}", list(&kernel.uniforms));
    }
    let _ = writeln!(text, ") -> ({})", list(&kernel.outputs));
    // Values are numbered without the stores, so that the text reads one, two, three.
    let mut numbers = Vec::with_capacity(kernel.instructions.len());
    let mut next = 0;
    for instruction in &kernel.instructions {
        numbers.push(instruction.defines_value().then_some(next));
        next += usize::from(instruction.defines_value());
    }
    let v = |value: Value| match numbers.get(value.index()).copied().flatten() {
        Some(number) => format!("%{number}"),
        None => format!("#{}", value.index()),
    };
    for (instruction, number) in kernel.instructions.iter().zip(&numbers) {
        let right = match *instruction {
            Instruction::Number(value) => format!("const {}", constant(value)),
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
                format!("store {}, {}", nth(&kernel.outputs, output), v(value))
            }
        };
        let _ = match number {
            Some(number) => writeln!(text, "  %{number} = {right}"),
            None => writeln!(text, "  {right}"),
        };
    }
    text
}

/// Whether a name needs no quotes. A prime is how the reverse sweep names cotangents.
pub(super) fn is_plain(name: &str) -> bool {
    let mut characters = name.chars();
    characters.next().is_some_and(starts_name) && characters.all(continues_name)
}

/// Whether a plain name can begin with this character.
pub(super) fn starts_name(character: char) -> bool {
    character.is_alphabetic() || character == '_'
}

/// Whether a plain name can go on with this character.
pub(super) fn continues_name(character: char) -> bool {
    character.is_alphanumeric() || character == '_' || character == '\''
}

fn name(name: &str) -> String {
    if is_plain(name) {
        return name.to_string();
    }
    let mut text = String::from('"');
    for character in name.chars() {
        match character {
            '"' | '\\' => text.extend(['\\', character]),
            _ if character.is_control() => {
                let _ = write!(text, "\\u{{{:x}}}", u32::from(character));
            }
            _ => text.push(character),
        }
    }
    text.push('"');
    text
}

fn list(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|text| name(text)).collect();
    names.join(", ")
}

/// The name at this position, if a reader would find this position by it.
fn nth(names: &[String], index: u32) -> String {
    let position = index as usize;
    match names.get(position) {
        Some(text) if !names[..position].contains(text) => name(text),
        Some(_) | None => format!("#{index}"),
    }
}

/// A number, bit for bit: one that is no number has its bits behind it.
fn constant(value: f64) -> String {
    if value.is_nan() {
        format!("0x{:016x}", value.to_bits())
    } else {
        crate::jet::print_number(value)
    }
}
