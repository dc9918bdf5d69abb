//! A trained solution: one network for each time window, and the program that evaluates it.

mod formulas;
mod jumps;

use crate::engine::{BlockRef, Engine, PointSet};
use crate::narrow::Narrow;
use crate::sampling::Domain;
use crate::train::correlation::neighbours;
use pdec_compiler::hir::Problem;
use pdec_compiler::kernel::{Kernel, interpret};
use pdec_compiler::network::Network;
use pdec_compiler::settings::Settings;
use std::collections::VecDeque;
use std::sync::Mutex;

pub use formulas::Taken;

/// The network of a time window.
#[derive(Clone, Debug, PartialEq)]
pub struct Window {
    /// Where the window begins.
    pub low: f64,
    /// Where it ends.
    pub high: f64,
    /// The network's parameters.
    pub parameters: Vec<f64>,
}

impl Window {
    /// The last time that belongs to the window: its end, and what rounding may add to it.
    #[must_use]
    pub fn reach(&self) -> f64 {
        self.high + 1e-9 * (self.high - self.low)
    }
}

/// Points at which fields are evaluated.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Points {
    /// One column for each coordinate, all of one length.
    pub coordinates: Vec<Vec<f64>>,
}

/// A trained solution.
pub struct Solution {
    engine: Engine,
    /// The values of the problem's parameters.
    parameters: Vec<f64>,
    /// Which coordinate is time.
    time: Option<usize>,
    windows: Vec<Window>,
    narrow: Narrow,
    recent: Mutex<VecDeque<Evaluation>>,
}

/// Values that have been computed: pictures, errors and tables ask for several things at the same points.
struct Evaluation {
    block: BlockRef,
    points: Points,
    values: Vec<Vec<f64>>,
}

/// So many evaluations are remembered,
const REMEMBERED: usize = 8;

/// of at most so many points.
const MOST_REMEMBERED: usize = 1 << 16;

impl Solution {
    /// A solution of these windows; `parameters` are those of the problem.
    #[must_use]
    pub fn new(
        engine: Engine,
        parameters: Vec<f64>,
        time: Option<usize>,
        windows: Vec<Window>,
    ) -> Self {
        Self {
            engine,
            parameters,
            time,
            windows,
            narrow: Narrow::default(),
            recent: Mutex::default(),
        }
    }

    /// The same, faster where networks of some windows have been padded; problem and settings are those of its program.
    #[must_use]
    pub fn narrowed(mut self, problem: &Problem, settings: &Settings) -> Self {
        self.narrow = Narrow::new(problem, settings, &self.engine, &self.windows);
        self.recent = Mutex::default();
        self
    }

    /// The windows, in the order of time; a steady problem has one.
    #[must_use]
    pub fn windows(&self) -> &[Window] {
        &self.windows
    }

    /// The values of the problem's parameters.
    #[must_use]
    pub fn parameters(&self) -> &[f64] {
        &self.parameters
    }

    /// Which coordinate is time.
    #[must_use]
    pub fn time(&self) -> Option<usize> {
        self.time
    }

    /// The network that all windows share.
    #[must_use]
    pub fn network(&self) -> &Network {
        &self.engine.program().network
    }

    /// The engine.
    #[must_use]
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// The time up to which the solution has been trained; infinite for a steady problem.
    #[must_use]
    pub fn trained_until(&self) -> f64 {
        match (self.time, self.windows.last()) {
            (Some(_), Some(last)) => last.reach(),
            (Some(_), None) => f64::NEG_INFINITY,
            (None, _) => f64::INFINITY,
        }
    }

    /// The points that lie in a trained window.
    #[must_use]
    pub fn trained_points(&self, points: &Points) -> Vec<usize> {
        let until = self.trained_until();
        let count = points.coordinates.first().map_or(0, Vec::len);
        (0..count)
            .filter(|&point| {
                self.time
                    .is_none_or(|time| points.coordinates[time][point] <= until)
            })
            .collect()
    }

    /// The values of each field, in the order of the problem. A point is evaluated by the network of its
    /// window; one where two windows meet by the earlier. Beyond the last window, which is the end of time
    /// unless the run was interrupted, there is no value: NaN.
    #[must_use]
    pub fn evaluate(&self, points: &Points) -> Vec<Vec<f64>> {
        self.values(BlockRef::Fields, points)
    }

    /// The values of the expressions that the problem was compiled with
    /// ([`Problem::outputs`](pdec_compiler::hir::Problem::outputs)), in their order, as [`Solution::evaluate`] has
    /// those of the fields.
    #[must_use]
    pub fn outputs(&self, points: &Points) -> Vec<Vec<f64>> {
        if self.engine.program().outputs.is_none() {
            return Vec::new();
        }
        self.values(BlockRef::Outputs, points)
    }

