//! Integrals over the box and its faces by products of Gauss's rule, in panels.

use crate::hir::check::values::Formula;
use crate::hir::{CoordinateId, Part, Problem, Side};

/// Panels of the finer and the coarser rule by the number of coordinates that are integrated over.
const PANELS: [[usize; 2]; 4] = [[1, 1], [64, 41], [20, 13], [7, 5]];
/// Operations that an integral may ask for.
const OPERATIONS: usize = 20_000_000;
/// Gauss's rule of three points on [-1, 1].
const RULE: [(f64, f64); 3] = [
    (-0.774_596_669_241_483_4, 5.0 / 9.0),
    (0.0, 8.0 / 9.0),
    (0.774_596_669_241_483_4, 5.0 / 9.0),
];

/// What is integrated.
pub(super) struct Integral<'a> {
    pub(super) problem: &'a Problem,
    pub(super) formula: &'a Formula,
    pub(super) space: &'a [CoordinateId],
}

/// An integral, how well it is known, and that of the absolute value.
pub(super) struct Known {
    pub(super) value: f64,
    pub(super) error: f64,
    pub(super) size: f64,
}

impl Integral<'_> {
    /// Over the box, or one part of its boundary; `point` has the other coordinates.
    pub(super) fn over(
        &self,
        point: &mut [f64],
        position: usize,
        part: Option<Part>,
    ) -> Option<Known> {
        if let Some(part) = part {
            let coordinate = &self.problem.coordinates[part.coordinate];
            *point.get_mut(part.coordinate.index())? = match part.side {
                Side::Low => coordinate.low,
                Side::High => coordinate.high,
            };
        }
        let free: Vec<CoordinateId> = (self.space.iter().copied())
            .filter(|id| part.is_none_or(|part| part.coordinate != *id))
            .collect();
        let [fine, coarse] = *PANELS.get(free.len())?;
        let points = (0..free.len()).fold(1, |n: usize, _| n * fine * RULE.len());
        if points.saturating_mul(self.formula.len()) > OPERATIONS {
            return None;
        }
        let (value, size) = self.sum(point, position, &free, fine);
        let (other, _) = self.sum(point, position, &free, coarse);
        Some(Known {
            value,
            error: (value - other).abs(),
            size,
        })
    }

    fn sum(
        &self,
        point: &mut [f64],
        position: usize,
        free: &[CoordinateId],
        panels: usize,
    ) -> (f64, f64) {
        let axes: Vec<Vec<(f64, f64)>> = free.iter().map(|id| self.axis(*id, panels)).collect();
        let count = axes.iter().fold(1, |n: usize, axis| n * axis.len());
        let mut buffer = Vec::new();
        let (mut value, mut size) = (0.0, 0.0);
        for mut number in 0..count {
            let mut weight = 1.0;
            for (id, axis) in free.iter().zip(&axes) {
                let (place, share) = axis[number % axis.len()];
                number /= axis.len();
                weight *= share;
                if let Some(entry) = point.get_mut(id.index()) {
                    *entry = place;
                }
            }
            self.formula.evaluate(point, &mut buffer);
            value += weight * buffer[position];
            size += weight * buffer[position].abs();
        }
        (value, size)
    }

    fn axis(&self, id: CoordinateId, panels: usize) -> Vec<(f64, f64)> {
        let coordinate = &self.problem.coordinates[id];
        let half = 0.5 * (coordinate.high - coordinate.low) / panels as f64;
        let middle = |panel: usize| coordinate.low + half * (2 * panel + 1) as f64;
        (0..panels)
            .flat_map(|panel| RULE.map(|(at, weight)| (middle(panel) + half * at, half * weight)))
            .collect()
    }
}
