//! Jet expressions: scalar expressions in the derivatives ("jets") of the unknown functions.
//!
//! * Input: the [`Problem`](crate::hir::Problem), through [`lower()`].
//! * Output: a [`Graph`], the directed acyclic graph that every later stage works on.
//! * Invariants: nodes are hash-consed, so equal expressions are one node; a node is canonical when it is
//!   constructed (see [`simplify`]); children have smaller handles than their parents, so passes are loops;
//!   transcendental functions of numbers are never evaluated here, so the same text gives the same graph on
//!   every machine.
//!
//! A *jet* of a function `u` is one of its partial derivatives at the point at hand, named by a sorted
//! multi-index: `D_x Jet(u, α) = Jet(u, α + e_x)`. Differentiating an expression therefore never leaves
//! the algebra, to any order.

mod contents;
mod dependence;
mod differentiate;
mod dot;
mod exponent;
mod lower;
mod multi_index;
mod partials;
pub mod plan;
mod print;
pub mod simplify;
mod substitute;

pub use dot::dot;
pub(crate) use lower::lower_arena;
pub use lower::{Integrated, Lowering, lower, lower_expression, lower_whole, uniform_of_unknown};
pub use multi_index::MultiIndex;
pub(crate) use print::number as print_number;
pub use print::{Names, print_bindings};

use crate::function::{Algebra, Function};
use crate::hash::{HashMap, HashSet};
use contents::Contents;

/// The handle of a node in a [`Graph`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(u32);

impl NodeId {
    /// The position of the node; children come first.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A number compared by its bits, so that it can be part of a hash-consed node. Never `-0.0`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bits(u64);

impl Bits {
    /// The number as bits; `-0.0` becomes `0.0`.
    #[must_use]
    pub fn new(value: f64) -> Self {
        Self(if value == 0.0 { 0 } else { value.to_bits() })
    }

    /// The number.
    #[must_use]
    pub fn value(self) -> f64 {
        f64::from_bits(self.0)
    }
}

/// A scalar expression.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Node {
    /// A number.
    Number(Bits),
    /// A coordinate of the point at hand.
    Coordinate(u16),
    /// A number that is the same at every point and fixed while a kernel runs: a parameter, the end of a
    /// time window.
    Uniform(u16),
    /// A number given with each point, for instance a value to be met there. It is not differentiated.
    Datum(u16),
    /// A partial derivative of an unknown function.
    Jet {
        /// Which function.
        function: u16,
        /// Which derivative.
        index: MultiIndex,
    },
    /// `constant + Σ coefficient·node`; terms sorted by node, coefficients not zero, no term a sum unless
    /// it is too long to be merged.
    Sum {
        /// The constant.
        constant: Bits,
        /// Node and coefficient.
        terms: Vec<(NodeId, Bits)>,
    },
    /// `Π node^exponent`; factors sorted by node, exponents not zero, no factor a number, and none a product unless
    /// it is too long to be merged.
    Product(Vec<(NodeId, i32)>),
    /// `base^exponent` where the exponent is not a whole number.
    Power {
        /// The base.
        base: NodeId,
        /// The exponent.
        exponent: NodeId,
    },
    /// A function of one argument.
    Call(Function, NodeId),
    /// `if left < right { less } else { otherwise }`
    Select {
        /// Left side of the comparison.
        left: NodeId,
        /// Right side of the comparison.
        right: NodeId,
        /// The value where `left < right`.
        less: NodeId,
        /// The value elsewhere.
        otherwise: NodeId,
    },
}

/// An unknown function and the coordinates that it depends on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// Its name.
    pub name: String,
    /// The coordinates that it depends on; derivatives by others are zero.
    pub arguments: Vec<u16>,
}

/// A hash-consed directed acyclic graph of scalar expressions.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    nodes: Vec<Node>,
    handles: HashMap<Node, NodeId>,
    derivatives: HashMap<(NodeId, u16), NodeId>,
    unknowns: Vec<Unknown>,
    /// What each node is made of.
    contents: Vec<Contents>,
    /// How many operands may still be written, where that is limited.
    left: Option<usize>,
}

