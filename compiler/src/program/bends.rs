//! Inputs that bend where an equation jumps.
//!
//! * Input: the equations of a problem.
//! * Output: for each place along a coordinate where one of them has a kink or a jump, one more input of the network.
//! * Method: where a coefficient jumps, the highest derivative `m` does, and those below do not. `|s|·sᵐ⁻¹`, with `s` the
//!   distance from the place, is such a function: a smooth function of it and of the coordinates is smooth but for that
//!   one derivative. Smooth functions alone converge slowly there, however many they are (Hu, Lin, Lai 2022, who take `|s|` for
//!   interfaces).
//! * Not looked at: places that depend on several coordinates, on time or on the solution, and coordinates on circles.

use crate::arena::Id;
use crate::function::Function;
use crate::hir::{CoordinateId, Problem, Role};
use crate::jet::{Graph, Node, NodeId};
use crate::sample::Sampler;
use crate::verify_exact::{follow, switches};

/// Places along all coordinates together: beyond that they are no few edges but texture.
const MOST: usize = 8;

/// Places that are nearer to each other or to an end, relative to the interval, are one, or none.
const NEAR: f64 = 1e-6;

/// A place where an equation jumps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Bend {
    /// Along which coordinate.
    pub(super) coordinate: CoordinateId,
    /// Where.
    pub(super) place: f64,
    /// The order of the equation by the coordinate.
    pub(super) order: usize,
}

/// The places of a problem where inputs are to bend, from its equations as jet expressions.
pub(super) fn bends(
    problem: &Problem,
    graph: &mut Graph,
    equations: &[NodeId],
    circles: &[bool],
) -> Vec<Bend> {
    let mut found: Vec<Bend> = Vec::new();
    for equation in equations {
        for (coordinate, place) in places(problem, graph, *equation) {
            let declared = &problem.coordinates[coordinate];
            let order = graph.order_in(*equation, coordinate.index());
            if circles[coordinate.index()] || declared.role != Role::Space || order == 0 {
                continue;
            }
            let margin = NEAR * (declared.high - declared.low);
            let same =
                |it: &&mut Bend| it.coordinate == coordinate && (it.place - place).abs() < margin;
            match found.iter_mut().find(same) {
                Some(known) => known.order = known.order.min(order),
                None => found.push(Bend {
                    coordinate,
                    place,
                    order,
                }),
            }
        }
    }
    if found.len() > MOST {
        return Vec::new();
    }
    found.sort_by(|a, b| {
        let places = a.place.total_cmp(&b.place);
        a.coordinate.index().cmp(&b.coordinate.index()).then(places)
    });
    found
}

/// The places inside the domain where an expression has a kink or a jump, each along one coordinate.
pub(super) fn places(
    problem: &Problem,
    graph: &mut Graph,
    root: NodeId,
) -> Vec<(CoordinateId, f64)> {
    let sampler = Sampler::new(problem, 1);
    let mut found = Vec::new();
    for switch in switches(graph, root) {
        let Some(coordinate) = only_coordinate(problem, graph, switch) else {
            continue;
        };
        let declared = &problem.coordinates[coordinate];
        let margin = NEAR * (declared.high - declared.low);
        for zero in follow(problem, &sampler, graph, switch, None, false) {
            let place = zero.point[coordinate.index()];
            if declared.low + margin < place && place < declared.high - margin {
                found.push((coordinate, place));
            }
        }
    }
    found
}

/// The coordinate that an expression depends on, where it is one and nothing else but parameters.
fn only_coordinate(problem: &Problem, graph: &Graph, root: NodeId) -> Option<CoordinateId> {
    let mut found = None;
    for id in graph.reachable(&[root]) {
        match graph.node(id) {
            Node::Coordinate(coordinate) => {
                let this = usize::from(*coordinate);
                if found.is_some_and(|other| other != this) {
                    return None;
                }
                found = Some(this);
            }
            Node::Jet { .. } | Node::Datum(_) => return None,
            Node::Uniform(uniform) if usize::from(*uniform) >= problem.parameters.len() => {
                return None;
            }
            Node::Number(_)
            | Node::Uniform(_)
            | Node::Sum { .. }
            | Node::Product(_)
            | Node::Power { .. }
            | Node::Call(..)
            | Node::Select { .. } => {}
        }
    }
    found.map(Id::from_index)
}

/// The input of a place, of slope one at most, and its name.
pub(super) fn input(problem: &Problem, graph: &mut Graph, bend: &Bend) -> (String, NodeId) {
    let coordinate = &problem.coordinates[bend.coordinate];
    let half = 0.5 * (coordinate.high - coordinate.low);
    let x = graph.coordinate(bend.coordinate.index());
    let distance = graph.sum(&[(x, 1.0 / half)], -bend.place / half);
    let size = graph.function(Function::Abs, distance);
    let further = i32::try_from(bend.order - 1).unwrap_or(i32::MAX);
    let bent = graph.product(&[(size, 1), (distance, further)]);
    // The slope at a distance of two, the whole interval.
    let slope = f64::from(further + 1) * libm::pow(2.0, f64::from(further));
    let name = format!("bent[{} = {:.6}]", coordinate.name, bend.place);
    (name, graph.scale(1.0 / slope, bent))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hir::{Overrides, resolve};
    use crate::jet::lower_whole;
    use crate::source::Source;
    use crate::syntax::parse;

    fn found(text: &str) -> Vec<(usize, f64, usize)> {
        let source = Source::new("test.pde", text);
        let document = parse(&source).unwrap();
        let problem = resolve(&source, &document, &Overrides::new()).unwrap().0;
        let mut lowering = lower_whole(&problem);
        let equations = lowering.equations.clone();
        let circles = vec![false; problem.coordinates.len()];
        let bends = bends(&problem, &mut lowering.graph, &equations, &circles);
        let bends = bends.into_iter();
        bends
            .map(|it| (it.coordinate.index(), it.place, it.order))
            .collect()
    }

    #[test]
    fn edges_of_a_well_are_places() {
        let text = "coord x in [-5, 5]\nfield u(x)\nparam a = 1.5\neq u_xx = if(abs(x) < a, -1, 2)*u + 1\n\
                    on x = -5, x = 5: u = 0\n";
        let places = found(text);
        // The switch of `abs` itself is at 0.
        assert_eq!(places.len(), 3, "{places:?}");
        for (place, expected) in places.iter().zip([-1.5, 0.0, 1.5]) {
            assert!((place.1 - expected).abs() < 1e-12 && place.2 == 2);
        }
    }

    #[test]
    fn what_depends_on_the_solution_or_two_coordinates_is_no_place() {
        let text = |source: &str| {
            format!(
                "coord x in [0, 1]\ncoord y in [0, 1]\nfield u(x, y)\neq u_xx + u_yy = {source}\non boundary: u = 0\n"
            )
        };
        assert!(found(&text("max(u, 0.5)")).is_empty());
        assert!(found(&text("heaviside(x - y/2)")).is_empty());
        assert!(found(&text("sin(x)")).is_empty());
        let places = found(&text("heaviside(y - 0.25)"));
        assert_eq!(places.len(), 1);
        assert_eq!((places[0].0, places[0].2), (1, 2));
    }
}
