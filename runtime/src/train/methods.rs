//! One optimiser on one window.

use super::Stopped;
use super::memory::is_free;
use super::resume::Memory;
use super::run::{Run, steps_in_window};
use super::window::WindowState;
use crate::optimise::gauss_newton::GaussNewton;
use crate::optimise::{Method, Progress};
use crate::state::StateError;
use pdec_compiler::settings::Optimizer;

/// The last steps of a window keep their points: right after a draw the iterate is not at its best.
const SETTLING_STEPS: usize = 8;

/// A window is done when so many steps lower the loss by less than [`WORTHWHILE`]: what is left is the error
/// of what it was handed.
const PATIENCE: usize = 6;

/// The factor by which the loss must fall in [`PATIENCE`] steps.
const WORTHWHILE: f64 = 0.8;

/// A plateau counts as done only below this part of the loss that training began with: above it, the network
/// is still looking for the shape of the solution.
const SETTLED: f64 = 1e-10;

/// Methods with many cheap steps report once in so many.
const REPORT: usize = 10;

/// Methods that remember gradients keep their points so many times longer.
const MEMORY: usize = 25;

/// Gradient methods look at causality once in so many steps.
const CAUSAL: usize = 10;

/// The same for methods that remember gradients, which begin anew then.
const REMEMBERED: usize = 50;

/// A loss that is so many times the smallest one is no longer on its way anywhere.
const EXPLODED: f64 = 1e8;

/// Attempts after the loss was not a number.
const RETRIES: u32 = 2;

/// A further attempt makes steps smaller by this.
const CAUTION: f64 = 0.1;

