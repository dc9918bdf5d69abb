//! Functions of neurons, each one line of symbols: jets, adjoints and machine code follow from that line.

use crate::function::{Algebra, Function};
use crate::jet::{Graph, NodeId};

/// Activations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Activation {
    /// `tanh z`
    Tanh,
    /// `sin z`
    Sin,
    /// `z / (1 + exp(−z))`
    Swish,
    /// `z·(1 + erf(z/√2))/2`
    Gelu,
    /// `log(1 + exp z)`
    Softplus,
}

/// All activations with their names in settings.
pub const ACTIVATIONS: [(&str, Activation); 5] = [
    ("tanh", Activation::Tanh),
    ("sin", Activation::Sin),
    ("swish", Activation::Swish),
    ("gelu", Activation::Gelu),
    ("softplus", Activation::Softplus),
];

impl Activation {
    /// Its name in settings.
    #[must_use]
    pub fn name(self) -> &'static str {
        ACTIVATIONS
            .iter()
            .find(|(_, activation)| *activation == self)
            .map_or("", |(name, _)| name)
    }

    /// The activation as a symbolic expression of `z`: everything else follows from this line.
    pub fn expression(self, graph: &mut Graph, z: NodeId) -> NodeId {
        match self {
            Self::Tanh => graph.function(Function::Tanh, z),
            Self::Sin => graph.function(Function::Sin, z),
            Self::Swish => {
                let minus = graph.negate(z);
                let exponential = graph.function(Function::Exp, minus);
                let denominator = graph.sum(&[(exponential, 1.0)], 1.0);
                graph.divide(z, denominator)
            }
            Self::Gelu => {
                let scaled = graph.scale(std::f64::consts::FRAC_1_SQRT_2, z);
                let erf = graph.function(Function::Erf, scaled);
                let half = graph.sum(&[(erf, 0.5)], 0.5);
                graph.multiply(z, half)
            }
            Self::Softplus => {
                let exponential = graph.function(Function::Exp, z);
                let argument = graph.sum(&[(exponential, 1.0)], 1.0);
                graph.function(Function::Log, argument)
            }
        }
    }
}

/// A function applied to each neuron, of one or more values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pointwise {
    /// `f(z)`
    Activation(Activation),
    /// `a + b`
    Sum,
    /// `a·b`
    Product,
    /// `(1 − z)·u + z·v` of `z`, `u`, `v`
    Gate,
}

impl Pointwise {
    /// Its name, for people.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Activation(activation) => activation.name(),
            Self::Sum => "sum",
            Self::Product => "product",
            Self::Gate => "gate",
        }
    }

    /// What its arguments are called.
    #[must_use]
    pub fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::Activation(_) => &["z"],
            Self::Sum | Self::Product => &["a", "b"],
            Self::Gate => &["z", "u", "v"],
        }
    }

    /// The function as a symbolic expression of its arguments: jets and adjoints follow from this line.
    pub fn expression(self, graph: &mut Graph, arguments: &[NodeId]) -> NodeId {
        match (self, arguments) {
            (Self::Activation(activation), &[z]) => activation.expression(graph, z),
            (Self::Gate, &[z, u, v]) => {
                let difference = graph.subtract(v, u);
                let moved = graph.multiply(z, difference);
                graph.add(u, moved)
            }
            (Self::Product, factors) => {
                let factors: Vec<(NodeId, i32)> = factors.iter().map(|&f| (f, 1)).collect();
                graph.product(&factors)
            }
            (Self::Sum | Self::Activation(_) | Self::Gate, terms) => {
                let terms: Vec<(NodeId, f64)> = terms.iter().map(|&t| (t, 1.0)).collect();
                graph.sum(&terms, 0.0)
            }
        }
    }
}
