//! Lines of equal value over a heat map, by marching squares.

use super::canvas::Canvas;
use super::colour::INK;
use super::error::PlotError;
use super::panel::Panel;
use super::solution::GridSamples;

/// Width of a contour.
const WIDTH: f64 = 1.6;

/// Draws the lines where the samples have one of these values.
pub(super) fn contours(
    canvas: &mut Canvas,
    panel: &Panel,
    samples: &GridSamples,
    levels: &[f64],
) -> Result<(), PlotError> {
    let (columns, rows) = (samples.x.len(), samples.y.len());
    for level in levels {
        for j in 0..rows.saturating_sub(1) {
            for i in 0..columns.saturating_sub(1) {
                for [from, to] in segments(samples, i, j, *level) {
                    let ends = [panel.point(from.0, from.1), panel.point(to.0, to.1)];
                    canvas.line(&ends, WIDTH, INK)?;
                }
            }
        }
    }
    Ok(())
}

type Point = (f64, f64);

/// The pieces of a contour in the cell whose lower left corner is a sample: none where a corner has no value.
pub(super) fn segments(samples: &GridSamples, i: usize, j: usize, level: f64) -> Vec<[Point; 2]> {
    let columns = samples.x.len();
    let corner = |di: usize, dj: usize| {
        let value = samples.values[(j + dj) * columns + i + di];
        (samples.x[i + di], samples.y[j + dj], value - level)
    };
    let corners = [corner(0, 0), corner(1, 0), corner(1, 1), corner(0, 1)];
    if corners.iter().any(|(_, _, value)| !value.is_finite()) {
        return Vec::new();
    }
    let crossings: Vec<Point> = (0..4)
        .filter_map(|side| {
            let (from, to) = (corners[side], corners[(side + 1) % 4]);
            let crosses = (from.2 < 0.0) != (to.2 < 0.0);
            crosses.then(|| {
                let part = from.2 / (from.2 - to.2);
                (
                    from.0 + part * (to.0 - from.0),
                    from.1 + part * (to.1 - from.1),
                )
            })
        })
        .collect();
    match crossings.as_slice() {
        [a, b] => vec![[*a, *b]],
        // A saddle: the middle says which corners belong together.
        [a, b, c, d] => {
            let middle: f64 = corners.iter().map(|(_, _, value)| value).sum();
            if (middle < 0.0) == (corners[0].2 < 0.0) {
                vec![[*a, *b], [*c, *d]]
            } else {
                vec![[*a, *d], [*b, *c]]
            }
        }
        _ => Vec::new(),
    }
}
