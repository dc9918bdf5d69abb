//! What the tests of the front end share: finding `.pde` files, and diagnostics as plain text.

// Clippy knows `#[test]` functions, not their helpers.
#![allow(clippy::unwrap_used)]
// Each test uses a part of it.
#![allow(dead_code)]

use pdec_compiler::diagnostic::{Diagnostic, Label, Severity};
use pdec_compiler::front;
use pdec_compiler::hir::{Overrides, Problem, resolve};
use pdec_compiler::source::Source;
use pdec_compiler::syntax::parse;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// All `.pde` files in a folder of `tests/` and its folders, in order.
pub fn files(folder: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../tests")
        .join(folder);
    let mut folders = vec![root];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "pde") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

/// A file under its own name, as a user in its folder would type it.
pub fn read(path: &Path) -> Source {
    let name = path.file_name().unwrap().to_string_lossy();
    Source::new(name, std::fs::read_to_string(path).unwrap())
}

/// The front end as a whole; what training cannot do yet comes after all warnings.
pub fn compile(source: &Source) -> Result<(Problem, Vec<Diagnostic>), Vec<Diagnostic>> {
    let document = parse(source)?;
    let (problem, mut found) = resolve(source, &document, &Overrides::new())?;
    found.extend(problem.unsupported.iter().cloned());
    Ok((problem, found))
}

/// The front end with its settings and solutions, as every command runs it: all that it has to say.
pub fn report(source: &Source) -> Result<Vec<Diagnostic>, Vec<Diagnostic>> {
    match front::read(source, &[]) {
        Ok(front) => Ok(front
            .warnings
            .into_iter()
            .chain(front.problem.unsupported)
            .collect()),
        Err(findings) => Err(findings.into_iter().map(|f| f.diagnostic).collect()),
    }
}

/// Everything that a diagnostic says.
pub fn render(source: &Source, diagnostic: &Diagnostic) -> String {
    let severity = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let mut text = format!("{severity}[{}]: {}\n", diagnostic.name, diagnostic.message);
    snippet(&mut text, source, &diagnostic.primary, '^');
    for label in &diagnostic.secondary {
        snippet(&mut text, source, label, '-');
    }
    for note in &diagnostic.notes {
        let _ = writeln!(text, "  note: {note}");
    }
    if let Some(help) = &diagnostic.help {
        let _ = writeln!(text, "  help: {help}");
    }
    if let Some(edit) = &diagnostic.edit {
        let _ = writeln!(
            text,
            "  edit: {:?} -> {:?}",
            source.slice(edit.span),
            edit.replacement
        );
    }
    text
}

fn snippet(text: &mut String, source: &Source, label: &Label, mark: char) {
    let start = label.span.range().start;
    let before = &source.text[..start];
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let number = before.matches('\n').count() + 1;
    let line = source.text[line_start..].lines().next().unwrap_or("");
    let column = source.text[line_start..start].chars().count();
    let width = source
        .slice(label.span)
        .lines()
        .next()
        .unwrap_or("")
        .chars()
        .count();
    let indent = " ".repeat(column);
    let marks = mark.to_string().repeat(width.max(1));
    let here = format!("{indent}{marks} {}", label.message);
    let _ = writeln!(text, "{number:4} | {line}\n     | {}", here.trim_end());
}
