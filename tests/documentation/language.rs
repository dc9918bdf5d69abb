//! The reference manual, `docs/language.md`.

use crate::fences::{Checker, fences, root};
use pdec_compiler::function::FUNCTIONS;
use pdec_compiler::settings;
use pdec_compiler::source::Source;
use pdec_compiler::{front, syntax};
use std::fs;

fn manual() -> String {
    fs::read_to_string(root().join("docs/language.md")).unwrap()
}

#[test]
fn every_snippet_is_as_it_says() {
    let checker = Checker::new();
    let wrong: Vec<String> = fences(&manual())
        .iter()
        .filter_map(|fence| checker.check(fence).err())
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_function_and_reserved_word_is_listed() {
    let manual = manual();
    for (name, _) in FUNCTIONS {
        assert!(manual.contains(&format!("`{name}(a)`")), "{name}");
    }
    let listed: Vec<&str> = manual
        .lines()
        .filter_map(|line| line.strip_prefix("> "))
        .flat_map(str::split_whitespace)
        .map(|word| word.trim_matches('`'))
        .collect();
    let mut keywords: Vec<&str> = syntax::keywords().collect();
    assert_eq!(listed.len(), keywords.len());
    keywords.retain(|keyword| !listed.contains(keyword));
    assert!(keywords.is_empty(), "not listed: {keywords:?}");
}

#[test]
fn the_defaults_are_those_of_the_compiler() {
    let manual = manual();
    let fences = fences(&manual);
    let first = |starts: &str| {
        let fence = fences.iter().find(|fence| fence.text.starts_with(starts));
        fence.unwrap()
    };
    let read = |text: String| front::read(&Source::new("manual.pde", text), &[]).unwrap();
    let defaults = read(first("problem").file());
    let defaults = settings::entries(&defaults.settings);
    let listed: Vec<(String, String)> = first("train {")
        .text
        .lines()
        .filter_map(|line| line.trim().split_once('='))
        .map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()))
        .collect();
    assert_eq!(listed, defaults);
}
