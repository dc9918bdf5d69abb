//! Problems in one coordinate and time that live on a circle: the waves of the period, window after window.

use super::features::look::{Course, Look};
use super::features::spectral::{Marcher, TOLERANCE};
use super::features::stride::waves;
use super::features::uncertainty::Certainty;
use super::features::wide;
use super::run::Run;
use super::solve::outcome;
use super::{Observer, Options, Outcome, Stopped, TrainError};
use crate::engine::Engine;
use pdec_compiler::hir::Problem;
use pdec_compiler::network::Activation;
use pdec_compiler::program::build;
use pdec_compiler::program::evolution::{Ends, evolution};
use pdec_compiler::settings::{Automatic, Conditions, Features, Optimizer, Points, Settings};
use std::time::Instant;

/// Points of all windows together at which residuals are measured, at most.
const MEASURED: usize = 8192;

/// Neurons at all of these points, about.
const NEURONS: usize = 20_000_000;

/// Points of a window, at least.
const FEWEST: usize = 64;

/// Solves the problem where it is of this kind, and settings ask for waves or leave the choice. None where it is not, or
/// that leads nowhere.
pub fn periodic(
    problem: &Problem,
    settings: &Settings,
    options: &Options,
    observer: &mut dyn Observer,
    silent: bool,
    begin: Instant,
) -> Result<Option<Outcome>, TrainError> {
    let automatic = settings.automatic;
    let chosen = automatic.optimizer && automatic.network;
    let asked = settings
        .optimizer
        .iter()
        .find_map(|optimizer| match optimizer {
            Optimizer::NewtonSolve(features) if features.waves => Some(features.clone()),
            _ => None,
        })
        .filter(|_| !automatic.optimizer);
    if asked.is_none() && !chosen {
        return Ok(None);
    }
    let Some(evolution) = evolution(problem) else {
        return Ok(None);
    };
    let tolerance = asked.and_then(|it| it.tolerance).unwrap_or(TOLERANCE);
    let parameters = problem.parameter_values();
    let mut with_waves = waves(settings);
    if matches!(evolution.ends, Ends::Walls(_)) {
        // Mirrors meet them.
        with_waves.conditions = Conditions::Soft;
    }
    let solve = Optimizer::NewtonSolve(Features::default()).name();
    let mut course = Course::new(problem, options, observer, solve, silent, 1.0, begin);
    let mut report = |look: &Look<'_>| course.look(look);
    let marcher = Marcher {
        problem,
        evolution: &evolution,
        settings: &with_waves,
        parameters: &parameters,
        tolerance,
        most: if automatic.network {
            usize::MAX
        } else {
            settings.network.layers().0
        },
        seed: options.seed,
        threads: options.threads,
    };
    let Some(found) = marcher.run(&mut report)? else {
        return Ok(None);
    };
    let mut resolved = wide(&with_waves, Activation::Sin, found.width);
    resolved.automatic = Automatic::default();
    resolved.windows = found.windows.len();
    // Nothing was drawn to solve it: these are where it is measured.
    let measured = (NEURONS / found.width).clamp(FEWEST, MEASURED);
    let interior = (measured / resolved.windows).max(FEWEST);
    resolved.points = Points {
        interior,
        initial: interior.div_ceil(2),
        redraw: 0,
        adaptive: 0.0,
        ..settings.points
    };
    resolved.optimizer = vec![Optimizer::NewtonSolve(Features {
        waves: true,
        tolerance: Some(tolerance),
        ..Features::default()
    })];
    let engine = Engine::new(build(problem, &resolved).program, options.threads)?;
    let stopped = if observer.stop() {
        Stopped::Interrupted
    } else if found.complete {
        Stopped::Converged
    } else {
        Stopped::TimeLimit
    };
    let mut run = Run::new(&engine, problem, &resolved, options, observer, &[], begin);
    let measured = run.measure(found.windows, stopped);
    let choice = chosen.then(|| {
        let name = problem.coordinates.iter().nth(evolution.space);
        let name = name.map_or("space", |(_, coordinate)| coordinate.name.as_str());
        let which = match evolution.ends {
            Ends::Periodic => format!("the waves of the period of {name}"),
            Ends::Walls(_) => format!("waves between mirrors at the ends of {name}"),
        };
        format!(
            "newton_solve with {which} in {} windows: the residual between the points where it vanishes is {:.1e}",
            resolved.windows, found.residual
        )
    });
    let mut outcome = outcome(
        problem,
        resolved,
        begin,
        engine,
        measured,
        found.solves,
        choice,
        Vec::new(),
        (&Certainty::default(), &[]),
    );
    outcome.relative_residual = found.residual;
    Ok(Some(outcome))
}
