//! Networks: graphs of primitives.
//!
//! * Input: an [`Architecture`] and the numbers of inputs and outputs.
//! * Output: a [`Network`].
//! * Invariants: a primitive reads only what comes before it; parameters are one flat vector, and every
//!   primitive says which part of it is its own; no architecture has derivative code: jets and adjoints come
//!   from the primitives, and an activation is one line of symbols.

use crate::function::{Algebra, Function};
use crate::jet::{Graph, NodeId};

/// What a user chooses with `network = …`.
#[derive(Clone, Debug, PartialEq)]
pub enum Architecture {
    /// Dense layers with one activation.
    Mlp {
        /// Neurons in each hidden layer.
        width: usize,
        /// Hidden layers.
        depth: usize,
        /// Applied after every hidden layer.
        activation: Activation,
    },
}

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

/// The value that a primitive reads: the network's input or another primitive's output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The input of the network.
    Input,
    /// The output of the primitive at this position.
    Primitive(usize),
}

/// `W·a + b`, `W` stored row by row (one row for each output) in the flat vector of parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Affine {
    /// Its name, for files and people.
    pub name: String,
    /// Numbers read.
    pub inputs: usize,
    /// Numbers written.
    pub outputs: usize,
    /// Where the `outputs × inputs` weights begin.
    pub weight: usize,
    /// Where the `outputs` biases begin.
    pub bias: usize,
}

/// One node of a network.
#[derive(Clone, Debug, PartialEq)]
pub enum Primitive {
    /// `W·a + b`
    Affine {
        /// What it reads.
        source: Source,
        /// Its shape and parameters.
        affine: Affine,
    },
    /// A function applied to each neuron.
    Activation {
        /// What it reads.
        source: Source,
        /// The function.
        activation: Activation,
        /// The number of neurons.
        width: usize,
    },
}

/// A graph of primitives; the last one is the output.
#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    /// Numbers read.
    pub inputs: usize,
    /// Numbers written.
    pub outputs: usize,
    /// The nodes, in an order in which they can be evaluated.
    pub primitives: Vec<Primitive>,
    /// The number of parameters.
    pub parameters: usize,
}

impl Network {
    /// The network of an architecture.
    #[must_use]
    pub fn new(architecture: &Architecture, inputs: usize, outputs: usize) -> Self {
        match *architecture {
            Architecture::Mlp {
                width,
                depth,
                activation,
            } => Self::mlp(inputs, outputs, width, depth, activation),
        }
    }

    fn mlp(
        inputs: usize,
        outputs: usize,
        width: usize,
        depth: usize,
        activation: Activation,
    ) -> Self {
        let mut network = Self {
            inputs,
            outputs,
            primitives: Vec::new(),
            parameters: 0,
        };
        let mut source = Source::Input;
        let mut size = inputs;
        for layer in 0..depth {
            let affine = network.affine(format!("layer{layer}"), source, size, width);
            network.primitives.push(Primitive::Activation {
                source: affine,
                activation,
                width,
            });
            source = Source::Primitive(network.primitives.len() - 1);
            size = width;
        }
        network.affine("output".to_string(), source, size, outputs);
        network
    }

    fn affine(&mut self, name: String, source: Source, inputs: usize, outputs: usize) -> Source {
        let weight = self.parameters;
        let bias = weight + inputs * outputs;
        self.parameters = bias + outputs;
        self.primitives.push(Primitive::Affine {
            source,
            affine: Affine {
                name,
                inputs,
                outputs,
                weight,
                bias,
            },
        });
        Source::Primitive(self.primitives.len() - 1)
    }

    /// The affine primitives, in order.
    pub fn affines(&self) -> impl Iterator<Item = &Affine> {
        self.primitives
            .iter()
            .filter_map(|primitive| match primitive {
                Primitive::Affine { affine, .. } => Some(affine),
                Primitive::Activation { .. } => None,
            })
    }
}
