//! The fault corpus: each file of `tests/errors` has one mistake that a physicist could make.
//!
//! The snapshot beside each file shows it and everything that the compiler says about it. Where a diagnostic has
//! an edit, applying it must mend that mistake.

mod support;

use pdec_compiler::diagnostic::Diagnostic;
use pdec_compiler::source::Source;
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
