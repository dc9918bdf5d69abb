//! One window after the other, each by least squares.

use super::assemble::{Factors, Piece, balance, matrix, pieces, residuals, typical};
use super::look::OfNetwork;
use super::modes;
use super::projection::Guess;
use super::uncertainty::is_whole;
use super::{FORWARD, Family, Layer, MEMORY};
use crate::data::Measured;
use crate::engine::{Engine, PointSet};
use crate::optimise::dot;
use crate::optimise::least_squares::{LeastSquares, PATIENCE};
use crate::sampling::{Purpose, stream};
use crate::solution::{Window, uniforms};
use crate::train::points::{first_draw, toward_ends};
use crate::train::window::{domain_of, handed_over, weight};
use pdec_compiler::hir::Problem;
use pdec_compiler::program::Support;
use pdec_compiler::settings::{Points, Sampler, Settings};
use std::cell::Cell;
use std::rc::Rc;

/// The scale of the features that residuals are balanced with, whatever is tried.
const REFERENCE_SCALE: f64 = 2.0;

/// Points of each term whose rows tell whether the matrix is that of the window before.
const PROBES: usize = 16;

/// Matrices that differ by less than this, relative to their largest element, are one.
const SAME: f64 = 1e-9;

/// Gauss–Newton steps in a window.
const STEPS: usize = 40;

/// Halvings of a Gauss–Newton step.
const HALVINGS: usize = 8;

/// Two steps in a row that lower the residual by less than this are the last ones.
const WORTHWHILE: f64 = 0.7;

/// The same where numbers are sought or data fitted.
const WORTHWHILE_WITH_DATA: f64 = 0.9999;

/// The matrix of a step that leaves at most so many times what its linear model says is the last one: the model holds, and
/// another would be as good as the same.
const EXPECTED: f64 = 1.01;

/// A matrix is used again while each step with it lowers the residual at least by this.
const CHORD: f64 = 0.3;

/// A residual that is smaller than this, relative to that of a network of zeros, needs no further step.
const ENOUGH: f64 = 1e-10;

/// What is solved.
#[derive(Clone, Copy)]
pub struct Task<'a> {
    /// The problem.
    pub problem: &'a Problem,
    /// Its settings.
    pub settings: &'a Settings,
    /// The values of its parameters.
    pub parameters: &'a [f64],
    /// What was measured.
    pub data: &'a [Measured],
    /// The seed of everything that is drawn.
    pub seed: u64,
    /// Whether the residuals are affine in the last layer.
    pub linear: bool,
    /// The network.
    pub layer: &'a Layer,
    /// How its neurons are drawn.
    pub family: &'a Family,
    /// Points of each kind.
    pub points: Points,
    /// The number of time windows.
    pub windows: usize,
    /// What the first window follows; none at the beginning of time.
    pub start: Option<&'a Start>,
    /// What is known of the solution where the problem is not linear and does not depend on time.
    pub guess: Option<Guess<'a>>,
}

/// A window that others follow.
#[derive(Clone)]
pub struct Start {
    /// Its network.
    pub layer: Rc<Layer>,
    /// The window.
    pub window: Window,
}

/// What has been solved.
#[derive(Clone, Debug, Default)]
pub struct Marched {
    /// The networks of the windows.
    pub windows: Vec<Window>,
    /// The relative residual of each.
    pub residuals: Vec<f64>,
    /// The norm of all residuals on fresh points, relative to that of a network of zeros; the largest of all windows.
    pub residual: f64,
    /// The same where of each residual the mean of absolute values is taken, not of squares: a few points beside a
    /// singularity, where squares have no mean, do not decide.
    pub typical: f64,
    /// The points that the last window was solved on, by term.
    pub points: Vec<PointSet>,
    /// Other points of it.
    pub fresh: Vec<PointSet>,
    /// Multiply-adds, about.
    pub work: f64,
}

impl Marched {
    /// What can be told of the last window.
    pub fn last<'a>(
        &'a self,
        engine: &'a Engine,
        problem: &Problem,
        parameters: &'a [f64],
    ) -> Option<OfNetwork<'a>> {
        Some(OfNetwork {
            engine,
            time: problem.time().map(|id| id.index()),
            parameters,
            window: self.windows.last()?,
            points: &self.points,
            fresh: &self.fresh,
        })
    }
}

