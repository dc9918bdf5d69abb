//! The kernels of a function of neurons: `D^α f(z, …)` for every partial derivative that is carried,
//! `L f(z, …)` for every combination, by the chain rule of the jet graph.

use super::BlockBuilder;
use super::carried::{Shape, Weight};
use super::ends::operator_name;
use crate::function::Algebra;
use crate::jet::{Graph, MultiIndex, Names, Node, NodeId, Unknown};
use crate::kernel::{self, Adjoint, Leaf};
use crate::network::Pointwise;

/// A function of neurons for one set of coefficients.
#[derive(Clone)]
pub struct PointwiseKernels {
    /// Forward and backward kernels. Lane inputs are the coefficients of each argument, then the operators, then the
    /// trained numbers of the function.
    pub adjoint: Adjoint,
    /// The position of the forward kernel.
    pub forward: usize,
    /// The position of the backward kernel.
    pub backward: usize,
}

impl BlockBuilder<'_> {
    /// The kernels of a function; equal ones are made once.
    pub(super) fn pointwise(
        &mut self,
        function: Pointwise,
        shapes: &[Shape],
        operators: usize,
    ) -> PointwiseKernels {
        let key = (function, shapes.to_vec());
        if let Some(known) = self.pointwise.get(&key) {
            return known.clone();
        }
        let numbers = operators..operators + function.trained();
        let trained = (1..=function.trained()).map(|number| format!("w{number}"));
        let names = Names {
            data: (0..operators).map(operator_name).chain(trained).collect(),
            ..self.names.clone()
        };
        let (graph, leaves, outputs) = jets(function, shapes, &names, operators);
        let first = leaves.len() + operators;
        let wanted: Vec<usize> = (0..leaves.len())
            .chain(first..first + numbers.len())
            .collect();
        let all: Vec<Leaf> = leaves
            .into_iter()
            .chain((0..numbers.end).map(Leaf::Datum))
            .collect();
        let kernel = kernel::lower(&graph, &names, function.name(), &all, &outputs);
        let adjoint = kernel::adjoint(&kernel, &wanted);
        let kernels = PointwiseKernels {
            forward: self.add_kernel(adjoint.forward.clone()),
            backward: self.add_kernel(adjoint.backward.clone()),
            adjoint,
        };
        self.pointwise.insert(key, kernels.clone());
        kernels
    }
}

/// One argument of the function: the unknown that it is, and those that stand for its combinations.
struct Argument {
    value: NodeId,
    unknown: usize,
    combinations: Vec<usize>,
}

/// A graph in which the arguments are unknown functions, the leaves that hold their coefficients, argument
/// after argument, and the coefficients of the function. Trained numbers are data behind the operators.
fn jets(
    function: Pointwise,
    shapes: &[Shape],
    names: &Names,
    operators: usize,
) -> (Graph, Vec<Leaf>, Vec<(String, NodeId)>) {
    let coordinates: Vec<u16> = (0..names.coordinates.len())
        .map(|coordinate| u16::try_from(coordinate).unwrap_or(u16::MAX))
        .collect();
    let mut graph = Graph::new(Vec::new());
    let unknown = |graph: &mut Graph, name: String| {
        usize::from(graph.add_unknown(Unknown {
            name,
            arguments: coordinates.clone(),
        }))
    };
    let mut arguments = Vec::new();
    let mut leaves = Vec::new();
    for name in function.arguments() {
        let itself = unknown(&mut graph, (*name).to_string());
        let mut combinations = Vec::new();
        for shape in shapes {
            leaves.push(match shape {
                Shape::Partial(index) => Leaf::Jet(itself, index.clone()),
                Shape::Combination(_) => {
                    let number = combinations.len() + 1;
                    let image = unknown(&mut graph, format!("L{number}[{name}]"));
                    combinations.push(image);
                    Leaf::Jet(image, MultiIndex::zero())
                }
            });
        }
        arguments.push(Argument {
            value: graph.jet(itself, MultiIndex::zero()),
            unknown: itself,
            combinations,
        });
    }
    let values: Vec<NodeId> = arguments.iter().map(|argument| argument.value).collect();
    let numbers: Vec<NodeId> = (operators..operators + function.trained())
        .map(|number| graph.datum(number))
        .collect();
    let result = function.expression(&mut graph, &values, &numbers);
    let mut outputs = Vec::new();
    let mut combination = 0;
    for shape in shapes {
        outputs.push(match shape {
            Shape::Partial(index) => (names.jet("f", index), graph.differentiate_by(result, index)),
            Shape::Combination(terms) => {
                combination += 1;
                let value = combined(&mut graph, result, &arguments, combination - 1, terms);
                (format!("L{combination}[f]"), value)
            }
        });
    }
    (graph, leaves, outputs)
}

/// `L f = Σ_z ∂f/∂z·Lz + Σ_α c_α·(D^α f without its terms in D^α z)`: the bracket holds derivatives strictly
/// below α only.
fn combined(
    graph: &mut Graph,
    result: NodeId,
    arguments: &[Argument],
    combination: usize,
    terms: &[(MultiIndex, Weight)],
) -> NodeId {
    let mut sum = Vec::new();
    for argument in arguments {
        let slope = graph.partial(result, argument.value);
        let whole = graph.jet(argument.combinations[combination], MultiIndex::zero());
        sum.push((graph.multiply(slope, whole), 1.0));
    }
    for (index, weight) in terms {
        let derivative = graph.differentiate_by(result, index);
        let zero = graph.number(0.0);
        let highest: Vec<Node> = arguments
            .iter()
            .map(|argument| {
                let jet = graph.jet(argument.unknown, index.clone());
                graph.node(jet).clone()
            })
            .collect();
        let rest = graph.substitute(&[derivative], |_, leaf| {
            highest.contains(leaf).then_some(zero)
        })[0];
        match weight {
            Weight::Number(number) => sum.push((rest, number.value())),
            Weight::Row(row) => {
                let weight = graph.datum(*row);
                sum.push((graph.multiply(weight, rest), 1.0));
            }
        }
    }
    graph.sum(&sum, 0.0)
}
