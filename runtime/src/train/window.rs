//! One time window: its terms, points and optimisers.

use super::integrals::{Summed, append};
use super::points::{first_draw, redraw};
use super::weights::{Chunks, balanced};
use crate::data::Measured;
use crate::engine::{Batch, BlockRef, Engine, Panels, PointSet};
use crate::optimise::Objective;
use crate::sampling::Domain;
use crate::solution::{Window, pointwise, uniforms};
use crate::state::{Resume, State, StateError, wrong};
use pdec_compiler::hir::Problem;
use pdec_compiler::program::Support;
use pdec_compiler::settings::Settings;
use rand_chacha::ChaCha8Rng;

/// A window under way.
pub struct WindowState<'a> {
    engine: &'a Engine,
    settings: &'a Settings,
    data: &'a [Measured],
    domain: Domain,
    uniforms: Vec<f64>,
    points: Vec<PointSet>,
    scales: Vec<f64>,
    /// The factor of each term, where weights follow training and have been computed.
    factors: Option<Vec<f64>>,
    /// The interior by chunks of time, where early times count before late ones.
    chunks: Option<Chunks>,
}

impl<'a> WindowState<'a> {
    /// Draws the points of a window; `previous` is the window before, with its uniforms' parameters in
    /// `parameters`.
    pub fn new(
        engine: &'a Engine,
        settings: &'a Settings,
        data: &'a [Measured],
        parameters: &[f64],
        domain: Domain,
        previous: Option<&Window>,
        random: &mut ChaCha8Rng,
    ) -> Self {
        let (low, high) = domain
            .time
            .map_or((0.0, 1.0), |time| domain.intervals[time]);
        let uniforms = uniforms(parameters, low, high);
        let mut points: Vec<PointSet> = engine
            .program()
            .terms
            .iter()
            .map(|term| {
                first_draw(
                    &engine.program().breaks,
                    term.support,
                    settings,
                    &domain,
                    data,
                    random,
                )
            })
            .collect();
        for (term, points) in engine.program().terms.iter().zip(&mut points) {
            if term.support == Support::Initial {
                points.data = handed_over(engine, parameters, &uniforms, previous, points);
            }
        }
        let scales = engine
            .program()
            .terms
            .iter()
            .zip(&points)
            .map(|(term, points)| {
                let count = if term.support.is_summed() {
                    1
                } else {
                    points.len()
                };
                (weight(term.support, settings, data) / size(count)).sqrt()
            })
            .collect();
        let mut state = Self {
            engine,
            settings,
            data,
            domain,
            uniforms,
            points,
            scales,
            factors: None,
            chunks: None,
        };
        state.sort();
        state
    }

    /// The position of the term of the equations.
    fn interior(&self) -> Option<usize> {
        let terms = &self.engine.program().terms;
        terms
            .iter()
            .position(|term| term.support == Support::Interior)
    }

    /// Sorts interior points into chunks of time, where they are wanted.
    fn sort(&mut self) {
        let (Some(settings), Some(time), Some(interior)) =
            (self.settings.causal, self.domain.time, self.interior())
        else {
            return;
        };
        let window = self.domain.intervals[time];
        let points = &self.points[interior];
        match &mut self.chunks {
            Some(chunks) => chunks.sort(points, time, window),
            None => self.chunks = Some(Chunks::new(settings, points, time, window)),
        }
    }

    /// Whether the loss is the one that is meant: causal weights, where they are set, have let all times in.
    pub fn is_complete(&self) -> bool {
        self.chunks.as_ref().is_none_or(|chunks| chunks.done)
    }

    /// Whether any weight follows training.
    pub fn follows(&self) -> bool {
        self.chunks.is_some() || self.settings.balance.follow().is_some()
    }

    /// New factors of the terms, with what is kept of the old ones.
    pub fn balance(&mut self, parameters: &[f64]) {
        let (Some(follow), Some(new)) = (
            self.settings.balance.follow(),
            balanced(
                self.settings.balance,
                self.engine,
                &self.points,
                parameters,
                &self.uniforms,
            ),
        ) else {
            return;
        };
        let keep = follow.momentum;
        self.factors = Some(match &self.factors {
            None => new,
            Some(old) => old
                .iter()
                .zip(new)
                .map(|(old, new)| keep * old + (1.0 - keep) * new)
                .collect(),
        });
    }

