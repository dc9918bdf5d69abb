//! CUDA C for a graphics processor.
//!
//! * Input: verified kernels.
//! * Output: the text of one translation unit with a `__global__` function for each kernel. It needs no
//!   header, so NVRTC compiles it as it is.
//! * Invariants: the text is legal for any verified kernel, whatever its names are; an operation of the
//!   kernel is an operation of the text, in the same order. `fma` is where the kernel rounds once, so the
//!   text wants `--fmad=false`: contraction would drop roundings that the kernel has.
//!
//! The arguments of a function are a pointer to each lane input, the pointer to the uniforms, a pointer to
//! each output and the number of lanes. Outputs overlap neither each other nor the inputs. Any grid of
//! one-dimensional blocks does, and any number of lanes.

mod expression;
mod name;

use crate::kernel::{Instruction, Kernel};
use expression::{expression, literal};
use name::{Scope, comment};
use std::fmt::Write as _;

/// The type of every number in the text.
pub use crate::precision::Precision;

/// The type in CUDA C.
fn real(precision: Precision) -> &'static str {
    match precision {
        Precision::Single => "float",
        Precision::Double => "double",
    }
}

/// The text of several kernels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// CUDA C.
    pub text: String,
    /// The name of each kernel's function, in the order of the kernels.
    pub functions: Vec<String>,
}

/// Prints a verified kernel.
///
/// ```text
/// // equations
/// extern "C" __global__ void pdec_equations(
///     const double* __restrict__ in_u_x,
///     const double* __restrict__ in_u_t,
///     const double* __restrict__ uniforms,
///     double* __restrict__ out_advection,
///     const size_t lanes)
/// {
///     const double c = uniforms[0];
///     for (size_t lane = blockIdx.x * (size_t)blockDim.x + threadIdx.x; lane < lanes;
///          lane += (size_t)gridDim.x * blockDim.x) {
///         const double u_x = in_u_x[lane];
///         const double u_t = in_u_t[lane];
///         const double v0 = fma(c, u_x, u_t);
///         out_advection[lane] = v0;
///     }
/// }
/// ```
#[must_use]
pub fn print(kernel: &Kernel, precision: Precision) -> String {
    unit(std::slice::from_ref(kernel), precision).text
}

/// Prints verified kernels as one translation unit. Where kernels share a name, the functions are numbered.
#[must_use]
pub fn unit(kernels: &[Kernel], precision: Precision) -> Unit {
    let mut scope = Scope::new();
    let mut texts = Vec::with_capacity(kernels.len());
    let mut functions = Vec::with_capacity(kernels.len());
    for kernel in kernels {
        let name = scope.name("pdec_", &kernel.name);
        texts.push(function(kernel, &name, precision));
        functions.push(name);
    }
    Unit {
        text: texts.join("\n"),
        functions,
    }
}

fn function(kernel: &Kernel, name: &str, precision: Precision) -> String {
    let names = Names::new(kernel);
    let real = real(precision);
    let mut text = format!(
        "// {}\nextern \"C\" __global__ void {name}(\n",
        comment(&kernel.name)
    );
    for (pointer, original) in names.inputs.iter().zip(&kernel.inputs) {
        let line = format!("    const {real}* __restrict__ {pointer},");
        annotate(&mut text, &line, pointer.strip_prefix("in_"), original);
    }
    let _ = writeln!(text, "    const {real}* __restrict__ uniforms,");
    for (pointer, original) in names.outputs.iter().zip(&kernel.outputs) {
        let line = format!("    {real}* __restrict__ {pointer},");
        annotate(&mut text, &line, pointer.strip_prefix("out_"), original);
    }
    text.push_str("    const size_t lanes)\n{\n");
    for (index, original) in kernel.uniforms.iter().enumerate() {
        if let Some(name) = &names.uniform_values[index] {
            let line = format!("    const {real} {name} = uniforms[{index}];");
            annotate(&mut text, &line, Some(name), original);
        }
    }
    text.push_str(
        "    for (size_t lane = blockIdx.x * (size_t)blockDim.x + threadIdx.x; lane < lanes;\n         \
         lane += (size_t)gridDim.x * blockDim.x) {\n",
    );
    body(&mut text, kernel, &names, precision);
    text.push_str("    }\n}\n");
    text
}

/// The statements for one lane.
fn body(text: &mut String, kernel: &Kernel, names: &Names, precision: Precision) {
    let real = real(precision);
    // What each value is called by the instructions that use it.
    let mut values: Vec<String> = Vec::with_capacity(kernel.instructions.len());
    let mut loaded = vec![false; kernel.inputs.len()];
    let mut computed = 0;
    for instruction in &kernel.instructions {
        let value = match *instruction {
            Instruction::Number(number) => literal(number, precision),
            Instruction::Load(input) => {
                let input = input as usize;
                let (name, pointer) = (&names.input_values[input], &names.inputs[input]);
                if !std::mem::replace(&mut loaded[input], true) {
                    let _ = writeln!(text, "        const {real} {name} = {pointer}[lane];");
                }
                name.clone()
            }
            Instruction::Uniform(uniform) => names.uniform_values[uniform as usize]
                .clone()
                .unwrap_or_default(),
            Instruction::Store { output, value } => {
                let pointer = &names.outputs[output as usize];
                let _ = writeln!(text, "        {pointer}[lane] = {};", values[value.index()]);
                String::new()
            }
            Instruction::Negate(_)
            | Instruction::Add(..)
            | Instruction::Subtract(..)
            | Instruction::Multiply(..)
            | Instruction::Divide(..)
            | Instruction::MultiplyAdd(..)
            | Instruction::Power(..)
            | Instruction::Call(..)
            | Instruction::Select { .. } => {
                let right = expression(instruction, &values, precision);
                let name = format!("v{computed}");
                computed += 1;
                let _ = writeln!(text, "        const {real} {name} = {right};");
                name
            }
        };
        values.push(value);
    }
}

/// Adds a line, with the original name behind it where that had to be changed.
fn annotate(text: &mut String, line: &str, name: Option<&str>, original: &str) {
    if name == Some(original) {
        let _ = writeln!(text, "{line}");
    } else {
        let _ = writeln!(text, "{line}  // {}", comment(original));
    }
}

/// What the inputs, uniforms and outputs of a kernel are called in its function.
struct Names {
    /// The pointers to lane inputs.
    inputs: Vec<String>,
    /// The pointers to outputs.
    outputs: Vec<String>,
    /// A lane's number of each input.
    input_values: Vec<String>,
    /// The uniforms that the kernel reads.
    uniform_values: Vec<Option<String>>,
}

impl Names {
    fn new(kernel: &Kernel) -> Self {
        let mut scope = Scope::new();
        let mut each = |prefix: &str, names: &[String]| -> Vec<String> {
            let names = names.iter().map(|name| scope.name(prefix, name));
            names.collect()
        };
        let inputs = each("in_", &kernel.inputs);
        let outputs = each("out_", &kernel.outputs);
        let input_values = each("", &kernel.inputs);
        let mut uniform_values = vec![None; kernel.uniforms.len()];
        for instruction in &kernel.instructions {
            if let Instruction::Uniform(uniform) = *instruction {
                let uniform = uniform as usize;
                let original = &kernel.uniforms[uniform];
                uniform_values[uniform].get_or_insert_with(|| scope.name("", original));
            }
        }
        Self {
            inputs,
            outputs,
            input_values,
            uniform_values,
        }
    }
}
