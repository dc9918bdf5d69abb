//! Pictures of a solution as somebody asks for them: which field, where, its values, its error, or what an equation leaves.
//!
//! * Input: a [`Scene`]: a problem and its solution; a [`View`]: what of it is wanted.
//! * Output: a picture file.
//! * `section`: where a picture lies in the domain; `values`: what is drawn there; `maps`: pictures of two coordinates;
//!   `curves`: those of one.

mod curves;
mod maps;
mod section;
mod values;

pub use section::plane_grid;

use super::pictures::labelled;
use crate::data::Reference;
use crate::errors::axis;
use crate::plot::{self, PlotError};
use crate::solution::Solution;
use curves::one;
use maps::share_scales;
use pdec_compiler::hir::{CoordinateId, FieldId, Problem};
use section::Section;
use std::path::Path;

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
        if view.at.iter().any(|(id, _)| *id == time) {
            return Err(unfit(
                "time goes by in an animation: leave it out of `--at`, or leave out `--animate`",
            ));
        }
        let coordinate = &self.problem.coordinates[time];
        let until = self.solution.trained_until().min(coordinate.high);
        let times = axis(coordinate.low, until, count.max(2));
        let at = |time_value: f64| {
            let mut view = view.clone();
            view.at.retain(|(id, _)| *id != time);
            view.at.push((time, vec![time_value]));
            view
        };
        let sections = times
            .iter()
            .map(|value| {
                let view = at(*value);
                Ok((self.section(&view)?, view))
            })
            .collect::<Result<Vec<_>, PlotError>>()?;
        let along = sections.first().map_or(0, |(it, _)| it.plane.len());
        if along == 1 {
            return self.moving_curve(path, &sections, per_second);
        }
        let mut frames = Vec::with_capacity(times.len());
        for ((section, view), value) in sections.iter().zip(&times) {
            let mut frame = self.maps(view, section, None)?;
            frame.subtitle = self.at(time, *value);
            frames.push(frame);
        }
        share_scales(&mut frames);
        plot::animation(path, &frames, per_second)
    }

    /// A field of one coordinate and time, on one vertical axis.
    fn moving_curve(
        &self,
        path: &Path,
        sections: &[(Section, View)],
        per_second: u16,
    ) -> Result<(), PlotError> {
        let mut all = Vec::with_capacity(sections.len());
        for (section, view) in sections {
            let (subject, error_of) = one(view).ok_or_else(|| {
                PlotError::Unfit(
                    "one field is animated at a time: leave out `--residual`, or ask for one `--field`"
                        .to_owned(),
                )
            })?;
            all.push((section, subject, self.lines(section, subject, error_of)?));
        }
        let values = all.iter().flat_map(|(.., lines)| lines.values());
        let finite = values.filter(|value| value.is_finite());
        let (low, high) = finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
            (low.min(value), high.max(value))
        });
        let limits = (low <= high).then_some((low, high));
        let pictures: Vec<plot::CurvePicture<'_>> = all
            .iter()
            .map(|(section, subject, lines)| self.picture(section, *subject, lines, limits))
            .collect();
        plot::moving_curve(path, &pictures, per_second)
    }

    pub(super) fn name(&self, subject: Subject) -> String {
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
                let unit = |name: &str| match self.problem.residual_units.get(name) {
                    Some(unit) => format!(" [{unit}]"),
                    None => String::new(),
                };
                output.map_or_else(String::new, |(name, _)| {
                    format!("|residual of {name}|{}", unit(name))
                })
            }
        }
    }

    pub(super) fn label(&self, id: CoordinateId) -> String {
        let coordinate = &self.problem.coordinates[id];
        labelled(&coordinate.name, coordinate.unit.as_ref())
    }
}
