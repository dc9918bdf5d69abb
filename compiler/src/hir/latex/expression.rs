//! Expressions: quotients as fractions, powers raised, products by juxtaposition.

use super::name::{subscripted, symbol};
use super::number::number;
use super::shape::{Shape, Strength, shape};
use crate::function::Function;
use crate::hir::BinaryOperator;
use crate::hir::{Constant, CoordinateId, ExpressionId, ExpressionKind, Problem};

/// Writes expressions of a problem.
pub(super) struct Writer<'a> {
    problem: &'a Problem,
    shapes: Vec<Shape>,
}

/// What is still to be written.
enum Rest {
    Expression(ExpressionId, Strength),
    Text(&'static str),
    Made(String),
}

impl<'a> Writer<'a> {
    pub(super) fn new(problem: &'a Problem) -> Self {
        let mut shapes: Vec<Shape> = Vec::with_capacity(problem.expressions.len());
        for (_, expression) in problem.expressions.iter() {
            shapes.push(shape(&expression.kind, &shapes));
        }
        Self { problem, shapes }
    }

    /// The LaTeX of an expression.
    pub(super) fn expression(&self, root: ExpressionId) -> String {
        let mut text = String::new();
        let mut rest = vec![Rest::Expression(root, Strength::Sum)];
        while let Some(next) = rest.pop() {
            match next {
                Rest::Text(piece) => text.push_str(piece),
                Rest::Made(piece) => text.push_str(&piece),
                Rest::Expression(id, wanted) if self.shape(id).strength < wanted => {
                    rest.extend(self.bracketed(id));
                }
                Rest::Expression(id, _) => rest.extend(self.node(id).into_iter().rev()),
            }
        }
        text
    }

    fn shape(&self, id: ExpressionId) -> Shape {
        self.shapes[id.index()]
    }

    /// In brackets, last piece first.
    fn bracketed(&self, id: ExpressionId) -> [Rest; 3] {
        let (open, close) = if self.shape(id).tall {
            (r"\left(", r"\right)")
        } else {
            ("(", ")")
        };
        let inner = Rest::Expression(id, Strength::Sum);
        [Rest::Text(close), inner, Rest::Text(open)]
    }

    /// The pieces of an expression, first piece first.
    fn node(&self, id: ExpressionId) -> Vec<Rest> {
        let whole = |id| Rest::Expression(id, Strength::Sum);
        let made = |text: String| vec![Rest::Made(text)];
        let problem = self.problem;
        match &problem.expressions[id].kind {
            ExpressionKind::Number(value) => made(number(*value)),
            ExpressionKind::Constant(Constant::Pi) => vec![Rest::Text(r"\pi")],
            ExpressionKind::Constant(Constant::E) => vec![Rest::Text(r"\mathrm{e}")],
            ExpressionKind::Coordinate(id) => made(symbol(&problem.coordinates[*id].name)),
            ExpressionKind::Parameter(id) => made(symbol(&problem.parameters[*id].name)),
            ExpressionKind::Field(id) => made(symbol(&problem.fields[*id].name)),
            ExpressionKind::Definition(id) => made(symbol(&problem.definitions[*id].name)),
            ExpressionKind::Unknown(id) => made(symbol(&problem.unknowns[*id].name)),
            ExpressionKind::Derivative { operand, by } => self.derivative(*operand, by),
            ExpressionKind::Negate(operand) => {
                vec![
                    Rest::Text("-"),
                    Rest::Expression(*operand, Strength::Product),
                ]
            }
            ExpressionKind::Binary {
                operator,
                left,
                right,
            } => self.binary(*operator, *left, *right),
            ExpressionKind::Call { function, argument } => self.call(*function, *argument),
            ExpressionKind::Minimum(left, right) => vec![
                Rest::Text(r"\min("),
                whole(*left),
                Rest::Text(", "),
                whole(*right),
                Rest::Text(")"),
            ],
            ExpressionKind::Maximum(left, right) => vec![
                Rest::Text(r"\max("),
                whole(*left),
                Rest::Text(", "),
                whole(*right),
                Rest::Text(")"),
            ],
            ExpressionKind::Select {
                left,
                right,
                then,
                otherwise,
            } => vec![
                Rest::Text(r"\begin{cases} "),
                whole(*then),
                Rest::Text(r" & \text{if } "),
                whole(*left),
                Rest::Text(" < "),
                whole(*right),
                Rest::Text(r" \\ "),
                whole(*otherwise),
                Rest::Text(r" & \text{else} \end{cases}"),
            ],
            ExpressionKind::Integral { operand, over } => self.integral(*operand, over),
        }
    }

    /// `\int_0^1 … \, \mathrm{d}x`
    fn integral(&self, operand: ExpressionId, over: &[CoordinateId]) -> Vec<Rest> {
        let mut pieces: Vec<Rest> = over
            .iter()
            .map(|id| {
                let coordinate = &self.problem.coordinates[*id];
                let (low, high) = (number(coordinate.low), number(coordinate.high));
                Rest::Made(format!(r"\int_{{{low}}}^{{{high}}} "))
            })
            .collect();
        pieces.push(Rest::Expression(operand, Strength::Product));
        pieces.extend(over.iter().rev().map(|id| {
            let name = symbol(&self.problem.coordinates[*id].name);
            Rest::Made(format!(r" \, \mathrm{{d}}{name}"))
        }));
        pieces
    }

