//! The commands, one file each.

pub mod check;
pub mod emit;
pub mod train;
