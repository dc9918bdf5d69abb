//! Exact solutions and initial values are formulas in the coordinates that their field depends on.

use super::Check;
use crate::diagnostic::Diagnostic;
use crate::hir::{CoordinateId, ExpressionId, ExpressionKind, FieldId};
use crate::source::Span;
use std::collections::BTreeSet;

impl Check<'_> {
    pub(super) fn solutions(&self) -> Vec<Diagnostic> {
        let problem = self.problem;
        let mut found = Vec::new();
        for exact in &problem.exact {
            let mentioned = self.orders.of(exact.value).keys().next();
            if let Some(mentioned) = mentioned {
                found.push(self.mentions_field(exact, *mentioned));
            } else {
                found.extend(self.foreign("the exact solution", exact.field, exact.value));
            }
        }
        for condition in &problem.conditions {
            let field = self.orders.of(condition.left).keys().next();
            if let Some(field) = field.filter(|_| problem.is_initial(condition.part)) {
                found.extend(self.foreign("the initial value", *field, condition.right));
            }
        }
        found
    }

    fn mentions_field(&self, exact: &crate::hir::Exact, mentioned: FieldId) -> Diagnostic {
        let name = &self.problem.fields[exact.field].name;
        let what = if exact.manufactured {
            "manufactured"
        } else {
            "exact"
        };
        let mentioned = &self.problem.fields[mentioned].name;
        Diagnostic::error(
            "exact-mentions-field",
            format!("the {what} solution of `{name}` mentions the field `{mentioned}`"),
            self.problem.expressions[exact.value].span,
            "must be a formula in coordinates and parameters",
        )
        .with_note("An exact solution is substituted into the equations, so it must be known without them.")
        .with_help(format!("write out `{mentioned}` as a formula"))
    }

    /// A coordinate in a value of a field that does not depend on it.
    fn foreign(&self, what: &str, field: FieldId, value: ExpressionId) -> Option<Diagnostic> {
        let field = &self.problem.fields[field];
        let (coordinate, span) = self
            .coordinates(value)
            .into_iter()
            .find(|(coordinate, _)| !field.arguments.contains(coordinate))?;
        let coordinate = &self.problem.coordinates[coordinate].name;
        Some(
            Diagnostic::error(
                "not-an-argument",
                format!(
                    "{what} of `{}` mentions `{coordinate}`, which `{0}` does not depend on",
                    field.name
                ),
                span,
                format!("not an argument of `{}`", field.name),
            )
            .with_label(field.span, "the field is declared here")
            .with_help(format!(
                "add `{coordinate}` to the arguments of `{}`",
                field.name
            )),
        )
    }

    /// The coordinates in an expression with the first place of each, definitions included.
    fn coordinates(&self, root: ExpressionId) -> Vec<(CoordinateId, Span)> {
        let problem = self.problem;
        let mut needed = BTreeSet::new();
        let mut stack = vec![root];
        while let Some(id) = stack.pop() {
            if !needed.insert(id) {
                continue;
            }
            let kind = &problem.expressions[id].kind;
            stack.extend(kind.operands());
            if let ExpressionKind::Definition(definition) = kind {
                stack.push(problem.definitions[*definition].value);
            }
        }
        let mut found = Vec::new();
        for id in needed {
            let expression = &problem.expressions[id];
            if let ExpressionKind::Coordinate(coordinate) = expression.kind {
                found.push((coordinate, expression.span));
            }
        }
        found
    }
}
