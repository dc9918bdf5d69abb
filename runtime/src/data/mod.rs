//! Data from files: tabulated solutions that a result is measured against.

mod npz;

pub use npz::{Reference, ReferenceError, read_reference};
