//! Settings that a problem cannot be trained with.

use super::{Balance, Features, Optimizer, Settings};
use crate::analysis::analyse;
use crate::diagnostic::Diagnostic;
use crate::hir::Problem;
use crate::network::{Activation, Architecture, MOST_ARGUMENTS, Pointwise};
use crate::source::Span;

/// Points that `propinn` evaluates its projection at, at most.
const MOST_SITES: usize = 1000;

/// Whether a setting of this name may be one that a problem, or another setting, does not go together with.
#[must_use]
pub fn must_fit(name: &str) -> bool {
    let head = name.split('.').next().unwrap_or(name);
    [
        "optimizer",
        "network",
        "features",
        "rwf",
        "weights",
        "causal",
    ]
    .contains(&head)
}

/// Why a network or an optimiser of these settings cannot work on a problem, said at the place where it was set.
#[must_use]
pub fn misfit(problem: &Problem, settings: &Settings, span: Span) -> Option<Diagnostic> {
    network_misfit(problem, settings, span)
        .or_else(|| weights_misfit(problem, settings, span))
        .or_else(|| optimizer_misfit(problem, settings, span))
}

fn network_misfit(problem: &Problem, settings: &Settings, span: Span) -> Option<Diagnostic> {
    let refuse = |message: &str, why: String, help: &str| {
        Some(Diagnostic::error("setting-range", message, span, why).with_help(help))
    };
    let coordinates = problem.coordinates.len();
    match &settings.network {
        Architecture::ProPinn(propinn) => {
            let sites = propinn.sites(coordinates);
            if sites.is_none_or(|sites| sites > MOST_SITES) {
                let count = sites.map_or("far too many".to_owned(), |sites| sites.to_string());
                return refuse(
                    "these regions of `propinn` have too many points",
                    format!("{count} points around each one in {coordinates} coordinates"),
                    "regions are grids along all coordinates: give fewer of them, with fewer points, as in \
                     `regions = [(0.05, 2)]`",
                );
            }
            if settings.features.fourier.is_some() || settings.rwf {
                return refuse(
                    "`propinn` has a projection of its own",
                    "Fourier features and factors of rows do not go together with it".to_owned(),
                    "leave `features` and `rwf` out, or choose another network",
                );
            }
        }
        Architecture::Gaussians(_) => {
            let inputs = coordinates.saturating_mul(2 * settings.features.harmonics);
            if coordinates > MOST_ARGUMENTS
                || (inputs > MOST_ARGUMENTS && problem.coordinates.iter().any(|(_, c)| c.periodic))
            {
                return refuse(
                    "`gaussians` cannot be used in so many dimensions",
                    format!("the network reads more than {MOST_ARGUMENTS} inputs"),
                    "choose `network = mlp`",
                );
            }
            if settings.features.fourier.is_some() {
                return refuse(
                    "`gaussians` are functions of the coordinates",
                    "Fourier features do not go together with them".to_owned(),
                    "leave `features` out, or choose another network",
                );
            }
        }
        Architecture::Patches(_) => {
            if !settings.optimizer.iter().any(Optimizer::has_patches) {
                return refuse(
                    "`patches` are not trained",
                    "where they are and which waves they have is chosen while they are solved for"
                        .to_owned(),
                    "add `optimizer = newton_solve(patches = on)`, or choose another network",
                );
            }
        }
        Architecture::Mlp { .. }
        | Architecture::ModifiedMlp { .. }
        | Architecture::PirateNet { .. }
        | Architecture::Chaos(_) => {}
    }
    None
}

/// Why a problem cannot be solved with patches, and the mend.
fn patches_misfit(
    problem: &Problem,
    settings: &Settings,
    features: &Features,
) -> Option<(&'static str, &'static str)> {
    if features.waves {
        return Some((
            "features are waves or patches, not both",
            "leave one of them out",
        ));
    }
    if !features.scale.is_empty() || features.sparse {
        return Some((
            "patches have waves of their own, and neither scales nor sparse neurons",
            "leave `scale` and `sparse` out",
        ));
    }
    if !problem.has_one_coordinate_and_time() {
        return Some((
            "patches are parts of the interval of one coordinate, in time windows: the problem needs time and one other \
             coordinate",
            "leave `patches` out",
        ));
    }
    let known = settings.automatic.network || matches!(settings.network, Architecture::Patches(_));
    if !known {
        return Some((
            "its features are patches, and the network has another shape",
            "write `network = auto`",
        ));
    }
    None
}

