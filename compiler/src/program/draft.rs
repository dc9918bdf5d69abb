//! The first half of a program: what is to be computed, before kernels are made of it.

use super::bends::{self, bends};
use super::conditions::{Construction, construct};
use super::embedding::{embed, input_coordinates, on_circle};
use super::numbers::replace;
use super::scales::{Scales, estimate};
use super::{Axes, Support};
use crate::arena::Id;
use crate::function::Algebra;
use crate::hir::{self, Part, Problem, Side};
use crate::jet::{self, Graph, Integrated, Lowering, MultiIndex, Names, NodeId, Unknown};
use crate::network::Architecture;
use crate::settings::{Conditions, Optimizer, Settings};
use crate::variation::minimised;

/// Labels and expressions.
pub(super) type Labelled = Vec<(String, NodeId)>;

/// Residuals over the same points, written in the fields.
pub(super) struct Group {
    /// Where the points lie.
    pub(super) support: Support,
    /// The residuals.
    pub(super) residuals: Labelled,
    /// What each has been divided by.
    pub(super) sizes: Vec<f64>,
    /// The powers of the window's length in them.
    pub(super) orders: Vec<usize>,
    /// How many numbers are given with each point.
    pub(super) data: usize,
}

/// What is to be computed.
pub(super) struct Draft {
    /// The problem as jet expressions.
    pub(super) lowering: Lowering,
    /// How leaves are written.
    pub(super) names: Names,
    /// The unknown functions that are the outputs of the network, in the order of the fields; behind them the free numbers
    /// that stand for the problem's unknowns.
    pub(super) networks: Vec<usize>,
    /// How large fields and residuals are.
    pub(super) scales: Scales,
    /// The fields as expressions of the network.
    pub(super) construction: Construction,
    /// The uniforms that hold the ends of the time window.
    pub(super) window: (usize, usize),
    /// The inputs of the network.
    pub(super) embedding: Labelled,
    /// The coordinate that each of them is made of.
    pub(super) inputs: Vec<usize>,
    /// How many of the inputs, at their end, only bend where an equation jumps.
    pub(super) bends: usize,
    /// Where integrands jump, along which coordinates.
    pub(super) breaks: Vec<(usize, f64)>,
    /// The terms of the loss.
    pub(super) groups: Vec<Group>,
    /// What initial conditions in the loss give.
    pub(super) start: Labelled,
    /// What they give it for.
    pub(super) continued: Labelled,
}

