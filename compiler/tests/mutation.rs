//! Every example with one mistake in it: each is still a correct problem, or is rejected where the mistake is.
//!
//! Each declaration is deleted, duplicated, swapped with the next one and given a misspelt keyword; each name is
//! misspelt where it stands; each argument in brackets is deleted. A rejected mutant must have its first error in the
//! mutated declaration, or that error must name what was mutated. What is accepted is counted by kind, and
//!
//! ```text
//! PDEC_MUTANTS=all cargo test --release --workspace --test mutation -- --nocapture
//! ```
//!
//! prints every accepted mutant, for a reader to audit that it is a correct problem.

// Clippy knows `#[test]` functions, not their helpers.
#![allow(clippy::unwrap_used)]

mod mutants;
mod support;

use mutants::{Kind, Mutant, mutants, parts, words};
use pdec_compiler::diagnostic::Diagnostic;
use pdec_compiler::front;
use pdec_compiler::source::Source;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Generous, for a busy machine: a mutant takes a millisecond.
const LONGEST: Duration = Duration::from_secs(10);

/// What became of the mutants of one kind.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    correct: usize,
    warned: usize,
    in_place: usize,
    named: usize,
    elsewhere: usize,
}

/// What the front end says of a mutant.
enum Verdict {
    Correct,
    Warned,
    InPlace,
    Named,
    Elsewhere(Box<Diagnostic>),
}

#[test]
fn every_mutant_is_correct_or_rejected_where_the_mistake_is() {
    let audit = std::env::var("PDEC_MUTANTS").unwrap_or_default();
    let mut counts: BTreeMap<Kind, Counts> = BTreeMap::new();
    let mut wrong = String::new();
    let mut slowest = (Duration::ZERO, String::new());
    for path in corpus() {
        let original = support::read(&path);
        if front::read(&original, &[]).is_err() {
            // shows an early stage; a later one refuses it as it is
            println!("left out: {}", original.name);
            continue;
        }
        for mut mutant in mutants(&original) {
            follow_definitions(&original.text, &mut mutant);
            let start = Instant::now();
            let source = Source::new(original.name.clone(), mutant.text.clone());
            let verdict = catch_unwind(AssertUnwindSafe(|| judge(&source, &mutant)));
            let took = start.elapsed();
            if took > slowest.0 {
                slowest = (took, format!("{}: {}", original.name, mutant.what));
            }
            let counts = counts.entry(mutant.kind).or_default();
            let title = format!("{}: {}", original.name, mutant.what);
            match verdict {
                Ok(Verdict::Correct) => {
                    counts.correct += 1;
                    if audit == "all" {
                        println!("correct   {title}");
                    }
                }
                Ok(Verdict::Warned) => {
                    counts.warned += 1;
                    if audit == "all" {
                        println!("warned    {title}");
                    }
                }
                Ok(Verdict::InPlace) => counts.in_place += 1,
                Ok(Verdict::Named) => counts.named += 1,
                Ok(Verdict::Elsewhere(first)) => {
                    counts.elsewhere += 1;
                    let said = support::render(&source, &first);
                    let _ = writeln!(wrong, "── {title}\n{said}");
                }
                Err(_) => {
                    let _ = writeln!(wrong, "── {title}: the compiler panicked\n{}", mutant.text);
                }
            }
            if took > LONGEST {
                let _ = writeln!(wrong, "── {title}: took {took:?}");
            }
        }
    }
    print!("{}", table(&counts));
    println!("slowest: {:?} for {}", slowest.0, slowest.1);
    assert!(wrong.is_empty(), "{wrong}");
}

/// The examples, and the files that show that something is correct.
fn corpus() -> Vec<PathBuf> {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(examples)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "pde"))
        .collect();
    paths.extend(support::files("lowering"));
    if Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../tests/correct")
        .exists()
    {
        paths.extend(support::files("correct"));
    }
    paths.sort();
    paths
}

/// What is mutated may speak of a field through definitions only (`eq div(q) = 0`); a deleted `coord` may be called a
/// coordinate.
fn follow_definitions(original: &str, mutant: &mut Mutant) {
    let definitions: Vec<Vec<String>> = original
        .lines()
        .filter_map(|line| line.strip_prefix("let "))
        .map(|line| words(line).flat_map(parts).collect())
        .collect();
    for _ in &definitions {
        for definition in &definitions {
            let used = definition
                .first()
                .is_some_and(|name| mutant.names.contains(name));
            if used {
                mutant.names.extend(definition.iter().cloned());
            }
        }
    }
    if mutant.what.contains("`coord ") {
        mutant.names.insert("coordinates".to_owned());
    }
    if mutant.what.contains("`domain ") {
        mutant.names.insert("domain".to_owned());
    }
}

fn judge(source: &Source, mutant: &Mutant) -> Verdict {
    let findings = match front::read(source, &[]) {
        Ok(front) if front.warnings.is_empty() => return Verdict::Correct,
        Ok(_) => return Verdict::Warned,
        Err(findings) => findings,
    };
    let mut errors = findings.iter().map(|finding| &finding.diagnostic);
    let Some(first) = errors.find(|diagnostic| diagnostic.is_error()) else {
        return Verdict::Warned;
    };
    let touches = |start: usize, end: usize| {
        let places = mutant.places.iter();
        places
            .clone()
            .any(|place| start <= place.end && place.start <= end)
    };
    let labels = std::iter::once(&first.primary).chain(&first.secondary);
    let mut spans = labels.map(|label| label.span.range());
    if spans.any(|span| touches(span.start, span.end)) {
        return Verdict::InPlace;
    }
    let text = support::render(source, first);
    // a message about `u_xx` is one about `u`
    let mut said = words(&text).flat_map(parts);
    if said.any(|word| mutant.names.contains(&word)) {
        return Verdict::Named;
    }
    Verdict::Elsewhere(Box::new(first.clone()))
}

fn table(counts: &BTreeMap<Kind, Counts>) -> String {
    let mut text = format!(
        "{:<22} {:>7} {:>8} {:>8} {:>9} {:>6} {:>10}\n",
        "mutation", "mutants", "correct", "warned", "in place", "named", "elsewhere"
    );
    let mut sum = Counts::default();
    let mut row = |name: &str, counts: &Counts| {
        let Counts {
            correct,
            warned,
            in_place,
            named,
            elsewhere,
        } = *counts;
        let all = correct + warned + in_place + named + elsewhere;
        let _ = writeln!(
            text,
            "{name:<22} {all:>7} {correct:>8} {warned:>8} {in_place:>9} {named:>6} {elsewhere:>10}"
        );
    };
    for (kind, counts) in counts {
        row(kind.name(), counts);
        sum.correct += counts.correct;
        sum.warned += counts.warned;
        sum.in_place += counts.in_place;
        sum.named += counts.named;
        sum.elsewhere += counts.elsewhere;
    }
    row("all", &sum);
    text
}
