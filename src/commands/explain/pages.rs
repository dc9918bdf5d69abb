//! The pages on diagnostics, `docs/errors/NAME.md`, carried inside the command.
//!
//! Each begins with its name as a heading and one sentence on a line of its own, and has an example that is wrong
//! and the same put right. A test makes sure that every diagnostic has a page.

/// The name and text of one page.
macro_rules! page {
    ($name:literal) => {
        (
            $name,
            include_str!(concat!("../../../docs/errors/", $name, ".md")),
        )
    };
}

/// All pages by name, in alphabetical order.
pub const PAGES: &[(&str, &str)] = &[
    page!("ambiguous-derivative"),
    page!("ambiguous-subscript"),
    page!("condition-not-on-boundary"),
    page!("condition-order"),
    page!("condition-without-field"),
    page!("duplicate-declaration"),
    page!("duplicate-name"),
    page!("empty-domain"),
    page!("equation-count"),
    page!("equation-without-field"),
    page!("exact-is-not-exact"),
    page!("exact-is-not-periodic"),
    page!("exact-mentions-field"),
    page!("expansion-too-large"),
    page!("ill-posed"),
    page!("incompatible-corner"),
    page!("initial-form"),
    page!("initial-mentions-field"),
    page!("missing-field"),
    page!("missing-initial"),
    page!("missing-interval"),
    page!("missing-time"),
    page!("non-real"),
    page!("not-a-coordinate"),
    page!("not-a-field"),
    page!("not-a-function"),
    page!("not-a-number"),
    page!("not-an-argument"),
    page!("not-supported-yet"),
    page!("order-of-derivative"),
    page!("overlapping-conditions"),
    page!("periodic-time"),
    page!("recursive-definition"),
    page!("reference-columns"),
    page!("repeated-setting"),
    page!("reserved-name"),
    page!("setting-range"),
    page!("setting-type"),
    page!("singular-coefficient"),
    page!("surplus-condition"),
    page!("surplus-initial"),
    page!("syntax"),
    page!("toml-syntax"),
    page!("too-deeply-nested"),
    page!("uncovered-boundary"),
    page!("undetermined-constant"),
    page!("unit-mismatch"),
    page!("unknown-choice"),
    page!("unknown-function"),
    page!("unknown-keyword"),
    page!("unknown-name"),
    page!("unknown-setting"),
    page!("unknown-unit"),
    page!("unreadable-derivative"),
    page!("unusable-reference"),
    page!("unused-name"),
    page!("wrong-argument-count"),
];
