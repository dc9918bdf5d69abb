//! Rows of heat maps with common axes: slices of a field at several times, below them their errors or residuals.

use super::arrows::arrows;
use super::canvas::{Area, Canvas, Raster};
use super::colour::ColourMap;
use super::contour::contours;
use super::error::PlotError;
use super::heatmap::{Colouring, colour_bar, paint};
use super::label;
use super::layout::{BELOW_TITLE, LEFT, RIGHT, WIDTH, range, title_block};
use super::panel::{Axis, Panel};
use super::scale::Scale;
use super::solution::GridSamples;
use std::path::Path;

/// Room for a colour bar with its labels.
const BAR: i32 = 122;
/// Wide enough for the last number of one axis and the first of the next.
const GAP: i32 = 56;
/// Height of what stands above and below a row of maps.
const ABOVE: i32 = 60;
const BELOW: i32 = 90;
/// Most height of a map that is alone in its column, and of one of several.
const TALLEST: f64 = 900.0;
const TALLEST_OF_SEVERAL: f64 = 560.0;

/// What the values of a row are, and so its colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MapKind {
    /// Values of a field: linear, diverging about zero where both signs matter.
    Value,
    /// Absolute values of something that should be zero: logarithmic.
    Magnitude,
}

/// One heat map.
#[derive(Clone, Debug)]
pub struct Map {
    /// What stands above it: `u, t = 0.5`.
    pub name: String,
    /// What is drawn.
    pub samples: GridSamples,
    /// The components of a vector along the horizontal and the vertical coordinate, drawn as arrows.
    pub arrows: Option<(GridSamples, GridSamples)>,
}

/// Heat maps beside each other, on one scale of colours.
#[derive(Clone, Debug)]
pub struct MapRow {
    /// What their values are.
    pub kind: MapKind,
    /// Whether lines of equal value are drawn.
    pub contours: bool,
    /// The maps.
    pub maps: Vec<Map>,
    /// The ends of the scale of colours where the values of the maps do not decide: frames of an animation share one.
    pub limits: Option<(f64, f64)>,
}

/// What a picture of heat maps says.
#[derive(Clone, Debug)]
pub struct MapsPicture {
    /// The problem.
    pub title: String,
    /// A line below the title.
    pub subtitle: String,
    /// Label of the horizontal axis with its unit, `x [mm]`.
    pub horizontal: String,
    /// Label of the vertical axis.
    pub vertical: String,
    /// Whether both axes are lengths of one unit and are drawn in proportion.
    pub proportional: bool,
    /// The rows, the first on top.
    pub rows: Vec<MapRow>,
}

/// Draws rows of heat maps into a file, SVG or PNG by its extension.
///
/// # Errors
///
/// [`PlotError`].
pub fn maps(path: &Path, picture: &MapsPicture) -> Result<(), PlotError> {
    render(picture)?.save(path)
}

