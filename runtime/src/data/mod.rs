//! Data from files: tabulated solutions that a result is measured against, points at which to evaluate.

mod columns;
mod npz;

pub use columns::{ColumnsError, columns_of_csv, read_columns};
pub use npz::{Reference, ReferenceError, read_reference};
