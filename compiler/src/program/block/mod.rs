//! One block: expressions of the network's jets, as steps.

mod carried;
mod embedded;
mod ends;
mod linear;
mod pointwise;
mod primitive;

use super::{Block, Buffer, BufferId, Operand, Step};
use crate::jet::plan::plan;
use crate::jet::{Graph, Names, NodeId};
use crate::kernel::{self, Kernel};
use crate::network::{Network, Pointwise, Source};
use carried::{Carried, Shape};
use embedded::Displaced;
use pointwise::PointwiseKernels;
use primitive::Flow;
use std::collections::BTreeMap;

/// Builds the blocks of one program; equal kernels are one.
pub struct BlockBuilder<'a> {
    /// Names of coordinates, uniforms and data.
    pub names: &'a Names,
    /// The network.
    pub network: &'a Network,
    /// The inputs of the network.
    pub embedding: &'a [(String, NodeId)],
    /// The unit of displacements along each coordinate.
    pub reach: &'a [NodeId],
    /// The unknown functions of the graph that are the network's outputs, in order.
    pub outputs: &'a [usize],
    /// Whether linear combinations of highest derivatives travel as one coefficient.
    pub collapse: bool,
    /// All kernels so far.
    pub kernels: Vec<Kernel>,
    pointwise: BTreeMap<(Pointwise, Vec<Shape>), PointwiseKernels>,
}

impl<'a> BlockBuilder<'a> {
    /// A builder without kernels.
    pub fn new(
        names: &'a Names,
        network: &'a Network,
        embedding: &'a [(String, NodeId)],
        reach: &'a [NodeId],
        outputs: &'a [usize],
        collapse: bool,
    ) -> Self {
        Self {
            names,
            network,
            embedding,
            reach,
            outputs,
            collapse,
            kernels: Vec::new(),
            pointwise: BTreeMap::new(),
        }
    }

    /// Adds a kernel and returns its position.
    pub fn add_kernel(&mut self, kernel: Kernel) -> usize {
        debug_assert_eq!(kernel::verify(&kernel), Ok(()));
        if let Some(position) = self.kernels.iter().position(|known| *known == kernel) {
            return position;
        }
        self.kernels.push(kernel);
        self.kernels.len() - 1
    }

    /// The block that computes these expressions, with `data` numbers given at each point.
    pub fn block(
        &mut self,
        graph: &mut Graph,
        name: &str,
        expressions: &[(String, NodeId)],
        data: usize,
    ) -> Block {
        let roots: Vec<NodeId> = expressions.iter().map(|(_, root)| *root).collect();
        let plan = plan(graph, &roots, self.outputs, self.collapse);
        let carried = Carried::new(graph, plan);
        let rewritten: Vec<(String, NodeId)> = expressions
            .iter()
            .zip(&carried.plan.expressions)
            .map(|((label, _), &root)| (label.clone(), root))
            .collect();

        let mut draft = Draft::default();
        let points = draft.buffer("points", self.names.coordinates.len());
        let data = draft.buffer("data", data);
        let operators = draft.buffer("operators", carried.operators.len());
        let network = self.network;
        let sites = network.displacements.len();
        let inputs = self.embedding.len() * carried.count();
        let embedded = draft.buffer("input", inputs);
        // Where nobody reads it, the input at the point stands for it.
        let displaced = if network.reads(Source::Displaced) {
            draft.buffer("displaced input", inputs * sites)
        } else {
            embedded
        };
        self.operators_step(graph, &mut draft, &carried, points, operators);
        if network.reads(Source::Input) {
            self.embedding_step(graph, &mut draft, &carried, points, embedded);
        }
        if network.reads(Source::Displaced) {
            let at = self.displacement_steps(graph, &mut draft, points);
            let from = Displaced {
                points: at,
                operators,
                sites,
            };
            self.displaced_step(graph, &mut draft, &carried, from, displaced);
        }

        let mut flow = Flow::new(embedded, displaced);
        for primitive in &network.primitives {
            self.forward_steps(&mut draft, primitive, &mut flow, operators, &carried);
        }
        let jets = flow.values.last().copied().unwrap_or(embedded);
        let jet_cotangents = draft.buffer("jets'", network.outputs * carried.count());
        if let Some(last) = flow.cotangents.last_mut() {
            last.push(jet_cotangents);
        }
        let outputs = draft.buffer("residuals", expressions.len());
        let cotangents = draft.buffer("residuals'", expressions.len());
        let ends = ends::Ends {
            points,
            data,
            jets,
            jet_cotangents,
            outputs,
            cotangents,
        };
        self.expressions_step(graph, &mut draft, name, &rewritten, &carried, ends);
        for (position, primitive) in network.primitives.iter().enumerate().rev() {
            self.backward_steps(
                &mut draft, position, primitive, &mut flow, operators, &carried,
            );
        }
        Block {
            name: name.to_string(),
            coefficients: carried.plan.coefficients,
            uncollapsed: carried.plan.uncollapsed,
            buffers: draft.buffers,
            coordinates: points,
            data,
            outputs,
            cotangents,
            forward: draft.forward,
            backward: draft.backward,
        }
    }
}

/// A block under construction.
#[derive(Default)]
struct Draft {
    buffers: Vec<Buffer>,
    forward: Vec<Step>,
    backward: Vec<Step>,
}

impl Draft {
    fn buffer(&mut self, name: &str, rows: usize) -> BufferId {
        self.buffers.push(Buffer {
            name: name.to_string(),
            rows,
        });
        self.buffers.len() - 1
    }
}

/// The same row for every neuron.
fn row(buffer: BufferId, first: usize) -> Operand {
    Operand {
        buffer,
        first,
        stride: 0,
    }
}

/// Row after row from `first` on.
fn run(buffer: BufferId, first: usize) -> Operand {
    Operand {
        buffer,
        first,
        stride: 1,
    }
}
