//! A field of two coordinates as colours, with its colour bar.

use super::canvas::{Anchor, Area, Canvas};
use super::colour::{ColourMap, FRAME, MISSING, SOFT_INK};
use super::error::PlotError;
use super::layout::{TICK_EM, letters, range};
use super::panel::{HAIR, Panel};
use super::scale::{Scale, Ticks};
use super::solution::GridSamples;
use plotters::style::RGBColor;

/// Space between a map and its colour bar.
pub(super) const BAR_GAP: i32 = 22;
/// Width of a colour bar.
pub(super) const BAR_WIDTH: i32 = 24;

/// How values become colours.
#[derive(Clone, Copy, Debug)]
pub(super) struct Colouring {
    pub(super) scale: Scale,
    pub(super) map: ColourMap,
}

impl Colouring {
    /// For a solution: diverging about zero where both signs matter, sequential otherwise. None without finite values.
    pub(super) fn of_values(values: &[f64]) -> Option<Self> {
        let (low, high) = range(values.iter().copied())?;
        let scale = Scale::linear(low, high);
        let both_signs = low < 0.0 && high > 0.0 && (-low).min(high) > 0.25 * (-low).max(high);
        let map = if both_signs {
            ColourMap::Diverging
        } else {
            ColourMap::Sequential
        };
        Some(Self { scale, map })
    }

    /// For absolute errors: logarithmic, from the largest down over two to six decades, as many as the bulk needs.
    pub(super) fn of_errors(errors: &[f64]) -> Option<Self> {
        let (_, high) = range(errors.iter().copied())?;
        let mut positive: Vec<f64> = errors
            .iter()
            .copied()
            .filter(|error| *error > 0.0 && error.is_finite())
            .collect();
        positive.sort_by(f64::total_cmp);
        // The few smallest errors only mark where the error changes sign.
        let scale = match positive.get(positive.len() / 50) {
            Some(bulk) => Scale::logarithmic(bulk.clamp(1e-6 * high, 1e-2 * high), high),
            // No error anywhere: rounding error of numbers of size one.
            None => Scale::logarithmic(1e-17, 1e-15),
        };
        Some(Self {
            scale,
            map: ColourMap::Magnitude,
        })
    }

    /// The colour of a value; grey where there is none.
    pub(super) fn colour(&self, value: f64) -> RGBColor {
        if !value.is_finite() {
            return MISSING;
        }
        match self.map {
            ColourMap::Diverging => {
                let largest = self.scale.low.abs().max(self.scale.high.abs());
                self.map.colour(0.5 + 0.5 * value / largest)
            }
            ColourMap::Sequential => self.map.colour(self.scale.position(value)),
            // No error at all lies below every logarithmic scale.
            ColourMap::Magnitude => self
                .map
                .colour(self.scale.position(value.max(f64::MIN_POSITIVE))),
        }
    }
}

/// Paints samples into a panel whose axes span the grid, every pixel interpolated bilinearly between its four samples.
pub(super) fn paint(
    canvas: &mut Canvas,
    panel: &Panel,
    samples: &GridSamples,
    colouring: &Colouring,
) {
    let area = panel.area;
    let (width, height) = (
        (area.right - area.left) as usize,
        (area.bottom - area.top) as usize,
    );
    let across = stencils(&samples.x, panel.horizontal.scale, width);
    let mut up = stencils(&samples.y, panel.vertical.scale, height);
    // Pixels count downwards.
    up.reverse();
    let columns = samples.x.len();
    canvas.paint(area, |i, j| {
        let ((left, x), (below, y)) = (across[i], up[j]);
        let row = |j: usize| {
            mix(
                samples.values[j * columns + left],
                samples.values[j * columns + left + 1],
                x,
            )
        };
        colouring.colour(mix_with(y, || row(below), || row(below + 1)))
    });
}

/// Draws a colour bar at the right of an area.
pub(super) fn colour_bar(
    canvas: &mut Canvas,
    beside: Area,
    colouring: &Colouring,
) -> Result<(), PlotError> {
    let bar = Area {
        left: beside.right + BAR_GAP,
        right: beside.right + BAR_GAP + BAR_WIDTH,
        ..beside
    };
    let Scale {
        low,
        high,
        logarithmic,
    } = colouring.scale;
    let height = f64::from(bar.bottom - bar.top);
    canvas.paint(bar, |_, j| {
        let part = 1.0 - (j as f64 + 0.5) / height;
        let value = if logarithmic {
            low * (high / low).powf(part)
        } else {
            low + part * (high - low)
        };
        colouring.colour(value)
    });
    let [left, top, right, bottom] = [bar.left, bar.top, bar.right, bar.bottom].map(f64::from);
    for (from, to) in [
        ((left, top), (right, top)),
        ((left, bottom), (right, bottom)),
        ((left, top), (left, bottom)),
        ((right, top), (right, bottom)),
    ] {
        canvas.rule(from, to, HAIR, FRAME)?;
    }
    let Ticks {
        values,
        labels,
        common,
    } = colouring.scale.ticks(7);
    for (value, label) in values.into_iter().zip(labels) {
        let y = bottom - colouring.scale.position(value) * height;
        canvas.rule((right, y), (right + 6.0, y), HAIR, FRAME)?;
        canvas.text(
            &label,
            (right + 12.0, y + 0.36 * TICK_EM),
            letters(TICK_EM, SOFT_INK, Anchor::Start),
        )?;
    }
    for value in colouring.scale.minor() {
        let y = bottom - colouring.scale.position(value) * height;
        canvas.rule((right, y), (right + 3.0, y), HAIR, FRAME)?;
    }
    if let Some(common) = common {
        canvas.text(
            &common,
            (left, top - 22.0),
            letters(TICK_EM, SOFT_INK, Anchor::Start),
        )?;
    }
    Ok(())
}

/// For every pixel along an axis, the sample before its centre and the weight of the sample after.
fn stencils(coordinates: &[f64], scale: Scale, pixels: usize) -> Vec<(usize, f64)> {
    let last = coordinates.len().saturating_sub(2);
    let mut cell = 0;
    let centres = (0..pixels)
        .map(|pixel| scale.low + (pixel as f64 + 0.5) / pixels as f64 * (scale.high - scale.low));
    let stencil = |at: f64| {
        while cell < last && coordinates[cell + 1] <= at {
            cell += 1;
        }
        let (from, to) = (coordinates[cell], coordinates[cell + 1]);
        (cell, ((at - from) / (to - from)).clamp(0.0, 1.0))
    };
    centres.map(stencil).collect()
}

fn mix(from: f64, to: f64, part: f64) -> f64 {
    mix_with(part, || from, || to)
}

/// Linear interpolation that does not look at a neighbour without weight: it may be NaN.
fn mix_with(part: f64, from: impl Fn() -> f64, to: impl Fn() -> f64) -> f64 {
    if part == 0.0 {
        from()
    } else if part == 1.0 {
        to()
    } else {
        (1.0 - part) * from() + part * to()
    }
}
