//! An array of a file by its name.

use super::error::DataError;

/// An array with its last axis fastest, whatever the order in the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Array {
    /// The lengths of its axes.
    pub shape: Vec<usize>,
    /// Its numbers.
    pub values: Vec<f64>,
}

/// A named array of a file; of a table, one of its columns.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Its name, without unit.
    pub name: String,
    /// The unit that the file gives it: `T [K]` or `T (K)`.
    pub unit: Option<String>,
    /// The lengths of its axes; one for a column of a table.
    pub shape: Vec<usize>,
    /// Its numbers, the last axis fastest.
    pub values: Vec<f64>,
    /// Of a text, the line of each number, from 1.
    pub lines: Option<Vec<u64>>,
}

impl Column {
    /// A column of an array.
    pub(super) fn of_array(name: &str, array: Array) -> Self {
        Self {
            name: name.to_owned(),
            unit: None,
            shape: array.shape,
            values: array.values,
            lines: None,
        }
    }

    /// Where a number stands in the file: `line 7`, `index (2, 0)`; indices are counted from 0.
    #[must_use]
    pub fn place(&self, number: usize) -> String {
        if let Some(line) = self.lines.as_ref().and_then(|lines| lines.get(number)) {
            return format!("line {line}");
        }
        if self.shape.len() <= 1 {
            return format!("index {number}, counted from 0");
        }
        let mut rest = number;
        let mut indices: Vec<String> = Vec::new();
        for length in self.shape.iter().rev() {
            indices.push((rest % length.max(&1)).to_string());
            rest /= length.max(&1);
        }
        indices.reverse();
        format!("index ({}), counted from 0", indices.join(", "))
    }

    /// Refuses numbers that are none.
    ///
    /// # Errors
    ///
    /// [`DataError::NotFinite`], with the place of the first.
    pub fn check_finite(&self) -> Result<(), DataError> {
        let wrong = |value: &&f64| !value.is_finite();
        let count = self.values.iter().filter(wrong).count();
        match self.values.iter().position(|value| !value.is_finite()) {
            Some(first) => Err(DataError::NotFinite {
                array: self.name.clone(),
                count,
                place: self.place(first),
            }),
            None => Ok(()),
        }
    }

    /// The axes that are longer than one: MATLAB has no lists, only matrices of one row or column.
    pub(super) fn long_axes(&self) -> Vec<usize> {
        self.shape.iter().copied().filter(|it| *it != 1).collect()
    }
}

/// A name with the unit behind it, `T [K]` or `T (K)`, as its parts.
pub fn split_unit(text: &str) -> (&str, Option<&str>) {
    let text = text.trim();
    for (open, close) in [('[', ']'), ('(', ')')] {
        if let Some(inside) = text.strip_suffix(close)
            && let Some((name, unit)) = inside.split_once(open)
            // `v[1]` and `u(x)` are names: a unit has a blank before it.
            && name.ends_with(char::is_whitespace)
            && !name.trim().is_empty()
        {
            return (name.trim(), Some(unit.trim()));
        }
    }
    (text, None)
}
