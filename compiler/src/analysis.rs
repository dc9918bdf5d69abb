//! What training wants to know about a problem as a whole.
//!
//! * Input: the jet expressions of a problem.
//! * Output: an [`Analysis`].
//! * Method: everything is read off the derivatives of the residuals by single jets and numbers. A residual is
//!   affine in some of them when all second derivatives by these vanish and no jump looks at them.

use crate::hir::Problem;
use crate::jet::{self, Graph, NodeId};
use crate::variation::minimised;
use std::collections::BTreeMap;

/// Facts about a problem that a training method can use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Analysis {
    /// Every equation and condition is affine in the fields: one linear solve is enough.
    pub linear: bool,
    /// How each residual depends on fields and numbers to be found: the equations, then the conditions.
    pub residuals: Vec<Linearity>,
    /// There is a time coordinate.
    pub time_dependent: bool,
    /// The highest order of differentiation by each coordinate, in the order of the problem.
    pub orders: Vec<usize>,
    /// Groups of fields that equations or conditions tie together; each field is in one group.
    pub coupled: Vec<Vec<usize>>,
}

/// How a residual depends on what is to be found. `true` is certain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Linearity {
    /// Affine in the fields and their derivatives, the numbers given.
    pub in_fields: bool,
    /// Affine in the numbers, the fields given: they are found by one linear least-squares solve.
    pub in_numbers: bool,
    /// Affine in fields and numbers together: no number multiplies a field.
    pub jointly: bool,
}

/// Analyses a well-posed problem; the numbers to be found are its unknowns.
#[must_use]
pub fn analyse(problem: &Problem) -> Analysis {
    let first = jet::uniform_of_unknown(problem, 0);
    let unknowns: Vec<usize> = (first..first + problem.unknowns.len()).collect();
    analyse_with(problem, &unknowns)
}

/// Analyses a well-posed problem in which these uniforms of its jet expressions are numbers to be found.
#[must_use]
pub fn analyse_with(problem: &Problem, numbers: &[usize]) -> Analysis {
    let minimiser = minimised(problem);
    let problem = minimiser.as_ref().unwrap_or(problem);
    let mut lowering = jet::lower_whole(problem);
    let residuals: Vec<NodeId> = lowering
        .equations
        .iter()
        .chain(&lowering.conditions)
        .copied()
        .collect();
    let graph = &mut lowering.graph;
    let mut orders = vec![0; problem.coordinates.len()];
    for (_, index) in graph.jets(&residuals) {
        for (coordinate, order) in orders.iter_mut().enumerate() {
            *order = index.order_in(coordinate).max(*order);
        }
    }
    let linearities: Vec<Linearity> = residuals
        .iter()
        .map(|&root| linearity(graph, root, numbers))
        .collect();
    // The value of an integral is a number that depends on the fields.
    let values: Vec<usize> = lowering.integrals.iter().map(|it| it.uniform).collect();
    let operands = lowering.integrals.iter().map(|it| it.operand);
    let wholes: Vec<NodeId> = lowering
        .constraints
        .iter()
        .copied()
        .chain(operands)
        .collect();
    let mut whole = true;
    if !values.is_empty() || !wholes.is_empty() {
        let mut roots = residuals.iter().chain(&wholes);
        whole = roots.all(|root| linearity(graph, *root, &values).jointly);
    }
    Analysis {
        linear: whole && linearities.iter().all(|residual| residual.in_fields),
        residuals: linearities,
        time_dependent: problem.time().is_some(),
        orders,
        coupled: coupled(graph, &residuals, problem.fields.len()),
    }
}

/// How an expression depends on its jets and on these uniforms.
pub fn linearity(graph: &mut Graph, root: NodeId, uniforms: &[usize]) -> Linearity {
    let jets: Vec<NodeId> = graph
        .jets(&[root])
        .into_iter()
        .map(|(function, index)| graph.jet(function, index))
        .collect();
    let numbers: Vec<NodeId> = uniforms.iter().map(|&k| graph.uniform(k)).collect();
    let both: Vec<NodeId> = jets.iter().chain(&numbers).copied().collect();
    Linearity {
        in_fields: graph.is_affine_in(root, &jets),
        in_numbers: graph.is_affine_in(root, &numbers),
        jointly: graph.is_affine_in(root, &both),
    }
}

/// The connected components of the fields, where a residual connects all fields in it.
fn coupled(graph: &Graph, residuals: &[NodeId], fields: usize) -> Vec<Vec<usize>> {
    // A forest in which every field points to a smaller one of its group; the smallest points to itself.
    let mut parents: Vec<usize> = (0..fields).collect();
    for &root in residuals {
        let mentioned = graph.jets(&[root]).into_iter().map(|(field, _)| field);
        let roots: Vec<usize> = mentioned.map(|field| find(&mut parents, field)).collect();
        let Some(&smallest) = roots.iter().min() else {
            continue;
        };
        for root in roots {
            parents[root] = smallest;
        }
    }
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for field in 0..fields {
        let smallest = find(&mut parents, field);
        groups.entry(smallest).or_default().push(field);
    }
    groups.into_values().collect()
}

/// The smallest field of a group; the way there is halved for the next time.
fn find(parents: &mut [usize], field: usize) -> usize {
    let mut here = field;
    while parents[here] != here {
        parents[here] = parents[parents[here]];
        here = parents[here];
    }
    here
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
        // the derivative of a jump is zero
        assert!(!analysed(&problem("u_xx = heaviside(u)")).linear);
        assert!(!analysed(&problem("u_xx = sign(u - 1)")).linear);
        assert!(!analysed(&problem("u_xx = max(u, 0)")).linear);
        assert!(analysed(&problem("u_xx = heaviside(x - 0.5)*u")).linear);
    }

    #[test]
    fn numbers_to_be_found_enter_in_their_own_way() {
        let source = Source::new(
            "test.pde",
            "coord x in [0, 1]
             time t in [0, 1]
             field u(x, t)
             param a = 1
             param b = 2
             param c = 3
             eq u_t = a*u_xx + b*u + c*sin(x)
             initial u = c^2*x
             on x = 0: u = b
             on x = 1: u_x = exp(a)*u",
        );
        let document = parse(&source).unwrap();
        let (problem, _) = resolve(&source, &document, &Overrides::new()).unwrap();
        let found = |numbers: &[usize]| -> Vec<(bool, bool, bool)> {
            let residuals = analyse_with(&problem, numbers).residuals;
            let facts = residuals.iter();
            facts
                .map(|r| (r.in_fields, r.in_numbers, r.jointly))
                .collect()
        };
        let (yes, no) = (true, false);
        assert_eq!(found(&[]), [(yes, yes, yes); 4]);
        // the equation, the initial value, the lower end, the upper end
        let by_a = [
            (yes, yes, no),
            (yes, yes, yes),
            (yes, yes, yes),
            (yes, no, no),
        ];
        assert_eq!(found(&[0]), by_a);
        let by_b = [
            (yes, yes, no),
            (yes, yes, yes),
            (yes, yes, yes),
            (yes, yes, yes),
        ];
        assert_eq!(found(&[1]), by_b);
        let by_c = [
            (yes, yes, yes),
            (yes, no, no),
            (yes, yes, yes),
            (yes, yes, yes),
        ];
        assert_eq!(found(&[2]), by_c);
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
