//! Symbolic derivatives against an independent computer algebra system: 240 random expressions, each
//! differentiated here and by SymPy, compared at a point. Runs where Python has SymPy, otherwise says so.
#![allow(clippy::unwrap_used)] // a test may fail

use pdec_compiler::function::{Algebra, Function};
use pdec_compiler::jet::{Graph, MultiIndex, Node, NodeId, Unknown};
use pdec_compiler::kernel::evaluate_function;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};

/// Reads lines `expression;derivatives;values` and prints the number for each.
const SCRIPT: &str = r"
import sys
from sympy import *
x, t = symbols('x t')
u = Function('u')(x, t)
names = {'x': x, 't': t, 'u': u, 'u_x': u.diff(x), 'u_t': u.diff(t)}
for line in sys.stdin:
    expression, by, values = line.strip().split(';')
    e = sympify(expression, locals=names)
    for c in by:
        e = e.diff(names[c])
    table = {}
    for item in values.split(','):
        name, value = item.split('=')
        table[name] = Rational(value)
    jets = sorted(e.atoms(Derivative), key=lambda d: -sum(n for _, n in d.variable_count))
    stand_ins = {}
    for d in jets:
        key = 'u_' + ''.join(sorted(str(v) * n for v, n in d.variable_count))
        key = 'u_' + ''.join(sorted(key[2:]))
        stand_ins[d] = Symbol(key)
    e = e.xreplace(stand_ins).xreplace({u: Symbol('u')})
    print(N(e.xreplace({Symbol(k): v for k, v in table.items()}), 17), flush=True)
";

/// A small deterministic generator of numbers.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % sides
    }
}

/// Builds the same random expression here and as text for SymPy.
fn expression(graph: &mut Graph, dice: &mut Dice) -> (NodeId, String) {
    let mut built: Vec<(NodeId, String)> = vec![
        (graph.coordinate(0), "x".into()),
        (graph.coordinate(1), "t".into()),
        (graph.jet(0, MultiIndex::zero()), "u".into()),
        (graph.jet(0, MultiIndex::new([0])), "u_x".into()),
        (graph.jet(0, MultiIndex::new([1])), "u_t".into()),
    ];
    for _ in 0..3 + dice.roll(5) {
        let (a, ta) = built[dice.roll(built.len())].clone();
        let (b, tb) = built[dice.roll(built.len())].clone();
        let square = graph.product(&[(a, 2)]);
        let positive = graph.sum(&[(square, 1.0)], 1.0);
        let tp = format!("(({ta})**2 + 1)");
        let bounded = graph.function(Function::Tanh, a);
        let tt = format!("tanh({ta})");
        let call = |g: &mut Graph, f: Function, a: NodeId, text: &str, name: &str| {
            (g.function(f, a), format!("{name}({text})"))
        };
        built.push(match dice.roll(21) {
            0 => (graph.add(a, b), format!("({ta} + {tb})")),
            1 => (graph.subtract(a, b), format!("({ta} - {tb})")),
            2 | 3 => (graph.multiply(a, b), format!("({ta})*({tb})")),
            4 => (graph.divide(b, positive), format!("({tb})/{tp}")),
            5 => (graph.product(&[(a, 3)]), format!("({ta})**3")),
            6 => (graph.scale(-1.75, a), format!("(-7*({ta})/4)")),
            7 => call(graph, Function::Sin, a, &ta, "sin"),
            8 => call(graph, Function::Cos, a, &ta, "cos"),
            9 => call(graph, Function::Exp, bounded, &tt, "exp"),
            10 => call(graph, Function::Tanh, a, &ta, "tanh"),
            11 => call(graph, Function::Sqrt, positive, &tp, "sqrt"),
            12 => call(graph, Function::Log, positive, &tp, "log"),
            13 => call(graph, Function::Atan, a, &ta, "atan"),
            14 => call(graph, Function::Erf, a, &ta, "erf"),
            15 => call(graph, Function::Tan, bounded, &tt, "tan"),
            16 => call(graph, Function::Sinh, bounded, &tt, "sinh"),
            17 => call(graph, Function::Cosh, bounded, &tt, "cosh"),
            18 => call(graph, Function::Sech, a, &ta, "sech"),
            19 => (graph.power(positive, bounded), format!("{tp}**({tt})")),
            _ => {
                let exponent = graph.number(1.5);
                (
                    graph.power(positive, exponent),
                    format!("{tp}**Rational(3, 2)"),
                )
            }
        });
    }
    built.pop().unwrap()
}

/// The value of a jet with so many derivatives in x and t.
fn value(in_x: usize, in_t: usize) -> f64 {
    ((in_x * 5 + in_t * 3 + 4) % 11) as f64 / 8.0 - 0.5
}

fn evaluate(graph: &Graph, root: NodeId) -> f64 {
    let mut values: HashMap<NodeId, f64> = HashMap::new();
    for id in graph.reachable(&[root]) {
        let at = |n: &NodeId| values[n];
        let result = match graph.node(id) {
            Node::Number(bits) => bits.value(),
            Node::Coordinate(c) => [0.375, 0.625][usize::from(*c)],
            Node::Jet { index, .. } => value(index.order_in(0), index.order_in(1)),
            Node::Uniform(_) | Node::Datum(_) => f64::NAN,
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
        values.insert(id, result);
    }
    values[&root]
}

#[test]
fn derivatives_agree_with_sympy() {
    let available = Command::new("python3")
        .args(["-c", "import sympy"])
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if !available {
        println!("skipped: Python with SymPy is not available");
        return;
    }
    let mut dice = Dice(20_260_101);
    let mut values = String::from("x=3/8,t=5/8");
    for in_x in 0..6 {
        for in_t in 0..6 {
            let name = format!("u_{}{}", "t".repeat(in_t), "x".repeat(in_x));
            let name = if in_x + in_t == 0 {
                "u".to_string()
            } else {
                name
            };
            let eighths = (value(in_x, in_t) * 8.0).round();
            let _ = write!(values, ",{name}={eighths}/8");
        }
    }
    let values = values.replace(".0/", "/");
    let mut input = String::new();
    let mut expected = Vec::new();
    for number in 0..240 {
        let mut graph = Graph::new(vec![Unknown {
            name: "u".into(),
            arguments: vec![0, 1],
        }]);
        let (root, text) = expression(&mut graph, &mut dice);
        let by = ["x", "t", "xx", "xt", "tt", "xxt"][number % 6];
        let index = MultiIndex::new(by.chars().map(|c| usize::from(c == 't')));
        let derivative = graph.differentiate_by(root, &index);
        expected.push((evaluate(&graph, derivative), format!("d/d{by} of {text}")));
        let _ = writeln!(input, "{text};{by};{values}");
    }
    let mut python = Command::new("python3")
        .args(["-c", SCRIPT])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = python.stdin.take().unwrap();
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()).unwrap());
    let output = python.wait_with_output().unwrap();
    writer.join().unwrap();
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(text.lines().count(), expected.len());
    let mut zeros = 0;
    for (line, (got, what)) in text.lines().zip(&expected) {
        let theirs: f64 = line.trim().parse().unwrap();
        zeros += usize::from(theirs == 0.0);
        assert!(
            (got - theirs).abs() <= 1e-10 * (1.0 + theirs.abs()),
            "{what}: {got} against {theirs}"
        );
    }
    // most derivatives say something
    assert!(zeros < expected.len() / 3, "{zeros} zeros");
}
