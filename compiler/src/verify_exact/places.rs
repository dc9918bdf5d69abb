//! Where an expression may be unlike itself elsewhere: at the zeros and extrema of what stands inside its functions.
//!
//! A bump `exp(-((x - a)/w)^2)` is zero for all that well-spread points see of it, and a choice `if(x < a, …)` is the
//! same formula on nearly all of its box. Both show where an inner argument, `x - a`, vanishes: lines along the
//! coordinates are followed, changes of sign bisected, extrema refined, and points laid beside what is found in steps of
//! half a decade. A feature that no line crosses, or narrower than a millionth of the interval, is not found.

use crate::function::Function;
use crate::hir::{CoordinateId, Part, Problem};
use crate::jet::{Graph, Node, NodeId};
use crate::sample::{Points, Sampler};
use std::collections::{BTreeMap, BTreeSet};

/// Inner arguments that are followed.
const ARGUMENTS: usize = 24;
/// Lines that are followed, and points on each.
const LINES: usize = 16;
const POINTS: usize = 129;
/// Zeros and extrema of one argument.
const FOUND: usize = 16;
/// Steps of half a decade from a zero: 12 end at a millionth of the interval.
const STEPS: i32 = 12;
/// Operations that evaluating an expression at all places may take.
const OPERATIONS: usize = 4_000_000;

/// A zero of an argument on a line along a coordinate.
pub(crate) struct Zero {
    pub(super) coordinate: CoordinateId,
    pub(crate) point: Vec<f64>,
}

/// Points beside the zeros and extrema of all inner arguments.
pub(super) fn special(
    problem: &Problem,
    sampler: &Sampler,
    graph: &mut Graph,
    root: NodeId,
    part: Option<Part>,
) -> Vec<Vec<f64>> {
    let inner = arguments(graph, root);
    let mut zeros: Vec<Zero> = Vec::new();
    for argument in inner {
        zeros.extend(follow(problem, sampler, graph, argument, part, true));
    }
    let most = OPERATIONS / graph.reachable(&[root]).len().max(1);
    let mut places = Vec::new();
    for zero in &zeros {
        for step in offsets() {
            places.extend(moved(problem, &zero.point, &[(zero.coordinate, step)]));
        }
    }
    // What is narrow in several coordinates is met where all of their arguments vanish.
    let mut values: BTreeMap<CoordinateId, Vec<f64>> = BTreeMap::new();
    for zero in &zeros {
        let known = values.entry(zero.coordinate).or_default();
        known.push(zero.point[zero.coordinate.index()]);
    }
    if values.len() > 1 {
        let longest = values.values().map(Vec::len).max().unwrap_or(0).min(FOUND);
        for rank in 0..longest {
            let mut point = zeros[0].point.clone();
            for (coordinate, known) in &values {
                point[coordinate.index()] = known[rank % known.len()];
            }
            for step in offsets() {
                let steps: Vec<_> = values.keys().map(|c| (*c, step)).collect();
                places.extend(moved(problem, &point, &steps));
            }
        }
    }
    // Every so many, rather than the first: all zeros keep a share.
    let stride = places.len().div_ceil(most.max(1)).max(1);
    places.into_iter().step_by(stride).collect()
}

