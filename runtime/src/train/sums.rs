//! What the windows of a run add up to.

use super::resume::{pairs, put_pairs};
use super::{GradientCorrelation, ResidualSummary, Stopped};
use crate::state::{Resume, State, StateError};

/// Why the run ended, from why each window did: the reason that says most.
pub fn overall(reasons: &[Stopped]) -> Stopped {
    let last = reasons.last().copied().unwrap_or(Stopped::Steps);
    if matches!(last, Stopped::Interrupted | Stopped::Diverged) {
        last
    } else if reasons.contains(&Stopped::TimeLimit) {
        Stopped::TimeLimit
    } else if reasons.iter().all(|reason| *reason == Stopped::Target) {
        Stopped::Target
    } else if reasons.iter().all(|reason| *reason == Stopped::Converged) {
        Stopped::Converged
    } else {
        Stopped::Steps
    }
}

/// Mean squares added up over windows.
#[derive(Default)]
pub struct Sums {
    terms: Vec<(String, f64)>,
    windows: usize,
}

impl Sums {
    /// Adds those of a window.
    pub fn add(&mut self, terms: Vec<(String, f64)>) {
        self.windows += 1;
        if self.terms.is_empty() {
            self.terms = terms;
        } else {
            for (sum, term) in self.terms.iter_mut().zip(terms) {
                sum.1 += term.1;
            }
        }
    }

    /// Root mean squares over all windows.
    pub fn roots(&self) -> Vec<(String, f64)> {
        #[allow(clippy::cast_precision_loss)] // a handful of windows
        let windows = self.windows.max(1) as f64;
        self.terms
            .iter()
            .map(|(label, sum)| (label.clone(), (sum / windows).sqrt()))
            .collect()
    }
}

impl Resume for Sums {
    fn save(&self, state: &mut State) {
        let Self { terms, windows } = self;
        put_pairs(state, "terms", terms);
        state.put_count("windows", *windows);
    }

    fn load(&mut self, state: &State) -> Result<(), StateError> {
        self.terms = pairs(state, "terms")?;
        self.windows = state.count("windows")?;
        Ok(())
    }
}

/// The mean over windows.
pub fn mean(correlations: &[GradientCorrelation]) -> GradientCorrelation {
    #[allow(clippy::cast_precision_loss)] // a handful of windows
    let count = correlations.len().max(1) as f64;
    GradientCorrelation {
        raw: correlations.iter().map(|c| c.raw).sum::<f64>() / count,
        cosine: correlations.iter().map(|c| c.cosine).sum::<f64>() / count,
        offset: correlations.first().map_or(0.0, |c| c.offset),
    }
}

/// Residuals on training and fresh points, by label.
pub fn summaries(train: &Sums, fresh: &Sums) -> Vec<ResidualSummary> {
    train
        .roots()
        .into_iter()
        .zip(fresh.roots())
        .map(|((label, train), (_, fresh))| ResidualSummary {
            label,
            train,
            fresh,
        })
        .collect()
}
