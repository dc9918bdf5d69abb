//! Problems in time that need no search for features: window after window, whose lengths follow the residual.
//!
//! * Input: a problem, its settings, and a way to march ([`Way`]): waves of a period ([`periodic`]), patches ([`patches`]), or
//!   waves on a lattice ([`strides`]).
//! * Output: the outcome of the run, with an estimate of the error where no true solution is known: the distance to a march
//!   that is coarser. None where the way is not for the problem, or leads nowhere.
//! * Invariants: what is found does not depend on whether an error is estimated.

pub mod patches;
pub mod periodic;
pub mod strides;

use super::estimate::distances;
use super::features::look::{Course, Listener, Staged};
use super::features::uncertainty::Certainty;
use super::run::Run;
use super::solve::outcome;
use super::{Observer, Options, Outcome, Stage, Stopped, TrainError};
use crate::engine::{Engine, EngineError};
use crate::solution::Window;
use pdec_compiler::hir::Problem;
use pdec_compiler::program::build;
use pdec_compiler::settings::{Automatic, Features, Optimizer, Points, Settings};
use std::time::Instant;

/// What is told of windows.
type Told<'a> = &'a mut dyn Listener;

/// Points of all windows together at which residuals are measured, at most.
const MEASURED: usize = 8192;

/// Neurons at all of these points, about.
const NEURONS: usize = 20_000_000;

/// Points of a window, at least.
const FEWEST: usize = 64;

/// The points at which windows of a wide layer of fixed features are measured, which have been solved for on others.
fn measured(points: Points, width: usize, windows: usize) -> Points {
    let all = (NEURONS / width.max(1)).clamp(FEWEST, MEASURED);
    let interior = (all / windows.max(1)).max(FEWEST);
    Points {
        interior,
        initial: interior.div_ceil(2),
        redraw: 0,
        adaptive: 0.0,
        ..points
    }
}

/// How fine a march is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Grade {
    /// As the tolerance wants it.
    Fine,
    /// Coarser, and other features where they are drawn.
    Coarse,
}

/// A way to march.
trait Way {
    /// Solves window after window. None where that leads nowhere.
    fn march(&self, grade: Grade, told: Told<'_>) -> Result<Option<March>, EngineError>;

    /// What was chosen, and why, where nobody asked for it.
    fn choice(&self, march: &March) -> Option<String>;
}

/// What a march has found.
struct March {
    /// With these the same march is made again.
    settings: Settings,
    /// The networks, all of the same width.
    windows: Vec<Window>,
    /// The largest residual.
    residual: f64,
    /// Systems of equations solved.
    solves: usize,
    /// Whether all of time is solved.
    complete: bool,
}

/// The surroundings of a run.
pub struct Surroundings<'a> {
    /// The problem.
    pub problem: &'a Problem,
    /// Its settings.
    pub settings: &'a Settings,
    /// What was asked for.
    pub options: &'a Options,
    /// Whether everything has been reported before.
    pub silent: bool,
    /// When the run began.
    pub begin: Instant,
}

impl Surroundings<'_> {
    /// What newton_solve was asked to do, by settings that ask for features of this kind. None where the choice is free or
    /// another one.
    fn asked(&self, kind: fn(&Features) -> bool) -> Option<Features> {
        let features = |optimizer: &Optimizer| match optimizer {
            Optimizer::NewtonSolve(features) if kind(features) => Some(features.clone()),
            _ => None,
        };
        let asked = self.settings.optimizer.iter().find_map(features);
        asked.filter(|_| !self.settings.automatic.optimizer)
    }

    /// Whether method, network and windows are free to be chosen.
    fn free(&self) -> bool {
        let automatic = self.settings.automatic;
        automatic.optimizer && automatic.network && automatic.windows
    }

    /// The widest layer that is allowed.
    fn widest(&self) -> usize {
        if self.settings.automatic.network {
            usize::MAX
        } else {
            self.settings.network.layers().0
        }
    }

    /// Marches, measures what was found and estimates its error.
    fn outcome(
        &self,
        way: &dyn Way,
        observer: &mut dyn Observer,
    ) -> Result<Option<Outcome>, TrainError> {
        let (problem, options) = (self.problem, self.options);
        let solve = Optimizer::NewtonSolve(Features::default()).name();
        let mut course = Course::new(
            problem,
            options,
            observer,
            solve,
            self.silent,
            1.0,
            self.begin,
        );
        let Some(mut march) = way.march(Grade::Fine, &mut course)? else {
            return Ok(None);
        };
        march.settings.automatic = Automatic::default();
        march.settings.windows = march.windows.len();
        let engine = Engine::new(build(problem, &march.settings).program, options.threads)?;
        let mut estimates = Vec::new();
        if march.complete && !course.knows_all(&engine) {
            let mut told = Staged {
                listener: &mut course,
                stage: Stage::Estimate,
            };
            let coarse = way.march(Grade::Coarse, &mut told)?;
            if let Some(coarse) = coarse.filter(|it| it.complete) {
                let other = Engine::new(build(problem, &coarse.settings).program, options.threads)?;
                let found = (&engine, march.windows.as_slice());
                let other = (&other, coarse.windows.as_slice());
                let distances = distances(problem, options.seed, found, other);
                let names = problem.fields.iter().map(|(_, field)| field.name.clone());
                estimates = names.zip(distances).collect();
            }
        }
        let stopped = if observer.stop() {
            Stopped::Interrupted
        } else if march.complete {
            Stopped::Converged
        } else {
            Stopped::TimeLimit
        };
        let choice = way.choice(&march);
        let mut run = Run::new(
            &engine,
            problem,
            &march.settings,
            options,
            observer,
            &[],
            self.begin,
        );
        let measured = run.measure(march.windows, stopped);
        let mut outcome = outcome(
            problem,
            march.settings,
            self.begin,
            engine,
            measured,
            march.solves,
            choice,
            Vec::new(),
            (&Certainty::default(), &[]),
        );
        outcome.relative_residual = march.residual;
        outcome.estimates = estimates;
        Ok(Some(outcome))
    }
}
