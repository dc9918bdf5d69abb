//! Initial values, boundary conditions and periodicity: attached to the parts of the boundary.

use super::Resolver;
use crate::diagnostic::Diagnostic;
use crate::hir::print::subscripted;
use crate::hir::{
    Condition, CoordinateId, ExpressionId, ExpressionKind, FieldId, Part, Role, Side,
};
use crate::source::Span;
use crate::syntax::print::{expression, number};
use crate::syntax::{Declaration, Equation, Name, Place};

impl Resolver<'_> {
    /// `initial u_t = f`
    pub(super) fn initial(&mut self, equation: &Equation, declaration: &Declaration) {
        let Some(time) = self.problem.time() else {
            self.error(
                Diagnostic::error(
                    "missing-time",
                    "an initial value needs a time coordinate",
                    declaration.keyword,
                    "the problem has no time",
                )
                .with_help("declare it: `time t in [0, 1]`"),
            );
            return;
        };
        let left = self.lower(equation.left);
        let known = !self.undetermined;
        let start = self.tree.expressions.len();
        let right = self.lower(equation.right);
        let Some((field, order)) = self.initial_left(left, time) else {
            if known {
                self.initial_form(equation, time);
            }
            return;
        };
        if let Some(place) = self.field_since(start) {
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
        if !self.problem.fields[field].arguments.contains(&time) {
            let name = &self.problem.fields[field].name;
            let diagnostic = Diagnostic::error(
                "not-an-argument",
                format!("field `{name}` does not depend on time"),
                self.document.expressions[equation.left].span,
                "has no initial value",
            )
            .with_label(self.problem.fields[field].span, "declared here");
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
            left,
            right,
            span: declaration.span,
        });
    }

    /// The field and order in time of the left side of an initial condition.
    fn initial_left(&self, left: ExpressionId, time: CoordinateId) -> Option<(FieldId, usize)> {
        let (operand, order) = match &self.tree.expressions[left].kind {
            ExpressionKind::Derivative { operand, by } if by.iter().all(|id| *id == time) => {
                (*operand, by.len())
            }
            ExpressionKind::Field(_) => (left, 0),
            ExpressionKind::Number(_)
            | ExpressionKind::Constant(_)
            | ExpressionKind::Coordinate(_)
            | ExpressionKind::Parameter(_)
            | ExpressionKind::Definition(_)
            | ExpressionKind::Derivative { .. }
            | ExpressionKind::Negate(_)
            | ExpressionKind::Binary { .. }
            | ExpressionKind::Call { .. }
            | ExpressionKind::Minimum(..)
            | ExpressionKind::Maximum(..) => return None,
        };
        match self.tree.expressions[operand].kind {
            ExpressionKind::Field(field) => Some((field, order)),
            ExpressionKind::Number(_)
            | ExpressionKind::Constant(_)
            | ExpressionKind::Coordinate(_)
            | ExpressionKind::Parameter(_)
            | ExpressionKind::Definition(_)
            | ExpressionKind::Derivative { .. }
            | ExpressionKind::Negate(_)
            | ExpressionKind::Binary { .. }
            | ExpressionKind::Call { .. }
            | ExpressionKind::Minimum(..)
            | ExpressionKind::Maximum(..) => None,
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

    /// `on x = 0, x = 1: left = right`: one condition at each place.
    pub(super) fn condition(&mut self, places: &[Place], equation: &Equation, span: Span) {
        let left = self.lower(equation.left);
        let hole = self.undetermined;
        let right = self.lower(equation.right);
        if hole || self.undetermined {
            // The places are still worth looking at.
            for place in places {
                self.part(place);
            }
            return;
        }
        let (subject, written) = if self.tree.mentions[left.index()] {
            (left, equation.left)
        } else {
            (right, equation.right)
        };
        for place in places {
            let Some(part) = self.part(place) else {
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
            | ExpressionKind::Maximum(..) => None,
        };
        if let Some((operand, by)) = derivative
            && let ExpressionKind::Field(field) = self.tree.expressions[operand].kind
        {
            return subscripted(&self.problem, &self.problem.fields[field].name, by);
        }
        expression(self.document, written)
    }

    /// The part of the boundary at a place; what is wrong with it is reported.
    fn part(&mut self, place: &Place) -> Option<Part> {
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
            self.condition_on_time(place, value, low, &name);
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
            self.error(
                Diagnostic::error(
                    "overlapping-conditions",
                    format!("`{name}` is periodic, so it has no boundary"),
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

    fn condition_on_time(&mut self, place: &Place, value: f64, low: f64, name: &str) {
        let diagnostic = if value == low {
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
                Role::Time => {
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

    /// The first place that mentions a field, among the expressions made since the tree had this length.
    pub(super) fn field_since(&self, start: usize) -> Option<Span> {
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
