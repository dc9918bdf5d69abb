//! `ProPINN`: a network that looks at regions around each point, so that neighbouring points share their gradients
//! (Wu et al., arXiv 2502.00803).
//!
//! One small projection is evaluated at the point and at grids of fixed displacements around it; the mean over each grid
//! gives a token, a mixer of all tokens acts on each channel, and an ordinary head runs once for each point. As published,
//! for two coordinates: 2→8→32 at 84 points, 4→8→1 for each of 32 channels, 32→64→64→64→64→1, 15,030 parameters.
//!
//! The last layer of the projection is affine, and weights of a mean add up to one: the mean of what it makes of the points of
//! a region is what it makes of the mean. It is therefore applied to the four means instead of the 84 points, which is the
//! same function with the same parameters for less than a twentieth of the work.

use super::{Activation, Network, Pointwise, Source, Start};
use std::ops::Range;

/// A grid of displaced points around a point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Region {
    /// How far it reaches along each coordinate, as the scaled inputs of the network count: 1 is half of an interval.
    pub reach: f64,
    /// Points along each coordinate.
    pub points: usize,
}

/// What a user chooses with `network = propinn(…)`.
#[derive(Clone, Debug, PartialEq)]
pub struct ProPinn {
    /// Neurons in each hidden layer of the head.
    pub width: usize,
    /// Hidden layers of the head.
    pub depth: usize,
    /// Applied after every hidden layer.
    pub activation: Activation,
    /// The grids.
    pub regions: Vec<Region>,
    /// Neurons in the hidden layer of the projection, and in that of the mixer.
    pub hidden: usize,
    /// Channels that the projection makes.
    pub channels: usize,
}

impl Default for ProPinn {
    fn default() -> Self {
        let region = |(reach, points)| Region { reach, points };
        Self {
            width: 64,
            depth: 4,
            activation: Activation::WaveAct,
            regions: [(0.01, 3), (0.05, 5), (0.09, 7)].map(region).to_vec(),
            hidden: 8,
            channels: 32,
        }
    }
}

impl ProPinn {
    /// How many points the projection is evaluated at, for so many coordinates; `None` beyond all bounds.
    #[must_use]
    pub fn sites(&self, coordinates: usize) -> Option<usize> {
        let power = u32::try_from(coordinates).ok()?;
        self.regions.iter().try_fold(1usize, |sum, region| {
            sum.checked_add(region.points.checked_pow(power)?)
        })
    }

    /// The displacements of all sites, the point itself first, and the sites of each region. The first coordinate changes
    /// slowest.
    fn displacements(&self, coordinates: usize) -> (Vec<Vec<f64>>, Vec<Range<usize>>) {
        let mut sites = vec![vec![0.0; coordinates]];
        let mut regions = Vec::new();
        regions.push(0..1);
        for region in &self.regions {
            let begin = sites.len();
            let mut grid: Vec<Vec<f64>> = vec![Vec::new()];
            for _ in 0..coordinates {
                grid = grid
                    .iter()
                    .flat_map(|first| {
                        (0..region.points).map(move |number| {
                            let mut site = first.clone();
                            site.push(region.along(number));
                            site
                        })
                    })
                    .collect();
            }
            sites.extend(grid);
            regions.push(begin..sites.len());
        }
        (sites, regions)
    }
}

impl Region {
    /// The displacement of a point of the grid along one coordinate: from −reach to reach.
    #[allow(clippy::cast_precision_loss)] // a small count
    fn along(self, number: usize) -> f64 {
        if self.points < 2 {
            return 0.0;
        }
        self.reach * (2.0 * number as f64 / (self.points - 1) as f64 - 1.0)
    }
}

impl Network {
    /// The network around its points, without its last layer; returns the head's last hidden layer.
    pub(super) fn propinn(&mut self, of: &ProPinn, coordinates: usize) -> Source {
        let (sites, regions) = of.displacements(coordinates);
        let all = sites.len();
        self.displacements = sites;
        let activation = Pointwise::Activation(of.activation);
        let start = || Start::Xavier { bias: 0.01 };
        let layer = |network: &mut Self, name: &str, source, sites, outputs| {
            network.started_affine(name, source, sites, outputs, start(), true)
        };
        let hidden = layer(self, "projection0", Source::Displaced, all, of.hidden);
        let hidden = self.pointwise(activation, &[hidden]);
        let means = self.mean(hidden, all, &regions);
        let means = self.transposed(means, regions.len());
        let projected = layer(self, "projection1", means, regions.len(), of.channels);
        let tokens = self.transposed(projected, of.channels);
        let hidden = layer(self, "mixer0", tokens, of.channels, of.hidden);
        let hidden = self.pointwise(activation, &[hidden]);
        let mut last = layer(self, "mixer1", hidden, of.channels, 1);
        for number in 0..of.depth {
            let hidden = layer(self, &format!("layer{number}"), last, 1, of.width);
            last = self.pointwise(activation, &[hidden]);
        }
        last
    }
}
