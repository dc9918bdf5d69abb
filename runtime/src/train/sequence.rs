//! A solve as the beginning of a sequence of optimisers.
//!
//! * Input: random features that have been solved for, window by window, and the optimisers that follow.
//! * Output: networks of the same shape, all of whose weights have been trained.
//! * Invariants: every window begins with its own features, and follows the trained window before; what is returned is never
//!   worse than the features were, on fresh points.

use super::certified::training_part;
use super::features::uncertainty::Certainty;
use super::memory;
use super::run::Run;
use super::solve::outcome;
use super::{Observer, Options, Outcome, TrainError};
use crate::data::Measured;
use crate::engine::Engine;
use crate::solution::Window;
use crate::state::State;
use pdec_compiler::hir::Problem;
use pdec_compiler::program::{Support, Term, build};
use pdec_compiler::settings::{Points, Settings};
use std::time::Instant;

/// What has been solved.
pub struct Solve<'a> {
    /// The solution.
    pub outcome: Outcome,
    /// What was measured.
    pub data: &'a [Measured],
}

/// The settings of a whole sequence whose features have been chosen, on points that do for what follows: as many residuals
/// as there are weights, or more, where those of the features do for the last layer alone. The solve uses them too, so that
/// these settings give the same again.
pub fn resolved(
    problem: &Problem,
    settings: &Settings,
    solved: &Settings,
    points: Points,
) -> Settings {
    let mut resolved = solved.clone();
    let after = settings.optimizer.iter().skip(1);
    resolved.optimizer.extend(after.cloned());
    let program = build(problem, &resolved).program;
    let inside = |term: &&Term| term.support == Support::Interior;
    let equations: usize = program
        .terms
        .iter()
        .filter(inside)
        .map(|it| it.labels.len())
        .sum();
    let interior = program.network.parameters.div_ceil(equations.max(1));
    resolved.points = Points {
        interior: points.interior.max(interior),
        initial: points.initial,
        boundary: points.boundary,
        ..settings.points
    };
    resolved
}

/// The optimisers after a solve, which go on with its networks; all weights are free. Where they leave a larger residual on
/// points that nobody has seen, the solve's solution is kept.
///
/// # Errors
///
/// If this machine cannot run the program, or the matrices do not fit.
pub fn go_on(
    problem: &Problem,
    settings: &Settings,
    options: &Options,
    observer: &mut dyn Observer,
    (from, begin): (Option<&State>, Instant),
    solve: Solve<'_>,
) -> Result<Outcome, TrainError> {
    let Solve {
        outcome: mut solved,
        data,
    } = solve;
    let mut resolved = solved.settings.clone();
    let after = settings.optimizer.iter().skip(1);
    resolved.optimizer.extend(after.cloned());
    let program = build(problem, &resolved).program;
    resolved.points = settings.points;
    memory::check(&program, &resolved)?;
    let data: Vec<Measured> = data.iter().cloned().map(Measured::for_training).collect();
    let engine = Engine::new(program, options.threads)?;
    let mut rest = options.clone();
    let part = training_part(problem, &engine, observer);
    rest.time_limit = options
        .time_limit
        .map(|limit| limit.mul_f64(part).saturating_sub(begin.elapsed()));
    let start = solved.solution.windows().to_vec();
    let now = Instant::now();
    let mut run = Run::new(&engine, problem, &resolved, &rest, observer, &data, now)
        .from(from)
        .starting(Some(&start));
    let found = run.windows()?;
    let begin = run.begin.min(begin);
    let (steps, mut notes) = (run.step, std::mem::take(&mut run.notes));
    if found.windows.len() < start.len() {
        solved.notes.append(&mut notes);
        solved.notes.push(
            "the optimisers after the solve have not come to the end of time: its solution is kept"
                .to_owned(),
        );
        solved.stopped = found.stopped;
        solved.steps += steps;
        solved.seconds = begin.elapsed().as_secs_f64();
        return Ok(solved);
    }
    // Both on the same points.
    let mut left = |windows: &[Window]| {
        let observer = &mut *observer;
        let mut run = Run::new(&engine, problem, &resolved, &rest, observer, &data, now);
        run.measure(windows.to_vec(), found.stopped).relative
    };
    let (before, after) = (left(&start), left(&found.windows));
    if after.is_nan() || before < after {
        solved.notes.append(&mut notes);
        solved.notes.push(format!(
            "the optimisers after the solve leave a relative residual of {after:.1e} on fresh points, the solve {before:.1e}: its \
             solution is kept"
        ));
        solved.stopped = found.stopped;
        solved.steps += steps;
        solved.seconds = begin.elapsed().as_secs_f64();
        return Ok(solved);
    }
    let certainty = Certainty::default();
    let steps = solved.steps + steps;
    Ok(outcome(
        problem,
        resolved,
        begin,
        engine,
        found,
        steps,
        None,
        notes,
        (&certainty, &data),
    ))
}
