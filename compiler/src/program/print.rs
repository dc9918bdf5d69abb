//! Programs and jet plans as text.

use super::{Block, Compiled, Program, Step};
use crate::jet::plan::Combination;
use std::fmt::Write as _;

/// The whole program: buffers and steps of each block.
#[must_use]
pub fn print(program: &Program) -> String {
    let mut text = format!(
        "program: {} parameters, uniforms ({})\n",
        program.network.parameters,
        program.uniforms.join(", ")
    );
    let mut blocks: Vec<(&str, &Block)> =
        program.terms.iter().map(|t| ("term", &t.block)).collect();
    blocks.push(("values", &program.fields));
    blocks.extend(program.outputs.iter().map(|block| ("outputs", block)));
    if let Some(handover) = &program.handover {
        blocks.push(("values", &handover.continuation));
    }
    for (kind, block) in blocks {
        let _ = writeln!(text, "\n{kind} {}", block.name);
        for (number, buffer) in block.buffers.iter().enumerate() {
            if buffer.rows > 0 {
                let _ = writeln!(
                    text,
                    "  buffer b{number}: {} rows  # {}",
                    buffer.rows, buffer.name
                );
            }
        }
        let _ = writeln!(text, "  forward");
        for step in &block.forward {
            let _ = writeln!(text, "    {}", print_step(program, step));
        }
        let _ = writeln!(text, "  backward");
        for step in &block.backward {
            let _ = writeln!(text, "    {}", print_step(program, step));
        }
    }
    text
}

fn print_step(program: &Program, step: &Step) -> String {
    match step {
        Step::Kernel {
            kernel,
            repeat,
            inputs,
            outputs,
        } => {
            let operands = |list: &[super::Operand]| {
                let texts: Vec<String> = list
                    .iter()
                    .map(|operand| match operand.stride {
                        0 => format!("b{}[{}]", operand.buffer, operand.first),
                        stride => format!("b{}[{}+{stride}n]", operand.buffer, operand.first),
                    })
                    .collect();
                texts.join(", ")
            };
            let repeat = match repeat {
                1 => String::new(),
                count => format!(" for n < {count}"),
            };
            format!(
                "{} = {}({}){repeat}",
                operands(outputs),
                program.kernels[*kernel].name,
                operands(inputs)
            )
        }
        Step::Product {
            affine,
            input,
            output,
        } => format!(
            "b{output} = {}[{}x{}] * b{input} + bias",
            affine.name, affine.outputs, affine.inputs
        ),
        Step::TransposedProduct {
            affine,
            input,
            output,
        } => format!("b{output} = transpose({}) * b{input}", affine.name),
        Step::ParameterGradient {
            affine,
            input,
            cotangent,
        } => format!("grad {} += b{cotangent} * transpose(b{input})", affine.name),
    }
}

/// The jets that each term carries through the network, and what collapsing saves.
#[must_use]
pub fn print_plan(compiled: &Compiled) -> String {
    let names = &compiled.names;
    let mut graph = compiled.graph.clone();
    let mut text = String::new();
    for term in &compiled.program.terms {
        let block = &term.block;
        let carried: Vec<String> = block
            .coefficients
            .iter()
            .map(|coefficient| coefficient.name(names, "N"))
            .collect();
        let count = carried.len();
        let saved = if count < block.uncollapsed {
            format!(" instead of {}", block.uncollapsed)
        } else {
            String::new()
        };
        let _ = writeln!(
            text,
            "{}: {count} coefficient{}{saved} {{{}}} for {}",
            block.name,
            if count == 1 { "" } else { "s" },
            carried.join(", "),
            term.labels.join("; ")
        );
        for definition in Combination::print_all(&block.coefficients, &mut graph, names, "N") {
            for line in definition.lines() {
                let _ = writeln!(text, "  {line}");
            }
        }
    }
    text
}
