//! Walls that are mirrors.

use super::{error, has_waves, solve};
use pdec_compiler::settings::Conditions;
use std::f64::consts::PI;

/// A front that two walls hold, by Cole–Hopf: odd at both.
#[test]
fn a_front_between_walls_where_the_value_vanishes() {
    let text = "
        coord x in [0, pi]
        time t in [0, 2]
        field u(x, t)
        param nu = 0.05
        eq burgers: u_t + u*u_x = nu*u_xx
        initial u = 2*nu*0.98*sin(x)/(1 + 0.98*cos(x))
        on x = 0, x = pi: u = 0
    ";
    let (_, outcome) = solve(text);
    assert!(has_waves(&outcome), "{:?}", outcome.choice);
    assert_eq!(outcome.settings.conditions, Conditions::Soft);
    let truth = |x: f64, t: f64| {
        let decayed = 0.98 * (-0.05 * t).exp();
        0.1 * decayed * x.sin() / (1.0 + decayed * x.cos())
    };
    let error = error(&outcome, 0, [0.0, PI, 2.0], truth);
    assert!(error < 1e-8, "{error:e}");
    // The coarser solve is further from this one than the truth is.
    let estimate = outcome.estimates[0].1;
    assert!(estimate > 0.1 * error && estimate < 1e-4, "{estimate:e}");
    let walls: Vec<f64> = outcome
        .residuals
        .iter()
        .skip(2)
        .map(|it| it.train)
        .collect();
    assert!(
        walls.len() == 2 && walls.iter().all(|it| *it < 1e-12),
        "{walls:?}"
    );
}

/// The value vanishes at one wall and the slope at the other: once around is four intervals. Second order in time.
#[test]
fn walls_of_two_kinds() {
    let text = "
        coord x in [-1, 2]
        time t in [0, 1.5]
        field u(x, t)
        let k = pi/6
        let truth = sin(k*(x + 1))*cos(t) + 0.2*sin(3*k*(x + 1))*t^2
        eq wave: u_tt - u_xx + u^3 = d(truth, t, t) - d(truth, x, x) + truth^3
        initial u = sin(k*(x + 1))
        initial u_t = 0
        on x = -1: u = 0
        on x = 2: u_x = 0
    ";
    let (_, outcome) = solve(text);
    assert!(has_waves(&outcome), "{:?}", outcome.choice);
    let k = PI / 6.0;
    let truth = |x: f64, t: f64| {
        (k * (x + 1.0)).sin() * t.cos() + 0.2 * (3.0 * k * (x + 1.0)).sin() * t * t
    };
    let error = error(&outcome, 0, [-1.0, 2.0, 1.5], truth);
    assert!(error < 1e-7, "{error:e}");
}

/// Slopes vanish: a reaction that spreads, with a known solution put in.
#[test]
fn walls_that_nothing_passes() {
    let text = "
        coord x in [0, 1]
        time t in [0, 1]
        field u(x, t)
        let truth = 0.5 + 0.4*cos(pi*x)*exp(-t) + 0.1*cos(3*pi*x)*t
        eq spread: u_t = 0.1*u_xx + u*(1 - u) + d(truth, t) - 0.1*d(truth, x, x) - truth*(1 - truth)
        initial u = 0.5 + 0.4*cos(pi*x)
        on x = 0, x = 1: u_n = 0
    ";
    let (_, outcome) = solve(text);
    assert!(has_waves(&outcome), "{:?}", outcome.choice);
    let truth =
        |x: f64, t: f64| 0.5 + 0.4 * (PI * x).cos() * (-t).exp() + 0.1 * (3.0 * PI * x).cos() * t;
    let error = error(&outcome, 0, [0.0, 1.0, 1.0], truth);
    assert!(error < 1e-8, "{error:e}");
}

/// Sound in a closed pipe: the pressure has no condition, and the equations say that it is even.
#[test]
fn a_field_without_a_condition_is_what_equations_make_it() {
    let text = "
        coord x in [0, pi]
        time t in [0, 3]
        field p(x, t)
        field v(x, t)
        eq mass: p_t + v_x = 0
        eq momentum: v_t + p_x = 0
        initial p = cos(x) + 0.3*cos(2*x)
        initial v = 0
        on x = 0, x = pi: v = 0
    ";
    let (_, outcome) = solve(text);
    assert!(has_waves(&outcome), "{:?}", outcome.choice);
    let p = |x: f64, t: f64| x.cos() * t.cos() + 0.3 * (2.0 * x).cos() * (2.0 * t).cos();
    let v = |x: f64, t: f64| x.sin() * t.sin() + 0.3 * (2.0 * x).sin() * (2.0 * t).sin();
    let ends = [0.0, PI, 3.0];
    let errors = [error(&outcome, 0, ends, p), error(&outcome, 1, ends, v)];
    assert!(errors.iter().all(|error| *error < 1e-8), "{errors:?}");
}

