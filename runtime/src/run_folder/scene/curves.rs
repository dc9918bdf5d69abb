//! Pictures of one coordinate.

use super::section::Section;
use super::{Scene, Subject, View};
use crate::errors::refined;
use crate::plot::{self, CurvePicture, CurveTruth, LossPicture, PlotError, Series};
use crate::run_folder::pictures::{COARSE, CURVE_SAMPLES};
use crate::solution::Points;
use pdec_compiler::hir::FieldId;
use std::path::Path;

impl Scene<'_> {
    /// A field with its error where that is asked for too, or what equations leave.
    pub(super) fn curve(
        &self,
        path: &Path,
        view: &View,
        section: &Section,
    ) -> Result<(), PlotError> {
        let is_residual = |it: &Subject| matches!(it, Subject::Output(_));
        if view.subjects.iter().all(is_residual) {
            return self.residual_curves(path, view, section);
        }
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
        let [subject] = subjects.as_slice() else {
            return Err(PlotError::Unfit(
                "along one coordinate one thing is drawn at a time: ask for one field, or for residuals alone"
                    .to_owned(),
            ));
        };
        let known = self.axes(section, error_of.map_or(*subject, Subject::Error));
        let truth = error_of
            .map(|id| self.named_truth(id, &self.points(section, &known, None)))
            .transpose()?;
        let axes = [refined(&known[0], COARSE, CURVE_SAMPLES)];
        let points = self.points(section, &axes, None);
        let (values, _) = self.values(*subject, section, &points)?;
        plot::curve(
            path,
            &CurvePicture {
                title: self.title.to_owned(),
                field: self.name(*subject),
                horizontal: self.label(section.plane[0]),
                x: &axes[0],
                solution: &values,
                truth: truth.as_ref().map(|(values, kind)| CurveTruth {
                    x: &known[0],
                    values,
                    kind: kind.clone(),
                }),
                subtitle: self.subtitle(section),
            },
        )
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
        for subject in &view.subjects {
            let axes = self.axes(section, *subject);
            let points = self.points(section, &axes, None);
            let (values, _) = self.values(*subject, section, &points)?;
            series.push(Series {
                label: self.name(*subject),
                points: axes[0].iter().copied().zip(values).collect(),
            });
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
                error: None,
            },
        )
    }
}
