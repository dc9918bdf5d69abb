//! Periodic coordinates.

use super::{Outcome, Stopped, error, has_waves, problem, run, solve};
use pdec_compiler::settings::Settings;
use pdec_runtime::solution::Points;
use std::f64::consts::PI;

/// Cole–Hopf: the logarithmic derivative of a solution of the heat equation.
#[test]
fn a_front_of_burgers_equation() {
    let nu = 0.05;
    let text = "
        coord x in [0, 2*pi]
        time t in [0, 2]
        field u(x, t)
        param nu = 0.05
        eq burgers: u_t + u*u_x = nu*u_xx
        initial u = 2*nu*0.98*sin(x)/(1 + 0.98*cos(x))
        periodic x
    ";
    let (_, outcome) = solve(text);
    assert!(has_waves(&outcome), "{:?}", outcome.choice);
    assert_eq!(outcome.stopped, Stopped::Converged);
    let truth = |x: f64, t: f64| {
        let decayed = 0.98 * (-nu * t).exp();
        2.0 * nu * decayed * x.sin() / (1.0 + decayed * x.cos())
    };
    let error = error(&outcome, 0, [0.0, 2.0 * PI, 2.0], truth);
    assert!(error < 1e-8, "{error:e}");
}

/// Second order in time, an interval that is not a whole number, a coefficient that varies, a known solution put in.
#[test]
fn waves_in_a_medium_that_varies() {
    let text = "
        coord x in [-1, 2]
        time t in [0, 1.5]
        field u(x, t)
        let k = 2*pi/3
        let truth = sin(k*x + t) + 0.3*cos(2*k*x)*t^2
        let c = 1 + 0.4*cos(k*x)
        eq wave: u_tt - c*u_xx + u^3 = d(truth, t, t) - c*d(truth, x, x) + truth^3
        initial u = sin(k*x)
        initial u_t = cos(k*x)
        periodic x
    ";
    let (_, outcome) = solve(text);
    assert!(has_waves(&outcome), "{:?}", outcome.choice);
    let k = 2.0 * PI / 3.0;
    let truth = |x: f64, t: f64| (k * x + t).sin() + 0.3 * (2.0 * k * x).cos() * t * t;
    let error = error(&outcome, 0, [-1.0, 2.0, 1.5], truth);
    assert!(error < 1e-7, "{error:e}");
}

/// A complex field: two equations that are coupled, and a soliton on a background of zero would not be periodic, so a wave
/// of finite amplitude.
#[test]
fn a_wave_of_the_nonlinear_schroedinger_equation() {
    let text = "
        coord x in [0, 2*pi]
        time t in [0, 1]
        field psi(x, t) in C
        eq nls: i*psi_t + psi_xx + 2*|psi|^2*psi = 0
        initial psi = 0.7*exp(2*i*x)
        periodic x
    ";
    let (_, outcome) = solve(text);
    assert!(has_waves(&outcome), "{:?}", outcome.choice);
    // ω = k² − 2A²
    let omega = 4.0 - 2.0 * 0.49;
    for (field, truth) in [(0, f64::cos as fn(f64) -> f64), (1, f64::sin)] {
        let truth = |x: f64, t: f64| 0.7 * truth(2.0 * x - omega * t);
        let error = error(&outcome, field, [0.0, 2.0 * PI, 1.0], truth);
        assert!(error < 1e-8, "{field}: {error:e}");
    }
}

/// A field that begins with nothing, which its first window has to find.
#[test]
fn a_field_that_begins_with_zero() {
    let text = "
        coord x in [0, 2*pi]
        time t in [0, 1]
        field u(x, t)
        field v(x, t)
        eq velocity: u_t = v_x
        eq strain: v_t = u_x
        initial u = sin(x)
        initial v = 0
        periodic x
    ";
    let (_, outcome) = solve(text);
    assert!(has_waves(&outcome), "{:?}", outcome.choice);
    let ends = [0.0, 2.0 * PI, 1.0];
    let errors = [
        error(&outcome, 0, ends, |x, t| x.sin() * t.cos()),
        error(&outcome, 1, ends, |x, t| x.cos() * t.sin()),
    ];
    assert!(errors.iter().all(|error| *error < 1e-8), "{errors:?}");
}

