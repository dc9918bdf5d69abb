//! Functions of the language by operators that ONNX runtimes have in double precision.

use super::ExportError;
use super::graph::{Graph, Name};
use pdec_compiler::function::Function;

/// The value of a function.
pub fn call(graph: &mut Graph, function: Function, x: &str) -> Result<Name, ExportError> {
    Ok(match function {
        Function::Sin => graph.node("Sin", &[x]),
        Function::Cos => graph.node("Cos", &[x]),
        Function::Tan => {
            let (above, below) = (graph.node("Sin", &[x]), graph.node("Cos", &[x]));
            graph.node("Div", &[&above, &below])
        }
        Function::Exp => graph.node("Exp", &[x]),
        Function::Log => graph.node("Log", &[x]),
        Function::Sqrt => graph.node("Sqrt", &[x]),
        Function::Tanh => graph.node("Tanh", &[x]),
        Function::Sinh => sinh(graph, x),
        Function::Cosh => cosh(graph, x),
        Function::Sech => {
            let below = cosh(graph, x);
            let one = graph.number(1.0);
            graph.node("Div", &[&one, &below])
        }
        Function::Abs => graph.node("Abs", &[x]),
        Function::Sign => graph.node("Sign", &[x]),
        Function::Heaviside => {
            let sign = graph.node("Sign", &[x]);
            let half = graph.number(0.5);
            let halved = graph.node("Mul", &[&sign, &half]);
            graph.node("Add", &[&halved, &half])
        }
        Function::Atan | Function::Erf => return Err(ExportError::Function(function)),
    })
}

fn exponentials(graph: &mut Graph, x: &str) -> (Name, Name) {
    let negative = graph.node("Neg", &[x]);
    (graph.node("Exp", &[x]), graph.node("Exp", &[&negative]))
}

fn cosh(graph: &mut Graph, x: &str) -> Name {
    let (up, down) = exponentials(graph, x);
    let sum = graph.node("Add", &[&up, &down]);
    let half = graph.number(0.5);
    graph.node("Mul", &[&sum, &half])
}

/// `2t/(1 − t²)` with `t = tanh(x/2)` near zero, where the difference of exponentials cancels.
fn sinh(graph: &mut Graph, x: &str) -> Name {
    let (up, down) = exponentials(graph, x);
    let difference = graph.node("Sub", &[&up, &down]);
    let (half, one, two) = (graph.number(0.5), graph.number(1.0), graph.number(2.0));
    let far = graph.node("Mul", &[&difference, &half]);
    let halved = graph.node("Mul", &[x, &half]);
    let t = graph.node("Tanh", &[&halved]);
    let square = graph.node("Mul", &[&t, &t]);
    let below = graph.node("Sub", &[&one, &square]);
    let doubled = graph.node("Mul", &[&t, &two]);
    let near = graph.node("Div", &[&doubled, &below]);
    let size = graph.node("Abs", &[x]);
    let is_near = graph.node("Less", &[&size, &one]);
    graph.node("Where", &[&is_near, &near, &far])
}
