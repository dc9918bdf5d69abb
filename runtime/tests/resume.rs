//! Runs that are interrupted and go on, against the same runs left alone: for every optimiser and sampler that settings
//! know by name, so that one that is added is tested here without a word.

#![allow(clippy::unwrap_used)] // a test may fail

use pdec_compiler::front;
use pdec_compiler::hir::Problem;
use pdec_compiler::settings::{Optimizer, SAMPLERS, Settings, apply, optimizer_names};
use pdec_compiler::source::Source;
use pdec_compiler::syntax::parse_setting;
use pdec_runtime::solution::Window;
use pdec_runtime::state::{Entry, State};
use pdec_runtime::train::{Observer, Options, Outcome, Report, Stopped, TrainError, resume, train};

const BURGERS: &str = "coord x in [-1, 1]\ntime t in [0, 0.4]\nfield u(x, t)\nparam nu = 0.1\n\
                       eq burgers: u_t + u*u_x = nu*u_xx\ninitial u = -sin(pi*x)\non x = -1, x = 1: u = 0\n";

/// Keeps every state, or none, and stops after so many reports.
#[derive(Default)]
struct Listener {
    states: Vec<State>,
    keeps: bool,
    reports: Vec<(usize, f64)>,
    stop_after: Option<usize>,
}

impl Observer for Listener {
    fn report(&mut self, report: &Report) {
        self.reports.push((report.step, report.loss));
    }
    fn stop(&self) -> bool {
        self.stop_after
            .is_some_and(|limit| self.reports.len() >= limit)
    }
    fn wants_state(&self) -> bool {
        self.keeps
    }
    fn state(&mut self, state: State) {
        self.states.push(state);
    }
}

fn problem() -> Problem {
    let source = Source::new("test.pde", BURGERS);
    front::read(&source, &[]).unwrap().problem
}

/// Small settings with these on top; none where an optimiser takes no such argument.
fn settings(problem: &Problem, more: &[&str]) -> Option<Settings> {
    let mut settings = Settings::default_for(problem);
    let common = [
        "network=mlp(width = 6, depth = 2)",
        "points=[interior = 80, initial = 16, boundary = 8, redraw = 3]",
        "windows=2",
    ];
    let entries: Vec<_> = common
        .iter()
        .chain(more)
        .map(|text| parse_setting(&Source::new("--set", *text)).unwrap())
        .collect();
    apply(&mut settings, &entries).ok()?;
    Some(settings)
}

fn options(target: Option<f64>) -> Options {
    Options {
        seed: 4,
        threads: 2,
        time_limit: None,
        target,
    }
}

fn bits(outcome: &Outcome) -> Vec<u64> {
    let windows = outcome.solution.windows().iter();
    let numbers = |window: &Window| {
        let ends = [window.low, window.high];
        ends.into_iter().chain(window.parameters.clone())
    };
    let residuals = outcome.residuals.iter().flat_map(|it| [it.train, it.fresh]);
    let correlation = outcome.gradient_correlation;
    let rest = [
        correlation.raw,
        correlation.cosine,
        outcome.relative_residual,
    ];
    windows
        .flat_map(numbers)
        .chain(residuals)
        .chain(rest)
        .map(f64::to_bits)
        .collect()
}

/// From every `stride`-th state on, and from the first and last, everything is as if nothing had happened.
fn goes_on(name: &str, settings: &Settings, target: Option<f64>) {
    let problem = problem();
    let mut plain = Listener::default();
    let whole = train(&problem, settings, &options(target), &mut plain).unwrap();
    let mut keeping = Listener {
        keeps: true,
        ..Listener::default()
    };
    let kept = train(&problem, settings, &options(target), &mut keeping).unwrap();
    assert_eq!(bits(&whole), bits(&kept), "{name}: a look changes the run");
    let states = keeping.states;
    let stride = (states.len() / 4).max(1);
    let last = states.len().saturating_sub(1);
    for (number, state) in states.iter().enumerate() {
        if number % stride != 0 && number != last {
            continue;
        }
        let mut listener = Listener::default();
        let again = resume(&problem, settings, &options(target), &mut listener, state).unwrap();
        assert_eq!(bits(&whole), bits(&again), "{name}: from state {number}");
        assert_eq!(whole.stopped, again.stopped, "{name}: from state {number}");
        assert_eq!(whole.steps, again.steps, "{name}: from state {number}");
        assert_eq!(whole.notes, again.notes, "{name}: from state {number}");
        let rest = &plain.reports[plain.reports.len() - listener.reports.len()..];
        assert_eq!(rest, listener.reports, "{name}: reports from {number}");
    }
}

#[test]
fn every_optimizer_goes_on() {
    let problem = problem();
    for name in optimizer_names() {
        let steps = format!("optimizer={name}(steps = 17)");
        let plain = format!("optimizer={name}");
        let settings = settings(&problem, &[&steps]).or_else(|| settings(&problem, &[&plain]));
        goes_on(name, &settings.unwrap(), None);
    }
}

