//! Polynomials that are orthonormal for what the layers of a network read (arbitrary polynomial chaos).
//!
//! * Input: a network whose other parameters have been drawn, and what its inputs are.
//! * Output: the parameters of every map that begins as [`Start::Orthonormal`].
//! * Invariants: values are the interpreter's, so that they are the same on every machine; other networks draw nothing.
//!
//! The distribution is that of points which are uniform in the box, sent through the network layer by layer: for a
//! coordinate on an interval the polynomials are nearly those of Legendre, for one on a circle those of Chebyshev, and
//! behind a layer what its weights make of them.

use pdec_compiler::function::Function;
use pdec_compiler::jet::{Graph, Names};
use pdec_compiler::kernel::{Leaf, evaluate_function, interpret, lower};
use pdec_compiler::network::{Affine, Network, Pointwise, Primitive, Source, Start};
use rand::{Rng, RngExt};

/// Points that the distribution is seen at.
const POINTS: usize = 1000;

/// Deviations below this are taken for none: the polynomial is left out.
const NO_DEVIATION: f64 = 1e-6;

/// A column of values for each neuron.
type Values = Vec<Vec<f64>>;

/// Fills in all orthonormal polynomials. `coordinates` says which coordinate each input of the network comes from; one on
/// a circle has several inputs, its cosines and sines.
pub fn fill(
    network: &Network,
    coordinates: &[usize],
    parameters: &mut [f64],
    random: &mut impl Rng,
) {
    let wanted = |affine: &Affine| matches!(affine.start, Start::Orthonormal { .. });
    if !network.affines().any(wanted) {
        return;
    }
    let inputs = inputs(coordinates, random);
    let mut values: Vec<Values> = Vec::new();
    for primitive in &network.primitives {
        let read = |source: &Source| match source {
            // Networks with sites have no such polynomials.
            Source::Input | Source::Displaced => &inputs,
            Source::Primitive(index) => &values[*index],
        };
        let value = match primitive {
            Primitive::Affine { source, affine } => {
                let read = read(source);
                if let Start::Orthonormal { degree } = affine.start {
                    set(affine, degree, read, parameters);
                }
                product(affine, read, parameters)
            }
            Primitive::Pointwise {
                sources,
                function,
                width,
                numbers,
            } => {
                let arguments: Vec<&Values> = sources.iter().map(read).collect();
                pointwise(*function, &arguments, *width, numbers.as_ref(), parameters)
            }
            Primitive::Concatenation { sources, .. } => {
                sources.iter().flat_map(|s| read(s).clone()).collect()
            }
            Primitive::Mean {
                source,
                neurons,
                sites,
                regions,
            } => {
                let read = read(source);
                let mean = |neuron: usize, region: &std::ops::Range<usize>| {
                    let columns = region.clone().map(|site| &read[neuron * sites + site]);
                    let mut sum = vec![0.0; POINTS];
                    for column in columns {
                        sum.iter_mut().zip(column).for_each(|(sum, x)| *sum += x);
                    }
                    let count = number(region.len());
                    sum.iter().map(|sum| sum / count).collect()
                };
                regions
                    .iter()
                    .flat_map(|region| (0..*neurons).map(move |neuron| mean(neuron, region)))
                    .collect()
            }
        };
        values.push(value);
    }
}

/// What the network reads at points that are uniform in the box.
fn inputs(coordinates: &[usize], random: &mut impl Rng) -> Values {
    let mut columns: Values = Vec::new();
    let mut first = 0;
    while first < coordinates.len() {
        let own = coordinates[first..].iter();
        let count = own.take_while(|c| **c == coordinates[first]).count();
        let unit: Vec<f64> = (0..POINTS).map(|_| random.random::<f64>()).collect();
        if count == 1 {
            columns.push(unit.iter().map(|unit| 2.0 * unit - 1.0).collect());
        } else {
            for input in 0..count {
                let angle = std::f64::consts::TAU * number(1 + input / 2);
                let wave = if input % 2 == 0 {
                    Function::Cos
                } else {
                    Function::Sin
                };
                let at = |unit: &f64| evaluate_function(wave, angle * unit);
                columns.push(unit.iter().map(at).collect());
            }
        }
        first += count;
    }
    columns
}

/// Writes the polynomials of neurons whose powers are read.
fn set(affine: &Affine, degree: usize, powers: &Values, parameters: &mut [f64]) {
    let neurons = affine.inputs / degree;
    for (neuron, samples) in powers[..neurons].iter().enumerate() {
        for (below, polynomial) in orthonormal(samples, degree).iter().enumerate() {
            let row = below * neurons + neuron;
            for (power, coefficient) in polynomial.iter().enumerate() {
                let place = match power.checked_sub(1) {
                    None => affine.bias + row,
                    Some(below) => affine.weight + row * affine.inputs + below * neurons + neuron,
                };
                parameters[place] = *coefficient;
            }
        }
    }
}

