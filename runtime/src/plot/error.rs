//! What can go wrong between numbers and a picture.

use std::path::PathBuf;

use thiserror::Error;

/// Why a picture was not drawn.
#[derive(Debug, Error)]
pub enum PlotError {
    /// The file system refused the picture.
    #[error("cannot write the picture `{}`: {source}", path.display())]
    Write {
        /// The file that was asked for.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// There is nothing to scale an axis or a colour by.
    #[error("{what} has no finite value to draw")]
    NoFiniteValue {
        /// The data meant, in words.
        what: String,
    },
    /// Two lists that belong together differ in length.
    #[error("{what} has {found} values where {expected} belong to its coordinates")]
    SizeMismatch {
        /// The data meant, in words.
        what: String,
        /// How many values the coordinates ask for.
        expected: usize,
        /// How many there are.
        found: usize,
    },
    /// Solution and truth are not given at the same points.
    #[error("{what} is not given at the points of the solution")]
    GridsDiffer {
        /// The data meant, in words.
        what: String,
    },
    /// Coordinates that span no interval.
    #[error("{what} needs at least two finite, increasing coordinates along `{axis}`")]
    Coordinates {
        /// The data meant, in words.
        what: String,
        /// The axis at fault.
        axis: String,
    },
    /// What is asked for cannot be drawn.
    #[error("{0}")]
    Unfit(String),
    /// The drawing library failed; the data are not at fault.
    #[error("the picture could not be drawn: {0}")]
    Draw(String),
}
