//! Slips in a formula that one factor mends: a power, a quantity that has been forgotten, `*` for `/`.

use super::infer::{Inference, Subject, Term};
use super::mend::{MOST_NODES, Mend};
use super::report::fraction;
use super::solve::Monomial;
use super::{Dimension, Rational};
use crate::hir::{BinaryOperator, ExpressionId, ExpressionKind};
use crate::source::Span;

/// A factor of a product as it is written.
struct Factor {
    id: ExpressionId,
    power: Rational,
    /// The operand before it, where it is the right one of `*` or `/`.
    behind: Option<ExpressionId>,
}

impl Inference<'_> {
    /// Ways to change the formula of `term` so that its dimension is multiplied by `factor`, likeliest first.
    pub(super) fn slips(&self, term: &Term, factor: &Dimension, subject: &Subject) -> Vec<Mend> {
        let Some(id) = term.id else { return Vec::new() };
        let factors = self.written_factors(id);
        let raised: Vec<(String, Mend)> = factors
            .iter()
            .filter(|it| !self.is_field(it.id) || self.are_declared(&factors))
            .filter_map(|it| self.raised(it, factor, subject))
            .collect();
        let missing = self.missing(term, factor, subject);
        // `c` as one more factor is what `c^2` says.
        let missing = missing.filter(|(name, _)| !raised.iter().any(|(raised, _)| raised == name));
        let raised = raised.into_iter().map(|(_, mend)| mend);
        let missing = missing.map(|(_, mend)| mend);
        let mut slips = self.misprints(term, factor, subject);
        slips.extend(raised.chain(missing));
        slips
    }

    /// Another exponent, or `*` for `/`.
    pub(super) fn misprints(
        &self,
        term: &Term,
        factor: &Dimension,
        subject: &Subject,
    ) -> Vec<Mend> {
        let Some(id) = term.id else { return Vec::new() };
        let upside_down = self
            .written_factors(id)
            .iter()
            .find_map(|it| self.upside_down(it, factor, subject));
        let exponent = self.exponent(id, factor);
        exponent.into_iter().chain(upside_down).collect()
    }

    /// What is multiplied and divided in a term, as it stands there: not behind definitions, not under powers.
    fn written_factors(&self, root: ExpressionId) -> Vec<Factor> {
        let mut factors = Vec::new();
        let mut pending = vec![Factor {
            id: root,
            power: Rational::ONE,
            behind: None,
        }];
        for _ in 0..MOST_NODES {
            let Some(it) = pending.pop() else { break };
            let ExpressionKind::Binary {
                operator,
                left,
                right,
            } = &self.problem.expressions[it.id].kind
            else {
                factors.push(it);
                continue;
            };
            let power = match operator {
                BinaryOperator::Multiply => it.power,
                BinaryOperator::Divide => it.power.negated(),
                BinaryOperator::Add | BinaryOperator::Subtract | BinaryOperator::Power => {
                    factors.push(it);
                    continue;
                }
            };
            pending.push(Factor {
                id: *right,
                power,
                behind: Some(*left),
            });
            pending.push(Factor {
                id: *left,
                power: it.power,
                behind: None,
            });
        }
        factors
    }

    fn is_field(&self, id: ExpressionId) -> bool {
        matches!(
            self.problem.expressions[id].kind,
            ExpressionKind::Field(_) | ExpressionKind::Coordinate(_)
        )
    }

    /// Whether this is a product whose units the file says: what has been inferred from elsewhere is no reason to make a
    /// term nonlinear.
    fn are_declared(&self, factors: &[Factor]) -> bool {
        factors.len() > 1
            && factors.iter().all(|it| {
                let shape = self.shapes[it.id.index()].as_ref();
                shape.is_none_or(|shape| shape.dimension().is_some())
            })
    }

    /// The name of a quantity that a factor is by itself.
    fn named_factor(&self, id: ExpressionId) -> Option<&str> {
        let problem = self.problem;
        match &problem.expressions[id].kind {
            ExpressionKind::Parameter(id) => Some(&problem.parameters[*id].name),
            ExpressionKind::Unknown(id) => Some(&problem.unknowns[*id].name),
            ExpressionKind::Field(id) => Some(&problem.fields[*id].name),
            ExpressionKind::Coordinate(id) => Some(&problem.coordinates[*id].name),
            ExpressionKind::Definition(id) => Some(&problem.definitions[*id].name),
            ExpressionKind::Number(_)
            | ExpressionKind::Constant(_)
            | ExpressionKind::Derivative { .. }
            | ExpressionKind::Negate(_)
            | ExpressionKind::Binary { .. }
            | ExpressionKind::Call { .. }
            | ExpressionKind::Minimum(..)
            | ExpressionKind::Maximum(..)
            | ExpressionKind::Select { .. }
            | ExpressionKind::Integral { .. } => None,
        }
    }

    fn dimension_of(&self, id: ExpressionId) -> Option<Dimension> {
        let shape = self.shapes[id.index()].as_ref()?;
        self.solver.reduced(shape).dimension()
    }

    /// The place of a factor in the statement, where it stands there as its name.
    fn place(&self, factor: &Factor, subject: &Subject) -> Option<Span> {
        let span = self.problem.expressions[factor.id].span;
        let (here, place) = (subject.span.range(), span.range());
        let inside = here.start <= place.start && place.end <= here.end;
        let name = self.named_factor(factor.id);
        let written = name.is_none_or(|name| self.source.slice(span) == name);
        (inside && written).then_some(span)
    }

    /// `rho*eps0` for `rho/eps0`, or the other way round.
    fn upside_down(&self, it: &Factor, factor: &Dimension, subject: &Subject) -> Option<Mend> {
        let name = self.text(it.id);
        let own = self.dimension_of(it.id)?;
        if own.is_number() || own.power(it.power.times(Rational::whole(-2))) != *factor {
            return None;
        }
        let (text, from, to) = if it.power.is_negative() {
            let text = format!("multiply by `{name}` instead of dividing by it");
            (text, "/", "*")
        } else {
            let text = format!("divide by `{name}` instead of multiplying by it");
            (text, "*", "/")
        };
        let edit = self.place(it, subject).and_then(|place| {
            let before = self.problem.expressions[it.behind?].span.range().end;
            let gap = self.source.text.get(before..place.range().start)?;
            // Within a denominator signs mean the opposite, and so does the sign that is to be changed.
            let (sign, other) = if gap.contains(from) {
                (from, to)
            } else {
                (to, from)
            };
            let at = gap.find(sign)?;
            let alone = gap.trim_matches([' ', '\n', '\r', '\t', ')']) == sign;
            alone.then(|| (Span::new(before + at, before + at + 1), other.to_owned()))
        });
        Some(Mend {
            text,
            edit,
            declared: false,
        })
    }

    /// `c` for `c^2`: a quantity that should stand there once or twice more. With its name.
    fn raised(&self, it: &Factor, factor: &Dimension, subject: &Subject) -> Option<(String, Mend)> {
        let name = self.named_factor(it.id)?;
        let more = whole_power(factor, &self.dimension_of(it.id)?)?;
        let wanted = it.power.plus(Rational::whole(more));
        if more.abs() > 3 || wanted.is_zero() || wanted.is_negative() != it.power.is_negative() {
            return None;
        }
        let power = wanted.numerator().abs();
        let text = format!("the exponent of `{name}` would have to be {power}");
        let edit = self.place(it, subject);
        let edit = edit.map(|span| (span, format!("{name}^{power}")));
        let mend = Mend {
            text,
            edit,
            declared: false,
        };
        Some((name.to_owned(), mend))
    }

    /// A quantity of the file that has just the dimension that is missing.
    fn missing(
        &self,
        term: &Term,
        factor: &Dimension,
        subject: &Subject,
    ) -> Option<(String, Mend)> {
        let problem = self.problem;
        let known = |shape: &Monomial| self.solver.reduced(shape).dimension();
        let parameters = problem.parameters.iter().zip(&self.parameters);
        let parameters = parameters.map(|((_, it), shape)| (it.name.as_str(), known(shape)));
        let definitions = problem.definitions.iter().map(|(_, it)| {
            let shape = self.shapes[it.value.index()].as_ref();
            (it.name.as_str(), shape.and_then(known))
        });
        let inverse = factor.power(Rational::whole(-1));
        let (name, multiply) = parameters
            .chain(definitions)
            .find_map(|(name, dimension)| {
                let dimension = dimension.filter(|dimension| !dimension.is_number())?;
                if dimension == *factor {
                    Some((name, true))
                } else {
                    (dimension == inverse).then_some((name, false))
                }
            })?;
        let (start, end) = (term.span.range().start, term.span.range().end);
        // A term out of the body of a function stands elsewhere, for other calls too.
        let here = subject.span.range().start <= start && end <= subject.span.range().end;
        let (place, text, words) = if multiply {
            let words = format!("multiply `{}` by `{name}`", term.text);
            (Span::new(start, start), format!("{name}*"), words)
        } else {
            let words = format!("divide `{}` by `{name}`", term.text);
            (Span::new(end, end), format!("/{name}"), words)
        };
        let mend = Mend {
            text: words,
            edit: here.then_some((place, text)),
            declared: false,
        };
        Some((name.to_owned(), mend))
    }

    /// Another exponent, where the term is or contains a power whose base has the dimension that is missing.
    fn exponent(&self, root: ExpressionId, factor: &Dimension) -> Option<Mend> {
        let mut pending = vec![root];
        for _ in 0..MOST_NODES {
            let expression = &self.problem.expressions[pending.pop()?];
            let ExpressionKind::Binary {
                operator,
                left,
                right,
            } = &expression.kind
            else {
                continue;
            };
            match operator {
                BinaryOperator::Multiply => pending.extend([*right, *left]),
                BinaryOperator::Divide => pending.push(*left),
                BinaryOperator::Add | BinaryOperator::Subtract => {}
                BinaryOperator::Power => {
                    let base = self.shapes[left.index()].as_ref()?;
                    let base = self.solver.reduced(base).dimension()?;
                    let exponent = self.usage.exponents[right.index()]?;
                    let more = whole_power(factor, &base)?;
                    let wanted = exponent.plus(Rational::whole(more));
                    // Nobody writes a zeroth power.
                    if wanted.is_zero() {
                        return None;
                    }
                    let text = self.source.slice(self.problem.expressions[*left].span);
                    let written = &self.problem.expressions[*right];
                    let plain = matches!(written.kind, ExpressionKind::Number(_));
                    let raised = self.source.slice(written.span).parse::<f64>().is_ok();
                    let edit = plain && raised && wanted.denominator() == 1;
                    return Some(Mend {
                        text: format!(
                            "the exponent of `{text}` would have to be {}",
                            fraction(wanted)
                        ),
                        edit: edit.then(|| (written.span, wanted.numerator().to_string())),
                        declared: false,
                    });
                }
            }
        }
        None
    }
}

/// The small whole number `n ≠ 0` with `dimension = base^n`.
pub(super) fn whole_power(dimension: &Dimension, base: &Dimension) -> Option<i32> {
    if base.is_number() {
        return None;
    }
    [1, -1, 2, -2, 3, -3, 4, -4]
        .into_iter()
        .find(|power| base.power(Rational::whole(*power)) == *dimension)
}
