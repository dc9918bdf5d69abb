//! The compiler of `pdec`: text in, kernels and a training program or diagnostics out. No IO.
//!
//! ```text
//! text ─syntax→ Document ─hir→ Problem ─jet→ Graph ─network, program→ Program of kernels ─backend→ code
//! ```
//!
//! Each stage is a folder named after what it holds: [`syntax`], [`hir`], [`jet`], [`network`], [`kernel`],
//! [`program`], [`backend`]. Its module documentation says input, output and invariants.

pub mod analysis;
pub mod arena;
pub mod backend;
pub mod classify;
pub mod diagnostic;
pub mod front;
pub mod function;
mod hash;
pub mod hir;
pub mod jet;
pub mod kernel;
pub mod latex;
pub mod network;
pub mod precision;
pub mod program;
mod sample;
pub mod settings;
pub mod source;
pub mod syntax;
pub mod variation;
pub mod verify_exact;
