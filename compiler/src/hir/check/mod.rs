//! Whether the problem, as understood, determines its fields.
//!
//! * Input: a [`Problem`] whose names are all resolved.
//! * Output: diagnostics, as many as there are mistakes.
//! * Invariant: what passes has as many equations as fields, initial values up to the order in time, and
//!   conditions on the boundary up to the order in space.

mod boundary;
mod count;
mod initial;
mod overlap;
mod solution;

use super::order::OrderTable;
use super::{CoordinateId, FieldId, Problem};
use crate::diagnostic::Diagnostic;
use crate::source::Span;
use crate::syntax::Document;

/// Checks a problem.
pub(super) fn check(document: &Document, problem: &Problem) -> Vec<Diagnostic> {
    let orders = OrderTable::new(problem);
    let check = Check {
        document,
        problem,
        orders,
    };
    let mut found = check.count();
    found.extend(check.solutions());
    found.extend(check.overlap());
    // Which conditions are needed is known only when each field has its equation.
    if found
        .iter()
        .all(|diagnostic| diagnostic.name != "equation-count")
    {
        found.extend(check.initial());
        found.extend(check.boundary());
    }
    found
}

/// What all checks look at.
struct Check<'a> {
    document: &'a Document,
    problem: &'a Problem,
    orders: OrderTable,
}

impl Check<'_> {
    /// The highest order of a field in a coordinate in all equations, and the equation where it occurs.
    fn highest(
        &self,
        field: FieldId,
        coordinate: CoordinateId,
    ) -> (usize, Option<&super::Equation>) {
        let mut highest = (0, None);
        for equation in &self.problem.equations {
            for side in [equation.left, equation.right] {
                if let Some(order) = self.orders.order(side, field, coordinate)
                    && (order > highest.0 || highest.1.is_none())
                {
                    highest = (order, Some(equation));
                }
            }
        }
        highest
    }

    /// Where new declarations can be inserted: after the last one.
    fn end(&self) -> Span {
        let end = self
            .document
            .declarations
            .last()
            .map_or(0, |last| last.span.range().end);
        Span::new(end, end)
    }
}
