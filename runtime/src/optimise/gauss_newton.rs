//! Gauss–Newton with Levenberg–Marquardt damping and geodesic acceleration.
//!
//! Each step solves `(JᵀJ + λI)·δ = −Jᵀr`. A step that lowers the loss divides λ by 3, one that does not
//! multiplies it by 2 and is tried again: only a factorisation and a residual. The second-order correction
//! `a` of the geodesic through parameter space (Transtrum, Machta, Sethna 2011) solves the same system for
//! the second directional derivative of the residuals, taken from one more evaluation of them.
//!
//! Where the Jacobian would not fit, steps are made without it ([`super::matrix_free`]): by conjugate gradients, less exactly,
//! and without the second-order correction, which would cost as much as the step.

use super::gram::{Normal, dot};
use super::matrix_free::{Limits, step as free_step};
use super::{Objective, Progress};
use crate::engine::Panels;
use crate::math::dense::cholesky::Factor;
use crate::state::{Resume, State, StateError};

/// λ at the beginning, relative to the largest diagonal element of `JᵀJ`.
const FIRST_DAMPING: f64 = 1e-4;
/// A step that lowers the loss divides λ by this.
const DECREASE: f64 = 3.0;
/// A step that does not multiplies λ by this.
const INCREASE: f64 = 2.0;
/// Attempts before a step counts as stalled.
const MOST_ATTEMPTS: usize = 20;
/// The length of the trial step, relative to δ, for the second directional derivative.
const PROBE: f64 = 0.1;
/// The acceleration is used while `2|a| ≤ 0.75·|δ|`; beyond that the expansion is not to be trusted.
const LARGEST_ACCELERATION: f64 = 0.75;
/// Below this, relative to the largest diagonal element, λ no longer changes the system.
const SMALLEST_DAMPING: f64 = 1e-15;

/// How exactly a step is found without a matrix: what is left is far below what the next step finds.
const FREE: Limits = Limits {
    enough: 1e-3,
    iterations: 50,
};

/// The state of the method.
#[derive(Debug)]
pub struct GaussNewton {
    /// λ at the beginning, relative to the largest diagonal element.
    first: f64,
    damping: Option<f64>,
    /// Whether there is no matrix.
    free: bool,
    jacobian: Panels,
    factor: Factor,
}

impl Default for GaussNewton {
    fn default() -> Self {
        Self {
            first: FIRST_DAMPING,
            damping: None,
            free: false,
            jacobian: Panels::default(),
            factor: Factor::default(),
        }
    }
}

impl GaussNewton {
    /// A fresh start.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A start with steps shorter by about this factor.
    #[must_use]
    pub fn careful(caution: f64) -> Self {
        Self {
            first: FIRST_DAMPING / caution,
            ..Self::default()
        }
    }

    /// The same without a matrix, or with one.
    #[must_use]
    pub fn without_matrix(mut self, free: bool) -> Self {
        self.free = free;
        self
    }

    /// One accepted step, with as many attempts as it takes; returns the loss after it.
    pub fn step(
        &mut self,
        objective: &impl Objective,
        parameters: &mut Vec<f64>,
    ) -> (f64, Progress) {
        if self.free {
            return self.free_step(objective, parameters);
        }
        objective.jacobian(parameters, &mut self.jacobian);
        let count = parameters.len();
        let jacobian = &self.jacobian;
        let mut residuals = vec![0.0; jacobian.rows()];
        jacobian.copy_column(count, &mut residuals);
        let loss = dot(&residuals, &residuals);
        let normal = objective.with_threads(|| Normal::new(jacobian, &residuals));
        let gradient = normal.gradient(count);
        if !loss.is_finite() || gradient.iter().any(|g| !g.is_finite()) {
            return (loss, Progress::NotFinite);
        }
        let scale = normal.scale(count);
        let mut damping = self.damping.unwrap_or(self.first * scale);
        for _ in 0..MOST_ATTEMPTS {
            damping = damping.max(SMALLEST_DAMPING * scale);
            let factor = &mut self.factor;
            if !objective.with_threads(|| normal.factor(count, damping, factor)) {
                damping *= INCREASE;
                continue;
            }
            let factor = &self.factor;
            let downhill = |b: &[f64], pulled: Option<&[f64]>| {
                let mut x = objective.with_threads(|| normal.solve(jacobian, factor, b, pulled));
                x.iter_mut().for_each(|x| *x = -*x);
                x
            };
            let mut step = downhill(&residuals, Some(&gradient));
            // a/2 of the geodesic
            let second = half_curvature(objective, jacobian, parameters, &residuals, &step);
            let acceleration = downhill(&second, None);
            if length(&acceleration) <= 0.5 * LARGEST_ACCELERATION * length(&step) {
                for (step, a) in step.iter_mut().zip(acceleration) {
                    *step += a;
                }
            }
            let trial = moved(parameters, &step, 1.0);
            let trial_residuals = objective.residuals(&trial);
            let trial_loss = dot(&trial_residuals, &trial_residuals);
            if trial_loss < loss {
                self.damping = Some(damping / DECREASE);
                *parameters = trial;
                return (trial_loss, Progress::Lower);
            }
            damping *= INCREASE;
        }
        self.damping = Some(damping);
        (loss, Progress::Stalled)
    }

