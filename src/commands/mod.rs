//! The commands, one file each.

pub mod check;
pub mod emit;
pub mod explain;
pub mod fmt;
pub mod train;