#[test]
fn every_sampler_goes_on() {
    let problem = problem();
    for (name, sampler) in SAMPLERS {
        let mut settings = settings(&problem, &["optimizer=gauss_newton(steps = 9)"]).unwrap();
        settings.points.sampler = sampler;
        goes_on(name, &settings, None);
    }
}

/// Several optimisers, one of which diverges and begins again more carefully; and a target that is reached.
#[test]
fn a_sequence_goes_on() {
    let problem = problem();
    let sequence =
        "optimizer=[adam(steps = 13, lr = 1e-3), lbfgs(steps = 11), gauss_newton(steps = 9)]";
    goes_on("sequence", &settings(&problem, &[sequence]).unwrap(), None);
    // The rate is beyond what settings allow.
    let wild = "optimizer=[adam(steps = 40), gauss_newton(steps = 5)]";
    let mut wild = settings(&problem, &[wild]).unwrap();
    wild.optimizer[0] = Optimizer::Adam {
        steps: 40,
        learning_rate: 1e6,
    };
    goes_on("divergence", &wild, None);
    let long = "optimizer=gauss_newton(steps = 60)";
    goes_on("target", &settings(&problem, &[long]).unwrap(), Some(1e-3));
}

/// Weights that follow training, and causal chunks of time, are where they were.
#[test]
fn weights_that_follow_go_on() {
    let problem = problem();
    let conditions = "conditions=soft";
    let optimizers = [
        "adam(steps = 41)",
        "gauss_newton(steps = 9)",
        "lbfgs(steps = 70)",
    ];
    for weights in ["grad_norm", "ntk"] {
        for optimizer in optimizers {
            let weights = format!("weights={weights}(every = 4)");
            let optimizer = format!("optimizer={optimizer}");
            let settings = settings(&problem, &[conditions, &weights, &optimizer]);
            goes_on(&format!("{weights}, {optimizer}"), &settings.unwrap(), None);
        }
    }
    for optimizer in optimizers {
        let optimizer = format!("optimizer={optimizer}");
        let causal = "causal=[chunks = 4, epsilon = 1]";
        let settings = settings(&problem, &[conditions, causal, &optimizer]);
        goes_on(&format!("causal, {optimizer}"), &settings.unwrap(), None);
    }
}

/// What an interrupted run hands over as its last word is enough to go on.
#[test]
fn an_interrupted_run_goes_on() {
    let problem = problem();
    let settings = settings(&problem, &["optimizer=soap(steps = 60)"]).unwrap();
    let whole = train(
        &problem,
        &settings,
        &options(None),
        &mut Listener::default(),
    )
    .unwrap();
    let mut listener = Listener {
        stop_after: Some(4),
        ..Listener::default()
    };
    let part = train(&problem, &settings, &options(None), &mut listener).unwrap();
    assert_eq!(part.stopped, Stopped::Interrupted);
    assert_eq!(listener.states.len(), 1);
    let state = &listener.states[0];
    let mut rest = Listener::default();
    let again = resume(&problem, &settings, &options(None), &mut rest, state).unwrap();
    assert_eq!(bits(&whole), bits(&again));
}

/// A state that is not one of the run is refused, whatever is wrong with it.
#[test]
fn another_state_is_refused() {
    let problem = problem();
    let settings = settings(&problem, &["optimizer=soap(steps = 17)"]).unwrap();
    let mut listener = Listener {
        keeps: true,
        ..Listener::default()
    };
    train(&problem, &settings, &options(None), &mut listener).unwrap();
    let good = listener.states.last().unwrap();
    let refused = |state: &State, name: &str| {
        let mut rest = Listener::default();
        let found = resume(&problem, &settings, &options(None), &mut rest, state);
        match found {
            Err(TrainError::State(error)) => assert!(!error.to_string().is_empty()),
            Err(other) => panic!("{name}: {other}"),
            Ok(_) => panic!("{name} was taken"),
        }
    };
    refused(&State::default(), "nothing");
    let without = |name: &str| {
        let mut state = State::default();
        for (other, entry) in good.entries().filter(|(other, _)| *other != name) {
            state.insert(other, entry.clone());
        }
        state
    };
    for (name, entry) in good.entries() {
        refused(&without(name), name);
        // an array with one value more
        let mut longer = without(name);
        match entry {
            Entry::Numbers(values) => {
                longer.put_numbers(name, &[&values[..], &[0.5]].concat());
            }
            Entry::Words(values) => longer.put_words(name, &[&values[..], &[1]].concat()),
            Entry::Text(_) => longer.put_text(name, "{"),
        }
        // the losses may be any number
        if name != "memory.losses" && name != "points" {
            refused(&longer, name);
        }
    }
    for name in ["weights", "window.term0.coordinates0", "turn.good"] {
        let mut state = without(name);
        let count = good.numbers(name).unwrap().len();
        state.put_numbers(name, &vec![f64::NAN; count]);
        refused(&state, name);
    }
}
