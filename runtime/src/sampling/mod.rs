//! Where residuals are asked for: points of the domain, drawn anew as training goes on.
//!
//! * Input: a box, a [`Support`], a number of points, a random stream.
//! * Output: columns of coordinates.
//! * Invariants: a stream is used by one purpose only, so that a change of one does not shift another; the
//!   points depend on the seed and not on the machine.

mod quadrature;
mod sequences;

pub use quadrature::{quadrature, quadrature_of};

use pdec_compiler::program::Support;
use pdec_compiler::settings::Sampler;
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// What a random stream is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Initial weights.
    Weights,
    /// Training points.
    Points,
    /// Points to check with.
    Fresh,
    /// Points to watch a run with.
    Watch,
}

/// The random stream of a purpose.
#[must_use]
pub fn stream(seed: u64, purpose: Purpose) -> ChaCha8Rng {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    random.set_stream(match purpose {
        Purpose::Weights => 0,
        Purpose::Points => 1,
        Purpose::Fresh => 2,
        Purpose::Watch => 3,
    });
    random
}

/// The intervals of all coordinates; time is that of the window at hand.
#[derive(Clone, Debug, PartialEq)]
pub struct Domain {
    /// Lower and upper end of each coordinate.
    pub intervals: Vec<(f64, f64)>,
    /// Which coordinate is time.
    pub time: Option<usize>,
}

impl Domain {
    /// Points of a sampler on a part of the domain. A grid or rule has as many points as its equal sides allow, and its
    /// last ones are left out or independent ones put in to make the number right.
    pub fn sample(
        &self,
        sampler: Sampler,
        support: Support,
        count: usize,
        random: &mut impl Rng,
    ) -> Vec<Vec<f64>> {
        let free = self.free(support);
        let unit = match sampler {
            Sampler::Uniform => return self.uniform(support, count, random),
            Sampler::Sobol => sequences::sobol(free.len(), count, random),
            Sampler::Halton => sequences::halton(free.len(), count, random),
            Sampler::LatinHypercube => sequences::latin_hypercube(free.len(), count, random),
            Sampler::Grid => sequences::grid(free.len(), count, random),
            Sampler::GaussLegendre => sequences::gauss_legendre(free.len(), count, random),
        };
        (0..self.intervals.len())
            .map(|coordinate| {
                let (low, high) = self.intervals[coordinate];
                match free.iter().position(|&c| c == coordinate) {
                    Some(dimension) => {
                        let unit = unit[dimension].iter();
                        unit.map(|unit| low + (high - low) * unit).collect()
                    }
                    None => vec![self.fixed(support, coordinate); count],
                }
            })
            .collect()
    }

    /// Points of a randomly shifted Sobol sequence on a part of the domain (Cranley and Patterson 1976).
    pub fn sobol(&self, support: Support, count: usize, random: &mut impl Rng) -> Vec<Vec<f64>> {
        self.sample(Sampler::Sobol, support, count, random)
    }

    /// Independent uniform points on a part of the domain.
    pub fn uniform(&self, support: Support, count: usize, random: &mut impl Rng) -> Vec<Vec<f64>> {
        let free = self.free(support);
        let mut columns = vec![Vec::with_capacity(count); self.intervals.len()];
        for _ in 0..count {
            for (coordinate, column) in columns.iter_mut().enumerate() {
                let (low, high) = self.intervals[coordinate];
                column.push(if free.contains(&coordinate) {
                    low + (high - low) * random.random::<f64>()
                } else {
                    self.fixed(support, coordinate)
                });
            }
        }
        columns
    }

    /// The coordinates that vary on a part.
    fn free(&self, support: Support) -> Vec<usize> {
        let fixed = match support {
            Support::Interior
            | Support::Quadrature(_)
            | Support::Numbers
            | Support::Observed(_) => None,
            Support::Initial => self.time,
            Support::Face { coordinate, .. } => Some(coordinate),
        };
        (0..self.intervals.len())
            .filter(|&coordinate| Some(coordinate) != fixed)
            .collect()
    }

