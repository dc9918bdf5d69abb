//! Known solutions: `exact` and `reference`.

use super::Resolver;
use super::scope::Symbol;
use crate::diagnostic::Diagnostic;
use crate::hir::{Exact, FieldId, Reference};
use crate::source::Span;
use crate::syntax::suggest::nearest;
use crate::syntax::{ExpressionId, Name, Text};

impl Resolver<'_> {
    /// `exact u = value`
    pub(super) fn exact(&mut self, name: &Name, value: ExpressionId, span: Span) {
        let field = self.field_named(name);
        let value = self.lower(value);
        let Some(field) = field else { return };
        if let Some(first) = self.problem.exact.iter().find(|exact| exact.field == field) {
            let first = first.span;
            self.second_solution("exact solution", name, first);
            return;
        }
        self.problem.exact.push(Exact { field, value, span });
    }

    /// `reference u from "path" (x, t, u)`
    pub(super) fn reference(&mut self, name: &Name, path: &Text, columns: &[Name], span: Span) {
        let Some(field) = self.field_named(name) else {
            return;
        };
        if let Some(first) = self
            .problem
            .references
            .iter()
            .find(|reference| reference.field == field)
        {
            let first = first.span;
            self.second_solution("reference", name, first);
            return;
        }
        let declared = &self.problem.fields[field];
        let mut wanted: Vec<&str> = declared
            .arguments
            .iter()
            .map(|id| self.problem.coordinates[*id].name.as_str())
            .collect();
        wanted.push(&declared.name);
        let (Some(first), Some((values, axes))) = (columns.first(), columns.split_last()) else {
            return;
        };
        if columns.len() != wanted.len() {
            let place = first.span.to(values.span);
            let diagnostic = Diagnostic::error(
                "reference-columns",
                format!(
                    "the reference of `{}` needs {} arrays, not {}",
                    declared.name,
                    wanted.len(),
                    columns.len()
                ),
                place,
                "one array for each coordinate of the field, then the values",
            )
            .with_label(declared.span, "the field is declared here")
            .with_help(format!(
                "write the names that the arrays have in the file, for instance `({})`",
                wanted.join(", ")
            ))
            .with_edit(place, wanted.join(", "));
            self.error(diagnostic);
            return;
        }
        self.problem.references.push(Reference {
            field,
            path: path.text.clone(),
            axes: axes.iter().map(|axis| axis.text.clone()).collect(),
            values: values.text.clone(),
            span,
            path_span: path.span,
        });
    }

    fn second_solution(&mut self, what: &str, name: &Name, first: Span) {
        self.error(
            Diagnostic::error(
                "duplicate-declaration",
                format!("`{}` has a second {what}", name.text),
                name.span,
                "given a second time",
            )
            .with_label(first, "first given here")
            .with_help("keep one of the two"),
        );
    }

    /// The field of this name, where it is one; else an error.
    fn field_named(&mut self, name: &Name) -> Option<FieldId> {
        let diagnostic = match self.scope.entries.get(&name.text) {
            Some(entry) => match entry.symbol {
                Symbol::Field(id) => return Some(id),
                Symbol::Coordinate(_)
                | Symbol::Parameter(_)
                | Symbol::Definition(_)
                | Symbol::Function(_) => Diagnostic::error(
                    "not-a-field",
                    format!("`{}` is {}, not a field", name.text, entry.symbol.kind()),
                    name.span,
                    "expected a field",
                )
                .with_label(entry.span, "declared here"),
            },
            None => {
                let diagnostic = Diagnostic::error(
                    "unknown-name",
                    format!("there is no field `{}`", name.text),
                    name.span,
                    "not declared",
                );
                let fields = self
                    .problem
                    .fields
                    .iter()
                    .map(|(_, field)| field.name.as_str());
                match nearest(&name.text, fields) {
                    Some(meant) => diagnostic
                        .with_help(format!("did you mean `{meant}`?"))
                        .with_edit(name.span, meant),
                    None => {
                        diagnostic.with_help("solutions are given for a field: `field u(x, t)`")
                    }
                }
            }
        };
        self.error(diagnostic);
        None
    }
}
