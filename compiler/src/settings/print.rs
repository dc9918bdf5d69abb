//! Settings as text that reads back as the same settings.

use super::{
    Balance, Causal, Conditions, Features, Follow, InputFeatures, Optimizer, Points, Settings,
    Weights,
};
use crate::network::Architecture;

/// Every setting as `name = value`, in the order of [`Settings`].
///
/// Reading each entry with [`parse_setting`](crate::syntax::parse_setting) and applying it with
/// [`apply`](super::apply) gives the same settings, to the bit.
#[must_use]
pub fn entries(settings: &Settings) -> Vec<(String, String)> {
    let Settings {
        network,
        precision,
        points,
        optimizer,
        windows,
        conditions,
        weights,
        balance,
        causal,
        collapse,
        features,
        rwf,
        automatic,
    } = settings;
    let unless = |automatic: bool, value: String| {
        if automatic { "auto".to_owned() } else { value }
    };
    let values = [
        unless(automatic.network, network_value(network)),
        precision.name().to_owned(),
        unless(automatic.points, points_value(points)),
        unless(automatic.optimizer, optimizer_value(optimizer)),
        unless(automatic.windows, windows.to_string()),
        match conditions {
            Conditions::Hard => "hard".to_owned(),
            Conditions::Soft => "soft".to_owned(),
        },
        weights_value(weights, *balance),
        causal_value(causal.as_ref()),
        on_off(*collapse).to_owned(),
        input_features_value(features),
        on_off(*rwf).to_owned(),
    ];
    super::read::NAMES
        .iter()
        .map(|name| (*name).to_owned())
        .zip(values)
        .collect()
}

fn network_value(network: &Architecture) -> String {
    let (width, depth, activation) = network.layers();
    let (name, activation) = (network.name(), activation.name());
    let layers = format!("width = {width}, depth = {depth}, activation = {activation}");
    let own = match network {
        Architecture::Patches(of) => {
            return format!(
                "{name}(count = {}, images = {})",
                of.count,
                on_off(of.images)
            );
        }
        Architecture::Mlp { .. }
        | Architecture::ModifiedMlp { .. }
        | Architecture::PirateNet { .. } => String::new(),
        Architecture::ProPinn(of) => {
            let regions: Vec<String> = of
                .regions
                .iter()
                .map(|region| format!("({}, {})", number(region.reach), region.points))
                .collect();
            let regions = regions.join(", ");
            let (hidden, channels) = (of.hidden, of.channels);
            format!(", hidden = {hidden}, channels = {channels}, regions = [{regions}]")
        }
        Architecture::Gaussians(of) => {
            format!(", count = {}, sigma = {}", of.count, number(of.sigma))
        }
        Architecture::Chaos(of) => format!(", degree = {}", of.degree),
    };
    format!("{name}({layers}{own})")
}

fn input_features_value(features: &InputFeatures) -> String {
    let fourier = features.fourier.map(|fourier| {
        let (count, scale) = (fourier.count, number(fourier.scale));
        let trained = on_off(fourier.trained);
        format!("fourier(count = {count}, scale = {scale}, trained = {trained})")
    });
    let harmonics = features.harmonics;
    let periodic = (harmonics != 1).then(|| format!("periodic(harmonics = {harmonics})"));
    match (fourier, periodic) {
        (None, None) => "none".to_owned(),
        (Some(only), None) | (None, Some(only)) => only,
        (Some(fourier), Some(periodic)) => format!("[{fourier}, {periodic}]"),
    }
}

fn on_off(switch: bool) -> &'static str {
    if switch { "on" } else { "off" }
}

fn points_value(points: &Points) -> String {
    let Points {
        interior,
        initial,
        boundary,
        redraw,
        adaptive,
        sampler,
        density,
        power,
        offset,
    } = points;
    let (adaptive, sampler) = (number(*adaptive), sampler.name());
    let (density, power, offset) = (density.name(), number(*power), number(*offset));
    format!(
        "[interior = {interior}, initial = {initial}, boundary = {boundary}, redraw = {redraw}, \
         adaptive = {adaptive}, sampler = {sampler}, density = {density}, power = {power}, offset = {offset}]"
    )
}

fn optimizer_value(sequence: &[Optimizer]) -> String {
    let values: Vec<String> = sequence.iter().map(one_optimizer).collect();
    match values.as_slice() {
        [only] => only.clone(),
        several => format!("[{}]", several.join(", ")),
    }
}

fn one_optimizer(optimizer: &Optimizer) -> String {
    let rate = |rate: &f64| format!(", lr = {}", number(*rate));
    let parts = match optimizer {
        Optimizer::Adam {
            steps,
            learning_rate,
        }
        | Optimizer::Soap {
            steps,
            learning_rate,
        } => format!("steps = {steps}{}", rate(learning_rate)),
        Optimizer::AdamW {
            steps,
            learning_rate,
            decay,
        } => format!(
            "steps = {steps}{}, decay = {}",
            rate(learning_rate),
            number(*decay)
        ),
        Optimizer::NaturalGradient {
            steps,
            learning_rate,
            momentum,
        } => format!(
            "steps = {steps}{}, momentum = {}",
            rate(learning_rate),
            number(*momentum)
        ),
        Optimizer::Lbfgs { steps }
        | Optimizer::SsBroyden { steps }
        | Optimizer::GaussNewton { steps } => format!("steps = {steps}"),
        Optimizer::LinearSolve(features) | Optimizer::NewtonSolve(features) => {
            features_value(features)
        }
    };
    if parts.is_empty() {
        optimizer.name().to_owned()
    } else {
        format!("{}({parts})", optimizer.name())
    }
}

fn features_value(features: &Features) -> String {
    let Features {
        scale,
        sparse,
        waves,
        patches,
        tolerance,
    } = features;
    let mut parts = Vec::new();
    let scale: Vec<String> = scale.iter().copied().map(number).collect();
    match scale.as_slice() {
        [] => {}
        [only] => parts.push(format!("scale = {only}")),
        several => parts.push(format!("scale = [{}]", several.join(", "))),
    }
    if *sparse {
        parts.push("sparse = on".to_owned());
    } else if !scale.is_empty() {
        parts.push("sparse = off".to_owned());
    }
    if *waves {
        parts.push("waves = on".to_owned());
    }
    if *patches {
        parts.push("patches = on".to_owned());
    }
    parts.extend(tolerance.map(|it| format!("tolerance = {}", number(it))));
    parts.join(", ")
}

fn weights_value(weights: &Weights, balance: Balance) -> String {
    let Weights { initial, boundary } = weights;
    let fixed = format!(
        "initial = {}, boundary = {}",
        number(*initial),
        number(*boundary)
    );
    match balance.follow() {
        None => format!("[{fixed}]"),
        Some(Follow { every, momentum }) => {
            let (name, momentum) = (balance.name(), number(momentum));
            format!("{name}(every = {every}, momentum = {momentum}, {fixed})")
        }
    }
}

fn causal_value(causal: Option<&Causal>) -> String {
    let Some(causal) = causal else {
        return "off".to_owned();
    };
    let [epsilon, most, threshold] = [causal.epsilon, causal.most, causal.threshold].map(number);
    let chunks = causal.chunks;
    format!("[chunks = {chunks}, epsilon = {epsilon}, most = {most}, threshold = {threshold}]")
}

/// The shortest text that reads back as the same number: `10`, `0.5`, `1e-7`.
fn number(value: f64) -> String {
    let text = format!("{value:?}");
    match text.strip_suffix(".0") {
        Some(whole) => whole.to_owned(),
        None => text,
    }
}
