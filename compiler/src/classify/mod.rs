//! What kind of equation each one is: order, linearity, class.
//!
//! * Input: a [`Problem`].
//! * Output: a [`Classification`] for each equation.
//! * Method: linearity is read off the structure of the residual, without expanding it, so `(u + 1)^2 − u^2`
//!   counts as non-linear. The class of a second-order equation in one field comes from the eigenvalues of
//!   the matrix of its second-order coefficients, evaluated at points of the domain. What this cannot tell
//!   is called by its orders only, never guessed.

#[cfg(test)]
mod tests;

use crate::function::Algebra;
use crate::hash::HashMap;
use crate::hir::{Problem, Role};
use crate::jet::{self, Graph, MultiIndex, Node, NodeId};
use crate::sample::Sampler;

/// What kind of equation one is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Classification {
    /// The label of the equation.
    pub label: String,
    /// The highest total order of differentiation.
    pub order: usize,
    /// How the unknown functions enter.
    pub linearity: Linearity,
    /// `parabolic`, `second order in t, fourth order in x`, …
    pub class: String,
}

/// How the unknown functions enter an equation, from the simplest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Linearity {
    /// Each term has at most one unknown function or derivative, to the first power.
    Linear,
    /// Linear in the highest derivatives, with coefficients of the coordinates alone.
    Semilinear,
    /// Linear in the highest derivatives, with coefficients of lower derivatives.
    Quasilinear,
    /// Anything else.
    Nonlinear,
}

impl Linearity {
    /// The word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Linear => "linear",
            Self::Semilinear => "semilinear",
            Self::Quasilinear => "quasilinear",
            Self::Nonlinear => "fully nonlinear",
        }
    }
}

/// Points at which coefficients are looked at.
const POINTS: usize = 32;
/// Matrices of more rows than this are not looked at unless they are diagonal.
const LARGEST: usize = 64;
/// An eigenvalue below this share of the largest is zero.
const ZERO: f64 = 1e-10;

/// Classifies every equation.
#[must_use]
pub fn classify(problem: &Problem) -> Vec<Classification> {
    let mut lowering = jet::lower(problem);
    let equations = lowering.equations.clone();
    let sampler = Sampler::new(problem, POINTS);
    problem
        .equations
        .iter()
        .zip(equations)
        .map(|(equation, root)| {
            let graph = &mut lowering.graph;
            let jets = graph.jets(&[root]);
            let order = jets
                .iter()
                .map(|(_, index)| index.order())
                .max()
                .unwrap_or(0);
            let top: Vec<(usize, MultiIndex)> = jets
                .iter()
                .filter(|(_, index)| index.order() == order)
                .cloned()
                .collect();
            let linearity = linearity(graph, root, &top);
            Classification {
                label: equation.label.clone(),
                order,
                linearity,
                class: class(problem, &sampler, graph, root, &top, linearity),
            }
        })
        .collect()
}

/// The degree of an expression in the jets for which `counts`; `None` where it is no polynomial in them.
pub(crate) fn degree(
    graph: &Graph,
    root: NodeId,
    counts: impl Fn(usize, &MultiIndex) -> bool,
) -> Option<usize> {
    let mut degrees: HashMap<NodeId, Option<usize>> = HashMap::default();
    for id in graph.reachable(&[root]) {
        let degree = match graph.node(id) {
            Node::Jet { function, index } => {
                Some(usize::from(counts(usize::from(*function), index)))
            }
            Node::Number(_) | Node::Coordinate(_) | Node::Uniform(_) | Node::Datum(_) => Some(0),
            Node::Sum { terms, .. } => terms
                .iter()
                .map(|(term, _)| degrees[term])
                .try_fold(0, |most: usize, d| d.map(|d| most.max(d))),
            Node::Product(factors) => factors.iter().try_fold(0usize, |sum, (factor, exponent)| {
                match (degrees[factor]?, usize::try_from(*exponent)) {
                    (0, _) => Some(sum),
                    (d, Ok(exponent)) => Some(sum.saturating_add(d.saturating_mul(exponent))),
                    (_, Err(_)) => None,
                }
            }),
            Node::Power { .. } | Node::Call(..) | Node::Select { .. } => {
                let mut constant = true;
                graph.for_each_child(id, |child| constant &= degrees[&child] == Some(0));
                constant.then_some(0)
            }
        };
        degrees.insert(id, degree);
    }
    degrees.get(&root).copied().flatten()
}

