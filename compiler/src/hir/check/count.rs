//! As many equations as fields, and each field in one of them.

use super::Check;
use crate::diagnostic::Diagnostic;
use crate::hir::FieldId;
use crate::source::Span;
use crate::syntax::DeclarationKind;
use std::cmp::Reverse;
use std::collections::BTreeSet;

impl Check<'_> {
    pub(super) fn count(&self) -> Vec<Diagnostic> {
        let problem = self.problem;
        let mut found = Vec::new();
        if problem.fields.is_empty() {
            found.push(self.no_field());
        }
        let mut equations = 0;
        for equation in &problem.equations {
            let fields = self.orders.of(equation.left).len() + self.orders.of(equation.right).len();
            if fields > 0 {
                equations += 1;
            } else {
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
            let declared = &problem.coordinates[coordinate];
            let name = &declared.name;
            let message = if fields.is_empty() {
                "this condition mentions no field".to_owned()
            } else {
                format!("no field of this condition depends on `{name}`")
            };
            found.push(
                Diagnostic::error(
                    "condition-without-field",
                    message,
                    condition.span,
                    "says nothing about an unknown function there",
                )
                .with_help(match fields.first() {
                    Some(field) => {
                        let field = &problem.fields[**field];
                        let arguments = field.arguments.iter().chain([&coordinate]);
                        let arguments: Vec<&str> = arguments
                            .map(|id| problem.coordinates[*id].name.as_str())
                            .collect();
                        format!(
                            "let the field depend on it, `field {}({})`; or give no condition at the ends of `{name}`",
                            field.name,
                            arguments.join(", ")
                        )
                    }
                    None => format!("a boundary condition is written `on {name} = 0: u = 0`"),
                }),
            );
        }
        let wanting = self.wanting();
        // An equation that mentions no field may be the one that a field lacks.
        if equations < problem.equations.len() && equations <= wanting.len() {
            return found;
        }
        // Both sides of an equation are one residual, so what counts is where a field occurs at all.
        let missing: Vec<FieldId> = wanting
            .iter()
            .copied()
            .filter(|field| !self.mentions.contains_key(field))
            .collect();
        for field in &missing {
            found.push(self.undetermined(*field));
        }
        let fields = wanting.len();
        if missing.is_empty() && equations < fields {
            found.extend(
                self.left_over()
                    .into_iter()
                    .map(|field| self.too_few(field)),
            );
        }
        // A coefficient that is sought may have an equation, and need not; beside an energy equations are constraints.
        let most = problem.fields.len();
        // Where equations hold on parts of the domain, how many hold at a point is a question of geometry.
        let everywhere = self.document.declarations.iter().all(|declaration| {
            let kind = &declaration.kind;
            !matches!(
                kind,
                DeclarationKind::Equation {
                    region: Some(_),
                    ..
                }
            )
        });
        let counted = everywhere && problem.energies.is_empty();
        if missing.is_empty() && counted && fields > 0 && equations > most {
            found.push(self.too_many(equations, fields));
        }
        found
    }

    /// The fields that need an equation: not what is sought, which data determine, nor what an energy determines.
    fn wanting(&self) -> Vec<FieldId> {
        let problem = self.problem;
        let energies = problem.energies.iter();
        let determined: BTreeSet<&FieldId> = energies
            .flat_map(|energy| self.orders.of(energy.value).keys())
            .collect();
        let fields = problem.fields.iter();
        fields
            .filter(|(_, field)| field.sought.is_none())
            .map(|(id, _)| id)
            .filter(|id| !determined.contains(id))
            .collect()
    }

    /// The fields that remain when each equation determines the one that it differentiates most.
    fn left_over(&self) -> Vec<FieldId> {
        let mut rest: BTreeSet<FieldId> = self.wanting().into_iter().collect();
        for equation in &self.problem.equations {
            let sides = [equation.left, equation.right].into_iter();
            let determined = sides
                .flat_map(|side| self.orders.of(side))
                .filter(|(field, _)| rest.contains(field))
                // Of several with the same order, the one declared first.
                .max_by_key(|(field, orders)| (orders.values().sum::<usize>(), Reverse(**field)));
            if let Some((field, _)) = determined {
                rest.remove(field);
            }
        }
        rest.into_iter().collect()
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

    fn too_few(&self, field: FieldId) -> Diagnostic {
        let name = &self.problem.fields[field].name;
        let mut diagnostic = Diagnostic::error(
            "equation-count",
            format!("no equation is left to determine field `{name}`"),
            self.problem.fields[field].span,
            "mentioned, but not determined",
        );
        if let Some(last) = self.problem.equations.last() {
            diagnostic = diagnostic.with_label(last.span, "determines another field");
        }
        diagnostic
            .with_note("Every field needs an equation of its own.")
            .with_help(self.one_more(field))
    }

    /// What else may be said, where equations are too few for a field.
    fn one_more(&self, id: FieldId) -> String {
        let name = &self.problem.fields[id].name;
        let groups = &mut self.problem.groups.iter();
        let Some(group) = groups.find(|group| group.components.contains(&id)) else {
            return format!(
                "add an equation for `{name}`; if `{name}` is known, declare it with `let {name} = …`"
            );
        };
        let (whole, count) = (&group.name, group.components.len());
        let counts = if group.complex {
            "an equation between complex numbers counts as two real ones, for `re` and `im`"
        } else {
            "an equation between vectors counts as one for each component"
        };
        format!(
            "`{whole}` is {count} real unknown functions, and {counts}: state one of `{whole}` as a whole, or add one for `{name}`"
        )
    }

    fn too_many(&self, equations: usize, fields: usize) -> Diagnostic {
        let span = self
            .problem
            .equations
            .last()
            .map_or(Span::new(0, 0), |last| last.span);
        let plural = if fields == 1 { "" } else { "s" };
        Diagnostic::error(
            "equation-count",
            format!("{equations} equations for {fields} field{plural}"),
            span,
            "one equation too many",
        )
        .with_note("There must be as many equations as fields.")
        .with_help("remove an equation; initial and boundary conditions are declared with `initial` and `on`")
    }
}
