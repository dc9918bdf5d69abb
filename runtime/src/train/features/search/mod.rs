//! The choice of features: activation, scales, sparsity, how many, and how many time windows.
//!
//! A few hundred features tell in milliseconds which scales are right: first on a coarse grid, then coordinate by
//! coordinate. More features follow while the residual on fresh points falls.

mod finish;
mod steps;

use super::look::Look;
use super::march::{Marched, Start, Task};
use super::projection::Projector;
use super::uncertainty::{Certainty, is_whole};
use super::{Family, Layer};
use crate::data::Measured;
use crate::engine::EngineError;
use crate::solution::Window;
use pdec_compiler::hir::Problem;
use pdec_compiler::network::Activation;
use pdec_compiler::settings::{Features as Wanted, Points, Settings};
use std::rc::Rc;

/// Unknowns of the least-squares problems that are tried, one after the other.
const LEVELS: [usize; 5] = [256, 512, 1024, 2048, 3072];

/// The search ends below this score; rounding errors are a tenth of it. Where every attempt is several solves, sooner.
const TARGETS: [f64; 2] = [1e-9, 1e-7];

/// The same where data have noise: it leaves about 1e-4, whatever its size, as data weigh less the more noise they have.
const NOISE: f64 = 2e-4;

/// Above this nothing is known about the solution yet.
const UNKNOWN: f64 = 0.1;

/// More features are tried while they lower the residual at least by this factor.
const WORTHWHILE: f64 = 0.5;

/// Without time, more features are tried in any case while the residual is above this: near a singularity it falls slowly,
/// and not at every step.
const RESOLVED: f64 = 1e-4;

/// With a problem that is not linear every attempt is several solves: so many unknowns at most where there is time.
const LARGEST_IN_TIME: usize = 512;

/// Neurons where time is the only coordinate: a window is as short as its solution wants, and a solve costs next to nothing.
const ORDINARY: [usize; 4] = [16, 24, 48, 96];

/// The search ends there below this score: what one window leaves may grow by any factor in those that follow, so that
/// nothing but rounding is good enough.
const ROUNDING: f64 = 1e-13;

/// No choice is considered with which all windows together take more multiply-adds than this: about half a minute.
const MOST_WORK: f64 = 1e12;

/// A window is worse than expected when its residual is larger by this than the score of the first.
const SURPRISE: f64 = 10.0;

/// A window with a smaller residual ends in values like those of the solution.
const FAITHFUL: f64 = 1e-4;

/// How often the choice is made.
const ROUNDS: usize = 4;

/// What is searched for, and for what.
pub struct Search<'a> {
    /// The problem.
    pub problem: &'a Problem,
    /// Its settings.
    pub settings: &'a Settings,
    /// The scales that the user gave, and whether neurons are sparse.
    pub features: &'a Wanted,
    /// The values of its parameters.
    pub parameters: &'a [f64],
    /// What was measured.
    pub data: &'a [Measured],
    /// The seed of everything that is drawn.
    pub seed: u64,
    /// Worker threads.
    pub threads: usize,
    /// Whether the problem is linear in its fields.
    pub linear: bool,
    /// Whether a rough solution will do: to see how much noise data have.
    pub rough: bool,
    /// Told of everything that is tried; whether to stop.
    pub report: &'a mut dyn FnMut(&Look<'_>) -> bool,
    /// Multiply-adds that the search may take, about; it is stopped beyond.
    pub most_work: f64,
    /// Multiply-adds so far.
    pub work_done: f64,
    /// Attempts that are certain to follow, as far as known.
    pub left: usize,
    /// Least-squares problems solved so far.
    pub solves: usize,
    /// Whether somebody asked to stop.
    pub stopped: bool,
    /// The window after which the choice is made; none for the first one.
    pub start: Option<Start>,
}

/// What has been found.
pub struct Found {
    /// Neurons.
    pub width: usize,
    /// How they were drawn.
    pub family: Family,
    /// Points of each kind.
    pub points: Points,
    /// Time windows.
    pub windows: usize,
    /// The solution.
    pub marched: Marched,
    /// For each field, the relative L2 distance to a solve with fewer and other features: an estimate of the error.
    pub estimates: Vec<f64>,
    /// Least-squares problems solved.
    pub solves: usize,
    /// What is known of numbers that were sought.
    pub certainty: Certainty,
    /// Whether the search was stopped before its end.
    pub cut: bool,
}

