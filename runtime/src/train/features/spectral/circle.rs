//! Functions on a circle as Fourier coefficients and as values on a grid.

use rustfft::num_complex::Complex64;
use rustfft::{Fft, FftPlanner};
use std::sync::Arc;

/// Fourier coefficients `û_0 … û_K` of a real function `Σ û_k·e^{ikθ}` with `û_{−k}` the conjugate of `û_k`.
pub type Modes = Vec<Complex64>;

/// A grid of equal steps around the circle, and the way between values on it and coefficients.
pub struct Circle {
    /// Points of the grid.
    pub points: usize,
    forward: Arc<dyn Fft<f64>>,
    inverse: Arc<dyn Fft<f64>>,
}

impl Circle {
    /// A grid fine enough that products of two functions with these wavenumbers do not fold back onto them.
    pub fn for_reach(reach: usize) -> Self {
        let least = 3 * reach + 2;
        // Powers of two, and one and a half times those: sizes that transform fast.
        let mut points = 8;
        while points < least {
            if 3 * points / 2 >= least {
                points = 3 * points / 2;
                break;
            }
            points *= 2;
        }
        Self::new(points)
    }

    /// A grid of so many points, an even number.
    pub fn new(points: usize) -> Self {
        let mut planner = FftPlanner::new();
        Self {
            points,
            forward: planner.plan_fft_forward(points),
            inverse: planner.plan_fft_inverse(points),
        }
    }

    /// The values of functions on the grid. Two real functions are one complex one.
    pub fn values(&self, functions: &[Modes]) -> Vec<Vec<f64>> {
        let mut values = Vec::with_capacity(functions.len());
        let mut buffer = vec![Complex64::default(); self.points];
        for pair in functions.chunks(2) {
            buffer.fill(Complex64::default());
            for (function, unit) in pair.iter().zip([Complex64::ONE, Complex64::I]) {
                for (k, &mode) in function.iter().enumerate() {
                    buffer[k] += unit * mode;
                    if k > 0 {
                        buffer[self.points - k] += unit * mode.conj();
                    }
                }
            }
            self.inverse.process(&mut buffer);
            values.push(buffer.iter().map(|z| z.re).collect());
            if pair.len() == 2 {
                values.push(buffer.iter().map(|z| z.im).collect());
            }
        }
        values
    }

    /// The Fourier coefficients, up to this wavenumber, of functions with these values on the grid.
    pub fn modes(&self, functions: &[Vec<f64>], reach: usize) -> Vec<Modes> {
        let mut modes = Vec::with_capacity(functions.len());
        let mut buffer = vec![Complex64::default(); self.points];
        #[allow(clippy::cast_precision_loss)] // a small count
        let factor = 0.5 / self.points as f64;
        for pair in functions.chunks(2) {
            let second = pair.get(1);
            for (place, z) in buffer.iter_mut().enumerate() {
                *z = Complex64::new(pair[0][place], second.map_or(0.0, |values| values[place]));
            }
            self.forward.process(&mut buffer);
            let mirrored = |k: usize| buffer[(self.points - k) % self.points].conj();
            modes.push(
                (0..=reach)
                    .map(|k| factor * (buffer[k] + mirrored(k)))
                    .collect(),
            );
            if second.is_some() {
                modes.push(
                    (0..=reach)
                        .map(|k| -Complex64::I * factor * (buffer[k] - mirrored(k)))
                        .collect(),
                );
            }
        }
        modes
    }
}

/// The mean square of a function around the circle.
pub fn mean_square(modes: &[Complex64]) -> f64 {
    let waves: f64 = modes.iter().skip(1).map(Complex64::norm_sqr).sum();
    modes.first().map_or(0.0, Complex64::norm_sqr) + 2.0 * waves
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::TAU;

    #[test]
    fn values_and_coefficients_belong_together() {
        let circle = Circle::for_reach(5);
        let functions: Vec<Modes> = (0..3)
            .map(|f| {
                let mode = |k: usize| {
                    let (f, k) = (f as f64, k as f64);
                    Complex64::new(
                        (1.0 + f) / (1.0 + k),
                        if k > 0.0 { f - 0.3 * k } else { 0.0 },
                    )
                };
                (0..=5).map(mode).collect()
            })
            .collect();
        let values = circle.values(&functions);
        for (modes, values) in functions.iter().zip(&values) {
            for (place, value) in values.iter().enumerate() {
                let angle = TAU * place as f64 / circle.points as f64;
                let wave = |(k, mode): (usize, &Complex64)| {
                    let part = mode * Complex64::cis(k as f64 * angle);
                    if k == 0 { part.re } else { 2.0 * part.re }
                };
                let direct: f64 = modes.iter().enumerate().map(wave).sum();
                assert!((value - direct).abs() < 1e-13);
            }
            let mean = values.iter().map(|v| v * v).sum::<f64>() / circle.points as f64;
            assert!((mean - mean_square(modes)).abs() < 1e-12);
        }
        let back = circle.modes(&values, 5);
        for (modes, back) in functions.iter().zip(&back) {
            for (mode, back) in modes.iter().zip(back) {
                assert!((mode - back).norm() < 1e-14);
            }
        }
    }
}
