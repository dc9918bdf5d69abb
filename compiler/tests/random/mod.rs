//! Random expressions over the whole function table, and kernels run by the interpreter.

// Clippy knows `#[test]` functions, not their helpers; no test uses all of them.
#![allow(clippy::unwrap_used, dead_code)]

use pdec_compiler::backend::cranelift::LANE_MULTIPLE;
use pdec_compiler::front;
use pdec_compiler::function::{Algebra, FUNCTIONS, Function};
use pdec_compiler::jet::{Graph, MultiIndex, Names, Node, NodeId, Unknown};
use pdec_compiler::kernel::{self, Instruction, Kernel, Leaf, Value, evaluate_function, interpret};
use pdec_compiler::program;
use pdec_compiler::source::Source;
use proptest::prelude::*;

pub fn interpreted(kernel: &Kernel, inputs: &[Vec<f64>], uniforms: &[f64]) -> Vec<Vec<f64>> {
    let lanes = inputs.first().map_or(LANE_MULTIPLE, Vec::len);
    let mut outputs = vec![vec![f64::NAN; lanes]; kernel.outputs.len()];
    let read: Vec<&[f64]> = inputs.iter().map(Vec::as_slice).collect();
    let mut write: Vec<&mut [f64]> = outputs.iter_mut().map(Vec::as_mut_slice).collect();
    interpret(kernel, &read, uniforms, &mut write);
    outputs
}

/// One step of building a random expression from those built before.
#[derive(Clone, Debug)]
pub enum Build {
    Add(usize, usize),
    Subtract(usize, usize),
    Multiply(usize, usize),
    Divide(usize, usize),
    Scale(usize, f64),
    Power(usize, i32),
    RealPower(usize, f64),
    /// A power whose exponent varies.
    Exponent(usize, usize),
    Call(usize, usize),
    Select(usize, usize, usize, usize),
}

pub fn build_step() -> impl Strategy<Value = Build> {
    let n = || any::<prop::sample::Index>().prop_map(|i| i.index(1 << 20));
    prop_oneof![
        (n(), n()).prop_map(|(a, b)| Build::Add(a, b)),
        (n(), n()).prop_map(|(a, b)| Build::Subtract(a, b)),
        (n(), n()).prop_map(|(a, b)| Build::Multiply(a, b)),
        (n(), n()).prop_map(|(a, b)| Build::Divide(a, b)),
        (n(), -3.0..3.0).prop_map(|(a, c)| Build::Scale(a, c)),
        (n(), -3..4).prop_map(|(a, k)| Build::Power(a, k)),
        (n(), -1.5..2.5).prop_map(|(a, p)| Build::RealPower(a, p)),
        (n(), n()).prop_map(|(a, b)| Build::Exponent(a, b)),
        (n(), n()).prop_map(|(a, f)| Build::Call(a, f)),
        (n(), n()).prop_map(|(a, f)| Build::Call(a, f)),
        (n(), n(), n(), n()).prop_map(|(a, b, c, d)| Build::Select(a, b, c, d)),
    ]
}

/// The leaves of random expressions: x, t, a uniform, u, u_x, u_t, u_xx.
pub fn leaves() -> (Vec<Leaf>, Names) {
    let jet = |by: &[usize]| Leaf::Jet(0, MultiIndex::new(by.iter().copied()));
    let names = Names {
        coordinates: vec!["x".into(), "t".into()],
        uniforms: vec!["k".into()],
        data: vec![],
    };
    let leaves = vec![
        Leaf::Coordinate(0),
        Leaf::Coordinate(1),
        jet(&[]),
        jet(&[0]),
        jet(&[1]),
        jet(&[0, 0]),
    ];
    (leaves, names)
}

pub fn new_graph() -> Graph {
    Graph::new(vec![Unknown {
        name: "u".into(),
        arguments: vec![0, 1],
    }])
}

/// Builds an expression in the graph; every call of a function with a bounded domain is guarded, so that
/// values stay finite at almost every point.
pub fn expression(graph: &mut Graph, steps: &[Build]) -> NodeId {
    let mut built = vec![graph.coordinate(0), graph.coordinate(1), graph.uniform(0)];
    for index in [
        MultiIndex::zero(),
        MultiIndex::new([0]),
        MultiIndex::new([1]),
        MultiIndex::new([0, 0]),
    ] {
        built.push(graph.jet(0, index));
    }
    let positive = |graph: &mut Graph, a: NodeId| {
        let square = graph.product(&[(a, 2)]);
        graph.sum(&[(square, 1.0)], 0.5)
    };
    for step in steps {
        let at = |i: usize| built[i % built.len()];
        let node = match *step {
            Build::Add(a, b) => graph.add(at(a), at(b)),
            Build::Subtract(a, b) => graph.subtract(at(a), at(b)),
            Build::Multiply(a, b) => graph.multiply(at(a), at(b)),
            Build::Divide(a, b) => {
                let below = positive(graph, at(b));
                graph.divide(at(a), below)
            }
            Build::Scale(a, c) => graph.scale(c, at(a)),
            Build::Power(a, k) if k >= 0 => graph.product(&[(at(a), k)]),
            Build::Power(a, k) => {
                let base = positive(graph, at(a));
                graph.product(&[(base, k)])
            }
            Build::RealPower(a, p) => {
                let base = positive(graph, at(a));
                let exponent = graph.number(p);
                graph.power(base, exponent)
            }
            Build::Exponent(a, b) => {
                let base = positive(graph, at(a));
                let exponent = graph.function(Function::Tanh, at(b));
                graph.power(base, exponent)
            }
            Build::Call(a, f) => {
                let function = FUNCTIONS[f % FUNCTIONS.len()].1;
                let argument = match function {
                    Function::Log | Function::Sqrt => positive(graph, at(a)),
                    // keeps exponentials of exponentials in range
                    Function::Exp | Function::Sinh | Function::Cosh | Function::Tan => {
                        graph.function(Function::Tanh, at(a))
                    }
                    Function::Sin
                    | Function::Cos
                    | Function::Tanh
                    | Function::Sech
                    | Function::Atan
                    | Function::Erf
                    | Function::Abs
                    | Function::Sign
                    | Function::Heaviside => at(a),
                };
                graph.function(function, argument)
            }
            Build::Select(a, b, c, d) => graph.select(at(a), at(b), at(c), at(d)),
        };
        built.push(node);
    }
    built[built.len() - 1]
}

