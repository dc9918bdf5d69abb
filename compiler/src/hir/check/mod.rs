//! Whether the problem, as understood, determines its fields.
//!
//! * Input: a [`Problem`] whose names are all resolved.
//! * Output: diagnostics, as many as there are mistakes.
//! * Invariant: what passes has as many equations as fields, initial values up to the order in time, and
//!   conditions on the boundary up to the order in space; everything that is known before training is finite and real.
//!
//! Some checks read the problem as it is written, with a table of derivative orders ([`OrderTable`]). Those that must see
//! through how it is written, such as values and what cancels, read it as jet expressions ([`lowered`]).

mod balance;
mod blocks;
mod boundary;
mod constraint;
mod corner;
mod count;
mod crowded;
mod gauge;
mod growth;
mod ill_posed;
mod indefinite;
mod initial;
mod lowered;
mod missing;
mod order;
mod outflow;
mod overlap;
mod repeated;
mod singular;
mod solution;
mod start;
mod strangers;
mod surplus;
mod symbol;
mod undetermined;
mod values;

use super::order::OrderTable;
use super::{CoordinateId, ExpressionId, ExpressionKind, FieldId, Problem};
use crate::classify::ordinal;
use crate::diagnostic::Diagnostic;
use crate::source::Span;
use crate::syntax::Document;
use blocks::Blocks;
use lowered::Lowered;
pub(crate) use singular::SingularEnds;
use std::collections::BTreeMap;

/// Checks a problem, and tells at which ends conditions are not needed, and which fields are determined up to a constant.
pub(super) fn check(
    document: &Document,
    problem: &Problem,
) -> (Vec<Diagnostic>, SingularEnds, Vec<FieldId>) {
    let orders = OrderTable::new(problem);
    let equations = problem.equations.iter().map(|e| [e.left, e.right]);
    let conditions = problem.conditions.iter().map(|c| [c.left, c.right]);
    let check = Check {
        document,
        problem,
        mentions: mentions(&orders, equations),
        concerning: mentions(&orders, conditions),
        orders,
    };
    let often = check.too_often();
    if !often.is_empty() {
        return (often, SingularEnds::new(), Vec::new());
    }
    let mut found = check.count();
    found.extend(check.solutions());
    found.extend(check.empty_constraints());
    let mut lowered = match Lowered::new(problem) {
        Ok(lowered) => lowered,
        // Nothing more can be said of what cannot be written out.
        Err(derivative) => {
            found.push(too_large(problem, derivative));
            return (found, SingularEnds::new(), Vec::new());
        }
    };
    let often = check.too_often_altogether(&lowered);
    if !often.is_empty() {
        found.extend(often);
        return (found, SingularEnds::new(), Vec::new());
    }
    let overlap = check.overlap(&mut lowered);
    let overlaps = !overlap.is_empty();
    found.extend(overlap);
    found.extend(check.trivial(&lowered));
    found.extend(check.strangers(&lowered));
    let repeated = check.repeated(&mut lowered);
    let repeats = !repeated.is_empty();
    // Too many equations are fewer without those that repeat others.
    found.retain(|it| !repeats || it.name != "equation-count");
    found.extend(repeated);
    let empty = |diagnostic: &Diagnostic| {
        matches!(
            diagnostic.name,
            "equation-without-field" | "condition-without-field"
        )
    };
    let says_nothing = found.iter().any(empty);
    let blocks = Blocks::new(&lowered);
    let singular = check.singular_ends(&mut lowered);
    // Which conditions are needed is known only when each field has its equation.
    if found
        .iter()
        .all(|it| !matches!(it.name, "equation-count" | "repeated-equation"))
    {
        found.extend(check.initial());
        // On a domain of another shape, what covers its boundary is a question of geometry.
        let high = check.too_high(&lowered);
        let mut surplus = Vec::new();
        if high.is_empty() && !overlaps && !says_nothing {
            surplus = check.too_many_conditions(&mut lowered, blocks.as_ref());
        }
        // On a domain of another shape, what covers its boundary is a question of geometry.
        if problem.domain.is_none() {
            let uncovered = check.boundary(blocks.as_ref(), &singular);
            let sound = uncovered.is_empty() && !overlaps && !says_nothing;
            found.extend(uncovered);
            if let Some(blocks) = blocks.as_ref().filter(|_| sound) {
                let missing = check.missing_conditions(&mut lowered, blocks, &singular);
                // Equations that depend on each other bear any number of conditions.
                if missing.iter().any(|it| it.name == "dependent-equations") {
                    surplus.clear();
                }
                found.extend(missing);
            }
        }
        found.extend(surplus);
        found.extend(high);
    }
    found.extend(values::check(&mut lowered, document, &singular));
    let mut undetermined = Vec::new();
    // These judge the problem as a whole; what they say of a wrong one would only distract.
    if found.iter().all(|diagnostic| !diagnostic.is_error()) {
        if problem.domain.is_none() {
            found.extend(corner::check(&mut lowered));
            found.extend(start::check(&mut lowered));
            let balances = balance::check(&mut lowered);
            let balanced = !balances.balanced.is_empty() || !balances.errors.is_empty();
            found.extend(balances.errors);
            undetermined = gauge::undetermined(&lowered);
            let reports = undetermined.iter();
            found.extend(reports.map(|id| gauge::report(problem, *id, balanced)));
            let floating = gauge::floats(&lowered);
            found.extend(check.surplus_constraints(&mut lowered, blocks.as_ref(), floating));
        }
        found.extend(check.undetermined_unknowns(&mut lowered, blocks.as_ref()));
        let ill_posed = check.ill_posed(&mut lowered, blocks.as_ref());
        if let (Some(blocks), Some(time), true) = (&blocks, problem.time(), ill_posed.is_empty()) {
            found.extend(check.growing(&mut lowered, blocks, time));
        }
        found.extend(ill_posed);
        found.extend(crate::variation::stationless(problem));
        found.extend(crate::variation::lost(problem));
    }
    (found, singular, undetermined)
}