fn linearity(graph: &mut Graph, root: NodeId, top: &[(usize, MultiIndex)]) -> Linearity {
    if degree(graph, root, |_, _| true).is_some_and(|d| d <= 1) {
        return Linearity::Linear;
    }
    let is_top =
        |function: usize, index: &MultiIndex| top.iter().any(|(f, i)| *f == function && i == index);
    if degree(graph, root, is_top).is_none_or(|d| d > 1) {
        return Linearity::Nonlinear;
    }
    let coefficients = coefficients(graph, root, top);
    if graph.jets(&coefficients).is_empty() {
        Linearity::Semilinear
    } else {
        Linearity::Quasilinear
    }
}

/// More coefficients than this are found in one sweep.
const MANY: usize = 64;

/// The coefficients of the highest derivatives in an expression that is linear in them.
fn coefficients(graph: &mut Graph, root: NodeId, top: &[(usize, MultiIndex)]) -> Vec<NodeId> {
    if top.len() <= MANY {
        return top
            .iter()
            .map(|jet| coefficient(graph, root, jet))
            .collect();
    }
    let zero = graph.number(0.0);
    let leaves: Vec<NodeId> = top
        .iter()
        .map(|(function, index)| graph.jet(*function, index.clone()))
        .collect();
    let slopes = graph.partials(root, &leaves);
    let slope = |leaf: &NodeId| slopes.get(leaf).copied().unwrap_or(zero);
    leaves.iter().map(slope).collect()
}

/// The coefficient of one of the highest derivatives in an expression that is linear in them.
///
/// It is read off the structure: in `(u_x + x*u_xx)/x` a difference of two values would leave `u_x` standing.
pub(crate) fn coefficient(graph: &mut Graph, root: NodeId, wanted: &(usize, MultiIndex)) -> NodeId {
    let zero = graph.number(0.0);
    let mut coefficients: HashMap<NodeId, NodeId> = HashMap::default();
    for id in graph.reachable(&[root]) {
        let coefficient = match graph.node(id).clone() {
            Node::Jet { function, index } => {
                let this = (usize::from(function), index) == *wanted;
                graph.number(f64::from(u8::from(this)))
            }
            Node::Sum { terms, .. } => {
                let terms: Vec<(NodeId, f64)> = terms
                    .iter()
                    .map(|(term, c)| (coefficients[term], c.value()))
                    .filter(|(coefficient, _)| *coefficient != zero)
                    .collect();
                graph.sum(&terms, 0.0)
            }
            Node::Product(mut factors) => {
                // Linear means that one factor has it, and to the first power.
                let has = |(factor, _): &(NodeId, i32)| coefficients[factor] != zero;
                match factors.iter().position(has) {
                    Some(position) => {
                        factors[position].0 = coefficients[&factors[position].0];
                        graph.product(&factors)
                    }
                    None => zero,
                }
            }
            Node::Number(_)
            | Node::Coordinate(_)
            | Node::Uniform(_)
            | Node::Datum(_)
            | Node::Power { .. }
            | Node::Call(..)
            | Node::Select { .. } => zero,
        };
        coefficients.insert(id, coefficient);
    }
    coefficients.get(&root).copied().unwrap_or(zero)
}

