//! Values at points, to be taken away: columns of numbers, and the grid that the points form where they do.
//!
//! * Input: [`Table`].
//! * Output: its bytes in a [`Format`] that other programs read: CSV, NumPy's npz, JSON, legacy VTK.

mod csv;
mod json;
mod npz;
#[cfg(test)]
mod tests;
mod vtk;

pub use npz::archive as npz_of;
use std::io;
use thiserror::Error;

/// Values at points.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// One column for each coordinate.
    pub coordinates: Vec<Column>,
    /// One column for each quantity, as long as those of the coordinates.
    pub values: Vec<Column>,
    /// Where the points are every combination of values of the coordinates, the last coordinate fastest: those
    /// values, coordinate by coordinate.
    pub axes: Option<Vec<Vec<f64>>>,
    /// Whether points that are no grid follow each other along a line.
    pub line: bool,
}

/// A column of numbers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its numbers; NaN where there is no value.
    pub values: Vec<f64>,
}

/// A file format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A line for each point, a header with the names of the columns.
    Csv,
    /// NumPy: on a grid an array for each coordinate, with its values, and one for each quantity, with an axis for
    /// each coordinate; else arrays of equal length.
    Npz,
    /// An object of two objects, `coordinates` and `values`, each with a list for each column. What has no value is
    /// `null`.
    Json,
    /// Legacy VTK, binary, for ParaView and its like: a rectilinear grid, or points.
    Vtk,
}

/// Why a table cannot be written in a format.
#[derive(Debug, Error)]
pub enum TableError {
    /// The format cannot hold it.
    #[error("{0}")]
    Format(String),
    /// The file system refuses.
    #[error("{0}")]
    Write(#[from] io::Error),
}

impl Format {
    /// Every format, with the extension that its files have.
    pub const ALL: [(Self, &'static str); 4] = [
        (Self::Csv, "csv"),
        (Self::Npz, "npz"),
        (Self::Json, "json"),
        (Self::Vtk, "vtk"),
    ];

    /// The format with this name or file extension.
    #[must_use]
    pub fn of_extension(extension: &str) -> Option<Self> {
        let known = Self::ALL.into_iter();
        let mut same = known.filter(|(_, name)| name.eq_ignore_ascii_case(extension));
        same.next().map(|(format, _)| format)
    }

    /// Whether a file is text, which can be shown on a terminal.
    #[must_use]
    pub fn is_text(self) -> bool {
        matches!(self, Self::Csv | Self::Json)
    }
}

impl Table {
    /// The number of points.
    #[must_use]
    pub fn len(&self) -> usize {
        let mut columns = self.coordinates.iter().chain(&self.values);
        columns.next().map_or(0, |column| column.values.len())
    }

    /// Whether there is no point.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The bytes of a file.
    ///
    /// # Errors
    ///
    /// [`TableError::Format`] where the format cannot hold the table: VTK knows three dimensions.
    pub fn bytes(&self, format: Format) -> Result<Vec<u8>, TableError> {
        match format {
            Format::Csv => csv::bytes(self),
            Format::Npz => npz::bytes(self),
            Format::Json => json::bytes(self),
            Format::Vtk => vtk::bytes(self),
        }
    }
}
