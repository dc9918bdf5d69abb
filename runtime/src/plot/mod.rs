//! Pictures of results as PNG or SVG files: plain numbers in, one file out.
//!
//! * [`solution()`]: a field of two coordinates as a heat map, its error and line slices;
//! * [`curve()`]: a field of one coordinate;
//! * [`maps()`]: rows of heat maps, with contours and arrows; [`animation()`]: such pictures one after another;
//! * [`loss()`]: what training reported, on a logarithmic axis.
//!
//! Every picture is drawn three times finer than it is saved and then averaged down (`canvas`), with a font that is part
//! of the program (`font`): the same numbers give the same bytes on every machine, whatever is installed there.

mod animation;
mod arrows;
mod canvas;
mod colour;
mod contour;
mod curve;
mod encode;
mod error;
mod font;
mod heatmap;
mod label;
mod layout;
mod legend;
mod lines;
mod loss;
mod maps;
mod palette;
mod panel;
mod scale;
mod slices;
mod solution;
mod svg;
#[cfg(test)]
mod tests;

pub use animation::{animation, moving_curve};
pub use curve::{Curve, CurvePicture, CurveTruth, curve};
pub use error::PlotError;
pub use label::number;
pub use loss::{LossPicture, Series, loss};
pub use maps::{Map, MapKind, MapRow, MapsPicture, maps};
pub use solution::{GridSamples, Plane, SolutionPicture, solution};
pub use svg::base64;
