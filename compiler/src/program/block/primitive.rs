//! The steps of the network's primitives.

use super::carried::Carried;
use super::{BlockBuilder, Draft, row};
use crate::network::{Primitive, Source};
use crate::program::{BufferId, Operand, Step};

/// The buffers of a value that flows through the network, and of its cotangents.
#[derive(Clone, Copy)]
pub struct Flow {
    /// Rows `neuron · coefficients + coefficient`.
    pub value: BufferId,
    /// The same for its cotangents; the network's input has none.
    pub cotangent: Option<BufferId>,
}

impl BlockBuilder<'_> {
    /// Appends the forward steps of one primitive; returns its buffers and its backward steps.
    pub(super) fn primitive(
        &mut self,
        draft: &mut Draft,
        position: usize,
        input: Flow,
        flows: &[Flow],
        operators: BufferId,
        carried: &Carried,
    ) -> (Flow, Vec<Step>) {
        let count = carried.count();
        let flow_of = |source: Source| match source {
            Source::Input => input,
            Source::Primitive(index) => flows[index],
        };
        match &self.network.primitives[position] {
            Primitive::Affine { source, affine } => {
                let source = flow_of(*source);
                let value = draft.buffer(&affine.name, affine.outputs * count);
                let cotangent = draft.buffer(&format!("{}'", affine.name), affine.outputs * count);
                draft.forward.push(Step::Product {
                    affine: affine.clone(),
                    input: source.value,
                    output: value,
                });
                let mut steps = vec![Step::ParameterGradient {
                    affine: affine.clone(),
                    input: source.value,
                    cotangent,
                }];
                if let Some(output) = source.cotangent {
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
                let source = flow_of(*source);
                let rows_of_operators = carried.operators.len();
                let kernels = self.activation(activation, &carried.shapes, rows_of_operators);
                let name = format!(
                    "{}[{}]",
                    activation.name(),
                    draft.buffers[source.value].name
                );
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
                // every neuron of a point sees the same operators
                let shared = || (0..rows_of_operators).map(|number| row(operators, number));
                let stored: Vec<Operand> = rows(value, count).chain(rows(saved, extra)).collect();
                draft.forward.push(Step::Kernel {
                    kernel: kernels.forward,
                    repeat: width,
                    inputs: rows(source.value, count).chain(shared()).collect(),
                    outputs: stored.clone(),
                });
                let steps = source.cotangent.map(|output| Step::Kernel {
                    kernel: kernels.backward,
                    repeat: width,
                    inputs: rows(source.value, count)
                        .chain(shared())
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
}
