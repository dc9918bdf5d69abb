//! What is rounding, and what is small and no rounding.
//!
//! Rounding errors change when a point moves by its last digits; a residual that is a formula does not. So what is far
//! larger than such changes is no rounding, however small it is against the terms.

use super::{TOLERANCE, Verifier, Worst, share};
use crate::diagnostic::Diagnostic;
use crate::jet::{Graph, NodeId};
use crate::sample::Points;
use crate::source::Span;

/// By what share of its interval a point moves to see what is rounding, how many times larger than what this changes is
/// not, and a share of the terms that always is.
const LAST_DIGITS: f64 = 4e-16;
const NOISE: f64 = 1e3;
const SMALLEST_SHARE: f64 = 1e-13;

/// What is to be done about a solution that is nearly one.
pub(super) const MEND: &str = "nothing, where this is meant; else write the solution, or what the file asks of it, without \
     rounded constants, and let the domain end where the solution is zero";

/// A warning that a solution is one but for so much.
pub(super) fn approximate(message: String, span: Span, label: &str) -> Diagnostic {
    Diagnostic::warning("exact-is-approximate", message, span, label).with_note(
        "This is more than rounding, and too little to be a slip: errors below it cannot be told from it.",
    )
}

impl Verifier<'_> {
    /// How much an expression changes at each point when this moves by its last digits.
    pub(super) fn noise(
        &self,
        graph: &Graph,
        root: NodeId,
        points: &Points,
        here: &[f64],
    ) -> Vec<f64> {
        let mut noise = vec![0.0_f64; points.len()];
        for digits in [LAST_DIGITS, -LAST_DIGITS] {
            let mut beside = points.clone();
            for ((_, coordinate), column) in
                self.problem.coordinates.iter().zip(&mut beside.columns)
            {
                let size = coordinate.low.abs().max(coordinate.high.abs());
                column.iter_mut().for_each(|value| *value += digits * size);
            }
            let values = self.sampler.evaluate(graph, root, &beside);
            for ((noise, value), here) in noise.iter_mut().zip(values).zip(here) {
                *noise = noise.max((value - here).abs());
            }
        }
        noise
    }

    /// A residual at one of the points behind the first so many that is small against the terms and is no rounding all the
    /// same. Its floor is zero.
    pub(super) fn beyond_noise(
        &self,
        residual: NodeId,
        points: &Points,
        first: usize,
        residuals: &[f64],
        magnitudes: &[f64],
    ) -> Option<Worst> {
        if points.len() == first {
            return None;
        }
        let noise = self.noise(&self.lowering.graph, residual, points, residuals);
        (first..points.len())
            .filter(|&k| {
                let size = residuals[k].abs();
                size.is_finite()
                    && size > NOISE * noise[k]
                    && size > SMALLEST_SHARE * magnitudes[k]
                    && size > TOLERANCE
            })
            .map(|k| Worst {
                residual: residuals[k],
                magnitude: magnitudes[k],
                elsewhere: None,
                floor: 0.0,
                point: points.point(k),
            })
            .max_by(|a, b| share(a).total_cmp(&share(b)))
    }

    /// The largest residual at these points, where it is no rounding.
    pub(super) fn small(
        &self,
        residual: NodeId,
        points: &Points,
        residuals: &[f64],
        magnitudes: &[f64],
        scale: f64,
    ) -> Option<Worst> {
        let noise = self.noise(&self.lowering.graph, residual, points, residuals);
        let (k, size) = residuals
            .iter()
            .take(points.len())
            .map(|residual| residual.abs())
            .enumerate()
            .max_by(|(_, a), (_, b)| a.total_cmp(b))?;
        let largest = noise.into_iter().fold(0.0, f64::max);
        is_no_rounding(size, largest, magnitudes[k].max(scale)).then(|| Worst {
            residual: residuals[k],
            magnitude: magnitudes[k],
            elsewhere: None,
            floor: 0.0,
            point: points.point(k),
        })
    }
}

/// Whether so much is more than rounding makes of terms of this size whose last digits change by so much.
pub(super) fn is_no_rounding(size: f64, noise: f64, terms: f64) -> bool {
    size.is_finite() && size > NOISE * noise && size > SMALLEST_SHARE * terms
}
