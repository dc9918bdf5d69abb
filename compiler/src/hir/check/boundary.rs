//! A field of order k in a direction of space needs k conditions on the two ends.
//!
//! For an even order each end must have one. For an odd order the ends differ by the direction in which
//! the equation carries information, so only the sum counts. In a system, fields of first order are left
//! alone: a pressure has no condition of its own, and which of the characteristic variables are given at an
//! end cannot be read from one field. An end where the equation itself chooses the solution needs fewer ([`super::singular`]). A first derivative whose factor varies may vanish or change its sign
//! at the ends, where the equation then asks for nothing: that is a warning.

use super::Check;
use super::blocks::Blocks;
use super::singular::SingularEnds;
use crate::diagnostic::Diagnostic;
use crate::hir::BinaryOperator;
use crate::hir::print::subscripted;
use crate::hir::{CoordinateId, Equation, ExpressionId, ExpressionKind, FieldId, Part, Role, Side};
use crate::source::Span;
use crate::syntax::print::interval_end;
use std::collections::{BTreeMap, BTreeSet};

impl Check<'_> {
    pub(super) fn boundary(
        &self,
        blocks: Option<&Blocks>,
        singular: &SingularEnds,
    ) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        let mut lists = BTreeSet::new();
        let uneven = self.uneven_lists();
        let fields = self.problem.fields.iter();
        let system = fields.filter(|(_, f)| f.sought.is_none()).count() > 1;
        for (coordinate, declared) in self.problem.coordinates.iter() {
            if declared.role != Role::Space || declared.periodic {
                continue;
            }
            // Of a list of coordinates, which share their declaration, one speaks for all, unless some of them have
            // conditions of their own.
            let listed = declared.name.split_once('[');
            let listed = listed.filter(|_| !uneven.contains(&declared.span));
            if listed.is_some() && !lists.insert(declared.span) {
                continue;
            }
            let excused = match blocks {
                Some(blocks) if system => self.excused(blocks, coordinate),
                Some(_) | None => BTreeSet::new(),
            };
            for field in self.problem.fields.ids() {
                if excused.contains(&field) {
                    continue;
                }
                let mut uncovered = self.uncovered(field, coordinate, system, singular);
                if let (Some(diagnostic), Some((list, _))) = (&mut uncovered, listed) {
                    let all = |text: &str| text.replace(&declared.name, list);
                    diagnostic.message = all(&diagnostic.message);
                    diagnostic.help = diagnostic.help.as_deref().map(all);
                    if let Some(edit) = &mut diagnostic.edit {
                        edit.replacement = all(&edit.replacement);
                    }
                }
                found.extend(uncovered);
            }
        }
        found
    }

    /// The lists of coordinates of which some have more conditions than others.
    fn uneven_lists(&self) -> BTreeSet<Span> {
        let problem = self.problem;
        let mut counts = vec![0_usize; problem.coordinates.len()];
        for condition in &problem.conditions {
            counts[condition.part.coordinate.index()] += 1;
        }
        let mut first: BTreeMap<Span, usize> = BTreeMap::new();
        let mut uneven = BTreeSet::new();
        for ((_, declared), count) in problem.coordinates.iter().zip(counts) {
            if declared.name.contains('[') && *first.entry(declared.span).or_insert(count) != count
            {
                uneven.insert(declared.span);
            }
        }
        uneven
    }

    /// `system` says that other fields are determined as well.
    fn uncovered(
        &self,
        field: FieldId,
        coordinate: CoordinateId,
        system: bool,
        singular: &SingularEnds,
    ) -> Option<Diagnostic> {
        let (order, equation) = self.highest(field, coordinate);
        let equation = equation?;
        // A coefficient that is sought takes what the data say of it.
        if self.problem.fields[field].sought.is_some() {
            return None;
        }
        if order == 0 || (order == 1 && system) {
            return None;
        }
        let given = |side| {
            let part = Part { coordinate, side };
            let here = self.concerning(field);
            here.filter(|condition| condition.part == part).count()
        };
        // Where the equation itself chooses the solution, nothing need be given.
        let chosen = |side| {
            let part = Part { coordinate, side };
            singular.get(&(field, part)).copied().unwrap_or(0)
        };
        let (low, high) = (given(Side::Low), given(Side::High));
        let less = chosen(Side::Low) + chosen(Side::High);
        let settled = |side, given: usize| given + chosen(side);
        let bare: Vec<Side> = [
            (Side::Low, settled(Side::Low, low)),
            (Side::High, settled(Side::High, high)),
        ]
        .into_iter()
        .filter(|(_, count)| *count == 0)
        .map(|(side, _)| side)
        .collect();
        let enough = low + high + less >= order;
        // Of an ordinary differential equation all values may be given at one end, as at the beginning of time.
        let arguments = &self.problem.fields[field].arguments;
        let line = arguments
            .iter()
            .all(|id| *id == coordinate || self.problem.coordinates[*id].role == Role::Family);
        if enough && (order % 2 == 1 || bare.is_empty() || line) {
            return None;
        }
        Some(self.report(field, coordinate, order, equation, low + high, &bare))
    }

    fn report(
        &self,
        field: FieldId,
        coordinate: CoordinateId,
        order: usize,
        equation: &Equation,
        given: usize,
        bare: &[Side],
    ) -> Diagnostic {
        let problem = self.problem;
        let name = &problem.fields[field].name;
        let declared = &problem.coordinates[coordinate];
        let place = |side: &Side| {
            let end = match side {
                Side::Low => declared.low,
                Side::High => declared.high,
            };
            format!("{} = {}", declared.name, interval_end(end))
        };
        let sides = [Side::Low, Side::High];
        // An odd order says how many conditions, not where; a first derivative usually wants its inflow.
        let wanting: Vec<String> = match (order, bare) {
            (1, _) => vec![place(&Side::Low)],
            (_, []) => sides.iter().map(place).collect(),
            (_, bare) => bare.iter().map(place).collect(),
        };
        let derivative = subscripted(problem, name, &vec![coordinate; order]);
        let (message, help) = if order == 1 {
            (
                format!("`{name}` has no condition at an end of `{}`", declared.name),
                format!(
                    "add `on {0}: {name} = …` where the solution flows in, or `periodic {1}`",
                    wanting[0], declared.name
                ),
            )
        } else if bare.is_empty() {
            (
                format!(
                    "`{name}` has {given} of {order} conditions at the ends of `{}`",
                    declared.name
                ),
                "add a condition on a derivative at one of the ends".to_owned(),
            )
        } else {
            (
                format!("`{name}` has no condition at `{}`", wanting.join("` and `")),
                format!(
                    "add `on {}: {name} = …`, or `periodic {}`",
                    wanting.join(", "),
                    declared.name
                ),
            )
        };
        let arguments = problem.fields[field].arguments.iter();
        let line = arguments.clone().count() == 1;
        let rule = match order {
            1 => format!(
                "A derivative `{derivative}` of first order needs one condition, where the solution flows in."
            ),
            _ if line => format!(
                "A derivative `{derivative}` of order {order} needs {order} conditions at the ends of `{}`, or all of \
                 them at one end.",
                declared.name
            ),
            _ if order.is_multiple_of(2) => format!(
                "A derivative `{derivative}` of order {order} needs {order} conditions at the ends of `{}`, at least \
                 one at each.",
                declared.name
            ),
            _ => format!(
                "A derivative `{derivative}` of order {order} needs {order} conditions at the ends of `{}`.",
                declared.name
            ),
        };
        let varies = order == 1 && self.factor_varies(field, coordinate);
        let make = if varies {
            Diagnostic::warning
        } else {
            Diagnostic::error
        };
        let diagnostic = make(
            "uncovered-boundary",
            message,
            equation.span,
            format!("contains `{derivative}`"),
        )
        .with_label(
            declared.span,
            format!(
                "`{}` goes from {} to {}",
                declared.name,
                interval_end(declared.low),
                interval_end(declared.high)
            ),
        )
        .with_note(rule);
        if varies {
            return diagnostic
                .with_note("Its factor is not constant here; if it vanishes at both ends or points outward, nothing is missing.")
                .with_help(help);
        }
        if bare.is_empty() {
            return diagnostic.with_help(help);
        }
        if given >= order {
            return diagnostic.with_help(format!(
                "give one of its {given} conditions at `{}` instead",
                wanting.join("` and `")
            ));
        }
        diagnostic.with_help(help).with_edit(
            self.end(),
            format!("\non {}: {name} = 0", wanting.join(", ")),
        )
    }

    /// Whether a first derivative is multiplied by something that varies, or enters in any other way than as a
    /// term of a sum.
    pub(super) fn factor_varies(&self, field: FieldId, coordinate: CoordinateId) -> bool {
        let problem = self.problem;
        let differentiated = |id: ExpressionId| {
            self.orders
                .order(id, field, coordinate)
                .is_some_and(|order| order > 0)
        };
        // Whether each expression is a number, and whether a derivative enters it with a factor that varies.
        let mut fixed: Vec<bool> = Vec::with_capacity(problem.expressions.len());
        let mut varies: Vec<bool> = Vec::with_capacity(problem.expressions.len());
        for (id, expression) in problem.expressions.iter() {
            let is = |flags: &[bool], id: &ExpressionId| flags[id.index()];
            let (number, varying) = match &expression.kind {
                ExpressionKind::Number(_)
                | ExpressionKind::Constant(_)
                | ExpressionKind::Unknown(_)
                | ExpressionKind::Parameter(_) => (true, false),
                ExpressionKind::Coordinate(_) | ExpressionKind::Field(_) => (false, false),
                ExpressionKind::Definition(id) => {
                    let value = &problem.definitions[*id].value;
                    (is(&fixed, value), is(&varies, value))
                }
                // The derivative of a product or power has factors that vary, that of the field itself has not.
                ExpressionKind::Derivative { operand, .. } => {
                    let linear =
                        matches!(problem.expressions[*operand].kind, ExpressionKind::Field(_));
                    (false, !linear && differentiated(id))
                }
                ExpressionKind::Negate(operand) => (is(&fixed, operand), is(&varies, operand)),
                ExpressionKind::Integral { .. } => (false, false),
                ExpressionKind::Select { left, right, .. } => {
                    let fixed = expression
                        .kind
                        .operands()
                        .all(|operand| is(&fixed, &operand));
                    (
                        fixed,
                        differentiated(*left) || differentiated(*right) || differentiated(id),
                    )
                }
                ExpressionKind::Call { argument, .. } => {
                    (is(&fixed, argument), differentiated(*argument))
                }
                ExpressionKind::Minimum(left, right) | ExpressionKind::Maximum(left, right) => {
                    (is(&fixed, left) && is(&fixed, right), differentiated(id))
                }
                ExpressionKind::Binary {
                    operator,
                    left,
                    right,
                } => {
                    let number = is(&fixed, left) && is(&fixed, right);
                    let inherited = is(&varies, left) || is(&varies, right);
                    let product = match operator {
                        BinaryOperator::Add | BinaryOperator::Subtract => false,
                        BinaryOperator::Multiply => {
                            (differentiated(*left) && !is(&fixed, right))
                                || (differentiated(*right) && !is(&fixed, left))
                        }
                        BinaryOperator::Divide => differentiated(id) && !is(&fixed, right),
                        BinaryOperator::Power => differentiated(id),
                    };
                    (number, inherited || product)
                }
            };
            fixed.push(number);
            varies.push(varying);
        }
        problem
            .equations
            .iter()
            .any(|equation| varies[equation.left.index()] || varies[equation.right.index()])
    }
}
