//! Energies that no function makes stationary.

use super::stationary;
use crate::diagnostic::Diagnostic;
use crate::hir::{FieldId, Problem};
use crate::jet::{self, Node};

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
    let lowering = jet::lower(&derived.problem);
    let parameters = problem.parameters.len();
    let mut found = Vec::new();
    for (field, root) in derived.fields.iter().zip(&lowering.equations) {
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
        if !open {
            let constant = lowering.graph.as_number(*root) == Some(0.0);
            found.push(report(problem, *field, constant));
        }
    }
    found
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
