//! How far a solution is from one piece where time windows meet.
//!
//! Windows are solved one after the other, and each begins with the values that the one before ended with as well as it was
//! solved. This looks at both sides of each end, which says so whatever method solved them.

use super::{Points, Solution};
use crate::errors::{intervals, scattered};
use pdec_compiler::hir::Problem;

/// Places along the other coordinates at which both sides are compared.
const PLACES: usize = 64;

/// Just inside the next window: a part of the length of the one that ends.
const BEYOND: f64 = 2e-9;

/// Points where a time window ends, and values at both sides of them.
pub struct Meeting {
    /// The ends of the windows, each at the same places of the other coordinates.
    pub points: Points,
    /// What was asked for there, column by column.
    pub before: Vec<Vec<f64>>,
    /// The same at the beginning of the next window.
    pub after: Vec<Vec<f64>>,
}

impl Solution {
    /// Both sides of each end of a time window but the last; none where there is one window.
    pub fn meeting(
        &self,
        problem: &Problem,
        values: impl Fn(&Points) -> Vec<Vec<f64>>,
    ) -> Option<Meeting> {
        let (Some(time), [ends @ .., _]) = (self.time, self.windows.as_slice()) else {
            return None;
        };
        if ends.is_empty() {
            return None;
        }
        let places = scattered(&intervals(problem), PLACES);
        let at = |beyond: f64| -> Points {
            let columns = places.coordinates.iter().enumerate();
            let coordinates = columns.map(|(number, column)| {
                let each = ends.iter().flat_map(|window| {
                    let end = window.high + beyond * (window.high - window.low);
                    column
                        .iter()
                        .map(move |x| if number == time { end } else { *x })
                });
                each.collect()
            });
            Points {
                coordinates: coordinates.collect(),
            }
        };
        let points = at(0.0);
        Some(Meeting {
            before: values(&points),
            after: values(&at(BEYOND)),
            points,
        })
    }

    /// By field, the largest difference between the end of a time window and the beginning of the next, as a part of the
    /// largest value there; nothing where there is one window. What fields do in the billionth part of a window is in it.
    #[must_use]
    pub fn jumps(&self, problem: &Problem) -> Vec<(String, f64)> {
        let Some(time) = self.time else {
            return Vec::new();
        };
        let Some(meeting) = self.meeting(problem, |points| self.evaluate(points)) else {
            return Vec::new();
        };
        let both = meeting.before.iter().zip(&meeting.after);
        let fields = problem.fields.iter().zip(both);
        fields
            .filter(|((_, field), _)| field.arguments.iter().any(|id| id.index() == time))
            .map(|((_, field), (before, after))| {
                let size = before
                    .iter()
                    .fold(0.0, |size: f64, value| size.max(value.abs()));
                let apart = before.iter().zip(after).map(|(a, b)| (a - b).abs());
                let largest = apart.fold(0.0, f64::max);
                let part = if size > 0.0 { largest / size } else { largest };
                (field.name.clone(), part)
            })
            .collect()
    }
}
