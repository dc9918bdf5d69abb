//! The architectures, each as a user sets it: derivatives, gradients and Jacobians against central differences and
//! against each other; `propinn` against an independent evaluation of its definition.

#![allow(clippy::unwrap_used)] // a test may fail

use pdec_compiler::front::{Front, read_with};
use pdec_compiler::program::{Program, build};
use pdec_compiler::source::Source;
use pdec_runtime::engine::{Batch, BlockRef, Columns, Engine, PointSet};
use pdec_runtime::solution::{Points, Solution, Window};
use pdec_runtime::train::{Observer, Options, Report};

/// A periodic and a time-dependent problem, with what to set.
const NETWORKS: [(&str, &str); 14] = [
    (
        "propinn",
        "network = propinn(width = 9, depth = 2, hidden = 4, channels = 5, regions = [(0.05, 2), (0.1, 3)])",
    ),
    (
        "one region",
        "network = propinn(width = 6, depth = 1, hidden = 3, channels = 4, regions = [(0.1, 3)], activation = tanh)",
    ),
    ("piratenet", "network = piratenet(width = 8, depth = 2)"),
    (
        "piratenet, trained features",
        "network = piratenet(width = 6, depth = 1) features = fourier(scale = 2, trained = on)",
    ),
    (
        "gaussians",
        "network = gaussians(count = 9, sigma = 0.7, width = 7)",
    ),
    (
        "sum of gaussians",
        "network = gaussians(count = 30, sigma = 0.7, depth = 0)",
    ),
    ("rational", "network = rational(width = 7, depth = 3)"),
    ("chaos", "network = chaos(width = 4, depth = 2, degree = 2)"),
    (
        "chaos of features",
        "network = chaos(width = 3, depth = 1, degree = 3) features = fourier(count = 2, trained = on) rwf = on",
    ),
    (
        "waveact",
        "network = mlp(width = 7, depth = 3, activation = waveact)",
    ),
    ("factors", "network = mlp(width = 7, depth = 2) rwf = on"),
    (
        "gated factors",
        "network = modified_mlp(width = 5, depth = 2, activation = waveact) rwf = on",
    ),
    (
        "fourier",
        "network = mlp(width = 7, depth = 2) features = fourier(count = 4, scale = 2, trained = on)",
    ),
    (
        "harmonics",
        "network = modified_mlp(width = 7, depth = 2) features = [fourier(count = 3), periodic(harmonics = 3)]",
    ),
];

fn front(train: &str, expressions: &[&str]) -> Front {
    let text = format!(
        "coord x in [0, 4]
        time t in [0, 0.5]
        field u(x, t)
        eq kdv: u_t + u*u_x + 0.3*u_xxx + 0.1*u_xt = sin(u)
        initial u = cos(pi*x/2)
        periodic x
        train {{ conditions = soft {train} }}"
    );
    let expressions: Vec<Source> = expressions
        .iter()
        .map(|text| Source::new("expression", *text))
        .collect();
    match read_with(&Source::new("test.pde", text), &[], &expressions) {
        Ok(front) => front,
        Err(findings) => panic!("{train}: {findings:?}"),
    }
}

const WINDOW: [f64; 2] = [0.0, 0.5];

fn parameters(program: &Program) -> Vec<f64> {
    (0..program.network.parameters)
        .map(|k| (((k * 7919 + 31) % 1013) as f64 / 1013.0 - 0.5) * 1.6)
        .collect()
}

fn points(count: usize) -> PointSet {
    let along = |k: usize, step: f64, high: f64| high * ((k as f64 + 0.5) * step).fract();
    PointSet::new(vec![
        (0..count).map(|k| along(k, 0.618, 4.0)).collect(),
        (0..count).map(|k| along(k, 0.414, 0.5)).collect(),
    ])
}

