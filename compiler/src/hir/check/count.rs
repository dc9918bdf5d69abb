//! As many equations as fields, and each field in one of them.

use super::Check;
use crate::diagnostic::Diagnostic;
use crate::hir::FieldId;
use crate::source::Span;

impl Check<'_> {
    pub(super) fn count(&self) -> Vec<Diagnostic> {
        let problem = self.problem;
        let mut found = Vec::new();
        if problem.fields.is_empty() {
            found.push(self.no_field());
        }
        for equation in &problem.equations {
            let fields = self.orders.of(equation.left).len() + self.orders.of(equation.right).len();
            if fields == 0 {
                found.push(
                    Diagnostic::error(
                        "equation-without-field",
                        format!("equation `{}` mentions no field", equation.label),
                        equation.span,
                        "says nothing about an unknown function",
                    )
                    .with_help("an abbreviation is written `let k = 2*pi`"),
                );
            }
        }
        for condition in &problem.conditions {
            let fields: Vec<&FieldId> = [condition.left, condition.right]
                .into_iter()
                .flat_map(|side| self.orders.of(side).keys())
                .collect();
            let coordinate = condition.part.coordinate;
            let depends = fields
                .iter()
                .any(|field| problem.fields[**field].arguments.contains(&coordinate));
            if depends {
                continue;
            }
            let name = &problem.coordinates[coordinate].name;
            let message = if fields.is_empty() {
                "this condition mentions no field".to_owned()
            } else {
                format!("no field of this condition depends on `{name}`")
            };
            found.push(Diagnostic::error(
                "condition-without-field",
                message,
                condition.span,
                "says nothing about an unknown function there",
            ));
        }
        // Both sides of an equation are one residual, so what counts is where a field occurs at all.
        let missing: Vec<FieldId> = problem
            .fields
            .ids()
            .filter(|field| {
                problem.equations.iter().all(|equation| {
                    [equation.left, equation.right]
                        .into_iter()
                        .all(|side| !self.orders.of(side).contains_key(field))
                })
            })
            .collect();
        for field in &missing {
            found.push(self.undetermined(*field));
        }
        let (equations, fields) = (problem.equations.len(), problem.fields.len());
        if missing.is_empty() && fields > 0 && equations != fields {
            found.push(self.unequal(equations, fields));
        }
        found
    }

    fn no_field(&self) -> Diagnostic {
        let span = self
            .document
            .declarations
            .first()
            .map_or(Span::new(0, 0), |first| first.keyword);
        Diagnostic::error(
            "missing-field",
            "the problem has no field",
            span,
            "nothing to solve for",
        )
        .with_note("A field is an unknown function of the coordinates.")
        .with_help("declare one: `field u(x, t)`")
    }

    fn undetermined(&self, field: FieldId) -> Diagnostic {
        let field = &self.problem.fields[field];
        Diagnostic::error(
            "equation-count",
            format!("no equation mentions field `{}`", field.name),
            field.span,
            "not determined by any equation",
        )
        .with_note("Every field needs an equation of its own.")
        .with_help(format!(
            "add an equation for `{}`, or remove the field",
            field.name
        ))
    }

    fn unequal(&self, equations: usize, fields: usize) -> Diagnostic {
        let count = |number: usize, what: &str| {
            let plural = if number == 1 { "" } else { "s" };
            format!("{number} {what}{plural}")
        };
        let (equations_text, fields_text) = (count(equations, "equation"), count(fields, "field"));
        let span = self
            .problem
            .equations
            .last()
            .map_or(Span::new(0, 0), |last| last.span);
        let names: Vec<String> = self
            .problem
            .fields
            .iter()
            .map(|(_, field)| format!("`{}`", field.name))
            .collect();
        let fewer = equations < fields;
        Diagnostic::error(
            "equation-count",
            format!("{equations_text} for {fields_text}"),
            span,
            if fewer { "the last equation" } else { "one equation too many" },
        )
        .with_note(format!(
            "There must be as many equations as fields; the fields are {}.",
            names.join(", ")
        ))
        .with_help(if fewer {
            "add the missing equation"
        } else {
            "remove an equation; initial and boundary conditions are declared with `initial` and `on`"
        })
    }
}
