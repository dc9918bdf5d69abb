//! The bitmap that pictures are drawn on: plotters draws it [`FINER`] times too large, [`Canvas::finish`] averages it down.
//!
//! Averaging is what makes lines and letters smooth: plotters itself rounds the corners of thick lines to whole pixels.
//! All coordinates and lengths are pixels of the saved picture, y downwards.

use std::fmt::Display;
use std::path::Path;

use plotters::backend::{BitMapBackend, DrawingBackend};
use plotters::style::{Color, RGBColor};

use super::encode::{png, write};
use super::error::PlotError;
use super::font::Typeface;
use super::svg::{Shape, document};

/// How many drawn pixels make one saved pixel, along each side.
const FINER: u32 = 3;

/// A rectangle in pixels; `right` and `bottom` lie just outside.
#[derive(Clone, Copy, Debug)]
pub(super) struct Area {
    pub(super) left: i32,
    pub(super) top: i32,
    pub(super) right: i32,
    pub(super) bottom: i32,
}

/// Which point of a text its position names, along the direction of reading.
#[derive(Clone, Copy, Debug)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// How a text looks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Letters {
    /// Size of the em.
    pub(super) em: f64,
    pub(super) colour: RGBColor,
    pub(super) anchor: Anchor,
    /// Reads from bottom to top.
    pub(super) rotated: bool,
}

/// A picture in the making, white at first.
pub(super) struct Canvas {
    width: u32,
    height: u32,
    fine: Vec<u8>,
    typeface: Typeface,
    shapes: Vec<Shape>,
}

/// A finished picture: `rgb` holds three bytes per pixel, row after row; `shapes` is what was drawn.
pub(super) struct Raster {
    shapes: Vec<Shape>,
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) rgb: Vec<u8>,
}

impl Canvas {
    pub(super) fn new(width: u32, height: u32) -> Result<Self, PlotError> {
        let bytes = 3 * (width * FINER) as usize * (height * FINER) as usize;
        Ok(Self {
            width,
            height,
            fine: vec![255; bytes],
            typeface: Typeface::load()?,
            shapes: Vec::new(),
        })
    }

    /// Fills a rectangle.
    pub(super) fn fill(
        &mut self,
        from: (f64, f64),
        to: (f64, f64),
        colour: RGBColor,
    ) -> Result<(), PlotError> {
        self.shapes.push(Shape::Rectangle { from, to, colour });
        // plotters fills up to, not including, the second corner.
        let (from, to) = (fine_point(from), fine_point(to));
        self.backend(|backend| backend.draw_rect(from, to, &colour.filled(), true))
    }

    /// A straight line, axis-parallel and of exact width: frames, ticks and grids.
    pub(super) fn rule(
        &mut self,
        from: (f64, f64),
        to: (f64, f64),
        width: f64,
        colour: RGBColor,
    ) -> Result<(), PlotError> {
        let half = width / 2.0;
        let low = (from.0.min(to.0) - half, from.1.min(to.1) - half);
        let high = (from.0.max(to.0) + half, from.1.max(to.1) + half);
        self.fill(low, high, colour)
    }

    /// A line through points, with round joints.
    pub(super) fn line(
        &mut self,
        points: &[(f64, f64)],
        width: f64,
        colour: RGBColor,
    ) -> Result<(), PlotError> {
        self.shapes.push(Shape::Line {
            points: points.to_vec(),
            width,
            colour,
        });
        let style = colour.filled();
        let radius = (width * f64::from(FINER) / 2.0).round() as u32;
        let sides = points.windows(2).filter_map(|pair| {
            let (from, to) = (pair[0], pair[1]);
            let (dx, dy) = (to.0 - from.0, to.1 - from.1);
            let half = 0.5 * width / dx.hypot(dy);
            let corner = |end: (f64, f64), side: f64| {
                fine_point((end.0 - side * half * dy, end.1 + side * half * dx))
            };
            half.is_finite().then(|| {
                [
                    corner(from, 1.0),
                    corner(from, -1.0),
                    corner(to, -1.0),
                    corner(to, 1.0),
                ]
            })
        });
        self.backend(|backend| {
            points.iter().try_for_each(|point| {
                backend.draw_circle(fine_point(*point), radius, &style, true)
            })?;
            sides
                .into_iter()
                .try_for_each(|corners| backend.fill_polygon(corners, &style))
        })
    }

