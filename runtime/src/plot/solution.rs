//! The picture of a field of two coordinates: heat map, error, slices.

use std::path::Path;

use super::canvas::{Area, Canvas, Raster};
use super::error::PlotError;
use super::heatmap::{BAR_GAP, BAR_WIDTH, Colouring, colour_bar, paint};
use super::layout::{
    BELOW_TITLE, LEFT, RIGHT, WIDTH, check_coordinates, places, range, title_block,
};
use super::panel::{Axis, Panel};
use super::scale::Scale;
use super::slices::Slices;

/// Height of a map whose axes are not in proportion, and the most of one whose axes are.
const LOW: i32 = 400;
const TALLEST: f64 = 680.0;
/// Height of the picture without its map.
const REST: i32 = 700;
/// Room that a colour bar with its labels takes at the right of a heat map.
const BAR: i32 = 122;

/// Samples of a scalar function on a rectangular grid; `values[j * x.len() + i]` belongs to `(x[i], y[j])`.
#[derive(Clone, Debug, PartialEq)]
pub struct GridSamples {
    /// Horizontal coordinates, increasing.
    pub x: Vec<f64>,
    /// Vertical coordinates, increasing.
    pub y: Vec<f64>,
    /// Row after row from the lowest `y`. NaN where the function is not defined: drawn grey.
    pub values: Vec<f64>,
}

/// What the two axes of a picture are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plane {
    /// Time across.
    OverTime,
    /// Lengths of one unit, drawn in proportion.
    Lengths,
    /// Anything else.
    Other,
}

/// What the picture of a field of two coordinates says.
#[derive(Clone, Debug)]
pub struct SolutionPicture<'a> {
    /// The problem, such as "Viscous Burgers equation".
    pub title: String,
    /// The field, such as `u`, with its unit, `T [K]`.
    pub field: String,
    /// Its arguments as declared, such as `x, t`.
    pub arguments: String,
    /// Label of the horizontal axis, such as `t`: the coordinate that the slices fix, so time belongs here.
    pub horizontal: String,
    /// Label of the vertical axis, such as `x`.
    pub vertical: String,
    /// What they are.
    pub plane: Plane,
    /// The field found.
    pub solution: &'a GridSamples,
    /// The field and what it is, "exact" or "reference"; on a grid whose coordinates are among those of the solution's.
    pub truth: Option<(&'a GridSamples, String)>,
    /// A line below the title, such as "relative L2 error 3.1e-6 · 8.2 s".
    pub subtitle: String,
}

/// Draws a field of two coordinates into a PNG file: a heat map; where the truth is known, a second one of the absolute
/// error on a logarithmic scale; below them slices along the vertical coordinate, the truth dashed, or as dots where it is known at few points.
pub fn solution(path: &Path, picture: &SolutionPicture<'_>) -> Result<(), PlotError> {
    render(picture)?.save(path)
}

pub(super) fn render(picture: &SolutionPicture<'_>) -> Result<Raster, PlotError> {
    let compared = picture.check()?;
    let field = &picture.field;
    let missing = |what: String| PlotError::NoFiniteValue { what };
    let colouring = Colouring::of_values(&picture.solution.values)
        .ok_or_else(|| missing(format!("`{field}`")))?;
    let area = map_area(picture);
    let height = (REST + area.bottom - area.top).unsigned_abs();
    let mut canvas = Canvas::new(WIDTH, height)?;
    title_block(&mut canvas, &picture.title, &picture.subtitle)?;

    let panel = picture.map_panel(area, true);
    paint(&mut canvas, &panel, picture.solution, &colouring);
    panel.frame(&mut canvas, true)?;
    panel.name(&mut canvas, &picture.signature())?;
    colour_bar(&mut canvas, area, &colouring)?;
    let slices = Slices::choose(
        picture,
        compared.as_ref().map(|(columns, _)| columns.as_slice()),
    );
    slices.mark(&mut canvas, &panel)?;

    if let (Some((truth, kind)), Some((columns, rows))) = (&picture.truth, &compared) {
        let width = picture.solution.x.len();
        let found = rows.iter().flat_map(|row| {
            let columns = columns.iter();
            columns.map(move |column| picture.solution.values[row * width + column])
        });
        let pairs = found.zip(&truth.values);
        let errors: Vec<f64> = pairs.map(|(found, truth)| (found - truth).abs()).collect();
        let colouring = Colouring::of_errors(&errors)
            .ok_or_else(|| missing(format!("the error of `{field}`")))?;
        let errors = GridSamples {
            x: truth.x.clone(),
            y: truth.y.clone(),
            values: errors,
        };
        let area = Area {
            left: area.right + BAR + 30,
            right: 2 * area.right + BAR + 30 - LEFT,
            ..area
        };
        let panel = picture.map_panel(area, false);
        paint(&mut canvas, &panel, &errors, &colouring);
        panel.frame(&mut canvas, true)?;
        panel.name(&mut canvas, &error_label(field, kind))?;
        colour_bar(&mut canvas, area, &colouring)?;
    }
    let along = Area {
        top: area.bottom + 180,
        bottom: area.bottom + 420,
        left: LEFT,
        right: RIGHT - BAR + BAR_GAP + BAR_WIDTH,
    };
    slices.draw(&mut canvas, along)?;
    Ok(canvas.finish())
}

