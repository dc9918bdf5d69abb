//! What parameters are before training.

/// How the parameters of an affine map begin. Random numbers are drawn by whoever trains.
#[derive(Clone, Debug, PartialEq)]
pub enum Start {
    /// Uniform weights with the variance of Glorot and Bengio (2010), those of the first layer enlarged; biases of
    /// hidden layers uniform in [−1, 1].
    Glorot,
    /// Uniform weights with the variance of Glorot and Bengio, all biases the same: the start of most published PINNs.
    Xavier {
        /// The biases.
        bias: f64,
    },
    /// Normal weights with mean 0, biases 0.
    Normal {
        /// The standard deviation.
        deviation: f64,
    },
    /// `z = (x − μ)/σ` of one input, `μ` uniform in [−1, 1]: Gaussians whose axes are the coordinates.
    Centres {
        /// The input.
        axis: usize,
        /// `σ`
        width: f64,
    },
    /// Polynomials of neurons from their powers `a, a², …`, each degree for all neurons before the next one: orthonormal for
    /// the distribution of each neuron where training begins. Of degree 1, that is `(a − mean)/deviation`.
    Orthonormal {
        /// The highest degree.
        degree: usize,
    },
    /// These numbers, as biases.
    Numbers(Vec<f64>),
    /// Factors of the rows of the map before: log-normal, `exp(N(0.5, 0.1²))` as in jaxpi; the rows are divided by them, so
    /// that the products begin as they would without factors.
    Factors,
}
