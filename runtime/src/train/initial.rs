//! Initial weights.

use pdec_compiler::function::Function;
use pdec_compiler::kernel::evaluate_function;
use pdec_compiler::network::{Affine, Network, Primitive, Source, Start};
use rand::{Rng, RngExt};

/// The first layer sees inputs in [−1, 1]; weights this much larger let it resolve a few waves at once.
const FIRST_LAYER_GAIN: f64 = 3.0;

/// Mean and standard deviation of the logarithm of a factor of a row, as in jaxpi.
const FACTOR: (f64, f64) = (0.5, 0.1);

/// The parameters as the primitives say that they begin ([`Start`]). `coordinates` says which coordinate each input comes
/// from.
pub fn weights(network: &Network, coordinates: &[usize], random: &mut impl Rng) -> Vec<f64> {
    let mut parameters = vec![0.0; network.parameters];
    let last = network.last_layer().map(|layer| layer.weight);
    for primitive in &network.primitives {
        match primitive {
            Primitive::Affine { source, affine } => {
                let first = matches!(source, Source::Input | Source::Displaced);
                let last = last == Some(affine.weight);
                draw(affine, first, last, &mut parameters, random);
            }
            Primitive::Pointwise {
                sources,
                numbers: Some(affine),
                ..
            } => match &affine.start {
                Start::Numbers(numbers) => {
                    parameters[affine.bias..affine.bias + numbers.len()].copy_from_slice(numbers);
                }
                Start::Factors => {
                    let of = sources.first().copied();
                    factors(network, affine, of, &mut parameters, random);
                }
                Start::Glorot
                | Start::Xavier { .. }
                | Start::Normal { .. }
                | Start::Centres { .. }
                | Start::Orthonormal { .. } => {}
            },
            Primitive::Pointwise { numbers: None, .. }
            | Primitive::Mean { .. }
            | Primitive::Concatenation { .. } => {}
        }
    }
    super::observed::fill(network, coordinates, &mut parameters, random);
    parameters
}

fn draw(affine: &Affine, first: bool, last: bool, parameters: &mut [f64], random: &mut impl Rng) {
    #[allow(clippy::cast_precision_loss)] // layer sizes are far below 2^52
    let glorot = (6.0 / (affine.inputs + affine.outputs) as f64).sqrt();
    let weights = affine.weight..affine.bias;
    let biases = affine.bias..affine.bias + affine.outputs;
    match affine.start {
        Start::Glorot => {
            let bound = if first {
                FIRST_LAYER_GAIN * glorot
            } else {
                glorot
            };
            for weight in &mut parameters[weights] {
                *weight = random.random_range(-bound..bound);
            }
            if !last {
                for bias in &mut parameters[biases] {
                    *bias = random.random_range(-1.0..1.0);
                }
            }
        }
        Start::Xavier { bias } => {
            for weight in &mut parameters[weights] {
                *weight = random.random_range(-glorot..glorot);
            }
            parameters[biases].fill(bias);
        }
        Start::Normal { deviation } => {
            for weight in &mut parameters[weights] {
                *weight = deviation * normal(random);
            }
        }
        Start::Centres { axis, width } => {
            for row in 0..affine.outputs {
                let centre = random.random_range(-1.0..1.0);
                parameters[affine.weight + row * affine.inputs + axis] = 1.0 / width;
                parameters[affine.bias + row] = -centre / width;
            }
        }
        // filled in when everything else is there
        Start::Orthonormal { .. } => {}
        // of functions, not of affine maps; numbers to be found begin where the problem says, at zero
        Start::Numbers(_) | Start::Factors => {}
    }
}

/// Factors of the rows of the affine map `of`, which are divided by them.
fn factors(
    network: &Network,
    affine: &Affine,
    of: Option<Source>,
    parameters: &mut [f64],
    random: &mut impl Rng,
) {
    let Some(Source::Primitive(of)) = of else {
        return;
    };
    let Some(Primitive::Affine { affine: map, .. }) = network.primitives.get(of) else {
        return;
    };
    for row in 0..affine.outputs {
        let factor = evaluate_function(Function::Exp, FACTOR.0 + FACTOR.1 * normal(random));
        parameters[affine.bias + row] = factor;
        let first = map.weight + row * map.inputs;
        for weight in &mut parameters[first..first + map.inputs] {
            *weight /= factor;
        }
        parameters[map.bias + row] /= factor;
    }
}

/// A standard normal number by the polar method of Marsaglia.
fn normal(random: &mut impl Rng) -> f64 {
    loop {
        let (a, b): (f64, f64) = (
            random.random_range(-1.0..1.0),
            random.random_range(-1.0..1.0),
        );
        let square = a * a + b * b;
        if square > 0.0 && square < 1.0 {
            let log = evaluate_function(Function::Log, square);
            return a * (-2.0 * log / square).sqrt();
        }
    }
}
