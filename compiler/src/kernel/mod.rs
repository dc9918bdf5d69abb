//! Kernel IR: straight-line programs that run once for each lane.
//!
//! * Input: jet expressions, through [`lower()`].
//! * Output: a [`Kernel`], and by [`adjoint()`] and [`tangent()`] the kernels of its reverse and forward
//!   sweeps. [`print()`] writes a kernel as text and [`read()`] reads it back.
//! * Invariants, enforced by [`verify()`]: every value is defined once, before its uses; every output is
//!   stored exactly once; stores are values of no other instruction. [`interpret()`] defines the meaning;
//!   a back end cannot fail on a verified kernel.
//!
//! A kernel reads *lane inputs* (one number for each lane: a coefficient of a neuron, a coordinate of a
//! point) and *uniforms* (one number for all lanes: a parameter), and writes *outputs* (one number for each
//! lane). It neither loops nor branches, so lanes can be processed in any order and width.

mod adjoint;
mod build;
mod interpret;
mod lower;
mod print;
mod read;
mod rewrite;
mod schedule;
mod tangent;
mod verify;

pub use adjoint::{Adjoint, adjoint};
pub use build::Builder;
pub use interpret::{evaluate_function, interpret};
pub use lower::{Leaf, lower};
pub use print::print;
pub use read::{ReadError, read};
pub use rewrite::without_unread_inputs;
pub use schedule::{live_values, schedule};
pub use tangent::{TangentOutputs, tangent};
pub use verify::{VerifyError, verify};

use crate::function::Function;

/// A straight-line program.
#[derive(Clone, Debug, PartialEq)]
pub struct Kernel {
    /// Its name, for people.
    pub name: String,
    /// Lane inputs, by name.
    pub inputs: Vec<String>,
    /// Outputs, by name.
    pub outputs: Vec<String>,
    /// Uniforms, by name; a program's kernels share one table.
    pub uniforms: Vec<String>,
    /// What is computed, in order.
    pub instructions: Vec<Instruction>,
}

/// The handle of a value: the position of the instruction that defines it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Value(pub u32);

impl Value {
    /// The position of the instruction that defines it.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// One operation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Instruction {
    /// A number.
    Number(f64),
    /// Reads a lane input.
    Load(u32),
    /// Reads a uniform.
    Uniform(u32),
    /// `-a`
    Negate(Value),
    /// `a + b`
    Add(Value, Value),
    /// `a - b`
    Subtract(Value, Value),
    /// `a * b`
    Multiply(Value, Value),
    /// `a / b`
    Divide(Value, Value),
    /// `a * b + c`, rounded once
    MultiplyAdd(Value, Value, Value),
    /// `a ^ b`
    Power(Value, Value),
    /// `function(a)`
    Call(Function, Value),
    /// `if left < right { less } else { otherwise }`
    Select {
        /// Left side of the comparison.
        left: Value,
        /// Right side of the comparison.
        right: Value,
        /// The value where `left < right`.
        less: Value,
        /// The value elsewhere.
        otherwise: Value,
    },
    /// Writes an output; defines no value.
    Store {
        /// Which output.
        output: u32,
        /// What to write.
        value: Value,
    },
}

impl Instruction {
    /// Calls `visit` with every operand.
    pub fn for_each_operand(&self, mut visit: impl FnMut(Value)) {
        match *self {
            Self::Number(_) | Self::Load(_) | Self::Uniform(_) => {}
            Self::Negate(a) | Self::Call(_, a) | Self::Store { value: a, .. } => visit(a),
            Self::Add(a, b)
            | Self::Subtract(a, b)
            | Self::Multiply(a, b)
            | Self::Divide(a, b)
            | Self::Power(a, b) => {
                visit(a);
                visit(b);
            }
            Self::MultiplyAdd(a, b, c) => {
                visit(a);
                visit(b);
                visit(c);
            }
            Self::Select {
                left,
                right,
                less,
                otherwise,
            } => [left, right, less, otherwise].into_iter().for_each(visit),
        }
    }

    /// The same instruction with every operand replaced.
    #[must_use]
    pub fn map_operands(self, mut image: impl FnMut(Value) -> Value) -> Self {
        match self {
            Self::Number(_) | Self::Load(_) | Self::Uniform(_) => self,
            Self::Negate(a) => Self::Negate(image(a)),
            Self::Call(function, a) => Self::Call(function, image(a)),
            Self::Store { output, value } => Self::Store {
                output,
                value: image(value),
            },
            Self::Add(a, b) => Self::Add(image(a), image(b)),
            Self::Subtract(a, b) => Self::Subtract(image(a), image(b)),
            Self::Multiply(a, b) => Self::Multiply(image(a), image(b)),
            Self::Divide(a, b) => Self::Divide(image(a), image(b)),
            Self::Power(a, b) => Self::Power(image(a), image(b)),
            Self::MultiplyAdd(a, b, c) => Self::MultiplyAdd(image(a), image(b), image(c)),
            Self::Select {
                left,
                right,
                less,
                otherwise,
            } => Self::Select {
                left: image(left),
                right: image(right),
                less: image(less),
                otherwise: image(otherwise),
            },
        }
    }

    /// Whether it defines a value.
    #[must_use]
    pub fn defines_value(&self) -> bool {
        !matches!(self, Self::Store { .. })
    }
}

impl Kernel {
    /// The value that each output stores; the kernel is verified.
    #[must_use]
    pub fn stored(&self) -> Vec<Option<Value>> {
        let mut stored = vec![None; self.outputs.len()];
        for instruction in &self.instructions {
            if let Instruction::Store { output, value } = *instruction
                && let Some(slot) = stored.get_mut(output as usize)
            {
                *slot = Some(value);
            }
        }
        stored
    }

    /// Whether an output is the same number at every lane, and which.
    #[must_use]
    pub fn constant_output(&self, output: usize) -> Option<f64> {
        let value = self.stored().get(output).copied().flatten()?;
        match self.instructions[value.index()] {
            Instruction::Number(number) => Some(number),
            Instruction::Load(_)
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
            | Instruction::Store { .. } => None,
        }
    }
}
