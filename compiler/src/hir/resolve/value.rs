//! Numbers that must be known before training: parameter values and the ends of intervals.

use super::Resolver;
use super::quantity::Quantity;
use super::region::Solid;
use super::scope::{Spanned, Symbol};
use crate::diagnostic::Diagnostic;
use crate::hir::BinaryOperator;
use crate::hir::ExpressionKind;
use crate::hir::units;
use crate::kernel::evaluate_function;
use crate::source::Span;
use crate::syntax::{DeclarationKind, ExpressionId, Interval, Name};

impl Resolver<'_> {
    /// The value of an expression that must be a number; what is wrong with it is reported. `what` begins the
    /// message: "the value of a parameter".
    ///
    /// Where it is given for something declared, the value is in the unit of that.
    pub(super) fn constant(
        &mut self,
        id: ExpressionId,
        what: &str,
        given: Option<units::Quantity>,
    ) -> Option<f64> {
        let saved = std::mem::take(&mut self.tree);
        let root = self.lower_real(id, what);
        let mut value = self.tree.value(root);
        if let (Some(quantity), Some(number)) = (given, value) {
            value = Some(self.in_unit_of(quantity, id, root, number));
        }
        let varies = self
            .tree
            .expressions
            .iter()
            .find(|(_, expression)| {
                matches!(
                    expression.kind,
                    ExpressionKind::Coordinate(_)
                        | ExpressionKind::Field(_)
                        | ExpressionKind::Unknown(_)
                        | ExpressionKind::Definition(_)
                ) && self.evaluate(&expression.kind).is_none()
            })
            .map(|(_, expression)| expression.span);
        self.tree = saved;
        self.norms.clear();
        self.vectors.clear();
        if self.undetermined {
            return None;
        }
        if let Some(value) = value
            && !value.is_nan()
        {
            return Some(value);
        }
        let span = self.document.expressions[id].span;
        let diagnostic = match varies {
            Some(place) => Diagnostic::error(
                "not-a-number",
                format!("{what} must be a number, known before training"),
                place,
                format!("`{}` varies", self.source.slice(place)),
            )
            .with_help("use numbers, `pi`, `e`, parameters, and definitions made of these"),
            None => Diagnostic::error(
                "not-a-number",
                format!("{what} has no real value"),
                span,
                "not a real number",
            )
            .with_note("What is declared as a number is real and finite: roots are of what is not negative, logarithms of what is positive.")
            .with_help("correct the sign under the root or in the logarithm"),
        };
        self.error(diagnostic);
        None
    }

    /// Gives a parameter its value.
    pub(super) fn parameter(&mut self, name: &Name, value: ExpressionId) {
        let given = match self.scope.entries.get(&name.text) {
            Some(entry) => match entry.symbol {
                Symbol::Parameter(id) => Some(units::Quantity::Parameter(id)),
                _ => None,
            },
            None => None,
        };
        let written = self.constant(value, "the value of a parameter", given);
        if written.is_some_and(f64::is_infinite) {
            self.error(
                Diagnostic::error(
                    "non-real",
                    format!(
                        "the value of the parameter `{}` is not a finite number",
                        name.text
                    ),
                    self.document.expressions[value].span,
                    "infinite",
                )
                .with_note("All values that are known before training are finite real numbers.")
                .with_help("is something divided by zero, or too large for a number of 64 bits?"),
            );
        }
        let Some(entry) = self.scope.entries.get(&name.text) else {
            return;
        };
        if let Symbol::Parameter(id) = entry.symbol
            && entry.span == name.span
        {
            let value = self.overrides.get(&name.text).copied().or(written);
            self.problem.parameters[id].value = value.unwrap_or(f64::NAN);
        }
    }

    /// Gives every coordinate its interval; without one, that of the box around the domain.
    pub(super) fn intervals(&mut self) {
        let document = self.document;
        let around = document.declarations.iter().find_map(|declaration| {
            let DeclarationKind::Domain { value, .. } = &declaration.kind else {
                return None;
            };
            Some((declaration.keyword, *value))
        });
        let around = around.map(|(keyword, value)| self.domain(keyword, value));
        for Spanned {
            ids,
            names,
            interval,
            keyword,
        } in std::mem::take(&mut self.intervals)
        {
            let ends = match (&interval, &around) {
                (Some(interval), _) => {
                    // The same ends are other numbers in other units.
                    for id in ids {
                        let given = Some(units::Quantity::Coordinate(id));
                        let ends = self.bounds_of(interval, given);
                        let coordinate = &mut self.problem.coordinates[id];
                        (coordinate.low, coordinate.high) = ends.unwrap_or((f64::NAN, f64::NAN));
                    }
                    continue;
                }
                (None, Some(_)) if keyword == "coord" => None,
                (None, _) => {
                    self.missing_interval(&names, keyword);
                    None
                }
            };
            for id in ids {
                let coordinate = &mut self.problem.coordinates[id];
                (coordinate.low, coordinate.high) = ends.unwrap_or((f64::NAN, f64::NAN));
            }
        }
        let Some(Some(solid)) = around else { return };
        for (axis, id) in self.space().into_iter().enumerate() {
            let coordinate = &mut self.problem.coordinates[id];
            if coordinate.low.is_nan()
                && let (Some(low), Some(high)) = (solid.low.get(axis), solid.high.get(axis))
            {
                (coordinate.low, coordinate.high) = (*low, *high);
            }
        }
    }

    /// The box around the domain.
    fn domain(&mut self, keyword: Span, value: ExpressionId) -> Option<Solid> {
        self.later("domains other than boxes (`domain`)", keyword);
        self.problem.domain = Some(keyword);
        let span = self.document.expressions[value].span;
        let solid = match self.lower(value) {
            Quantity::Any => return None,
            Quantity::Solid(solid) => solid,
            other @ (Quantity::Numbers { .. } | Quantity::Truth(_) | Quantity::Part(_)) => {
                self.rank_mismatch(
                    "a domain must be a region of space",
                    span,
                    format!("this is {}", other.words()),
                    "write for instance `domain Omega = rectangle((0, 0), (2, 1))`",
                );
                return None;
            }
        };
        let (dimension, wanted) = (solid.low.len(), self.space().len());
        if dimension != wanted {
            let plural = if wanted == 1 { "" } else { "s" };
            self.rank_mismatch(
                format!("the domain has dimension {dimension}, the problem {wanted} coordinate{plural} of space"),
                span,
                format!("a region of dimension {dimension}"),
                "declare as many coordinates as the domain has dimensions",
            );
            return None;
        }
        Some(solid)
    }

    fn missing_interval(&mut self, names: &[Name], keyword: &str) {
        let (Some(first), Some(last)) = (names.first(), names.last()) else {
            return;
        };
        let end = last.span.range().end;
        self.error(
            Diagnostic::error(
                "missing-interval",
                format!("`{}` has no interval", first.text),
                first.span.to(last.span),
                "from where to where?",
            )
            .with_note(
                "The intervals of the coordinates span the box on which the problem is posed.",
            )
            .with_help(format!(
                "give one, for instance `{keyword} {} in [0, 1]`{}",
                first.text,
                if keyword == "coord" {
                    ", or declare a `domain`"
                } else {
                    ""
                }
            ))
            .with_edit(Span::new(end, end), " in [0, 1]"),
        );
    }

    /// The ends of an interval of values, one of which may be infinite.
    pub(super) fn bounds_of(
        &mut self,
        interval: &Interval,
        given: Option<units::Quantity>,
    ) -> Option<(f64, f64)> {
        let low = self.constant(interval.low, "the end of an interval", given);
        let high = self.constant(interval.high, "the end of an interval", given);
        let (low, high) = (low?, high?);
        if low < high && (high - low).is_finite() {
            return Some((low, high));
        }
        let number = crate::syntax::print::number;
        let (low_text, high_text) = (number(low), number(high));
        let written = |id| crate::syntax::print::expression(self.document, id);
        let diagnostic = if low > high {
            let open = self.source.slice(interval.span).starts_with('(');
            let (from, to) = if open { ('(', ')') } else { ('[', ']') };
            let swapped = format!(
                "{from}{}, {}{to}",
                written(interval.high),
                written(interval.low)
            );
            Diagnostic::error(
                "empty-domain",
                format!("the interval from {low_text} to {high_text} is empty"),
                interval.span,
                "the lower end comes first",
            )
            .with_help(format!("write `{swapped}`"))
            .with_edit(interval.span, swapped)
        } else if low == high {
            Diagnostic::error(
                "empty-domain",
                format!("the interval from {low_text} to {high_text} is a single point"),
                interval.span,
                "both ends are the same",
            )
            .with_help("write the lower end, then a larger upper end")
        } else {
            Diagnostic::error(
                "empty-domain",
                "the interval is not finite",
                interval.span,
                "an end is infinite",
            )
            .with_note("Training points are drawn from the box, so it must be bounded.")
            .with_help("cut the domain where the solution no longer matters")
        };
        self.error(diagnostic);
        None
    }

    /// The value of a node whose operands are in the tree, where it is a number.
    pub(super) fn evaluate(&self, kind: &ExpressionKind) -> Option<f64> {
        let value = |id| self.tree.value(id);
        match kind {
            ExpressionKind::Number(value) => Some(*value),
            ExpressionKind::Constant(constant) => Some(constant.value()),
            ExpressionKind::Parameter(id) => {
                let parameter = &self.problem.parameters[*id];
                Some(match &parameter.unit {
                    Some(unit) => parameter.value * unit.factor,
                    None => parameter.value,
                })
            }
            ExpressionKind::Definition(id) => {
                self.definition_values.get(id.index()).copied().flatten()
            }
            ExpressionKind::Coordinate(_)
            | ExpressionKind::Field(_)
            | ExpressionKind::Unknown(_)
            | ExpressionKind::Integral { .. }
            | ExpressionKind::Derivative { .. } => None,
            ExpressionKind::Select {
                left,
                right,
                then,
                otherwise,
            } => {
                if value(*left)? < value(*right)? {
                    value(*then)
                } else {
                    value(*otherwise)
                }
            }
            ExpressionKind::Negate(operand) => Some(-value(*operand)?),
            ExpressionKind::Binary {
                operator,
                left,
                right,
            } => {
                let (left, right) = (value(*left)?, value(*right)?);
                Some(match operator {
                    BinaryOperator::Add => left + right,
                    BinaryOperator::Subtract => left - right,
                    BinaryOperator::Multiply => left * right,
                    BinaryOperator::Divide => left / right,
                    BinaryOperator::Power => left.powf(right),
                })
            }
            ExpressionKind::Call { function, argument } => {
                Some(evaluate_function(*function, value(*argument)?))
            }
            ExpressionKind::Minimum(left, right) => Some(value(*left)?.min(value(*right)?)),
            ExpressionKind::Maximum(left, right) => Some(value(*left)?.max(value(*right)?)),
        }
    }
}