fn class(
    problem: &Problem,
    sampler: &Sampler,
    graph: &mut Graph,
    root: NodeId,
    top: &[(usize, MultiIndex)],
    linearity: Linearity,
) -> String {
    let jets = graph.jets(&[root]);
    let mut functions: Vec<usize> = jets.iter().map(|(function, _)| *function).collect();
    functions.dedup();
    let order = top.first().map_or(0, |(_, index)| index.order());
    let differentiated: std::collections::BTreeSet<usize> = jets
        .iter()
        .flat_map(|(_, index)| index.coordinates())
        .collect();
    let differentiated: Vec<usize> = differentiated.into_iter().collect();
    match (functions.as_slice(), order, differentiated.as_slice()) {
        (_, 0, _) => "algebraic".to_owned(),
        ([_], _, [only]) => format!("ordinary differential equation in {}", name(problem, *only)),
        ([_], 1, _) => match linearity {
            Linearity::Linear | Linearity::Semilinear | Linearity::Quasilinear => {
                "hyperbolic (transport)".to_owned()
            }
            Linearity::Nonlinear => "of Hamilton–Jacobi type".to_owned(),
        },
        ([_], 2, _) => match linearity {
            Linearity::Linear | Linearity::Semilinear => {
                second_order(problem, sampler, graph, root, top)
            }
            Linearity::Quasilinear | Linearity::Nonlinear => {
                "its class depends on the solution".to_owned()
            }
        },
        ([_], _, _) => orders(problem, graph, root),
        (_, _, _) => format!("one of a system, {}", orders(problem, graph, root)),
    }
}

fn name(problem: &Problem, coordinate: usize) -> &str {
    let id = crate::arena::Id::from_index(coordinate);
    &problem.coordinates[id].name
}

/// `first order in t, third order in x`
fn orders(problem: &Problem, graph: &Graph, root: NodeId) -> String {
    let mut parts: Vec<(usize, Vec<&str>)> = Vec::new();
    for coordinate in 0..problem.coordinates.len() {
        let order = graph.order_in(root, coordinate);
        if order == 0 {
            continue;
        }
        let name = name(problem, coordinate);
        match parts.iter_mut().find(|(other, _)| *other == order) {
            Some((_, names)) => names.push(name),
            None => parts.push((order, vec![name])),
        }
    }
    parts.sort();
    let parts: Vec<String> = parts
        .iter()
        .map(|(order, names)| format!("{} in {}", ordinal(*order), names.join(", ")))
        .collect();
    parts.join(", ")
}

/// `second order`
#[must_use]
pub fn ordinal(order: usize) -> String {
    match order {
        0 => "zeroth order".to_owned(),
        1 => "first order".to_owned(),
        2 => "second order".to_owned(),
        3 => "third order".to_owned(),
        4 => "fourth order".to_owned(),
        other => format!("order {other}"),
    }
}

