//! What a block computes from points alone, and from the network's outputs to the expressions.

use super::carried::Carried;
use super::{BlockBuilder, Draft, row};
use crate::jet::{Graph, NodeId};
use crate::kernel::{self, Leaf};
use crate::program::{BufferId, Operand, Step};

/// The buffers that the expressions read and write.
#[derive(Clone, Copy)]
pub struct Ends {
    /// Coordinates of the points.
    pub points: BufferId,
    /// Data of the points.
    pub data: BufferId,
    /// Jets of the network's outputs.
    pub jets: BufferId,
    /// Their cotangents.
    pub jet_cotangents: BufferId,
    /// The expressions.
    pub outputs: BufferId,
    /// Their cotangents.
    pub cotangents: BufferId,
}

impl BlockBuilder<'_> {
    /// The pointwise coefficients of combinations.
    pub(super) fn operators_step(
        &mut self,
        graph: &Graph,
        draft: &mut Draft,
        carried: &Carried,
        points: BufferId,
        operators: BufferId,
    ) {
        if carried.operators.is_empty() {
            return;
        }
        let outputs: Vec<(String, NodeId)> = carried
            .operators
            .iter()
            .enumerate()
            .map(|(number, &root)| (operator_name(number), root))
            .collect();
        let rows = (0..outputs.len()).map(|number| row(operators, number));
        self.pointwise_step(graph, draft, "operators", &outputs, rows.collect(), points);
    }

    /// Expressions of the coordinates alone.
    pub(super) fn pointwise_step(
        &mut self,
        graph: &Graph,
        draft: &mut Draft,
        name: &str,
        outputs: &[(String, NodeId)],
        rows: Vec<Operand>,
        points: BufferId,
    ) {
        let leaves: Vec<Leaf> = (0..self.names.coordinates.len())
            .map(Leaf::Coordinate)
            .collect();
        let kernel = kernel::lower(graph, self.names, name, &leaves, outputs);
        let kernel = self.add_kernel(kernel);
        draft.forward.push(Step::Kernel {
            kernel,
            repeat: 1,
            inputs: (0..leaves.len()).map(|c| row(points, c)).collect(),
            outputs: rows,
        });
    }

    /// The expressions themselves, forward and backward.
    pub(super) fn expressions_step(
        &mut self,
        graph: &Graph,
        draft: &mut Draft,
        name: &str,
        expressions: &[(String, NodeId)],
        carried: &Carried,
        ends: Ends,
    ) {
        let mut leaves = Vec::new();
        let mut inputs = Vec::new();
        for coordinate in 0..self.names.coordinates.len() {
            leaves.push(Leaf::Coordinate(coordinate));
            inputs.push(row(ends.points, coordinate));
        }
        for datum in 0..draft.buffers[ends.data].rows {
            leaves.push(Leaf::Datum(datum));
            inputs.push(row(ends.data, datum));
        }
        let roots: Vec<NodeId> = expressions.iter().map(|(_, root)| *root).collect();
        let mut wanted = Vec::new();
        let mut results = Vec::new();
        for (function, index) in graph.jets(&roots) {
            let Some((of, position)) = carried.plan.position(function, &index) else {
                continue;
            };
            let Some(output) = self.outputs.iter().position(|&output| output == of) else {
                continue;
            };
            wanted.push(leaves.len());
            leaves.push(Leaf::Jet(function, index));
            inputs.push(row(ends.jets, output * carried.count() + position));
            results.push(row(
                ends.jet_cotangents,
                output * carried.count() + position,
            ));
        }
        let kernel = kernel::lower(graph, self.names, name, &leaves, expressions);
        let adjoint = kernel::adjoint(&kernel, &wanted);
        let extra = adjoint.forward.outputs.len() - adjoint.primal_outputs;
        let saved = draft.buffer("saved", extra);
        let stored: Vec<Operand> = (0..expressions.len())
            .map(|first| row(ends.outputs, first))
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
                .chain((0..expressions.len()).map(|first| row(ends.cotangents, first)))
                .collect(),
            outputs: results,
        });
    }
}

/// The name of a row of operators.
pub(super) fn operator_name(number: usize) -> String {
    format!("c{}", number + 1)
}
