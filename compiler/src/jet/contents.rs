//! What expressions are made of, in short: known of each node when it is written, so that a pass need not look below
//! nodes that do not concern it. In a thousand dimensions a derivative by one coordinate concerns few nodes.
//!
//! * Invariant: a node holds all that its operands hold. Of coordinates more may be said to be there than are, never less.

use super::{Graph, Node, NodeId};

/// What lies in an expression.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Contents {
    /// A bit for each coordinate that it depends on; coordinates 64 apart share one.
    coordinates: u64,
    /// Whether there are jets in it.
    pub(crate) jets: bool,
    /// Whether there are data in it.
    pub(crate) data: bool,
}

impl Contents {
    /// Those of a node whose operands are written already.
    pub(super) fn of(graph: &Graph, node: &Node) -> Self {
        let mut contents = Self::default();
        let mut with = |id: NodeId| contents = contents.and(graph.contents(id));
        match node {
            Node::Number(_) | Node::Uniform(_) => {}
            Node::Coordinate(coordinate) => contents.coordinates = bit(*coordinate),
            Node::Datum(_) => contents.data = true,
            Node::Jet { function, .. } => {
                contents.jets = true;
                let unknown = graph.unknowns().get(usize::from(*function));
                let arguments = unknown.map_or(&[][..], |unknown| &unknown.arguments);
                contents.coordinates = arguments.iter().fold(0, |bits, it| bits | bit(*it));
            }
            Node::Sum { terms, .. } => terms.iter().for_each(|(term, _)| with(*term)),
            Node::Product(factors) => factors.iter().for_each(|(factor, _)| with(*factor)),
            Node::Power { base, exponent } => [*base, *exponent].into_iter().for_each(with),
            Node::Call(_, argument) => with(*argument),
            Node::Select {
                left,
                right,
                less,
                otherwise,
            } => [*left, *right, *less, *otherwise]
                .into_iter()
                .for_each(with),
        }
        contents
    }

    fn and(self, other: Self) -> Self {
        Self {
            coordinates: self.coordinates | other.coordinates,
            jets: self.jets || other.jets,
            data: self.data || other.data,
        }
    }

    /// Whether an expression may depend on a coordinate; `false` is certain.
    pub(crate) fn may_depend_on(self, coordinate: u16) -> bool {
        self.coordinates & bit(coordinate) != 0
    }

    /// Whether a node may lie in an expression; `false` is certain.
    pub(crate) fn may_hold(self, node: Self) -> bool {
        self.and(node) == self
    }
}

fn bit(coordinate: u16) -> u64 {
    1 << (coordinate % 64)
}

#[cfg(test)]
mod tests {
    use crate::function::Algebra;
    use crate::jet::{Graph, MultiIndex, NodeId, Unknown};

    /// What is said not to be there is not there, and derivatives that are not looked at are zero.
    #[test]
    fn nothing_is_missed() {
        let arguments = vec![0, 70];
        let mut graph = Graph::new(vec![Unknown {
            name: "u".to_owned(),
            arguments,
        }]);
        let g = &mut graph;
        let coordinates: Vec<NodeId> = (0..130).map(|k| g.coordinate(k)).collect();
        let [x, y, z] = [coordinates[0], coordinates[1], coordinates[64]];
        let u = g.jet(0, MultiIndex::zero());
        let datum = g.datum(0);
        let power = g.power(y, z);
        let product = g.product(&[(x, 2), (power, 1)]);
        let chosen = g.select(x, y, u, datum);
        let root = g.sum(&[(product, 1.0), (chosen, -2.0)], 1.0);
        for id in g.reachable(&[root]) {
            let inside = g.reachable(&[id]);
            for other in g.reachable(&[root]) {
                let holds = inside.contains(&other);
                assert!(!holds || g.contents(id).may_hold(g.contents(other)));
            }
        }
        assert!(!g.contents(product).jets && g.contents(chosen).jets);
        assert!(!g.contents(product).data && g.contents(root).data);
        // x and the coordinate 64 share a bit: looked at, and found to be zero where they do not occur.
        let zero = g.number(0.0);
        assert!(g.contents(power).may_depend_on(0));
        assert_eq!(g.differentiate(power, 0), zero);
        assert_eq!(g.differentiate(root, 3), zero);
        assert_ne!(g.differentiate(root, 64), zero);
        assert_ne!(g.differentiate(root, 70), zero);
    }
}
