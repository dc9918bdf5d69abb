//! The optimisers that go step by step, behind one face.

use super::adam::Adam;
use super::lbfgs::Lbfgs;
use super::natural_gradient::NaturalGradient;
use super::soap::{Soap, Weights};
use super::ss_broyden::SsBroyden;
use super::{Objective, Progress};
use crate::state::{Resume, State, StateError};
use pdec_compiler::program::Program;
use pdec_compiler::settings::Optimizer;

/// A method under way.
pub enum Method {
    /// Adam, with weight decay or without.
    Adam(Adam),
    /// SOAP.
    Soap(Soap),
    /// Limited-memory BFGS.
    Lbfgs(Lbfgs),
    /// Self-scaled Broyden.
    SsBroyden(SsBroyden),
    /// Natural gradient with momentum.
    NaturalGradient(Box<NaturalGradient>),
}

impl Method {
    /// The method of an optimiser, with a learning rate smaller by `caution`. None for those that do more than steps.
    #[must_use]
    pub fn new(optimizer: &Optimizer, program: &Program, caution: f64) -> Option<Self> {
        let network = &program.network;
        let count = network.parameters;
        Some(match *optimizer {
            Optimizer::Adam {
                steps,
                learning_rate,
            } => Self::Adam(Adam::new(count, caution * learning_rate, steps)),
            Optimizer::AdamW {
                steps,
                learning_rate,
                decay,
            } => Self::Adam(Adam::new(count, caution * learning_rate, steps).with_decay(decay)),
            Optimizer::Soap {
                steps,
                learning_rate,
            } => {
                let matrices: Vec<Weights> = network
                    .affines()
                    .filter(|affine| affine.inputs > 0 && affine.trained)
                    .map(|affine| Weights {
                        first: affine.weight,
                        rows: affine.outputs,
                        columns: affine.inputs,
                    })
                    .collect();
                Self::Soap(Soap::new(count, &matrices, caution * learning_rate, steps))
            }
            Optimizer::Lbfgs { .. } => Self::Lbfgs(Lbfgs::new()),
            Optimizer::SsBroyden { .. } => Self::SsBroyden(SsBroyden::new()),
            Optimizer::NaturalGradient {
                steps,
                learning_rate,
                momentum,
            } => Self::NaturalGradient(Box::new(NaturalGradient::new(
                caution * learning_rate,
                momentum,
                steps,
            ))),
            Optimizer::GaussNewton { .. }
            | Optimizer::LinearSolve(_)
            | Optimizer::NewtonSolve(_) => return None,
        })
    }

    /// One step; its loss, and how it went.
    pub fn step(
        &mut self,
        objective: &impl Objective,
        parameters: &mut Vec<f64>,
    ) -> (f64, Progress) {
        match self {
            Self::Adam(method) => method.step(objective, parameters),
            Self::Soap(method) => method.step(objective, parameters),
            Self::Lbfgs(method) => method.step(objective, parameters),
            Self::SsBroyden(method) => method.step(objective, parameters),
            Self::NaturalGradient(method) => method.step(objective, parameters),
        }
    }

    /// Whether the loss of a step is that of the parameters before it.
    #[must_use]
    pub fn loss_is_of_the_start(&self) -> bool {
        match self {
            Self::Adam(_) | Self::Soap(_) => true,
            Self::Lbfgs(_) | Self::SsBroyden(_) | Self::NaturalGradient(_) => false,
        }
    }

    /// Whether it compares gradients of several steps, so that points must not change often.
    #[must_use]
    pub fn remembers(&self) -> bool {
        match self {
            Self::Lbfgs(_) | Self::SsBroyden(_) => true,
            Self::Adam(_) | Self::Soap(_) | Self::NaturalGradient(_) => false,
        }
    }

    /// The objective is another one from now on.
    pub fn points_changed(&mut self) {
        match self {
            Self::Lbfgs(method) => method.points_changed(),
            Self::SsBroyden(method) => method.points_changed(),
            Self::Adam(_) | Self::Soap(_) | Self::NaturalGradient(_) => {}
        }
    }
}

impl Resume for Method {
    fn save(&self, state: &mut State) {
        match self {
            Self::Adam(method) => method.save(state),
            Self::Soap(method) => method.save(state),
            Self::Lbfgs(method) => method.save(state),
            Self::SsBroyden(method) => method.save(state),
            Self::NaturalGradient(method) => method.save(state),
        }
    }

    fn load(&mut self, state: &State) -> Result<(), StateError> {
        match self {
            Self::Adam(method) => method.load(state),
            Self::Soap(method) => method.load(state),
            Self::Lbfgs(method) => method.load(state),
            Self::SsBroyden(method) => method.load(state),
            Self::NaturalGradient(method) => method.load(state),
        }
    }
}
