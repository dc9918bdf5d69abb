//! Self-scaled Broyden: a dense quasi-Newton method whose inverse Hessian is scaled before each update, by how well it
//! predicted the last step (Al-Baali 1998; Urbán, Stefanou, Pons 2025, equations 13 to 23).

use super::lbfgs::start;
use super::line_search::{Place, strong_wolfe};
use super::{Objective, Progress, dot};
use crate::state::{Resume, State, StateError};
use rayon::prelude::*;

/// The state of the method.
#[derive(Debug, Default)]
pub struct SsBroyden {
    here: Option<Place>,
    /// The inverse Hessian, row after row; empty for the unit matrix.
    inverse: Vec<f64>,
}

impl SsBroyden {
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
        let mut direction = self.times(objective, &here.gradient);
        direction.iter_mut().for_each(|d| *d = -*d);
        if dot(&direction, &here.gradient) >= 0.0 {
            self.inverse.clear();
            direction = here.gradient.iter().map(|g| -g).collect();
        }
        let fresh = self.inverse.is_empty();
        let first = if fresh {
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
            self.inverse.clear();
            let loss = from.loss;
            self.here = Some(from);
            // Once more along the gradient before it counts as stalled.
            let progress = if fresh {
                Progress::Stalled
            } else {
                Progress::Lower
            };
            return (loss, progress);
        };
        self.update(objective, &from, &next);
        parameters.clone_from(&next.parameters);
        let loss = next.loss;
        self.here = Some(next);
        (loss, Progress::Lower)
    }

    /// `H·x`
    fn times(&self, objective: &impl Objective, x: &[f64]) -> Vec<f64> {
        if self.inverse.is_empty() {
            return x.to_vec();
        }
        objective.with_threads(|| {
            let rows = self.inverse.par_chunks_exact(x.len());
            rows.map(|row| dot(row, x)).collect()
        })
    }

    /// `H ← (H − H·y·yᵀH/yᵀHy + φ·v·vᵀ)/τ + s·sᵀ/yᵀs` with `v = √(yᵀHy)·(s/yᵀs − H·y/yᵀHy)`
    fn update(&mut self, objective: &impl Objective, from: &Place, next: &Place) {
        let difference =
            |a: &[f64], b: &[f64]| -> Vec<f64> { a.iter().zip(b).map(|(a, b)| a - b).collect() };
        let s = difference(&next.parameters, &from.parameters);
        let y = difference(&next.gradient, &from.gradient);
        let count = s.len();
        let ys = dot(&y, &s);
        if ys <= f64::EPSILON * dot(&y, &y) {
            return;
        }
        if self.inverse.is_empty() {
            // The first scale is that of the step.
            let scale = ys / dot(&y, &y);
            self.inverse = vec![0.0; count * count];
            for k in 0..count {
                self.inverse[k * count + k] = scale;
            }
        }
        let hy = self.times(objective, &y);
        let yhy = dot(&y, &hy);
        // sᵀBs: the step is −α·H·g, so that B·s = −α·g
        let sbs = -next.length * dot(&s, &from.gradient);
        let (b, h) = (sbs / ys, yhy / ys);
        let (tau, phi) = factors(b, h, count);
        if !(tau > 0.0 && tau.is_finite() && phi.is_finite() && yhy > 0.0) {
            return;
        }
        let v: Vec<f64> = s
            .iter()
            .zip(&hy)
            .map(|(s, hy)| yhy.sqrt() * (s / ys - hy / yhy))
            .collect();
        let inverse = &mut self.inverse;
        objective.with_threads(|| {
            let rows = inverse.par_chunks_exact_mut(count);
            rows.enumerate().for_each(|(i, row)| {
                for (j, value) in row.iter_mut().enumerate() {
                    let scaled = *value - hy[i] * hy[j] / yhy + phi * v[i] * v[j];
                    *value = scaled / tau + s[i] * s[j] / ys;
                }
            });
        });
    }
}

impl Resume for SsBroyden {
    fn save(&self, state: &mut State) {
        let Self { here, inverse } = self;
        if let Some(here) = here {
            state.put("here", here);
        }
        state.put_numbers("inverse", inverse);
    }

    fn load(&mut self, state: &State) -> Result<(), StateError> {
        self.here = Place::saved(state, "here")?;
        let count = state.numbers("inverse")?.len();
        self.inverse = state.numbers_of("inverse", count)?;
        Ok(())
    }
}

/// `τ` and `φ` of the update, from `b = sᵀBs/yᵀs` and `h = yᵀHy/yᵀs`.
fn factors(b: f64, h: f64, count: usize) -> (f64, f64) {
    let a = (h * b - 1.0).max(0.0);
    if a < 1e-12 {
        return (1.0f64.min(1.0 / b), 1.0);
    }
    let c = (a / (1.0 + a)).sqrt();
    let rho = 1.0f64.min(h * (1.0 - c));
    let (least, most) = ((rho - 1.0) / a, 1.0 / rho);
    let theta = least.max(most.min((1.0 - b) / b));
    let sigma = 1.0 + theta * a;
    #[allow(clippy::cast_precision_loss)] // a count
    let root = sigma.abs().powf(1.0 / (count.max(2) as f64 - 1.0));
    let plain = 1.0f64.min(1.0 / b);
    let tau = if theta > 0.0 {
        plain * (1.0 / root).min(1.0 / theta)
    } else {
        (plain / root).min(sigma)
    };
    (tau, (1.0 - theta) / sigma)
}