/// The coefficients, constant first, of the polynomials of degree 1 to `degree` that together with 1 are orthonormal for the
/// mean over samples. Where samples have too few different values for a degree, it and higher ones are zero.
fn orthonormal(samples: &[f64], degree: usize) -> Vec<Vec<f64>> {
    let mean = |a: &[f64], b: &[f64]| {
        a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>() / number(samples.len())
    };
    let mut values = vec![vec![1.0; samples.len()]];
    let mut polynomials = vec![vec![1.0]];
    for k in 1..=degree {
        let (last, coefficients) = (&values[k - 1], &polynomials[k - 1]);
        let mut value: Vec<f64> = last.iter().zip(samples).map(|(p, a)| p * a).collect();
        let mut polynomial = [&[0.0], coefficients.as_slice()].concat();
        // twice: what the first pass leaves of rounding errors, the second takes away
        for _ in 0..2 {
            for (other, coefficients) in values.iter().zip(&polynomials) {
                let share = mean(&value, other);
                let less = |a: &mut [f64], b: &[f64]| {
                    a.iter_mut().zip(b).for_each(|(a, b)| *a -= share * b);
                };
                less(&mut value, other);
                less(&mut polynomial, coefficients);
            }
        }
        let norm = mean(&value, &value).sqrt();
        let scale = if norm > NO_DEVIATION { 1.0 / norm } else { 0.0 };
        value.iter_mut().for_each(|value| *value *= scale);
        polynomial.iter_mut().for_each(|c| *c *= scale);
        values.push(value);
        polynomials.push(polynomial);
    }
    polynomials.split_off(1)
}

/// `W·a + b` of neurons without sites, which is all that these networks have.
fn product(affine: &Affine, read: &Values, parameters: &[f64]) -> Values {
    (0..affine.outputs)
        .map(|row| {
            let mut column = vec![parameters[affine.bias + row]; POINTS];
            let first = affine.weight + row * affine.inputs;
            for (weight, read) in parameters[first..first + affine.inputs].iter().zip(read) {
                column
                    .iter_mut()
                    .zip(read)
                    .for_each(|(sum, x)| *sum += weight * x);
            }
            column
        })
        .collect()
}

/// A function of neurons.
fn pointwise(
    function: Pointwise,
    arguments: &[&Values],
    width: usize,
    numbers: Option<&Affine>,
    parameters: &[f64],
) -> Values {
    let mut graph = Graph::new(Vec::new());
    let (own, trained) = (arguments.len(), function.trained());
    let data: Vec<_> = (0..own + trained).map(|datum| graph.datum(datum)).collect();
    let result = function.expression(&mut graph, &data[..own], &data[own..]);
    let names = Names {
        coordinates: Vec::new(),
        uniforms: Vec::new(),
        data: (0..data.len()).map(|datum| format!("z{datum}")).collect(),
    };
    let leaves: Vec<Leaf> = (0..data.len()).map(Leaf::Datum).collect();
    let outputs = [(function.name().to_owned(), result)];
    let kernel = lower(&graph, &names, function.name(), &leaves, &outputs);
    (0..width)
        .map(|neuron| {
            let constants: Vec<Vec<f64>> = numbers.map_or(Vec::new(), |affine| {
                let first = if function.for_each_neuron() {
                    affine.bias + neuron
                } else {
                    affine.bias
                };
                let numbers = parameters[first..first + trained].iter();
                numbers.map(|number| vec![*number; POINTS]).collect()
            });
            let read = arguments.iter().map(|values| values[neuron].as_slice());
            let read: Vec<&[f64]> = read.chain(constants.iter().map(Vec::as_slice)).collect();
            let mut column = vec![0.0; POINTS];
            interpret(&kernel, &read, &[], &mut [&mut column]);
            column
        })
        .collect()
}