    fn values(&self, block: BlockRef, points: &Points) -> Vec<Vec<f64>> {
        let recent = || {
            self.recent
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner)
        };
        let same = |it: &&Evaluation| it.block == block && it.points == *points;
        if let Some(known) = recent().iter().find(same) {
            return known.values.clone();
        }
        let of = |number: usize| self.narrow.of(number);
        let values = evaluate_with(
            &self.engine,
            &of,
            block,
            &self.parameters,
            self.time,
            &self.windows,
            points,
        );
        if points.coordinates.first().map_or(0, Vec::len) <= MOST_REMEMBERED {
            let mut recent = recent();
            if recent.len() == REMEMBERED {
                recent.pop_front();
            }
            recent.push_back(Evaluation {
                block,
                points: points.clone(),
                values: values.clone(),
            });
        }
        values
    }

    /// Gradient correlation of each point with a neighbour at this offset, a fraction of each of the intervals: raw, and as
    /// a cosine, means over the fields. NaN beyond the last window.
    #[must_use]
    pub fn gradient_correlation(
        &self,
        intervals: &[(f64, f64)],
        points: &Points,
        offset: f64,
    ) -> [Vec<f64>; 2] {
        let count = points.coordinates.first().map_or(0, Vec::len);
        let mut found = [vec![f64::NAN; count], vec![f64::NAN; count]];
        let mut begin = f64::NEG_INFINITY;
        for (number, window) in self.windows.iter().enumerate() {
            let narrow = self.narrow.of(number);
            let (engine, own) = narrow.unwrap_or((&self.engine, &window.parameters));
            let inside = |point: &usize| {
                self.time.is_none_or(|time| {
                    let t = points.coordinates[time][*point];
                    begin < t && t <= window.reach()
                })
            };
            let mine: Vec<usize> = (0..count).filter(inside).collect();
            begin = window.reach();
            let mut intervals = intervals.to_vec();
            if let Some(time) = self.time {
                intervals[time] = (window.low, window.high);
            }
            let domain = Domain {
                intervals,
                time: self.time,
            };
            let uniforms = uniforms(&self.parameters, window.low, window.high);
            // A row of the Jacobian for each point: a few at a time.
            for mine in mine.chunks(128) {
                let here = points.coordinates.iter();
                let here = here.map(|column| mine.iter().map(|&point| column[point]).collect());
                let pairs = neighbours(engine, &domain, own, &uniforms, here.collect(), offset);
                for (&point, [raw, cosine]) in mine.iter().zip(pairs) {
                    found[0][point] = raw;
                    found[1][point] = cosine;
                }
            }
        }
        found
    }

    /// The exact values of a field, where they are known.
    #[must_use]
    pub fn exact(&self, field: usize, points: &Points) -> Option<Vec<f64>> {
        exact(&self.engine, &self.parameters, field, points)
    }
}

/// The uniforms of a window: the parameters of the problem, then the window's ends.
#[must_use]
pub fn uniforms(parameters: &[f64], low: f64, high: f64) -> Vec<f64> {
    let mut uniforms = parameters.to_vec();
    uniforms.extend([low, high]);
    uniforms
}

/// The values of each output of a block; see [`Solution::evaluate`].
#[must_use]
pub fn evaluate(
    engine: &Engine,
    block: BlockRef,
    parameters: &[f64],
    time: Option<usize>,
    windows: &[Window],
    points: &Points,
) -> Vec<Vec<f64>> {
    evaluate_with(engine, &|_| None, block, parameters, time, windows, points)
}

/// The same with other engines and parameters for some windows.
fn evaluate_with<'a>(
    engine: &'a Engine,
    narrow: &dyn Fn(usize) -> Option<(&'a Engine, &'a [f64])>,
    block: BlockRef,
    parameters: &[f64],
    time: Option<usize>,
    windows: &[Window],
    points: &Points,
) -> Vec<Vec<f64>> {
    let count = points.coordinates.first().map_or(0, Vec::len);
    let mut values = vec![vec![f64::NAN; count]; engine.block(block).output_count()];
    let window_of: Vec<usize> = (0..count)
        .map(|point| match time {
            // beyond the last window: no window of that number
            Some(time) => {
                let t = points.coordinates[time][point];
                windows.partition_point(|window| window.reach() < t)
            }
            None => 0,
        })
        .collect();
    for (number, window) in windows.iter().enumerate() {
        let mine: Vec<usize> = (0..count)
            .filter(|&point| window_of[point] == number)
            .collect();
        let columns = points
            .coordinates
            .iter()
            .map(|column| mine.iter().map(|&point| column[point]).collect())
            .collect();
        let uniforms = uniforms(parameters, window.low, window.high);
        let (engine, own) = narrow(number).unwrap_or((engine, &window.parameters));
        let found = engine.values(block, own, &uniforms, &PointSet::new(columns));
        for (values, column) in values.iter_mut().zip(found) {
            for (&point, value) in mine.iter().zip(column) {
                values[point] = value;
            }
        }
    }
    values
}

/// The exact values of a field; see [`Solution::exact`].
#[must_use]
pub fn exact(
    engine: &Engine,
    parameters: &[f64],
    field: usize,
    points: &Points,
) -> Option<Vec<f64>> {
    let kernel = engine.program().exact.get(field).copied().flatten()?;
    let uniforms = uniforms(parameters, 0.0, 1.0);
    Some(pointwise(engine, kernel, &uniforms, &points.coordinates).swap_remove(0))
}

/// A kernel of the coordinates alone, at each point: one column for each output.
///
/// Such kernels run a few times in a whole run, so they are interpreted.
#[must_use]
pub fn pointwise(
    engine: &Engine,
    kernel: usize,
    uniforms: &[f64],
    coordinates: &[Vec<f64>],
) -> Vec<Vec<f64>> {
    interpreted(&engine.program().kernels[kernel], uniforms, coordinates)
}

/// The same of any kernel of the coordinates alone.
#[must_use]
pub fn interpreted(kernel: &Kernel, uniforms: &[f64], coordinates: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let count = coordinates.first().map_or(0, Vec::len);
    let mut outputs = vec![vec![0.0; count]; kernel.outputs.len()];
    let inputs: Vec<&[f64]> = coordinates.iter().map(Vec::as_slice).collect();
    let mut targets: Vec<&mut [f64]> = outputs.iter_mut().map(Vec::as_mut_slice).collect();
    interpret(kernel, &inputs, uniforms, &mut targets);
    outputs
}
