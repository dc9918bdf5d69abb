//! One block: expressions of the network's jets, as steps.

use super::{Block, Buffer, BufferId, Operand, Step};
use crate::jet::{Graph, MultiIndex, Names, NodeId, Unknown};
use crate::kernel::{self, Adjoint, Kernel, Leaf};
use crate::network::{Activation, Network, Primitive, Source};
use std::collections::BTreeMap;

/// Builds the blocks of one program; equal kernels are one.
pub struct BlockBuilder<'a> {
    /// Names of coordinates, uniforms and data.
    pub names: &'a Names,
    /// The network.
    pub network: &'a Network,
    /// The inputs of the network.
    pub embedding: &'a [(String, NodeId)],
    /// The unknown functions of the graph that are the network's outputs, in order.
    pub outputs: &'a [usize],
    /// All kernels so far.
    pub kernels: Vec<Kernel>,
    activations: BTreeMap<(Activation, Vec<MultiIndex>), ActivationKernels>,
}

#[derive(Clone)]
struct ActivationKernels {
    adjoint: Adjoint,
    forward: usize,
    backward: usize,
}

/// The buffers of a value that flows through the network, and of its cotangents.
#[derive(Clone, Copy)]
struct Flow {
    value: BufferId,
    cotangent: Option<BufferId>,
}

