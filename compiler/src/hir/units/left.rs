//! In what is measured what a statement leaves, left minus right side.
//!
//! * Input: a problem with the units of all its quantities, before their factors are multiplied in.
//! * Output: for the label of each equation, condition, constraint and set of data its unit; none where it is a plain number.
//! * Invariants: SI units, as the two sides are in them after [`erase()`](super::erase()); but a condition on a bare field or
//!   derivative keeps the units of their declarations.

use super::Inferred;
use crate::hir::{ExpressionId, ExpressionKind, Problem, Unit};
use std::collections::BTreeMap;

/// The unit of what each statement leaves, by its label.
pub(super) fn left(problem: &Problem, inferred: &Inferred) -> BTreeMap<String, String> {
    let mut units = BTreeMap::new();
    let mut say = |label: &String, unit: Option<String>| {
        if let Some(unit) = unit.filter(|it| it != "1") {
            units.insert(label.clone(), unit);
        }
    };
    for (equation, unit) in problem.equations.iter().zip(&inferred.equations) {
        say(&equation.label, unit.clone());
    }
    for (condition, unit) in problem.conditions.iter().zip(&inferred.conditions) {
        say(
            &condition.label,
            bare(problem, condition.left).or_else(|| unit.clone()),
        );
    }
    for (constraint, unit) in problem.constraints.iter().zip(&inferred.constraints) {
        say(&constraint.label, unit.clone());
    }
    for observation in &problem.observations {
        let unit = problem.fields[observation.field].unit.as_ref();
        say(
            &problem.observation_label(observation),
            unit.map(|unit| unit.text.clone()),
        );
    }
    units
}

/// The unit of a bare field, or of a derivative of one, where it is not in SI units: `mK`, `mK/mm`.
fn bare(problem: &Problem, id: ExpressionId) -> Option<String> {
    let written = |unit: &Option<Unit>| unit.as_ref().is_some_and(|it| it.factor != 1.0);
    match &problem.expressions[id].kind {
        ExpressionKind::Field(field) => {
            let unit = problem.fields[*field].unit.as_ref()?;
            (unit.factor != 1.0).then(|| unit.text.clone())
        }
        ExpressionKind::Derivative { operand, by } => {
            let ExpressionKind::Field(field) = problem.expressions[*operand].kind else {
                return None;
            };
            let field = &problem.fields[field].unit;
            let by: Vec<&Option<Unit>> =
                by.iter().map(|id| &problem.coordinates[*id].unit).collect();
            if !written(field) && !by.iter().any(|it| written(it)) {
                return None;
            }
            let whole = |unit: &Option<Unit>| {
                let text = unit.as_ref().map_or("1", |unit| unit.text.as_str());
                if text.contains(['*', '/']) {
                    format!("({text})")
                } else {
                    text.to_owned()
                }
            };
            let mut below: Vec<(String, usize)> = Vec::new();
            for unit in by.into_iter().flatten() {
                let text = whole(&Some(unit.clone()));
                match below.iter_mut().find(|(it, _)| *it == text) {
                    Some((_, power)) => *power += 1,
                    None => below.push((text, 1)),
                }
            }
            let below: Vec<String> = below
                .into_iter()
                .map(|(text, power)| match power {
                    1 => text,
                    power => format!("{text}^{power}"),
                })
                .collect();
            let above = whole(field);
            Some(match below.as_slice() {
                [] => above,
                [one] => format!("{above}/{one}"),
                more => format!("{above}/({})", more.join("*")),
            })
        }
        ExpressionKind::Number(_)
        | ExpressionKind::Constant(_)
        | ExpressionKind::Coordinate(_)
        | ExpressionKind::Parameter(_)
        | ExpressionKind::Definition(_)
        | ExpressionKind::Unknown(_)
        | ExpressionKind::Negate(_)
        | ExpressionKind::Binary { .. }
        | ExpressionKind::Call { .. }
        | ExpressionKind::Minimum(..)
        | ExpressionKind::Maximum(..)
        | ExpressionKind::Select { .. }
        | ExpressionKind::Integral { .. } => None,
    }
}
