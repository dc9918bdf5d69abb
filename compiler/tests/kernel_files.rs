//! The passes on kernels, one behaviour for each file of `tests/kernels`.
//!
//! A file is a kernel, and comments that say what to do with it:
//!
//! | line | |
//! | --- | --- |
//! | `; test build` | appends the instructions to a builder |
//! | `; test adjoint u, u_x` | derives the reverse sweep with respect to these inputs |
//! | `; test tangent u` | derives the forward sweep |
//! | `; test tangent with outputs u` | the same, storing the outputs too |
//! | `; test schedule` | orders the instructions for few live values |
//! | `; test verify-error …` | the verifier's complaint, which is tested at once |
#![allow(clippy::unwrap_used)] // a test may fail

use pdec_compiler::function::Algebra;
use pdec_compiler::kernel::{
    Builder, Instruction, Kernel, TangentOutputs, Value, adjoint, live_values, print, read,
    schedule, tangent, verify,
};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

#[test]
fn kernels_are_transformed() {
    for path in files() {
        let text = std::fs::read_to_string(&path).unwrap();
        let kernel = read(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let mut shown = format!("{}\n", text.trim_end());
        let mut tests = 0;
        for directive in text.lines().filter_map(|line| line.strip_prefix("; test ")) {
            tests += 1;
            let (pass, rest) = directive.split_once(' ').unwrap_or((directive, ""));
            if pass == "verify-error" {
                let error = verify(&kernel).unwrap_err();
                assert_eq!(error.to_string(), rest, "{}", path.display());
                continue;
            }
            assert_eq!(verify(&kernel), Ok(()), "{}", path.display());
            let _ = write!(
                shown,
                "\n== {directive}\n{}",
                transformed(&kernel, pass, rest)
            );
        }
        assert!(tests > 0, "{} tests nothing", path.display());
        if shown.trim_end() == text.trim_end() {
            continue; // a broken kernel says all in its own line
        }
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(path.parent().unwrap());
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| {
            insta::assert_snapshot!(path.file_stem().unwrap().to_str().unwrap(), shown);
        });
    }
}

/// What a pass makes of a kernel.
fn transformed(kernel: &Kernel, pass: &str, rest: &str) -> String {
    match pass {
        "build" => checked(&rebuilt(kernel)),
        "adjoint" => {
            let derived = adjoint(kernel, &inputs(kernel, rest));
            let (forward, backward) = (checked(&derived.forward), checked(&derived.backward));
            let reused: Vec<String> = derived
                .reused
                .iter()
                .map(|&slot| derived.forward.outputs[slot].clone())
                .collect();
            let again = match reused.as_slice() {
                [] => "nothing".to_string(),
                names => names.join(", "),
            };
            if derived.forward.outputs.len() == derived.primal_outputs {
                format!("read again: {again}\n\n{backward}")
            } else {
                format!("{forward}\nread again: {again}\n\n{backward}")
            }
        }
        "tangent" => {
            let (outputs, wanted) = match rest.strip_prefix("with outputs ") {
                Some(wanted) => (TangentOutputs::OutputsAndTangents, wanted),
                None => (TangentOutputs::Tangents, rest),
            };
            checked(&tangent(kernel, &inputs(kernel, wanted), outputs))
        }
        "schedule" => {
            let after = schedule(kernel.clone());
            let (before, now) = (live_values(kernel), live_values(&after));
            format!("live values: {before} -> {now}\n\n{}", checked(&after))
        }
        _ => panic!("there is no pass `{pass}`"),
    }
}

fn checked(kernel: &Kernel) -> String {
    assert_eq!(verify(kernel), Ok(()));
    let text = print(kernel);
    assert_eq!(read(&text).as_ref(), Ok(kernel));
    text
}

fn inputs(kernel: &Kernel, names: &str) -> Vec<usize> {
    names
        .split(", ")
        .map(|name| {
            kernel
                .inputs
                .iter()
                .position(|input| input == name)
                .unwrap()
        })
        .collect()
}

/// The same computation through the builder's simplifications.
fn rebuilt(kernel: &Kernel) -> Kernel {
    let mut builder = Builder::new();
    let mut images: Vec<Value> = Vec::new();
    let mut outputs = Vec::new();
    for instruction in &kernel.instructions {
        let at = |value: Value| images[value.index()];
        images.push(match *instruction {
            Instruction::Number(number) => builder.number(number),
            Instruction::Load(input) => builder.load(input as usize),
            Instruction::Uniform(uniform) => builder.uniform(uniform as usize),
            Instruction::Negate(a) => builder.negate(at(a)),
            Instruction::Add(a, b) => builder.add(at(a), at(b)),
            Instruction::Subtract(a, b) => builder.subtract(at(a), at(b)),
            Instruction::Multiply(a, b) => builder.multiply(at(a), at(b)),
            Instruction::Divide(a, b) => builder.divide(at(a), at(b)),
            Instruction::MultiplyAdd(a, b, c) => builder.multiply_add(at(a), at(b), at(c)),
            Instruction::Power(a, b) => builder.power(at(a), at(b)),
            Instruction::Call(function, a) => builder.call(function, at(a)),
            Instruction::Select {
                left,
                right,
                less,
                otherwise,
            } => builder.select(at(left), at(right), at(less), at(otherwise)),
            Instruction::Store { output, value } => {
                outputs.push((output, at(value)));
                at(value)
            }
        });
    }
    outputs.sort_by_key(|(output, _)| *output);
    builder.finish(
        &kernel.name,
        kernel.inputs.clone(),
        kernel.uniforms.clone(),
        kernel
            .outputs
            .iter()
            .cloned()
            .zip(outputs.iter().map(|(_, value)| *value))
            .collect(),
    )
}

/// All `.kernel` files, in order.
fn files() -> Vec<PathBuf> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/kernels")];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path
                .extension()
                .is_some_and(|extension| extension == "kernel")
            {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}
