//! Limited-memory BFGS (Liu and Nocedal 1989).

use super::line_search::{Place, strong_wolfe};
use super::{Objective, Progress, dot};
use crate::state::{Resume, State, StateError};
use std::collections::VecDeque;

/// Pairs of steps and changes of the gradient.
const MEMORY: usize = 50;

/// The state of the method.
#[derive(Debug, Default)]
pub struct Lbfgs {
    here: Option<Place>,
    /// Step, change of the gradient, their product.
    pairs: VecDeque<(Vec<f64>, Vec<f64>, f64)>,
}

impl Lbfgs {
    /// A fresh start.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The objective is another one from now on: curvature is remembered, values are not.
    pub fn points_changed(&mut self) {
        self.here = None;
    }

    /// One step; returns the loss after it.
    pub fn step(
        &mut self,
        objective: &impl Objective,
        parameters: &mut Vec<f64>,
    ) -> (f64, Progress) {
        let here = match self.here.take() {
            Some(here) => here,
            None => start(objective, parameters),
        };
        if !here.loss.is_finite() || here.gradient.iter().any(|g| !g.is_finite()) {
            return (here.loss, Progress::NotFinite);
        }
        let mut direction = self.direction(&here.gradient);
        if dot(&direction, &here.gradient) >= 0.0 {
            self.pairs.clear();
            direction = here.gradient.iter().map(|g| -g).collect();
        }
        let first = if self.pairs.is_empty() {
            // A steepest descent has no length of its own.
            1.0f64.min(1.0 / dot(&here.gradient, &here.gradient).sqrt())
        } else {
            1.0
        };
        let from = Place {
            length: 0.0,
            slope: dot(&direction, &here.gradient),
            ..here
        };
        let Some(next) = strong_wolfe(objective, &from, &direction, first) else {
            let steepest = self.pairs.is_empty();
            self.pairs.clear();
            let loss = from.loss;
            self.here = Some(from);
            // Once more without memory before it counts as stalled.
            let progress = if steepest {
                Progress::Stalled
            } else {
                Progress::Lower
            };
            return (loss, progress);
        };
        let difference =
            |a: &[f64], b: &[f64]| -> Vec<f64> { a.iter().zip(b).map(|(a, b)| a - b).collect() };
        let step = difference(&next.parameters, &from.parameters);
        let change = difference(&next.gradient, &from.gradient);
        let product = dot(&step, &change);
        if product > f64::EPSILON * dot(&change, &change) {
            if self.pairs.len() == MEMORY {
                self.pairs.pop_front();
            }
            self.pairs.push_back((step, change, product));
        }
        parameters.clone_from(&next.parameters);
        let loss = next.loss;
        self.here = Some(next);
        (loss, Progress::Lower)
    }

    /// `−H·g` by the two loops.
    fn direction(&self, gradient: &[f64]) -> Vec<f64> {
        let mut q: Vec<f64> = gradient.iter().map(|g| -g).collect();
        let mut factors = Vec::new();
        for (step, change, product) in self.pairs.iter().rev() {
            let factor = dot(step, &q) / product;
            factors.push(factor);
            for (q, change) in q.iter_mut().zip(change) {
                *q -= factor * change;
            }
        }
        if let Some((_, change, product)) = self.pairs.back() {
            let scale = product / dot(change, change);
            q.iter_mut().for_each(|q| *q *= scale);
        }
        for ((step, change, product), factor) in self.pairs.iter().zip(factors.iter().rev()) {
            let other = dot(change, &q) / product;
            for (q, step) in q.iter_mut().zip(step) {
                *q += (factor - other) * step;
            }
        }
        q
    }
}

impl Resume for Lbfgs {
    fn save(&self, state: &mut State) {
        let Self { here, pairs } = self;
        if let Some(here) = here {
            state.put("here", here);
        }
        state.put_count("pairs", pairs.len());
        for (number, (step, change, product)) in pairs.iter().enumerate() {
            state.put_numbers(&format!("step{number}"), step);
            state.put_numbers(&format!("change{number}"), change);
            state.put_numbers(&format!("product{number}"), &[*product]);
        }
    }

    fn load(&mut self, state: &State) -> Result<(), StateError> {
        self.here = Place::saved(state, "here")?;
        self.pairs.clear();
        for number in 0..state.count("pairs")?.min(MEMORY) {
            let name = format!("step{number}");
            let count = state.numbers(&name)?.len();
            self.pairs.push_back((
                state.numbers_of(&name, count)?,
                state.numbers_of(&format!("change{number}"), count)?,
                state.number(&format!("product{number}"))?,
            ));
        }
        Ok(())
    }
}

/// The loss and gradient at a point.
pub(super) fn start(objective: &impl Objective, parameters: &[f64]) -> Place {
    let (loss, gradient) = objective.loss_and_gradient(parameters);
    Place {
        length: 0.0,
        loss,
        slope: 0.0,
        parameters: parameters.to_vec(),
        gradient,
    }
}
