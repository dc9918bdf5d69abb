//! From a problem to its training program.

use super::block::BlockBuilder;
use super::conditions::construct;
use super::embedding::{embed, input_coordinates, on_circle, reach};
use super::scales::{Scales, estimate};
use super::{Handover, Program, Support, Term};
use crate::hir::{Part, Problem, Side};
use crate::jet::{self, Graph, Names, NodeId, Unknown};
use crate::kernel::{self, Leaf};
use crate::network::Network;
use crate::settings::{Conditions, Settings};

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
        Network::new(&settings.network, inputs, outputs)
    })
}

/// Compiles a well-posed problem with a network of any primitives, made from its numbers of inputs and outputs.
#[must_use]
pub fn build_with(
    problem: &Problem,
    settings: &Settings,
    network: impl FnOnce(usize, usize) -> Network,
) -> Compiled {
    let mut lowering = jet::lower(problem);
    let fields = problem.fields.len();
    let window = (problem.parameters.len(), problem.parameters.len() + 1);
    let names = names(problem);
    let networks: Vec<usize> = problem
        .fields
        .iter()
        .map(|(_, field)| {
            let name = if fields == 1 {
                "N".to_string()
            } else {
                format!("N[{}]", field.name)
            };
            usize::from(
                lowering.graph.add_unknown(Unknown {
                    name,
                    arguments: field
                        .arguments
                        .iter()
                        .map(|c| u16::try_from(c.index()).unwrap_or(u16::MAX))
                        .collect(),
                }),
            )
        })
        .collect();
    let hard = settings.conditions == Conditions::Hard;
    let scales = estimate(problem, hard);
    let construction = construct(problem, &mut lowering, &networks, hard, &scales);
    let graph = &mut lowering.graph;
    let roots: Vec<NodeId> = lowering
        .equations
        .iter()
        .chain(&lowering.conditions)
        .copied()
        .collect();
    let circles = on_circle(problem, graph, &roots);
    let embedding = embed(problem, graph, window, &circles);
    let replacement: Vec<Option<NodeId>> = construction.fields.iter().copied().map(Some).collect();

    // The length of the time window makes residuals comparable with values: u_t·Δt ~ u.
    let (low, high) = (graph.uniform(window.0), graph.uniform(window.1));
    let length = graph.subtract(high, low);
    let time = problem.time().map(|id| id.index());
    let scaled = |graph: &mut Graph, root: NodeId, order: usize, size: f64| {
        let power = i32::try_from(order).unwrap_or(0);
        let root = of_order_one(graph, root, size);
        graph.product(&[(root, 1), (length, power)])
    };

    let mut groups: Vec<Group> = Vec::new();
    let mut interior = Vec::new();
    let mut orders = Vec::new();
    for (number, (equation, &residual)) in problem
        .equations
        .iter()
        .zip(&lowering.equations)
        .enumerate()
    {
        let size = scales.equations[number];
        let order = time.map_or(0, |t| graph.order_in(residual, t));
        interior.push((equation.label.clone(), scaled(graph, residual, order, size)));
        orders.push(order);
    }
    groups.push((Support::Interior, interior, orders));

    let mut initial = Vec::new();
    let mut initial_orders = Vec::new();
    let mut start = Vec::new();
    let mut continued = Vec::new();
    for (number, condition) in problem.conditions.iter().enumerate() {
        if construction.met[number] {
            continue;
        }
        let operator = lowering.condition_operators[number];
        let size = scales.conditions[number];
        if problem.is_initial(condition.part) {
            let value = graph.datum(initial.len());
            let order = time.map_or(0, |t| graph.order_in(operator, t));
            let difference = graph.subtract(operator, value);
            initial.push((
                condition.label.clone(),
                scaled(graph, difference, order, size),
            ));
            initial_orders.push(order);
            start.push((condition.label.clone(), lowering.condition_values[number]));
            continued.push((condition.label.clone(), operator));
        } else {
            let support = face(condition.part);
            let residual = of_order_one(graph, lowering.conditions[number], size);
            let residual = (condition.label.clone(), residual);
            match groups.iter_mut().find(|(s, ..)| *s == support) {
                Some((_, group, orders)) => {
                    group.push(residual);
                    orders.push(0);
                }
                None => groups.push((support, vec![residual], vec![0])),
            }
        }
    }
    let data = initial.len();
    if data > 0 {
        groups.insert(1, (Support::Initial, initial, initial_orders));
    }

    let network = network(embedding.len(), fields);
    let reach = reach(problem, graph, window);
    let mut builder = BlockBuilder::new(
        &names,
        &network,
        &embedding,
        &reach,
        &networks,
        settings.collapse,
    );
    let rewrite = |graph: &mut Graph, list: &[(String, NodeId)]| -> Vec<(String, NodeId)> {
        let roots: Vec<NodeId> = list.iter().map(|(_, root)| *root).collect();
        let images = graph.substitute_functions(&roots, &replacement);
        let labels = list.iter().map(|(label, _)| label.clone());
        labels.zip(images).collect()
    };
    let mut residuals = Vec::new();
    let mut terms = Vec::new();
    for (support, group, orders) in groups {
        let group = rewrite(graph, &group);
        let (name, data) = match support {
            Support::Interior => ("equations".to_string(), 0),
            Support::Initial => ("initial".to_string(), data),
            Support::Face { coordinate, high } => {
                let end = if high { "high" } else { "low" };
                (format!("{}_{end}", names.coordinates[coordinate]), 0)
            }
        };
        let block = builder.block(graph, &name, &group, data);
        residuals.extend(group.iter().cloned());
        terms.push(Term {
            support,
            labels: group.into_iter().map(|(label, _)| label).collect(),
            orders,
            block,
        });
    }

    let coordinates: Vec<Leaf> = (0..problem.coordinates.len())
        .map(Leaf::Coordinate)
        .collect();
    let handover = (data > 0).then(|| {
        let continued = rewrite(graph, &continued);
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
        let asked = rewrite(graph, &asked);
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
    let met = problem
        .conditions
        .iter()
        .zip(&construction.met)
        .filter(|(_, met)| **met)
        .map(|(condition, _)| condition.label.clone())
        .collect();
    Compiled {
        program: Program {
            precision: settings.precision,
            kernels,
            uniforms: names.uniforms.clone(),
            coordinates: problem.coordinates.len(),
            inputs: input_coordinates(&circles),
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

/// A residual divided by its size.
fn of_order_one(graph: &mut Graph, root: NodeId, size: f64) -> NodeId {
    if size == 1.0 {
        root
    } else {
        graph.scale(1.0 / size, root)
    }
}

/// Residuals over the same points: their labels and expressions, and the powers of the window's length in
/// them.
type Group = (Support, Vec<(String, NodeId)>, Vec<usize>);

/// How leaves are written: the problem's own names, and those of the time window.
fn names(problem: &Problem) -> Names {
    let time = problem
        .time()
        .map_or("t", |id| problem.coordinates[id].name.as_str());
    Names {
        coordinates: problem
            .coordinates
            .iter()
            .map(|(_, coordinate)| coordinate.name.clone())
            .collect(),
        uniforms: problem
            .parameters
            .iter()
            .map(|(_, parameter)| parameter.name.clone())
            .chain([format!("{time}.begin"), format!("{time}.end")])
            .collect(),
        data: problem
            .conditions
            .iter()
            .filter(|condition| problem.is_initial(condition.part))
            .map(|condition| format!("given[{}]", condition.label))
            .collect(),
    }
}

fn face(part: Part) -> Support {
    Support::Face {
        coordinate: part.coordinate.index(),
        high: part.side == Side::High,
    }
}
