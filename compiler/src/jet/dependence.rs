//! How expressions depend on some of their leaves: affinely, or otherwise.

use super::{Graph, Node, NodeId};
use crate::function::Function;
use crate::hash::HashSet;

impl Graph {
    /// The nodes that decide between pieces of an expression: everything below a comparison, a jump or a kink.
    ///
    /// There a derivative does not tell how an expression depends on a leaf: that of `sign(u)` is zero.
    #[must_use]
    pub(crate) fn deciding(&self, roots: &[NodeId]) -> HashSet<NodeId> {
        let mut decisions = Vec::new();
        for id in self.reachable(roots) {
            match self.node(id) {
                Node::Select { left, right, .. } => decisions.extend([*left, *right]),
                Node::Call(Function::Abs | Function::Sign | Function::Heaviside, argument) => {
                    decisions.push(*argument);
                }
                Node::Number(_)
                | Node::Coordinate(_)
                | Node::Uniform(_)
                | Node::Datum(_)
                | Node::Jet { .. }
                | Node::Sum { .. }
                | Node::Product(_)
                | Node::Power { .. }
                | Node::Call(..) => {}
            }
        }
        self.reachable(&decisions).into_iter().collect()
    }

    /// Whether an expression is affine in these leaves together: no jump, kink or comparison looks at them, and
    /// all second derivatives by them vanish.
    ///
    /// The answer `true` is certain; `false` may also mean that terms cancel in a way that simplification does
    /// not see.
    pub fn is_affine_in(&mut self, root: NodeId, leaves: &[NodeId]) -> bool {
        // Nearly all that is affine is written so; second derivatives see what products hide.
        if self.is_written_affine(root, leaves) {
            return true;
        }
        let deciding = self.deciding(&[root]);
        if leaves.iter().any(|leaf| deciding.contains(leaf)) {
            return false;
        }
        for (position, &leaf) in leaves.iter().enumerate() {
            let slope = self.partial(root, leaf);
            let in_slope: HashSet<NodeId> = self.reachable(&[slope]).into_iter().collect();
            for &other in &leaves[position..] {
                if in_slope.contains(&other) {
                    let bend = self.partial(slope, other);
                    if self.as_number(bend) != Some(0.0) {
                        return false;
                    }
                }
            }
        }
        true
    }

    /// Whether these leaves enter sums and products only, and each product once.
    fn is_written_affine(&self, root: NodeId, leaves: &[NodeId]) -> bool {
        let leaves: HashSet<NodeId> = leaves.iter().copied().collect();
        // The nodes that depend on a leaf; all of them are affine, or the answer is no.
        let mut dependent: HashSet<NodeId> = HashSet::default();
        for id in self.reachable(&[root]) {
            let mut depends = leaves.contains(&id);
            self.for_each_child(id, |child| depends |= dependent.contains(&child));
            if !depends {
                continue;
            }
            dependent.insert(id);
            let affine = match self.node(id) {
                Node::Number(_)
                | Node::Coordinate(_)
                | Node::Uniform(_)
                | Node::Datum(_)
                | Node::Jet { .. }
                | Node::Sum { .. } => true,
                Node::Product(factors) => {
                    let here = factors
                        .iter()
                        .filter(|(factor, _)| dependent.contains(factor));
                    here.map(|(_, exponent)| *exponent).eq([1])
                }
                Node::Power { .. } | Node::Call(..) | Node::Select { .. } => false,
            };
            if !affine {
                return false;
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::function::Algebra;
    use crate::jet::{MultiIndex, Unknown};

    #[test]
    fn products_powers_and_jumps_are_not_affine() {
        let mut g = Graph::new(vec![Unknown {
            name: "u".into(),
            arguments: vec![0],
        }]);
        let g = &mut g;
        let (x, k) = (g.coordinate(0), g.uniform(0));
        let (u, slope) = (g.jet(0, MultiIndex::zero()), g.jet(0, MultiIndex::new([0])));
        let affine = |g: &mut Graph, root: NodeId| {
            [
                g.is_affine_in(root, &[u, slope]),
                g.is_affine_in(root, &[k]),
                g.is_affine_in(root, &[u, slope, k]),
            ]
        };
        let ku = g.multiply(k, u);
        assert_eq!(affine(g, ku), [true, true, false]);
        let sine = g.function(Function::Sin, k);
        let sum = g.sum(&[(sine, 1.0), (u, 2.0), (slope, 1.0)], 3.0);
        assert_eq!(affine(g, sum), [true, false, false]);
        let ux = g.multiply(u, slope);
        assert_eq!(affine(g, ux), [false, true, false]);
        // (u + 1)^3 − u^3 − 3·u^2 is 3·u + 1
        let more = g.sum(&[(u, 1.0)], 1.0);
        let (cube, less, square) = (
            g.product(&[(more, 3)]),
            g.product(&[(u, 3)]),
            g.product(&[(u, 2)]),
        );
        let cancels = g.sum(&[(cube, 1.0), (less, -1.0), (square, -3.0)], 0.0);
        assert!(g.is_affine_in(cancels, &[u]));
        for function in [Function::Sign, Function::Heaviside, Function::Abs] {
            let step = g.function(function, u);
            assert_eq!(affine(g, step), [false, true, false]);
            let of_x = g.function(function, x);
            let weighted = g.multiply(of_x, u);
            assert_eq!(affine(g, weighted), [true; 3]);
        }
        let one = g.number(1.0);
        let choice = g.select(u, k, one, x);
        assert_eq!(affine(g, choice), [false; 3]);
    }
}
