//! The jet plan: the smallest set of Taylor coefficients that a network has to carry.
//!
//! * Input: expressions of the network's jets.
//! * Output: a [`Plan`]: the coefficients, and the expressions written in them.
//! * Invariants: with every partial derivative the plan holds every lower one, and with every combination
//!   every derivative strictly below its terms: what the chain rule needs. Collapsed or not, the expressions
//!   have the same value.
//!
//! **Collapsing.** Where highest derivatives enter only through linear combinations `Lu = Σ c_α(x) D^α u`
//! whose coefficients do not depend on the solution, the combination can travel as one coefficient, because
//! for every activation `f`
//!
//! ```text
//! L f(z) = f'(z)·Lz + Σ c_α·(D^α f(z) − f'(z)·D^α z)
//! ```
//!
//! and the sum on the right needs derivatives strictly below the α only. Burgers carries `{u, u_x, Lu}` with
//! `L = ∂_t − ν ∂_xx` instead of `{u, u_x, u_t, u_xx}`; the Laplacian in d dimensions d + 2 coefficients
//! instead of 2d + 1. (The forward Laplacian of Li et al. 2023, for any linear combination.)

use super::{Graph, MultiIndex, Names, Node, NodeId, Unknown, print_bindings};
use crate::function::Algebra;

/// What a network carries, and expressions written in it.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The coefficients; the first is the value itself.
    pub coefficients: Vec<Coefficient>,
    /// The expressions, rewritten where combinations stand for their terms.
    pub expressions: Vec<NodeId>,
    /// How many coefficients there would be without collapsing.
    pub uncollapsed: usize,
}

/// One Taylor coefficient.
#[derive(Clone, Debug, PartialEq)]
pub enum Coefficient {
    /// A partial derivative.
    Partial(MultiIndex),
    /// A linear combination of partial derivatives.
    Combination(Combination),
}

/// `L = Σ c_α(x) D^α`
#[derive(Clone, Debug, PartialEq)]
pub struct Combination {
    /// Its name, for people.
    pub name: String,
    /// The derivatives and their coefficients: expressions of coordinates and uniforms.
    pub terms: Vec<(MultiIndex, NodeId)>,
    /// The unknown function that stands for `L u`, for each function `u` that it is applied to.
    pub images: Vec<(usize, usize)>,
}

impl Combination {
    /// `L1 = N_t - nu*N_xx`
    #[must_use]
    pub fn print(&self, graph: &Graph, names: &Names, function: &str) -> String {
        let mut graph = graph.clone();
        let arguments = (0..names.coordinates.len())
            .map(|c| u16::try_from(c).unwrap_or(u16::MAX))
            .collect();
        let unknown = graph.add_unknown(Unknown {
            name: function.to_string(),
            arguments,
        });
        let terms: Vec<(NodeId, f64)> = self
            .terms
            .iter()
            .map(|(index, coefficient)| {
                let jet = graph.jet(usize::from(unknown), index.clone());
                (graph.multiply(*coefficient, jet), 1.0)
            })
            .collect();
        let sum = graph.sum(&terms, 0.0);
        print_bindings(&graph, names, &[(self.name.clone(), sum)])
            .trim_end()
            .to_string()
    }
}

impl Coefficient {
    /// `N_xx`, or `L1[N]`.
    #[must_use]
    pub fn name(&self, names: &Names, function: &str) -> String {
        match self {
            Self::Partial(index) => names.jet(function, index),
            Self::Combination(combination) => format!("{}[{function}]", combination.name),
        }
    }
}

impl Plan {
    /// The position of the coefficient that holds a jet: the function it belongs to, and its place.
    #[must_use]
    pub fn position(&self, function: usize, index: &MultiIndex) -> Option<(usize, usize)> {
        let mut stands_for = None;
        let mut partial = None;
        for (position, coefficient) in self.coefficients.iter().enumerate() {
            match coefficient {
                Coefficient::Partial(carried) if carried == index => {
                    partial = Some((function, position));
                }
                Coefficient::Partial(_) => {}
                Coefficient::Combination(combination) => {
                    for (of, image) in &combination.images {
                        if *image == function {
                            stands_for = Some((*of, position));
                        }
                    }
                }
            }
        }
        stands_for.or(partial)
    }
}

