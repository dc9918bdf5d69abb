//! SOAP (Vyas et al. 2025): Adam in the eigenbasis of Shampoo's preconditioner. For the gradient `G` of a matrix of
//! weights, `L = E[G·Gᵀ]` and `R = E[Gᵀ·G]` have eigenvectors `U` and `V`; Adam works on `Uᵀ·G·V`. The bases follow by
//! one step of orthogonal iteration now and then. Vectors go by plain Adam.

use super::adam::Schedule;
use super::{Objective, Progress};
use crate::state::{Resume, State, StateError};
use std::ops::Range;

/// Decay of both moments and of the preconditioner.
const BETA1: f64 = 0.95;
const BETA2: f64 = 0.95;
/// Keeps the division finite.
const EPSILON: f64 = 1e-8;
/// Steps between two updates of the bases.
const FREQUENCY: usize = 5;
/// A matrix with more rows or columns than this has no basis on that side.
const LARGEST: usize = 1024;

/// A matrix of weights among the parameters, row after row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weights {
    /// Where it begins.
    pub first: usize,
    /// Rows.
    pub rows: usize,
    /// Columns.
    pub columns: usize,
}

impl Weights {
    fn range(&self) -> Range<usize> {
        self.first..self.first + self.rows * self.columns
    }
}

/// The state of the method.
#[derive(Clone, Debug)]
pub struct Soap {
    schedule: Schedule,
    first: Vec<f64>,
    second: Vec<f64>,
    sides: Vec<Sides>,
}

/// The preconditioner of one matrix.
#[derive(Clone, Debug)]
struct Sides {
    weights: Weights,
    left: Option<Side>,
    right: Option<Side>,
}

/// `E[G·Gᵀ]` of one side and its eigenvectors, one a column.
#[derive(Clone, Debug)]
struct Side {
    size: usize,
    mean: Vec<f64>,
    basis: Vec<f64>,
}

impl Soap {
    /// A fresh start for so many steps; what is in no matrix is a vector.
    #[must_use]
    pub fn new(parameters: usize, matrices: &[Weights], learning_rate: f64, steps: usize) -> Self {
        let sides = matrices.iter().map(|&weights| Sides {
            weights,
            left: Side::new(weights.rows),
            right: Side::new(weights.columns),
        });
        Self {
            schedule: Schedule::new(learning_rate, steps),
            first: vec![0.0; parameters],
            second: vec![0.0; parameters],
            sides: sides.collect(),
        }
    }

    /// One step; returns the loss before it.
    pub fn step(&mut self, objective: &impl Objective, parameters: &mut [f64]) -> (f64, Progress) {
        let (loss, mut gradient) = objective.loss_and_gradient(parameters);
        if !loss.is_finite() || gradient.iter().any(|g| !g.is_finite()) {
            return (loss, Progress::NotFinite);
        }
        let rate = self.schedule.next_rate();
        let step = self.schedule.exponent();
        // The first gradients only say what the bases are.
        let turn = step == 1 || (step.unsigned_abs() as usize).is_multiple_of(FREQUENCY);
        for sides in &mut self.sides {
            let own = sides.weights.range();
            let before = sides.rotated_back(&self.first[own.clone()]);
            sides.observe(&gradient[own.clone()], turn);
            // The first moment follows the bases.
            self.first[own.clone()].copy_from_slice(&sides.rotated(&before));
            let rotated = sides.rotated(&gradient[own.clone()]);
            gradient[own].copy_from_slice(&rotated);
        }
        let (correction1, correction2) = (1.0 - BETA1.powi(step), 1.0 - BETA2.powi(step));
        let mut change: Vec<f64> = gradient
            .iter()
            .zip(self.first.iter_mut().zip(&mut self.second))
            .map(|(g, (first, second))| {
                *first = BETA1 * *first + (1.0 - BETA1) * g;
                *second = BETA2 * *second + (1.0 - BETA2) * g * g;
                rate * (*first / correction1) / ((*second / correction2).sqrt() + EPSILON)
            })
            .collect();
        for sides in &self.sides {
            let own = sides.weights.range();
            let back = sides.rotated_back(&change[own.clone()]);
            change[own].copy_from_slice(&back);
        }
        for (parameter, change) in parameters.iter_mut().zip(change) {
            *parameter -= change;
        }
        (loss, Progress::Lower)
    }
}

impl Resume for Soap {
    fn save(&self, state: &mut State) {
        let Self {
            schedule,
            first,
            second,
            sides,
        } = self;
        state.put("schedule", schedule);
        state.put_numbers("first", first);
        state.put_numbers("second", second);
        for (number, sides) in sides.iter().enumerate() {
            let Sides {
                weights: _,
                left,
                right,
            } = sides;
            for (name, side) in [("left", left), ("right", right)] {
                if let Some(side) = side {
                    state.put(&format!("{name}{number}"), side);
                }
            }
        }
    }

