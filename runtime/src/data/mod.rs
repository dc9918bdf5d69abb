//! Data from files: tabulated solutions that a result is measured against, measured values, points at which to evaluate.
//!
//! * Input: a file and the names of what is wanted from it. [`read_columns`] knows CSV and other delimited text, what
//!   COMSOL exports, NumPy's `.npz` and `.npy`, and MATLAB's `.mat` of version 5; a file says itself which it is.
//! * Output: named [`Column`]s; or, for what a declaration of a problem names, the [`Samples`] of a field: points of the
//!   problem and the values there, in the units of the problem.
//! * Invariants: every number that comes out is finite, every point lies in the domain, and a file that was cut or
//!   changed on its way is refused where its format allows to see it. Errors name the column and the line or index.

mod archive;
mod column;
mod comsol;
mod error;
mod grid;
mod matlab;
mod measured;
mod npy;
mod read;
mod samples;
#[cfg(test)]
mod tests;
mod text;
mod units;

pub use column::Column;
pub use error::DataError;
pub use measured::{Measured, read_measured};
pub use read::{read_columns, read_text};
pub use samples::{Declared, Samples, read_reference, read_samples};
pub use units::to_unit;

/// The samples of a tabulated solution.
pub type Reference = Samples;

/// No file of data has more values.
const MOST_VALUES: usize = 200_000_000;
