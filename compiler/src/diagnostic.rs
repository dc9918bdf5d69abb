//! What the compiler has to say about a text: one plain type, printed elsewhere.
//!
//! A diagnostic names the rule (a stable kebab-case name), the place, what is wrong there, and the edit
//! that would mend it. The compiler returns them as values; it never prints and never stops at the first.

use crate::source::Span;

/// How grave a diagnostic is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The problem cannot be solved as it stands.
    Error,
    /// The problem can be solved, but a reader should look.
    Warning,
}

/// A place in the text, with what is wrong there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What to read there; may be empty.
    pub message: String,
}

/// A replacement of a piece of text that would mend the mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The text to replace; an empty range inserts.
    pub span: Span,
    /// What to put there.
    pub replacement: String,
}

/// One finding about the source text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The stable kebab-case name of the rule, for instance `unknown-name`.
    pub name: &'static str,
    /// How grave it is.
    pub severity: Severity,
    /// One sentence: what is wrong.
    pub message: String,
    /// Where it is wrong.
    pub primary: Label,
    /// Other places that matter.
    pub secondary: Vec<Label>,
    /// The rule behind it, a short paragraph each.
    pub notes: Vec<String>,
    /// What to do about it.
    pub help: Option<String>,
    /// The edit that does it, where one is known.
    pub edit: Option<Edit>,
}

impl Diagnostic {
    /// An error at a place. `here` is what the place's underline says.
    pub fn error(
        name: &'static str,
        message: impl Into<String>,
        span: Span,
        here: impl Into<String>,
    ) -> Self {
        Self {
            name,
            severity: Severity::Error,
            message: message.into(),
            primary: Label {
                span,
                message: here.into(),
            },
            secondary: Vec::new(),
            notes: Vec::new(),
            help: None,
            edit: None,
        }
    }

    /// A warning at a place. `here` is what the place's underline says.
    pub fn warning(
        name: &'static str,
        message: impl Into<String>,
        span: Span,
        here: impl Into<String>,
    ) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::error(name, message, span, here)
        }
    }

    /// Adds another place that matters.
    #[must_use]
    pub fn with_label(mut self, span: Span, message: impl Into<String>) -> Self {
        self.secondary.push(Label {
            span,
            message: message.into(),
        });
        self
    }

    /// Adds the rule behind it.
    #[must_use]
    pub fn with_note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Says what to do about it.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Gives the edit that mends it.
    #[must_use]
    pub fn with_edit(mut self, span: Span, replacement: impl Into<String>) -> Self {
        self.edit = Some(Edit {
            span,
            replacement: replacement.into(),
        });
        self
    }

    /// Whether this is an error rather than a warning.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// The most names of a list that are all written.
const LISTED: usize = 6;

/// `a`, `a and b`, `a, b and c`; of a long list its first names and its last.
#[must_use]
pub fn listed(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] if items.len() <= LISTED => format!("{} and {last}", first.join(", ")),
        [first @ .., last] => {
            let (head, rest) = first.split_at(LISTED / 2);
            format!("{}, {} more and {last}", head.join(", "), rest.len())
        }
    }
}
