//! Small problems trained for real: every optimiser, every kind of condition, problems whose answer is known.

#![allow(clippy::unwrap_used)] // a test may fail

use pdec_compiler::hir::{Overrides, Problem, resolve};
use pdec_compiler::network::{Activation, Architecture};
use pdec_compiler::settings::{Automatic, Optimizer, Settings};
use pdec_compiler::source::Source;
use pdec_compiler::syntax::parse;
use pdec_runtime::solution::Points;
use pdec_runtime::train::{Observer, Options, Outcome, Report, Stopped, TrainError, train};
use std::time::Duration;

/// Counts reports and stops after some.
#[derive(Default)]
struct Listener {
    reports: usize,
    losses: Vec<f64>,
    stop_after: Option<usize>,
}

impl Observer for Listener {
    fn report(&mut self, report: &Report) {
        self.reports += 1;
        self.losses.push(report.loss);
    }
    fn stop(&self) -> bool {
        self.stop_after.is_some_and(|limit| self.reports >= limit)
    }
}

fn problem(text: &str) -> Problem {
    let source = Source::new("test.pde", text);
    let document = parse(&source).unwrap();
    resolve(&source, &document, &Overrides::new()).unwrap().0
}

fn small(problem: &Problem, windows: usize, steps: usize) -> Settings {
    let mut settings = Settings::default_for(problem);
    settings.network = Architecture::Mlp {
        width: 10,
        depth: 2,
        activation: Activation::Tanh,
    };
    settings.points.interior = 400;
    settings.points.initial = 60;
    settings.points.boundary = 60;
    settings.windows = windows;
    settings.automatic = Automatic::default();
    settings.optimizer = vec![Optimizer::GaussNewton { steps }];
    settings
}

fn run(problem: &Problem, settings: &Settings, listener: &mut Listener) -> Outcome {
    let options = Options {
        seed: 0,
        threads: 2,
        time_limit: None,
        target: None,
    };
    train(problem, settings, &options, listener).unwrap()
}

