//! The pages on diagnostics, `docs/errors/NAME.md`, and `pdec explain`.

use crate::fences::{Checker, Promise, fences, root};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

/// The names of all pages.
fn pages() -> BTreeSet<String> {
    let entries = fs::read_dir(root().join("docs/errors")).unwrap();
    let stems = entries.map(|entry| entry.unwrap().path().with_extension(""));
    stems
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .collect()
}

/// The names that the sources construct diagnostics with.
fn constructed(folder: &Path, names: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            constructed(&path, names);
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        // `make` chooses between the two where severity depends on the problem.
        for opening in ["Diagnostic::error(", "Diagnostic::warning(", "make("] {
            for (_, after) in text
                .match_indices(opening)
                .map(|(at, _)| text.split_at(at + opening.len()))
            {
                let Some(after) = after.trim_start().strip_prefix('"') else {
                    continue;
                };
                names.insert(after.split('"').next().unwrap().to_owned());
            }
        }
    }
}

fn explain(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_pdec"))
        .arg("explain")
        .args(arguments)
        .env("NO_COLOR", "1")
        .output()
        .unwrap()
}

#[test]
fn every_diagnostic_has_a_page_and_every_page_a_diagnostic() {
    let mut names = BTreeSet::new();
    constructed(&root().join("compiler/src"), &mut names);
    constructed(&root().join("src"), &mut names);
    assert_eq!(names, pages());
    let listed = String::from_utf8(explain(&[]).stdout).unwrap();
    let listed: BTreeSet<String> = listed
        .lines()
        .map(|line| line.split(' ').next().unwrap().to_owned())
        .collect();
    assert_eq!(names, listed);
}

#[test]
fn every_example_is_wrong_as_it_says_and_right_when_put_right() {
    let checker = Checker::new();
    let mut wrong = Vec::new();
    for name in pages() {
        let path = root().join("docs/errors").join(format!("{name}.md"));
        let page = fs::read_to_string(path).unwrap();
        assert!(page.starts_with(&format!("# {name}\n\n")), "{name}");
        let fences = fences(&page);
        let promises: Vec<Option<Promise>> = fences.iter().map(|fence| fence.promise()).collect();
        let expected = [
            Some(Promise::Diagnostic(name.clone())),
            Some(Promise::Accepted),
        ];
        assert_eq!(promises, expected, "{name}");
        for fence in &fences {
            if let Err(found) = checker.check(fence) {
                wrong.push(format!("{name}: {found}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_page_is_printed() {
    let output = explain(&["unknown-name"]);
    assert_eq!(output.status.code(), Some(0));
    insta::assert_snapshot!("page", String::from_utf8(output.stdout).unwrap());
}

#[test]
fn an_unknown_name_is_answered_with_the_nearest() {
    for (name, meant) in [
        ("unknwon-name", "did you mean `unknown-name`?"),
        (
            "subscript",
            "did you mean one of these: ambiguous-subscript?",
        ),
        ("elephant", "`pdec explain` lists all names"),
    ] {
        let output = explain(&[name]);
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{stderr}");
        assert!(stderr.contains(meant), "{stderr}");
        assert!(output.stdout.is_empty());
    }
}
