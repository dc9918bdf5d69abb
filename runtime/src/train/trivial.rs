//! Whether what was found is nothing.
//!
//! * Input: an engine, the problem, the solution of all of the domain.
//! * Output: why it is the trivial solution, in a sentence; nothing where it is another.
//! * Method: zero is a solution of the equations and conditions, whatever the numbers in them, where a network of zeros leaves no
//!   residual of them. Constraints say that the solution is another. One that leaves as much of them as zero does is zero.

use crate::data::Measured;
use crate::engine::{BlockRef, Engine, PointSet};
use crate::optimise::dot;
use crate::sampling::{Purpose, stream};
use crate::solution::uniforms;
use crate::train::integrals::Summed;
use crate::train::points::first_draw;
use crate::train::window::domain_of;
use pdec_compiler::hir::Problem;
use pdec_compiler::program::Support;
use pdec_compiler::settings::Settings;

/// The part of the residual of constraints at zero above which they do not hold.
const NOT_MET: f64 = 0.1;

/// Why a solution is the trivial one.
pub fn trivial(
    engine: &Engine,
    problem: &Problem,
    settings: &Settings,
    data: &[Measured],
    parameters: &[f64],
) -> Option<String> {
    let whole = !problem.unknowns.is_empty() && !problem.constraints.is_empty();
    if !whole || !data.is_empty() || parameters.is_empty() {
        return None;
    }
    let domain = domain_of(problem, 1, 0);
    let (low, high) = domain
        .time
        .map_or((0.0, 1.0), |time| domain.intervals[time]);
    let own = uniforms(&problem.parameter_values(), low, high);
    let zero = vec![0.0; parameters.len()];
    let mut random = stream(0, Purpose::Fresh);
    // The squares of what is left of constraints, at zero and here.
    let (mut before, mut after) = (0.0, 0.0);
    for (number, term) in engine.program().terms.iter().enumerate() {
        let points = first_draw(
            &engine.program().breaks,
            term.support,
            settings,
            &domain,
            data,
            &mut random,
        );
        match term.support {
            Support::Quadrature(_) => {
                after += squares(&sums(engine, number, &points, parameters, &own));
                before += squares(&sums(engine, number, &points, &zero, &own));
            }
            Support::Numbers => {
                let block = BlockRef::Term(number);
                let all = |parameters: &[f64]| -> Vec<f64> {
                    let values = engine.values(block, parameters, &own, &points);
                    values.into_iter().flatten().collect()
                };
                after += squares(&all(parameters));
                before += squares(&all(&zero));
            }
            Support::Interior | Support::Face { .. } => {
                let values = engine.values(BlockRef::Term(number), &zero, &own, &points);
                if values.iter().flatten().any(|r| *r != 0.0) {
                    return None;
                }
            }
            // What is given at the beginning is not looked at: it makes a solution of its own.
            Support::Initial | Support::Observed(_) => return None,
        }
    }
    let met = after <= NOT_MET * NOT_MET * before;
    if met || before <= 0.0 {
        return None;
    }
    let join = |names: Vec<&str>| names.join("`, `");
    let fields = join(
        problem
            .fields
            .iter()
            .map(|(_, it)| it.name.as_str())
            .collect(),
    );
    let numbers = join(
        problem
            .unknowns
            .iter()
            .map(|(_, it)| it.name.as_str())
            .collect(),
    );
    Some(format!(
        "this is the trivial solution: zero satisfies the equations and conditions of `{fields}` whatever `{numbers}` is, and the \
         constraints, which rule it out, are missed by {:.0} %; let `{numbers}` begin nearer to an eigenvalue, or leave `network` \
         and `optimizer` to the defaults, which search for one",
        100.0 * (after / before).sqrt()
    ))
}

fn squares(values: &[f64]) -> f64 {
    dot(values, values)
}

fn sums(
    engine: &Engine,
    term: usize,
    points: &PointSet,
    parameters: &[f64],
    own: &[f64],
) -> Vec<f64> {
    let summed = Summed {
        term,
        points,
        scale: 1.0,
    };
    summed.residuals(engine, parameters, own)
}