#[allow(clippy::cast_precision_loss)] // a small count
fn number(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
#[allow(clippy::unwrap_used)] // a test may fail
mod tests {
    use super::super::initial::weights;
    use super::*;
    use crate::sampling::{Purpose, stream};
    use pdec_compiler::network::{Activation, Architecture, Chaos};

    fn at(polynomial: &[f64], x: f64) -> f64 {
        polynomial.iter().rev().fold(0.0, |sum, c| sum * x + c)
    }

    #[test]
    fn polynomials_are_orthonormal_for_their_samples() {
        let mut random = stream(3, Purpose::Weights);
        // far from zero, skewed
        let samples: Vec<f64> = (0..500)
            .map(|_| 7.0 + random.random::<f64>().powi(3))
            .collect();
        let polynomials = orthonormal(&samples, 4);
        for (a, left) in polynomials.iter().enumerate() {
            assert_eq!(left.len(), a + 2);
            let mean: f64 = samples.iter().map(|x| at(left, *x)).sum::<f64>() / 500.0;
            assert!(mean.abs() < 1e-6, "{mean}");
            for (b, right) in polynomials.iter().enumerate() {
                let products = samples.iter().map(|x| at(left, *x) * at(right, *x));
                let mean = products.sum::<f64>() / 500.0;
                let expected = if a == b { 1.0 } else { 0.0 };
                assert!((mean - expected).abs() < 1e-6, "{a} {b}: {mean}");
            }
        }
    }

    /// Of evenly spread samples they are the polynomials of Legendre, √(2k+1)·P_k.
    #[test]
    fn uniform_samples_give_the_polynomials_of_legendre() {
        let samples: Vec<f64> = (0..20_000)
            .map(|k| (f64::from(k) + 0.5) / 10_000.0 - 1.0)
            .collect();
        let found = orthonormal(&samples, 3);
        let expected: [&[f64]; 3] = [&[0.0, 1.0], &[-0.5, 0.0, 1.5], &[0.0, -1.5, 0.0, 2.5]];
        for (k, (found, expected)) in found.iter().zip(expected).enumerate() {
            let factor = number(2 * k + 3).sqrt();
            for (found, expected) in found.iter().zip(expected) {
                assert!((found - factor * expected).abs() < 1e-6, "degree {}", k + 1);
            }
        }
    }

    /// Samples with two values have one polynomial.
    #[test]
    fn too_few_values_leave_polynomials_out() {
        let found = orthonormal(&[1.0, 3.0, 1.0, 3.0], 3);
        assert!((found[0][0] + 2.0).abs() < 1e-14 && (found[0][1] - 1.0).abs() < 1e-14);
        assert!(found[1].iter().chain(&found[2]).all(|c| *c == 0.0));
        assert!(
            orthonormal(&[2.0; 5], 2)
                .iter()
                .flatten()
                .all(|c| *c == 0.0)
        );
    }

    /// Every map of a network is orthonormal for what it reads, seen at other points than those it was made from; its
    /// parameters are not trained.
    #[test]
    fn layers_are_orthonormal_for_what_they_read() {
        let chaos = Chaos {
            width: 5,
            depth: 2,
            activation: Activation::Tanh,
            degree: 3,
        };
        let network = Network::new(&Architecture::Chaos(chaos), 3, 1);
        // a coordinate on a circle, and time
        let coordinates = [0, 0, 1];
        let parameters = weights(&network, &coordinates, &mut stream(0, Purpose::Weights));
        let mut values: Vec<Values> = Vec::new();
        let mut random = stream(9, Purpose::Fresh);
        let inputs = inputs(&coordinates, &mut random);
        let mut seen = 0;
        for primitive in &network.primitives {
            let read = |source: &Source| match source {
                Source::Primitive(index) => values[*index].clone(),
                Source::Input | Source::Displaced => inputs.clone(),
            };
            let value = match primitive {
                Primitive::Affine { source, affine } => {
                    let value = product(affine, &read(source), &parameters);
                    if affine.start == (Start::Orthonormal { degree: 3 }) {
                        seen += 1;
                        assert!(!affine.trained);
                        let neurons = affine.inputs / 3;
                        for neuron in 0..neurons {
                            let mean = |a: usize, b: usize| {
                                let column = |k: usize| &value[k * neurons + neuron];
                                let pairs = column(a).iter().zip(column(b));
                                pairs.map(|(a, b)| a * b).sum::<f64>() / number(POINTS)
                            };
                            // four or five standard deviations of a mean over 1000 points
                            for (a, b) in [(0, 0), (0, 1), (1, 1), (0, 2), (1, 2), (2, 2)] {
                                let expected = if a == b { 1.0 } else { 0.0 };
                                let found = mean(a, b);
                                assert!((found - expected).abs() < 0.35, "{a} {b}: {found}");
                            }
                        }
                    }
                    value
                }
                Primitive::Pointwise {
                    sources,
                    function,
                    width,
                    ..
                } => {
                    let read: Vec<Values> = sources.iter().map(read).collect();
                    let read: Vec<&Values> = read.iter().collect();
                    pointwise(*function, &read, *width, None, &parameters)
                }
                Primitive::Concatenation { sources, .. } => {
                    sources.iter().flat_map(&read).collect()
                }
                Primitive::Mean { .. } => Vec::new(),
            };
            values.push(value);
        }
        assert_eq!(seen, 3);
    }
}
