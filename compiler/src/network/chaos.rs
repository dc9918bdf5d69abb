//! Arbitrary polynomial chaos: the numbers that a layer reads become polynomials that are orthonormal for the distribution
//! that these numbers are seen to have (Oladyshkin, Praditia, Kroeker, Mohammadi, Nowak, Otte 2023).
//!
//! A layer is `f(W·p(a) + b)` with `p(a) = (p₁(a₁), …, p₁(a_n), p₂(a₁), …, p_d(a_n))`. The polynomials of each `a_j` are a map
//! of its powers that training leaves as it is: whoever draws parameters fills it in ([`Start::Orthonormal`]).

use super::{Activation, Network, Pointwise, Source, Start};

/// What a user chooses with `network = chaos(…)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Chaos {
    /// Neurons in each hidden layer.
    pub width: usize,
    /// Hidden layers; 0: the fields are sums of polynomials of one input each.
    pub depth: usize,
    /// Applied after every hidden layer, which bounds what the next polynomials read.
    pub activation: Activation,
    /// The highest degree of the polynomials.
    pub degree: usize,
}

impl Default for Chaos {
    fn default() -> Self {
        Self {
            width: 12,
            depth: 2,
            activation: Activation::Tanh,
            degree: 3,
        }
    }
}

impl Network {
    /// Layers of polynomials; returns the polynomials that the last layer reads.
    pub(super) fn chaos(&mut self, input: Source, of: &Chaos, factors: bool) -> Source {
        let mut source = input;
        for layer in 0..of.depth {
            let read = self.polynomials(&format!("basis{layer}"), source, of.degree);
            let name = format!("layer{layer}");
            source = self.dense(&name, read, of.width, of.activation, factors);
        }
        self.polynomials(&format!("basis{}", of.depth), source, of.degree)
    }

    /// All numbers of a value become polynomials up to a degree: number `(degree − 1) · neurons + neuron`.
    fn polynomials(&mut self, name: &str, source: Source, degree: usize) -> Source {
        let mut powers = vec![source];
        let mut last = source;
        for _ in 1..degree {
            last = self.pointwise(Pointwise::Product, &[last, source]);
            powers.push(last);
        }
        let count = self.size(source) * degree;
        let all = self.concatenation(&powers);
        let start = Start::Orthonormal { degree };
        self.started_affine(name, all, 1, count, start, false)
    }
}
