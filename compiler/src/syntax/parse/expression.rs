//! From the grammar's flat list of operands and operators to a tree.
//!
//! Precedence by the shunting-yard algorithm (Dijkstra 1961): `+ -`, then `* /`, then a sign, then `^`,
//! which is right-associative. One loop and two stacks, so that a sum of any length is read in linear time.
//! Only brackets recurse, and their depth has been bounded.

use super::declaration::{Reader, child, children};
use super::grammar::Rule;
use crate::diagnostic::Diagnostic;
use crate::source::Span;
use crate::syntax::{
    BinaryOperator, CallArgument, Expression, ExpressionId, ExpressionKind, UnaryOperator,
};
use pest::iterators::Pair;

/// An operator that waits for its right operand.
#[derive(Clone, Copy)]
enum Waiting {
    Sign(UnaryOperator, Span),
    Between(BinaryOperator),
}

impl Waiting {
    fn precedence(self) -> u8 {
        match self {
            Self::Between(
                BinaryOperator::Union | BinaryOperator::Intersect | BinaryOperator::Minus,
            ) => 0,
            Self::Between(BinaryOperator::Add | BinaryOperator::Subtract) => 1,
            Self::Between(
                BinaryOperator::Multiply
                | BinaryOperator::Divide
                | BinaryOperator::Dot
                | BinaryOperator::Cross,
            ) => 2,
            Self::Sign(..) => 3,
            Self::Between(BinaryOperator::Power) => 4,
        }
    }

    /// Whether it takes its right operand before `next` does.
    fn binds_before(self, next: BinaryOperator) -> bool {
        let (this, that) = (self.precedence(), Self::Between(next).precedence());
        this > that || (this == that && next != BinaryOperator::Power)
    }
}

impl Reader<'_, '_> {
    /// Reads an `expression` pair.
    pub(super) fn expression(&mut self, pair: &Pair<Rule>) -> Option<ExpressionId> {
        let mut operands = Vec::new();
        let mut waiting: Vec<Waiting> = Vec::new();
        for part in pair.clone().into_inner() {
            if part.as_rule() == Rule::sign {
                let operator = if part.as_str() == "-" {
                    UnaryOperator::Minus
                } else {
                    UnaryOperator::Plus
                };
                waiting.push(Waiting::Sign(operator, self.span(&part)));
            } else if part.as_rule() == Rule::operator {
                let operator = operator(part.as_str())?;
                while let Some(top) = waiting.last().copied()
                    && top.binds_before(operator)
                {
                    waiting.pop();
                    self.apply(top, &mut operands)?;
                }
                waiting.push(Waiting::Between(operator));
            } else {
                operands.push(self.operand(&part)?);
            }
        }
        while let Some(top) = waiting.pop() {
            self.apply(top, &mut operands)?;
        }
        operands.pop()
    }

    fn apply(&mut self, waiting: Waiting, operands: &mut Vec<ExpressionId>) -> Option<()> {
        let right = operands.pop()?;
        let end = self.expressions[right].span;
        let expression = match waiting {
            Waiting::Sign(operator, span) => Expression {
                kind: ExpressionKind::Unary {
                    operator,
                    operand: right,
                },
                span: span.to(end),
            },
            Waiting::Between(operator) => {
                let left = operands.pop()?;
                Expression {
                    kind: ExpressionKind::Binary {
                        operator,
                        left,
                        right,
                    },
                    span: self.expressions[left].span.to(end),
                }
            }
        };
        operands.push(self.expressions.push(expression));
        Some(())
    }

    fn operand(&mut self, pair: &Pair<Rule>) -> Option<ExpressionId> {
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
                arguments: children(pair, Rule::expression)
                    .map(|argument| {
                        Some(CallArgument {
                            name: None,
                            value: self.expression(&argument)?,
                        })
                    })
                    .collect::<Option<_>>()?,
            }
        } else {
            let inner = self.expression(&child(pair, Rule::expression)?)?;
            if rule == Rule::absolute {
                ExpressionKind::Absolute(inner)
            } else {
                ExpressionKind::Group(inner)
            }
        };
        let span = self.span(pair);
        Some(self.expressions.push(Expression { kind, span }))
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

fn operator(text: &str) -> Option<BinaryOperator> {
    Some(match text {
        "+" => BinaryOperator::Add,
        "-" => BinaryOperator::Subtract,
        "*" => BinaryOperator::Multiply,
        "/" => BinaryOperator::Divide,
        "^" => BinaryOperator::Power,
        _ => return None,
    })
}
