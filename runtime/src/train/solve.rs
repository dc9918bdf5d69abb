//! What a run does: least squares where that is enough, else training.

use super::certified::{certified, training_part};
use super::estimate::distances;
use super::features::look::{Course, Listener, Look};
use super::features::march::Task;
use super::features::search::{Found as Features, Search};
use super::features::uncertainty::{Certainty, certainty, is_whole};
use super::features::{Family, Layer, is_shallow, wide};
use super::gauge::without_means;
use super::marches::patches::{self, Patched};
use super::marches::{Surroundings, periodic, strides};
use super::memory;
use super::run::{Found, Run};
use super::sequence::{self, Solve, go_on};
use super::trivial::trivial;
use super::{Estimated, FoundNumber, Observer, Options, Outcome, Stopped, TrainError};
use crate::data::Measured;
use crate::engine::Engine;
use crate::solution::Solution;
use crate::state::State;
use pdec_compiler::analysis::analyse;
use pdec_compiler::hir::Problem;
use pdec_compiler::network::Activation;
use pdec_compiler::program::build;
use pdec_compiler::program::numbers::value;
use pdec_compiler::settings::{Automatic, Features as Wanted, Optimizer, Settings};
use std::time::Instant;

/// Features whose relative residual on fresh points is below this need no training; the second where the problem is not
/// linear and errors can grow in time.
pub(super) const GOOD: [f64; 2] = [1e-4, 1e-5];

/// Where nothing depends on time, thousands of features that leave no more than this do better than a network of some
/// hundred parameters that is trained.
const KEPT: f64 = 1e-2;

/// The same where data are fitted, noise and all.
const GOOD_WITH_DATA: f64 = 1e-3;

/// Weights of data that differ by less are as good as equal.
const SAME_WEIGHT: f64 = 2.0;

/// Steps of the network where time is not cut into windows.
const WHOLE: usize = 200;

/// A free number with a larger standard deviation is not determined.
const UNDETERMINED: f64 = 3.0;

/// With a larger relative residual a solution says nothing of the numbers in its equations.
const UNSATISFIED: f64 = 0.1;

/// With a larger one a solution may be another one than that of the problem. Of features the relative residual is about as
/// large as the error: 1.6e-5 where that is 1.3e-5 (`poisson10`), 1.1e-2 where it is 1.1e-2 (`cavity100`), 7e-2 for 6e-2 (a front
/// that is not resolved), and 8e-2 for 0.7 (a drum after seconds). Errors of some per cent can be seen in a picture, larger ones
/// are another solution.
const UNSOLVED: f64 = 0.03;

/// Trains a problem.
///
/// # Errors
///
/// If this machine cannot run the program. Divergence is not an error: the outcome says so.
pub fn train(
    problem: &Problem,
    settings: &Settings,
    options: &Options,
    observer: &mut dyn Observer,
) -> Result<Outcome, TrainError> {
    let outcome = go(problem, settings, options, observer, None)?;
    certified(problem, options, observer, outcome)
}

/// Goes on with a run that was interrupted, from a state that it handed to [`Observer::state`]: the outcome is the same to
/// the bit as if it had not been. Everything but `options.threads` and the time limit must be as it was.
///
/// The time limit counts the time of both parts.
///
/// # Errors
///
/// As [`train`], and [`TrainError::State`] if the state is not one of such a run.
pub fn resume(
    problem: &Problem,
    settings: &Settings,
    options: &Options,
    observer: &mut dyn Observer,
    state: &State,
) -> Result<Outcome, TrainError> {
    let outcome = go(problem, settings, options, observer, Some(state))?;
    certified(problem, options, observer, outcome)
}

