//! Numerical choices: what the `train` block, `--config` and `--set` decide.
//!
//! * Input: [`Setting`](crate::syntax::Setting)s as written, over [`Settings::default_for`] a problem.
//! * Output: [`Settings`], or diagnostics at the place of the mistake.
//! * Invariants: every number is in its range; printing settings and reading them again changes nothing.

mod balance;
mod fit;
mod optimizer;
mod print;
mod read;
#[cfg(test)]
mod tests;

pub use balance::{Balance, Causal, DENSITIES, Density, Follow};
pub use fit::{misfit, must_fit};
pub use optimizer::{Features, Optimizer};
pub use print::entries;
pub use read::{apply, apply_over, optimizer_names};

use crate::hir::Problem;
use crate::network::{Activation, Architecture, Fourier};
pub use crate::precision::Precision;

/// All numerical choices of a run, resolved.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// `network = mlp(width = 24, depth = 2, activation = tanh)`
    pub network: Architecture,
    /// `precision = f64`
    pub precision: Precision,
    /// `points = [interior = 3000, initial = 600, boundary = 200, redraw = 8, adaptive = 0.5]`
    pub points: Points,
    /// `optimizer = [adam(steps = 1000, lr = 1e-3), gauss_newton(steps = 200)]`: one after another, in each
    /// time window.
    pub optimizer: Vec<Optimizer>,
    /// `windows = 10`: the time interval is solved in so many parts, one after another.
    pub windows: usize,
    /// `conditions = hard`: meet Dirichlet conditions by construction where possible, or `soft`: never.
    pub conditions: Conditions,
    /// `weights = [initial = 10, boundary = 10]`
    pub weights: Weights,
    /// `weights = ntk`: how they follow training; `weights` are the factors in front of what follows then.
    pub balance: Balance,
    /// `causal = [chunks = 16, epsilon = 1e-2]`: late times count when early ones are solved.
    pub causal: Option<Causal>,
    /// `collapse = on`: linear combinations of highest derivatives travel through the network as one
    /// coefficient; `off` is there to compare with.
    pub collapse: bool,
    /// `features = fourier(count = 64, scale = 1)`, `periodic(harmonics = 2)` or both in a list: what the network reads
    /// instead of the scaled coordinates.
    pub features: InputFeatures,
    /// `rwf = on`: random weight factorisation, a trained factor before each row of the hidden layers.
    pub rwf: bool,
    /// Which of these are chosen in training; their values are where the choice begins.
    pub automatic: Automatic,
}

/// What the network reads instead of the scaled coordinates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InputFeatures {
    /// Fourier features of all inputs.
    pub fourier: Option<Fourier>,
    /// `cos kωx`, `sin kωx` of each periodic coordinate for `k` up to this.
    pub harmonics: usize,
}

impl Default for InputFeatures {
    fn default() -> Self {
        Self {
            fourier: None,
            harmonics: 1,
        }
    }
}

/// The settings that are `auto`: training chooses them by what it finds, and writes down what it chose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Automatic {
    /// `network = auto`
    pub network: bool,
    /// `points = auto`
    pub points: bool,
    /// `optimizer = auto`
    pub optimizer: bool,
    /// `windows = auto`
    pub windows: bool,
}

impl Automatic {
    /// Everything is chosen in training.
    pub const ALL: Self = Self {
        network: true,
        points: true,
        optimizer: true,
        windows: true,
    };
}

/// How many points, and how they are drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Points {
    /// Inside the domain (of each time window).
    pub interior: usize,
    /// Where a time window begins.
    pub initial: usize,
    /// On each face of the box that has a condition in the loss.
    pub boundary: usize,
    /// Steps between two draws of the interior points; 0 keeps the first draw.
    pub redraw: usize,
    /// The share of interior points drawn with a density that follows the residual, 0 to 1; the others are
    /// a sequence of `sampler`.
    pub adaptive: f64,
    /// How points that do not follow the residual lie.
    pub sampler: Sampler,
    /// What the density of adaptive points follows.
    pub density: Density,
    /// The density is `|r|^power / mean(|r|^power) + offset` (Wu, Zhu, Tan, Kartha, Lu 2023).
    pub power: f64,
    /// See `power`.
    pub offset: f64,
}

/// How points lie that do not follow the residual.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sampler {
    /// Independent and uniform.
    Uniform,
    /// A randomly shifted Sobol sequence.
    Sobol,
    /// A randomly shifted Halton sequence.
    Halton,
    /// Latin hypercube: every one of `n` slices across each coordinate has one point.
    LatinHypercube,
    /// The middles of equal cells, as near to the number asked for as equal sides come.
    Grid,
    /// The nodes of a Gauss–Legendre rule along each coordinate.
    GaussLegendre,
}

/// All samplers with their names in settings.
pub const SAMPLERS: [(&str, Sampler); 6] = [
    ("sobol", Sampler::Sobol),
    ("uniform", Sampler::Uniform),
    ("halton", Sampler::Halton),
    ("latin_hypercube", Sampler::LatinHypercube),
    ("grid", Sampler::Grid),
    ("gauss_legendre", Sampler::GaussLegendre),
];

impl Sampler {
    /// Its name in settings.
    #[must_use]
    pub fn name(self) -> &'static str {
        SAMPLERS
            .iter()
            .find(|(_, sampler)| *sampler == self)
            .map_or("", |(name, _)| name)
    }
}

/// Whether Dirichlet conditions hold by construction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conditions {
    /// By construction where possible.
    Hard,
    /// Always in the loss.
    Soft,
}

/// Fixed weights of the terms of the loss; an equation has weight 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weights {
    /// Of the initial conditions.
    pub initial: f64,
    /// Of the boundary conditions in the loss.
    pub boundary: f64,
}

impl Settings {
    /// The settings that a problem gets without any word from the user. They depend on the kind of the
    /// problem only, never on its name or numbers. Four of them are where an automatic choice begins.
    #[must_use]
    pub fn default_for(problem: &Problem) -> Self {
        let in_time = problem.time().is_some();
        Self {
            network: Architecture::Mlp {
                width: 24,
                depth: 2,
                activation: Activation::Tanh,
            },
            precision: Precision::Double,
            points: Points {
                interior: 3000,
                initial: 600,
                boundary: 200,
                redraw: 8,
                adaptive: 0.5,
                sampler: Sampler::Sobol,
                density: Density::Residual,
                power: 1.0,
                offset: 0.0,
            },
            optimizer: vec![Optimizer::GaussNewton {
                steps: if in_time { 32 } else { 200 },
            }],
            windows: if in_time { 10 } else { 1 },
            conditions: Conditions::Hard,
            weights: Weights {
                initial: 10.0,
                boundary: 10.0,
            },
            balance: Balance::Fixed,
            causal: None,
            collapse: true,
            features: InputFeatures::default(),
            rwf: false,
            automatic: Automatic::ALL,
        }
    }
}

/// Whether this is the name of a setting.
#[must_use]
pub fn is_name(name: &str) -> bool {
    read::NAMES.contains(&name) || read::ALIASES.contains(&name)
}
