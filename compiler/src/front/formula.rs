//! Expressions to be evaluated that have integrals in them.
//!
//! * Input: an expression of a resolved problem.
//! * Output: a [`Formula`]: how its values follow from those of pieces without integrals, which a compiled program has at
//!   any points, and from sums of them over points of a rule.
//! * Invariants: no piece has an integral; a derivative of an integral is the integral of the derivative, as the limits
//!   are fixed.

use crate::function::Function;
use crate::hir::{BinaryOperator, CoordinateId, Expression, ExpressionId, ExpressionKind, Problem};
use crate::source::Span;
use std::collections::BTreeSet;

/// How the values of an expression follow from those of pieces.
#[derive(Clone, Debug, PartialEq)]
pub enum Formula {
    /// The value of a piece: its position among [`Problem::outputs`](crate::hir::Problem::outputs).
    Output(usize),
    /// `-operand`
    Negate(Box<Formula>),
    /// `left operator right`
    Binary {
        /// The operator.
        operator: BinaryOperator,
        /// Left operand.
        left: Box<Formula>,
        /// Right operand.
        right: Box<Formula>,
    },
    /// A function of one argument.
    Call {
        /// The function.
        function: Function,
        /// Its argument.
        argument: Box<Formula>,
    },
    /// The smaller of two.
    Minimum(Box<Formula>, Box<Formula>),
    /// The larger of two.
    Maximum(Box<Formula>, Box<Formula>),
    /// `if(left < right, then, otherwise)`
    Select(Box<[Formula; 4]>),
    /// An integral over the whole intervals of these coordinates, which are sorted.
    Integral {
        /// What is integrated.
        under: Box<Formula>,
        /// The coordinates.
        over: Vec<usize>,
    },
}

/// The formula of an expression; its pieces are put behind the problem's outputs.
///
/// # Errors
///
/// The place of a derivative of a product, a quotient or a function of integrals.
pub(super) fn formula(problem: &mut Problem, id: ExpressionId) -> Result<Formula, Span> {
    let Expression { kind, span } = problem.expressions[id].clone();
    if !has_integral(problem, id) {
        problem.outputs.push((String::new(), id));
        return Ok(Formula::Output(problem.outputs.len() - 1));
    }
    let mut of = |id: ExpressionId| formula(problem, id).map(Box::new);
    Ok(match kind {
        ExpressionKind::Negate(operand) => Formula::Negate(of(operand)?),
        ExpressionKind::Binary {
            operator,
            left,
            right,
        } => Formula::Binary {
            operator,
            left: of(left)?,
            right: of(right)?,
        },
        ExpressionKind::Call { function, argument } => Formula::Call {
            function,
            argument: of(argument)?,
        },
        ExpressionKind::Minimum(left, right) => Formula::Minimum(of(left)?, of(right)?),
        ExpressionKind::Maximum(left, right) => Formula::Maximum(of(left)?, of(right)?),
        ExpressionKind::Select {
            left,
            right,
            then,
            otherwise,
        } => Formula::Select(Box::new([
            *of(left)?,
            *of(right)?,
            *of(then)?,
            *of(otherwise)?,
        ])),
        ExpressionKind::Integral { operand, over } => Formula::Integral {
            under: of(operand)?,
            over: over.iter().map(|id| id.index()).collect(),
        },
        ExpressionKind::Definition(definition) => {
            let value = problem.definitions[definition].value;
            formula(problem, value)?
        }
        ExpressionKind::Derivative { operand, by } => {
            let inner = differentiated(problem, operand, &by, span)?;
            formula(problem, inner)?
        }
        ExpressionKind::Number(_)
        | ExpressionKind::Constant(_)
        | ExpressionKind::Coordinate(_)
        | ExpressionKind::Parameter(_)
        | ExpressionKind::Field(_)
        | ExpressionKind::Unknown(_) => return Err(span),
    })
}

/// A derivative with the integrals outside of it.
fn differentiated(
    problem: &mut Problem,
    operand: ExpressionId,
    by: &[CoordinateId],
    span: Span,
) -> Result<ExpressionId, Span> {
    let kind = if has_integral(problem, operand) {
        match problem.expressions[operand].kind.clone() {
            ExpressionKind::Definition(id) => {
                let value = problem.definitions[id].value;
                return differentiated(problem, value, by, span);
            }
            ExpressionKind::Integral { over, .. } if by.iter().any(|it| over.contains(it)) => {
                ExpressionKind::Number(0.0)
            }
            ExpressionKind::Integral { operand, over } => ExpressionKind::Integral {
                operand: differentiated(problem, operand, by, span)?,
                over,
            },
            ExpressionKind::Negate(operand) => {
                ExpressionKind::Negate(differentiated(problem, operand, by, span)?)
            }
            ExpressionKind::Binary {
                operator: operator @ (BinaryOperator::Add | BinaryOperator::Subtract),
                left,
                right,
            } => ExpressionKind::Binary {
                operator,
                left: differentiated(problem, left, by, span)?,
                right: differentiated(problem, right, by, span)?,
            },
            ExpressionKind::Binary {
                operator: BinaryOperator::Multiply,
                left,
                right,
            } if is_constant(problem, left) => ExpressionKind::Binary {
                operator: BinaryOperator::Multiply,
                left,
                right: differentiated(problem, right, by, span)?,
            },
            ExpressionKind::Binary {
                operator: operator @ (BinaryOperator::Multiply | BinaryOperator::Divide),
                left,
                right,
            } if is_constant(problem, right) => ExpressionKind::Binary {
                operator,
                left: differentiated(problem, left, by, span)?,
                right,
            },
            ExpressionKind::Derivative {
                operand,
                by: before,
            } => {
                let by: Vec<CoordinateId> = before.iter().chain(by).copied().collect();
                return differentiated(problem, operand, &by, span);
            }
            ExpressionKind::Number(_)
            | ExpressionKind::Constant(_)
            | ExpressionKind::Coordinate(_)
            | ExpressionKind::Parameter(_)
            | ExpressionKind::Field(_)
            | ExpressionKind::Unknown(_)
            | ExpressionKind::Call { .. }
            | ExpressionKind::Binary { .. }
            | ExpressionKind::Minimum(..)
            | ExpressionKind::Maximum(..)
            | ExpressionKind::Select { .. } => return Err(span),
        }
    } else {
        ExpressionKind::Derivative {
            operand,
            by: by.to_vec(),
        }
    };
    Ok(problem.expressions.push(Expression { kind, span }))
}

/// Whether there is an integral in an expression.
fn has_integral(problem: &Problem, root: ExpressionId) -> bool {
    contains(problem, root, |kind| {
        matches!(kind, ExpressionKind::Integral { .. })
    })
}

/// Whether an expression is made of numbers and parameters alone.
fn is_constant(problem: &Problem, root: ExpressionId) -> bool {
    !contains(problem, root, |kind| {
        matches!(
            kind,
            ExpressionKind::Integral { .. }
                | ExpressionKind::Field(_)
                | ExpressionKind::Coordinate(_)
        )
    })
}

fn contains(problem: &Problem, root: ExpressionId, is: impl Fn(&ExpressionKind) -> bool) -> bool {
    let mut seen = BTreeSet::new();
    let mut stack = vec![root];
    while let Some(id) = stack.pop() {
        if !seen.insert(id) {
            continue;
        }
        let kind = &problem.expressions[id].kind;
        if is(kind) {
            return true;
        }
        match kind {
            ExpressionKind::Definition(id) => stack.push(problem.definitions[*id].value),
            kind => stack.extend(kind.operands()),
        }
    }
    false
}