    /// A step without a matrix, whose damping is relative to the curvature along the gradient: a part of the largest eigenvalue
    /// of `JᵀJ`.
    fn free_step(
        &mut self,
        objective: &impl Objective,
        parameters: &mut Vec<f64>,
    ) -> (f64, Progress) {
        let residuals = objective.residuals(parameters);
        let loss = dot(&residuals, &residuals);
        let gradient = objective.pulled(parameters, &residuals);
        if !loss.is_finite() || gradient.iter().any(|g| !g.is_finite()) {
            return (loss, Progress::NotFinite);
        }
        let along = objective.image(parameters, &gradient);
        let scale = dot(&along, &along) / dot(&gradient, &gradient);
        if !(scale.is_finite() && scale > 0.0) {
            return (loss, Progress::Stalled);
        }
        let mut damping = self.damping.unwrap_or(self.first * scale);
        for _ in 0..MOST_ATTEMPTS {
            damping = damping.max(SMALLEST_DAMPING * scale);
            let image = |v: &[f64]| objective.image(parameters, v);
            let pulled = |w: &[f64]| objective.pulled(parameters, w);
            let (step, _) = free_step((&image, &pulled), &residuals, &gradient, damping, FREE);
            let trial = moved(parameters, &step, 1.0);
            let trial_residuals = objective.residuals(&trial);
            let trial_loss = dot(&trial_residuals, &trial_residuals);
            if trial_loss < loss {
                self.damping = Some(damping / DECREASE);
                *parameters = trial;
                return (trial_loss, Progress::Lower);
            }
            // Every attempt is as long as a step.
            damping *= INCREASE * INCREASE;
        }
        self.damping = Some(damping);
        (loss, Progress::Stalled)
    }
}

impl Resume for GaussNewton {
    fn save(&self, state: &mut State) {
        // Jacobian and factor are written anew in every step.
        let Self {
            first: _,
            damping,
            free: _,
            jacobian: _,
            factor: _,
        } = self;
        if let Some(damping) = damping {
            state.put_numbers("damping", &[*damping]);
        }
    }

    fn load(&mut self, state: &State) -> Result<(), StateError> {
        self.damping = if state.has("damping") {
            Some(state.number("damping")?)
        } else {
            None
        };
        Ok(())
    }
}

/// Half the second derivative of the residuals along a step, from one more evaluation of them:
/// `r(θ + hδ) = r + h·Jδ + h²/2·r'' + …`
fn half_curvature(
    objective: &impl Objective,
    jacobian: &Panels,
    parameters: &[f64],
    residuals: &[f64],
    step: &[f64],
) -> Vec<f64> {
    let probe = objective.residuals(&moved(parameters, step, PROBE));
    let linear = objective.with_threads(|| jacobian.times(step));
    probe
        .iter()
        .zip(residuals)
        .zip(&linear)
        .map(|((probe, r), linear)| ((probe - r) / PROBE - linear) / PROBE)
        .collect()
}

fn length(x: &[f64]) -> f64 {
    dot(x, x).sqrt()
}

/// `parameters + factor·step`
fn moved(parameters: &[f64], step: &[f64], factor: f64) -> Vec<f64> {
    parameters
        .iter()
        .zip(step)
        .map(|(parameter, step)| parameter + factor * step)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optimise::tests::Rosenbrock;

    #[test]
    fn follows_a_curved_valley() {
        let mut method = GaussNewton::new();
        let mut p = vec![-1.2, 1.0];
        let mut last = f64::INFINITY;
        for _ in 0..60 {
            let (loss, progress) = method.step(&Rosenbrock, &mut p);
            assert!(loss <= last);
            last = loss;
            if progress == Progress::Stalled {
                break;
            }
        }
        assert!(
            (p[0] - 1.0).abs() < 1e-8 && (p[1] - 1.0).abs() < 1e-8,
            "{p:?}"
        );
    }

    /// Without a matrix it comes to the same place.
    #[test]
    fn follows_a_curved_valley_without_a_matrix() {
        let mut method = GaussNewton::new().without_matrix(true);
        let mut p = vec![-1.2, 1.0];
        for _ in 0..80 {
            let (_, progress) = method.step(&Rosenbrock, &mut p);
            if progress == Progress::Stalled {
                break;
            }
        }
        assert!(
            (p[0] - 1.0).abs() < 1e-8 && (p[1] - 1.0).abs() < 1e-8,
            "{p:?}"
        );
    }

    #[test]
    fn reports_what_is_not_a_number() {
        let mut p = vec![f64::NAN, 1.0];
        let (_, progress) = GaussNewton::new().step(&Rosenbrock, &mut p);
        assert_eq!(progress, Progress::NotFinite);
    }
}
