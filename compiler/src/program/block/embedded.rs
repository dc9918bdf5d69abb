//! The jets of the network's inputs, at the points and at points displaced from them.

use super::carried::{Carried, Weight};
use super::ends::operator_name;
use super::{BlockBuilder, Draft, row, run};
use crate::function::Algebra;
use crate::jet::plan::Coefficient;
use crate::jet::{Graph, Names, Node, NodeId};
use crate::kernel::{self, Leaf};
use crate::program::{BufferId, Operand, Step};

/// What the inputs at the sites are computed from.
#[derive(Clone, Copy)]
pub struct Displaced {
    /// The displaced points: rows `coordinate · sites + site`.
    pub points: BufferId,
    /// The coefficients of combinations, at the points themselves.
    pub operators: BufferId,
    /// How many sites there are.
    pub sites: usize,
}

impl BlockBuilder<'_> {
    /// The jets of the network's inputs. Those that are zero everywhere are not computed.
    pub(super) fn embedding_step(
        &mut self,
        graph: &mut Graph,
        draft: &mut Draft,
        carried: &Carried,
        points: BufferId,
        embedded: BufferId,
    ) {
        let jets = self.embedded(graph, carried, |_, _, coefficient| coefficient);
        let count = carried.count();
        let rows = jets
            .iter()
            .map(|jet| row(embedded, jet.input * count + jet.position));
        let rows = rows.collect();
        let outputs: Vec<(String, NodeId)> =
            jets.into_iter().map(|jet| (jet.name, jet.value)).collect();
        self.pointwise_step(graph, draft, "embedding", &outputs, rows, points);
    }

    /// The displaced points: a kernel for each coordinate. Returns where they are.
    pub(super) fn displacement_steps(
        &mut self,
        graph: &mut Graph,
        draft: &mut Draft,
        points: BufferId,
    ) -> BufferId {
        let sites = &self.network.displacements;
        let at = draft.buffer("displaced points", self.reach.len() * sites.len());
        for (coordinate, &unit) in self.reach.iter().enumerate() {
            let here = graph.coordinate(coordinate);
            let name = &self.names.coordinates[coordinate];
            let outputs: Vec<(String, NodeId)> = sites
                .iter()
                .enumerate()
                .map(|(site, displacement)| {
                    let by = displacement.get(coordinate).copied().unwrap_or(0.0);
                    let there = graph.sum(&[(here, 1.0), (unit, by)], 0.0);
                    (format!("{name}[{site}]"), there)
                })
                .collect();
            let leaves = [Leaf::Coordinate(coordinate)];
            let kernel = kernel::lower(graph, self.names, "displace", &leaves, &outputs);
            let kernel = self.add_kernel(kernel);
            let first = coordinate * sites.len();
            draft.forward.push(Step::Kernel {
                kernel,
                repeat: 1,
                inputs: vec![row(points, coordinate)],
                outputs: (0..sites.len()).map(|site| row(at, first + site)).collect(),
            });
        }
        at
    }

    /// The jets of the network's inputs at the sites: `D^α` of `x ↦ E(x + δ)` is `(D^α E)(x + δ)`, so this is
    /// the embedding at the displaced points. The coefficients of a combination do not move with the sites:
    /// `L` acts at the point.
    pub(super) fn displaced_step(
        &mut self,
        graph: &mut Graph,
        draft: &mut Draft,
        carried: &Carried,
        from: Displaced,
        embedded: BufferId,
    ) {
        let jets = self.embedded(graph, carried, |graph, weight, _| match weight {
            Weight::Number(number) => graph.number(number.value()),
            Weight::Row(row) => graph.datum(row),
        });
        let count = carried.count();
        let outputs: Vec<(String, NodeId)> = jets
            .iter()
            .map(|jet| (jet.name.clone(), jet.value))
            .collect();
        let roots: Vec<NodeId> = outputs.iter().map(|(_, root)| *root).collect();
        let mut leaves: Vec<Leaf> = (0..self.names.coordinates.len())
            .map(Leaf::Coordinate)
            .collect();
        let mut inputs: Vec<Operand> = (0..leaves.len())
            .map(|coordinate| run(from.points, coordinate * from.sites))
            .collect();
        for id in graph.reachable(&roots) {
            if let Node::Datum(number) = *graph.node(id) {
                leaves.push(Leaf::Datum(usize::from(number)));
                inputs.push(row(from.operators, usize::from(number)));
            }
        }
        let names = Names {
            data: (0..carried.operators.len()).map(operator_name).collect(),
            ..self.names.clone()
        };
        let kernel = kernel::lower(graph, &names, "displaced_embedding", &leaves, &outputs);
        let kernel = self.add_kernel(kernel);
        draft.forward.push(Step::Kernel {
            kernel,
            repeat: from.sites,
            inputs,
            outputs: jets
                .iter()
                .map(|jet| Operand {
                    buffer: embedded,
                    first: jet.input * from.sites * count + jet.position,
                    stride: count,
                })
                .collect(),
        });
    }

    /// The coefficients of every input that are not zero everywhere; `weight` says how the coefficient of a
    /// derivative in a combination is written.
    fn embedded(
        &self,
        graph: &mut Graph,
        carried: &Carried,
        weight: impl Fn(&mut Graph, Weight, NodeId) -> NodeId,
    ) -> Vec<InputJet> {
        let zero = graph.number(0.0);
        let mut jets = Vec::new();
        for (input, (name, root)) in self.embedding.iter().enumerate() {
            for (position, coefficient) in carried.plan.coefficients.iter().enumerate() {
                let value = match coefficient {
                    Coefficient::Partial(index) => graph.differentiate_by(*root, index),
                    Coefficient::Combination(combination) => {
                        let weights = carried.weights(position);
                        let mut terms = Vec::with_capacity(weights.len());
                        for ((index, expression), at) in combination.terms.iter().zip(weights) {
                            let derivative = graph.differentiate_by(*root, index);
                            let factor = weight(graph, at, *expression);
                            terms.push((graph.multiply(factor, derivative), 1.0));
                        }
                        graph.sum(&terms, 0.0)
                    }
                };
                if value != zero {
                    jets.push(InputJet {
                        input,
                        position,
                        name: coefficient.name(self.names, name),
                        value,
                    });
                }
            }
        }
        jets
    }
}

/// A coefficient of one of the network's inputs.
struct InputJet {
    input: usize,
    position: usize,
    name: String,
    value: NodeId,
}
