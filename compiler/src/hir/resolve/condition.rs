//! Initial values, boundary conditions and periodicity: attached to the parts of the boundary.

use super::Normal;
use super::Resolver;
use super::sides::Pair;
use crate::diagnostic::Diagnostic;
use crate::hir::print::subscripted;
use crate::hir::units;
use crate::hir::{Condition, ExpressionId, ExpressionKind, OnPart, Part, Role, Side};
use crate::source::Span;
use crate::syntax::print::{expression, number};
use crate::syntax::{Declaration, Equation, Name, Place, Side as Written};

/// A place that has been found on the boundary.
pub(super) struct Found {
    /// The part of the box; none on a part of a domain of another shape.
    pub(super) part: Option<Part>,
    /// How the place is written in labels.
    pub(super) text: String,
}

impl Resolver<'_> {
    /// `on x = 0, x = 1: left = right`: one condition at each place.
    pub(super) fn condition(&mut self, places: &[Place], equation: &Equation, span: Span) {
        let opening = |places: &[Place]| {
            (places.len() == 1).then(|| Span::new(span.range().start, equation.span.range().start))
        };
        let mut found = Vec::new();
        for place in places {
            match place {
                Place::Side(side) => found.extend(self.side(side, opening(places))),
                Place::Named(name) => found.extend(self.named_part(name)),
                Place::Everywhere(place) => found.extend(self.whole_boundary(*place)),
            }
        }
        // A condition at no valid place is still worth reading.
        if found.is_empty() {
            let normal = self.normal.replace(Normal { side: None });
            self.sides(equation);
            self.normal = normal;
            return;
        }
        let errors = self.errors.len();
        for Found { part, text } in found {
            let side = part.map(|part| (part.coordinate, part.side == Side::High));
            let normal = self.normal.replace(Normal { side });
            let pairs = self.sides(equation);
            self.normal = normal;
            // What is wrong is wrong at every place.
            if self.errors.len() > errors || self.undetermined {
                return;
            }
            let Some(pairs) = pairs else {
                continue;
            };
            let Some(part) = part else {
                for pair in pairs {
                    let label = format!("{} on {text}", self.what(&pair, equation));
                    self.problem.on_parts.push(OnPart { label, span });
                }
                continue;
            };
            let empty = |pair: &Pair| {
                [pair.left, pair.right]
                    .into_iter()
                    .all(|side| self.tree.value(side) == Some(0.0))
            };
            // A component that the normal takes away says nothing; if all are gone, that is a mistake.
            let (gone, kept): (Vec<Pair>, Vec<Pair>) = pairs.into_iter().partition(empty);
            for pair in if kept.is_empty() { gone } else { kept } {
                let what = self.what(&pair, equation);
                self.problem.conditions.push(Condition {
                    label: format!("{what} at {text}"),
                    part,
                    left: pair.left,
                    right: pair.right,
                    span,
                });
            }
        }
    }

    /// `at t = 1: u = f`
    pub(super) fn at(&mut self, place: &Written, equation: &Equation, declaration: &Declaration) {
        let time = self.problem.time();
        let coordinate = match place.index {
            Some(_) => self.coordinates_at(place).first().copied(),
            None => self.coordinate_named(&place.coordinate),
        };
        let value = self.constant(
            place.value,
            "a time",
            coordinate.map(units::Quantity::Coordinate),
        );
        let (Some(coordinate), Some(value)) = (coordinate, value) else {
            self.sides(equation);
            return;
        };
        let declared = &self.problem.coordinates[coordinate];
        let (low, high, name) = (declared.low, declared.high, declared.name.clone());
        if Some(coordinate) != time {
            let place_text = format!("on {} = {}", name, expression(self.document, place.value));
            self.error(
                Diagnostic::error(
                    "condition-not-on-boundary",
                    format!("`{name}` is not time"),
                    place.span,
                    "`at` is for times",
                )
                .with_label(declared.span, "declared here")
                .with_help(format!("write `{place_text}: …`"))
                .with_edit(declaration.keyword, "on"),
            );
            return;
        }
        if !low.is_finite() || !high.is_finite() {
            self.sides(equation);
            return;
        }
        let near = 1e-12 * low.abs().max(high.abs());
        if (value - low).abs() <= near {
            self.initial(equation, declaration);
            return;
        }
        if value < low || value > high + near {
            let (low, high) = (number(low), number(high));
            self.error(
                Diagnostic::error(
                    "condition-not-on-boundary",
                    format!("`{name} = {}` is outside of the problem", number(value)),
                    place.span,
                    format!("`{name}` goes from {low} to {high}"),
                )
                .with_label(declared.span, "declared here")
                .with_help(format!("choose a time from {low} to {high}")),
            );
            return;
        }
        self.later(
            "conditions at a given time (`at t = 1: …`)",
            declaration.keyword,
        );
        let Some(pairs) = self.sides(equation) else {
            return;
        };
        if self.undetermined {
            return;
        }
        let part = Part {
            coordinate,
            side: Side::High,
        };
        for pair in pairs {
            let what = self.what(&pair, equation);
            let conditions = if (value - high).abs() > near {
                &mut self.problem.between
            } else {
                &mut self.problem.conditions
            };
            conditions.push(Condition {
                label: format!("{what} at {name} = {}", number(value)),
                part,
                left: pair.left,
                right: pair.right,
                span: declaration.span,
            });
        }
    }

    /// How the subject of a condition is written in its label: derivatives in sorted order.
    fn what(&self, pair: &Pair, equation: &Equation) -> String {
        let (subject, written) = if self.tree.mentions[pair.left.index()] {
            (pair.left, equation.left)
        } else {
            (pair.right, equation.right)
        };
        match self.known_as(subject) {
            Some(name) => name,
            None => {
                let text = expression(self.document, written);
                // `u - v.re` would be read as the part of `v` alone.
                let several = text.contains([' ', '*', '/', '×', '·', '+', '-']);
                if several && !pair.suffix.is_empty() {
                    format!("({text}){}", pair.suffix)
                } else {
                    format!("{text}{}", pair.suffix)
                }
            }
        }
    }

    fn known_as(&self, subject: ExpressionId) -> Option<String> {
        let (operand, by) = match &self.tree.expressions[subject].kind {
            ExpressionKind::Derivative { operand, by } => (*operand, by.as_slice()),
            _ => (subject, [].as_slice()),
        };
        let ExpressionKind::Field(field) = self.tree.expressions[operand].kind else {
            return None;
        };
        let name = &self.problem.fields[field].name;
        Some(subscripted(&self.problem, name, by))
    }

    pub(super) fn condition_on_time(
        &mut self,
        place: &Written,
        value: f64,
        low: f64,
        name: &str,
        opening: Option<Span>,
    ) {
        let (message, help, replacement) = if value == low {
            (
                "a condition where time begins is an initial condition",
                "write `initial u = …`".to_owned(),
                "initial ".to_owned(),
            )
        } else {
            let written = self.source.slice(place.span).to_owned();
            (
                "a condition at a time is written with `at`",
                format!("write `at {written}: …`"),
                format!("at {written}: "),
            )
        };
        let mut diagnostic = Diagnostic::error(
            "condition-not-on-boundary",
            message,
            place.span,
            format!("`{name}` is time"),
        )
        .with_help(help);
        if let Some(opening) = opening {
            diagnostic = diagnostic.with_edit(opening, replacement);
        }
        self.error(diagnostic);
    }

    /// `periodic x, y`
    pub(super) fn periodic(&mut self, names: &[Name]) {
        for name in names {
            for id in self.coordinates_named(name) {
                let coordinate = &mut self.problem.coordinates[id];
                let (what, keyword) = match coordinate.role {
                    Role::Space if coordinate.periodic => {
                        self.error(
                            Diagnostic::error(
                                "duplicate-declaration",
                                format!("`{}` is declared periodic twice", name.text),
                                name.span,
                                "said before",
                            )
                            .with_help("once is enough"),
                        );
                        break;
                    }
                    Role::Space => {
                        coordinate.periodic = true;
                        continue;
                    }
                    Role::Time => ("time", "time"),
                    Role::Family => ("the parameter", "param"),
                };
                let span = coordinate.span;
                let diagnostic = Diagnostic::error(
                    "periodic-time",
                    format!("{what} `{}` cannot be periodic", name.text),
                    name.span,
                    format!("this is {what}"),
                )
                .with_label(span, format!("declared with `{keyword}`"));
                let diagnostic = if coordinate.role == Role::Time {
                    diagnostic
                        .with_note("Time has a beginning, where initial values are given.")
                        .with_help(format!(
                            "for solutions that repeat in `{0}`, declare it with `coord {0} in …`",
                            name.text
                        ))
                } else {
                    diagnostic.with_help("only coordinates of space are periodic")
                };
                self.error(diagnostic);
            }
        }
    }
}
