//! Diagnostics of the compiler on standard error, each with its line of source; as JSON in [`json`].
//!
//! What is printed is free of characters that a terminal obeys ([`escape`](mod@escape)).

mod escape;
pub mod json;
mod long_lines;

pub use escape::escape;

use codespan_reporting::diagnostic::{Diagnostic as Printed, Label, Severity as PrintedSeverity};
use codespan_reporting::files::SimpleFile;
use codespan_reporting::term::termcolor::{ColorChoice, StandardStream};
use codespan_reporting::term::{self, Config};
use escape::Shown;
use pdec_compiler::diagnostic::{Diagnostic, Severity};
use pdec_compiler::source::Source;
use std::io::{IsTerminal, Write as _};

/// The most diagnostics that are printed: who has more mends these first. All of them are in `check --json`.
pub const MOST: usize = 50;

/// Says how many of so many diagnostics are not printed, if any.
pub fn say_left_out(count: usize) {
    let more = count.saturating_sub(MOST);
    if more > 0 {
        let all = "`pdec check --json` lists all";
        crate::failure::say(format_args!("… and {more} more; {all}\n"));
    }
}

/// Prints diagnostics that point into one text.
pub fn print(source: &Source, diagnostics: &[Diagnostic]) {
    emit(source, diagnostics, |severity| match severity {
        Severity::Error => PrintedSeverity::Error,
        Severity::Warning => PrintedSeverity::Warning,
    });
}

/// Prints diagnostics that are no mistakes: what training cannot do yet, where nothing is to be trained.
pub fn print_as_notes(source: &Source, diagnostics: &[Diagnostic]) {
    emit(source, diagnostics, |_| PrintedSeverity::Note);
}

fn emit(
    source: &Source,
    diagnostics: &[Diagnostic],
    severity: impl Fn(Severity) -> PrintedSeverity,
) {
    if diagnostics.is_empty() {
        return;
    }
    let colour = if std::io::stderr().is_terminal() {
        ColorChoice::Auto
    } else {
        ColorChoice::Never
    };
    let stream = StandardStream::stderr(colour);
    let mut output = stream.lock();
    let shown = Shown::new(source);
    let name = escape(&source.name);
    let file = SimpleFile::new(&name, shown.text());
    let long = long_lines::has_long_line(shown.text());
    for diagnostic in diagnostics.iter().take(MOST) {
        let printed = printed(&shown, severity(diagnostic.severity), diagnostic);
        let config = Config::default();
        let written = if long {
            let (text, printed) = long_lines::cut(shown.text(), printed);
            let file = SimpleFile::new(&name, text);
            term::emit_to_write_style(&mut output, &config, &file, &printed)
        } else {
            term::emit_to_write_style(&mut output, &config, &file, &printed)
        };
        if written.is_err() {
            // Without its line, the message is still better than silence.
            let _ = writeln!(output, "{name}: {}", escape(&diagnostic.message));
        }
    }
    drop(output);
    say_left_out(diagnostics.len());
}

/// Ends a report: where one can read more about the first error.
pub fn point_to_page<'a>(mut diagnostics: impl Iterator<Item = &'a Diagnostic>) {
    if let Some(error) = diagnostics.find(|diagnostic| diagnostic.is_error()) {
        crate::failure::say(format_args!("`pdec explain {}` says more", error.name));
    }
}

fn printed(shown: &Shown, severity: PrintedSeverity, diagnostic: &Diagnostic) -> Printed<()> {
    let primary = &diagnostic.primary;
    let mut labels =
        vec![Label::primary((), shown.range(primary.span)).with_message(escape(&primary.message))];
    labels.extend(diagnostic.secondary.iter().map(|label| {
        Label::secondary((), shown.range(label.span)).with_message(escape(&label.message))
    }));
    let mut notes: Vec<String> = diagnostic
        .notes
        .iter()
        .map(|note| wrapped("", &escape(note)))
        .collect();
    if let Some(help) = &diagnostic.help {
        notes.push(wrapped("help: ", &escape(help)));
    }
    Printed::new(severity)
        .with_code(diagnostic.name)
        .with_message(escape(&diagnostic.message))
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
