//! A vector field of the plane as arrows over a heat map.

use super::canvas::Canvas;
use super::colour::INK;
use super::error::PlotError;
use super::panel::Panel;
use super::solution::GridSamples;
use plotters::style::RGBColor;

/// Pixels between arrows.
const SPACING: f64 = 42.0;
/// Length of the longest: some lie over the next where a field is strong, so that directions are seen where it is weak.
const LONGEST: f64 = 1.6 * SPACING;
const WIDTH: f64 = 2.2;
const WHITE: RGBColor = RGBColor(255, 255, 255);

/// Draws arrows with these components, the longest somewhat longer than their spacing; their lengths are proportional to the vectors.
/// Both components are given on one grid. Directions are those of the picture, which stretches a vector as it does the axes.
pub(super) fn arrows(
    canvas: &mut Canvas,
    panel: &Panel,
    across: &GridSamples,
    up: &GridSamples,
) -> Result<(), PlotError> {
    let columns = across.x.len();
    let area = panel.area;
    let (width, height) = (
        f64::from(area.right - area.left),
        f64::from(area.bottom - area.top),
    );
    let stretch = (
        width / (panel.horizontal.scale.high - panel.horizontal.scale.low),
        height / (panel.vertical.scale.high - panel.vertical.scale.low),
    );
    let pixels = |n: usize| (across.values[n] * stretch.0, -up.values[n] * stretch.1);
    let longest = (0..across.values.len())
        .map(|n| pixels(n).0.hypot(pixels(n).1))
        .filter(|length| length.is_finite())
        .fold(0.0, f64::max);
    if longest == 0.0 {
        return Ok(());
    }
    let nearest = |axis: &[f64], value: f64| {
        let above = axis.partition_point(|it| *it < value).min(axis.len() - 1);
        let below = above.saturating_sub(1);
        if value - axis[below] < axis[above] - value {
            below
        } else {
            above
        }
    };
    let centres = |length: f64| {
        let count = (length / SPACING).floor().max(1.0);
        (0..count as usize).map(move |k| (k as f64 + 0.5) / count)
    };
    for part_up in centres(height) {
        for part_across in centres(width) {
            let scale = panel.horizontal.scale;
            let i = nearest(
                &across.x,
                scale.low + part_across * (scale.high - scale.low),
            );
            let scale = panel.vertical.scale;
            let j = nearest(&across.y, scale.low + part_up * (scale.high - scale.low));
            let n = j * columns + i;
            let (dx, dy) = pixels(n);
            let length = dx.hypot(dy) / longest * LONGEST;
            if length < 2.5 || !length.is_finite() {
                continue;
            }
            let (dx, dy) = (dx / longest * LONGEST, dy / longest * LONGEST);
            let (x, y) = panel.point(across.x[i], across.y[j]);
            // At the rim it is moved so that it ends there.
            let moved = |middle: f64, half: f64, low: i32, high: i32| {
                let (low, high) = (f64::from(low) + half, f64::from(high) - half);
                if low < high {
                    middle.clamp(low, high)
                } else {
                    middle
                }
            };
            let x = moved(x, 0.5 * dx.abs() + WIDTH, area.left, area.right);
            let y = moved(y, 0.5 * dy.abs() + WIDTH, area.top, area.bottom);
            let tail = (x - 0.5 * dx, y - 0.5 * dy);
            let tip = (x + 0.5 * dx, y + 0.5 * dy);
            let barb = |side: f64| {
                let (back, out) = (0.32, 0.2 * side);
                (tip.0 - back * dx - out * dy, tip.1 - back * dy + out * dx)
            };
            // A light rim keeps an arrow visible on dark colours.
            for (width, colour) in [(WIDTH + 2.4, WHITE), (WIDTH, INK)] {
                canvas.line(&[tail, tip], width, colour)?;
                canvas.line(&[barb(1.0), tip, barb(-1.0)], width, colour)?;
            }
        }
    }
    Ok(())
}
