//! An equation of order m in time needs m conditions in time: the field and its derivatives below m where time begins, or
//! as many conditions at other times (`at t = 1: …`) in place of some of them.
//!
//! In a system a condition at another time may stand for the initial value of another field. Where unknown numbers or
//! coefficients are to be found, a surplus is what determines them.

use super::Check;
use crate::diagnostic::{Diagnostic, listed};
use crate::hir::print::subscripted;
use crate::hir::{Condition, CoordinateId, FieldId};
use crate::source::Span;
use std::collections::BTreeMap;

impl Check<'_> {
    pub(super) fn initial(&self) -> Vec<Diagnostic> {
        let Some(time) = self.problem.time() else {
            return Vec::new();
        };
        let mut open: BTreeMap<FieldId, Vec<usize>> = BTreeMap::new();
        for field in self.problem.fields.ids() {
            open.insert(field, self.open_orders(field, time));
        }
        let surplus = self.supplied(&mut open, time);
        let mut found: Vec<Diagnostic> = open
            .iter()
            .filter_map(|(field, orders)| self.missing(*field, time, orders))
            .collect();
        found.extend(surplus);
        found
    }

    /// The orders in time of which a field has no initial value.
    fn open_orders(&self, field: FieldId, time: CoordinateId) -> Vec<usize> {
        let problem = self.problem;
        if problem.fields[field].sought.is_some() {
            return Vec::new();
        }
        let given: Vec<usize> = self
            .concerning(field)
            .filter(|condition| problem.is_initial(condition.part))
            .filter_map(|condition| self.orders.order(condition.left, field, time))
            .collect();
        let (order, _) = self.highest(field, time);
        (0..order).filter(|order| !given.contains(order)).collect()
    }

    /// The conditions at other times than the first.
    fn later(&self, time: CoordinateId) -> impl Iterator<Item = &Condition> {
        let problem = self.problem;
        let at_the_end = problem.conditions.iter().filter(move |condition| {
            condition.part.coordinate == time && !problem.is_initial(condition.part)
        });
        at_the_end.chain(&problem.between)
    }

    /// Takes from `open` what conditions at other times stand for; the first of them that nothing is open for.
    fn supplied(
        &self,
        open: &mut BTreeMap<FieldId, Vec<usize>>,
        time: CoordinateId,
    ) -> Option<Diagnostic> {
        let problem = self.problem;
        let sought = problem
            .fields
            .iter()
            .any(|(_, field)| field.sought.is_some());
        let mut rest = Vec::new();
        // First each for a field that it mentions, the highest derivative first: `u` is more often what is missing.
        for condition in self.later(time) {
            let sides = [condition.left, condition.right].into_iter();
            let fields: Vec<FieldId> = sides
                .flat_map(|side| self.orders.of(side).keys().copied())
                .collect();
            let own = fields.iter().any(|field| {
                open.get_mut(field)
                    .is_some_and(|orders| orders.pop().is_some())
            });
            if let (false, Some(field)) = (own, fields.first()) {
                rest.push((condition, *field));
            }
        }
        // Then for any other: of `x_t = v` and `v_t = -x` both conditions may be on `x`.
        rest.retain(|_| !open.values_mut().any(|orders| orders.pop().is_some()));
        let (condition, field) = *rest.first()?;
        // Of an energy, least action for instance, both ends of time may be given.
        let inverse = sought || !problem.unknowns.is_empty() || !problem.energies.is_empty();
        (!inverse).then(|| self.one_too_many_later(condition.span, field, time))
    }

    fn one_too_many_later(&self, span: Span, field: FieldId, time: CoordinateId) -> Diagnostic {
        let name = &self.problem.fields[field].name;
        let (order, equation) = self.highest(field, time);
        let error = Diagnostic::error(
            "surplus-initial",
            format!("this condition at a time is one too many for `{name}`"),
            span,
            "nothing is left free in time",
        );
        let error = match equation {
            Some(equation) => {
                let ordinal = ordinal(name, order);
                error.with_label(equation.span, format!("`{}` {ordinal}", equation.label))
            }
            None => error,
        };
        error
            .with_note(
                "An equation of order m in time is determined by m conditions in time, where it begins and at other times \
                 together. With more there is in general no solution.",
            )
            .with_help("remove it, or an initial condition in its place")
            .with_edit(span, "")
    }

    fn missing(&self, field: FieldId, time: CoordinateId, open: &[usize]) -> Option<Diagnostic> {
        let problem = self.problem;
        let (order, equation) = self.highest(field, time);
        let equation = equation?;
        if problem.fields[field].sought.is_some() {
            return None;
        }
        let name = &problem.fields[field].name;
        let derivative = |order: usize| subscripted(problem, name, &vec![time; order]);
        let missing: Vec<String> = open.iter().copied().map(derivative).collect();
        let surplus = self.concerning(field).find(|condition| {
            let given = self.orders.order(condition.left, field, time);
            problem.is_initial(condition.part) && given.is_some_and(|given| given >= order)
        });
        if missing.is_empty() {
            let surplus = surplus?;
            let ordinal = ordinal(name, order);
            return Some(
                Diagnostic::error(
                    "surplus-initial",
                    format!("this initial condition is one too many for `{name}`"),
                    surplus.span,
                    "follows from the equation",
                )
                .with_label(equation.span, format!("`{}` {ordinal}", equation.label))
                .with_note("An equation of order m in time leaves the values of the field and its first m - 1 derivatives free.")
                .with_help("remove it")
                .with_edit(surplus.span, ""),
            );
        }
        let quoted: Vec<String> = missing.iter().map(|name| format!("`{name}`")).collect();
        let lines: Vec<String> = missing
            .iter()
            .map(|name| format!("initial {name} = 0"))
            .collect();
        let asked: Vec<String> = lines.iter().map(|line| format!("`{line}`")).collect();
        let rule = match order {
            1 => format!(
                "An equation with `{}` needs `{name}` where time begins.",
                derivative(1)
            ),
            _ => format!(
                "An equation with `{}` needs {} where time begins.",
                derivative(order),
                listed(
                    &(0..order)
                        .map(|order| format!("`{}`", derivative(order)))
                        .collect::<Vec<_>>()
                )
            ),
        };
        Some(
            Diagnostic::error(
                "missing-initial",
                format!("the initial value of {} is missing", listed(&quoted)),
                equation.span,
                format!("contains `{}`", derivative(order)),
            )
            .with_note(rule)
            .with_help(format!("add {} with your own value", listed(&asked)))
            .with_edit(self.end(), format!("\n{}", lines.join("\n"))),
        )
    }
}

/// Of what order an equation is in time for a field, to stand behind the equation's name.
fn ordinal(name: &str, order: usize) -> String {
    match order {
        0 => format!("has no derivative of `{name}` in time"),
        1 => format!("is of first order in time for `{name}`"),
        _ => format!("is of order {order} in time for `{name}`"),
    }
}
