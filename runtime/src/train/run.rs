//! The whole run: windows, one after another, each by the sequence of optimisers.

use super::correlation::correlation;
use super::initial::weights;
use super::memory;
use super::window::WindowState;
use super::{
    GradientCorrelation, Observer, Options, Outcome, Report, ResidualSummary, Stopped, TrainError,
};
use crate::data::Reference;
use crate::engine::{BlockRef, Engine};
use crate::optimise::Progress;
use crate::optimise::adam::Adam;
use crate::optimise::gauss_newton::GaussNewton;
use crate::sampling::{Domain, Purpose, stream};
use crate::solution::{Points, Solution, Window, evaluate, exact};
use pdec_compiler::hir::Problem;
use pdec_compiler::program::Compiled;
use pdec_compiler::settings::{Optimizer, Settings};
use rand_chacha::ChaCha8Rng;
use std::time::{Duration, Instant};

/// The last steps of a window keep their points: right after a draw the iterate is not at its best.
const SETTLING_STEPS: usize = 8;

/// A window is done when so many steps lower the loss by less than [`WORTHWHILE`]: what is left is the error
/// of what it was handed.
const PATIENCE: usize = 6;

/// The factor by which the loss must fall in [`PATIENCE`] steps.
const WORTHWHILE: f64 = 0.8;

/// A plateau counts as done only below this part of the loss that training began with: above it, the network
/// is still looking for the shape of the solution.
const SETTLED: f64 = 1e-10;

/// Adam reports once in so many steps.
const ADAM_REPORT: usize = 10;

/// Trains a problem.
///
/// # Errors
///
/// If this machine cannot run the program. Divergence is not an error: the outcome says so.
pub fn train(
    problem: &Problem,
    compiled: Compiled,
    settings: &Settings,
    options: &Options,
    observer: &mut dyn Observer,
) -> Result<Outcome, TrainError> {
    memory::check(&compiled.program, settings)?;
    let engine = Engine::new(compiled.program, options.threads)?;
    let mut run = Run {
        engine: &engine,
        problem,
        settings,
        options,
        observer,
        parameters: problem.parameter_values(),
        begin: Instant::now(),
        step: 0,
        errors: Vec::new(),
        first_loss: f64::NAN,
        random: stream(options.seed, Purpose::Points),
        fresh: stream(options.seed, Purpose::Fresh),
    };
    let found = run.windows();
    let (steps, seconds) = (run.step, run.begin.elapsed().as_secs_f64());
    let parameters = problem.parameter_values();
    let time = problem.time().map(|id| id.index());
    Ok(Outcome {
        solution: Solution::new(engine, parameters, time, found.windows),
        stopped: found.stopped,
        steps,
        seconds,
        residuals: found.residuals,
        gradient_correlation: found.correlation,
    })
}

struct Run<'a> {
    engine: &'a Engine,
    problem: &'a Problem,
    settings: &'a Settings,
    options: &'a Options,
    observer: &'a mut dyn Observer,
    parameters: Vec<f64>,
    begin: Instant,
    step: usize,
    errors: Vec<(String, f64)>,
    /// The loss after the first step of the first window.
    first_loss: f64,
    random: ChaCha8Rng,
    fresh: ChaCha8Rng,
}

/// What the windows add up to.
struct Found {
    windows: Vec<Window>,
    stopped: Stopped,
    residuals: Vec<ResidualSummary>,
    correlation: GradientCorrelation,
}