fn go(
    problem: &Problem,
    settings: &Settings,
    options: &Options,
    observer: &mut dyn Observer,
    from: Option<&State>,
) -> Result<Outcome, TrainError> {
    let begin = Instant::now();
    let automatic = settings.automatic;
    let around = Surroundings {
        problem,
        settings,
        options,
        silent: from.is_some(),
        begin,
    };
    for way in [periodic::solve, strides::solve] {
        if let Some(outcome) = way(&around, observer)? {
            return Ok(outcome);
        }
    }
    // Features that did better where patches would take long.
    let rival = match patches::solve(&around, observer)? {
        Patched::Solved(outcome) => return Ok(*outcome),
        Patched::ByFeatures(found) => Some(*found),
        Patched::No => None,
    };
    // Waves that were asked for have been given up: ordinary features follow.
    let mut plain = settings.clone();
    let mut given_up = false;
    for optimizer in &mut plain.optimizer {
        if let Optimizer::NewtonSolve(features) = optimizer {
            given_up |= features.waves || features.patches;
            features.waves = false;
            features.patches = false;
            features.tolerance = None;
        }
    }
    let settings = &plain;
    let mut choice = None;
    let mut fallback: Option<Outcome> = None;
    // A number to be found multiplies fields or stands behind a bijection.
    let linear = analyse(problem).linear && problem.unknowns.is_empty();
    let mut data = observer.measured().to_vec();
    let wanted = match settings.optimizer.as_slice() {
        _ if automatic.optimizer => automatic.network.then(Wanted::default),
        [
            Optimizer::LinearSolve(features) | Optimizer::NewtonSolve(features),
            ..,
        ] => Some(features.clone()),
        _ => None,
    };
    if let Some(wanted) = wanted {
        let silent = from.is_some();
        let mut again = |data: &[Measured], rough: bool| {
            let observer = &mut *observer;
            search(
                problem, settings, &wanted, linear, options, observer, data, rough, silent, begin,
            )
        };
        // Noise that is not given is what a rough solution leaves of the data; a finer one may leave less.
        if data.iter().any(|it| it.estimated)
            && let Some(rough) = again(&data, true)?
        {
            estimate_noise(&mut data, &rough.certainty.misfits);
        }
        let mut found = match rival {
            Some(found) => Some(found),
            None => again(&data, false)?,
        };
        if let Some(features) = &found
            && estimate_noise(&mut data, &features.certainty.misfits)
        {
            found = again(&data, false)?.or(found);
        }
        if let Some(found) = found {
            let limit = if data.is_empty() {
                GOOD[usize::from(!linear && problem.time().is_some())]
            } else {
                GOOD_WITH_DATA
            };
            let mut misfits = data.iter().zip(&found.certainty.misfits);
            let met = misfits.all(|(measured, misfit)| measured.is_met_by(*misfit));
            let kept = data.is_empty() && problem.time().is_none() && found.marched.typical < KEPT;
            let good = ((found.marched.residual < limit || kept) && met) || !automatic.optimizer;
            let points = found.points;
            let mut outcome = solved(
                problem, settings, options, observer, begin, found, linear, &data,
            )?;
            if given_up {
                outcome.notes.push(
                    "the solution was not resolved with as many waves as are allowed: ordinary features were used"
                        .to_owned(),
                );
            }
            let goes_on = !automatic.optimizer && settings.optimizer.len() > 1;
            let whole = outcome.solution.windows().len() == outcome.settings.windows.max(1)
                && outcome.stopped == Stopped::Converged;
            if goes_on && whole && automatic.points {
                let mut rest = options.clone();
                rest.time_limit = options
                    .time_limit
                    .map(|limit| limit.saturating_sub(begin.elapsed()));
                let again = sequence::resolved(problem, settings, &outcome.settings, points);
                return go(problem, &again, &rest, observer, from);
            }
            if goes_on && whole {
                let solve = Solve {
                    outcome,
                    data: &data,
                };
                return go_on(problem, settings, options, observer, (from, begin), solve);
            }
            if good {
                return Ok(outcome);
            }
            choice = Some(format!(
                "random features leave a residual of {:.1e}: the network is trained",
                outcome.relative_residual
            ));
            fallback = Some(outcome);
            // What features leave of the data is no noise.
            for measured in data.iter_mut().filter(|it| it.estimated) {
                measured.noise = None;
            }
        }
    }
    let mut resolved = settings.clone();
    resolved.automatic = Automatic::default();
    if is_whole(problem) {
        resolved.windows = 1;
        if automatic.optimizer {
            resolved.optimizer = vec![Optimizer::GaussNewton { steps: WHOLE }];
        }
    }
    let data: Vec<Measured> = data.into_iter().map(Measured::for_training).collect();
    let compiled = build(problem, &resolved);
    memory::check(&compiled.program, &resolved)?;
    let engine = Engine::new(compiled.program, options.threads)?;
    // What is left of the time; the windows share it.
    let mut rest = options.clone();
    let part = training_part(problem, &engine, observer);
    rest.time_limit = options
        .time_limit
        .map(|limit| limit.mul_f64(part).saturating_sub(begin.elapsed()));
    let now = Instant::now();
    let mut run = Run::new(&engine, problem, &resolved, &rest, observer, &data, now).from(from);
    let found = run.windows()?;
    // Where it went on, it counts the time before.
    let begin = run.begin.min(begin);
    let (steps, notes) = (run.step, run.notes);
    if choice.is_none() && automatic.optimizer {
        let why = if linear {
            "the network is given"
        } else {
            "random features do not express the solution"
        };
        choice = Some(format!(
            "gauss_newton on {} windows: {why}",
            resolved.windows
        ));
    }
    let certainty = match found.windows.first() {
        Some(window) if !data.is_empty() => {
            let task = Task {
                problem,
                settings: &resolved,
                parameters: &problem.parameter_values(),
                data: &data,
                seed: options.seed,
                linear: false,
                layer: &Layer::whole(engine.program().clone(), options.threads)?,
                family: &Family {
                    activation: Activation::Tanh,
                    scales: Vec::new(),
                    sparse: false,
                },
                points: resolved.points,
                windows: 1,
                start: None,
                guess: None,
            };
            certainty(&task, &window.parameters)
        }
        Some(_) | None => Certainty::default(),
    };
    let better = |other: &Outcome| {
        let finished = !matches!(found.stopped, Stopped::Interrupted | Stopped::Diverged);
        // Data have other weights there: the two residuals cannot be compared.
        !finished || (data.is_empty() && other.relative_residual < found.relative)
    };
    if let Some(mut other) = fallback.take_if(|other| better(other)) {
        let text = other.choice.take().unwrap_or_default();
        let why = match found.stopped {
            Stopped::Interrupted => "the network that is trained beside it has been interrupted",
            Stopped::Diverged => "training diverged",
            Stopped::TimeLimit
            | Stopped::Converged
            | Stopped::Target
            | Stopped::Steps
            | Stopped::Trivial => "training leaves a larger residual",
        };
        other.choice = Some(format!("{text}; {why}"));
        // Training took its time all the same.
        other.seconds = begin.elapsed().as_secs_f64();
        other.steps += steps;
        if matches!(found.stopped, Stopped::TimeLimit | Stopped::Interrupted) {
            // It might not, with more of it; and what has been interrupted goes on.
            other.stopped = found.stopped;
        }
        return Ok(other);
    }
    let mut outcome = outcome(
        problem,
        resolved,
        begin,
        engine,
        found,
        steps,
        choice,
        notes,
        (&certainty, &data),
    );
    let until = outcome.solution.trained_until();
    if let Some(features) = fallback.filter(|it| it.solution.trained_until() >= until) {
        let trained = (outcome.solution.engine(), outcome.solution.windows());
        let coarser = (features.solution.engine(), features.solution.windows());
        let distances = distances(problem, options.seed, trained, coarser);
        let names = problem.fields.iter().map(|(_, field)| field.name.clone());
        outcome.estimates = names.zip(distances).collect();
    }
    Ok(outcome)
}

