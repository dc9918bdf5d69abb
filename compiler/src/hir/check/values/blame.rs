//! Which expression of the text makes a value fail.

use super::formula::Formula;
use super::search::{Failure, Fault};
use super::{Coefficient, Statement};
use crate::function::Function;
use crate::hir::check::lowered::Lowered;
use crate::hir::{BinaryOperator, ExpressionId, ExpressionKind};
use crate::jet::NodeId;
use std::collections::BTreeSet;

/// What is said of the expression to blame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// Its denominator is zero.
    Division,
    /// The root of a negative number.
    Root,
    /// The logarithm of a negative number.
    Logarithm,
    /// A negative number to a power that is not whole.
    Power,
    /// A derivative is infinite.
    Derivative,
    /// Anything else.
    Value,
}

/// A denominator below this is zero; bisection leaves a remainder.
const ZERO: f64 = 1e-9;

/// A value above this is infinite, where one is.
const HUGE: f64 = 1e10;

/// The innermost expression to blame; none where the text does not show it.
pub(super) fn blame(
    lowered: &Lowered,
    statement: &Statement,
    coefficient: Coefficient,
    fault: &Fault,
) -> Option<(ExpressionId, Reason)> {
    let problem = lowered.problem;
    let under = expressions(lowered, statement.sides);
    let images: Vec<NodeId> = under.iter().map(|id| lowered.images[id.index()]).collect();
    let formula = Formula::new(&lowered.graph, &images, &lowered.parameters);
    let known = formula.known();
    let mut values = Vec::with_capacity(formula.len());
    formula.evaluate(&fault.point, &mut values);
    // The value of an expression, where it is known before training.
    let value = |id: ExpressionId| {
        let position = formula.position(lowered.images[id.index()])?;
        (*known.get(position)?).then(|| values[position])
    };
    let is_zero = |id| value(id).is_some_and(|value: f64| value.abs() <= ZERO);
    let mut shown = Vec::new();
    shown.extend(under.iter().filter_map(|&id| {
        let kind = &problem.expressions[id].kind;
        let reason = match kind {
            ExpressionKind::Binary {
                operator: BinaryOperator::Divide,
                right,
                ..
            } if is_zero(*right) => Reason::Division,
            ExpressionKind::Binary {
                operator: BinaryOperator::Power,
                left,
                right,
            } => match (value(*left), value(*right)) {
                (Some(base), Some(power)) if base < 0.0 && power.fract() != 0.0 => Reason::Power,
                (Some(base), Some(power)) if base.abs() <= ZERO && power < 0.0 => Reason::Division,
                (_, _) => Reason::Value,
            },
            ExpressionKind::Call { function, argument } => match (function, value(*argument)) {
                (Function::Sqrt, Some(argument)) if argument < 0.0 => Reason::Root,
                (Function::Log, Some(argument)) if argument < 0.0 => Reason::Logarithm,
                (_, _) => Reason::Value,
            },
            ExpressionKind::Number(_)
            | ExpressionKind::Constant(_)
            | ExpressionKind::Coordinate(_)
            | ExpressionKind::Parameter(_)
            | ExpressionKind::Field(_)
            | ExpressionKind::Definition(_)
            | ExpressionKind::Unknown(_)
            | ExpressionKind::Derivative { .. }
            | ExpressionKind::Negate(_)
            | ExpressionKind::Binary { .. }
            | ExpressionKind::Minimum(..)
            | ExpressionKind::Maximum(..)
            | ExpressionKind::Select { .. }
            | ExpressionKind::Integral { .. } => Reason::Value,
        };
        let fits = match reason {
            Reason::Division => fault.failure != Failure::NotReal,
            Reason::Root | Reason::Logarithm | Reason::Power => fault.failure == Failure::NotReal,
            Reason::Derivative => false,
            Reason::Value => value(id).is_some_and(|value| value.is_nan() || value.abs() >= HUGE),
        };
        fits.then_some((id, reason))
    }));
    // Among terms of a sum that have no value, that of a root is told from 0/0 beside it.
    let certain = shown
        .iter()
        .find(|(_, reason)| fault.failure == Failure::NotReal && *reason != Reason::Value);
    if let Some(found) = certain.or(shown.first()) {
        return Some(*found);
    }
    // A derivative may bring forth what its operand does not show: sqrt(x) becomes 1/sqrt(x).
    let derivative = under.iter().copied().find(|id| {
        let is_derivative = matches!(
            problem.expressions[*id].kind,
            ExpressionKind::Derivative { .. }
        );
        let image = lowered.images[id.index()];
        is_derivative && lowered.under(image).contains(&coefficient.parent)
    });
    derivative.map(|id| (id, Reason::Derivative))
}

/// All expressions of a statement, definitions included, children before parents.
fn expressions(lowered: &Lowered, sides: [ExpressionId; 2]) -> Vec<ExpressionId> {
    let problem = lowered.problem;
    let mut found = BTreeSet::new();
    let mut stack = sides.to_vec();
    while let Some(id) = stack.pop() {
        if !found.insert(id) {
            continue;
        }
        let kind = &problem.expressions[id].kind;
        stack.extend(kind.operands());
        if let ExpressionKind::Definition(definition) = kind {
            stack.push(problem.definitions[*definition].value);
        }
    }
    found.into_iter().collect()
}
