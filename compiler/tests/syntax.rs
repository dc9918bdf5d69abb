//! What is read is what was written: each file of `tests/syntax`, read and printed again.
//!
//! The snapshot beside each file shows it as `print` writes it. Where a sign can be written in two ways, one of them is
//! printed.

// Clippy knows `#[test]` functions, not their helpers.
#![allow(clippy::unwrap_used)]

mod support;

use pdec_compiler::source::Source;
use pdec_compiler::syntax::{format, parse, print};
use std::path::Path;
use support::{files, read, render};

/// The file printed; or why it cannot be read.
fn printed(source: &Source) -> Result<String, String> {
    match parse(source) {
        Ok(document) => Ok(print(&document)),
        Err(errors) => Err(errors.iter().map(|error| render(source, error)).collect()),
    }
}

#[test]
fn what_is_read_can_be_printed() {
    for path in files("syntax") {
        let source = read(&path);
        let once = printed(&source).unwrap_or_else(|errors| panic!("{errors}"));
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(path.parent().unwrap());
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| {
            let shown = format!("{}\n\n== printed\n{once}", source.text.trim_end());
            insta::assert_snapshot!(path.file_stem().unwrap().to_str().unwrap(), shown);
        });
    }
}

/// All `.pde` files below a folder of the repository.
fn all(folder: &Path, found: &mut Vec<Source>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && path.file_name().is_some_and(|name| name != "target") {
            all(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "pde") {
            found.push(read(&path));
        }
    }
}

#[test]
fn reading_what_is_printed_changes_nothing() {
    let mut sources = Vec::new();
    all(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join(".."),
        &mut sources,
    );
    let mut count = 0;
    for source in sources {
        let Ok(once) = printed(&source) else { continue };
        count += 1;
        let twice = printed(&Source::new("printed.pde", once.as_str()));
        assert_eq!(twice.as_ref(), Ok(&once), "{}", source.name);
        let formatted = format(&source).unwrap();
        let after = printed(&Source::new("formatted.pde", formatted.as_str()));
        assert_eq!(after.as_ref(), Ok(&once), "{}", source.name);
        assert_eq!(
            format(&Source::new("formatted.pde", formatted.as_str())).as_ref(),
            Ok(&formatted)
        );
    }
    assert!(count > 80, "{count}");
}
