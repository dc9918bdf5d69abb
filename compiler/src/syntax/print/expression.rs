//! Prints expressions and units.

use super::Printer;
use crate::syntax::{
    BinaryOperator, Comparator, ExpressionId, ExpressionKind, Nabla, UnaryOperator, Unit,
    UnitFactor,
};
use std::fmt::Write;

/// How a binary operator is written: loose ones with spaces.
fn operator(operator: BinaryOperator) -> &'static str {
    match operator {
        BinaryOperator::Union => " union ",
        BinaryOperator::Intersect => " intersect ",
        BinaryOperator::Minus => " minus ",
        BinaryOperator::Dot => "·",
        BinaryOperator::Cross => "×",
        BinaryOperator::Add => " + ",
        BinaryOperator::Subtract => " - ",
        BinaryOperator::Multiply => "*",
        BinaryOperator::Divide => "/",
        BinaryOperator::Power => "^",
    }
}

fn comparator(comparator: Comparator) -> &'static str {
    match comparator {
        Comparator::Less => " < ",
        Comparator::LessOrEqual => " <= ",
        Comparator::Greater => " > ",
        Comparator::GreaterOrEqual => " >= ",
    }
}

/// What is still to be printed of an expression.
enum Rest<'a> {
    Expression(ExpressionId),
    Text(&'a str),
    Unit(&'a Unit),
}

impl Printer<'_> {
    pub(super) fn expression(&mut self, root: ExpressionId) {
        let document = self.document;
        let mut rest = vec![Rest::Expression(root)];
        while let Some(next) = rest.pop() {
            match next {
                Rest::Text(text) => self.text.push_str(text),
                Rest::Unit(unit) => self.unit(unit),
                Rest::Expression(id) => {
                    let from = rest.len();
                    self.parts(&document.expressions[id].kind, &mut rest);
                    // The first part comes off first.
                    rest[from..].reverse();
                }
            }
        }
    }

    /// The parts of an expression in their order.
    fn parts<'a>(&self, kind: &'a ExpressionKind, rest: &mut Vec<Rest<'a>>) {
        match kind {
            ExpressionKind::Number { text, .. } | ExpressionKind::Name(text) => {
                rest.push(Rest::Text(text))
            }
            ExpressionKind::Group(inner) => {
                rest.extend([Rest::Text("("), Rest::Expression(*inner), Rest::Text(")")])
            }
            ExpressionKind::Absolute(inner) => {
                rest.extend([Rest::Text("|"), Rest::Expression(*inner), Rest::Text("|")])
            }
            ExpressionKind::Unary { operator, operand } => {
                let sign = match operator {
                    UnaryOperator::Minus => "-",
                    UnaryOperator::Plus => "+",
                };
                rest.extend([Rest::Text(sign), Rest::Expression(*operand)]);
            }
            ExpressionKind::Binary {
                operator: between,
                left,
                right,
            } => rest.extend([
                Rest::Expression(*left),
                Rest::Text(operator(*between)),
                Rest::Expression(*right),
            ]),
            ExpressionKind::Call {
                function,
                arguments,
            } => {
                rest.extend([Rest::Text(&function.text), Rest::Text("(")]);
                for (index, argument) in arguments.iter().enumerate() {
                    if index > 0 {
                        rest.push(Rest::Text(", "));
                    }
                    if let Some(name) = &argument.name {
                        rest.extend([Rest::Text(&name.text), Rest::Text(" = ")]);
                    }
                    rest.push(Rest::Expression(argument.value));
                }
                rest.push(Rest::Text(")"));
            }
            ExpressionKind::Tuple(elements) => {
                rest.push(Rest::Text("("));
                for (index, element) in elements.iter().enumerate() {
                    if index > 0 {
                        rest.push(Rest::Text(", "));
                    }
                    rest.push(Rest::Expression(*element));
                }
                rest.push(Rest::Text(")"));
            }
            ExpressionKind::Member { operand, member } => rest.extend([
                Rest::Expression(*operand),
                Rest::Text("."),
                Rest::Text(&member.text),
            ]),
            ExpressionKind::Index { operand, index } => rest.extend([
                Rest::Expression(*operand),
                Rest::Text("["),
                Rest::Expression(*index),
                Rest::Text("]"),
            ]),
            ExpressionKind::Measured { operand, unit } => {
                rest.extend([Rest::Expression(*operand), Rest::Unit(unit)])
            }
            ExpressionKind::Raised { operand, text, .. } => {
                rest.extend([Rest::Expression(*operand), Rest::Text(text)])
            }
            ExpressionKind::Nabla {
                operator,
                text,
                operand,
            } => {
                // `∇^2u` would be hard to read, and `∇^23` something else.
                let apart = *operator == Nabla::Laplacian && text.ends_with('2');
                let gap = if apart { " " } else { "" };
                rest.extend([
                    Rest::Text(text),
                    Rest::Text(gap),
                    Rest::Expression(*operand),
                ]);
            }
            ExpressionKind::Partial { by, operand } => {
                let bracketed = matches!(
                    self.document.expressions[*operand].kind,
                    ExpressionKind::Group(_) | ExpressionKind::Tuple(_)
                );
                let gap = if bracketed { "" } else { " " };
                rest.extend([
                    Rest::Text("∂_"),
                    Rest::Text(&by.text),
                    Rest::Text(gap),
                    Rest::Expression(*operand),
                ]);
            }
            ExpressionKind::Advection { velocity, operand } => rest.extend([
                Rest::Text("("),
                Rest::Expression(*velocity),
                Rest::Text("·∇)"),
                Rest::Expression(*operand),
            ]),
            ExpressionKind::Comparison {
                operands,
                comparators,
            } => {
                let mut between = comparators.iter();
                for (index, operand) in operands.iter().enumerate() {
                    if index > 0
                        && let Some(sign) = between.next()
                    {
                        rest.push(Rest::Text(comparator(*sign)));
                    }
                    rest.push(Rest::Expression(*operand));
                }
            }
        }
    }

    pub(super) fn unit(&mut self, unit: &Unit) {
        self.text.push('[');
        for (index, factor) in unit.factors.iter().enumerate() {
            self.factor(index == 0, factor);
        }
        if unit.factors.is_empty() {
            self.text.push('1');
        }
        self.text.push(']');
    }

    fn factor(&mut self, first: bool, factor: &UnitFactor) {
        let (numerator, denominator) = factor.power;
        let below = numerator < 0 && !first;
        if !first {
            self.text.push(if below { '/' } else { '*' });
        }
        let numerator = if below { -numerator } else { numerator };
        self.text.push_str(&factor.name.text);
        let _ = match (numerator, denominator) {
            (1, 1) => Ok(()),
            (_, 1) => write!(self.text, "^{numerator}"),
            _ => write!(self.text, "^({numerator}/{denominator})"),
        };
    }
}
