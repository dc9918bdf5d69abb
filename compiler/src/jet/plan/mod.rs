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

mod choose;
#[cfg(test)]
mod tests;

use super::{Graph, MultiIndex, Names, Node, NodeId, Unknown, print_bindings};
use crate::function::Algebra;
use choose::{Collapsed, choose, uses};

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
    /// `L1 = N_t - nu*N_xx`, for each combination among these coefficients. The function is added to the graph.
    pub fn print_all(
        coefficients: &[Coefficient],
        graph: &mut Graph,
        names: &Names,
        function: &str,
    ) -> Vec<String> {
        let arguments = (0..names.coordinates.len())
            .map(|c| u16::try_from(c).unwrap_or(u16::MAX))
            .collect();
        let unknown = graph.add_unknown(Unknown {
            name: function.to_string(),
            arguments,
        });
        let printed = coefficients
            .iter()
            .filter_map(|coefficient| match coefficient {
                Coefficient::Partial(_) => None,
                Coefficient::Combination(combination) => {
                    Some(combination.print(graph, names, usize::from(unknown)))
                }
            });
        printed.collect()
    }

    fn print(&self, graph: &mut Graph, names: &Names, unknown: usize) -> String {
        let terms: Vec<(NodeId, f64)> = self
            .terms
            .iter()
            .map(|(index, coefficient)| {
                let jet = graph.jet(unknown, index.clone());
                (graph.multiply(*coefficient, jet), 1.0)
            })
            .collect();
        let sum = graph.sum(&terms, 0.0);
        print_bindings(graph, names, &[(self.name.clone(), sum)])
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
