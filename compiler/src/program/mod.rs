//! The training program: what to compute at each point, as buffers and steps, for any device.
//!
//! * Input: a [`Problem`](crate::hir::Problem) and the [`Settings`](crate::settings::Settings).
//! * Output: a [`Program`].
//! * Invariants: every kernel is verified; a step reads only buffers that an earlier step, the points or the
//!   cotangents have filled; rows that no step writes stay zero; nothing here knows how many points there
//!   are, how they are drawn, or which device executes the steps.
//!
//! A [`Block`] is the program of one group of expressions over one kind of points: the residuals of the
//! equations inside the domain, those of the initial conditions, the values of the fields. Its `forward`
//! steps carry the Taylor coefficients ("jets") of the network from its inputs to the expressions, its
//! `backward` steps carry cotangents of the expressions to the parameters.

mod bends;
mod block;
mod build;
mod conditions;
mod draft;
mod embedding;
pub mod evolution;
pub mod numbers;
mod outline;
mod print;
mod scales;

pub use build::{Compiled, build, build_with};
pub use outline::{Outline, TermOutline, outline};
pub use print::{print, print_plan};
pub use scales::{Scales, estimate};

use crate::jet::plan::Coefficient;
use crate::kernel::Kernel;
use crate::network::{Affine, Network};
use crate::precision::Precision;

/// A problem ready to be trained on any device.
#[derive(Clone, Debug)]
pub struct Program {
    /// The precision of everything that is computed at points.
    pub precision: Precision,
    /// All kernels; steps refer to them by position.
    pub kernels: Vec<Kernel>,
    /// The uniforms that every kernel reads: the parameters of the problem, then the window's beginning and
    /// end.
    pub uniforms: Vec<String>,
    /// The number of coordinates of a point.
    pub coordinates: usize,
    /// The coordinate that each input of the network comes from; one on a circle has two inputs.
    pub inputs: Vec<usize>,
    /// How many of the inputs, at their end, only bend where an equation jumps.
    pub bends: usize,
    /// Coordinates and places along them where an equation or something that is integrated jumps.
    pub breaks: Vec<(usize, f64)>,
    /// The network.
    pub network: Network,
    /// The terms of the loss.
    pub terms: Vec<Term>,
    /// The values of the fields.
    pub fields: Block,
    /// The values of the expressions to be evaluated ([`Problem::outputs`](crate::hir::Problem::outputs)).
    pub outputs: Option<Block>,
    /// What passes from one time window to the next.
    pub handover: Option<Handover>,
    /// For each field, the kernel of its exact solution, if one is known.
    pub exact: Vec<Option<usize>>,
}

/// The position of the uniform that holds where the current time window begins.
#[must_use]
pub fn window_low(program: &Program) -> usize {
    program.uniforms.len() - 2
}

/// The position of the uniform that holds where the current time window ends.
#[must_use]
pub fn window_high(program: &Program) -> usize {
    program.uniforms.len() - 1
}

/// Where the points of a term lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Support {
    /// Inside the domain, in the current time window.
    Interior,
    /// Where the current time window begins.
    Initial,
    /// Where a coordinate is at one end of its interval.
    Face {
        /// The coordinate.
        coordinate: usize,
        /// Whether at the upper end.
        high: bool,
    },
    /// The nodes of a quadrature over some coordinates: each expression is one residual, the sum over all points. The
    /// datum of a point is its weight.
    Quadrature(Axes),
    /// Nowhere: relations between numbers, at one point that does not matter.
    Numbers,
    /// Where a field has been measured: the observation of this position in the problem.
    Observed(usize),
}

impl Support {
    /// Whether residuals are sums over the points.
    #[must_use]
    pub fn is_summed(self) -> bool {
        match self {
            Self::Quadrature(_) => true,
            Self::Interior
            | Self::Initial
            | Self::Face { .. }
            | Self::Numbers
            | Self::Observed(_) => false,
        }
    }
}

/// A set of coordinates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Axes(u64);

impl Axes {
    /// These coordinates, each below 64.
    #[must_use]
    pub fn of(coordinates: &[usize]) -> Self {
        let bits = coordinates.iter().filter(|it| **it < 64);
        Self(bits.fold(0, |bits, it| bits | (1 << it)))
    }

    /// The coordinates, in order.
    pub fn coordinates(self) -> impl Iterator<Item = usize> {
        (0..64).filter(move |it| (self.0 >> it) & 1 == 1)
    }
}

