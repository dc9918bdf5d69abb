//! Functions of one variable drawn into a panel.

use plotters::style::RGBColor;

use super::canvas::Canvas;
use super::error::PlotError;
use super::layout::DASH;
use super::panel::Panel;

/// How a line is drawn.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stroke {
    pub(super) colour: RGBColor,
    pub(super) width: f64,
    pub(super) pattern: Pattern,
}

/// What a line consists of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pattern {
    Solid,
    /// [`DASH`] gives the length of a dash and of a gap.
    Dashed,
    /// A dot at every point and nothing between: what is known at a few points only.
    Dots,
}

/// The diameter of a dot, in widths of its line.
const DOT: f64 = 3.5;

/// A truth with fewer values along a line is drawn as dots.
const FEW: usize = 81;

impl Pattern {
    /// How a truth that is known at so many points is drawn over what was found.
    pub(super) fn of_truth(points: usize) -> Self {
        if points < FEW {
            Self::Dots
        } else {
            Self::Dashed
        }
    }
}

/// Draws a line through points in data coordinates. It breaks where a value is missing or has no place on the axes.
pub(super) fn draw(
    canvas: &mut Canvas,
    panel: &Panel,
    points: impl IntoIterator<Item = (f64, f64)>,
    stroke: Stroke,
) -> Result<(), PlotError> {
    let mut piece = Vec::new();
    for (x, y) in points {
        let at = panel.point(x, y);
        if at.0.is_finite() && at.1.is_finite() {
            piece.push(at);
        } else {
            draw_piece(canvas, &thinned(&std::mem::take(&mut piece)), stroke)?;
        }
    }
    draw_piece(canvas, &thinned(&piece), stroke)
}

/// Draws a line through pixels.
pub(super) fn draw_piece(
    canvas: &mut Canvas,
    points: &[(f64, f64)],
    stroke: Stroke,
) -> Result<(), PlotError> {
    match stroke.pattern {
        Pattern::Solid => canvas.line(points, stroke.width, stroke.colour),
        Pattern::Dashed => dashes(points)
            .iter()
            .try_for_each(|dash| canvas.line(dash, stroke.width, stroke.colour)),
        Pattern::Dots => points
            .iter()
            .try_for_each(|point| canvas.line(&[*point], DOT * stroke.width, stroke.colour)),
    }
}

/// Keeps what can be seen of a line with many points per pixel: in every pixel column the first, lowest, highest and last.
fn thinned(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let column = |point: &(f64, f64)| point.0.floor();
    let runs = points.chunk_by(|one, other| column(one) == column(other));
    let kept = runs.flat_map(|run| {
        if run.len() <= 4 {
            return run.to_vec();
        }
        let by_height = |one: &usize, other: &usize| run[*one].1.total_cmp(&run[*other].1);
        let highest = (0..run.len()).min_by(by_height).unwrap_or(0);
        let lowest = (0..run.len()).max_by(by_height).unwrap_or(0);
        let mut kept = vec![0, highest.min(lowest), highest.max(lowest), run.len() - 1];
        kept.dedup();
        kept.into_iter().map(|index| run[index]).collect()
    });
    kept.collect()
}

fn dashes(points: &[(f64, f64)]) -> Vec<Vec<(f64, f64)>> {
    let mut pieces = Vec::new();
    let mut piece: Vec<(f64, f64)> = points.first().copied().into_iter().collect();
    let (mut drawing, mut left) = (true, DASH.0);
    for pair in points.windows(2) {
        let (mut from, to) = (pair[0], pair[1]);
        let mut length = (to.0 - from.0).hypot(to.1 - from.1);
        while length > left {
            let part = left / length;
            from = (
                from.0 + part * (to.0 - from.0),
                from.1 + part * (to.1 - from.1),
            );
            length -= left;
            if drawing {
                piece.push(from);
                pieces.push(std::mem::take(&mut piece));
            } else {
                piece.push(from);
            }
            drawing = !drawing;
            left = if drawing { DASH.0 } else { DASH.1 };
        }
        left -= length;
        if drawing {
            piece.push(to);
        }
    }
    pieces.push(piece);
    pieces
}