/// An equation without a derivative by time beside one with it: the heat equation of fourth order in two steps.
#[test]
fn a_field_that_is_given_by_another_at_every_time() {
    let text = "
        coord x in [0, 2*pi]
        time t in [0, 0.5]
        field u(x, t)
        field w(x, t)
        eq diffusion: u_t = w_xx
        eq potential: w = -u_xx
        initial u = 1 + cos(x) + 0.5*sin(2*x)
        periodic x
    ";
    let (_, outcome) = solve(text);
    assert!(has_waves(&outcome), "{:?}", outcome.choice);
    let u = |x: f64, t: f64| 1.0 + (-t).exp() * x.cos() + 0.5 * (-16.0 * t).exp() * (2.0 * x).sin();
    let w = |x: f64, t: f64| (-t).exp() * x.cos() + 2.0 * (-16.0 * t).exp() * (2.0 * x).sin();
    let ends = [0.0, 2.0 * PI, 0.5];
    let errors = [error(&outcome, 0, ends, u), error(&outcome, 1, ends, w)];
    assert!(errors.iter().all(|error| *error < 1e-7), "{errors:?}");
}

/// Initial values with a kink are not resolved by few waves, whatever the residual says.
#[test]
fn a_kink_is_followed_as_far_as_waves_can() {
    let text = "
        coord x in [-1, 1]
        time t in [0, 0.5]
        field u(x, t)
        eq heat: u_t = 0.001*u_xx - u^3
        initial u = |x|
        periodic x
    ";
    let (_, outcome) = solve(text);
    assert!(has_waves(&outcome), "{:?}", outcome.choice);
    // Of |x| alone, by its Fourier series, at the beginning: u^3 has done nothing yet.
    let points = Points {
        coordinates: vec![vec![0.3, -0.7, 1.0], vec![0.0; 3]],
    };
    let values = outcome.solution.evaluate(&points);
    for (value, truth) in values[0].iter().zip([0.3, 0.7, 1.0]) {
        assert!((value - truth).abs() < 3e-3, "{value} {truth}");
    }
    // What was cut off is in what is said of the residual.
    assert!(outcome.relative_residual > 1e-7);
}

#[test]
fn bits_do_not_depend_on_threads_and_a_run_can_end_early() {
    let text = "
        coord x in [0, 2*pi]
        time t in [0, 1]
        field u(x, t)
        eq u_t + u*u_x + 0.1*u_xxx = 0
        initial u = sin(x)
        periodic x
    ";
    let problem = problem(text);
    let settings = Settings::default_for(&problem);
    let parameters = |outcome: &Outcome| -> Vec<Vec<u64>> {
        let windows = outcome.solution.windows().iter();
        windows
            .map(|window| window.parameters.iter().map(|p| p.to_bits()).collect())
            .collect()
    };
    let whole = run(&problem, &settings, 1, usize::MAX);
    let other = run(&problem, &settings, 2, usize::MAX);
    assert!(has_waves(&whole));
    assert!(parameters(&whole) == parameters(&other));
    let part = run(&problem, &settings, 1, 2);
    assert_eq!(part.stopped, Stopped::Interrupted);
    assert_eq!(part.solution.windows().len(), 2);
    // Its settings say what was done, and do it again.
    let again = run(&problem, &whole.settings, 1, usize::MAX);
    assert!(parameters(&whole) == parameters(&again));
}

/// Nothing of this is for other conditions at walls, or for problems without derivatives in space.
#[test]
fn other_problems_are_left_alone() {
    for text in [
        "
        coord x in [0, 1]
        time t in [0, 1]
        field u(x, t)
        eq u_t = u_xx
        initial u = sin(pi*x)
        on x = 0: u = 0
        on x = 1: u = t
        ",
        "
        coord x in [0, 1]
        time t in [0, 1]
        field u(x, t)
        eq u_t = u_xx
        initial u = sin(pi*x)
        on x = 0: u + u_x = pi
        on x = 1: u = 0
        ",
        "
        coord x in [0, 1]
        time t in [0, 1]
        field u(x, t)
        eq u_t = u*(1 - u)
        initial u = 0.5 + 0.2*sin(2*pi*x)
        periodic x
        ",
    ] {
        let problem = problem(text);
        assert!(pdec_compiler::program::evolution::evolution(&problem).is_none());
    }
}
