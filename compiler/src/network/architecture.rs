//! The architectures that a user can choose, each as a graph of primitives.

use super::{Activation, Network, Pointwise, Source};

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

impl Network {
    /// The network of an architecture.
    #[must_use]
    pub fn new(architecture: &Architecture, inputs: usize, outputs: usize) -> Self {
        let mut network = Self::empty(inputs, Vec::new());
        let last = match *architecture {
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
        network.affine("output", last, outputs);
        network
    }

    /// Dense layers; returns the last one.
    fn mlp(&mut self, width: usize, depth: usize, activation: Activation) -> Source {
        let mut source = Source::Input;
        for layer in 0..depth {
            source = self.dense(&format!("layer{layer}"), source, width, activation);
        }
        source
    }

    /// Gated layers; returns the last one.
    fn modified_mlp(&mut self, width: usize, depth: usize, activation: Activation) -> Source {
        let u = self.dense("encoder_u", Source::Input, width, activation);
        let v = self.dense("encoder_v", Source::Input, width, activation);
        let mut source = Source::Input;
        for layer in 0..depth {
            let z = self.dense(&format!("layer{layer}"), source, width, activation);
            source = self.pointwise(Pointwise::Gate, &[z, u, v]);
        }
        source
    }

    /// `f(W·a + b)`
    fn dense(
        &mut self,
        name: &str,
        source: Source,
        outputs: usize,
        activation: Activation,
    ) -> Source {
        let affine = self.affine(name, source, outputs);
        self.pointwise(Pointwise::Activation(activation), &[affine])
    }
}
