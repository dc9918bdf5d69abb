//! What the documentation says is so: every snippet compiles or fails as it says, every diagnostic has its page,
//! and the lists of words are the compiler's.

// The helpers below are test code although no `#[test]` stands on them.
#![allow(clippy::unwrap_used)]

mod editors;
mod explain;
mod fences;
mod language;
