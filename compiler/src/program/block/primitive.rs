//! The steps of the network's primitives, forward, and backward from last to first.
//!
//! A value may be read by several primitives. Each reader leaves its cotangents in a buffer of its own; before
//! the reverse sweep goes through the value, they are added up.

use super::carried::Carried;
use super::{BlockBuilder, Draft, row};
use crate::jet::{Graph, MultiIndex, Names, NodeId, Unknown};
use crate::kernel::{self, Leaf};
use crate::network::{Primitive, Source};
use crate::program::{BufferId, Operand, Step};

/// The buffers of a network under way: rows `neuron · coefficients + coefficient`.
pub struct Flow {
    /// The network's input.
    pub input: BufferId,
    /// The value of each primitive so far.
    pub values: Vec<BufferId>,
    /// Where each primitive's readers leave their cotangents.
    pub cotangents: Vec<Vec<BufferId>>,
    /// What the forward kernel of each primitive stores: for pointwise functions.
    stored: Vec<Vec<Operand>>,
}

impl Flow {
    /// Nothing but the input.
    pub fn new(input: BufferId) -> Self {
        Self {
            input,
            values: Vec::new(),
            cotangents: Vec::new(),
            stored: Vec::new(),
        }
    }

    fn value(&self, source: Source) -> BufferId {
        match source {
            Source::Input => self.input,
            Source::Primitive(index) => self.values[index],
        }
    }

    /// A buffer for the cotangents that a reader of `source` leaves; none for the network's input.
    fn cotangent(&mut self, draft: &mut Draft, source: Source) -> Option<BufferId> {
        match source {
            Source::Input => None,
            Source::Primitive(index) => {
                let value = &draft.buffers[self.values[index]];
                let (name, rows) = (format!("{}'", value.name), value.rows);
                let buffer = draft.buffer(&name, rows);
                self.cotangents[index].push(buffer);
                Some(buffer)
            }
        }
    }
}

/// One row for each coefficient of each neuron.
fn rows(buffer: BufferId, stride: usize) -> impl Iterator<Item = Operand> + Clone {
    (0..stride).map(move |first| Operand {
        buffer,
        first,
        stride,
    })
}