impl Draft {
    /// Says what is to be computed for a well-posed problem.
    pub(super) fn new(problem: &Problem, settings: &Settings) -> Self {
        // Of an energy, the equations of its minimiser are trained.
        let minimiser = minimised(problem);
        let problem = minimiser.as_ref().unwrap_or(problem);
        let mut lowering = jet::lower_whole(problem);
        let numbers = replace(problem, &mut lowering);
        let fields = problem.fields.len();
        let window = (problem.parameters.len(), problem.parameters.len() + 1);
        let names = names(problem);
        let mut networks: Vec<usize> = problem
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
        networks.extend(&numbers);
        let graph = &mut lowering.graph;
        let equations = lowering.equations.iter();
        let roots: Vec<NodeId> = equations.chain(&lowering.conditions).copied().collect();
        let mut circles = on_circle(problem, graph, &roots);
        let whole = |it: &Optimizer| it.has_waves() || it.has_patches();
        if settings.optimizer.iter().any(whole) {
            // Whole waves are periodic by themselves, and patches with their images.
            circles.fill(false);
        }
        let mut embedding = embed(
            problem,
            graph,
            window,
            &circles,
            settings.features.harmonics,
        );
        let mut inputs = input_coordinates(&circles, settings.features.harmonics);
        let dense = matches!(settings.network, Architecture::Mlp { .. });
        let places = if dense && !settings.optimizer.iter().any(whole) {
            bends(problem, graph, &lowering.equations, &circles)
        } else {
            Vec::new()
        };
        let mut breaks: Vec<(usize, f64)> = places
            .iter()
            .map(|it| (it.coordinate.index(), it.place))
            .collect();
        // Where expressions to be evaluated jump: they may stand under an integral.
        let under = lowering.integrals.iter().map(|it| it.operand);
        for operand in under.chain(lowering.outputs.iter().copied()) {
            let own = bends::places(problem, graph, operand).into_iter();
            breaks.extend(own.map(|(coordinate, place)| (coordinate.index(), place)));
        }
        for place in &places {
            embedding.push(bends::input(problem, graph, place));
            inputs.push(place.coordinate.index());
        }
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
        let mut sizes = Vec::new();
        for (number, (equation, &residual)) in problem
            .equations
            .iter()
            .zip(&lowering.equations)
            .enumerate()
        {
            let size = scales.equations[number];
            let order = time.map_or(0, |t| graph.order_in(residual, t));
            interior.push((equation.label.clone(), scaled(graph, residual, order, size)));
            sizes.push(size);
            orders.push(order);
        }
        groups.push(Group {
            support: Support::Interior,
            residuals: interior,
            sizes,
            orders,
            data: 0,
        });

        let mut initial = Vec::new();
        let mut initial_orders = Vec::new();
        let mut initial_sizes = Vec::new();
        let mut start = Vec::new();
        let mut continued = Vec::new();
        for (number, condition) in problem.conditions.iter().enumerate() {
            if construction.met[number] {
                continue;
            }
            let mut operator = lowering.condition_operators[number];
            let mut given = lowering.condition_values[number];
            let size = scales.conditions[number];
            if !graph.jets(&[given]).is_empty() {
                // A value with a number to be found in it is not known before training.
                operator = lowering.conditions[number];
                given = graph.number(0.0);
            }
            if problem.is_initial(condition.part) {
                let value = graph.datum(initial.len());
                let order = time.map_or(0, |t| graph.order_in(operator, t));
                let difference = graph.subtract(operator, value);
                initial.push((
                    condition.label.clone(),
                    scaled(graph, difference, order, size),
                ));
                initial_orders.push(order);
                initial_sizes.push(size);
                start.push((condition.label.clone(), given));
                continued.push((condition.label.clone(), operator));
            } else {
                let support = face(condition.part);
                let residual = of_order_one(graph, lowering.conditions[number], size);
                let residual = (condition.label.clone(), residual);
                match groups.iter_mut().find(|group| group.support == support) {
                    Some(group) => {
                        group.residuals.push(residual);
                        group.sizes.push(size);
                        group.orders.push(0);
                    }
                    None => groups.push(Group {
                        support,
                        residuals: vec![residual],
                        sizes: vec![size],
                        orders: vec![0],
                        data: 0,
                    }),
                }
            }
        }
        groups.extend(quadratures(problem, graph, &lowering.integrals, &numbers));
        if !problem.constraints.is_empty() {
            let labels = problem.constraints.iter().map(|it| it.label.clone());
            let residuals = labels.zip(lowering.constraints.iter().copied());
            groups.push(Group {
                support: Support::Numbers,
                residuals: residuals.collect(),
                sizes: vec![1.0; problem.constraints.len()],
                orders: vec![0; problem.constraints.len()],
                data: 0,
            });
        }
        for (number, observation) in problem.observations.iter().enumerate() {
            let field = observation.field.index();
            let value = graph.jet(field, MultiIndex::zero());
            let measured = graph.datum(0);
            let difference = graph.subtract(value, measured);
            let size = scales.fields.get(field).copied().unwrap_or(1.0);
            let difference = of_order_one(graph, difference, size);
            groups.push(Group {
                support: Support::Observed(number),
                residuals: vec![(problem.observation_label(observation), difference)],
                sizes: vec![size],
                orders: vec![0],
                data: 1,
            });
        }
        let data = initial.len();
        if data > 0 {
            let group = Group {
                support: Support::Initial,
                residuals: initial,
                sizes: initial_sizes,
                orders: initial_orders,
                data,
            };
            groups.insert(1, group);
        }
        Self {
            lowering,
            names,
            networks,
            scales,
            construction,
            window,
            embedding,
            inputs,
            bends: places.len(),
            breaks,
            groups,
            start,
            continued,
        }
    }

