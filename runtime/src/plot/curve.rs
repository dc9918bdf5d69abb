//! The picture of a field along one coordinate: the curve, or a few at values of another coordinate, and their errors below.

use std::path::Path;

use super::canvas::{Area, Canvas, Raster};
use super::colour::{INK, SERIES, ordered};
use super::error::PlotError;
use super::layout::{
    BELOW_TITLE, BROAD_LINE, LEFT, LINE, RIGHT, TRUTH_LINE, WIDTH, check_coordinates, places,
    range, title_block,
};
use super::legend::Legend;
use super::lines::{Pattern, Stroke, draw};
use super::panel::{Axis, Panel};
use super::scale::Scale;
use super::solution::{error_label, symbol};

const HEIGHT: u32 = 1000;

/// What the picture of a field along one coordinate says.
#[derive(Clone, Debug)]
pub struct CurvePicture<'a> {
    /// The problem.
    pub title: String,
    /// The field, such as `u`, with its unit, `T [K]`.
    pub field: String,
    /// Label of the coordinate, such as `x`.
    pub horizontal: String,
    /// The coordinate, increasing.
    pub x: &'a [f64],
    /// The curves, one or a few.
    pub curves: Vec<Curve<'a>>,
    /// A line below the title.
    pub subtitle: String,
    /// The ends of the vertical axis, where several pictures share them; those of the errors are then left to each.
    pub limits: Option<(f64, f64)>,
}

/// A field along one coordinate.
#[derive(Clone, Debug)]
pub struct Curve<'a> {
    /// What tells it from the others, `t = 0.5 s`; nothing where it is alone.
    pub label: String,
    /// The field found, one value per coordinate.
    pub solution: &'a [f64],
    /// What the field is in truth.
    pub truth: Option<CurveTruth<'a>>,
}

/// The truth of a field of one coordinate.
#[derive(Clone, Debug)]
pub struct CurveTruth<'a> {
    /// Where it is known: coordinates that are among those of the picture, increasing.
    pub x: &'a [f64],
    /// Its values there.
    pub values: &'a [f64],
    /// What it is, "exact" or "reference".
    pub kind: String,
}

/// Draws a field of one coordinate into a PNG file; where the truth is known, dashed or as dots over it, with the absolute error on a
/// logarithmic axis below.
pub fn curve(path: &Path, picture: &CurvePicture<'_>) -> Result<(), PlotError> {
    render(picture)?.save(path)
}

pub(super) fn render(picture: &CurvePicture<'_>) -> Result<Raster, PlotError> {
    picture.check()?;
    let mut canvas = Canvas::new(WIDTH, HEIGHT)?;
    title_block(&mut canvas, &picture.title, &picture.subtitle)?;
    let (top, bottom) = (BELOW_TITLE + 50, HEIGHT as i32 - 110);
    let errors = picture.errors();
    let split = if errors.is_some() {
        bottom - 290
    } else {
        bottom
    };
    draw_fields(
        &mut canvas,
        picture,
        Area {
            left: LEFT,
            top,
            right: RIGHT,
            bottom: split,
        },
        errors.is_none(),
    )?;
    if let Some((errors, name)) = errors {
        let area = Area {
            left: LEFT,
            top: split + 70,
            right: RIGHT,
            bottom,
        };
        draw_errors(&mut canvas, picture, area, &errors, &name)?;
    }
    Ok(canvas.finish())
}

impl CurvePicture<'_> {
    fn check(&self) -> Result<(), PlotError> {
        let what = format!("`{}`", self.field);
        check_coordinates(&what, &self.horizontal, self.x)?;
        let fits = |what: &str, x: &[f64], values: &[f64]| {
            let (expected, found) = (x.len(), values.len());
            let mismatch = PlotError::SizeMismatch {
                what: what.to_owned(),
                expected,
                found,
            };
            if expected == found {
                Ok(())
            } else {
                Err(mismatch)
            }
        };
        for curve in &self.curves {
            fits(&what, self.x, curve.solution)?;
            if let Some(CurveTruth { x, values, kind }) = &curve.truth {
                let what = format!("the {kind} {what}");
                check_coordinates(&what, &self.horizontal, x)?;
                fits(&what, x, values)?;
                if places(x, self.x).is_none() {
                    return Err(PlotError::GridsDiffer { what });
                }
            }
        }
        Ok(())
    }

    /// By curve, the absolute errors that a logarithm can show, with the name of their panel. None without any.
    fn errors(&self) -> Option<(Vec<Vec<f64>>, String)> {
        let of = |curve: &Curve<'_>| -> Option<Vec<f64>> {
            let CurveTruth { x, values, .. } = curve.truth.as_ref()?;
            let pairs = places(x, self.x)?.into_iter().zip(*values);
            let errors = pairs.map(|(place, truth)| (curve.solution[place] - truth).abs());
            Some(errors.collect())
        };
        let errors: Vec<Vec<f64>> = self.curves.iter().map(of).collect::<Option<_>>()?;
        let truth = self.curves.first()?.truth.as_ref()?;
        let shown = |error: &f64| *error > 0.0 && error.is_finite();
        errors
            .iter()
            .flatten()
            .any(shown)
            .then(|| (errors, error_label(&self.field, &truth.kind)))
    }

    fn axis(&self, named: bool) -> Axis<'_> {
        let (low, high) = range(self.x.iter().copied()).unwrap_or((0.0, 1.0));
        Axis {
            scale: Scale {
                low,
                high,
                logarithmic: false,
            },
            label: &self.horizontal,
            ticks: 14,
            named,
        }
    }
}

