//! What a window has found, as a network of one hidden layer of sines.
//!
//! A feature is `sin(k·κ·x̂ ± ω·ŝ + φ)` with the coordinates in [−1, 1] and κ = π where the interval is the circle. Sums and differences of two are products of a wave in
//! space and one in time, and a few slow waves in time express what is smooth in a window as well as a polynomial does.

use super::circle::Modes;
use super::ring::Ring;
use super::stages::{Stages, legendre, solve};
use pdec_compiler::network::Affine;
use rustfft::num_complex::Complex64;
use std::f64::consts::{FRAC_PI_2, PI};

/// The step between frequencies in time. The smaller it is, the nearer their sums come to polynomials, and the larger their
/// coefficients are.
const FREQUENCY: f64 = 0.2;

/// Functions of time beyond the number of coefficients of a polynomial: with two more, slow waves miss it by less than
/// 1e-10.
const MORE: usize = 2;

/// The features of a window's network.
pub struct Layout {
    /// The highest wavenumber.
    pub reach: usize,
    /// Frequencies in time, beside 0.
    frequencies: usize,
    /// The functions of time: 1, then sine and cosine of each frequency, as many as there are.
    functions: usize,
    /// Neurons of the same wave: one, whose phase is that of the field, or sine and cosine, which several fields share.
    phases: usize,
    ring: Ring,
}

impl Layout {
    /// For polynomials in time of so many coefficients.
    pub fn new(reach: usize, coefficients: usize, fields: usize, ring: Ring) -> Self {
        let functions = coefficients + MORE;
        Self {
            reach,
            frequencies: functions / 2,
            functions,
            phases: fields.min(2),
            ring,
        }
    }

    /// Features.
    pub fn width(&self) -> usize {
        self.phases * (self.frequencies + self.reach * self.per_wave())
    }

    /// Waves in space and time for a wave in space.
    fn per_wave(&self) -> usize {
        1 + 2 * self.frequencies
    }

    /// The place of the first feature of a wave in space (not 0), with this frequency; beside 0 there are two, that of the
    /// negative frequency behind.
    fn place(&self, wave: usize, frequency: usize) -> usize {
        let first = self.frequencies + (wave - 1) * self.per_wave();
        self.phases
            * match frequency {
                0 => first,
                _ => first + 1 + 2 * (frequency - 1),
            }
    }

    /// Writes the hidden layer; `inputs` are the places of space and time among its inputs.
    pub fn hidden(&self, parameters: &mut [f64], layer: &Affine, (space, time): (usize, usize)) {
        let phases = self.phases;
        let mut set = |neuron: usize, wave: f64, frequency: f64| {
            for number in 0..phases {
                let neuron = neuron + number;
                parameters[layer.weight + neuron * layer.inputs + space] = wave;
                parameters[layer.weight + neuron * layer.inputs + time] = frequency;
                // Sine, then cosine.
                parameters[layer.bias + neuron] = FRAC_PI_2 * float(number);
            }
        };
        for number in 1..=self.frequencies {
            set(phases * (number - 1), 0.0, FREQUENCY * float(number));
        }
        for k in 1..=self.reach {
            let wave = self.ring.wavenumber() * float(k);
            set(self.place(k, 0), wave, 0.0);
            for number in 1..=self.frequencies {
                let frequency = FREQUENCY * float(number);
                let place = self.place(k, number);
                set(place, wave, frequency);
                set(place + phases, wave, -frequency);
            }
        }
    }

