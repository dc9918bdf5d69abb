//! Where equations and conditions hold worst.

use crate::errors::{axis, evaluation_grid};
use crate::run_folder::plane_grid;
use crate::solution::{Points, Solution};
use pdec_compiler::hir::{Part, Problem, Side};
use std::collections::BTreeSet;

/// The point at which an equation leaves most.
#[derive(Clone, Debug, PartialEq)]
pub struct Worst {
    /// The label of the equation or condition.
    pub label: String,
    /// The absolute value of what is left.
    pub value: f64,
    /// `x = 0.5, t = 1`, in the units of the coordinates.
    pub place: Vec<(String, f64)>,
}

/// Points of a coordinate in the search around a point.
const AROUND: usize = 7;

/// Searches around a point, each in a box of a quarter of the width.
const ROUNDS: usize = 4;

/// For each output of a problem the point with the largest absolute value: of the grid of the picture or of the evaluation, and of ever finer ones
/// around the best of it, as residuals are largest at corners and beside fronts. The outputs are what the equations leave
/// ([`Problem::ask_for_residuals`]), and then what each condition leaves, of which only its side of the domain counts, and for an initial condition how far apart time windows are where they meet
/// ([`Problem::ask_for_conditions`]).
#[must_use]
pub fn worst(problem: &Problem, solution: &Solution) -> Vec<Worst> {
    // Of a plane there is a picture already.
    let points = plane_grid(problem).unwrap_or_else(|| evaluation_grid(problem));
    let inside = (solution.outputs(&points), solution.trained_points(&points));
    let meeting = solution.meeting(problem, |points| solution.outputs(points));
    let (equations, conditions) = (problem.equations.len(), problem.conditions.iter());
    let sides = std::iter::repeat_n(None, equations).chain(conditions.map(|it| Some(it.part)));
    let names = problem.outputs.iter().map(|(name, _)| name);
    names
        .zip(sides)
        .enumerate()
        .filter_map(|(number, (label, side))| {
            let on = |points: &Points| match side {
                Some(part) => on_side(problem, part, points),
                None => points.clone(),
            };
            let own = on(&points);
            let at = |points: &Points, point: usize| -> Vec<f64> {
                points.coordinates.iter().map(|it| it[point]).collect()
            };
            let found = |points: &Points| -> Option<(Vec<f64>, f64)> {
                let values = solution.outputs(points).swap_remove(number);
                let point = largest(&values, &solution.trained_points(points))?;
                Some((at(points, point), values[point].abs()))
            };
            let (mut place, mut value) = match side {
                Some(_) => found(&own)?,
                None => {
                    let (values, trained) = (&inside.0[number], &inside.1);
                    let point = largest(values, trained)?;
                    (at(&points, point), values[point].abs())
                }
            };
            // Later windows are given what the one before ended with.
            if let (Some(meeting), Some(part)) = (&meeting, side)
                && problem.is_initial(part)
            {
                let pairs = meeting.before[number].iter().zip(&meeting.after[number]);
                let apart = pairs.map(|(before, after)| (after - before).abs());
                for (point, jump) in apart.enumerate() {
                    if jump > value {
                        (place, value) = (at(&meeting.points, point), jump);
                    }
                }
            }
            let mut width = 0.01;
            for _ in 0..ROUNDS {
                // On the side; where windows meet, the places are those that were looked at.
                if let Some((there, other)) = found(&on(&around(problem, &place, width)))
                    && other > value
                {
                    (place, value) = (there, other);
                }
                width *= 0.25;
            }
            let names = problem.coordinates.iter().map(|(_, it)| it.name.clone());
            Some(Worst {
                label: label.clone(),
                value,
                place: names.zip(place).collect(),
            })
        })
        .collect()
}

/// Points moved to a side of the domain; those that come to lie on each other once.
fn on_side(problem: &Problem, part: Part, points: &Points) -> Points {
    let fixed = part.coordinate.index();
    let coordinate = &problem.coordinates[part.coordinate];
    let end = match part.side {
        Side::Low => coordinate.low,
        Side::High => coordinate.high,
    };
    let count = points.coordinates.first().map_or(0, Vec::len);
    let mut seen = BTreeSet::new();
    let kept: Vec<usize> = (0..count)
        .filter(|point| {
            let columns = points.coordinates.iter().enumerate();
            let others = columns.filter(|(it, _)| *it != fixed);
            let key: Vec<u64> = others.map(|(_, it)| it[*point].to_bits()).collect();
            seen.insert(key)
        })
        .collect();
    let columns = points.coordinates.iter().enumerate().map(|(it, column)| {
        let value = |point: &usize| if it == fixed { end } else { column[*point] };
        kept.iter().map(value).collect()
    });
    Points {
        coordinates: columns.collect(),
    }
}

/// The one of some points with the largest absolute value. What is no number is worst of all.
fn largest(values: &[f64], points: &[usize]) -> Option<usize> {
    let size = |point: &usize| {
        let value = values[*point].abs();
        if value.is_nan() { f64::INFINITY } else { value }
    };
    let points = points.iter().copied();
    points.max_by(|a, b| size(a).total_cmp(&size(b)))
}

/// A grid in a box around a point, of a width relative to that of the domain; in many dimensions it is coarse.
fn around(problem: &Problem, place: &[f64], width: f64) -> Points {
    let count = match place.len() {
        0..=3 => AROUND,
        4 | 5 => 3,
        _ => 1,
    };
    let intervals = problem.coordinates.iter().zip(place);
    let axes: Vec<Vec<f64>> = intervals
        .map(|((_, it), middle)| {
            let half = 0.5 * width * (it.high - it.low);
            axis(
                (middle - half).max(it.low),
                (middle + half).min(it.high),
                count,
            )
        })
        .collect();
    let total: usize = axes.iter().map(Vec::len).product();
    let mut stride = total;
    let columns = axes.iter().map(|axis| {
        stride /= axis.len();
        (0..total).map(|n| axis[n / stride % axis.len()]).collect()
    });
    Points {
        coordinates: columns.collect(),
    }
}
