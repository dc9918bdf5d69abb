//! The kernels of an activation: `D^α f(z)` for every partial derivative that is carried, `L f(z)` for every
//! combination, by the chain rule of the jet graph.

use super::BlockBuilder;
use super::carried::{Shape, Weight};
use super::ends::operator_name;
use crate::function::Algebra;
use crate::jet::{Graph, MultiIndex, Names, Node, NodeId, Unknown};
use crate::kernel::{self, Adjoint, Leaf};
use crate::network::Activation;

/// An activation for one set of coefficients.
#[derive(Clone)]
pub struct ActivationKernels {
    /// Forward and backward kernels.
    pub adjoint: Adjoint,
    /// The position of the forward kernel.
    pub forward: usize,
    /// The position of the backward kernel.
    pub backward: usize,
}

impl BlockBuilder<'_> {
    /// The kernels of an activation; lane inputs are the coefficients of `z`, then the rows of operators.
    pub(super) fn activation(
        &mut self,
        activation: Activation,
        shapes: &[Shape],
        operators: usize,
    ) -> ActivationKernels {
        let key = (activation, shapes.to_vec());
        if let Some(known) = self.activations.get(&key) {
            return known.clone();
        }
        let names = Names {
            data: (0..operators).map(operator_name).collect(),
            ..self.names.clone()
        };
        let (graph, leaves, outputs) = jets(activation, shapes, &names);
        let wanted: Vec<usize> = (0..leaves.len()).collect();
        let all: Vec<Leaf> = leaves
            .into_iter()
            .chain((0..operators).map(Leaf::Datum))
            .collect();
        let kernel = kernel::lower(&graph, &names, activation.name(), &all, &outputs);
        let adjoint = kernel::adjoint(&kernel, &wanted);
        let kernels = ActivationKernels {
            forward: self.add_kernel(adjoint.forward.clone()),
            backward: self.add_kernel(adjoint.backward.clone()),
            adjoint,
        };
        self.activations.insert(key, kernels.clone());
        kernels
    }
}

/// A graph in which `z` is an unknown function, the leaves that hold its coefficients, and the coefficients
/// of `f(z)`.
fn jets(
    activation: Activation,
    shapes: &[Shape],
    names: &Names,
) -> (Graph, Vec<Leaf>, Vec<(String, NodeId)>) {
    let arguments: Vec<u16> = (0..names.coordinates.len())
        .map(|coordinate| u16::try_from(coordinate).unwrap_or(u16::MAX))
        .collect();
    let mut graph = Graph::new(vec![Unknown {
        name: "z".to_string(),
        arguments: arguments.clone(),
    }]);
    let z = graph.jet(0, MultiIndex::zero());
    let a = activation.expression(&mut graph, z);
    let slope = graph.partial(a, z);
    let mut leaves = Vec::new();
    let mut outputs = Vec::new();
    let mut combinations = 0;
    for shape in shapes {
        match shape {
            Shape::Partial(index) => {
                leaves.push(Leaf::Jet(0, index.clone()));
                outputs.push((names.jet("a", index), graph.differentiate_by(a, index)));
            }
            Shape::Combination(terms) => {
                combinations += 1;
                let name = |of: &str| format!("L{combinations}[{of}]");
                let image = usize::from(graph.add_unknown(Unknown {
                    name: name("z"),
                    arguments: arguments.clone(),
                }));
                leaves.push(Leaf::Jet(image, MultiIndex::zero()));
                // L f(z) = f'(z)·Lz + Σ c_α·(D^α f(z) without its term in D^α z)
                let whole = graph.jet(image, MultiIndex::zero());
                let mut sum = vec![(graph.multiply(slope, whole), 1.0)];
                for (index, weight) in terms {
                    let rest = without_highest(&mut graph, a, index);
                    match weight {
                        Weight::Number(number) => sum.push((rest, number.value())),
                        Weight::Row(row) => {
                            let weight = graph.datum(*row);
                            sum.push((graph.multiply(weight, rest), 1.0));
                        }
                    }
                }
                outputs.push((name("a"), graph.sum(&sum, 0.0)));
            }
        }
    }
    (graph, leaves, outputs)
}

/// `D^α f(z) − f'(z)·D^α z`: the terms in derivatives of `z` strictly below α.
fn without_highest(graph: &mut Graph, a: NodeId, index: &MultiIndex) -> NodeId {
    let derivative = graph.differentiate_by(a, index);
    let highest = graph.jet(0, index.clone());
    let highest = graph.node(highest).clone();
    let zero = graph.number(0.0);
    graph.substitute(&[derivative], |_, leaf: &Node| {
        (*leaf == highest).then_some(zero)
    })[0]
}