    fn load(&mut self, state: &State) -> Result<(), StateError> {
        state.get("schedule", &mut self.schedule)?;
        self.first = state.numbers_of("first", self.first.len())?;
        self.second = state.numbers_of("second", self.second.len())?;
        for (number, sides) in self.sides.iter_mut().enumerate() {
            let own = [("left", &mut sides.left), ("right", &mut sides.right)];
            for (name, side) in own {
                if let Some(side) = side {
                    state.get(&format!("{name}{number}"), side)?;
                }
            }
        }
        Ok(())
    }
}

impl Resume for Side {
    fn save(&self, state: &mut State) {
        let Self {
            size: _,
            mean,
            basis,
        } = self;
        state.put_numbers("mean", mean);
        state.put_numbers("basis", basis);
    }

    fn load(&mut self, state: &State) -> Result<(), StateError> {
        self.mean = state.numbers_of("mean", self.mean.len())?;
        self.basis = state.numbers_of("basis", self.basis.len())?;
        Ok(())
    }
}

impl Sides {
    /// `Uᵀ·G·V`
    fn rotated(&self, matrix: &[f64]) -> Vec<f64> {
        self.applied(matrix, true)
    }

    /// `U·G·Vᵀ`
    fn rotated_back(&self, matrix: &[f64]) -> Vec<f64> {
        self.applied(matrix, false)
    }

    fn applied(&self, matrix: &[f64], forward: bool) -> Vec<f64> {
        let Weights { rows, columns, .. } = self.weights;
        let entry = |side: &Side, i: usize, k: usize| {
            if forward {
                side.basis[k * side.size + i]
            } else {
                side.basis[i * side.size + k]
            }
        };
        let mut half = matrix.to_vec();
        if let Some(left) = &self.left {
            half.fill(0.0);
            for i in 0..rows {
                for k in 0..rows {
                    let factor = entry(left, i, k);
                    let source = &matrix[k * columns..(k + 1) * columns];
                    let target = &mut half[i * columns..(i + 1) * columns];
                    for (target, source) in target.iter_mut().zip(source) {
                        *target += factor * source;
                    }
                }
            }
        }
        let Some(right) = &self.right else {
            return half;
        };
        let mut whole = vec![0.0; half.len()];
        for (source, target) in half
            .chunks_exact(columns)
            .zip(whole.chunks_exact_mut(columns))
        {
            for (j, target) in target.iter_mut().enumerate() {
                let terms = source.iter().enumerate();
                *target = terms.map(|(k, value)| value * entry(right, j, k)).sum();
            }
        }
        whole
    }

    /// A gradient goes into the means, and the bases turn towards their eigenvectors.
    fn observe(&mut self, gradient: &[f64], turn: bool) {
        let Weights { rows, columns, .. } = self.weights;
        if let Some(left) = &mut self.left {
            left.observe(
                |i, j| {
                    (0..columns)
                        .map(|k| gradient[i * columns + k] * gradient[j * columns + k])
                        .sum()
                },
                turn,
            );
        }
        if let Some(right) = &mut self.right {
            right.observe(
                |i, j| {
                    (0..rows)
                        .map(|k| gradient[k * columns + i] * gradient[k * columns + j])
                        .sum()
                },
                turn,
            );
        }
    }
}

impl Side {
    fn new(size: usize) -> Option<Self> {
        let mut basis = vec![0.0; size * size];
        for k in 0..size {
            basis[k * size + k] = 1.0;
        }
        (size <= LARGEST).then_some(Self {
            size,
            mean: vec![0.0; size * size],
            basis,
        })
    }

    fn observe(&mut self, product: impl Fn(usize, usize) -> f64, turn: bool) {
        let size = self.size;
        for i in 0..size {
            for j in 0..=i {
                let value = BETA2 * self.mean[i * size + j] + (1.0 - BETA2) * product(i, j);
                self.mean[i * size + j] = value;
                self.mean[j * size + i] = value;
            }
        }
        if turn {
            self.turn();
        }
    }

    /// One step of orthogonal iteration, `Q ← orth(M·Q)`, by Gram–Schmidt twice.
    fn turn(&mut self) {
        let size = self.size;
        let mut columns: Vec<Vec<f64>> = (0..size)
            .map(|column| {
                let entry = |i: usize| -> f64 {
                    let row = self.mean[i * size..(i + 1) * size].iter().enumerate();
                    row.map(|(k, mean)| mean * self.basis[k * size + column])
                        .sum()
                };
                (0..size).map(entry).collect()
            })
            .collect();
        for column in 0..size {
            let (done, rest) = columns.split_at_mut(column);
            let own = &mut rest[0];
            let before = super::dot(own, own).sqrt();
            for _ in 0..2 {
                for other in done.iter() {
                    let share = super::dot(own, other);
                    for (own, other) in own.iter_mut().zip(other) {
                        *own -= share * other;
                    }
                }
            }
            let length = super::dot(own, own).sqrt();
            let usable = length > 1e-12 * before && length > 0.0;
            if !usable {
                // Nothing is known about this direction: the bases stay as they are.
                return;
            }
            own.iter_mut().for_each(|value| *value /= length);
        }
        for (column, values) in columns.iter().enumerate() {
            for (row, value) in values.iter().enumerate() {
                self.basis[row * size + column] = *value;
            }
        }
    }
}
