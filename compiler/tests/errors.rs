//! The fault corpus: each file of `tests/errors` has one mistake that a physicist could make.
//!
//! The snapshot beside each file shows it and everything that the compiler says about it. Where a diagnostic has
//! an edit, applying it must mend that mistake.

mod support;

use pdec_compiler::diagnostic::Diagnostic;
use pdec_compiler::source::Source;
use std::collections::BTreeSet;
use std::fmt::Write;
use support::{files, read, render, report};

#[test]
fn every_fault_is_explained() {
    for path in files("errors") {
        let source = read(&path);
        let (Ok(errors) | Err(errors)) = report(&source);
        assert!(!errors.is_empty(), "{} has no fault", source.name);
        let mut text = format!("{}\n", source.text.trim_end());
        for error in &errors {
            let _ = write!(text, "\n{}", render(&source, error));
        }
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(path.parent().unwrap());
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| {
            insta::assert_snapshot!(path.file_stem().unwrap().to_str().unwrap(), text);
        });
    }
}

/// What is wrong outside of a `.pde` file is tested with the command line.
const ELSEWHERE: [&str; 3] = ["toml-syntax", "unusable-data", "unusable-reference"];

#[test]
fn every_kind_of_mistake_has_a_file() {
    let pages = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/errors");
    let names = std::fs::read_dir(pages).unwrap().map(|entry| {
        let path = entry.unwrap().path();
        path.file_stem().unwrap().to_str().unwrap().to_owned()
    });
    let mut missing: BTreeSet<String> = names.collect();
    let kinds = missing.len();
    missing.retain(|name| !ELSEWHERE.contains(&name.as_str()));
    let (mut edits, mut helps) = (0, 0);
    let faults = files("errors");
    for path in &faults {
        let (Ok(errors) | Err(errors)) = report(&read(path));
        for error in &errors {
            missing.remove(error.name);
            edits += usize::from(error.edit.is_some());
            helps += usize::from(error.help.is_some());
        }
    }
    let correct = files("correct").len();
    println!(
        "{} fault files of {kinds} kinds, {helps} helps, {edits} edits; {correct} correct files",
        faults.len()
    );
    assert!(missing.is_empty(), "without a fault file: {missing:?}");
    assert!(faults.len() >= 80 && correct >= 30);
}

#[test]
fn every_edit_mends_its_mistake() {
    let same = |left: &Diagnostic, right: &Diagnostic| {
        left.name == right.name && left.message == right.message
    };
    for path in files("errors") {
        let source = read(&path);
        let (Ok(errors) | Err(errors)) = report(&source);
        for error in &errors {
            let Some(edit) = &error.edit else { continue };
            let mut text = source.text.clone();
            text.replace_range(edit.span.range(), &edit.replacement);
            let mended = Source::new(source.name.clone(), text);
            let rest = report(&mended).map_or_else(|errors| errors, |_| Vec::new());
            assert!(
                rest.iter().all(|other| !same(other, error)),
                "{}: the edit of `{}` does not mend it:\n{}",
                path.display(),
                error.message,
                mended.text
            );
            if errors.len() == 1 {
                let rest: Vec<String> = rest.iter().map(|error| render(&mended, error)).collect();
                assert!(
                    rest.is_empty(),
                    "{}: after the edit:\n{}",
                    path.display(),
                    rest.concat()
                );
            }
        }
    }
}
