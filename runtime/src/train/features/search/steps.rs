//! What is tried, one thing after the other.

use super::{
    Best, Candidate, Family, Features, LEVELS, Layer, Level, MOST_WORK, RESOLVED, Search, UNKNOWN,
    merit, score,
};
use crate::engine::EngineError;
use crate::train::Stage;
use crate::train::features::counts;
use crate::train::features::look::{Look, Solved};
use crate::train::features::march::{Marched, Task, march};
use crate::train::features::projection::{Guess, Projector};
use crate::train::features::uncertainty::{is_whole, misfits};
use pdec_compiler::hir::Role;
use pdec_compiler::network::Activation;
use pdec_compiler::settings::Points;
use std::rc::Rc;

/// With so many unknowns a solve takes long, and only a few scales are tried.
const LARGE: usize = 2000;

/// The scales of the coarse search.
const SCALES: [f64; 7] = [0.25, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0];

/// What another activation is tried with, times the scale of the best.
const SMOOTHER: [f64; 4] = [0.125, 0.25, 0.5, 1.0];

/// The numbers of windows of the coarse search.
const WINDOWS: [usize; 4] = [1, 4, 16, 64];

/// The same where time is the only coordinate.
const WINDOWS_OF_TIME: [usize; 5] = [1, 4, 16, 64, 256];

/// The largest number of windows; the second where the problem is not linear and there is space.
const MOST_WINDOWS: [usize; 2] = [512, 64];

/// Factors of the search along a coordinate, one after the other.
const FACTORS: [f64; 2] = [2.0, std::f64::consts::SQRT_2];