impl BlockBuilder<'_> {
    /// Appends the forward steps of a primitive.
    pub(super) fn forward_steps(
        &mut self,
        draft: &mut Draft,
        primitive: &Primitive,
        flow: &mut Flow,
        operators: BufferId,
        carried: &Carried,
    ) {
        let count = carried.count();
        let mut stored = Vec::new();
        let value = match primitive {
            Primitive::Affine { source, affine } => {
                let value = draft.buffer(&affine.name, affine.outputs * count);
                draft.forward.push(Step::Product {
                    affine: affine.clone(),
                    input: flow.value(*source),
                    output: value,
                });
                value
            }
            Primitive::Pointwise {
                sources,
                function,
                width,
            } => {
                let kernels = self.pointwise(*function, &carried.shapes, carried.operators.len());
                let inputs: Vec<BufferId> = sources.iter().map(|s| flow.value(*s)).collect();
                let texts: Vec<&str> = inputs
                    .iter()
                    .map(|input| draft.buffers[*input].name.as_str())
                    .collect();
                let name = format!("{}[{}]", function.name(), texts.join(", "));
                let value = draft.buffer(&name, width * count);
                let extra = kernels.adjoint.forward.outputs.len() - kernels.adjoint.primal_outputs;
                let saved = draft.buffer(&format!("{name}.saved"), width * extra);
                stored = rows(value, count).chain(rows(saved, extra)).collect();
                draft.forward.push(Step::Kernel {
                    kernel: kernels.forward,
                    repeat: *width,
                    inputs: arguments(&inputs, count, operators, carried).collect(),
                    outputs: stored.clone(),
                });
                value
            }
        };
        flow.values.push(value);
        flow.cotangents.push(Vec::new());
        flow.stored.push(stored);
    }

    /// Appends the backward steps of a primitive, whose readers have left their cotangents.
    pub(super) fn backward_steps(
        &mut self,
        draft: &mut Draft,
        position: usize,
        primitive: &Primitive,
        flow: &mut Flow,
        operators: BufferId,
        carried: &Carried,
    ) {
        let Some(cotangent) = self.added_up(draft, &flow.cotangents[position]) else {
            return;
        };
        let count = carried.count();
        match primitive {
            Primitive::Affine { source, affine } => {
                draft.backward.push(Step::ParameterGradient {
                    affine: affine.clone(),
                    input: flow.value(*source),
                    cotangent,
                });
                if let Some(output) = flow.cotangent(draft, *source) {
                    draft.backward.push(Step::TransposedProduct {
                        affine: affine.clone(),
                        input: cotangent,
                        output,
                    });
                }
            }
            Primitive::Pointwise {
                sources,
                function,
                width,
            } => {
                let kernels = self.pointwise(*function, &carried.shapes, carried.operators.len());
                let inputs: Vec<BufferId> = sources.iter().map(|s| flow.value(*s)).collect();
                let mut outputs = Vec::new();
                for source in sources {
                    // A pointwise function of the network's input writes cotangents that nobody reads.
                    let buffer = match flow.cotangent(draft, *source) {
                        Some(buffer) => buffer,
                        None => draft.buffer("unread", width * count),
                    };
                    outputs.extend(rows(buffer, count));
                }
                let stored = &flow.stored[position];
                draft.backward.push(Step::Kernel {
                    kernel: kernels.backward,
                    repeat: *width,
                    inputs: arguments(&inputs, count, operators, carried)
                        .chain(kernels.adjoint.reused.iter().map(|&slot| stored[slot]))
                        .chain(rows(cotangent, count))
                        .collect(),
                    outputs,
                });
            }
        }
    }

    /// The sum of the cotangents of all readers; `None` where nobody reads.
    fn added_up(&mut self, draft: &mut Draft, parts: &[BufferId]) -> Option<BufferId> {
        let (first, others) = parts.split_first()?;
        if others.is_empty() {
            return Some(*first);
        }
        let mut graph = Graph::new(Vec::new());
        let terms: Vec<(NodeId, f64)> = (0..parts.len())
            .map(|part| {
                let unknown = graph.add_unknown(Unknown {
                    name: format!("part{}", part + 1),
                    arguments: Vec::new(),
                });
                (graph.jet(usize::from(unknown), MultiIndex::zero()), 1.0)
            })
            .collect();
        let sum = graph.sum(&terms, 0.0);
        let leaves: Vec<Leaf> = (0..parts.len())
            .map(|part| Leaf::Jet(part, MultiIndex::zero()))
            .collect();
        let names = Names {
            uniforms: self.names.uniforms.clone(),
            ..Names::default()
        };
        let outputs = [("sum".to_string(), sum)];
        let kernel = kernel::lower(&graph, &names, "add_up", &leaves, &outputs);
        let kernel = self.add_kernel(kernel);
        let (name, size) = {
            let buffer = &draft.buffers[*first];
            (buffer.name.clone(), buffer.rows)
        };
        let total = draft.buffer(&name, size);
        let all = |buffer: BufferId| Operand {
            buffer,
            first: 0,
            stride: 1,
        };
        draft.backward.push(Step::Kernel {
            kernel,
            repeat: size,
            inputs: parts.iter().map(|part| all(*part)).collect(),
            outputs: vec![all(total)],
        });
        Some(total)
    }
}

/// The lane inputs of a pointwise function: the coefficients of each argument, then the operators, which are
/// the same for every neuron of a point.
fn arguments(
    inputs: &[BufferId],
    count: usize,
    operators: BufferId,
    carried: &Carried,
) -> impl Iterator<Item = Operand> {
    let inputs = inputs.to_vec();
    inputs
        .into_iter()
        .flat_map(move |input| rows(input, count))
        .chain((0..carried.operators.len()).map(move |number| row(operators, number)))
}
