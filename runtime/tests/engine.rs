//! The engine against independent ways of getting the same numbers: a naive interpreter of the program,
//! central differences, power series; and against itself with another number of threads.

#![allow(clippy::unwrap_used)] // a test may fail

use pdec_compiler::hir::{Overrides, Problem, resolve};
use pdec_compiler::jet::MultiIndex;
use pdec_compiler::jet::plan::Coefficient;
use pdec_compiler::kernel::interpret;
use pdec_compiler::network::{Activation, Architecture, Primitive};
use pdec_compiler::program::{Block, Compiled, Operand, Program, Step, build};
use pdec_compiler::settings::{Conditions, Settings};
use pdec_compiler::source::Source;
use pdec_compiler::syntax::parse;
use pdec_runtime::engine::{Batch, BlockRef, Columns, Engine, PointSet};
use pdec_runtime::sampling::{Domain, Purpose, stream};

const BURGERS: &str = "
    coord x in [-1, 1]
    time t in [0, 1]
    field u(x, t)
    param nu = 0.02
    eq burgers: u_t + u*u_x = nu*u_xx
    initial u = -sin(pi*x)
    on x = -1, x = 1: u = 0
";

const WAVE: &str = "
    coord x in [0, 2]
    time t in [0, 1]
    field u(x, t)
    let c = 1 + x^2/4
    eq wave: u_tt = c*u_xx - sin(u)
    initial u = sin(pi*x/2)
    initial u_t = 0
    on x = 0: u = 0
    on x = 2: u_x = -u
";

const FOURTH_ORDER: &str = "
    coord x in [0, 2*pi]
    time t in [0, 1]
    field u(x, t)
    eq ks: u_t + u*u_x + u_xx + 0.1*u_xxxx = exp(-u^2)*u_xt
    initial u = cos(x)
    periodic x
";

const SYSTEM: &str = "
    coord x in [0, 1]
    coord y in [0, 1]
    field u(x, y)
    field v(x, y)
    eq first: u_xx + u_yy = v*u
    eq second: v_x + u_xy = tanh(v_yy)
    on x = 0, x = 1, y = 0, y = 1: u = 0
    on x = 0: v = 1
    on y = 0, y = 1: v_y = v - 1
";

fn problem(text: &str) -> Problem {
    let source = Source::new("test.pde", text);
    let document = parse(&source).unwrap();
    resolve(&source, &document, &Overrides::new()).unwrap().0
}

fn compiled(
    text: &str,
    width: usize,
    depth: usize,
    activation: Activation,
    conditions: Conditions,
) -> (Problem, Compiled) {
    let problem = problem(text);
    let mut settings = Settings::default_for(&problem);
    settings.network = Architecture::of_layers(modified(text), width, depth, activation);
    settings.conditions = conditions;
    let compiled = build(&problem, &settings);
    (problem, compiled)
}

/// Some of the problems are tried with the gated network, in which values have several readers.
fn modified(text: &str) -> bool {
    text == WAVE || text == SYSTEM
}

/// Parameters of order one without structure.
fn parameters(count: usize) -> Vec<f64> {
    (0..count)
        .map(|k| (((k * 7919 + 31) % 1013) as f64 / 1013.0 - 0.5) * 0.9)
        .collect()
}

/// Points and data for every term.
fn points(problem: &Problem, program: &Program, counts: &[usize]) -> Vec<PointSet> {
    let domain = Domain {
        intervals: problem
            .coordinates
            .iter()
            .map(|(_, c)| (c.low, c.high))
            .collect(),
        time: problem.time().map(|id| id.index()),
    };
    let mut random = stream(3, Purpose::Points);
    program
        .terms
        .iter()
        .zip(counts.iter().cycle())
        .map(|(term, &count)| {
            let mut points = PointSet::new(domain.uniform(term.support, count, &mut random));
            points.data = (0..term.block.data_count())
                .map(|datum| (0..count).map(|k| ((k + 3 * datum) as f64).sin()).collect())
                .collect();
            points
        })
        .collect()
}

fn batches(points: &[PointSet]) -> Vec<Batch<'_>> {
    points
        .iter()
        .enumerate()
        .map(|(term, points)| Batch {
            block: BlockRef::Term(term),
            points,
            scale: (1.0 + term as f64) / (points.len() as f64).sqrt(),
        })
        .collect()
}

