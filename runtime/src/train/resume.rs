//! The state of a run between two steps, and a run that goes on from there.
//!
//! * Output: a [`State`] that holds everything that decides the rest of the run: windows that are done, parameters, the
//!   method's memory, points, random streams, counters, notes.
//! * Invariants: taking it changes nothing, so the bits of a run do not depend on when, or whether, it was taken. The search
//!   for random features is not in it: it takes seconds and is the same every time, so it is made again.

use super::run::Run;
use super::sums::Sums;
use super::window::WindowState;
use super::{GradientCorrelation, Stopped};
use crate::solution::Window;
use crate::state::{Resume, State, StateError, wrong};
use std::time::{Duration, Instant};

/// The windows that are done, and what they add up to.
#[derive(Default)]
pub struct Done {
    /// The networks.
    pub windows: Vec<Window>,
    /// Why each ended.
    pub reasons: Vec<Stopped>,
    /// Mean squares on training points.
    pub train: Sums,
    /// Mean squares on fresh points.
    pub fresh: Sums,
    /// How far gradients reach.
    pub correlations: Vec<GradientCorrelation>,
    /// The largest relative residual.
    pub largest: f64,
}

/// Where in the sequence of optimisers a window is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Turn {
    /// The optimiser.
    pub optimizer: usize,
    /// Attempts that have failed.
    pub attempt: u32,
    /// The parameters that this attempt began with.
    pub good: Vec<f64>,
}

/// What a sequence of steps remembers beside its method.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Memory {
    /// The next step.
    pub next: usize,
    /// Whether the last one found nothing lower.
    pub stalled: bool,
    /// The losses so far, where they are wanted.
    pub losses: Vec<f64>,
    /// The lowest loss and its parameters, where they are wanted.
    pub best: (f64, Vec<f64>),
}

impl Resume for Memory {
    fn save(&self, state: &mut State) {
        let Self {
            next,
            stalled,
            losses,
            best,
        } = self;
        state.put_count("next", *next);
        state.put_count("stalled", usize::from(*stalled));
        state.put_numbers("losses", losses);
        state.put_numbers("best.loss", &[best.0]);
        state.put_numbers("best.parameters", &best.1);
    }

    fn load(&mut self, state: &State) -> Result<(), StateError> {
        self.next = state.count("next")?;
        self.stalled = state.count("stalled")? != 0;
        self.losses = state.numbers("losses")?.to_vec();
        self.best.0 = state.number("best.loss")?;
        self.best.1 = state.finite("best.parameters", self.best.1.len())?;
        Ok(())
    }
}

impl Resume for Turn {
    fn save(&self, state: &mut State) {
        let Self {
            optimizer,
            attempt,
            good,
        } = self;
        state.put_count("optimizer", *optimizer);
        state.put_count("attempt", *attempt as usize);
        state.put_numbers("good", good);
    }

    fn load(&mut self, state: &State) -> Result<(), StateError> {
        self.optimizer = state.count("optimizer")?;
        self.attempt =
            u32::try_from(state.count("attempt")?).map_err(|_| wrong("attempt", "is too large"))?;
        self.good = state.finite("good", self.good.len())?;
        Ok(())
    }
}

impl Resume for Done {
    fn save(&self, state: &mut State) {
        let Self {
            windows,
            reasons,
            train,
            fresh,
            correlations,
            largest,
        } = self;
        state.put_count("windows", windows.len());
        for (number, window) in windows.iter().enumerate() {
            let Window {
                low,
                high,
                parameters,
            } = window;
            state.put_numbers(&format!("window{number}.interval"), &[*low, *high]);
            state.put_numbers(&format!("window{number}.parameters"), parameters);
        }
        put_texts(state, "reasons", reasons.iter().map(|reason| reason.name()));
        state.put("train", train);
        state.put("fresh", fresh);
        let correlations: Vec<f64> = correlations
            .iter()
            .flat_map(|it| [it.raw, it.cosine, it.offset])
            .collect();
        state.put_numbers("correlations", &correlations);
        state.put_numbers("largest", &[*largest]);
    }

    fn load(&mut self, state: &State) -> Result<(), StateError> {
        let count = state.count("windows")?;
        self.windows.clear();
        for number in 0..count {
            let interval = state.finite(&format!("window{number}.interval"), 2)?;
            let name = format!("window{number}.parameters");
            let size = state.numbers(&name)?.len();
            self.windows.push(Window {
                low: interval[0],
                high: interval[1],
                parameters: state.finite(&name, size)?,
            });
        }
        self.reasons = texts(state, "reasons")?
            .iter()
            .map(|name| {
                Stopped::of_name(name).ok_or_else(|| wrong("reasons", "has an unknown one"))
            })
            .collect::<Result<_, _>>()?;
        if self.reasons.len() != count {
            return Err(wrong("reasons", "are not one for each window"));
        }
        state.get("train", &mut self.train)?;
        state.get("fresh", &mut self.fresh)?;
        let correlations = state.numbers_of("correlations", 3 * count)?;
        self.correlations = correlations
            .chunks_exact(3)
            .map(|it| GradientCorrelation {
                raw: it[0],
                cosine: it[1],
                offset: it[2],
            })
            .collect();
        self.largest = state.number("largest")?;
        Ok(())
    }
}

