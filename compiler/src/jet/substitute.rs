//! Replacement of leaves, everything above them rebuilt canonically.

use super::{Graph, Node, NodeId};
use crate::hash::HashMap;

impl Graph {
    /// Rebuilds `roots` with every leaf for which `replacement` has an answer replaced by it.
    ///
    /// Leaves are numbers, coordinates, uniforms, data and jets. `replacement` may construct nodes.
    pub fn substitute(
        &mut self,
        roots: &[NodeId],
        mut replacement: impl FnMut(&mut Self, &Node) -> Option<NodeId>,
    ) -> Vec<NodeId> {
        let mut images: HashMap<NodeId, NodeId> = HashMap::default();
        for id in self.reachable(roots) {
            let node = self.node(id).clone();
            let image = match &node {
                Node::Number(_)
                | Node::Coordinate(_)
                | Node::Uniform(_)
                | Node::Datum(_)
                | Node::Jet { .. } => replacement(self, &node).unwrap_or(id),
                Node::Sum { constant, terms } => {
                    let terms: Vec<(NodeId, f64)> = terms
                        .iter()
                        .map(|&(term, coefficient)| (images[&term], coefficient.value()))
                        .collect();
                    self.sum(&terms, constant.value())
                }
                Node::Product(factors) => {
                    let factors: Vec<(NodeId, i32)> = factors
                        .iter()
                        .map(|&(factor, exponent)| (images[&factor], exponent))
                        .collect();
                    self.product(&factors)
                }
                Node::Power { base, exponent } => self.power(images[base], images[exponent]),
                Node::Call(function, argument) => self.function(*function, images[argument]),
                Node::Select {
                    left,
                    right,
                    less,
                    otherwise,
                } => self.select(images[left], images[right], images[less], images[otherwise]),
            };
            images.insert(id, image);
        }
        roots.iter().map(|root| images[root]).collect()
    }

    /// Replaces unknown functions by expressions: every jet `D^α u` becomes `D^α` of the expression.
    ///
    /// `expressions[function]` is `None` for a function that stays.
    pub fn substitute_functions(
        &mut self,
        roots: &[NodeId],
        expressions: &[Option<NodeId>],
    ) -> Vec<NodeId> {
        self.substitute(roots, |graph, leaf| {
            let Node::Jet { function, index } = leaf else {
                return None;
            };
            let expression = expressions.get(usize::from(*function)).copied().flatten()?;
            Some(graph.differentiate_by(expression, index))
        })
    }

    /// Whether an expression contains this unknown function, at any order.
    #[must_use]
    pub fn mentions(&self, root: NodeId, function: usize) -> bool {
        self.jets(&[root]).iter().any(|(f, _)| *f == function)
    }

    /// The highest order of differentiation by one coordinate, over all jets of an expression.
    #[must_use]
    pub fn order_in(&self, root: NodeId, coordinate: usize) -> usize {
        let orders = self
            .reachable(&[root])
            .into_iter()
            .map(|id| match self.node(id) {
                Node::Jet { index, .. } => index.order_in(coordinate),
                Node::Number(_)
                | Node::Coordinate(_)
                | Node::Uniform(_)
                | Node::Datum(_)
                | Node::Sum { .. }
                | Node::Product(_)
                | Node::Power { .. }
                | Node::Call(..)
                | Node::Select { .. } => 0,
            });
        orders.max().unwrap_or(0)
    }
}
