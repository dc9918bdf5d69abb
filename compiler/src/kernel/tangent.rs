//! The forward sweep of a kernel, derived once for every kernel.
//!
//! For outputs `y = K(x)` and tangents `ẋ`, the tangent kernel computes `ẏ = (∂K/∂x) ẋ` lane by lane. It is
//! the transpose of [`adjoint`](super::adjoint()), and the cheaper one where there are fewer inputs than
//! outputs.

use super::{Builder, Instruction, Kernel, Value};
use crate::function::{Algebra, Function};

/// What a tangent kernel stores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TangentOutputs {
    /// The tangent of each output.
    Tangents,
    /// The outputs, then the tangent of each.
    OutputsAndTangents,
}

/// Derives the forward sweep of a verified kernel with respect to the lane inputs `wanted`.
///
/// Lane inputs are those of the kernel, then one tangent for each of `wanted`; the tangents of the other
/// inputs are zero. The tangent of `u` is called `du`.
#[must_use]
pub fn tangent(kernel: &Kernel, wanted: &[usize], outputs: TangentOutputs) -> Kernel {
    let mut builder = Builder::new();
    let zero = builder.number(0.0);
    let mut images: Vec<Value> = Vec::with_capacity(kernel.instructions.len());
    // Nothing stands for zero: what does not depend on the wanted inputs costs nothing.
    let mut tangents: Vec<Option<Value>> = Vec::with_capacity(kernel.instructions.len());
    for instruction in &kernel.instructions {
        if !instruction.defines_value() {
            images.push(zero);
            tangents.push(None);
            continue;
        }
        let image = builder.append(instruction.map_operands(|operand| images[operand.index()]));
        let tangent = match *instruction {
            Instruction::Load(input) => wanted
                .iter()
                .position(|&other| other == input as usize)
                .map(|position| builder.load(kernel.inputs.len() + position)),
            Instruction::Number(_)
            | Instruction::Uniform(_)
            | Instruction::Negate(_)
            | Instruction::Add(..)
            | Instruction::Subtract(..)
            | Instruction::Multiply(..)
            | Instruction::Divide(..)
            | Instruction::MultiplyAdd(..)
            | Instruction::Power(..)
            | Instruction::Call(..)
            | Instruction::Select { .. }
            | Instruction::Store { .. } => {
                push_forward(&mut builder, instruction, &images, &tangents, image)
            }
        };
        images.push(image);
        tangents.push(tangent);
    }

    let stored: Vec<Value> = kernel
        .stored()
        .into_iter()
        .map(|value| value.unwrap_or(Value(0)))
        .collect();
    let named = || kernel.outputs.iter().zip(&stored);
    let mut results: Vec<(String, Value)> = match outputs {
        TangentOutputs::Tangents => Vec::new(),
        TangentOutputs::OutputsAndTangents => named()
            .map(|(name, value)| (name.clone(), images[value.index()]))
            .collect(),
    };
    results.extend(
        named().map(|(name, value)| (format!("d{name}"), tangents[value.index()].unwrap_or(zero))),
    );
    let inputs = kernel
        .inputs
        .iter()
        .cloned()
        .chain(
            wanted
                .iter()
                .map(|&input| format!("d{}", kernel.inputs[input])),
        )
        .collect();
    builder.finish(
        &format!("{}_tangent", kernel.name),
        inputs,
        kernel.uniforms.clone(),
        results,
    )
}

/// The tangent of one instruction's value, from those of its operands; `None` is zero.
fn push_forward(
    builder: &mut Builder,
    instruction: &Instruction,
    images: &[Value],
    tangents: &[Option<Value>],
    result: Value,
) -> Option<Value> {
    let image = |value: Value| images[value.index()];
    let tangent = |value: Value| tangents[value.index()];
    match *instruction {
        Instruction::Number(_)
        | Instruction::Load(_)
        | Instruction::Uniform(_)
        | Instruction::Store { .. } => None,
        Instruction::Negate(a) => tangent(a).map(|da| builder.negate(da)),
        Instruction::Add(a, b) => add(builder, tangent(a), tangent(b)),
        Instruction::Subtract(a, b) => subtract(builder, tangent(a), tangent(b)),
        Instruction::Multiply(a, b) => {
            let left = times(builder, tangent(a), image(b));
            let right = times(builder, tangent(b), image(a));
            add(builder, left, right)
        }
        Instruction::MultiplyAdd(a, b, c) => {
            let left = times(builder, tangent(a), image(b));
            let right = times(builder, tangent(b), image(a));
            let product = add(builder, left, right);
            add(builder, product, tangent(c))
        }
        Instruction::Divide(a, b) => {
            // q = a/b: q̇ = (ȧ − q·ḃ)/b
            let moved = times(builder, tangent(b), result);
            let above = subtract(builder, tangent(a), moved)?;
            Some(builder.divide(above, image(b)))
        }
        Instruction::Power(a, b) => {
            // p = a^b: ṗ = b·a^(b−1)·ȧ + p·log a·ḃ
            let by_base = tangent(a).map(|da| {
                let one = builder.number(1.0);
                let lowered = builder.subtract(image(b), one);
                let power = builder.power(image(a), lowered);
                let slope = builder.multiply(image(b), power);
                builder.multiply(slope, da)
            });
            let by_exponent = tangent(b).map(|db| {
                let log = builder.call(Function::Log, image(a));
                let slope = builder.multiply(result, log);
                builder.multiply(slope, db)
            });
            add(builder, by_base, by_exponent)
        }
        Instruction::Call(function, a) => {
            let da = tangent(a)?;
            let slope = function.derivative(builder, image(a), result)?;
            Some(builder.multiply(slope, da))
        }
        Instruction::Select {
            left,
            right,
            less,
            otherwise,
        } => {
            let (less, otherwise) = (tangent(less), tangent(otherwise));
            if less.is_none() && otherwise.is_none() {
                return None;
            }
            let zero = builder.number(0.0);
            Some(builder.select(
                image(left),
                image(right),
                less.unwrap_or(zero),
                otherwise.unwrap_or(zero),
            ))
        }
    }
}

fn add(builder: &mut Builder, a: Option<Value>, b: Option<Value>) -> Option<Value> {
    match (a, b) {
        (Some(a), Some(b)) => Some(builder.add(a, b)),
        (a, None) => a,
        (None, b) => b,
    }
}

fn subtract(builder: &mut Builder, a: Option<Value>, b: Option<Value>) -> Option<Value> {
    match (a, b) {
        (Some(a), Some(b)) => Some(builder.subtract(a, b)),
        (a, None) => a,
        (None, Some(b)) => Some(builder.negate(b)),
    }
}

fn times(builder: &mut Builder, tangent: Option<Value>, factor: Value) -> Option<Value> {
    tangent.map(|tangent| builder.multiply(tangent, factor))
}
