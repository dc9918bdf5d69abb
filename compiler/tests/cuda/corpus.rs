//! The kernels that are compiled and run.

use crate::random::{build_step, example_kernels, random_kernel};
use pdec_compiler::function::FUNCTIONS;
use pdec_compiler::kernel::{self, Instruction, Kernel, Value, adjoint, verify};
use proptest::collection::vec;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use std::path::{Path, PathBuf};

/// Where the files for these tests are.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/cuda")
}

/// The kernels of all examples.
pub fn examples() -> Vec<Kernel> {
    let examples = example_kernels().into_iter();
    examples.flat_map(|(_, kernels)| kernels).collect()
}

/// The kernels of a network that looks at regions.
pub fn regions() -> Vec<Kernel> {
    crate::regional::compiled(true).1.program.kernels
}

/// So many random expressions, the same ones in every run, and the reverse sweep of every tenth.
pub fn random(count: usize) -> Vec<Kernel> {
    let mut runner = TestRunner::deterministic();
    let mut kernels = Vec::new();
    for number in 0..count {
        let steps = vec(build_step(), 1..25).new_tree(&mut runner).unwrap();
        let kernel = random_kernel(&steps.current());
        if number % 10 == 0 {
            kernels.push(adjoint(&kernel, &[2, 3, 4, 5]).backward);
        }
        kernels.push(kernel);
    }
    kernels
}

/// Every operation by itself: operands x, y, z; the outputs in the order of the operations.
pub fn operations() -> Kernel {
    let (x, y, z) = (Value(0), Value(1), Value(2));
    let mut operations = vec![
        Instruction::Negate(x),
        Instruction::Add(x, y),
        Instruction::Subtract(x, y),
        Instruction::Multiply(x, y),
        Instruction::Divide(x, y),
        Instruction::MultiplyAdd(x, y, z),
        Instruction::Power(x, y),
        Instruction::Select {
            left: x,
            right: y,
            less: y,
            otherwise: z,
        },
    ];
    operations.extend(FUNCTIONS.map(|(_, function)| Instruction::Call(function, x)));
    stored("operations", operations)
}

/// Numbers that are hard to write down.
pub const NUMBERS: [f64; 16] = [
    0.1,
    -1.0 / 3.0,
    std::f64::consts::PI,
    0.0,
    -0.0,
    1e16,
    -123_456_789.0,
    1e-310,
    5e-324,
    1e-40,
    f64::MAX,
    f64::MIN_POSITIVE,
    16_777_217.0,
    f64::INFINITY,
    f64::NEG_INFINITY,
    f64::NAN,
];

/// A kernel that stores [`NUMBERS`], and then the negative of each.
pub fn numbers() -> Kernel {
    let mut instructions = NUMBERS.map(Instruction::Number).to_vec();
    instructions
        .extend((0..NUMBERS.len()).map(|index| Instruction::Negate(Value(3 + index as u32))));
    stored("numbers", instructions)
}

/// Names that are anything but identifiers, each for an input, an output and a uniform; the kernels do
/// nothing else than reading and writing them.
pub fn names() -> Vec<Kernel> {
    let text = std::fs::read_to_string(folder().join("names.kernel")).unwrap();
    let mut kernels = vec![kernel::read(&text).unwrap()];
    let names = [
        "",
        " ",
        "1",
        "_",
        "__x",
        "a b",
        "a_b",
        "a.b",
        "φ'",
        "é",
        "中",
        "a\nb",
        "end\\",
        "??/",
        "*/",
        "/*",
        "//",
        "\"",
        "v0",
        "v0_2",
        "lane",
        "lanes",
        "uniforms",
        "size_t",
        "in_x",
        "x",
        "out_x",
        "sin",
        "fma",
        "fmaf",
        "threadIdx",
        "blockDim",
        "new",
        "and",
        "double",
        "linux",
        "printf",
        "min",
        "half",
        "N''",
        "L1[u]_xx'",
        "∂u/∂x",
        "x²",
        "I",
        "NULL",
        "extern",
        "restrict",
        "__restrict__",
    ];
    let names: Vec<String> = names.iter().map(ToString::to_string).collect();
    let count = u32::try_from(names.len()).unwrap();
    for name in &names {
        let mut instructions: Vec<Instruction> = (0..count).map(Instruction::Load).collect();
        instructions.extend((0..count).map(Instruction::Uniform));
        instructions.extend((0..count).map(|i| Instruction::Add(Value(i), Value(count + i))));
        instructions.extend((0..count).map(|output| Instruction::Store {
            output,
            value: Value(2 * count + output),
        }));
        kernels.push(Kernel {
            name: name.clone(),
            inputs: names.clone(),
            outputs: names.clone(),
            uniforms: names.clone(),
            instructions,
        });
        if kernels.len() > 20 {
            // each further kernel would differ in the name alone
            kernels.last_mut().unwrap().instructions.clear();
            kernels.last_mut().unwrap().outputs.clear();
        }
    }
    kernels
}

/// Loads x, y, z, then the operations, then a store of each.
fn stored(name: &str, operations: Vec<Instruction>) -> Kernel {
    let count = u32::try_from(operations.len()).unwrap();
    let mut instructions: Vec<Instruction> = (0..3).map(Instruction::Load).collect();
    instructions.extend(operations);
    instructions.extend((0..count).map(|output| Instruction::Store {
        output,
        value: Value(3 + output),
    }));
    let kernel = Kernel {
        name: name.to_string(),
        inputs: ["x", "y", "z"].map(String::from).to_vec(),
        outputs: (0..count).map(|output| format!("r{output}")).collect(),
        uniforms: Vec::new(),
        instructions,
    };
    assert_eq!(verify(&kernel), Ok(()));
    kernel
}
