//! Arrays for NumPy. On a grid the file is what a `reference` declaration reads.

use super::{Table, TableError};
use std::io::{self, Cursor, Write as _};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

pub fn bytes(table: &Table) -> Result<Vec<u8>, TableError> {
    let columns = table.coordinates.iter().chain(&table.values);
    let Some(axes) = &table.axes else {
        let lengths: Vec<[usize; 1]> = columns.clone().map(|it| [it.values.len()]).collect();
        let arrays = columns.zip(&lengths).map(|(column, shape)| {
            (
                column.name.as_str(),
                shape.as_slice(),
                column.values.as_slice(),
            )
        });
        return Ok(archive(arrays)?);
    };
    let shape: Vec<usize> = axes.iter().map(Vec::len).collect();
    let lengths: Vec<[usize; 1]> = shape.iter().map(|length| [*length]).collect();
    let coordinates = table.coordinates.iter().zip(axes).zip(&lengths);
    let coordinates = coordinates
        .map(|((column, axis), length)| (column.name.as_str(), length.as_slice(), axis.as_slice()));
    let values = table.values.iter().map(|column| {
        (
            column.name.as_str(),
            shape.as_slice(),
            column.values.as_slice(),
        )
    });
    Ok(archive(coordinates.chain(values))?)
}

/// The bytes of an archive of arrays: name, lengths of the axes, numbers with the last axis fastest.
pub fn archive<'a>(
    arrays: impl IntoIterator<Item = (&'a str, &'a [usize], &'a [f64])>,
) -> io::Result<Vec<u8>> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, shape, values) in arrays {
        // No time of writing: equal tables are equal files. Large arrays need the wide form of the format.
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Stored)
            .large_file(values.len() > 100_000_000);
        archive
            .start_file(format!("{name}.npy"), options)
            .map_err(io::Error::other)?;
        archive.write_all(&array(shape, values))?;
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
