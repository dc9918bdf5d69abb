//! What is said of the error of a network that was trained, of solutions that are known here and not to the program.

#![allow(clippy::unwrap_used)] // a test may fail

use pdec_compiler::hir::{Overrides, Problem, resolve};
use pdec_compiler::network::{Activation, Architecture};
use pdec_compiler::settings::{Features, Optimizer, Settings};
use pdec_compiler::source::Source;
use pdec_compiler::syntax::parse;
use pdec_runtime::solution::Points;
use pdec_runtime::train::{Estimated, Observer, Options, Outcome, Report, Stopped, train};
use std::f64::consts::PI;

struct Listener {
    stop: bool,
}

impl Observer for Listener {
    fn report(&mut self, _: &Report) {}
    fn stop(&self) -> bool {
        self.stop
    }
}

const STEADY: &str = "
    coord x in [0, 1]
    field u(x)
    eq u_xx + u^2 = sin(pi*x)^2 - pi^2*sin(pi*x)
    on boundary: u = 0
";

const IN_TIME: &str = "
    coord x in [0, 1]
    time t in [0, 0.5]
    field u(x, t)
    eq u_t = 0.1*u_xx - u^2 + (0.1*pi^2 - 1)*exp(-t)*sin(pi*x) + exp(-2*t)*sin(pi*x)^2
    initial u = sin(pi*x)
    on x = 0: u = 0
    on x = 1: u = 0
";

fn problem(text: &str) -> Problem {
    let source = Source::new("test.pde", text);
    let document = parse(&source).unwrap();
    resolve(&source, &document, &Overrides::new()).unwrap().0
}

fn settings(problem: &Problem, optimizer: Vec<Optimizer>) -> Settings {
    let mut settings = Settings::default_for(problem);
    settings.optimizer = optimizer;
    settings.automatic.optimizer = false;
    settings.network = Architecture::Mlp {
        width: 8,
        depth: 2,
        activation: Activation::Tanh,
    };
    settings.automatic.network = false;
    settings.windows = 3;
    settings.automatic.windows = false;
    settings
}

fn run(problem: &Problem, settings: &Settings, stop: bool) -> Outcome {
    let options = Options {
        seed: 0,
        threads: 2,
        time_limit: None,
        target: None,
    };
    train(problem, settings, &options, &mut Listener { stop }).unwrap()
}

/// The relative L2 error on a grid.
fn error(outcome: &Outcome, ends: &[f64], truth: impl Fn(&[f64]) -> f64) -> f64 {
    let side = 41;
    let mut columns = vec![Vec::new(); ends.len()];
    for number in 0..side * if ends.len() > 1 { side } else { 1 } {
        let place = [number % side, number / side];
        for (column, (end, place)) in columns.iter_mut().zip(ends.iter().zip(place)) {
            #[allow(clippy::cast_precision_loss)] // small counts
            column.push(end * place as f64 / (side - 1) as f64);
        }
    }
    let points = Points {
        coordinates: columns.clone(),
    };
    let values = &outcome.solution.evaluate(&points)[0];
    let (mut difference, mut size) = (0.0, 0.0);
    for (k, value) in values.iter().enumerate() {
        let x: Vec<f64> = columns.iter().map(|column| column[k]).collect();
        difference += (value - truth(&x)).powi(2);
        size += truth(&x).powi(2);
    }
    (difference / size).sqrt()
}

fn in_time(x: &[f64]) -> f64 {
    (-x[1]).exp() * (PI * x[0]).sin()
}

/// The estimate follows the error over orders of magnitude, whatever trained the network; windows hand their errors over.
#[test]
fn the_correction_is_as_large_as_the_error() {
    let steady = problem(STEADY);
    let timely = problem(IN_TIME);
    let adam = Optimizer::Adam {
        steps: 300,
        learning_rate: 5e-3,
    };
    let mut errors = Vec::new();
    for optimizer in [
        adam,
        Optimizer::Lbfgs { steps: 60 },
        Optimizer::GaussNewton { steps: 12 },
    ] {
        for (problem, ends) in [(&steady, &[1.0][..]), (&timely, &[1.0, 0.5][..])] {
            let outcome = run(problem, &settings(problem, vec![optimizer.clone()]), false);
            let error = error(&outcome, ends, |x| {
                if x.len() > 1 {
                    in_time(x)
                } else {
                    (PI * x[0]).sin()
                }
            });
            assert_eq!(outcome.estimated_by, Estimated::Correction);
            let estimate = outcome
                .estimates
                .first()
                .unwrap_or_else(|| panic!("{:?}", outcome.notes))
                .1;
            let ratio = estimate / error;
            assert!(
                (0.4..2.5).contains(&ratio),
                "{} {estimate:e} {error:e}",
                optimizer.name()
            );
            errors.push(error);
        }
    }
    let largest = errors.iter().copied().fold(0.0, f64::max);
    let smallest = errors.iter().copied().fold(f64::INFINITY, f64::min);
    assert!(largest > 100.0 * smallest, "{errors:?}");
}

/// Where no estimate is made, that is said.
#[test]
fn a_run_without_an_estimate_says_why() {
    let problem = problem(STEADY);
    let settings = settings(&problem, vec![Optimizer::Lbfgs { steps: 60 }]);
    let outcome = run(&problem, &settings, true);
    assert_eq!(outcome.stopped, Stopped::Interrupted);
    assert!(outcome.estimates.is_empty());
    let said = outcome
        .notes
        .iter()
        .any(|it| it.contains("no estimate of the error: the run was interrupted"));
    assert!(said, "{:?}", outcome.notes);
}

/// What a few features leave is lowered by an optimiser that goes on with their network, window by window.
#[test]
fn a_solve_begins_a_sequence() {
    let problem = problem(IN_TIME);
    let solve = Optimizer::NewtonSolve(Features {
        scale: vec![1.0],
        ..Features::default()
    });
    let mut alone = settings(&problem, vec![solve.clone()]);
    alone.network = Architecture::Mlp {
        width: 14,
        depth: 1,
        activation: Activation::Tanh,
    };
    let mut both = alone.clone();
    both.optimizer = vec![solve, Optimizer::GaussNewton { steps: 10 }];
    let (alone, both) = (run(&problem, &alone, false), run(&problem, &both, false));
    let [before, after] = [&alone, &both].map(|it| error(it, &[1.0, 0.5], in_time));
    assert!(
        after < 0.3 * before,
        "{before:e} {after:e} {:?}",
        both.notes
    );
    assert_eq!(both.settings.optimizer.len(), 2);
    // What is written down gives the same again.
    let again = run(&problem, &both.settings, false);
    assert_eq!(again.solution.windows(), both.solution.windows());
}
