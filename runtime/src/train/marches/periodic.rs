//! Problems in one coordinate and time that live on a circle: the waves of the period, window after window.

use super::{Grade, March, Surroundings, Told, Way, measured};
use crate::engine::EngineError;
use crate::train::features::spectral::{Marcher, STAGES, TOLERANCE};
use crate::train::features::stride::waves;
use crate::train::features::wide;
use crate::train::{Observer, Outcome, TrainError};
use pdec_compiler::network::Activation;
use pdec_compiler::program::evolution::{Ends, Evolution, evolution};
use pdec_compiler::settings::{Conditions, Features, Optimizer, Settings};

/// A coarser march has so many stages fewer, and leaves so many times the residual.
const COARSER: (usize, f64) = (2, 10.0);

/// Solves the problem where it is of this kind, and settings ask for waves or leave the choice.
///
/// # Errors
///
/// If this machine cannot run the program.
pub fn solve(
    around: &Surroundings<'_>,
    observer: &mut dyn Observer,
) -> Result<Option<Outcome>, TrainError> {
    let asked = around.asked(|features| features.waves);
    if asked.is_none() && !around.free() {
        return Ok(None);
    }
    let Some(evolution) = evolution(around.problem) else {
        return Ok(None);
    };
    let mut settings = waves(around.settings);
    if matches!(evolution.ends, Ends::Walls(_)) {
        // Mirrors meet them.
        settings.conditions = Conditions::Soft;
    }
    let way = Waves {
        around,
        evolution: &evolution,
        settings,
        parameters: around.problem.parameter_values(),
        tolerance: asked.and_then(|it| it.tolerance).unwrap_or(TOLERANCE),
    };
    around.outcome(&way, observer)
}

struct Waves<'a> {
    around: &'a Surroundings<'a>,
    evolution: &'a Evolution,
    settings: Settings,
    parameters: Vec<f64>,
    tolerance: f64,
}

impl Way for Waves<'_> {
    fn march(&self, grade: Grade, told: Told<'_>) -> Result<Option<March>, EngineError> {
        let (stages, tolerance) = match grade {
            Grade::Fine => (STAGES, self.tolerance),
            Grade::Coarse => (STAGES - COARSER.0, COARSER.1 * self.tolerance),
        };
        let marcher = Marcher {
            problem: self.around.problem,
            evolution: self.evolution,
            settings: &self.settings,
            parameters: &self.parameters,
            tolerance,
            stages,
            most: self.around.widest(),
            seed: self.around.options.seed,
            threads: self.around.options.threads,
        };
        let Some(found) = marcher.run(told)? else {
            return Ok(None);
        };
        let mut settings = wide(&self.settings, Activation::Sin, found.width);
        // Nothing was drawn to solve it: these are where it is measured.
        settings.points = measured(settings.points, found.width, found.windows.len());
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

    fn choice(&self, march: &March) -> Option<String> {
        let coordinates = &self.around.problem.coordinates;
        let name = coordinates.iter().nth(self.evolution.space);
        let name = name.map_or("space", |(_, coordinate)| coordinate.name.as_str());
        let which = match self.evolution.ends {
            Ends::Periodic => format!("the waves of the period of {name}"),
            Ends::Walls(_) => format!("waves between mirrors at the ends of {name}"),
        };
        self.around.free().then(|| {
            format!(
                "newton_solve with {which} in {} windows: the residual between the points where it vanishes is {:.1e}",
                march.windows.len(),
                march.residual
            )
        })
    }
}
