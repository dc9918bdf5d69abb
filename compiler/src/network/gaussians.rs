//! Physics-informed Gaussians: features `exp(−½·|A(x − μ)|²)` with trained centres and shapes, then a small network
//! (Kang et al., arXiv 2412.05994).
//!
//! `A` and `Aμ` are the weights and biases of one affine map for each input, so that every Gaussian has a full covariance
//! `(AᵀA)⁻¹`; at the beginning its axes are the coordinates, and the centres are uniform.

use super::{Activation, Network, Pointwise, Source, Start};

/// What a user chooses with `network = gaussians(…)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Gaussians {
    /// Gaussians.
    pub count: usize,
    /// Their standard deviation at the beginning, of inputs in [−1, 1].
    pub sigma: f64,
    /// Neurons in each hidden layer behind them.
    pub width: usize,
    /// Hidden layers behind them; 0: the fields are sums of Gaussians.
    pub depth: usize,
    /// Applied after every hidden layer.
    pub activation: Activation,
}

impl Default for Gaussians {
    fn default() -> Self {
        Self {
            count: 200,
            sigma: 0.1,
            width: 16,
            depth: 1,
            activation: Activation::Tanh,
        }
    }
}

impl Network {
    /// The Gaussians of the input; returns them.
    pub(super) fn gaussians(&mut self, of: &Gaussians) -> Source {
        let arguments: Vec<Source> = (0..self.inputs)
            .map(|axis| {
                let start = Start::Centres {
                    axis,
                    width: of.sigma,
                };
                let name = format!("gaussian{axis}");
                self.started_affine(&name, Source::Input, 1, of.count, start, true)
            })
            .collect();
        self.pointwise(Pointwise::Gaussian(arguments.len()), &arguments)
    }
}
