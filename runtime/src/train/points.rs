//! The points of a time window, and the draw of new ones where the residual is large.

use super::correlation::{OFFSET, neighbours};
use crate::data::Measured;
use crate::engine::{BlockRef, Engine, PointSet};
use crate::sampling::{Domain, draw, quadrature};
use pdec_compiler::function::Function;
use pdec_compiler::hir::Problem;
use pdec_compiler::kernel::evaluate_function;
use pdec_compiler::program::{Program, Support};
use pdec_compiler::settings::{Density, Points, Settings};
use rand_chacha::ChaCha8Rng;
use std::f64::consts::PI;

/// Candidates for each point that follows the residual.
const POOL: usize = 4;

/// Candidates at most where the density follows gradient correlation.
const MOST_CORRELATED: usize = 2000;

/// `s^power / mean(s^power) + offset` (Wu, Zhu, Tan, Kartha, Lu 2023).
fn density(size: &[f64], power: f64, offset: f64) -> Vec<f64> {
    if power == 1.0 && offset == 0.0 {
        return size.to_vec();
    }
    let raised: Vec<f64> = size.iter().map(|s| power_of(*s, power)).collect();
    #[allow(clippy::cast_precision_loss)] // point counts are far below 2^52
    let mean = raised.iter().sum::<f64>() / raised.len().max(1) as f64;
    let scale = if mean > 0.0 { 1.0 / mean } else { 0.0 };
    raised.iter().map(|s| scale * s + offset).collect()
}

/// The number of points of a term.
pub fn count(support: Support, points: &Points) -> usize {
    match support {
        Support::Interior => points.interior,
        Support::Initial => points.initial,
        Support::Face { .. } => points.boundary,
        Support::Numbers => 1,
        // As many as were measured; as many as the rule has.
        Support::Observed(_) | Support::Quadrature(_) => 0,
    }
}

/// Points of a term before anything is known about its residual; rules of integrals know where integrands jump
/// ([`Program::breaks`](pdec_compiler::program::Program::breaks)).
pub fn first_draw(
    breaks: &[(usize, f64)],
    support: Support,
    settings: &Settings,
    domain: &Domain,
    data: &[Measured],
    random: &mut ChaCha8Rng,
) -> PointSet {
    if let Support::Observed(number) = support {
        let measured = data.get(number);
        return measured.map_or_else(PointSet::default, |it| it.points.clone());
    }
    if let Support::Quadrature(axes) = support {
        return quadrature(domain, axes, breaks);
    }
    let count = count(support, &settings.points);
    PointSet::new(domain.sample(settings.points.sampler, support, count, random))
}

/// Moves points towards the ends of intervals, where fewer neighbours hold a solution that least squares find, and its errors
/// are the largest: halfway to the density of Chebyshev's nodes, to half of the distance at the ends. Coordinates on a
/// circle, which have no ends, stay as they are.
pub fn toward_ends(problem: &Problem, program: &Program, domain: &Domain, points: &mut PointSet) {
    let circle = |coordinate: usize| {
        let inputs = program.inputs.iter();
        let of_it = inputs.filter(|&&input| input == coordinate).count();
        let declared = problem.coordinates.iter().nth(coordinate);
        of_it > 1 && declared.is_some_and(|(_, it)| it.periodic)
    };
    for (coordinate, column) in points.coordinates.iter_mut().enumerate() {
        if circle(coordinate) {
            continue;
        }
        let (low, high) = domain.intervals[coordinate];
        for x in column {
            let part = (*x - low) / (high - low);
            // On a side they stay there.
            if part > 0.0 && part < 1.0 {
                let cosine = evaluate_function(Function::Cos, PI * part);
                *x = low + (high - low) * (0.5 * part + 0.25 * (1.0 - cosine));
            }
        }
    }
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
        let candidates = match settings.points.density {
            Density::Residual => POOL * total,
            // A row of the Jacobian each: dear.
            Density::Correlation => (2 * adaptive).min(MOST_CORRELATED.max(adaptive)),
        };
        let pool = PointSet::new(domain.uniform(support, candidates, random));
        let size: Vec<f64> = match settings.points.density {
            Density::Residual => {
                let values = engine.values(BlockRef::Term(term), parameters, uniforms, &pool);
                (0..pool.len())
                    .map(|point| {
                        values
                            .iter()
                            .map(|column| column[point] * column[point])
                            .sum::<f64>()
                            .sqrt()
                    })
                    .collect()
            }
            Density::Correlation => {
                let here = pool.coordinates.clone();
                neighbours(engine, domain, parameters, uniforms, here, OFFSET)
                    .into_iter()
                    .map(|[_, cosine]| 1.0 - cosine)
                    .collect()
            }
        };
        let density = density(&size, settings.points.power, settings.points.offset);
        for point in draw(&density, adaptive, random) {
            for (column, candidates) in columns.iter_mut().zip(&pool.coordinates) {
                column.push(candidates[point]);
            }
        }
    }
    PointSet::new(columns)
}

/// `s^power` of a size, the same bits on every machine.
fn power_of(s: f64, power: f64) -> f64 {
    if s > 0.0 {
        let log = evaluate_function(Function::Log, s);
        evaluate_function(Function::Exp, power * log)
    } else {
        0.0
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)] // a test may fail
mod tests {
    use super::*;
    use crate::sampling::{Purpose, stream};
    use pdec_compiler::front::read;
    use pdec_compiler::program::build;
    use pdec_compiler::source::Source;

