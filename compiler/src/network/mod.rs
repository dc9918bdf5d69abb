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
    /// Two encoders `U`, `V` of the input gate every hidden layer: `h ← (1 − z)⊙U + z⊙V` with
    /// `z = f(W·h + b)` (Wang, Teng, Perdikaris 2021).
    ModifiedMlp {
        /// Neurons in each hidden layer and encoder.
        width: usize,
        /// Hidden layers.
        depth: usize,
        /// Applied in every hidden layer and encoder.
        activation: Activation,
    },
}

impl Architecture {
    /// An architecture of hidden layers, plain or gated.
    #[must_use]
    pub fn of_layers(modified: bool, width: usize, depth: usize, activation: Activation) -> Self {
        if modified {
            Self::ModifiedMlp {
                width,
                depth,
                activation,
            }
        } else {
            Self::Mlp {
                width,
                depth,
                activation,
            }
        }
    }

    /// Its name in settings.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Mlp { .. } => "mlp",
            Self::ModifiedMlp { .. } => "modified_mlp",
        }
    }

    /// Width, depth and activation of its hidden layers.
    #[must_use]
    pub fn layers(&self) -> (usize, usize, Activation) {
        match *self {
            Self::Mlp {
                width,
                depth,
                activation,
            }
            | Self::ModifiedMlp {
                width,
                depth,
                activation,
            } => (width, depth, activation),
        }
    }
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
    Pointwise {
        /// What it reads: one value for each argument of the function.
        sources: Vec<Source>,
        /// The function.
        function: Pointwise,
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
        let mut network = Self {
            inputs,
            outputs,
            primitives: Vec::new(),
            parameters: 0,
        };
        let (last, size) = match *architecture {
            Architecture::Mlp {
                width,
                depth,
                activation,
            } => network.mlp(width, depth, activation),
            Architecture::ModifiedMlp {
                width,
                depth,
                activation,
            } => network.modified_mlp(width, depth, activation),
        };
        network.affine("output".to_string(), last, size, outputs);
        network
    }

    /// Dense layers; returns the last one and its width.
    fn mlp(&mut self, width: usize, depth: usize, activation: Activation) -> (Source, usize) {
        let (mut source, mut size) = (Source::Input, self.inputs);
        for layer in 0..depth {
            source = self.dense(format!("layer{layer}"), source, size, width, activation);
            size = width;
        }
        (source, size)
    }

    /// Gated layers; returns the last one and its width.
    fn modified_mlp(
        &mut self,
        width: usize,
        depth: usize,
        activation: Activation,
    ) -> (Source, usize) {
        let input = (Source::Input, self.inputs);
        let u = self.dense("encoder_u".to_string(), input.0, input.1, width, activation);
        let v = self.dense("encoder_v".to_string(), input.0, input.1, width, activation);
        let (mut source, mut size) = input;
        for layer in 0..depth {
            let z = self.dense(format!("layer{layer}"), source, size, width, activation);
            source = self.pointwise(Pointwise::Gate, vec![z, u, v], width);
            size = width;
        }
        (source, size)
    }

    /// `f(W·a + b)`
    fn dense(
        &mut self,
        name: String,
        source: Source,
        inputs: usize,
        outputs: usize,
        activation: Activation,
    ) -> Source {
        let affine = self.affine(name, source, inputs, outputs);
        self.pointwise(Pointwise::Activation(activation), vec![affine], outputs)
    }

    fn pointwise(&mut self, function: Pointwise, sources: Vec<Source>, width: usize) -> Source {
        self.primitives.push(Primitive::Pointwise {
            sources,
            function,
            width,
        });
        Source::Primitive(self.primitives.len() - 1)
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
                Primitive::Pointwise { .. } => None,
            })
    }
}
