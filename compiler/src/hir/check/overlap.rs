//! The same quantity is given once on each part of the boundary.

use super::Check;
use crate::diagnostic::Diagnostic;
use crate::hir::print::{expression, part};
use std::collections::BTreeMap;

impl Check<'_> {
    pub(super) fn overlap(&self) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        let mut given = BTreeMap::new();
        for condition in &self.problem.conditions {
            let left = expression(self.problem, condition.left);
            let key = (condition.part, left.clone());
            let Some(first) = given.get(&key).copied() else {
                given.insert(key, condition.span);
                continue;
            };
            let place = part(self.problem, condition.part);
            found.push(
                Diagnostic::error(
                    "overlapping-conditions",
                    format!("`{left}` is given twice at `{place}`"),
                    condition.span,
                    "given a second time",
                )
                .with_label(first, "first given here")
                .with_note("Two conditions for the same quantity at the same place contradict or repeat each other.")
                .with_help("keep one of the two"),
            );
        }
        found
    }
}
