//! The draw of a hidden layer.

use super::Family;
use pdec_compiler::network::Affine;
use pdec_compiler::program::Program;
use rand::{Rng, RngExt};

/// Each further coordinate of a sparse neuron comes with this probability.
const FURTHER: f64 = 0.5;

/// Weights uniform up to the scale of their coordinate, and biases so that every neuron turns at a random point of the
/// domain; the last layer is zero.
pub fn hidden(program: &Program, family: &Family, random: &mut impl Rng) -> Vec<f64> {
    let network = &program.network;
    let mut parameters = vec![0.0; network.parameters];
    if let Some(first) = network.affines().next() {
        fill(program, first, family, random, &mut parameters);
    }
    parameters
}

/// The same for a layer that reads the inputs, wherever it is in a network.
pub fn fill(
    program: &Program,
    first: &Affine,
    family: &Family,
    random: &mut impl Rng,
    parameters: &mut [f64],
) {
    let coordinates = program.coordinates;
    for neuron in 0..first.outputs {
        let mut seen = vec![!family.sparse; coordinates];
        if family.sparse {
            loop {
                seen[random.random_range(0..coordinates)] = true;
                if random.random::<f64>() >= FURTHER || seen.iter().all(|seen| *seen) {
                    break;
                }
            }
        }
        let centre: Vec<f64> = (0..coordinates)
            .map(|_| random.random_range(-1.0..1.0))
            .collect();
        let mut bias = 0.0;
        let mut sine = false;
        let (plain, bent) = program
            .inputs
            .split_at(program.inputs.len() - program.bends);
        for (input, &coordinate) in plain.iter().enumerate() {
            let scale = family.scales.get(coordinate).copied().unwrap_or(1.0);
            let weight = scale * random.random_range(-1.0..1.0);
            if !seen[coordinate] {
                continue;
            }
            parameters[first.weight + neuron * first.inputs + input] = weight;
            // A coordinate on the circle has two inputs, and the point on it is (cos πc, sin πc).
            let before = input.checked_sub(1).map(|input| plain[input]);
            let after = plain.get(input + 1).copied();
            let angle = std::f64::consts::PI * centre[coordinate];
            let at = if after == Some(coordinate) {
                sine = true;
                libm_cos(angle)
            } else if sine && before == Some(coordinate) {
                sine = false;
                libm_cos(angle - std::f64::consts::FRAC_PI_2)
            } else {
                centre[coordinate]
            };
            bias -= weight * at;
        }
        for (input, &coordinate) in bent.iter().enumerate() {
            let scale = family.scales.get(coordinate).copied().unwrap_or(1.0);
            let weight = scale * random.random_range(-1.0..1.0);
            if seen[coordinate] {
                let place = neuron * first.inputs + plain.len() + input;
                parameters[first.weight + place] = weight;
            }
        }
        parameters[first.bias + neuron] = bias;
    }
}

/// The cosine in pure Rust, the same bits on every machine.
fn libm_cos(angle: f64) -> f64 {
    pdec_compiler::kernel::evaluate_function(pdec_compiler::function::Function::Cos, angle)
}
