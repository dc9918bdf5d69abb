//! The whole run: windows, one after another, each by the sequence of optimisers.

use super::correlation::correlation;
use super::initial::weights;
use super::resume::{Done, Turn};
use super::sums::{Sums, mean, overall, summaries};
use super::truth::{self, Part, Truth};
use super::window::{WindowState, domain_of};
use super::{GradientCorrelation, Observer, Options, Report, ResidualSummary, Stage, Stopped};
use crate::data::Measured;
use crate::engine::{BlockRef, Engine};
use crate::sampling::{Purpose, stream};
use crate::solution::{Points, Window, evaluate};
use crate::state::{State, StateError};
use pdec_compiler::hir::Problem;
use pdec_compiler::settings::{Optimizer, Settings};
use rand_chacha::ChaCha8Rng;
use std::time::{Duration, Instant};

/// How often gradient correlation is reported in a run.
const CORRELATIONS: usize = 40;
/// Reports between two measurements on fresh points, at most.
const FRESH: usize = 8;

/// Points of a reference where the window at hand is compared with it.
const FEW: usize = 1024;

/// Mean squares of residuals by label, and errors by field.
type Watched = (Vec<(String, f64)>, Vec<(String, f64)>);

/// A run under way.
pub struct Run<'a> {
    pub(super) engine: &'a Engine,
    pub(super) problem: &'a Problem,
    pub(super) settings: &'a Settings,
    pub(super) options: &'a Options,
    pub(super) observer: &'a mut dyn Observer,
    /// What was measured.
    pub(super) data: &'a [Measured],
    pub(super) parameters: Vec<f64>,
    pub(super) begin: Instant,
    pub(super) step: usize,
    /// What the windows that are done add to errors, as far as that has been asked for.
    parts: Vec<Vec<Option<Part>>>,
    /// The window of the last report.
    watched: Option<usize>,
    /// What a reader of the result should know.
    pub(super) notes: Vec<String>,
    /// The loss after the first step of the first window.
    pub(super) first_loss: f64,
    /// The window and the part of the run in which gradient correlation was looked at last.
    correlated: Option<(usize, usize)>,
    pub(super) random: ChaCha8Rng,
    pub(super) fresh: ChaCha8Rng,
    /// The windows that are done.
    pub(super) done: Done,
    /// Where the window at hand is.
    pub(super) turn: Turn,
    /// The state to go on from, until it has been taken up.
    pub(super) from: Option<&'a State>,
    /// What the networks of all windows begin with, where that has been solved for.
    pub(super) start: Option<&'a [Window]>,
    /// Points evaluated before the run was interrupted.
    pub(super) points_before: u64,
    /// Reports so far.
    pub(super) reports: usize,
}

/// What the windows add up to.
pub struct Found {
    /// The networks.
    pub windows: Vec<Window>,
    /// Why the run ended.
    pub stopped: Stopped,
    /// Residuals at the end.
    pub residuals: Vec<ResidualSummary>,
    /// How far gradients reach.
    pub correlation: GradientCorrelation,
    /// The norm of all residuals on fresh points, relative to that of a network of zeros; the largest of all windows.
    pub relative: f64,
}

impl<'a> Run<'a> {
    /// A run that begins now.
    pub fn new(
        engine: &'a Engine,
        problem: &'a Problem,
        settings: &'a Settings,
        options: &'a Options,
        observer: &'a mut dyn Observer,
        data: &'a [Measured],
        begin: Instant,
    ) -> Self {
        Self {
            engine,
            problem,
            settings,
            options,
            observer,
            data,
            parameters: problem.parameter_values(),
            begin,
            step: 0,
            parts: Vec::new(),
            watched: None,
            notes: Vec::new(),
            first_loss: f64::NAN,
            correlated: None,
            random: stream(options.seed, Purpose::Points),
            fresh: stream(options.seed, Purpose::Fresh),
            done: Done::default(),
            turn: Turn::default(),
            from: None,
            start: None,
            points_before: 0,
            reports: 0,
        }
    }

    /// The same, to go on from a state.
    #[must_use]
    pub fn from(mut self, state: Option<&'a State>) -> Self {
        self.from = state;
        self
    }

    /// The same, whose windows begin with these networks.
    #[must_use]
    pub fn starting(mut self, windows: Option<&'a [Window]>) -> Self {
        self.start = windows;
        self
    }

