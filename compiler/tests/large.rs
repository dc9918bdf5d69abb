//! Large files: 2,000 equations in several shapes, each read, checked and looked over in a time that grows with the file.
//!
//! ```text
//! cargo test --release --workspace --test large -- --nocapture
//! ```
//!
//! prints the time of each stage. What is compared is the processor's time for files of 500 and of 2,000 pieces, all
//! stages together: it is four times as long where everything is linear, and sixteen times where something looks at all
//! pairs.

// Clippy knows `#[test]` functions, not their helpers.
#![allow(clippy::unwrap_used)]

use cpu_time::ThreadTime;
use pdec_compiler::analysis::analyse;
use pdec_compiler::classify::classify;
use pdec_compiler::hir::{self, Overrides};
use pdec_compiler::source::Source;
use pdec_compiler::{front, program, syntax, verify_exact};
use std::fmt::Write as _;

const SMALL: usize = 500;
const LARGE: usize = 2_000;
/// Between linear and quadratic.
const MOST: f64 = 8.0;

/// A file from a beginning and a piece for each number.
fn file(count: usize, begin: &str, piece: impl Fn(usize, &mut String), end: &str) -> Source {
    let mut text = begin.to_owned();
    for number in 0..count {
        piece(number, &mut text);
    }
    Source::new("large.pde", text + end)
}

/// All that `pdec check` does; the milliseconds of each stage.
fn look_over(source: &Source) -> Vec<(&'static str, f64)> {
    let mut stages = Vec::new();
    let mut begin = ThreadTime::now();
    let mut stage = |name: &'static str| {
        stages.push((name, begin.elapsed().as_secs_f64() * 1e3));
        begin = ThreadTime::now();
    };
    let document = syntax::parse(source).unwrap();
    stage("syntax");
    let (problem, _) = hir::resolve(source, &document, &Overrides::new()).unwrap();
    stage("names and checks");
    let (_, errors) = verify_exact::verify(&problem);
    assert!(errors.is_empty(), "{}", errors[0].message);
    stage("exact solutions");
    assert_eq!(classify(&problem).len(), problem.equations.len());
    stage("classes");
    let groups = analyse(&problem).coupled;
    assert_eq!(groups.concat().len(), problem.fields.len());
    stage("analysis");
    let settings = front::read(source, &[]).unwrap().settings;
    stage("all of the front");
    let outline = program::outline(&problem, &settings);
    assert_eq!(outline.terms[0].labels.len(), problem.equations.len());
    stage("outline");
    stages
}

/// Compares the time for a small and a large file, each the shorter of two.
fn grows_with_the_file(what: &str, of_size: impl Fn(usize) -> Source) {
    let shortest = |size: usize| {
        let source = of_size(size);
        let total = |stages: &[(&str, f64)]| stages.iter().map(|(_, time)| time).sum::<f64>();
        let runs = [look_over(&source), look_over(&source)];
        let best = runs
            .into_iter()
            .min_by(|a, b| total(a).total_cmp(&total(b)));
        let best = best.unwrap();
        let each = best
            .iter()
            .map(|(stage, time)| format!("{stage} {time:.0}"));
        let each = each.collect::<Vec<_>>().join(", ");
        println!("{what}, {size}: {:.0} ms ({each})", total(&best));
        total(&best)
    };
    let (small, large) = (shortest(SMALL), shortest(LARGE));
    let growth = large / small;
    assert!(
        growth < MOST,
        "{what}: {growth:.1} times as long for a file 4 times as large"
    );
}

#[test]
fn many_coupled_fields() {
    grows_with_the_file("coupled fields", |count| {
        let piece = |i: usize, text: &mut String| {
            let next = (i + 1) % count;
            let _ = write!(
                text,
                "field u{i}(x, t)\neq u{i}_t = u{i}_xx + u{next}\ninitial u{i} = sin(pi*x)\non x = 0, x = 1: u{i} = 0\n"
            );
        };
        file(count, "coord x in [0, 1]\ntime t in [0, 1]\n", piece, "")
    });
}

