//! Derivatives of one expression by many leaves, in one sweep from the root down.
//!
//! `∂root/∂leaf` is the sum over all paths between the two; what leads to a node is shared by all leaves below it. Leaf by
//! leaf, [`Graph::partial`] would look at the whole expression each time, which for a thousand leaves is too long.

use super::{Graph, Node, NodeId};
use crate::function::Algebra;
use crate::hash::{HashMap, HashSet};

impl Graph {
    /// `∂ root / ∂ leaf` for each leaf on which the root depends; the others are left out.
    pub fn partials(&mut self, root: NodeId, leaves: &[NodeId]) -> HashMap<NodeId, NodeId> {
        let leaves: HashSet<NodeId> = leaves.iter().copied().collect();
        let below = self.reachable(&[root]);
        let mut depends: HashSet<NodeId> = HashSet::default();
        for &id in &below {
            let mut here = leaves.contains(&id);
            self.for_each_child(id, |child| here |= depends.contains(&child));
            if here {
                depends.insert(id);
            }
        }
        // What each node has collected from those above it, as terms of a sum.
        let mut collected: HashMap<NodeId, Vec<(NodeId, f64)>> = HashMap::default();
        let one = self.number(1.0);
        collected.insert(root, vec![(one, 1.0)]);
        let mut found = HashMap::default();
        // Handles grow from children to parents: everything above a node comes before it.
        for &id in below.iter().rev() {
            let Some(terms) = collected.remove(&id) else {
                continue;
            };
            let outer = self.sum(&terms, 0.0);
            if leaves.contains(&id) {
                found.insert(id, outer);
                continue;
            }
            let node = self.node(id).clone();
            for (child, inner, factor) in self.slopes(id, &node, &depends) {
                let term = self.multiply(outer, inner);
                collected.entry(child).or_default().push((term, factor));
            }
        }
        found
    }

    /// The children on which something depends, with the derivative of the node by each, as a node times a number.
    fn slopes(
        &mut self,
        id: NodeId,
        node: &Node,
        depends: &HashSet<NodeId>,
    ) -> Vec<(NodeId, NodeId, f64)> {
        let one = self.number(1.0);
        // A sum of thousands of terms is not to be derived once for each.
        if let Node::Sum { terms, .. } = node {
            let terms = terms.iter().filter(|(term, _)| depends.contains(term));
            return terms.map(|(term, c)| (*term, one, c.value())).collect();
        }
        let mut children = Vec::new();
        self.for_each_child(id, |child| {
            if depends.contains(&child) && !children.contains(&child) {
                children.push(child);
            }
        });
        let slope = |child: NodeId| {
            let known: HashMap<NodeId, NodeId> = [(child, one)].into_iter().collect();
            (child, self.derivative_of_node(id, node, &known), 1.0)
        };
        children.into_iter().map(slope).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::function::Function;
    use crate::jet::{MultiIndex, Unknown};

    /// All leaves at once, and leaf by leaf: the same nodes where nothing is factored, as here.
    #[test]
    fn partials_are_those_of_single_leaves() {
        let mut graph = Graph::new(vec![Unknown {
            name: "u".to_owned(),
            arguments: (0..4).collect(),
        }]);
        let x = graph.coordinate(0);
        let leaves: Vec<NodeId> = (0..4)
            .map(|k| graph.jet(0, MultiIndex::new(vec![k])))
            .collect();
        let [u, v, w, z] = [leaves[0], leaves[1], leaves[2], leaves[3]];
        let sine = graph.function(Function::Sin, u);
        let product = graph.product(&[(x, 2), (v, 3), (sine, 1)]);
        let inner = graph.sum(&[(w, 2.0), (x, -1.0)], 3.0);
        let power = graph.power(inner, v);
        let chosen = graph.select(x, inner, w, u);
        let root = graph.sum(&[(product, 1.0), (power, -2.0), (chosen, 1.5)], 1.0);
        let together = graph.partials(root, &leaves);
        assert!(!together.contains_key(&z), "nothing depends on it");
        for leaf in [u, v, w] {
            let alone = graph.partial(root, leaf);
            let difference = graph.sum(&[(alone, 1.0), (together[&leaf], -1.0)], 0.0);
            assert_eq!(graph.as_number(difference), Some(0.0), "leaf {leaf:?}");
        }
    }
}
