//! Where equations hold worst.

use crate::errors::evaluation_grid;
use crate::solution::Solution;
use pdec_compiler::hir::Problem;

/// The point at which an equation leaves most.
#[derive(Clone, Debug, PartialEq)]
pub struct Worst {
    /// The label of the equation.
    pub label: String,
    /// The absolute value of what is left.
    pub value: f64,
    /// `x = 0.5, t = 1`, in the units of the coordinates.
    pub place: Vec<(String, f64)>,
}

/// For each output of a problem the point of the evaluation grid with the largest absolute value; the outputs are what the
/// equations leave ([`Problem::ask_for_residuals`]).
#[must_use]
pub fn worst(problem: &Problem, solution: &Solution) -> Vec<Worst> {
    let points = evaluation_grid(problem);
    let outputs = solution.outputs(&points);
    let trained = solution.trained_points(&points);
    let names = problem.outputs.iter().map(|(name, _)| name);
    names
        .zip(outputs)
        .filter_map(|(label, values)| {
            let size = |point: &usize| {
                let value = values[*point].abs();
                // What is no number is worst of all.
                if value.is_nan() { f64::INFINITY } else { value }
            };
            let point = trained
                .iter()
                .copied()
                .max_by(|a, b| size(a).total_cmp(&size(b)))?;
            let place = problem
                .coordinates
                .iter()
                .zip(&points.coordinates)
                .map(|((_, coordinate), column)| (coordinate.name.clone(), column[point]));
            Some(Worst {
                label: label.clone(),
                value: values[point].abs(),
                place: place.collect(),
            })
        })
        .collect()
}
