//! What is told of features while they are chosen and solved for.
//!
//! * Input: what has just been solved ([`Solved`]), and how much is left to do ([`Look`]).
//! * Output: reports to the observer ([`Course`]).
//! * Invariants: looking draws nothing that a solve draws, and changes nothing.

use crate::engine::{BlockRef, Engine, PointSet};
use crate::solution::{Points, Window, evaluate, uniforms};
use crate::train::truth::{Part, Truth, errors};
use crate::train::window::mean_squares;
use crate::train::{Observer, Options, Report, Stage};
use pdec_compiler::hir::Problem;
use std::time::{Duration, Instant};

/// Reports between two measurements on fresh points, at most.
const FRESH: usize = 8;

/// Measurements take at most one part in so many of the time, unless they are asked for or due.
const SHARE: u32 = 25;

/// Points of a reference in a window while features are chosen.
const FEW: usize = 1024;

/// Attempts whose mean time is that of those to come.
const RECENT: usize = 4;

/// The solution of a window.
pub trait Solved {
    /// An engine of the problem.
    fn engine(&self) -> &Engine;
    /// The window's ends.
    fn interval(&self) -> (f64, f64);
    /// The mean square of each residual on the points that were solved on.
    fn terms(&self) -> Vec<(String, f64)>;
    /// The same on other points.
    fn fresh(&self) -> Vec<(String, f64)>;
    /// The values of the fields at points in the window.
    fn values(&self, points: &Points) -> Vec<Vec<f64>>;
}

/// A window whose solution is one network.
pub struct OfNetwork<'a> {
    /// The engine.
    pub engine: &'a Engine,
    /// The coordinate that is time.
    pub time: Option<usize>,
    /// The values of the problem's parameters.
    pub parameters: &'a [f64],
    /// The window.
    pub window: &'a Window,
    /// The points that it was solved on, by term.
    pub points: &'a [PointSet],
    /// Other points.
    pub fresh: &'a [PointSet],
}

impl OfNetwork<'_> {
    fn squares(&self, points: &[PointSet]) -> Vec<(String, f64)> {
        let own = uniforms(self.parameters, self.window.low, self.window.high);
        mean_squares(self.engine, points, &self.window.parameters, &own)
    }
}

impl Solved for OfNetwork<'_> {
    fn engine(&self) -> &Engine {
        self.engine
    }

    fn interval(&self) -> (f64, f64) {
        (self.window.low, self.window.high)
    }

    fn terms(&self) -> Vec<(String, f64)> {
        self.squares(self.points)
    }

    fn fresh(&self) -> Vec<(String, f64)> {
        self.squares(self.fresh)
    }

    fn values(&self, points: &Points) -> Vec<Vec<f64>> {
        let windows = std::slice::from_ref(self.window);
        let block = BlockRef::Fields;
        evaluate(
            self.engine,
            block,
            self.parameters,
            self.time,
            windows,
            points,
        )
    }
}

/// What has just been done.
pub struct Look<'a> {
    /// What the run is doing.
    pub stage: Stage,
    /// The position of the window.
    pub window: usize,
    /// The number of windows.
    pub windows: usize,
    /// The relative residual.
    pub residual: f64,
    /// Attempts or windows that are certain to follow.
    pub left: usize,
    /// Points that went through a network for it.
    pub points: u64,
    /// The solution, where there is one.
    pub solved: Option<&'a dyn Solved>,
}

/// What is told of features while they are solved for.
pub trait Listener {
    /// Told of what has been done. Whether to stop.
    fn look(&mut self, look: &Look<'_>) -> bool;
    /// Whether to stop, asked between two looks.
    fn is_over(&self) -> bool;
}

/// The same listener, to whom everything is told as of another stage.
pub struct Staged<'a> {
    /// Who listens.
    pub listener: &'a mut dyn Listener,
    /// The stage.
    pub stage: Stage,
}

impl Listener for Staged<'_> {
    fn look(&mut self, look: &Look<'_>) -> bool {
        let stage = self.stage;
        self.listener.look(&Look { stage, ..*look })
    }

    fn is_over(&self) -> bool {
        self.listener.is_over()
    }
}

/// Tells an observer how features do.
pub struct Course<'a> {
    problem: &'a Problem,
    parameters: Vec<f64>,
    observer: &'a mut dyn Observer,
    options: &'a Options,
    /// The name of the method.
    optimizer: &'static str,
    /// Whether everything has been reported before.
    repeated: bool,
    /// The part of the time limit that may be used.
    part: f64,
    begin: Instant,
    step: usize,
    points: u64,
    stage: Stage,
    /// The last stage that was no search.
    solving: Option<Stage>,
    /// What the windows that are done add to errors.
    parts: Vec<Vec<Option<Part>>>,
    /// The ends of steps, the last ones of this stage.
    ends: Vec<Instant>,
    /// When a measurement ended, and what it took.
    measured: Option<(Instant, Duration)>,
}

impl Listener for Course<'_> {
    /// Reports what has been done.
    fn look(&mut self, look: &Look<'_>) -> bool {
        self.tell(look)
    }

    fn is_over(&self) -> bool {
        let late = |limit: Duration| self.begin.elapsed() >= limit.mul_f64(self.part);
        self.observer.stop() || self.options.time_limit.is_some_and(late)
    }
}

