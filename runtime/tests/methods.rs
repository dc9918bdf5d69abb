//! The methods that settings know by name, each with each optimiser: the two work together, or the file is refused with a
//! reason. Which of them are refused is written down here.

#![allow(clippy::unwrap_used)] // a test may fail

use pdec_compiler::front::{Finding, Front, read};
use pdec_compiler::settings::optimizer_names;
use pdec_compiler::source::Source;
use pdec_runtime::solution::Points;
use pdec_runtime::train::{Observer, Options, Report, Stopped, train};

/// Networks and what they read.
const NETWORKS: [&str; 12] = [
    "network = mlp(width = 5, depth = 1)",
    "network = mlp(width = 4, depth = 2)",
    "network = mlp(width = 5, depth = 1, activation = waveact)",
    "network = modified_mlp(width = 4, depth = 2)",
    "network = piratenet(width = 4, depth = 1)",
    "network = propinn(width = 4, depth = 1, hidden = 2, channels = 3, regions = [(0.05, 2)])",
    "network = gaussians(count = 5, sigma = 0.5, width = 3)",
    "network = rational(width = 4, depth = 2)",
    "network = chaos(width = 3, depth = 1, degree = 2)",
    "network = mlp(width = 5, depth = 1) features = fourier(count = 3)",
    "network = mlp(width = 5, depth = 1) rwf = on",
    "",
];

/// Weights, causality, points and conditions.
const METHODS: [&str; 12] = [
    "",
    "weights = grad_norm(every = 2)",
    "weights = ntk(every = 2)",
    "causal = [chunks = 3]",
    "causal = on weights = grad_norm(every = 1)",
    "time_marching = 2",
    "residual_adaptive = [share = 0.5, power = 2, offset = 1]",
    "points.density = correlation",
    "points.sampler = halton",
    "points.sampler = gauss_legendre",
    "conditions = hard",
    "precision = f32",
];

fn front(train: &str) -> Result<Front, Vec<Finding>> {
    let text = format!(
        "coord x in [0, 1]\ntime t in [0, 1]\nfield u(x, t)\neq heat: u_t = 0.1*u_xx\n\
         initial u = sin(pi*x)\non x = 0: u = 0\non x = 1: u_x = -pi*exp(-0.1*pi^2*t)\n\
         train {{ {train} }}"
    );
    read(&Source::new("test.pde", text), &[])
}

/// A run of a few steps ends where its steps do, with numbers; or it is refused with what is wrong and what to do.
fn works(train_block: &str) -> bool {
    let front = match front(train_block) {
        Ok(front) => front,
        Err(findings) => {
            for finding in &findings {
                let found = &finding.diagnostic;
                assert_eq!(found.name, "setting-range", "{train_block}: {found:?}");
                assert!(!found.primary.message.is_empty() && found.help.is_some());
            }
            return false;
        }
    };
    let options = Options {
        seed: 0,
        threads: 1,
        time_limit: None,
        target: None,
    };
    let outcome = train(&front.problem, &front.settings, &options, &mut Silent)
        .unwrap_or_else(|error| panic!("{train_block}: {error}"));
    let ended = matches!(outcome.stopped, Stopped::Steps | Stopped::Converged);
    assert!(ended, "{train_block}: {:?}", outcome.stopped);
    let points = Points {
        coordinates: vec![vec![0.2, 0.9], vec![0.1, 0.8]],
    };
    let values = outcome.solution.evaluate(&points);
    let finite = values.iter().flatten().all(|value| value.is_finite());
    assert!(finite, "{train_block}: {values:?}");
    true
}

/// Optimisers with so few steps that the whole table takes seconds, and whether they solve for a layer at once.
fn optimizers() -> Vec<(String, bool)> {
    let few = |name: &str| match name {
        "linear_solve" | "newton_solve" => (format!("{name}(scale = 2)"), true),
        _ => (format!("{name}(steps = 4)"), false),
    };
    optimizer_names().into_iter().map(few).collect()
}

fn small(rest: &str, conditions: &str) -> String {
    let points = if rest.contains("points.") || rest.contains("residual_adaptive") {
        "points.redraw = 2 points.interior = 40"
    } else {
        "points = [interior = 40, initial = 8, boundary = 4, redraw = 2]"
    };
    let windows = if rest.contains("time_marching") {
        ""
    } else {
        "windows = 1"
    };
    format!("{points} {windows} {conditions} {rest}")
}

#[test]
fn every_network_with_every_optimiser() {
    for (optimizer, solves) in optimizers() {
        for (number, network) in NETWORKS.iter().enumerate() {
            // a solver makes the last layer of one plain hidden layer, or of one that it chooses
            let expected = !solves || number == 0 || network.is_empty();
            let train = small(
                &format!("{network} optimizer = {optimizer}"),
                "conditions = soft",
            );
            assert_eq!(works(&train), expected, "{train}");
        }
    }
}

#[test]
fn every_method_with_every_optimiser() {
    for (optimizer, solves) in optimizers() {
        for method in METHODS {
            // weights follow steps, and a solver has none
            let follows = method.starts_with("weights") || method.starts_with("causal");
            let expected = !(solves && follows);
            let network = if solves {
                ""
            } else {
                "network = mlp(width = 4, depth = 1)"
            };
            let conditions = if method.starts_with("conditions") {
                ""
            } else {
                "conditions = soft"
            };
            let rest = format!("{method} {network} optimizer = {optimizer}");
            let train = small(&rest, conditions);
            assert_eq!(works(&train), expected, "{train}");
        }
    }
}

struct Silent;

impl Observer for Silent {
    fn report(&mut self, _: &Report) {}
    fn stop(&self) -> bool {
        false
    }
}
