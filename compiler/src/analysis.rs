//! What training wants to know about a problem as a whole.
//!
//! * Input: the jet expressions of a problem.
//! * Output: an [`Analysis`].
//! * Method: everything is read off the derivatives of the residuals by single jets. A residual is affine in
//!   the fields exactly when none of these derivatives contains a jet.

use crate::hir::Problem;
use crate::jet::{self, Graph, NodeId};

/// Facts about a problem that a training method can use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Analysis {
    /// Every equation and condition is affine in the fields: one linear solve is enough.
    pub linear: bool,
    /// There is a time coordinate.
    pub time_dependent: bool,
    /// The highest order of differentiation by each coordinate, in the order of the problem.
    pub orders: Vec<usize>,
    /// Groups of fields that equations or conditions tie together; each field is in one group.
    pub coupled: Vec<Vec<usize>>,
}

/// Analyses a well-posed problem.
#[must_use]
pub fn analyse(problem: &Problem) -> Analysis {
    let mut lowering = jet::lower(problem);
    let residuals: Vec<NodeId> = lowering
        .equations
        .iter()
        .chain(&lowering.conditions)
        .copied()
        .collect();
    let graph = &mut lowering.graph;
    Analysis {
        linear: residuals.iter().all(|&root| is_affine(graph, root)),
        time_dependent: problem.time().is_some(),
        orders: (0..problem.coordinates.len())
            .map(|coordinate| {
                residuals
                    .iter()
                    .map(|&root| graph.order_in(root, coordinate))
                    .max()
                    .unwrap_or(0)
            })
            .collect(),
        coupled: coupled(graph, &residuals, problem.fields.len()),
    }
}

/// Whether an expression is affine in the jets that it contains.
fn is_affine(graph: &mut Graph, root: NodeId) -> bool {
    graph.jets(&[root]).into_iter().all(|(function, index)| {
        let leaf = graph.jet(function, index);
        let slope = graph.partial(root, leaf);
        graph.jets(&[slope]).is_empty()
    })
}

/// The connected components of the fields, where a residual connects all fields in it.
fn coupled(graph: &Graph, residuals: &[NodeId], fields: usize) -> Vec<Vec<usize>> {
    let mut group: Vec<usize> = (0..fields).collect();
    for &root in residuals {
        let mentioned: Vec<usize> = graph.jets(&[root]).into_iter().map(|(f, _)| f).collect();
        let Some(smallest) = mentioned.iter().map(|&f| group[f]).min() else {
            continue;
        };
        let joined: Vec<usize> = mentioned.iter().map(|&f| group[f]).collect();
        for number in &mut group {
            if joined.contains(number) {
                *number = smallest;
            }
        }
    }
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for number in 0..fields {
        let members: Vec<usize> = (0..fields).filter(|&f| group[f] == number).collect();
        if !members.is_empty() {
            groups.push(members);
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hir::{Overrides, resolve};
    use crate::source::Source;
    use crate::syntax::parse;

    fn analysed(text: &str) -> Analysis {
        let source = Source::new("test.pde", text);
        let document = parse(&source).unwrap();
        analyse(&resolve(&source, &document, &Overrides::new()).unwrap().0)
    }

    #[test]
    fn a_linear_problem_in_time() {
        let found = analysed(
            "coord x in [0, 1]
             time t in [0, 1]
             field u(x, t)
             eq u_tt + exp(x)*u_t = (1 + x^2)*u_xx + sin(t)
             initial u = sin(pi*x)
             initial u_t = 0
             on x = 0: u = 0
             on x = 1: u_x = -2*u",
        );
        assert!(found.linear && found.time_dependent);
        assert_eq!(found.orders, [2, 2]);
        assert_eq!(found.coupled, [[0]]);
    }

    #[test]
    fn what_cancels_is_linear_and_what_multiplies_is_not() {
        let problem = |equation: &str| {
            format!("coord x in [0, 1]\nfield u(x)\neq {equation}\non x = 0, x = 1: u = 0")
        };
        assert!(analysed(&problem("u_xx + (u + 1)^2 - u^2 = 0")).linear);
        assert!(!analysed(&problem("u_xx = u^2")).linear);
        assert!(!analysed(&problem("u_xx = u*u_x")).linear);
        assert!(!analysed(&problem("u_xx = exp(u)")).linear);
    }

    #[test]
    fn conditions_count_too_and_fields_couple() {
        let found = analysed(
            "coord x in [0, 1]
             field u(x)
             field v(x)
             field w(x)
             eq u_xx = v
             eq v_xx = u
             eq w_xx = 1
             on x = 0, x = 1: u = 0
             on x = 0, x = 1: v = 0
             on x = 0: w = 0
             on x = 1: w_x = -w^4",
        );
        assert!(!found.linear && !found.time_dependent);
        assert_eq!(found.coupled, [vec![0, 1], vec![2]]);
    }
}
