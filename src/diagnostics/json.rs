//! Diagnostics as JSON, for editors and scripts. `docs/check-json.md` describes the keys.

use pdec_compiler::diagnostic::{Diagnostic, Edit, Label, Severity};
use pdec_compiler::source::{Source, Span};
use serde_json::{Value, json};

/// A place in a text as people count: from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

/// The place of a byte offset.
pub fn position(source: &Source, offset: usize) -> Position {
    let mut offset = offset.min(source.text.len());
    while !source.text.is_char_boundary(offset) {
        offset -= 1;
    }
    let before = &source.text[..offset];
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    Position {
        line: before.matches('\n').count() + 1,
        column: before[start..].chars().count() + 1,
    }
}

/// Everything that a diagnostic says, and the name of the text that it points into.
pub fn diagnostic(source: &Source, diagnostic: &Diagnostic) -> Value {
    let Diagnostic {
        name,
        severity,
        message,
        primary,
        secondary,
        notes,
        help,
        edit,
    } = diagnostic;
    let labels = std::iter::once(primary).chain(secondary);
    json!({
        "name": name,
        "severity": match severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        },
        "message": message,
        "source": &source.name,
        "span": span(source, primary.span),
        "labels": labels.map(|l| label(source, l)).collect::<Vec<_>>(),
        "notes": notes,
        "help": help,
        "edit": edit.as_ref().map(|Edit { span: place, replacement }| json!({
            "span": span(source, *place),
            "replacement": replacement,
        })),
    })
}

fn label(source: &Source, label: &Label) -> Value {
    json!({ "span": span(source, label.span), "message": &label.message })
}

fn span(source: &Source, span: Span) -> Value {
    let range = span.range();
    let [start, end] = [range.start, range.end].map(|offset| {
        let Position { line, column } = position(source, offset);
        (line, column)
    });
    json!({
        "start": range.start,
        "end": range.end,
        "line": start.0,
        "column": start.1,
        "end_line": end.0,
        "end_column": end.1,
    })
}

#[cfg(test)]
mod tests {
    use super::{Position, position};
    use pdec_compiler::source::Source;

    #[test]
    fn columns_count_characters() {
        let source = Source::new("s", "λ = 1\n∂u");
        let at = |offset| {
            let Position { line, column } = position(&source, offset);
            (line, column)
        };
        assert_eq!(at(0), (1, 1));
        assert_eq!(at(2), (1, 2));
        assert_eq!(at(7), (2, 1));
        assert_eq!(at(10), (2, 2));
        assert_eq!(at(99), (2, 3));
    }
}
