//! CUDA C: its text in snapshots; run on the CPU by a C++ compiler against the interpreter; compiled by
//! NVRTC. The last two are skipped, with a note, where there is no such compiler.
#![allow(clippy::unwrap_used)] // a test may fail

#[path = "../random/mod.rs"]
mod random;
#[path = "../regional/mod.rs"]
mod regional;

mod bounds;
mod compilers;
mod corpus;
mod text;
