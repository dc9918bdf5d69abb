//! Pictures of one coordinate.

use super::section::Section;
use super::{Scene, Subject, View};
use crate::errors::refined;
use crate::plot::{self, Curve, CurvePicture, CurveTruth, LossPicture, PlotError, Series};
use crate::run_folder::pictures::{COARSE, CURVE_SAMPLES};
use crate::solution::Points;
use pdec_compiler::hir::FieldId;
use std::path::Path;

/// A field along one coordinate.
pub(super) struct Lines {
    axis: Vec<f64>,
    /// Where the truth is known.
    known: Vec<f64>,
    lines: Vec<Line>,
}

struct Line {
    label: String,
    values: Vec<f64>,
    truth: Option<(Vec<f64>, String)>,
}

impl Lines {
    /// All values, those of the truth among them.
    pub(super) fn values(&self) -> impl Iterator<Item = f64> {
        self.lines.iter().flat_map(|line| {
            let truth = line.truth.iter().flat_map(|(values, _)| values);
            line.values.iter().chain(truth).copied()
        })
    }
}

/// The one field that is drawn, and whose error is; none where there are several, or residuals.
pub(super) fn one(view: &View) -> Option<(Subject, Option<FieldId>)> {
    let error_of = view.subjects.iter().find_map(|it| match it {
        Subject::Error(id) => Some(*id),
        Subject::Field(_) | Subject::Group(_) | Subject::Output(_) => None,
    });
    let shown = |it: &Subject| match it {
        Subject::Error(id) => Subject::Field(*id),
        Subject::Field(_) | Subject::Group(_) | Subject::Output(_) => *it,
    };
    let mut subjects: Vec<Subject> = view.subjects.iter().map(shown).collect();
    subjects.dedup();
    match subjects.as_slice() {
        [Subject::Output(_)] => None,
        [subject] => Some((*subject, error_of)),
        _ => None,
    }
}

impl Scene<'_> {
    /// A field with its error where that is asked for too, or what equations leave.
    pub(super) fn curve(
        &self,
        path: &Path,
        view: &View,
        section: &Section,
    ) -> Result<(), PlotError> {
        let Some((subject, error_of)) = one(view) else {
            let is_residual = |it: &Subject| matches!(it, Subject::Output(_));
            if view.subjects.iter().all(is_residual) {
                return self.residual_curves(path, view, section);
            }
            return Err(PlotError::Unfit(
                "along one coordinate one thing is drawn at a time: ask for one field, or for residuals alone"
                    .to_owned(),
            ));
        };
        let lines = self.lines(section, subject, error_of)?;
        plot::curve(path, &self.picture(section, subject, &lines, None))
    }

    /// A field along a coordinate, with its truth where that is asked for: one line for each slice.
    pub(super) fn lines(
        &self,
        section: &Section,
        subject: Subject,
        error_of: Option<FieldId>,
    ) -> Result<Lines, PlotError> {
        let of_truth = error_of.map_or(subject, Subject::Error);
        let known = self.axes(section, of_truth).swap_remove(0);
        let axes = [refined(&known, COARSE, CURVE_SAMPLES)];
        let slices: Vec<Option<f64>> = match &section.slices {
            Some((_, values)) => values.iter().copied().map(Some).collect(),
            None => vec![None],
        };
        let mut lines = Vec::with_capacity(slices.len());
        for slice in slices {
            let slice = slice.map(|value| self.snapped(of_truth, section, value));
            let on_known = [known.clone()];
            let truth = error_of
                .map(|id| self.named_truth(id, &self.points(section, &on_known, slice)))
                .transpose()?;
            let points = self.points(section, &axes, slice);
            let (values, _) = self.values(subject, section, &points)?;
            let label = section.slices.as_ref().zip(slice);
            lines.push(Line {
                label: label.map_or_else(String::new, |((id, _), value)| self.at(*id, value)),
                values,
                truth,
            });
        }
        let [axis] = axes;
        Ok(Lines { axis, known, lines })
    }

    pub(super) fn picture<'a>(
        &self,
        section: &Section,
        subject: Subject,
        of: &'a Lines,
        limits: Option<(f64, f64)>,
    ) -> CurvePicture<'a> {
        let curve = |line: &'a Line| Curve {
            label: line.label.clone(),
            solution: &line.values,
            truth: line.truth.as_ref().map(|(values, kind)| CurveTruth {
                x: &of.known,
                values,
                kind: kind.clone(),
            }),
        };
        CurvePicture {
            title: self.title.to_owned(),
            field: self.name(subject),
            horizontal: self.label(section.plane[0]),
            x: &of.axis,
            curves: of.lines.iter().map(curve).collect(),
            subtitle: self.subtitle(section),
            limits,
        }
    }

    fn named_truth(&self, id: FieldId, points: &Points) -> Result<(Vec<f64>, String), PlotError> {
        let truth = self.truth(id, points)?;
        let kind = if self.reference(id).is_some() {
            "reference"
        } else {
            "exact"
        };
        Ok((truth, kind.to_owned()))
    }

    /// Absolute values of residuals, on one logarithmic axis.
    fn residual_curves(
        &self,
        path: &Path,
        view: &View,
        section: &Section,
    ) -> Result<(), PlotError> {
        let mut series = Vec::new();
        let slices: Vec<Option<f64>> = match &section.slices {
            Some((_, values)) => values.iter().copied().map(Some).collect(),
            None => vec![None],
        };
        for subject in &view.subjects {
            let axes = self.axes(section, *subject);
            for slice in &slices {
                let points = self.points(section, &axes, *slice);
                let (values, _) = self.values(*subject, section, &points)?;
                let at = section.slices.as_ref().zip(*slice);
                let at = at.map(|((id, _), value)| format!(", {}", self.at(*id, value)));
                series.push(Series {
                    label: self.name(*subject) + &at.unwrap_or_default(),
                    points: axes[0].iter().copied().zip(values).collect(),
                });
            }
        }
        plot::loss(
            path,
            &LossPicture {
                title: self.title.to_owned(),
                subtitle: self.subtitle(section),
                horizontal: self.label(section.plane[0]),
                vertical: "|residual|".to_owned(),
                series: &series,
                marks: Vec::new(),
                errors: Vec::new(),
            },
        )
    }
}
