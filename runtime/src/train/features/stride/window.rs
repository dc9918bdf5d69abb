//! One window: Gauss–Newton on the last layer.

use super::super::Layer;
use super::super::waves::Lattice;
use crate::engine::{Batch, BlockRef, Panels, PointSet};
use crate::math::dense::panels::ROWS;
use crate::optimise::dot;
use crate::optimise::least_squares::LeastSquares;
use crate::sampling::{Domain, Purpose, stream};
use crate::solution::{Window, uniforms};
use crate::train::points::{count, first_draw};
use crate::train::window::{handed_over, weight};
use pdec_compiler::program::Support;
use pdec_compiler::settings::{Points, Settings};
use std::rc::Rc;

/// Gauss–Newton steps.
const STEPS: usize = 25;

/// Iterations of a solve that do not help before it ends: waves are far from dependent, and the first one nearly exact.
const PATIENCE: usize = 1;

/// Halvings of a step.
const HALVINGS: usize = 6;

/// A matrix is used again while each step with it lowers the residual at least by this.
const CHORD: f64 = 0.3;

/// A step that promises less than this is not made.
const PROMISING: f64 = 0.8;

/// A residual so far below the tolerance needs no further step.
const ENOUGH: f64 = 0.03;

/// A layer of waves with everything that is the same in all windows.
pub struct Frame {
    /// The layer.
    pub layer: Layer,
    /// Its waves.
    pub lattice: Lattice,
    /// Its parameters with a last layer of zeros.
    pub zero: Vec<f64>,
    /// Points of each kind.
    pub points: Points,
}

/// Multiply-adds that take as long as a neuron at a point.
const FORWARD: f64 = 200.0;

/// Multiply-adds that take as long as what a solve does with an element of a matrix in main memory.
const MEMORY: f64 = 100.0;

/// A window that others follow.
#[derive(Clone)]
pub struct Before {
    /// Its layer.
    pub frame: Rc<Frame>,
    /// The window.
    pub window: Window,
}

/// What a solve is given.
pub struct Place<'a> {
    /// The settings.
    pub settings: &'a Settings,
    /// The values of the problem's parameters.
    pub parameters: &'a [f64],
    /// The seed of the points.
    pub seed: u64,
    /// The window.
    pub domain: Domain,
    /// The window before; none at the beginning of time.
    pub before: Option<&'a Before>,
    /// The residual that is asked for.
    pub tolerance: f64,
}

/// What came out.
pub struct Solved {
    /// The window.
    pub window: Window,
    /// The norm of all residuals on fresh points, relative to that of a network of zeros.
    pub residual: f64,
    /// Multiply-adds, about.
    pub work: f64,
    /// The points that it was solved on, by term.
    pub points: Vec<PointSet>,
    /// Other points of it.
    pub fresh: Vec<PointSet>,
}

/// Solves a window. `chord` is a factored matrix of this frame, from a window before; it is replaced where it does not
/// serve. None where something is not a number.
pub fn solve(frame: &Frame, place: &Place<'_>, chord: &mut Option<LeastSquares>) -> Option<Solved> {
    let engine = frame.layer.engine();
    let mut settings = place.settings.clone();
    settings.points = frame.points;
    let (low, high) = place
        .domain
        .time
        .map_or((0.0, 1.0), |time| place.domain.intervals[time]);
    let own = uniforms(place.parameters, low, high);
    let draw = |purpose: Purpose| -> Vec<PointSet> {
        let mut random = stream(place.seed, purpose);
        let terms = engine.program().terms.iter();
        terms
            .map(|term| {
                let mut points = first_draw(
                    &[],
                    term.support,
                    &settings,
                    &place.domain,
                    &[],
                    &mut random,
                );
                if term.support == Support::Initial {
                    let (from, window) = match place.before {
                        Some(before) => (before.frame.layer.engine(), Some(&before.window)),
                        None => (engine, None),
                    };
                    points.data = handed_over(from, place.parameters, &own, window, &points);
                }
                points
            })
            .collect()
    };
    let scales: Vec<f64> = engine
        .program()
        .terms
        .iter()
        .map(|term| {
            #[allow(clippy::cast_precision_loss)] // point counts are far below 2^52
            let points = count(term.support, &settings.points).max(1) as f64;
            (weight(term.support, &settings, &[]) / points).sqrt()
        })
        .collect();
    let (points, checked) = (draw(Purpose::Points), draw(Purpose::Fresh));
    let fresh = batches(&checked, &scales);
    let norm = |parameters: &[f64]| {
        let r = engine.residuals(parameters, &own, &fresh);
        dot(&r, &r).sqrt()
    };
    let whole = norm(&frame.zero);
    let start = match place.before {
        Some(before) if before.frame.lattice == frame.lattice => &before.window.parameters,
        Some(_) | None => &frame.zero,
    };
    let mut newton = Newton {
        frame,
        uniforms: &own,
        points: &batches(&points, &scales),
        enough: ENOUGH * place.tolerance * whole,
        work: 0.0,
    };
    let parameters = newton.run(start, chord)?;
    let rest = norm(&parameters);
    let residual = if whole > 0.0 { rest / whole } else { rest };
    let work = newton.work;
    residual.is_finite().then_some(Solved {
        window: Window {
            low,
            high,
            parameters,
        },
        residual,
        work,
        points,
        fresh: checked,
    })
}