    /// What is to be said of windows that have been solved already.
    pub fn measure(&mut self, windows: Vec<Window>, stopped: Stopped) -> Found {
        let mut train = Sums::default();
        let mut fresh = Sums::default();
        let mut correlations = Vec::new();
        let mut largest: f64 = 0.0;
        for (number, window) in windows.iter().enumerate() {
            let previous = number.checked_sub(1).map(|before| &windows[before]);
            let mut domain = domain_of(self.problem, 1, 0);
            if let Some(time) = domain.time {
                domain.intervals[time] = (window.low, window.high);
            }
            let state = |random: &mut ChaCha8Rng| {
                let (engine, settings) = (self.engine, self.settings);
                let domain = domain.clone();
                let data = self.data;
                let parameters = &self.parameters;
                WindowState::new(engine, settings, data, parameters, domain, previous, random)
            };
            let own = state(&mut self.random);
            train.add(own.mean_squares(&window.parameters));
            let check = state(&mut self.fresh);
            fresh.add(check.mean_squares(&window.parameters));
            largest = largest.max(check.relative_residual(&window.parameters));
            correlations.push(correlation(
                self.engine,
                windows.len(),
                own.domain(),
                &window.parameters,
                own.uniforms(),
                &mut self.fresh,
            ));
        }
        Found {
            stopped,
            residuals: summaries(&train, &fresh),
            correlation: mean(&correlations),
            relative: largest,
            windows,
        }
    }

    /// Trains all windows.
    ///
    /// # Errors
    ///
    /// If the state to go on from is not one of this run.
    pub fn windows(&mut self) -> Result<Found, StateError> {
        let engine = self.engine;
        let count = self.settings.windows.max(1);
        let mut weights = weights(
            &engine.program().network,
            &engine.program().inputs,
            &mut stream(self.options.seed, Purpose::Weights),
        );
        let from = self.from;
        if let Some(from) = from {
            self.load(from, &mut weights)?;
        }
        for number in self.done.windows.len()..count {
            let domain = domain_of(self.problem, self.settings.windows, number);
            let (low, high) = domain
                .time
                .map_or((0.0, 1.0), |time| domain.intervals[time]);
            let previous = self.done.windows.last().cloned();
            let start = self.start.and_then(|windows| windows.get(number));
            if let Some(start) = start.filter(|_| self.from.is_none()) {
                weights.clone_from(&start.parameters);
            }
            let mut state = WindowState::new(
                engine,
                self.settings,
                self.data,
                &self.parameters,
                domain,
                previous.as_ref(),
                &mut self.random,
            );
            if let Some(from) = self.from {
                // Instead of the points that have just been drawn.
                from.get("window", &mut state)?;
                from.get("random", &mut self.random)?;
            }
            let reason = self.window(number, &mut state, &mut weights)?;
            self.done.train.add(state.mean_squares(&weights));
            let check = state.fresh(&self.parameters, previous.as_ref(), &mut self.fresh);
            self.done.fresh.add(check.mean_squares(&weights));
            let relative = check.relative_residual(&weights);
            self.done.largest = self.done.largest.max(relative);
            self.done.correlations.push(correlation(
                engine,
                count,
                state.domain(),
                &weights,
                state.uniforms(),
                &mut self.fresh,
            ));
            self.done.windows.push(Window {
                low,
                high,
                parameters: weights.clone(),
            });
            self.done.reasons.push(reason);
            if matches!(reason, Stopped::Interrupted | Stopped::Diverged)
                || (reason == Stopped::TimeLimit && self.is_overdue())
            {
                break;
            }
        }
        let done = std::mem::take(&mut self.done);
        Ok(Found {
            stopped: overall(&done.reasons),
            residuals: summaries(&done.train, &done.fresh),
            relative: done.largest,
            correlation: mean(&done.correlations),
            windows: done.windows,
        })
    }

    /// All optimisers on one window; `weights` become the best that was found.
    fn window(
        &mut self,
        number: usize,
        state: &mut WindowState<'_>,
        weights: &mut Vec<f64>,
    ) -> Result<Stopped, StateError> {
        let mut reason = Stopped::Steps;
        if self.from.is_none() {
            self.turn.optimizer = 0;
        }
        let settings = self.settings;
        while let Some(optimizer) = settings.optimizer.get(self.turn.optimizer) {
            reason = self.optimise(number, state, weights, optimizer)?;
            match reason {
                Stopped::Steps | Stopped::Converged => {}
                Stopped::Target
                | Stopped::TimeLimit
                | Stopped::Interrupted
                | Stopped::Diverged
                | Stopped::Trivial => {
                    break;
                }
            }
            self.turn.optimizer += 1;
        }
        Ok(reason)
    }

    /// Whether a window ends here because it is good enough.
    pub(super) fn is_enough(&self, loss: f64) -> bool {
        self.options.target.is_some_and(|target| loss < target)
    }

