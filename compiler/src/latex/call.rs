//! Calls in LaTeX: functions with signs of their own, integrals, derivatives of formulas, cases.

use super::expression::Rest::{self, Bare, Expression, Made, Operand, Text};
use super::expression::Writer;
use super::name::symbol;
use crate::syntax::{BinaryOperator, CallArgument, ExpressionId, ExpressionKind, Name};

impl Writer<'_> {
    pub(super) fn call(&self, function: &Name, arguments: &[CallArgument]) -> Vec<Rest> {
        let values: Vec<ExpressionId> = arguments.iter().map(|argument| argument.value).collect();
        match (function.text.as_str(), values.as_slice()) {
            ("exp", [x]) => vec![Text(r"\mathrm{e}^{"), Bare(*x), Text("}")],
            ("sqrt", [x]) => vec![Text(r"\sqrt{"), Bare(*x), Text("}")],
            ("abs", [x]) => self.between_bars(*x),
            ("grad", [x]) => vec![Text(r"\nabla "), Operand(*x)],
            ("div", [x]) => vec![Text(r"\nabla \cdot "), Operand(*x)],
            ("curl", [x]) => vec![Text(r"\nabla \times "), Operand(*x)],
            ("laplacian", [x]) => vec![Text(r"\nabla^2 "), Operand(*x)],
            ("dot", [a, b]) => vec![Operand(*a), Text(r" \cdot "), Operand(*b)],
            ("cross", [a, b]) => vec![Operand(*a), Text(r" \times "), Operand(*b)],
            ("inner", [a, b]) => vec![Operand(*a), Text(" : "), Operand(*b)],
            ("outer", [a, b]) => vec![Operand(*a), Text(r" \otimes "), Operand(*b)],
            ("transpose", [a]) => self.raised(*a, vec![Text(r"\mathsf{T}")]),
            ("jump", [a]) => vec![Text(r"[\![ "), Bare(*a), Text(r" ]\!]")],
            ("mean", [a]) => vec![Text(r"\{\!\{ "), Bare(*a), Text(r" \}\!\}")],
            ("identity", [_]) => vec![Text(r"\mathsf{I}")],
            ("conj", [a]) => vec![Text(r"\overline{"), Bare(*a), Text("}")],
            ("sum", [index, term]) => {
                let term = match self.kind(*term) {
                    ExpressionKind::Binary {
                        operator: BinaryOperator::Multiply | BinaryOperator::Divide,
                        ..
                    } => Expression(*term),
                    _ => Operand(*term),
                };
                vec![Text(r"\sum_{"), Bare(*index), Text("} "), term]
            }
            ("integral", [operand, over @ ..]) => self.integral(*operand, over),
            ("rectangle" | "box", [low, high])
                if let (ExpressionKind::Tuple(low), ExpressionKind::Tuple(high)) =
                    (self.kind(*low), self.kind(*high))
                    && low.len() == high.len() =>
            {
                let mut pieces = Vec::new();
                for (index, (low, high)) in low.iter().zip(high).enumerate() {
                    if index > 0 {
                        pieces.push(Text(r" \times "));
                    }
                    pieces.extend([Text("["), Bare(*low), Text(", "), Bare(*high), Text("]")]);
                }
                pieces
            }
            ("if", [condition, then, otherwise]) => self.cases(*condition, *then, *otherwise),
            ("d", [operand, by @ ..]) if !by.is_empty() => self.derivative(*operand, by),
            (name, [x]) if let Some(command) = command(name) => {
                let mut pieces = vec![Text(command)];
                pieces.extend(self.bracketed(self.stripped(*x)));
                pieces
            }
            (name, _) => self.listed(name, arguments),
        }
    }

    /// One brace for all cases: an `if` in the last of them goes on with them.
    fn cases(
        &self,
        condition: ExpressionId,
        then: ExpressionId,
        otherwise: ExpressionId,
    ) -> Vec<Rest> {
        let mut pieces = vec![Text(r"\begin{cases} ")];
        let (mut condition, mut then, mut last) = (condition, then, otherwise);
        loop {
            pieces.extend([
                Bare(then),
                Text(r" & \text{if } "),
                Bare(condition),
                Text(r" \\ "),
            ]);
            let ExpressionKind::Call {
                function,
                arguments,
            } = self.kind(self.stripped(last))
            else {
                break;
            };
            let ("if", [first, second, third]) = (function.text.as_str(), arguments.as_slice())
            else {
                break;
            };
            (condition, then, last) = (first.value, second.value, third.value);
        }
        pieces.extend([Bare(last), Text(r" & \text{otherwise} \end{cases}")]);
        pieces
    }

    /// `∫₀¹ … dx`, the innermost coordinate first.
    fn integral(&self, operand: ExpressionId, over: &[ExpressionId]) -> Vec<Rest> {
        let named = |id: &ExpressionId| match self.kind(*id) {
            ExpressionKind::Name(name) => Some(name.as_str()),
            _ => None,
        };
        let mut pieces = Vec::new();
        for id in over.iter().rev() {
            pieces.push(Text(r"\int"));
            let name = named(id);
            match name.and_then(|name| self.limits.get(name)) {
                Some((low, high)) => pieces.push(Made(format!("_{{{low}}}^{{{high}}} "))),
                None if name.is_some_and(|name| self.coordinates.iter().any(|it| it == name)) => {
                    pieces.push(Text(" "));
                }
                None => pieces.extend([Text("_{"), Bare(*id), Text("} ")]),
            }
        }
        // A product needs no brackets between the sign and its differential.
        let sum = matches!(
            self.kind(operand),
            ExpressionKind::Unary { .. }
                | ExpressionKind::Binary {
                    operator: BinaryOperator::Add | BinaryOperator::Subtract,
                    ..
                }
        );
        pieces.push(if sum {
            Operand(operand)
        } else {
            Expression(operand)
        });
        for id in over {
            pieces.extend([Text(r" \, \mathrm{d}"), Bare(*id)]);
        }
        pieces
    }

    /// `∂ₓ² (…)`
    fn derivative(&self, operand: ExpressionId, by: &[ExpressionId]) -> Vec<Rest> {
        let mut pieces = Vec::new();
        for (index, id) in by.iter().enumerate() {
            if let ExpressionKind::Number { .. } = self.kind(*id) {
                continue;
            }
            pieces.extend([Text(r"\partial_{"), Bare(*id), Text("}")]);
            let order = by.get(index + 1).filter(|next| match self.kind(**next) {
                ExpressionKind::Number { value, .. } => *value != 1.0,
                _ => false,
            });
            if let Some(order) = order {
                pieces.extend([Text("^{"), Bare(*order), Text("}")]);
            }
            pieces.push(Text(" "));
        }
        pieces.push(Operand(operand));
        pieces
    }

    /// `f(x, y)`
    fn listed(&self, name: &str, arguments: &[CallArgument]) -> Vec<Rest> {
        let tall = arguments.iter().any(|argument| {
            let point = matches!(self.kind(argument.value), ExpressionKind::Tuple(_));
            !point && self.tall.get(argument.value.index()).is_some_and(|it| *it)
        });
        let (open, close) = if tall {
            (r"\left(", r"\right)")
        } else {
            ("(", ")")
        };
        let head = match name {
            "min" => r"\min".to_owned(),
            "max" => r"\max".to_owned(),
            _ => symbol(name),
        };
        let mut pieces = vec![Made(head), Text(open)];
        for (index, argument) in arguments.iter().enumerate() {
            if index > 0 {
                pieces.push(Text(", "));
            }
            if let Some(name) = &argument.name {
                pieces.push(Made(format!("{} = ", symbol(&name.text))));
            }
            match self.kind(argument.value) {
                // A point of a shape is no column.
                ExpressionKind::Tuple(entries) => {
                    for (index, entry) in entries.iter().enumerate() {
                        pieces.push(Text(if index == 0 { "(" } else { ", " }));
                        pieces.push(Bare(*entry));
                    }
                    pieces.push(Text(")"));
                }
                _ => pieces.push(Bare(argument.value)),
            }
        }
        pieces.push(Text(close));
        pieces
    }
}

/// The command of a function that is written before brackets.
pub(super) fn command(name: &str) -> Option<&'static str> {
    Some(match name {
        "sin" => r"\sin",
        "cos" => r"\cos",
        "tan" => r"\tan",
        "log" => r"\log",
        "log10" => r"\log_{10}",
        "tanh" => r"\tanh",
        "sinh" => r"\sinh",
        "cosh" => r"\cosh",
        "sech" => r"\operatorname{sech}",
        "atan" => r"\arctan",
        "erf" => r"\operatorname{erf}",
        "erfc" => r"\operatorname{erfc}",
        "sign" => r"\operatorname{sign}",
        "trace" => r"\operatorname{tr}",
        "re" => r"\operatorname{Re}",
        "im" => r"\operatorname{Im}",
        "heaviside" => "H",
        _ => return None,
    })
}
