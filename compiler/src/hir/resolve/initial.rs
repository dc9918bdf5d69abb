//! Initial values: attached to the part of the boundary where time begins.

use super::Resolver;
use crate::diagnostic::Diagnostic;
use crate::hir::print::subscripted;
use crate::hir::{Condition, CoordinateId, ExpressionId, ExpressionKind, FieldId, Part, Side};
use crate::source::Span;
use crate::syntax::print::number;
use crate::syntax::{CoordinateName, Declaration, DeclarationKind, Equation};

impl Resolver<'_> {
    /// `initial u_t = f`
    pub(super) fn initial(&mut self, equation: &Equation, declaration: &Declaration) {
        let Some(time) = self.problem.time() else {
            if !self.undeclared.is_empty() {
                return;
            }
            let diagnostic = Diagnostic::error(
                "missing-time",
                "an initial value needs a time coordinate",
                declaration.keyword,
                "the problem has no time",
            );
            self.error(match self.time_in_disguise() {
                Some((at, written)) => diagnostic
                    .with_label(at, "declared as a direction of space")
                    .with_help(format!("write `{written}`"))
                    .with_edit(at, written),
                None => diagnostic.with_help("declare it: `time t in [0, 1]`"),
            });
            return;
        };
        let start = self.tree.expressions.len();
        let Some(pairs) = self.sides(equation) else {
            return;
        };
        let known = !self.undetermined;
        let left = self.document.expressions[equation.left].span;
        if let Some(place) = self.field_since(start, left) {
            self.error(
                Diagnostic::error(
                    "initial-mentions-field",
                    "an initial value is given by coordinates and parameters alone",
                    place,
                    format!("`{}` is not known here", self.source.slice(place)),
                )
                .with_help("write the initial value as a formula in the coordinates"),
            );
            return;
        }
        for pair in pairs {
            let Some((field, order)) = self.initial_left(pair.left, time) else {
                if known {
                    self.initial_form(equation, time);
                }
                return;
            };
            if !self.problem.fields[field].arguments.contains(&time) {
                let name = &self.problem.fields[field].name;
                let arguments = self.problem.fields[field].arguments.iter().chain([&time]);
                let arguments: Vec<&str> = arguments
                    .map(|id| self.problem.coordinates[*id].name.as_str())
                    .collect();
                let diagnostic = Diagnostic::error(
                    "not-an-argument",
                    format!("field `{name}` does not depend on time"),
                    left,
                    "has no initial value",
                )
                .with_label(self.problem.fields[field].span, "declared here")
                .with_help(format!(
                    "let it depend on time, `field {name}({})`; or remove its initial value",
                    arguments.join(", ")
                ));
                self.error(diagnostic);
                return;
            }
            let low = self.problem.coordinates[time].low;
            let name = &self.problem.coordinates[time].name;
            let what = subscripted(
                &self.problem,
                &self.problem.fields[field].name,
                &vec![time; order],
            );
            self.problem.conditions.push(Condition {
                label: format!("{what} at {name} = {}", number(low)),
                part: Part {
                    coordinate: time,
                    side: Side::Low,
                },
                left: pair.left,
                right: pair.right,
                span: declaration.span,
            });
        }
    }

    /// A `coord t in [0, 1]` that is meant to be the time: its place, and what to write there.
    fn time_in_disguise(&self) -> Option<(Span, String)> {
        let is_time = |name: &str| ["t", "T", "τ", "tau", "time"].contains(&name);
        self.document.declarations.iter().find_map(|declaration| {
            let DeclarationKind::Coordinates { names, .. } = &declaration.kind else {
                return None;
            };
            let found = names
                .iter()
                .find(|it| it.count.is_none() && is_time(&it.name.text))?;
            let text = self.source.slice(declaration.span);
            let interval = text.find(" in ").map_or("", |at| &text[at..]);
            let whole = |it: &CoordinateName| {
                let unit = it.unit.as_ref().map(|unit| unit.span);
                let end = unit.unwrap_or(it.name.span);
                self.source.slice(it.name.span.to(end)).to_owned()
            };
            let time = format!("time {}{interval}", whole(found));
            let others: Vec<String> = names
                .iter()
                .filter(|it| it.name.span != found.name.span)
                .map(whole)
                .collect();
            if names.iter().any(|it| it.count.is_some()) {
                return None;
            }
            Some(if others.is_empty() {
                (declaration.span, time)
            } else {
                let rest = others.join(", ");
                (declaration.span, format!("coord {rest}{interval}\n{time}"))
            })
        })
    }

    /// The field and order in time of the left side of an initial condition.
    fn initial_left(&self, left: ExpressionId, time: CoordinateId) -> Option<(FieldId, usize)> {
        let (operand, order) = match &self.tree.expressions[left].kind {
            ExpressionKind::Derivative { operand, by } if by.iter().all(|id| *id == time) => {
                (*operand, by.len())
            }
            _ => (left, 0),
        };
        match self.tree.expressions[operand].kind {
            ExpressionKind::Field(field) => Some((field, order)),
            _ => None,
        }
    }

    fn initial_form(&mut self, equation: &Equation, time: CoordinateId) {
        let time = self.problem.coordinates[time].name.clone();
        let field = self
            .problem
            .fields
            .iter()
            .next()
            .map_or("u".to_owned(), |(_, field)| field.name.clone());
        self.error(
            Diagnostic::error(
                "initial-form",
                "an initial condition gives a field or its derivatives in time",
                self.document.expressions[equation.left].span,
                "neither of these",
            )
            .with_note(format!(
                "At the beginning the state itself is given; its derivatives in other directions than `{time}` \
                 follow from it."
            ))
            .with_help(format!(
                "write `initial {field} = …` or `initial {} = …`",
                subscripted_name(&field, &time)
            )),
        );
    }

    /// The first place outside of `left` that mentions a field, among the expressions made since the tree had this
    /// length.
    fn field_since(&self, start: usize, left: Span) -> Option<Span> {
        self.tree
            .expressions
            .iter()
            .skip(start)
            .filter(|(id, expression)| {
                let leaf = matches!(
                    expression.kind,
                    ExpressionKind::Field(_) | ExpressionKind::Definition(_)
                );
                leaf && self.tree.mentions[id.index()]
            })
            .map(|(_, expression)| expression.span)
            .filter(|span| span.start < left.start || left.end < span.end)
            .min()
    }
}

fn subscripted_name(field: &str, coordinate: &str) -> String {
    if coordinate.chars().count() == 1 {
        format!("{field}_{coordinate}")
    } else {
        format!("{field}_{{{coordinate}}}")
    }
}
