//! Integrals, eigenvalues and energies: problems whose answer is known in closed form.

#![allow(clippy::unwrap_used)] // a test may fail

use pdec_compiler::front::read;
use pdec_compiler::network::{Activation, Architecture};
use pdec_compiler::settings::{Automatic, Features, Optimizer, Settings};
use pdec_compiler::source::Source;
use pdec_runtime::train::{Observer, Options, Outcome, Report, Stopped, train};
use std::f64::consts::PI;

struct Silent;

impl Observer for Silent {
    fn report(&mut self, _: &Report) {}
    fn stop(&self) -> bool {
        false
    }
}

fn run(text: &str, change: impl Fn(&mut Settings)) -> Outcome {
    let front = read(&Source::new("test.pde", text), &[]).unwrap();
    assert!(front.problem.unsupported.is_empty());
    let mut settings = front.settings;
    settings.automatic = Automatic {
        points: true,
        ..Automatic::default()
    };
    settings.windows = 1;
    change(&mut settings);
    let options = Options {
        seed: 0,
        threads: 2,
        time_limit: None,
        target: None,
    };
    train(&front.problem, &settings, &options, &mut Silent).unwrap()
}

/// Random features of a fixed width and scale.
fn features(linear: bool) -> impl Fn(&mut Settings) {
    sines(linear, 120, 4.0)
}

fn sines(linear: bool, width: usize, scale: f64) -> impl Fn(&mut Settings) {
    move |settings| {
        settings.network = Architecture::Mlp {
            width,
            depth: 1,
            activation: Activation::Sin,
        };
        let own = Features {
            scale: vec![scale],
            ..Features::default()
        };
        settings.optimizer = vec![if linear {
            Optimizer::LinearSolve(own)
        } else {
            Optimizer::NewtonSolve(own)
        }];
    }
}

/// The first field at points on a line.
fn values(outcome: &Outcome, xs: &[f64]) -> Vec<f64> {
    let points = pdec_runtime::solution::Points {
        coordinates: vec![xs.to_vec()],
    };
    outcome.solution.evaluate(&points).swap_remove(0)
}

const WELL: &str = "coord x in [0, 1]\nfield psi(x)\nunknown E in (0, 100) = START\neq -psi_xx/2 = E*psi\n\
                    on x = 0, x = 1: psi = 0\nconstraint integral(psi^2, x) = 1\n";

/// Energies n²π²/2; the one that is found is the nearest to the start.
#[test]
fn states_of_a_well_are_found_by_their_energy() {
    for (start, n) in [("4", 1.0), ("40", 3.0)] {
        let outcome = run(&WELL.replace("START", start), features(false));
        let energy = n * n * PI * PI / 2.0;
        let found = outcome.unknowns[0].value;
        assert!((found - energy).abs() < 1e-6 * energy, "{start}: {found}");
        let xs = [0.1, 0.25, 0.4, 0.8];
        for (x, psi) in xs.iter().zip(values(&outcome, &xs)) {
            let exact = 2f64.sqrt() * (n * PI * x).sin();
            assert!((psi.abs() - exact.abs()).abs() < 1e-5, "{x}: {psi}");
        }
    }
}

/// States of one operator, each with a field and a number: `-u_xx/2 + V·u = E·u`, orthogonal to those before.
fn states(coordinates: &str, potential: &str, names: &[&str], start: &str) -> String {
    let axes: Vec<&str> = coordinates.split(", ").collect();
    let mut text = String::new();
    for (number, name) in names.iter().enumerate() {
        let kinetic: Vec<String> = axes.iter().map(|x| format!("{name}_{x}{x}")).collect();
        let kinetic = kinetic.join(" - ");
        text += &format!(
            "field {name}({coordinates})\nunknown E{number} in (0, 60) = {start}\n\
             eq -({})/2 + ({potential})*{name} = E{number}*{name}\non boundary: {name} = 0\n\
             constraint integral({name}^2, {coordinates}) = 1\n",
            kinetic.replace(" - ", " + ")
        );
        for other in &names[..number] {
            text += &format!("constraint integral({other}*{name}, {coordinates}) = 0\n");
        }
    }
    text
}

