//! Construction of kernels: value numbering and local simplification as instructions are appended, then
//! fused multiply-adds, removal of what nobody uses, and the order of the rest.

use super::{Instruction, Kernel, Value, schedule};
use crate::function::{Algebra, Function};
use crate::hash::HashMap;

/// Appends instructions; equal ones are one value.
#[derive(Debug, Default)]
pub struct Builder {
    instructions: Vec<Instruction>,
    values: HashMap<Key, Value>,
}

/// An instruction with numbers compared by their bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Key {
    Number(u64),
    Load(u32),
    Uniform(u32),
    Negate(Value),
    Add(Value, Value),
    Subtract(Value, Value),
    Multiply(Value, Value),
    Divide(Value, Value),
    Power(Value, Value),
    MultiplyAdd(Value, Value, Value),
    Call(Function, Value),
    Select(Value, Value, Value, Value),
}

impl Builder {
    /// An empty program.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads a lane input.
    pub fn load(&mut self, input: usize) -> Value {
        self.append(Instruction::Load(u32::try_from(input).unwrap_or(u32::MAX)))
    }

    /// Reads a uniform.
    pub fn uniform(&mut self, uniform: usize) -> Value {
        self.append(Instruction::Uniform(
            u32::try_from(uniform).unwrap_or(u32::MAX),
        ))
    }

    /// `-a`
    pub fn negate(&mut self, a: Value) -> Value {
        if let Some(number) = self.as_number(a) {
            return self.number(-number);
        }
        if let Instruction::Negate(inner) = self.instructions[a.index()] {
            return inner;
        }
        self.append(Instruction::Negate(a))
    }

    /// `a - b`
    pub fn subtract(&mut self, a: Value, b: Value) -> Value {
        if self.as_number(b) == Some(0.0) {
            return a;
        }
        if self.as_number(a) == Some(0.0) {
            return self.negate(b);
        }
        if let (Some(x), Some(y)) = (self.as_number(a), self.as_number(b)) {
            return self.number(x - y);
        }
        self.append(Instruction::Subtract(a, b))
    }

    /// `a * b + c`, rounded once.
    pub fn multiply_add(&mut self, a: Value, b: Value, c: Value) -> Value {
        if self.as_number(c) == Some(0.0) {
            return self.multiply(a, b);
        }
        if self.as_number(a) == Some(1.0) {
            return self.add(b, c);
        }
        if self.as_number(b) == Some(1.0) {
            return self.add(a, c);
        }
        if self.as_number(a) == Some(-1.0) {
            return self.subtract(c, b);
        }
        if self.as_number(b) == Some(-1.0) {
            return self.subtract(c, a);
        }
        self.append(Instruction::MultiplyAdd(a, b, c))
    }

    /// `a ^ b`
    pub fn power(&mut self, a: Value, b: Value) -> Value {
        self.append(Instruction::Power(a, b))
    }

    /// `a ^ exponent` by repeated squaring.
    pub fn whole_power(&mut self, a: Value, exponent: i32) -> Value {
        let mut result = None;
        let mut square = a;
        let mut rest = exponent.unsigned_abs();
        while rest > 0 {
            if rest & 1 == 1 {
                result = Some(match result {
                    None => square,
                    Some(product) => self.multiply(product, square),
                });
            }
            rest >>= 1;
            if rest > 0 {
                square = self.multiply(square, square);
            }
        }
        let one = self.number(1.0);
        let power = result.unwrap_or(one);
        if exponent < 0 {
            self.divide(one, power)
        } else {
            power
        }
    }

    /// `if left < right { less } else { otherwise }`
    pub fn select(&mut self, left: Value, right: Value, less: Value, otherwise: Value) -> Value {
        if less == otherwise {
            return less;
        }
        self.append(Instruction::Select {
            left,
            right,
            less,
            otherwise,
        })
    }

    /// Lets `function(argument)` stand for a value that is known already.
    pub fn define_call(&mut self, function: Function, argument: Value, known: Value) {
        self.values.insert(Key::Call(function, argument), known);
    }

    /// Lets `a ^ b` stand for a value that is known already.
    pub fn define_power(&mut self, a: Value, b: Value, known: Value) {
        self.values.insert(Key::Power(a, b), known);
    }

    /// Appends an instruction that defines a value, as it is.
    pub fn append(&mut self, instruction: Instruction) -> Value {
        let Some(key) = key(&instruction) else {
            self.instructions.push(instruction);
            return Value(u32::try_from(self.instructions.len() - 1).unwrap_or(u32::MAX));
        };
        if let Some(&value) = self.values.get(&key) {
            return value;
        }
        let value = Value(u32::try_from(self.instructions.len()).unwrap_or(u32::MAX));
        self.instructions.push(instruction);
        self.values.insert(key, value);
        value
    }

