//! How large the terms of an expression are: what rounding errors are compared with.

use crate::function::{Algebra, Function};
use crate::hash::HashMap;
use crate::jet::{Graph, Node, NodeId};

/// The expression with every term of every sum replaced by its absolute value, jets by the magnitude of the
/// exact solution's derivative: what rounding errors are compared with.
pub(super) fn magnitude(graph: &mut Graph, root: NodeId, exact: &[Option<NodeId>]) -> NodeId {
    let mut sizes: HashMap<NodeId, NodeId> = HashMap::default();
    for id in graph.reachable(&[root]) {
        let node = graph.node(id).clone();
        if let Node::Jet { function, index } = &node {
            let known = exact.get(usize::from(*function)).copied().flatten();
            let derivative = known.map(|solution| graph.differentiate_by(solution, index));
            if let Some(derivative) = derivative {
                // Derivatives of the exact solution have no jets: this nests once.
                let size = magnitude(graph, derivative, &[]);
                sizes.insert(id, size);
                continue;
            }
        }
        let size = match &node {
            Node::Sum { constant, terms } => {
                let terms: Vec<(NodeId, f64)> = terms
                    .iter()
                    .map(|(term, c)| (sizes[term], c.value().abs()))
                    .collect();
                graph.sum(&terms, constant.value().abs())
            }
            Node::Product(factors) => {
                let mut sized = Vec::with_capacity(factors.len());
                for &(factor, exponent) in factors {
                    // A large denominator makes a small quotient: only its value counts.
                    let size = if exponent > 0 {
                        sizes[&factor]
                    } else {
                        let value = value_of(graph, factor, exact);
                        graph.function(Function::Abs, value)
                    };
                    sized.push((size, exponent));
                }
                graph.product(&sized)
            }
            Node::Number(_)
            | Node::Coordinate(_)
            | Node::Uniform(_)
            | Node::Datum(_)
            | Node::Jet { .. }
            | Node::Power { .. }
            | Node::Call(..)
            | Node::Select { .. } => {
                let value = value_of(graph, id, exact);
                graph.function(Function::Abs, value)
            }
        };
        sizes.insert(id, size);
    }
    sizes
        .get(&root)
        .copied()
        .unwrap_or_else(|| graph.number(0.0))
}

fn value_of(graph: &mut Graph, id: NodeId, exact: &[Option<NodeId>]) -> NodeId {
    if exact.is_empty() {
        return id;
    }
    let images = graph.substitute_functions(&[id], exact);
    images.first().copied().unwrap_or(id)
}
