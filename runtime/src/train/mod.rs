//! Training: time windows, points, optimisers, one after another.
//!
//! * Input: a [`Problem`](pdec_compiler::hir::Problem), its
//!   [`Settings`] and [`Options`].
//! * Output: an [`Outcome`].
//! * Invariants: the same input gives the same bits, whatever the number of threads; the best state seen is
//!   what is returned; an observer that asks to stop gets what has been found so far.

mod certified;
mod correction;
pub(crate) mod correlation;
mod estimate;
mod features;
mod gauge;
mod initial;
mod integrals;
mod marches;
mod memory;
mod methods;
mod observed;
mod points;
mod resume;
mod run;
mod sequence;
mod solve;
mod sums;
mod trivial;
mod truth;
mod weights;
mod window;

pub use resume::windows_done;
pub use solve::{resume, train};

use crate::data::{Measured, Reference};
use crate::engine::EngineError;
use crate::solution::Solution;
use crate::state::{State, StateError};
use pdec_compiler::settings::Settings;
use std::time::Duration;

/// Why training cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum TrainError {
    /// The machine cannot run the program.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The matrices of the optimiser do not fit into memory.
    #[error(
        "the optimiser's matrices for {parameters} parameters need {needed:.1} GiB of memory, and {available:.1} GiB \
         are free; a narrower network or `optimizer = adam` needs less"
    )]
    Memory {
        /// Parameters of the network.
        parameters: usize,
        /// GiB that the run needs.
        needed: f64,
        /// GiB that are free.
        available: f64,
    },
    /// The state to go on from is not one of this run.
    #[error("the run cannot go on from its state: {0}")]
    State(#[from] StateError),
}

/// What the command line decides about a run.
#[derive(Clone, Debug)]
pub struct Options {
    /// Seed of every random number of the run.
    pub seed: u64,
    /// Worker threads.
    pub threads: usize,
    /// Stop after this time.
    pub time_limit: Option<Duration>,
    /// Stop when the loss falls below this.
    pub target: Option<f64>,
}

/// What a run is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// An optimiser makes steps.
    Train,
    /// Features are chosen: each step tries others on one window.
    Search,
    /// The features that were chosen are solved for, window after window.
    Solve,
    /// Once more with other and fewer features, to estimate the error.
    Estimate,
}

impl Stage {
    /// Its name in `metrics.jsonl`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::Search => "search",
            Self::Solve => "solve",
            Self::Estimate => "estimate",
        }
    }

    /// The stage of this name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        [Self::Train, Self::Search, Self::Solve, Self::Estimate]
            .into_iter()
            .find(|stage| stage.name() == name)
    }
}

/// Where training stands.
#[derive(Clone, Debug)]
pub struct Report {
    /// What the run is doing.
    pub stage: Stage,
    /// The time window at hand, from 0.
    pub window: usize,
    /// The number of time windows.
    pub windows: usize,
    /// The optimiser at work.
    pub optimizer: &'static str,
    /// Steps done, over all windows.
    pub step: usize,
    /// Steps planned, over all windows; while features are chosen, those that are certain to come.
    pub steps: usize,
    /// Seconds since training began.
    pub seconds: f64,
    /// Seconds that the planned steps will take, at the pace so far; none where nothing is known of it.
    pub seconds_left: Option<f64>,
    /// The loss: weighted mean squares of all residuals.
    pub loss: f64,
    /// The mean square of each residual on the points of this step, by label, unweighted.
    pub terms: Vec<(String, f64)>,
    /// Residuals evaluated for each second of the run so far.
    pub points_per_second: f64,
    /// The relative L2 error of each field so far, where its exact solution or a reference is known: over the windows
    /// that are done and the one at hand; while features are chosen, over that one alone. Absolute where the truth is zero
    /// there. Measured whenever `fresh` is; empty in between.
    pub errors: Vec<(String, f64)>,
    /// How far gradients reach in the window at hand, now and then: always at the same pairs of points.
    pub correlation: Option<GradientCorrelation>,
    /// The mean square of each residual on points that training has not seen, by label, unweighted: measured in the
    /// first report and now and then; empty in between.
    pub fresh: Vec<(String, f64)>,
}