/// The points of all terms, in the order of the terms.
fn batches<'a>(points: &'a [PointSet], scales: &[f64]) -> Vec<Batch<'a>> {
    let terms = points.iter().zip(scales).enumerate();
    terms
        .map(|(number, (points, &scale))| Batch {
            block: BlockRef::Term(number),
            points,
            scale,
        })
        .collect()
}

struct Newton<'a> {
    frame: &'a Frame,
    uniforms: &'a [f64],
    points: &'a [Batch<'a>],
    /// The norm of the residuals at which it ends.
    enough: f64,
    work: f64,
}

impl Newton<'_> {
    #[allow(clippy::cast_precision_loss)] // counts
    fn residuals(&mut self, parameters: &[f64]) -> Vec<f64> {
        let points: usize = self.points.iter().map(|batch| batch.points.len()).sum();
        self.work += FORWARD * (points * self.frame.layer.width) as f64;
        let engine = self.frame.layer.engine();
        engine.residuals(parameters, self.uniforms, self.points)
    }

    #[allow(clippy::cast_precision_loss)] // counts
    fn factored(&mut self, parameters: &[f64], rows: usize) -> Option<LeastSquares> {
        let layer = &self.frame.layer;
        let engine = layer.engine();
        let mut matrix = Panels::default();
        let (columns, batches) = (layer.columns(), self.points);
        engine.jacobian_of(columns, parameters, self.uniforms, batches, &mut matrix);
        let terms = &engine.program().terms;
        let blocks: Vec<usize> = batches
            .iter()
            .zip(terms)
            .flat_map(|(batch, term)| {
                let count = batch.points.len();
                let tiles = (0..count).step_by(ROWS).map(move |k| ROWS.min(count - k));
                std::iter::repeat_n(tiles, term.block.output_count()).flatten()
            })
            .collect();
        let unknowns = layer.columns() as f64;
        self.work += unknowns * unknowns * (0.5 * rows as f64 + unknowns / 3.0);
        engine.with_threads(|| LeastSquares::new(matrix, &blocks, columns))
    }

    /// Gauss–Newton, each step halved until it lowers the residual, as long as steps promise to.
    #[allow(clippy::cast_precision_loss)] // counts
    fn run(&mut self, start: &[f64], chord: &mut Option<LeastSquares>) -> Option<Vec<f64>> {
        let frame = self.frame;
        let engine = frame.layer.engine();
        let mut parameters = start.to_vec();
        let mut r = self.residuals(&parameters);
        let mut size = dot(&r, &r);
        if !size.is_finite() {
            return None;
        }
        for _ in 0..STEPS {
            if size <= self.enough * self.enough {
                break;
            }
            let earlier = chord.take();
            let fresh = earlier.is_none();
            let solver = match earlier {
                Some(solver) => solver,
                None => self.factored(&parameters, r.len())?,
            };
            self.work += MEMORY * (r.len() * frame.layer.columns()) as f64;
            let (step, promise) = engine.with_threads(|| solver.solve_to(&r, PATIENCE));
            if promise > PROMISING * PROMISING * size {
                *chord = Some(solver);
                break;
            }
            let least = if fresh { 1.0 } else { CHORD * CHORD };
            let mut factor = 1.0;
            let mut found = None;
            for _ in 0..if fresh { HALVINGS } else { 1 } {
                let mut trial = parameters.clone();
                let own = &mut trial[frame.layer.solved.clone()];
                for (parameter, step) in own.iter_mut().zip(&step) {
                    *parameter += factor * step;
                }
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
                continue;
            };
            if trial_size < CHORD * CHORD * size || trial_size < 4.0 * promise {
                *chord = Some(solver);
            }
            (parameters, r, size) = (trial, rest, trial_size);
        }
        Some(parameters)
    }
}