    /// Sets every pixel of a rectangle, asked for by column and row within it.
    pub(super) fn paint(&mut self, area: Area, colour: impl Fn(usize, usize) -> RGBColor) {
        let finer = FINER as usize;
        let stride = 3 * self.width as usize * finer;
        let mut rgb = Vec::new();
        let whole = Area {
            left: area.left.max(0),
            top: area.top.max(0),
            right: area.right.min(self.width as i32),
            bottom: area.bottom.min(self.height as i32),
        };
        for y in area.top.max(0)..area.bottom.min(self.height as i32) {
            for x in area.left.max(0)..area.right.min(self.width as i32) {
                let RGBColor(red, green, blue) =
                    colour((x - area.left) as usize, (y - area.top) as usize);
                rgb.extend([red, green, blue]);
                let corner = y as usize * finer * stride + 3 * x as usize * finer;
                for row in 0..finer {
                    let start = corner + row * stride;
                    for dot in self.fine[start..start + 3 * finer].chunks_exact_mut(3) {
                        dot.copy_from_slice(&[red, green, blue]);
                    }
                }
            }
        }
        self.shapes.push(Shape::Image { area: whole, rgb });
    }

    /// One line of text; `at` is on its baseline.
    pub(super) fn text(
        &mut self,
        text: &str,
        at: (f64, f64),
        letters: Letters,
    ) -> Result<(), PlotError> {
        self.shapes.push(Shape::Text {
            text: text.to_owned(),
            at,
            letters,
        });
        let em = letters.em * f64::from(FINER);
        let start = match letters.anchor {
            Anchor::Start => 0.0,
            Anchor::Middle => -0.5 * self.typeface.width(text, em),
            Anchor::End => -self.typeface.width(text, em),
        }
        .round() as i32;
        let origin = fine_point(at);
        let mut dots = Vec::new();
        self.typeface.draw(text, em, |x, y, coverage| {
            let along = start + x;
            let (dx, dy) = if letters.rotated {
                (y, -along)
            } else {
                (along, y)
            };
            dots.push((
                (origin.0 + dx, origin.1 + dy),
                letters.colour.mix(f64::from(coverage)).to_backend_color(),
            ));
        });
        self.backend(|backend| {
            dots.into_iter()
                .try_for_each(|(at, colour)| backend.draw_pixel(at, colour))
        })
    }

    /// Length of a line of text.
    pub(super) fn text_width(&self, text: &str, em: f64) -> f64 {
        self.typeface.width(text, em)
    }

    /// Averages the fine pixels.
    pub(super) fn finish(self) -> Raster {
        let finer = FINER as usize;
        let (width, height) = (self.width as usize, self.height as usize);
        let stride = 3 * width * finer;
        let mut rgb = Vec::with_capacity(3 * width * height);
        let mut sums = vec![0_u16; 3 * width];
        for rows in self.fine.chunks_exact(stride * finer) {
            sums.fill(0);
            for row in rows.chunks_exact(stride) {
                for (dots, sum) in row.chunks_exact(3 * finer).zip(sums.chunks_exact_mut(3)) {
                    for dot in dots.chunks_exact(3) {
                        sum.iter_mut()
                            .zip(dot)
                            .for_each(|(sum, byte)| *sum += u16::from(*byte));
                    }
                }
            }
            let count = (FINER * FINER) as u16;
            rgb.extend(sums.iter().map(|sum| ((sum + count / 2) / count) as u8));
        }
        Raster {
            width: self.width,
            height: self.height,
            rgb,
            shapes: self.shapes,
        }
    }

    fn backend<E: Display>(
        &mut self,
        draw: impl FnOnce(&mut BitMapBackend<'_>) -> Result<(), E>,
    ) -> Result<(), PlotError> {
        let size = (self.width * FINER, self.height * FINER);
        draw(&mut BitMapBackend::with_buffer(&mut self.fine, size))
            .map_err(|error| PlotError::Draw(error.to_string()))
    }
}

impl Raster {
    /// Pixels that were not drawn here.
    pub(super) fn of_pixels(width: u32, height: u32, rgb: Vec<u8>) -> Self {
        Self {
            shapes: Vec::new(),
            width,
            height,
            rgb,
        }
    }

    /// Writes a PNG file, or an SVG file where the path ends so.
    pub(super) fn save(&self, path: &Path) -> Result<(), PlotError> {
        if path
            .extension()
            .is_some_and(|it| it.eq_ignore_ascii_case("svg"))
        {
            let text = document(self.width, self.height, &self.shapes).map_err(PlotError::Draw)?;
            return write(path, text.as_bytes());
        }
        write(
            path,
            &png(std::slice::from_ref(self), 1).map_err(PlotError::Draw)?,
        )
    }
}

fn fine_point((x, y): (f64, f64)) -> (i32, i32) {
    let finer = f64::from(FINER);
    ((x * finer).round() as i32, (y * finer).round() as i32)
}