/// The gradient of the loss, rows of the Jacobian, products with it and with its transpose say the same; every component
/// of the gradient is what central differences say; single threads and several give the same bits.
#[test]
fn gradients_agree_with_central_differences() {
    for (name, train) in NETWORKS {
        let front = front(train, &[]);
        let program = build(&front.problem, &front.settings).program;
        let engine = Engine::new(program.clone(), 2).unwrap();
        let theta = parameters(&program);
        let set = points(53);
        let batches = [Batch {
            block: BlockRef::Term(0),
            points: &set,
            scale: 0.7,
        }];
        let loss = |theta: &[f64]| engine.loss_and_gradient(theta, &WINDOW, &batches);
        let (_, gradient) = loss(&theta);
        let size = gradient.iter().fold(1e-3, |m: f64, g| m.max(g.abs()));
        for k in 0..theta.len() {
            let difference = |h: f64| {
                let moved = |by: f64| {
                    let mut theta = theta.clone();
                    theta[k] += by;
                    loss(&theta).0
                };
                (moved(h) - moved(-h)) / (2.0 * h)
            };
            let expected = (4.0 * difference(1e-4) - difference(2e-4)) / 3.0;
            let trained = !program.network.affines().any(|affine| {
                !affine.trained && (affine.weight..affine.bias + affine.outputs).contains(&k)
            });
            let expected = if trained { expected } else { 0.0 };
            assert!(
                (gradient[k] - expected).abs() <= 1e-7 * size,
                "{name}: parameter {k}: {} against {expected}",
                gradient[k]
            );
        }

        let mut jacobian = Columns::default();
        engine.jacobian(&theta, &WINDOW, &batches, &mut jacobian);
        let residuals = jacobian.column(theta.len());
        let w: Vec<f64> = (0..theta.len())
            .map(|k| {
                if gradient[k] == 0.0 {
                    0.0
                } else {
                    (k as f64).cos()
                }
            })
            .collect();
        let mut along = vec![0.0; jacobian.rows];
        for k in 0..theta.len() {
            let column = jacobian.column(k);
            let product: f64 = column.iter().zip(residuals).map(|(j, r)| 2.0 * j * r).sum();
            assert!((product - gradient[k]).abs() <= 1e-11 * size, "{name}: {k}");
            for (sum, j) in along.iter_mut().zip(column) {
                *sum += j * w[k];
            }
        }
        let forward = engine.jvp(&theta, &WINDOW, &batches, &w).unwrap();
        let scale = along.iter().fold(1.0, |m: f64, g| m.max(g.abs()));
        for (a, b) in forward.iter().zip(&along) {
            assert!((a - b).abs() <= 1e-11 * scale, "{name}: {a} against {b}");
        }
        let one = Engine::new(program, 1).unwrap();
        assert_eq!(
            one.loss_and_gradient(&theta, &WINDOW, &batches),
            loss(&theta),
            "{name}"
        );
    }
}

/// Derivatives by the coordinates are what central differences of the values say.
#[test]
fn jets_agree_with_central_differences() {
    for (name, train) in NETWORKS {
        let front = front(train, &["u", "u_x", "u_t", "u_xx", "u_xt"]);
        let program = build(&front.problem, &front.settings).program;
        let engine = Engine::new(program.clone(), 1).unwrap();
        let theta = parameters(&program);
        let set = points(11);
        let values = |dx: f64, dt: f64| {
            let mut moved = set.clone();
            moved.coordinates[0].iter_mut().for_each(|x| *x += dx);
            moved.coordinates[1].iter_mut().for_each(|t| *t += dt);
            engine.values(BlockRef::Outputs, &theta, &WINDOW, &moved)
        };
        let at = values(0.0, 0.0);
        // (derivative, of which output, along which coordinate)
        for (derivative, of, along) in [(1, 0, 0), (2, 0, 1), (3, 1, 0), (4, 2, 0), (4, 1, 1)] {
            let difference = |h: f64| -> Vec<f64> {
                let (dx, dt) = if along == 0 { (h, 0.0) } else { (0.0, h) };
                let (above, below) = (values(dx, dt), values(-dx, -dt));
                let pairs = above[of].iter().zip(&below[of]);
                pairs.map(|(a, b)| (a - b) / (2.0 * h)).collect()
            };
            let (one, two) = (difference(1e-4), difference(2e-4));
            for (point, got) in at[derivative].iter().enumerate() {
                let expected = (4.0 * one[point] - two[point]) / 3.0;
                assert!(
                    (got - expected).abs() <= 1e-8 * (1.0 + expected.abs()),
                    "{name}: output {derivative} at {point}: {got} against {expected}"
                );
            }
        }
    }
}

