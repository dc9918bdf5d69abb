//! Which kind of file it is, and the columns that are wanted from it.

use super::archive::Archive;
use super::column::{Array, Column};
use super::error::DataError;
use super::{comsol, matlab, npy, text};
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

/// No text is larger: it is read as a whole.
const MOST_BYTES: u64 = 4 << 30;

/// Reads the arrays or columns with these names, in this order.
///
/// The kind of file is known by how it begins; what begins like none is delimited text with a header. A `.npy` file has no
/// names: a table with as many columns as there are names is taken column by column.
///
/// # Errors
///
/// [`DataError`]; numbers that are not finite are errors in text only, see [`Samples`](super::Samples).
pub fn read_columns(path: &Path, names: &[&str]) -> Result<Vec<Column>, DataError> {
    let unreadable = |reason: String| DataError::Unreadable { reason };
    let mut file = File::open(path).map_err(|error| unreadable(error.to_string()))?;
    let metadata = file.metadata();
    let metadata = metadata.map_err(|error| unreadable(error.to_string()))?;
    if !metadata.is_file() {
        return Err(unreadable("it is not a file".to_owned()));
    }
    if metadata.len() == 0 {
        return Err(unreadable("it is empty".to_owned()));
    }
    let mut start = [0u8; 8];
    let length = fill(&mut file, &mut start).map_err(|error| unreadable(error.to_string()))?;
    let start = &start[..length];
    let extension = path.extension().map(|it| it.to_ascii_lowercase());
    let named = |extensions: &[&str]| {
        extensions
            .iter()
            .any(|it| extension.as_deref() == Some((*it).as_ref()))
    };
    if start.starts_with(b"PK\x03\x04") || start.starts_with(b"PK\x05\x06") || named(&["npz"]) {
        let mut archive = Archive::open(path)?;
        let column = |name: &&str| Ok(Column::of_array(name, archive.array(name)?));
        return names.iter().map(column).collect();
    }
    if metadata.len() > MOST_BYTES {
        return Err(unreadable(
            "it has more than 4 GiB; store it as `.npz`".to_owned(),
        ));
    }
    let bytes = std::fs::read(path).map_err(|error| unreadable(error.to_string()))?;
    if start.starts_with(b"\x93NUMPY") || named(&["npy"]) {
        return of_npy(&bytes, names);
    }
    if start.starts_with(b"\x89HDF") {
        return Err(matlab::newer());
    }
    if start.starts_with(b"MATLAB") || named(&["mat"]) {
        return matlab::read(&bytes, names);
    }
    read_text(&bytes, names)
}

/// Reads the columns with these names from text: what COMSOL exports where it begins with `%`, else a table with a header.
///
/// # Errors
///
/// [`DataError`].
pub fn read_text(bytes: &[u8], names: &[&str]) -> Result<Vec<Column>, DataError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = &bytes[..error.valid_up_to()];
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
        DataError::Unreadable {
            reason: format!("line {line} is not UTF-8 text"),
        }
    })?;
    if text.trim_start().starts_with('%') {
        comsol::read(text, names)
    } else {
        text::read(text, names)
    }
}

/// Reads as many bytes as there are, up to the length of the buffer.
fn fill(file: &mut File, buffer: &mut [u8]) -> std::io::Result<usize> {
    let mut length = 0;
    while length < buffer.len() {
        match file.read(&mut buffer[length..])? {
            0 => break,
            more => length += more,
        }
    }
    Ok(length)
}

fn of_npy(bytes: &[u8], names: &[&str]) -> Result<Vec<Column>, DataError> {
    let kind = "`.npy` array";
    let format = |reason: String| DataError::Format { kind, reason };
    let Array { shape, values } = npy::read(bytes).map_err(format)?;
    let count = names.len();
    let rows = match shape.as_slice() {
        [rows, columns] if *columns == count => *rows,
        [rows] if count == 1 => *rows,
        _ => {
            let shape: Vec<String> = shape.iter().map(usize::to_string).collect();
            return Err(format(format!(
                "its shape is ({}), and a file without names must be a table with a column for each of {}; `numpy.savez` \
                 stores arrays with their names",
                shape.join(", "),
                names.join(", ")
            )));
        }
    };
    let column = |(number, name): (usize, &&str)| Column {
        name: (*name).to_owned(),
        unit: None,
        shape: vec![rows],
        values: values.iter().skip(number).step_by(count).copied().collect(),
        lines: None,
    };
    Ok(names.iter().enumerate().map(column).collect())
}
