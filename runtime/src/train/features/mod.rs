//! Random features: the hidden layer is drawn and kept, and the last layer is found by least squares.
//!
//! * Input: a problem, its settings, how the features are drawn ([`Family`]).
//! * Output: the networks of all time windows ([`march::Marched`]).
//! * Method: residuals are affine in the last layer where the problem is linear in its fields, so that one linear
//!   least-squares solve finds it (Pao, Park, Sobajic 1994; Dong, Li 2021); elsewhere Gauss–Newton does, in a few.
//!   What the features can express is decided by how large their weights are. [`search`] chooses that, the activation,
//!   the number of features and that of time windows, by the residual on points that the solve has not seen: never by
//!   an error.
//! * Invariants: work is bounded by counts and not by time, so that the same file and seed give the same bits.

pub mod assemble;
pub mod draw;
pub mod look;
pub mod march;
mod modes;
pub mod patches;
pub mod projection;
pub mod search;
pub mod spectral;
pub mod stride;
pub mod uncertainty;
mod waves;

use crate::engine::{Engine, EngineError};
use pdec_compiler::hir::Problem;
use pdec_compiler::network::{Activation, Affine, Architecture, Network};
use pdec_compiler::program::{Block, Program, Step, Support, build};
use pdec_compiler::settings::{Points, Settings};
use rand_chacha::ChaCha8Rng;
use std::ops::Range;

/// Multiply-adds that take as long as a feature at a point.
const FORWARD: f64 = 200.0;

/// Multiply-adds that take as long as what a solve does with an element of a matrix.
const MEMORY: f64 = 40.0;

/// How the neurons of the hidden layer are drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Family {
    /// The activation.
    pub activation: Activation,
    /// The largest weight of each coordinate, of inputs in [−1, 1].
    pub scales: Vec<f64>,
    /// Whether most neurons look at a few coordinates only.
    pub sparse: bool,
}

/// A network of one hidden layer whose backward steps end at the last layer.
pub struct Layer {
    engine: Engine,
    /// Neurons.
    pub width: usize,
    /// The parameters that are solved for: the last layer's, and behind them those of numbers to be found.
    solved: Range<usize>,
}

impl Layer {
    /// The layer of a width, compiled for this machine.
    ///
    /// # Errors
    ///
    /// If the processor is not supported.
    pub fn new(
        problem: &Problem,
        settings: &Settings,
        activation: Activation,
        width: usize,
        threads: usize,
    ) -> Result<Self, EngineError> {
        Self::of(problem, &wide(settings, activation, width), width, threads)
    }

    /// The layer of these settings' network, whose parameters before the last layer stay as they are.
    ///
    /// # Errors
    ///
    /// If the processor is not supported.
    pub fn of(
        problem: &Problem,
        settings: &Settings,
        width: usize,
        threads: usize,
    ) -> Result<Self, EngineError> {
        Self::last(build(problem, settings).program, width, threads)
    }

    /// The layer of a program, whose parameters before the last layer stay as they are.
    pub fn last(mut program: Program, width: usize, threads: usize) -> Result<Self, EngineError> {
        let last = program.network.last_layer().cloned();
        let end = program.network.parameters;
        // Numbers to be found come behind the last layer.
        let solved = last.as_ref().map_or(0..0, |last| last.weight..end);
        if let Some(last) = last {
            for term in &mut program.terms {
                keep_last(&mut term.block, &last);
            }
        }
        Ok(Self {
            engine: Engine::new(program, threads)?,
            width,
            solved,
        })
    }

    /// A network all of whose parameters are looked at, whatever its layers are.
    ///
    /// # Errors
    ///
    /// If the processor is not supported.
    pub fn whole(program: Program, threads: usize) -> Result<Self, EngineError> {
        let solved = 0..program.network.parameters;
        Ok(Self {
            engine: Engine::new(program, threads)?,
            width: solved.len(),
            solved,
        })
    }

    /// The engine.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// The number of parameters that are solved for.
    pub fn columns(&self) -> usize {
        self.solved.len()
    }

    /// Parameters with a hidden layer of this family and a last layer of zeros.
    fn parameters(&self, family: &Family, random: &mut ChaCha8Rng) -> Vec<f64> {
        let program = self.engine.program();
        draw::hidden(program, family, random)
    }
}

/// The same settings with one hidden layer.
pub fn wide(settings: &Settings, activation: Activation, width: usize) -> Settings {
    let mut settings = settings.clone();
    settings.network = Architecture::Mlp {
        width,
        depth: 1,
        activation,
    };
    settings
}

/// Keeps the backward steps up to the gradient of the last layer, whose parameters become the first columns of the
/// Jacobian.
fn keep_last(block: &mut Block, last: &Affine) {
    let is_last =
        |step: &Step| matches!(step, Step::ParameterGradient { affine, .. } if affine == last);
    if let Some(end) = block.backward.iter().position(is_last) {
        block.backward.truncate(end + 1);
    }
    block
        .backward
        .retain(|step| !matches!(step, Step::TransposedProduct { .. }));
    for step in &mut block.backward {
        if let Step::ParameterGradient { affine, .. } = step {
            // Numbers to be found come behind it.
            affine.bias -= last.weight;
            affine.weight -= last.weight;
        }
    }
}

/// How many points a layer of this width needs: twice as many residuals of the equations as unknowns, and on parts of
/// the boundary what a grid of the same spacing has, six times over.
pub fn counts(program: &Program, width: usize, sampler: Points) -> Points {
    let equations = program
        .terms
        .iter()
        .filter(|term| term.support == Support::Interior)
        .map(|term| term.labels.len())
        .sum::<usize>()
        .max(1);
    let fields = program.network.outputs - program.network.number_parameters().len();
    let interior = (2 * width * fields).div_ceil(equations);
    #[allow(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss
    )] // counts far below 2^52
    let side = {
        let dimensions = program.coordinates.max(1) as f64;
        let power = (dimensions - 1.0) / dimensions;
        (6.0 * (width as f64).powf(power)) as usize
    };
    let faces = program
        .terms
        .iter()
        .filter(|term| matches!(term.support, Support::Face { .. }))
        .count();
    Points {
        interior,
        initial: side.clamp(1, width.div_ceil(2)),
        boundary: side.clamp(1, (2 * width).div_ceil(faces.max(1)).max(16)),
        redraw: 0,
        adaptive: 0.0,
        ..sampler
    }
}

/// Whether the network has one hidden layer and nothing else.
pub fn is_shallow(network: &Network) -> bool {
    network.affines().count() - network.number_parameters().len() == 2
}
