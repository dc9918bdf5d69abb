//! Gradient correlation of neighbouring points, the measure of propagation failure (Wu et al. 2025, ProPINN).

use super::GradientCorrelation;
use crate::engine::{Batch, BlockRef, Columns, Engine, PointSet};
use crate::optimise::dot;
use crate::sampling::Domain;
use pdec_compiler::program::Support;
use rand_chacha::ChaCha8Rng;

/// Pairs of points in each window.
const PAIRS: usize = 64;

/// The distance of the two points of a pair, as a fraction of each interval.
const OFFSET: f64 = 0.01;

/// The mean correlation of the values of all fields over random pairs of neighbours in one window.
pub fn correlation(
    engine: &Engine,
    domain: &Domain,
    parameters: &[f64],
    uniforms: &[f64],
    random: &mut ChaCha8Rng,
) -> GradientCorrelation {
    let here = domain.sobol(Support::Interior, PAIRS, random);
    let there: Vec<Vec<f64>> = here
        .iter()
        .zip(&domain.intervals)
        .map(|(column, (low, high))| {
            let offset = OFFSET * (high - low);
            column
                .iter()
                // towards the middle, so that the neighbour is in the domain
                .map(|x| {
                    if *x < 0.5 * (low + high) {
                        x + offset
                    } else {
                        x - offset
                    }
                })
                .collect()
        })
        .collect();
    let rows = |coordinates: Vec<Vec<f64>>| {
        let points = PointSet::new(coordinates);
        let mut columns = Columns::default();
        let batch = Batch {
            block: BlockRef::Fields,
            points: &points,
            scale: 1.0,
        };
        engine.jacobian(parameters, uniforms, &[batch], &mut columns);
        (0..columns.rows)
            .map(|row| {
                (0..parameters.len())
                    .map(|k| columns.column(k)[row])
                    .collect()
            })
            .collect::<Vec<Vec<f64>>>()
    };
    let (here, there) = (rows(here), rows(there));
    let mut raw = 0.0;
    let mut cosine = 0.0;
    for (a, b) in here.iter().zip(&there) {
        let product = dot(a, b);
        raw += product;
        let size = (dot(a, a) * dot(b, b)).sqrt();
        cosine += if size > 0.0 { product / size } else { 0.0 };
    }
    #[allow(clippy::cast_precision_loss)] // a small count
    let count = here.len().max(1) as f64;
    GradientCorrelation {
        raw: raw / count,
        cosine: cosine / count,
        offset: OFFSET,
    }
}
