//! The corpus of correct files: well-posed problems that the compiler must accept without a word.
//!
//! A check that is too eager is worse than none: each of these is a classic whose statement is right, and some are close
//! to what a check looks for.

mod support;

use pdec_compiler::front;
use pdec_compiler::jet::plan::{Coefficient, Combination};
use pdec_compiler::jet::{Graph, Names};
use pdec_compiler::program::{build, outline};
use support::{files, read, render, report};

#[test]
fn every_correct_file_passes_without_a_word() {
    let files = files("correct");
    assert!(files.len() >= 35, "{} files", files.len());
    let mut wrong = String::new();
    for path in files {
        let source = read(&path);
        let (Ok(found) | Err(found)) = report(&source);
        // What is correct need not be trained yet.
        for diagnostic in found.iter().filter(|it| it.name != "not-supported-yet") {
            wrong += &format!("{}: {}", path.display(), render(&source, diagnostic));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// The outline that `check` prints and the program that is trained say the same.
#[test]
fn the_outline_is_that_of_the_program() {
    let mut compared = 0;
    for path in files("correct") {
        let front = front::read(&read(&path), &[]).unwrap();
        let problem = &front.problem;
        if !problem.unsupported.is_empty() {
            continue;
        }
        let outline = outline(problem, &front.settings);
        let compiled = build(problem, &front.settings);
        assert_eq!(outline.met, compiled.met);
        assert_eq!(
            outline.network.parameters,
            compiled.program.network.parameters
        );
        assert_eq!(outline.terms.len(), compiled.program.terms.len());
        for (short, term) in outline.terms.iter().zip(&compiled.program.terms) {
            assert_eq!(short.support, term.support);
            assert_eq!(
                (&short.name, &short.labels),
                (&term.block.name, &term.labels)
            );
            assert_eq!(short.uncollapsed, term.block.uncollapsed);
            let printed = |coefficients: &[Coefficient], graph: &Graph, names: &Names| {
                let each = coefficients.iter().map(|it| it.name(names, "N"));
                let mut text: Vec<String> = each.collect();
                let graph = &mut graph.clone();
                text.extend(Combination::print_all(coefficients, graph, names, "N"));
                text
            };
            assert_eq!(
                printed(&short.coefficients, &outline.graph, &outline.names),
                printed(&term.block.coefficients, &compiled.graph, &compiled.names),
                "{}",
                path.display()
            );
        }
        compared += 1;
    }
    assert!(compared > 20);
}
