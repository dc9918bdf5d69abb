//! The parser that `pest` makes of `grammar/pde.pest`.

/// Reads any rule of the grammar.
#[derive(pest_derive::Parser)]
#[grammar = "../../grammar/pde.pest"]
pub(super) struct Grammar;