/// The relative L2 error on a grid against a function of the point.
fn error(problem: &Problem, outcome: &Outcome, mut truth: impl FnMut(&[f64]) -> f64) -> f64 {
    let n = 41;
    let axes: Vec<(f64, f64)> = problem
        .coordinates
        .iter()
        .map(|(_, c)| (c.low, c.high))
        .collect();
    let count = usize::pow(n, axes.len() as u32);
    let mut columns = vec![Vec::new(); axes.len()];
    for k in 0..count {
        let mut rest = k;
        for (column, (low, high)) in columns.iter_mut().zip(&axes) {
            column.push(low + (high - low) * (rest % n) as f64 / (n - 1) as f64);
            rest /= n;
        }
    }
    let points = Points {
        coordinates: columns,
    };
    let values = outcome.solution.evaluate(&points).swap_remove(0);
    let mut difference = 0.0;
    let mut size = 0.0;
    for (k, value) in values.iter().enumerate() {
        let x: Vec<f64> = points.coordinates.iter().map(|c| c[k]).collect();
        let t = truth(&x);
        difference += (value - t) * (value - t);
        size += t * t;
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
fn gauss_newton_solves_heat_in_windows() {
    let problem = problem(HEAT);
    let mut listener = Listener::default();
    let outcome = run(&problem, &small(&problem, 2, 15), &mut listener);
    assert_eq!(outcome.solution.windows().len(), 2);
    assert_eq!(
        outcome.solution.windows()[0].high,
        outcome.solution.windows()[1].low
    );
    let error = error(&problem, &outcome, heat);
    assert!(error < 1e-4, "{error:e}");
    // residuals on points that training has not seen are as small as on its own
    for residual in &outcome.residuals {
        assert!(residual.fresh < 3.0 * residual.train + 1e-9, "{residual:?}");
    }
    assert!(
        outcome.gradient_correlation.cosine > 0.9 && outcome.gradient_correlation.cosine <= 1.0
    );
}

/// The heat problem in SI units: x = 0.1 m · ξ, t = 40 s · τ, u = 100 K above 300 K, with coefficients of 10⁶.
#[test]
fn units_are_as_easy_as_no_units() {
    let settings = |problem: &Problem| small(problem, 2, 15);
    let twin = problem(HEAT);
    let outcome = run(&twin, &settings(&twin), &mut Listener::default());
    let plain = error(&twin, &outcome, heat);
    let rod = |field: &str, level: f64, size: f64| {
        let text = format!(
            "coord x [mm] in [0, 100]
             time t [s] in [0, 20]
             field u(x, t) [{field}]
             param k = 45
             param c = 3.6e6
             let below = {level:?}[{field}]
             eq heat: c*u_t = k*u_xx
             initial u = below + {size:?}[{field}]*sin(pi*x/10[cm])
             on x = 0, x = 100: u = below"
        );
        let rod = problem(&text);
        let outcome = run(&rod, &settings(&rod), &mut Listener::default());
        // The error of what changes, not of the level.
        let mut values = Vec::new();
        let relative = error(&rod, &outcome, |x| {
            let value = level + size * heat(&[x[0] / 100.0, x[1] / 40.0]);
            values.push(value);
            value
        });
        let norm = |shift: f64| {
            values
                .iter()
                .map(|v| (v - shift).powi(2))
                .sum::<f64>()
                .sqrt()
        };
        relative * norm(0.0) / norm(level)
    };
    for (field, level, size) in [("K", 300.0, 100.0), ("m", 0.0, 1e-6), ("MPa", 0.0, 4e-4)] {
        let error = rod(field, level, size);
        assert!(
            // Scales are powers of two, so that few steps take another path and end a little elsewhere.
            error < 20.0 * plain + 1e-5,
            "{size:e} {field}: {error:e}, without units {plain:e}"
        );
    }
}

#[test]
fn adam_lowers_the_loss_and_hands_over_to_gauss_newton() {
    let problem = problem(HEAT);
    let mut settings = small(&problem, 1, 12);
    settings.optimizer = vec![Optimizer::Adam {
        steps: 300,
        learning_rate: 5e-3,
    }];
    let mut listener = Listener::default();
    let alone = run(&problem, &settings, &mut listener);
    let (first, last) = (
        listener.losses[0],
        listener.losses[listener.losses.len() - 1],
    );
    assert!(last < 1e-2 * first, "{first:e} {last:e}");
    let adam_error = error(&problem, &alone, heat);
    settings
        .optimizer
        .push(Optimizer::GaussNewton { steps: 12 });
    let both = run(&problem, &settings, &mut Listener::default());
    let error = error(&problem, &both, heat);
    assert!(
        error < 1e-4 && error < 0.1 * adam_error,
        "{error:e} after {adam_error:e}"
    );
}

#[test]
fn the_gated_network_solves_it_too() {
    let problem = problem(HEAT);
    let mut settings = small(&problem, 1, 20);
    settings.network = Architecture::of_layers(true, 8, 2, Activation::Tanh);
    let outcome = run(&problem, &settings, &mut Listener::default());
    let error = error(&problem, &outcome, heat);
    assert!(error < 1e-4, "{error:e}");
}

#[test]
fn boundary_values_hold_exactly() {
    // values that are not zero and change with time
    let problem = problem(
        "coord x in [0, 2]
         time t in [0, 1]
         field u(x, t)
         eq u_t = u_xx + x*cos(t)
         initial u = 0
         on x = 0: u = 0
         on x = 2: u = 2*sin(t)",
    );
    let outcome = run(&problem, &small(&problem, 1, 12), &mut Listener::default());
    let t: Vec<f64> = (0..=20).map(|k| f64::from(k) / 20.0).collect();
    let points = Points {
        coordinates: vec![vec![2.0; t.len()], t.clone()],
    };
    for (value, t) in outcome.solution.evaluate(&points)[0].iter().zip(&t) {
        assert!((value - 2.0 * t.sin()).abs() < 1e-13);
    }
    let error = error(&problem, &outcome, |x| x[0] * x[1].sin());
    assert!(error < 1e-4, "{error:e}");
}

#[test]
fn neumann_and_robin_conditions_are_learnt() {
    // u = cos(x)·exp(-t) has u_x = 0 at 0 and u_x = -tan(1)·u at 1
    let problem = problem(
        "coord x in [0, 1]
         time t in [0, 1]
         field u(x, t)
         eq u_t = u_xx
         initial u = cos(x)
         on x = 0: u_x = 0
         on x = 1: u_x = -tan(1)*u",
    );
    let outcome = run(&problem, &small(&problem, 1, 20), &mut Listener::default());
    let error = error(&problem, &outcome, |x| x[0].cos() * (-x[1]).exp());
    assert!(error < 1e-4, "{error:e}");
}

#[test]
fn second_order_in_time_and_steady_problems() {
    let wave = problem(
        "coord x in [0, 1]
         time t in [0, 1]
         field u(x, t)
         eq u_tt = u_xx
         initial u = sin(pi*x)
         initial u_t = 0
         on x = 0, x = 1: u = 0",
    );
    let outcome = run(&wave, &small(&wave, 2, 20), &mut Listener::default());
    let pi = std::f64::consts::PI;
    let wave_error = error(&wave, &outcome, |x| (pi * x[0]).sin() * (pi * x[1]).cos());
    assert!(wave_error < 1e-3, "{wave_error:e}");

    let poisson = problem(
        "coord x, y in [0, 1]
         field u(x, y)
         eq u_xx + u_yy = -2*pi^2*sin(pi*x)*sin(pi*y)
         on x = 0, x = 1, y = 0, y = 1: u = 0",
    );
    let outcome = run(&poisson, &small(&poisson, 1, 30), &mut Listener::default());
    let error = error(&poisson, &outcome, |x| {
        (pi * x[0]).sin() * (pi * x[1]).sin()
    });
    assert!(error < 1e-4, "{error:e}");
}

#[test]
fn ordinary_differential_equations_are_problems_without_space() {
    let problem = problem(
        "time t in [0, 2]
         field u(t)
         eq u_t = u*(1 - u)
         initial u = 0.1",
    );
    let outcome = run(&problem, &small(&problem, 2, 12), &mut Listener::default());
    let error = error(&problem, &outcome, |t| 1.0 / (1.0 + 9.0 * (-t[0]).exp()));
    assert!(error < 1e-5, "{error:e}");
}

#[test]
fn periodic_fields_are_periodic_to_the_last_bit() {
    let problem = problem(
        "coord x in [0, 2*pi]
         time t in [0, 0.2]
         field u(x, t)
         eq u_t + u_x = 0
         initial u = sin(x)
         periodic x",
    );
    let outcome = run(&problem, &small(&problem, 1, 25), &mut Listener::default());
    let ends = Points {
        coordinates: vec![vec![0.0, std::f64::consts::TAU], vec![0.1, 0.1]],
    };
    let values = outcome.solution.evaluate(&ends).swap_remove(0);
    assert!((values[0] - values[1]).abs() < 1e-13);
    let error = error(&problem, &outcome, |x| (x[0] - x[1]).sin());
    assert!(error < 1e-4, "{error:e}");
}

#[test]
fn an_observer_stops_a_run_and_gets_what_there_is() {
    let problem = problem(HEAT);
    let mut listener = Listener {
        stop_after: Some(5),
        ..Listener::default()
    };
    let outcome = run(&problem, &small(&problem, 2, 15), &mut listener);
    assert_eq!(outcome.stopped, Stopped::Interrupted);
    assert_eq!(outcome.steps, 5);
    assert_eq!(outcome.solution.windows().len(), 1);
}

#[test]
fn targets_end_a_run_early() {
    let problem = problem(HEAT);
    let settings = small(&problem, 2, 15);
    let options = Options {
        seed: 0,
        threads: 1,
        time_limit: None,
        target: Some(1e-3),
    };
    let outcome = train(&problem, &settings, &options, &mut Listener::default()).unwrap();
    assert_eq!(outcome.stopped, Stopped::Target);
    assert!(outcome.steps < 30);
}

#[test]
fn the_same_seed_gives_the_same_bits_with_any_number_of_threads() {
    let problem = problem(HEAT);
    let settings = small(&problem, 2, 6);
    let weights = |threads: usize, seed: u64| {
        let options = Options {
            seed,
            threads,
            time_limit: None,
            target: None,
        };
        let outcome = train(&problem, &settings, &options, &mut Listener::default()).unwrap();
        outcome.solution.windows().to_vec()
    };
    let one = weights(1, 0);
    assert!(one == weights(2, 0));
    assert!(one == weights(3, 0));
    assert!(one != weights(1, 1));
}

#[test]
fn time_limits_end_a_run_however_many_windows_are_left() {
    let problem = problem(HEAT);
    let settings = small(&problem, 100_000, 5);
    let options = Options {
        seed: 0,
        threads: 2,
        time_limit: Some(Duration::from_millis(300)),
        target: None,
    };
    let outcome = train(&problem, &settings, &options, &mut Listener::default()).unwrap();
    assert_eq!(outcome.stopped, Stopped::TimeLimit);
    assert!(outcome.solution.windows().len() < 100_000);
    // beyond what was trained there is no value
    let late = Points {
        coordinates: vec![vec![0.5], vec![0.5]],
    };
    assert!(outcome.solution.evaluate(&late)[0][0].is_nan());
}

#[cfg(target_os = "linux")]
#[test]
fn matrices_that_do_not_fit_are_refused() {
    let problem = problem(HEAT);
    let mut settings = small(&problem, 1, 5);
    settings.network = Architecture::of_layers(false, 4096, 64, Activation::Tanh);
    let options = Options {
        seed: 0,
        threads: 1,
        time_limit: None,
        target: None,
    };
    let refused = train(&problem, &settings, &options, &mut Listener::default());
    assert!(matches!(refused.err(), Some(TrainError::Memory { .. })));
}

#[test]
fn every_optimiser_by_name_lowers_the_error() {
    let problem = problem(HEAT);
    let steps = 150;
    let learning_rate = 5e-3;
    let optimizers = [
        (
            Optimizer::AdamW {
                steps,
                learning_rate,
                decay: 1e-5,
            },
            0.2,
        ),
        (
            Optimizer::Soap {
                steps,
                learning_rate: 0.02,
            },
            0.05,
        ),
        (Optimizer::Lbfgs { steps }, 0.02),
        (Optimizer::SsBroyden { steps }, 0.02),
        (
            Optimizer::NaturalGradient {
                steps: 40,
                learning_rate: 0.5,
                momentum: 0.5,
            },
            1e-2,
        ),
    ];
    for (optimizer, most) in optimizers {
        let mut settings = small(&problem, 1, 1);
        let name = optimizer.name();
        settings.optimizer = vec![optimizer];
        let outcome = run(&problem, &settings, &mut Listener::default());
        let error = error(&problem, &outcome, heat);
        assert!(error < most, "{name}: {error:e}");
        // So few steps may leave a residual that is worth a note.
        let mut notes = outcome.notes.iter();
        let expected = |note: &String| note.contains("not satisfied well");
        assert!(notes.all(expected), "{name}: {:?}", outcome.notes);
    }
}

#[test]
fn a_run_that_explodes_says_so_and_keeps_the_best() {
    let problem = problem(HEAT);
    let mut settings = small(&problem, 1, 1);
    settings.optimizer = vec![Optimizer::Adam {
        steps: 60,
        learning_rate: 10.0,
    }];
    let outcome = run(&problem, &settings, &mut Listener::default());
    for window in outcome.solution.windows() {
        assert!(window.parameters.iter().all(|p| p.is_finite()));
    }
    assert!(outcome.relative_residual.is_finite());
}
