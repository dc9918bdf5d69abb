//! Mistakes in names beyond mistakes of syntax.
//!
//! * Input: a text with syntax errors.
//! * Output: mistakes in the names of the same text, where every syntax error has an edit: they are those of the text with
//!   all edits applied.
//! * Invariant: nothing is told that an edit may have brought about. So only mistakes in names and calls are, at places that
//!   no edit touches; what is missing, counted or measured is told when the syntax is right.

use crate::diagnostic::{Diagnostic, Edit, Label};
use crate::hir::{self, Overrides};
use crate::source::{Source, Span};
use crate::syntax;

/// What is told beside mistakes of syntax.
const KINDS: [&str; 10] = [
    "not-a-coordinate",
    "not-a-field",
    "not-a-function",
    "unknown-function",
    "unknown-keyword",
    "unknown-name",
    "unknown-setting",
    "unknown-choice",
    "unknown-unit",
    "wrong-argument-count",
];

/// Mistakes in names of a text whose syntax has these errors.
pub(super) fn beyond(source: &Source, errors: &[Diagnostic]) -> Vec<Diagnostic> {
    let Some(mended) = Mended::new(source, errors) else {
        return Vec::new();
    };
    let Ok(document) = syntax::parse(&mended.source) else {
        return Vec::new();
    };
    let found = match hir::resolve(&mended.source, &document, &Overrides::new()) {
        Ok(_) => return Vec::new(),
        Err(found) => found,
    };
    found
        .into_iter()
        .filter(|it| KINDS.contains(&it.name))
        .filter_map(|it| mended.back(it))
        .collect()
}

/// A text with edits applied, and where its pieces were.
struct Mended {
    source: Source,
    /// Pieces that are the same in both texts: where they begin in the mended and in the old one, and their length.
    pieces: Vec<(usize, usize, usize)>,
}

impl Mended {
    /// None where some error has no edit, or two edits meet.
    fn new(source: &Source, errors: &[Diagnostic]) -> Option<Self> {
        let mut edits: Vec<&Edit> = Vec::with_capacity(errors.len());
        for error in errors {
            edits.push(error.edit.as_ref()?);
        }
        edits.sort_by_key(|edit| edit.span);
        let mut text = String::with_capacity(source.text.len());
        let mut pieces = Vec::new();
        let mut done = 0;
        for edit in edits {
            let range = edit.span.range();
            let kept = source.text.get(done..range.start)?;
            pieces.push((text.len(), done, kept.len()));
            text += kept;
            text += &edit.replacement;
            done = range.end;
        }
        let kept = source.text.get(done..)?;
        pieces.push((text.len(), done, kept.len()));
        text += kept;
        Some(Self {
            source: Source::new(source.name.clone(), text),
            pieces,
        })
    }

    /// A place of the mended text in the old one, if no edit touches it.
    fn place(&self, span: Span) -> Option<Span> {
        let range = span.range();
        let position = self.pieces.partition_point(|(new, ..)| *new <= range.start);
        let (new, old, length) = *self.pieces.get(position.checked_sub(1)?)?;
        (range.end <= new + length)
            .then(|| Span::new(range.start - new + old, range.end - new + old))
    }

    fn back(&self, mut found: Diagnostic) -> Option<Diagnostic> {
        let primary = self.place(found.primary.span)?;
        found.primary.span = primary;
        let labels = std::mem::take(&mut found.secondary).into_iter();
        found.secondary = labels
            .filter_map(|label| {
                Some(Label {
                    span: self.place(label.span)?,
                    message: label.message,
                })
            })
            .collect();
        found.edit = found.edit.and_then(|edit| {
            Some(Edit {
                span: self.place(edit.span)?,
                replacement: edit.replacement,
            })
        });
        Some(found)
    }
}
