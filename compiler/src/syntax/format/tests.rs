//! Formatting keeps the meaning, settles at once, and never falls back to the old layout.

use super::lay_out;
use crate::source::Source;
use crate::syntax::{parse, print};
use proptest::prelude::*;
use std::path::{Path, PathBuf};

/// All `.pde` files of the repository, and the fenced blocks of its documentation.
fn texts() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let folders = ["examples", "tests", "benchmarks", "docs"];
    let mut rest: Vec<PathBuf> = folders.iter().map(|folder| root.join(folder)).collect();
    let mut texts = Vec::new();
    while let Some(path) = rest.pop() {
        if path.is_dir() {
            let entries = std::fs::read_dir(path).unwrap();
            rest.extend(entries.map(|entry| entry.unwrap().path()));
            continue;
        }
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("pde") => texts.push(std::fs::read_to_string(&path).unwrap()),
            Some("md") => {
                let text = std::fs::read_to_string(&path).unwrap();
                let blocks = text.split("```").skip(1).step_by(2);
                texts.extend(blocks.filter_map(|block| {
                    let (info, text) = block.split_once('\n')?;
                    info.starts_with("pde").then(|| text.to_owned())
                }));
            }
            _ => {}
        }
    }
    texts.sort();
    texts
}

/// What a text says: everything but places and layout.
fn meaning(text: &str) -> (String, Vec<String>) {
    let document = parse(&Source::new("test.pde", text)).unwrap();
    let comments = document.comments.iter();
    let comments = comments.map(|comment| comment.text.trim_end().to_owned());
    (print(&document), comments.collect())
}

/// Formats a text that can be parsed, and checks what must hold.
fn formatted(text: &str) -> String {
    let once = lay_out(&Source::new("test.pde", text)).unwrap().unwrap();
    assert_eq!(meaning(text), meaning(&once), "{text}\n---\n{once}");
    let twice = lay_out(&Source::new("test.pde", &once)).unwrap().unwrap();
    assert_eq!(once, twice, "of\n{text}");
    assert!(once.is_empty() || once.ends_with('\n'));
    for line in once.lines() {
        assert_eq!(line.trim_end(), line, "{once}");
    }
    once
}

fn is_correct(text: &str) -> bool {
    parse(&Source::new("test.pde", text)).is_ok()
}

#[test]
fn every_file_and_snippet_keeps_its_meaning() {
    let texts = texts();
    assert!(texts.len() > 100, "{}", texts.len());
    for text in texts {
        if is_correct(&text) {
            formatted(&text);
        } else {
            assert!(lay_out(&Source::new("test.pde", text)).is_err());
        }
    }
}

#[test]
fn examples_are_formatted() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
    for entry in std::fs::read_dir(examples).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "pde") {
            let text = std::fs::read_to_string(&path).unwrap();
            assert_eq!(formatted(&text), text, "{}", path.display());
        }
    }
}

#[test]
fn small_texts() {
    assert_eq!(formatted(""), "");
    assert_eq!(formatted("\n\n  \n"), "");
    assert_eq!(formatted("# a\n\n\n\n  # b  "), "# a\n\n# b\n");
    assert_eq!(
        formatted("eq   - x^ - 2*( + u )=|u|/2-|-u|#c\r\n\r\n\r\nperiodic x,y"),
        "eq -x^-2*(+u) = |u|/2 - |-u|  # c\n\nperiodic x, y\n".replace("# c", "#c")
    );
    assert_eq!(formatted("train{windows=5}"), "train { windows = 5 }\n");
    assert_eq!(
        formatted("train{points=3 # few\n\n\nnetwork.width=4 windows=auto}"),
        "train {\n  points = 3  # few\n\n  network.width = 4\n  windows       = auto\n}\n"
    );
    assert_eq!(
        formatted("coord x in[0,1] time t in[0,1]\n\ntime s in[0,1]"),
        "coord x in [0, 1]\ntime  t in [0, 1]\n\ntime s in [0, 1]\n"
    );
}

/// Files with everything in them.
const WHOLE: [&str; 2] = [
    include_str!("../../../../tests/format/whole.pde"),
    include_str!("../../../../tests/format/symbols.pde"),
];

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    })]
    #[test]
    fn any_layout_of_a_file(file in 0_usize..2, gaps in prop::collection::vec(0_usize..9, 600)) {
        let layouts = [" ", " ", " ", "  ", "\n", "\n\n\n", "\t", " # why\n", "\n\n# so\n\n"];
        let source = Source::new("whole.pde", WHOLE[file]);
        let scan = super::scan(&source);
        let mut text = String::new();
        for (index, token) in scan.tokens.iter().enumerate() {
            text.push_str(token.text);
            // The name of a setting is one word, and so is its number.
            let next = scan.tokens.get(index + 1).map_or("", |next| next.text);
            if ![".", "-"].contains(&token.text) && next != "." {
                text.push_str(layouts[gaps[index]]);
            }
        }
        formatted(&text);
    }
}
