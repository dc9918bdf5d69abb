//! What training will do with a problem: jets, network, settings.

use pdec_compiler::jet::plan::Combination;
use pdec_compiler::program::{Outline, Support, TermOutline};
use pdec_compiler::settings::{self, Settings as Resolved};
use serde::Serialize;

/// The jets that one term of the loss carries through the network `N`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Carried {
    /// The term: `equations`, `initial`, …
    pub term: String,
    /// The Taylor coefficients, each by its name.
    pub coefficients: Vec<String>,
    /// How many there would be without collapsing.
    pub uncollapsed: usize,
    /// What combinations among the coefficients are, a line each.
    pub combinations: Vec<String>,
    /// The labels of the residuals.
    pub residuals: Vec<String>,
}

/// The network and how much is computed in a step.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Network {
    /// Its inputs.
    pub inputs: usize,
    /// Its outputs.
    pub outputs: usize,
    /// Its trainable parameters.
    pub parameters: usize,
    /// How many networks are trained one after the other in time.
    pub windows: usize,
    /// Residuals in a step.
    pub residuals: usize,
}

/// One setting as resolved.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Setting {
    /// Its name.
    pub name: String,
    /// Its value as a `train` block has it.
    pub value: String,
}

pub fn jets(outline: &Outline) -> Vec<Carried> {
    let names = &outline.names;
    let mut graph = outline.graph.clone();
    let row = |term: &TermOutline| {
        let combinations = Combination::print_all(&term.coefficients, &mut graph, names, "N");
        let lines = combinations.iter().flat_map(|text| text.lines());
        let coefficients = term.coefficients.iter();
        Carried {
            term: term.name.clone(),
            coefficients: coefficients.map(|c| c.name(names, "N")).collect(),
            uncollapsed: term.uncollapsed,
            combinations: lines.map(str::to_owned).collect(),
            residuals: term.labels.clone(),
        }
    };
    outline.terms.iter().map(row).collect()
}

pub fn network(outline: &Outline, settings: &Resolved) -> Network {
    let points = |support: Support| match support {
        Support::Interior => settings.points.interior,
        Support::Initial => settings.points.initial,
        Support::Face { .. } => settings.points.boundary,
        // How many were measured is known when the file is read.
        Support::Quadrature(_) | Support::Numbers | Support::Observed(_) => 0,
    };
    let terms = outline.terms.iter();
    let network = &outline.network;
    Network {
        inputs: network.inputs,
        outputs: network.outputs,
        parameters: network.parameters,
        windows: settings.windows,
        residuals: terms
            .map(|term| points(term.support).saturating_mul(term.labels.len()))
            .fold(0, usize::saturating_add),
    }
}

pub fn settings(settings: &Resolved) -> Vec<Setting> {
    let entries = settings::entries(settings).into_iter();
    entries
        .map(|(name, value)| Setting { name, value })
        .collect()
}