    /// The number that a value is, if it is one.
    #[must_use]
    pub fn as_number(&self, value: Value) -> Option<f64> {
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

    /// Stores the outputs and closes the kernel: fuses multiply-adds, drops what nobody uses, and orders the
    /// rest for few live values.
    #[must_use]
    pub fn finish(
        mut self,
        name: &str,
        inputs: Vec<String>,
        uniforms: Vec<String>,
        outputs: Vec<(String, Value)>,
    ) -> Kernel {
        self.fuse(&outputs);
        let mut live = vec![false; self.instructions.len()];
        let mut stack: Vec<Value> = outputs.iter().map(|(_, value)| *value).collect();
        while let Some(value) = stack.pop() {
            if !std::mem::replace(&mut live[value.index()], true) {
                self.instructions[value.index()].for_each_operand(|operand| stack.push(operand));
            }
        }
        let mut instructions = Vec::new();
        let mut images = vec![Value(0); self.instructions.len()];
        for (index, instruction) in self.instructions.iter().enumerate() {
            if !live[index] {
                continue;
            }
            images[index] = Value(u32::try_from(instructions.len()).unwrap_or(u32::MAX));
            instructions.push(instruction.map_operands(|operand| images[operand.index()]));
        }
        for (output, (_, value)) in outputs.iter().enumerate() {
            instructions.push(Instruction::Store {
                output: u32::try_from(output).unwrap_or(u32::MAX),
                value: images[value.index()],
            });
        }
        schedule(Kernel {
            name: name.to_string(),
            inputs,
            outputs: outputs.into_iter().map(|(name, _)| name).collect(),
            uniforms,
            instructions,
        })
    }

    /// `a*b + c → fma(a, b, c)` where the product has no other use.
    fn fuse(&mut self, outputs: &[(String, Value)]) {
        let mut uses = vec![0_u32; self.instructions.len()];
        for instruction in &self.instructions {
            instruction.for_each_operand(|operand| uses[operand.index()] += 1);
        }
        for (_, value) in outputs {
            uses[value.index()] += 1;
        }
        for index in 0..self.instructions.len() {
            let Instruction::Add(a, b) = self.instructions[index] else {
                continue;
            };
            for (product, other) in [(b, a), (a, b)] {
                if uses[product.index()] == 1
                    && let Instruction::Multiply(x, y) = self.instructions[product.index()]
                {
                    self.instructions[index] = Instruction::MultiplyAdd(x, y, other);
                    break;
                }
            }
        }
    }
}

impl Algebra for Builder {
    type Value = Value;

    fn number(&mut self, value: f64) -> Value {
        self.append(Instruction::Number(value))
    }

    fn add(&mut self, a: Value, b: Value) -> Value {
        match (self.as_number(a), self.as_number(b)) {
            (Some(x), Some(y)) => return self.number(x + y),
            (Some(0.0), None) => return b,
            (None, Some(0.0)) => return a,
            (Some(_), None) | (None, Some(_)) | (None, None) => {}
        }
        if let Instruction::Negate(inner) = self.instructions[b.index()] {
            return self.subtract(a, inner);
        }
        if let Instruction::Negate(inner) = self.instructions[a.index()] {
            return self.subtract(b, inner);
        }
        self.append(Instruction::Add(a.min(b), a.max(b)))
    }

    fn multiply(&mut self, a: Value, b: Value) -> Value {
        match (self.as_number(a), self.as_number(b)) {
            (Some(x), Some(y)) => return self.number(x * y),
            (Some(0.0), None) | (None, Some(0.0)) => return self.number(0.0),
            (Some(1.0), None) => return b,
            (None, Some(1.0)) => return a,
            (Some(-1.0), None) => return self.negate(b),
            (None, Some(-1.0)) => return self.negate(a),
            (Some(_), None) | (None, Some(_)) | (None, None) => {}
        }
        self.append(Instruction::Multiply(a.min(b), a.max(b)))
    }

    fn divide(&mut self, a: Value, b: Value) -> Value {
        if self.as_number(b) == Some(1.0) {
            return a;
        }
        self.append(Instruction::Divide(a, b))
    }

    fn call(&mut self, function: Function, argument: Value) -> Value {
        self.append(Instruction::Call(function, argument))
    }
}

/// The hash key of an instruction that defines a value.
fn key(instruction: &Instruction) -> Option<Key> {
    Some(match *instruction {
        Instruction::Number(number) => Key::Number(number.to_bits()),
        Instruction::Load(input) => Key::Load(input),
        Instruction::Uniform(uniform) => Key::Uniform(uniform),
        Instruction::Negate(a) => Key::Negate(a),
        Instruction::Add(a, b) => Key::Add(a, b),
        Instruction::Subtract(a, b) => Key::Subtract(a, b),
        Instruction::Multiply(a, b) => Key::Multiply(a, b),
        Instruction::Divide(a, b) => Key::Divide(a, b),
        Instruction::Power(a, b) => Key::Power(a, b),
        Instruction::MultiplyAdd(a, b, c) => Key::MultiplyAdd(a, b, c),
        Instruction::Call(function, a) => Key::Call(function, a),
        Instruction::Select {
            left,
            right,
            less,
            otherwise,
        } => Key::Select(left, right, less, otherwise),
        Instruction::Store { .. } => return None,
    })
}
