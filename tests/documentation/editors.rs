//! The colours of editors, `editors/`: their lists of words are the compiler's.

use crate::fences::root;
use pdec_compiler::hir::functions;
use pdec_compiler::syntax::keywords;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;

fn read(path: &str) -> Value {
    let text = fs::read_to_string(root().join("editors/vscode").join(path)).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// The words of `\b(one|two)\b…` in a rule of the grammar.
fn words(grammar: &Value, rule: &str) -> Vec<String> {
    let pattern = grammar["repository"][rule]["match"].as_str().unwrap();
    let inside = pattern.strip_prefix(r"\b(").unwrap();
    let (inside, _) = inside.split_once(')').unwrap();
    inside.split('|').map(str::to_owned).collect()
}

#[test]
fn the_words_are_those_of_the_compiler() {
    let grammar = read("syntaxes/pde.tmLanguage.json");
    let listed = |rules: &[&str]| {
        let words: Vec<String> = rules
            .iter()
            .flat_map(|rule| words(&grammar, rule))
            .collect();
        let set: BTreeSet<String> = words.iter().cloned().collect();
        assert_eq!(
            words.len(),
            set.len(),
            "a word is listed twice in {rules:?}"
        );
        set
    };
    let of =
        |words: Vec<&str>| -> BTreeSet<String> { words.into_iter().map(str::to_owned).collect() };
    assert_eq!(
        listed(&["declarations", "connectives", "reserved"]),
        of(keywords().collect())
    );
    assert_eq!(listed(&["functions"]), of(functions().collect()));
    assert_eq!(listed(&["derivatives"]), of(vec!["d"]));
    assert_eq!(listed(&["constants"]), of(vec!["pi", "e"]));
}

#[test]
fn every_rule_that_is_included_exists() {
    fn includes(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(entries) => {
                for (key, value) in entries {
                    if let ("include", Value::String(name)) = (key.as_str(), value) {
                        found.push(name.clone());
                    }
                    includes(value, found);
                }
            }
            Value::Array(values) => values.iter().for_each(|value| includes(value, found)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    let grammar = read("syntaxes/pde.tmLanguage.json");
    let mut found = Vec::new();
    includes(&grammar, &mut found);
    assert!(!found.is_empty());
    for name in found {
        let rule = name.strip_prefix('#').unwrap();
        assert!(grammar["repository"][rule].is_object(), "{name}");
    }
}

#[test]
fn the_extension_names_files_that_exist() {
    let package = read("package.json");
    let contributes = &package["contributes"];
    let paths = [
        &contributes["languages"][0]["configuration"],
        &contributes["grammars"][0]["path"],
    ];
    for path in paths {
        read(path.as_str().unwrap());
    }
    let scope = &contributes["grammars"][0]["scopeName"];
    assert_eq!(*scope, read("syntaxes/pde.tmLanguage.json")["scopeName"]);
}