/// Solves the first `count` windows. Ends early where there is no solution or `stop` says so, which is asked after each.
pub fn march(task: &Task<'_>, count: usize, stop: &mut dyn FnMut(&Marched) -> bool) -> Marched {
    let engine = task.layer.engine();
    let mut settings = task.settings.clone();
    settings.points = task.points;
    settings.windows = task.windows;
    let zero = task
        .layer
        .parameters(task.family, &mut stream(task.seed, Purpose::Weights));
    let mut marched = Marched::default();
    let mut factors: Option<Factors> = None;
    let mut known: Option<Known> = None;
    let mut chord: Option<LeastSquares> = None;
    let work = Cell::new(0.0);
    for number in 0..count {
        let mut domain = domain_of(task.problem, task.windows, number);
        if let (Some(start), Some(time)) = (task.start, domain.time) {
            let (low, high) = domain.intervals[time];
            let shift = start.window.high - low;
            domain.intervals[time] = (low + shift, high + shift);
        }
        let (low, high) = domain
            .time
            .map_or((0.0, 1.0), |time| domain.intervals[time]);
        let own = uniforms(task.parameters, low, high);
        let draw = |purpose: Purpose| -> Vec<PointSet> {
            // The same points in every window, relative to it.
            let mut random = stream(task.seed, purpose);
            let terms = engine.program().terms.iter();
            terms
                .map(|term| {
                    let mut points = first_draw(
                        &engine.program().breaks,
                        term.support,
                        &settings,
                        &domain,
                        task.data,
                        &mut random,
                    );
                    let drawn = match term.support {
                        Support::Interior | Support::Initial | Support::Face { .. } => true,
                        Support::Observed(_) | Support::Quadrature(_) | Support::Numbers => false,
                    };
                    if drawn && settings.points.sampler == Sampler::Sobol {
                        toward_ends(task.problem, engine.program(), &domain, &mut points);
                    }
                    if term.support == Support::Initial {
                        let last = marched.windows.last().map(|window| (engine, window));
                        let start = task.start.map(|s| (s.layer.engine(), &s.window));
                        let last = last.or(start);
                        points.data = match last {
                            Some((engine, last)) => {
                                let last = Some(last);
                                handed_over(engine, task.parameters, &own, last, &points)
                            }
                            None => handed_over(engine, task.parameters, &own, None, &points),
                        };
                    }
                    points
                })
                .collect()
        };
        let (points, fresh) = (draw(Purpose::Points), draw(Purpose::Fresh));
        let factors = factors.get_or_insert_with(|| {
            let weights = engine.program().terms.iter();
            let weights: Vec<f64> = weights
                .map(|term| weight(term.support, &settings, task.data))
                .collect();
            let reference = Family {
                scales: vec![REFERENCE_SCALE; task.family.scales.len()],
                ..task.family.clone()
            };
            let reference = task
                .layer
                .parameters(&reference, &mut stream(task.seed, Purpose::Weights));
            balance(task.layer, &reference, &own, &points, &weights)
        });
        let window = WindowSolve {
            task,
            uniforms: &own,
            pieces: &pieces(engine.program(), &points, usize::MAX),
            probes: &pieces(engine.program(), &points, PROBES),
            factors,
            work: &work,
        };
        let solved = if task.linear {
            window.linear(&zero, &mut known)
        } else {
            let last = marched.windows.last();
            let guess = task.guess.filter(|_| number == 0);
            let guess = guess.and_then(|guess| {
                let start = guess.start(&zero, &domain, task.parameters, task.seed)?;
                window.is_better(&start, &zero).then_some(start)
            });
            let last = guess.as_ref().or(last.map(|window| &window.parameters));
            let last = last.unwrap_or(&zero);
            // Data that weigh little make a narrow and curved valley, along which equations hold for any number. First they
            // weigh as much as equations, noise and all, and the way that is left is short.
            let strong = strengthened(task, factors);
            let near = strong.and_then(|factors| {
                let first = WindowSolve {
                    factors: &factors,
                    ..window
                };
                first.newton(&zero, last, &mut None)
            });
            let mode = modes::start(task, &zero, &own, &points, factors);
            let start = mode.as_ref().or(near.as_ref()).unwrap_or(last);
            window.newton(&zero, start, &mut chord)
        };
        marched.work = work.get();
        let Some(parameters) = solved else {
            marched.residual = f64::INFINITY;
            marched.typical = f64::INFINITY;
            return marched;
        };
        (marched.points, marched.fresh) = (points, fresh);
        let fresh = pieces(engine.program(), &marched.fresh, usize::MAX);
        let norm = |parameters: &[f64]| {
            let r = residuals(task.layer, parameters, &own, &fresh, factors);
            dot(&r, &r).sqrt()
        };
        let (rest, whole) = (norm(&parameters), norm(&zero));
        let residual = if whole > 0.0 { rest / whole } else { rest };
        let typical = typical(task.layer, &parameters, &own, &fresh, factors);
        let typical = if whole > 0.0 {
            typical / whole
        } else {
            typical
        };
        marched.typical = marched.typical.max(typical);
        // A residual that is not a number must not vanish in a maximum.
        marched.residual = if residual.is_finite() {
            marched.residual.max(residual)
        } else {
            marched.typical = f64::INFINITY;
            f64::INFINITY
        };
        marched.residuals.push(residual);
        marched.windows.push(Window {
            low,
            high,
            parameters,
        });
        if !marched.residual.is_finite() || stop(&marched) {
            break;
        }
    }
    marched
}

