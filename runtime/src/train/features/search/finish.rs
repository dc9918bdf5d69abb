//! The whole solution, and the estimate of its error.

use super::{Best, FAITHFUL, Found, Layer, Search, UNKNOWN};
use crate::engine::EngineError;
use crate::train::Stage;
use crate::train::estimate::distances;
use crate::train::features::look::{Look, Solved};
use crate::train::features::march::{Marched, Task, march};
use crate::train::features::projection::Guess;
use crate::train::features::uncertainty::{Certainty, certainty};
use pdec_compiler::settings::Points;

/// The solve that the error is estimated with has this part of the features, and others.
const COMPANION: (usize, usize) = (3, 4);

/// One whose residual is so many times larger has found something else.
const ASTRAY: f64 = 1e3;

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
            // One that does not satisfy its equations is no yardstick, nor is one that has gone astray: fewer features leave
            // more, but not so much.
            let most = (ASTRAY * marched.residual).clamp(FAITHFUL, UNKNOWN);
            let solved = companion.residual < most;
            if solved && companion.windows.len() == marched.windows.len() {
                let found = (layer.engine(), marched.windows.as_slice());
                let other = (other.engine(), companion.windows.as_slice());
                distances(self.problem, self.seed, found, other)
            } else {
                Vec::new()
            }
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
                let most = self.most_work - self.work_done;
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
                    stopped |= marched.work > most;
                    stopped || residual > HOPELESS.max(limit)
                };
                let marched = march(&task, candidate.windows, &mut stop);
                self.solves += solves;
                self.work_done += marched.work;
                self.stopped |= stopped;
                marched
            }
        };
        Ok((layer, marched))
    }
}