impl Run<'_> {
    fn windows(&mut self) -> Found {
        let engine = self.engine;
        let count = self.settings.windows.max(1);
        let mut weights = weights(
            &engine.program().network,
            &mut stream(self.options.seed, Purpose::Weights),
        );
        let mut windows: Vec<Window> = Vec::new();
        let mut reasons = Vec::new();
        let mut train = Sums::default();
        let mut fresh = Sums::default();
        let mut correlations = Vec::new();
        for number in 0..count {
            let domain = self.domain(number);
            let (low, high) = domain
                .time
                .map_or((0.0, 1.0), |time| domain.intervals[time]);
            let previous = windows.last().cloned();
            let mut state = WindowState::new(
                engine,
                self.settings,
                &self.parameters,
                domain,
                previous.as_ref(),
                &mut self.random,
            );
            let reason = self.window(number, &mut state, &mut weights);
            train.add(state.mean_squares(&weights));
            let check = state.fresh(&self.parameters, previous.as_ref(), &mut self.fresh);
            fresh.add(check.mean_squares(&weights));
            correlations.push(correlation(
                engine,
                state.domain(),
                &weights,
                state.uniforms(),
                &mut self.fresh,
            ));
            windows.push(Window {
                low,
                high,
                parameters: weights.clone(),
            });
            self.errors = self.errors_so_far(&windows);
            reasons.push(reason);
            if matches!(reason, Stopped::Interrupted | Stopped::Diverged)
                || (reason == Stopped::TimeLimit && self.is_overdue())
            {
                break;
            }
        }
        Found {
            stopped: overall(&reasons),
            residuals: train
                .roots()
                .into_iter()
                .zip(fresh.roots())
                .map(|((label, train), (_, fresh))| ResidualSummary {
                    label,
                    train,
                    fresh,
                })
                .collect(),
            correlation: mean(&correlations),
            windows,
        }
    }

    /// The domain of a window: the box, with its part of the time interval.
    fn domain(&self, number: usize) -> Domain {
        let time = self.problem.time().map(|id| id.index());
        let mut intervals: Vec<(f64, f64)> = self
            .problem
            .coordinates
            .iter()
            .map(|(_, coordinate)| (coordinate.low, coordinate.high))
            .collect();
        if let Some(time) = time {
            let (low, high) = intervals[time];
            let count = self.settings.windows.max(1);
            #[allow(clippy::cast_precision_loss)] // a handful of windows
            let at = |end: usize| {
                if end == count {
                    high
                } else {
                    low + (high - low) * end as f64 / count as f64
                }
            };
            intervals[time] = (at(number), at(number + 1));
        }
        Domain { intervals, time }
    }

    /// All optimisers on one window; `weights` become the best that was found.
    fn window(
        &mut self,
        number: usize,
        state: &mut WindowState<'_>,
        weights: &mut Vec<f64>,
    ) -> Stopped {
        let mut reason = Stopped::Steps;
        for optimizer in &self.settings.optimizer {
            reason = match *optimizer {
                Optimizer::Adam {
                    steps,
                    learning_rate,
                } => self.adam(number, state, weights, steps, learning_rate),
                Optimizer::GaussNewton { steps } => {
                    let steps = steps_in_window(steps, number, self.settings.windows);
                    self.gauss_newton(number, state, weights, steps)
                }
            };
            match reason {
                Stopped::Steps | Stopped::Converged => {}
                Stopped::Target | Stopped::TimeLimit | Stopped::Interrupted | Stopped::Diverged => {
                    return reason;
                }
            }
        }
        reason
    }

    fn gauss_newton(
        &mut self,
        number: usize,
        state: &mut WindowState<'_>,
        weights: &mut Vec<f64>,
        steps: usize,
    ) -> Stopped {
        let mut method = GaussNewton::new();
        let mut stalled = false;
        let mut losses: Vec<f64> = Vec::with_capacity(steps);
        for step in 0..steps {
            let redraw = self.settings.points.redraw;
            let settling = step + SETTLING_STEPS >= steps;
            if redraw > 0 && step > 0 && ((step % redraw == 0 && !settling) || stalled) {
                state.redraw(weights, &mut self.random);
            }
            let (loss, progress) = method.step(state, weights);
            self.step += 1;
            self.report(number, state, weights, loss, "gauss_newton");
            match progress {
                Progress::NotFinite => return Stopped::Diverged,
                Progress::Stalled if stalled || redraw == 0 => return Stopped::Converged,
                Progress::Stalled => stalled = true,
                Progress::Lower => stalled = false,
            }
            if let Some(reason) = self.shall_stop(number, loss) {
                return reason;
            }
            losses.push(loss);
            if self.first_loss.is_nan() {
                self.first_loss = loss;
            }
            if let Some(earlier) = losses.len().checked_sub(PATIENCE + 1)
                && loss > WORTHWHILE * losses[earlier]
                && loss < SETTLED * self.first_loss
            {
                return Stopped::Converged;
            }
        }
        Stopped::Steps
    }

    fn adam(
        &mut self,
        number: usize,
        state: &mut WindowState<'_>,
        weights: &mut Vec<f64>,
        steps: usize,
        learning_rate: f64,
    ) -> Stopped {
        let mut method = Adam::new(weights.len(), learning_rate, steps);
        let mut best = (f64::INFINITY, weights.clone());
        for step in 0..steps {
            let redraw = self.settings.points.redraw;
            if redraw > 0 && step > 0 && step % redraw == 0 {
                state.redraw(weights, &mut self.random);
            }
            let before = weights.clone();
            let (loss, progress) = method.step(state, weights);
            if loss < best.0 {
                best = (loss, before);
            }
            self.step += 1;
            if step % ADAM_REPORT == 0 || step + 1 == steps {
                self.report(number, state, weights, loss, "adam");
            }
            if progress == Progress::NotFinite {
                *weights = best.1;
                return Stopped::Diverged;
            }
            if let Some(reason) = self.shall_stop(number, loss) {
                return reason;
            }
        }
        Stopped::Steps
    }

    /// Whether a window ends here: the observer, the target, its share of the time.
    fn shall_stop(&self, window: usize, loss: f64) -> Option<Stopped> {
        if self.observer.stop() {
            return Some(Stopped::Interrupted);
        }
        if self.options.target.is_some_and(|target| loss < target) {
            return Some(Stopped::Target);
        }
        // Every window gets its share of the limit, by its steps, so that the whole interval is solved.
        let share = self.options.time_limit.map(|limit: Duration| {
            #[allow(clippy::cast_precision_loss)] // step counts are far below 2^52
            let part = planned_steps(self.settings, window + 1) as f64
                / planned_steps(self.settings, self.settings.windows).max(1) as f64;
            limit.mul_f64(part)
        });
        if share.is_some_and(|share| self.begin.elapsed() >= share) {
            return Some(Stopped::TimeLimit);
        }
        None
    }

    /// Whether the limit is long past: so many windows that a step in each takes longer. A window's last step
    /// may end a little late; that is no reason to leave the windows after it untrained.
    fn is_overdue(&self) -> bool {
        self.options.time_limit.is_some_and(|limit| {
            self.begin.elapsed() >= limit.mul_f64(1.25) + Duration::from_millis(500)
        })
    }

    fn report(
        &mut self,
        window: usize,
        state: &WindowState<'_>,
        weights: &[f64],
        loss: f64,
        optimizer: &'static str,
    ) {
        let seconds = self.begin.elapsed().as_secs_f64();
        #[allow(clippy::cast_precision_loss)] // counts far below 2^52
        let points = self.engine.points_evaluated() as f64;
        self.observer.report(&Report {
            window,
            windows: self.settings.windows,
            optimizer,
            step: self.step,
            steps: planned_steps(self.settings, self.settings.windows),
            seconds,
            loss,
            terms: state.mean_squares(weights),
            points_per_second: points / seconds.max(1e-9),
            errors: self.errors.clone(),
        });
    }

    /// The relative L2 error of each field with a known solution, over the windows that are done.
    fn errors_so_far(&self, windows: &[Window]) -> Vec<(String, f64)> {
        let mut domain = self.domain(0);
        if let (Some(time), Some(first), Some(last)) =
            (domain.time, windows.first(), windows.last())
        {
            domain.intervals[time] = (first.low, last.high);
        }
        let mut random = stream(0, Purpose::Fresh);
        let points = Points {
            coordinates: domain.sobol(pdec_compiler::program::Support::Interior, 4096, &mut random),
        };
        let time = domain.time;
        let until = windows.last().map_or(f64::NEG_INFINITY, |last| last.high);
        let values = |points: &Points| {
            evaluate(
                self.engine,
                BlockRef::Fields,
                &self.parameters,
                time,
                windows,
                points,
            )
        };
        let found = values(&points);
        let mut errors = Vec::new();
        for ((id, field), found) in self.problem.fields.iter().zip(found) {
            let of = |reference: &&Reference| reference.field == id.index();
            let error =
                if let Some(exact) = exact(self.engine, &self.parameters, id.index(), &points) {
                    Some(relative(found.iter().zip(&exact)))
                } else if let Some(reference) = self.observer.references().iter().find(of) {
                    let found = values(&reference.points);
                    let reached = |point: &usize| {
                        time.is_none_or(|time| reference.points.coordinates[time][*point] <= until)
                    };
                    let points = (0..reference.values.len()).filter(reached);
                    let found = &found[id.index()];
                    Some(relative(
                        points.map(|point| (&found[point], &reference.values[point])),
                    ))
                } else {
                    None
                };
            errors.extend(error.map(|error| (field.name.clone(), error)));
        }
        errors
    }
}