/// Sound in a tube that is closed at one end and open at the other: each field is even at one wall and odd at the other.
#[test]
fn a_system_between_walls_of_two_kinds() {
    let text = "
        coord x in [0, 2]
        time t in [0, 3]
        field p(x, t)
        field v(x, t)
        let k = 3*pi/4
        eq mass: p_t + v_x = 0
        eq momentum: v_t + p_x = 0
        initial p = cos(k*x) + 0.5*cos(k*x/3)
        initial v = 0
        on x = 0: v = 0
        on x = 2: p = 0
    ";
    let (_, outcome) = solve(text);
    assert!(has_waves(&outcome), "{:?}", outcome.choice);
    let k = 0.75 * PI;
    let waves = |x: f64, t: f64, part: fn(f64) -> f64| {
        part(k * x) * part(k * t) + 0.5 * part(k * x / 3.0) * part(k * t / 3.0)
    };
    let ends = [0.0, 2.0, 3.0];
    let errors = [
        error(&outcome, 0, ends, |x, t| waves(x, t, f64::cos)),
        error(&outcome, 1, ends, |x, t| waves(x, t, f64::sin)),
    ];
    assert!(errors.iter().all(|error| *error < 1e-8), "{errors:?}");
}

/// Many waves that no equation mixes, through several windows: none may be lost on the way. A bump between walls far away, by
/// the heat equation; the wave equation, given its value and given its velocity alone, by d'Alembert; and the free
/// Schrödinger equation. At the walls all are below 1e-12.
#[test]
fn waves_that_nothing_mixes_stay() {
    let of = |equation: &str, initial: &str, field: &str| {
        let (_, outcome) = solve(&format!(
            "coord x in [-10, 10]\ntime t in [0, 1]\nfield {field}\n{equation}\n{initial}\non x = -10, x = 10: {} = 0",
            field.split('(').next().unwrap()
        ));
        assert!(has_waves(&outcome));
        assert!(outcome.solution.windows().len() > 1);
        outcome
    };
    let bump = |x: f64| (-2.0 * x * x).exp();
    let ends = [-10.0, 10.0, 1.0];
    let heat = of("eq u_t = 0.05*u_xx", "initial u = exp(-2*x^2)", "u(x, t)");
    let far = error(&heat, 0, ends, |x, t| {
        let s = 1.0 + 0.4 * t;
        bump(x / s.sqrt()) / s.sqrt()
    });
    assert!(far < 1e-8, "{far}");
    let drawn = of(
        "eq u_tt = u_xx",
        "initial u = exp(-2*x^2)\ninitial u_t = 0",
        "u(x, t)",
    );
    let far = error(&drawn, 0, ends, |x, t| 0.5 * (bump(x - t) + bump(x + t)));
    assert!(far < 1e-8, "{far}");
    let struck = of(
        "eq u_tt = u_xx",
        "initial u = 0\ninitial u_t = -4*x*exp(-2*x^2)",
        "u(x, t)",
    );
    let far = error(&struck, 0, ends, |x, t| 0.5 * (bump(x + t) - bump(x - t)));
    assert!(far < 1e-8, "{far}");
    // ψ = exp(−x²/(1 + 2it))/√(1 + 2it) for i·ψ_t = −ψ_xx/2.
    let free = of(
        "eq i*psi_t = -psi_xx/2",
        "initial psi = exp(-x^2)",
        "psi(x, t) in C",
    );
    let real = |x: f64, t: f64| {
        let size = 1.0 + 4.0 * t * t;
        let angle = 2.0 * t * x * x / size - 0.5 * (2.0 * t).atan();
        (-x * x / size).exp() * angle.cos() / size.powf(0.25)
    };
    let far = error(&free, 0, ends, real);
    assert!(far < 1e-8, "{far}");
}
