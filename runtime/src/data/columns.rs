//! Columns of numbers by name, from CSV or `.npz` files: points at which to evaluate.
//!
//! A CSV file has a header with the names; `#` begins a comment line. Rows are numbered as an editor shows lines.

use super::npz::{Archive, ReferenceError};
use std::io::Read;
use std::path::Path;
use thiserror::Error;

/// Why columns cannot be used. Each is a sentence without its file name.
#[derive(Debug, Error, PartialEq)]
pub enum ColumnsError {
    /// No such file, or no right to read it.
    #[error("it cannot be read: {0}")]
    Unreadable(String),
    /// A column that is asked for is not there.
    #[error("it has no column `{column}`; it has {present}")]
    Missing {
        /// The column.
        column: String,
        /// The columns that are there.
        present: String,
    },
    /// Two columns of one name.
    #[error("it has two columns `{0}`")]
    Twice(String),
    /// A line that is not like the header.
    #[error("line {line} has {found} values where the header has {expected}")]
    Ragged {
        /// The line, from 1.
        line: u64,
        /// How many values it has.
        found: u64,
        /// How many it should have.
        expected: u64,
    },
    /// A value that is no number.
    #[error("line {line}: `{text}` in the column `{column}` is not a finite number")]
    Number {
        /// The line, from 1.
        line: u64,
        /// The column.
        column: String,
        /// What stands there.
        text: String,
    },
    /// An array of a `.npz` file.
    #[error("{0}")]
    Array(String),
}

/// Reads the columns with these names from a file: `.npz`, or CSV whatever its extension.
///
/// # Errors
///
/// [`ColumnsError`].
pub fn read_columns(path: &Path, names: &[&str]) -> Result<Vec<Vec<f64>>, ColumnsError> {
    if path
        .extension()
        .is_some_and(|it| it.eq_ignore_ascii_case("npz"))
    {
        return from_npz(path, names);
    }
    let file = std::fs::File::open(path);
    let file = file.map_err(|error| ColumnsError::Unreadable(error.to_string()))?;
    columns_of_csv(file, names)
}

/// Reads the columns with these names from CSV text.
///
/// # Errors
///
/// [`ColumnsError`].
pub fn columns_of_csv(text: impl Read, names: &[&str]) -> Result<Vec<Vec<f64>>, ColumnsError> {
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .trim(csv::Trim::All)
        .from_reader(text);
    let header = reader.headers().map_err(failed)?.clone();
    let header: Vec<&str> = header
        .iter()
        // Spreadsheets begin a file with a mark of its encoding.
        .map(|name| name.trim_start_matches('\u{feff}').trim())
        .collect();
    let mut positions = Vec::new();
    for name in names {
        let mut found = header.iter().enumerate().filter(|(_, it)| *it == name);
        let Some((position, _)) = found.next() else {
            return Err(missing(
                name,
                header.iter().map(|it| (*it).to_owned()).collect(),
            ));
        };
        if found.next().is_some() {
            return Err(ColumnsError::Twice((*name).to_owned()));
        }
        positions.push(position);
    }
    let mut columns = vec![Vec::new(); names.len()];
    for record in reader.records() {
        let record = record.map_err(failed)?;
        let line = record.position().map_or(0, csv::Position::line);
        for ((column, &position), name) in columns.iter_mut().zip(&positions).zip(names) {
            let text = record.get(position).unwrap_or("");
            let value = text.parse::<f64>().ok().filter(|value| value.is_finite());
            let value = value.ok_or_else(|| ColumnsError::Number {
                line,
                column: (*name).to_owned(),
                text: text.chars().take(40).collect(),
            })?;
            column.push(value);
        }
    }
    Ok(columns)
}

fn failed(error: csv::Error) -> ColumnsError {
    match error.kind() {
        csv::ErrorKind::UnequalLengths {
            pos,
            expected_len,
            len,
        } => ColumnsError::Ragged {
            line: pos.as_ref().map_or(0, csv::Position::line),
            found: *len,
            expected: *expected_len,
        },
        csv::ErrorKind::Utf8 { pos, .. } => ColumnsError::Unreadable(format!(
            "line {} is not UTF-8 text",
            pos.as_ref().map_or(0, csv::Position::line)
        )),
        _ => ColumnsError::Unreadable(error.to_string()),
    }
}

fn missing(name: &str, mut present: Vec<String>) -> ColumnsError {
    present.retain(|name| !name.is_empty());
    let listed: Vec<String> = present.iter().map(|name| format!("`{name}`")).collect();
    ColumnsError::Missing {
        column: name.to_owned(),
        present: if listed.is_empty() {
            "none: its first line must hold the names of its columns".to_owned()
        } else {
            listed.join(", ")
        },
    }
}

fn from_npz(path: &Path, names: &[&str]) -> Result<Vec<Vec<f64>>, ColumnsError> {
    let array = |error: ReferenceError| ColumnsError::Array(error.to_string());
    let mut archive = Archive::open(path).map_err(array)?;
    let mut columns: Vec<Vec<f64>> = Vec::new();
    for name in names {
        let values = archive.array(name).map_err(array)?.values;
        if let Some(index) = values.iter().position(|value| !value.is_finite()) {
            return Err(ColumnsError::Array(format!(
                "the value {index} of the array `{name}`, counted from 0, is not a finite number"
            )));
        }
        if let Some(first) = columns.first()
            && first.len() != values.len()
        {
            return Err(ColumnsError::Array(format!(
                "the array `{name}` has {} values where `{}` has {}: a point has one value of each",
                values.len(),
                names[0],
                first.len()
            )));
        }
        columns.push(values);
    }
    Ok(columns)
}

#[cfg(test)]
mod tests {
    use super::{ColumnsError, columns_of_csv};

    fn read(text: &str) -> Result<Vec<Vec<f64>>, ColumnsError> {
        columns_of_csv(text.as_bytes(), &["x", "t"])
    }

    #[test]
    fn columns_are_found_by_name() {
        let text = "\u{feff}t , other, x\n# remark\n1, a,2e-1\n -3,b,+4\n";
        assert_eq!(read(text), Ok(vec![vec![0.2, 4.0], vec![1.0, -3.0]]));
    }

    #[test]
    fn mistakes_are_named_with_their_line() {
        let line = |text: &str| read(text).unwrap_err().to_string();
        assert_eq!(line("x,y\n1,2\n"), "it has no column `t`; it has `x`, `y`");
        assert_eq!(line("x,t,x\n1,2,3\n"), "it has two columns `x`");
        assert_eq!(
            line("x,t\n1,2\n1\n"),
            "line 3 has 1 values where the header has 2"
        );
        for wrong in ["", "nan", "inf", "1,5", "0x1"] {
            let text = format!("x,t\n1,2\n1,\"{wrong}\"\n");
            assert_eq!(
                line(&text),
                format!("line 3: `{wrong}` in the column `t` is not a finite number")
            );
        }
        assert!(line("").contains("none: its first line"));
    }
}
