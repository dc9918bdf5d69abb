//! The typeface of every picture, part of the program: a user may have no fonts installed.
//!
//! plotters can draw text with `ab_glyph` too, but drops each glyph's left side bearing, which makes the spacing of words
//! uneven; so glyphs are placed here and only their pixels go to the bitmap.

use ab_glyph::{Font, FontRef, PxScale, ScaleFont};

use super::error::PlotError;

/// DejaVu Sans Condensed 2.37: Latin, Greek, super- and subscripts, mathematical operators. Licence beside it.
static TYPEFACE: &[u8] = include_bytes!("../../assets/DejaVuSansCondensed.ttf");

/// A parsed typeface.
pub(super) struct Typeface(FontRef<'static>);

impl Typeface {
    /// Parses the embedded font file.
    pub(super) fn load() -> Result<Self, PlotError> {
        FontRef::try_from_slice(TYPEFACE)
            .map(Self)
            .map_err(|error| PlotError::Draw(error.to_string()))
    }

    /// Length of a line of text in the unit of `em`.
    pub(super) fn width(&self, text: &str, em: f64) -> f64 {
        self.place(text, em, |_, _| {})
    }

    /// Calls `dot(x, y, coverage)` for every pixel of a line of text whose baseline starts at the origin, y downwards.
    pub(super) fn draw(&self, text: &str, em: f64, mut dot: impl FnMut(i32, i32, f32)) {
        let scale = self.scale(em);
        self.place(text, em, |character, pen| {
            let glyph = self
                .0
                .glyph_id(character)
                .with_scale_and_position(scale, ab_glyph::point(pen, 0.0));
            if let Some(outline) = self.0.outline_glyph(glyph) {
                let corner = outline.px_bounds().min;
                outline.draw(|x, y, coverage| {
                    dot(
                        corner.x as i32 + x as i32,
                        corner.y as i32 + y as i32,
                        coverage,
                    )
                });
            }
        });
    }

    fn place(&self, text: &str, em: f64, mut glyph: impl FnMut(char, f32)) -> f64 {
        let font = self.0.as_scaled(self.scale(em));
        let mut pen = 0.0;
        let mut previous = None;
        for character in text.chars() {
            let id = self.0.glyph_id(character);
            if let Some(previous) = previous {
                pen += font.kern(previous, id);
            }
            glyph(character, pen);
            pen += font.h_advance(id);
            previous = Some(id);
        }
        f64::from(pen)
    }

    /// `ab_glyph` measures a font by ascent minus descent, typography by the em.
    fn scale(&self, em: f64) -> PxScale {
        let heights_per_em = self
            .0
            .units_per_em()
            .map_or(1.0, |units| self.0.height_unscaled() / units);
        PxScale::from(em as f32 * heights_per_em)
    }
}

#[cfg(test)]
mod tests {
    use super::Typeface;
    use ab_glyph::Font;

    #[test]
    fn the_typeface_has_the_signs_of_the_field() {
        let typeface = Typeface::load().unwrap();
        for character in "∂∇²³₀₁αβγδεθλμνπρσφωΔΩ−·×≤≥∞∫‖⁻⁰¹⁴⁵⁶⁷⁸⁹…é".chars()
        {
            assert_ne!(typeface.0.glyph_id(character).0, 0, "{character}");
        }
        assert!(typeface.width("u(t, x)", 20.0) > 40.0);
    }
}