fn draw_fields(
    canvas: &mut Canvas,
    picture: &CurvePicture<'_>,
    area: Area,
    named: bool,
) -> Result<(), PlotError> {
    let count = picture.curves.len();
    let found = || picture.curves.iter().flat_map(|curve| curve.solution);
    let truths = picture.curves.iter().filter_map(|it| it.truth.as_ref());
    let values = found().chain(truths.flat_map(|truth| truth.values));
    let finite = range(found().copied()).and_then(|_| range(values.copied()));
    let (low, high) = finite.ok_or_else(|| PlotError::NoFiniteValue {
        what: format!("`{}`", picture.field),
    })?;
    let (low, high) = picture.limits.unwrap_or((low, high));
    let vertical = Axis {
        scale: Scale::airy(low, high),
        label: &picture.field,
        ticks: 8,
        named: true,
    };
    let panel = Panel {
        area,
        horizontal: picture.axis(named),
        vertical,
    };
    panel.grid(canvas)?;
    panel.frame(canvas, false)?;
    let mut legend = Vec::new();
    for (number, curve) in picture.curves.iter().enumerate() {
        let over = curve.truth.is_some() && count == 1;
        let stroke = Stroke {
            colour: ordered(number, count),
            width: if over { BROAD_LINE } else { LINE },
            pattern: Pattern::Solid,
        };
        let points = picture.x.iter().zip(curve.solution);
        draw(canvas, &panel, points.map(|(x, y)| (*x, *y)), stroke)?;
        let label = if curve.label.is_empty() {
            symbol(&picture.field)
        } else {
            &curve.label
        };
        legend.push((label.to_owned(), stroke));
    }
    let truths = picture.curves.iter().filter_map(|it| it.truth.as_ref());
    for (number, CurveTruth { x, values, kind }) in truths.enumerate() {
        let over = Stroke {
            colour: INK,
            width: TRUTH_LINE,
            pattern: Pattern::of_truth(x.len()),
        };
        let points = x.iter().zip(*values);
        draw(canvas, &panel, points.map(|(x, y)| (*x, *y)), over)?;
        if number == 0 {
            legend.push((kind.clone(), over));
        }
    }
    // A line alone is named by its axis.
    if legend.len() == 1 && picture.curves.iter().all(|it| it.label.is_empty()) {
        return Ok(());
    }
    Legend(legend).draw(
        canvas,
        (f64::from(area.left), f64::from(area.top) - 24.0),
        f64::INFINITY,
    )
}

fn draw_errors(
    canvas: &mut Canvas,
    picture: &CurvePicture<'_>,
    area: Area,
    errors: &[Vec<f64>],
    name: &str,
) -> Result<(), PlotError> {
    let positive = errors.iter().flatten().copied();
    let positive = positive.filter(|error| *error > 0.0);
    let (low, high) = range(positive).unwrap_or((1e-17, 1e-15));
    // Zeros of the error reach down without end; six decades show what matters.
    let scale = Scale::logarithmic(low.max(1e-6 * high), 1.5 * high);
    let panel = Panel {
        area,
        horizontal: picture.axis(true),
        vertical: Axis {
            scale,
            label: "",
            ticks: 5,
            named: true,
        },
    };
    panel.grid(canvas)?;
    panel.frame(canvas, false)?;
    panel.name(canvas, name)?;
    for (number, (errors, curve)) in errors.iter().zip(&picture.curves).enumerate() {
        let stroke = Stroke {
            colour: if picture.curves.len() == 1 {
                SERIES[1]
            } else {
                ordered(number, picture.curves.len())
            },
            width: 0.75 * LINE,
            pattern: Pattern::Solid,
        };
        let clipped = errors.iter().map(|error| {
            if error.is_nan() {
                f64::NAN
            } else {
                error.max(scale.low)
            }
        });
        let x = curve.truth.as_ref().map_or(picture.x, |truth| truth.x);
        draw(canvas, &panel, x.iter().copied().zip(clipped), stroke)?;
    }
    Ok(())
}