    /// Writes a field: what is known of it divided by `size`, `level` subtracted.
    pub fn last(
        &self,
        parameters: &mut [f64],
        (hidden, last): (&Affine, &Affine),
        field: usize,
        fit: &Fit,
        known: &[Modes],
        (level, size): (f64, f64),
    ) {
        let row = last.weight + field * last.inputs;
        let mut set = |neuron: usize, of_sine: f64, of_cosine: f64| {
            if self.phases == 1 {
                parameters[row + neuron] = of_sine.hypot(of_cosine);
                parameters[hidden.bias + neuron] = of_cosine.atan2(of_sine);
            } else {
                parameters[row + neuron] = of_sine;
                parameters[row + neuron + 1] = of_cosine;
            }
        };
        let waves = known.first().map_or(0, Vec::len);
        let mut mean = 0.0;
        for k in 0..waves {
            let values: Vec<Complex64> = known.iter().map(|modes| modes[k] / size).collect();
            let times = fit.of(&values);
            // Sine and cosine of a frequency.
            let pair = |frequency: usize| {
                let at = |number: usize| times.get(number).copied().unwrap_or_default();
                (at(2 * frequency - 1), at(2 * frequency))
            };
            if k == 0 {
                mean = times[0].re;
                for frequency in 1..=self.frequencies {
                    let (sine, cosine) = pair(frequency);
                    set(self.phases * (frequency - 1), sine.re, cosine.re);
                }
                continue;
            }
            // û·e^{iθ} + its conjugate, the angle counted from the middle of the interval.
            let turn = 2.0 * self.ring.turn(k);
            let constant = turn * times[0];
            set(self.place(k, 0), -constant.im, constant.re);
            for frequency in 1..=self.frequencies {
                let (sine, cosine) = pair(frequency);
                let (sine, cosine) = (0.5 * turn * sine, 0.5 * turn * cosine);
                // cos θ·sin ωŝ = ½ (sin₊ − sin₋), sin θ·sin ωŝ = ½ (cos₋ − cos₊), cos θ·cos ωŝ = ½ (cos₊ + cos₋),
                // sin θ·cos ωŝ = ½ (sin₊ + sin₋), where ± is the sign of ω.
                let place = self.place(k, frequency);
                set(place, sine.re - cosine.im, sine.im + cosine.re);
                set(
                    place + self.phases,
                    -sine.re - cosine.im,
                    cosine.re - sine.im,
                );
            }
        }
        parameters[last.bias + field] = mean - level / size;
    }
}

/// From what is known of a polynomial in time to its coefficients by slow waves.
pub struct Fit {
    /// Legendre coefficients, of what is known.
    coefficients: Vec<Vec<f64>>,
    /// Slow waves, of Legendre coefficients: those of higher degree are small, but have large coefficients by slow waves,
    /// whose rounding must not be seen in the others.
    waves: Vec<Vec<f64>>,
}

impl Fit {
    /// For functions with so many values given at the beginning of a window beside those at the stages.
    pub fn new(stages: &Stages, given: usize, layout: &Layout) -> Self {
        let count = layout.functions;
        let degrees = stages.coefficient_count(given);
        // The waves are the polynomial at as many points as there are of them.
        let points: Vec<f64> = (0..count)
            .map(|k| (PI * (float(k) + 0.5) / float(count)).cos())
            .collect();
        let matrix: Vec<Vec<f64>> = points.iter().map(|&s| waves(count, s)).collect();
        let values: Vec<Vec<f64>> = points.iter().map(|&s| legendre(degrees, 0, s)).collect();
        let columns = solve(matrix, transposed(&values));
        Self {
            coefficients: stages.coefficients(given),
            waves: transposed(&columns),
        }
    }

    fn of(&self, known: &[Complex64]) -> Vec<Complex64> {
        times(&self.waves, &times(&self.coefficients, known))
    }
}

fn times(matrix: &[Vec<f64>], vector: &[Complex64]) -> Vec<Complex64> {
    let row = |row: &Vec<f64>| row.iter().zip(vector).map(|(a, z)| *a * z).sum();
    matrix.iter().map(row).collect()
}

fn transposed(matrix: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let columns = matrix.first().map_or(0, Vec::len);
    let column = |k: usize| matrix.iter().map(|row| row[k]).collect();
    (0..columns).map(column).collect()
}

/// The functions of time.
fn waves(count: usize, s: f64) -> Vec<f64> {
    (0..count)
        .map(|number| match number {
            0 => 1.0,
            _ if number % 2 == 1 => (FREQUENCY * float(number.div_ceil(2)) * s).sin(),
            _ => (FREQUENCY * float(number / 2) * s).cos(),
        })
        .collect()
}

#[allow(clippy::cast_precision_loss)] // small counts
fn float(count: usize) -> f64 {
    count as f64
}