/// The class of a second-order equation whose second-order coefficients depend on the coordinates alone.
fn second_order(
    problem: &Problem,
    sampler: &Sampler,
    graph: &mut Graph,
    root: NodeId,
    top: &[(usize, MultiIndex)],
) -> String {
    // An equation has no directions along the parameter of a family.
    let directions: Vec<usize> = problem
        .coordinates
        .iter()
        .filter(|(_, coordinate)| coordinate.role != Role::Family)
        .map(|(id, _)| id.index())
        .collect();
    let size = directions.len();
    let mut places = vec![None; problem.coordinates.len()];
    for (place, coordinate) in directions.iter().enumerate() {
        places[*coordinate] = Some(place);
    }
    let place = |coordinate: usize| places.get(coordinate).copied().flatten();
    let points = sampler.points(None);
    // Most equations in many dimensions have no mixed derivatives, and their matrix is its diagonal.
    let mut diagonals = vec![vec![0.0; size]; points.len()];
    let mut mixed: Vec<([usize; 2], Vec<f64>)> = Vec::new();
    for (jet, coefficient) in top.iter().zip(coefficients(graph, root, top)) {
        let values = sampler.evaluate(graph, coefficient, &points);
        let by: Vec<usize> = jet.1.coordinates().collect();
        let ends = (by.first().copied(), by.last().copied());
        let (Some(i), Some(j)) = (ends.0.and_then(place), ends.1.and_then(place)) else {
            continue;
        };
        if i == j {
            for (diagonal, value) in diagonals.iter_mut().zip(values) {
                diagonal[i] = value;
            }
        } else {
            mixed.push(([i, j], values));
        }
    }
    if !mixed.is_empty() && size > LARGEST {
        return orders(problem, graph, root);
    }
    let time = problem
        .coordinates
        .iter()
        .find(|(_, coordinate)| coordinate.role == Role::Time)
        .map(|(id, _)| id.index());
    // A direction without second derivatives that has a first one makes the equation parabolic.
    let first_order_only = |c: usize| {
        let flat = |at: usize| {
            let diagonal = diagonals.iter().all(|diagonal| diagonal[at] == 0.0);
            let rest = mixed.iter().filter(|(ends, _)| ends.contains(&at));
            diagonal
                && rest
                    .into_iter()
                    .all(|(_, values)| values.iter().all(|a| *a == 0.0))
        };
        place(c).is_some_and(flat) && graph.order_in(root, c) == 1
    };
    let along: Vec<usize> = directions
        .iter()
        .copied()
        .filter(|&c| first_order_only(c))
        .collect();
    let mut classes: Vec<&str> = Vec::new();
    for (point, diagonal) in diagonals.into_iter().enumerate() {
        let eigenvalues = if mixed.is_empty() {
            diagonal
        } else {
            let mut matrix = vec![vec![0.0; size]; size];
            for (at, value) in diagonal.into_iter().enumerate() {
                matrix[at][at] = value;
            }
            for ([i, j], values) in &mixed {
                matrix[*i][*j] = 0.5 * values[point];
                matrix[*j][*i] = 0.5 * values[point];
            }
            eigenvalues(matrix)
        };
        let largest = eigenvalues.iter().fold(0.0, |m: f64, e| m.max(e.abs()));
        let count = |wanted: fn(f64) -> bool| {
            eigenvalues
                .iter()
                .filter(|e| wanted(if e.abs() > ZERO * largest { **e } else { 0.0 }))
                .count()
        };
        let (positive, negative) = (count(|e| e > 0.0), count(|e| e < 0.0));
        let zero = size - positive - negative;
        let definite = positive == 0 || negative == 0;
        let class = match (zero, positive.min(negative)) {
            (0, 0) => "elliptic",
            (0, 1) => "hyperbolic",
            (1, 0) if along.len() == 1 => "parabolic",
            (_, 0) if definite && largest > 0.0 => "degenerate",
            (_, _) => "of no standard class",
        };
        if !classes.contains(&class) {
            classes.push(class);
        }
    }
    classes.sort_unstable();
    match (classes.as_slice(), along.as_slice()) {
        (["parabolic"], [only]) if Some(*only) != time => {
            format!("parabolic along {}", name(problem, *only))
        }
        ([only], _) => (*only).to_owned(),
        (several, _) => format!("mixed: {}", several.join(" and ")),
    }
}

/// The eigenvalues of a symmetric matrix by Jacobi rotations.
pub(crate) fn eigenvalues(mut a: Vec<Vec<f64>>) -> Vec<f64> {
    let n = a.len();
    for _ in 0..32 {
        for p in 0..n {
            for q in p + 1..n {
                if a[p][q] == 0.0 {
                    continue;
                }
                let theta = (a[q][q] - a[p][p]) / (2.0 * a[p][q]);
                let t = theta.signum() / (theta.abs() + theta.hypot(1.0));
                let c = 1.0 / t.hypot(1.0);
                let s = t * c;
                for row in &mut a {
                    let (x, y) = (row[p], row[q]);
                    row[p] = c * x - s * y;
                    row[q] = s * x + c * y;
                }
                let (above, below) = a.split_at_mut(q);
                for (x, y) in above[p].iter_mut().zip(&mut below[0]) {
                    (*x, *y) = (c * *x - s * *y, s * *x + c * *y);
                }
                a[p][q] = 0.0;
                a[q][p] = 0.0;
            }
        }
    }
    (0..n).map(|k| a[k][k]).collect()
}