/// The zeros of an argument along lines through the domain or a part of its boundary; with `extrema` also the places
/// where it comes nearest to zero.
pub(crate) fn follow(
    problem: &Problem,
    sampler: &Sampler,
    graph: &Graph,
    argument: NodeId,
    part: Option<Part>,
    extrema: bool,
) -> Vec<Zero> {
    let mentioned: BTreeSet<usize> = graph
        .reachable(&[argument])
        .into_iter()
        .filter_map(|id| match graph.node(id) {
            Node::Coordinate(coordinate) => Some(usize::from(*coordinate)),
            _ => None,
        })
        .collect();
    let fixed = part.map(|part| part.coordinate.index());
    let free = problem.coordinates.ids();
    let free: Vec<CoordinateId> = free
        .filter(|id| mentioned.contains(&id.index()) && Some(id.index()) != fixed)
        .take(LINES)
        .collect();
    if free.is_empty() {
        return Vec::new();
    }
    let base = sampler.points(part);
    // Along the only coordinate all lines are one.
    let each = if mentioned.len() == 1 {
        1
    } else {
        (LINES / free.len()).clamp(1, 4)
    };
    let mut rows = Vec::new();
    let mut lines = Vec::new();
    for coordinate in &free {
        for line in 0..each {
            lines.push((*coordinate, rows.len()));
            let declared = &problem.coordinates[*coordinate];
            for at in 0..POINTS {
                let mut row = base.point(line);
                let share = at as f64 / (POINTS - 1) as f64;
                row[coordinate.index()] = declared.low + share * (declared.high - declared.low);
                rows.push(row);
            }
        }
    }
    let values = sampler.evaluate(graph, argument, &columns(&rows));
    // Brackets of zeros and of extrema: a coordinate and the rows at both ends.
    let mut signs: Vec<(CoordinateId, usize, usize)> = Vec::new();
    let mut valleys: Vec<(CoordinateId, usize, usize)> = Vec::new();
    let mut zeros = Vec::new();
    for (coordinate, start) in lines {
        for at in start..start + POINTS {
            let here = values[at];
            let last = at + 1 == start + POINTS;
            if here == 0.0 {
                let point = rows[at].clone();
                zeros.push(Zero { coordinate, point });
            } else if !last && here * values[at + 1] < 0.0 {
                signs.push((coordinate, at, at + 1));
            } else if extrema && at > start && !last {
                let (before, after) = (values[at - 1], values[at + 1]);
                let nearest = here.abs() <= before.abs() && here.abs() < after.abs();
                if nearest && here * before > 0.0 {
                    valleys.push((coordinate, at - 1, at + 1));
                }
            }
        }
    }
    zeros.truncate(FOUND);
    signs.truncate(FOUND);
    valleys.truncate(FOUND);
    let evaluate = |rows: &[Vec<f64>]| sampler.evaluate(graph, argument, &columns(rows));
    for points in refine(&rows, &values, &signs, evaluate) {
        zeros.push(points);
    }
    for (coordinate, low, high) in valleys {
        zeros.push(valley(coordinate, &rows[low], &rows[high], evaluate));
    }
    zeros
}

/// Bisects all brackets at once.
fn refine(
    rows: &[Vec<f64>],
    values: &[f64],
    brackets: &[(CoordinateId, usize, usize)],
    evaluate: impl Fn(&[Vec<f64>]) -> Vec<f64>,
) -> Vec<Zero> {
    let mut lows: Vec<Vec<f64>> = brackets.iter().map(|(_, a, _)| rows[*a].clone()).collect();
    let mut highs: Vec<Vec<f64>> = brackets.iter().map(|(_, _, b)| rows[*b].clone()).collect();
    if brackets.is_empty() {
        return Vec::new();
    }
    for _ in 0..52 {
        let middles: Vec<Vec<f64>> = lows
            .iter()
            .zip(&highs)
            .map(|(low, high)| between(low, high, 0.5))
            .collect();
        let found = evaluate(&middles);
        for (k, middle) in middles.into_iter().enumerate() {
            if found[k] * values[brackets[k].1] > 0.0 {
                lows[k] = middle;
            } else {
                highs[k] = middle;
            }
        }
    }
    brackets
        .iter()
        .zip(highs)
        .map(|((coordinate, ..), point)| Zero {
            coordinate: *coordinate,
            point,
        })
        .collect()
}

