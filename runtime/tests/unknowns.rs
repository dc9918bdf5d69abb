//! Numbers that are sought: found from data whose answer is known, with the uncertainty that theory gives them.

#![allow(clippy::unwrap_used)] // a test may fail

use pdec_compiler::hir::{Overrides, Problem, resolve};
use pdec_compiler::network::{Activation, Architecture};
use pdec_compiler::program::build;
use pdec_compiler::settings::{Automatic, Features, Optimizer, Settings};
use pdec_compiler::source::Source;
use pdec_compiler::syntax::parse;
use pdec_runtime::data::Measured;
use pdec_runtime::engine::{Batch, BlockRef, Engine, PointSet};
use pdec_runtime::train::{Observer, Options, Outcome, Report, train};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::f64::consts::PI;

const HEAT: &str = "coord x in [0, 1]\ntime t in [0, 1]\nfield u(x, t)\nunknown k in (0, 10) = 1\neq u_t = k*u_xx\n\
                    initial u = sin(pi*x)\non x = 0, x = 1: u = 0\nobserve u from \"sensors.csv\" (x, t, u)\n";

/// The conductivity that data are made with.
const TRUTH: f64 = 0.3;

struct Sensors(Vec<Measured>);

impl Observer for Sensors {
    fn report(&mut self, _: &Report) {}
    fn stop(&self) -> bool {
        false
    }
    fn measured(&self) -> &[Measured] {
        &self.0
    }
}

fn problem(text: &str) -> Problem {
    let source = Source::new("test.pde", text);
    let document = parse(&source).unwrap();
    let problem = resolve(&source, &document, &Overrides::new()).unwrap().0;
    assert!(problem.unsupported.is_empty());
    problem
}

fn heat(x: f64, t: f64) -> f64 {
    (-TRUTH * PI * PI * t).exp() * (PI * x).sin()
}

/// Values at random places with normal noise; `latest` bounds their times.
fn sensors(count: usize, latest: f64, noise: f64, known: bool, seed: u64) -> Sensors {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut columns = vec![Vec::new(), Vec::new()];
    let mut values = Vec::new();
    for _ in 0..count {
        let (x, t): (f64, f64) = (random.random(), latest * random.random::<f64>());
        // Box and Muller
        let (a, b): (f64, f64) = (random.random(), random.random());
        let normal = (-2.0 * (1.0 - a).ln()).sqrt() * (2.0 * PI * b).cos();
        columns[0].push(x);
        columns[1].push(t);
        values.push(heat(x, t) + noise * normal);
    }
    let known = known.then_some(noise);
    Sensors(vec![Measured::new(0, columns, values, known)])
}

/// What linear theory says of the standard deviation: with `s_i = ∂u/∂k` at the sensors, `σ²/Σ s_i²`.
fn theory(sensors: &Sensors, noise: f64) -> f64 {
    let columns = &sensors.0[0].points.coordinates;
    let places = columns[0].iter().zip(&columns[1]);
    let squares: f64 = places
        .map(|(x, t)| PI * PI * t * heat(*x, *t))
        .map(|s| s * s)
        .sum();
    noise / squares.sqrt()
}

/// Random features of a fixed width and scale: quick, and enough for a sine.
fn features(problem: &Problem) -> Settings {
    let mut settings = Settings::default_for(problem);
    settings.network = Architecture::Mlp {
        width: 120,
        depth: 1,
        activation: Activation::Sin,
    };
    settings.automatic = Automatic {
        points: true,
        ..Automatic::default()
    };
    settings.windows = 1;
    settings.optimizer = vec![Optimizer::NewtonSolve(Features {
        scale: vec![2.0],
        ..Features::default()
    })];
    settings
}

fn run(problem: &Problem, settings: &Settings, mut sensors: Sensors) -> Outcome {
    let options = Options {
        seed: 0,
        threads: 2,
        time_limit: None,
        target: None,
    };
    train(problem, settings, &options, &mut sensors).unwrap()
}

#[test]
fn exact_data_give_the_exact_number() {
    let problem = problem(HEAT);
    let outcome = run(
        &problem,
        &features(&problem),
        sensors(100, 1.0, 0.0, false, 1),
    );
    let [k] = outcome.unknowns.as_slice() else {
        panic!("{:?}", outcome.unknowns);
    };
    assert_eq!(k.name, "k");
    assert!((k.value - TRUTH).abs() < 1e-5, "{k:?}");
    assert!(k.deviation.unwrap() < 1e-4, "{k:?}");
}

#[test]
fn the_uncertainty_is_that_of_linear_theory() {
    let problem = problem(HEAT);
    let noise = 0.01;
    for known in [true, false] {
        let data = sensors(200, 1.0, noise, known, 7);
        let theory = theory(&data, noise);
        let outcome = run(&problem, &features(&problem), data);
        let k = &outcome.unknowns[0];
        let deviation = k.deviation.unwrap();
        // Where noise is estimated from 200 values, that alone is uncertain by 5 %.
        let ratio = deviation / theory;
        assert!((0.8..1.25).contains(&ratio), "{known}: {k:?}, {theory}");
        assert!((k.value - TRUTH).abs() < 4.0 * deviation, "{known}: {k:?}");
    }
}

