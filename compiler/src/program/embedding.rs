//! The inputs of the network as functions of the coordinates.
//!
//! Every input is of order one: a coordinate on an interval is mapped to [−1, 1], time to [−1, 1] over the
//! current window, and a periodic coordinate to the circle, so that the network is periodic by construction. Where no
//! equation differentiates by a periodic coordinate, nothing passes from one place to another: the solution is periodic
//! because its initial value is, kinks at the seam included, and the coordinate is treated as any other.

use crate::function::{Algebra, Function};
use crate::hir::{Problem, Role};
use crate::jet::{Graph, NodeId};

/// Which coordinates are mapped to the circle: those that are periodic and by which one of these residuals is
/// differentiated.
pub fn on_circle(problem: &Problem, graph: &Graph, residuals: &[NodeId]) -> Vec<bool> {
    let coordinates = problem.coordinates.iter();
    coordinates
        .map(|(id, coordinate)| {
            let differentiated = |root: &NodeId| graph.order_in(*root, id.index()) > 0;
            coordinate.periodic && residuals.iter().any(differentiated)
        })
        .collect()
}

/// The coordinate of each input of the network.
pub fn input_coordinates(on_circle: &[bool], harmonics: usize) -> Vec<usize> {
    let coordinates = on_circle.iter().enumerate();
    coordinates
        .flat_map(|(coordinate, &circle)| vec![coordinate; if circle { 2 * harmonics } else { 1 }])
        .collect()
}

/// The inputs of the network. `window` holds the uniforms where the time window begins and ends; a coordinate on the
/// circle has so many harmonics.
pub fn embed(
    problem: &Problem,
    graph: &mut Graph,
    window: (usize, usize),
    on_circle: &[bool],
    harmonics: usize,
) -> Vec<(String, NodeId)> {
    let mut inputs = Vec::new();
    for (id, coordinate) in problem.coordinates.iter() {
        let x = graph.coordinate(id.index());
        let name = &coordinate.name;
        if on_circle[id.index()] {
            // (cos, sin) of 2πk(x − low)/length
            let scale = std::f64::consts::TAU / (coordinate.high - coordinate.low);
            for harmonic in 1..=harmonics {
                #[allow(clippy::cast_precision_loss)] // a small count
                let scale = harmonic as f64 * scale;
                let name = match harmonic {
                    1 => name.clone(),
                    more => format!("{more}{name}"),
                };
                let angle = graph.sum(&[(x, scale)], -scale * coordinate.low);
                inputs.push((format!("cos[{name}]"), graph.function(Function::Cos, angle)));
                inputs.push((format!("sin[{name}]"), graph.function(Function::Sin, angle)));
            }
        } else {
            let scaled = match coordinate.role {
                Role::Space | Role::Family => {
                    let half = 0.5 * (coordinate.high - coordinate.low);
                    let middle = 0.5 * (coordinate.high + coordinate.low);
                    graph.sum(&[(x, 1.0 / half)], -middle / half)
                }
                Role::Time => {
                    // (2t − t₀ − t₁)/(t₁ − t₀)
                    let low = graph.uniform(window.0);
                    let high = graph.uniform(window.1);
                    let twice = graph.sum(&[(x, 2.0), (low, -1.0), (high, -1.0)], 0.0);
                    let length = graph.subtract(high, low);
                    graph.divide(twice, length)
                }
            };
            inputs.push((format!("scaled[{name}]"), scaled));
        }
    }
    inputs
}

/// What moves an input of the network by one along each coordinate: half of an interval, half of the current
/// window.
pub fn reach(problem: &Problem, graph: &mut Graph, window: (usize, usize)) -> Vec<NodeId> {
    let coordinates = problem.coordinates.iter();
    coordinates
        .map(|(_, coordinate)| match coordinate.role {
            Role::Space | Role::Family => graph.number(0.5 * (coordinate.high - coordinate.low)),
            Role::Time => {
                let low = graph.uniform(window.0);
                let high = graph.uniform(window.1);
                graph.sum(&[(high, 0.5), (low, -0.5)], 0.0)
            }
        })
        .collect()
}
