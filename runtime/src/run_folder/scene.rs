//! Pictures of a solution as somebody asks for them: which field, where, its values, its error, or what an equation leaves.
//!
//! A field of more than two coordinates is drawn in a plane of two of them. Along a third, time where there is one, there
//! are four slices; the rest is held in the middle, or where the reader says.

use super::pictures::labelled;
use crate::data::Reference;
use crate::errors::axis;
use crate::plot::{self, CurvePicture, GridSamples, Map, MapKind, MapRow, MapsPicture, PlotError};
use crate::solution::{Points, Solution};
use pdec_compiler::hir::{CoordinateId, FieldId, Problem, Role};
use std::path::Path;

/// Samples along each coordinate of a plane.
const SAMPLES: usize = 161;
/// Samples of a curve.
const CURVE_SAMPLES: usize = 1001;

/// What is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A field.
    Field(FieldId),
    /// The absolute error of a field; its truth must be known.
    Error(FieldId),
    /// The length of a vector of the plane, with arrows; or the modulus of a complex field. The number of the group.
    Group(usize),
    /// The absolute value of an output of the problem: what is left of an equation.
    Output(usize),
}

/// What a picture shows.
#[derive(Clone, Debug)]
pub struct View {
    /// What is drawn, a row for each.
    pub subjects: Vec<Subject>,
    /// Coordinates held fixed; several values of one make a slice each.
    pub at: Vec<(CoordinateId, Vec<f64>)>,
    /// Lines of equal value.
    pub contours: bool,
}

/// A solution that can be drawn.
pub struct Scene<'a> {
    /// The problem.
    pub problem: &'a Problem,
    /// Its solution.
    pub solution: &'a Solution,
    /// Tabulated solutions.
    pub references: &'a [Reference],
    /// The title of the picture.
    pub title: &'a str,
    /// A line below the title.
    pub subtitle: String,
}

/// Where a picture lies in the domain.
struct Section {
    /// Horizontal, then vertical; or the only one.
    plane: Vec<CoordinateId>,
    /// The coordinate with several values, and these.
    slices: Option<(CoordinateId, Vec<f64>)>,
    /// Every other coordinate.
    fixed: Vec<(CoordinateId, f64)>,
}

/// Values at points, and the two components of a vector of the plane there.
type ValuesAndArrows = (Vec<f64>, Option<[Vec<f64>; 2]>);