/// Plans the jets of these expressions of the functions `outputs`.
pub fn plan(graph: &mut Graph, roots: &[NodeId], outputs: &[usize], collapse: bool) -> Plan {
    let all = closure(graph.jets(roots).into_iter().map(|(_, index)| index));
    let mut plan = Plan {
        coefficients: all.iter().cloned().map(Coefficient::Partial).collect(),
        expressions: roots.to_vec(),
        uncollapsed: all.len(),
    };
    if !collapse {
        return plan;
    }
    let uses = uses(graph, roots, outputs);
    let Some(collapsed) = choose(graph, uses, &all) else {
        return plan;
    };
    rewrite(graph, &mut plan, collapsed);
    plan
}

/// All multi-indices below these, themselves included, in the order of storage.
fn closure(indices: impl Iterator<Item = MultiIndex>) -> Vec<MultiIndex> {
    let mut set = vec![MultiIndex::zero()];
    for index in indices {
        set.extend(index.lower_set());
    }
    set.sort_by(MultiIndex::compare);
    set.dedup();
    set
}

/// How one expression uses the derivatives of one function.
struct Use {
    expression: usize,
    function: usize,
    /// Derivatives with coefficients that depend on coordinates and uniforms only.
    linear: Vec<(MultiIndex, NodeId)>,
    /// The others.
    nonlinear: Vec<MultiIndex>,
}

fn uses(graph: &mut Graph, roots: &[NodeId], outputs: &[usize]) -> Vec<Use> {
    let mut uses = Vec::new();
    for (expression, &root) in roots.iter().enumerate() {
        let jets = graph.jets(&[root]);
        for &function in outputs {
            let mut usage = Use {
                expression,
                function,
                linear: Vec::new(),
                nonlinear: Vec::new(),
            };
            for (_, index) in jets.iter().filter(|(f, _)| *f == function) {
                let leaf = graph.jet(function, index.clone());
                let coefficient = graph.partial(root, leaf);
                if index.order() > 0 && is_pointwise(graph, coefficient) {
                    usage.linear.push((index.clone(), coefficient));
                } else {
                    usage.nonlinear.push(index.clone());
                }
            }
            uses.push(usage);
        }
    }
    uses
}

/// Whether an expression depends on coordinates and uniforms only.
fn is_pointwise(graph: &Graph, root: NodeId) -> bool {
    graph
        .reachable(&[root])
        .into_iter()
        .all(|id| !matches!(graph.node(id), Node::Jet { .. } | Node::Datum(_)))
}

/// One use of a combination: `factor·L u` in an expression.
struct Application {
    expression: usize,
    function: usize,
    factor: NodeId,
    combination: usize,
}

/// The combinations that are worth it.
struct Collapsed {
    partial: Vec<MultiIndex>,
    combinations: Vec<Vec<(MultiIndex, NodeId)>>,
    applications: Vec<Application>,
}

/// Chooses which derivatives to collapse; `None` where nothing is gained.
fn choose(graph: &mut Graph, uses: Vec<Use>, all: &[MultiIndex]) -> Option<Collapsed> {
    let linear = |index: &MultiIndex| uses.iter().all(|usage| !usage.nonlinear.contains(index));
    let mut free: Vec<MultiIndex> = Vec::new();
    for usage in &uses {
        for (index, _) in &usage.linear {
            if linear(index) && !free.contains(index) {
                free.push(index.clone());
            }
        }
    }
    // What the chain rule needs of the others, and below the free ones, is carried in any case.
    let below = free.iter().flat_map(|index| {
        let mut set = index.lower_set();
        set.retain(|lower| lower != index);
        set
    });
    let others = uses.iter().flat_map(|usage| {
        let linear = usage.linear.iter().map(|(index, _)| index);
        usage
            .nonlinear
            .iter()
            .chain(linear)
            .filter(|index| !free.contains(index))
            .cloned()
    });
    let mut partial = closure(below.chain(others));
    // A derivative that stands alone somewhere is carried on its own, and then nobody need combine it.
    loop {
        free.retain(|index| !partial.contains(index));
        let alone: Vec<MultiIndex> = uses
            .iter()
            .filter_map(|usage| {
                let mut mine = usage
                    .linear
                    .iter()
                    .filter(|(index, _)| free.contains(index));
                match (mine.next(), mine.next()) {
                    (Some((index, _)), None) => Some(index.clone()),
                    (Some(_), Some(_)) | (None, _) => None,
                }
            })
            .collect();
        if alone.is_empty() {
            break;
        }
        partial = closure(partial.into_iter().chain(alone));
    }
    let mut combinations: Vec<Vec<(MultiIndex, NodeId)>> = Vec::new();
    let mut applications = Vec::new();
    for usage in &uses {
        let terms: Vec<(MultiIndex, NodeId)> = usage
            .linear
            .iter()
            .filter(|(index, _)| free.contains(index))
            .cloned()
            .collect();
        if terms.is_empty() {
            continue;
        }
        let (factor, terms) = normalise(graph, terms);
        let combination = combinations
            .iter()
            .position(|known| *known == terms)
            .unwrap_or_else(|| {
                combinations.push(terms);
                combinations.len() - 1
            });
        applications.push(Application {
            expression: usage.expression,
            function: usage.function,
            factor,
            combination,
        });
    }
    let gained = !combinations.is_empty() && partial.len() + combinations.len() < all.len();
    gained.then_some(Collapsed {
        partial,
        combinations,
        applications,
    })
}

