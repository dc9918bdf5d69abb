//! Whether everything that is known before training is a finite real number throughout the box.
//!
//! * Input: the problem as jet expressions.
//! * Output: `non-real` and `singular-coefficient`, one for each statement, at the expression to blame.
//! * Method: what is looked at are the largest parts of each residual that do not depend on the solution: its terms,
//!   the factors of fields, and what functions and powers take. What depends on the solution cannot be decided.

mod blame;
mod formula;
mod places;
mod report;
mod search;
#[cfg(test)]
mod tests;

use super::lowered::{Lowered, is_known_leaf};
use super::singular::SingularEnds;
use crate::diagnostic::Diagnostic;
use crate::function::Algebra;
use crate::hir::{ExpressionId, Part, Side};
use crate::jet::{Graph, Node, NodeId};
use crate::source::Span;
use crate::syntax::Document;
pub(super) use formula::Formula;
pub(super) use places::{Grids, Places};
pub(super) use report::{place, short};
use search::{Failure, Fault, fault};
use std::collections::{BTreeSet, HashMap};

/// A part of a residual that is known before training.
#[derive(Clone, Copy)]
struct Coefficient {
    node: NodeId,
    /// The smallest node that depends on the solution and has this in it; itself where nothing has.
    parent: NodeId,
}

/// Something that the file states.
struct Statement {
    /// What it is, to begin a sentence: "the initial value of `u`".
    what: String,
    root: NodeId,
    sides: [ExpressionId; 2],
    span: Span,
    part: Option<Part>,
    exact: bool,
}

/// Checks all values of a problem.
pub(super) fn check(
    lowered: &mut Lowered,
    document: &Document,
    singular: &SingularEnds,
) -> Vec<Diagnostic> {
    let problem = lowered.problem;
    let infinite: Vec<Diagnostic> = problem
        .parameters
        .iter()
        .filter(|(_, parameter)| !parameter.value.is_finite())
        .map(|(_, parameter)| report::parameter(parameter))
        .collect();
    if !infinite.is_empty() {
        return infinite;
    }
    let mut found = Vec::new();
    let statements = statements(lowered);
    let mut groups: Vec<Option<Part>> = statements.iter().map(|s| s.part).collect();
    groups.sort_unstable();
    groups.dedup();
    for part in groups {
        let here: Vec<&Statement> = statements.iter().filter(|s| s.part == part).collect();
        let roots: Vec<NodeId> = here.iter().map(|s| s.root).collect();
        let mut faulty = Vec::new();
        let mut looked: HashMap<NodeId, Option<Fault>> = HashMap::new();
        for coefficient in coefficients(lowered, &roots) {
            let fault = looked
                .entry(coefficient.node)
                .or_insert_with(|| look(lowered, coefficient.node, part));
            if let Some(fault) = fault {
                faulty.push((coefficient, fault.clone()));
            }
        }
        if faulty.is_empty() {
            continue;
        }
        for statement in here {
            let under = lowered.under(statement.root);
            let gravest = faulty
                .iter()
                .filter(|(coefficient, _)| under.contains(&coefficient.parent))
                .filter(|(_, fault)| matters(lowered, statement, fault))
                .filter(|(coefficient, fault)| {
                    !is_regular(lowered, statement, *coefficient, fault, singular)
                })
                .min_by_key(|(_, fault)| fault.failure);
            if let Some((coefficient, fault)) = gravest {
                let blamed = blame::blame(lowered, statement, *coefficient, fault);
                found.push(report::report(
                    lowered,
                    document,
                    statement,
                    *coefficient,
                    fault,
                    blamed,
                ));
            }
        }
    }
    // The same place in a `let`, or a condition on several parts.
    let mut seen = BTreeSet::new();
    found.retain(|diagnostic| seen.insert((diagnostic.name, diagnostic.primary.span)));
    found
}

/// An undefined point on the boundary is no point of training, and exact solutions are looked at inside only:
/// at the boundary they meet conditions, which are verified by themselves.
fn matters(lowered: &Lowered, statement: &Statement, fault: &Fault) -> bool {
    let inside = lowered.problem.coordinates.iter().all(|(id, coordinate)| {
        let fixed = statement.part.is_some_and(|part| part.coordinate == id);
        let value = fault.point.get(id.index());
        fixed || value.is_none_or(|value| *value > coordinate.low && *value < coordinate.high)
    });
    match fault.failure {
        Failure::NotReal => true,
        Failure::Infinite => inside || !statement.exact,
        Failure::Undefined => inside && !statement.exact,
    }
}

/// Whether a factor of a field is infinite only at an end where the equation itself chooses a solution for which all is
/// finite: `u_r/r` at the centre of a disk. Points of training lie inside.
fn is_regular(
    lowered: &Lowered,
    statement: &Statement,
    coefficient: Coefficient,
    fault: &Fault,
    singular: &SingularEnds,
) -> bool {
    let factor = matches!(lowered.graph.node(coefficient.parent), Node::Product(_));
    if statement.part.is_some() || statement.exact || fault.failure != Failure::Infinite || !factor
    {
        return false;
    }
    let fields = lowered.jets(statement.root);
    let is_end = |part: Part, value: f64| {
        let coordinate = &lowered.problem.coordinates[part.coordinate];
        match part.side {
            Side::Low => value == coordinate.low,
            Side::High => value == coordinate.high,
        }
    };
    singular.keys().any(|(field, part)| {
        let concerns = fields
            .iter()
            .any(|(function, _)| *function == field.index());
        let value = fault.point.get(part.coordinate.index());
        // Inside along every other coordinate, so that none of them is to blame.
        concerns && value.is_some_and(|value| is_end(*part, *value))
    })
}

