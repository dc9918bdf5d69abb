//! How the terms of the loss are weighed against each other, and times against later times.

/// How the weights of the terms follow training. A term is a kind of points: the interior with all equations, the
/// beginning of time, each face.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Balance {
    /// They do not.
    Fixed,
    /// `λ_k ∝ Σ_j |∇L_j| / |∇L_k|`: terms with small gradients are not forgotten (Wang, Teng, Perdikaris 2021; in the
    /// form of Wang, Sankaran, Wang, Perdikaris 2023).
    GradientNorm(Follow),
    /// `λ_k ∝ Σ_j T_j / T_k` with the trace `T_k = Σ |∂r/∂θ|² / N_k` of each term's block of the neural tangent kernel
    /// (Wang, Yu, Perdikaris 2022).
    TangentKernel(Follow),
}

/// How often weights are computed anew, and how fast they follow.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Follow {
    /// Steps between two computations.
    pub every: usize,
    /// The part of the old weight that is kept, 0 to 1.
    pub momentum: f64,
}

impl Default for Follow {
    fn default() -> Self {
        Self {
            every: 100,
            momentum: 0.9,
        }
    }
}

impl Balance {
    /// Its name in settings.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Fixed => "fixed",
            Self::GradientNorm(_) => "grad_norm",
            Self::TangentKernel(_) => "ntk",
        }
    }

    /// How weights follow, where they do.
    #[must_use]
    pub fn follow(self) -> Option<Follow> {
        match self {
            Self::Fixed => None,
            Self::GradientNorm(follow) | Self::TangentKernel(follow) => Some(follow),
        }
    }
}

/// Causal weights (Wang, Sankaran, Perdikaris 2022): a time window is cut into chunks, and each counts with
/// `w_i = exp(−ε·Σ_{k<i} L_k)`, `L_k` the mean square of the residuals in chunk `k`; the loss of the initial values comes
/// before all chunks. When every weight is above the threshold, ε grows tenfold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Causal {
    /// Chunks of each time window.
    pub chunks: usize,
    /// ε at the beginning.
    pub epsilon: f64,
    /// ε at most.
    pub most: f64,
    /// The smallest weight at which ε grows.
    pub threshold: f64,
}

impl Default for Causal {
    fn default() -> Self {
        Self {
            chunks: 16,
            epsilon: 1e-2,
            most: 1e2,
            threshold: 0.99,
        }
    }
}

/// What the density of adaptive points follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Density {
    /// The size of the residual.
    Residual,
    /// What neighbouring points do not share of their gradients: one minus their gradient correlation.
    Correlation,
}

/// All densities with their names in settings.
pub const DENSITIES: [(&str, Density); 2] = [
    ("residual", Density::Residual),
    ("correlation", Density::Correlation),
];

impl Density {
    /// Its name in settings.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Residual => "residual",
            Self::Correlation => "correlation",
        }
    }
}
