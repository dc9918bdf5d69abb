//! An ONNX graph in the making: nodes, constants, and the file.
//!
//! Operators are those of version 13 of the standard set, all numbers are double precision.

use super::protobuf::Message;
use std::collections::HashMap;

const DOUBLE: i64 = 11;
const INT64: i64 = 7;
/// The kind of an attribute that is an integer.
const INTEGER: i64 = 2;

/// The name of a value.
pub type Name = String;

/// A graph.
#[derive(Debug, Default)]
pub struct Graph {
    nodes: Vec<Message>,
    constants: Vec<Message>,
    numbers: HashMap<u64, Name>,
    shapes: HashMap<Vec<i64>, Name>,
    count: usize,
}

impl Graph {
    fn fresh(&mut self) -> Name {
        self.count += 1;
        // No coordinate or field has a name like this.
        format!("#{}", self.count)
    }

    /// Applies an operator.
    pub fn node(&mut self, operator: &str, inputs: &[&str]) -> Name {
        self.node_with(operator, inputs, None)
    }

    /// Applies an operator with an integer attribute.
    pub fn node_with(
        &mut self,
        operator: &str,
        inputs: &[&str],
        attribute: Option<(&str, i64)>,
    ) -> Name {
        let output = self.fresh();
        self.named_node(operator, inputs, attribute, &output);
        output
    }

    /// Applies an operator; its value has this name.
    pub fn named_node(
        &mut self,
        operator: &str,
        inputs: &[&str],
        attribute: Option<(&str, i64)>,
        output: &str,
    ) {
        let mut node = Message::default();
        for input in inputs {
            node = node.text(1, input);
        }
        node = node.text(2, output).text(4, operator);
        if let Some((name, value)) = attribute {
            let attribute = Message::default()
                .text(1, name)
                .integer(3, value)
                .integer(20, INTEGER);
            node = node.message(5, attribute);
        }
        self.nodes.push(node);
    }

    /// A number; equal ones are one.
    pub fn number(&mut self, value: f64) -> Name {
        if let Some(name) = self.numbers.get(&value.to_bits()) {
            return name.clone();
        }
        let name = self.tensor(&[], &[value]);
        self.numbers.insert(value.to_bits(), name.clone());
        name
    }

    /// A constant tensor, its last axis fastest.
    pub fn tensor(&mut self, shape: &[usize], values: &[f64]) -> Name {
        let bytes: Vec<u8> = values
            .iter()
            .flat_map(|value| value.to_le_bytes())
            .collect();
        self.constant(shape, DOUBLE, &bytes)
    }

    /// A list of integers: a shape, indices.
    pub fn integers(&mut self, values: &[i64]) -> Name {
        if let Some(name) = self.shapes.get(values) {
            return name.clone();
        }
        let bytes: Vec<u8> = values
            .iter()
            .flat_map(|value| value.to_le_bytes())
            .collect();
        let name = self.constant(&[values.len()], INT64, &bytes);
        self.shapes.insert(values.to_vec(), name.clone());
        name
    }

    fn constant(&mut self, shape: &[usize], kind: i64, bytes: &[u8]) -> Name {
        let name = self.fresh();
        let mut tensor = Message::default();
        for length in shape {
            tensor = tensor.integer(1, i64::try_from(*length).unwrap_or(i64::MAX));
        }
        let tensor = tensor.integer(2, kind).text(8, &name).data(9, bytes);
        self.constants.push(tensor);
        name
    }

    /// The bytes of the file. Inputs and outputs are lists of as many numbers as there are points.
    pub fn file(self, title: &str, about: &str, inputs: &[String], outputs: &[String]) -> Vec<u8> {
        let mut graph = Message::default();
        for node in self.nodes {
            graph = graph.message(1, node);
        }
        graph = graph.text(2, "solution");
        for constant in self.constants {
            graph = graph.message(5, constant);
        }
        for input in inputs {
            graph = graph.message(11, list(input));
        }
        for output in outputs {
            graph = graph.message(12, list(output));
        }
        let operators = Message::default().text(1, "").integer(2, 13);
        let property = |key: &str, value: &str| Message::default().text(1, key).text(2, value);
        Message::default()
            .integer(1, 8)
            .text(2, "pdec")
            .text(3, env!("CARGO_PKG_VERSION"))
            .text(6, about)
            .message(7, graph)
            .message(8, operators)
            .message(14, property("problem", title))
            .message(14, property("inputs", &inputs.join(", ")))
            .message(14, property("outputs", &outputs.join(", ")))
            .bytes()
    }
}

/// A value that is a list of numbers, one for each point.
fn list(name: &str) -> Message {
    let dimension = Message::default().text(2, "points");
    let shape = Message::default().message(1, dimension);
    let tensor = Message::default().integer(1, DOUBLE).message(2, shape);
    let kind = Message::default().message(1, tensor);
    Message::default().text(1, name).message(2, kind)
}
