//! Gradient correlation of neighbouring points, the measure of propagation failure (Wu et al. 2025, ProPINN):
//! `G(x, x') = ⟨∂u/∂θ(x), ∂u/∂θ(x')⟩`, raw and divided by the lengths of both gradients.

use super::GradientCorrelation;
use crate::engine::{Batch, BlockRef, Columns, Engine, PointSet};
use crate::sampling::Domain;
use pdec_compiler::program::Support;
use rand_chacha::ChaCha8Rng;

/// Pairs of points in a window, at most;
const PAIRS: usize = 64;

/// of all windows together, about;
const ALL_PAIRS: usize = 640;

/// in a window, at least.
const FEWEST_PAIRS: usize = 4;

/// The distance of the two points of a pair, as a fraction of each interval.
pub const OFFSET: f64 = 0.01;

/// The mean correlation of the values of all fields over random pairs of neighbours in one of so many windows.
pub fn correlation(
    engine: &Engine,
    windows: usize,
    domain: &Domain,
    parameters: &[f64],
    uniforms: &[f64],
    random: &mut ChaCha8Rng,
) -> GradientCorrelation {
    let pairs = (ALL_PAIRS / windows.max(1)).clamp(FEWEST_PAIRS, PAIRS);
    let here = domain.sobol(Support::Interior, pairs, random);
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
    let columns = |coordinates: Vec<Vec<f64>>| {
        let points = PointSet::new(coordinates);
        let mut columns = Columns::default();
        let batch = Batch {
            block: BlockRef::Fields,
            points: &points,
            scale: 1.0,
        };
        engine.jacobian(parameters, uniforms, &[batch], &mut columns);
        columns
    };
    let (here, there) = (columns(here), columns(there));
    // Parameter after parameter, as the Jacobian lies in memory.
    let mut sums = vec![[0.0; 3]; here.rows];
    for parameter in 0..parameters.len() {
        let pairs = here.column(parameter).iter().zip(there.column(parameter));
        for (sum, (a, b)) in sums.iter_mut().zip(pairs) {
            sum[0] += a * b;
            sum[1] += a * a;
            sum[2] += b * b;
        }
    }
    #[allow(clippy::cast_precision_loss)] // a few fields
    let fields = (here.rows / count.max(1)).max(1) as f64;
    let mut found = vec![[0.0, 0.0]; count];
    for (row, [product, a, b]) in sums.into_iter().enumerate() {
        let size = (a * b).sqrt();
        let [raw, cosine] = &mut found[row % count.max(1)];
        *raw += product / fields;
        *cosine += if size > 0.0 { product / size } else { 0.0 } / fields;
    }
    found
}