impl Run<'_> {
    /// Whether the weights of the terms are computed before this step.
    fn is_time_to_balance(&self, step: usize) -> bool {
        let follow = self.settings.balance.follow();
        follow.is_some_and(|follow| step.is_multiple_of(follow.every))
    }

    /// One optimiser; `weights` become the best that it found. Where the loss is not a number any more, it begins again
    /// from there, more carefully.
    pub(super) fn optimise(
        &mut self,
        number: usize,
        state: &mut WindowState<'_>,
        weights: &mut Vec<f64>,
        optimizer: &Optimizer,
    ) -> Result<Stopped, StateError> {
        let mut reason = Stopped::Diverged;
        let first = match self.from {
            Some(_) => self.turn.attempt,
            None => 0,
        };
        for attempt in first..=RETRIES {
            let caution = CAUTION.powi(i32::try_from(attempt).unwrap_or(0));
            if self.from.is_none() {
                self.turn.attempt = attempt;
                self.turn.good.clone_from(weights);
            }
            reason = match optimizer {
                Optimizer::GaussNewton { .. } => {
                    self.gauss_newton(number, state, weights, optimizer, caution)?
                }
                _ => self.descend(number, state, weights, optimizer, caution)?,
            };
            if reason != Stopped::Diverged {
                break;
            }
            if weights.iter().any(|weight| !weight.is_finite()) {
                weights.clone_from(&self.turn.good);
            }
            if attempt < RETRIES {
                state.redraw(weights, &mut self.random);
                self.notes.push(format!(
                    "the loss of {} was not a number, or grew without bound, at step {}: it began again from the last \
                     good state with new points and steps {} times smaller",
                    optimizer.name(),
                    self.step,
                    (1.0 / (CAUTION * caution)).round()
                ));
            }
        }
        Ok(reason)
    }

    fn gauss_newton(
        &mut self,
        number: usize,
        state: &mut WindowState<'_>,
        weights: &mut Vec<f64>,
        optimizer: &Optimizer,
        caution: f64,
    ) -> Result<Stopped, StateError> {
        let steps = steps_in_window(optimizer, number, self.settings.windows);
        let free = is_free(self.engine.program(), self.settings);
        let mut method = GaussNewton::careful(caution).without_matrix(free);
        let mut memory = Memory::default();
        self.load_method(&mut method, &mut memory)?;
        for step in memory.next..steps {
            let redraw = self.settings.points.redraw;
            let settling = step + SETTLING_STEPS >= steps;
            if redraw > 0 && step > 0 && ((step % redraw == 0 && !settling) || memory.stalled) {
                state.redraw(weights, &mut self.random);
            }
            state.follow_causality(weights);
            if self.is_time_to_balance(step) {
                state.balance(weights);
            }
            let (loss, progress) = method.step(state, weights);
            self.step += 1;
            self.report(number, state, weights, loss, optimizer.name());
            match progress {
                // Weights that are about to change may make steps again.
                Progress::Stalled if !state.is_complete() => {}
                Progress::NotFinite => return Ok(Stopped::Diverged),
                Progress::Stalled if memory.stalled || redraw == 0 => {
                    return Ok(Stopped::Converged);
                }
                Progress::Stalled => memory.stalled = true,
                Progress::Lower => memory.stalled = false,
            }
            if self.is_enough(loss) {
                return Ok(Stopped::Target);
            }
            memory.losses.push(loss);
            if self.first_loss.is_nan() {
                self.first_loss = loss;
            }
            if state.is_complete()
                && let Some(earlier) = memory.losses.len().checked_sub(PATIENCE + 1)
                && loss > WORTHWHILE * memory.losses[earlier]
                && loss < SETTLED * self.first_loss
            {
                return Ok(Stopped::Converged);
            }
            memory.next = step + 1;
            let stop = self.shall_stop(number);
            self.keep(stop.is_some(), state, weights, &method, &memory);
            if let Some(reason) = stop {
                return Ok(reason);
            }
        }
        Ok(Stopped::Steps)
    }

    /// A method that may also go uphill: the best state that it passed is what counts.
    fn descend(
        &mut self,
        number: usize,
        state: &mut WindowState<'_>,
        weights: &mut Vec<f64>,
        optimizer: &Optimizer,
        caution: f64,
    ) -> Result<Stopped, StateError> {
        let steps = steps_in_window(optimizer, number, self.settings.windows);
        let Some(mut method) = Method::new(optimizer, self.engine.program(), caution) else {
            return Ok(Stopped::Converged);
        };
        let mut memory = Memory {
            best: (f64::INFINITY, weights.clone()),
            ..Memory::default()
        };
        self.load_method(&mut method, &mut memory)?;
        let interval = if method.remembers() {
            MEMORY * self.settings.points.redraw
        } else {
            self.settings.points.redraw
        };
        for step in memory.next..steps {
            if interval > 0 && step > 0 && (step % interval == 0 || memory.stalled) {
                state.redraw(weights, &mut self.random);
                method.points_changed();
                if method.remembers() {
                    // Losses on different points do not compare.
                    memory.best.0 = f64::INFINITY;
                }
            }
            if state.follows() {
                let causal =
                    step % (if method.remembers() {
                        REMEMBERED
                    } else {
                        CAUSAL
                    }) == 0;
                let balance = self.is_time_to_balance(step);
                if causal {
                    state.follow_causality(weights);
                }
                if balance {
                    state.balance(weights);
                }
                if causal || balance {
                    // Losses with different weights do not compare.
                    method.points_changed();
                    memory.best.0 = f64::INFINITY;
                }
            }
            let before = weights.clone();
            let (loss, progress) = method.step(state, weights);
            let own = if method.loss_is_of_the_start() {
                before
            } else {
                weights.clone()
            };
            if loss < memory.best.0 {
                memory.best = (loss, own);
            }
            self.step += 1;
            if step % REPORT == 0 || step + 1 == steps {
                self.report(number, state, weights, loss, optimizer.name());
            }
            let exploded = loss > EXPLODED * memory.best.0;
            match progress {
                Progress::NotFinite => {
                    *weights = memory.best.1;
                    return Ok(Stopped::Diverged);
                }
                Progress::Stalled if !state.is_complete() => {}
                _ if exploded => {
                    *weights = memory.best.1;
                    return Ok(Stopped::Diverged);
                }
                Progress::Stalled if memory.stalled || interval == 0 => {
                    *weights = memory.best.1;
                    return Ok(Stopped::Converged);
                }
                Progress::Stalled => memory.stalled = true,
                Progress::Lower => memory.stalled = false,
            }
            if self.is_enough(loss) {
                return Ok(Stopped::Target);
            }
            memory.next = step + 1;
            let stop = self.shall_stop(number);
            self.keep(stop.is_some(), state, weights, &method, &memory);
            if let Some(reason) = stop {
                return Ok(reason);
            }
        }
        Ok(Stopped::Steps)
    }
}
