//! The highest derivatives of each field in an expression.

use super::{CoordinateId, ExpressionId, ExpressionKind, FieldId, Problem};
use std::collections::BTreeMap;
use std::rc::Rc;

/// For each field that is mentioned, its highest order in each coordinate by which it is differentiated.
pub(super) type Orders = BTreeMap<FieldId, BTreeMap<CoordinateId, usize>>;

/// The derivative orders of every expression of a problem, by its position.
pub(super) struct OrderTable {
    orders: Vec<Rc<Orders>>,
}

impl OrderTable {
    /// Goes through all expressions once, children before parents.
    pub(super) fn new(problem: &Problem) -> Self {
        let none = Rc::new(Orders::new());
        let mut orders: Vec<Rc<Orders>> = Vec::with_capacity(problem.expressions.len());
        for (_, expression) in problem.expressions.iter() {
            let of = |id: &ExpressionId| &orders[id.index()];
            let found = match &expression.kind {
                ExpressionKind::Number(_)
                | ExpressionKind::Constant(_)
                | ExpressionKind::Coordinate(_)
                | ExpressionKind::Unknown(_)
                | ExpressionKind::Parameter(_) => none.clone(),
                ExpressionKind::Field(field) => Rc::new(Orders::from([(*field, BTreeMap::new())])),
                ExpressionKind::Definition(id) => of(&problem.definitions[*id].value).clone(),
                ExpressionKind::Negate(operand) => of(operand).clone(),
                ExpressionKind::Call { argument, .. } => of(argument).clone(),
                ExpressionKind::Integral { operand, over } => Rc::new(integrate(of(operand), over)),
                ExpressionKind::Select {
                    left,
                    right,
                    then,
                    otherwise,
                } => {
                    let condition = union(of(left), of(right));
                    union(&condition, &union(of(then), of(otherwise)))
                }
                ExpressionKind::Derivative { operand, by } => {
                    Rc::new(differentiate(problem, of(operand), by))
                }
                ExpressionKind::Binary { left, right, .. }
                | ExpressionKind::Minimum(left, right)
                | ExpressionKind::Maximum(left, right) => union(of(left), of(right)),
            };
            orders.push(found);
        }
        Self { orders }
    }

    /// The derivative orders in an expression.
    pub(super) fn of(&self, id: ExpressionId) -> &Orders {
        &self.orders[id.index()]
    }

    /// The highest order of a field in a coordinate in an expression; none where the field is not mentioned.
    pub(super) fn order(
        &self,
        id: ExpressionId,
        field: FieldId,
        coordinate: CoordinateId,
    ) -> Option<usize> {
        let orders = self.of(id).get(&field)?;
        Some(orders.get(&coordinate).copied().unwrap_or(0))
    }
}

fn differentiate(problem: &Problem, operand: &Orders, by: &[CoordinateId]) -> Orders {
    let mut orders = operand.clone();
    for (field, orders) in &mut orders {
        for coordinate in by {
            if problem.fields[*field].arguments.contains(coordinate) {
                *orders.entry(*coordinate).or_insert(0) += 1;
            }
        }
    }
    orders
}

/// An integral says nothing about the ends of the coordinates that it runs over.
fn integrate(operand: &Orders, over: &[CoordinateId]) -> Orders {
    let mut orders = operand.clone();
    for orders in orders.values_mut() {
        orders.retain(|coordinate, _| !over.contains(coordinate));
    }
    orders
}

/// A long sum soon mentions all that it ever will, so the larger side is mostly shared.
fn union(left: &Rc<Orders>, right: &Rc<Orders>) -> Rc<Orders> {
    if covers(left, right) {
        return left.clone();
    }
    if covers(right, left) {
        return right.clone();
    }
    let mut both = (**left).clone();
    for (field, orders) in right.iter() {
        let merged = both.entry(*field).or_default();
        for (coordinate, order) in orders {
            let highest = merged.entry(*coordinate).or_insert(0);
            *highest = (*highest).max(*order);
        }
    }
    Rc::new(both)
}

fn covers(large: &Orders, small: &Orders) -> bool {
    small.iter().all(|(field, orders)| {
        large.get(field).is_some_and(|larger| {
            orders.iter().all(|(coordinate, order)| {
                larger
                    .get(coordinate)
                    .is_some_and(|highest| highest >= order)
            })
        })
    })
}
