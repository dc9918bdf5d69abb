//! Points in the unit cube: one column for each dimension.

use rand::{Rng, RngExt};
use sobol::Sobol;
use sobol::params::JoeKuoD6;

/// The bases of Halton's sequence.
const PRIMES: [u32; 64] = [
    2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97,
    101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167, 173, 179, 181, 191, 193,
    197, 199, 211, 223, 227, 229, 233, 239, 241, 251, 257, 263, 269, 271, 277, 281, 283, 293, 307,
    311,
];

/// A randomly shifted Sobol sequence (Cranley and Patterson 1976).
pub fn sobol(dimensions: usize, count: usize, random: &mut impl Rng) -> Vec<Vec<f64>> {
    let shifts: Vec<f64> = (0..dimensions).map(|_| random.random::<f64>()).collect();
    let parameters = JoeKuoD6::minimal();
    let mut sequence = Sobol::<f64>::new(dimensions.max(1), &parameters);
    let mut columns = vec![Vec::with_capacity(count); dimensions];
    for _ in 0..count {
        let point = sequence.next().unwrap_or_default();
        for ((column, unit), shift) in columns.iter_mut().zip(point).zip(&shifts) {
            column.push((unit + shift).fract());
        }
    }
    columns
}

/// A randomly shifted Halton sequence (1960); beyond 64 dimensions independent points.
pub fn halton(dimensions: usize, count: usize, random: &mut impl Rng) -> Vec<Vec<f64>> {
    (0..dimensions)
        .map(|dimension| {
            let shift = random.random::<f64>();
            let Some(&base) = PRIMES.get(dimension) else {
                return (0..count).map(|_| random.random::<f64>()).collect();
            };
            let shifted = |number| (radical_inverse(number, base) + shift).fract();
            (1..=count).map(shifted).collect()
        })
        .collect()
}

/// The digits of a number in a base, mirrored at the point.
fn radical_inverse(mut number: usize, base: u32) -> f64 {
    let (mut inverse, mut digit) = (0.0, 1.0);
    while number > 0 {
        digit /= f64::from(base);
        #[allow(clippy::cast_precision_loss)] // below the base
        let value = (number % base as usize) as f64;
        inverse += digit * value;
        number /= base as usize;
    }
    inverse
}

/// A Latin hypercube: in each dimension every slice has one point (McKay, Beckman, Conover 1979).
pub fn latin_hypercube(dimensions: usize, count: usize, random: &mut impl Rng) -> Vec<Vec<f64>> {
    (0..dimensions)
        .map(|_| {
            let mut slices: Vec<usize> = (0..count).collect();
            for last in (1..count).rev() {
                slices.swap(last, random.random_range(0..=last));
            }
            let slices = slices.into_iter();
            slices
                .map(|slice| (number(slice) + random.random::<f64>()) / number(count))
                .collect()
        })
        .collect()
}

/// The middles of equal cells.
pub fn grid(dimensions: usize, count: usize, random: &mut impl Rng) -> Vec<Vec<f64>> {
    let side = side(dimensions, count);
    let middles: Vec<f64> = (0..side)
        .map(|cell| (number(cell) + 0.5) / number(side))
        .collect();
    tensor(&middles, dimensions, count, random)
}

/// The nodes of a Gauss–Legendre rule in each dimension.
pub fn gauss_legendre(dimensions: usize, count: usize, random: &mut impl Rng) -> Vec<Vec<f64>> {
    let nodes = legendre_nodes(side(dimensions, count));
    tensor(&nodes, dimensions, count, random)
}

/// The largest side of a cube of points that are not more than `count`.
fn side(dimensions: usize, count: usize) -> usize {
    let power = u32::try_from(dimensions).unwrap_or(u32::MAX);
    let fits = |side: usize| side.checked_pow(power).is_some_and(|size| size <= count);
    let mut side = 1;
    while dimensions > 0 && fits(side + 1) {
        side += 1;
    }
    side
}

/// All points with these coordinates, and independent ones up to `count`.
fn tensor(axis: &[f64], dimensions: usize, count: usize, random: &mut impl Rng) -> Vec<Vec<f64>> {
    let mut columns = vec![Vec::with_capacity(count); dimensions];
    let power = u32::try_from(dimensions).unwrap_or(u32::MAX);
    let full = axis.len().checked_pow(power).unwrap_or(0).min(count);
    for point in 0..count {
        let mut rest = point;
        for column in &mut columns {
            column.push(if point < full {
                axis[rest % axis.len()]
            } else {
                random.random::<f64>()
            });
            rest /= axis.len();
        }
    }
    columns
}

