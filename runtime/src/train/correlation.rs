//! Gradient correlation of neighbouring points, the measure of propagation failure (Wu et al. 2025, ProPINN):
//! `G(x, x') = ⟨∂u/∂θ(x), ∂u/∂θ(x')⟩`, raw and divided by the lengths of both gradients.

use super::GradientCorrelation;
use crate::engine::{Batch, BlockRef, Columns, Engine, PointSet};
use crate::optimise::dot;
use crate::sampling::Domain;
use pdec_compiler::program::Support;
use rand_chacha::ChaCha8Rng;

/// Pairs of points in each window.
const PAIRS: usize = 64;

/// The distance of the two points of a pair, as a fraction of each interval.
pub const OFFSET: f64 = 0.01;

/// The mean correlation of the values of all fields over random pairs of neighbours in one window.
pub fn correlation(
    engine: &Engine,
    domain: &Domain,
    parameters: &[f64],
    uniforms: &[f64],
    random: &mut ChaCha8Rng,
) -> GradientCorrelation {
    let here = domain.sobol(Support::Interior, PAIRS, random);
    let pairs = neighbours(engine, domain, parameters, uniforms, here, OFFSET);
    #[allow(clippy::cast_precision_loss)] // a small count
    let count = pairs.len().max(1) as f64;
    let mean = |which: usize| pairs.iter().map(|pair| pair[which]).sum::<f64>() / count;
    GradientCorrelation {
        raw: mean(0),
        cosine: mean(1),
        offset: OFFSET,
    }
}

/// The correlation of each point with its neighbour at an offset along every coordinate, a fraction of each interval:
/// raw and cosine, means over the fields. Neighbours lie towards the middle, so that they are in the domain.
pub fn neighbours(
    engine: &Engine,
    domain: &Domain,
    parameters: &[f64],
    uniforms: &[f64],
    here: Vec<Vec<f64>>,
    offset: f64,
) -> Vec<[f64; 2]> {
    let there: Vec<Vec<f64>> = here
        .iter()
        .zip(&domain.intervals)
        .map(|(column, (low, high))| {
            let offset = offset * (high - low);
            let moved = |x: &f64| {
                if *x < 0.5 * (low + high) {
                    x + offset
                } else {
                    x - offset
                }
            };
            column.iter().map(moved).collect()
        })
        .collect();
    let count = here.first().map_or(0, Vec::len);
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
    #[allow(clippy::cast_precision_loss)] // a few fields
    let fields = (here.len() / count.max(1)).max(1) as f64;
    let mut found = vec![[0.0, 0.0]; count];
    for (row, (a, b)) in here.iter().zip(&there).enumerate() {
        let product = dot(a, b);
        let size = (dot(a, a) * dot(b, b)).sqrt();
        let [raw, cosine] = &mut found[row % count.max(1)];
        *raw += product / fields;
        *cosine += if size > 0.0 { product / size } else { 0.0 } / fields;
    }
    found
}
