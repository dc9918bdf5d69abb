//! The later stages of small problems, as text: jet expressions, jet plan, training program, kernels. Each
//! snapshot shows the problem and the stage.
#![allow(clippy::unwrap_used)] // a test may fail

use pdec_compiler::front;
use pdec_compiler::program::{self, Compiled, build};
use pdec_compiler::source::Source;
use pdec_compiler::{backend, jet, kernel};
use std::fs;

fn compiled(text: &str) -> Compiled {
    let front = front::read(&Source::new("stage.pde", text), &[]).unwrap();
    build(&front.problem, &front.settings)
}

fn jets(compiled: &Compiled) -> String {
    let bindings: Vec<_> = compiled
        .fields
        .iter()
        .chain(&compiled.residuals)
        .cloned()
        .collect();
    jet::print_bindings(&compiled.graph, &compiled.names, &bindings)
}

fn kernels(compiled: &Compiled) -> String {
    let texts: Vec<String> = compiled.program.kernels.iter().map(kernel::print).collect();
    texts.join("\n")
}

#[test]
fn stages_of_small_problems() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/stages");
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .filter_map(|entry| entry.unwrap().file_name().into_string().ok())
        .filter_map(|name| name.strip_suffix(".pde").map(str::to_owned))
        .collect();
    names.sort();
    assert!(names.len() >= 3);
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(folder);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for name in names {
            let text = fs::read_to_string(format!("{folder}/{name}.pde")).unwrap();
            let compiled = compiled(&text);
            let stages = [
                ("jets", jets(&compiled)),
                ("plan", program::print_plan(&compiled)),
                ("program", program::print(&compiled.program)),
                ("kernel", kernels(&compiled)),
                (
                    "dot",
                    jet::dot(&compiled.graph, &compiled.names, &compiled.residuals),
                ),
            ];
            for (stage, output) in stages {
                let shown = format!("{text}\n--- {stage}\n{output}");
                insta::assert_snapshot!(format!("{name}.{stage}"), shown);
            }
        }
    });
}

/// Cranelift IR of an activation and of the equation; but for the calling convention it is the same for all processors.
#[test]
fn cranelift_ir_of_a_small_problem() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/stages");
    let text = fs::read_to_string(format!("{folder}/robin.pde")).unwrap();
    let mut shown = format!("{text}\n--- clif");
    for kernel in &compiled(&text).program.kernels {
        if !["sin", "equations"].contains(&kernel.name.as_str()) {
            continue;
        }
        let printed = backend::cranelift::print(kernel).unwrap();
        shown.push('\n');
        for line in printed.lines() {
            let mut line = line.to_string();
            for convention in ["system_v", "windows_fastcall", "apple_aarch64"] {
                line = line.replace(convention, "of_this_machine");
            }
            shown.push_str(&line);
            shown.push('\n');
        }
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(folder);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("robin.clif", shown));
}

/// The shape of the same for all kernels: one function for each kernel, one
/// call for each transcendental function.
#[test]
fn machine_level_text() {
    let text = fs::read_to_string(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../tests/stages/robin.pde"
    ));
    for kernel in &compiled(&text.unwrap()).program.kernels {
        let printed = backend::cranelift::print(kernel).unwrap();
        assert!(printed.starts_with("function "), "{printed}");
        let calls =
            |line: &&str| line.contains(" call fn") || line.trim_start().starts_with("call fn");
        let expected = kernel.instructions.iter().filter(|instruction| {
            matches!(
                instruction,
                kernel::Instruction::Call(..) | kernel::Instruction::Power(..)
            )
        });
        assert_eq!(
            printed.lines().filter(calls).count(),
            expected.count(),
            "{printed}"
        );
    }
}
