//! The short summary at the end of a run.

use crate::numbers::{seconds, small};
use pdec_compiler::hir::Problem;
use pdec_runtime::errors::FieldError;
use pdec_runtime::train::{Outcome, Stopped};
use std::fmt::Write as _;
use std::path::Path;

/// What a run found, as a few lines.
pub fn summary(
    title: &str,
    problem: &Problem,
    outcome: &Outcome,
    errors: &[FieldError],
    folder: &Path,
    notes: &[String],
) -> String {
    let mut text = format!(
        "{title}: {} after {} steps in {}\n",
        ending(outcome.stopped),
        outcome.steps,
        seconds(outcome.seconds)
    );
    let labels = errors.iter().map(|error| &error.field);
    let residuals = outcome.residuals.iter();
    let with_unit = residuals.map(|it| problem.label_with_unit(&it.label));
    let with_unit: Vec<String> = with_unit.collect();
    let labels = labels.chain(&with_unit);
    let width = labels.map(|label| label.chars().count()).max().unwrap_or(0);
    let width = width.max("residual (root mean square)".len());
    if !errors.is_empty() {
        let _ = writeln!(
            text,
            "\n  {:width$}  {:>9}  {:>9}  {:>9}",
            "relative error", "L2", "L1", "max"
        );
        for error in errors {
            let _ = writeln!(
                text,
                "  {:width$}  {:>9}  {:>9}  {:>9}  against the {}{}",
                error.field,
                small(error.l2),
                small(error.l1),
                small(error.max),
                match error.truth {
                    pdec_runtime::errors::Truth::Exact => "exact solution",
                    pdec_runtime::errors::Truth::Reference => "reference",
                },
                if error.relative {
                    ""
                } else {
                    ", absolute: that is zero"
                }
            );
        }
    }
    if errors.is_empty() && !outcome.estimates.is_empty() {
        let heading = "estimate of the relative error";
        let _ = writeln!(text, "\n  {heading:width$}  {:>9}", "L2");
        for (field, estimate) in &outcome.estimates {
            let value = small(*estimate);
            let how = outcome.estimated_by.words();
            let _ = writeln!(text, "  {field:width$}  {value:>9}  an estimate: {how}");
        }
    }
    if !outcome.unknowns.is_empty() {
        let heading = "found";
        let _ = writeln!(text, "\n  {heading:width$}  {:>12}", "value");
        for number in &outcome.unknowns {
            let name = &number.name;
            let value = digits(number.value);
            let deviation = match number.deviation {
                Some(deviation) if deviation.is_finite() => {
                    format!("  ± {} (one standard deviation)", small(deviation))
                }
                Some(_) => "  not determined by the data".to_owned(),
                None => String::new(),
            };
            let _ = writeln!(text, "  {name:width$}  {value:>12}{deviation}");
        }
    }
    if !outcome.residuals.is_empty() {
        let heading = "residual (root mean square)";
        let _ = writeln!(
            text,
            "\n  {heading:width$}  {:>9}  {:>9}",
            "training", "fresh"
        );
        for (residual, label) in outcome.residuals.iter().zip(&with_unit) {
            let _ = writeln!(
                text,
                "  {label:width$}  {:>9}  {:>9}",
                small(residual.train),
                small(residual.fresh)
            );
        }
    }
    text.push('\n');
    for note in notes {
        let _ = writeln!(text, "  {note}");
    }
    let _ = writeln!(text, "  saved in {}", folder.display());
    text
}

/// Eight digits of a number that was found.
fn digits(value: f64) -> String {
    if value == 0.0 || (1e-2..1e4).contains(&value.abs()) {
        format!("{value:.8}")
    } else {
        format!("{value:.7e}")
    }
}

fn ending(stopped: Stopped) -> &'static str {
    match stopped {
        Stopped::Converged => "converged",
        Stopped::Target => "reached the target",
        Stopped::TimeLimit => "stopped at the time limit",
        Stopped::Steps => "done",
        Stopped::Interrupted => "interrupted",
        Stopped::Diverged => "diverged",
        Stopped::Trivial => "nothing but zero was found",
    }
}
