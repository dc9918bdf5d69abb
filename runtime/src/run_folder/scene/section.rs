//! Where a picture lies in the domain.
//!
//! A field of more than two coordinates is drawn in a plane of two of them. Along a third, time where there is one, there
//! are four slices; the rest is held in the middle, or where the reader says.

use super::values::nearest;
use super::{Scene, Subject, View};
use crate::errors::axis;
use crate::plot::{self, PlotError};
use crate::run_folder::pictures::CURVE_SAMPLES;
use crate::solution::Points;
use pdec_compiler::hir::{CoordinateId, FieldId, Problem, Role};

/// Samples along each coordinate of a plane.
const SAMPLES: usize = 161;

/// Where a picture lies in the domain.
pub(super) struct Section {
    /// Horizontal, then vertical; or the only one.
    pub(super) plane: Vec<CoordinateId>,
    /// The coordinate with several values, and these.
    pub(super) slices: Option<(CoordinateId, Vec<f64>)>,
    /// Every other coordinate.
    pub(super) fixed: Vec<(CoordinateId, f64)>,
}

/// The points at which what the equations leave is drawn, where there are two coordinates.
pub fn plane_grid(problem: &Problem) -> Option<Points> {
    let ids: Vec<CoordinateId> = problem.coordinates.ids().collect();
    let &[first, second] = ids.as_slice() else {
        return None;
    };
    let across = if problem.coordinates[second].role == Role::Time {
        second
    } else {
        first
    };
    let columns = problem.coordinates.iter().map(|(id, it)| {
        let axis = axis(it.low, it.high, SAMPLES);
        let place = |n: usize| {
            if id == across {
                n % SAMPLES
            } else {
                n / SAMPLES
            }
        };
        (0..SAMPLES * SAMPLES).map(|n| axis[place(n)]).collect()
    });
    Some(Points {
        coordinates: columns.collect(),
    })
}