/// The factors with which data weigh as if they had no noise; none where they do anyway.
fn strengthened(task: &Task<'_>, factors: &Factors) -> Option<Factors> {
    let weights: Vec<f64> = task.data.iter().map(Measured::weight).collect();
    if weights.iter().all(|weight| *weight == 1.0) {
        return None;
    }
    let mut strong = factors.clone();
    let terms = &task.layer.engine().program().terms;
    for (term, factors) in terms.iter().zip(&mut strong) {
        if let Support::Observed(number) = term.support
            && let Some(weight) = weights.get(number)
        {
            factors.iter_mut().for_each(|it| *it /= weight.sqrt());
        }
    }
    Some(strong)
}

/// A factored matrix and some of its rows as they were.
struct Known {
    probe: Vec<f64>,
    solver: LeastSquares,
}

#[derive(Clone, Copy)]
struct WindowSolve<'a> {
    task: &'a Task<'a>,
    uniforms: &'a [f64],
    pieces: &'a [Piece],
    probes: &'a [Piece],
    factors: &'a Factors,
    /// Multiply-adds so far, about.
    work: &'a Cell<f64>,
}

impl WindowSolve<'_> {
    #[allow(clippy::cast_precision_loss)] // counts
    fn residuals(&self, parameters: &[f64]) -> Vec<f64> {
        let layer = self.task.layer;
        let r = residuals(layer, parameters, self.uniforms, self.pieces, self.factors);
        self.add(FORWARD * (r.len() * layer.width) as f64);
        r
    }

    fn add(&self, work: f64) {
        self.work.set(self.work.get() + work);
    }

    /// What is as long as solving so many rows with a factored matrix.
    #[allow(clippy::cast_precision_loss)] // counts
    fn add_solve(&self, rows: usize) {
        self.add(MEMORY * (rows * self.task.layer.columns()) as f64);
    }

    /// Whether some parameters leave less than others.
    fn is_better(&self, one: &[f64], other: &[f64]) -> bool {
        let [one, other] = [one, other].map(|it| self.residuals(it));
        dot(&one, &one) < dot(&other, &other)
    }

    /// Some rows of the matrix.
    fn probe(&self, parameters: &[f64]) -> Vec<f64> {
        let layer = self.task.layer;
        let (matrix, _) = matrix(layer, parameters, self.uniforms, self.probes, self.factors);
        let rows = matrix.rows();
        let mut values = vec![0.0; rows * matrix.columns()];
        for (number, column) in values.chunks_exact_mut(rows.max(1)).enumerate() {
            matrix.copy_column(number, column);
        }
        values
    }

    fn factored(&self, parameters: &[f64]) -> Option<LeastSquares> {
        let layer = self.task.layer;
        let (matrix, blocks) = matrix(layer, parameters, self.uniforms, self.pieces, self.factors);
        let count = layer.columns();
        #[allow(clippy::cast_precision_loss)] // counts
        let (rows, columns) = (matrix.rows() as f64, count as f64);
        self.add((0.5 * rows + columns / 6.0) * columns * columns);
        layer
            .engine()
            .with_threads(|| LeastSquares::new(matrix, &blocks, count))
    }

    /// The parameters with the last layer moved.
    fn moved(&self, parameters: &[f64], step: &[f64], factor: f64) -> Vec<f64> {
        let mut moved = parameters.to_vec();
        let own = &mut moved[self.task.layer.solved.clone()];
        for (parameter, step) in own.iter_mut().zip(step) {
            *parameter += factor * step;
        }
        moved
    }

    /// One solve. Where coefficients do not depend on time, all windows have the same matrix.
    fn linear(&self, zero: &[f64], known: &mut Option<Known>) -> Option<Vec<f64>> {
        let several = self.task.windows > 1;
        let probe = if several {
            self.probe(zero)
        } else {
            Vec::new()
        };
        if !known
            .as_ref()
            .is_some_and(|known| same(&known.probe, &probe))
        {
            let solver = self.factored(zero)?;
            *known = Some(Known { probe, solver });
        }
        let solver = &known.as_ref()?.solver;
        let r = self.residuals(zero);
        let engine = self.task.layer.engine();
        self.add_solve(r.len());
        let step = engine.with_threads(|| solver.solve(&r));
        Some(self.moved(zero, &step, 1.0))
    }

    /// Gauss–Newton on the last layer, each step halved until it lowers the residual. The matrix of an earlier step or
    /// window serves while it leads on quickly.
    fn newton(
        &self,
        zero: &[f64],
        start: &[f64],
        known: &mut Option<LeastSquares>,
    ) -> Option<Vec<f64>> {
        let engine = self.task.layer.engine();
        let mut parameters = start.to_vec();
        let mut r = self.residuals(&parameters);
        let mut size = dot(&r, &r);
        let whole = self.residuals(zero);
        let enough = ENOUGH * ENOUGH * dot(&whole, &whole);
        if !size.is_finite() {
            return None;
        }
        // Noise is most of the residual of data, and what a number changes of it little.
        // What a window hands over may be a small part of its residual, and all of the error of the next.
        let problem = self.task.problem;
        let (worthwhile, expected) = match (is_whole(problem), problem.time().is_some()) {
            (true, _) => (WORTHWHILE_WITH_DATA, 0.0),
            (false, true) => (WORTHWHILE, 0.0),
            (false, false) => (WORTHWHILE, EXPECTED),
        };
        let (mut last_was_slow, mut settled) = (false, false);
        for _ in 0..STEPS {
            if size <= enough {
                break;
            }
            let earlier = known.take();
            let fresh = earlier.is_none();
            let solver = match earlier {
                Some(solver) => solver,
                None => self.factored(&parameters)?,
            };
            self.add_solve(r.len());
            let (step, predicted) = engine.with_threads(|| solver.solve_to(&r, PATIENCE));
            let least = if fresh { 1.0 } else { CHORD * CHORD };
            let mut factor = 1.0;
            let mut found = None;
            for _ in 0..if fresh { HALVINGS } else { 1 } {
                let trial = self.moved(&parameters, &step, factor);
                let rest = self.residuals(&trial);
                let trial_size = dot(&rest, &rest);
                if trial_size < least * size {
                    found = Some((trial, rest, trial_size));
                    break;
                }
                factor *= 0.5;
            }
            let Some((trial, rest, trial_size)) = found else {
                if fresh {
                    break;
                }
                if settled {
                    // The next window may begin with it.
                    *known = Some(solver);
                    break;
                }
                continue;
            };
            let slow = trial_size > worthwhile * worthwhile * size && factor == 1.0;
            let done = slow && last_was_slow;
            last_was_slow = slow;
            settled |= fresh && trial_size <= expected * expected * predicted;
            // Once more with the same matrix is cheap, and takes rounding errors away.
            if settled || trial_size < CHORD * CHORD * size {
                *known = Some(solver);
            }
            (parameters, r, size) = (trial, rest, trial_size);
            if done {
                break;
            }
        }
        Some(parameters)
    }
}

fn same(a: &[f64], b: &[f64]) -> bool {
    let largest = a.iter().fold(0.0, |most: f64, value| most.max(value.abs()));
    a.len() == b.len()
        && !a.is_empty()
        && a.iter()
            .zip(b)
            .all(|(a, b)| (a - b).abs() <= SAME * largest)
}
