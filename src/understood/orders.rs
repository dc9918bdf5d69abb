//! Which fields an expression mentions, and how often each is differentiated by each coordinate.

use pdec_compiler::hir::{CoordinateId, ExpressionId, ExpressionKind, FieldId, Problem};
use std::collections::BTreeMap;
use std::rc::Rc;

/// For each field, its highest order in each coordinate by which it is differentiated.
type Table = BTreeMap<(FieldId, Option<CoordinateId>), usize>;

/// The derivative orders of every expression of a problem.
///
/// A field itself is entered without a coordinate, so that it counts as mentioned where nothing differentiates it.
pub struct Orders {
    of: Vec<Rc<Table>>,
}

impl Orders {
    /// Goes through all expressions once, children before parents.
    pub fn new(problem: &Problem) -> Self {
        let mut of: Vec<Rc<Table>> = Vec::with_capacity(problem.expressions.len());
        for (_, expression) in problem.expressions.iter() {
            let table = match &expression.kind {
                ExpressionKind::Field(field) => Rc::new(Table::from([((*field, None), 0)])),
                ExpressionKind::Definition(id) => {
                    Rc::clone(&of[problem.definitions[*id].value.index()])
                }
                ExpressionKind::Derivative { operand, by } => {
                    Rc::new(differentiated(problem, &of[operand.index()], by))
                }
                ExpressionKind::Number(_)
                | ExpressionKind::Constant(_)
                | ExpressionKind::Coordinate(_)
                | ExpressionKind::Parameter(_)
                | ExpressionKind::Unknown(_)
                | ExpressionKind::Negate(_)
                | ExpressionKind::Binary { .. }
                | ExpressionKind::Call { .. }
                | ExpressionKind::Minimum(..)
                | ExpressionKind::Maximum(..)
                | ExpressionKind::Select { .. }
                | ExpressionKind::Integral { .. } => {
                    let operands = expression.kind.operands().map(|id| &of[id.index()]);
                    operands.fold(Rc::default(), union)
                }
            };
            of.push(table);
        }
        Self { of }
    }

    /// The fields that an expression mentions, each once.
    pub fn fields(&self, id: ExpressionId) -> impl Iterator<Item = FieldId> {
        let entries = self.of[id.index()].keys();
        entries.filter_map(|(field, coordinate)| coordinate.is_none().then_some(*field))
    }

    /// Each field with the coordinates by which it is differentiated, and the order.
    pub fn derivatives(
        &self,
        id: ExpressionId,
    ) -> impl Iterator<Item = (FieldId, CoordinateId, usize)> {
        let entries = self.of[id.index()].iter();
        entries.filter_map(|((field, coordinate), order)| Some((*field, (*coordinate)?, *order)))
    }
}

fn differentiated(problem: &Problem, operand: &Table, by: &[CoordinateId]) -> Table {
    let mut table = operand.clone();
    for (field, coordinate) in operand.keys() {
        if coordinate.is_some() {
            continue;
        }
        for coordinate in by {
            if problem.fields[*field].arguments.contains(coordinate) {
                *table.entry((*field, Some(*coordinate))).or_insert(0) += 1;
            }
        }
    }
    table
}

/// A long sum soon mentions all that it ever will, so the larger side is mostly shared.
fn union(left: Rc<Table>, right: &Rc<Table>) -> Rc<Table> {
    let covers = |large: &Table, small: &Table| {
        large.len() >= small.len()
            && small
                .iter()
                .all(|(key, order)| large.get(key).is_some_and(|larger| larger >= order))
    };
    if covers(&left, right) {
        return left;
    }
    if covers(right, &left) {
        return Rc::clone(right);
    }
    let mut both = (*left).clone();
    for (key, order) in right.iter() {
        let highest = both.entry(*key).or_insert(0);
        *highest = (*highest).max(*order);
    }
    Rc::new(both)
}