/// The time windows that were done when a state was taken, in their order.
///
/// # Errors
///
/// [`StateError`] if it is not the state of a run.
pub fn windows_done(state: &State) -> Result<Vec<Window>, StateError> {
    let mut done = Done::default();
    state.get("done", &mut done)?;
    Ok(done.windows)
}

impl Run<'_> {
    /// Hands the state to the observer, where it wants it or must have it.
    pub(super) fn keep(
        &mut self,
        must: bool,
        window: &WindowState<'_>,
        weights: &[f64],
        method: &impl Resume,
        memory: &Memory,
    ) {
        if !must && !self.observer.wants_state() {
            return;
        }
        let mut state = State::default();
        state.put_count("step", self.step);
        state.put_numbers("seconds", &[self.begin.elapsed().as_secs_f64()]);
        state.put_words("points", &[self.points()]);
        state.put_count("reports", self.reports);
        put_texts(&mut state, "notes", self.notes.iter().map(String::as_str));
        state.put_numbers("first_loss", &[self.first_loss]);
        state.put("random", &self.random);
        state.put("fresh", &self.fresh);
        state.put("done", &self.done);
        state.put("turn", &self.turn);
        state.put("window", window);
        state.put_numbers("weights", weights);
        state.put("method", method);
        state.put("memory", memory);
        self.observer.state(state);
    }

    /// Goes on from a state: everything but the window at hand and its method, which follow when they have been made.
    pub(super) fn load(&mut self, state: &State, weights: &mut Vec<f64>) -> Result<(), StateError> {
        self.step = state.count("step")?;
        let seconds = state.finite("seconds", 1)?[0];
        let seconds = Duration::try_from_secs_f64(seconds)
            .map_err(|_| wrong("seconds", "is no length of time"))?;
        let now = Instant::now();
        self.begin = now.checked_sub(seconds).unwrap_or(now);
        self.points_before = state.words("points")?.first().copied().unwrap_or(0);
        self.reports = state.count("reports")?;
        self.notes = texts(state, "notes")?;
        self.first_loss = state.number("first_loss")?;
        state.get("fresh", &mut self.fresh)?;
        state.get("done", &mut self.done)?;
        let count = weights.len();
        if self.done.windows.len() >= self.settings.windows.max(1)
            || self
                .done
                .windows
                .iter()
                .any(|it| it.parameters.len() != count)
        {
            return Err(wrong("done", "are not windows of this run"));
        }
        self.turn.good.resize(count, 0.0);
        state.get("turn", &mut self.turn)?;
        if self.turn.optimizer >= self.settings.optimizer.len() {
            return Err(wrong("turn", "is an optimiser that this run has not"));
        }
        *weights = state.finite("weights", count)?;
        Ok(())
    }

    /// Goes on from the state that the run was given, once: the method and its memory.
    pub(super) fn load_method(
        &mut self,
        method: &mut impl Resume,
        memory: &mut Memory,
    ) -> Result<(), StateError> {
        if let Some(state) = self.from.take() {
            state.get("method", method)?;
            state.get("memory", memory)?;
        }
        Ok(())
    }
}

/// Names and numbers.
pub fn put_pairs(state: &mut State, name: &str, pairs: &[(String, f64)]) {
    let names = pairs.iter().map(|(name, _)| name.as_str());
    put_texts(state, &format!("{name}.names"), names);
    let values: Vec<f64> = pairs.iter().map(|(_, value)| *value).collect();
    state.put_numbers(&format!("{name}.values"), &values);
}

/// Names and numbers, as they were.
pub fn pairs(state: &State, name: &str) -> Result<Vec<(String, f64)>, StateError> {
    let names = texts(state, &format!("{name}.names"))?;
    let values = state.numbers_of(&format!("{name}.values"), names.len())?;
    Ok(names.into_iter().zip(values).collect())
}

/// Several texts, as JSON.
fn put_texts<'a>(state: &mut State, name: &str, texts: impl Iterator<Item = &'a str>) {
    let list: serde_json::Value = texts.collect();
    state.put_text(name, &list.to_string());
}

fn texts(state: &State, name: &str) -> Result<Vec<String>, StateError> {
    serde_json::from_str(state.text(name)?).map_err(|_| wrong(name, "is no list of texts"))
}