impl Scene<'_> {
    /// Draws a view into a file, SVG or PNG by its extension.
    ///
    /// # Errors
    ///
    /// [`PlotError`]; among them that nothing is left to draw, or that a truth is not known there.
    pub fn draw(&self, path: &Path, view: &View) -> Result<(), PlotError> {
        let section = self.section(view)?;
        if section.plane.len() == 1 {
            return self.curve(path, view, &section);
        }
        plot::maps(path, &self.maps(view, &section, None)?)
    }

    /// Draws a view at `count` times from the beginning to the end of what has been trained, as an animation of so many
    /// frames a second. All frames share one scale of colours.
    ///
    /// # Errors
    ///
    /// [`PlotError`].
    pub fn animate(
        &self,
        path: &Path,
        view: &View,
        count: usize,
        per_second: u16,
    ) -> Result<(), PlotError> {
        let unfit = |reason: &str| PlotError::Unfit(reason.to_owned());
        let time = self
            .problem
            .time()
            .ok_or_else(|| unfit("a steady problem has no time to animate"))?;
        let coordinate = &self.problem.coordinates[time];
        let until = self.solution.trained_until().min(coordinate.high);
        let times = axis(coordinate.low, until, count.max(2));
        let at = |time_value: f64| {
            let mut view = view.clone();
            view.at.retain(|(id, _)| *id != time);
            view.at.push((time, vec![time_value]));
            view
        };
        let mut frames = Vec::with_capacity(times.len());
        for value in times {
            let view = at(value);
            let section = self.section(&view)?;
            if section.plane.len() != 2 {
                return Err(unfit(
                    "an animation shows a plane of two coordinates; a field of one coordinate and time is one picture already",
                ));
            }
            let mut frame = self.maps(&view, &section, None)?;
            frame.subtitle = format!("{} = {value:.4}", coordinate.name);
            frames.push(frame);
        }
        share_scales(&mut frames);
        plot::animation(path, &frames, per_second)
    }

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

    fn section(&self, view: &View) -> Result<Section, PlotError> {
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
        if free.len() == 1 && slices.is_some() {
            return Err(unfit(
                "a field of one coordinate has no slices: give one value to each other coordinate"
                    .to_owned(),
            ));
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
    fn points(&self, section: &Section, axes: &[Vec<f64>], slice: Option<f64>) -> Points {
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

    /// The axes of a plane: those of a reference where the error against it is asked for.
    fn axes(&self, section: &Section, view: &View) -> Vec<Vec<f64>> {
        let count = if section.plane.len() == 1 {
            CURVE_SAMPLES
        } else {
            SAMPLES
        };
        let reference = view.subjects.iter().find_map(|subject| match subject {
            Subject::Error(id) => self
                .reference(*id)
                .map(|(reference, axes)| (*id, reference, axes)),
            Subject::Field(_) | Subject::Group(_) | Subject::Output(_) => None,
        });
        let axis_of = |id: &CoordinateId| {
            if let Some((field, _, axes)) = &reference
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

    /// The reference of a field without exact solution, where it is a grid.
    fn reference(&self, field: FieldId) -> Option<(&Reference, &Vec<Vec<f64>>)> {
        if self.problem.exact.iter().any(|exact| exact.field == field) {
            return None;
        }
        let mut references = self.references.iter();
        let found = references.find(|it| it.field == field.index())?;
        Some((found, found.axes.as_ref()?))
    }

    /// The truth at points: exact, or of a reference between whose points nothing is known, the nearest along coordinates
    /// that are held fixed.
    fn truth(&self, field: FieldId, points: &Points) -> Result<Vec<f64>, PlotError> {
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
    fn values(
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

    fn name(&self, subject: Subject) -> String {
        match subject {
            Subject::Field(id) => {
                let field = &self.problem.fields[id];
                labelled(&field.name, field.unit.as_ref())
            }
            Subject::Error(id) => {
                let field = &self.problem.fields[id];
                labelled(
                    &format!("absolute error of {}", field.name),
                    field.unit.as_ref(),
                )
            }
            Subject::Group(number) => {
                self.problem
                    .groups
                    .get(number)
                    .map_or_else(String::new, |group| {
                        let unit = group
                            .components
                            .first()
                            .and_then(|id| self.problem.fields[*id].unit.as_ref());
                        labelled(&format!("|{}|", group.name), unit)
                    })
            }
            Subject::Output(number) => {
                let output = self.problem.outputs.get(number);
                output.map_or_else(String::new, |(name, _)| format!("|residual of {name}|"))
            }
        }
    }

    fn label(&self, id: CoordinateId) -> String {
        let coordinate = &self.problem.coordinates[id];
        labelled(&coordinate.name, coordinate.unit.as_ref())
    }

    fn maps(
        &self,
        view: &View,
        section: &Section,
        limits: Option<(f64, f64)>,
    ) -> Result<MapsPicture, PlotError> {
        let axes = self.axes(section, view);
        let [horizontal, vertical] = section.plane.as_slice() else {
            return Err(PlotError::Unfit("a map needs two coordinates".to_owned()));
        };
        let slices: Vec<Option<f64>> = match &section.slices {
            Some((_, values)) => values.iter().copied().map(Some).collect(),
            None => vec![None],
        };
        let mut rows = Vec::new();
        for subject in &view.subjects {
            let mut maps = Vec::new();
            for slice in &slices {
                let slice = slice.map(|value| self.snapped(*subject, section, value));
                let points = self.points(section, &axes, slice);
                let (values, arrows) = self.values(*subject, section, &points)?;
                let samples = |values: Vec<f64>| GridSamples {
                    x: axes[0].clone(),
                    y: axes[1].clone(),
                    values,
                };
                let name = match (&section.slices, slice) {
                    (Some((id, _)), Some(value)) => {
                        format!(
                            "{}, {} = {}",
                            self.name(*subject),
                            self.problem.coordinates[*id].name,
                            plot::number(value)
                        )
                    }
                    _ => self.name(*subject),
                };
                maps.push(Map {
                    name,
                    samples: samples(values),
                    arrows: arrows.map(|[across, up]| (samples(across), samples(up))),
                });
            }
            let kind = match subject {
                Subject::Field(_) | Subject::Group(_) => MapKind::Value,
                Subject::Error(_) | Subject::Output(_) => MapKind::Magnitude,
            };
            rows.push(MapRow {
                kind,
                contours: view.contours,
                maps,
                limits,
            });
        }
        let space = |id: &CoordinateId| self.problem.coordinates[*id].role == Role::Space;
        let unit = |id: &CoordinateId| {
            self.problem.coordinates[*id]
                .unit
                .as_ref()
                .map(|it| it.text.clone())
        };
        Ok(MapsPicture {
            title: self.title.to_owned(),
            subtitle: self.subtitle(section),
            horizontal: self.label(*horizontal),
            vertical: self.label(*vertical),
            proportional: space(horizontal)
                && space(vertical)
                && unit(horizontal) == unit(vertical),
            rows,
        })
    }

    /// A slice of an error against a reference lies where the reference has values.
    fn snapped(&self, subject: Subject, section: &Section, value: f64) -> f64 {
        let (Subject::Error(field), Some((id, _))) = (subject, &section.slices) else {
            return value;
        };
        let place = self.problem.fields[field]
            .arguments
            .iter()
            .position(|it| it == id);
        match (self.reference(field), place) {
            (Some((_, axes)), Some(place)) => axes[place][nearest(&axes[place], value)],
            _ => value,
        }
    }

    /// What was given, and what is held fixed of coordinates that the reader cannot see.
    fn subtitle(&self, section: &Section) -> String {
        let fixed = section.fixed.iter().map(|(id, value)| {
            format!(
                "{} = {}",
                self.problem.coordinates[*id].name,
                plot::number(*value)
            )
        });
        let parts: Vec<String> = std::iter::once(self.subtitle.clone())
            .filter(|it| !it.is_empty())
            .chain(fixed)
            .collect();
        parts.join(" · ")
    }

    fn curve(&self, path: &Path, view: &View, section: &Section) -> Result<(), PlotError> {
        let axes = self.axes(section, view);
        let points = self.points(section, &axes, None);
        let Some(subject) = view.subjects.first() else {
            return Err(PlotError::Unfit("there is nothing to draw".to_owned()));
        };
        let (field, truth) = match subject {
            Subject::Error(id) => {
                let truth = self.truth(*id, &points)?;
                let kind = if self.reference(*id).is_some() {
                    "reference"
                } else {
                    "exact"
                };
                (Subject::Field(*id), Some((truth, kind.to_owned())))
            }
            Subject::Field(_) | Subject::Group(_) | Subject::Output(_) => (*subject, None),
        };
        let (values, _) = self.values(field, section, &points)?;
        plot::curve(
            path,
            &CurvePicture {
                title: self.title.to_owned(),
                field: self.name(field),
                horizontal: self.label(section.plane[0]),
                x: &axes[0],
                solution: &values,
                truth: truth
                    .as_ref()
                    .map(|(values, kind)| (values.as_slice(), kind.clone())),
                subtitle: self.subtitle(section),
            },
        )
    }
}

/// The position of the value of an axis that is nearest.
fn nearest(axis: &[f64], value: f64) -> usize {
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

/// Gives all frames of an animation the scale of colours that fits all of them.
fn share_scales(frames: &mut [MapsPicture]) {
    let rows = frames.first().map_or(0, |frame| frame.rows.len());
    for row in 0..rows {
        let of_row = frames.iter().filter_map(|frame| frame.rows.get(row));
        let values = of_row.flat_map(|row| {
            row.maps
                .iter()
                .flat_map(|map| map.samples.values.iter().copied())
        });
        let finite = values.filter(|value| value.is_finite());
        let (low, high) = finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
            (low.min(value), high.max(value))
        });
        if low > high {
            continue;
        }
        for frame in frames.iter_mut() {
            if let Some(row) = frame.rows.get_mut(row) {
                row.limits = Some(match row.kind {
                    MapKind::Value => (low, high),
                    // Six decades below the largest show what matters.
                    MapKind::Magnitude => (low.max(1e-6 * high), high),
                });
            }
        }
    }
}
