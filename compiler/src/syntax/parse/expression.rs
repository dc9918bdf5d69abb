//! From the grammar's flat list of operands and operators to a tree.
//!
//! Precedence by the shunting-yard algorithm (Dijkstra 1961): regions, then `+ -`, then `* / · ×`, then a sign, then
//! `^`, which is right-associative, then derivatives written in front. One loop and two stacks, so that a sum of
//! any length is read in linear time. Only brackets recurse, and their depth has been bounded.

use super::grammar::Rule;
use super::operand::Operand;
use super::reader::{Reader, child};
use crate::source::Span;
use crate::syntax::{BinaryOperator, ExpressionId, ExpressionKind, Nabla, Name, UnaryOperator};
use pest::iterators::Pair;

/// A derivative that is written in front of its operand.
pub(super) enum Derivative {
    /// `∇`, `∇·`, `∇×`, `∇²`
    Nabla(Nabla, String),
    /// `∂_t`
    Partial(Name),
    /// `(v·∇)`
    Advection(ExpressionId),
}

/// An operator that waits for its right operand.
pub(super) enum Waiting {
    Sign(UnaryOperator, Span),
    Between(BinaryOperator),
    Derivative(Derivative, Span),
}

impl Waiting {
    /// Whether it takes its right operand before `next` does.
    fn binds_before(&self, next: BinaryOperator) -> bool {
        let this = match self {
            Self::Between(operator) => precedence(*operator),
            Self::Sign(..) => 3,
            Self::Derivative(..) => 5,
        };
        let that = precedence(next);
        this > that || (this == that && next != BinaryOperator::Power)
    }
}

fn precedence(operator: BinaryOperator) -> u8 {
    match operator {
        BinaryOperator::Union | BinaryOperator::Intersect | BinaryOperator::Minus => 0,
        BinaryOperator::Add | BinaryOperator::Subtract => 1,
        BinaryOperator::Multiply
        | BinaryOperator::Divide
        | BinaryOperator::Dot
        | BinaryOperator::Cross => 2,
        BinaryOperator::Power => 4,
    }
}

/// The two stacks.
#[derive(Default)]
pub(super) struct Stacks {
    pub(super) operands: Vec<ExpressionId>,
    pub(super) waiting: Vec<Waiting>,
}

impl Reader<'_, '_> {
    /// Reads an `expression` pair.
    pub(super) fn expression(&mut self, pair: &Pair<Rule>) -> Option<ExpressionId> {
        let parts: Vec<Pair<Rule>> = pair.clone().into_inner().collect();
        let mut stacks = Stacks::default();
        for (index, part) in parts.iter().enumerate() {
            let rule = part.as_rule();
            let span = self.span(part);
            if rule == Rule::sign {
                let operator = if part.as_str() == "-" {
                    UnaryOperator::Minus
                } else {
                    UnaryOperator::Plus
                };
                stacks.waiting.push(Waiting::Sign(operator, span));
            } else if rule == Rule::nabla_prefix {
                stacks.waiting.push(Waiting::Derivative(nabla(part), span));
            } else if rule == Rule::partial {
                let by = self.name(&child(part, Rule::partial_by)?);
                let partial = Derivative::Partial(subscript(by));
                stacks.waiting.push(Waiting::Derivative(partial, span));
            } else if rule == Rule::operator {
                let operator = operator(part.as_str())?;
                self.ambiguity(&parts, index, &stacks);
                while stacks
                    .waiting
                    .last()
                    .is_some_and(|top| top.binds_before(operator))
                {
                    self.apply(&mut stacks)?;
                }
                stacks.waiting.push(Waiting::Between(operator));
            } else if rule == Rule::member {
                let operand = stacks.operands.pop()?;
                let member = self.identifier(part)?;
                stacks.operands.push(self.member(operand, member));
            } else if rule == Rule::index {
                let operand = stacks.operands.pop()?;
                stacks.operands.push(self.index(operand, part)?);
            } else if rule == Rule::unit {
                let operand = stacks.operands.pop()?;
                let unit = self.unit(part)?;
                stacks.operands.push(self.measured(operand, unit));
            } else if rule == Rule::raised {
                self.ambiguity(&parts, index, &stacks);
                let operand = stacks.operands.pop()?;
                stacks.operands.push(self.raised(operand, part)?);
            } else {
                match self.operand(part)? {
                    Operand::Whole(operand) => stacks.operands.push(operand),
                    Operand::Carries(velocity) => {
                        self.carrier(velocity, span);
                        let advection = Derivative::Advection(velocity);
                        stacks.waiting.push(Waiting::Derivative(advection, span));
                    }
                }
            }
        }
        while !stacks.waiting.is_empty() {
            self.apply(&mut stacks)?;
        }
        stacks.operands.pop()
    }

    /// Gives the last operator that waits its right operand.
    fn apply(&mut self, stacks: &mut Stacks) -> Option<()> {
        let waiting = stacks.waiting.pop()?;
        let right = stacks.operands.pop()?;
        let end = self.expressions[right].span;
        let (kind, span) = match waiting {
            Waiting::Sign(operator, span) => {
                let operand = right;
                (ExpressionKind::Unary { operator, operand }, span.to(end))
            }
            Waiting::Derivative(derivative, span) => (derivative.of(right), span.to(end)),
            Waiting::Between(operator) => {
                let left = stacks.operands.pop()?;
                let kind = ExpressionKind::Binary {
                    operator,
                    left,
                    right,
                };
                (kind, self.expressions[left].span.to(end))
            }
        };
        stacks.operands.push(self.push(kind, span));
        Some(())
    }
}

impl Derivative {
    fn of(self, operand: ExpressionId) -> ExpressionKind {
        match self {
            Self::Nabla(operator, text) => ExpressionKind::Nabla {
                operator,
                text,
                operand,
            },
            Self::Partial(by) => ExpressionKind::Partial { by, operand },
            Self::Advection(velocity) => ExpressionKind::Advection { velocity, operand },
        }
    }
}

/// `_t` as `t`.
fn subscript(by: Name) -> Name {
    let text = by.text.trim_start_matches('_').to_owned();
    Name {
        span: Span::new(by.span.range().end - text.len(), by.span.range().end),
        text,
    }
}

/// The derivative that a `∇` stands for.
pub(super) fn nabla(pair: &Pair<Rule>) -> Derivative {
    let operator = if child(pair, Rule::laplacian).is_some() {
        Nabla::Laplacian
    } else if child(pair, Rule::dot_sign).is_some() {
        Nabla::Divergence
    } else if child(pair, Rule::cross_sign).is_some() {
        Nabla::Curl
    } else {
        Nabla::Gradient
    };
    // Sign by sign: spaces and even comments may stand between.
    let text = pair
        .clone()
        .into_inner()
        .map(|sign| sign.as_str())
        .collect();
    Derivative::Nabla(operator, text)
}

/// The operator that is written like this.
pub(super) fn operator(text: &str) -> Option<BinaryOperator> {
    Some(match text {
        "+" => BinaryOperator::Add,
        "-" => BinaryOperator::Subtract,
        "*" => BinaryOperator::Multiply,
        "/" => BinaryOperator::Divide,
        "^" => BinaryOperator::Power,
        "·" | "⋅" | "∙" => BinaryOperator::Dot,
        "×" | "⨯" => BinaryOperator::Cross,
        "∪" | "union" => BinaryOperator::Union,
        "∩" | "intersect" => BinaryOperator::Intersect,
        "∖" | "\\" | "minus" => BinaryOperator::Minus,
        _ => return None,
    })
}
