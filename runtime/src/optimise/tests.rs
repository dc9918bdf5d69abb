//! Every method on Rosenbrock's function and on a quadratic whose answer is known.

use super::adam::Adam;
use super::lbfgs::Lbfgs;
use super::natural_gradient::NaturalGradient;
use super::soap::{Soap, Weights};
use super::ss_broyden::SsBroyden;
use super::{Method, Objective, Progress, dot};
use crate::engine::Panels;

/// `r = (10·(y − x²), 1 − x)`, whose sum of squares is Rosenbrock's function.
pub struct Rosenbrock;

impl Objective for Rosenbrock {
    fn loss_and_gradient(&self, p: &[f64]) -> (f64, Vec<f64>) {
        let r = self.residuals(p);
        let gradient = vec![-40.0 * p[0] * r[0] - 2.0 * r[1], 20.0 * r[0]];
        (dot(&r, &r), gradient)
    }
    fn residuals(&self, p: &[f64]) -> Vec<f64> {
        vec![10.0 * (p[1] - p[0] * p[0]), 1.0 - p[0]]
    }
    fn jacobian(&self, p: &[f64], jacobian: &mut Panels) {
        let r = self.residuals(p);
        let columns = [-20.0 * p[0], -1.0, 10.0, 0.0, r[0], r[1]];
        *jacobian = Panels::from_columns(&columns, 2, 3);
    }
    fn with_threads<R: Send>(&self, work: impl FnOnce() -> R + Send) -> R {
        work()
    }
}

/// `r_k = k·(x_k − 1/k)` for `k = 1 … 30`, and the sum of all: a condition of about 1000, with the minimum by hand
/// where the sum is left out.
struct Quadratic;

const SIZE: usize = 30;

impl Objective for Quadratic {
    fn loss_and_gradient(&self, p: &[f64]) -> (f64, Vec<f64>) {
        let r = self.residuals(p);
        let gradient = r.iter().enumerate().map(|(k, r)| 2.0 * (k + 1) as f64 * r);
        (dot(&r, &r), gradient.collect())
    }
    fn residuals(&self, p: &[f64]) -> Vec<f64> {
        let residual = |(k, p): (usize, &f64)| (k + 1) as f64 * p - 1.0;
        p.iter().enumerate().map(residual).collect()
    }
    fn jacobian(&self, p: &[f64], jacobian: &mut Panels) {
        let mut columns = vec![0.0; SIZE * SIZE];
        for k in 0..SIZE {
            columns[k * SIZE + k] = (k + 1) as f64;
        }
        columns.extend(self.residuals(p));
        *jacobian = Panels::from_columns(&columns, SIZE, SIZE + 1);
    }
    fn with_threads<R: Send>(&self, work: impl FnOnce() -> R + Send) -> R {
        work()
    }
}

fn methods(count: usize, steps: usize) -> Vec<(&'static str, Method)> {
    // A matrix whose sides are not equal, and a rest that is a vector.
    let matrix = Weights {
        first: 0,
        rows: count.min(4) / 2,
        columns: if count > 4 { 7 } else { 1 },
    };
    let adam = |rate| Adam::new(count, rate, steps);
    let natural = NaturalGradient::new(0.5, 0.5, steps);
    vec![
        ("adam", Method::Adam(adam(0.05))),
        ("adamw", Method::Adam(adam(0.05).with_decay(1e-6))),
        (
            "soap",
            Method::Soap(Soap::new(count, &[matrix], 0.05, steps)),
        ),
        ("lbfgs", Method::Lbfgs(Lbfgs::new())),
        ("ss_broyden", Method::SsBroyden(SsBroyden::new())),
        (
            "natural_gradient",
            Method::NaturalGradient(Box::new(natural)),
        ),
    ]
}

fn run(method: &mut Method, objective: &impl Objective, p: &mut Vec<f64>, steps: usize) -> usize {
    for step in 0..steps {
        let (loss, progress) = method.step(objective, p);
        assert_ne!(progress, Progress::NotFinite);
        if progress == Progress::Stalled || loss < 1e-24 {
            return step;
        }
    }
    steps
}

#[test]
fn every_method_follows_a_curved_valley() {
    for (name, mut method) in methods(2, 4000) {
        let mut p = vec![-1.2, 1.0];
        let steps = run(&mut method, &Rosenbrock, &mut p, 4000);
        let off = (p[0] - 1.0).abs().max((p[1] - 1.0).abs());
        assert!(off < 2e-2, "{name}: {p:?} after {steps}");
        if matches!(method, Method::Lbfgs(_) | Method::SsBroyden(_)) {
            assert!(off < 1e-8 && steps < 100, "{name}: {off:e} after {steps}");
        }
    }
}

#[test]
fn every_method_finds_the_minimum_of_a_quadratic() {
    for (name, mut method) in methods(SIZE, 4000) {
        let mut p = vec![0.3; SIZE];
        let steps = run(&mut method, &Quadratic, &mut p, 4000);
        for (k, p) in p.iter().enumerate() {
            let truth = 1.0 / (k + 1) as f64;
            assert!((p - truth).abs() < 1e-3, "{name}: {k} {p} after {steps}");
        }
        if matches!(method, Method::Lbfgs(_) | Method::SsBroyden(_)) {
            assert!(steps < 200, "{name}: {steps}");
        }
    }
}

/// Without a gradient, what is left of a parameter after AdamW's steps is the product of what each one leaves.
#[test]
fn weight_decay_is_decoupled() {
    struct Flat;
    impl Objective for Flat {
        fn loss_and_gradient(&self, p: &[f64]) -> (f64, Vec<f64>) {
            (1.0, vec![0.0; p.len()])
        }
        fn residuals(&self, _: &[f64]) -> Vec<f64> {
            vec![1.0]
        }
        fn jacobian(&self, _: &[f64], _: &mut Panels) {}
        fn with_threads<R: Send>(&self, work: impl FnOnce() -> R + Send) -> R {
            work()
        }
    }
    let mut method = Adam::new(1, 0.1, 1_000_000).with_decay(0.5);
    let mut p = vec![2.0];
    for _ in 0..10 {
        method.step(&Flat, &mut p);
    }
    assert!((p[0] - 2.0 * 0.95f64.powi(10)).abs() < 1e-9, "{p:?}");
}

#[test]
fn what_is_not_a_number_is_reported() {
    for (name, mut method) in methods(2, 10) {
        let mut p = vec![f64::NAN, 1.0];
        let (_, progress) = method.step(&Rosenbrock, &mut p);
        assert_eq!(progress, Progress::NotFinite, "{name}");
    }
}