/// `E = n + ½`, all from the same start: the nearest first.
#[test]
fn states_are_found_in_the_order_of_their_distance() {
    let text = states("x", "x^2/2", &["a", "b", "c", "w"], "0.1");
    let outcome = run(
        &format!("coord x in [-8, 8]\n{text}"),
        sines(false, 100, 20.0),
    );
    assert_eq!(outcome.stopped, Stopped::Converged);
    for (number, found) in outcome.unknowns.iter().enumerate() {
        let exact = f64::from(u8::try_from(number).unwrap()) + 0.5;
        // So few waves are no more accurate; which states they are is the question here.
        assert!((found.value - exact).abs() < 1e-2, "{found:?}");
    }
}

/// A square has two states of energy 5π²/2 with 1 below: the start decides, and both are found.
#[test]
fn a_degenerate_eigenvalue_has_several_states() {
    let text = states("x, y", "0", &["a", "b"], "24");
    let text = format!("coord x in [0, 1]\ncoord y in [0, 1]\n{text}");
    let outcome = run(&text, sines(false, 150, 4.0));
    for found in &outcome.unknowns {
        let exact = 2.5 * PI * PI;
        assert!((found.value - exact).abs() < 1e-4 * exact, "{found:?}");
    }
}

/// No energy of the well lies in the interval: zero is all that solves the equations, and that is said.
#[test]
fn the_trivial_solution_is_named() {
    let text = WELL.replace("(0, 100) = START", "(0, 3) = 1");
    let outcome = run(&text, features(false));
    assert_eq!(outcome.stopped, Stopped::Trivial);
    assert!(
        outcome
            .notes
            .iter()
            .any(|note| note.contains("trivial solution"))
    );
}

/// A state begins positive.
#[test]
fn signs_of_states_follow_a_rule() {
    let text = WELL.replace("START", "19");
    let outcome = run(&text, features(false));
    assert!(values(&outcome, &[0.25])[0] > 1.0);
}

/// `u_xx = −∫u − 1` with zero ends: `u = c·x(1 − x)/2` with `c = 1 + c/12`.
#[test]
fn an_integral_in_an_equation_is_solved_at_once() {
    let text =
        "coord x in [0, 1]\nfield u(x)\neq u_xx = -integral(u, x) - 1\non x = 0, x = 1: u = 0\n";
    let outcome = run(text, features(true));
    let found = values(&outcome, &[0.5])[0];
    assert!((found - 12.0 / 11.0 / 8.0).abs() < 1e-8, "{found}");
}

/// First-order and second-order optimisers on a network see the same problem.
#[test]
fn networks_are_trained_with_integrals() {
    let text =
        "coord x in [0, 1]\nfield u(x)\neq u_xx = -integral(u, x) - 1\non x = 0, x = 1: u = 0\n";
    let optimizers = [
        (Optimizer::GaussNewton { steps: 30 }, 1e-4),
        (Optimizer::Lbfgs { steps: 200 }, 1e-2),
    ];
    for (optimizer, most) in optimizers {
        let outcome = run(text, |settings| {
            settings.network = Architecture::Mlp {
                width: 8,
                depth: 2,
                activation: Activation::Tanh,
            };
            settings.automatic = Automatic::default();
            settings.points.interior = 100;
            settings.optimizer = vec![optimizer.clone()];
        });
        let found = values(&outcome, &[0.5])[0];
        assert!((found - 12.0 / 11.0 / 8.0).abs() < most, "{found}");
    }
}

/// The energy of a string under a load: `u = x(1 − x)/2`.
#[test]
fn energies_are_minimised() {
    let text = "coord x in [0, 1]\nfield u(x)\nminimize integral(u_x^2/2 - u, x)\non x = 0, x = 1: u = 0\n";
    let outcome = run(text, features(true));
    let found = values(&outcome, &[0.5])[0];
    assert!((found - 0.125).abs() < 1e-8, "{found}");
}
