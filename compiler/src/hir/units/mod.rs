//! Units of measurement: dimensions are types, inferred and checked, and then erased.
//!
//! * Input: a [`Problem`] as resolved, its numbers in the units of the file, and the [`Annotations`] that say where
//!   these units stand. Literals with a unit are already in SI units.
//! * Output: diagnostics; then the same problem in plain numbers.
//! * Invariants: a problem without units is not looked at and not changed. After [`erase()`], every equation and
//!   condition holds between plain numbers: inside expressions everything is in coherent SI units, while the
//!   coordinates and fields themselves keep the units of their declaration, in which users see them.
//!
//! What the resolver does: [`read()`] where a unit is declared, an entry in [`Annotations`] where a number has one, and
//! [`check`] and [`erase()`] when the problem is whole.
//!
//! Dimensions are the free abelian group over the seven base quantities with rational exponents, so inference is
//! linear algebra ([`solve`]): every sum, equation and argument of a function is one linear equation between
//! exponents (Kennedy, *Programming Languages and Dimensions*, 1996). A name without a unit whose dimension no
//! equation determines is nothing to report: the problem means the same whatever its dimension is.

mod alone;
mod dimension;
mod erase;
mod factor;
mod infer;
mod left;
mod mend;
mod plain;
mod quantity;
mod rational;
mod read;
mod report;
mod solve;
mod table;
#[cfg(test)]
mod tests;
mod usage;

pub use dimension::Dimension;
pub use erase::erase;
pub use infer::{Inferred, check};
pub use rational::Rational;
pub use read::{absolute, named, read};

use super::{
    CoordinateId, Expression, ExpressionId, ExpressionKind, FieldId, ParameterId, Problem,
    UnknownId,
};
use crate::arena::Arena;
use crate::source::Span;
use crate::syntax;
use std::collections::BTreeMap;

/// What a problem does not say about its units because it is meant to do without them.
#[derive(Clone, Debug, Default)]
pub struct Annotations {
    /// The dimension of each number that is written with a unit; its value is in SI units already.
    pub literals: BTreeMap<ExpressionId, Dimension>,
    /// The unit of each declaration, brackets included, by the place of the declaration.
    pub written: BTreeMap<Span, Span>,
    /// What has been given as a number for something declared: the ends of intervals, values of parameters, bounds.
    pub given: Vec<Given>,
}

/// A number that belongs to something declared.
#[derive(Clone, Debug)]
pub struct Given {
    /// To what it belongs.
    pub quantity: Quantity,
    /// The number as written.
    pub value: ExpressionId,
}

/// Something with a dimension that has been declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// A coordinate.
    Coordinate(CoordinateId),
    /// A field.
    Field(FieldId),
    /// A parameter.
    Parameter(ParameterId),
    /// An unknown number.
    Unknown(UnknownId),
}

/// Whether a problem has any unit, and so all its dimensions are checked. Its quantities have been declared.
#[must_use]
pub fn are_used(document: &syntax::Document, problem: &Problem) -> bool {
    problem.coordinates.iter().any(|(_, it)| it.unit.is_some())
        || problem.fields.iter().any(|(_, it)| it.unit.is_some())
        || problem.parameters.iter().any(|(_, it)| it.unit.is_some())
        || problem.unknowns.iter().any(|(_, it)| it.unit.is_some())
        || document
            .expressions
            .iter()
            .any(|(_, it)| matches!(it.kind, syntax::ExpressionKind::Measured { .. }))
}

/// Whether a given number is plain, and therefore in the unit of what it is given for: `coord x [mm] in [0, 10]`.
/// Where it mentions a quantity or has a unit of its own, it is one itself: `in [0, 1[cm]]`, `in [0, L]`.
#[must_use]
pub fn is_plain(
    expressions: &Arena<Expression>,
    literals: &BTreeMap<ExpressionId, Dimension>,
    root: ExpressionId,
) -> bool {
    let mut pending = vec![root];
    while let Some(id) = pending.pop() {
        let kind = &expressions[id].kind;
        let quantity = match kind {
            ExpressionKind::Coordinate(_)
            | ExpressionKind::Parameter(_)
            | ExpressionKind::Field(_)
            | ExpressionKind::Definition(_)
            | ExpressionKind::Unknown(_) => true,
            ExpressionKind::Number(_) => literals.contains_key(&id),
            ExpressionKind::Constant(_)
            | ExpressionKind::Derivative { .. }
            | ExpressionKind::Negate(_)
            | ExpressionKind::Binary { .. }
            | ExpressionKind::Call { .. }
            | ExpressionKind::Minimum(..)
            | ExpressionKind::Maximum(..)
            | ExpressionKind::Select { .. }
            | ExpressionKind::Integral { .. } => false,
        };
        if quantity {
            return false;
        }
        pending.extend(kind.operands());
    }
    true
}
