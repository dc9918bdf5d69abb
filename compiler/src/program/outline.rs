//! What a program will be, without the program: what `check` says of a problem.
//!
//! Kernels and their reverse sweeps, buffers and steps are what takes time to build; what the terms of the loss are
//! and which jets they carry is known before.

use super::Support;
use super::build::numbers;
use super::draft::{Draft, rewrite, term_name};
use crate::hir::Problem;
use crate::jet::plan::{Coefficient, plan};
use crate::jet::{Graph, Names, NodeId};
use crate::network::Network;
use crate::settings::Settings;

/// What a program will be.
#[derive(Clone, Debug)]
pub struct Outline {
    /// The jet expressions after all rewrites.
    pub graph: Graph,
    /// How their leaves are written.
    pub names: Names,
    /// The network.
    pub network: Network,
    /// The terms of the loss.
    pub terms: Vec<TermOutline>,
    /// The labels of the conditions that hold by construction.
    pub met: Vec<String>,
}

/// What a term of the loss will be.
#[derive(Clone, Debug)]
pub struct TermOutline {
    /// Where its points lie.
    pub support: Support,
    /// Its name, for people.
    pub name: String,
    /// The name of each residual.
    pub labels: Vec<String>,
    /// The Taylor coefficients that the network carries.
    pub coefficients: Vec<Coefficient>,
    /// How many there would be without collapsing.
    pub uncollapsed: usize,
}

/// Says what the program of a well-posed problem will be.
#[must_use]
pub fn outline(problem: &Problem, settings: &Settings) -> Outline {
    let draft = Draft::new(problem, settings);
    let met = draft.met(problem);
    let Draft {
        lowering,
        names,
        networks,
        construction,
        embedding,
        groups,
        ..
    } = draft;
    let integrals = lowering.integrals.len();
    let mut graph = lowering.graph;
    let terms = groups
        .into_iter()
        .map(|group| {
            let expressions = rewrite(&mut graph, &construction, &group.residuals);
            let roots: Vec<NodeId> = expressions.iter().map(|(_, root)| *root).collect();
            let plan = plan(&mut graph, &roots, &networks, settings.collapse);
            TermOutline {
                support: group.support,
                name: term_name(&names, group.support),
                labels: expressions.into_iter().map(|(label, _)| label).collect(),
                coefficients: plan.coefficients,
                uncollapsed: plan.uncollapsed,
            }
        })
        .collect();
    let mut network = Network::new(&settings.network, embedding.len(), problem.fields.len());
    network.numbers(&numbers(problem, integrals));
    Outline {
        network,
        graph,
        names,
        terms,
        met,
    }
}