#[test]
fn many_factors_in_the_plane() {
    grows_with_the_file("factors in the plane", |count| {
        let piece = |i: usize, text: &mut String| {
            let next = (i + 1) % count;
            let _ = write!(
                text,
                "field u{i}(x, y)\nlet k{i} = 1 + x*y/{}\neq k{i}*laplacian(u{i}) = sin(pi*x)*u{next}\n\
                 on boundary: u{i} = 0\n",
                i + 1
            );
        };
        file(count, "coord x, y in [0, 1]\n", piece, "")
    });
}

#[test]
fn many_waves_of_first_order() {
    grows_with_the_file("pairs of waves", |count| {
        let piece = |i: usize, text: &mut String| {
            let _ = write!(
                text,
                "field p{i}(x, t)\nfield v{i}(x, t)\neq p{i}_t = -{}*v{i}_x\neq v{i}_t = -p{i}_x\n\
                 initial p{i} = sin(pi*x)\ninitial v{i} = 0\non x = 0, x = 1: p{i} = 0\n",
                i + 1
            );
        };
        file(
            count / 2,
            "coord x in [0, 1]\ntime t in [0, 1]\n",
            piece,
            "",
        )
    });
}

#[test]
fn many_units() {
    grows_with_the_file("fields with units", |count| {
        let piece = |i: usize, text: &mut String| {
            let next = (i + 1) % count;
            let _ = write!(
                text,
                "field u{i}(x, t) [K]\neq u{i}_t = k*u{i}_xx + u{next}/1[s]\n\
                 initial u{i} = 1[K]*sin(pi*x/1[m])\non x = 0, x = 1: u{i} = 0\n"
            );
        };
        let begin = "coord x [m] in [0, 1]\ntime t [s] in [0, 1]\nparam k [m^2/s] = 1\n";
        file(count, begin, piece, "")
    });
}

#[test]
fn many_definitions() {
    grows_with_the_file("definitions", |count| {
        let piece = |i: usize, text: &mut String| {
            let before = i.checked_sub(1).map_or("a".to_owned(), |i| format!("a{i}"));
            let _ = writeln!(text, "let a{i} = {before} + {i}*sin({i}*x)*u");
        };
        let end = format!("eq u_xx = a{}\non x = 0, x = 1: u = 0\n", count - 1);
        file(
            count,
            "coord x in [0, 1]\nfield u(x)\nlet a = u_x\n",
            piece,
            &end,
        )
    });
}

#[test]
fn many_exact_solutions() {
    grows_with_the_file("exact solutions", |count| {
        let piece = |i: usize, text: &mut String| {
            let _ = write!(
                text,
                "field u{i}(x)\neq u{i}_xx = -pi^2*u{i}\non x = 0, x = 1: u{i} = 0\nexact u{i} = {}*sin(pi*x)\n",
                i + 1
            );
        };
        file(count, "coord x in [0, 1]\n", piece, "")
    });
}

#[test]
fn many_parameters_in_one_equation() {
    grows_with_the_file("parameters", |count| {
        let mut sum = "eq u_xx = 0".to_owned();
        for i in 0..count {
            let _ = write!(sum, " + a{i}*u");
        }
        let piece = |i: usize, text: &mut String| {
            let _ = writeln!(text, "param a{i} = {}", i + 1);
        };
        let end = format!("{sum}\non x = 0, x = 1: u = 0\n");
        file(count, "coord x in [0, 1]\nfield u(x)\n", piece, &end)
    });
}

#[test]
fn many_parameters_in_many_equations() {
    grows_with_the_file("parameters and equations", |count| {
        let piece = |i: usize, text: &mut String| {
            let _ = write!(
                text,
                "param a{i} = {}\nfield u{i}(x, t)\neq u{i}_t = a{i}*u{i}_xx\ninitial u{i} = sin(pi*x)\n\
                 on x = 0, x = 1: u{i} = 0\n",
                i + 1
            );
        };
        file(count, "coord x in [0, 1]\ntime t in [0, 1]\n", piece, "")
    });
}

#[test]
fn many_vectors() {
    grows_with_the_file("vectors", |count| {
        let piece = |i: usize, text: &mut String| {
            let _ = write!(
                text,
                "field v{i}(x, y) in R^2\neq laplacian(v{i}) = (v{i}·∇)v{i}\n\
                 on x = 0, x = 1, y = 0, y = 1: v{i} = (0, 0)\n"
            );
        };
        file(count / 2, "coord x, y in [0, 1]\n", piece, "")
    });
}
