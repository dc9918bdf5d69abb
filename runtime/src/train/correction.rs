//! An estimate of the error of a solution where there is no second one: how large the correction is that its residuals ask for.
//!
//! * Input: the networks of all windows, whatever trained them.
//! * Output: a relative L2 size of the correction for each field, or why there is none.
//! * Method: with `r` the residuals of `u` and `L` their derivative by the fields, the error is `δ` with `L·δ = −r`, up to its
//!   square. `δ` is a combination of random waves, found by linear least squares: they are put beside what the last layer of
//!   the network reads, so that derivatives of residuals at `u` are the engine's own. A window begins with the corrected
//!   values of the one before: errors that are handed over count. Scale and number of the waves are those that leave least of
//!   the residual on other points; where much is left, nothing is known of the error.
//! * Invariants: what is found is not changed; points and waves are drawn from streams of their own; work is bounded by counts.

use super::estimate::distances;
use super::features::assemble::{Factors, balance, matrix, pieces, residuals};
use super::features::draw::fill;
use super::features::uncertainty::is_whole;
use super::features::{Family, Layer, counts};
use super::points::first_draw;
use super::window::{domain_of, handed_over, weight};
use crate::engine::{Engine, EngineError, PointSet};
use crate::optimise::dot;
use crate::optimise::least_squares::LeastSquares;
use crate::sampling::{Domain, Purpose, stream};
use crate::solution::{Window, uniforms};
use pdec_compiler::hir::Problem;
use pdec_compiler::network::{Activation, BESIDE, Network};
use pdec_compiler::program::{Support, build_with};
use pdec_compiler::settings::Settings;

/// Waves of all fields together that are tried, one number after the other.
const LEVELS: [usize; 3] = [192, 384, 768];

/// Their scales.
const SCALES: [f64; 6] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0];

/// A correction that leaves so much of the residual, or less, is good enough.
const ENOUGH: f64 = 0.1;

/// One that leaves more says nothing of the error.
const USABLE: f64 = 0.5;

/// The columns of a last layer that are solved for, at most.
const MOST_COLUMNS: usize = 3000;

/// Rows of all windows together times squared columns: half a minute.
const MOST_WORK: f64 = 2e11;

/// Draws of its own.
const OTHER: u64 = 1 << 33;

/// What is corrected.
pub struct Found<'a> {
    /// The problem.
    pub problem: &'a Problem,
    /// The settings that the networks were built with.
    pub settings: &'a Settings,
    /// Their engine.
    pub engine: &'a Engine,
    /// The networks.
    pub windows: &'a [Window],
    /// The seed of the run.
    pub seed: u64,
    /// Worker threads.
    pub threads: usize,
}

/// The estimate, or why there is none.
pub type Estimate = Result<Vec<f64>, String>;

/// A layer with waves beside the neurons of the network.
struct Wide {
    layer: Layer,
    /// The first parameter of the network's last layer, and how many neurons it reads.
    last: (usize, usize),
}

/// The windows so far, corrected, and the largest part of the residual that is left.
struct Corrected {
    windows: Vec<Window>,
    left: f64,
}

