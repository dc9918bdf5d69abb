//! A small network with regions and concatenations, and what it should compute, by explicit loops over sites,
//! neurons and derivatives: nothing here knows of jets, kernels or buffers.

// Clippy knows `#[test]` functions, not their helpers; no test uses all of them.
#![allow(clippy::unwrap_used, dead_code, unused_imports)]

pub mod execute;
mod scalar;

use pdec_compiler::front;
use pdec_compiler::hir::Problem;
use pdec_compiler::network::{Activation, Network, Pointwise, Source};
use pdec_compiler::program::{Compiled, build_with};
use pdec_compiler::settings::{Conditions, Settings};
pub use scalar::{Dual, Jet, Scalar};

/// The diffusion varies, so that the combination of highest derivatives has a coefficient of its own at each
/// point, which must not move with the sites.
pub const PROBLEM: &str = "
    coord x in [-1, 2]
    time t in [0, 1]
    field u(x, t)
    eq burgers: u_t + u*u_x = (0.1 + x^2/10)*u_xx + sin(u)
    initial u = cos(x)
    on x = -1, x = 2: u = 0
";

/// Where the time window begins and ends.
pub const WINDOW: [f64; 2] = [0.1, 0.8];

/// The sites: the point, a grid of 2×2 and one of 3×2.
fn displacements() -> Vec<Vec<f64>> {
    let mut sites = vec![vec![0.0, 0.0]];
    for (columns, rows, reach) in [(2, 2, 0.1), (3, 2, 0.25)] {
        for column in 0..columns {
            for row in 0..rows {
                let along = |k: usize, of: usize| reach * (2.0 * k as f64 / (of - 1) as f64 - 1.0);
                sites.push(vec![along(column, columns), along(row, rows)]);
            }
        }
    }
    sites
}

const REGIONS: [std::ops::Range<usize>; 3] = [0..1, 1..5, 5..11];
const CHANNELS: usize = 3;

/// A projection shared by all sites, the mean of each region, a mixer of the regions for each channel, and a head
/// that reads the mixed channels, all means and the input itself.
pub fn network(inputs: usize, outputs: usize) -> Network {
    let activation = |f: Activation| Pointwise::Activation(f);
    let mut n = Network::empty(inputs, displacements());
    let sites = n.displacements.len();
    let hidden = n.shared_affine("projection0", Source::Displaced, sites, 4);
    let hidden = n.pointwise(activation(Activation::Tanh), &[hidden]);
    let projected = n.shared_affine("projection1", hidden, sites, CHANNELS);
    let tokens = n.mean(projected, sites, &REGIONS);
    let mixer = n.shared_affine("mixer0", tokens, CHANNELS, 5);
    let mixer = n.pointwise(activation(Activation::Sin), &[mixer]);
    let mixed = n.shared_affine("mixer1", mixer, CHANNELS, 1);
    let all = n.concatenation(&[mixed, tokens, Source::Input]);
    let head = n.affine("head", all, 6);
    let head = n.pointwise(activation(Activation::Tanh), &[head]);
    n.affine("output", head, outputs);
    n
}

/// The same network, one number after another. `point` is (x, t).
fn naive_network<S: Scalar>(theta: &[S], point: [Jet<S>; 2]) -> Jet<S> {
    let input = |dx: f64, dt: f64| {
        let [low, high] = WINDOW;
        let x = point[0].plus(&Jet::number(dx * 1.5));
        let t = point[1].plus(&Jet::number(dt * 0.5 * (high - low)));
        let x = x.plus(&Jet::number(-0.5)).times(&Jet::number(1.0 / 1.5));
        let t = t
            .plus(&Jet::number(-low))
            .times(&Jet::number(2.0 / (high - low)));
        vec![x, t.plus(&Jet::number(-1.0))]
    };
    let mut parameters = theta.iter();
    let mut layer = |inputs: usize, outputs: usize| {
        let weights: Vec<Vec<S>> = (0..outputs)
            .map(|_| parameters.by_ref().take(inputs).copied().collect())
            .collect();
        let biases: Vec<S> = parameters.by_ref().take(outputs).copied().collect();
        move |values: &[Jet<S>]| -> Vec<Jet<S>> {
            assert_eq!(values.len(), inputs);
            let mut results = Vec::new();
            for (row, bias) in weights.iter().zip(&biases) {
                let mut sum = Jet::constant(*bias);
                for (weight, value) in row.iter().zip(values) {
                    sum = sum.plus(&value.times(&Jet::constant(*weight)));
                }
                results.push(sum);
            }
            results
        }
    };
    let (projection0, projection1) = (layer(2, 4), layer(4, CHANNELS));
    let (mixer0, mixer1) = (layer(3, 5), layer(5, 1));
    let (head, output) = (layer(CHANNELS + 3 * CHANNELS + 2, 6), layer(6, 1));
    assert!(parameters.next().is_none());

    let map =
        |values: Vec<Jet<S>>, f: fn(&Jet<S>) -> Jet<S>| values.iter().map(f).collect::<Vec<_>>();
    let mut tokens: Vec<Vec<Jet<S>>> = Vec::new();
    for region in REGIONS {
        let mut sum = vec![Jet::number(0.0); CHANNELS];
        let share = Jet::number(1.0 / region.len() as f64);
        for site in region {
            let by = &displacements()[site];
            let projected = projection1(&map(projection0(&input(by[0], by[1])), Jet::tanh));
            for (sum, value) in sum.iter_mut().zip(&projected) {
                *sum = sum.plus(&value.times(&share));
            }
        }
        tokens.push(sum);
    }
    let mut all = Vec::new();
    for channel in 0..CHANNELS {
        let across: Vec<Jet<S>> = tokens.iter().map(|token| token[channel]).collect();
        all.push(mixer1(&map(mixer0(&across), Jet::sin))[0]);
    }
    all.extend(tokens.into_iter().flatten());
    all.extend(input(0.0, 0.0));
    output(&map(head(&all), Jet::tanh))[0]
}

/// The residuals at a point: of the equation, times the length of the window, and of the initial value.
pub fn naive<S: Scalar>(theta: &[S], x: f64, t: f64) -> (S, S) {
    let u = naive_network(theta, [Jet::x(x), Jet::t(t)]);
    let diffusion = S::number(0.1 + x * x / 10.0);
    let advected = u.t.plus(&u.v.times(&u.x));
    let spread = diffusion.times(&u.xx).plus(&u.v.sin());
    let residual = advected.plus(&spread.times(&S::number(-1.0)));
    (residual.times(&S::number(WINDOW[1] - WINDOW[0])), u.v)
}

/// The problem compiled with this network, its boundary values in the loss.
pub fn compiled(collapse: bool) -> (Problem, Compiled) {
    let source = pdec_compiler::source::Source::new("regions.pde", PROBLEM);
    let problem = front::read(&source, &[]).unwrap().problem;
    let mut settings = Settings::default_for(&problem);
    settings.conditions = Conditions::Soft;
    settings.collapse = collapse;
    let compiled = build_with(&problem, &settings, network);
    (problem, compiled)
}

/// Parameters of order one without structure.
pub fn parameters(count: usize) -> Vec<f64> {
    (0..count)
        .map(|k| (((k * 7919 + 31) % 1013) as f64 / 1013.0 - 0.5) * 1.4)
        .collect()
}

/// Points inside the domain.
pub const POINTS: [(f64, f64); 4] = [(0.3, 0.45), (-0.97, 0.11), (1.96, 0.79), (1.1, 0.6)];