/// One point through a block, by the meaning of its steps: interpreter and sums, nothing shared with the
/// engine. Returns the expressions and, for each, its gradient.
fn naive(
    program: &Program,
    block: &Block,
    parameters: &[f64],
    uniforms: &[f64],
    x: &[f64],
    data: &[f64],
) -> (Vec<f64>, Vec<Vec<f64>>) {
    let k = block.coefficients.len();
    let mut memory: Vec<Vec<f64>> = block.buffers.iter().map(|b| vec![0.0; b.rows]).collect();
    memory[block.coordinates].copy_from_slice(x);
    memory[block.data].copy_from_slice(data);
    let kernel = |memory: &mut Vec<Vec<f64>>,
                  number: usize,
                  repeat: usize,
                  inputs: &[Operand],
                  outputs: &[Operand]| {
        for n in 0..repeat {
            let read: Vec<[f64; 1]> = inputs
                .iter()
                .map(|o| [memory[o.buffer][o.first + n * o.stride]])
                .collect();
            let read: Vec<&[f64]> = read.iter().map(<[f64; 1]>::as_slice).collect();
            let mut written = vec![[0.0]; outputs.len()];
            let mut targets: Vec<&mut [f64]> =
                written.iter_mut().map(<[f64; 1]>::as_mut_slice).collect();
            interpret(&program.kernels[number], &read, uniforms, &mut targets);
            for (o, value) in outputs.iter().zip(&written) {
                memory[o.buffer][o.first + n * o.stride] = value[0];
            }
        }
    };
    for step in &block.forward {
        match step {
            Step::Kernel {
                kernel: number,
                repeat,
                inputs,
                outputs,
            } => kernel(&mut memory, *number, *repeat, inputs, outputs),
            Step::Product {
                affine,
                input,
                output,
            } => {
                for o in 0..affine.outputs {
                    for c in 0..k {
                        let mut sum = if c == 0 {
                            parameters[affine.bias + o]
                        } else {
                            0.0
                        };
                        for i in 0..affine.inputs {
                            sum += parameters[affine.weight + o * affine.inputs + i]
                                * memory[*input][i * k + c];
                        }
                        memory[*output][o * k + c] = sum;
                    }
                }
            }
            Step::TransposedProduct { .. } | Step::ParameterGradient { .. } => {
                panic!("backward step in forward")
            }
        }
    }
    let values = memory[block.outputs].clone();
    let mut gradients = Vec::new();
    let expressions = if block.backward.is_empty() {
        0
    } else {
        values.len()
    };
    for output in 0..expressions {
        let mut gradient = vec![0.0; parameters.len()];
        memory[block.cotangents].fill(0.0);
        memory[block.cotangents][output] = 1.0;
        for step in &block.backward {
            match step {
                Step::Kernel {
                    kernel: number,
                    repeat,
                    inputs,
                    outputs,
                } => kernel(&mut memory, *number, *repeat, inputs, outputs),
                Step::TransposedProduct {
                    affine,
                    input,
                    output,
                } => {
                    for i in 0..affine.inputs {
                        for c in 0..k {
                            memory[*output][i * k + c] = (0..affine.outputs)
                                .map(|o| {
                                    parameters[affine.weight + o * affine.inputs + i]
                                        * memory[*input][o * k + c]
                                })
                                .sum();
                        }
                    }
                }
                Step::ParameterGradient {
                    affine,
                    input,
                    cotangent,
                } => {
                    for o in 0..affine.outputs {
                        gradient[affine.bias + o] += memory[*cotangent][o * k];
                        for i in 0..affine.inputs {
                            gradient[affine.weight + o * affine.inputs + i] += (0..k)
                                .map(|c| memory[*cotangent][o * k + c] * memory[*input][i * k + c])
                                .sum::<f64>();
                        }
                    }
                }
                Step::Product { .. } => panic!("forward step in backward"),
            }
        }
        gradients.push(gradient);
    }
    (values, gradients)
}

fn uniforms(problem: &Problem) -> Vec<f64> {
    let mut uniforms = problem.parameter_values();
    uniforms.extend([0.0, 0.7]);
    uniforms
}

fn cases() -> Vec<(&'static str, &'static str, Activation, Conditions)> {
    vec![
        ("burgers", BURGERS, Activation::Tanh, Conditions::Hard),
        ("burgers soft", BURGERS, Activation::Sin, Conditions::Soft),
        ("wave", WAVE, Activation::Tanh, Conditions::Hard),
        ("wave swish", WAVE, Activation::Swish, Conditions::Soft),
        (
            "fourth order",
            FOURTH_ORDER,
            Activation::Tanh,
            Conditions::Hard,
        ),
        (
            "fourth order gelu",
            FOURTH_ORDER,
            Activation::Gelu,
            Conditions::Hard,
        ),
        ("system", SYSTEM, Activation::Softplus, Conditions::Hard),
    ]
}