impl Found<'_> {
    /// The relative L2 size of the correction of each field. `is_over` is asked between solves, whether to stop.
    ///
    /// # Errors
    ///
    /// If the processor is not supported.
    pub fn estimate(&self, is_over: &dyn Fn() -> bool) -> Result<Estimate, EngineError> {
        if is_whole(self.problem) {
            let why = "numbers or integrals belong to the solution, or data do";
            return Ok(Err(why.to_owned()));
        }
        let mut least = f64::INFINITY;
        let mut family = None;
        let mut tried = 0;
        let fields = self.problem.fields.len().max(1);
        for unknowns in LEVELS {
            let count = unknowns.div_ceil(fields);
            let Some(wide) = self.wide(count)? else {
                let why = "the last layer is not one that reads all neurons at once";
                return Ok(Err(why.to_owned()));
            };
            if self.is_too_much(&wide) {
                break;
            }
            tried = count;
            let first = &self.windows[..self.windows.len().min(1)];
            let around: Vec<f64> = match family {
                None => SCALES.to_vec(),
                Some(scale) => vec![scale, 2.0 * scale],
            };
            let mut best: Option<(f64, f64)> = None;
            for scale in around {
                if is_over() {
                    return Ok(Err("the time limit came first".to_owned()));
                }
                let Some(corrected) = self.correct(&wide, scale, first, is_over) else {
                    continue;
                };
                if best.is_none_or(|(left, _)| corrected.left < left) {
                    best = Some((corrected.left, scale));
                }
            }
            let Some((left, scale)) = best else { continue };
            family = Some(scale);
            least = least.min(left);
            if left > ENOUGH && unknowns != LEVELS[LEVELS.len() - 1] {
                continue;
            }
            if left > USABLE {
                break;
            }
            let Some(corrected) = self.correct(&wide, scale, self.windows, is_over) else {
                continue;
            };
            if corrected.windows.len() < self.windows.len() {
                return Ok(Err("the time limit came first".to_owned()));
            }
            least = corrected.left;
            if corrected.left <= USABLE {
                let found = (self.engine, self.windows);
                let other = (wide.layer.engine(), corrected.windows.as_slice());
                return Ok(Ok(distances(self.problem, self.seed, found, other)));
            }
        }
        Ok(Err(if tried == 0 {
            "the network is too large to be corrected".to_owned()
        } else if least.is_finite() {
            format!(
                "a correction with {tried} waves leaves {:.0} % of the residual",
                (100.0 * least).min(999.0)
            )
        } else {
            "no correction could be computed".to_owned()
        }))
    }

    /// The network with so many waves beside it.
    fn wide(&self, count: usize) -> Result<Option<Wide>, EngineError> {
        let settings = self.settings;
        let coordinates = self.problem.coordinates.len();
        let plain = &self.engine.program().network;
        let Some(last) = plain.last_layer() else {
            return Ok(None);
        };
        let last = (last.weight, last.inputs);
        let mut fits = true;
        let compiled = build_with(self.problem, settings, |inputs, outputs| {
            let network = Network::with_features(
                &settings.network,
                settings.features.fourier,
                settings.rwf,
                coordinates,
                inputs,
                outputs,
            );
            network.clone().with_waves_beside(count).unwrap_or_else(|| {
                fits = false;
                network
            })
        });
        if !fits {
            return Ok(None);
        }
        let layer = Layer::last(compiled.program, count, self.threads)?;
        let program = layer.engine().program();
        // What is before the last layer, and behind it, are as they were.
        let own = program.network.last_layer();
        let matches = own.is_some_and(|own| {
            let more = own.weight - last.0 + count * own.outputs;
            own.inputs == last.1 + count && program.network.parameters == plain.parameters + more
        });
        Ok(matches.then_some(Wide { layer, last }))
    }

    #[allow(clippy::cast_precision_loss)] // counts
    fn is_too_much(&self, wide: &Wide) -> bool {
        let columns = wide.layer.columns();
        let work = 2.0 * (columns as f64).powi(3) * self.windows.len() as f64;
        columns > MOST_COLUMNS || work > MOST_WORK
    }

    /// The parameters of a window's network in the wide one; `waves` are those of the wide one with waves and zeros.
    fn moved(&self, wide: &Wide, waves: &[f64], window: &Window) -> Option<Vec<f64>> {
        let network = &wide.layer.engine().program().network;
        let own = network.last_layer()?;
        let (weight, inputs) = wide.last;
        let mut moved = waves.to_vec();
        let plain = &window.parameters;
        moved[..weight].copy_from_slice(plain.get(..weight)?);
        for output in 0..own.outputs {
            let from = weight + output * inputs;
            let to = own.weight + output * own.inputs;
            moved[to..to + inputs].copy_from_slice(plain.get(from..from + inputs)?);
        }
        let bias = weight + own.outputs * inputs;
        moved[own.bias..].copy_from_slice(plain.get(bias..)?);
        Some(moved)
    }

    /// Corrects windows with waves of a scale, until it is over. None where that cannot be computed.
    fn correct(
        &self,
        wide: &Wide,
        scale: f64,
        windows: &[Window],
        is_over: &dyn Fn() -> bool,
    ) -> Option<Corrected> {
        let layer = &wide.layer;
        let engine = layer.engine();
        let program = engine.program();
        let parameters = self.problem.parameter_values();
        let seed = self.seed.wrapping_add(OTHER);
        let family = Family {
            activation: Activation::Sin,
            scales: vec![scale; self.problem.coordinates.len()],
            sparse: false,
        };
        let beside = program.network.affines().find(|it| it.name == BESIDE)?;
        let mut waves = vec![0.0; program.network.parameters];
        let mut random = stream(seed, Purpose::Weights);
        fill(program, beside, &family, &mut random, &mut waves);
        let mut settings = self.settings.clone();
        let width = layer.columns().div_ceil(self.problem.fields.len().max(1));
        settings.points = counts(program, width, settings.points);
        let mut factors: Option<Factors> = None;
        let mut corrected = Corrected {
            windows: Vec::new(),
            left: 0.0,
        };
        for window in windows {
            if is_over() {
                break;
            }
            let mut domain = domain_of(self.problem, 1, 0);
            if let Some(time) = domain.time {
                domain.intervals[time] = (window.low, window.high);
            }
            let own = uniforms(&parameters, window.low, window.high);
            let start = self.moved(wide, &waves, window)?;
            let before = corrected.windows.last();
            let draw =
                |purpose| self.draw(layer, &settings, &domain, (&own, before), seed, purpose);
            let (points, fresh) = (draw(Purpose::Points), draw(Purpose::Fresh));
            let factors = factors.get_or_insert_with(|| {
                let terms = program.terms.iter();
                let weights = terms.map(|term| weight(term.support, &settings, &[]));
                let weights: Vec<f64> = weights.collect();
                balance(layer, &start, &own, &points, &weights)
            });
            let [points, fresh] = [points, fresh].map(|it| pieces(program, &it, usize::MAX));
            let r = residuals(layer, &start, &own, &points, factors);
            let (matrix, blocks) = matrix(layer, &start, &own, &points, factors);
            let columns = layer.columns();
            let step = engine.with_threads(|| {
                LeastSquares::new(matrix, &blocks, columns).map(|solver| solver.solve(&r))
            })?;
            let mut moved = start.clone();
            let first = program.network.last_layer()?.weight;
            for (parameter, step) in moved[first..].iter_mut().zip(&step) {
                *parameter += step;
            }
            let norm = |parameters: &[f64]| {
                let r = residuals(layer, parameters, &own, &fresh, factors);
                dot(&r, &r).sqrt()
            };
            let (all, left) = (norm(&start), norm(&moved));
            let left = if all > 0.0 { left / all } else { 0.0 };
            if !left.is_finite() {
                return None;
            }
            corrected.left = corrected.left.max(left);
            corrected.windows.push(Window {
                low: window.low,
                high: window.high,
                parameters: moved,
            });
        }
        (!corrected.windows.is_empty()).then_some(corrected)
    }

    /// The points of a window.
    fn draw(
        &self,
        layer: &Layer,
        settings: &Settings,
        domain: &Domain,
        (own, before): (&[f64], Option<&Window>),
        seed: u64,
        purpose: Purpose,
    ) -> Vec<PointSet> {
        let engine = layer.engine();
        let program = engine.program();
        let parameters = self.problem.parameter_values();
        let mut random = stream(seed, purpose);
        let terms = program.terms.iter();
        terms
            .map(|term| {
                let support = term.support;
                let breaks = &program.breaks;
                let mut points = first_draw(breaks, support, settings, domain, &[], &mut random);
                if support == Support::Initial {
                    points.data = handed_over(engine, &parameters, own, before, &points);
                }
                points
            })
            .collect()
    }
}
