//! Waves on a lattice in windows whose lengths follow the residual, where settings ask for them.

use super::{Grade, March, Surroundings, Told, Way};
use crate::engine::EngineError;
use crate::train::features::stride::{Strider, TOLERANCE};
use crate::train::features::wide;
use crate::train::{Observer, Outcome, TrainError};
use pdec_compiler::network::Activation;
use pdec_compiler::settings::{Features, Optimizer};

/// A coarser march leaves so many times the residual.
const COARSER: f64 = 10.0;

/// Solves the problem where settings ask for waves.
///
/// # Errors
///
/// If this machine cannot run the program.
pub fn solve(
    around: &Surroundings<'_>,
    observer: &mut dyn Observer,
) -> Result<Option<Outcome>, TrainError> {
    let Some(asked) = around.asked(|features| features.waves) else {
        return Ok(None);
    };
    let way = Strides {
        around,
        parameters: around.problem.parameter_values(),
        tolerance: asked.tolerance.unwrap_or(TOLERANCE),
    };
    around.outcome(&way, observer)
}

struct Strides<'a> {
    around: &'a Surroundings<'a>,
    parameters: Vec<f64>,
    tolerance: f64,
}

impl Way for Strides<'_> {
    fn march(&self, grade: Grade, told: Told<'_>) -> Result<Option<March>, EngineError> {
        let tolerance = match grade {
            Grade::Fine => self.tolerance,
            Grade::Coarse => COARSER * self.tolerance,
        };
        let mut strider = Strider {
            problem: self.around.problem,
            settings: self.around.settings,
            parameters: &self.parameters,
            seed: self.around.options.seed,
            threads: self.around.options.threads,
            tolerance,
            most: self.around.widest(),
            report: told,
        };
        let Some(found) = strider.run()? else {
            return Ok(None);
        };
        let mut settings = wide(self.around.settings, Activation::Sin, found.width);
        settings.points = found.points;
        settings.optimizer = vec![Optimizer::NewtonSolve(Features {
            waves: true,
            tolerance: Some(tolerance),
            ..Features::default()
        })];
        Ok(Some(March {
            settings,
            windows: found.windows,
            residual: found.residual,
            solves: found.solves,
            complete: found.complete,
        }))
    }

    fn choice(&self, _: &March) -> Option<String> {
        None
    }
}
