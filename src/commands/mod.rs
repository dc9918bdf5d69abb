//! The commands, one file each.

pub mod check;
pub mod compare;
pub mod completions;
pub mod emit;
pub mod eval;
pub mod explain;
pub mod fmt;
pub mod new;
pub mod train;