    /// The labels of the conditions that hold by construction.
    pub(super) fn met(&self, problem: &Problem) -> Vec<String> {
        let conditions = problem.conditions.iter().zip(&self.construction.met);
        let met = conditions.filter(|(_, met)| **met);
        met.map(|(condition, _)| condition.label.clone()).collect()
    }
}

/// Expressions in the fields, written in the outputs of the network.
pub(super) fn rewrite(
    graph: &mut Graph,
    construction: &Construction,
    list: &[(String, NodeId)],
) -> Labelled {
    let fields = construction.fields.iter();
    let replacement: Vec<Option<NodeId>> = fields.copied().map(Some).collect();
    let roots: Vec<NodeId> = list.iter().map(|(_, root)| *root).collect();
    let images = graph.substitute_functions(&roots, &replacement);
    let labels = list.iter().map(|(label, _)| label.clone());
    labels.zip(images).collect()
}

/// The name of a term.
pub(super) fn term_name(names: &Names, support: Support) -> String {
    match support {
        Support::Interior => "equations".to_owned(),
        Support::Initial => "initial".to_owned(),
        Support::Face { coordinate, high } => {
            let end = if high { "high" } else { "low" };
            format!("{}_{end}", names.coordinates[coordinate])
        }
        Support::Quadrature(axes) => {
            let names = axes.coordinates().map(|it| names.coordinates[it].as_str());
            format!("integrals_{}", names.collect::<Vec<_>>().join("_"))
        }
        Support::Numbers => "constraints".to_owned(),
        Support::Observed(number) => format!("data{}", number + 1),
    }
}

/// `Σ_q w_q·(f(x_q) − I/volume)`, the integral of `f` less its value `I`: a group for each set of coordinates.
fn quadratures(
    problem: &Problem,
    graph: &mut Graph,
    integrals: &[Integrated],
    numbers: &[usize],
) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (integral, function) in integrals.iter().zip(numbers) {
        let length = |at: &usize| {
            let coordinate = &problem.coordinates[Id::from_index(*at)];
            coordinate.high - coordinate.low
        };
        let volume: f64 = integral.over.iter().map(length).product();
        let weight = graph.datum(0);
        let value = graph.jet(*function, MultiIndex::zero());
        let rest = graph.sum(&[(integral.operand, 1.0), (value, -1.0 / volume)], 0.0);
        let residual = graph.multiply(weight, rest);
        let label = hir::expression(problem, integral.from);
        let support = Support::Quadrature(Axes::of(&integral.over));
        match groups.iter_mut().find(|group| group.support == support) {
            Some(group) => {
                group.residuals.push((label, residual));
                group.sizes.push(1.0);
                group.orders.push(0);
            }
            None => groups.push(Group {
                support,
                residuals: vec![(label, residual)],
                sizes: vec![1.0],
                orders: vec![0],
                data: 1,
            }),
        }
    }
    groups
}

/// A residual divided by its size.
fn of_order_one(graph: &mut Graph, root: NodeId, size: f64) -> NodeId {
    if size == 1.0 {
        root
    } else {
        graph.scale(1.0 / size, root)
    }
}

/// How leaves are written: the problem's own names, and those of the time window.
pub(super) fn names(problem: &Problem) -> Names {
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
            .chain(
                (!problem.observations.is_empty() || problem.has_integrals())
                    .then(|| "given".to_owned()),
            )
            .collect(),
    }
}

fn face(part: Part) -> Support {
    Support::Face {
        coordinate: part.coordinate.index(),
        high: part.side == Side::High,
    }
}
