//! Random features: problems whose answer is known, solved with the defaults.

#![allow(clippy::unwrap_used)] // a test may fail

use pdec_compiler::hir::{Overrides, Problem, resolve};
use pdec_compiler::settings::{Automatic, Optimizer, Settings};
use pdec_compiler::source::Source;
use pdec_compiler::syntax::parse;
use pdec_runtime::solution::Points;
use pdec_runtime::train::{Observer, Options, Outcome, Report, Stopped, train};

struct Silent;

impl Observer for Silent {
    fn report(&mut self, _: &Report) {}
    fn stop(&self) -> bool {
        false
    }
}

fn problem(text: &str) -> Problem {
    let source = Source::new("test.pde", text);
    let document = parse(&source).unwrap();
    resolve(&source, &document, &Overrides::new()).unwrap().0
}

fn run(problem: &Problem, settings: &Settings, threads: usize) -> Outcome {
    let options = Options {
        seed: 0,
        threads,
        time_limit: None,
        target: None,
    };
    train(problem, settings, &options, &mut Silent).unwrap()
}

fn solve(text: &str) -> (Problem, Outcome) {
    let problem = problem(text);
    let outcome = run(&problem, &Settings::default_for(&problem), 2);
    (problem, outcome)
}

/// The relative L2 error of a field on scattered points.
fn error(problem: &Problem, outcome: &Outcome, field: usize, truth: impl Fn(&[f64]) -> f64) -> f64 {
    let mut columns = Vec::new();
    for (position, (_, coordinate)) in problem.coordinates.iter().enumerate() {
        let step = [
            0.754_877_666_246_692_8,
            0.569_840_290_998_053_3,
            0.438_123_7,
        ][position];
        let length = coordinate.high - coordinate.low;
        let unit = (0..1000).map(|k| (0.5 + f64::from(k) * step).fract());
        columns.push(unit.map(|unit| coordinate.low + length * unit).collect());
    }
    let points = Points {
        coordinates: columns,
    };
    let values = &outcome.solution.evaluate(&points)[field];
    let (mut difference, mut size) = (0.0, 0.0);
    for (k, value) in values.iter().enumerate() {
        let x: Vec<f64> = points.coordinates.iter().map(|column| column[k]).collect();
        let truth = truth(&x);
        difference += (value - truth).powi(2);
        size += truth * truth;
    }
    (difference / size).sqrt()
}

const HEAT: &str = "
    coord x in [0, 1]
    time t in [0, 0.5]
    field u(x, t)
    eq heat: u_t = 0.05*u_xx
    initial u = sin(pi*x)
    on x = 0, x = 1: u = 0
";

fn heat(x: &[f64]) -> f64 {
    let pi = std::f64::consts::PI;
    (-0.05 * pi * pi * x[1]).exp() * (pi * x[0]).sin()
}

#[test]
fn a_linear_problem_is_solved_once_and_says_so() {
    let (problem, outcome) = solve(HEAT);
    let error = error(&problem, &outcome, 0, heat);
    assert!(error < 1e-8, "{error:e}");
    assert_eq!(outcome.stopped, Stopped::Converged);
    let choice = outcome.choice.unwrap();
    assert!(choice.contains("linear_solve"), "{choice}");
    // The estimate is made without the truth; it must not flatter, nor frighten.
    let estimate = outcome.estimates[0].1;
    assert!(
        error < 10.0 * estimate && estimate < 1e-6,
        "{error:e} {estimate:e}"
    );
    for residual in &outcome.residuals {
        assert!(residual.fresh < 1e-5, "{residual:?}");
    }
}

/// What was chosen, given back, is the same run; and the number of threads does not matter.
#[test]
fn the_resolved_settings_repeat_the_run() {
    let (problem, first) = solve(HEAT);
    assert_eq!(first.settings.automatic, Automatic::default());
    let [Optimizer::LinearSolve(features)] = first.settings.optimizer.as_slice() else {
        unreachable!("{:?}", first.settings.optimizer)
    };
    assert!(!features.scale.is_empty());
    for threads in [1, 3] {
        let again = run(&problem, &first.settings, threads);
        assert!(again.solution.windows() == first.solution.windows());
        assert_eq!(again.estimates, first.estimates);
        assert_eq!(again.settings, first.settings);
    }
}