    /// New causal weights.
    pub fn follow_causality(&mut self, parameters: &[f64]) {
        let (Some(mut chunks), Some(interior)) = (self.chunks.take(), self.interior()) else {
            return;
        };
        let loss = |number: usize, points: &PointSet, scale: f64| {
            let batch = Batch {
                block: BlockRef::Term(number),
                points,
                scale,
            };
            let r = self.engine.residuals(parameters, &self.uniforms, &[batch]);
            crate::optimise::dot(&r, &r)
        };
        let terms = self.engine.program().terms.iter().enumerate();
        let before = terms
            .filter(|(_, term)| term.support == Support::Initial)
            .map(|(number, _)| loss(number, &self.points[number], self.scale(number)))
            .sum();
        let losses: Vec<f64> = chunks
            .points
            .iter()
            .map(|points| loss(interior, points, (1.0 / size(points.len())).sqrt()))
            .collect();
        chunks.follow(before, &losses);
        self.chunks = Some(chunks);
    }

    /// The factor of the residuals of a term, chunks aside.
    fn scale(&self, term: usize) -> f64 {
        let factor = self.factors.as_ref().map_or(1.0, |factors| factors[term]);
        self.scales[term] * factor.sqrt()
    }

    /// The uniforms of the window.
    pub fn uniforms(&self) -> &[f64] {
        &self.uniforms
    }

    /// The domain of the window.
    pub fn domain(&self) -> &Domain {
        &self.domain
    }

    /// Draws the interior points anew.
    pub fn redraw(&mut self, parameters: &[f64], random: &mut ChaCha8Rng) {
        for (number, term) in self.engine.program().terms.iter().enumerate() {
            if term.support == Support::Interior {
                self.points[number] = redraw(
                    self.engine,
                    number,
                    self.settings,
                    &self.domain,
                    parameters,
                    &self.uniforms,
                    random,
                );
            }
        }
        self.sort();
    }

    /// The same window with all points new, to check with.
    pub fn fresh(
        &self,
        parameters: &[f64],
        previous: Option<&Window>,
        random: &mut ChaCha8Rng,
    ) -> Self {
        Self::new(
            self.engine,
            self.settings,
            self.data,
            parameters,
            self.domain.clone(),
            previous,
            random,
        )
    }

    /// The mean square of each residual, in the units of its equation, by term and label.
    pub fn mean_squares(&self, parameters: &[f64]) -> Vec<(String, f64)> {
        mean_squares(self.engine, &self.points, parameters, &self.uniforms)
    }

    /// The norm of all residuals, relative to that of a network of zeros.
    pub fn relative_residual(&self, parameters: &[f64]) -> f64 {
        let norm = |parameters: &[f64]| {
            let r = self.residuals(parameters);
            crate::optimise::dot(&r, &r).sqrt()
        };
        let whole = norm(&vec![0.0; parameters.len()]);
        let rest = norm(parameters);
        if whole > 0.0 { rest / whole } else { rest }
    }

    fn is_summed(&self, term: usize) -> bool {
        self.engine.program().terms[term].support.is_summed()
    }

    /// The residuals that are sums over points.
    fn sums(&self) -> Vec<Summed<'_>> {
        let terms = self.points.iter().enumerate();
        terms
            .filter(|(term, _)| self.is_summed(*term))
            .map(|(term, points)| Summed {
                term,
                points,
                scale: self.scale(term),
            })
            .collect()
    }

    /// All batches whose residuals are single points.
    fn batches(&self) -> Vec<Batch<'_>> {
        let mut batches = Vec::new();
        for (number, points) in self.points.iter().enumerate() {
            if self.is_summed(number) {
                continue;
            }
            let block = BlockRef::Term(number);
            let scale = self.scale(number);
            match &self.chunks {
                Some(chunks) if self.interior() == Some(number) => {
                    // An empty chunk has no residuals.
                    let chunks = chunks.points.iter().zip(&chunks.weights);
                    batches.extend(chunks.filter(|(points, _)| !points.is_empty()).map(
                        |(points, weight)| Batch {
                            block,
                            points,
                            scale: scale * weight.sqrt(),
                        },
                    ));
                }
                Some(_) | None => batches.push(Batch {
                    block,
                    points,
                    scale,
                }),
            }
        }
        batches
    }
}

