//! Pixels as the bytes of a PNG file, and such bytes as a file.
//!
//! * Input: pictures of one size, three bytes a pixel.
//! * Output: a PNG file with a palette, animated where there are several pictures.
//! * Invariants: the same pixels give the same bytes; a reader of the file sees the old picture or the new one.

use super::canvas::Raster;
use super::error::PlotError;
use super::palette::Palette;
use crate::atomic::write_file;
use std::path::Path;

/// The bytes of a PNG file with these pictures, all of one size, as its frames; the delay matters where there are several.
pub(super) fn png(rasters: &[Raster], per_second: u16) -> Result<Vec<u8>, String> {
    let first = rasters
        .first()
        .ok_or_else(|| "it has no frames".to_owned())?;
    let palette = Palette::of(rasters.iter().map(|raster| raster.rgb.as_slice()));
    let mut bytes = Vec::new();
    let failed = |error: png::EncodingError| error.to_string();
    let mut encoder = png::Encoder::new(&mut bytes, first.width, first.height);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_palette(palette.rgb.as_slice());
    // Numbers of colours are no quantities: differences between neighbours say nothing.
    encoder.set_filter(png::FilterType::NoFilter);
    encoder.set_compression(png::Compression::Default);
    if rasters.len() > 1 {
        let count = u32::try_from(rasters.len()).map_err(|error| error.to_string())?;
        encoder.set_animated(count, 0).map_err(failed)?;
        encoder
            .set_frame_delay(1, per_second.max(1))
            .map_err(failed)?;
    }
    let mut writer = encoder.write_header().map_err(failed)?;
    for raster in rasters {
        let numbers = palette.numbers(&raster.rgb);
        writer.write_image_data(&numbers).map_err(failed)?;
    }
    writer.finish().map_err(failed)?;
    Ok(bytes)
}

/// Writes a file beside its place and renames it.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), PlotError> {
    write_file(path, bytes).map_err(|source| PlotError::Write {
        path: path.to_owned(),
        source,
    })
}
