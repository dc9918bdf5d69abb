//! Initial weights.

use pdec_compiler::network::{Network, Primitive, Source};
use rand::{Rng, RngExt};

/// The first layer sees inputs in [−1, 1]; weights this much larger let it resolve a few waves at once.
const FIRST_LAYER_GAIN: f64 = 3.0;

/// Uniform weights with the variance of Glorot and Bengio (2010), the first layer's enlarged; biases of
/// hidden layers uniform in [−1, 1], so that neurons turn at different places.
pub fn weights(network: &Network, random: &mut impl Rng) -> Vec<f64> {
    let mut parameters = vec![0.0; network.parameters];
    let last = network.primitives.len().saturating_sub(1);
    for (position, primitive) in network.primitives.iter().enumerate() {
        let Primitive::Affine { source, affine } = primitive else {
            continue;
        };
        let gain = match source {
            Source::Input | Source::Displaced => FIRST_LAYER_GAIN,
            Source::Primitive(_) => 1.0,
        };
        #[allow(clippy::cast_precision_loss)] // layer sizes are far below 2^52
        let bound = gain * (6.0 / (affine.inputs + affine.outputs) as f64).sqrt();
        let weights = affine.weight..affine.weight + affine.inputs * affine.outputs;
        for weight in &mut parameters[weights] {
            *weight = random.random_range(-bound..bound);
        }
        if position != last {
            for bias in &mut parameters[affine.bias..affine.bias + affine.outputs] {
                *bias = random.random_range(-1.0..1.0);
            }
        }
    }
    parameters
}
