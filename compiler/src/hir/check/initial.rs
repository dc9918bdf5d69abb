//! An equation of order m in time needs the field and its derivatives below m where time begins.

use super::Check;
use crate::diagnostic::Diagnostic;
use crate::hir::print::subscripted;
use crate::hir::{CoordinateId, FieldId};

impl Check<'_> {
    pub(super) fn initial(&self) -> Vec<Diagnostic> {
        let Some(time) = self.problem.time() else {
            return Vec::new();
        };
        let fields = self.problem.fields.ids();
        fields
            .filter_map(|field| self.missing(field, time))
            .collect()
    }

    fn missing(&self, field: FieldId, time: CoordinateId) -> Option<Diagnostic> {
        let problem = self.problem;
        let (order, equation) = self.highest(field, time);
        let equation = equation?;
        if problem.fields[field].sought.is_some() {
            return None;
        }
        let given: Vec<usize> = self
            .concerning(field)
            .filter(|condition| problem.is_initial(condition.part))
            .filter_map(|condition| self.orders.order(condition.left, field, time))
            .collect();
        let name = &problem.fields[field].name;
        let derivative = |order: usize| subscripted(problem, name, &vec![time; order]);
        let missing: Vec<String> = (0..order)
            .filter(|order| !given.contains(order))
            .map(derivative)
            .collect();
        let surplus = self.concerning(field).find(|condition| {
            let given = self.orders.order(condition.left, field, time);
            problem.is_initial(condition.part) && given.is_some_and(|given| given >= order)
        });
        if missing.is_empty() {
            let surplus = surplus?;
            let ordinal = match order {
                0 => format!("has no derivative of `{name}` in time"),
                1 => format!("is of first order in time for `{name}`"),
                _ => format!("is of order {order} in time for `{name}`"),
            };
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
        let rule = match order {
            1 => format!(
                "An equation with `{}` needs `{name}` where time begins.",
                derivative(1)
            ),
            _ => format!(
                "An equation with `{}` needs {} where time begins.",
                derivative(order),
                (0..order)
                    .map(|order| format!("`{}`", derivative(order)))
                    .collect::<Vec<_>>()
                    .join(" and ")
            ),
        };
        Some(
            Diagnostic::error(
                "missing-initial",
                format!("the initial value of {} is missing", quoted.join(" and ")),
                equation.span,
                format!("contains `{}`", derivative(order)),
            )
            .with_note(rule)
            .with_help(format!(
                "add `{}` with your own value",
                lines.join("` and `")
            ))
            .with_edit(self.end(), format!("\n{}", lines.join("\n"))),
        )
    }
}