#[test]
fn coefficients_that_depend_on_time_are_not_frozen() {
    // u = sin(πx)·exp(−π²·κ·(t + t²)) in windows that have different matrices
    let problem = problem(
        "coord x in [0, 1]
         time t in [0, 1]
         field u(x, t)
         eq u_t = 0.1*(1 + 2*t)*u_xx
         initial u = sin(pi*x)
         on x = 0, x = 1: u = 0",
    );
    let mut settings = Settings::default_for(&problem);
    settings.windows = 3;
    settings.automatic.windows = false;
    let outcome = run(&problem, &settings, 2);
    assert_eq!(outcome.solution.windows().len(), 3);
    let pi = std::f64::consts::PI;
    let error = error(&problem, &outcome, 0, |x| {
        (pi * x[0]).sin() * (-0.1 * pi * pi * (x[1] + x[1] * x[1])).exp()
    });
    assert!(error < 1e-8, "{error:e}");
}

#[test]
fn a_system_of_two_fields_in_two_dimensions() {
    // −∇²u + v = f, −∇²v − u = g with u = sin(πx)·cos(y), v = x·exp(y)
    let (problem, outcome) = solve(
        "coord x, y in [0, 1]
         field u(x, y)
         field v(x, y)
         eq -laplacian(u) + v = (pi^2 + 1)*sin(pi*x)*cos(y) + x*exp(y)
         eq -laplacian(v) - u = -x*exp(y) - sin(pi*x)*cos(y)
         on x = 0, x = 1, y = 0, y = 1: u = sin(pi*x)*cos(y)
         on x = 0, x = 1, y = 0, y = 1: v = x*exp(y)",
    );
    let pi = std::f64::consts::PI;
    let u = error(&problem, &outcome, 0, |x| (pi * x[0]).sin() * x[1].cos());
    let v = error(&problem, &outcome, 1, |x| x[0] * x[1].exp());
    assert!(u < 1e-7 && v < 1e-7, "{u:e} {v:e}");
}

#[test]
fn two_dimensions_and_time() {
    let (problem, outcome) = solve(
        "coord x, y in [0, 1]
         time t in [0, 0.5]
         field u(x, y, t)
         eq u_t = 0.1*laplacian(u)
         initial u = sin(pi*x)*cos(pi*y)
         on x = 0, x = 1: u = 0
         on y = 0, y = 1: u_n = 0",
    );
    let pi = std::f64::consts::PI;
    let error = error(&problem, &outcome, 0, |x| {
        (pi * x[0]).sin() * (pi * x[1]).cos() * (-0.2 * pi * pi * x[2]).exp()
    });
    assert!(error < 1e-6, "{error:e}");
}

#[test]
fn smooth_problems_that_are_not_linear() {
    let (logistic, outcome) = solve(
        "time t in [0, 2]
         field u(t)
         eq u_t = u*(1 - u)
         initial u = 0.1",
    );
    let found = error(&logistic, &outcome, 0, |t| {
        1.0 / (1.0 + 9.0 * (-t[0]).exp())
    });
    assert!(found < 1e-7, "{found:e}");
    assert!(outcome.choice.unwrap().contains("newton_solve"));

    let (bratu, outcome) = solve(
        "coord x in [0, 1]
         field u(x)
         eq u_xx + exp(u) = 0
         on x = 0, x = 1: u = 0",
    );
    // u = −2·log(cosh((x − ½)·θ/2)/cosh(θ/4)) with θ = √2·cosh(θ/4)
    let mut theta = 1.5;
    for _ in 0..100 {
        theta = 2.0f64.sqrt() * (theta / 4.0f64).cosh();
    }
    let found = error(&bratu, &outcome, 0, |x| {
        -2.0 * (((x[0] - 0.5) * theta / 2.0).cosh() / (theta / 4.0).cosh()).ln()
    });
    assert!(found < 1e-7, "{found:e}");
}

/// A coordinate by which nothing is differentiated has no seam: the kink of the initial value there does no harm.
#[test]
fn a_periodic_coordinate_that_nothing_crosses() {
    let (problem, outcome) = solve(
        "coord x in [0, 2]
         time t in [0, 1]
         field u(x, t)
         eq u_t = -u
         initial u = (x - 1)^2
         periodic x",
    );
    let error = error(&problem, &outcome, 0, |x| {
        (x[0] - 1.0).powi(2) * (-x[1]).exp()
    });
    assert!(error < 1e-7, "{error:e}");
}
