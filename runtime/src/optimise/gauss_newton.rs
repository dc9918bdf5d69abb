//! Gauss–Newton with Levenberg–Marquardt damping and geodesic acceleration.
//!
//! Each step solves `(JᵀJ + λI)·δ = −Jᵀr`. A step that lowers the loss divides λ by 3, one that does not
//! multiplies it by 2 and is tried again: only a factorisation and a residual. The second-order correction
//! `a` of the geodesic through parameter space (Transtrum, Machta, Sethna 2011) solves the same system for
//! the second directional derivative of the residuals, taken from one more evaluation of them.

use super::gram::{Damped, dot, gram, times, transposed_times};
use super::{Objective, Progress};
use crate::engine::Columns;

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

/// The state of the method.
#[derive(Debug, Default)]
pub struct GaussNewton {
    damping: Option<f64>,
    jacobian: Columns,
}

impl GaussNewton {
    /// A fresh start.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// One accepted step, with as many attempts as it takes; returns the loss after it.
    pub fn step(
        &mut self,
        objective: &impl Objective,
        parameters: &mut Vec<f64>,
    ) -> (f64, Progress) {
        objective.jacobian(parameters, &mut self.jacobian);
        let count = parameters.len();
        let jacobian = &self.jacobian;
        let gram = objective.with_threads(|| gram(jacobian));
        let residuals = jacobian.column(count).to_vec();
        let loss = dot(&residuals, &residuals);
        let steepest: Vec<f64> = (0..count).map(|k| -gram[(count, k)]).collect();
        if !loss.is_finite() || steepest.iter().any(|g| !g.is_finite()) {
            return (loss, Progress::NotFinite);
        }
        let scale = (0..count).map(|k| gram[(k, k)]).fold(0.0, f64::max);
        let mut damping = self.damping.unwrap_or(FIRST_DAMPING * scale);
        for _ in 0..MOST_ATTEMPTS {
            damping = damping.max(SMALLEST_DAMPING * scale);
            let Some(factor) = Damped::factor(&gram, count, damping) else {
                damping *= INCREASE;
                continue;
            };
            let mut step = factor.solve(&steepest);
            let acceleration = self.acceleration(objective, parameters, &residuals, &step, &factor);
            if let Some(acceleration) = acceleration {
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

    /// `a/2` of the geodesic, or `None` where it is too long to be trusted.
    fn acceleration(
        &self,
        objective: &impl Objective,
        parameters: &[f64],
        residuals: &[f64],
        step: &[f64],
        factor: &Damped,
    ) -> Option<Vec<f64>> {
        let jacobian = &self.jacobian;
        let probe = objective.residuals(&moved(parameters, step, PROBE));
        let linear = objective.with_threads(|| times(jacobian, step));
        // r(θ + hδ) = r + h·Jδ + h²/2·r'' + …
        let second: Vec<f64> = probe
            .iter()
            .zip(residuals)
            .zip(&linear)
            .map(|((probe, r), linear)| 2.0 / PROBE * ((probe - r) / PROBE - linear))
            .collect();
        let pulled = objective.with_threads(|| transposed_times(jacobian, step.len(), &second));
        let acceleration: Vec<f64> = factor
            .solve(&pulled)
            .into_iter()
            .map(|a| -0.5 * a)
            .collect();
        let length = dot(&acceleration, &acceleration).sqrt();
        let allowed = 0.5 * LARGEST_ACCELERATION * dot(step, step).sqrt();
        (length <= allowed).then_some(acceleration)
    }
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

    /// `r = (10·(y − x²), 1 − x)`, whose sum of squares is Rosenbrock's function.
    struct Rosenbrock;

    impl Objective for Rosenbrock {
        fn loss_and_gradient(&self, p: &[f64]) -> (f64, Vec<f64>) {
            let r = self.residuals(p);
            let gradient = vec![-40.0 * p[0] * r[0] - 2.0 * r[1], 20.0 * r[0]];
            (dot(&r, &r), gradient)
        }
        fn residuals(&self, p: &[f64]) -> Vec<f64> {
            vec![10.0 * (p[1] - p[0] * p[0]), 1.0 - p[0]]
        }
        fn jacobian(&self, p: &[f64], jacobian: &mut Columns) {
            let r = self.residuals(p);
            jacobian.reshape(2, 3);
            jacobian
                .values
                .copy_from_slice(&[-20.0 * p[0], -1.0, 10.0, 0.0, r[0], r[1]]);
        }
        fn with_threads<R: Send>(&self, work: impl FnOnce() -> R + Send) -> R {
            work()
        }
    }

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

    #[test]
    fn reports_what_is_not_a_number() {
        let mut p = vec![f64::NAN, 1.0];
        let (_, progress) = GaussNewton::new().step(&Rosenbrock, &mut p);
        assert_eq!(progress, Progress::NotFinite);
    }

    /// Adam on the same function: slow, but downhill.
    #[test]
    fn adam_goes_downhill() {
        let mut p = vec![-1.2, 1.0];
        let mut method = crate::optimise::adam::Adam::new(2, 0.05, 3000);
        let first = Rosenbrock.loss_and_gradient(&p).0;
        for _ in 0..3000 {
            method.step(&Rosenbrock, &mut p);
        }
        let last = Rosenbrock.loss_and_gradient(&p).0;
        assert!(last < 1e-3 * first, "{last}");
    }
}