impl<'a> BlockBuilder<'a> {
    /// A builder without kernels.
    pub fn new(
        names: &'a Names,
        network: &'a Network,
        embedding: &'a [(String, NodeId)],
        outputs: &'a [usize],
    ) -> Self {
        Self {
            names,
            network,
            embedding,
            outputs,
            kernels: Vec::new(),
            activations: BTreeMap::new(),
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
        let coefficients = coefficients(graph, &roots);
        let mut draft = Draft {
            buffers: Vec::new(),
            forward: Vec::new(),
            backward: Vec::new(),
        };
        let coordinates = draft.buffer("points", self.names.coordinates.len());
        let data = draft.buffer("data", data);
        let embedded = draft.buffer("input", self.embedding.len() * coefficients.len());
        self.embedding_step(graph, &mut draft, &coefficients, coordinates, embedded);

        let mut flows: Vec<Flow> = Vec::new();
        let mut backward: Vec<Vec<Step>> = Vec::new();
        for position in 0..self.network.primitives.len() {
            let (flow, steps) =
                self.primitive(&mut draft, position, &flows, embedded, &coefficients);
            flows.push(flow);
            backward.push(steps);
        }
        let last = flows.last().copied().unwrap_or(Flow {
            value: embedded,
            cotangent: None,
        });
        let outputs = draft.buffer("output", expressions.len());
        let cotangents = draft.buffer("output'", expressions.len());
        let last_cotangent = last.cotangent.unwrap_or(cotangents);
        self.expressions_step(
            graph,
            &mut draft,
            name,
            expressions,
            &coefficients,
            (coordinates, data, last.value, outputs),
            (cotangents, last_cotangent),
        );
        draft.backward.extend(backward.into_iter().rev().flatten());
        Block {
            name: name.to_string(),
            coefficients,
            buffers: draft.buffers,
            coordinates,
            data,
            outputs,
            cotangents,
            forward: draft.forward,
            backward: draft.backward,
        }
    }

    /// The jets of the network's inputs. Those that are zero everywhere are not computed.
    fn embedding_step(
        &mut self,
        graph: &mut Graph,
        draft: &mut Draft,
        coefficients: &[MultiIndex],
        coordinates: BufferId,
        embedded: BufferId,
    ) {
        let zero = crate::function::Algebra::number(graph, 0.0);
        let mut outputs = Vec::new();
        let mut operands = Vec::new();
        for (input, (name, root)) in self.embedding.iter().enumerate() {
            for (position, index) in coefficients.iter().enumerate() {
                let derivative = graph.differentiate_by(*root, index);
                if derivative != zero {
                    outputs.push((self.names.jet(name, index), derivative));
                    operands.push(Operand {
                        buffer: embedded,
                        first: input * coefficients.len() + position,
                        stride: 0,
                    });
                }
            }
        }
        let leaves: Vec<Leaf> = (0..self.names.coordinates.len())
            .map(Leaf::Coordinate)
            .collect();
        let kernel = kernel::lower(graph, self.names, "embedding", &leaves, &outputs);
        let inputs = (0..leaves.len())
            .map(|row| Operand {
                buffer: coordinates,
                first: row,
                stride: 0,
            })
            .collect();
        let kernel = self.add_kernel(kernel);
        draft.forward.push(Step::Kernel {
            kernel,
            repeat: 1,
            inputs,
            outputs: operands,
        });
    }

    /// Forward steps of one primitive (appended), its buffers, and its backward steps.
    fn primitive(
        &mut self,
        draft: &mut Draft,
        position: usize,
        flows: &[Flow],
        embedded: BufferId,
        coefficients: &[MultiIndex],
    ) -> (Flow, Vec<Step>) {
        let count = coefficients.len();
        let flow_of = |source: Source| match source {
            Source::Input => Flow {
                value: embedded,
                cotangent: None,
            },
            Source::Primitive(index) => flows[index],
        };
        match &self.network.primitives[position] {
            Primitive::Affine { source, affine } => {
                let input = flow_of(*source);
                let value = draft.buffer(&affine.name, affine.outputs * count);
                let cotangent = draft.buffer(&format!("{}'", affine.name), affine.outputs * count);
                draft.forward.push(Step::Product {
                    affine: affine.clone(),
                    input: input.value,
                    output: value,
                });
                let mut steps = vec![Step::ParameterGradient {
                    affine: affine.clone(),
                    input: input.value,
                    cotangent,
                }];
                if let Some(output) = input.cotangent {
                    steps.push(Step::TransposedProduct {
                        affine: affine.clone(),
                        input: cotangent,
                        output,
                    });
                }
                let flow = Flow {
                    value,
                    cotangent: Some(cotangent),
                };
                (flow, steps)
            }
            Primitive::Activation {
                source,
                activation,
                width,
            } => {
                let (activation, width) = (*activation, *width);
                let input = flow_of(*source);
                let kernels = self.activation(activation, coefficients);
                let name = format!("{}[{}]", activation.name(), draft.buffers[input.value].name);
                let value = draft.buffer(&name, width * count);
                let extra = kernels.adjoint.forward.outputs.len() - kernels.adjoint.primal_outputs;
                let saved = draft.buffer(&format!("{name}.saved"), width * extra);
                let cotangent = draft.buffer(&format!("{name}'"), width * count);
                let rows = |buffer: BufferId, stride: usize| {
                    (0..stride).map(move |first| Operand {
                        buffer,
                        first,
                        stride,
                    })
                };
                let stored: Vec<Operand> = rows(value, count).chain(rows(saved, extra)).collect();
                draft.forward.push(Step::Kernel {
                    kernel: kernels.forward,
                    repeat: width,
                    inputs: rows(input.value, count).collect(),
                    outputs: stored.clone(),
                });
                let steps = input.cotangent.map(|output| Step::Kernel {
                    kernel: kernels.backward,
                    repeat: width,
                    inputs: rows(input.value, count)
                        .chain(kernels.adjoint.reused.iter().map(|&slot| stored[slot]))
                        .chain(rows(cotangent, count))
                        .collect(),
                    outputs: rows(output, count).collect(),
                });
                let flow = Flow {
                    value,
                    cotangent: Some(cotangent),
                };
                (flow, steps.into_iter().collect())
            }
        }
    }

    /// The kernels of an activation: `D^α f(z)` for every coefficient, by the chain rule of the jet graph.
    fn activation(
        &mut self,
        activation: Activation,
        coefficients: &[MultiIndex],
    ) -> ActivationKernels {
        let key = (activation, coefficients.to_vec());
        if let Some(known) = self.activations.get(&key) {
            return known.clone();
        }
        let coordinates = u16::try_from(self.names.coordinates.len()).unwrap_or(u16::MAX);
        let mut graph = Graph::new(vec![Unknown {
            name: "z".to_string(),
            arguments: (0..coordinates).collect(),
        }]);
        let z = graph.jet(0, MultiIndex::zero());
        let a = activation.expression(&mut graph, z);
        let outputs: Vec<(String, NodeId)> = coefficients
            .iter()
            .map(|index| (self.names.jet("a", index), graph.differentiate_by(a, index)))
            .collect();
        let leaves: Vec<Leaf> = coefficients
            .iter()
            .map(|index| Leaf::Jet(0, index.clone()))
            .collect();
        let kernel = kernel::lower(&graph, self.names, activation.name(), &leaves, &outputs);
        let wanted: Vec<usize> = (0..leaves.len()).collect();
        let adjoint = kernel::adjoint(&kernel, &wanted);
        let kernels = ActivationKernels {
            forward: self.add_kernel(adjoint.forward.clone()),
            backward: self.add_kernel(adjoint.backward.clone()),
            adjoint,
        };
        self.activations.insert(key, kernels.clone());
        kernels
    }

    /// The expressions themselves, forward and backward.
    #[allow(clippy::too_many_arguments)] // two groups of buffers and what they are for
    fn expressions_step(
        &mut self,
        graph: &Graph,
        draft: &mut Draft,
        name: &str,
        expressions: &[(String, NodeId)],
        coefficients: &[MultiIndex],
        (coordinates, data, jets, outputs): (BufferId, BufferId, BufferId, BufferId),
        (cotangents, jet_cotangents): (BufferId, BufferId),
    ) {
        let row = |buffer: BufferId, first: usize| Operand {
            buffer,
            first,
            stride: 0,
        };
        let mut leaves = Vec::new();
        let mut inputs = Vec::new();
        for coordinate in 0..self.names.coordinates.len() {
            leaves.push(Leaf::Coordinate(coordinate));
            inputs.push(row(coordinates, coordinate));
        }
        for datum in 0..draft.buffers[data].rows {
            leaves.push(Leaf::Datum(datum));
            inputs.push(row(data, datum));
        }
        let roots: Vec<NodeId> = expressions.iter().map(|(_, root)| *root).collect();
        let mut wanted = Vec::new();
        let mut results = Vec::new();
        for (function, index) in graph.jets(&roots) {
            let (Some(output), Some(position)) = (
                self.outputs.iter().position(|&o| o == function),
                coefficients.iter().position(|c| *c == index),
            ) else {
                continue;
            };
            wanted.push(leaves.len());
            leaves.push(Leaf::Jet(function, index));
            inputs.push(row(jets, output * coefficients.len() + position));
            results.push(row(jet_cotangents, output * coefficients.len() + position));
        }
        let kernel = kernel::lower(graph, self.names, name, &leaves, expressions);
        let adjoint = kernel::adjoint(&kernel, &wanted);
        let extra = adjoint.forward.outputs.len() - adjoint.primal_outputs;
        let saved = draft.buffer("saved", extra);
        let stored: Vec<Operand> = (0..expressions.len())
            .map(|first| row(outputs, first))
            .chain((0..extra).map(|first| row(saved, first)))
            .collect();
        let kernel = self.add_kernel(adjoint.forward.clone());
        draft.forward.push(Step::Kernel {
            kernel,
            repeat: 1,
            inputs: inputs.clone(),
            outputs: stored.clone(),
        });
        let kernel = self.add_kernel(adjoint.backward.clone());
        draft.backward.push(Step::Kernel {
            kernel,
            repeat: 1,
            inputs: inputs
                .into_iter()
                .chain(adjoint.reused.iter().map(|&slot| stored[slot]))
                .chain((0..expressions.len()).map(|first| row(cotangents, first)))
                .collect(),
            outputs: results,
        });
    }
}

/// A block under construction.
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

/// The smallest set of Taylor coefficients that holds the jets of these expressions and, with each, every
/// lower one: the chain rule needs them all.
fn coefficients(graph: &Graph, roots: &[NodeId]) -> Vec<MultiIndex> {
    let mut set = vec![MultiIndex::zero()];
    for (_, index) in graph.jets(roots) {
        set.extend(index.lower_set());
    }
    set.sort_by(MultiIndex::compare);
    set.dedup();
    set
}