impl Resume for WindowState<'_> {
    fn save(&self, state: &mut State) {
        // Domain and uniforms follow from the number of the window, the scales from the numbers of points.
        let Self {
            engine: _,
            settings: _,
            data: _,
            domain: _,
            uniforms: _,
            points,
            scales: _,
            factors,
            chunks,
        } = self;
        if let Some(factors) = factors {
            state.put_numbers("factors", factors);
        }
        state.put_count("balanced", usize::from(factors.is_some()));
        if let Some(chunks) = chunks {
            state.put("chunks", chunks);
        }
        for (term, points) in points.iter().enumerate() {
            let PointSet { coordinates, data } = points;
            for (name, columns) in [("coordinates", coordinates), ("data", data)] {
                for (number, column) in columns.iter().enumerate() {
                    state.put_numbers(&format!("term{term}.{name}{number}"), column);
                }
            }
        }
    }

    fn load(&mut self, state: &State) -> Result<(), StateError> {
        for (term, points) in self.points.iter_mut().enumerate() {
            let count = points.len();
            let PointSet { coordinates, data } = points;
            for (name, columns) in [("coordinates", coordinates), ("data", data)] {
                for (number, column) in columns.iter_mut().enumerate() {
                    *column = state.numbers_of(&format!("term{term}.{name}{number}"), count)?;
                }
            }
            let inside = |(column, interval): (&Vec<f64>, &(f64, f64))| {
                column.iter().all(|x| (interval.0..=interval.1).contains(x))
            };
            let mut columns = points.coordinates.iter().zip(&self.domain.intervals);
            if !columns.all(inside) {
                return Err(wrong("points", "lie outside the domain"));
            }
        }
        self.factors = match state.count("balanced")? {
            0 => None,
            _ => Some(state.finite("factors", self.points.len())?),
        };
        if let Some(chunks) = &mut self.chunks {
            state.get("chunks", chunks)?;
        }
        self.sort();
        Ok(())
    }
}

impl Objective for WindowState<'_> {
    fn loss_and_gradient(&self, parameters: &[f64]) -> (f64, Vec<f64>) {
        let (engine, uniforms) = (self.engine, &self.uniforms);
        let (mut loss, mut gradient) =
            engine.loss_and_gradient(parameters, uniforms, &self.batches());
        for sum in self.sums() {
            let (part, own) = sum.loss_and_gradient(engine, parameters, uniforms);
            loss += part;
            for (all, own) in gradient.iter_mut().zip(own) {
                *all += own;
            }
        }
        (loss, gradient)
    }

    fn residuals(&self, parameters: &[f64]) -> Vec<f64> {
        let (engine, uniforms) = (self.engine, &self.uniforms);
        let mut residuals = engine.residuals(parameters, uniforms, &self.batches());
        for sum in self.sums() {
            residuals.extend(sum.residuals(engine, parameters, uniforms));
        }
        residuals
    }

    fn jacobian(&self, parameters: &[f64], jacobian: &mut Panels) {
        let (engine, uniforms) = (self.engine, &self.uniforms);
        engine.jacobian_panels(parameters, uniforms, &self.batches(), jacobian);
        let rows = self.sums().into_iter();
        let rows: Vec<Vec<f64>> = rows
            .flat_map(|sum| sum.rows(engine, parameters.len(), parameters, uniforms))
            .collect();
        if !rows.is_empty() {
            append(jacobian, &rows);
        }
    }

    fn image(&self, parameters: &[f64], v: &[f64]) -> Vec<f64> {
        let (engine, uniforms) = (self.engine, &self.uniforms);
        let batches = self.batches();
        let missing = || vec![f64::NAN; engine.row_count(&batches)];
        // An engine runs on this machine; if its tangents did not, the step would not be finite, and told so.
        let image = engine.jvp(parameters, uniforms, &batches, v);
        let mut image = image.unwrap_or_else(|_| missing());
        for sum in self.sums() {
            image.extend(sum.image(engine, parameters, uniforms, v));
        }
        image
    }

    fn pulled(&self, parameters: &[f64], w: &[f64]) -> Vec<f64> {
        let (engine, uniforms) = (self.engine, &self.uniforms);
        let batches = self.batches();
        let (own, mut rest) = w.split_at(engine.row_count(&batches).min(w.len()));
        let mut pulled = engine.vjp(parameters, uniforms, &batches, own);
        for sum in self.sums() {
            let count = engine.block(BlockRef::Term(sum.term)).output_count();
            let (own, after) = rest.split_at(count.min(rest.len()));
            rest = after;
            let part = sum.pulled(engine, parameters, uniforms, own);
            for (all, part) in pulled.iter_mut().zip(part) {
                *all += part;
            }
        }
        pulled
    }

    fn with_threads<R: Send>(&self, work: impl FnOnce() -> R + Send) -> R {
        self.engine.with_threads(work)
    }
}

/// The mean square of each residual on points of each term, in the units of its equation, by term and label.
pub fn mean_squares(
    engine: &Engine,
    points: &[PointSet],
    parameters: &[f64],
    uniforms: &[f64],
) -> Vec<(String, f64)> {
    let mut result = Vec::new();
    for (number, (term, points)) in engine.program().terms.iter().zip(points).enumerate() {
        let values = engine.values(BlockRef::Term(number), parameters, uniforms, points);
        for ((label, unit), column) in term.units(length(uniforms)).zip(values) {
            let square: f64 = if term.support.is_summed() {
                let sum: f64 = column.iter().sum();
                sum * sum
            } else {
                column.iter().map(|r| r * r).sum::<f64>() / size(points.len())
            };
            result.push((label.clone(), square / unit));
        }
    }
    result
}

