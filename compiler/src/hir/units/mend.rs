//! What would make two sides agree: the unit of a number or parameter, an exponent, a factor that has been forgotten.

use super::factor::whole_power;
use super::infer::{Inference, Subject, Term};
use super::{Dimension, Rational, quantity};
use crate::function::Function;
use crate::hir::{BinaryOperator, ExpressionId, ExpressionKind};
use crate::source::Span;

/// How many nodes of a term are looked at.
pub(super) const MOST_NODES: usize = 10_000;

/// One way to mend a mismatch.
#[derive(Clone, Debug)]
pub(super) struct Mend {
    /// In words, the beginning of a sentence.
    pub(super) text: String,
    /// In the text of the file.
    pub(super) edit: Option<(Span, String)>,
    /// Another unit for what has been declared or written with one.
    pub(super) declared: bool,
}

impl Inference<'_> {
    /// Ways to change `term` so that its dimension is multiplied by `factor`, likeliest first: a slip in the formula,
    /// then a unit that is declared wrongly. `terms` are all that must agree with it.
    pub(super) fn mends(
        &self,
        term: &Term,
        factor: &Dimension,
        subject: &Subject,
        terms: &[Term],
    ) -> Vec<Mend> {
        let mut mends = self.slips(term, factor, subject);
        let Some(id) = term.id else { return mends };
        let leaves = self.leaves(id);
        let quantities = leaves
            .iter()
            .filter(|(leaf, _)| self.stands_alone(*leaf, id, &leaves, terms))
            .filter(|(leaf, _)| self.is_only_here(*leaf, subject))
            .filter_map(|(leaf, power)| self.quantity(*leaf, *power, factor));
        // A number by itself has the wrong unit; nothing has been left out beside it.
        let at = if leaves.iter().all(|(leaf, _)| self.is_measured(*leaf)) {
            0
        } else {
            mends.len()
        };
        mends.splice(at..at, quantities);
        let numbers = leaves
            .iter()
            .filter_map(|(leaf, power)| self.number(*leaf, *power, factor));
        mends.extend(numbers.take(1));
        mends.extend(self.derivative(&leaves, factor));
        mends
    }

    fn is_measured(&self, leaf: ExpressionId) -> bool {
        self.annotations.literals.contains_key(&leaf)
    }

    /// Whether a parameter is used in this statement alone: its unit is what other statements rely on.
    fn is_only_here(&self, leaf: ExpressionId, subject: &Subject) -> bool {
        let ExpressionKind::Parameter(mine) = self.problem.expressions[leaf].kind else {
            return true;
        };
        let here = subject.span.range();
        self.problem.expressions.iter().all(|(id, expression)| {
            let same = matches!(expression.kind, ExpressionKind::Parameter(other) if other == mine);
            let place = expression.span.range();
            !same
                || !self.usage.reachable[id.index()]
                || (here.start <= place.start && place.end <= here.end)
        })
    }

    /// The factors of a product with their powers, also those under a derivative and behind a definition.
    pub(super) fn leaves(&self, root: ExpressionId) -> Vec<(ExpressionId, Rational)> {
        let problem = self.problem;
        let mut leaves = Vec::new();
        let mut pending = vec![(root, Rational::ONE)];
        for _ in 0..MOST_NODES {
            let Some((id, power)) = pending.pop() else {
                break;
            };
            match &problem.expressions[id].kind {
                ExpressionKind::Negate(operand) | ExpressionKind::Integral { operand, .. } => {
                    pending.push((*operand, power));
                }
                ExpressionKind::Binary {
                    operator,
                    left,
                    right,
                } => match operator {
                    BinaryOperator::Multiply => pending.extend([(*right, power), (*left, power)]),
                    BinaryOperator::Divide => {
                        pending.extend([(*right, power.negated()), (*left, power)]);
                    }
                    BinaryOperator::Power => match self.usage.exponents[right.index()] {
                        Some(exponent) => pending.push((*left, power.times(exponent))),
                        None => leaves.push((id, power)),
                    },
                    BinaryOperator::Add | BinaryOperator::Subtract => leaves.push((id, power)),
                },
                ExpressionKind::Call { function, argument } => match function {
                    Function::Sqrt => {
                        pending.push((*argument, power.times(Rational::new(1, 2))));
                    }
                    Function::Abs => pending.push((*argument, power)),
                    Function::Sin
                    | Function::Cos
                    | Function::Tan
                    | Function::Exp
                    | Function::Log
                    | Function::Tanh
                    | Function::Sinh
                    | Function::Cosh
                    | Function::Sech
                    | Function::Atan
                    | Function::Erf
                    | Function::Sign
                    | Function::Heaviside => leaves.push((id, power)),
                },
                ExpressionKind::Definition(definition) => {
                    pending.push((problem.definitions[*definition].value, power));
                }
                ExpressionKind::Derivative { operand, .. } => {
                    leaves.push((id, power));
                    pending.push((*operand, power));
                }
                ExpressionKind::Number(_)
                | ExpressionKind::Constant(_)
                | ExpressionKind::Coordinate(_)
                | ExpressionKind::Parameter(_)
                | ExpressionKind::Field(_)
                | ExpressionKind::Unknown(_)
                | ExpressionKind::Minimum(..)
                | ExpressionKind::Maximum(..)
                | ExpressionKind::Select { .. } => leaves.push((id, power)),
            }
        }
        leaves
    }

    /// Another unit for a parameter, an unknown or a number that has one.
    fn quantity(&self, leaf: ExpressionId, power: Rational, factor: &Dimension) -> Option<Mend> {
        let problem = self.problem;
        let expression = &problem.expressions[leaf];
        let (name, now, place) = match &expression.kind {
            ExpressionKind::Parameter(id) => {
                let it = &problem.parameters[*id];
                let place = self.annotations.written.get(&it.span).copied();
                (it.name.clone(), it.unit.as_ref()?.dimension, place)
            }
            ExpressionKind::Unknown(id) => {
                let it = &problem.unknowns[*id];
                let place = self.annotations.written.get(&it.span).copied();
                (it.name.clone(), it.unit.as_ref()?.dimension, place)
            }
            ExpressionKind::Number(_) => {
                let now = *self.annotations.literals.get(&leaf)?;
                let text = self.source.slice(expression.span);
                let place = text.find('[').map(|offset| {
                    let range = expression.span.range();
                    Span::new(range.start + offset, range.end)
                });
                (text.to_owned(), now, place)
            }
            ExpressionKind::Constant(_)
            | ExpressionKind::Coordinate(_)
            | ExpressionKind::Field(_)
            | ExpressionKind::Definition(_)
            | ExpressionKind::Derivative { .. }
            | ExpressionKind::Negate(_)
            | ExpressionKind::Binary { .. }
            | ExpressionKind::Call { .. }
            | ExpressionKind::Minimum(..)
            | ExpressionKind::Maximum(..)
            | ExpressionKind::Select { .. }
            | ExpressionKind::Integral { .. } => return None,
        };
        if power.is_zero() {
            return None;
        }
        let wanted = now.times(&factor.power(Rational::ONE.over(power)));
        // Nobody means a root of a metre.
        if !wanted.is_whole() && now.is_whole() || !quantity::is_plausible(&wanted) {
            return None;
        }
        let unit = self.named(&wanted);
        let described = if wanted.is_number() {
            "a plain number".to_owned()
        } else {
            format!("in {unit}")
        };
        Some(Mend {
            text: format!("`{name}` would have to be {described}"),
            edit: place.map(|place| (place, format!("[{unit}]"))),
            declared: true,
        })
    }

    /// A unit for a plain number.
    fn number(&self, leaf: ExpressionId, power: Rational, factor: &Dimension) -> Option<Mend> {
        if !self.is_bare_number(leaf) || power.is_zero() {
            return None;
        }
        let expression = &self.problem.expressions[leaf];
        let text = self.source.slice(expression.span);
        let wanted = factor.power(Rational::ONE.over(power));
        quantity::name(&wanted)?;
        let with_unit = format!("{text}[{}]", self.named(&wanted));
        Some(Mend {
            text: format!("give the number its unit: `{with_unit}`"),
            edit: Some((expression.span, with_unit)),
            declared: false,
        })
    }

    /// More or fewer derivatives.
    fn derivative(&self, leaves: &[(ExpressionId, Rational)], factor: &Dimension) -> Option<Mend> {
        leaves.iter().find_map(|(leaf, power)| {
            let expression = &self.problem.expressions[*leaf];
            let ExpressionKind::Derivative { by, .. } = &expression.kind else {
                return None;
            };
            by.iter().find_map(|coordinate| {
                let step = self.coordinates[coordinate.index()].clone();
                let step = self.solver.reduced(&step).dimension()?;
                let fewer = whole_power(&factor.power(Rational::ONE.over(*power)), &step)?;
                // Nobody writes a derivative for none.
                let there = by.iter().filter(|other| *other == coordinate).count();
                if usize::try_from(fewer).is_ok_and(|fewer| fewer >= there) {
                    return None;
                }
                let name = &self.problem.coordinates[*coordinate].name;
                let (count, what) = match fewer {
                    1 => ("one".to_owned(), "fewer"),
                    -1 => ("one".to_owned(), "more"),
                    fewer if fewer > 0 => (fewer.to_string(), "fewer"),
                    fewer => ((-fewer).to_string(), "more"),
                };
                let plural = if fewer.abs() == 1 { "" } else { "s" };
                Some(Mend {
                    text: format!(
                        "`{}` would need {count} derivative{plural} by `{name}` {what}",
                        self.source.slice(expression.span)
                    ),
                    edit: None,
                    declared: false,
                })
            })
        })
    }
}
