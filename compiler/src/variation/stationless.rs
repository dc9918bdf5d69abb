//! Energies that no function makes stationary, and those that have no least value.

use super::stationary;
use crate::diagnostic::Diagnostic;
use crate::hir::{CoordinateId, FieldId, Problem, Role};
use crate::jet::{self, Node, NodeId};

/// An error for each field of which the Euler–Lagrange equation contains nothing that is sought: `∫u dx` has the equation
/// `1 = 0`, and grows or falls along every function.
#[must_use]
pub fn stationless(problem: &Problem) -> Vec<Diagnostic> {
    if problem.energies.is_empty() || problem.domain.is_some() {
        return Vec::new();
    }
    let Ok(derived) = stationary(problem) else {
        return Vec::new();
    };
    let mut lowering = jet::lower(&derived.problem);
    let parameters = problem.parameters.len();
    let mut found = Vec::new();
    let mut unbounded = Vec::new();
    for (field, root) in derived.fields.iter().zip(&lowering.equations.clone()) {
        let nodes = lowering.graph.reachable(&[*root]);
        let open = nodes.into_iter().any(|id| match lowering.graph.node(id) {
            Node::Jet { .. } | Node::Datum(_) => true,
            Node::Uniform(uniform) => usize::from(*uniform) >= parameters,
            Node::Number(_)
            | Node::Coordinate(_)
            | Node::Sum { .. }
            | Node::Product(_)
            | Node::Power { .. }
            | Node::Call(..)
            | Node::Select { .. } => false,
        });
        if open {
            unbounded.extend(falls_along(problem, &mut lowering, *field, *root));
        } else {
            let constant = lowering.graph.as_number(*root) == Some(0.0);
            found.push(report(problem, *field, constant));
        }
    }
    found.extend(unbounded);
    found
}

/// A warning where an energy falls without end along short waves of a field: the second derivative of its integrand by the
/// field's highest derivative along a direction is negative for certain, against Legendre's condition (Gelfand and Fomin
/// 1963, § 25). In the Euler–Lagrange equation that is the factor of a derivative of order 2m, times (−1)^m.
fn falls_along(
    problem: &Problem,
    lowering: &mut jet::Lowering,
    field: FieldId,
    root: NodeId,
) -> Option<Diagnostic> {
    let mut along: Option<(CoordinateId, usize)> = None;
    for (coordinate, declared) in problem.coordinates.iter() {
        if declared.role == Role::Family {
            continue;
        }
        // The highest derivative along this direction alone; mixed ones as high would have a say as well.
        let mut highest: Option<(usize, NodeId)> = None;
        let mut mixed = 0;
        for id in lowering.graph.reachable(&[root]) {
            let Node::Jet { function, index } = lowering.graph.node(id) else {
                continue;
            };
            if usize::from(*function) != field.index() {
                continue;
            }
            let own = index.order_in(coordinate.index());
            if own == index.order() {
                if highest.is_none_or(|(order, _)| own > order) {
                    highest = Some((own, id));
                }
            } else {
                mixed = mixed.max(own);
            }
        }
        let Some((order, leaf)) = highest else {
            continue;
        };
        if order == 0 || order % 2 == 1 || mixed >= order {
            continue;
        }
        let factor = lowering.graph.partial(root, leaf);
        let Some(factor) = lowering.graph.as_number(factor) else {
            continue;
        };
        let sign = if order / 2 % 2 == 1 { -factor } else { factor };
        if sign > 0.0 {
            return None;
        }
        along = along.or(Some((coordinate, order / 2)));
    }
    // Where all directions agree: an action falls along space and grows along time, and has no minimiser by design.
    let (coordinate, order) = along?;
    let name = &problem.fields[field].name;
    let by = problem.coordinates[coordinate].name.repeat(order);
    let span = problem.energies.first()?.span;
    Some(
        Diagnostic::warning(
            "no-minimiser",
            format!("the energy falls without end along short waves of `{name}`"),
            span,
            format!("the larger `{name}_{by}`, the less it is"),
        )
        .with_note(
            "The second derivative of the integrand by the highest derivative is negative (Legendre's condition fails): \
             what is found makes the energy stationary, and not least.",
        )
        .with_help(format!("check the sign in front of `{name}_{by}^2`")),
    )
}

fn report(problem: &Problem, field: FieldId, constant: bool) -> Diagnostic {
    let name = &problem.fields[field].name;
    let span = problem
        .energies
        .first()
        .map_or(problem.fields[field].span, |it| it.span);
    let (message, here, note) = if constant {
        (
            format!("the energy does not depend on `{name}` inside the domain"),
            "the same for all functions with these values on the boundary",
            format!(
                "Its Euler–Lagrange equation by `{name}` is 0 = 0: the integrand is a derivative of something, and nothing \
                 chooses among the functions."
            ),
        )
    } else {
        (
            format!("no function makes the energy stationary in `{name}`"),
            "linear in it: has no least value",
            format!(
                "Its Euler–Lagrange equation by `{name}` does not contain `{name}` and does not hold, as 1 = 0: the energy \
                 can be lowered without end."
            ),
        )
    };
    Diagnostic::error("no-minimiser", message, span, here)
        .with_label(problem.fields[field].span, "the field is declared here")
        .with_note(note)
        .with_help(format!(
            "an energy is convex in `{name}` or its derivatives, as in `minimize integral({name}_x^2/2 - f*{name}, x)`; is a \
             term missing?"
        ))
}