pub(super) fn render(picture: &MapsPicture) -> Result<Raster, PlotError> {
    let columns = picture.rows.iter().map(|row| row.maps.len()).max();
    let columns = columns.filter(|count| *count > 0);
    let (Some(columns), Some(first)) =
        (columns, picture.rows.iter().find_map(|it| it.maps.first()))
    else {
        return Err(PlotError::NoFiniteValue {
            what: "the picture".to_owned(),
        });
    };
    let count = i32::try_from(columns).unwrap_or(i32::MAX).clamp(1, 12);
    let width = (RIGHT - LEFT - BAR - (count - 1) * GAP) / count;
    let (width, height) = size(picture, &first.samples, f64::from(width));
    // Tall maps leave room at both sides.
    let used = count * width + (count - 1) * GAP;
    let left = LEFT + (RIGHT - LEFT - BAR - used).max(0) / 2;
    let row_height = ABOVE + height + BELOW;
    let rows = i32::try_from(picture.rows.len()).unwrap_or(1);
    let total = BELOW_TITLE + rows * row_height;
    let mut canvas = Canvas::new(WIDTH, u32::try_from(total).unwrap_or(WIDTH))?;
    title_block(&mut canvas, &picture.title, &picture.subtitle)?;
    for (number, row) in (0..).zip(&picture.rows) {
        let top = BELOW_TITLE + number * row_height + ABOVE - 20;
        let colouring = colouring(row)?;
        let mut area = Area {
            left,
            top,
            right: left + width,
            bottom: top + height,
        };
        for (place, map) in row.maps.iter().enumerate() {
            map.samples
                .check(&map.name, &picture.horizontal, &picture.vertical)?;
            if place > 0 {
                area.left = area.right + GAP;
                area.right = area.left + width;
            }
            let panel = picture.panel(&map.samples, area, place == 0);
            paint(&mut canvas, &panel, &map.samples, &colouring);
            let mut name = map.name.clone();
            if row.contours && row.kind == MapKind::Value {
                let levels = colouring.scale.ticks(18).values;
                contours(&mut canvas, &panel, &map.samples, &levels)?;
                if let ([first, second, ..], 0) = (levels.as_slice(), place) {
                    name.push_str(&format!(", lines every {}", label::number(second - first)));
                }
            }
            if let Some((across, up)) = &map.arrows {
                arrows(&mut canvas, &panel, across, up)?;
            }
            panel.frame(&mut canvas, true)?;
            panel.name(&mut canvas, &name)?;
        }
        colour_bar(&mut canvas, area, &colouring)?;
    }
    Ok(canvas.finish())
}

/// The pixels of one map.
fn size(picture: &MapsPicture, samples: &GridSamples, width: f64) -> (i32, i32) {
    let span = |axis: &[f64]| range(axis.iter().copied()).map_or(1.0, |(low, high)| high - low);
    let ratio = span(&samples.y) / span(&samples.x);
    // A channel a hundred times as long as wide is drawn out of proportion, so that something is seen.
    let proportional = picture.proportional && (0.2..=5.0).contains(&ratio);
    let height = if proportional {
        width * ratio
    } else {
        (0.62 * width).clamp(280.0, 620.0)
    };
    let tallest = if picture.rows.len() > 1 {
        TALLEST_OF_SEVERAL
    } else {
        TALLEST
    };
    if height > tallest && proportional {
        let narrower = width * tallest / height;
        return (narrower.round() as i32, tallest as i32);
    }
    (width.round() as i32, height.min(tallest).round() as i32)
}

fn colouring(row: &MapRow) -> Result<Colouring, PlotError> {
    let values: Vec<f64> = match row.limits {
        Some((low, high)) => vec![low, high],
        None => {
            let maps = row.maps.iter();
            maps.flat_map(|map| map.samples.values.iter().copied())
                .collect()
        }
    };
    let found = match (row.kind, row.limits) {
        (MapKind::Value, _) => Colouring::of_values(&values),
        (MapKind::Magnitude, None) => Colouring::of_errors(&values),
        (MapKind::Magnitude, Some((low, high))) => Some(Colouring {
            scale: Scale::logarithmic(low, high),
            map: ColourMap::Magnitude,
        }),
    };
    found.ok_or_else(|| PlotError::NoFiniteValue {
        what: row
            .maps
            .first()
            .map_or_else(String::new, |map| map.name.clone()),
    })
}

impl MapsPicture {
    fn panel(&self, samples: &GridSamples, area: Area, named: bool) -> Panel<'_> {
        let axis = |coordinates: &[f64]| {
            let (low, high) = range(coordinates.iter().copied()).unwrap_or((0.0, 1.0));
            Scale {
                low,
                high,
                logarithmic: false,
            }
        };
        let ticks = |length: i32, each: i32| usize::try_from((length / each).max(2)).unwrap_or(2);
        Panel {
            area,
            horizontal: Axis {
                scale: axis(&samples.x),
                label: &self.horizontal,
                ticks: ticks(area.right - area.left, 95),
                named: true,
            },
            vertical: Axis {
                scale: axis(&samples.y),
                label: &self.vertical,
                ticks: ticks(area.bottom - area.top, 65),
                named,
            },
        }
    }
}
