//! Pictures one after another: an animated PNG, which browsers play and everything else shows as its first frame.

use super::canvas::Raster;
use super::error::PlotError;
use super::maps::{MapsPicture, render};
use std::fs;
use std::io;
use std::path::Path;

/// The bytes of a PNG file.
pub(super) fn png(width: u32, height: u32, rgb: &[u8]) -> Result<Vec<u8>, String> {
    frames(&[Raster::of_pixels(width, height, rgb.to_vec())], 1)
}

/// The bytes of a PNG file with these pictures, all of one size, as its frames.
fn frames(rasters: &[Raster], per_second: u16) -> Result<Vec<u8>, String> {
    let first = rasters
        .first()
        .ok_or_else(|| "it has no frames".to_owned())?;
    let mut bytes = Vec::new();
    let failed = |error: png::EncodingError| error.to_string();
    let mut encoder = png::Encoder::new(&mut bytes, first.width, first.height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    if rasters.len() > 1 {
        let count = u32::try_from(rasters.len()).map_err(|error| error.to_string())?;
        encoder.set_animated(count, 0).map_err(failed)?;
        encoder
            .set_frame_delay(1, per_second.max(1))
            .map_err(failed)?;
    }
    let mut writer = encoder.write_header().map_err(failed)?;
    for raster in rasters {
        writer.write_image_data(&raster.rgb).map_err(failed)?;
    }
    writer.finish().map_err(failed)?;
    Ok(bytes)
}

/// Draws pictures as the frames of an animation.
///
/// # Errors
///
/// [`PlotError`].
pub fn animation(path: &Path, pictures: &[MapsPicture], per_second: u16) -> Result<(), PlotError> {
    let rasters = pictures.iter().map(render).collect::<Result<Vec<_>, _>>()?;
    let bytes = frames(&rasters, per_second).map_err(PlotError::Draw)?;
    write(path, &bytes)
}

/// Writes a file beside its place and renames it: a reader sees the old or the new one, never a part.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), PlotError> {
    let refused = |source| PlotError::Write {
        path: path.to_owned(),
        source,
    };
    let name = path
        .file_name()
        .ok_or_else(|| refused(io::Error::other("the path names no file")))?;
    let beside = path.with_file_name(format!(".{}.part", name.to_string_lossy()));
    let written = fs::write(&beside, bytes).and_then(|()| fs::rename(&beside, path));
    written.map_err(|source| {
        // Best effort: the first failure is the one to report.
        let _ = fs::remove_file(&beside);
        refused(source)
    })
}