impl Graph {
    /// An empty graph over these unknown functions.
    #[must_use]
    pub fn new(unknowns: Vec<Unknown>) -> Self {
        Self {
            unknowns,
            ..Self::default()
        }
    }

    /// The unknown functions.
    #[must_use]
    pub fn unknowns(&self) -> &[Unknown] {
        &self.unknowns
    }

    /// Limits how many nodes and operands are written from now on: derivatives of a product have, at every order, more
    /// terms by its length. Beyond the limit derivatives are zero, and [`Graph::is_exhausted`] says so.
    pub fn limit(&mut self, operands: Option<usize>) {
        self.left = operands;
    }

    /// Whether the limit has been reached, so that derivatives since then are wrong.
    #[must_use]
    pub fn is_exhausted(&self) -> bool {
        self.left == Some(0)
    }

    /// How much may still be written, where that is limited.
    #[must_use]
    pub fn left(&self) -> Option<usize> {
        self.left
    }

    /// Adds an unknown function and returns its number.
    pub fn add_unknown(&mut self, unknown: Unknown) -> u16 {
        self.unknowns.push(unknown);
        u16::try_from(self.unknowns.len() - 1).unwrap_or(u16::MAX)
    }

    /// The node behind a handle.
    #[must_use]
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.index()]
    }

    /// The number of nodes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is no node.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The number that a node is, if it is one.
    #[must_use]
    pub fn as_number(&self, id: NodeId) -> Option<f64> {
        match self.node(id) {
            Node::Number(bits) => Some(bits.value()),
            Node::Coordinate(_)
            | Node::Uniform(_)
            | Node::Datum(_)
            | Node::Jet { .. }
            | Node::Sum { .. }
            | Node::Product(_)
            | Node::Power { .. }
            | Node::Call(..)
            | Node::Select { .. } => None,
        }
    }

    /// A coordinate.
    pub fn coordinate(&mut self, coordinate: usize) -> NodeId {
        self.intern(Node::Coordinate(
            u16::try_from(coordinate).unwrap_or(u16::MAX),
        ))
    }

    /// A uniform.
    pub fn uniform(&mut self, uniform: usize) -> NodeId {
        self.intern(Node::Uniform(u16::try_from(uniform).unwrap_or(u16::MAX)))
    }

    /// A datum.
    pub fn datum(&mut self, datum: usize) -> NodeId {
        self.intern(Node::Datum(u16::try_from(datum).unwrap_or(u16::MAX)))
    }

    /// A derivative of an unknown function; zero by a coordinate that it does not depend on.
    pub fn jet(&mut self, function: usize, index: MultiIndex) -> NodeId {
        let arguments = &self.unknowns[function].arguments;
        let depends = |coordinate: usize| arguments.iter().any(|&a| usize::from(a) == coordinate);
        if index.coordinates().all(depends) {
            self.intern(Node::Jet {
                function: u16::try_from(function).unwrap_or(u16::MAX),
                index,
            })
        } else {
            self.number(0.0)
        }
    }

    /// The nodes that these expressions are made of, children before parents.
    #[must_use]
    pub fn reachable(&self, roots: &[NodeId]) -> Vec<NodeId> {
        self.reachable_where(roots, |_| true)
    }

    /// The nodes that these expressions are made of, without those that do not belong and what lies below them only.
    pub(crate) fn reachable_where(
        &self,
        roots: &[NodeId],
        belongs: impl Fn(NodeId) -> bool,
    ) -> Vec<NodeId> {
        let mut stack = roots.to_vec();
        stack.retain(|root| belongs(*root));
        let mut found = Vec::new();
        // One small root among thousands must not cost a look at all of them: until there are many, they are a set.
        let few = self.nodes.len() / 16;
        let mut set = HashSet::default();
        while found.len() < few {
            let Some(id) = stack.pop() else {
                found.sort_unstable();
                return found;
            };
            if set.insert(id) {
                found.push(id);
                self.for_each_child(id, |child| {
                    if belongs(child) {
                        stack.push(child);
                    }
                });
            }
        }
        let mut seen = vec![false; self.nodes.len()];
        for id in found {
            seen[id.index()] = true;
        }
        while let Some(id) = stack.pop() {
            if !std::mem::replace(&mut seen[id.index()], true) {
                self.for_each_child(id, |child| {
                    if belongs(child) {
                        stack.push(child);
                    }
                });
            }
        }
        (0..self.nodes.len())
            .filter(|&index| seen[index])
            .map(|index| NodeId(u32::try_from(index).unwrap_or(u32::MAX)))
            .collect()
    }

    /// The jets that these expressions contain, sorted by function, order and coordinates.
    #[must_use]
    pub fn jets(&self, roots: &[NodeId]) -> Vec<(usize, MultiIndex)> {
        let mut jets = Vec::new();
        for id in self.reachable_where(roots, |id| self.contents(id).jets) {
            if let Node::Jet { function, index } = self.node(id) {
                jets.push((usize::from(*function), index.clone()));
            }
        }
        jets.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.compare(&b.1)));
        jets
    }

    /// What a node is made of.
    pub(crate) fn contents(&self, id: NodeId) -> Contents {
        self.contents[id.index()]
    }

    /// Calls `visit` with every operand of a node.
    pub fn for_each_child(&self, id: NodeId, mut visit: impl FnMut(NodeId)) {
        match self.node(id) {
            Node::Number(_)
            | Node::Coordinate(_)
            | Node::Uniform(_)
            | Node::Datum(_)
            | Node::Jet { .. } => {}
            Node::Sum { terms, .. } => terms.iter().for_each(|&(term, _)| visit(term)),
            Node::Product(factors) => factors.iter().for_each(|&(factor, _)| visit(factor)),
            Node::Power { base, exponent } => {
                visit(*base);
                visit(*exponent);
            }
            Node::Call(_, argument) => visit(*argument),
            Node::Select {
                left,
                right,
                less,
                otherwise,
            } => [*left, *right, *less, *otherwise]
                .into_iter()
                .for_each(visit),
        }
    }

    fn intern(&mut self, node: Node) -> NodeId {
        if let Some(left) = &mut self.left {
            let operands = match &node {
                Node::Number(_) | Node::Coordinate(_) | Node::Uniform(_) | Node::Datum(_) => 0,
                Node::Jet { .. } | Node::Call(..) => 1,
                Node::Power { .. } => 2,
                Node::Select { .. } => 4,
                Node::Sum { terms, .. } => terms.len(),
                Node::Product(factors) => factors.len(),
            };
            *left = left.saturating_sub(1 + operands);
        }
        if let Some(&id) = self.handles.get(&node) {
            return id;
        }
        let id = NodeId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        let contents = Contents::of(self, &node);
        self.contents.push(contents);
        self.nodes.push(node.clone());
        self.handles.insert(node, id);
        id
    }
}

impl Algebra for Graph {
    type Value = NodeId;

    fn number(&mut self, value: f64) -> NodeId {
        self.intern(Node::Number(Bits::new(value)))
    }

    fn add(&mut self, left: NodeId, right: NodeId) -> NodeId {
        self.sum(&[(left, 1.0), (right, 1.0)], 0.0)
    }

    fn multiply(&mut self, left: NodeId, right: NodeId) -> NodeId {
        self.product(&[(left, 1), (right, 1)])
    }

    fn divide(&mut self, left: NodeId, right: NodeId) -> NodeId {
        self.product(&[(left, 1), (right, -1)])
    }

    fn call(&mut self, function: Function, argument: NodeId) -> NodeId {
        self.function(function, argument)
    }
}
