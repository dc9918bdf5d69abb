//! Arrays for NumPy. On a grid the file is what a `reference` declaration reads.

use super::{Table, TableError};
use std::io::{self, Cursor, Write as _};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

pub fn bytes(table: &Table) -> Result<Vec<u8>, TableError> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    // No time of writing: equal tables are equal files. Large arrays need the wide form of the format.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .large_file(table.len() > 100_000_000);
    let mut write = |name: &str, shape: &[usize], values: &[f64]| {
        archive
            .start_file(format!("{name}.npy"), options)
            .map_err(io::Error::other)?;
        archive.write_all(&array(shape, values))
    };
    match &table.axes {
        Some(axes) => {
            let shape: Vec<usize> = axes.iter().map(Vec::len).collect();
            for (column, axis) in table.coordinates.iter().zip(axes) {
                write(&column.name, &[axis.len()], axis)?;
            }
            for column in &table.values {
                write(&column.name, &shape, &column.values)?;
            }
        }
        None => {
            for column in table.coordinates.iter().chain(&table.values) {
                write(&column.name, &[column.values.len()], &column.values)?;
            }
        }
    }
    let file = archive.finish().map_err(io::Error::other)?;
    Ok(file.into_inner())
}

/// An array in the format of NumPy, version 1: float64, the last axis fastest.
fn array(shape: &[usize], values: &[f64]) -> Vec<u8> {
    // A tuple of one has a comma behind it.
    let lengths = match shape {
        [length] => format!("{length},"),
        shape => {
            let lengths: Vec<String> = shape.iter().map(usize::to_string).collect();
            lengths.join(", ")
        }
    };
    let mut header = format!("{{'descr': '<f8', 'fortran_order': False, 'shape': ({lengths}), }}");
    // The numbers begin at a multiple of 64 bytes; a line break ends the header.
    let before = 10;
    let padding = 63 - (before + header.len()) % 64;
    header.extend(std::iter::repeat_n(' ', padding));
    header.push('\n');
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    let length = u16::try_from(header.len()).unwrap_or(u16::MAX);
    bytes.extend(length.to_le_bytes());
    bytes.extend(header.as_bytes());
    bytes.extend(values.iter().flat_map(|value| value.to_le_bytes()));
    bytes
}