impl<'a> Course<'a> {
    /// What is to be reported of a run that began at `begin`, of which it may use this part of the time limit.
    pub fn new(
        problem: &'a Problem,
        options: &'a Options,
        observer: &'a mut dyn Observer,
        optimizer: &'static str,
        repeated: bool,
        part: f64,
        begin: Instant,
    ) -> Self {
        Self {
            problem,
            parameters: problem.parameter_values(),
            observer,
            options,
            optimizer,
            repeated,
            part,
            begin,
            step: 0,
            points: 0,
            stage: Stage::Search,
            solving: None,
            parts: Vec::new(),
            ends: vec![Instant::now()],
            measured: None,
        }
    }

    /// Whether the true solution of every field is known.
    pub fn knows_all(&self, engine: &Engine) -> bool {
        let truth = self.truth(engine, 0);
        (0..self.problem.fields.len()).all(|field| truth.knows(field))
    }

    fn tell(&mut self, look: &Look<'_>) -> bool {
        let now = Instant::now();
        let is_next = look.stage != self.stage;
        if is_next {
            // The step that ends here belongs to the new stage.
            let last = self.ends.last().copied();
            self.ends = last.into_iter().collect();
            self.stage = look.stage;
            // A choice of features that is tried in between changes nothing of the windows that are done.
            if look.stage != Stage::Search && self.solving.replace(look.stage) != Some(look.stage) {
                self.parts.clear();
            }
        }
        self.ends.push(now);
        if look.stage == Stage::Search && self.ends.len() > RECENT + 1 {
            self.ends.remove(0);
        }
        self.step += 1;
        self.points += look.points;
        let wanted = self.step % FRESH == 1
            || is_next
            || look.left == 0
            || self.observer.wants_measured()
            || self
                .measured
                .is_none_or(|(end, took)| end.elapsed() >= SHARE * took);
        let terms = look.solved.map_or(Vec::new(), Solved::terms);
        let (fresh, errors) = match look.solved {
            Some(solved) if wanted => (solved.fresh(), self.errors(look, solved)),
            Some(solved) => {
                // Windows that are done count whenever errors are measured next.
                self.add(look, solved);
                (Vec::new(), Vec::new())
            }
            None => (Vec::new(), Vec::new()),
        };
        if wanted {
            self.measured = Some((Instant::now(), now.elapsed()));
        }
        let seconds = self.begin.elapsed().as_secs_f64();
        #[allow(clippy::cast_precision_loss)] // counts far below 2^52
        let points = self.points as f64;
        let report = Report {
            stage: look.stage,
            window: look.window,
            windows: look.windows,
            optimizer: self.optimizer,
            step: self.step,
            steps: self.step + look.left,
            seconds,
            seconds_left: self.left(look, seconds),
            loss: look.residual * look.residual,
            terms,
            points_per_second: points / seconds.max(1e-9),
            errors,
            correlation: None,
            fresh,
        };
        if self.repeated {
            self.observer.repeated(&report);
        } else {
            self.observer.report(&report);
        }
        self.is_over()
    }

    /// The time that what is left takes at the pace of this stage.
    fn left(&self, look: &Look<'_>, seconds: f64) -> Option<f64> {
        let (first, last) = (self.ends.first()?, self.ends.last()?);
        let count = u32::try_from(self.ends.len() - 1)
            .ok()
            .filter(|it| *it > 0)?;
        let each = (last.duration_since(*first) / count).as_secs_f64();
        #[allow(clippy::cast_precision_loss)] // a small count
        let left = each * look.left as f64;
        let limit = self.options.time_limit.map(|limit| {
            let limit = limit.as_secs_f64() * self.part;
            (limit - seconds).max(0.0)
        });
        Some(limit.map_or(left, |limit| left.min(limit)))
    }

    /// Errors over the windows that are done; while features are chosen, over the one that was tried.
    fn errors(&mut self, look: &Look<'_>, solved: &dyn Solved) -> Vec<(String, f64)> {
        self.add(look, solved);
        match look.stage {
            Stage::Search => {
                let part = self.part_of(solved, FEW);
                errors(self.problem, std::iter::once(&part))
            }
            Stage::Train | Stage::Solve | Stage::Estimate => {
                errors(self.problem, self.parts.iter())
            }
        }
    }

    /// Takes a window to those that are done. One that is done again, after a march has gone back, takes its place.
    fn add(&mut self, look: &Look<'_>, solved: &dyn Solved) {
        match look.stage {
            Stage::Search => {}
            Stage::Train | Stage::Solve | Stage::Estimate => {
                self.parts.truncate(look.window);
                let part = self.part_of(solved, usize::MAX);
                self.parts.push(part);
            }
        }
    }

    fn part_of(&self, solved: &dyn Solved, most: usize) -> Vec<Option<Part>> {
        let truth = self.truth(solved.engine(), most);
        truth.part(solved.interval(), &|points| solved.values(points))
    }

    fn truth<'b>(&'b self, engine: &'b Engine, most: usize) -> Truth<'b> {
        Truth {
            problem: self.problem,
            engine,
            parameters: &self.parameters,
            references: self.observer.references(),
            most,
        }
    }
}