impl Search<'_> {
    /// The first candidates: the same scale for all coordinates.
    pub(super) fn coarse(&self) -> Vec<Candidate> {
        let coordinates = self.problem.coordinates.len();
        let scales: Vec<Vec<f64>> = match self.features.scale.as_slice() {
            [] => SCALES
                .iter()
                .map(|&scale| vec![scale; coordinates])
                .collect(),
            [only] => vec![vec![*only; coordinates]],
            several => vec![several.to_vec()],
        };
        let all: &[usize] = if self.is_ordinary() {
            &WINDOWS_OF_TIME
        } else {
            &WINDOWS
        };
        let windows = self
            .fixed_windows()
            .map_or_else(|| all.to_vec(), |count| vec![count]);
        let activation = if self.settings.automatic.network {
            Activation::Sin
        } else {
            self.settings.network.layers().2
        };
        let family = |scales: &Vec<f64>| Family {
            activation,
            scales: scales.clone(),
            sparse: self.features.sparse,
        };
        let windows = windows.iter();
        windows
            .flat_map(|&windows| {
                scales.iter().map(move |scales| Candidate {
                    family: family(scales),
                    windows,
                })
            })
            .collect()
    }

    /// Another activation, and sparse neurons in several dimensions, each with scales around the best. Whether to stop.
    pub(super) fn variants(
        &mut self,
        level: &mut Level,
        here: &mut Option<Best>,
    ) -> Result<bool, EngineError> {
        if !self.features.scale.is_empty() {
            return Ok(false);
        }
        let Some(base) = here.as_ref().map(|best| best.candidate.clone()) else {
            return Ok(false);
        };
        if self.problem.coordinates.len() > 2 && !self.features.sparse {
            for scale in SCALES {
                let mut other = base.clone();
                other.family.sparse = true;
                other.family.scales.fill(scale);
                if self.attempt(level, other, here)? {
                    return Ok(true);
                }
            }
        }
        if self.settings.automatic.network {
            let base = here.as_ref().map_or(base, |best| best.candidate.clone());
            for factor in SMOOTHER {
                let mut other = base.clone();
                other.family.activation = Activation::Tanh;
                other.family.scales.iter_mut().for_each(|s| *s *= factor);
                if self.attempt(level, other, here)? {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// How many attempts [`Self::variants`] makes.
    pub(super) fn variants_planned(&self) -> usize {
        if !self.features.scale.is_empty() {
            return 0;
        }
        let sparse = self.problem.coordinates.len() > 2 && !self.features.sparse;
        usize::from(sparse) * SCALES.len()
            + usize::from(self.settings.automatic.network) * SMOOTHER.len()
    }

    /// How many attempts [`Self::descend`] makes at least, from one of its factors and groups on.
    pub(super) fn descent_planned(&self, width: usize, from: (usize, usize)) -> usize {
        let unknowns = width * self.problem.fields.len();
        if !self.features.scale.is_empty() || self.rough || unknowns >= LARGE {
            return 0;
        }
        let each = 2 * self.groups().len() + 2 * usize::from(self.fixed_windows().is_none());
        (self.factors(width).len() * each).saturating_sub(from.0 * each + 2 * from.1)
    }

    /// The factors of the search along a coordinate, one after the other.
    fn factors(&self, width: usize) -> &'static [f64] {
        if width * self.problem.fields.len() <= LEVELS[0] {
            &FACTORS
        } else {
            &FACTORS[1..]
        }
    }

    /// Scales that are changed together: all, then each coordinate on its own in few dimensions, else space and time.
    fn groups(&self) -> Vec<Vec<usize>> {
        let coordinates = self.problem.coordinates.iter();
        let time = |id: &usize| {
            let coordinate = self.problem.coordinates.iter().nth(*id);
            coordinate.is_some_and(|(_, coordinate)| coordinate.role == Role::Time)
        };
        let all: Vec<usize> = coordinates.map(|(id, _)| id.index()).collect();
        if all.len() <= 3 {
            let each: Vec<Vec<usize>> = all.iter().map(|&coordinate| vec![coordinate]).collect();
            let together = (all.len() > 1).then_some(all);
            return together.into_iter().chain(each).collect();
        }
        let (times, space): (Vec<usize>, Vec<usize>) = all.into_iter().partition(time);
        [space, times]
            .into_iter()
            .filter(|group| !group.is_empty())
            .collect()
    }

    /// Changes one thing after the other while that helps. Whether to stop.
    pub(super) fn descend(
        &mut self,
        level: &mut Level,
        here: &mut Option<Best>,
    ) -> Result<bool, EngineError> {
        let large = level.width * self.problem.fields.len() >= LARGE;
        let factors = self.factors(level.width);
        if large {
            return self.finer(level, here);
        }
        for (round, &factor) in factors.iter().enumerate() {
            for (number, group) in self.groups().into_iter().enumerate() {
                self.left = self.descent_planned(level.width, (round, number));
                for direction in [factor, 1.0 / factor] {
                    let mut improved = false;
                    // As long as it helps, at most a thousandfold.
                    for _ in 0..10 {
                        let Some((mut other, score)) = here.as_ref().map(Best::parts) else {
                            return Ok(false);
                        };
                        for &coordinate in &group {
                            other.family.scales[coordinate] *= direction;
                        }
                        if self.attempt(level, other, here)? {
                            return Ok(true);
                        }
                        if here.as_ref().is_none_or(|now| now.merit() >= score) {
                            break;
                        }
                        improved = true;
                    }
                    if improved {
                        break;
                    }
                }
            }
            if self.fixed_windows().is_none() && self.windows(level, here)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Larger scales, where the solution is not resolved yet. Whether to stop.
    fn finer(&mut self, level: &mut Level, here: &mut Option<Best>) -> Result<bool, EngineError> {
        let Some(best) = here.as_ref().filter(|best| best.score > RESOLVED) else {
            return Ok(false);
        };
        let mut other = best.candidate.clone();
        let scales = other.family.scales.iter_mut();
        scales.for_each(|scale| *scale *= FACTORS[1]);
        self.attempt(level, other, here)
    }

    /// More or fewer windows, the scale of time in proportion. Whether to stop.
    fn windows(&mut self, level: &mut Level, here: &mut Option<Best>) -> Result<bool, EngineError> {
        let time = self.problem.time().map(|id| id.index());
        for double in [true, false] {
            for _ in 0..4 {
                let Some((mut other, score)) = here.as_ref().map(Best::parts) else {
                    return Ok(false);
                };
                if double {
                    other.windows *= 2;
                } else {
                    other.windows /= 2;
                }
                let hard = !self.linear && !self.is_ordinary();
                if other.windows == 0 || other.windows > MOST_WINDOWS[usize::from(hard)] {
                    break;
                }
                if let Some(time) = time {
                    other.family.scales[time] *= if double { 0.5 } else { 2.0 };
                }
                if self.attempt(level, other, here)? {
                    return Ok(true);
                }
                if here.as_ref().is_none_or(|now| now.merit() >= score) {
                    break;
                }
            }
        }
        Ok(false)
    }

    /// Solves the first window with a candidate, which becomes the best if it is. Whether to stop.
    pub(super) fn attempt(
        &mut self,
        level: &mut Level,
        candidate: Candidate,
        here: &mut Option<Best>,
    ) -> Result<bool, EngineError> {
        if here.is_some() && self.work(level.width, candidate.windows) > MOST_WORK {
            return Ok(false);
        }
        let features = self.features_of(level, candidate.family.activation)?;
        let layer = Rc::clone(&level.layers[features].layer);
        let known = here.as_ref().filter(|best| best.score < UNKNOWN);
        let before = level.before.as_ref().filter(|best| best.score < UNKNOWN);
        let known = known.or(before);
        let guess = known.and_then(|best| {
            Some(Guess {
                projector: level.layers[features].projector.as_ref()?,
                layer: &best.layer,
                window: best.first.windows.first()?,
            })
        });
        let task = Task {
            guess,
            ..self.task(&layer, &candidate, self.seed)
        };
        let points = layer.engine().points_evaluated();
        let marched = march(&task, 1, &mut |_| false);
        let points = layer.engine().points_evaluated() - points;
        let met = self.meets_data(&task, &marched);
        let score = score(&task, &marched);
        self.solves += 1;
        self.work_done += marched.work;
        self.stopped |= self.work_done > self.most_work;
        self.left = self.left.saturating_sub(1);
        let last = marched.last(layer.engine(), self.problem, self.parameters);
        self.stopped |= (self.report)(&Look {
            stage: Stage::Search,
            window: 0,
            windows: candidate.windows,
            residual: marched.residual,
            left: self.left,
            points,
            solved: last.as_ref().map(|last| last as &dyn Solved),
        });
        let own = merit(&candidate, score);
        if here.as_ref().is_none_or(|best| own < best.merit()) {
            *here = Some(Best {
                layer: Rc::clone(&layer),
                candidate,
                score,
                width: level.width,
                first: marched,
            });
        }
        Ok(self.stopped || (met && score < self.target()))
    }

    /// Whether a solution is as near to the data as their noise says.
    fn meets_data(&self, task: &Task<'_>, marched: &Marched) -> bool {
        let Some(window) = marched.windows.first().filter(|_| !self.data.is_empty()) else {
            return self.data.is_empty();
        };
        let misfits = misfits(task, &window.parameters);
        let mut data = self.data.iter().zip(misfits);
        data.all(|(measured, misfit)| measured.is_met_by(misfit))
    }

    /// The position of the features of an activation at a level.
    fn features_of(&self, level: &mut Level, activation: Activation) -> Result<usize, EngineError> {
        let known = |known: &Features| known.activation == activation;
        if let Some(position) = level.layers.iter().position(known) {
            return Ok(position);
        }
        let (problem, settings) = (self.problem, self.settings);
        let (width, threads) = (level.width, self.threads);
        let layer = Layer::new(problem, settings, activation, width, threads)?;
        level.layers.push(Features {
            activation,
            layer: Rc::new(layer),
            projector: self.projector(activation, width)?,
        });
        Ok(level.layers.len() - 1)
    }

    /// What starts so many features from another solution. Only without time: a projection has larger coefficients than what
    /// Gauss–Newton finds from zero, and their rounding is handed over from window to window.
    pub(super) fn projector(
        &self,
        activation: Activation,
        width: usize,
    ) -> Result<Option<Projector>, EngineError> {
        if self.linear || is_whole(self.problem) || self.problem.time().is_some() {
            return Ok(None);
        }
        let (problem, settings) = (self.problem, self.settings);
        Projector::new(problem, settings, activation, width, self.threads)
    }

    pub(super) fn points(&self, layer: &Layer) -> Points {
        if self.settings.automatic.points {
            counts(layer.engine().program(), layer.width, self.settings.points)
        } else {
            self.settings.points
        }
    }

    pub(super) fn task<'t>(
        &'t self,
        layer: &'t Layer,
        candidate: &'t Candidate,
        seed: u64,
    ) -> Task<'t> {
        Task {
            problem: self.problem,
            settings: self.settings,
            parameters: self.parameters,
            data: self.data,
            seed,
            linear: self.linear,
            layer,
            family: &candidate.family,
            points: self.points(layer),
            windows: candidate.windows,
            start: self.start.as_ref(),
            guess: None,
        }
    }
}