#[allow(clippy::too_many_arguments)] // one call, in one place
pub(super) fn outcome(
    problem: &Problem,
    settings: Settings,
    begin: Instant,
    engine: Engine,
    mut found: Found,
    steps: usize,
    choice: Option<String>,
    mut notes: Vec<String>,
    (certainty, data): (&Certainty, &[Measured]),
) -> Outcome {
    notes.extend(without_means(problem, &engine, &mut found.windows));
    let first = found
        .windows
        .first()
        .map(|window| window.parameters.as_slice());
    let mut unknowns = numbers(problem, &engine, first.unwrap_or_default(), certainty);
    for (number, shift) in unknowns.iter_mut().zip(&certainty.shifts) {
        if *shift >= UNDETERMINED && number.deviation.is_some_and(f64::is_finite) {
            number.deviation = None;
            notes.push(format!(
                "the solution is not accurate enough to state the uncertainty of `{}`, which may be wrong",
                number.name
            ));
        }
    }
    for number in &unknowns {
        if number.deviation.is_some_and(f64::is_infinite) {
            notes.push(format!(
                "the data do not determine `{}`: other values fit them as well",
                number.name
            ));
        }
    }
    let misfit = misfit(problem, certainty, data, found.relative);
    if !misfit.is_empty() {
        // A deviation holds near the solution only.
        for number in &mut unknowns {
            number.deviation = number.deviation.filter(|it| it.is_infinite());
        }
    }
    notes.extend(misfit);
    let mut stopped = found.stopped;
    if let Some(why) = first.and_then(|it| trivial(&engine, problem, &settings, data, it)) {
        if matches!(
            stopped,
            Stopped::Converged | Stopped::Steps | Stopped::Target
        ) {
            stopped = Stopped::Trivial;
        }
        notes.push(why);
    }
    let time = problem.time().map(|id| id.index());
    Outcome {
        solution: Solution::new(engine, problem.parameter_values(), time, found.windows)
            .narrowed(problem, &settings),
        settings,
        choice,
        notes,
        unknowns,
        estimates: Vec::new(),
        estimated_by: Estimated::Companion,
        relative_residual: found.relative,
        stopped,
        steps,
        seconds: begin.elapsed().as_secs_f64(),
        residuals: found.residuals,
        gradient_correlation: found.correlation,
    }
}

