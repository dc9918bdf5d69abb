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
use pdec_compiler::network::{Affine, Network};
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

fn weights(affine: &Affine) -> Range<usize> {
    affine.weight..affine.weight + affine.inputs * affine.outputs
}

fn biases(affine: &Affine) -> Range<usize> {
    affine.bias..affine.bias + affine.outputs
}

impl<R: Real> Weights<R> {
    /// The weights among these parameters.
    pub fn new(network: &Network, parameters: &[f64]) -> Self {
        let layers = network.affines().map(|affine| {
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
        if affine.inputs == 0 {
            for strip in output.chunks_exact_mut(affine.outputs * R::STRIP) {
                for (row, bias) in strip.chunks_exact_mut(R::STRIP).zip(&layer.biases) {
                    row.fill(*bias);
                }
            }
            return;
        }
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
        let layers = network.affines().map(|affine| LayerSums {
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
        if affine.inputs == 0 {
            for (output, bias) in layer.biases.iter_mut().enumerate() {
                for strip in 0..lanes / R::STRIP {
                    for row in number_rows::<R>(affine, output, strip, lanes, cotangent) {
                        *bias += sum(row);
                    }
                }
            }
            return;
        }
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
    if affine.inputs == 0 {
        let mut sums = [R::default(); ROWS];
        let sums = &mut sums[..R::STRIP];
        for strip in 0..lanes / R::STRIP {
            for output in 0..affine.outputs {
                sums.fill(R::default());
                for site in number_rows::<R>(affine, output, strip, lanes, cotangent) {
                    for (sum, value) in sums.iter_mut().zip(site) {
                        *sum += *value;
                    }
                }
                jacobian.write_column(row + strip * R::STRIP, affine.bias + output, sums, 1.0);
            }
        }
        return;
    }
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

/// The cotangents of a trained number of a function in one strip of lanes: a row for each of the neurons that share it.
/// They lie as the layout says: neurons that share numbers are adjacent, number after number; numbers that belong to one
/// neuron each are adjacent.
fn number_rows<'a, R: Real>(
    affine: &Affine,
    output: usize,
    strip: usize,
    lanes: usize,
    cotangent: &'a [R],
) -> impl Iterator<Item = &'a [R]> {
    let (first, count) = if affine.sites > 1 {
        let strips = lanes / R::STRIP;
        ((output * strips + strip) * affine.sites, affine.sites)
    } else {
        (strip * affine.outputs + output, 1)
    };
    cotangent[first * R::STRIP..(first + count) * R::STRIP].chunks_exact(R::STRIP)
}
