//! Settings as text that reads back as the same settings.

use super::{Conditions, Optimizer, Points, Precision, Settings, Weights};
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
        collapse,
    } = settings;
    let values = [
        network_value(network),
        match precision {
            Precision::F64 => "f64".to_owned(),
        },
        points_value(points),
        optimizer_value(optimizer),
        windows.to_string(),
        match conditions {
            Conditions::Hard => "hard".to_owned(),
            Conditions::Soft => "soft".to_owned(),
        },
        weights_value(weights),
        if *collapse { "on" } else { "off" }.to_owned(),
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
    format!("{name}(width = {width}, depth = {depth}, activation = {activation})")
}

fn points_value(points: &Points) -> String {
    let Points {
        interior,
        initial,
        boundary,
        redraw,
        adaptive,
    } = points;
    let adaptive = number(*adaptive);
    format!(
        "[interior = {interior}, initial = {initial}, boundary = {boundary}, redraw = {redraw}, \
         adaptive = {adaptive}]"
    )
}

fn optimizer_value(sequence: &[Optimizer]) -> String {
    let values: Vec<String> = sequence
        .iter()
        .map(|optimizer| match optimizer {
            Optimizer::Adam {
                steps,
                learning_rate,
            } => format!("adam(steps = {steps}, lr = {})", number(*learning_rate)),
            Optimizer::GaussNewton { steps } => format!("gauss_newton(steps = {steps})"),
        })
        .collect();
    match values.as_slice() {
        [only] => only.clone(),
        several => format!("[{}]", several.join(", ")),
    }
}

fn weights_value(weights: &Weights) -> String {
    let Weights { initial, boundary } = weights;
    format!(
        "[initial = {}, boundary = {}]",
        number(*initial),
        number(*boundary)
    )
}

/// The shortest text that reads back as the same number: `10`, `0.5`, `1e-7`.
fn number(value: f64) -> String {
    let text = format!("{value:?}");
    match text.strip_suffix(".0") {
        Some(whole) => whole.to_owned(),
        None => text,
    }
}
