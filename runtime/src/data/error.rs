//! What can be wrong with a file of data.

use thiserror::Error;

/// Why a file of data cannot be used. Each is a sentence without the name of the file.
#[derive(Debug, Error, PartialEq)]
pub enum DataError {
    /// No such file, or no right to read it.
    #[error("the file cannot be read: {reason}")]
    Unreadable {
        /// What the system said.
        reason: String,
    },
    /// Not what its name or its beginning promises.
    #[error("the file is not a readable {kind}: {reason}")]
    Format {
        /// What it should be.
        kind: &'static str,
        /// What the reader said.
        reason: String,
    },
    /// An array or column that is asked for is not there.
    #[error("the file has no array `{array}`; it has {present}")]
    Missing {
        /// The array.
        array: String,
        /// The arrays that are there.
        present: String,
    },
    /// There is no array or column at all.
    #[error("the file holds nothing: there is no array `{0}`, nor any other")]
    Nothing(String),
    /// Two columns of one name.
    #[error("the file has two columns `{0}`")]
    Twice(String),
    /// A line that is not like the header.
    #[error("line {line} has {found} values where {expected} columns are named{hint}")]
    Ragged {
        /// The line, from 1.
        line: u64,
        /// How many values it has.
        found: usize,
        /// How many it should have.
        expected: usize,
        /// What may be the reason; nothing, or from a colon on.
        hint: &'static str,
    },
    /// A value that is no number.
    #[error("line {line}: `{text}` in the column `{column}` is not a finite number{hint}")]
    Number {
        /// The line, from 1.
        line: u64,
        /// The column.
        column: String,
        /// What stands there.
        text: String,
        /// What may be the matter.
        hint: &'static str,
    },
    /// An array that cannot be read as numbers.
    #[error("the array `{array}` cannot be read: {reason}")]
    Array {
        /// The array.
        array: String,
        /// What the reader said.
        reason: String,
    },
    /// An axis is not a list of increasing numbers inside the interval of its coordinate.
    #[error("the array `{array}` is no axis: {reason}")]
    Axis {
        /// The array.
        array: String,
        /// What is wrong.
        reason: String,
    },
    /// The values do not have the shape that the axes ask for.
    #[error("the array `{array}` has the shape ({found}), but {axes} ask for ({expected}){hint}")]
    Shape {
        /// The array of values.
        array: String,
        /// Its shape.
        found: String,
        /// The axes and their lengths.
        axes: String,
        /// The shape asked for.
        expected: String,
        /// What may be the matter.
        hint: String,
    },
    /// Columns of points have unequal lengths.
    #[error(
        "the array `{array}` has {found} values where `{first}` has {expected}: a point has one value of each"
    )]
    Lengths {
        /// The array.
        array: String,
        /// How many values it has.
        found: usize,
        /// The first array.
        first: String,
        /// How many that has.
        expected: usize,
    },
    /// A value is not a number.
    #[error(
        "the array `{array}` has {count} {}, the first at {place}",
        if *.count == 1 { "value that is not a finite number" } else { "values that are not finite numbers" }
    )]
    NotFinite {
        /// The array.
        array: String,
        /// How many.
        count: usize,
        /// Where the first is.
        place: String,
    },
    /// A point lies where the problem is not stated.
    #[error("the point at {place} has {reason}{more}")]
    Outside {
        /// Where in the file.
        place: String,
        /// `x` = 3, outside of [0, 1]
        reason: String,
        /// How many more there are.
        more: String,
    },
    /// A column is in a unit that its quantity cannot have.
    #[error(
        "the column `{column}` is in `{found}`, and `{quantity}` is declared in `{declared}`: {reason}"
    )]
    Unit {
        /// The column.
        column: String,
        /// The unit in the file.
        found: String,
        /// What the column is to be.
        quantity: String,
        /// The unit of that.
        declared: String,
        /// Why the one is not the other.
        reason: String,
    },
    /// A point of a solution is there twice.
    #[error("{second} has the same point as {first}: {point}")]
    Repeated {
        /// Where it is first.
        first: String,
        /// Where it is again.
        second: String,
        /// `x` = 0.5, `t` = 1
        point: String,
    },
    /// There is no point in the file.
    #[error("the file holds names, but no values")]
    Empty,
}

impl DataError {
    /// The error of an array that is not among those present.
    pub(super) fn missing<'a>(array: &str, present: impl IntoIterator<Item = &'a str>) -> Self {
        let mut present: Vec<String> = present
            .into_iter()
            .filter(|name| !name.is_empty())
            .map(|name| format!("`{name}`"))
            .collect();
        if present.is_empty() {
            return Self::Nothing(array.to_owned());
        }
        present.sort();
        Self::Missing {
            array: array.to_owned(),
            present: present.join(", "),
        }
    }
}
