//! The picture of a training: losses, and the error where it is known, on a logarithmic axis.

use std::path::Path;

use super::canvas::{Anchor, Area, Canvas, Raster};
use super::colour::{INK, MARK, SERIES, SOFT_INK};
use super::error::PlotError;
use super::layout::{BELOW_TITLE, LEFT, LINE, RIGHT, TICK_EM, WIDTH, letters, range, title_block};
use super::legend::{Legend, ROW};
use super::lines::{Pattern, Stroke, draw};
use super::panel::{Axis, HAIR, Panel};
use super::scale::Scale;

const HEIGHT: u32 = 960;
/// Decades below which nothing is shown: more than double precision can span.
const DECADES: f64 = 1e-24;

/// A named list of points.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// What the legend calls it.
    pub label: String,
    /// Step or seconds, and the value there. Values that are not positive and finite are skipped.
    pub points: Vec<(f64, f64)>,
}

/// What the picture of a training says.
#[derive(Clone, Debug)]
pub struct LossPicture<'a> {
    /// The problem.
    pub title: String,
    /// A line below the title.
    pub subtitle: String,
    /// Label of the horizontal axis, "step" or "seconds".
    pub horizontal: String,
    /// Label of the vertical axis.
    pub vertical: String,
    /// The losses.
    pub series: &'a [Series],
    /// Vertical marks with their names, such as the starts of time windows.
    pub marks: Vec<(f64, String)>,
    /// Errors against the truth by field, drawn dashed on the same axis.
    pub errors: Vec<Series>,
}

/// Draws the course of a training into a PNG file.
pub fn loss(path: &Path, picture: &LossPicture<'_>) -> Result<(), PlotError> {
    render(picture)?.save(path)
}

pub(super) fn render(picture: &LossPicture<'_>) -> Result<Raster, PlotError> {
    let missing = || PlotError::NoFiniteValue {
        what: "the loss".to_owned(),
    };
    let visible = || {
        picture
            .series
            .iter()
            .chain(&picture.errors)
            .flat_map(Series::visible)
    };
    let (left, right) = range(visible().map(|(x, _)| x)).ok_or_else(missing)?;
    let (low, high) = range(visible().map(|(_, y)| y)).ok_or_else(missing)?;
    let mut canvas = Canvas::new(WIDTH, HEIGHT)?;
    title_block(&mut canvas, &picture.title, &picture.subtitle)?;

    let legend = picture.legend();
    let room = f64::from(RIGHT - LEFT);
    let rows = legend.rows(&canvas, room).saturating_sub(1) as f64;
    let first = f64::from(BELOW_TITLE) + 12.0;
    legend.draw(&mut canvas, (f64::from(LEFT), first), room)?;
    let area = Area {
        left: LEFT,
        top: (first + rows * ROW) as i32 + if picture.marks.is_empty() { 34 } else { 64 },
        right: RIGHT,
        bottom: HEIGHT as i32 - 110,
    };
    let scale = Scale::logarithmic((0.8 * low).max(DECADES * high), 1.25 * high);
    let panel = Panel {
        area,
        horizontal: Axis {
            scale: Scale::linear(left, right),
            label: &picture.horizontal,
            ticks: if picture.horizontal == "step" {
                // There are no halves of steps.
                ((right - left) as usize).clamp(1, 12)
            } else {
                12
            },
            named: true,
        },
        vertical: Axis {
            scale,
            label: &picture.vertical,
            ticks: 10,
            named: true,
        },
    };
    panel.grid(&mut canvas)?;
    draw_marks(&mut canvas, &panel, &picture.marks)?;
    panel.frame(&mut canvas, false)?;
    for (series, (_, stroke)) in picture.series.iter().chain(&picture.errors).zip(&legend.0) {
        let points = series.visible().map(|(x, y)| (x, y.max(scale.low)));
        draw(&mut canvas, &panel, points, *stroke)?;
    }
    Ok(canvas.finish())
}

impl Series {
    fn visible(&self) -> impl Iterator<Item = (f64, f64)> {
        self.points
            .iter()
            .copied()
            .filter(|(x, y)| x.is_finite() && y.is_finite() && *y > 0.0)
    }
}

impl LossPicture<'_> {
    fn legend(&self) -> Legend {
        let palette = SERIES.iter().cycle();
        let losses = self.series.iter().zip(palette).map(|(series, colour)| {
            (
                series.label.clone(),
                Stroke {
                    colour: *colour,
                    width: 0.65 * LINE,
                    pattern: Pattern::Solid,
                },
            )
        });
        let alone = self.errors.len() == 1;
        let palette = SERIES.iter().cycle();
        let errors = self.errors.iter().zip(palette).map(|(series, colour)| {
            (
                series.label.clone(),
                Stroke {
                    colour: if alone { INK } else { *colour },
                    width: 0.65 * LINE,
                    pattern: Pattern::Dashed,
                },
            )
        });
        Legend(losses.chain(errors).collect())
    }
}

/// Thin lines from top to bottom; a name is left out where it would touch the one before.
fn draw_marks(
    canvas: &mut Canvas,
    panel: &Panel,
    marks: &[(f64, String)],
) -> Result<(), PlotError> {
    let (top, bottom) = (f64::from(panel.area.top), f64::from(panel.area.bottom));
    let mut free = f64::NEG_INFINITY;
    // More lines than this would be a hatching: then only those with a name are drawn.
    let many = marks.len() > 40;
    for (at, name) in marks {
        let position = panel.horizontal.scale.position(*at);
        if !(0.0..=1.0).contains(&position) {
            continue;
        }
        let x = panel.point(*at, f64::NAN).0;
        let half = 0.5 * canvas.text_width(name, 0.9 * TICK_EM);
        let last = f64::from(WIDTH) - half - 8.0;
        let is_named = x - half > free && x < last;
        if is_named || !many {
            canvas.rule((x, top - 6.0), (x, bottom), HAIR, MARK)?;
        }
        if is_named {
            canvas.text(
                name,
                (x, top - 14.0),
                letters(0.9 * TICK_EM, SOFT_INK, Anchor::Middle),
            )?;
            free = x + half + 14.0;
        }
    }
    Ok(())
}
