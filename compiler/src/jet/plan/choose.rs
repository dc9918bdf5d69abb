//! Which derivatives enter linearly, and which of them are worth collapsing.

use super::closure;
use crate::function::Algebra;
use crate::hash::{HashMap, HashSet};
use crate::jet::{Graph, MultiIndex, Node, NodeId};
use std::collections::BTreeMap;

/// Sums are taken apart into no more terms than about this.
const MOST_TERMS: usize = 100_000;

/// One sweep gives the slopes by all jets where one jet after the other would look at more nodes than this.
const MOST_WORK: usize = 100_000;

/// How one expression uses the derivatives of one function.
pub(super) struct Use {
    expression: usize,
    function: usize,
    /// Derivatives with coefficients that depend on coordinates and uniforms only.
    linear: Vec<(MultiIndex, NodeId)>,
    /// The others.
    nonlinear: Vec<MultiIndex>,
}

pub(super) fn uses(graph: &mut Graph, roots: &[NodeId], outputs: &[usize]) -> Vec<Use> {
    let mut uses = Vec::new();
    let places: HashMap<usize, usize> = outputs.iter().copied().zip(0..).collect();
    for (expression, &root) in roots.iter().enumerate() {
        let jets = graph.jets(&[root]);
        let deciding = graph.deciding(&[root]);
        let terms = terms_by_jet(graph, root);
        let leaves: Vec<NodeId> = jets
            .iter()
            .map(|(f, index)| graph.jet(*f, index.clone()))
            .collect();
        let together = work(graph, root, &leaves, &terms) > MOST_WORK;
        let slopes = if together {
            graph.partials(root, &leaves)
        } else {
            HashMap::default()
        };
        // Of thousands of functions an expression mentions a few.
        let mentioned = jets.iter().map(|(function, _)| function);
        let mentioned: BTreeMap<usize, usize> = mentioned
            .filter_map(|function| Some((*places.get(function)?, *function)))
            .collect();
        for function in mentioned.into_values() {
            let mut usage = Use {
                expression,
                function,
                linear: Vec::new(),
                nonlinear: Vec::new(),
            };
            for (_, index) in jets.iter().filter(|(f, _)| *f == function) {
                let leaf = graph.jet(function, index.clone());
                let coefficient = match (slopes.get(&leaf), terms.get(&leaf)) {
                    (Some(slope), _) => *slope,
                    (None, Some(terms)) => slope(graph, terms, leaf),
                    (None, None) => graph.partial(root, leaf),
                };
                let is_linear = !deciding.contains(&leaf) && is_pointwise(graph, coefficient);
                if index.order() > 0 && is_linear {
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

/// The terms of a sum in which each jet occurs; nothing where the expression is no sum.
///
/// A Laplacian in many dimensions has many terms with one jet each, and need not be differentiated as a whole for each.
/// Long sums have sums among their terms, whose terms count instead.
fn terms_by_jet(graph: &Graph, root: NodeId) -> HashMap<NodeId, Vec<(NodeId, f64)>> {
    let mut found: HashMap<NodeId, Vec<(NodeId, f64)>> = HashMap::default();
    if !matches!(graph.node(root), Node::Sum { .. }) {
        return found;
    }
    let mut stack = vec![(root, 1.0)];
    while let Some((term, factor)) = stack.pop() {
        if let Node::Sum { terms, .. } = graph.node(term)
            && found.len() + stack.len() < MOST_TERMS
        {
            stack.extend(terms.iter().map(|(term, c)| (*term, factor * c.value())));
            continue;
        }
        for id in graph.reachable_where(&[term], |id| graph.contents(id).jets) {
            if matches!(graph.node(id), Node::Jet { .. }) {
                found.entry(id).or_default().push((term, factor));
            }
        }
    }
    found
}

/// How many nodes are looked at when one jet after the other is differentiated by.
fn work(
    graph: &Graph,
    root: NodeId,
    leaves: &[NodeId],
    terms: &HashMap<NodeId, Vec<(NodeId, f64)>>,
) -> usize {
    let mut sizes: HashMap<NodeId, usize> = HashMap::default();
    let mut work = 0;
    for leaf in leaves {
        let alone = [(root, 1.0)];
        let looked = terms.get(leaf).map_or(alone.as_slice(), Vec::as_slice);
        for (term, _) in looked {
            let size = || {
                let jets = |id: NodeId| graph.contents(id).jets;
                graph.reachable_where(&[*term], jets).len()
            };
            work += *sizes.entry(*term).or_insert_with(size);
        }
    }
    work
}

/// The derivative of these terms by a jet.
fn slope(graph: &mut Graph, terms: &[(NodeId, f64)], leaf: NodeId) -> NodeId {
    let slopes: Vec<(NodeId, f64)> = terms
        .iter()
        .map(|(term, factor)| (graph.partial(*term, leaf), *factor))
        .collect();
    graph.sum(&slopes, 0.0)
}

/// Whether an expression depends on coordinates and uniforms only.
fn is_pointwise(graph: &Graph, root: NodeId) -> bool {
    let contents = graph.contents(root);
    !contents.jets && !contents.data
}

/// One use of a combination: `factor·L u` in an expression.
pub(super) struct Application {
    pub expression: usize,
    pub function: usize,
    pub factor: NodeId,
    pub combination: usize,
}

/// The combinations that are worth it.
pub(super) struct Collapsed {
    pub partial: Vec<MultiIndex>,
    pub combinations: Vec<Vec<(MultiIndex, NodeId)>>,
    pub applications: Vec<Application>,
}

/// Chooses which derivatives to collapse; `None` where nothing is gained.
pub(super) fn choose(graph: &mut Graph, uses: Vec<Use>, all: &[MultiIndex]) -> Option<Collapsed> {
    let nonlinear: HashSet<&MultiIndex> = uses.iter().flat_map(|usage| &usage.nonlinear).collect();
    let mut free: Vec<MultiIndex> = Vec::new();
    for usage in &uses {
        for (index, _) in &usage.linear {
            if !nonlinear.contains(index) && !free.contains(index) {
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
    let mut positions: HashMap<Vec<(MultiIndex, NodeId)>, usize> = HashMap::default();
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
        let combination = *positions.entry(terms).or_insert_with_key(|terms| {
            combinations.push(terms.clone());
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