impl Scene<'_> {
    /// What the first subject depends on.
    fn arguments(&self, subject: Subject) -> Vec<CoordinateId> {
        match subject {
            Subject::Field(id) | Subject::Error(id) => self.problem.fields[id].arguments.clone(),
            Subject::Group(number) => self
                .problem
                .groups
                .get(number)
                .and_then(|group| group.components.first())
                .map_or_else(Vec::new, |id| self.problem.fields[*id].arguments.clone()),
            Subject::Output(_) => self.problem.coordinates.ids().collect(),
        }
    }

    pub(super) fn section(&self, view: &View) -> Result<Section, PlotError> {
        let unfit = |reason: String| PlotError::Unfit(reason);
        let Some(first) = view.subjects.first() else {
            return Err(unfit("there is nothing to draw".to_owned()));
        };
        let problem = self.problem;
        let is_time = |id: &CoordinateId| problem.coordinates[*id].role == Role::Time;
        let mut fixed: Vec<(CoordinateId, f64)> = Vec::new();
        let mut slices: Option<(CoordinateId, Vec<f64>)> = None;
        for (id, values) in &view.at {
            match values.as_slice() {
                [only] => fixed.push((*id, *only)),
                several if slices.is_none() => slices = Some((*id, several.to_vec())),
                _ => {
                    return Err(unfit(
                        "only one coordinate can have several values".to_owned(),
                    ));
                }
            }
        }
        let given = |id: &CoordinateId| view.at.iter().any(|(it, _)| it == id);
        let mut free: Vec<CoordinateId> = self
            .arguments(*first)
            .into_iter()
            .filter(|id| !given(id))
            .collect();
        if free.is_empty() {
            return Err(unfit(
                "every coordinate is held fixed; `pdec eval` has the value at a point".to_owned(),
            ));
        }
        if free.len() > 2 && slices.is_none() {
            // Time goes by in slices; of space the third coordinate does.
            let place = free.iter().position(is_time).unwrap_or(2);
            let id = free.remove(place);
            slices = Some((id, self.four(id)));
        }
        for id in free.split_off(free.len().min(2)) {
            let coordinate = &problem.coordinates[id];
            fixed.push((id, 0.5 * (coordinate.low + coordinate.high)));
        }
        // Time lies across, as everywhere.
        if free.len() == 2 && is_time(&free[1]) {
            free.swap(0, 1);
        }
        for (id, coordinate) in problem.coordinates.iter() {
            let known = free.contains(&id)
                || slices.as_ref().is_some_and(|(it, _)| *it == id)
                || fixed.iter().any(|(it, _)| *it == id);
            if !known {
                fixed.push((id, 0.5 * (coordinate.low + coordinate.high)));
            }
        }
        // An error is known where its reference has values.
        for subject in &view.subjects {
            if let Subject::Error(field) = subject {
                for (id, value) in &mut fixed {
                    *value = self.on_reference(*field, *id, *value);
                }
            }
        }
        Ok(Section {
            plane: free,
            slices,
            fixed,
        })
    }

    /// Quarters of time with its end, where errors have grown; of space fifths inside. On the axis of a reference, the
    /// nearest of its values.
    fn four(&self, id: CoordinateId) -> Vec<f64> {
        let coordinate = &self.problem.coordinates[id];
        let time = coordinate.role == Role::Time;
        let parts = if time {
            [0.25, 0.5, 0.75, 1.0]
        } else {
            [0.2, 0.4, 0.6, 0.8]
        };
        let high = if time {
            self.solution.trained_until().min(coordinate.high)
        } else {
            coordinate.high
        };
        parts
            .into_iter()
            .map(|part| coordinate.low * (1.0 - part) + high * part)
            .collect()
    }

    /// Every combination of the axes of a plane, the first fastest, on a slice.
    pub(super) fn points(
        &self,
        section: &Section,
        axes: &[Vec<f64>],
        slice: Option<f64>,
    ) -> Points {
        let count: usize = axes.iter().map(Vec::len).product();
        let columns = self.problem.coordinates.iter().map(|(id, coordinate)| {
            if let Some(place) = section.plane.iter().position(|it| *it == id) {
                let stride: usize = axes[..place].iter().map(Vec::len).product();
                let axis = &axes[place];
                return (0..count).map(|n| axis[n / stride % axis.len()]).collect();
            }
            let sliced = section.slices.as_ref().is_some_and(|(it, _)| *it == id);
            let fixed = section.fixed.iter().find(|(it, _)| *it == id);
            let value = match (sliced, slice, fixed) {
                (true, Some(value), _) => value,
                (_, _, Some((_, value))) => *value,
                (_, _, None) => coordinate.low,
            };
            vec![value; count]
        });
        Points {
            coordinates: columns.collect(),
        }
    }

    /// The axes of a plane: those of a reference for the error against it.
    pub(super) fn axes(&self, section: &Section, subject: Subject) -> Vec<Vec<f64>> {
        let count = if section.plane.len() == 1 {
            CURVE_SAMPLES
        } else {
            SAMPLES
        };
        let reference = match subject {
            Subject::Error(id) => self.reference(id).map(|(_, axes)| (id, axes)),
            Subject::Field(_) | Subject::Group(_) | Subject::Output(_) => None,
        };
        let axis_of = |id: &CoordinateId| {
            if let Some((field, axes)) = &reference
                && let Some(place) = self.problem.fields[*field]
                    .arguments
                    .iter()
                    .position(|it| it == id)
                && axes[place].len() > 1
            {
                return axes[place].clone();
            }
            let coordinate = &self.problem.coordinates[*id];
            axis(coordinate.low, coordinate.high, count)
        };
        section.plane.iter().map(axis_of).collect()
    }

    /// A slice of an error against a reference lies where the reference has values.
    pub(super) fn snapped(&self, subject: Subject, section: &Section, value: f64) -> f64 {
        match (subject, &section.slices) {
            (Subject::Error(field), Some((id, _))) => self.on_reference(field, *id, value),
            _ => value,
        }
    }

    /// The value of a coordinate that is nearest among those of the grid of a field's reference, where there is one.
    fn on_reference(&self, field: FieldId, id: CoordinateId, value: f64) -> f64 {
        let mut arguments = self.problem.fields[field].arguments.iter();
        let place = arguments.position(|it| *it == id);
        match (self.reference(field), place) {
            (Some((_, axes)), Some(place)) => axes[place][nearest(&axes[place], value)],
            _ => value,
        }
    }

    /// `t = 0.5 s`
    pub(super) fn at(&self, id: CoordinateId, value: f64) -> String {
        let coordinate = &self.problem.coordinates[id];
        let value = plot::number(value);
        match &coordinate.unit {
            Some(unit) => format!("{} = {value} {}", coordinate.name, unit.text),
            None => format!("{} = {value}", coordinate.name),
        }
    }

    /// What was given, and what is held fixed of coordinates that the reader cannot see.
    pub(super) fn subtitle(&self, section: &Section) -> String {
        let fixed = section.fixed.iter().map(|(id, value)| self.at(*id, *value));
        let parts: Vec<String> = std::iter::once(self.subtitle.clone())
            .filter(|it| !it.is_empty())
            .chain(fixed)
            .collect();
        parts.join(" · ")
    }
}
