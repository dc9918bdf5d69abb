//! The runtime of `pdec`: executes training programs.
//!
//! [`engine`] runs a program on the CPU, [`sampling`] draws points, [`optimise`] minimises, [`train`] puts
//! them together, [`solution`] is what comes out; [`plot`] draws it. [`math`] has the vector functions under
//! it all.

pub mod data;
pub mod engine;
pub mod errors;
pub mod export;
pub mod math;
pub mod optimise;
pub mod plot;
pub mod report;
pub mod run_folder;
pub mod sampling;
pub mod solution;
pub mod state;
pub mod table;
pub mod train;