    /// Of points that follow the residual or the gradient correlation, the mean of what they follow is above that of
    /// uniform points, by more than chance would have it.
    #[test]
    fn drawn_points_are_where_the_density_is() {
        let text = "coord x in [0, 1]\ntime t in [0, 1]\nfield u(x, t)\neq u_t = 0.1*u_xx + u^2\n\
            initial u = sin(pi*x)\non x = 0, x = 1: u = 0\n\
            train { conditions = soft network = mlp(width = 6, depth = 2) points = [interior = 600, adaptive = 1] }";
        let mut front = read(&Source::new("test.pde", text), &[]).unwrap();
        let engine = Engine::new(build(&front.problem, &front.settings).program, 1).unwrap();
        let count = engine.program().network.parameters;
        let theta: Vec<f64> = (0..count).map(|k| 1.5 * (1.7 * k as f64).sin()).collect();
        let window = [0.0, 1.0];
        let domain = Domain {
            intervals: vec![(0.0, 1.0), (0.0, 1.0)],
            time: Some(1),
        };
        let mut random = stream(0, Purpose::Points);
        for density in [Density::Residual, Density::Correlation] {
            front.settings.points.density = density;
            let size = |points: &PointSet| -> Vec<f64> {
                match density {
                    Density::Residual => {
                        let values = engine.values(BlockRef::Term(0), &theta, &window, points);
                        values[0].iter().map(|r| r.abs()).collect()
                    }
                    Density::Correlation => {
                        let here = points.coordinates.clone();
                        let found = neighbours(&engine, &domain, &theta, &window, here, OFFSET);
                        found.into_iter().map(|[_, cosine]| 1.0 - cosine).collect()
                    }
                }
            };
            let mean = |sizes: &[f64]| sizes.iter().sum::<f64>() / sizes.len() as f64;
            let (settings, uniforms) = (&front.settings, &window);
            let drawn = redraw(&engine, 0, settings, &domain, &theta, uniforms, &mut random);
            assert_eq!(drawn.len(), 600);
            let drawn = mean(&size(&drawn));
            let even = PointSet::new(domain.uniform(Support::Interior, 2000, &mut random));
            let even = size(&even);
            let all = mean(&even);
            let variance = even.iter().map(|s| (s - all) * (s - all)).sum::<f64>() / 2000.0;
            let chance = (variance / 600.0).sqrt();
            assert!(
                drawn > all + 4.0 * chance,
                "{density:?}: {drawn} against {all} ± {chance}"
            );
        }
    }

    /// Between two of a thousand equal steps there is half a step at the ends and one and a half, less a little, in the
    /// middle of an interval that has ends; a circle has none.
    #[test]
    fn points_are_denser_at_ends() {
        let text = "coord x in [0, 2]\ncoord y in [0, 1]\ntime t in [0, 1]\nfield u(x, y, t)\neq u_t = u_xx + u_yy\n\
            initial u = 0\non x = 0, x = 2: u = 0\nperiodic y";
        let front = read(&Source::new("test.pde", text), &[]).unwrap();
        let program = build(&front.problem, &front.settings).program;
        let domain = Domain {
            intervals: vec![(0.0, 2.0), (0.0, 1.0), (0.5, 1.0)],
            time: Some(2),
        };
        let even: Vec<f64> = (0..=1000).map(|k| f64::from(k) / 1000.0).collect();
        let coordinates = vec![
            even.iter().map(|x| 2.0 * x).collect(),
            even.clone(),
            vec![0.5; 1001],
        ];
        let mut points = PointSet::new(coordinates);
        toward_ends(&front.problem, &program, &domain, &mut points);
        let [x, y, t] = [0, 1, 2].map(|k| points.coordinates[k].clone());
        assert_eq!(y, even);
        assert!(t.iter().all(|t| *t == 0.5));
        assert!(x[0] == 0.0 && x[1000] == 2.0 && (x[500] - 1.0).abs() < 1e-15);
        assert!((x[1] - 0.001).abs() < 1e-5 && (x[1000] - x[999] - 0.001).abs() < 1e-5);
        let middle = x[501] - x[500];
        assert!((middle - 0.002 * (0.5 + 0.25 * PI)).abs() < 1e-6);
    }

    /// Of two candidates with sizes 3 and 1, power 2 and offset 1, the density is 9/5 + 1 against 1/5 + 1: the first wins
    /// 0.7 of 4000 draws, 2800 ± 4 standard deviations (29 each).
    #[test]
    fn adaptive_points_follow_the_density() {
        let weights = density(&[3.0, 1.0], 2.0, 1.0);
        assert!((weights[0] - 2.8).abs() < 1e-14 && (weights[1] - 1.2).abs() < 1e-14);
        let mut random = stream(5, Purpose::Points);
        let first = (0..4000)
            .filter(|_| draw(&weights, 1, &mut random)[0] == 0)
            .count();
        assert!((2684..2916).contains(&first), "{first}");
        assert_eq!(density(&[0.0, 0.0], 2.0, 0.5), [0.5, 0.5]);
        assert_eq!(density(&[3.0, 1.0], 1.0, 0.0), [3.0, 1.0]);
    }
}
