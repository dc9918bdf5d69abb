//! Reads the operands of expressions: numbers, names, calls, brackets, and the parts behind them.

use super::grammar::Rule;
use super::part::lowered;
use super::reader::{Reader, child, children};
use crate::diagnostic::Diagnostic;
use crate::source::Span;
use crate::syntax::{
    CallArgument, Comparator, Expression, ExpressionId, ExpressionKind, Name, Unit,
};
use pest::iterators::Pair;

/// What a pair stands for.
pub(super) enum Operand {
    /// An operand.
    Whole(ExpressionId),
    /// `(v·∇)`: carries what follows; the id is that of `v`.
    Carries(ExpressionId),
}

impl Reader<'_, '_> {
    /// Appends an expression.
    pub(super) fn push(&mut self, kind: ExpressionKind, span: Span) -> ExpressionId {
        self.expressions.push(Expression { kind, span })
    }

    /// Reads a number, name, call or bracket.
    pub(super) fn operand(&mut self, pair: &Pair<Rule>) -> Option<Operand> {
        let rule = pair.as_rule();
        let kind = if rule == Rule::number {
            ExpressionKind::Number {
                value: self.number(pair)?,
                text: pair.as_str().to_owned(),
            }
        } else if rule == Rule::identifier {
            ExpressionKind::Name(pair.as_str().to_owned())
        } else if rule == Rule::call {
            ExpressionKind::Call {
                function: self.name(&child(pair, Rule::identifier)?),
                arguments: children(pair, Rule::passed)
                    .map(|argument| self.passed(&argument))
                    .collect::<Option<_>>()?,
            }
        } else if rule == Rule::absolute {
            ExpressionKind::Absolute(self.formula(pair)?)
        } else {
            let mut parts = children(pair, Rule::expression)
                .map(|part| self.expression(&part))
                .collect::<Option<Vec<_>>>()?;
            if child(pair, Rule::carries).is_some() {
                return parts.pop().map(Operand::Carries);
            }
            match parts.as_slice() {
                [inner] => ExpressionKind::Group(*inner),
                _ => ExpressionKind::Tuple(parts),
            }
        };
        let span = self.span(pair);
        Some(Operand::Whole(self.push(kind, span)))
    }

    fn passed(&mut self, pair: &Pair<Rule>) -> Option<CallArgument> {
        Some(CallArgument {
            name: match child(pair, Rule::passed_name) {
                Some(name) => Some(self.identifier(&name)?),
                None => None,
            },
            value: self.comparison(pair)?,
        })
    }

    /// Reads expressions with comparisons between them; one alone is itself.
    pub(super) fn comparison(&mut self, pair: &Pair<Rule>) -> Option<ExpressionId> {
        let operands = children(pair, Rule::expression)
            .map(|operand| self.expression(&operand))
            .collect::<Option<Vec<_>>>()?;
        let (first, last) = (*operands.first()?, *operands.last()?);
        if operands.len() == 1 {
            return Some(first);
        }
        let comparators = children(pair, Rule::comparator)
            .map(|sign| comparator(sign.as_str()))
            .collect::<Option<_>>()?;
        let span = self.expressions[first].span.to(self.expressions[last].span);
        Some(self.push(
            ExpressionKind::Comparison {
                operands,
                comparators,
            },
            span,
        ))
    }

    /// `v.x`
    pub(super) fn member(&mut self, operand: ExpressionId, member: Name) -> ExpressionId {
        let span = self.expressions[operand].span.to(member.span);
        self.push(ExpressionKind::Member { operand, member }, span)
    }

    /// `x[1]`
    pub(super) fn index(
        &mut self,
        operand: ExpressionId,
        pair: &Pair<Rule>,
    ) -> Option<ExpressionId> {
        let index = self.formula(pair)?;
        let span = self.expressions[operand].span.to(self.span(pair));
        Some(self.push(ExpressionKind::Index { operand, index }, span))
    }

    /// `1.5[m/s]`
    pub(super) fn measured(&mut self, operand: ExpressionId, unit: Unit) -> ExpressionId {
        let span = self.expressions[operand].span.to(unit.span);
        self.push(ExpressionKind::Measured { operand, unit }, span)
    }

    /// `u²`
    pub(super) fn raised(
        &mut self,
        operand: ExpressionId,
        pair: &Pair<Rule>,
    ) -> Option<ExpressionId> {
        let text = pair.as_str();
        let Ok(power) = lowered(text).parse() else {
            self.errors.push(
                Diagnostic::error(
                    "syntax",
                    format!("the power `{text}` is too large"),
                    self.span(pair),
                    "raised digits are an integer of 32 bits",
                )
                .with_help("write a larger power with `^`"),
            );
            return None;
        };
        let span = self.expressions[operand].span.to(self.span(pair));
        Some(self.push(
            ExpressionKind::Raised {
                operand,
                power,
                text: text.to_owned(),
            },
            span,
        ))
    }

    /// The value of a number; one that float64 cannot hold is reported and read as zero.
    pub(super) fn number(&mut self, pair: &Pair<Rule>) -> Option<f64> {
        let value: f64 = pair.as_str().parse().ok()?;
        if value.is_finite() {
            return Some(value);
        }
        self.errors.push(
            Diagnostic::error(
                "syntax",
                format!("the number `{}` is too large", pair.as_str()),
                self.span(pair),
                "beyond the range of float64",
            )
            .with_note("The largest number of float64 is about 1.8e308."),
        );
        Some(0.0)
    }
}

fn comparator(text: &str) -> Option<Comparator> {
    Some(match text {
        "<" => Comparator::Less,
        "<=" | "≤" => Comparator::LessOrEqual,
        ">" => Comparator::Greater,
        ">=" | "≥" => Comparator::GreaterOrEqual,
        _ => return None,
    })
}
