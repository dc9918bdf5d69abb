//! The points of a time window, and the draw of new ones where the residual is large.

use crate::engine::{BlockRef, Engine, PointSet};
use crate::sampling::{Domain, draw};
use pdec_compiler::program::Support;
use pdec_compiler::settings::{Points, Settings};
use rand_chacha::ChaCha8Rng;

/// Candidates for each point that follows the residual.
const POOL: usize = 4;

/// The number of points of a term.
pub fn count(support: Support, points: &Points) -> usize {
    match support {
        Support::Interior => points.interior,
        Support::Initial => points.initial,
        Support::Face { .. } => points.boundary,
    }
}

/// Points of a term before anything is known about its residual.
pub fn first_draw(
    support: Support,
    settings: &Settings,
    domain: &Domain,
    random: &mut ChaCha8Rng,
) -> PointSet {
    let count = count(support, &settings.points);
    PointSet::new(domain.sample(settings.points.sampler, support, count, random))
}

/// New interior points: some a Sobol sequence, the others drawn from a pool with a density that follows the
/// residual.
pub fn redraw(
    engine: &Engine,
    term: usize,
    settings: &Settings,
    domain: &Domain,
    parameters: &[f64],
    uniforms: &[f64],
    random: &mut ChaCha8Rng,
) -> PointSet {
    let support = engine.program().terms[term].support;
    let total = count(support, &settings.points);
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss
    )] // a share of a count
    let adaptive = ((total as f64 * settings.points.adaptive) as usize).min(total);
    let sampler = settings.points.sampler;
    let mut columns = domain.sample(sampler, support, total - adaptive, random);
    if adaptive > 0 {
        let pool = PointSet::new(domain.uniform(support, POOL * total, random));
        let values = engine.values(BlockRef::Term(term), parameters, uniforms, &pool);
        let size: Vec<f64> = (0..pool.len())
            .map(|point| {
                values
                    .iter()
                    .map(|column| column[point] * column[point])
                    .sum::<f64>()
                    .sqrt()
            })
            .collect();
        for point in draw(&size, adaptive, random) {
            for (column, candidates) in columns.iter_mut().zip(&pool.coordinates) {
                column.push(candidates[point]);
            }
        }
    }
    PointSet::new(columns)
}