#[test]
fn what_data_do_not_determine_is_named() {
    let problem = problem(HEAT);
    // At the beginning of time the solution is what it is, whatever the conductivity.
    let outcome = run(
        &problem,
        &features(&problem),
        sensors(50, 0.0, 0.01, true, 3),
    );
    let k = &outcome.unknowns[0];
    assert!(k.deviation.is_some_and(f64::is_infinite), "{k:?}");
    let named = |note: &String| note.contains("do not determine `k`");
    assert!(outcome.notes.iter().any(named), "{:?}", outcome.notes);
}

/// Data of another truth, with less noise than the model can explain: no uncertainty is better than a small one.
#[test]
fn data_that_are_not_fitted_leave_no_uncertainty() {
    let problem = problem(HEAT);
    let mut data = sensors(100, 1.0, 0.001, true, 9);
    let wrong = data.0.remove(0);
    let values = wrong.points.data[0].iter().map(|value| 1.2 * value);
    data.0.push(Measured::new(
        0,
        wrong.points.coordinates.clone(),
        values.collect(),
        Some(0.001),
    ));
    let outcome = run(&problem, &features(&problem), data);
    assert_eq!(outcome.unknowns[0].deviation, None);
    let said = |note: &String| note.contains("does not fit the data of `u`");
    assert!(outcome.notes.iter().any(said), "{:?}", outcome.notes);
}

/// A network that is too small for the solution finds a wrong number, and its uncertainty says by how much.
#[test]
fn the_error_of_the_solution_is_in_the_uncertainty() {
    let problem = problem(HEAT);
    for width in [12, 16, 24, 40] {
        let mut settings = features(&problem);
        settings.network = Architecture::Mlp {
            width,
            depth: 1,
            activation: Activation::Sin,
        };
        let outcome = run(&problem, &settings, sensors(100, 1.0, 0.0, false, 1));
        let k = &outcome.unknowns[0];
        let error = (k.value - TRUTH).abs();
        let covered = match k.deviation {
            Some(deviation) => error < 4.0 * deviation,
            None => !outcome.notes.is_empty(),
        };
        assert!(covered, "{width}: {error:e} {k:?}");
    }
}

/// Every optimiser moves the number, from its start at 1 most of the way.
#[test]
fn every_optimiser_trains_numbers() {
    let problem = problem(HEAT);
    let steps = 200;
    let learning_rate = 1e-2;
    let optimizers = [
        (Optimizer::GaussNewton { steps: 20 }, 2e-3),
        (Optimizer::Lbfgs { steps }, 0.2),
        (Optimizer::SsBroyden { steps }, 0.2),
        (
            Optimizer::Soap {
                steps,
                learning_rate,
            },
            0.5,
        ),
        (
            Optimizer::NaturalGradient {
                steps: 40,
                learning_rate: 0.5,
                momentum: 0.5,
            },
            0.2,
        ),
        (
            Optimizer::Adam {
                steps: 400,
                learning_rate,
            },
            0.5,
        ),
    ];
    for (optimizer, most) in optimizers {
        let mut settings = Settings::default_for(&problem);
        settings.network = Architecture::Mlp {
            width: 10,
            depth: 2,
            activation: Activation::Tanh,
        };
        settings.points.interior = 300;
        settings.points.initial = 50;
        settings.windows = 1;
        settings.automatic = Automatic::default();
        let name = optimizer.name();
        settings.optimizer = vec![optimizer];
        let outcome = run(&problem, &settings, sensors(100, 1.0, 0.0, false, 5));
        let k = &outcome.unknowns[0];
        assert!((k.value - TRUTH).abs() < most, "{name}: {k:?}");
    }
}

/// The rows and gradients of numbers against differences, in every kind of interval.
#[test]
fn derivatives_by_numbers_are_those_of_differences() {
    for interval in ["in (0, 10) = 1", "in [0, 1]", "= 2", "= -3"] {
        let problem = problem(&HEAT.replace("in (0, 10) = 1", interval));
        let mut settings = Settings::default_for(&problem);
        settings.network = Architecture::Mlp {
            width: 5,
            depth: 2,
            activation: Activation::Tanh,
        };
        let engine = Engine::new(build(&problem, &settings).program, 1).unwrap();
        let network = engine.program().network.clone();
        let mut random = ChaCha8Rng::seed_from_u64(4);
        let parameters: Vec<f64> = (0..network.parameters)
            .map(|_| random.random_range(-1.0..1.0))
            .collect();
        let points = PointSet::new(
            (0..2)
                .map(|_| (0..30).map(|_| random.random()).collect())
                .collect(),
        );
        let batches = [Batch {
            block: BlockRef::Term(0),
            points: &points,
            scale: 0.7,
        }];
        let loss = |parameters: &[f64]| {
            engine
                .loss_and_gradient(parameters, &[0.0, 1.0], &batches)
                .0
        };
        let gradient = engine
            .loss_and_gradient(&parameters, &[0.0, 1.0], &batches)
            .1;
        let [places] = network.number_parameters().try_into().unwrap();
        for place in places {
            let step = 1e-6;
            let moved = |by: f64| {
                let mut moved = parameters.clone();
                moved[place] += by;
                loss(&moved)
            };
            let difference = (moved(step) - moved(-step)) / (2.0 * step);
            let scale = gradient[place].abs().max(1e-3);
            assert!(
                (difference - gradient[place]).abs() < 1e-6 * scale,
                "{interval}: {difference} {}",
                gradient[place]
            );
            assert!(gradient[place] != 0.0);
        }
    }
}
