//! Derivatives of jet expressions: by coordinates, of any order and mix (memoised), and by single jets.
//! All passes are loops.

use super::{Graph, MultiIndex, Node, NodeId};
use crate::function::{Algebra, Function};
use crate::hash::{HashMap, HashSet};

impl Graph {
    /// `∂ root / ∂ coordinate`, all else that depends on the coordinate included (a total derivative).
    pub fn differentiate(&mut self, root: NodeId, coordinate: usize) -> NodeId {
        let by = u16::try_from(coordinate).unwrap_or(u16::MAX);
        if !self.contents(root).may_depend_on(by) {
            return self.number(0.0);
        }
        // Nodes whose derivative is neither known yet nor zero for certain; handles grow from children to parents, so
        // sorting is a topological order.
        let mut missing = Vec::new();
        let mut stack = vec![root];
        let mut seen = HashSet::default();
        while let Some(id) = stack.pop() {
            if seen.insert(id) && !self.derivatives.contains_key(&(id, by)) {
                missing.push(id);
                self.for_each_child(id, |child| {
                    if self.contents(child).may_depend_on(by) {
                        stack.push(child);
                    }
                });
            }
        }
        missing.sort_unstable();
        for id in missing {
            if self.is_exhausted() {
                return self.number(0.0);
            }
            let derivative = match self.node(id).clone() {
                Node::Number(_) | Node::Uniform(_) | Node::Datum(_) => self.number(0.0),
                Node::Coordinate(c) => self.number(if c == by { 1.0 } else { 0.0 }),
                Node::Jet { function, index } => {
                    self.jet(usize::from(function), index.raised(coordinate))
                }
                node @ (Node::Sum { .. }
                | Node::Product(_)
                | Node::Power { .. }
                | Node::Call(..)
                | Node::Select { .. }) => {
                    // A node's derivative needs those of its children only.
                    let mut known = HashMap::default();
                    self.for_each_child(id, |child| {
                        if let Some(derivative) = self.derivatives.get(&(child, by)) {
                            known.insert(child, *derivative);
                        }
                    });
                    self.derivative_of_node(id, &node, &known)
                }
            };
            self.derivatives.insert((id, by), derivative);
        }
        self.derivatives[&(root, by)]
    }

    /// The derivative of a node by every coordinate of a multi-index.
    pub fn differentiate_by(&mut self, root: NodeId, index: &MultiIndex) -> NodeId {
        let mut derivative = root;
        for coordinate in index.coordinates() {
            derivative = self.differentiate(derivative, coordinate);
        }
        derivative
    }

    /// `∂ root / ∂ leaf`: how an expression depends on one leaf alone, for instance on one jet.
    pub fn partial(&mut self, root: NodeId, leaf: NodeId) -> NodeId {
        let zero = self.number(0.0);
        // Only what depends on the leaf has a derivative; in a sum of thousands of terms that is little.
        let mut known = HashMap::default();
        let wanted = self.contents(leaf);
        for id in self.reachable_where(&[root], |id| self.contents(id).may_hold(wanted)) {
            if id == leaf {
                known.insert(id, self.number(1.0));
                continue;
            }
            let mut depends = false;
            self.for_each_child(id, |child| depends |= known.contains_key(&child));
            if depends {
                let node = self.node(id).clone();
                let derivative = self.derivative_of_node(id, &node, &known);
                known.insert(id, derivative);
            }
        }
        known.get(&root).copied().unwrap_or(zero)
    }

    /// The derivative of an inner node; those of its children are `known`, or zero.
    pub(super) fn derivative_of_node(
        &mut self,
        id: NodeId,
        node: &Node,
        known: &HashMap<NodeId, NodeId>,
    ) -> NodeId {
        let zero = self.number(0.0);
        let of = |child: &NodeId| known.get(child).copied().unwrap_or(zero);
        match node {
            Node::Number(_)
            | Node::Uniform(_)
            | Node::Datum(_)
            | Node::Coordinate(_)
            | Node::Jet { .. } => zero,
            Node::Sum { terms, .. } => {
                let derivatives: Vec<(NodeId, f64)> = terms
                    .iter()
                    .map(|(term, coefficient)| (of(term), coefficient.value()))
                    .filter(|(derivative, _)| *derivative != zero)
                    .collect();
                self.sum(&derivatives, 0.0)
            }
            Node::Product(factors) => {
                // Σ_i e_i · f_i^(e_i − 1) · f_i' · Π_{j≠i} f_j^e_j
                let mut terms = Vec::with_capacity(factors.len());
                for (position, (factor, exponent)) in factors.iter().enumerate() {
                    let derivative = of(factor);
                    if self.as_number(derivative) == Some(0.0) {
                        continue;
                    }
                    if self.is_exhausted() {
                        break;
                    }
                    let mut product = factors.clone();
                    product[position].1 -= 1;
                    product.push((derivative, 1));
                    terms.push((self.product(&product), f64::from(*exponent)));
                }
                self.sum(&terms, 0.0)
            }
            Node::Power { base, exponent } => {
                // b^(e−1)·(e·b' + b·log b·e')
                let (base, exponent) = (*base, *exponent);
                let mut inner = vec![(self.multiply(exponent, of(&base)), 1.0)];
                if self.as_number(of(&exponent)) != Some(0.0) {
                    let log = self.function(Function::Log, base);
                    let term = self.product(&[(base, 1), (log, 1), (of(&exponent), 1)]);
                    inner.push((term, 1.0));
                }
                let inner = self.sum(&inner, 0.0);
                let lowered = self.sum(&[(exponent, 1.0)], -1.0);
                let power = self.power(base, lowered);
                self.multiply(power, inner)
            }
            Node::Call(function, argument) => {
                let inner = of(argument);
                if self.as_number(inner) == Some(0.0) {
                    return inner;
                }
                match function.derivative(self, *argument, id) {
                    Some(outer) => self.multiply(outer, inner),
                    None => self.number(0.0),
                }
            }
            Node::Select {
                left,
                right,
                less,
                otherwise,
            } => self.select(*left, *right, of(less), of(otherwise)),
        }
    }
}
