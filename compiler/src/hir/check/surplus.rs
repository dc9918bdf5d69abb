//! No more conditions than the equation can bear, none of too high an order, and none that says nothing.

use super::Check;
use super::lowered::Lowered;
use crate::diagnostic::Diagnostic;
use crate::hir::print::{part, subscripted};
use crate::hir::{Condition, CoordinateId, ExpressionKind, FieldId, Part, Role, Side};
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

    /// More conditions at the two ends than the order of the equation.
    ///
    /// Only for a single field: in a system what one field lacks another may have. Where coefficients or numbers are
    /// sought, surplus conditions are what determines them.
    pub(super) fn too_many_conditions(&self, lowered: &Lowered) -> Vec<Diagnostic> {
        let problem = self.problem;
        let sought = problem.fields.iter().any(|(_, f)| f.sought.is_some());
        let inverse = sought || !problem.unknowns.is_empty() || !problem.observations.is_empty();
        let mut fields = problem.fields.ids();
        let (Some(field), None) = (fields.next(), fields.next()) else {
            return Vec::new();
        };
        if inverse || !problem.energies.is_empty() {
            return Vec::new();
        }
        let coordinates = problem.coordinates.iter();
        coordinates
            .filter(|(_, declared)| declared.role == Role::Space && !declared.periodic)
            .filter_map(|(coordinate, _)| self.surplus_at(lowered, field, coordinate))
            .collect()
    }

    fn surplus_at(
        &self,
        lowered: &Lowered,
        field: FieldId,
        coordinate: CoordinateId,
    ) -> Option<Diagnostic> {
        let problem = self.problem;
        let (order, equation) = self.highest(field, coordinate);
        let equation = equation?;
        let at = |side| -> Vec<&Condition> {
            let wanted = Part { coordinate, side };
            let conditions = problem.conditions.iter();
            conditions.filter(|c| c.part == wanted).collect()
        };
        let (low, high) = (at(Side::Low), at(Side::High));
        let count = low.len() + high.len();
        if order == 0 || count <= order || (order == 1 && self.factor_varies(field, coordinate)) {
            return None;
        }
        // The side that has more than its share; the last condition there.
        let crowded = if high.len() >= low.len() { &high } else { &low };
        let last = crowded.last()?;
        let name = &problem.fields[field].name;
        let declared = &problem.coordinates[coordinate];
        let derivative = subscripted(problem, name, &vec![coordinate; order]);
        let mut error = Diagnostic::error(
            "surplus-condition",
            format!(
                "`{name}` has {count} conditions at the ends of `{}`, where {order} determine{} it",
                declared.name,
                if order == 1 { "s" } else { "" }
            ),
            last.span,
            format!("one too many at `{}`", part(problem, last.part)),
        )
        .with_label(equation.span, format!("contains `{derivative}`, of order {order}"))
        .with_note(match order {
            1 => "A derivative of first order needs one condition, where the solution flows in; what flows out is determined by the equation.".to_owned(),
            _ => format!("A derivative of order {order} needs {order} conditions at the two ends together. With more there is in general no solution."),
        });
        for other in crowded.iter().rev().skip(1).take(2) {
            if other.span != last.span {
                error = error.with_label(other.span, "given at the same place");
            }
        }
        let surplus = count - order;
        if surplus == 1 && lowered.stands_alone(last) {
            return Some(error.with_help("remove it").with_edit(last.span, ""));
        }
        Some(error.with_help(match surplus {
            1 => "remove one of them".to_owned(),
            _ => format!("remove {surplus} of them"),
        }))
    }
}