    /// Whether a window ends here although it could go on: the observer, its share of the time.
    pub(super) fn shall_stop(&self, window: usize) -> Option<Stopped> {
        if self.observer.stop() {
            return Some(Stopped::Interrupted);
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

    /// Tells the observer where training stands.
    pub(super) fn report(
        &mut self,
        window: usize,
        state: &WindowState<'_>,
        weights: &[f64],
        loss: f64,
        optimizer: &'static str,
    ) {
        let seconds = self.begin.elapsed().as_secs_f64();
        #[allow(clippy::cast_precision_loss)] // counts far below 2^52
        let points = self.points() as f64;
        let (fresh, errors) = self.watch(window, state, weights);
        let planned = planned_steps(self.settings, self.settings.windows);
        let part = self.step.saturating_mul(CORRELATIONS) / planned.max(1);
        let correlation = (self.correlated != Some((window, part))).then(|| {
            self.correlated = Some((window, part));
            let mut random = stream(self.options.seed, Purpose::Fresh);
            correlation(
                self.engine,
                self.settings.windows,
                state.domain(),
                weights,
                state.uniforms(),
                &mut random,
            )
        });
        let left = planned.saturating_sub(self.step);
        self.observer.report(&Report {
            stage: Stage::Train,
            window,
            windows: self.settings.windows,
            optimizer,
            step: self.step,
            steps: planned,
            seconds,
            seconds_left: self.seconds_left(left, seconds),
            loss,
            terms: state.mean_squares(weights),
            points_per_second: points / seconds.max(1e-9),
            errors,
            correlation,
            fresh,
        });
    }

    /// Points evaluated so far.
    pub(super) fn points(&self) -> u64 {
        self.points_before + self.engine.points_evaluated()
    }

    /// The residuals on points of their own, now and then. Their random stream serves nothing else and starts anew each
    /// time, so that looking changes nothing.
    fn watch(&mut self, window: usize, state: &WindowState<'_>, weights: &[f64]) -> Watched {
        self.reports += 1;
        let is_next = self.watched.replace(window) != Some(window);
        let is_last = self.step >= planned_steps(self.settings, self.settings.windows);
        if self.reports % FRESH != 1 && !is_next && !is_last && !self.observer.wants_measured() {
            return (Vec::new(), Vec::new());
        }
        let done = self.done.windows.len();
        for number in self.parts.len()..done {
            let part = self.part(&self.done.windows[number], usize::MAX);
            self.parts.push(part);
        }
        let (low, high) = state
            .domain()
            .time
            .map_or((0.0, 1.0), |time| state.domain().intervals[time]);
        let own = Window {
            low,
            high,
            parameters: weights.to_vec(),
        };
        let own = self.part(&own, FEW);
        let parts = self.parts.iter().chain(std::iter::once(&own));
        let errors = truth::errors(self.problem, parts);
        let mut random = stream(self.options.seed, Purpose::Watch);
        let previous = self.done.windows.last();
        let check = state.fresh(&self.parameters, previous, &mut random);
        (check.mean_squares(weights), errors)
    }

    /// What a window adds to the errors.
    fn part(&self, window: &Window, most: usize) -> Vec<Option<Part>> {
        let truth = Truth {
            problem: self.problem,
            engine: self.engine,
            parameters: &self.parameters,
            references: self.observer.references(),
            most,
        };
        let time = self.problem.time().map(|id| id.index());
        let values = |points: &Points| {
            let windows = std::slice::from_ref(window);
            let block = BlockRef::Fields;
            evaluate(self.engine, block, &self.parameters, time, windows, points)
        };
        truth.part((window.low, window.high), &values)
    }

    /// The time that so many steps take at the pace so far, or what is left of the limit.
    fn seconds_left(&self, steps: usize, seconds: f64) -> Option<f64> {
        #[allow(clippy::cast_precision_loss)] // step counts are far below 2^52
        let left = seconds / self.step.max(1) as f64 * steps as f64;
        let limit = self.options.time_limit;
        let limit = limit.map(|limit| (limit.as_secs_f64() - seconds).max(0.0));
        (self.step > 0).then(|| limit.map_or(left, |limit| left.min(limit)))
    }
}

/// The steps of an optimiser in a window. Gauss–Newton, which ends early where it can, gets twice as many in the first,
/// which starts from nothing.
pub(super) fn steps_in_window(optimizer: &Optimizer, window: usize, windows: usize) -> usize {
    match *optimizer {
        Optimizer::GaussNewton { steps } if window == 0 && windows > 1 => 2 * steps,
        Optimizer::Adam { steps, .. }
        | Optimizer::AdamW { steps, .. }
        | Optimizer::Soap { steps, .. }
        | Optimizer::Lbfgs { steps }
        | Optimizer::SsBroyden { steps }
        | Optimizer::NaturalGradient { steps, .. }
        | Optimizer::GaussNewton { steps } => steps,
        // A solve has been made before the steps of others begin.
        Optimizer::LinearSolve(_) | Optimizer::NewtonSolve(_) => 0,
    }
}

/// The steps of the first `count` windows.
fn planned_steps(settings: &Settings, count: usize) -> usize {
    let each = |optimizer: &Optimizer| {
        let first = steps_in_window(optimizer, 0, settings.windows);
        let other = steps_in_window(optimizer, 1, settings.windows);
        first.saturating_add(other.saturating_mul(count.max(1) - 1))
    };
    settings
        .optimizer
        .iter()
        .map(each)
        .fold(0, usize::saturating_add)
}
