//! The choice of features: activation, scales, sparsity, how many, and how many time windows.
//!
//! A few hundred features tell in milliseconds which scales are right: first on a coarse grid, then coordinate by
//! coordinate. More features follow while the residual on fresh points falls.

use super::march::{Marched, Task, march};
use super::{Family, Layer, counts};
use crate::engine::EngineError;
use crate::sampling::{Domain, Purpose, stream};
use crate::solution::{Points as Places, evaluate};
use crate::train::window::domain_of;
use pdec_compiler::hir::{Problem, Role};
use pdec_compiler::network::Activation;
use pdec_compiler::program::Support;
use pdec_compiler::settings::{Features, Points, Settings};

/// Unknowns of the least-squares problems that are tried, one after the other.
const LEVELS: [usize; 5] = [256, 512, 1024, 2048, 3072];

/// With so many unknowns a solve takes long, and only a few scales are tried.
const LARGE: usize = 2048;

/// The search ends below this relative residual, times the number of windows.
const TARGET: f64 = 1e-11;

/// Above this nothing is known about the solution yet.
const UNKNOWN: f64 = 0.1;

/// More features are tried while they lower the residual at least by this factor.
const WORTHWHILE: f64 = 0.5;

/// The scales of the coarse search.
const SCALES: [f64; 7] = [0.25, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0];

/// The numbers of windows of the coarse search.
const WINDOWS: [usize; 4] = [1, 4, 16, 64];

/// The largest number of windows.
const MOST_WINDOWS: usize = 512;

/// Factors of the search along a coordinate, one after the other.
const FACTORS: [f64; 2] = [2.0, std::f64::consts::SQRT_2];

/// The solve that the error is estimated with has this part of the features, and others.
const COMPANION: (usize, usize) = (3, 4);

/// Points where the two solves are compared.
const COMPARED: usize = 2048;

/// What is searched for, and for what.
pub struct Search<'a> {
    /// The problem.
    pub problem: &'a Problem,
    /// Its settings.
    pub settings: &'a Settings,
    /// The scales that the user gave, and whether neurons are sparse.
    pub features: &'a Features,
    /// The values of its parameters.
    pub parameters: &'a [f64],
    /// The seed of everything that is drawn.
    pub seed: u64,
    /// Worker threads.
    pub threads: usize,
    /// Whether the problem is linear in its fields.
    pub linear: bool,
    /// Told the relative residual of everything that is tried; whether to stop.
    pub report: &'a mut dyn FnMut(f64) -> bool,
}

/// What has been found.
pub struct Found {
    /// Neurons.
    pub width: usize,
    /// How they were drawn.
    pub family: Family,
    /// Points of each kind.
    pub points: Points,
    /// Time windows.
    pub windows: usize,
    /// The solution.
    pub marched: Marched,
    /// For each field, the relative L2 distance to a solve with fewer and other features: an estimate of the error.
    pub estimates: Vec<f64>,
    /// Least-squares problems solved.
    pub solves: usize,
}

/// One thing to try.
#[derive(Clone, PartialEq)]
struct Candidate {
    family: Family,
    windows: usize,
}

/// The layers of one width.
struct Level {
    width: usize,
    layers: Vec<(Activation, Layer)>,
}

impl<'a> Search<'a> {
    /// Searches and solves. None where nothing could be solved.
    ///
    /// # Errors
    ///
    /// If the processor is not supported.
    pub fn run(&mut self) -> Result<Option<Found>, EngineError> {
        let mut solves = 0;
        let mut best: Option<(Candidate, f64, usize)> = None;
        let mut stopped = false;
        for unknowns in self.levels() {
            let mut level = Level {
                width: unknowns,
                layers: Vec::new(),
            };
            let earlier = best.clone();
            let mut here: Option<(Candidate, f64)> = None;
            if let Some((candidate, ..)) = &earlier {
                self.attempt(&mut level, candidate.clone(), &mut here, &mut solves)?;
            }
            let lost = here.as_ref().is_none_or(|(_, score)| *score > UNKNOWN);
            if lost {
                for candidate in self.coarse() {
                    stopped |= self.attempt(&mut level, candidate, &mut here, &mut solves)?;
                    if stopped {
                        break;
                    }
                }
                self.variants(&mut level, &mut here, &mut solves)?;
            }
            if self.features.scale.is_empty() && !stopped {
                stopped = self.descend(&mut level, &mut here, &mut solves)?;
            }
            let Some((candidate, score)) = here else {
                break;
            };
            let before = earlier.map_or(f64::INFINITY, |(_, score, _)| score);
            if score < before {
                best = Some((candidate, score, unknowns));
            }
            let stagnant = score > WORTHWHILE * before && before < UNKNOWN;
            if score < TARGET || stagnant || stopped {
                break;
            }
        }
        let Some((candidate, _, width)) = best else {
            return Ok(None);
        };
        self.finish(&candidate, width, solves)
    }

