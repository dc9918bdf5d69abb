//! Errors while a run is under way: against exact solutions and references, window by window.
//!
//! * Input: the values of the fields in a window, wherever they are asked for.
//! * Output: for each field what the window adds to its error ([`Part`]); parts add up ([`errors`]).
//! * Invariants: points are the same every time; looking changes nothing of a run.

use crate::data::Reference;
use crate::engine::Engine;
use crate::sampling::{Purpose, stream};
use crate::solution::{Points, exact};
use crate::train::window::domain_of;
use pdec_compiler::hir::Problem;
use pdec_compiler::program::Support;

/// Points of a window where its solution is compared with an exact one.
const EACH: usize = 512;

/// What a window adds to the error of a field: sums over points, each with the part of the domain that it stands for.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Part {
    difference: f64,
    truth: f64,
    size: f64,
}

/// Where a solution is compared with the truth.
pub struct Truth<'a> {
    /// The problem.
    pub problem: &'a Problem,
    /// Any engine of it.
    pub engine: &'a Engine,
    /// The values of its parameters.
    pub parameters: &'a [f64],
    /// Tabulated solutions.
    pub references: &'a [Reference],
    /// Points of a reference in a window, at most; of more, every second is taken, or every third, and so on.
    pub most: usize,
}

impl Truth<'_> {
    /// Whether the true solution of a field is known.
    pub fn knows(&self, field: usize) -> bool {
        let exact = self.engine.program().exact.get(field);
        exact.is_some_and(Option::is_some) || self.references.iter().any(|it| it.field == field)
    }

    /// What a window adds, by field; none where no truth is known. `values` evaluates all fields within the window.
    pub fn part(
        &self,
        (low, high): (f64, f64),
        values: &dyn Fn(&Points) -> Vec<Vec<f64>>,
    ) -> Vec<Option<Part>> {
        let fields = self.problem.fields.len();
        if !(0..fields).any(|field| self.knows(field)) {
            return vec![None; fields];
        }
        let mut domain = domain_of(self.problem, 1, 0);
        let begin = domain.time.map(|time| domain.intervals[time].0);
        if let Some(time) = domain.time {
            domain.intervals[time] = (low, high);
        }
        let mut random = stream(0, Purpose::Watch);
        let anywhere = Points {
            coordinates: domain.sobol(Support::Interior, EACH, &mut random),
        };
        #[allow(clippy::cast_precision_loss)] // a small count
        let share = (high - low) / EACH as f64;
        let mut found: Option<Vec<Vec<f64>>> = None;
        let part_of = |field: usize| {
            if let Some(truth) = exact(self.engine, self.parameters, field, &anywhere) {
                let found = found.get_or_insert_with(|| values(&anywhere));
                return Some(sum(&found[field], &truth, share));
            }
            let reference = self.references.iter().find(|it| it.field == field)?;
            let columns = &reference.points.coordinates;
            let inside = |point: &usize| {
                domain.time.is_none_or(|time| {
                    let t = columns[time][*point];
                    (low < t || Some(low) == begin) && t <= high
                })
            };
            let inside: Vec<usize> = (0..reference.values.len()).filter(inside).collect();
            let stride = inside.len().div_ceil(self.most.max(1)).max(1);
            let chosen: Vec<usize> = inside.into_iter().step_by(stride).collect();
            let of = |column: &Vec<f64>| chosen.iter().map(|&point| column[point]).collect();
            let places = Points {
                coordinates: columns.iter().map(of).collect(),
            };
            #[allow(clippy::cast_precision_loss)] // a small count
            let share = stride as f64;
            Some(sum(&values(&places)[field], &of(&reference.values), share))
        };
        (0..fields).map(part_of).collect()
    }
}

fn sum(found: &[f64], truth: &[f64], share: f64) -> Part {
    let mut part = Part::default();
    for (found, truth) in found.iter().zip(truth) {
        part.difference += share * (found - truth) * (found - truth);
        part.truth += share * truth * truth;
        part.size += share;
    }
    part
}

/// The relative L2 error of each field with a known solution over some windows; absolute where the truth is zero.
pub fn errors<'a>(
    problem: &Problem,
    windows: impl Iterator<Item = &'a Vec<Option<Part>>> + Clone,
) -> Vec<(String, f64)> {
    let fields = problem.fields.iter().enumerate();
    fields
        .filter_map(|(number, (_, field))| {
            let mut all = Part::default();
            for part in windows.clone().filter_map(|window| window[number]) {
                all.difference += part.difference;
                all.truth += part.truth;
                all.size += part.size;
            }
            let scale = if all.truth == 0.0 {
                all.size
            } else {
                all.truth
            };
            (all.size > 0.0).then(|| (field.name.clone(), (all.difference / scale).sqrt()))
        })
        .collect()
}
