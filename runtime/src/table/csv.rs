//! A line for each point. Numbers are written with as many digits as it takes to read the same number again.

use super::{Table, TableError};
use std::io;

pub fn bytes(table: &Table) -> Result<Vec<u8>, TableError> {
    let columns: Vec<_> = table.coordinates.iter().chain(&table.values).collect();
    let mut writer = csv::Writer::from_writer(Vec::new());
    let failed = |error: csv::Error| TableError::Write(io::Error::other(error));
    writer
        .write_record(columns.iter().map(|column| column.name.as_str()))
        .map_err(failed)?;
    for row in 0..table.len() {
        let numbers = columns.iter().map(|column| number(column.values[row]));
        writer.write_record(numbers).map_err(failed)?;
    }
    let bytes = writer.into_inner();
    bytes.map_err(|error| TableError::Write(error.into_error()))
}

/// `0.1`, `1e-300`, `nan`: the shortest text that is read as the same number.
fn number(value: f64) -> String {
    if value.is_nan() {
        return "nan".to_owned();
    }
    let size = value.abs();
    if value == 0.0 || (1e-5..1e16).contains(&size) || value.is_infinite() {
        format!("{value}")
    } else {
        format!("{value:e}")
    }
}
