//! Optimisers, written against [`Objective`]: they know nothing of equations, points or devices.

pub mod adam;
pub mod gauss_newton;
mod gram;
pub mod lbfgs;
pub mod least_squares;
mod line_search;
mod matrix_free;
mod method;
pub mod natural_gradient;
pub mod soap;
pub mod ss_broyden;
#[cfg(test)]
mod tests;

pub use gram::dot;
pub use method::Method;

use crate::engine::Panels;

/// What an optimiser may ask of a loss that is a sum of squares.
pub trait Objective {
    /// The sum of squares and its gradient.
    fn loss_and_gradient(&self, parameters: &[f64]) -> (f64, Vec<f64>);
    /// The residuals whose squares are summed.
    fn residuals(&self, parameters: &[f64]) -> Vec<f64>;
    /// The Jacobian of the residuals, and the residuals as its last column.
    fn jacobian(&self, parameters: &[f64], jacobian: &mut Panels);
    /// `J·v` for the Jacobian `J` of the residuals.
    fn image(&self, parameters: &[f64], v: &[f64]) -> Vec<f64> {
        let mut jacobian = Panels::default();
        self.jacobian(parameters, &mut jacobian);
        let mut v = v.to_vec();
        // The last column is the residuals.
        v.push(0.0);
        jacobian.times(&v)
    }
    /// `Jᵀ·w` for the Jacobian `J` of the residuals.
    fn pulled(&self, parameters: &[f64], w: &[f64]) -> Vec<f64> {
        let mut jacobian = Panels::default();
        self.jacobian(parameters, &mut jacobian);
        jacobian.transposed_times(parameters.len(), w)
    }
    /// Runs work with the threads of the objective.
    fn with_threads<R: Send>(&self, work: impl FnOnce() -> R + Send) -> R;
}

/// How a step went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// The loss is lower than before.
    Lower,
    /// No step lowers the loss.
    Stalled,
    /// The loss is not a number.
    NotFinite,
}