/// What listens to a run.
pub trait Observer {
    /// Called after every step.
    fn report(&mut self, report: &Report);
    /// Asked after every step: shall training stop and return what it has?
    fn stop(&self) -> bool;
    /// Asked before every report: shall errors and residuals on fresh points be measured for it? They are in every eighth
    /// report anyway. Whatever the answer, the run is the same to the bit.
    fn wants_measured(&self) -> bool {
        false
    }
    /// Called instead of [`report`](Self::report) where a run that goes on makes a choice again that it has reported before.
    fn repeated(&mut self, report: &Report) {
        let _ = report;
    }
    /// Tabulated solutions, for the errors in reports; fields with an exact solution need none.
    fn references(&self) -> &[Reference] {
        &[]
    }
    /// Asked after every step: shall the state be handed over? Whatever the answer, the run is the same to the bit.
    fn wants_state(&self) -> bool {
        false
    }
    /// Everything that the run needs to go on from here: when it was wanted, and when the run is about to end because of
    /// [`stop`](Self::stop) or the time limit. [`resume()`] takes it.
    fn state(&mut self, state: State) {
        drop(state);
    }
    /// What was measured: the observations of the problem, in their order.
    fn measured(&self) -> &[Measured] {
        &[]
    }
}

/// Why training ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// Steps no longer lower the loss.
    Converged,
    /// The target was reached.
    Target,
    /// The time limit was reached.
    TimeLimit,
    /// All planned steps were done.
    Steps,
    /// The observer asked to stop.
    Interrupted,
    /// The loss is not a number any more.
    Diverged,
    /// Zero was found, which constraints rule out.
    Trivial,
}

impl Stopped {
    /// Its name in `result.json`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Converged => "converged",
            Self::Target => "target",
            Self::TimeLimit => "time_limit",
            Self::Steps => "steps",
            Self::Interrupted => "interrupted",
            Self::Diverged => "diverged",
            Self::Trivial => "trivial",
        }
    }

    /// The reason of this name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        [
            Self::Converged,
            Self::Target,
            Self::TimeLimit,
            Self::Steps,
            Self::Interrupted,
            Self::Diverged,
            Self::Trivial,
        ]
        .into_iter()
        .find(|reason| reason.name() == name)
    }
}

/// Root mean squares of one residual at the end.
#[derive(Clone, Debug, PartialEq)]
pub struct ResidualSummary {
    /// The label of the equation or condition.
    pub label: String,
    /// On the last training points.
    pub train: f64,
    /// On points that training has not seen.
    pub fresh: f64,
}

/// A number that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundNumber {
    /// Its name.
    pub name: String,
    /// Its value, in its unit.
    pub value: f64,
    /// The standard deviation that the noise of the data leaves it, where that could be computed. Infinite where the
    /// data do not determine it.
    pub deviation: Option<f64>,
}

/// Gradient correlation of neighbouring points: `G(x, x') = ⟨∂u/∂θ(x), ∂u/∂θ(x')⟩`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GradientCorrelation {
    /// The mean of `G`.
    pub raw: f64,
    /// The mean of `G(x, x') / sqrt(G(x, x)·G(x', x'))`: 1 where neighbours learn together.
    pub cosine: f64,
    /// The distance of the neighbours, as a fraction of each coordinate's interval.
    pub offset: f64,
}

/// How an error was estimated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Estimated {
    /// It is the distance to a second, coarser solve.
    #[default]
    Companion,
    /// It is the size of the correction that the residuals ask for, to first order.
    Correction,
}

impl Estimated {
    /// What an estimate is, in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Companion => "distance to a second, coarser solve",
            Self::Correction => "size of the correction that the residuals ask for",
        }
    }
}

/// The result of a run.
pub struct Outcome {
    /// The trained fields.
    pub solution: Solution,
    /// The settings with every automatic choice made: with these, the same run comes out again.
    pub settings: Settings,
    /// What was chosen, and why, in a line; none where nothing was left to choose.
    pub choice: Option<String>,
    /// An estimate of the relative L2 error of each field, where there is one.
    pub estimates: Vec<(String, f64)>,
    /// What these estimates are.
    pub estimated_by: Estimated,
    /// The numbers that were sought.
    pub unknowns: Vec<FoundNumber>,
    /// What a reader of the result should know.
    pub notes: Vec<String>,
    /// The norm of all residuals on fresh points, relative to that of a network of zeros; the largest of all windows.
    pub relative_residual: f64,
    /// Why training ended.
    pub stopped: Stopped,
    /// Steps done.
    pub steps: usize,
    /// Seconds of training.
    pub seconds: f64,
    /// Residuals at the end, by label.
    pub residuals: Vec<ResidualSummary>,
    /// How far gradients reach.
    pub gradient_correlation: GradientCorrelation,
}