/// One thing to try.
#[derive(Clone, PartialEq)]
struct Candidate {
    family: Family,
    windows: usize,
}

/// The best so far, with its first window.
#[derive(Clone)]
struct Best {
    layer: Rc<Layer>,
    candidate: Candidate,
    score: f64,
    width: usize,
    first: Marched,
}

impl Best {
    /// The candidate, and what it is compared by.
    fn parts(&self) -> (Candidate, f64) {
        (self.candidate.clone(), self.merit())
    }

    /// What candidates are compared by: the smaller, the better.
    fn merit(&self) -> f64 {
        merit(&self.candidate, self.score)
    }
}

/// The layers of one width.
struct Level {
    width: usize,
    layers: Vec<Features>,
    /// The best of the level before.
    before: Option<Best>,
}

/// The layer of an activation, and what starts it from another solution.
struct Features {
    activation: Activation,
    layer: Rc<Layer>,
    projector: Option<Projector>,
}

impl Search<'_> {
    /// Searches and solves. None where nothing could be solved.
    ///
    /// The choice is made by the first window. Where a later one is worse, it is made again by that one, and everything
    /// is solved anew.
    ///
    /// # Errors
    ///
    /// If the processor is not supported.
    pub fn run(&mut self) -> Result<Option<Found>, EngineError> {
        let Some(mut best) = self.climb(None)? else {
            return Ok(None);
        };
        let mut found: Option<(Rc<Layer>, Best, Marched)> = None;
        for round in 0..ROUNDS {
            let steady = best.candidate.windows == 1 && self.start.is_none();
            let first = steady.then(|| best.first.clone());
            let limit = (SURPRISE * best.score).max(self.target());
            self.start = None;
            let (layer, marched) = self.solve(&best, best.width, self.seed, None, first, limit)?;
            let layer = Rc::new(layer);
            let complete = marched.windows.len() == best.candidate.windows;
            let start = hardest(&marched, limit).map(|window| Start {
                layer: Rc::clone(&layer),
                window: window.clone(),
            });
            let better = found.as_ref().is_none_or(|(_, best, other)| {
                let more = marched.windows.len() * best.candidate.windows;
                let less = other.windows.len() * best.candidate.windows;
                (complete && other.windows.len() < best.candidate.windows)
                    || (more >= less && marched.residual < other.residual)
            });
            if better {
                found = Some((layer, best.clone(), marched));
            }
            let fixed = !self.features.scale.is_empty() || self.stopped || round + 1 == ROUNDS;
            let Some(start) = start.filter(|_| !fixed) else {
                break;
            };
            self.start = Some(start);
            let Some(again) = self.climb(Some(best.clone()))? else {
                break;
            };
            if again.candidate == best.candidate && again.width == best.width {
                break;
            }
            best = again;
        }
        self.start = None;
        match found {
            Some((layer, best, marched)) => self.finish(&layer, &best, marched),
            None => Ok(None),
        }
    }

    /// From few features to many, while that helps.
    fn climb(&mut self, from: Option<Best>) -> Result<Option<Best>, EngineError> {
        let least = from.as_ref().map_or(0, |best| best.width);
        let mut candidate = from.map(|best| best.candidate);
        let mut best: Option<Best> = None;
        for width in self.levels().into_iter().filter(|width| *width >= least) {
            let windows = candidate.as_ref().map_or(1, |it| it.windows);
            if best.is_some() && self.work(width, windows) > MOST_WORK {
                break;
            }
            let mut level = Level {
                width,
                layers: Vec::new(),
                before: best.clone(),
            };
            let mut here: Option<Best> = None;
            let mut done = false;
            if let Some(candidate) = candidate.take() {
                self.left = 1 + self.descent_planned(width, (0, 0));
                done = self.attempt(&mut level, candidate, &mut here)?;
            }
            let lost = here.as_ref().is_none_or(|best| best.score > UNKNOWN);
            if lost && !done && self.start.is_none() {
                let coarse = self.coarse();
                self.left =
                    coarse.len() + self.variants_planned() + self.descent_planned(width, (0, 0));
                for candidate in coarse {
                    done = self.attempt(&mut level, candidate, &mut here)?;
                    if done {
                        break;
                    }
                }
                if !done {
                    self.left = self.variants_planned() + self.descent_planned(width, (0, 0));
                    done = self.variants(&mut level, &mut here)?;
                }
            }
            if self.features.scale.is_empty() && !self.rough && !done {
                done = self.descend(&mut level, &mut here)?;
            }
            let Some(here) = here else {
                break;
            };
            let (score, before) = (
                here.merit(),
                best.as_ref().map_or(f64::INFINITY, Best::merit),
            );
            let known = best.as_ref().is_some_and(|best| best.score < UNKNOWN);
            candidate = Some(here.candidate.clone());
            if score < before {
                best = Some(here);
            } else if let Some(best) = &best {
                candidate = Some(best.candidate.clone());
            }
            let hard = score.min(before) > RESOLVED && self.problem.time().is_none();
            let stagnant = score > WORTHWHILE * before && known && !hard;
            if stagnant || done {
                break;
            }
        }
        Ok(best)
    }

    /// About how many multiply-adds it takes to solve so many windows: a Gram matrix of three rows for each unknown.
    #[allow(clippy::cast_precision_loss)] // counts
    fn work(&self, width: usize, windows: usize) -> f64 {
        let unknowns = (width * self.problem.fields.len()) as f64;
        3.0 * unknowns.powi(3) * windows as f64
    }

    fn target(&self) -> f64 {
        let noisy = |measured: &Measured| {
            !measured.estimated && measured.noise.is_some_and(|it| measured.is_noisy(it))
        };
        if !self.data.is_empty() && self.data.iter().all(noisy) {
            NOISE
        } else if self.is_ordinary() {
            ROUNDING
        } else {
            TARGETS[usize::from(!self.linear)]
        }
    }

    /// The widths to try.
    fn levels(&self) -> Vec<usize> {
        if !self.settings.automatic.network {
            return vec![self.settings.network.layers().0];
        }
        if self.is_ordinary() {
            return ORDINARY.to_vec();
        }
        let fields = self.problem.fields.len().max(1);
        let most = if self.linear || self.problem.time().is_none() {
            usize::MAX
        } else {
            LARGEST_IN_TIME
        };
        let levels = LEVELS.iter().filter(|unknowns| **unknowns <= most);
        let levels = levels.take(if self.rough { 2 } else { LEVELS.len() });
        levels.map(|unknowns| (unknowns / fields).max(8)).collect()
    }

    /// Whether time, in windows, is the only coordinate.
    fn is_ordinary(&self) -> bool {
        let time = self.problem.time().is_some() && self.problem.coordinates.len() == 1;
        time && !is_whole(self.problem)
    }

    /// The number of windows, where the user gave it or there is no time.
    fn fixed_windows(&self) -> Option<usize> {
        let whole = is_whole(self.problem);
        if self.problem.time().is_none() || whole {
            Some(1)
        } else if self.settings.automatic.windows {
            None
        } else {
            Some(self.settings.windows)
        }
    }
}

