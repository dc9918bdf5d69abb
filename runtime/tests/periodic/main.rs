//! Problems in one coordinate and time whose functions live on a circle, with the defaults: solutions in closed form.

#![allow(clippy::unwrap_used)] // a test may fail

mod circle;
mod walls;

use pdec_compiler::hir::{Overrides, Problem, resolve};
use pdec_compiler::settings::{Optimizer, Settings};
use pdec_compiler::source::Source;
use pdec_compiler::syntax::parse;
use pdec_runtime::solution::Points;
use pdec_runtime::train::{Observer, Options, Outcome, Report, Stopped, train};

/// Stops after so many reports.
struct Until(std::cell::Cell<usize>);

impl Observer for Until {
    fn report(&mut self, _: &Report) {
        self.0.set(self.0.get().saturating_sub(1));
    }
    fn stop(&self) -> bool {
        self.0.get() == 0
    }
}

fn problem(text: &str) -> Problem {
    let source = Source::new("test.pde", text);
    let document = parse(&source).unwrap();
    resolve(&source, &document, &Overrides::new()).unwrap().0
}

fn run(problem: &Problem, settings: &Settings, threads: usize, reports: usize) -> Outcome {
    let options = Options {
        seed: 0,
        threads,
        time_limit: None,
        target: None,
    };
    let mut until = Until(std::cell::Cell::new(reports));
    train(problem, settings, &options, &mut until).unwrap()
}

fn solve(text: &str) -> (Problem, Outcome) {
    let problem = problem(text);
    let outcome = run(&problem, &Settings::default_for(&problem), 2, usize::MAX);
    (problem, outcome)
}

fn has_waves(outcome: &Outcome) -> bool {
    let mut optimizers = outcome.settings.optimizer.iter();
    optimizers.any(Optimizer::has_waves)
}

/// The largest error of a field, on a lattice that has nothing to do with the windows.
fn error(outcome: &Outcome, field: usize, ends: [f64; 3], truth: impl Fn(f64, f64) -> f64) -> f64 {
    let [low, high, end] = ends;
    let unit = |k: u32, step: f64| (0.5 + f64::from(k) * step).fract();
    let x: Vec<f64> = (0..1000)
        .map(|k| low + (high - low) * unit(k, 0.754_877_666_246_692_8))
        .collect();
    let t: Vec<f64> = (0..1000)
        .map(|k| end * unit(k, 0.569_840_290_998_053_3))
        .collect();
    let values = outcome.solution.evaluate(&Points {
        coordinates: vec![x.clone(), t.clone()],
    });
    let errors = values[field].iter().zip(x.iter().zip(&t));
    errors
        .map(|(value, (&x, &t))| (value - truth(x, t)).abs())
        .fold(0.0, f64::max)
}
