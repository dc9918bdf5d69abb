//! The invariants of a kernel, checked.

use super::{Instruction, Kernel};
use std::fmt;

/// What is wrong with a kernel. Everything is counted from zero, instructions with the stores among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VerifyError {
    /// An instruction uses a value that is defined later, or never.
    UseBeforeDefinition {
        /// The position of the instruction.
        instruction: usize,
        /// The value that it uses.
        operand: usize,
    },
    /// An instruction uses the value of a store, which has none.
    UseOfStore {
        /// The position of the instruction.
        instruction: usize,
        /// The store.
        operand: usize,
    },
    /// A load reads an input that the kernel does not have.
    UnknownInput {
        /// The position of the instruction.
        instruction: usize,
        /// The input.
        input: usize,
    },
    /// A uniform is read that the kernel does not have.
    UnknownUniform {
        /// The position of the instruction.
        instruction: usize,
        /// The uniform.
        uniform: usize,
    },
    /// A store writes an output that the kernel does not have.
    UnknownOutput {
        /// The position of the instruction.
        instruction: usize,
        /// The output.
        output: usize,
    },
    /// An output is stored twice.
    StoredTwice {
        /// The output.
        output: usize,
    },
    /// An output is never stored.
    NeverStored {
        /// The output.
        output: usize,
    },
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::UseBeforeDefinition {
                instruction,
                operand,
            } => write!(
                f,
                "instruction {instruction} uses instruction {operand} before it is defined"
            ),
            Self::UseOfStore {
                instruction,
                operand,
            } => write!(
                f,
                "instruction {instruction} uses instruction {operand}, a store without a value"
            ),
            Self::UnknownInput { instruction, input } => {
                write!(
                    f,
                    "instruction {instruction} loads input {input}, which does not exist"
                )
            }
            Self::UnknownUniform {
                instruction,
                uniform,
            } => write!(
                f,
                "instruction {instruction} reads uniform {uniform}, which does not exist"
            ),
            Self::UnknownOutput {
                instruction,
                output,
            } => write!(
                f,
                "instruction {instruction} stores output {output}, which does not exist"
            ),
            Self::StoredTwice { output } => write!(f, "output {output} is stored twice"),
            Self::NeverStored { output } => write!(f, "output {output} is never stored"),
        }
    }
}

impl std::error::Error for VerifyError {}

/// Checks the invariants of a kernel.
///
/// # Errors
///
/// The first invariant that does not hold.
pub fn verify(kernel: &Kernel) -> Result<(), VerifyError> {
    let mut stored = vec![false; kernel.outputs.len()];
    for (index, instruction) in kernel.instructions.iter().enumerate() {
        let mut wrong = None;
        instruction.for_each_operand(|operand| {
            if operand.index() >= index {
                wrong = wrong.or(Some(VerifyError::UseBeforeDefinition {
                    instruction: index,
                    operand: operand.index(),
                }));
            } else if !kernel.instructions[operand.index()].defines_value() {
                wrong = wrong.or(Some(VerifyError::UseOfStore {
                    instruction: index,
                    operand: operand.index(),
                }));
            }
        });
        if let Some(error) = wrong {
            return Err(error);
        }
        match *instruction {
            Instruction::Load(input) if input as usize >= kernel.inputs.len() => {
                return Err(VerifyError::UnknownInput {
                    instruction: index,
                    input: input as usize,
                });
            }
            Instruction::Uniform(uniform) if uniform as usize >= kernel.uniforms.len() => {
                return Err(VerifyError::UnknownUniform {
                    instruction: index,
                    uniform: uniform as usize,
                });
            }
            Instruction::Store { output, .. } => match stored.get_mut(output as usize) {
                None => {
                    return Err(VerifyError::UnknownOutput {
                        instruction: index,
                        output: output as usize,
                    });
                }
                Some(true) => {
                    return Err(VerifyError::StoredTwice {
                        output: output as usize,
                    });
                }
                Some(slot) => *slot = true,
            },
            Instruction::Load(_)
            | Instruction::Uniform(_)
            | Instruction::Number(_)
            | Instruction::Negate(_)
            | Instruction::Add(..)
            | Instruction::Subtract(..)
            | Instruction::Multiply(..)
            | Instruction::Divide(..)
            | Instruction::MultiplyAdd(..)
            | Instruction::Power(..)
            | Instruction::Call(..)
            | Instruction::Select { .. } => {}
        }
    }
    match stored.iter().position(|&done| !done) {
        Some(output) => Err(VerifyError::NeverStored { output }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Value;

    fn kernel(instructions: Vec<Instruction>) -> Kernel {
        Kernel {
            name: "k".into(),
            inputs: vec!["x".into()],
            outputs: vec!["y".into()],
            uniforms: vec!["a".into()],
            instructions,
        }
    }

    fn store(output: u32, value: u32) -> Instruction {
        Instruction::Store {
            output,
            value: Value(value),
        }
    }

    #[test]
    fn broken_kernels_are_named() {
        let cases = [
            (vec![Instruction::Load(0), store(0, 0)], None),
            (
                vec![Instruction::Negate(Value(1)), store(0, 0)],
                Some("instruction 0 uses instruction 1 before it is defined"),
            ),
            (
                vec![
                    Instruction::Load(0),
                    store(0, 0),
                    Instruction::Negate(Value(1)),
                ],
                Some("instruction 2 uses instruction 1, a store without a value"),
            ),
            (
                vec![Instruction::Load(7), store(0, 0)],
                Some("instruction 0 loads input 7, which does not exist"),
            ),
            (
                vec![Instruction::Uniform(1), store(0, 0)],
                Some("instruction 0 reads uniform 1, which does not exist"),
            ),
            (
                vec![Instruction::Load(0), store(3, 0)],
                Some("instruction 1 stores output 3, which does not exist"),
            ),
            (
                vec![Instruction::Load(0), store(0, 0), store(0, 0)],
                Some("output 0 is stored twice"),
            ),
            (vec![Instruction::Load(0)], Some("output 0 is never stored")),
        ];
        for (instructions, message) in cases {
            let found = verify(&kernel(instructions)).err().map(|e| e.to_string());
            assert_eq!(found.as_deref(), message);
        }
    }
}
