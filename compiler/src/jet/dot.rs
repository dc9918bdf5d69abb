//! Jet expressions as a picture, in the language of Graphviz: `dot -Tsvg`.
//!
//! Values flow along the arrows, from the leaves on the left to the named expressions on the right; a node
//! with several arrows out is a shared subexpression. An arrow into a sum carries its coefficient, one into
//! a product its exponent, where they are not one.

use super::print::{name, number};
use super::{Graph, Names, Node, NodeId};
use std::collections::HashMap;
use std::fmt::Write as _;

/// Draws named expressions with everything that they are made of.
#[must_use]
pub fn dot(graph: &Graph, names: &Names, bindings: &[(String, NodeId)]) -> String {
    let roots: Vec<NodeId> = bindings.iter().map(|(_, root)| *root).collect();
    let order = graph.reachable(&roots);
    let numbers: HashMap<NodeId, usize> = order
        .iter()
        .enumerate()
        .map(|(number, &id)| (id, number))
        .collect();
    let mut text = String::from("digraph jets {\n  rankdir=LR;\n  node [shape=ellipse];\n");
    for &id in &order {
        let shape = if is_leaf(graph.node(id)) {
            ", shape=box"
        } else {
            ""
        };
        let label = escaped(&label(graph, names, id));
        let _ = writeln!(text, "  n{} [label=\"{label}\"{shape}];", numbers[&id]);
        for (child, role) in operands(graph.node(id)) {
            let _ = write!(text, "  n{} -> n{}", numbers[&child], numbers[&id]);
            if !role.is_empty() {
                let _ = write!(text, " [label=\"{}\"]", escaped(&role));
            }
            text.push_str(";\n");
        }
    }
    for (position, (name, root)) in bindings.iter().enumerate() {
        let name = escaped(name);
        let _ = writeln!(text, "  r{position} [label=\"{name}\", shape=plaintext];");
        let _ = writeln!(text, "  n{} -> r{position};", numbers[root]);
    }
    text.push_str("}\n");
    text
}

fn is_leaf(node: &Node) -> bool {
    match node {
        Node::Number(_)
        | Node::Coordinate(_)
        | Node::Uniform(_)
        | Node::Datum(_)
        | Node::Jet { .. } => true,
        Node::Sum { .. }
        | Node::Product(_)
        | Node::Power { .. }
        | Node::Call(..)
        | Node::Select { .. } => false,
    }
}

/// What stands in a node.
fn label(graph: &Graph, names: &Names, id: NodeId) -> String {
    match graph.node(id) {
        Node::Number(bits) => number(bits.value()),
        Node::Coordinate(coordinate) => name(&names.coordinates, *coordinate, "x"),
        Node::Uniform(uniform) => name(&names.uniforms, *uniform, "k"),
        Node::Datum(datum) => name(&names.data, *datum, "d"),
        Node::Jet { function, index } => {
            names.jet(&graph.unknowns()[usize::from(*function)].name, index)
        }
        Node::Sum { constant, .. } if constant.value() == 0.0 => "+".to_string(),
        Node::Sum { constant, .. } => {
            let sign = if constant.value() < 0.0 { "-" } else { "+" };
            format!("+ … {sign} {}", number(constant.value().abs()))
        }
        Node::Product(_) => "×".to_string(),
        Node::Power { .. } => "^".to_string(),
        Node::Call(function, _) => function.name().to_string(),
        Node::Select { .. } => "if left < right".to_string(),
    }
}

/// The operands, and what each is for where that is not plain.
fn operands(node: &Node) -> Vec<(NodeId, String)> {
    match node {
        Node::Number(_)
        | Node::Coordinate(_)
        | Node::Uniform(_)
        | Node::Datum(_)
        | Node::Jet { .. } => Vec::new(),
        Node::Sum { terms, .. } => terms
            .iter()
            .map(|&(term, coefficient)| match coefficient.value() {
                1.0 => (term, String::new()),
                value => (term, number(value)),
            })
            .collect(),
        Node::Product(factors) => factors
            .iter()
            .map(|&(factor, exponent)| match exponent {
                1 => (factor, String::new()),
                _ => (factor, format!("^{exponent}")),
            })
            .collect(),
        Node::Power { base, exponent } => {
            vec![
                (*base, "base".to_string()),
                (*exponent, "exponent".to_string()),
            ]
        }
        Node::Call(_, argument) => vec![(*argument, String::new())],
        Node::Select {
            left,
            right,
            less,
            otherwise,
        } => vec![
            (*left, "left".to_string()),
            (*right, "right".to_string()),
            (*less, "then".to_string()),
            (*otherwise, "else".to_string()),
        ],
    }
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}
