//! What the network carries in a block, in the form that kernels are made from.

use crate::jet::plan::{Coefficient, Plan};
use crate::jet::{Bits, Graph, MultiIndex, NodeId};

/// The plan of a block, with the pointwise coefficients of its combinations collected.
pub struct Carried {
    /// The plan.
    pub plan: Plan,
    /// The plan without reference to a graph: equal shapes have equal activation kernels.
    pub shapes: Vec<Shape>,
    /// The coefficients of combinations that are not plain numbers: one row of lanes each.
    pub operators: Vec<NodeId>,
}

/// One Taylor coefficient.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shape {
    /// A partial derivative.
    Partial(MultiIndex),
    /// A linear combination of partial derivatives.
    Combination(Vec<(MultiIndex, Weight)>),
}

/// A coefficient of a combination.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// A number.
    Number(Bits),
    /// A row of the block's operators.
    Row(usize),
}

impl Carried {
    /// Collects the coefficients of all combinations.
    pub fn new(graph: &Graph, plan: Plan) -> Self {
        let mut operators: Vec<NodeId> = Vec::new();
        let shapes = plan
            .coefficients
            .iter()
            .map(|coefficient| match coefficient {
                Coefficient::Partial(index) => Shape::Partial(index.clone()),
                Coefficient::Combination(combination) => Shape::Combination(
                    combination
                        .terms
                        .iter()
                        .map(|(index, weight)| {
                            let weight = match graph.as_number(*weight) {
                                Some(number) => Weight::Number(Bits::new(number)),
                                None => Weight::Row(position_or_push(&mut operators, *weight)),
                            };
                            (index.clone(), weight)
                        })
                        .collect(),
                ),
            })
            .collect();
        Self {
            plan,
            shapes,
            operators,
        }
    }

    /// How the coefficients of the combination at a position are given; none where there is no combination.
    pub fn weights(&self, position: usize) -> Vec<Weight> {
        match &self.shapes[position] {
            Shape::Partial(_) => Vec::new(),
            Shape::Combination(terms) => terms.iter().map(|(_, weight)| *weight).collect(),
        }
    }

    /// The number of coefficients.
    pub fn count(&self) -> usize {
        self.shapes.len()
    }
}

fn position_or_push(list: &mut Vec<NodeId>, node: NodeId) -> usize {
    list.iter()
        .position(|known| *known == node)
        .unwrap_or_else(|| {
            list.push(node);
            list.len() - 1
        })
}
