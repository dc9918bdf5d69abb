//! An exact solution is a formula in coordinates and parameters.

use super::Check;
use crate::diagnostic::Diagnostic;

impl Check<'_> {
    pub(super) fn solutions(&self) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        for exact in &self.problem.exact {
            let name = &self.problem.fields[exact.field].name;
            let Some(field) = self.orders.of(exact.value).keys().next() else {
                continue;
            };
            let mentioned = &self.problem.fields[*field].name;
            found.push(
                Diagnostic::error(
                    "exact-mentions-field",
                    format!("the exact solution of `{name}` mentions the field `{mentioned}`"),
                    self.problem.expressions[exact.value].span,
                    "must be a formula in coordinates and parameters",
                )
                .with_note("An exact solution is substituted into the equations, so it must be known without them.")
                .with_help(format!("write out `{mentioned}` as a formula")),
            );
        }
        found
    }
}
