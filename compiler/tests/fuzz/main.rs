//! Fuzzing: no text makes the compiler panic, overflow its stack, take long or contradict itself.
//!
//! Texts are made from every `.pde` file of the repository by [`generate`], and taken through every stage as far as
//! they come by [`case`]. A worker process does the work, so that an overflow of the stack or a stage that never ends
//! is one finding among others: the [`supervisor`] notes it, makes the text as small as it can and goes on.
//!
//! The test suite runs a fixed number of cases from a fixed seed. A long run is
//!
//! ```text
//! PDEC_FUZZ_SECONDS=600 PDEC_FUZZ_SEED=7 cargo test --release --workspace --test fuzz -- --ignored long --nocapture
//! ```
//!
//! What it finds is written to `target/tmp/`, and belongs into `tests/fuzz/corpus/` once it is mended: every file
//! there is run first.

// Clippy knows `#[test]` functions, not their helpers.
#![allow(clippy::unwrap_used)]

mod case;
mod generate;
mod supervisor;

use generate::Corpus;
use std::path::Path;
use std::time::Duration;
use supervisor::{Run, supervise, work};

/// The cases of the test suite: about 20 seconds.
const CASES: u64 = 10_000;

#[test]
fn what_was_found_once_stays_mended() {
    for path in Corpus::kept() {
        let text = std::fs::read_to_string(&path).unwrap();
        let _ = case::run(&text);
    }
}

#[test]
fn the_same_seed_gives_the_same_texts() {
    let corpus = Corpus::read();
    for number in 0..50 {
        assert_eq!(corpus.case(3, number), corpus.case(3, number));
    }
    assert_ne!(corpus.case(3, 1), corpus.case(4, 1));
}

#[test]
fn a_fixed_number_of_cases() {
    finish(&Run {
        seed: 1,
        cases: CASES,
        time: Duration::MAX,
    });
}

/// Prints one case, to look at what a run has named.
#[test]
#[ignore = "prints the case PDEC_FUZZ_CASE of PDEC_FUZZ_SEED"]
fn show() {
    let number = |name: &str| std::env::var(name).map_or(1, |value| value.parse().unwrap());
    println!(
        "{}",
        Corpus::read().case(number("PDEC_FUZZ_SEED"), number("PDEC_FUZZ_CASE"))
    );
}

#[test]
#[ignore = "takes as long as PDEC_FUZZ_SECONDS says"]
fn long() {
    let number = |name: &str, default: u64| {
        let value = std::env::var(name).ok();
        value.map_or(default, |value| value.parse().unwrap())
    };
    finish(&Run {
        seed: number("PDEC_FUZZ_SEED", 7),
        cases: u64::MAX,
        time: Duration::from_secs(number("PDEC_FUZZ_SECONDS", 600)),
    });
}

/// The other process: does nothing unless a supervisor has started it.
#[test]
#[ignore = "started by the supervisor"]
fn worker() {
    if let Ok(folder) = std::env::var(supervisor::FOLDER) {
        work(Path::new(&folder));
    }
}

fn finish(run: &Run) {
    let summary = supervise(run);
    println!("{summary}");
    assert!(summary.findings.is_empty(), "{summary}");
}