/// Takes a common factor out, so that `dt·a·u_t − dt·a·ν·u_xx` and `u_t − ν·u_xx` are the same combination:
/// the first coefficient, where the ratios to it are free of coordinates and of divisions that could fail.
fn normalise(
    graph: &mut Graph,
    terms: Vec<(MultiIndex, NodeId)>,
) -> (NodeId, Vec<(MultiIndex, NodeId)>) {
    for pivot in 0..terms.len() {
        let factor = terms[pivot].1;
        let ratios: Vec<(MultiIndex, NodeId)> = terms
            .iter()
            .map(|(index, coefficient)| (index.clone(), graph.divide(*coefficient, factor)))
            .collect();
        if ratios
            .iter()
            .all(|(_, ratio)| is_safe_uniform(graph, *ratio))
        {
            return (factor, ratios);
        }
    }
    (graph.number(1.0), terms)
}

/// Whether an expression is the same at every point and cannot divide by zero.
fn is_safe_uniform(graph: &Graph, root: NodeId) -> bool {
    graph
        .reachable(&[root])
        .into_iter()
        .all(|id| match graph.node(id) {
            Node::Number(bits) => bits.value().is_finite(),
            Node::Uniform(_) | Node::Sum { .. } => true,
            Node::Product(factors) => factors.iter().all(|(_, exponent)| *exponent > 0),
            Node::Coordinate(_)
            | Node::Datum(_)
            | Node::Jet { .. }
            | Node::Power { .. }
            | Node::Call(..)
            | Node::Select { .. } => false,
        })
}

