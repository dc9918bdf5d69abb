//! Conditions counted against what the equations need.
//!
//! A field of order k in time needs k values where time begins; one of order k in a direction of space needs k
//! conditions at the two ends of the interval, none where it is periodic, and fewer where an end is singular. In a system a field of first order, a
//! pressure for instance, needs none of its own: which of the characteristic variables are given at an end cannot be
//! read from one field.

use super::orders::Orders;
use pdec_compiler::arena::Id;
use pdec_compiler::hir::{CoordinateId, ExpressionId, FieldId, Part, Problem, Role, Side, part};
use pdec_compiler::jet;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What one field needs in one direction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Count {
    /// The field.
    pub field: String,
    /// The direction.
    pub coordinate: String,
    /// How often the equations differentiate the field by it, at most.
    pub order: usize,
    /// How many conditions that takes; none where the equations alone do not say.
    pub needs: Option<usize>,
    /// The ends where the equation itself chooses the solution, `r = 0`: they are counted out of `needs`.
    pub singular: Vec<String>,
    /// How many there are, `low` and `high` together.
    pub has: usize,
    /// How many there are where the interval begins.
    pub low: usize,
    /// How many there are where it ends.
    pub high: usize,
    /// Whether the field is periodic in this direction, which settles the matter.
    pub periodic: bool,
}

/// What every field needs in every direction by which it is differentiated.
pub fn counts(problem: &Problem, orders: &Orders) -> Vec<Count> {
    let mut highest: BTreeMap<(FieldId, CoordinateId), usize> = BTreeMap::new();
    let mut given: BTreeMap<(FieldId, CoordinateId), [usize; 2]> = BTreeMap::new();
    let mut enter = |field: FieldId, coordinate: CoordinateId, order: usize| {
        let entry = highest.entry((field, coordinate)).or_insert(0);
        *entry = order.max(*entry);
    };
    // Of equations counts what is left when terms have cancelled: `∇²v = ∇(∇·v) - ∇×(∇×v)` says nothing.
    let lowered = jet::lower(problem);
    for (function, index) in lowered.graph.jets(&lowered.equations) {
        let by: BTreeSet<usize> = index.coordinates().collect();
        for coordinate in by {
            let order = index.order_in(coordinate);
            enter(Id::from_index(function), Id::from_index(coordinate), order);
        }
    }
    for energy in &problem.energies {
        for (field, coordinate, order) in orders.derivatives(energy.value) {
            enter(field, coordinate, order);
        }
    }
    // A condition is one condition, however many fields it couples: it counts for the field that has fewest there, after
    // those that speak of one field only.
    let mut coupled = Vec::new();
    for condition in &problem.conditions {
        let side = match condition.part.side {
            Side::Low => 0,
            Side::High => 1,
        };
        let coordinate = condition.part.coordinate;
        match mentioned(orders, [condition.left, condition.right]).as_slice() {
            [field] => given.entry((*field, coordinate)).or_default()[side] += 1,
            fields => coupled.push((fields.to_vec(), coordinate, side)),
        }
    }
    for (fields, coordinate, side) in coupled {
        let has = |field: &FieldId| given.get(&(*field, coordinate)).map_or(0, |it| it[side]);
        // a field that is not differentiated in this direction needs nothing there
        let wanting = fields
            .iter()
            .filter(|field| highest.contains_key(&(**field, coordinate)))
            .min_by_key(|field| has(field));
        if let Some(field) = wanting.copied() {
            given.entry((field, coordinate)).or_default()[side] += 1;
        }
    }
    // What covers the boundary of a domain of another shape is a question of geometry: only time is counted.
    let counted = |coordinate: CoordinateId| {
        problem.domain.is_none() || problem.coordinates[coordinate].role == Role::Time
    };
    highest
        .into_iter()
        .filter(|((_, coordinate), _)| counted(*coordinate))
        .map(|((field, coordinate), order)| {
            let [low, high] = given.get(&(field, coordinate)).copied().unwrap_or_default();
            let declared = &problem.coordinates[coordinate];
            let ends = [Side::Low, Side::High].map(|side| Part { coordinate, side });
            let singular = ends.iter().filter_map(|end| {
                let less = problem.singular.get(&(field, *end))?;
                Some((part(problem, *end), *less))
            });
            let (singular, less): (Vec<String>, Vec<usize>) = singular.unzip();
            let less: usize = less.iter().sum();
            let needs = needed(problem, coordinate, order);
            Count {
                field: problem.fields[field].name.clone(),
                coordinate: declared.name.clone(),
                order,
                needs: needs.map(|needs| needs.saturating_sub(less)),
                singular,
                has: low + high,
                low,
                high,
                periodic: declared.periodic,
            }
        })
        .collect()
}

/// The fields of both sides, each once: an equation between two sides is one condition.
fn mentioned(orders: &Orders, sides: [ExpressionId; 2]) -> Vec<FieldId> {
    let mut fields: Vec<FieldId> = sides.iter().flat_map(|side| orders.fields(*side)).collect();
    fields.sort_unstable();
    fields.dedup();
    fields
}

fn needed(problem: &Problem, coordinate: CoordinateId, order: usize) -> Option<usize> {
    let declared = &problem.coordinates[coordinate];
    let energies = !problem.energies.is_empty();
    match declared.role {
        Role::Family => None,
        Role::Time => Some(order),
        Role::Space if declared.periodic => Some(0),
        // what an energy leaves free at the boundary, its minimiser meets by itself
        Role::Space if energies => None,
        Role::Space if order == 1 && problem.fields.len() > 1 => None,
        Role::Space => Some(order),
    }
}
