//! What is said of the error of every solution: measured where the truth is known, else estimated, else why it is not.

use super::correction::Found;
use super::truth::Truth;
use super::{Estimated, Observer, Options, Outcome, Stopped, TrainError};
use crate::engine::Engine;
use pdec_compiler::hir::Problem;
use std::time::Instant;

/// The part of a time limit that training may use where the error is to be estimated afterwards.
const TRAINING: f64 = 0.9;

/// The outcome of a run, with an estimate of its error where the truth is not known and nothing has been estimated yet, or with
/// a sentence that says why there is none.
///
/// # Errors
///
/// If this machine cannot run the program.
pub fn certified(
    problem: &Problem,
    options: &Options,
    observer: &dyn Observer,
    mut outcome: Outcome,
) -> Result<Outcome, TrainError> {
    let known = knows_all(problem, outcome.solution.engine(), observer);
    if known || !outcome.estimates.is_empty() {
        return Ok(outcome);
    }
    let late = match outcome.stopped {
        // What is wrong with it is said.
        Stopped::Diverged | Stopped::Trivial => return Ok(outcome),
        Stopped::Interrupted => Some("the run was interrupted".to_owned()),
        Stopped::Converged | Stopped::Target | Stopped::TimeLimit | Stopped::Steps => None,
    };
    let now = Instant::now();
    let before = outcome.seconds;
    let is_over = || {
        let seconds = before + now.elapsed().as_secs_f64();
        let late = options.time_limit;
        observer.stop() || late.is_some_and(|limit| seconds >= limit.as_secs_f64())
    };
    let estimate = match late {
        Some(late) => Err(late),
        None => Found {
            problem,
            settings: &outcome.settings,
            engine: outcome.solution.engine(),
            windows: outcome.solution.windows(),
            seed: options.seed,
            threads: options.threads,
        }
        .estimate(&is_over)?,
    };
    match estimate {
        Ok(sizes) => {
            let names = problem.fields.iter().map(|(_, field)| field.name.clone());
            outcome.estimates = names.zip(sizes).collect();
            outcome.estimated_by = Estimated::Correction;
        }
        Err(why) => {
            let first = match outcome.stopped {
                Stopped::TimeLimit => "there was no time for a second solve, and ",
                Stopped::Converged
                | Stopped::Target
                | Stopped::Steps
                | Stopped::Interrupted
                | Stopped::Diverged
                | Stopped::Trivial => "",
            };
            let note = format!("no estimate of the error: {first}{why}");
            outcome.notes.push(note);
        }
    }
    outcome.seconds = before + now.elapsed().as_secs_f64();
    Ok(outcome)
}

/// Whether the true solution of every field is known.
fn knows_all(problem: &Problem, engine: &Engine, observer: &dyn Observer) -> bool {
    let truth = Truth {
        problem,
        engine,
        parameters: &[],
        references: observer.references(),
        most: 0,
    };
    (0..problem.fields.len()).all(|field| truth.knows(field))
}

/// The part of the time limit that training may use: some is left to estimate the error, where that is not known.
pub fn training_part(problem: &Problem, engine: &Engine, observer: &dyn Observer) -> f64 {
    if knows_all(problem, engine, observer) {
        1.0
    } else {
        TRAINING
    }
}
