//! Names that must be coordinates.

use super::Resolver;
use super::scope::{Entry, Symbol};
use crate::diagnostic::Diagnostic;
use crate::hir::CoordinateId;
use crate::source::Span;
use crate::syntax::Name;
use crate::syntax::suggest::nearest;

impl Resolver<'_> {
    /// The coordinate of this name, where it is one; else an error.
    pub(super) fn coordinate_named(&mut self, name: &Name) -> Option<CoordinateId> {
        match self.scope.entries.get_mut(&name.text) {
            Some(Entry {
                symbol: Symbol::Coordinate(id),
                used,
                ..
            }) => {
                *used = true;
                Some(*id)
            }
            Some(Entry { symbol, span, .. }) => {
                let diagnostic = Diagnostic::error(
                    "not-a-coordinate",
                    format!("`{}` is {}, not a coordinate", name.text, symbol.kind()),
                    name.span,
                    "expected a coordinate",
                )
                .with_label(*span, "declared here");
                self.error(diagnostic);
                None
            }
            None => {
                self.undeclared_coordinate(name);
                None
            }
        }
    }

    fn undeclared_coordinate(&mut self, name: &Name) {
        let (text, names) = (name.text.as_str(), self.coordinate_names());
        if !self.undeclared.insert(name.text.clone()) {
            return;
        }
        let diagnostic = Diagnostic::error(
            "not-a-coordinate",
            format!("`{text}` is not a coordinate"),
            name.span,
            "no coordinate of this name is declared",
        );
        let diagnostic = if let Some(meant) = nearest(text, names.iter().map(String::as_str)) {
            diagnostic
                .with_help(format!("did you mean `{meant}`?"))
                .with_edit(name.span, meant)
        } else {
            let keyword = if text == "t" && self.problem.time().is_none() {
                "time"
            } else {
                "coord"
            };
            let end = self
                .document
                .declarations
                .last()
                .map_or(0, |last| last.span.range().end);
            diagnostic
                .with_help(format!(
                    "declare it, for instance `{keyword} {text} in [0, 1]`"
                ))
                .with_edit(Span::new(end, end), format!("\n{keyword} {text} in [0, 1]"))
        };
        self.error(diagnostic);
    }

    /// The names of all coordinates, in order.
    pub(super) fn coordinate_names(&self) -> Vec<String> {
        self.problem
            .coordinates
            .iter()
            .map(|(_, coordinate)| coordinate.name.clone())
            .collect()
    }
}
