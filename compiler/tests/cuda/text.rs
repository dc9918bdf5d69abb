//! The text, one snapshot for each file of `tests/cuda`.

use crate::corpus;
use pdec_compiler::backend::cuda::{Precision, print, unit};
use pdec_compiler::front;
use pdec_compiler::kernel::{self, Kernel, verify};
use pdec_compiler::program;
use pdec_compiler::source::Source;
use std::path::Path;

#[test]
fn kernels_are_printed() {
    for (name, precision) in [
        ("names", Precision::Double),
        ("functions", Precision::Double),
        ("numbers", Precision::Single),
    ] {
        let text = read(&format!("{name}.kernel"));
        let kernel = kernel::read(&text).unwrap();
        assert_eq!(verify(&kernel), Ok(()));
        snapshot(
            name,
            &format!(
                "{}\n\n== cuda\n{}",
                text.trim_end(),
                print(&kernel, precision)
            ),
        );
    }
}

#[test]
fn a_program_is_printed() {
    let text = read("decay.pde");
    let front = front::read(&Source::new("decay.pde", text.clone()), &[]).unwrap();
    let kernels = program::build(&front.problem, &front.settings)
        .program
        .kernels;
    let unit = unit(&kernels, Precision::Double);
    snapshot(
        "decay",
        &format!("{}\n\n== cuda\n{}", text.trim_end(), unit.text),
    );
}

#[test]
fn functions_of_a_unit_have_their_own_names() {
    let kernels: Vec<Kernel> = corpus::examples()
        .into_iter()
        .chain(corpus::random(320))
        .collect();
    let unit = unit(&kernels, Precision::Single);
    let mut functions = unit.functions.clone();
    assert_eq!(functions.len(), kernels.len());
    for function in &functions {
        assert!(
            unit.text
                .contains(&format!("__global__ void {function}(\n"))
        );
    }
    functions.sort();
    functions.dedup();
    assert_eq!(functions.len(), kernels.len());
}

fn read(file: &str) -> String {
    std::fs::read_to_string(corpus::folder().join(file)).unwrap()
}

fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(Path::new("../../../tests/cuda"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}
