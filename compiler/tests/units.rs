//! Problems in units from the text to the verified exact solution, and what must not slip through.

mod support;

use pdec_compiler::source::Source;
use support::{compile, files, read, render};

#[test]
fn problems_in_units_are_accepted_with_their_exact_solutions() {
    let mut count = 0;
    for path in files("correct") {
        let source = read(&path);
        if !source.name.starts_with("units_") {
            continue;
        }
        if let Err(errors) = compile(&source) {
            let errors: Vec<String> = errors.iter().map(|error| render(&source, error)).collect();
            panic!("{}:\n{}", source.name, errors.concat());
        }
        count += 1;
    }
    assert!(count >= 6, "only {count} files");
}

/// All terms of Schrödinger's equation are of order 10⁻¹⁹ here: small is not zero.
#[test]
fn a_wrong_solution_in_small_units_is_refused() {
    let path = files("correct")
        .into_iter()
        .find(|path| path.ends_with("units_schroedinger.pde"))
        .unwrap();
    let source = read(&path);
    let wrong = source.text.replace("/(2*m*L^2)", "/(2.001*m*L^2)");
    assert_ne!(wrong, source.text);
    let (problem, _) = compile(&Source::new("wrong.pde", wrong)).unwrap();
    let (_, errors) = pdec_compiler::verify_exact::verify(&problem);
    assert!(!errors.is_empty());
    assert!(
        errors
            .iter()
            .all(|error| error.name == "exact-is-not-exact")
    );
}