/// Weights that follow training need training, and causal ones time.
fn weights_misfit(problem: &Problem, settings: &Settings, span: Span) -> Option<Diagnostic> {
    let refuse = |message: String, why: &str, help: &str| {
        Some(Diagnostic::error("setting-range", message, span, why).with_help(help))
    };
    if settings.causal.is_some() && problem.time().is_none() {
        return refuse(
            "`causal` needs a time coordinate".to_owned(),
            "this problem is steady, and no point comes before another",
            "leave `causal` out",
        );
    }
    let what = match (settings.causal, settings.balance) {
        (Some(_), _) => "causal",
        (None, Balance::GradientNorm(_)) => "grad_norm",
        (None, Balance::TangentKernel(_)) => "ntk",
        (None, Balance::Fixed) => return None,
    };
    let solved = settings.optimizer.iter().find(|optimizer| {
        matches!(
            optimizer,
            Optimizer::LinearSolve(_) | Optimizer::NewtonSolve(_)
        )
    });
    if let Some(optimizer) = solved
        && !settings.automatic.optimizer
    {
        return refuse(
            format!("`{what}` and `{}` do not go together", optimizer.name()),
            "it solves for a layer at once: there are no steps between which weights could follow",
            "choose an optimiser that goes step by step, such as `adam` or `gauss_newton`",
        );
    }
    None
}

fn optimizer_misfit(problem: &Problem, settings: &Settings, span: Span) -> Option<Diagnostic> {
    if settings.automatic.optimizer {
        return None;
    }
    let refuse = |name: &str, why: &str, help: &str| {
        let message = format!("`{name}` cannot solve this");
        Some(Diagnostic::error("setting-range", message, span, why).with_help(help))
    };
    for (place, optimizer) in settings.optimizer.iter().enumerate() {
        let name = optimizer.name();
        let features = match optimizer {
            Optimizer::LinearSolve(features) => {
                if !problem.unknowns.is_empty() {
                    return refuse(
                        name,
                        "the numbers that are sought multiply fields, or stand behind their intervals",
                        "write `newton_solve`, or `auto`",
                    );
                }
                if !analyse(problem).linear {
                    return refuse(
                        name,
                        "an equation or condition is not linear in the fields",
                        "write `newton_solve`, or `auto`",
                    );
                }
                features
            }
            Optimizer::NewtonSolve(features) => {
                let whole = !problem.unknowns.is_empty() || !problem.observations.is_empty();
                if (features.waves || features.patches) && whole {
                    return refuse(
                        name,
                        "it goes from window to window, and unknowns and data belong to all of time",
                        "leave `waves` and `patches` out",
                    );
                }
                features
            }
            Optimizer::Adam { .. }
            | Optimizer::AdamW { .. }
            | Optimizer::Soap { .. }
            | Optimizer::Lbfgs { .. }
            | Optimizer::SsBroyden { .. }
            | Optimizer::NaturalGradient { .. }
            | Optimizer::GaussNewton { .. } => continue,
        };
        if place > 0 {
            return refuse(
                name,
                "it solves for a layer at once, whatever the optimisers before it have found",
                "put it first, or let it stand alone",
            );
        }
        if settings.optimizer.len() > 1 && (features.waves || features.patches) {
            return refuse(
                name,
                "its windows have networks of their own lengths and widths, which others of a sequence do not go on with",
                "leave `waves` and `patches` out, or let it stand alone",
            );
        }
        let plain = settings.features.fourier.is_none() && !settings.rwf;
        let shallow = match settings.network {
            Architecture::Mlp {
                depth: 1,
                activation,
                ..
            } => plain && Pointwise::Activation(activation).trained() == 0,
            Architecture::Patches(_) => features.patches,
            Architecture::Mlp { .. }
            | Architecture::ModifiedMlp { .. }
            | Architecture::PirateNet { .. }
            | Architecture::ProPinn(_)
            | Architecture::Gaussians(_)
            | Architecture::Chaos(_) => false,
        };
        if !settings.automatic.network && !shallow {
            return refuse(
                name,
                "its features are one hidden layer, and the network has another shape",
                "write `network = mlp(depth = 1, width = 1024)`, or `network = auto`",
            );
        }
        if features.tolerance.is_some() && !features.waves && !features.patches {
            return refuse(
                name,
                "a tolerance is for windows whose lengths follow the residual, which only waves and patches have",
                "write `newton_solve(patches = on, tolerance = …)`, or leave `tolerance` out",
            );
        }
        if features.patches {
            if let Some((why, help)) = patches_misfit(problem, settings, features) {
                return refuse(name, why, help);
            }
            continue;
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