/// The zeros of the Legendre polynomial on [0, 1], by Newton's method from Tricomi's approximation.
pub fn legendre_nodes(count: usize) -> Vec<f64> {
    let n = number(count);
    (0..count)
        .map(|k| {
            let angle = std::f64::consts::PI * (number(k) + 0.75) / (n + 0.5);
            let cosine = pdec_compiler::function::Function::Cos;
            let mut x = -pdec_compiler::kernel::evaluate_function(cosine, angle);
            for _ in 0..100 {
                let (mut before, mut here) = (1.0, x);
                for degree in 2..=count {
                    let d = number(degree);
                    (before, here) = (here, ((2.0 * d - 1.0) * x * here - (d - 1.0) * before) / d);
                }
                let slope = n * (x * here - before) / (x * x - 1.0);
                let step = here / slope;
                x -= step;
                if step.abs() < 1e-15 {
                    break;
                }
            }
            0.5 * (1.0 + x)
        })
        .collect()
}

#[allow(clippy::cast_precision_loss)] // counts of points
fn number(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sampling::{Purpose, stream};

    /// The mean of x₁²·x₂ over a unit square is 1/6; independent points are off by 6e-3 (one standard deviation).
    fn mean(columns: &[Vec<f64>]) -> f64 {
        let pairs = columns[0].iter().zip(&columns[1]);
        pairs.map(|(x, y)| x * x * y).sum::<f64>() / columns[0].len() as f64
    }

    #[test]
    fn sequences_integrate_better_than_independent_points() {
        for seed in 0..5 {
            let random = &mut stream(seed, Purpose::Points);
            for columns in [
                sobol(2, 2048, random),
                halton(2, 2048, random),
                latin_hypercube(2, 2048, random),
            ] {
                assert!((mean(&columns) - 1.0 / 6.0).abs() < 6e-3);
                let inside = |unit: &f64| (0.0..1.0).contains(unit);
                assert!(columns.iter().flatten().all(inside));
            }
            assert!((mean(&halton(2, 2048, random)) - 1.0 / 6.0).abs() < 1e-3);
            assert!((mean(&sobol(2, 2048, random)) - 1.0 / 6.0).abs() < 1e-3);
        }
    }

    #[test]
    fn every_slice_of_a_latin_hypercube_has_one_point() {
        let columns = latin_hypercube(3, 100, &mut stream(3, Purpose::Points));
        for column in columns {
            let mut slices: Vec<usize> = column.iter().map(|x| (x * 100.0) as usize).collect();
            slices.sort_unstable();
            assert!(slices.into_iter().eq(0..100));
        }
    }

    #[test]
    fn every_digit_of_a_halton_sequence_comes_equally_often() {
        // Without the shift each third has a third of the points, and each fifth a fifth.
        let inverse = |base| (1..=900).map(move |k| radical_inverse(k, base));
        for (base, parts) in [(3, 9.0), (5, 25.0)] {
            let parts: f64 = parts;
            for part in 0..parts as usize {
                let here = inverse(base).filter(|x| (x * parts + 1e-9) as usize == part);
                let count = here.count() as f64;
                assert!(
                    (count - 900.0 / parts).abs() <= 1.0,
                    "{base} {part} {count}"
                );
            }
        }
    }

    #[test]
    fn a_grid_is_a_grid() {
        let columns = grid(2, 10, &mut stream(0, Purpose::Points));
        let ninths: Vec<f64> = columns[0]
            .iter()
            .zip(&columns[1])
            .map(|(x, y)| x + 3.0 * y)
            .collect();
        for k in 0..9 {
            let middle =
                (k % 3) as f64 / 3.0 + 1.0 / 6.0 + 3.0 * ((k / 3) as f64 / 3.0 + 1.0 / 6.0);
            assert!((ninths[k] - middle).abs() < 1e-12);
        }
        assert_eq!(columns[0].len(), 10);
    }

    /// With 5 nodes the polynomials 1, P₁ … P₅ are right: their sums at the zeros of P₅, weighted, are those of the
    /// integral; here by the weights 1/((1−x²)P₅′²)·2.
    #[test]
    fn gauss_legendre_nodes_are_zeros() {
        for count in [1, 2, 5, 12, 40] {
            for x in legendre_nodes(count) {
                let x = 2.0 * x - 1.0;
                let (mut before, mut here) = (1.0, x);
                for degree in 2..=count {
                    let d = degree as f64;
                    (before, here) = (here, ((2.0 * d - 1.0) * x * here - (d - 1.0) * before) / d);
                }
                assert!(here.abs() < 1e-12, "{count} {x} {here}");
            }
        }
        let five = legendre_nodes(5);
        assert!((five[2] - 0.5).abs() < 1e-15 && five.is_sorted());
        assert!((2.0 * five[4] - 1.0 - 0.906_179_845_938_664).abs() < 1e-14);
    }
}
