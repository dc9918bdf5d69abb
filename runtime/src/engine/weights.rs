//! The weights of the network as products read them, and the sums that become their gradient.
//!
//! A buffer of a layer is a matrix with a row for each neuron; its columns are the lanes of the first Taylor
//! coefficient, then those of the second, and so on; where the weights serve several sites, the coefficients of one
//! site after those of another. All sites and coefficients go through the weights in one product.

use crate::math::dense::panels::ROWS;
use crate::math::dense::rows::RowBlock;
use crate::math::dense::strips::{Begin, Packed};
use crate::math::dense::sums::{Sums, sum};
use crate::math::real::Real;
use pdec_compiler::network::{Affine, Network, Primitive};
use std::ops::Range;

/// The weights of all layers for one vector of parameters.
pub struct Weights<R> {
    layers: Vec<Layer<R>>,
}

struct Layer<R> {
    /// Where its weights begin in the parameters.
    first: usize,
    /// `W`
    forward: Packed<R>,
    /// `Wᵀ`
    backward: Packed<R>,
    biases: Vec<R>,
}

/// The affine maps of a network, by the place of their weights.
pub fn layers(network: &Network) -> impl Iterator<Item = &Affine> {
    network
        .primitives
        .iter()
        .filter_map(|primitive| match primitive {
            Primitive::Affine { affine, .. } => Some(affine),
            Primitive::Pointwise { .. }
            | Primitive::Mean { .. }
            | Primitive::Concatenation { .. } => None,
        })
}

fn weights(affine: &Affine) -> Range<usize> {
    affine.weight..affine.weight + affine.inputs * affine.outputs
}

fn biases(affine: &Affine) -> Range<usize> {
    affine.bias..affine.bias + affine.outputs
}

impl<R: Real> Weights<R> {
    /// The weights among these parameters.
    pub fn new(network: &Network, parameters: &[f64]) -> Self {
        let layers = layers(network).map(|affine| {
            let (inputs, outputs) = (affine.inputs, affine.outputs);
            let values = &parameters[weights(affine)];
            Layer {
                first: affine.weight,
                forward: Packed::new(outputs, inputs, |i, k| values[i * inputs + k]),
                backward: Packed::new(inputs, outputs, |i, k| values[k * inputs + i]),
                biases: parameters[biases(affine)]
                    .iter()
                    .map(|bias| R::near(*bias))
                    .collect(),
            }
        });
        Self {
            layers: layers.collect(),
        }
    }

    /// The weights of an affine map of the network.
    fn of(&self, affine: &Affine) -> &Layer<R> {
        let place = self
            .layers
            .iter()
            .position(|layer| layer.first == affine.weight);
        &self.layers[place.unwrap_or(0)]
    }

    /// `output = W·input`, and `+ b` on the lanes of the first coefficient of every site.
    pub fn forward(&self, affine: &Affine, input: &[R], output: &mut [R], lanes: usize) {
        let layer = self.of(affine);
        let (strips, period) = strips::<R>(affine, output.len(), lanes);
        layer.forward.multiply(input, output, &|strip| {
            if strip % period < strips {
                Begin::Rows(&layer.biases)
            } else {
                Begin::Zero
            }
        });
    }

    /// `output += W·input` for every coefficient, without biases.
    pub fn add_forward(&self, affine: &Affine, input: &[R], output: &mut [R]) {
        let layer = self.of(affine);
        layer.forward.multiply(input, output, &|_| Begin::Itself);
    }

    /// `output = Wᵀ·input`.
    pub fn transposed(&self, affine: &Affine, input: &[R], output: &mut [R]) {
        let layer = self.of(affine);
        layer.backward.multiply(input, output, &|_| Begin::Zero);
    }
}

/// The strips of the lanes, and those of all coefficients of a site.
fn strips<R: Real>(affine: &Affine, numbers: usize, lanes: usize) -> (usize, usize) {
    let all = numbers / (affine.outputs * R::STRIP);
    (lanes / R::STRIP, all / affine.sites)
}

/// Sums over tiles: the gradient of all weights and biases.
pub struct Gradient<R> {
    layers: Vec<LayerSums<R>>,
}

struct LayerSums<R> {
    affine: Affine,
    weights: Sums<R>,
    biases: Vec<R>,
}

impl<R: Real> Gradient<R> {
    /// Zero.
    pub fn zero(network: &Network) -> Self {
        let layers = layers(network).map(|affine| LayerSums {
            weights: Sums::zero(affine.outputs, affine.inputs),
            biases: vec![R::default(); affine.outputs],
            affine: affine.clone(),
        });
        Self {
            layers: layers.collect(),
        }
    }

    /// `∂W += cotangent·inputᵀ`, `∂b += Σ cotangent` over the lanes of the first coefficient. `scratch` is room for
    /// the transposed input.
    pub fn add(
        &mut self,
        affine: &Affine,
        input: &[R],
        cotangent: &[R],
        lanes: usize,
        scratch: &mut Vec<R>,
    ) {
        let own = |layer: &&mut LayerSums<R>| layer.affine.weight == affine.weight;
        let Some(layer) = self.layers.iter_mut().find(own) else {
            return;
        };
        layer.weights.add(cotangent, input, scratch);
        let (strips, period) = strips::<R>(affine, cotangent.len(), lanes);
        let all = cotangent.chunks_exact(affine.outputs * R::STRIP);
        for (_, rows) in all.enumerate().filter(|(strip, _)| strip % period < strips) {
            for (bias, row) in layer.biases.iter_mut().zip(rows.chunks_exact(R::STRIP)) {
                *bias += sum(row);
            }
        }
    }

    /// Adds the sums to a gradient by all parameters.
    pub fn add_to(&self, gradient: &mut [f64]) {
        for layer in &self.layers {
            layer.weights.add_to(&mut gradient[weights(&layer.affine)]);
            let biases = &mut gradient[biases(&layer.affine)];
            for (bias, sum) in biases.iter_mut().zip(&layer.biases) {
                *bias += sum.wide();
            }
        }
    }
}

/// The gradient of each lane on its own: rows of the Jacobian, from `row` on.
pub fn write_rows<R: Real>(
    affine: &Affine,
    input: &[R],
    cotangent: &[R],
    lanes: usize,
    row: usize,
    jacobian: &mut RowBlock<'_>,
) {
    let (inputs, outputs) = (affine.inputs * R::STRIP, affine.outputs * R::STRIP);
    let (strips, period) = strips::<R>(affine, cotangent.len(), lanes);
    let mut sums = [R::default(); ROWS];
    for strip in 0..strips {
        let row = row + strip * R::STRIP;
        for output in 0..affine.outputs {
            // The same lanes of all coefficients of all sites.
            let parts = cotangent
                .chunks_exact(outputs)
                .zip(input.chunks_exact(inputs))
                .skip(strip)
                .step_by(strips)
                .map(|(cotangent, input)| (&cotangent[output * R::STRIP..], input));
            let first = affine.weight + output * affine.inputs;
            jacobian.write_products(row, first, affine.inputs, parts);
            let sums = &mut sums[..R::STRIP];
            sums.fill(R::default());
            for site in cotangent.chunks_exact(outputs).skip(strip).step_by(period) {
                for (sum, value) in sums.iter_mut().zip(&site[output * R::STRIP..]) {
                    *sum += *value;
                }
            }
            jacobian.write_column(row, affine.bias + output, sums, 1.0);
        }
    }
}
