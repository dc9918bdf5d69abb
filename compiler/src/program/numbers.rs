//! Numbers to be found, in their intervals.
//!
//! * Input: the unknowns of a problem, each with its bounds and a start.
//! * Output: the problem's expressions with each unknown written as a function of a free number, which is a constant
//!   output of the network ([`Network::numbers`](crate::network::Network::numbers)).
//! * Invariants: a free number of 0 is the start; whatever the free number, the unknown lies in its interval.

use crate::function::{Algebra, Function};
use crate::hir::{Problem, Unknown};
use crate::jet::{self, Graph, Lowering, MultiIndex, Node, NodeId, uniform_of_unknown};

/// A start at an end of an interval is moved inside by this part of it: the end itself is infinitely far away.
const INSIDE: f64 = 1e-3;

/// How an unknown follows from a free number `z`.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Map {
    /// `start + size·z`
    Line { start: f64, size: f64 },
    /// `end + size·exp(sign·z)`, where `size` has the sign of the way inside
    Half { end: f64, size: f64, sign: f64 },
    /// `low + length/(1 + odds·exp(−z))`
    Between { low: f64, length: f64, odds: f64 },
}

fn map(unknown: &Unknown) -> Map {
    let (low, high, start) = (unknown.bounds.low, unknown.bounds.high, unknown.start);
    match (low.is_finite(), high.is_finite()) {
        (false, false) => Map::Line {
            start,
            size: if start == 0.0 { 1.0 } else { start.abs() },
        },
        (true, false) => Map::Half {
            end: low,
            size: if start > low { start - low } else { INSIDE },
            sign: 1.0,
        },
        (false, true) => Map::Half {
            end: high,
            size: if start < high { start - high } else { -INSIDE },
            sign: -1.0,
        },
        (true, true) => {
            let length = high - low;
            let share = ((start - low) / length).clamp(INSIDE, 1.0 - INSIDE);
            Map::Between {
                low,
                length,
                odds: (1.0 - share) / share,
            }
        }
    }
}

/// The value of an unknown whose free number is `free`, and its derivative by it.
#[must_use]
pub fn value(unknown: &Unknown, free: f64) -> (f64, f64) {
    match map(unknown) {
        Map::Line { start, size } => (start + size * free, size),
        Map::Half { end, size, sign } => {
            let moved = size * libm::exp(sign * free);
            (end + moved, sign * moved)
        }
        Map::Between { low, length, odds } => {
            let decay = odds * libm::exp(-free);
            let share = 1.0 / (1.0 + decay);
            let slope = if decay.is_finite() {
                length * share * share * decay
            } else {
                0.0
            };
            (low + length * share, slope)
        }
    }
}

/// The free number of a value inside the interval.
#[must_use]
pub fn free(unknown: &Unknown, value: f64) -> f64 {
    match map(unknown) {
        Map::Line { start, size } => (value - start) / size,
        Map::Half { end, size, sign } => sign * libm::log((value - end) / size),
        Map::Between { low, length, odds } => {
            let share = (value - low) / length;
            libm::log(odds * share / (1.0 - share))
        }
    }
}

fn expression(graph: &mut Graph, unknown: &Unknown, free: NodeId) -> NodeId {
    match map(unknown) {
        Map::Line { start, size } => graph.sum(&[(free, size)], start),
        Map::Half { end, size, sign } => {
            let exponent = graph.scale(sign, free);
            let growth = graph.function(Function::Exp, exponent);
            graph.sum(&[(growth, size)], end)
        }
        Map::Between { low, length, odds } => {
            let exponent = graph.negate(free);
            let decay = graph.function(Function::Exp, exponent);
            let whole = graph.sum(&[(decay, odds)], 1.0);
            let length = graph.number(length);
            let share = graph.divide(length, whole);
            graph.sum(&[(share, 1.0)], low)
        }
    }
}

