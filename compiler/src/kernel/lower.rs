//! From jet expressions to a kernel.

use super::{Builder, Kernel, Value};
use crate::function::Algebra;
use crate::hash::HashMap;
use crate::jet::{Graph, MultiIndex, Names, Node, NodeId};

/// A leaf that a kernel reads from memory, one number for each lane.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Leaf {
    /// A coordinate.
    Coordinate(usize),
    /// A datum.
    Datum(usize),
    /// A jet of an unknown function.
    Jet(usize, MultiIndex),
}

/// Lowers named expressions to one kernel with these lane inputs, in this order.
///
/// Leaves that are not among `inputs` must be numbers or uniforms.
#[must_use]
pub fn lower(
    graph: &Graph,
    names: &Names,
    kernel_name: &str,
    inputs: &[Leaf],
    outputs: &[(String, NodeId)],
) -> Kernel {
    let positions: HashMap<&Leaf, usize> = inputs
        .iter()
        .enumerate()
        .map(|(position, leaf)| (leaf, position))
        .collect();
    let mut builder = Builder::new();
    let mut values: HashMap<NodeId, Value> = HashMap::default();
    let roots: Vec<NodeId> = outputs.iter().map(|(_, root)| *root).collect();
    for id in graph.reachable(&roots) {
        let input = |builder: &mut Builder, leaf: Leaf| {
            let position = positions.get(&leaf).copied();
            debug_assert!(
                position.is_some(),
                "{leaf:?} is not an input of {kernel_name}"
            );
            builder.load(position.unwrap_or(usize::MAX))
        };
        let value = match graph.node(id) {
            Node::Number(bits) => builder.number(bits.value()),
            Node::Uniform(uniform) => builder.uniform(usize::from(*uniform)),
            Node::Coordinate(c) => input(&mut builder, Leaf::Coordinate(usize::from(*c))),
            Node::Datum(d) => input(&mut builder, Leaf::Datum(usize::from(*d))),
            Node::Jet { function, index } => input(
                &mut builder,
                Leaf::Jet(usize::from(*function), index.clone()),
            ),
            Node::Sum { constant, terms } => {
                // Horner-like: one multiply-add for each term, the constant first.
                let mut sum = builder.number(constant.value());
                for (term, coefficient) in terms {
                    let coefficient = builder.number(coefficient.value());
                    sum = builder.multiply_add(coefficient, values[term], sum);
                }
                sum
            }
            Node::Product(factors) => product(&mut builder, &values, factors),
            Node::Power { base, exponent } => builder.power(values[base], values[exponent]),
            Node::Call(function, argument) => builder.call(*function, values[argument]),
            Node::Select {
                left,
                right,
                less,
                otherwise,
            } => builder.select(values[left], values[right], values[less], values[otherwise]),
        };
        values.insert(id, value);
    }
    let input_names = inputs.iter().map(|leaf| leaf_name(graph, names, leaf));
    builder.finish(
        kernel_name,
        input_names.collect(),
        names.uniforms.clone(),
        outputs
            .iter()
            .map(|(name, root)| (name.clone(), values[root]))
            .collect(),
    )
}

/// Numerators first, then one division by the product of the denominators.
fn product(
    builder: &mut Builder,
    values: &HashMap<NodeId, Value>,
    factors: &[(NodeId, i32)],
) -> Value {
    let mut above: Option<Value> = None;
    let mut below: Option<Value> = None;
    for &(factor, exponent) in factors {
        let power = builder.whole_power(values[&factor], exponent.abs());
        let part = if exponent > 0 { &mut above } else { &mut below };
        *part = Some(match *part {
            None => power,
            Some(product) => builder.multiply(product, power),
        });
    }
    let above = above.unwrap_or_else(|| builder.number(1.0));
    match below {
        None => above,
        Some(below) => builder.divide(above, below),
    }
}

/// The name of a lane input.
fn leaf_name(graph: &Graph, names: &Names, leaf: &Leaf) -> String {
    let nth = |list: &[String], index: usize| list.get(index).cloned().unwrap_or_default();
    match leaf {
        Leaf::Coordinate(coordinate) => nth(&names.coordinates, *coordinate),
        Leaf::Datum(datum) => nth(&names.data, *datum),
        Leaf::Jet(function, index) => names.jet(&graph.unknowns()[*function].name, index),
    }
}
