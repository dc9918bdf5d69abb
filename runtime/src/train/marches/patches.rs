//! Patches in windows whose lengths follow the residual.

use super::{Grade, March, Surroundings, Told, Way, measured};
use crate::engine::EngineError;
use crate::train::features::look::{Listener, Staged};
use crate::train::features::patches::{Patcher, Rival, TOLERANCE, patched};
use crate::train::features::search::{Found, Search};
use crate::train::features::uncertainty::is_whole;
use crate::train::solve::GOOD;
use crate::train::{Observer, Outcome, Stage, TrainError};
use pdec_compiler::analysis::analyse;
use pdec_compiler::hir::Problem;
use pdec_compiler::settings::{Features, Optimizer};
use std::cell::RefCell;

/// Patches that nobody asked for are kept where their residual for a unit of time is below this.
const RESOLVED: f64 = 2e-3;

/// A coarser march leaves so many times the residual.
const COARSER: f64 = 8.0;

/// The other patches of a coarser march are drawn with another seed.
const OTHER: u64 = 1 << 32;

/// What became of it.
pub enum Patched {
    /// It is solved.
    Solved(Box<Outcome>),
    /// Patches would have taken long, and ordinary features have solved it meanwhile.
    ByFeatures(Box<Found>),
    /// Patches are not for this problem.
    No,
}

/// Solves the problem where settings ask for patches, or leave the choice and it is one for them.
///
/// # Errors
///
/// If this machine cannot run the program.
pub fn solve(
    around: &Surroundings<'_>,
    observer: &mut dyn Observer,
) -> Result<Patched, TrainError> {
    let problem = around.problem;
    let asked = around.asked(|features| features.patches);
    let chosen = around.free()
        && !analyse(problem).linear
        && !is_whole(problem)
        && problem.has_one_coordinate_and_time()
        && damped(problem);
    if asked.is_none() && !chosen {
        return Ok(Patched::No);
    }
    let better = RefCell::new(None);
    let rival = |work: f64, listener: &mut dyn Listener| {
        let found = by_features(around, work, listener)?;
        let is_better = found.is_some();
        better.replace(found);
        Ok(is_better)
    };
    let way = Patches {
        around,
        parameters: problem.parameter_values(),
        tolerance: asked.and_then(|it| it.tolerance).unwrap_or(TOLERANCE),
        rival: if chosen { Some(&rival) } else { None },
    };
    let outcome = around.outcome(&way, observer)?;
    let better = better.take();
    Ok(match (outcome, better) {
        (Some(outcome), _) => Patched::Solved(Box::new(outcome)),
        (None, Some(found)) => Patched::ByFeatures(Box::new(found)),
        (None, None) => Patched::No,
    })
}

/// Ordinary features, with so many multiply-adds. None unless they are good.
fn by_features(
    around: &Surroundings<'_>,
    work: f64,
    listener: &mut dyn Listener,
) -> Result<Option<Found>, EngineError> {
    // Windows that patches have done stay what is told of the whole.
    let mut staged = Staged {
        listener,
        stage: Stage::Search,
    };
    let mut search = Search {
        problem: around.problem,
        settings: around.settings,
        features: &Features::default(),
        parameters: &around.problem.parameter_values(),
        data: &[],
        seed: around.options.seed,
        threads: around.options.threads,
        linear: false,
        rough: false,
        report: &mut |look| staged.look(look),
        most_work: work,
        work_done: 0.0,
        left: 0,
        solves: 0,
        stopped: false,
        start: None,
    };
    let found = search.run()?;
    let good = |found: &Found| {
        let complete = found.marched.windows.len() == found.windows;
        complete && !found.cut && found.marched.residual < GOOD[1]
    };
    Ok(found.filter(good))
}

/// Whether second derivatives are the highest in space: they damp what is not resolved. Derivatives of higher order may keep
/// it, or let it grow.
fn damped(problem: &Problem) -> bool {
    let time = problem.time().map(|id| id.index());
    let orders = analyse(problem).orders;
    let of = |(coordinate, order): (usize, &usize)| {
        *order == if Some(coordinate) == time { 1 } else { 2 }
    };
    orders.iter().enumerate().all(of)
}

struct Patches<'a> {
    around: &'a Surroundings<'a>,
    parameters: Vec<f64>,
    tolerance: f64,
    rival: Option<Rival<'a>>,
}

impl Way for Patches<'_> {
    fn march(&self, grade: Grade, told: Told<'_>) -> Result<Option<March>, EngineError> {
        let options = self.around.options;
        let (tolerance, seed) = match grade {
            Grade::Fine => (self.tolerance, options.seed),
            Grade::Coarse => (COARSER * self.tolerance, options.seed.wrapping_add(OTHER)),
        };
        let patcher = Patcher {
            problem: self.around.problem,
            settings: self.around.settings,
            parameters: &self.parameters,
            seed,
            threads: options.threads,
            tolerance,
            rival: self.rival.filter(|_| grade == Grade::Fine),
        };
        let unresolved = |residual: f64| self.around.free() && residual > RESOLVED;
        let found = patcher.run(told)?;
        let Some(found) = found.filter(|it| grade == Grade::Coarse || !unresolved(it.residual))
        else {
            return Ok(None);
        };
        let mut settings = patched(self.around.settings, found.count, found.images);
        settings.points = measured(settings.points, found.count, found.windows.len());
        settings.optimizer = vec![Optimizer::NewtonSolve(Features {
            patches: true,
            tolerance: Some(tolerance),
            ..Features::default()
        })];
        Ok(Some(March {
            settings,
            windows: found.windows,
            residual: found.residual,
            solves: found.solves,
            complete: found.complete,
        }))
    }

    fn choice(&self, march: &March) -> Option<String> {
        self.around.free().then(|| {
            format!(
                "newton_solve with patches in {} windows: one coordinate and time; the residual on fresh points is {:.1e} for a \
                 unit of time",
                march.windows.len(),
                march.residual
            )
        })
    }
}