/// The L2 norm of a difference, relative to that of the truth unless it is zero.
fn relative<'a>(pairs: impl Iterator<Item = (&'a f64, &'a f64)>) -> f64 {
    let (mut difference, mut size, mut count) = (0.0, 0.0, 0.0);
    for (found, truth) in pairs {
        difference += (found - truth) * (found - truth);
        size += truth * truth;
        count += 1.0;
    }
    let scale: f64 = if size == 0.0 {
        f64::max(count, 1.0)
    } else {
        size
    };
    (difference / scale).sqrt()
}

/// The first window starts from nothing and gets twice as many steps.
fn steps_in_window(steps: usize, window: usize, windows: usize) -> usize {
    if window == 0 && windows > 1 {
        2 * steps
    } else {
        steps
    }
}

/// The steps of the first `count` windows.
fn planned_steps(settings: &Settings, count: usize) -> usize {
    let windows = count.max(1);
    settings
        .optimizer
        .iter()
        .map(|optimizer| match *optimizer {
            Optimizer::Adam { steps, .. } => steps * windows,
            Optimizer::GaussNewton { steps } => (0..windows)
                .map(|window| steps_in_window(steps, window, settings.windows))
                .sum(),
        })
        .sum()
}

/// Why the run ended, from why each window did: the reason that says most.
fn overall(reasons: &[Stopped]) -> Stopped {
    let last = reasons.last().copied().unwrap_or(Stopped::Steps);
    if matches!(last, Stopped::Interrupted | Stopped::Diverged) {
        last
    } else if reasons.contains(&Stopped::TimeLimit) {
        Stopped::TimeLimit
    } else if reasons.iter().all(|reason| *reason == Stopped::Target) {
        Stopped::Target
    } else if reasons.iter().all(|reason| *reason == Stopped::Converged) {
        Stopped::Converged
    } else {
        Stopped::Steps
    }
}