/// Why no uncertainty can be stated: a solution that is further from data than their noise, or does not satisfy its
/// equations.
fn misfit(
    problem: &Problem,
    certainty: &Certainty,
    data: &[Measured],
    relative: f64,
) -> Vec<String> {
    let mut found = Vec::new();
    for (measured, misfit) in data.iter().zip(&certainty.misfits) {
        if measured.is_met_by(*misfit) {
            continue;
        }
        let field = problem.fields.iter().nth(measured.field);
        let field = field.map_or("a field", |(_, field)| field.name.as_str());
        let noise = measured.noise.unwrap_or(0.0);
        found.push(format!(
            "the solution does not fit the data of `{field}`: it is {misfit:.1e} from them (root mean square), and their noise is \
             {noise:.1e}; no uncertainty is stated, and the numbers may be wrong"
        ));
    }
    let sought = !problem.unknowns.is_empty() && !data.is_empty();
    if !sought && relative >= UNSOLVED {
        found.push(format!(
            "the equations are not satisfied well: a relative residual of {relative:.1e} is left, and the solution may be wrong"
        ));
    }
    if sought && (relative.is_nan() || relative >= UNSATISFIED) {
        found.push(format!(
            "the equations are not satisfied: a relative residual of {relative:.1e} is left; no uncertainty is stated, and the \
             numbers may be wrong"
        ));
    }
    found
}

/// The numbers that were sought, as these parameters have them.
fn numbers(
    problem: &Problem,
    engine: &Engine,
    parameters: &[f64],
    certainty: &Certainty,
) -> Vec<FoundNumber> {
    let places = engine.program().network.number_parameters();
    // The values of integrals come first.
    let integrals = places.len() - problem.unknowns.len();
    let places = places.into_iter().skip(integrals);
    let unknowns = problem.unknowns.iter().zip(places).enumerate();
    unknowns
        .map(|(position, ((_, unknown), places))| {
            let free = places
                .iter()
                .filter_map(|place| parameters.get(*place))
                .sum();
            let (value, slope) = value(unknown, free);
            // A free number that is uncertain by so much may be anywhere in its interval.
            let shift = certainty.shifts.get(position).copied().unwrap_or(0.0);
            let deviation = certainty.deviations.get(position).map(|free| {
                if *free < UNDETERMINED {
                    free.hypot(shift) * slope
                } else {
                    f64::INFINITY
                }
            });
            FoundNumber {
                name: unknown.name.clone(),
                value,
                deviation,
            }
        })
        .collect()
}

/// Sets the noise of data whose noise is not given to how far a solution is from them. Whether that changes their weight
/// much.
fn estimate_noise(data: &mut [Measured], misfits: &[f64]) -> bool {
    let mut changed = false;
    for (measured, misfit) in data.iter_mut().zip(misfits) {
        if measured.estimated {
            let before = measured.weight();
            measured.noise = measured.is_noisy(*misfit).then_some(*misfit);
            let ratio = measured.weight() / before;
            changed |= !(1.0 / SAME_WEIGHT..=SAME_WEIGHT).contains(&ratio);
        }
    }
    changed
}

