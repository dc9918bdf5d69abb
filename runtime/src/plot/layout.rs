//! What all pictures share: sizes of type, the title block, ranges of data.

use super::canvas::{Anchor, Canvas, Letters};
use super::colour::{INK, SOFT_INK};
use super::error::PlotError;

pub(super) const WIDTH: u32 = 1800;
/// Where panels begin and end, leaving room for labels outside.
pub(super) const LEFT: i32 = 150;
pub(super) const RIGHT: i32 = 1745;
/// Top of the area below the title block.
pub(super) const BELOW_TITLE: i32 = 150;

pub(super) const TITLE_EM: f64 = 36.0;
pub(super) const SUBTITLE_EM: f64 = 24.0;
pub(super) const LABEL_EM: f64 = 24.0;
pub(super) const TICK_EM: f64 = 21.0;

/// Width of the lines of data.
pub(super) const LINE: f64 = 4.5;
/// Width of a line that the dashed truth is drawn over.
pub(super) const BROAD_LINE: f64 = 7.0;
/// Width of the dashed line of the truth, narrower so that what it covers stays visible.
pub(super) const TRUTH_LINE: f64 = 2.6;
/// Length of a dash and of the gap after it.
pub(super) const DASH: (f64, f64) = (12.0, 9.0);

/// Letters read from left to right.
pub(super) fn letters(em: f64, colour: plotters::style::RGBColor, anchor: Anchor) -> Letters {
    Letters {
        em,
        colour,
        anchor,
        rotated: false,
    }
}

/// Draws the title and the line below it, shrunk and at last shortened where they are too long.
pub(super) fn title_block(
    canvas: &mut Canvas,
    title: &str,
    subtitle: &str,
) -> Result<(), PlotError> {
    let lines = [
        (title, TITLE_EM, INK, 66.0),
        (subtitle, SUBTITLE_EM, SOFT_INK, 108.0),
    ];
    for (text, em, colour, baseline) in lines {
        let (text, em) = fitted(canvas, text, em, f64::from(RIGHT - LEFT));
        canvas.text(
            &text,
            (f64::from(LEFT), baseline),
            letters(em, colour, Anchor::Start),
        )?;
    }
    Ok(())
}

/// A text no longer than `room`: first smaller, down to three quarters, then shortened with an ellipsis.
pub(super) fn fitted(canvas: &Canvas, text: &str, em: f64, room: f64) -> (String, f64) {
    let width = canvas.text_width(text, em);
    if width <= room {
        return (text.to_owned(), em);
    }
    let em = em * (room / width).max(0.75);
    let mut kept = text.to_owned();
    let mut shown = kept.clone();
    while canvas.text_width(&shown, em) > room * (1.0 + 1e-6) && kept.pop().is_some() {
        shown = format!("{}…", kept.trim_end());
    }
    (shown, em)
}

/// Smallest and largest finite value.
pub(super) fn range(values: impl IntoIterator<Item = f64>) -> Option<(f64, f64)> {
    values
        .into_iter()
        .filter(|value| value.is_finite())
        .fold(None, |range, value| {
            let (low, high) = range.unwrap_or((value, value));
            Some((value.min(low), value.max(high)))
        })
}

/// Checks the coordinates of an axis: at least two, finite, increasing.
pub(super) fn check_coordinates(
    what: &str,
    axis: &str,
    coordinates: &[f64],
) -> Result<(), PlotError> {
    let increasing = coordinates.windows(2).all(|pair| pair[0] < pair[1]);
    if coordinates.len() >= 2 && increasing && coordinates.iter().all(|value| value.is_finite()) {
        return Ok(());
    }
    Err(PlotError::Coordinates {
        what: what.to_owned(),
        axis: axis.to_owned(),
    })
}

/// Where these coordinates are among others, to rounding; none where one is not.
pub(super) fn places(points: &[f64], among: &[f64]) -> Option<Vec<usize>> {
    let span = range(among.iter().copied()).map_or(0.0, |(low, high)| high - low);
    let place = |point: &f64| {
        let above = among.partition_point(|it| it < point);
        let near = [above.checked_sub(1), Some(above)];
        let close = |place: &usize| {
            among
                .get(*place)
                .is_some_and(|it| (it - point).abs() <= 1e-6 * span)
        };
        let distance = |place: &usize| (among[*place] - point).abs();
        near.into_iter()
            .flatten()
            .filter(close)
            .min_by(|one, other| distance(one).total_cmp(&distance(other)))
    };
    points.iter().map(place).collect()
}