/// Mean squares added up over windows.
#[derive(Default)]
struct Sums {
    terms: Vec<(String, f64)>,
    windows: usize,
}

impl Sums {
    fn add(&mut self, terms: Vec<(String, f64)>) {
        self.windows += 1;
        if self.terms.is_empty() {
            self.terms = terms;
        } else {
            for (sum, term) in self.terms.iter_mut().zip(terms) {
                sum.1 += term.1;
            }
        }
    }

    /// Root mean squares over all windows.
    fn roots(&self) -> Vec<(String, f64)> {
        #[allow(clippy::cast_precision_loss)] // a handful of windows
        let windows = self.windows.max(1) as f64;
        self.terms
            .iter()
            .map(|(label, sum)| (label.clone(), (sum / windows).sqrt()))
            .collect()
    }
}

fn mean(correlations: &[GradientCorrelation]) -> GradientCorrelation {
    #[allow(clippy::cast_precision_loss)] // a handful of windows
    let count = correlations.len().max(1) as f64;
    GradientCorrelation {
        raw: correlations.iter().map(|c| c.raw).sum::<f64>() / count,
        cosine: correlations.iter().map(|c| c.cosine).sum::<f64>() / count,
        offset: correlations.first().map_or(0.0, |c| c.offset),
    }
}
