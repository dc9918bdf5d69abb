//! Pictures one after another: an animated PNG, which browsers play and everything else shows as its first frame.

use super::canvas::Raster;
use super::encode::{png, write};
use super::error::PlotError;
use super::{curve, maps};
use std::path::Path;

/// Draws maps as the frames of an animation.
///
/// # Errors
///
/// [`PlotError`].
pub fn animation(
    path: &Path,
    pictures: &[maps::MapsPicture],
    per_second: u16,
) -> Result<(), PlotError> {
    frames(path, pictures.iter().map(maps::render), per_second)
}

/// Draws curves as the frames of an animation.
///
/// # Errors
///
/// [`PlotError`].
pub fn moving_curve(
    path: &Path,
    pictures: &[curve::CurvePicture<'_>],
    per_second: u16,
) -> Result<(), PlotError> {
    frames(path, pictures.iter().map(curve::render), per_second)
}

fn frames(
    path: &Path,
    drawn: impl Iterator<Item = Result<Raster, PlotError>>,
    per_second: u16,
) -> Result<(), PlotError> {
    let rasters = drawn.collect::<Result<Vec<_>, _>>()?;
    write(path, &png(&rasters, per_second).map_err(PlotError::Draw)?)
}
