//! The steps of the network's primitives, forward, and backward from last to first.
//!
//! A value of several sites has rows `(neuron · sites + site) · coefficients + coefficient`: for everything that
//! acts on one number after the other, sites are more neurons.
//!
//! A value may be read by several primitives. Each reader leaves its cotangents in a buffer of its own; before
//! the reverse sweep goes through the value, they are added up.

use super::carried::Carried;
use super::linear::Regions;
use super::{BlockBuilder, Draft, row, run};
use crate::network::{Affine, Pointwise, Primitive, Source};
use crate::program::{BufferId, Operand, Step};
use std::collections::BTreeMap;

/// The buffers of a network under way: rows `neuron · coefficients + coefficient`.
pub struct Flow {
    /// The network's input at the point.
    pub input: BufferId,
    /// The network's input at the sites.
    pub displaced: BufferId,
    /// The value of each primitive so far.
    pub values: Vec<BufferId>,
    /// Where each primitive's readers leave their cotangents.
    pub cotangents: Vec<Vec<BufferId>>,
    /// What the forward kernel of each primitive stores: for pointwise functions.
    stored: Vec<Vec<Operand>>,
    /// The trained numbers of the function of each primitive that has some.
    trained: BTreeMap<usize, Option<BufferId>>,
}

impl Flow {
    /// Nothing but the input.
    pub fn new(input: BufferId, displaced: BufferId) -> Self {
        Self {
            input,
            displaced,
            values: Vec::new(),
            cotangents: Vec::new(),
            stored: Vec::new(),
            trained: BTreeMap::new(),
        }
    }

    pub(super) fn value(&self, source: Source) -> BufferId {
        match source {
            Source::Input => self.input,
            Source::Displaced => self.displaced,
            Source::Primitive(index) => self.values[index],
        }
    }

    /// A buffer for the cotangents that a reader of `source` leaves; none for the network's input.
    pub(super) fn cotangent(&mut self, draft: &mut Draft, source: Source) -> Option<BufferId> {
        match source {
            Source::Input | Source::Displaced => None,
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
                let value = draft.buffer(&affine.name, primitive.size() * count);
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
                numbers,
            } => {
                let kernels = self.pointwise(*function, &carried.shapes, carried.operators.len());
                let inputs: Vec<BufferId> = sources.iter().map(|s| flow.value(*s)).collect();
                let trained = numbers.as_ref().map(|affine| {
                    let nothing = draft.buffer("nothing", 0);
                    let output = draft.buffer(&affine.name, affine.outputs);
                    draft.forward.push(Step::Product {
                        affine: affine.clone(),
                        input: nothing,
                        output,
                    });
                    output
                });
                flow.trained.insert(flow.values.len(), trained);
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
                    inputs: arguments(&inputs, count, operators, carried)
                        .chain(numbers_read(*function, trained))
                        .collect(),
                    outputs: stored.clone(),
                });
                value
            }
            Primitive::Mean {
                source,
                neurons,
                sites,
                regions,
            } => {
                let input = flow.value(*source);
                let name = format!("mean[{}]", draft.buffers[input].name);
                let value = draft.buffer(&name, primitive.size() * count);
                let layout = Regions::new(*neurons, *sites, regions, count);
                self.mean_steps(draft, &layout, input, value);
                value
            }
            Primitive::Concatenation { sources, .. } => {
                let parts: Vec<BufferId> = sources.iter().map(|s| flow.value(*s)).collect();
                let texts: Vec<&str> = parts
                    .iter()
                    .map(|part| draft.buffers[*part].name.as_str())
                    .collect();
                let name = format!("concatenation[{}]", texts.join(", "));
                let value = draft.buffer(&name, primitive.size() * count);
                self.concatenation_steps(draft, &parts, value);
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
                if affine.trained {
                    draft.backward.push(Step::ParameterGradient {
                        affine: affine.clone(),
                        input: flow.value(*source),
                        cotangent,
                    });
                }
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
                numbers,
            } => {
                let kernels = self.pointwise(*function, &carried.shapes, carried.operators.len());
                let inputs: Vec<BufferId> = sources.iter().map(|s| flow.value(*s)).collect();
                let trained = flow.trained.get(&position).copied().flatten();
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
                let gradient = numbers.as_ref().map(|affine| {
                    let name = format!("{}'", affine.name);
                    let each = function.trained();
                    let buffer = draft.buffer(&name, width * each);
                    outputs.extend(rows(buffer, each));
                    let sites = if function.for_each_neuron() {
                        1
                    } else {
                        *width
                    };
                    Step::ParameterGradient {
                        affine: Affine {
                            sites,
                            ..affine.clone()
                        },
                        input: draft.buffer("nothing", 0),
                        cotangent: buffer,
                    }
                });
                draft.backward.push(Step::Kernel {
                    kernel: kernels.backward,
                    repeat: *width,
                    inputs: arguments(&inputs, count, operators, carried)
                        .chain(numbers_read(*function, trained))
                        .chain(kernels.adjoint.reused.iter().map(|&slot| stored[slot]))
                        .chain(rows(cotangent, count))
                        .collect(),
                    outputs,
                });
                draft.backward.extend(gradient);
            }
            Primitive::Mean {
                source,
                neurons,
                sites,
                regions,
            } => {
                if let Some(output) = flow.cotangent(draft, *source) {
                    let layout = Regions::new(*neurons, *sites, regions, count);
                    self.mean_adjoint_steps(draft, &layout, cotangent, output);
                }
            }
            Primitive::Concatenation { sources, .. } => {
                let mut first = 0;
                for source in sources {
                    let size = self.network.size(*source) * count;
                    if let Some(output) = flow.cotangent(draft, *source) {
                        self.part_adjoint_step(draft, cotangent, first, output);
                    }
                    first += size;
                }
            }
        }
    }

    /// The sum of the cotangents of all readers; `None` where nobody reads.
    fn added_up(&mut self, draft: &mut Draft, parts: &[BufferId]) -> Option<BufferId> {
        let (first, others) = parts.split_first()?;
        if others.is_empty() {
            return Some(*first);
        }
        let (name, size) = {
            let buffer = &draft.buffers[*first];
            (buffer.name.clone(), buffer.rows)
        };
        let total = draft.buffer(&name, size);
        self.sum_step(draft, parts, total);
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

/// The trained numbers of a function: the same rows for every neuron, or a row for each.
fn numbers_read(function: Pointwise, buffer: Option<BufferId>) -> impl Iterator<Item = Operand> {
    let read = move |buffer| {
        (0..function.trained()).map(move |number| {
            if function.for_each_neuron() {
                run(buffer, number)
            } else {
                row(buffer, number)
            }
        })
    };
    buffer.into_iter().flat_map(read)
}