/// Where the heat map of the solution is; with a truth it leaves room for a second one at its right.
pub(super) fn map_area(picture: &SolutionPicture<'_>) -> Area {
    let top = BELOW_TITLE + 40;
    let widest = if picture.truth.is_some() {
        (RIGHT - LEFT - 2 * BAR - 30) / 2
    } else {
        RIGHT - LEFT - BAR
    };
    let span = |axis: &[f64]| range(axis.iter().copied()).map_or(1.0, |(low, high)| high - low);
    let ratio = span(&picture.solution.y) / span(&picture.solution.x);
    // A channel many times as long as wide is drawn out of proportion, so that something is seen.
    let (width, height) = if picture.plane == Plane::Lengths && (0.2..=5.0).contains(&ratio) {
        let width = f64::from(widest).min(TALLEST / ratio);
        (width.round() as i32, (width * ratio).round() as i32)
    } else {
        (widest, LOW)
    };
    Area {
        left: LEFT,
        top,
        right: LEFT + width,
        bottom: top + height,
    }
}

/// Where the columns and rows of a truth are.
type Places = (Vec<usize>, Vec<usize>);

impl SolutionPicture<'_> {
    /// Where the columns and rows of the truth are among those of the solution.
    fn check(&self) -> Result<Option<Places>, PlotError> {
        let what = format!("`{}`", self.field);
        self.solution
            .check(&what, &self.horizontal, &self.vertical)?;
        let Some((truth, kind)) = &self.truth else {
            return Ok(None);
        };
        let what = format!("the {kind} `{}`", self.field);
        truth.check(&what, &self.horizontal, &self.vertical)?;
        let columns = places(&truth.x, &self.solution.x);
        let rows = places(&truth.y, &self.solution.y);
        match columns.zip(rows) {
            Some(places) => Ok(Some(places)),
            None => Err(PlotError::GridsDiffer { what }),
        }
    }

    /// Axes that span the grid.
    fn map_panel(&self, area: Area, named: bool) -> Panel<'_> {
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
                scale: axis(&self.solution.x),
                label: &self.horizontal,
                ticks: ticks(area.right - area.left, 95),
                named: true,
            },
            vertical: Axis {
                scale: axis(&self.solution.y),
                label: &self.vertical,
                ticks: ticks(area.bottom - area.top, 65),
                named,
            },
        }
    }

    /// `u(x, t)`, `T(x, t) [K]`, whichever of the two is horizontal.
    pub(super) fn signature(&self) -> String {
        let name = symbol(&self.field);
        let unit = self.field.strip_prefix(name).unwrap_or_default();
        format!("{name}({}){unit}", self.arguments)
    }
}

impl GridSamples {
    pub(super) fn check(
        &self,
        what: &str,
        horizontal: &str,
        vertical: &str,
    ) -> Result<(), PlotError> {
        check_coordinates(what, horizontal, &self.x)?;
        check_coordinates(what, vertical, &self.y)?;
        let expected = self.x.len() * self.y.len();
        if self.values.len() != expected {
            return Err(PlotError::SizeMismatch {
                what: what.to_owned(),
                expected,
                found: self.values.len(),
            });
        }
        Ok(())
    }

    /// The function along the vertical coordinate at `x[i]`.
    pub(super) fn column(&self, i: usize) -> impl Iterator<Item = (f64, f64)> {
        self.y
            .iter()
            .enumerate()
            .map(move |(j, y)| (*y, self.values[j * self.x.len() + i]))
    }
}

/// A value of a label: `t = 25 s` of `t [s]` and 25.
pub(super) fn valued(label: &str, value: &str) -> String {
    let name = symbol(label);
    let unit = label.strip_prefix(name).unwrap_or_default().trim();
    match unit.strip_prefix('[').and_then(|it| it.strip_suffix(']')) {
        Some(unit) => format!("{name} = {value} {unit}"),
        None => format!("{name} = {value}"),
    }
}

/// The symbol of a label with a unit: `t` of `t [s]`.
/// `absolute error |T − exact| [K]` of `T [K]`
pub(super) fn error_label(label: &str, kind: &str) -> String {
    let name = symbol(label);
    let unit = label.strip_prefix(name).unwrap_or_default();
    format!("absolute error |{name} − {kind}|{unit}")
}

pub(super) fn symbol(label: &str) -> &str {
    label.split_whitespace().next().unwrap_or(label)
}

#[cfg(test)]
mod tests {
    use super::{error_label, valued};

    #[test]
    fn values_have_the_unit_of_their_label() {
        assert_eq!(valued("t [s]", "25"), "t = 25 s");
        assert_eq!(valued("x", "0.5"), "x = 0.5");
        assert_eq!(
            error_label("T [K]", "exact"),
            "absolute error |T − exact| [K]"
        );
        assert_eq!(error_label("u", "exact"), "absolute error |u − exact|");
    }
}