/// Chooses and solves random features. A run that goes on makes the choice again, which it has reported before.
#[allow(clippy::too_many_arguments)] // one call, in one place
fn search(
    problem: &Problem,
    settings: &Settings,
    wanted: &Wanted,
    linear: bool,
    options: &Options,
    observer: &mut dyn Observer,
    data: &[Measured],
    rough: bool,
    silent: bool,
    begin: Instant,
) -> Result<Option<Features>, TrainError> {
    // Half of the time is for training, where features will not do.
    let mut course = Course::new(problem, options, observer, name(linear), silent, 0.5, begin);
    let mut report = |look: &Look<'_>| course.look(look);
    let parameters = problem.parameter_values();
    let mut search = Search {
        problem,
        settings,
        features: wanted,
        parameters: &parameters,
        data,
        seed: options.seed,
        threads: options.threads,
        linear,
        rough,
        report: &mut report,
        most_work: f64::INFINITY,
        work_done: 0.0,
        left: 0,
        solves: 0,
        stopped: false,
        start: None,
    };
    Ok(search.run()?)
}

/// The outcome of random features: an ordinary network.
#[allow(clippy::too_many_arguments)] // one call, in one place
fn solved(
    problem: &Problem,
    settings: &Settings,
    options: &Options,
    observer: &mut dyn Observer,
    begin: Instant,
    features: Features,
    linear: bool,
    data: &[Measured],
) -> Result<Outcome, TrainError> {
    let family = features.family.clone();
    let mut resolved = wide(settings, family.activation, features.width);
    let windows = features.marched.windows;
    resolved.automatic = Automatic::default();
    resolved.points = features.points;
    resolved.windows = features.windows;
    let first = family.scales.first().copied().unwrap_or(1.0);
    let own = Wanted {
        scale: if family.scales.iter().all(|scale| *scale == first) {
            vec![first]
        } else {
            family.scales.clone()
        },
        sparse: family.sparse,
        ..Wanted::default()
    };
    resolved.optimizer = vec![if linear {
        Optimizer::LinearSolve(own)
    } else {
        Optimizer::NewtonSolve(own)
    }];
    let program = build(problem, &resolved).program;
    debug_assert!(is_shallow(&program.network));
    let engine = Engine::new(program, options.threads)?;
    let interrupted = observer.stop();
    let stopped = if interrupted {
        Stopped::Interrupted
    } else if windows.len() < features.windows
        || (features.cut && features.marched.residual > GOOD[0])
    {
        // More features might have done better.
        Stopped::TimeLimit
    } else {
        Stopped::Converged
    };
    let mut run = Run::new(&engine, problem, &resolved, options, observer, data, begin);
    let mut found = run.measure(windows, stopped);
    let why = if linear {
        "the problem is linear in its fields"
    } else if found.relative > GOOD[0] {
        "so many fixed features do better than a small network that is trained"
    } else {
        "the solution is smooth enough for a layer of fixed features"
    };
    let text = format!(
        "{} with {} {} features{}: {why}; the relative residual on fresh points is {:.1e}",
        name(linear),
        features.width,
        family.activation.name(),
        if resolved.windows > 1 {
            format!(" in each of {} windows", resolved.windows)
        } else {
            String::new()
        },
        features.marched.residual
    );
    if problem.unknowns.is_empty() {
        // With rows in balance: the number that is told, and that goes with the error.
        found.relative = features.marched.residual;
    }
    let choice = settings.automatic.optimizer.then_some(text);
    let names = problem.fields.iter().map(|(_, field)| field.name.clone());
    let estimates = names.zip(features.estimates).collect();
    let mut outcome = outcome(
        problem,
        resolved,
        begin,
        engine,
        found,
        features.solves,
        choice,
        Vec::new(),
        (&features.certainty, data),
    );
    outcome.relative_residual = features.marched.residual;
    outcome.estimates = estimates;
    Ok(outcome)
}

fn name(linear: bool) -> &'static str {
    if linear {
        "linear_solve"
    } else {
        "newton_solve"
    }
}
