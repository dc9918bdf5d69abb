//! Fixed-point iterations, accelerated: Anderson (1965) mixing, which is GMRES where the iteration is affine (Walker and Ni
//! 2011).

use rustfft::num_complex::Complex64;

/// Differences that are remembered.
const DEPTH: usize = 8;

/// A difference is left out where less than this of it is not in newer ones.
const INDEPENDENT: f64 = 1e-9;

/// What the iteration remembers.
#[derive(Default)]
pub struct Anderson {
    /// The last point and its step.
    last: Option<(Vec<Complex64>, Vec<Complex64>)>,
    /// Differences of points and of steps, the newest first.
    differences: Vec<(Vec<Complex64>, Vec<Complex64>)>,
}

impl Anderson {
    /// The next point, from this one and the step that the plain iteration would make.
    pub fn next(&mut self, point: &[Complex64], step: &[Complex64]) -> Vec<Complex64> {
        if let Some((before, earlier)) = self.last.take() {
            self.differences
                .insert(0, (minus(point, &before), minus(step, &earlier)));
            self.differences.truncate(DEPTH);
        }
        self.last = Some((point.to_vec(), step.to_vec()));
        // The part of the step that the differences of steps can take away, by Gram–Schmidt; `images` are what the
        // differences of points come to under the same combinations.
        let mut rest = step.to_vec();
        let mut next: Vec<Complex64> = point.to_vec();
        let mut directions: Vec<(Vec<Complex64>, Vec<Complex64>)> = Vec::new();
        for (of_points, of_steps) in &self.differences {
            let mut direction = of_steps.clone();
            let mut image = of_points.clone();
            let whole = dot(&direction, &direction).sqrt();
            for (other, its_image) in &directions {
                let share = dot(other, &direction);
                add(&mut direction, -share, other);
                add(&mut image, -share, its_image);
            }
            let length = dot(&direction, &direction).sqrt();
            let independent = length > INDEPENDENT * whole;
            if !independent {
                continue;
            }
            for z in direction.iter_mut().chain(&mut image) {
                *z /= length;
            }
            let share = dot(&direction, &rest);
            add(&mut rest, -share, &direction);
            add(&mut next, -share, &image);
            directions.push((direction, image));
        }
        add(&mut next, 1.0, &rest);
        next
    }
}

fn minus(a: &[Complex64], b: &[Complex64]) -> Vec<Complex64> {
    a.iter().zip(b).map(|(a, b)| a - b).collect()
}

fn add(to: &mut [Complex64], factor: f64, what: &[Complex64]) {
    for (to, what) in to.iter_mut().zip(what) {
        *to += factor * what;
    }
}

/// The inner product of real vectors whose elements come in pairs.
fn dot(a: &[Complex64], b: &[Complex64]) -> f64 {
    a.iter()
        .zip(b)
        .map(|(a, b)| a.re * b.re + a.im * b.im)
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An affine iteration in eight real unknowns that does not contract is solved in nine steps.
    #[test]
    fn affine_iterations_end_after_as_many_steps_as_unknowns() {
        let matrix = |row: usize, column: usize| {
            let value = ((row * 7 + column * 3) % 11) as f64 / 11.0 - 0.4;
            if row == column { 1.5 + value } else { value }
        };
        let step = |x: &[Complex64]| -> Vec<Complex64> {
            let flat: Vec<f64> = x.iter().flat_map(|z| [z.re, z.im]).collect();
            let value = |row: usize| {
                let image: f64 = (0..8).map(|k| matrix(row, k) * flat[k]).sum();
                row as f64 - 3.0 - image
            };
            (0..4)
                .map(|k| Complex64::new(value(2 * k), value(2 * k + 1)))
                .collect()
        };
        let mut anderson = Anderson::default();
        let mut x = vec![Complex64::default(); 4];
        for _ in 0..10 {
            x = anderson.next(&x, &step(&x));
        }
        let rest = step(&x);
        assert!(dot(&rest, &rest).sqrt() < 1e-10);
    }
}
