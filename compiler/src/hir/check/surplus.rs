//! No more conditions than the equation can bear, none of too high an order, and none that says nothing.

use super::Check;
use super::lowered::Lowered;
use crate::diagnostic::Diagnostic;
use crate::hir::print::subscripted;
use crate::hir::{CoordinateId, ExpressionKind, FieldId, Role};
use crate::jet::NodeId;
use std::collections::BTreeMap;

impl Check<'_> {
    /// Equations and conditions in which the fields cancel.
    pub(super) fn trivial(&self, lowered: &Lowered) -> Vec<Diagnostic> {
        let problem = self.problem;
        let mut found = Vec::new();
        let integrals = problem
            .expressions
            .iter()
            .any(|(_, e)| matches!(e.kind, ExpressionKind::Integral { .. }));
        let cancels = |residual: NodeId| {
            lowered.jets(residual).is_empty() && !(integrals && lowered.is_open(residual))
        };
        for (equation, residual) in problem.equations.iter().zip(&lowered.equations) {
            let sides = [equation.left, equation.right];
            let mentions = sides.iter().any(|side| !self.orders.of(*side).is_empty());
            if mentions && cancels(*residual) {
                found.push(
                    Diagnostic::error(
                        "equation-without-field",
                        format!("the fields cancel in equation `{}`", equation.label),
                        equation.span,
                        "left − right contains no field",
                    )
                    .with_note("Whatever the solution is, this holds or does not hold.")
                    .with_help("is a sign or a derivative wrong?"),
                );
            }
        }
        for (condition, residual) in problem.conditions.iter().zip(&lowered.conditions) {
            let sides = [condition.left, condition.right];
            let mentions = sides.iter().any(|side| !self.orders.of(*side).is_empty());
            if mentions && cancels(*residual) {
                found.push(
                    Diagnostic::error(
                        "condition-without-field",
                        "the fields of this condition cancel",
                        condition.span,
                        "left − right contains no field",
                    )
                    .with_note("Whatever the solution is, this holds or does not hold.")
                    .with_help("is a sign or a derivative wrong?"),
                );
            }
        }
        found
    }

    /// Conditions with derivatives higher than the equations have.
    pub(super) fn too_high(&self, lowered: &Lowered) -> Vec<Diagnostic> {
        let problem = self.problem;
        let mut found = Vec::new();
        let mut totals: BTreeMap<CoordinateId, usize> = BTreeMap::new();
        for (condition, residual) in problem.conditions.iter().zip(&lowered.conditions) {
            let coordinate = condition.part.coordinate;
            if problem.coordinates[coordinate].role != Role::Space {
                continue;
            }
            // In a system, derivatives of one field may stand for another field: with `u_xx = v`, `u_xxx` is `v_x`.
            let total = *totals.entry(coordinate).or_insert_with(|| {
                let fields = problem.fields.ids();
                let orders = fields.map(|field| self.highest(field, coordinate).0);
                orders.sum::<usize>()
            });
            let highest = lowered
                .jets(*residual)
                .into_iter()
                .max_by_key(|(_, index)| index.order_in(coordinate.index()));
            let Some((function, index)) = highest else {
                continue;
            };
            let order = index.order_in(coordinate.index());
            if total == 0 || order <= total {
                continue;
            }
            let field: FieldId = crate::arena::Id::from_index(function);
            let name = &problem.fields[field].name;
            let (most, equation) = self.highest(field, coordinate);
            let derivative = |order: usize| subscripted(problem, name, &vec![coordinate; order]);
            let mut error = Diagnostic::error(
                "condition-order",
                format!(
                    "this condition contains `{}`, a higher derivative than the equation has",
                    derivative(order)
                ),
                condition.span,
                format!(
                    "order {order} in `{}`",
                    problem.coordinates[coordinate].name
                ),
            );
            if let Some(equation) = equation {
                let order = format!("order {most} in `{}`", problem.coordinates[coordinate].name);
                error = error.with_label(equation.span, order);
            }
            let allowed: Vec<String> = (0..most).map(|o| format!("`{}`", derivative(o))).collect();
            found.push(
                error
                    .with_note("An equation of order k leaves the field and its first k - 1 derivatives free at the boundary; higher ones follow from it.")
                    .with_help(if allowed.is_empty() {
                        "remove it".to_owned()
                    } else {
                        format!("give {} there instead", allowed.join(" or "))
                    }),
            );
        }
        found
    }
}
