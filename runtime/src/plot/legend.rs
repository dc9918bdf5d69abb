//! What a line means: samples of the lines with their names, in rows.

use super::canvas::{Anchor, Canvas};
use super::colour::INK;
use super::error::PlotError;
use super::layout::{TICK_EM, letters};
use super::lines::{Stroke, draw_piece};

const SAMPLE: f64 = 46.0;
const BETWEEN: f64 = 38.0;
/// Height of a row.
pub(super) const ROW: f64 = 34.0;

/// Names with their lines.
pub(super) struct Legend(pub(super) Vec<(String, Stroke)>);

impl Legend {
    /// How many rows the entries take in a width.
    pub(super) fn rows(&self, canvas: &Canvas, room: f64) -> usize {
        self.places(canvas, room)
            .last()
            .map_or(0, |(row, _)| row + 1)
    }

    /// Draws the entries from the left, the first row's baseline at `at`.
    pub(super) fn draw(
        &self,
        canvas: &mut Canvas,
        at: (f64, f64),
        room: f64,
    ) -> Result<(), PlotError> {
        for ((row, across), (name, stroke)) in self.places(canvas, room).into_iter().zip(&self.0) {
            let (left, baseline) = (at.0 + across, at.1 + row as f64 * ROW);
            let middle = baseline - 0.33 * TICK_EM;
            draw_piece(canvas, &[(left, middle), (left + SAMPLE, middle)], *stroke)?;
            canvas.text(
                name,
                (left + SAMPLE + 12.0, baseline),
                letters(TICK_EM, INK, Anchor::Start),
            )?;
        }
        Ok(())
    }

    fn places(&self, canvas: &Canvas, room: f64) -> Vec<(usize, f64)> {
        let (mut row, mut across) = (0, 0.0);
        let place = |(name, _): &(String, Stroke)| {
            let length = entry(canvas, name);
            if across > 0.0 && across + length - BETWEEN > room {
                (row, across) = (row + 1, 0.0);
            }
            let place = (row, across);
            across += length;
            place
        };
        self.0.iter().map(place).collect()
    }
}

fn entry(canvas: &Canvas, name: &str) -> f64 {
    SAMPLE + 12.0 + canvas.text_width(name, TICK_EM) + BETWEEN
}
