//! Measured values of a field.
//!
//! * Input: the columns of a file of data that an `observe` declaration names.
//! * Output: points of the problem with the value measured at each.
//! * Invariants: every number is finite and every point lies in the domain.

use super::error::DataError;
use super::samples::{Declared, read_samples};
use crate::engine::PointSet;
use pdec_compiler::hir::{Observation, Problem};
use std::path::Path;

/// Equations count as if they were known to this part of the size of what is measured: noise above it makes data weigh
/// less.
const EQUATIONS: f64 = 1e-4;

/// The same while a network is trained, whose residuals end much higher: data that weigh less than they do would be the
/// last thing that is looked at.
const EQUATIONS_TRAINED: f64 = 1e-2;

/// Data of one file.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// The position of the field in the problem.
    pub field: usize,
    /// The points, with one datum each: the measured value. Coordinates that the field does not depend on are at their
    /// lower end.
    pub points: PointSet,
    /// The standard deviation of the noise: as the file says, or as estimated; none where it is not known.
    pub noise: Option<f64>,
    /// Whether the noise is an estimate.
    pub estimated: bool,
    /// To which part of the size of what is measured equations are taken to hold.
    equations: f64,
    /// The root mean square of the values.
    pub size: f64,
}

/// Reads the data of an observation; its path is relative to `folder`.
///
/// # Errors
///
/// [`DataError`], when the file or what is in it cannot be used.
pub fn read_measured(
    problem: &Problem,
    observation: &Observation,
    folder: &Path,
) -> Result<Measured, DataError> {
    let declared = Declared {
        field: observation.field,
        path: &observation.path,
        axes: &observation.axes,
        values: &observation.values,
        once: false,
    };
    let samples = read_samples(problem, &declared, folder)?;
    Ok(Measured::new(
        samples.field,
        samples.points.coordinates,
        samples.values,
        observation.noise,
    ))
}

impl Measured {
    /// Data at these points: one column for each coordinate of the problem.
    #[must_use]
    pub fn new(
        field: usize,
        coordinates: Vec<Vec<f64>>,
        values: Vec<f64>,
        noise: Option<f64>,
    ) -> Self {
        let squares: f64 = values.iter().map(|value| value * value).sum();
        #[allow(clippy::cast_precision_loss)] // a count
        let size = (squares / values.len().max(1) as f64).sqrt();
        Self {
            field,
            points: PointSet {
                coordinates,
                data: vec![values],
            },
            noise,
            estimated: noise.is_none(),
            equations: EQUATIONS,
            size,
        }
    }

    /// Whether a solution at this root mean square distance may be the truth, for all that the noise says: with fewer than
    /// a hundred values the distance itself scatters by more than a tenth.
    #[must_use]
    pub fn is_met_by(&self, misfit: f64) -> bool {
        #[allow(clippy::cast_precision_loss)] // a count
        let scatter = (8.0 / self.points.len().max(1) as f64).sqrt().max(0.1);
        self.estimated
            || self
                .noise
                .is_none_or(|noise| misfit <= (1.0 + scatter) * noise)
    }

    /// The same data with the weight that they have while a network is trained.
    #[must_use]
    pub fn for_training(mut self) -> Self {
        self.equations = EQUATIONS_TRAINED;
        self
    }

    /// The weight of the data in the loss, where that of the equations is 1.
    #[must_use]
    pub fn weight(&self) -> f64 {
        let noise = self.noise.unwrap_or(0.0) / self.size;
        let share = if noise > self.equations {
            self.equations / noise
        } else {
            1.0
        };
        share * share
    }

    /// Whether noise of this size changes the weight.
    #[must_use]
    pub fn is_noisy(&self, noise: f64) -> bool {
        noise > self.equations * self.size
    }
}
