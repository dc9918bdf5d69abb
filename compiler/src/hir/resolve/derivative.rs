//! Derivatives: `d(u, x)`, `d(u, x, 2)`, `d(u, x, y)`, and the node that all notations share.

use super::Resolver;
use super::expression::{Environment, Reading, Task};
use super::quantity::{Entry, Quantity};
use crate::diagnostic::Diagnostic;
use crate::hir::{self, CoordinateId};
use crate::source::Span;
use crate::syntax::{ExpressionId, ExpressionKind, Name};
use std::rc::Rc;

/// The highest order of a derivative. Beyond it the jets would not fit into memory.
pub(in crate::hir) const HIGHEST_ORDER: usize = 16;

/// How derivatives of expressions are written.
const FORM: &str =
    "a derivative is written `d(u, x)`, a second one `d(u, x, 2)`, a mixed one `d(u, x, y)`";

impl Resolver<'_> {
    /// Plans the tasks of `d(…)`; their result is the derivative.
    pub(super) fn plan_derivative(
        &mut self,
        arguments: &[ExpressionId],
        span: Span,
        environment: &Rc<Environment>,
        reading: &mut Reading,
    ) {
        let Some((operand, variables)) =
            arguments.split_first().filter(|(_, rest)| !rest.is_empty())
        else {
            self.error(
                Diagnostic::error(
                    "wrong-argument-count",
                    "`d` needs an expression and the coordinate by which to differentiate",
                    span,
                    "no coordinate here",
                )
                .with_help(FORM),
            );
            self.undetermined = true;
            reading.results.push(Quantity::Any);
            return;
        };
        match self.variables(variables, environment) {
            Some(by) => reading.tasks.push(Task::Differentiate(by, span)),
            None => self.undetermined = true,
        }
        reading
            .tasks
            .push(Task::Read(*operand, environment.clone()));
    }

    /// Coordinates, each with the order that may follow it: `x`, `x, 2`, `x, y`, `x, 2, y`.
    fn variables(
        &mut self,
        arguments: &[ExpressionId],
        environment: &Rc<Environment>,
    ) -> Option<Vec<CoordinateId>> {
        let mut by = Some(Vec::new());
        let mut rest = arguments;
        while let Some((coordinate, after)) = rest.split_first() {
            rest = after;
            let variable = self.variable(*coordinate, environment);
            let order = match after.split_first() {
                Some((order, after)) if !self.is_name(*order) => {
                    rest = after;
                    self.derivative_order(*order)
                }
                Some(_) | None => Some(1),
            };
            by = match (by, variable, order) {
                (Some(mut by), Some(variable), Some(order)) => {
                    by.extend(std::iter::repeat_n(variable, order));
                    Some(by)
                }
                (None, ..) | (_, None, _) | (.., None) => None,
            };
        }
        by
    }

    /// Whether this can only be a coordinate: `x`, `x[1]`, but not the index of a sum.
    fn is_name(&self, id: ExpressionId) -> bool {
        matches!(
            self.document.expressions[id].kind,
            ExpressionKind::Name(_) | ExpressionKind::Index { .. }
        )
    }

    fn variable(
        &mut self,
        id: ExpressionId,
        environment: &Rc<Environment>,
    ) -> Option<CoordinateId> {
        let expression = &self.document.expressions[id];
        let span = expression.span;
        match &expression.kind {
            ExpressionKind::Name(text) => {
                return self.coordinate_named(&Name {
                    text: text.clone(),
                    span,
                });
            }
            ExpressionKind::Index { operand, index } => {
                if let ExpressionKind::Name(text) = &self.document.expressions[*operand].kind {
                    let name = Name {
                        text: text.clone(),
                        span: self.document.expressions[*operand].span,
                    };
                    return self.indexed_coordinate(&name, *index, environment, span);
                }
            }
            _ => {}
        }
        let expression = &self.document.expressions[id];
        self.error(
            Diagnostic::error(
                "not-a-coordinate",
                "a derivative is taken by a coordinate",
                expression.span,
                "not a coordinate",
            )
            .with_help(FORM),
        );
        None
    }

    fn derivative_order(&mut self, id: ExpressionId) -> Option<usize> {
        let expression = &self.document.expressions[id];
        if let ExpressionKind::Number { value, .. } = &expression.kind
            && value.fract() == 0.0
            && (1.0..=HIGHEST_ORDER as f64).contains(value)
        {
            // In range by the line above.
            return Some(*value as usize);
        }
        self.error(
            Diagnostic::error(
                "order-of-derivative",
                format!("the order of a derivative is a whole number from 1 to {HIGHEST_ORDER}"),
                expression.span,
                "not such a number",
            )
            .with_help("a second derivative is written `d(u, x, 2)`"),
        );
        None
    }

    /// A partial derivative of every entry.
    pub(super) fn derivative_of(
        &mut self,
        operand: &Quantity,
        by: &[CoordinateId],
        span: Span,
    ) -> Quantity {
        let Some((shape, entries)) = self.numbers(operand, span) else {
            return Quantity::Any;
        };
        let mut made = Vec::with_capacity(entries.len());
        for entry in entries {
            made.push(Entry {
                re: self.derivative(entry.re, by, span),
                im: entry.im.map(|im| self.derivative(im, by, span)),
            });
        }
        Quantity::Numbers {
            shape,
            entries: made,
        }
    }

    /// A partial derivative; derivatives of derivatives become one, since they commute.
    pub(super) fn derivative(
        &mut self,
        operand: hir::ExpressionId,
        by: &[CoordinateId],
        span: Span,
    ) -> hir::ExpressionId {
        let (operand, mut all) = match &self.tree.expressions[operand].kind {
            hir::ExpressionKind::Derivative { operand, by } => (*operand, by.clone()),
            _ => (operand, Vec::new()),
        };
        if let hir::ExpressionKind::Field(field) = self.tree.expressions[operand].kind {
            let field = &self.problem.fields[field];
            let missing = by
                .iter()
                .find(|coordinate| !field.arguments.contains(coordinate));
            if let Some(missing) = missing {
                let name = self.problem.coordinates[*missing].name.clone();
                let arguments: Vec<&str> = field
                    .arguments
                    .iter()
                    .map(|id| self.problem.coordinates[*id].name.as_str())
                    .collect();
                let diagnostic = Diagnostic::error(
                    "not-an-argument",
                    format!("field `{}` does not depend on `{name}`", field.name),
                    span,
                    "this derivative is zero everywhere",
                )
                .with_label(
                    field.span,
                    format!("declared as `{}({})`", field.name, arguments.join(", ")),
                )
                .with_help(format!(
                    "add `{name}` to the arguments of `{}`, or remove this term",
                    field.name
                ));
                self.error(diagnostic);
                return self.hole(span);
            }
        }
        all.extend(by);
        all.sort_unstable();
        if all.len() > HIGHEST_ORDER {
            self.error(
                Diagnostic::error(
                    "order-of-derivative",
                    format!("a derivative of order {} is too high", all.len()),
                    span,
                    format!("the highest order is {HIGHEST_ORDER}"),
                )
                .with_help("split the equation with further fields"),
            );
            return self.hole(span);
        }
        self.push(hir::ExpressionKind::Derivative { operand, by: all }, span)
    }
}
