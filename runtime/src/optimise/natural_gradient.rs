//! Natural gradient with the momentum of SPRING (Goldshlager, Abrahamsen and Lin 2024): the step is the smallest one
//! that explains the residuals, measured from a part of the last step:
//! `φ ← μ·φ + (JᵀJ + λI)⁻¹·Jᵀ(r − μ·J·φ)`.

use super::adam::Schedule;
use super::gram::Normal;
use super::{Objective, Progress, dot};
use crate::engine::Panels;
use crate::math::dense::cholesky::Factor;
use crate::state::{Resume, State, StateError};

/// λ, relative to the largest diagonal element of `JᵀJ`.
const DAMPING: f64 = 1e-6;
/// A matrix that cannot be factored is damped more by this.
const INCREASE: f64 = 10.0;
/// Attempts at factoring, and halvings of a step.
const ATTEMPTS: usize = 12;

/// The state of the method.
#[derive(Debug)]
pub struct NaturalGradient {
    schedule: Schedule,
    momentum: f64,
    last: Vec<f64>,
    jacobian: Panels,
    factor: Factor,
}

impl NaturalGradient {
    /// A fresh start for so many steps.
    #[must_use]
    pub fn new(learning_rate: f64, momentum: f64, steps: usize) -> Self {
        Self {
            schedule: Schedule::new(learning_rate, steps),
            momentum,
            last: Vec::new(),
            jacobian: Panels::default(),
            factor: Factor::default(),
        }
    }

    /// One step, shorter where the loss would grow; returns the loss after it.
    pub fn step(
        &mut self,
        objective: &impl Objective,
        parameters: &mut Vec<f64>,
    ) -> (f64, Progress) {
        let count = parameters.len();
        objective.jacobian(parameters, &mut self.jacobian);
        let jacobian = &self.jacobian;
        let mut residuals = vec![0.0; jacobian.rows()];
        jacobian.copy_column(count, &mut residuals);
        let loss = dot(&residuals, &residuals);
        let normal = objective.with_threads(|| Normal::new(jacobian, &residuals));
        let scale = normal.scale(count);
        if !loss.is_finite() || !scale.is_finite() {
            return (loss, Progress::NotFinite);
        }
        self.last.resize(count, 0.0);
        let mut damping = DAMPING * scale;
        let mut attempts = 0;
        let factor = &mut self.factor;
        while !objective.with_threads(|| normal.factor(count, damping, factor)) {
            damping *= INCREASE;
            attempts += 1;
            if attempts == ATTEMPTS {
                return (loss, Progress::Stalled);
            }
        }
        let momentum = self.momentum;
        let image = objective.with_threads(|| jacobian.times(&self.last));
        let rest: Vec<f64> = residuals
            .iter()
            .zip(image)
            .map(|(r, image)| r - momentum * image)
            .collect();
        let factor = &self.factor;
        let own = objective.with_threads(|| normal.solve(jacobian, factor, &rest, None));
        for (last, own) in self.last.iter_mut().zip(own) {
            *last = momentum * *last + own;
        }
        let mut rate = self.schedule.next_rate();
        for _ in 0..ATTEMPTS {
            let trial: Vec<f64> = parameters
                .iter()
                .zip(&self.last)
                .map(|(p, step)| p - rate * step)
                .collect();
            let residuals = objective.residuals(&trial);
            let trial_loss = dot(&residuals, &residuals);
            if trial_loss < loss {
                *parameters = trial;
                return (trial_loss, Progress::Lower);
            }
            rate *= 0.5;
        }
        // The next step begins without the momentum that led uphill.
        self.last.fill(0.0);
        (loss, Progress::Stalled)
    }
}

impl Resume for NaturalGradient {
    fn save(&self, state: &mut State) {
        // Jacobian and factor are written anew in every step.
        let Self {
            schedule,
            momentum: _,
            last,
            jacobian: _,
            factor: _,
        } = self;
        state.put("schedule", schedule);
        state.put_numbers("last", last);
    }

    fn load(&mut self, state: &State) -> Result<(), StateError> {
        state.get("schedule", &mut self.schedule)?;
        let count = state.numbers("last")?.len();
        self.last = state.numbers_of("last", count)?;
        Ok(())
    }
}
