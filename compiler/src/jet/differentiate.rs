//! Partial derivatives of jet expressions, of any order and mix: memoised, iterative.

use super::{Graph, MultiIndex, Node, NodeId};
use crate::function::{Algebra, Function};

impl Graph {
    /// `∂ root / ∂ coordinate`, all else that depends on the coordinate included (a total derivative).
    pub fn differentiate(&mut self, root: NodeId, coordinate: usize) -> NodeId {
        let by = u16::try_from(coordinate).unwrap_or(u16::MAX);
        // Nodes whose derivative is not known yet; handles grow from children to parents, so sorting is a
        // topological order.
        let mut missing = Vec::new();
        let mut stack = vec![root];
        let mut seen = std::collections::HashSet::new();
        while let Some(id) = stack.pop() {
            if seen.insert(id) && !self.derivatives.contains_key(&(id, by)) {
                missing.push(id);
                self.for_each_child(id, |child| stack.push(child));
            }
        }
        missing.sort_unstable();
        for id in missing {
            let derivative = self.derivative_of_node(id, coordinate, by);
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

    /// The derivative of one node; those of its children are known.
    fn derivative_of_node(&mut self, id: NodeId, coordinate: usize, by: u16) -> NodeId {
        match self.node(id).clone() {
            Node::Number(_) | Node::Uniform(_) | Node::Datum(_) => self.number(0.0),
            Node::Coordinate(c) => self.number(if c == by { 1.0 } else { 0.0 }),
            Node::Jet { function, index } => {
                self.jet(usize::from(function), index.raised(coordinate))
            }
            Node::Sum { terms, .. } => {
                let derivatives: Vec<(NodeId, f64)> = terms
                    .iter()
                    .map(|&(term, coefficient)| {
                        (self.derivatives[&(term, by)], coefficient.value())
                    })
                    .collect();
                self.sum(&derivatives, 0.0)
            }
            Node::Product(factors) => {
                // Σ_i e_i · f_i^(e_i − 1) · f_i' · Π_{j≠i} f_j^e_j
                let mut terms = Vec::with_capacity(factors.len());
                for (position, &(factor, exponent)) in factors.iter().enumerate() {
                    let derivative = self.derivatives[&(factor, by)];
                    if self.as_number(derivative) == Some(0.0) {
                        continue;
                    }
                    let mut product = factors.clone();
                    product[position].1 -= 1;
                    product.push((derivative, 1));
                    terms.push((self.product(&product), f64::from(exponent)));
                }
                self.sum(&terms, 0.0)
            }
            Node::Power { base, exponent } => {
                let base_derivative = self.derivatives[&(base, by)];
                let exponent_derivative = self.derivatives[&(exponent, by)];
                // b^(e−1)·(e·b' + b·log b·e')
                let mut inner = vec![(self.multiply(exponent, base_derivative), 1.0)];
                if self.as_number(exponent_derivative) != Some(0.0) {
                    let log = self.function(Function::Log, base);
                    let term = self.product(&[(base, 1), (log, 1), (exponent_derivative, 1)]);
                    inner.push((term, 1.0));
                }
                let inner = self.sum(&inner, 0.0);
                let lowered = self.sum(&[(exponent, 1.0)], -1.0);
                let power = self.power(base, lowered);
                self.multiply(power, inner)
            }
            Node::Call(function, argument) => {
                let inner = self.derivatives[&(argument, by)];
                if self.as_number(inner) == Some(0.0) {
                    return inner;
                }
                match function.derivative(self, argument, id) {
                    Some(outer) => self.multiply(outer, inner),
                    None => self.number(0.0),
                }
            }
            Node::Select {
                left,
                right,
                less,
                otherwise,
            } => {
                let less = self.derivatives[&(less, by)];
                let otherwise = self.derivatives[&(otherwise, by)];
                self.select(left, right, less, otherwise)
            }
        }
    }
}