/// Where an argument is nearest to zero between two points, by thirds.
fn valley(
    coordinate: CoordinateId,
    low: &[f64],
    high: &[f64],
    evaluate: impl Fn(&[Vec<f64>]) -> Vec<f64>,
) -> Zero {
    let (mut low, mut high) = (low.to_vec(), high.to_vec());
    for _ in 0..40 {
        let thirds = [
            between(&low, &high, 1.0 / 3.0),
            between(&low, &high, 2.0 / 3.0),
        ];
        let values = evaluate(&thirds);
        let [first, second] = thirds;
        if values[0].abs() <= values[1].abs() {
            high = second;
        } else {
            low = first;
        }
    }
    Zero {
        coordinate,
        point: low,
    }
}

fn between(low: &[f64], high: &[f64], share: f64) -> Vec<f64> {
    let ends = low.iter().zip(high);
    ends.map(|(a, b)| (1.0 - share) * a + share * b).collect()
}

/// What stands inside functions and powers, and what choices compare; each depends on a coordinate.
fn arguments(graph: &mut Graph, root: NodeId) -> Vec<NodeId> {
    let mut found = BTreeSet::new();
    let mut compared = Vec::new();
    for id in graph.reachable(&[root]) {
        match graph.node(id) {
            Node::Call(_, argument) => {
                found.insert(*argument);
            }
            Node::Power { base, .. } => {
                found.insert(*base);
            }
            Node::Product(factors) => {
                let inner = factors.iter().filter(|(_, exponent)| *exponent != 1);
                found.extend(inner.map(|(factor, _)| *factor));
            }
            Node::Select { left, right, .. } => compared.push((*left, *right)),
            Node::Number(_)
            | Node::Coordinate(_)
            | Node::Uniform(_)
            | Node::Datum(_)
            | Node::Jet { .. }
            | Node::Sum { .. } => {}
        }
    }
    for (left, right) in compared {
        found.insert(graph.subtract(left, right));
    }
    found.into_iter().take(ARGUMENTS).collect()
}

/// What decides where an expression has kinks and jumps.
pub(crate) fn switches(graph: &mut Graph, root: NodeId) -> Vec<NodeId> {
    let mut found = BTreeSet::new();
    let mut compared = Vec::new();
    for id in graph.reachable(&[root]) {
        match graph.node(id) {
            Node::Call(Function::Abs | Function::Sign | Function::Heaviside, argument) => {
                found.insert(*argument);
            }
            Node::Select { left, right, .. } => compared.push((*left, *right)),
            Node::Number(_)
            | Node::Coordinate(_)
            | Node::Uniform(_)
            | Node::Datum(_)
            | Node::Jet { .. }
            | Node::Sum { .. }
            | Node::Product(_)
            | Node::Power { .. }
            | Node::Call(..) => {}
        }
    }
    for (left, right) in compared {
        found.insert(graph.subtract(left, right));
    }
    found.into_iter().collect()
}

/// Shares of the interval on both sides, from a third to a millionth.
fn offsets() -> impl Iterator<Item = f64> {
    (1..=STEPS)
        .map(|step| libm::pow(10.0, -0.5 * f64::from(step)))
        .flat_map(|share| [share, -share])
}

/// A point moved by shares of intervals; none where that leads outside.
pub(super) fn moved(
    problem: &Problem,
    point: &[f64],
    steps: &[(CoordinateId, f64)],
) -> Option<Vec<f64>> {
    let mut moved = point.to_vec();
    for (coordinate, share) in steps {
        let declared = &problem.coordinates[*coordinate];
        let entry = moved.get_mut(coordinate.index())?;
        *entry += share * (declared.high - declared.low);
        if *entry < declared.low || *entry > declared.high {
            return None;
        }
    }
    Some(moved)
}

/// Rows as columns.
pub(super) fn columns(rows: &[Vec<f64>]) -> Points {
    let width = rows.first().map_or(0, Vec::len);
    Points {
        columns: (0..width)
            .map(|column| rows.iter().map(|row| row[column]).collect())
            .collect(),
    }
}