/// Evaluates a graph directly, without kernels.
pub fn evaluate(graph: &Graph, root: NodeId, leaf: &dyn Fn(&Node) -> f64) -> f64 {
    let mut values: std::collections::HashMap<NodeId, f64> = std::collections::HashMap::new();
    for id in graph.reachable(&[root]) {
        let at = |n: &NodeId| values[n];
        let value = match graph.node(id) {
            Node::Number(bits) => bits.value(),
            node @ (Node::Coordinate(_) | Node::Uniform(_) | Node::Datum(_) | Node::Jet { .. }) => {
                leaf(node)
            }
            Node::Sum { constant, terms } => {
                constant.value() + terms.iter().map(|(t, c)| c.value() * at(t)).sum::<f64>()
            }
            Node::Product(factors) => factors.iter().map(|(f, e)| at(f).powi(*e)).product(),
            Node::Power { base, exponent } => at(base).powf(at(exponent)),
            Node::Call(function, argument) => evaluate_function(*function, at(argument)),
            Node::Select {
                left,
                right,
                less,
                otherwise,
            } => {
                if at(left) < at(right) {
                    at(less)
                } else {
                    at(otherwise)
                }
            }
        };
        values.insert(id, value);
    }
    values[&root]
}

/// A random expression as a kernel.
pub fn random_kernel(steps: &[Build]) -> Kernel {
    let (inputs, names) = leaves();
    let mut graph = new_graph();
    let root = expression(&mut graph, steps);
    kernel::lower(&graph, &names, "random", &inputs, &[("r".into(), root)])
}

/// Any kernel that the verifier accepts, up to `longest` instructions: dead code, values that are stored several
/// times or long after they are ready, stores of inputs and numbers, operations on infinities and on no numbers.
pub fn verified_kernel(longest: usize) -> impl Strategy<Value = Kernel> {
    let operands = prop::array::uniform4(any::<prop::sample::Index>());
    let number = prop_oneof![
        4 => -3.0..3.0_f64,
        1 => prop::sample::select(vec![0.0, -0.0, 1.0, 1e300, 5e-324, f64::INFINITY, f64::NAN]),
    ];
    let instruction = (0..15_usize, operands, number, 0..FUNCTIONS.len());
    prop::collection::vec(instruction, 1..longest).prop_map(|list| {
        let mut instructions = vec![Instruction::Load(0)];
        let mut values = vec![Value(0)];
        let mut outputs = 0;
        for (kind, operands, number, function) in list {
            let [a, b, c, d] = operands.map(|index| values[index.index(values.len())]);
            let instruction = match kind {
                0 => Instruction::Number(number),
                1 => Instruction::Load(operands[0].index(3) as u32),
                2 => Instruction::Uniform(operands[0].index(2) as u32),
                3 => Instruction::Negate(a),
                4 => Instruction::Add(a, b),
                5 => Instruction::Subtract(a, b),
                6 => Instruction::Multiply(a, b),
                7 => Instruction::Divide(a, b),
                8 => Instruction::MultiplyAdd(a, b, c),
                9 => Instruction::Power(a, b),
                10 | 11 => Instruction::Call(FUNCTIONS[function].1, a),
                12 => Instruction::Select {
                    left: a,
                    right: b,
                    less: c,
                    otherwise: d,
                },
                _ => {
                    outputs += 1;
                    Instruction::Store {
                        output: outputs - 1,
                        value: a,
                    }
                }
            };
            if instruction.defines_value() {
                values.push(Value(instructions.len() as u32));
            }
            instructions.push(instruction);
        }
        let names = |prefix: &str, count: u32| (0..count).map(|k| format!("{prefix}{k}")).collect();
        Kernel {
            name: "any".into(),
            inputs: names("a", 3),
            outputs: names("r", outputs),
            uniforms: names("k", 2),
            instructions,
        }
    })
}

/// Steps without jumps and kinks.
pub fn smooth(steps: Vec<Build>) -> Vec<Build> {
    steps
        .into_iter()
        .filter(|step| match step {
            Build::Select(..) => false,
            Build::Call(_, f) => !matches!(
                FUNCTIONS[f % FUNCTIONS.len()].1,
                Function::Abs | Function::Sign | Function::Heaviside
            ),
            Build::Add(..)
            | Build::Subtract(..)
            | Build::Multiply(..)
            | Build::Divide(..)
            | Build::Scale(..)
            | Build::Power(..)
            | Build::RealPower(..)
            | Build::Exponent(..) => true,
        })
        .collect()
}

/// The kernels of every example, with the example's name.
pub fn example_kernels() -> Vec<(String, Vec<Kernel>)> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "pde"))
        .collect();
    paths.sort();
    paths
        .iter()
        .map(|path| {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            let source = Source::new(name.clone(), std::fs::read_to_string(path).unwrap());
            let front = front::read(&source, &[]).unwrap();
            let compiled = program::build(&front.problem, &front.settings);
            (name, compiled.program.kernels)
        })
        .collect()
}