/// The relative residual in absolute means ([`Marched::typical`]), times the root of the number of windows: their errors add
/// up, in no common direction. Where a problem is not linear what a few points leave in one window grows in the next, and
/// squares count.
#[allow(clippy::cast_precision_loss)] // a count
fn score(task: &Task<'_>, marched: &Marched) -> f64 {
    let grows = !task.linear && task.problem.time().is_some();
    let residual = if grows {
        marched.residual
    } else {
        marched.typical
    };
    residual * (task.windows as f64).sqrt()
}

/// The score, weighed by the work of the windows: twice as many have to lower it by the root of two, and what is as good
/// in fewer is better.
#[allow(clippy::cast_precision_loss)] // a count
fn merit(candidate: &Candidate, score: f64) -> f64 {
    score * (candidate.windows as f64).sqrt()
}

/// The window before the one with the largest residual, where that is above a limit, among those that follow values
/// like the solution's.
fn hardest(marched: &Marched, limit: f64) -> Option<&Window> {
    let faithful = marched
        .residuals
        .iter()
        .take_while(|residual| **residual <= FAITHFUL)
        .count();
    // One more: the first that is not faithful itself follows one that is.
    let candidates = marched.residuals.iter().enumerate().take(faithful + 1);
    let (hardest, residual) = candidates.max_by(|a, b| a.1.total_cmp(b.1))?;
    if *residual <= limit {
        return None;
    }
    marched.windows.get(hardest.checked_sub(1)?)
}
