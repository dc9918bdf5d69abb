//! The parser that `pest` makes of `grammar/*.pest`.

/// Reads any rule of the grammar.
#[derive(pest_derive::Parser)]
#[grammar = "../../grammar/words.pest"]
#[grammar = "../../grammar/declarations.pest"]
#[grammar = "../../grammar/expressions.pest"]
#[grammar = "../../grammar/units.pest"]
#[grammar = "../../grammar/settings.pest"]
pub(super) struct Grammar;