/// Residuals and Jacobian rows against the naive interpreter of the same steps; odd widths, odd numbers of
/// points.
#[test]
fn engine_agrees_with_the_interpreter() {
    for (name, text, activation, conditions) in cases() {
        let (problem, compiled) = compiled(text, 7, 3, activation, conditions);
        let program = compiled.program;
        let theta = parameters(program.network.parameters);
        let uniforms = uniforms(&problem);
        let sets = points(&problem, &program, &[67, 5, 129]);
        let engine = Engine::new(program.clone(), 2).unwrap();
        let batches = batches(&sets);
        let mut jacobian = Columns::default();
        engine.jacobian(&theta, &uniforms, &batches, &mut jacobian);
        let residuals = engine.residuals(&theta, &uniforms, &batches);
        assert_eq!(jacobian.column(theta.len()), residuals);
        let mut row = 0;
        let mut worst: f64 = 0.0;
        for (term, batch) in program.terms.iter().zip(&batches) {
            let results: Vec<_> = (0..batch.points.len())
                .map(|p| {
                    let x: Vec<f64> = batch.points.coordinates.iter().map(|c| c[p]).collect();
                    let d: Vec<f64> = batch.points.data.iter().map(|c| c[p]).collect();
                    naive(&program, &term.block, &theta, &uniforms, &x, &d)
                })
                .collect();
            for output in 0..term.block.output_count() {
                for (values, gradients) in &results {
                    let scale = 1.0
                        + gradients[output]
                            .iter()
                            .map(|g| g.abs())
                            .fold(0.0, f64::max);
                    worst =
                        worst.max((residuals[row] - batch.scale * values[output]).abs() / scale);
                    for (k, g) in gradients[output].iter().enumerate() {
                        worst =
                            worst.max((jacobian.column(k)[row] - batch.scale * g).abs() / scale);
                    }
                    row += 1;
                }
            }
        }
        assert_eq!(row, residuals.len());
        assert!(worst < 1e-12, "{name}: {worst:e}");
    }
}

/// The gradient of the loss and every row of the Jacobian against extrapolated central differences of the
/// residuals.
#[test]
fn gradients_agree_with_central_differences() {
    for (name, text, activation, conditions) in cases() {
        let (problem, compiled) = compiled(text, 6, 2, activation, conditions);
        let engine = Engine::new(compiled.program, 2).unwrap();
        let theta = parameters(engine.program().network.parameters);
        let uniforms = uniforms(&problem);
        let sets = points(&problem, engine.program(), &[35, 9, 13]);
        let batches = batches(&sets);
        let mut jacobian = Columns::default();
        engine.jacobian(&theta, &uniforms, &batches, &mut jacobian);
        let (loss, gradient) = engine.loss_and_gradient(&theta, &uniforms, &batches);
        let residuals = engine.residuals(&theta, &uniforms, &batches);
        let sum: f64 = residuals.iter().map(|r| r * r).sum();
        assert!((loss - sum).abs() <= 1e-13 * sum);
        let size = jacobian.values.iter().map(|v| v.abs()).fold(0.0, f64::max);
        let slope = gradient.iter().map(|v| v.abs()).fold(0.0, f64::max);
        for k in 0..theta.len() {
            // Richardson extrapolation over three step sizes: error O(h⁶).
            let difference = |h: f64| -> Vec<f64> {
                let moved = |by: f64| {
                    let mut theta = theta.clone();
                    theta[k] += by;
                    engine.residuals(&theta, &uniforms, &batches)
                };
                moved(h)
                    .iter()
                    .zip(moved(-h))
                    .map(|(a, b)| (a - b) / (2.0 * h))
                    .collect()
            };
            let (a, b, c) = (difference(8e-3), difference(4e-3), difference(2e-3));
            let expected: Vec<f64> = (0..a.len())
                .map(|i| {
                    let ab = (4.0 * b[i] - a[i]) / 3.0;
                    let bc = (4.0 * c[i] - b[i]) / 3.0;
                    (16.0 * bc - ab) / 15.0
                })
                .collect();
            for (row, expected) in expected.iter().enumerate() {
                let got = jacobian.column(k)[row];
                assert!(
                    (got - expected).abs() <= 1e-8 * size,
                    "{name}: row {row}, parameter {k}: {got} {expected}"
                );
            }
            let chained: f64 = expected
                .iter()
                .zip(&residuals)
                .map(|(d, r)| 2.0 * d * r)
                .sum();
            assert!(
                (gradient[k] - chained).abs() <= 1e-8 * slope,
                "{name}: {k}: {} {chained}",
                gradient[k]
            );
        }
    }
}

