//! Known solutions: `exact` and `reference`.

use super::Resolver;
use super::scope::Symbol;
use crate::diagnostic::Diagnostic;
use crate::hir::{Exact, FieldId, Reference, Role};
use crate::source::Span;
use crate::syntax::suggest::nearest;
use crate::syntax::{ExpressionId, Name, Target, Text};

impl Resolver<'_> {
    /// `exact u = value`
    pub(super) fn exact(&mut self, target: &Target, value: ExpressionId, span: Span) {
        let Some(found) = self.solution_entries(target, value, "exact solution") else {
            return;
        };
        for (field, value) in found {
            if let Some(first) = self.problem.exact.iter().find(|exact| exact.field == field) {
                let first = first.span;
                self.second_solution("exact solution", &target.field, first);
                return;
            }
            self.without_integrals(value, span);
            self.problem.exact.push(Exact {
                field,
                value,
                manufactured: false,
                span,
            });
        }
    }

    /// `reference u from "path" (x, t, u)`
    pub(super) fn reference(&mut self, target: &Target, path: &Text, columns: &[Name], span: Span) {
        let Some(fields) = self.target(target) else {
            return;
        };
        let [field] = fields.as_slice() else {
            self.whole_group(target, "references are given for");
            return;
        };
        let field = *field;
        if let Some(first) = self
            .problem
            .references
            .iter()
            .find(|reference| reference.field == field)
        {
            let first = first.span;
            self.second_solution("reference", &target.field, first);
            return;
        }
        let Some((axes, values)) = self.columns(field, columns, "reference") else {
            return;
        };
        self.problem.references.push(Reference {
            field,
            path: path.text.clone(),
            axes,
            values,
            span,
            path_span: path.span,
        });
    }

    /// The names of the columns of a file, those of the coordinates and that of the values; a wrong number of them is
    /// reported.
    pub(super) fn columns(
        &mut self,
        field: FieldId,
        columns: &[Name],
        what: &str,
    ) -> Option<(Vec<String>, String)> {
        let declared = &self.problem.fields[field];
        let mut wanted: Vec<&str> = declared
            .arguments
            .iter()
            .map(|id| self.problem.coordinates[*id].name.as_str())
            .collect();
        wanted.push(&declared.name);
        let (values, axes) = columns.split_last()?;
        let first = columns.first()?;
        if columns.len() == wanted.len() {
            if let Some(diagnostic) = exchanged(columns, &wanted, what) {
                let diagnostic = diagnostic.with_label(declared.span, "the field is declared here");
                self.error(diagnostic);
                return None;
            }
            let axes = axes.iter().map(|axis| axis.text.clone()).collect();
            return Some((axes, values.text.clone()));
        }
        let place = first.span.to(values.span);
        let columns_wanted = wanted.join(", ").replace(['.', '[', ']'], "_");
        let diagnostic = Diagnostic::error(
            "reference-columns",
            format!(
                "the {what} of `{}` needs {} arrays, not {}",
                declared.name,
                wanted.len(),
                columns.len()
            ),
            place,
            "one array for each coordinate of the field, then the values",
        )
        .with_label(declared.span, "the field is declared here");
        let families = declared
            .arguments
            .iter()
            .map(|id| &self.problem.coordinates[*id]);
        let families: Vec<String> = families
            .filter(|coordinate| coordinate.role == Role::Family)
            .map(|coordinate| format!("`{}`", coordinate.name))
            .collect();
        let diagnostic = if families.is_empty() {
            diagnostic
        } else {
            diagnostic.with_note(format!(
                "Every field depends on the parameters of a family too: on {}.",
                families.join(", ")
            ))
        };
        let diagnostic = diagnostic.with_help(format!(
            "write the names that the arrays have in the file, for instance `({columns_wanted})`"
        ))
        .with_edit(place, columns_wanted);
        self.error(diagnostic);
        None
    }

    pub(super) fn second_solution(&mut self, what: &str, name: &Name, first: Span) {
        // Solutions of one kind are read before those of the other, wherever they stand.
        let (first, second) = if first.range().start <= name.span.range().start {
            (first, name.span)
        } else {
            (name.span, first)
        };
        self.error(
            Diagnostic::error(
                "duplicate-declaration",
                format!("`{}` has a second {what}", name.text),
                second,
                "given a second time",
            )
            .with_label(first, "first given here")
            .with_help("keep one of the two"),
        );
    }

    /// The field of this name, where it is one; else an error.
    pub(super) fn field_named(&mut self, name: &Name) -> Option<FieldId> {
        let diagnostic = match self.scope.entries.get(&name.text) {
            Some(entry) => match entry.symbol {
                Symbol::Field(id) => return Some(id),
                Symbol::Coordinate(_)
                | Symbol::Coordinates(_)
                | Symbol::Group(_)
                | Symbol::Parameter(_)
                | Symbol::Unknown(_)
                | Symbol::Definition(_)
                | Symbol::Domain
                | Symbol::Boundary
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
                let groups = self.problem.groups.iter().map(|group| group.name.as_str());
                let fields = self
                    .problem
                    .fields
                    .iter()
                    .map(|(_, field)| field.name.as_str())
                    .chain(groups);
                match nearest(&name.text, fields) {
                    _ if self.differentiated(&name.text).is_some() => {
                        let field = self.differentiated(&name.text).unwrap_or_default();
                        diagnostic.with_help(format!(
                            "solutions and data are those of fields, not of their derivatives: let a field of its own be that, \
                             `field q({field})` with `eq q = {}`, and give them for `q`",
                            name.text
                        ))
                    }
                    Some(meant) => diagnostic
                        .with_help(format!("did you mean `{meant}`?"))
                        .with_edit(name.span, meant),
                    None => {
                        let fields = self.problem.fields.iter().take(4);
                        let names: Vec<String> =
                            fields.map(|(_, it)| format!("`{}`", it.name)).collect();
                        let known = match names.as_slice() {
                            [] => "the file declares none".to_owned(),
                            [one] => format!("there is {one}"),
                            some => format!("there are {}", some.join(", ")),
                        };
                        diagnostic.with_help(format!(
                            "solutions and data are those of fields: {known}; another one is declared as `field {}(x, t)`",
                            name.text
                        ))
                    }
                }
            }
        };
        self.error(diagnostic);
        None
    }

    /// Of something that reads as the derivative of a field: the coordinates of that field.
    fn differentiated(&self, name: &str) -> Option<String> {
        let (operand, by) = name.rsplit_once('_')?;
        let problem = &self.problem;
        let (_, field) = problem.fields.iter().find(|(_, it)| it.name == operand)?;
        let names: Vec<&str> = field
            .arguments
            .iter()
            .map(|id| problem.coordinates[*id].name.as_str())
            .collect();
        let mut rest = by;
        while let Some(name) = names.iter().find(|name| rest.starts_with(**name)) {
            rest = rest.get(name.len()..)?;
        }
        (rest.is_empty() && !by.is_empty()).then(|| names.join(", "))
    }
}

