//! Boundary conditions by construction.
//!
//! A field with given values at the ends of an interval is rewritten as `u = g + d·N`: `g` takes the values,
//! `d` vanishes there and is of order one inside, `N` is the network. Everything after this rewrite, jets
//! and adjoints included, follows from differentiating `g + d·N`.

use super::scales::Scales;
use crate::function::Algebra;
use crate::hir::{Problem, Role, Side};
use crate::jet::{Graph, Lowering, MultiIndex, Node, NodeId};
use std::collections::BTreeMap;

/// How the fields are made of network outputs, and which conditions that meets.
pub struct Construction {
    /// Each field as an expression of the network's outputs.
    pub fields: Vec<NodeId>,
    /// For each condition of the problem, whether it holds by construction.
    pub met: Vec<bool>,
}

/// The value prescribed at each end of a coordinate.
#[derive(Clone, Copy, Default)]
struct Ends {
    low: Option<(usize, NodeId)>,
    high: Option<(usize, NodeId)>,
}

/// Builds the fields; `networks[f]` is the network output of field `f`, of order one, and `scales` says how large that
/// is. With `hard = false` nothing is met by construction.
pub fn construct(
    problem: &Problem,
    lowering: &mut Lowering,
    networks: &[usize],
    hard: bool,
    scales: &Scales,
) -> Construction {
    let mut met = vec![false; problem.conditions.len()];
    let mut fields = Vec::new();
    let space: Vec<usize> = problem
        .coordinates
        .iter()
        .filter(|(_, coordinate)| coordinate.role == Role::Space && !coordinate.periodic)
        .map(|(id, _)| id.index())
        .collect();
    let given = if hard {
        dirichlet(problem, lowering)
    } else {
        BTreeMap::new()
    };
    for (field, &network) in networks.iter().enumerate() {
        let ends: Vec<Ends> = space
            .iter()
            .map(|&coordinate| match given.get(&(field, coordinate)) {
                Some(given) => ends(problem, lowering, coordinate, given),
                None => Ends::default(),
            })
            .collect();
        let graph = &mut lowering.graph;
        let output = graph.jet(network, MultiIndex::zero());
        let output = match scales.fields.get(field) {
            Some(&size) if size != 1.0 => graph.scale(size, output),
            Some(_) | None => output,
        };
        let zero = graph.number(0.0);
        let mut values = ends
            .iter()
            .flat_map(|ends| [ends.low, ends.high])
            .flatten()
            .map(|(_, value)| value);
        let first = values.next().unwrap_or(zero);
        let one_number = graph.as_number(first).is_some() && values.all(|value| value == first);
        // Different values are interpolated along one coordinate; with several coordinates the edges would
        // have to agree with each other, so such conditions stay in the loss.
        if !one_number && space.len() > 1 {
            fields.push(on_level(graph, scales, field, output));
            continue;
        }
        let mut distances = Vec::with_capacity(space.len());
        let mut given = if one_number { first } else { zero };
        for (&coordinate, ends) in space.iter().zip(&ends) {
            let (factor, values) = along(problem, graph, coordinate, *ends);
            distances.push(factor);
            if !one_number {
                given = graph.add(given, values);
            }
            for (condition, _) in [ends.low, ends.high].into_iter().flatten() {
                met[condition] = true;
            }
        }
        let distance = grouped(graph, distances);
        let free = graph.multiply(distance, output);
        let whole = graph.add(given, free);
        fields.push(on_level(graph, scales, field, whole));
    }
    Construction { fields, met }
}

/// How many factors are multiplied at once.
const GROUP: usize = 9;

/// A product of groups, of groups of groups, and so on: a derivative by one coordinate rewrites the groups that it lies
/// in and none of the others, of which there are hundreds in a thousand dimensions.
fn grouped(graph: &mut Graph, mut factors: Vec<NodeId>) -> NodeId {
    loop {
        let mut products = Vec::with_capacity(factors.len() / GROUP + 1);
        for group in factors.chunks(GROUP) {
            let mut product = graph.number(1.0);
            for factor in group {
                product = graph.multiply(product, *factor);
            }
            products.push(product);
        }
        match products.as_slice() {
            [] => return graph.number(1.0),
            [product] => return *product,
            [..] => factors = products,
        }
    }
}

/// A field about its level.
fn on_level(graph: &mut Graph, scales: &Scales, field: usize, value: NodeId) -> NodeId {
    match scales.levels.get(field) {
        Some(&level) if level != 0.0 => graph.sum(&[(value, 1.0)], level),
        Some(_) | None => value,
    }
}

/// The conditions `u = value` of each field on the ends of each coordinate, by their positions.
fn dirichlet(problem: &Problem, lowering: &Lowering) -> BTreeMap<(usize, usize), Vec<usize>> {
    let graph = &lowering.graph;
    let mut given: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
    for (number, condition) in problem.conditions.iter().enumerate() {
        let operator = lowering.condition_operators[number];
        if let Node::Jet { function, index } = graph.node(operator)
            && index.order() == 0
            && graph.jets(&[lowering.condition_values[number]]).is_empty()
        {
            let place = (usize::from(*function), condition.part.coordinate.index());
            given.entry(place).or_default().push(number);
        }
    }
    given
}

/// What these conditions prescribe at the ends of a coordinate; the values may depend on the other coordinates.
fn ends(problem: &Problem, lowering: &mut Lowering, coordinate: usize, given: &[usize]) -> Ends {
    let mut ends = Ends::default();
    for &number in given {
        let part = problem.conditions[number].part;
        let info = &problem.coordinates[part.coordinate];
        let at = match part.side {
            Side::Low => info.low,
            Side::High => info.high,
        };
        let value = lowering.condition_values[number];
        let value = at_coordinate(&mut lowering.graph, value, coordinate, at);
        let end = match part.side {
            Side::Low => &mut ends.low,
            Side::High => &mut ends.high,
        };
        *end = end.or(Some((number, value)));
    }
    ends
}

/// An expression with a coordinate fixed.
fn at_coordinate(graph: &mut Graph, root: NodeId, coordinate: usize, at: f64) -> NodeId {
    let here = graph.coordinate(coordinate);
    let fixed = graph.number(at);
    let here = graph.node(here).clone();
    graph
        .substitute(&[root], |_, leaf| (*leaf == here).then_some(fixed))
        .first()
        .copied()
        .unwrap_or(root)
}

/// The vanishing factor and the interpolated values along one coordinate.
fn along(problem: &Problem, graph: &mut Graph, coordinate: usize, ends: Ends) -> (NodeId, NodeId) {
    let info = &problem.coordinates[crate::arena::Id::from_index(coordinate)];
    let length = info.high - info.low;
    let x = graph.coordinate(coordinate);
    // 0 at the lower end, 1 at the upper end, and the other way round
    let rising = graph.sum(&[(x, 1.0 / length)], -info.low / length);
    let falling = graph.sum(&[(x, -1.0 / length)], info.high / length);
    let zero = graph.number(0.0);
    match (ends.low, ends.high) {
        (None, None) => (graph.number(1.0), zero),
        (Some((_, value)), None) => (rising, value),
        (None, Some((_, value))) => (falling, value),
        (Some((_, low)), Some((_, high))) => {
            let product = graph.multiply(rising, falling);
            let low = graph.multiply(low, falling);
            let high = graph.multiply(high, rising);
            (graph.scale(4.0, product), graph.add(low, high))
        }
    }
}
