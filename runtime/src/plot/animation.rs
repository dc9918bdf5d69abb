//! Pictures one after another: an animated PNG, which browsers play and everything else shows as its first frame.

use super::encode::{png, write};
use super::error::PlotError;
use super::maps::{MapsPicture, render};
use std::path::Path;

/// Draws pictures as the frames of an animation.
///
/// # Errors
///
/// [`PlotError`].
pub fn animation(path: &Path, pictures: &[MapsPicture], per_second: u16) -> Result<(), PlotError> {
    let rasters = pictures.iter().map(render).collect::<Result<Vec<_>, _>>()?;
    write(path, &png(&rasters, per_second).map_err(PlotError::Draw)?)
}
