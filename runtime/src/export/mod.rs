//! A trained solution as an ONNX model: what the program computes, operator by operator.
//!
//! * Input: a [`Solution`] and the names of its coordinates and values.
//! * Output: the bytes of a file with an input for each coordinate and an output for each field, or for each expression
//!   that the solution was compiled with: lists of numbers in double precision, one for each point, in the units of the
//!   problem.
//! * Invariants: scaling, embedding, conditions by construction and time windows are in the graph, because it is made from
//!   the steps that the engine executes. A point that two windows share belongs to the earlier one; beyond the last there
//!   is no value: NaN.

mod block;
mod function;
mod graph;
mod protobuf;

use crate::solution::{Solution, uniforms};
use block::Translation;
use graph::Graph;
use pdec_compiler::function::Function;
use thiserror::Error;

/// Why a solution cannot be exported.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum ExportError {
    /// No runtime evaluates the function in double precision.
    #[error("`{}` has no implementation in double precision in ONNX runtimes", .0.name())]
    Function(Function),
    /// Training has not begun.
    #[error("the solution has no trained window")]
    Empty,
}

/// What the values of a model are called.
#[derive(Clone, Copy, Debug)]
pub struct Names<'a> {
    /// The problem.
    pub title: &'a str,
    /// One name for each coordinate.
    pub coordinates: &'a [String],
    /// One name for each field, or for each expression that the solution was compiled with.
    pub outputs: &'a [String],
}

/// The bytes of an ONNX file.
///
/// # Errors
///
/// [`ExportError`].
pub fn onnx(solution: &Solution, names: &Names<'_>) -> Result<Vec<u8>, ExportError> {
    let program = solution.engine().program();
    let block = program.outputs.as_ref().unwrap_or(&program.fields);
    let mut graph = Graph::default();
    let rows = graph.integers(&[1, -1]);
    let mut coordinates = Vec::new();
    for name in names.coordinates {
        coordinates.push(graph.node("Reshape", &[name, &rows]));
    }
    let places: Vec<&str> = coordinates.iter().map(String::as_str).collect();
    let points = graph.node_with("Concat", &places, Some(("axis", 0)));
    let mut found: Option<String> = None;
    let time = solution.time();
    // From the last window to the first: an earlier one wins where two meet.
    for window in solution.windows().iter().rev() {
        let uniforms = uniforms(solution.parameters(), window.low, window.high);
        let mut translation = Translation::new(
            &mut graph,
            program,
            block,
            &window.parameters,
            &uniforms,
            &points,
        );
        let values = translation.outputs()?;
        found = Some(match time {
            Some(time) => {
                let later = found.unwrap_or_else(|| graph.number(f64::NAN));
                let end = graph.number(window.reach());
                let inside = graph.node("LessOrEqual", &[&coordinates[time], &end]);
                graph.node("Where", &[&inside, &values, &later])
            }
            None => values,
        });
    }
    let found = found.ok_or(ExportError::Empty)?;
    let flat = graph.integers(&[-1]);
    for (number, name) in (0..).zip(names.outputs) {
        let place = graph.integers(&[number]);
        let row = graph.node_with("Gather", &[&found, &place], Some(("axis", 0)));
        graph.named_node("Reshape", &[&row, &flat], None, name);
    }
    let about =
        "A trained solution: one number of each input for each point, one number of each output.";
    Ok(graph.file(names.title, about, names.coordinates, names.outputs))
}
