//! Kernels from text, the inverse of [`print`](super::print()), so that passes can be tested on files.
//!
//! * Input: one kernel. Empty lines and lines that begin with a semicolon are skipped.
//! * Output: the [`Kernel`] as it is written. The reader knows the form only; whether the kernel makes sense
//!   is for [`verify`](super::verify()) to say, so a broken kernel can be written down too.

mod line;
mod tokens;

use super::{Instruction, Kernel, Value};
use crate::function::Function;
use line::Line;
use std::collections::HashMap;
use std::fmt;
use tokens::{Symbol, Token, tokens};

/// Why a text is not a kernel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError {
    /// The line, counted from one.
    pub line: usize,
    /// What is wrong with it.
    pub reason: String,
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.reason)
    }
}

impl std::error::Error for ReadError {}

/// Reads a kernel.
///
/// # Errors
///
/// The first line that is not of the form that [`print`](super::print()) prints.
pub fn read(text: &str) -> Result<Kernel, ReadError> {
    let mut lines = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let number = index + 1;
        let line = line.trim();
        if !line.is_empty() && !line.starts_with(';') {
            lines.push(Line {
                number,
                tokens: tokens(line).map_err(|reason| ReadError {
                    line: number,
                    reason,
                })?,
                next: 0,
            });
        }
    }
    let mut lines = lines.into_iter();
    let Some(mut first) = lines.next() else {
        return Err(ReadError {
            line: 1,
            reason: "there is no kernel".to_string(),
        });
    };
    let mut kernel = signature(&mut first)?;

    // Values may be used before their line: that is for the verifier to complain about.
    let lines: Vec<Line> = lines.collect();
    let mut values = HashMap::new();
    for (position, line) in lines.iter().enumerate() {
        if let Some(Token::Value(number)) = line.tokens.first()
            && values
                .insert(*number, Value(line.narrow(position)?))
                .is_some()
        {
            return Err(line.error(format!("%{number} is defined twice")));
        }
    }
    for mut line in lines {
        let instruction = instruction(&mut line, &kernel, &values)?;
        line.end()?;
        kernel.instructions.push(instruction);
    }
    Ok(kernel)
}

/// `kernel name(inputs; uniforms) -> (outputs)`
fn signature(line: &mut Line) -> Result<Kernel, ReadError> {
    match line.take() {
        Some(Token::Name(keyword)) if keyword == "kernel" => {}
        found => return Err(line.expected("`kernel`", found.as_ref())),
    }
    let name = line.name()?;
    line.symbol(Symbol::Open)?;
    let inputs = line.names()?;
    let uniforms = if line.skip(Symbol::Semicolon) {
        line.names()?
    } else {
        Vec::new()
    };
    line.symbol(Symbol::Close)?;
    line.symbol(Symbol::Arrow)?;
    line.symbol(Symbol::Open)?;
    let outputs = line.names()?;
    line.symbol(Symbol::Close)?;
    line.end()?;
    Ok(Kernel {
        name,
        inputs,
        outputs,
        uniforms,
        instructions: Vec::new(),
    })
}

/// `%3 = operation operands`, or a store.
fn instruction(
    line: &mut Line,
    kernel: &Kernel,
    values: &HashMap<u32, Value>,
) -> Result<Instruction, ReadError> {
    let defines = matches!(line.tokens.first(), Some(Token::Value(_)));
    if defines {
        line.next += 1;
        line.symbol(Symbol::Equals)?;
    }
    let operation = line.name()?;
    if defines == (operation == "store") {
        return Err(line.error(if defines {
            "a store defines no value".to_string()
        } else {
            format!("`{operation}` defines a value, which needs a number: `%0 = {operation} …`")
        }));
    }
    if operation == "store" {
        let output = line.position(&kernel.outputs, "output")?;
        line.symbol(Symbol::Comma)?;
        let value = line.value(values)?;
        return Ok(Instruction::Store { output, value });
    }
    let first = |line: &mut Line| line.value(values);
    let next = |line: &mut Line| {
        line.symbol(Symbol::Comma)?;
        line.value(values)
    };
    Ok(match operation.as_str() {
        "const" => Instruction::Number(line.number()?),
        "load" => Instruction::Load(line.position(&kernel.inputs, "input")?),
        "uniform" => Instruction::Uniform(line.position(&kernel.uniforms, "uniform")?),
        "neg" => Instruction::Negate(first(line)?),
        "add" => Instruction::Add(first(line)?, next(line)?),
        "sub" => Instruction::Subtract(first(line)?, next(line)?),
        "mul" => Instruction::Multiply(first(line)?, next(line)?),
        "div" => Instruction::Divide(first(line)?, next(line)?),
        "pow" => Instruction::Power(first(line)?, next(line)?),
        "fma" => Instruction::MultiplyAdd(first(line)?, next(line)?, next(line)?),
        "select" => {
            let left = first(line)?;
            line.symbol(Symbol::Less)?;
            Instruction::Select {
                left,
                right: first(line)?,
                less: next(line)?,
                otherwise: next(line)?,
            }
        }
        name => match Function::from_name(name) {
            Some(function) => Instruction::Call(function, first(line)?),
            None => return Err(line.error(format!("there is no operation `{name}`"))),
        },
    })
}
