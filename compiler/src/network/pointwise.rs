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
    /// `cos z`
    Cos,
    /// `w₁·sin z + w₂·cos z` with trained weights that all neurons of a layer share (Zhao, Ding, Prakash 2024).
    WaveAct,
    /// `(a₀ + a₁z + a₂z² + a₃z³)/(1 + (b₁z + b₀)²)` with trained coefficients that all neurons of a layer share; a
    /// rational function of the type of Boullé, Nakatsukasa, Townsend 2020 that has no poles. It begins as the Padé
    /// approximant of tanh.
    Rational,
}

/// All activations with their names in settings.
pub const ACTIVATIONS: [(&str, Activation); 8] = [
    ("tanh", Activation::Tanh),
    ("sin", Activation::Sin),
    ("swish", Activation::Swish),
    ("gelu", Activation::Gelu),
    ("softplus", Activation::Softplus),
    ("cos", Activation::Cos),
    ("waveact", Activation::WaveAct),
    ("rational", Activation::Rational),
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

    /// What its trained numbers are at the beginning; none where it has none.
    #[must_use]
    pub fn start(self) -> Vec<f64> {
        match self {
            Self::WaveAct => vec![1.0, 1.0],
            // z·(15 + z²)/(15 + 6z²)
            Self::Rational => vec![0.0, 1.0, 0.0, 1.0 / 15.0, 0.0, 0.4_f64.sqrt()],
            Self::Tanh | Self::Sin | Self::Swish | Self::Gelu | Self::Softplus | Self::Cos => {
                Vec::new()
            }
        }
    }

    /// The activation as a symbolic expression of `z` and its trained numbers: everything else follows from this line.
    pub fn expression(self, graph: &mut Graph, z: NodeId, numbers: &[NodeId]) -> NodeId {
        match self {
            Self::Tanh => graph.function(Function::Tanh, z),
            Self::Sin => graph.function(Function::Sin, z),
            Self::Cos => graph.function(Function::Cos, z),
            Self::WaveAct => {
                let waves = [Function::Sin, Function::Cos].map(|f| graph.function(f, z));
                let parts: Vec<(NodeId, f64)> = waves
                    .into_iter()
                    .zip(numbers)
                    .map(|(wave, &weight)| (graph.multiply(weight, wave), 1.0))
                    .collect();
                graph.sum(&parts, 0.0)
            }
            Self::Rational => {
                // Horner's rule
                let mut numerator = graph.number(0.0);
                for &coefficient in numbers.iter().take(4).rev() {
                    let times = graph.multiply(numerator, z);
                    numerator = graph.add(times, coefficient);
                }
                let mut root = graph.number(0.0);
                for &coefficient in numbers.iter().skip(4).rev() {
                    let times = graph.multiply(root, z);
                    root = graph.add(times, coefficient);
                }
                let square = graph.product(&[(root, 2)]);
                let denominator = graph.sum(&[(square, 1.0)], 1.0);
                graph.divide(numerator, denominator)
            }
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
    /// `α·h + (1 − α)·x` of `h`, `x`, with one trained `α` that begins at 0: a block that is skipped at first (Wang, Li,
    /// Chen, Perdikaris 2024).
    Skip,
    /// `s·z` with a trained `s` for each neuron: the factor of random weight factorisation (Wang, Wang, Seidman,
    /// Perdikaris 2022).
    Factor,
    /// `exp(−½·Σ z_k²)` of so many arguments, at most [`MOST_ARGUMENTS`]
    Gaussian(usize),
    /// `½(tanh a − tanh b)·sin z` of `a`, `b`, `z`: a wave that is seen between two places; with the same of three more
    /// arguments where a neuron has an image.
    Patch {
        /// Whether it has an image.
        image: bool,
    },
    /// 1, whatever `z` is: what numbers that are found are made of.
    One,
}

/// What the arguments of a function of many are called.
const MANY: [&str; 12] = [
    "z1", "z2", "z3", "z4", "z5", "z6", "z7", "z8", "z9", "z10", "z11", "z12",
];

/// Arguments of a function at most.
pub const MOST_ARGUMENTS: usize = MANY.len();

impl Pointwise {
    /// Its name, for people.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Activation(activation) => activation.name(),
            Self::Sum => "sum",
            Self::Product => "product",
            Self::Gate => "gate",
            Self::Skip => "skip",
            Self::Factor => "factor",
            Self::Gaussian(_) => "gaussian",
            Self::Patch { image: false } => "patch",
            Self::Patch { image: true } => "patch and image",
            Self::One => "one",
        }
    }

    /// What its trained numbers are at the beginning; none where it has none.
    #[must_use]
    pub fn start(self) -> Vec<f64> {
        match self {
            Self::Activation(activation) => activation.start(),
            Self::Skip => vec![0.0],
            Self::Factor => vec![1.0],
            Self::Sum
            | Self::Product
            | Self::Gate
            | Self::Gaussian(_)
            | Self::One
            | Self::Patch { .. } => Vec::new(),
        }
    }

    /// How many trained numbers it reads at each neuron.
    #[must_use]
    pub fn trained(self) -> usize {
        self.start().len()
    }

    /// Whether each neuron has trained numbers of its own.
    #[must_use]
    pub fn for_each_neuron(self) -> bool {
        self == Self::Factor
    }

    /// What its arguments are called.
    #[must_use]
    pub fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::Activation(_) | Self::One => &["z"],
            Self::Sum | Self::Product => &["a", "b"],
            Self::Gate => &["z", "u", "v"],
            Self::Skip => &["h", "x"],
            Self::Factor => &["z"],
            Self::Gaussian(count) => &MANY[..count.min(MANY.len())],
            Self::Patch { image: false } => &["a", "b", "z"],
            Self::Patch { image: true } => &["a", "b", "z", "a2", "b2", "z2"],
        }
    }

    /// The function as a symbolic expression of its arguments and trained numbers: jets and adjoints follow from this
    /// line.
    pub fn expression(self, graph: &mut Graph, arguments: &[NodeId], numbers: &[NodeId]) -> NodeId {
        match (self, arguments) {
            (Self::Activation(activation), &[z]) => activation.expression(graph, z, numbers),
            (Self::Skip, &[h, x]) => {
                let difference = graph.subtract(h, x);
                let factors: Vec<(NodeId, i32)> = numbers
                    .iter()
                    .copied()
                    .chain([difference])
                    .map(|f| (f, 1))
                    .collect();
                let moved = graph.product(&factors);
                graph.add(x, moved)
            }
            (Self::Factor, factors) => {
                let factors = factors.iter().chain(numbers);
                let factors: Vec<(NodeId, i32)> = factors.map(|&f| (f, 1)).collect();
                graph.product(&factors)
            }
            (Self::Gaussian(_), arguments) => {
                let squares: Vec<(NodeId, f64)> = arguments
                    .iter()
                    .map(|&z| (graph.product(&[(z, 2)]), -0.5))
                    .collect();
                let exponent = graph.sum(&squares, 0.0);
                graph.function(Function::Exp, exponent)
            }
            (Self::Patch { .. }, arguments) => {
                let parts: Vec<(NodeId, f64)> = arguments
                    .chunks_exact(3)
                    .map(|part| {
                        let ends = [part[0], part[1]].map(|z| graph.function(Function::Tanh, z));
                        let seen = graph.subtract(ends[0], ends[1]);
                        let wave = graph.function(Function::Sin, part[2]);
                        (graph.multiply(seen, wave), 0.5)
                    })
                    .collect();
                graph.sum(&parts, 0.0)
            }
            (Self::Gate, &[z, u, v]) => {
                let difference = graph.subtract(v, u);
                let moved = graph.multiply(z, difference);
                graph.add(u, moved)
            }
            (Self::One, _) => graph.number(1.0),
            (Self::Product, factors) => {
                let factors: Vec<(NodeId, i32)> = factors.iter().map(|&f| (f, 1)).collect();
                graph.product(&factors)
            }
            (Self::Sum | Self::Activation(_) | Self::Gate | Self::Skip, terms) => {
                let terms: Vec<(NodeId, f64)> = terms.iter().map(|&t| (t, 1.0)).collect();
                graph.sum(&terms, 0.0)
            }
        }
    }
}