/// Writes every unknown of a problem as a function of a free number, and every integral as one. Returns the functions of
/// the graph that the free numbers are: those of the integrals, then those of the unknowns, in their orders.
pub(super) fn replace(problem: &Problem, lowering: &mut Lowering) -> Vec<usize> {
    if problem.unknowns.is_empty() && lowering.integrals.is_empty() {
        return Vec::new();
    }
    let mut functions = Vec::new();
    let mut images: Vec<(Node, NodeId)> = Vec::new();
    let graph = &mut lowering.graph;
    for integral in &lowering.integrals {
        let function = usize::from(graph.add_unknown(jet::Unknown {
            name: format!("value[{}]", functions.len() + 1),
            arguments: Vec::new(),
        }));
        let leaf = graph.uniform(integral.uniform);
        let value = graph.jet(function, MultiIndex::zero());
        images.push((graph.node(leaf).clone(), value));
        functions.push(function);
    }
    for (id, unknown) in problem.unknowns.iter() {
        let function = usize::from(graph.add_unknown(jet::Unknown {
            name: format!("free[{}]", unknown.name),
            arguments: Vec::new(),
        }));
        let free = graph.jet(function, MultiIndex::zero());
        let value = expression(graph, unknown, free);
        let leaf = graph.uniform(uniform_of_unknown(problem, id.index()));
        images.push((graph.node(leaf).clone(), value));
        functions.push(function);
    }
    for roots in [
        &mut lowering.equations,
        &mut lowering.conditions,
        &mut lowering.condition_values,
        &mut lowering.condition_operators,
        &mut lowering.outputs,
        &mut lowering.constraints,
    ] {
        *roots = lowering.graph.substitute(roots, |_, leaf| {
            let found = images.iter().find(|(node, _)| node == leaf);
            found.map(|(_, value)| *value)
        });
    }
    let operands: Vec<NodeId> = lowering.integrals.iter().map(|it| it.operand).collect();
    let operands = lowering.graph.substitute(&operands, |_, leaf| {
        let found = images.iter().find(|(node, _)| node == leaf);
        found.map(|(_, value)| *value)
    });
    for (integral, operand) in lowering.integrals.iter_mut().zip(operands) {
        integral.operand = operand;
    }
    functions
}

#[cfg(test)]
mod tests {
    use super::{Unknown, free, value};
    use crate::hir::Bounds;
    use crate::source::Span;

    fn unknown(low: f64, high: f64, start: f64) -> Unknown {
        Unknown {
            name: "k".to_owned(),
            bounds: Bounds {
                low,
                high,
                open: true,
            },
            start,
            unit: None,
            span: Span::new(0, 0),
        }
    }

    #[test]
    fn numbers_begin_where_they_are_said_to_and_stay_inside() {
        let infinite = f64::INFINITY;
        for (low, high, start) in [
            (-infinite, infinite, 3.0),
            (-infinite, infinite, 0.0),
            (2.0, infinite, 5.0),
            (-infinite, -1.0, -4.0),
            (0.0, 10.0, 1.0),
            (0.0, 1.0, 0.5),
        ] {
            let unknown = unknown(low, high, start);
            assert!(
                (value(&unknown, 0.0).0 - start).abs() < 1e-14,
                "{unknown:?}"
            );
            for free in [-800.0, -3.0, 0.7, 20.0, 800.0] {
                let (found, slope) = value(&unknown, free);
                assert!((low..=high).contains(&found), "{unknown:?} {free}");
                assert!(slope >= 0.0);
            }
            for there in [-1.5, 0.0, 0.7] {
                let inside = value(&unknown, there).0;
                assert!((free(&unknown, inside) - there).abs() < 1e-12);
            }
            let step = 1e-6;
            for free in [-1.0, 0.0, 0.5] {
                let there = value(&unknown, free + step).0 - value(&unknown, free - step).0;
                let slope = value(&unknown, free).1;
                assert!((there / (2.0 * step) - slope).abs() < 1e-7 * slope.max(1.0));
            }
        }
        assert!(value(&unknown(0.0, 1.0, 0.0), 0.0).0 > 0.0);
    }
}
