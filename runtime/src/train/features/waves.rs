//! Plane waves on a lattice of wavenumbers.
//!
//! * Input: how far the lattice reaches along each coordinate ([`Lattice`]).
//! * Output: a hidden layer `sin(k·x + ω·t + φ)` with every wave vector of the lattice and several frequencies in time for
//!   each of them.
//! * Invariants: along a periodic coordinate wavenumbers are whole, so that every feature is periodic; along others they
//!   are those of a longer interval, a Fourier extension (Huybrechs 2010), which converges as fast for any smooth function.
//!   Inputs are in [−1, 1], the window in time included.

use pdec_compiler::network::Network;
use pdec_compiler::program::Program;
use rand::{Rng, RngExt};
use std::f64::consts::{PI, TAU};

/// The spacing of wavenumbers along an interval of length two: a period of π.
const SPACING: f64 = 2.0;

/// The largest frequency in time of inputs in [−1, 1]. The smaller it is, the nearer the features of a wave vector come to
/// polynomials in time, which they have to add up to: what six of them cannot express falls with its sixth power.
const FREQUENCY: f64 = 0.2;

/// A lattice of wave vectors.
#[derive(Clone, Debug, PartialEq)]
pub struct Lattice {
    /// Whether a coordinate is periodic.
    pub whole: Vec<bool>,
    /// The coordinate of time.
    pub time: usize,
    /// The number of wavenumbers along each coordinate, on either side of zero; 0 for time.
    pub reach: Vec<usize>,
    /// Frequencies for each wave vector.
    pub frequencies: usize,
}

impl Lattice {
    /// The wave vectors inside the ellipsoid of the reaches, the longest waves first.
    fn vectors(&self) -> Vec<Vec<i64>> {
        let mut vectors: Vec<Vec<i64>> = vec![Vec::new()];
        for &reach in &self.reach {
            let reach = i64::try_from(reach).unwrap_or(i64::MAX);
            vectors = vectors
                .into_iter()
                .flat_map(|vector| {
                    (-reach..=reach).map(move |k| {
                        let mut longer = vector.clone();
                        longer.push(k);
                        longer
                    })
                })
                .filter(|vector| self.norm(vector) <= 1.0)
                .collect();
        }
        vectors.sort_by(|a, b| self.norm(a).total_cmp(&self.norm(b)).then(a.cmp(b)));
        vectors
    }

    #[allow(clippy::cast_precision_loss)] // small whole numbers
    fn norm(&self, vector: &[i64]) -> f64 {
        let parts = vector.iter().zip(&self.reach);
        parts
            .map(|(&k, &reach)| {
                let part = k as f64 / (reach as f64).max(0.5);
                part * part
            })
            .sum()
    }

    /// The number of features.
    pub fn width(&self) -> usize {
        self.vectors().len() * self.frequencies
    }

    /// The number of wave vectors.
    pub fn len(&self) -> usize {
        self.vectors().len()
    }

    /// Parameters with this hidden layer and a last layer of zeros. Each wave vector has frequencies of its own, one drawn
    /// from each of as many equal parts, and random phases.
    #[allow(clippy::cast_precision_loss)] // small whole numbers
    pub fn parameters(&self, program: &Program, random: &mut impl Rng) -> Vec<f64> {
        let mut parameters = vec![0.0; program.network.parameters];
        let Some(first) = program.network.affines().next() else {
            return parameters;
        };
        let mut neuron = 0;
        for vector in self.vectors() {
            for number in 0..self.frequencies {
                let part = (number as f64 + random.random::<f64>()) / self.frequencies as f64;
                for (input, &coordinate) in program.inputs.iter().enumerate() {
                    let weight = if coordinate == self.time {
                        FREQUENCY * (2.0 * part - 1.0)
                    } else if self.whole[coordinate] {
                        PI * vector[coordinate] as f64
                    } else {
                        SPACING * vector[coordinate] as f64
                    };
                    parameters[first.weight + neuron * first.inputs + input] = weight;
                }
                parameters[first.bias + neuron] = TAU * random.random::<f64>();
                neuron += 1;
            }
        }
        parameters
    }
}

/// The same function by a wider network with one hidden layer: further neurons are zero and count for nothing.
pub fn widened(parameters: &[f64], from: &Network, to: &Network) -> Vec<f64> {
    let mut wide = vec![0.0; to.parameters];
    for (from, to) in from.affines().zip(to.affines()) {
        for row in 0..from.outputs {
            let source = from.weight + row * from.inputs;
            let target = to.weight + row * to.inputs;
            wide[target..target + from.inputs]
                .copy_from_slice(&parameters[source..source + from.inputs]);
        }
        wide[to.bias..to.bias + from.outputs]
            .copy_from_slice(&parameters[from.bias..from.bias + from.outputs]);
    }
    wide
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a test may fail

    use super::*;

    fn lattice(reach: Vec<usize>) -> Lattice {
        Lattice {
            whole: vec![true, false, false],
            time: 2,
            reach,
            frequencies: 2,
        }
    }

    #[test]
    fn a_lattice_has_every_vector_inside_its_ellipsoid_once() {
        let vectors = lattice(vec![2, 1, 0]).vectors();
        // k₁²/4 + k₂² ≤ 1
        let mut expected = vec![[-2, 0], [-1, 0], [0, 0], [1, 0], [2, 0], [0, -1], [0, 1]];
        expected.sort_unstable();
        let mut found: Vec<[i64; 2]> = vectors.iter().map(|v| [v[0], v[1]]).collect();
        found.sort_unstable();
        assert_eq!(found, expected);
        assert_eq!(vectors.first().unwrap(), &vec![0, 0, 0]);
        assert!(vectors.iter().all(|vector| vector[2] == 0));
        assert_eq!(lattice(vec![2, 1, 0]).width(), 14);
    }

    #[test]
    fn without_space_there_are_frequencies_alone() {
        let lattice = lattice(vec![0, 0, 0]);
        assert_eq!((lattice.len(), lattice.width()), (1, 2));
    }
}