/// Writes the expressions in the chosen coefficients.
fn rewrite(graph: &mut Graph, plan: &mut Plan, collapsed: Collapsed) {
    let mut combinations: Vec<Combination> = collapsed
        .combinations
        .into_iter()
        .enumerate()
        .map(|(number, terms)| Combination {
            name: format!("L{}", number + 1),
            terms,
            images: Vec::new(),
        })
        .collect();
    for application in &collapsed.applications {
        let combination = &mut combinations[application.combination];
        let image = match combination
            .images
            .iter()
            .find(|(of, _)| *of == application.function)
        {
            Some((_, image)) => *image,
            None => {
                let of = graph.unknowns()[application.function].clone();
                let image = usize::from(graph.add_unknown(Unknown {
                    name: format!("{}[{}]", combination.name, of.name),
                    arguments: of.arguments,
                }));
                combination.images.push((application.function, image));
                image
            }
        };
        let root = plan.expressions[application.expression];
        let collapsed_terms = combination.terms.clone();
        let rest = graph.substitute(&[root], |graph, leaf| match leaf {
            Node::Jet { function, index }
                if usize::from(*function) == application.function
                    && collapsed_terms.iter().any(|(term, _)| term == index) =>
            {
                Some(graph.number(0.0))
            }
            Node::Number(_)
            | Node::Coordinate(_)
            | Node::Uniform(_)
            | Node::Datum(_)
            | Node::Jet { .. }
            | Node::Sum { .. }
            | Node::Product(_)
            | Node::Power { .. }
            | Node::Call(..)
            | Node::Select { .. } => None,
        });
        let stand_in = graph.jet(image, MultiIndex::zero());
        let term = graph.multiply(application.factor, stand_in);
        plan.expressions[application.expression] = graph.sum(&[(term, 1.0), (rest[0], 1.0)], 0.0);
    }
    plan.coefficients = collapsed
        .partial
        .into_iter()
        .map(Coefficient::Partial)
        .chain(combinations.into_iter().map(Coefficient::Combination))
        .collect();
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Plans `expression(jets)` in `dimensions` coordinates for one function.
    fn count(
        dimensions: u16,
        expression: impl Fn(&mut Graph, &dyn Fn(&mut Graph, &[usize]) -> NodeId) -> NodeId,
    ) -> (usize, usize) {
        let mut graph = Graph::new(vec![Unknown {
            name: "u".into(),
            arguments: (0..dimensions).collect(),
        }]);
        let jet = |g: &mut Graph, by: &[usize]| g.jet(0, MultiIndex::new(by.iter().copied()));
        let root = expression(&mut graph, &jet);
        let plan = plan(&mut graph, &[root], &[0], true);
        (plan.coefficients.len(), plan.uncollapsed)
    }

    #[test]
    fn burgers_carries_three() {
        let counts = count(2, |g, jet| {
            let (u, ux, ut, uxx) = (jet(g, &[]), jet(g, &[0]), jet(g, &[1]), jet(g, &[0, 0]));
            let advection = g.multiply(u, ux);
            let nu = g.uniform(0);
            let diffusion = g.multiply(nu, uxx);
            g.sum(&[(ut, 1.0), (advection, 1.0), (diffusion, -1.0)], 0.0)
        });
        assert_eq!(counts, (3, 4));
    }

    #[test]
    fn a_laplacian_carries_two_more_than_dimensions() {
        for d in 1..8_u16 {
            let counts = count(d, |g, jet| {
                let terms: Vec<(NodeId, f64)> = (0..usize::from(d))
                    .map(|c| (jet(g, &[c, c]), 1.0))
                    .collect();
                g.sum(&terms, 0.0)
            });
            let d = usize::from(d);
            // in one dimension there is nothing to collapse
            assert_eq!(counts, (if d == 1 { 3 } else { d + 2 }, 2 * d + 1));
        }
    }

    #[test]
    fn waves_and_plates() {
        let wave = count(2, |g, jet| {
            let (tt, xx) = (jet(g, &[1, 1]), jet(g, &[0, 0]));
            g.sum(&[(tt, 1.0), (xx, -4.0)], 0.0)
        });
        assert_eq!(wave, (4, 5));
        let biharmonic = count(2, |g, jet| {
            let (xxxx, xxyy, yyyy) = (
                jet(g, &[0, 0, 0, 0]),
                jet(g, &[0, 0, 1, 1]),
                jet(g, &[1, 1, 1, 1]),
            );
            g.sum(&[(xxxx, 1.0), (xxyy, 2.0), (yyyy, 1.0)], 0.0)
        });
        assert_eq!(biharmonic, (11, 13));
    }

    #[test]
    fn what_is_used_otherwise_is_not_collapsed() {
        // u_xx stands under a sine
        let counts = count(2, |g, jet| {
            let (t, xx) = (jet(g, &[1]), jet(g, &[0, 0]));
            let sine = g.function(crate::function::Function::Sin, xx);
            g.sum(&[(t, 1.0), (sine, 1.0)], 0.0)
        });
        assert_eq!(counts, (4, 4));
    }

    #[test]
    fn systems_share_combinations() {
        // Navier-Stokes in two dimensions: u, v, p with the same viscosity
        let mut graph = Graph::new(
            ["u", "v", "p"]
                .into_iter()
                .map(|name| Unknown {
                    name: name.into(),
                    arguments: vec![0, 1],
                })
                .collect(),
        );
        let g = &mut graph;
        let nu = g.uniform(0);
        let mut momentum = Vec::new();
        for (own, pressure) in [(0, [0]), (1, [1])] {
            let mut terms = Vec::new();
            for (wind, c) in [(0, 0), (1, 1)] {
                let wind = g.jet(wind, MultiIndex::zero());
                let slope = g.jet(own, MultiIndex::new([c]));
                terms.push((g.multiply(wind, slope), 1.0));
                let second = g.jet(own, MultiIndex::new([c, c]));
                terms.push((g.multiply(nu, second), -1.0));
            }
            terms.push((g.jet(2, MultiIndex::new(pressure)), 1.0));
            momentum.push(g.sum(&terms, 0.0));
        }
        let (ux, vy) = (
            g.jet(0, MultiIndex::new([0])),
            g.jet(1, MultiIndex::new([1])),
        );
        momentum.push(g.add(ux, vy));
        let plan = plan(&mut graph, &momentum, &[0, 1, 2], true);
        assert_eq!((plan.coefficients.len(), plan.uncollapsed), (4, 5));
    }
}