/// The published network, values and derivatives to order two, against `data/propinn.py`.
#[test]
fn propinn_agrees_with_its_definition() {
    let text = "coord x in [0, 4]\ntime t in [0, 0.5]\nfield u(x, t)\neq u_tt = u_xx\ninitial u = 0\n\
        initial u_t = 0\non x = 0, x = 4: u = 0\ntrain { network = propinn conditions = soft }";
    let expressions: Vec<Source> = ["u", "u_x", "u_t", "u_xx", "u_xt", "u_tt"]
        .map(|text| Source::new("expression", text))
        .to_vec();
    let front = read_with(&Source::new("test.pde", text), &[], &expressions).unwrap();
    let program = build(&front.problem, &front.settings).program;
    assert_eq!(program.network.parameters, 15_030);
    assert_eq!(program.network.displacements.len(), 84);
    let theta = parameters(&program);
    let engine = Engine::new(program, 1).unwrap();
    let rows: Vec<Vec<f64>> = include_str!("data/propinn.txt")
        .lines()
        .map(|line| line.split(' ').map(|n| n.parse().unwrap()).collect())
        .collect();
    let column = |k: usize| rows.iter().map(|row| row[k]).collect::<Vec<f64>>();
    let set = PointSet::new(vec![column(0), column(1)]);
    let found = engine.values(BlockRef::Outputs, &theta, &WINDOW, &set);
    for (output, found) in found.iter().enumerate() {
        let expected = column(2 + output);
        let size = expected.iter().fold(1.0, |m: f64, v| m.max(v.abs()));
        for (found, expected) in found.iter().zip(expected) {
            assert!(
                (found - expected).abs() <= 1e-12 * size,
                "output {output}: {found} against {expected}"
            );
        }
    }
}

/// A network of polynomial chaos against its definition by loops: layers of polynomials of what they read.
#[test]
fn chaos_agrees_with_its_definition() {
    let (width, depth, degree) = (4, 2, 3);
    let text = format!(
        "coord x in [-1, 1]\ncoord y in [-1, 1]\nfield u(x, y)\neq u_xx + u_yy = 0\non boundary: u = 0\n\
         train {{ network = chaos(width = {width}, depth = {depth}, degree = {degree}, activation = sin) \
         conditions = soft }}"
    );
    let front = read_with(&Source::new("test.pde", text), &[], &[]).unwrap();
    let program = build(&front.problem, &front.settings).program;
    let theta = parameters(&program);
    let engine = Engine::new(program, 1).unwrap();
    let (x, y) = ([0.3, -0.8, 1.0], [0.9, 0.1, -0.4]);
    let set = PointSet::new(vec![x.to_vec(), y.to_vec()]);
    let found = &engine.values(BlockRef::Fields, &theta, &WINDOW, &set)[0];
    for (point, found) in found.iter().enumerate() {
        let mut used = 0;
        let mut affine = |read: &[f64], outputs: usize| -> Vec<f64> {
            let weights = &theta[used..];
            let biases = &theta[used + outputs * read.len()..];
            used += outputs * (read.len() + 1);
            (0..outputs)
                .map(|row| {
                    let products = (0..read.len()).map(|k| weights[row * read.len() + k] * read[k]);
                    biases[row] + products.sum::<f64>()
                })
                .collect()
        };
        let powers = |a: &[f64]| -> Vec<f64> {
            let exponents = 1..=degree;
            exponents
                .flat_map(|k| a.iter().map(move |a| a.powi(k)))
                .collect()
        };
        let mut a = vec![x[point], y[point]];
        for _ in 0..depth {
            let read = powers(&a);
            let polynomials = affine(&read, read.len());
            a = affine(&polynomials, width)
                .into_iter()
                .map(f64::sin)
                .collect();
        }
        let read = powers(&a);
        let polynomials = affine(&read, read.len());
        let expected = affine(&polynomials, 1)[0];
        assert_eq!(used, theta.len());
        assert!((found - expected).abs() <= 1e-12 * (1.0 + expected.abs()));
    }
}

