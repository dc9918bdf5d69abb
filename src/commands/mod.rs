//! The commands, one file each.

pub mod check;
pub mod compare;
pub mod completions;
pub mod diff;
pub mod emit;
pub mod eval;
pub mod explain;
pub mod export;
pub mod fmt;
pub mod new;
pub mod plot;
pub mod report;
pub mod runs;
pub mod train;
