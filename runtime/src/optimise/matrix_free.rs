//! A Gauss–Newton step without a matrix, for networks whose Jacobian is too large to be stored.
//!
//! * Input: products with the Jacobian `J` and its transpose, residuals `r`, a damping `λ`.
//! * Output: the `δ` with `(JᵀJ + λI)·δ = −Jᵀr`, as exactly as asked for.
//! * Method: conjugate gradients on the least-squares problem `‖J·δ + r‖² + λ‖δ‖²` (CGLS, Björck 1996 §7.4), which never forms
//!   `JᵀJ`: an iteration costs one tangent sweep and one backward sweep.
//! * Invariants: the residual of the damped problem falls with every iteration, so that a step that is cut short is one
//!   downhill as well (Steihaug 1983).

use super::gram::dot;

/// A product of a matrix with a vector.
pub type Product<'a> = &'a dyn Fn(&[f64]) -> Vec<f64>;

/// How exactly, and how long.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// It ends when the gradient of the damped problem is this part of what it was.
    pub enough: f64,
    /// Or after so many iterations.
    pub iterations: usize,
}

/// The step, and the image `J·δ`. `products` are `J·v` and `Jᵀ·w`; `gradient` is `Jᵀr`.
pub fn step(
    (image, pulled): (Product<'_>, Product<'_>),
    residuals: &[f64],
    gradient: &[f64],
    damping: f64,
    limits: Limits,
) -> (Vec<f64>, Vec<f64>) {
    let mut step = vec![0.0; gradient.len()];
    let mut reached = vec![0.0; residuals.len()];
    // What is left of −r, and the direction downhill.
    let mut rest: Vec<f64> = residuals.iter().map(|r| -r).collect();
    let mut slope: Vec<f64> = gradient.iter().map(|g| -g).collect();
    let mut direction = slope.clone();
    let mut size = dot(&slope, &slope);
    let enough = limits.enough * limits.enough * size;
    for _ in 0..limits.iterations {
        let is_positive = size > enough && size.is_finite();
        if !is_positive {
            break;
        }
        let moved = image(&direction);
        let curvature = dot(&moved, &moved) + damping * dot(&direction, &direction);
        let is_positive = curvature > 0.0 && curvature.is_finite();
        if !is_positive {
            break;
        }
        let length = size / curvature;
        add(&mut step, length, &direction);
        add(&mut reached, length, &moved);
        add(&mut rest, -length, &moved);
        slope = pulled(&rest);
        add(&mut slope, -damping, &step);
        let next = dot(&slope, &slope);
        let keep = next / size;
        size = next;
        for (direction, slope) in direction.iter_mut().zip(&slope) {
            *direction = slope + keep * *direction;
        }
    }
    (step, reached)
}

/// `a ← a + factor·b`
fn add(a: &mut [f64], factor: f64, b: &[f64]) {
    for (a, b) in a.iter_mut().zip(b) {
        *a += factor * b;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a test may fail

    use super::super::gram::Normal;
    use super::*;
    use crate::engine::Panels;
    use crate::math::dense::cholesky::Factor;

    /// Wide, square and tall: the same step as from the factored matrix.
    #[test]
    fn the_step_is_the_dense_one() {
        for (rows, count) in [(90, 30), (40, 40), (30, 90)] {
            let value = |k: usize| ((k * 7919 + 13) % 1009) as f64 / 1009.0 - 0.5;
            let values: Vec<f64> = (0..rows * (count + 1)).map(value).collect();
            let jacobian = Panels::from_columns(&values, rows, count + 1);
            let mut residuals = vec![0.0; rows];
            jacobian.copy_column(count, &mut residuals);
            let gradient = jacobian.transposed_times(count, &residuals);
            let normal = Normal::new(&jacobian, &residuals);
            let damping = 1e-3 * normal.scale(count);
            let mut factor = Factor::default();
            assert!(normal.factor(count, damping, &mut factor));
            let dense = normal.solve(&jacobian, &factor, &residuals, None);
            let image = |v: &[f64]| jacobian.times(v);
            let pulled = |w: &[f64]| jacobian.transposed_times(count, w);
            let limits = Limits {
                enough: 1e-13,
                iterations: 1000,
            };
            let (free, reached) = step((&image, &pulled), &residuals, &gradient, damping, limits);
            let largest = dense.iter().fold(0.0, |most: f64, it| most.max(it.abs()));
            for (free, dense) in free.iter().zip(&dense) {
                assert!((free + dense).abs() < 1e-9 * largest, "{free} {dense}");
            }
            let again = jacobian.times(&free);
            let wrong = reached.iter().zip(&again).map(|(a, b)| (a - b).abs());
            assert!(wrong.fold(0.0, f64::max) < 1e-10);
        }
    }

    /// Every iteration lowers the damped problem.
    #[test]
    fn a_step_that_is_cut_short_leads_downhill() {
        let (rows, count) = (50, 70);
        let value = |k: usize| ((k * 6563 + 7) % 997) as f64 / 997.0 - 0.5;
        let values: Vec<f64> = (0..rows * (count + 1)).map(value).collect();
        let jacobian = Panels::from_columns(&values, rows, count + 1);
        let mut residuals = vec![0.0; rows];
        jacobian.copy_column(count, &mut residuals);
        let gradient = jacobian.transposed_times(count, &residuals);
        let image = |v: &[f64]| jacobian.times(v);
        let pulled = |w: &[f64]| jacobian.transposed_times(count, w);
        let damping = 0.1;
        let mut last = dot(&residuals, &residuals);
        for iterations in 1..12 {
            let limits = Limits {
                enough: 0.0,
                iterations,
            };
            let (step, reached) = step((&image, &pulled), &residuals, &gradient, damping, limits);
            let left = residuals
                .iter()
                .zip(&reached)
                .map(|(r, a)| (r + a) * (r + a));
            let size = left.sum::<f64>() + damping * dot(&step, &step);
            assert!(size < last, "{iterations}: {size} {last}");
            last = size;
        }
    }
}