/// The jets that the network carries, against Taylor coefficients of an independent evaluation of the
/// network in truncated power series, to order 4 in x.
#[test]
fn network_jets_agree_with_power_series() {
    let (problem, compiled) = compiled(FOURTH_ORDER, 9, 3, Activation::Tanh, Conditions::Hard);
    let program = compiled.program;
    let theta = parameters(program.network.parameters);
    let uniforms = uniforms(&problem);
    let block = &program.terms[0].block;
    let orders: Vec<usize> = (0..5)
        .map(|order| {
            let index = Coefficient::Partial(MultiIndex::new(vec![0; order]));
            block.coefficients.iter().position(|c| *c == index).unwrap()
        })
        .collect();
    for (x, t) in [(0.3, 0.1), (2.0, 0.6), (5.9, 0.35)] {
        // forward steps up to the network's output, by the naive interpreter
        let mut head = block.clone();
        head.forward.pop();
        head.backward.clear();
        let output = match head.forward.last() {
            Some(Step::Product { output, .. }) => *output,
            other => panic!("{other:?}"),
        };
        head.outputs = output;
        let (jets, _) = naive(&program, &head, &theta, &uniforms, &[x, t], &[]);
        // inputs cos x, sin x, scaled t as series in x
        let (cos, sin) = (x.cos(), x.sin());
        let mut layer = vec![
            [cos, -sin, -cos / 2.0, sin / 6.0, cos / 24.0],
            [sin, cos, -sin / 2.0, -cos / 6.0, sin / 24.0],
            [2.0 * t / 0.7 - 1.0, 0.0, 0.0, 0.0, 0.0],
        ];
        for primitive in &program.network.primitives {
            layer = match primitive {
                Primitive::Affine { affine, .. } => (0..affine.outputs)
                    .map(|o| {
                        let mut z = [0.0; 5];
                        z[0] = theta[affine.bias + o];
                        for (i, a) in layer.iter().enumerate() {
                            for (z, a) in z.iter_mut().zip(a) {
                                *z += theta[affine.weight + o * affine.inputs + i] * a;
                            }
                        }
                        z
                    })
                    .collect(),
                Primitive::Pointwise { .. } => layer.iter().map(tanh_series).collect(),
                Primitive::Mean { .. } | Primitive::Concatenation { .. } => {
                    panic!("dense layers alone")
                }
            };
        }
        let mut factorial = 1.0;
        for (order, &position) in orders.iter().enumerate() {
            factorial *= order.max(1) as f64;
            let expected = factorial * layer[0][order];
            let got = jets[position];
            assert!(
                (got - expected).abs() <= 1e-11 * (1.0 + expected.abs()),
                "order {order}: {got} {expected}"
            );
        }
    }
}

/// y = tanh z by its differential equation y' = (1 − y²)·z'.
fn tanh_series(z: &[f64; 5]) -> [f64; 5] {
    let mut y = [z[0].tanh(), 0.0, 0.0, 0.0, 0.0];
    for n in 1..5 {
        let mut sum = 0.0;
        for k in 1..=n {
            let square: f64 = (0..=n - k).map(|i| y[i] * y[n - k - i]).sum();
            let slope = if n == k { 1.0 - square } else { -square };
            sum += slope * k as f64 * z[k];
        }
        y[n] = sum / n as f64;
    }
    y
}