    fn fixed(&self, support: Support, coordinate: usize) -> f64 {
        let (low, high) = self.intervals[coordinate];
        match support {
            Support::Interior
            | Support::Initial
            | Support::Quadrature(_)
            | Support::Numbers
            | Support::Observed(_) => low,
            Support::Face { high: true, .. } => high,
            Support::Face { high: false, .. } => low,
        }
    }
}

/// Draws `count` different indices with probabilities that follow `weights` (Efraimidis and Spirakis 2006):
/// the largest of `u^(1/w)` win. Weights that are not positive numbers never win before others.
pub fn draw(weights: &[f64], count: usize, random: &mut impl Rng) -> Vec<usize> {
    let mut keys: Vec<(f64, usize)> = weights
        .iter()
        .enumerate()
        .map(|(index, &weight)| {
            let exponential = -(1.0 - random.random::<f64>()).ln();
            let key = if weight > 0.0 && weight.is_finite() {
                exponential / weight
            } else {
                f64::INFINITY
            };
            (key, index)
        })
        .collect();
    keys.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    keys.truncate(count);
    keys.into_iter().map(|(_, index)| index).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn domain() -> Domain {
        Domain {
            intervals: vec![(-1.0, 3.0), (0.5, 0.6)],
            time: Some(1),
        }
    }

    #[test]
    fn sobol_points_fill_the_box_evenly() {
        let mut random = stream(0, Purpose::Points);
        let points = domain().sobol(Support::Interior, 1024, &mut random);
        // every one of 16×16 cells has its 4 points, up to the shift across cell edges
        let mut cells = [0_usize; 256];
        for (x, t) in points[0].iter().zip(&points[1]) {
            let column = ((x + 1.0) / 4.0 * 16.0) as usize;
            let row = ((t - 0.5) / 0.1 * 16.0) as usize;
            cells[row.min(15) * 16 + column.min(15)] += 1;
        }
        assert!(cells.iter().all(|&count| (1..=8).contains(&count)));
    }

    #[test]
    fn parts_fix_their_coordinate() {
        let mut random = stream(0, Purpose::Points);
        let initial = domain().uniform(Support::Initial, 10, &mut random);
        assert!(initial[1].iter().all(|&t| t == 0.5));
        let face = Support::Face {
            coordinate: 0,
            high: true,
        };
        let right = domain().sobol(face, 10, &mut random);
        assert!(right[0].iter().all(|&x| x == 3.0));
        assert!(right[1].iter().all(|&t| (0.5..0.6).contains(&t)));
    }

    /// 6400 independent points in 64 cells of a square: χ² with 63 degrees of freedom is 63 ± 4·√126; the two coordinates
    /// are uncorrelated.
    #[test]
    fn uniform_points_fill_cells_by_chance_alone() {
        let mut random = stream(1, Purpose::Points);
        let columns = domain().uniform(Support::Interior, 6400, &mut random);
        let unit: Vec<Vec<f64>> = columns
            .iter()
            .zip(&domain().intervals)
            .map(|(column, (low, high))| column.iter().map(|x| (x - low) / (high - low)).collect())
            .collect();
        let mut cells = [0.0; 64];
        let mut product = 0.0;
        for (a, b) in unit[0].iter().zip(&unit[1]) {
            cells[(a * 8.0) as usize * 8 + (b * 8.0) as usize] += 1.0;
            product += 12.0 * (a - 0.5) * (b - 0.5) / 6400.0;
        }
        let chi: f64 = cells
            .iter()
            .map(|n| (n - 100.0) * (n - 100.0) / 100.0)
            .sum();
        assert!((18.0..108.0).contains(&chi), "{chi}");
        assert!(product.abs() < 4.0 / 80.0, "{product}");
    }

    #[test]
    fn draws_follow_the_weights() {
        // Weight 3 against 1, one draw of 4000 trials: 3000 ± 4 standard deviations (27 each).
        let mut random = stream(1, Purpose::Points);
        let heavy = (0..4000)
            .filter(|_| draw(&[3.0, 1.0], 1, &mut random)[0] == 0)
            .count();
        assert!((2890..3110).contains(&heavy), "{heavy}");
        let all = draw(&[1.0, 0.0, f64::NAN, 2.0], 2, &mut random);
        assert!(all.contains(&0) && all.contains(&3));
    }
}
