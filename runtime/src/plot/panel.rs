//! A pair of axes around an area: frame, ticks, labels, grid.

use super::canvas::{Anchor, Area, Canvas, Letters};
use super::colour::{FRAME, GRID, INK, SOFT_INK};
use super::error::PlotError;
use super::layout::{LABEL_EM, TICK_EM, fitted, letters};
use super::scale::{Scale, Ticks};

/// Width of frames, ticks and grid lines.
pub(super) const HAIR: f64 = 4.0 / 3.0;
const TICK: f64 = 8.0;

/// One axis of a panel.
pub(super) struct Axis<'a> {
    pub(super) scale: Scale,
    pub(super) label: &'a str,
    /// The most ticks that fit.
    pub(super) ticks: usize,
    /// Whether numbers and label are written; a neighbour with the same axis may do it.
    pub(super) named: bool,
}

/// An area with a horizontal and a vertical axis.
pub(super) struct Panel<'a> {
    pub(super) area: Area,
    pub(super) horizontal: Axis<'a>,
    pub(super) vertical: Axis<'a>,
}

impl Panel<'_> {
    /// The pixel of a point; NaN where an axis has no place for it.
    pub(super) fn point(&self, x: f64, y: f64) -> (f64, f64) {
        let (across, up) = (
            self.horizontal.scale.position(x),
            self.vertical.scale.position(y),
        );
        let Area {
            left,
            top,
            right,
            bottom,
        } = self.area;
        (
            f64::from(left) + across * f64::from(right - left),
            f64::from(bottom) - up * f64::from(bottom - top),
        )
    }

    /// Draws the name of the panel above its left corner.
    pub(super) fn name(&self, canvas: &mut Canvas, name: &str) -> Result<(), PlotError> {
        let at = (f64::from(self.area.left), f64::from(self.area.top) - 24.0);
        canvas.text(name, at, letters(LABEL_EM, INK, Anchor::Start))
    }

    /// Draws lines across at the vertical axis' ticks; every decade on a logarithmic axis.
    pub(super) fn grid(&self, canvas: &mut Canvas) -> Result<(), PlotError> {
        let most = if self.vertical.scale.logarithmic {
            40
        } else {
            self.vertical.ticks
        };
        for value in self.vertical.scale.ticks(most).values {
            let y = self.height(value);
            canvas.rule(
                (f64::from(self.area.left), y),
                (f64::from(self.area.right), y),
                HAIR,
                GRID,
            )?;
        }
        Ok(())
    }

    /// Draws a closed frame (around a heat map) or only its left and lower side (along lines), with ticks and labels.
    pub(super) fn frame(&self, canvas: &mut Canvas, closed: bool) -> Result<(), PlotError> {
        let Area {
            left,
            top,
            right,
            bottom,
        } = self.area;
        let [left, top, right, bottom] = [left, top, right, bottom].map(f64::from);
        canvas.rule((left, bottom), (right, bottom), HAIR, FRAME)?;
        canvas.rule((left, top), (left, bottom), HAIR, FRAME)?;
        if closed {
            canvas.rule((left, top), (right, top), HAIR, FRAME)?;
            canvas.rule((right, top), (right, bottom), HAIR, FRAME)?;
        }
        self.along_bottom(canvas)?;
        self.along_left(canvas)
    }

    fn along_bottom(&self, canvas: &mut Canvas) -> Result<(), PlotError> {
        let Ticks {
            values,
            labels,
            common,
        } = self.horizontal.scale.ticks(self.horizontal.ticks);
        let bottom = f64::from(self.area.bottom);
        for (value, label) in values.into_iter().zip(labels) {
            let x = self.point(value, f64::NAN).0;
            canvas.rule((x, bottom), (x, bottom + TICK), HAIR, FRAME)?;
            if self.horizontal.named {
                let at = (x, bottom + TICK + 24.0);
                canvas.text(&label, at, letters(TICK_EM, SOFT_INK, Anchor::Middle))?;
            }
        }
        if !self.horizontal.named {
            return Ok(());
        }
        let baseline = bottom + 64.0;
        if let Some(common) = common {
            let at = (f64::from(self.area.right), baseline);
            canvas.text(&common, at, letters(TICK_EM, SOFT_INK, Anchor::End))?;
        }
        let (left, right) = (f64::from(self.area.left), f64::from(self.area.right));
        let (label, em) = fitted(
            canvas,
            self.horizontal.label,
            LABEL_EM,
            0.6 * (right - left),
        );
        canvas.text(
            &label,
            ((left + right) / 2.0, baseline),
            letters(em, INK, Anchor::Middle),
        )
    }

    fn along_left(&self, canvas: &mut Canvas) -> Result<(), PlotError> {
        let Ticks {
            values,
            labels,
            common,
        } = self.vertical.scale.ticks(self.vertical.ticks);
        let left = f64::from(self.area.left);
        let mut widest = 0.0_f64;
        for (value, label) in values.into_iter().zip(labels) {
            let y = self.height(value);
            canvas.rule((left - TICK, y), (left, y), HAIR, FRAME)?;
            if self.vertical.named {
                widest = widest.max(canvas.text_width(&label, TICK_EM));
                let at = (left - TICK - 7.0, y + 0.36 * TICK_EM);
                canvas.text(&label, at, letters(TICK_EM, SOFT_INK, Anchor::End))?;
            }
        }
        for value in self.vertical.scale.minor() {
            let y = self.height(value);
            canvas.rule((left - 0.5 * TICK, y), (left, y), HAIR, FRAME)?;
        }
        if !self.vertical.named {
            return Ok(());
        }
        if let Some(common) = common {
            let at = (left - 24.0, f64::from(self.area.top) - 24.0);
            canvas.text(&common, at, letters(TICK_EM, SOFT_INK, Anchor::End))?;
        }
        let height = f64::from(self.area.bottom - self.area.top);
        let (label, em) = fitted(canvas, self.vertical.label, LABEL_EM, height);
        let end = left - TICK - 7.0 - widest - 18.0;
        let middle = f64::from(self.area.top) + height / 2.0;
        // A symbol is read more easily upright, a phrase needs the height.
        if label.chars().count() <= 3 {
            return canvas.text(
                &label,
                (end, middle + 0.36 * em),
                letters(em, INK, Anchor::End),
            );
        }
        canvas.text(
            &label,
            (end, middle),
            Letters {
                rotated: true,
                ..letters(em, INK, Anchor::Middle)
            },
        )
    }

    fn height(&self, value: f64) -> f64 {
        self.point(f64::NAN, value).1
    }
}