/// Columns that bear the names of what they are not: those of the coordinates in another order.
fn exchanged(columns: &[Name], wanted: &[&str], what: &str) -> Option<Diagnostic> {
    let names: Vec<&str> = columns.iter().map(|column| column.text.as_str()).collect();
    let (values, axes) = names.split_last()?;
    let (_, coordinates) = wanted.split_last()?;
    let sorted = |names: &[&str]| {
        let mut names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        names.sort();
        names
    };
    let order = if axes != coordinates && sorted(axes) == sorted(coordinates) {
        [coordinates, &[*values]].concat()
    } else if names != wanted && sorted(&names) == sorted(wanted) {
        wanted.to_vec()
    } else {
        return None;
    };
    let place = columns.first()?.span.to(columns.last()?.span);
    let written = order.join(", ");
    let at = names
        .iter()
        .zip(wanted)
        .find(|(name, wanted)| name != wanted);
    let (name, other) = at?;
    Some(
        Diagnostic::error(
            "reference-columns",
            format!("the columns of the {what} are in another order than the field has its coordinates"),
            place,
            format!("`{name}` stands where `{other}` is expected"),
        )
        .with_note(
            "The columns are named in the order of the field's coordinates, and then the values; in which order they stand in \
             the file does not matter.",
        )
        .with_help(format!("write `({written})`"))
        .with_edit(place, written),
    )
}
