//! The optimisers by name.

/// One optimiser of the sequence. Steps are those in each time window.
#[derive(Clone, Debug, PartialEq)]
pub enum Optimizer {
    /// Adam (Kingma, Ba 2015).
    Adam {
        /// Steps.
        steps: usize,
        /// Learning rate at the beginning.
        learning_rate: f64,
    },
    /// Adam with decoupled weight decay (Loshchilov, Hutter 2019).
    AdamW {
        /// Steps.
        steps: usize,
        /// Learning rate at the beginning.
        learning_rate: f64,
        /// The part of each parameter that a step of rate 1 takes away.
        decay: f64,
    },
    /// Adam in the eigenbasis of Shampoo's preconditioner (Vyas et al. 2025).
    Soap {
        /// Steps.
        steps: usize,
        /// Learning rate at the beginning.
        learning_rate: f64,
    },
    /// Limited-memory BFGS with a line search to the strong Wolfe conditions (Nocedal, Wright 2006).
    Lbfgs {
        /// Steps.
        steps: usize,
    },
    /// Self-scaled Broyden with a dense inverse Hessian (Al-Baali 1998; Urbán, Stefanou, Pons 2025).
    SsBroyden {
        /// Steps.
        steps: usize,
    },
    /// Natural gradient with the momentum of SPRING (Goldshlager, Abrahamsen, Lin 2024).
    NaturalGradient {
        /// Steps.
        steps: usize,
        /// Learning rate at the beginning.
        learning_rate: f64,
        /// The part of a step that the next one keeps, 0 to 1.
        momentum: f64,
    },
    /// Levenberg–Marquardt on the residuals of all points.
    GaussNewton {
        /// Steps; the first window, which starts from nothing, gets twice as many.
        steps: usize,
    },
    /// Random features and one linear least-squares solve of the last layer, for problems that are linear in their
    /// fields.
    LinearSolve(Features),
    /// Random features and Gauss–Newton on the last layer, for smooth solutions of any problem.
    NewtonSolve(Features),
}

/// How the random features of a hidden layer are drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Features {
    /// The largest weight of each coordinate, of inputs in [−1, 1]; one number for all of them; none: chosen by the
    /// residual on fresh points.
    pub scale: Vec<f64>,
    /// Whether most neurons look at a few coordinates only (Hashemi, Schaeffer, Shi, Topcu, Tran, Ward 2023).
    pub sparse: bool,
    /// Whether features are plane waves on a lattice of wavenumbers, in time windows whose lengths follow the residual;
    /// with `newton_solve` only.
    pub waves: bool,
    /// Whether features are patches, waves that are seen in parts of an interval only, which are split where the residual
    /// is large, in time windows whose lengths follow the residual too; with `newton_solve` only.
    pub patches: bool,
    /// The residual on fresh points that the first of these windows has to reach; none: the standard one.
    pub tolerance: Option<f64>,
}

impl Optimizer {
    /// Whether its features are plane waves on a lattice.
    #[must_use]
    pub fn has_waves(&self) -> bool {
        matches!(self, Self::NewtonSolve(Features { waves: true, .. }))
    }

    /// Whether its features are patches.
    #[must_use]
    pub fn has_patches(&self) -> bool {
        matches!(self, Self::NewtonSolve(Features { patches: true, .. }))
    }

    /// Whether it trains a network step by step, along gradients; else a layer is solved for.
    #[must_use]
    pub fn follows_gradients(&self) -> bool {
        match self {
            Self::Adam { .. }
            | Self::AdamW { .. }
            | Self::Soap { .. }
            | Self::Lbfgs { .. }
            | Self::SsBroyden { .. }
            | Self::NaturalGradient { .. }
            | Self::GaussNewton { .. } => true,
            Self::LinearSolve(_) | Self::NewtonSolve(_) => false,
        }
    }

    /// Its name in settings.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Adam { .. } => "adam",
            Self::AdamW { .. } => "adamw",
            Self::Soap { .. } => "soap",
            Self::Lbfgs { .. } => "lbfgs",
            Self::SsBroyden { .. } => "ss_broyden",
            Self::NaturalGradient { .. } => "natural_gradient",
            Self::GaussNewton { .. } => "gauss_newton",
            Self::LinearSolve(_) => "linear_solve",
            Self::NewtonSolve(_) => "newton_solve",
        }
    }
}