    fn binary(
        &self,
        operator: BinaryOperator,
        left: ExpressionId,
        right: ExpressionId,
    ) -> Vec<Rest> {
        let part = Rest::Expression;
        match operator {
            BinaryOperator::Add | BinaryOperator::Subtract => {
                let sign = if operator == BinaryOperator::Add {
                    " + "
                } else {
                    " - "
                };
                vec![
                    part(left, Strength::Sum),
                    Rest::Text(sign),
                    part(right, Strength::Product),
                ]
            }
            BinaryOperator::Multiply => {
                let between = if self.shape(right).digit {
                    r" \cdot "
                } else {
                    " "
                };
                vec![
                    part(left, Strength::Signed),
                    Rest::Text(between),
                    part(right, Strength::Product),
                ]
            }
            BinaryOperator::Divide => vec![
                Rest::Text(r"\frac{"),
                part(left, Strength::Sum),
                Rest::Text("}{"),
                part(right, Strength::Sum),
                Rest::Text("}"),
            ],
            BinaryOperator::Power => self.power(left, right),
        }
    }

    fn power(&self, base: ExpressionId, exponent: ExpressionId) -> Vec<Rest> {
        let expressions = &self.problem.expressions;
        let raised = [
            Rest::Text("^{"),
            Rest::Expression(exponent, Strength::Sum),
            Rest::Text("}"),
        ];
        // sin²(x), but not sin⁻¹(x), which is something else.
        if let ExpressionKind::Call { function, argument } = &expressions[base].kind
            && let Some(command) = command(*function)
            && matches!(expressions[exponent].kind, ExpressionKind::Number(n) if n > 0.0)
        {
            let mut pieces = vec![Rest::Text(command)];
            pieces.extend(raised);
            pieces.extend(self.bracketed(*argument).into_iter().rev());
            return pieces;
        }
        let mut pieces = vec![Rest::Expression(base, Strength::Atom)];
        pieces.extend(raised);
        pieces
    }

    fn call(&self, function: Function, argument: ExpressionId) -> Vec<Rest> {
        let around = |open, close| {
            vec![
                Rest::Text(open),
                Rest::Expression(argument, Strength::Sum),
                Rest::Text(close),
            ]
        };
        match (function, command(function)) {
            (Function::Exp, _) => around(r"\mathrm{e}^{", "}"),
            (Function::Sqrt, _) => around(r"\sqrt{", "}"),
            (Function::Abs, _) if self.shape(argument).tall => {
                around(r"\left\lvert ", r" \right\rvert")
            }
            (Function::Abs, _) => around(r"\lvert ", r" \rvert"),
            (_, Some(command)) => {
                let mut pieces = vec![Rest::Text(command)];
                pieces.extend(self.bracketed(argument).into_iter().rev());
                pieces
            }
            (_, None) => around("(", ")"),
        }
    }

    /// `u_{xx}` of what has a name, else `\partial_x (…)`.
    fn derivative(&self, operand: ExpressionId, by: &[CoordinateId]) -> Vec<Rest> {
        let problem = self.problem;
        let letter = |id: &CoordinateId| symbol(&problem.coordinates[*id].name);
        let name = match &problem.expressions[operand].kind {
            ExpressionKind::Field(id) => Some(&problem.fields[*id].name),
            ExpressionKind::Definition(id) => Some(&problem.definitions[*id].name),
            ExpressionKind::Number(_)
            | ExpressionKind::Constant(_)
            | ExpressionKind::Coordinate(_)
            | ExpressionKind::Parameter(_)
            | ExpressionKind::Derivative { .. }
            | ExpressionKind::Negate(_)
            | ExpressionKind::Binary { .. }
            | ExpressionKind::Call { .. }
            | ExpressionKind::Minimum(..)
            | ExpressionKind::Maximum(..)
            | ExpressionKind::Unknown(_)
            | ExpressionKind::Select { .. }
            | ExpressionKind::Integral { .. } => None,
        };
        if let Some(name) = name {
            let letters: Vec<String> = by.iter().map(letter).collect();
            // A command ends where no letter follows.
            let has_commands = letters.iter().any(|letter| letter.starts_with('\\'));
            let letters = letters.join(if has_commands { " " } else { "" });
            return vec![Rest::Made(subscripted(name, &letters))];
        }
        let runs = by.chunk_by(|left, right| left == right);
        let mut pieces: Vec<Rest> = runs
            .map(|run| {
                let letter = run.first().map(letter).unwrap_or_default();
                Rest::Made(match run.len() {
                    1 => format!(r"\partial_{{{letter}}} "),
                    order => format!(r"\partial_{{{letter}}}^{{{order}}} "),
                })
            })
            .collect();
        pieces.extend(self.bracketed(operand).into_iter().rev());
        pieces
    }
}

/// The command of a function that is written before brackets.
fn command(function: Function) -> Option<&'static str> {
    Some(match function {
        Function::Sin => r"\sin",
        Function::Cos => r"\cos",
        Function::Tan => r"\tan",
        Function::Log => r"\log",
        Function::Tanh => r"\tanh",
        Function::Sinh => r"\sinh",
        Function::Cosh => r"\cosh",
        Function::Sech => r"\operatorname{sech}",
        Function::Atan => r"\arctan",
        Function::Erf => r"\operatorname{erf}",
        Function::Sign => r"\operatorname{sign}",
        Function::Heaviside => "H",
        Function::Exp | Function::Sqrt | Function::Abs => return None,
    })
}
