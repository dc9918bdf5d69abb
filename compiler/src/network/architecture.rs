//! The architectures that a user can choose, each as a graph of primitives.

use super::{Activation, Chaos, Gaussians, Network, Patches, Pointwise, ProPinn, Source, Start};

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
    /// Gated residual blocks that are skipped at the beginning (Wang, Li, Chen, Perdikaris 2024).
    PirateNet {
        /// Neurons in each hidden layer and encoder; even.
        width: usize,
        /// Blocks of three layers.
        depth: usize,
        /// Applied in every hidden layer and encoder.
        activation: Activation,
    },
    /// Means over regions around each point (Wu et al. 2025).
    ProPinn(ProPinn),
    /// Gaussians with trained centres and shapes (Kang et al. 2024).
    Gaussians(Gaussians),
    /// Polynomials orthonormal for what each layer reads (Oladyshkin et al. 2023).
    Chaos(Chaos),
    /// Waves that are seen in parts of an interval, for `newton_solve`.
    Patches(Patches),
}

/// Fourier features of the inputs: `cos(B·x)` and `sin(B·x)` (Tancik et al. 2020).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fourier {
    /// Rows of `B`: there are twice as many features.
    pub count: usize,
    /// The standard deviation of the elements of `B`, of inputs in [−1, 1].
    pub scale: f64,
    /// Whether `B` is trained.
    pub trained: bool,
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
            Self::PirateNet { .. } => "piratenet",
            Self::ProPinn(_) => "propinn",
            Self::Gaussians(_) => "gaussians",
            Self::Chaos(_) => "chaos",
            Self::Patches(_) => "patches",
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
            }
            | Self::PirateNet {
                width,
                depth,
                activation,
            }
            | Self::ProPinn(ProPinn {
                width,
                depth,
                activation,
                ..
            })
            | Self::Gaussians(Gaussians {
                width,
                depth,
                activation,
                ..
            })
            | Self::Chaos(Chaos {
                width,
                depth,
                activation,
                ..
            }) => (width, depth, activation),
            Self::Patches(Patches { count, .. }) => (count, 1, Activation::Sin),
        }
    }

    /// The same with other hidden layers.
    pub fn set_layers(&mut self, layers: (usize, usize, Activation)) {
        match self {
            Self::Mlp {
                width,
                depth,
                activation,
            }
            | Self::ModifiedMlp {
                width,
                depth,
                activation,
            }
            | Self::PirateNet {
                width,
                depth,
                activation,
            }
            | Self::ProPinn(ProPinn {
                width,
                depth,
                activation,
                ..
            })
            | Self::Gaussians(Gaussians {
                width,
                depth,
                activation,
                ..
            })
            | Self::Chaos(Chaos {
                width,
                depth,
                activation,
                ..
            }) => (*width, *depth, *activation) = layers,
            Self::Patches(Patches { count, .. }) => *count = layers.0,
        }
    }
}

impl Network {
    /// The network of an architecture whose inputs are the coordinates.
    #[must_use]
    pub fn new(architecture: &Architecture, inputs: usize, outputs: usize) -> Self {
        Self::with_features(architecture, None, false, inputs, inputs, outputs)
    }

    /// The network of an architecture, with Fourier features of its inputs, and with factors before the rows of all
    /// hidden layers (random weight factorisation).
    #[must_use]
    pub fn with_features(
        architecture: &Architecture,
        fourier: Option<Fourier>,
        factors: bool,
        coordinates: usize,
        inputs: usize,
        outputs: usize,
    ) -> Self {
        let mut network = Self::empty(inputs, Vec::new());
        let last = match architecture {
            &Architecture::Mlp {
                width,
                depth,
                activation,
            } => {
                let input = network.features(fourier);
                network.mlp(input, (width, depth, activation), factors)
            }
            &Architecture::ModifiedMlp {
                width,
                depth,
                activation,
            } => {
                let input = network.features(fourier);
                network.modified_mlp(input, (width, depth, activation), factors)
            }
            &Architecture::PirateNet {
                width,
                depth,
                activation,
            } => {
                // As published: the blocks are as wide as the features.
                let (scale, trained) = fourier.map_or((1.0, false), |f| (f.scale, f.trained));
                let input = network.features(Some(Fourier {
                    count: (width / 2).max(1),
                    scale,
                    trained,
                }));
                network.piratenet(input, (depth, activation), factors)
            }
            Architecture::ProPinn(propinn) => network.propinn(propinn, coordinates),
            Architecture::Gaussians(gaussians) => {
                let features = network.gaussians(gaussians);
                let layers = (gaussians.width, gaussians.depth, gaussians.activation);
                network.mlp(features, layers, factors)
            }
            Architecture::Chaos(chaos) => {
                let input = network.features(fourier);
                network.chaos(input, chaos, factors)
            }
            Architecture::Patches(patches) => network.patches(patches),
        };
        network.affine("output", last, outputs);
        network
    }

    /// Fourier features of the input, or the input itself.
    fn features(&mut self, fourier: Option<Fourier>) -> Source {
        let Some(Fourier {
            count,
            scale,
            trained,
        }) = fourier
        else {
            return Source::Input;
        };
        let start = Start::Normal { deviation: scale };
        let waves = self.started_affine("fourier", Source::Input, 1, count, start, trained);
        let parts = [Activation::Cos, Activation::Sin]
            .map(|wave| self.pointwise(Pointwise::Activation(wave), &[waves]));
        self.concatenation(&parts)
    }

    /// Dense layers; returns the last one.
    fn mlp(
        &mut self,
        input: Source,
        (width, depth, activation): (usize, usize, Activation),
        factors: bool,
    ) -> Source {
        let mut source = input;
        for layer in 0..depth {
            source = self.dense(&format!("layer{layer}"), source, width, activation, factors);
        }
        source
    }

    /// `f(W·a + b)`, or `f(s⊙(V·a + c))`.
    pub(super) fn dense(
        &mut self,
        name: &str,
        source: Source,
        outputs: usize,
        activation: Activation,
        factors: bool,
    ) -> Source {
        let mut value = self.affine(name, source, outputs);
        if factors {
            value = self.pointwise(Pointwise::Factor, &[value]);
        }
        self.pointwise(Pointwise::Activation(activation), &[value])
    }
}
