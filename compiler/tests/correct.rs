//! The corpus of correct files: well-posed problems that the compiler must accept without a word.
//!
//! A check that is too eager is worse than none: each of these is a classic whose statement is right, and some are close
//! to what a check looks for.

mod support;

use pdec_compiler::source::Source;
use std::time::Instant;
use support::{compile, files, read, render, report};

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

/// The checks look at each condition by itself: what they take grows with the file, not with its square.
#[test]
fn a_large_file_is_checked_in_linear_time() {
    let text = |size: usize| {
        let mut text = "coord x in [0, 1]\ntime t in [0, 1]\n".to_owned();
        for n in 0..size {
            text += &format!(
                "field u{n}(x, t)\neq u{n}_t = (1 + x^2/{})*d(u{n}, x, 2) - u{}*u{n}\n\
                 initial u{n} = sin({}*pi*x)\non x = 0, x = 1: u{n} = 0\n",
                n + 1,
                (n + 1) % size,
                n + 1
            );
        }
        Source::new("large.pde", text)
    };
    let seconds = |size: usize| {
        let source = text(size);
        let start = Instant::now();
        let found = compile(&source);
        assert!(found.is_ok_and(|(_, warnings)| warnings.is_empty()));
        start.elapsed().as_secs_f64()
    };
    let (small, large) = (seconds(250), seconds(2000));
    println!("250 equations {small:.3} s, 2000 equations {large:.3} s");
    assert!(large < 20.0, "{large} s");
}