/// The length of the window that these uniforms are of.
pub fn length(uniforms: &[f64]) -> f64 {
    uniforms[uniforms.len() - 1] - uniforms[uniforms.len() - 2]
}

/// The domain of a window: the box, with its part of the time interval.
pub fn domain_of(problem: &Problem, windows: usize, number: usize) -> Domain {
    let time = problem.time().map(|id| id.index());
    let mut intervals: Vec<(f64, f64)> = problem
        .coordinates
        .iter()
        .map(|(_, coordinate)| (coordinate.low, coordinate.high))
        .collect();
    if let Some(time) = time {
        let (low, high) = intervals[time];
        let count = windows.max(1);
        #[allow(clippy::cast_precision_loss)] // far below 2^52
        let at = |end: usize| {
            if end == count {
                high
            } else {
                low + (high - low) * end as f64 / count as f64
            }
        };
        intervals[time] = (at(number), at(number + 1));
    }
    Domain { intervals, time }
}

/// The values that a window starts from: given by the problem, or taken from the window before.
pub fn handed_over(
    engine: &Engine,
    parameters: &[f64],
    own: &[f64],
    previous: Option<&Window>,
    points: &PointSet,
) -> Vec<Vec<f64>> {
    let Some(handover) = &engine.program().handover else {
        return Vec::new();
    };
    match previous {
        None => pointwise(engine, handover.start, own, &points.coordinates),
        Some(window) => engine.values(
            BlockRef::Continuation,
            &window.parameters,
            &uniforms(parameters, window.low, window.high),
            &PointSet::new(points.coordinates.clone()),
        ),
    }
}

/// The weight of a term of the loss.
pub fn weight(support: Support, settings: &Settings, data: &[Measured]) -> f64 {
    match support {
        Support::Interior | Support::Quadrature(_) | Support::Numbers => 1.0,
        Support::Initial => settings.weights.initial,
        Support::Face { .. } => settings.weights.boundary,
        Support::Observed(number) => data.get(number).map_or(1.0, Measured::weight),
    }
}

#[allow(clippy::cast_precision_loss)] // point counts are far below 2^52
fn size(count: usize) -> f64 {
    count.max(1) as f64
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a test may fail

    use super::*;
    use crate::sampling::{Purpose, stream};
    use pdec_compiler::front::read;
    use pdec_compiler::program::build;
    use pdec_compiler::source::Source;

    /// Products with the Jacobian are those of the stored one, sums over points included.
    #[test]
    fn products_with_the_jacobian_need_no_matrix() {
        let text = "coord x in [0, 1]\nfield u(x)\nunknown k in (1, 20)\neq u_xx + k*u + u^3 = 0\n\
            on boundary: u = 0\nconstraint integral(u^2, x) = 1\n\
            train { conditions = soft network = mlp(width = 4, depth = 2) points = [interior = 30] }";
        let front = read(&Source::new("test.pde", text), &[]).unwrap();
        let program = build(&front.problem, &front.settings).program;
        let engine = Engine::new(program, 1).unwrap();
        assert!(
            engine
                .program()
                .terms
                .iter()
                .any(|it| it.support.is_summed())
        );
        let domain = domain_of(&front.problem, 1, 0);
        let mut random = stream(1, Purpose::Points);
        let state = WindowState::new(
            &engine,
            &front.settings,
            &[],
            &front.problem.parameter_values(),
            domain,
            None,
            &mut random,
        );
        let count = engine.program().network.parameters;
        let wave = |length: usize, step: f64| -> Vec<f64> {
            (0..length).map(|k| (step * k as f64).sin()).collect()
        };
        let theta = wave(count, 1.7);
        let mut jacobian = Panels::default();
        state.jacobian(&theta, &mut jacobian);
        let (v, w) = (wave(count, 0.9), wave(jacobian.rows(), 0.4));
        let mut padded = v.clone();
        padded.push(0.0);
        let pairs = [
            (state.image(&theta, &v), jacobian.times(&padded)),
            (
                state.pulled(&theta, &w),
                jacobian.transposed_times(count, &w),
            ),
        ];
        for (free, dense) in pairs {
            assert_eq!(free.len(), dense.len());
            let largest = dense.iter().fold(0.0, |most: f64, it| most.max(it.abs()));
            for (free, dense) in free.iter().zip(&dense) {
                assert!((free - dense).abs() < 1e-10 * largest, "{free} {dense}");
            }
        }
    }
}