    /// The widths to try.
    fn levels(&self) -> Vec<usize> {
        if !self.settings.automatic.network {
            return vec![self.settings.network.layers().0];
        }
        let fields = self.problem.fields.len().max(1);
        let levels = LEVELS.iter();
        levels.map(|unknowns| (unknowns / fields).max(8)).collect()
    }

    /// The number of windows, where the user gave it or there is no time.
    fn fixed_windows(&self) -> Option<usize> {
        if self.problem.time().is_none() {
            Some(1)
        } else if self.settings.automatic.windows {
            None
        } else {
            Some(self.settings.windows)
        }
    }

    /// The first candidates: the same scale for all coordinates.
    fn coarse(&self) -> Vec<Candidate> {
        let coordinates = self.problem.coordinates.len();
        let scales: Vec<Vec<f64>> = match self.features.scale.as_slice() {
            [] => SCALES
                .iter()
                .map(|&scale| vec![scale; coordinates])
                .collect(),
            [only] => vec![vec![*only; coordinates]],
            several => vec![several.to_vec()],
        };
        let windows = self
            .fixed_windows()
            .map_or(WINDOWS.to_vec(), |count| vec![count]);
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

    /// Another activation, and sparse neurons in several dimensions, each with scales around the best.
    fn variants(
        &mut self,
        level: &mut Level,
        here: &mut Option<(Candidate, f64)>,
        solves: &mut usize,
    ) -> Result<(), EngineError> {
        if !self.features.scale.is_empty() {
            return Ok(());
        }
        let Some((base, _)) = here.clone() else {
            return Ok(());
        };
        if self.problem.coordinates.len() > 2 && !self.features.sparse {
            for scale in SCALES {
                let mut other = base.clone();
                other.family.sparse = true;
                other.family.scales.fill(scale);
                if self.attempt(level, other, here, solves)? {
                    return Ok(());
                }
            }
        }
        if self.settings.automatic.network {
            let base = here.as_ref().map_or(base, |(best, _)| best.clone());
            for factor in [0.125, 0.25, 0.5, 1.0] {
                let mut other = base.clone();
                other.family.activation = Activation::Tanh;
                other.family.scales.iter_mut().for_each(|s| *s *= factor);
                if self.attempt(level, other, here, solves)? {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// Scales that are changed together: each coordinate on its own in few dimensions, else space and time.
    fn groups(&self) -> Vec<Vec<usize>> {
        let coordinates = self.problem.coordinates.iter();
        let time = |id: &usize| {
            let coordinate = self.problem.coordinates.iter().nth(*id);
            coordinate.is_some_and(|(_, coordinate)| coordinate.role == Role::Time)
        };
        let all: Vec<usize> = coordinates.map(|(id, _)| id.index()).collect();
        if all.len() <= 3 {
            return all.into_iter().map(|coordinate| vec![coordinate]).collect();
        }
        let (times, space): (Vec<usize>, Vec<usize>) = all.into_iter().partition(time);
        [space, times]
            .into_iter()
            .filter(|group| !group.is_empty())
            .collect()
    }

    /// Changes one thing after the other while that helps. Whether to stop.
    fn descend(
        &mut self,
        level: &mut Level,
        here: &mut Option<(Candidate, f64)>,
        solves: &mut usize,
    ) -> Result<bool, EngineError> {
        let large = level.width * self.problem.fields.len() >= LARGE;
        let first = level.width * self.problem.fields.len() <= LEVELS[0];
        let factors: &[f64] = if first { &FACTORS } else { &FACTORS[1..] };
        if large {
            return Ok(false);
        }
        for &factor in factors {
            for group in self.groups() {
                for direction in [factor, 1.0 / factor] {
                    let mut improved = false;
                    // As long as it helps, at most a thousandfold.
                    for _ in 0..10 {
                        let Some((mut other, score)) = here.clone() else {
                            return Ok(false);
                        };
                        for &coordinate in &group {
                            other.family.scales[coordinate] *= direction;
                        }
                        if self.attempt(level, other, here, solves)? {
                            return Ok(true);
                        }
                        if here.as_ref().is_none_or(|(_, now)| *now >= score) {
                            break;
                        }
                        improved = true;
                    }
                    if improved {
                        break;
                    }
                }
            }
            if self.fixed_windows().is_none() && self.windows(level, here, solves)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// More or fewer windows, the scale of time in proportion. Whether to stop.
    fn windows(
        &mut self,
        level: &mut Level,
        here: &mut Option<(Candidate, f64)>,
        solves: &mut usize,
    ) -> Result<bool, EngineError> {
        let time = self.problem.time().map(|id| id.index());
        for double in [true, false] {
            for _ in 0..4 {
                let Some((mut other, score)) = here.clone() else {
                    return Ok(false);
                };
                if double {
                    other.windows *= 2;
                } else {
                    other.windows /= 2;
                }
                if other.windows == 0 || other.windows > MOST_WINDOWS {
                    break;
                }
                if let Some(time) = time {
                    other.family.scales[time] *= if double { 0.5 } else { 2.0 };
                }
                if self.attempt(level, other, here, solves)? {
                    return Ok(true);
                }
                if here.as_ref().is_none_or(|(_, now)| *now >= score) {
                    break;
                }
            }
        }
        Ok(false)
    }

    /// Solves the first window with a candidate, which becomes the best if it is. Whether to stop.
    fn attempt(
        &mut self,
        level: &mut Level,
        candidate: Candidate,
        here: &mut Option<(Candidate, f64)>,
        solves: &mut usize,
    ) -> Result<bool, EngineError> {
        let layer = self.layer(level, candidate.family.activation)?;
        let marched = march(&self.task(layer, &candidate, self.seed), 1, &mut |_| false);
        *solves += 1;
        let score = score(&candidate, &marched);
        if here.as_ref().is_none_or(|(_, best)| score < *best) {
            *here = Some((candidate, score));
        }
        Ok((self.report)(marched.residual))
    }

    fn layer<'l>(
        &self,
        level: &'l mut Level,
        activation: Activation,
    ) -> Result<&'l Layer, EngineError> {
        let known = |(known, _): &(Activation, Layer)| *known == activation;
        let position = match level.layers.iter().position(known) {
            Some(position) => position,
            None => {
                let (problem, settings) = (self.problem, self.settings);
                let layer = Layer::new(problem, settings, activation, level.width, self.threads)?;
                level.layers.push((activation, layer));
                level.layers.len() - 1
            }
        };
        Ok(&level.layers[position].1)
    }

    fn task<'t>(&self, layer: &'t Layer, candidate: &'t Candidate, seed: u64) -> Task<'t>
    where
        'a: 't,
    {
        let points = if self.settings.automatic.points {
            counts(layer.engine().program(), layer.width, self.settings.points)
        } else {
            self.settings.points
        };
        Task {
            problem: self.problem,
            settings: self.settings,
            parameters: self.parameters,
            seed,
            linear: self.linear,
            layer,
            family: &candidate.family,
            points,
            windows: candidate.windows,
        }
    }

    /// Solves all windows, and once more with fewer features for the estimate.
    fn finish(
        &mut self,
        candidate: &Candidate,
        width: usize,
        solves: usize,
    ) -> Result<Option<Found>, EngineError> {
        let (layer, marched, points) = self.solve(candidate, width, self.seed)?;
        if marched.windows.is_empty() || !marched.residual.is_finite() {
            return Ok(None);
        }
        let fewer = (width * COMPANION.0 / COMPANION.1).max(1);
        let (other, companion, _) =
            self.solve(candidate, fewer, self.seed.wrapping_add(1 << 32))?;
        let estimates = self.distances((&layer, &marched), (&other, &companion));
        Ok(Some(Found {
            width,
            family: candidate.family.clone(),
            windows: candidate.windows,
            points,
            solves: solves + marched.windows.len() + companion.windows.len(),
            marched,
            estimates,
        }))
    }

    /// Solves all windows.
    fn solve(
        &mut self,
        candidate: &Candidate,
        width: usize,
        seed: u64,
    ) -> Result<(Layer, Marched, Points), EngineError> {
        let (problem, settings) = (self.problem, self.settings);
        let activation = candidate.family.activation;
        let layer = Layer::new(problem, settings, activation, width, self.threads)?;
        let task = self.task(&layer, candidate, seed);
        let points = task.points;
        let marched = march(&task, candidate.windows, self.report);
        Ok((layer, marched, points))
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
                crate::engine::BlockRef::Fields,
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

/// Errors of windows add up.
#[allow(clippy::cast_precision_loss)] // a count
fn score(candidate: &Candidate, marched: &Marched) -> f64 {
    marched.residual * candidate.windows as f64
}
