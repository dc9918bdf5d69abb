//! Matrix products of a tile.
//!
//! A buffer of a layer is a matrix with one row for each neuron; a row holds the lanes of the first Taylor
//! coefficient, then those of the second, and so on; where the weights serve several sites, it holds the
//! coefficients of one site after those of another. All sites and coefficients go through the weights in one
//! product.

use crate::math::dense::panels::{ROWS, RowBlock};
use crate::math::dense::product::{Left, MOST_LANES, Right, Shape, Start, multiply};
use crate::math::dense::reduce;
use pdec_compiler::network::Affine;
use std::ops::Range;

/// Lanes of a gradient's sum that are multiplied at a time: the transposed rows stay in the first-level cache.
const INNER: usize = 96;

/// Layers with fewer outputs than this take their gradient by scalar products: transposing costs more.
const FEW: usize = 4;

fn weights(affine: &Affine) -> Range<usize> {
    affine.weight..affine.weight + affine.inputs * affine.outputs
}

fn biases(affine: &Affine) -> Range<usize> {
    affine.bias..affine.bias + affine.outputs
}

/// `output = W·input`, and `+ b` on the lanes of the first coefficient of every site.
pub fn forward(
    affine: &Affine,
    parameters: &[f64],
    input: &[f64],
    output: &mut [f64],
    lanes: usize,
) {
    if affine.sites > 1 {
        forward_sites(affine, parameters, input, output, lanes);
        return;
    }
    let start = Start::Rows(&parameters[biases(affine)]);
    forward_from(affine, parameters, input, output, lanes, start);
    let width = output.len() / affine.outputs;
    if width > lanes {
        let (input, output) = (&input[lanes..], &mut output[lanes..]);
        let shape = Shape {
            rows: affine.outputs,
            inner: affine.inputs,
            columns: width - lanes,
        };
        let (left, right) = forward_operands(affine, parameters, input, width);
        multiply(shape, left, right, Start::Zero, output, width);
    }
}

/// Weights that serve several sites: one product for all of them, then the biases of each.
fn forward_sites(
    affine: &Affine,
    parameters: &[f64],
    input: &[f64],
    output: &mut [f64],
    lanes: usize,
) {
    let width = output.len() / affine.outputs;
    forward_from(affine, parameters, input, output, width, Start::Zero);
    for (row, bias) in output
        .chunks_exact_mut(width)
        .zip(&parameters[biases(affine)])
    {
        for site in row.chunks_exact_mut(width / affine.sites) {
            for value in &mut site[..lanes] {
                *value += bias;
            }
        }
    }
}

/// The first coefficient alone.
fn forward_from(
    affine: &Affine,
    parameters: &[f64],
    input: &[f64],
    output: &mut [f64],
    lanes: usize,
    start: Start<'_>,
) {
    let width = output.len() / affine.outputs;
    let shape = Shape {
        rows: affine.outputs,
        inner: affine.inputs,
        columns: lanes,
    };
    let (left, right) = forward_operands(affine, parameters, input, width);
    multiply(shape, left, right, start, output, width);
}

fn forward_operands<'a>(
    affine: &Affine,
    parameters: &'a [f64],
    input: &'a [f64],
    width: usize,
) -> (Left<'a>, Right<'a>) {
    let left = Left {
        values: &parameters[weights(affine)],
        row: affine.inputs,
        step: 1,
    };
    let right = Right {
        values: input,
        step: width,
    };
    (left, right)
}

/// `output += W·input` for every coefficient, without biases.
pub fn add_forward(affine: &Affine, parameters: &[f64], input: &[f64], output: &mut [f64]) {
    let width = output.len() / affine.outputs;
    forward_from(affine, parameters, input, output, width, Start::Add);
}

/// `output = Wᵀ·input`.
pub fn transposed(affine: &Affine, parameters: &[f64], input: &[f64], output: &mut [f64]) {
    let width = input.len() / affine.outputs;
    let shape = Shape {
        rows: affine.inputs,
        inner: affine.outputs,
        columns: width,
    };
    let left = Left {
        values: &parameters[weights(affine)],
        row: 1,
        step: affine.inputs,
    };
    let right = Right {
        values: input,
        step: width,
    };
    multiply(shape, left, right, Start::Zero, output, width);
}

/// `∂W += cotangent·inputᵀ`, `∂b += Σ cotangent` over the lanes of the first coefficient. `scratch` is room for
/// the transposed input.
pub fn accumulate_gradient(
    affine: &Affine,
    input: &[f64],
    cotangent: &[f64],
    lanes: usize,
    gradient: &mut [f64],
    scratch: &mut Vec<f64>,
) {
    let width = input.len() / affine.inputs;
    let target = &mut gradient[weights(affine)];
    if affine.outputs < FEW {
        for (row, cotangent) in target
            .chunks_exact_mut(affine.inputs)
            .zip(cotangent.chunks_exact(width))
        {
            for (sum, input) in row.iter_mut().zip(input.chunks_exact(width)) {
                *sum += reduce::dot(cotangent, input);
            }
        }
    } else {
        // An odd number of registers: rows of a power of two would share few sets of the cache.
        let step = (affine.inputs.div_ceil(MOST_LANES) | 1) * MOST_LANES;
        scratch.resize(INNER * step, 0.0);
        for first in (0..width).step_by(INNER) {
            let inner = INNER.min(width - first);
            reduce::transpose(input, width, first, inner, scratch, step);
            let shape = Shape {
                rows: affine.outputs,
                inner,
                columns: affine.inputs,
            };
            let left = Left {
                values: &cotangent[first..],
                row: width,
                step: 1,
            };
            let right = Right {
                values: scratch,
                step,
            };
            multiply(shape, left, right, Start::Add, target, affine.inputs);
        }
    }
    let biases = &mut gradient[biases(affine)];
    for (bias, row) in biases.iter_mut().zip(cotangent.chunks_exact(width)) {
        for site in row.chunks_exact(width / affine.sites) {
            *bias += reduce::sum(&site[..lanes]);
        }
    }
}

/// The gradient of each lane on its own: rows of the Jacobian.
pub fn write_rows(
    affine: &Affine,
    input: &[f64],
    cotangent: &[f64],
    lanes: usize,
    jacobian: &mut RowBlock<'_>,
) {
    let width = input.len() / affine.inputs;
    for (output, cotangent) in cotangent.chunks_exact(width).enumerate() {
        let first = affine.weight + output * affine.inputs;
        jacobian.write_products(first, lanes, cotangent, input);
        if affine.sites == 1 {
            jacobian.write_column(affine.bias + output, &cotangent[..lanes], 1.0);
            continue;
        }
        let mut sums = [0.0; ROWS];
        for site in cotangent.chunks_exact(width / affine.sites) {
            for (sum, value) in sums.iter_mut().zip(&site[..lanes]) {
                *sum += value;
            }
        }
        jacobian.write_column(affine.bias + output, &sums[..lanes], 1.0);
    }
}
