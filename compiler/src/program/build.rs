//! From a problem to its training program.

use super::block::BlockBuilder;
use super::draft::{Draft, rewrite, term_name};
use super::embedding::reach;
use super::scales::Scales;
use super::{Handover, Program, Support, Term};
use crate::hir::Problem;
use crate::jet::{Graph, Names, NodeId};
use crate::kernel::{self, Leaf};
use crate::network::Network;
use crate::settings::Settings;

/// A program with the stages that it came from, for people.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// The program.
    pub program: Program,
    /// The jet expressions after all rewrites.
    pub graph: Graph,
    /// How their leaves are written.
    pub names: Names,
    /// The fields as expressions of the network.
    pub fields: Vec<(String, NodeId)>,
    /// The residuals, by label, term after term.
    pub residuals: Vec<(String, NodeId)>,
    /// The labels of the conditions that hold by construction.
    pub met: Vec<String>,
    /// How large fields and residuals are.
    pub scales: Scales,
}

/// Compiles a well-posed problem.
#[must_use]
pub fn build(problem: &Problem, settings: &Settings) -> Compiled {
    build_with(problem, settings, |inputs, outputs| {
        Network::with_features(
            &settings.network,
            settings.features.fourier,
            settings.rwf,
            problem.coordinates.len(),
            inputs,
            outputs,
        )
    })
}

/// The names of the numbers to be found: the values of so many integrals, then the unknowns.
pub(super) fn numbers(problem: &Problem, integrals: usize) -> Vec<String> {
    let unknowns = problem.unknowns.iter();
    let unknowns = unknowns.map(|(_, unknown)| unknown.name.clone());
    let integrals = (1..=integrals).map(|number| format!("integral{number}"));
    integrals.chain(unknowns).collect()
}

/// Compiles a well-posed problem with a network of any primitives, made from its numbers of inputs and outputs.
#[must_use]
pub fn build_with(
    problem: &Problem,
    settings: &Settings,
    network: impl FnOnce(usize, usize) -> Network,
) -> Compiled {
    let draft = Draft::new(problem, settings);
    let met = draft.met(problem);
    let Draft {
        mut lowering,
        names,
        networks,
        scales,
        construction,
        window,
        embedding,
        inputs,
        bends,
        breaks,
        groups,
        start,
        continued,
    } = draft;
    let mut network = network(embedding.len(), problem.fields.len());
    network.numbers(&numbers(problem, lowering.integrals.len()));
    let graph = &mut lowering.graph;
    let reach = reach(problem, graph, window);
    let mut builder = BlockBuilder::new(
        &names,
        &network,
        &embedding,
        &reach,
        &networks,
        settings.collapse,
    );
    let mut residuals = Vec::new();
    let mut terms = Vec::new();
    for group in groups {
        let expressions = rewrite(graph, &construction, &group.residuals);
        let name = term_name(&names, group.support);
        let block = builder.block(graph, &name, &expressions, group.data);
        residuals.extend(expressions.iter().cloned());
        terms.push(Term {
            support: group.support,
            labels: expressions.into_iter().map(|(label, _)| label).collect(),
            sizes: group.sizes,
            orders: group.orders,
            block,
        });
    }

    let coordinates: Vec<Leaf> = (0..problem.coordinates.len())
        .map(Leaf::Coordinate)
        .collect();
    let initial = terms.iter().any(|term| term.support == Support::Initial);
    let handover = initial.then(|| {
        let continued = rewrite(graph, &construction, &continued);
        let kernel = kernel::lower(graph, &names, "start", &coordinates, &start);
        Handover {
            start: builder.add_kernel(kernel),
            continuation: builder.block(graph, "continuation", &continued, 0),
        }
    });
    let field_values: Vec<(String, NodeId)> = problem
        .fields
        .iter()
        .zip(&construction.fields)
        .map(|((_, field), &value)| (field.name.clone(), value))
        .collect();
    let fields = builder.block(graph, "fields", &field_values, 0);
    let asked: Vec<(String, NodeId)> = problem
        .outputs
        .iter()
        .zip(&lowering.outputs)
        .map(|((name, _), &root)| (name.clone(), root))
        .collect();
    let outputs = (!asked.is_empty()).then(|| {
        let asked = rewrite(graph, &construction, &asked);
        builder.block(graph, "outputs", &asked, 0)
    });
    let exact = lowering
        .exact
        .iter()
        .enumerate()
        .map(|(field, value)| {
            value.map(|value| {
                let name = problem.fields[crate::arena::Id::from_index(field)]
                    .name
                    .clone();
                let outputs = [(name, value)];
                let kernel = kernel::lower(graph, &names, "exact", &coordinates, &outputs);
                builder.add_kernel(kernel)
            })
        })
        .collect();
    let kernels = builder.kernels;
    Compiled {
        program: Program {
            precision: settings.precision,
            kernels,
            uniforms: names.uniforms.clone(),
            coordinates: problem.coordinates.len(),
            inputs,
            bends,
            breaks,
            network,
            terms,
            fields,
            outputs,
            handover,
            exact,
        },
        graph: lowering.graph,
        names,
        fields: field_values,
        residuals,
        met,
        scales,
    }
}