/// Gradient correlation against gradients by the other sweep, which sums over points, one point at a time; a point
/// correlates with itself.
#[test]
fn gradient_correlation_is_what_its_definition_says() {
    let front = front("network = mlp(width = 6, depth = 2)", &[]);
    let program = build(&front.problem, &front.settings).program;
    let theta = parameters(&program);
    let engine = Engine::new(program.clone(), 1).unwrap();
    let gradient = |x: f64, t: f64| {
        let points = PointSet::new(vec![vec![x], vec![t]]);
        let batch = Batch {
            block: BlockRef::Fields,
            points: &points,
            scale: 1.0,
        };
        engine.vjp(&theta, &WINDOW, &[batch], &[1.0])
    };
    let window = Window {
        low: WINDOW[0],
        high: WINDOW[1],
        parameters: theta.clone(),
    };
    let other = Engine::new(program, 1).unwrap();
    let solution = Solution::new(other, Vec::new(), Some(1), vec![window]);
    let (x, t) = (vec![0.3, 1.9, 3.7], vec![0.05, 0.4, 0.2]);
    let points = Points {
        coordinates: vec![x.clone(), t.clone()],
    };
    let intervals = [(0.0, 4.0), (0.0, 0.5)];
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    for offset in [0.0, 0.01, 0.1] {
        let [raw, cosine] = solution.gradient_correlation(&intervals, &points, offset);
        for point in 0..x.len() {
            let towards = |value: f64, (low, high): (f64, f64)| {
                let by = offset * (high - low);
                if value < 0.5 * (low + high) {
                    value + by
                } else {
                    value - by
                }
            };
            let here = gradient(x[point], t[point]);
            let there = gradient(
                towards(x[point], intervals[0]),
                towards(t[point], intervals[1]),
            );
            let product = dot(&here, &there);
            let size = (dot(&here, &here) * dot(&there, &there)).sqrt();
            assert!((raw[point] - product).abs() <= 1e-12 * size, "{offset}");
            assert!((cosine[point] - product / size).abs() <= 1e-12, "{offset}");
        }
    }
}

/// Weights that follow training, causal chunks and adaptive densities, with optimisers of each kind: each run ends with a
/// smaller error than it began with, and with the same bits when it is repeated on other threads.
#[test]
fn weights_follow_with_every_kind_of_optimiser() {
    let text = |train: &str| {
        format!(
            "coord x in [0, 1]\ntime t in [0, 1]\nfield u(x, t)\neq u_t = 0.1*u_xx\ninitial u = sin(pi*x)\n\
             on x = 0, x = 1: u = 0\nexact u = exp(-0.1*pi^2*t)*sin(pi*x)\n\
             train {{ conditions = soft windows = 1 network = mlp(width = 8, depth = 2)\n\
             points = [interior = 200, initial = 40, boundary = 20] {train} }}"
        )
    };
    for train in [
        "optimizer = adam(steps = 300, lr = 1e-2) weights = grad_norm(every = 50)",
        "optimizer = soap(steps = 1000) weights = ntk(every = 20)",
        "optimizer = lbfgs(steps = 120) weights = ntk(every = 40)",
        "optimizer = gauss_newton(steps = 15) weights = grad_norm(every = 5) causal = [chunks = 4, epsilon = 1]",
        "optimizer = adam(steps = 1500, lr = 1e-2) causal = [chunks = 8, epsilon = 0.1]",
        "optimizer = ss_broyden(steps = 100) causal = [chunks = 4]",
        "optimizer = gauss_newton(steps = 20) points.density = correlation points.redraw = 5",
        "optimizer = gauss_newton(steps = 20) residual_adaptive = [share = 0.5, power = 2, offset = 1]",
    ] {
        let front = read_with(&Source::new("test.pde", text(train)), &[], &[]).unwrap();
        let run = |threads: usize| {
            let options = Options {
                seed: 0,
                threads,
                time_limit: None,
                target: None,
            };
            pdec_runtime::train::train(&front.problem, &front.settings, &options, &mut Silent)
                .unwrap()
        };
        let outcome = run(2);
        let points = Points {
            coordinates: vec![vec![0.2, 0.5, 0.7, 0.4], vec![0.3, 0.9, 0.6, 0.1]],
        };
        let found = &outcome.solution.evaluate(&points)[0];
        let exact = outcome.solution.exact(0, &points).unwrap();
        for (found, exact) in found.iter().zip(&exact) {
            assert!(
                (found - exact).abs() < 0.2,
                "{train}: {found} against {exact}"
            );
        }
        let again = run(1).solution.evaluate(&points);
        assert_eq!(*found, again[0], "{train}");
    }
}

struct Silent;

impl Observer for Silent {
    fn report(&mut self, _: &Report) {}
    fn stop(&self) -> bool {
        false
    }
}
