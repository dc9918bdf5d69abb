//! The damped normal equations of a step, on the smaller side of the Jacobian.
//!
//! `(JᵀJ + λI)⁻¹Jᵀb = Jᵀ(JJᵀ + λI)⁻¹b`: with more residuals than parameters the left form is the smaller system,
//! with fewer the right one.

use crate::engine::Panels;
use crate::math::dense::cholesky::Factor;
use crate::math::dense::gram::gram;
use crate::math::dense::symmetric::Symmetric;

pub use crate::math::dense::reduce::dot;

/// The matrix of the normal equations.
pub enum Normal {
    /// `JᵀJ`, bordered by `Jᵀr`.
    Parameters(Symmetric),
    /// `JJᵀ`, with `Jᵀr` and the largest diagonal element of `JᵀJ`.
    Residuals {
        /// `JJᵀ`
        gram: Symmetric,
        /// `Jᵀr`
        gradient: Vec<f64>,
        /// `max_k Σ_i J_ik²`
        scale: f64,
    },
}

impl Normal {
    /// The matrix for a Jacobian whose last column is the residuals. Call it inside the thread pool.
    #[must_use]
    pub fn new(jacobian: &Panels, residuals: &[f64]) -> Self {
        let count = jacobian.columns() - 1;
        if jacobian.rows() >= count {
            return Self::Parameters(gram(jacobian));
        }
        let mut column = vec![0.0; jacobian.rows()];
        let scale = (0..count)
            .map(|k| {
                jacobian.copy_column(k, &mut column);
                dot(&column, &column)
            })
            .fold(0.0, f64::max);
        Self::Residuals {
            gram: gram(&jacobian.transposed(count)),
            gradient: jacobian.transposed_times(count, residuals),
            scale,
        }
    }

    /// `Jᵀr` for `count` parameters.
    #[must_use]
    pub fn gradient(&self, count: usize) -> Vec<f64> {
        match self {
            Self::Parameters(gram) => (0..count).map(|k| gram.at(k, count)).collect(),
            Self::Residuals { gradient, .. } => gradient.clone(),
        }
    }

    /// The largest diagonal element of `JᵀJ`.
    #[must_use]
    pub fn scale(&self, count: usize) -> f64 {
        match self {
            Self::Parameters(gram) => gram.largest_diagonal(count),
            Self::Residuals { scale, .. } => *scale,
        }
    }

    /// Factors the matrix with `λ` on its diagonal; `false` if it is not positive definite. Call it inside the
    /// thread pool.
    #[must_use]
    pub fn factor(&self, count: usize, damping: f64, factor: &mut Factor) -> bool {
        match self {
            Self::Parameters(gram) => factor.factor(gram, count, damping),
            Self::Residuals { gram, .. } => factor.factor(gram, gram.size(), damping),
        }
    }

    /// `(JᵀJ + λI)⁻¹Jᵀb`, where `Jᵀb` is known if it is given. Call it inside the thread pool.
    #[must_use]
    pub fn solve(
        &self,
        jacobian: &Panels,
        factor: &Factor,
        b: &[f64],
        pulled: Option<&[f64]>,
    ) -> Vec<f64> {
        let count = jacobian.columns() - 1;
        match self {
            Self::Parameters(_) => {
                let mut x = match pulled {
                    Some(pulled) => pulled.to_vec(),
                    None => jacobian.transposed_times(count, b),
                };
                factor.solve(&mut x);
                x
            }
            Self::Residuals { .. } => {
                let mut x = b.to_vec();
                factor.solve(&mut x);
                jacobian.transposed_times(count, &x)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Both forms give the solution of the same system.
    #[test]
    fn both_sides_solve_the_same_system() {
        for (rows, count) in [(137, 40), (40, 137), (64, 64)] {
            let values: Vec<f64> = (0..rows * (count + 1))
                .map(|k| ((k * 7919 + 13) % 1009) as f64 / 1009.0 - 0.5)
                .collect();
            let jacobian = Panels::from_columns(&values, rows, count + 1);
            let residuals = &values[rows * count..];
            let normal = Normal::new(&jacobian, residuals);
            let gradient = normal.gradient(count);
            let mut factor = Factor::default();
            assert!(normal.factor(count, 0.3, &mut factor));
            let x = normal.solve(&jacobian, &factor, residuals, Some(&gradient));
            let pulled = normal.solve(&jacobian, &factor, residuals, None);
            let mut scale: f64 = 0.0;
            for k in 0..count {
                let column = &values[k * rows..(k + 1) * rows];
                scale = scale.max(dot(column, column));
                assert!((gradient[k] - dot(column, residuals)).abs() < 1e-12);
                assert!((x[k] - pulled[k]).abs() < 1e-12);
            }
            assert!((normal.scale(count) - scale).abs() < 1e-12);
            let left = jacobian.transposed_times(count, &jacobian.times(&x));
            for k in 0..count {
                assert!((left[k] + 0.3 * x[k] - gradient[k]).abs() < 1e-10);
            }
            assert!(!normal.factor(count, -1e6, &mut factor));
        }
    }
}