fn too_large(problem: &Problem, derivative: ExpressionId) -> Diagnostic {
    let expression = &problem.expressions[derivative];
    let order = match &expression.kind {
        ExpressionKind::Derivative { by, .. } => by.len(),
        _ => 0,
    };
    Diagnostic::error(
        "expansion-too-large",
        "this derivative becomes too large when it is written out",
        expression.span,
        format!("{}, of a product or a chain of functions", ordinal(order)),
    )
    .with_note(
        "The derivative of a product has a term for each factor, and with each further order every term becomes as many \
         again.",
    )
    .with_help(
        "state it by several fields: `eq w = f(u, x)` for what is differentiated, with a field `w` of its own, and \
         derivatives of `w`",
    )
}

/// Which of these statements mention each field.
fn mentions(
    orders: &OrderTable,
    statements: impl Iterator<Item = [ExpressionId; 2]>,
) -> BTreeMap<FieldId, Vec<usize>> {
    let mut mentions: BTreeMap<FieldId, Vec<usize>> = BTreeMap::new();
    for (number, sides) in statements.enumerate() {
        for field in sides.iter().flat_map(|side| orders.of(*side).keys()) {
            let numbers = mentions.entry(*field).or_default();
            if numbers.last() != Some(&number) {
                numbers.push(number);
            }
        }
    }
    mentions
}

/// What all checks look at.
struct Check<'a> {
    document: &'a Document,
    problem: &'a Problem,
    orders: OrderTable,
    /// The equations that mention each field.
    mentions: BTreeMap<FieldId, Vec<usize>>,
    /// The conditions that mention each field.
    concerning: BTreeMap<FieldId, Vec<usize>>,
}

impl Check<'_> {
    /// The highest order of a field in a coordinate in all equations, and the equation where it occurs.
    fn highest(
        &self,
        field: FieldId,
        coordinate: CoordinateId,
    ) -> (usize, Option<&super::Equation>) {
        let mut highest = (0, None);
        let mentioning = self.mentions.get(&field).into_iter().flatten();
        for equation in mentioning.filter_map(|number| self.problem.equations.get(*number)) {
            for side in [equation.left, equation.right] {
                if let Some(order) = self.orders.order(side, field, coordinate)
                    && (order > highest.0 || highest.1.is_none())
                {
                    highest = (order, Some(equation));
                }
            }
        }
        highest
    }

    /// The conditions that mention a field.
    fn concerning(&self, field: FieldId) -> impl Iterator<Item = &super::Condition> {
        let numbers = self.concerning.get(&field).into_iter().flatten();
        numbers.filter_map(|number| self.problem.conditions.get(*number))
    }

    /// Where new declarations can be inserted: after the last one.
    fn end(&self) -> Span {
        let end = self
            .document
            .declarations
            .last()
            .map_or(0, |last| last.span.range().end);
        Span::new(end, end)
    }
}
