//! The same picture as lines and letters: an SVG file.
//!
//! Heat maps are embedded as images of their pixels; everything else stays a shape, sharp at any size. Letters ask for the
//! typeface of the pixels and fall back to what the reader has.

use super::canvas::{Anchor, Area, Letters, Raster};
use super::encode::png;
use plotters::style::RGBColor;
use std::fmt::Write as _;

/// What was drawn.
pub(super) enum Shape {
    Rectangle {
        from: (f64, f64),
        to: (f64, f64),
        colour: RGBColor,
    },
    Line {
        points: Vec<(f64, f64)>,
        width: f64,
        colour: RGBColor,
    },
    /// Three bytes for each pixel.
    Image { area: Area, rgb: Vec<u8> },
    Text {
        text: String,
        at: (f64, f64),
        letters: Letters,
    },
}

/// The text of an SVG file.
pub(super) fn document(width: u32, height: u32, shapes: &[Shape]) -> Result<String, String> {
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
         font-family=\"'DejaVu Sans Condensed', 'DejaVu Sans', 'Segoe UI', Helvetica, Arial, sans-serif\">\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n"
    );
    for shape in shapes {
        add(&mut text, shape)?;
    }
    text.push_str("</svg>\n");
    Ok(text)
}

fn add(out: &mut String, shape: &Shape) -> Result<(), String> {
    let written = match shape {
        Shape::Rectangle { from, to, colour } => writeln!(
            out,
            "<rect x=\"{:.2}\" y=\"{:.2}\" width=\"{:.2}\" height=\"{:.2}\" fill=\"{}\"/>",
            from.0,
            from.1,
            to.0 - from.0,
            to.1 - from.1,
            hex(*colour)
        ),
        Shape::Line {
            points,
            width,
            colour,
        } => {
            let points: Vec<String> = points
                .iter()
                .map(|(x, y)| format!("{x:.2},{y:.2}"))
                .collect();
            writeln!(
                out,
                "<polyline points=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{width:.2}\" \
                 stroke-linejoin=\"round\" stroke-linecap=\"round\"/>",
                points.join(" "),
                hex(*colour)
            )
        }
        Shape::Image { area, rgb } => {
            let (width, height) = (area.right - area.left, area.bottom - area.top);
            let size = |length: i32| u32::try_from(length).map_err(|error| error.to_string());
            let pixels = Raster::of_pixels(size(width)?, size(height)?, rgb.clone());
            let png = png(&[pixels], 1)?;
            writeln!(
                out,
                "<image x=\"{}\" y=\"{}\" width=\"{width}\" height=\"{height}\" href=\"data:image/png;base64,{}\"/>",
                area.left,
                area.top,
                base64(&png)
            )
        }
        Shape::Text { text, at, letters } => {
            let anchor = match letters.anchor {
                Anchor::Start => "start",
                Anchor::Middle => "middle",
                Anchor::End => "end",
            };
            let turned = if letters.rotated {
                format!(" transform=\"rotate(-90 {:.2} {:.2})\"", at.0, at.1)
            } else {
                String::new()
            };
            let escaped = text
                .replace('&', "&amp;")
                .replace('<', "&lt;")
                .replace('>', "&gt;");
            writeln!(
                out,
                "<text x=\"{:.2}\" y=\"{:.2}\" font-size=\"{:.1}\" text-anchor=\"{anchor}\" fill=\"{}\"{turned}>{escaped}</text>",
                at.0,
                at.1,
                letters.em,
                hex(letters.colour)
            )
        }
    };
    written.map_err(|error| error.to_string())
}

fn hex(colour: RGBColor) -> String {
    let RGBColor(red, green, blue) = colour;
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// Bytes as letters, digits, `+` and `/`, four for three (RFC 4648).
#[must_use]
pub fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let bits = (0..3).fold(0u32, |bits, place| {
            bits << 8 | group.get(place).copied().map_or(0, u32::from)
        });
        for digit in 0..4 {
            if digit > group.len() {
                text.push('=');
            } else {
                let index = bits >> (18 - 6 * digit) & 63;
                text.push(char::from(DIGITS[index as usize]));
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::base64;

    /// The vectors of RFC 4648.
    #[test]
    fn base64_is_that_of_the_standard() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
    }
}
