//! Settings that a problem cannot be trained with.

use super::{Features, Optimizer, Settings};
use crate::analysis::analyse;
use crate::diagnostic::Diagnostic;
use crate::hir::Problem;
use crate::network::{Activation, Architecture};
use crate::source::Span;

/// Why an optimiser of these settings cannot work on a problem, said at the place where it was set.
#[must_use]
pub fn misfit(problem: &Problem, settings: &Settings, span: Span) -> Option<Diagnostic> {
    if settings.automatic.optimizer {
        return None;
    }
    let refuse = |name: &str, why: &str, help: &str| {
        let message = format!("`{name}` cannot solve this");
        Some(Diagnostic::error("setting-range", message, span, why).with_help(help))
    };
    for optimizer in &settings.optimizer {
        let name = optimizer.name();
        let features = match optimizer {
            Optimizer::LinearSolve(features) => {
                if !analyse(problem).linear {
                    return refuse(
                        name,
                        "an equation or condition is not linear in the fields",
                        "write `newton_solve`, or `auto`",
                    );
                }
                features
            }
            Optimizer::NewtonSolve(features) => features,
            Optimizer::Adam { .. }
            | Optimizer::AdamW { .. }
            | Optimizer::Soap { .. }
            | Optimizer::Lbfgs { .. }
            | Optimizer::SsBroyden { .. }
            | Optimizer::NaturalGradient { .. }
            | Optimizer::GaussNewton { .. } => continue,
        };
        if settings.optimizer.len() > 1 {
            return refuse(
                name,
                "it solves for a layer at once and leaves nothing to the others of a sequence",
                "let it stand alone",
            );
        }
        let shallow = matches!(settings.network, Architecture::Mlp { depth: 1, .. });
        if !settings.automatic.network && !shallow {
            return refuse(
                name,
                "its features are one hidden layer, and the network has another shape",
                "write `network = mlp(depth = 1, width = 1024)`, or `network = auto`",
            );
        }
        if features.tolerance.is_some() && !features.waves {
            return refuse(
                name,
                "a tolerance is for windows whose lengths follow the residual, which only waves have",
                "write `newton_solve(waves = on, tolerance = …)`, or leave `tolerance` out",
            );
        }
        if features.waves {
            if problem.time().is_none() {
                return refuse(
                    name,
                    "waves are solved for in time windows, and this problem has no time",
                    "leave `waves` out",
                );
            }
            let sine = settings.network.layers().2 == Activation::Sin;
            if !settings.automatic.network && !sine {
                return refuse(
                    name,
                    "its features are waves, and the network has another activation",
                    "write `network = mlp(depth = 1, width = 1024, activation = sin)`, or `network = auto`",
                );
            }
        }
        if let Features { scale, .. } = features
            && !matches!(scale.len(), 0 | 1)
            && scale.len() != problem.coordinates.len()
        {
            return refuse(
                name,
                "there are not as many scales as coordinates",
                "give one scale for all coordinates, or one for each",
            );
        }
    }
    None
}