fn statements(lowered: &Lowered) -> Vec<Statement> {
    let problem = lowered.problem;
    let equations = problem
        .equations
        .iter()
        .zip(&lowered.equations)
        .map(|(equation, root)| Statement {
            what: format!("the equation `{}`", equation.label),
            root: *root,
            sides: [equation.left, equation.right],
            span: equation.span,
            part: None,
            exact: false,
        });
    let conditions = problem
        .conditions
        .iter()
        .zip(&lowered.conditions)
        .map(|(condition, root)| Statement {
            what: format!("the condition `{}`", condition.label),
            root: *root,
            sides: [condition.left, condition.right],
            span: condition.span,
            part: Some(condition.part),
            exact: false,
        });
    let exact = problem.exact.iter().map(|exact| Statement {
        what: format!(
            "the exact solution of `{}`",
            problem.fields[exact.field].name
        ),
        root: lowered.images[exact.value.index()],
        sides: [exact.value, exact.value],
        span: exact.span,
        part: None,
        exact: true,
    });
    equations.chain(conditions).chain(exact).collect()
}

/// The largest parts of these residuals that are known before training.
fn coefficients(lowered: &mut Lowered, roots: &[NodeId]) -> Vec<Coefficient> {
    let parameters = lowered.problem.parameters.len();
    let graph = &mut lowered.graph;
    let mut known: HashMap<NodeId, bool> = HashMap::new();
    let mut found = Vec::new();
    let guarded = guarded(graph, roots, parameters);
    for id in graph.reachable(roots) {
        let mut here = is_known_leaf(graph.node(id), parameters);
        graph.for_each_child(id, |child| {
            here &= known.get(&child).copied().unwrap_or(false);
        });
        known.insert(id, here);
        if here || guarded.contains(&id) {
            continue;
        }
        let is_known = |node: &NodeId| known.get(node).copied().unwrap_or(false);
        let mut parts: Vec<NodeId> = Vec::new();
        match graph.node(id).clone() {
            Node::Sum { constant, terms } => {
                let numbers = terms.iter().map(|(_, factor)| factor.value());
                let numbers = numbers.chain([constant.value()]);
                let infinite: Vec<f64> = numbers.filter(|n| !n.is_finite()).collect();
                parts.extend(terms.iter().map(|(term, _)| *term).filter(is_known));
                parts.extend(infinite.into_iter().map(|number| graph.number(number)));
            }
            Node::Product(factors) => {
                let factors: Vec<(NodeId, i32)> =
                    factors.into_iter().filter(|(f, _)| is_known(f)).collect();
                if !factors.is_empty() {
                    parts.push(graph.product(&factors));
                }
            }
            Node::Power { .. } | Node::Call(..) | Node::Select { .. } => {
                graph.for_each_child(id, |child| parts.push(child));
                parts.retain(is_known);
            }
            Node::Number(_)
            | Node::Coordinate(_)
            | Node::Uniform(_)
            | Node::Datum(_)
            | Node::Jet { .. } => {}
        }
        found.extend(
            parts
                .into_iter()
                .map(|node| Coefficient { node, parent: id }),
        );
    }
    let closed = roots.iter().filter(|root| known.get(root) == Some(&true));
    found.extend(closed.map(|root| Coefficient {
        node: *root,
        parent: *root,
    }));
    found
}

/// What stands in a branch of a choice that depends on more than what is known: the other branch may be there for
/// the places where this one has no value.
fn guarded(graph: &Graph, roots: &[NodeId], parameters: usize) -> BTreeSet<NodeId> {
    let mut stack = Vec::new();
    let mut open: BTreeSet<NodeId> = BTreeSet::new();
    for id in graph.reachable(roots) {
        let mut here = !is_known_leaf(graph.node(id), parameters);
        graph.for_each_child(id, |child| here |= open.contains(&child));
        if here {
            open.insert(id);
        }
        if let Node::Select {
            less, otherwise, ..
        } = graph.node(id)
            && here
        {
            stack.extend([*less, *otherwise]);
        }
    }
    let mut guarded = BTreeSet::new();
    while let Some(id) = stack.pop() {
        if guarded.insert(id) {
            graph.for_each_child(id, |child| stack.push(child));
        }
    }
    guarded
}

fn look(lowered: &Lowered, node: NodeId, part: Option<Part>) -> Option<Fault> {
    let formula = Formula::new(&lowered.graph, &[node], &lowered.parameters);
    let root = formula.position(node)?;
    let parts: Vec<Part> = part.into_iter().collect();
    let places = Places::new(lowered.problem, &formula.coordinates, &parts, formula.len());
    fault(lowered.problem, &formula, root, &places)
}
