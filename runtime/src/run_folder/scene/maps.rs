//! Pictures of two coordinates.

use super::section::Section;
use super::{Scene, Subject, View};
use crate::plot::{GridSamples, Map, MapKind, MapRow, MapsPicture, PlotError};
use crate::run_folder::pictures::proportional;

impl Scene<'_> {
    pub(super) fn maps(
        &self,
        view: &View,
        section: &Section,
        limits: Option<(f64, f64)>,
    ) -> Result<MapsPicture, PlotError> {
        let [horizontal, vertical] = section.plane.as_slice() else {
            return Err(PlotError::Unfit("a map needs two coordinates".to_owned()));
        };
        let slices: Vec<Option<f64>> = match &section.slices {
            Some((_, values)) => values.iter().copied().map(Some).collect(),
            None => vec![None],
        };
        let mut rows = Vec::new();
        for subject in &view.subjects {
            let axes = self.axes(section, *subject);
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
                        format!("{}, {}", self.name(*subject), self.at(*id, value))
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
        let mut subtitle = vec![self.subtitle(section)];
        if rows
            .iter()
            .any(|row: &MapRow| row.maps.iter().any(|map| map.arrows.is_some()))
        {
            subtitle.push("arrows as long as the vectors, in proportion".to_owned());
        }
        subtitle.retain(|part| !part.is_empty());
        Ok(MapsPicture {
            title: self.title.to_owned(),
            subtitle: subtitle.join(" · "),
            horizontal: self.label(*horizontal),
            vertical: self.label(*vertical),
            proportional: proportional(self.problem, [*horizontal, *vertical]),
            rows,
        })
    }
}

/// Gives all frames of an animation the scale of colours that fits all of them.
pub(super) fn share_scales(frames: &mut [MapsPicture]) {
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
