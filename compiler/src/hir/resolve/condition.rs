//! Initial values, boundary conditions and periodicity: attached to the parts of the boundary.

use super::Resolver;
use crate::diagnostic::Diagnostic;
use crate::hir::print::subscripted;
use crate::hir::{Condition, ExpressionId, ExpressionKind, Part, Role, Side};
use crate::source::Span;
use crate::syntax::print::{expression, number};
use crate::syntax::{Equation, Name, Place, Side as At};

impl Resolver<'_> {
    /// `on x = 0, x = 1: left = right`: one condition at each place.
    pub(super) fn condition(&mut self, places: &[Place], equation: &Equation, span: Span) {
        let left = self.lower(equation.left);
        let hole = self.undetermined;
        let right = self.lower(equation.right);
        let places: Vec<&At> = places
            .iter()
            .filter_map(|place| match place {
                Place::Side(side) => Some(side),
                Place::Named(_) | Place::Everywhere(_) => None,
            })
            .collect();
        if hole || self.undetermined {
            // The places are still worth looking at.
            for place in &places {
                self.part(place, None);
            }
            return;
        }
        let (subject, written) = if self.tree.mentions[left.index()] {
            (left, equation.left)
        } else {
            (right, equation.right)
        };
        for place in &places {
            let opening = (places.len() == 1)
                .then(|| Span::new(span.range().start, equation.span.range().start));
            let Some(part) = self.part(place, opening) else {
                continue;
            };
            self.problem.conditions.push(Condition {
                label: format!(
                    "{} at {} = {}",
                    self.what(subject, written),
                    place.coordinate.text,
                    expression(self.document, place.value)
                ),
                part,
                left,
                right,
                span,
            });
        }
    }

    /// How the subject of a condition is written in its label: derivatives in sorted order.
    fn what(&self, subject: ExpressionId, written: crate::syntax::ExpressionId) -> String {
        let derivative = match &self.tree.expressions[subject].kind {
            ExpressionKind::Derivative { operand, by } => Some((*operand, by.as_slice())),
            ExpressionKind::Field(_) => Some((subject, [].as_slice())),
            ExpressionKind::Number(_)
            | ExpressionKind::Constant(_)
            | ExpressionKind::Coordinate(_)
            | ExpressionKind::Parameter(_)
            | ExpressionKind::Definition(_)
            | ExpressionKind::Negate(_)
            | ExpressionKind::Binary { .. }
            | ExpressionKind::Call { .. }
            | ExpressionKind::Minimum(..)
            | ExpressionKind::Maximum(..)
            | ExpressionKind::Unknown(_)
            | ExpressionKind::Select { .. }
            | ExpressionKind::Integral { .. } => None,
        };
        if let Some((operand, by)) = derivative
            && let ExpressionKind::Field(field) = self.tree.expressions[operand].kind
        {
            return subscripted(&self.problem, &self.problem.fields[field].name, by);
        }
        expression(self.document, written)
    }

    /// The part of the boundary at a place; what is wrong with it is reported. `opening` is what `initial` would
    /// replace.
    fn part(&mut self, place: &At, opening: Option<Span>) -> Option<Part> {
        let coordinate = self.coordinate_named(&place.coordinate);
        let value = self.constant(place.value, "a place on the boundary");
        let (coordinate, value) = (coordinate?, value?);
        let declared = &self.problem.coordinates[coordinate];
        let (low, high, name) = (declared.low, declared.high, declared.name.clone());
        if !low.is_finite() || !high.is_finite() {
            // The interval itself has been reported.
            return None;
        }
        if declared.role == Role::Time {
            self.condition_on_time(place, value, low, &name, opening);
            return None;
        }
        // Ends may be computed in two ways, `2*pi` and `6.283185307179586`.
        let near = 1e-12 * low.abs().max(high.abs());
        let side = if (value - low).abs() <= near {
            Side::Low
        } else if (value - high).abs() <= near {
            Side::High
        } else {
            let (low, high) = (number(low), number(high));
            let diagnostic = Diagnostic::error(
                "condition-not-on-boundary",
                format!(
                    "`{name} = {}` is not on the boundary",
                    expression(self.document, place.value)
                ),
                place.span,
                format!("the ends are `{name} = {low}` and `{name} = {high}`"),
            )
            .with_label(declared.span, format!("`{name}` goes from {low} to {high}"))
            .with_help(format!(
                "write `on {name} = {low}: …` or `on {name} = {high}: …`"
            ));
            self.error(diagnostic);
            return None;
        };
        if declared.periodic {
            let span = declared.span;
            let message = format!("`{name}` is periodic, so it has no boundary");
            // `on x = 0, x = 1` is one mistake.
            if self
                .errors
                .last()
                .is_some_and(|last| last.message == message)
            {
                return None;
            }
            self.error(
                Diagnostic::error(
                    "overlapping-conditions",
                    message,
                    place.span,
                    "no condition can be given here",
                )
                .with_label(span, format!("`{name}` is declared here"))
                .with_note("Where a coordinate is periodic, its two ends are the same place inside the domain.")
                .with_help(format!("remove this condition, or `periodic {name}`")),
            );
            return None;
        }
        Some(Part { coordinate, side })
    }

    fn condition_on_time(
        &mut self,
        place: &At,
        value: f64,
        low: f64,
        name: &str,
        opening: Option<Span>,
    ) {
        let mut diagnostic = if value == low {
            Diagnostic::error(
                "condition-not-on-boundary",
                "a condition where time begins is an initial condition",
                place.span,
                format!("`{name}` is time"),
            )
            .with_help("write `initial u = …`")
        } else {
            crate::syntax::not_supported_yet("conditions at a given time", place.span)
        };
        if let Some(opening) = opening.filter(|_| value == low) {
            diagnostic = diagnostic.with_edit(opening, "initial ");
        }
        self.error(diagnostic);
    }

    /// `periodic x, y`
    pub(super) fn periodic(&mut self, names: &[Name]) {
        for name in names {
            let Some(id) = self.coordinate_named(name) else {
                continue;
            };
            let coordinate = &mut self.problem.coordinates[id];
            match coordinate.role {
                Role::Space => coordinate.periodic = true,
                Role::Time | Role::Family => {
                    let span = coordinate.span;
                    self.error(
                        Diagnostic::error(
                            "periodic-time",
                            format!("time `{}` cannot be periodic", name.text),
                            name.span,
                            "this is time",
                        )
                        .with_label(span, "declared with `time`")
                        .with_note("Time has a beginning, where initial values are given.")
                        .with_help(format!(
                            "for solutions that repeat in `{0}`, declare it with `coord {0} in …`",
                            name.text
                        )),
                    );
                }
            }
        }
    }
}
