//! Large files: 2,000 equations in several shapes, each read and checked soon, and where the time goes.
//!
//! ```text
//! cargo test --release --workspace --test large -- --nocapture
//! ```
//!
//! prints the time of each stage. The bounds are generous, for a busy machine; what they catch is a stage that takes a
//! time that grows with the square of the file.

// Clippy knows `#[test]` functions, not their helpers.
#![allow(clippy::unwrap_used)]

use pdec_compiler::hir::{self, Overrides};
use pdec_compiler::source::Source;
use pdec_compiler::{front, syntax, verify_exact};
use std::fmt::Write as _;
use std::time::{Duration, Instant};

const COUNT: usize = 2_000;
const LONGEST: Duration = Duration::from_secs(20);

/// A file from a beginning and a piece for each number.
fn file(begin: &str, piece: impl Fn(usize, &mut String), end: &str) -> Source {
    let mut text = begin.to_owned();
    for number in 0..COUNT {
        piece(number, &mut text);
    }
    Source::new("large.pde", text + end)
}

/// Reads and checks a file, and says how long each stage takes.
fn is_soon_checked(what: &str, source: &Source) {
    let begin = Instant::now();
    let document = syntax::parse(source).unwrap();
    let parsed = begin.elapsed();
    let (problem, _) = hir::resolve(source, &document, &Overrides::new()).unwrap();
    let resolved = begin.elapsed();
    let (_, errors) = verify_exact::verify(&problem);
    assert!(errors.is_empty(), "{}", errors[0].message);
    let verified = begin.elapsed();
    let front = front::read(source, &[]).unwrap();
    assert_eq!(front.problem.equations.len(), problem.equations.len());
    let all = begin.elapsed() - verified;
    let ms = |time: Duration| time.as_secs_f64() * 1e3;
    println!(
        "{what}: {} lines; syntax {:.0} ms, names and checks {:.0} ms, exact solutions {:.0} ms; all {:.0} ms",
        source.text.lines().count(),
        ms(parsed),
        ms(resolved - parsed),
        ms(verified - resolved),
        ms(all)
    );
    assert!(all < LONGEST, "{what} takes {all:?}");
}

#[test]
fn many_coupled_fields() {
    let source = file(
        "coord x in [0, 1]\ntime t in [0, 1]\n",
        |i, text| {
            let next = (i + 1) % COUNT;
            let _ = write!(
                text,
                "field u{i}(x, t)\neq u{i}_t = u{i}_xx + u{next}\ninitial u{i} = sin(pi*x)\non x = 0, x = 1: u{i} = 0\n"
            );
        },
        "",
    );
    is_soon_checked("2,000 coupled fields", &source);
}

#[test]
fn many_definitions() {
    let source = file(
        "coord x in [0, 1]\nfield u(x)\nlet a = u_x\n",
        |i, text| {
            let before = i.checked_sub(1).map_or("a".to_owned(), |i| format!("a{i}"));
            let _ = writeln!(text, "let a{i} = {before} + {i}*sin({i}*x)*u");
        },
        "eq u_xx = a1999\non x = 0, x = 1: u = 0\n",
    );
    is_soon_checked("2,000 definitions", &source);
}

#[test]
fn many_exact_solutions() {
    let source = file(
        "coord x in [0, 1]\n",
        |i, text| {
            let _ = write!(
                text,
                "field u{i}(x)\neq u{i}_xx = -pi^2*u{i}\non x = 0, x = 1: u{i} = 0\nexact u{i} = {}*sin(pi*x)\n",
                i + 1
            );
        },
        "",
    );
    is_soon_checked("2,000 exact solutions", &source);
}

#[test]
fn many_parameters_in_one_equation() {
    let mut sum = "eq u_xx = 0".to_owned();
    for i in 0..COUNT {
        let _ = write!(sum, " + a{i}*u");
    }
    let source = file(
        "coord x in [0, 1]\nfield u(x)\n",
        |i, text| {
            let _ = writeln!(text, "param a{i} = {}", i + 1);
        },
        &format!("{sum}\non x = 0, x = 1: u = 0\n"),
    );
    is_soon_checked("2,000 parameters", &source);
}

#[test]
fn many_vectors() {
    let source = file(
        "coord x, y in [0, 1]\n",
        |i, text| {
            if i % 2 == 0 {
                let _ = write!(
                    text,
                    "field v{i}(x, y) in R^2\neq laplacian(v{i}) = (v{i}·∇)v{i}\n\
                     on x = 0, x = 1, y = 0, y = 1: v{i} = (0, 0)\n"
                );
            }
        },
        "",
    );
    is_soon_checked("1,000 vectors, 2,000 equations", &source);
}