/// Products with the Jacobian and its transpose against the Jacobian itself, with odd tails of tiles, and
/// ⟨v, Jw⟩ = ⟨Jᵀv, w⟩.
#[test]
fn products_agree_with_the_jacobian() {
    for (name, text, activation, conditions) in cases() {
        let (problem, compiled) = compiled(text, 7, 3, activation, conditions);
        let engine = Engine::new(compiled.program, 2).unwrap();
        let theta = parameters(engine.program().network.parameters);
        let uniforms = uniforms(&problem);
        for counts in [[67, 5, 129], [64, 1, 3]] {
            let sets = points(&problem, engine.program(), &counts);
            let batches = batches(&sets);
            let mut jacobian = Columns::default();
            engine.jacobian(&theta, &uniforms, &batches, &mut jacobian);
            let w: Vec<f64> = (0..theta.len()).map(|k| (k as f64).cos()).collect();
            let v: Vec<f64> = (0..jacobian.rows).map(|k| (k as f64).sin()).collect();
            let forward = engine.jvp(&theta, &uniforms, &batches, &w).unwrap();
            let backward = engine.vjp(&theta, &uniforms, &batches, &v);
            let mut expected = vec![0.0; jacobian.rows];
            let size = jacobian.values.iter().map(|x| x.abs()).fold(0.0, f64::max);
            for (k, w) in w.iter().enumerate() {
                for (sum, value) in expected.iter_mut().zip(jacobian.column(k)) {
                    *sum += w * value;
                }
                let sum: f64 = jacobian.column(k).iter().zip(&v).map(|(j, v)| j * v).sum();
                assert!((backward[k] - sum).abs() < 1e-12 * size, "{name}: vjp {k}");
            }
            for (row, (got, expected)) in forward.iter().zip(&expected).enumerate() {
                assert!((got - expected).abs() < 1e-12 * size, "{name}: jvp {row}");
            }
            let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
            let (left, right) = (dot(&v, &forward), dot(&backward, &w));
            assert!(
                (left - right).abs() < 1e-12 * size * left.abs().max(1.0),
                "{name}"
            );
        }
    }
}

/// Collapsed or not, losses and gradients are the same.
#[test]
fn collapsing_changes_no_value() {
    for (name, text, activation, conditions) in cases() {
        let problem = problem(text);
        let mut settings = Settings::default_for(&problem);
        settings.network = Architecture::of_layers(modified(text), 11, 3, activation);
        settings.conditions = conditions;
        let mut results = Vec::new();
        let mut counts = Vec::new();
        for collapse in [false, true] {
            settings.collapse = collapse;
            let program = build(&problem, &settings).program;
            counts.push(program.terms[0].block.coefficients.len());
            let engine = Engine::new(program, 2).unwrap();
            let theta = parameters(engine.program().network.parameters);
            let sets = points(&problem, engine.program(), &[101, 20]);
            results.push(engine.loss_and_gradient(&theta, &uniforms(&problem), &batches(&sets)));
        }
        let ((loss, gradient), (collapsed_loss, collapsed_gradient)) = (&results[0], &results[1]);
        assert!((loss - collapsed_loss).abs() <= 1e-12 * loss, "{name}");
        let size = gradient.iter().map(|g| g.abs()).fold(0.0, f64::max);
        for (a, b) in gradient.iter().zip(collapsed_gradient) {
            assert!((a - b).abs() <= 1e-12 * size, "{name}: {a} {b}");
        }
        // what collapses: Burgers' operator, the wave operator with its varying speed
        let saved = counts[0] - counts[1];
        let expected = usize::from(name.starts_with("burgers") || name.starts_with("wave"));
        assert_eq!(saved, expected, "{name}");
    }
}

/// Bits do not depend on the number of threads.
#[test]
fn threads_do_not_change_bits() {
    let (problem, compiled) = compiled(BURGERS, 24, 2, Activation::Tanh, Conditions::Hard);
    let uniforms = uniforms(&problem);
    let sets = points(&problem, &compiled.program, &[2003, 301]);
    let theta = parameters(compiled.program.network.parameters);
    let results: Vec<_> = [1, 2, 3, 5]
        .into_iter()
        .map(|threads| {
            let engine = Engine::new(compiled.program.clone(), threads).unwrap();
            let mut jacobian = Columns::default();
            engine.jacobian(&theta, &uniforms, &batches(&sets), &mut jacobian);
            let (loss, gradient) = engine.loss_and_gradient(&theta, &uniforms, &batches(&sets));
            let w = &jacobian.values[..theta.len()];
            let forward = engine.jvp(&theta, &uniforms, &batches(&sets), w).unwrap();
            let v = &jacobian.values[..jacobian.rows];
            let backward = engine.vjp(&theta, &uniforms, &batches(&sets), v);
            (jacobian.values, loss, gradient, forward, backward)
        })
        .collect();
    for other in &results[1..] {
        assert!(*other == results[0]);
    }
}
