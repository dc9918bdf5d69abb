//! What a window has found, as a network of one hidden layer of sines.
//!
//! A feature is `sin(k·π·x̂ ± ω·ŝ + φ)` with the coordinates in [−1, 1]. Sums and differences of two are products of a wave in
//! space and one in time, and a few slow waves in time express what is smooth in a window as well as a polynomial does.

use super::circle::Modes;
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
}

impl Layout {
    /// For polynomials in time of so many coefficients.
    pub fn new(reach: usize, coefficients: usize) -> Self {
        let functions = coefficients + MORE;
        Self {
            reach,
            frequencies: functions / 2,
            functions,
        }
    }

    /// Features.
    pub fn width(&self) -> usize {
        2 * self.frequencies + self.reach * self.per_wave()
    }

    /// Features of a wave in space.
    fn per_wave(&self) -> usize {
        2 + 4 * self.frequencies
    }

    /// The place of the first feature of a wave in space (not 0), with this frequency: the first two have none.
    fn place(&self, wave: usize, frequency: usize) -> usize {
        let first = 2 * self.frequencies + (wave - 1) * self.per_wave();
        match frequency {
            0 => first,
            _ => first + 2 + 4 * (frequency - 1),
        }
    }

    /// Writes the hidden layer; `inputs` are the places of space and time among its inputs.
    pub fn hidden(&self, parameters: &mut [f64], layer: &Affine, (space, time): (usize, usize)) {
        let mut set = |neuron: usize, wave: f64, frequency: f64, phase: f64| {
            parameters[layer.weight + neuron * layer.inputs + space] = wave;
            parameters[layer.weight + neuron * layer.inputs + time] = frequency;
            parameters[layer.bias + neuron] = phase;
        };
        for number in 1..=self.frequencies {
            let frequency = FREQUENCY * float(number);
            set(2 * number - 2, 0.0, frequency, 0.0);
            set(2 * number - 1, 0.0, frequency, FRAC_PI_2);
        }
        for k in 1..=self.reach {
            let wave = PI * float(k);
            let place = self.place(k, 0);
            set(place, wave, 0.0, 0.0);
            set(place + 1, wave, 0.0, FRAC_PI_2);
            for number in 1..=self.frequencies {
                let frequency = FREQUENCY * float(number);
                let place = self.place(k, number);
                set(place, wave, frequency, 0.0);
                set(place + 1, wave, frequency, FRAC_PI_2);
                set(place + 2, wave, -frequency, 0.0);
                set(place + 3, wave, -frequency, FRAC_PI_2);
            }
        }
    }

    /// Writes a row of the last layer, that of a field: what is known of it divided by `size`, `level` subtracted.
    pub fn last(
        &self,
        parameters: &mut [f64],
        layer: &Affine,
        field: usize,
        fit: &Fit,
        known: &[Modes],
        (level, size): (f64, f64),
    ) {
        let row = layer.weight + field * layer.inputs;
        let waves = known.first().map_or(0, Vec::len);
        for k in 0..waves {
            let values: Vec<Complex64> = known.iter().map(|modes| modes[k] / size).collect();
            let times = fit.of(&values);
            if k == 0 {
                parameters[layer.bias + field] = times[0].re - level / size;
                for (number, value) in times.iter().enumerate().skip(1) {
                    parameters[row + number - 1] = value.re;
                }
                continue;
            }
            // û·e^{iθ} + its conjugate, with θ = πk·x̂ + πk.
            let sign = if k % 2 == 0 { 2.0 } else { -2.0 };
            let place = self.place(k, 0);
            parameters[row + place] = -sign * times[0].im;
            parameters[row + place + 1] = sign * times[0].re;
            for (number, value) in times.iter().enumerate().skip(1) {
                let place = row + self.place(k, number.div_ceil(2));
                let (of_cosine, of_sine) = (0.5 * sign * value.re, -0.5 * sign * value.im);
                if number % 2 == 1 {
                    // sin ωŝ: cos·sin = ½ (sin₊ − sin₋), sin·sin = ½ (cos₋ − cos₊)
                    parameters[place] += of_cosine;
                    parameters[place + 2] -= of_cosine;
                    parameters[place + 1] -= of_sine;
                    parameters[place + 3] += of_sine;
                } else {
                    // cos ωŝ: cos·cos = ½ (cos₊ + cos₋), sin·cos = ½ (sin₊ + sin₋)
                    parameters[place + 1] += of_cosine;
                    parameters[place + 3] += of_cosine;
                    parameters[place] += of_sine;
                    parameters[place + 2] += of_sine;
                }
            }
        }
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