/// A group of residuals over the same points.
#[derive(Clone, Debug)]
pub struct Term {
    /// Where its points lie.
    pub support: Support,
    /// The name of each residual: the labels of the equations and conditions.
    pub labels: Vec<String>,
    /// The size that each residual has been divided by, so that it is of order one.
    pub sizes: Vec<f64>,
    /// The power of the window's length that each residual has been multiplied with, so that it compares
    /// with values: `u_t·Δt ~ u`.
    pub orders: Vec<usize>,
    /// Computes the residuals.
    pub block: Block,
}

impl Term {
    /// For each residual its label, and what its square is divided by to be in the units of its equation, in a window of this
    /// length.
    pub fn units(&self, length: f64) -> impl Iterator<Item = (&String, f64)> {
        let scales = self.sizes.iter().zip(&self.orders);
        let units = scales.map(move |(size, &order)| {
            let power = i32::try_from(order).unwrap_or(0);
            (length.powi(power) / size).powi(2)
        });
        self.labels.iter().zip(units)
    }
}

/// What a time window receives from the one before.
#[derive(Clone, Debug)]
pub struct Handover {
    /// The values that the first window starts from: one output for each initial condition, from the
    /// coordinates alone.
    pub start: usize,
    /// The same values as a trained network has them. Output `k` is datum `k` of the initial term.
    pub continuation: Block,
}

/// A buffer of a block: rows of lanes, one lane for each point of a tile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Buffer {
    /// Its name, for people.
    pub name: String,
    /// Its number of rows.
    pub rows: usize,
}

/// The position of a buffer in its block.
pub type BufferId = usize;

/// One row of a buffer for a kernel that runs once for each neuron: row `first + neuron·stride`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operand {
    /// The buffer.
    pub buffer: BufferId,
    /// The row for the first neuron.
    pub first: usize,
    /// How many rows further the next neuron's is.
    pub stride: usize,
}

/// One step of a block.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Runs a kernel over the lanes of each neuron's rows.
    Kernel {
        /// Which kernel.
        kernel: usize,
        /// How many neurons.
        repeat: usize,
        /// Its lane inputs.
        inputs: Vec<Operand>,
        /// Its outputs.
        outputs: Vec<Operand>,
    },
    /// `output = W·input` for every site and coefficient, and `+ b` for the first coefficient of every site. Of
    /// nothing, `output = b`: rows `output neuron`.
    Product {
        /// The weights.
        affine: Affine,
        /// Rows `(input neuron · sites + site) · coefficients + coefficient`.
        input: BufferId,
        /// Rows `(output neuron · sites + site) · coefficients + coefficient`.
        output: BufferId,
    },
    /// `output = Wᵀ·input` for every site and coefficient: cotangents back through the weights.
    TransposedProduct {
        /// The weights.
        affine: Affine,
        /// Cotangents of the outputs.
        input: BufferId,
        /// Cotangents of the inputs.
        output: BufferId,
    },
    /// `∂W += Σ cotangent·inputᵀ` over sites, coefficients and lanes, `∂b += Σ cotangent` of the first coefficients;
    /// or the same for each lane on its own: a row of the Jacobian. The cotangents of a map of nothing are rows
    /// `site · outputs + output neuron`.
    ParameterGradient {
        /// The weights.
        affine: Affine,
        /// What the affine primitive read.
        input: BufferId,
        /// Cotangents of what it wrote.
        cotangent: BufferId,
    },
}

/// A program over the points of one kind.
#[derive(Clone, Debug)]
pub struct Block {
    /// Its name, for people.
    pub name: String,
    /// The Taylor coefficients that the network carries; see [`crate::jet::plan`].
    pub coefficients: Vec<Coefficient>,
    /// How many there would be without collapsing.
    pub uncollapsed: usize,
    /// The buffers.
    pub buffers: Vec<Buffer>,
    /// Where the points go: one row for each coordinate.
    pub coordinates: BufferId,
    /// Where the data of the points go: one row each; may have no rows.
    pub data: BufferId,
    /// Where the values of the expressions come out: one row each.
    pub outputs: BufferId,
    /// Where the cotangents of the expressions go: one row each.
    pub cotangents: BufferId,
    /// From points to expressions.
    pub forward: Vec<Step>,
    /// From cotangents to parameters.
    pub backward: Vec<Step>,
}

impl Block {
    /// The number of expressions.
    #[must_use]
    pub fn output_count(&self) -> usize {
        self.buffers[self.outputs].rows
    }

    /// The number of data given with each point.
    #[must_use]
    pub fn data_count(&self) -> usize {
        self.buffers[self.data].rows
    }
}
