//! Adam (Kingma and Ba 2015) with a cosine decay of the learning rate, and AdamW (Loshchilov and Hutter 2019), which
//! takes a part of each parameter away beside the step.

use super::{Objective, Progress};
use crate::state::{Resume, State, StateError};

/// First moment decay.
const BETA1: f64 = 0.9;
/// Second moment decay.
const BETA2: f64 = 0.999;
/// Keeps the division finite.
const EPSILON: f64 = 1e-8;
/// The learning rate ends at this fraction of where it begins.
const FINAL_FRACTION: f64 = 0.01;

/// The state of Adam.
#[derive(Clone, Debug)]
pub struct Adam {
    schedule: Schedule,
    decay: f64,
    first: Vec<f64>,
    second: Vec<f64>,
}

impl Adam {
    /// Adam for this many parameters and steps.
    #[must_use]
    pub fn new(parameters: usize, learning_rate: f64, steps: usize) -> Self {
        Self {
            schedule: Schedule::new(learning_rate, steps),
            decay: 0.0,
            first: vec![0.0; parameters],
            second: vec![0.0; parameters],
        }
    }

    /// The same with weight decay: a step of rate 1 takes this part of each parameter away.
    #[must_use]
    pub fn with_decay(mut self, decay: f64) -> Self {
        self.decay = decay;
        self
    }

    /// One step; returns the loss before it.
    pub fn step(&mut self, objective: &impl Objective, parameters: &mut [f64]) -> (f64, Progress) {
        let (loss, gradient) = objective.loss_and_gradient(parameters);
        if !loss.is_finite() || gradient.iter().any(|g| !g.is_finite()) {
            return (loss, Progress::NotFinite);
        }
        let rate = self.schedule.next_rate();
        let exponent = self.schedule.exponent();
        let correction1 = 1.0 - BETA1.powi(exponent);
        let correction2 = 1.0 - BETA2.powi(exponent);
        for (index, parameter) in parameters.iter_mut().enumerate() {
            let g = gradient[index];
            let first = &mut self.first[index];
            *first = BETA1 * *first + (1.0 - BETA1) * g;
            let second = &mut self.second[index];
            *second = BETA2 * *second + (1.0 - BETA2) * g * g;
            *parameter -= rate * self.decay * *parameter;
            *parameter -=
                rate * (*first / correction1) / ((*second / correction2).sqrt() + EPSILON);
        }
        (loss, Progress::Lower)
    }
}

impl Resume for Adam {
    fn save(&self, state: &mut State) {
        let Self {
            schedule,
            decay: _,
            first,
            second,
        } = self;
        state.put("schedule", schedule);
        state.put_numbers("first", first);
        state.put_numbers("second", second);
    }

    fn load(&mut self, state: &State) -> Result<(), StateError> {
        state.get("schedule", &mut self.schedule)?;
        self.first = state.numbers_of("first", self.first.len())?;
        self.second = state.numbers_of("second", self.second.len())?;
        Ok(())
    }
}

/// A learning rate that decays along half a cosine.
#[derive(Clone, Debug)]
pub struct Schedule {
    learning_rate: f64,
    steps: usize,
    step: usize,
}

impl Resume for Schedule {
    fn save(&self, state: &mut State) {
        let Self {
            learning_rate: _,
            steps: _,
            step,
        } = self;
        state.put_count("step", *step);
    }

    fn load(&mut self, state: &State) -> Result<(), StateError> {
        self.step = state.count("step")?;
        Ok(())
    }
}

impl Schedule {
    /// A schedule for so many steps.
    #[must_use]
    pub fn new(learning_rate: f64, steps: usize) -> Self {
        Self {
            learning_rate,
            steps,
            step: 0,
        }
    }

    /// The number of steps so far as an exponent.
    #[must_use]
    pub fn exponent(&self) -> i32 {
        i32::try_from(self.step).unwrap_or(i32::MAX)
    }

    /// The learning rate of the next step.
    pub fn next_rate(&mut self) -> f64 {
        let rate = self.rate();
        self.step += 1;
        rate
    }

    fn rate(&self) -> f64 {
        #[allow(clippy::cast_precision_loss)] // step counts are far below 2^52
        let part = (self.step as f64 / self.steps.max(1) as f64).min(1.0);
        // cos(πs) by a polynomial identity would be needless: the rate need not be the same on every
        // machine to the last bit, but it is, because this is `libm` in pure Rust.
        let cosine = pdec_compiler::kernel::evaluate_function(
            pdec_compiler::function::Function::Cos,
            std::f64::consts::PI * part,
        );
        let fraction = FINAL_FRACTION + (1.0 - FINAL_FRACTION) * 0.5 * (1.0 + cosine);
        self.learning_rate * fraction
    }
}
