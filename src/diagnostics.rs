//! Diagnostics of the compiler on standard error, each with its line of source.

use codespan_reporting::diagnostic::{Diagnostic as Printed, Label};
use codespan_reporting::files::SimpleFile;
use codespan_reporting::term::termcolor::{ColorChoice, StandardStream};
use codespan_reporting::term::{self, Config};
use pdec_compiler::diagnostic::{Diagnostic, Severity};
use pdec_compiler::source::{Source, Span};
use std::io::{IsTerminal, Write as _};

/// Prints diagnostics that point into one text.
pub fn print(source: &Source, diagnostics: &[Diagnostic]) {
    let colour = if std::io::stderr().is_terminal() {
        ColorChoice::Auto
    } else {
        ColorChoice::Never
    };
    let stream = StandardStream::stderr(colour);
    let mut output = stream.lock();
    let file = SimpleFile::new(&source.name, &source.text);
    for diagnostic in diagnostics {
        let printed = printed(source, diagnostic);
        let written = term::emit_to_write_style(&mut output, &Config::default(), &file, &printed);
        if written.is_err() {
            // Without its line, the message is still better than silence.
            let _ = writeln!(output, "{}: {}", source.name, diagnostic.message);
        }
    }
}

/// Ends a report: where one can read more about the first error.
pub fn point_to_page<'a>(mut diagnostics: impl Iterator<Item = &'a Diagnostic>) {
    if let Some(error) = diagnostics.find(|diagnostic| diagnostic.is_error()) {
        crate::failure::say(format_args!("`pdec explain {}` says more", error.name));
    }
}

fn printed(source: &Source, diagnostic: &Diagnostic) -> Printed<()> {
    let severity = match diagnostic.severity {
        Severity::Error => codespan_reporting::diagnostic::Severity::Error,
        Severity::Warning => codespan_reporting::diagnostic::Severity::Warning,
    };
    let range = |span: Span| {
        let end = source.text.len();
        let range = span.range();
        range.start.min(end)..range.end.min(end)
    };
    let primary = &diagnostic.primary;
    let mut labels = vec![Label::primary((), range(primary.span)).with_message(&primary.message)];
    labels.extend(
        diagnostic
            .secondary
            .iter()
            .map(|label| Label::secondary((), range(label.span)).with_message(&label.message)),
    );
    let mut notes: Vec<String> = diagnostic
        .notes
        .iter()
        .map(|note| wrapped("", note))
        .collect();
    if let Some(help) = &diagnostic.help {
        notes.push(wrapped("help: ", help));
    }
    Printed::new(severity)
        .with_code(diagnostic.name)
        .with_message(&diagnostic.message)
        .with_labels(labels)
        .with_notes(notes)
}

/// The longest line of a note.
const WIDTH: usize = 96;

/// Breaks a note at spaces, continued lines under the first.
fn wrapped(prefix: &str, text: &str) -> String {
    let indent = " ".repeat(prefix.chars().count());
    let mut lines = vec![prefix.to_owned()];
    for word in text.split(' ') {
        let line = lines.last_mut();
        match line {
            Some(line)
                if line.chars().count() + word.chars().count() < WIDTH
                    || line.trim().is_empty() =>
            {
                if !line.is_empty() && !line.ends_with(' ') {
                    line.push(' ');
                }
                line.push_str(word);
            }
            Some(_) | None => lines.push(format!("{indent}{word}")),
        }
    }
    lines.join("\n")
}
