//! What is drawn: values of fields, their errors, lengths of vectors, and what equations leave.

use super::section::Section;
use super::{Scene, Subject};
use crate::data::Reference;
use crate::plot::PlotError;
use crate::solution::Points;
use pdec_compiler::hir::{CoordinateId, FieldId, Role};

/// Values at points, and the two components of a vector of the plane there.
pub(super) type ValuesAndArrows = (Vec<f64>, Option<[Vec<f64>; 2]>);

impl Scene<'_> {
    /// The reference of a field without exact solution, where it is a grid.
    pub(super) fn reference(&self, field: FieldId) -> Option<(&Reference, &Vec<Vec<f64>>)> {
        if self.problem.exact.iter().any(|exact| exact.field == field) {
            return None;
        }
        let mut references = self.references.iter();
        let found = references.find(|it| it.field == field.index())?;
        Some((found, found.axes.as_ref()?))
    }

    /// The truth at points: exact, or of a reference between whose points nothing is known, the nearest along coordinates
    /// that are held fixed.
    pub(super) fn truth(&self, field: FieldId, points: &Points) -> Result<Vec<f64>, PlotError> {
        if let Some(values) = self.solution.exact(field.index(), points) {
            return Ok(values);
        }
        let name = &self.problem.fields[field].name;
        let Some((reference, axes)) = self.reference(field) else {
            return Err(PlotError::Unfit(format!(
                "`{name}` has neither an exact solution nor a reference on a grid: its error is not known"
            )));
        };
        let arguments = &self.problem.fields[field].arguments;
        let count = points.coordinates.first().map_or(0, Vec::len);
        let value = |point: usize| {
            let mut cell = 0;
            for (axis, id) in axes.iter().zip(arguments) {
                let at = points.coordinates[id.index()][point];
                cell = cell * axis.len() + nearest(axis, at);
            }
            reference.values[cell]
        };
        Ok((0..count).map(value).collect())
    }

    /// Values of a subject at points, with the two components of a vector of the plane.
    pub(super) fn values(
        &self,
        subject: Subject,
        section: &Section,
        points: &Points,
    ) -> Result<ValuesAndArrows, PlotError> {
        match subject {
            Subject::Field(id) => {
                Ok((self.solution.evaluate(points).swap_remove(id.index()), None))
            }
            Subject::Error(id) => {
                let found = self.solution.evaluate(points).swap_remove(id.index());
                let truth = self.truth(id, points)?;
                let pairs = found.iter().zip(truth);
                Ok((
                    pairs.map(|(found, truth)| (found - truth).abs()).collect(),
                    None,
                ))
            }
            Subject::Output(number) => {
                let mut outputs = self.solution.outputs(points);
                if number >= outputs.len() {
                    return Err(PlotError::Unfit("there is no such output".to_owned()));
                }
                Ok((
                    outputs
                        .swap_remove(number)
                        .into_iter()
                        .map(f64::abs)
                        .collect(),
                    None,
                ))
            }
            Subject::Group(number) => {
                let Some(group) = self.problem.groups.get(number) else {
                    return Err(PlotError::Unfit("there is no such field".to_owned()));
                };
                let all = self.solution.evaluate(points);
                let components: Vec<&Vec<f64>> =
                    group.components.iter().map(|id| &all[id.index()]).collect();
                let count = points.coordinates.first().map_or(0, Vec::len);
                let length = |point: usize| {
                    let squares = components.iter().map(|it| it[point] * it[point]);
                    squares.sum::<f64>().sqrt()
                };
                let along = |id: &CoordinateId| {
                    self.component_along(number, *id)
                        .map(|field| all[field.index()].clone())
                };
                let arrows = match section.plane.as_slice() {
                    [first, second] => along(first).zip(along(second)).map(|(a, b)| [a, b]),
                    _ => None,
                };
                Ok(((0..count).map(length).collect(), arrows))
            }
        }
    }

    /// The component of a vector field along a coordinate of space: `v.x`, or the `k`-th of as many components as the
    /// problem has coordinates of space.
    fn component_along(&self, group: usize, id: CoordinateId) -> Option<FieldId> {
        let group = self.problem.groups.get(group).filter(|it| !it.complex)?;
        let wanted = format!("{}.{}", group.name, self.problem.coordinates[id].name);
        let named = |field: &&FieldId| self.problem.fields[**field].name == wanted;
        if let Some(found) = group.components.iter().find(named) {
            return Some(*found);
        }
        let space: Vec<CoordinateId> = self
            .problem
            .coordinates
            .iter()
            .filter(|(_, it)| it.role == Role::Space)
            .map(|(id, _)| id)
            .collect();
        let place = space.iter().position(|it| *it == id)?;
        (group.components.len() == space.len()).then(|| group.components[place])
    }
}

/// The position of the value of an axis that is nearest.
pub(super) fn nearest(axis: &[f64], value: f64) -> usize {
    let above = axis.partition_point(|it| *it < value);
    if above == 0 {
        return 0;
    }
    let below = above - 1;
    match axis.get(above) {
        Some(next) if next - value < value - axis[below] => above,
        Some(_) | None => below,
    }
}
