//! What a minimiser satisfies, derived from the energies.

use pdec_compiler::hir::{ExpressionId, Problem, expression, part};
use pdec_compiler::variation::{Stationary, stationary};
use serde::Serialize;

/// The Euler–Lagrange equations of the energies and their natural conditions.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Minimiser {
    /// Why nothing is derived; none where it is.
    pub not_derived: Option<String>,
    /// One equation for each field.
    pub equations: Vec<EulerLagrange>,
    /// What holds at the boundary where the file gives no condition.
    pub natural: Vec<Natural>,
    /// Names of the Lagrange multipliers, one for each constraint.
    pub multipliers: Vec<String>,
    /// What makes the energy stationary in numbers that are sought.
    pub numbers: Vec<String>,
    /// What is not derived.
    pub missing: Vec<String>,
}

/// An equation that a minimiser satisfies inside.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EulerLagrange {
    /// The field that is varied.
    pub field: String,
    /// In the language.
    pub text: String,
}

/// A condition that a minimiser satisfies at the boundary by itself.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Natural {
    /// Where, `x = 1`.
    pub at: String,
    /// In the language.
    pub text: String,
}

/// Derived statements of more operations than this are not written out.
const LONGEST: usize = 2000;

/// What the minimiser of the energies satisfies; none without energies.
pub fn minimiser(problem: &Problem) -> Option<Minimiser> {
    if problem.energies.is_empty() {
        return None;
    }
    Some(match stationary(problem) {
        Ok(found) => derived(&found),
        Err(reason) => Minimiser {
            not_derived: Some(reason),
            equations: Vec::new(),
            natural: Vec::new(),
            multipliers: Vec::new(),
            numbers: Vec::new(),
            missing: Vec::new(),
        },
    })
}

fn derived(found: &Stationary) -> Minimiser {
    let problem = &found.problem;
    let sizes = sizes(problem);
    let text = |left: ExpressionId| {
        if sizes[left.index()] > LONGEST {
            return "… = 0, too long to be written out".to_owned();
        }
        format!("{} = 0", expression(problem, left))
    };
    let equations = problem.equations.iter().zip(&found.fields);
    let natural = problem.conditions.iter().skip(found.given);
    let numbers = problem.constraints.iter();
    Minimiser {
        not_derived: None,
        equations: equations
            .map(|(equation, field)| EulerLagrange {
                field: problem.fields[*field].name.clone(),
                text: text(equation.left),
            })
            .collect(),
        natural: natural
            .map(|condition| Natural {
                at: part(problem, condition.part),
                text: text(condition.left),
            })
            .collect(),
        multipliers: found
            .multipliers
            .iter()
            .map(|id| problem.unknowns[*id].name.clone())
            .collect(),
        numbers: numbers
            .skip(found.multipliers.len())
            .map(|constraint| text(constraint.left))
            .collect(),
        missing: found.missing.clone(),
    }
}

/// How many operations each expression has when it is written out.
fn sizes(problem: &Problem) -> Vec<usize> {
    let mut sizes: Vec<usize> = Vec::with_capacity(problem.expressions.len());
    for (_, expression) in problem.expressions.iter() {
        let operands = expression.kind.operands();
        let below = operands.fold(1_usize, |sum, id| sum.saturating_add(sizes[id.index()]));
        sizes.push(below);
    }
    sizes
}
