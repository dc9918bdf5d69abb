//! The whole solution, and the estimate of its error.

use super::{Best, Found, Layer, Search, UNKNOWN};
use crate::engine::{BlockRef, EngineError};
use crate::sampling::{Domain, Purpose, stream};
use crate::solution::{Points as Places, evaluate};
use crate::train::Stage;
use crate::train::features::look::{Look, Solved};
use crate::train::features::march::{Marched, Task, march};
use crate::train::features::projection::Guess;
use crate::train::features::uncertainty::{Certainty, certainty};
use crate::train::window::domain_of;
use pdec_compiler::program::Support;
use pdec_compiler::settings::Points;

/// The solve that the error is estimated with has this part of the features, and others.
const COMPANION: (usize, usize) = (3, 4);

/// Points where the two solves are compared.
const COMPARED: usize = 2048;

/// Windows with larger residuals are not marched on from.
const HOPELESS: f64 = 1e-2;

impl Search<'_> {
    /// Solves once more with fewer features for the estimate.
    pub(super) fn finish(
        &mut self,
        layer: &Layer,
        best: &Best,
        marched: Marched,
    ) -> Result<Option<Found>, EngineError> {
        if marched.windows.is_empty() || !marched.residual.is_finite() {
            return Ok(None);
        }
        let fewer = (best.width * COMPANION.0 / COMPANION.1).max(1);
        let complete = marched.windows.len() == best.candidate.windows && !self.stopped;
        let estimates = if complete && marched.residual < UNKNOWN {
            let seed = self.seed.wrapping_add(1 << 32);
            let points = Some(self.points(layer));
            let (other, companion) = self.solve(best, fewer, seed, points, None, f64::INFINITY)?;
            self.distances((layer, &marched), (&other, &companion))
        } else {
            Vec::new()
        };
        let certainty = match marched.windows.first() {
            Some(window) => {
                let task = self.task(layer, &best.candidate, self.seed);
                certainty(&task, &window.parameters)
            }
            None => Certainty::default(),
        };
        Ok(Some(Found {
            certainty,
            width: best.width,
            family: best.candidate.family.clone(),
            windows: best.candidate.windows,
            points: self.points(layer),
            solves: self.solves,
            cut: self.stopped,
            marched,
            estimates,
        }))
    }

    /// Solves all windows, unless that is done already; up to one whose residual is above a limit. Points are as many as
    /// the layer needs unless they are given.
    pub(super) fn solve(
        &mut self,
        best: &Best,
        width: usize,
        seed: u64,
        points: Option<Points>,
        done: Option<Marched>,
        limit: f64,
    ) -> Result<(Layer, Marched), EngineError> {
        let candidate = &best.candidate;
        let (problem, settings, parameters) = (self.problem, self.settings, self.parameters);
        let activation = candidate.family.activation;
        let layer = Layer::new(problem, settings, activation, width, self.threads)?;
        let marched = match done {
            Some(done) => done,
            None => {
                let projector = self.projector(activation, width)?;
                let guess = projector.as_ref().and_then(|projector| {
                    Some(Guess {
                        projector,
                        layer: &best.layer,
                        window: best.first.windows.first()?,
                    })
                });
                let task = Task {
                    problem,
                    settings,
                    parameters: self.parameters,
                    data: self.data,
                    seed,
                    linear: self.linear,
                    layer: &layer,
                    family: &candidate.family,
                    points: points.unwrap_or_else(|| self.points(&layer)),
                    windows: candidate.windows,
                    start: None,
                    guess,
                };
                let (mut solves, mut points) = (0, layer.engine().points_evaluated());
                let mut stopped = false;
                let report = &mut *self.report;
                let stage = if seed == self.seed {
                    Stage::Solve
                } else {
                    Stage::Estimate
                };
                let mut stop = |marched: &Marched| {
                    let residual = marched.residuals.last().copied().unwrap_or(f64::INFINITY);
                    let evaluated = layer.engine().points_evaluated();
                    let last = marched.last(layer.engine(), problem, parameters);
                    stopped |= report(&Look {
                        stage,
                        window: solves,
                        windows: candidate.windows,
                        residual,
                        left: candidate.windows - solves - 1,
                        points: evaluated - points,
                        solved: last.as_ref().map(|last| last as &dyn Solved),
                    });
                    points = layer.engine().points_evaluated();
                    solves += 1;
                    stopped || residual > HOPELESS.max(limit)
                };
                let marched = march(&task, candidate.windows, &mut stop);
                self.solves += solves;
                self.stopped |= stopped;
                marched
            }
        };
        Ok((layer, marched))
    }

    /// For each field, the relative L2 distance of two solutions; none where one is incomplete.
    fn distances(&self, a: (&Layer, &Marched), b: (&Layer, &Marched)) -> Vec<f64> {
        if a.1.windows.len() != b.1.windows.len() {
            return Vec::new();
        }
        let first = domain_of(self.problem, 1, 0);
        let mut intervals = first.intervals;
        if let (Some(time), Some(last)) = (first.time, a.1.windows.last()) {
            intervals[time].1 = last.high;
        }
        let domain = Domain {
            intervals,
            time: first.time,
        };
        let mut random = stream(self.seed, Purpose::Fresh);
        let places = Places {
            coordinates: domain.sobol(Support::Interior, COMPARED, &mut random),
        };
        let values = |(layer, marched): (&Layer, &Marched)| {
            let windows = &marched.windows;
            evaluate(
                layer.engine(),
                BlockRef::Fields,
                self.parameters,
                domain.time,
                windows,
                &places,
            )
        };
        values(a)
            .iter()
            .zip(values(b))
            .map(|(a, b)| {
                let difference: f64 = a.iter().zip(&b).map(|(a, b)| (a - b) * (a - b)).sum();
                let size: f64 = a.iter().map(|a| a * a).sum();
                if size > 0.0 {
                    (difference / size).sqrt()
                } else {
                    difference.sqrt()
                }
            })
            .collect()
    }
}
