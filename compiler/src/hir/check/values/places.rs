//! Where formulas are looked at: a grid over the coordinates that they mention, its ends, its middle and zero
//! included.

use crate::hir::{Part, Problem, Side};
use crate::sample;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// Points, and which of them are neighbours.
pub(in crate::hir::check) struct Places {
    pub(in crate::hir::check) points: Vec<Vec<f64>>,
    pub(in crate::hir::check) neighbours: Vec<(usize, usize)>,
}

/// Grids that have been asked for: many formulas of a large system are looked at in the same places.
pub(in crate::hir::check) struct Grids<'a> {
    problem: &'a Problem,
    known: BTreeMap<(BTreeSet<usize>, Vec<Part>, usize), Rc<Places>>,
}

impl<'a> Grids<'a> {
    pub(in crate::hir::check) fn new(problem: &'a Problem) -> Self {
        Self {
            problem,
            known: BTreeMap::new(),
        }
    }

    /// The same as [`Places::new`].
    pub(in crate::hir::check) fn places(
        &mut self,
        coordinates: &BTreeSet<usize>,
        parts: &[Part],
        cost: usize,
    ) -> Rc<Places> {
        let key = (coordinates.clone(), parts.to_vec(), cost);
        if let Some(known) = self.known.get(&key) {
            return Rc::clone(known);
        }
        let made = Rc::new(Places::new(self.problem, coordinates, parts, cost));
        let numbers = made.points.len() * self.problem.coordinates.len();
        if self.known.len() < KEPT && numbers <= LARGEST {
            self.known.insert(key, Rc::clone(&made));
        }
        made
    }
}

/// How many grids are kept.
const KEPT: usize = 256;
/// Larger grids, in numbers, are made anew: those of many dimensions take a lot of room, and few formulas have them.
const LARGEST: usize = 50_000;

/// Intervals of a grid by the number of its axes, even so that the middle is a point.
const INTERVALS: [usize; 7] = [0, 128, 32, 10, 6, 4, 2];
/// Points in more dimensions than have a grid.
const SCATTERED: usize = 256;
/// A grid is made coarser rather than ask for more operations than this.
const OPERATIONS: usize = 2_000_000;

impl Places {
    /// A grid over `coordinates`; `parts` fix some of them. `cost` is the number of operations at each point.
    pub(in crate::hir::check) fn new(
        problem: &Problem,
        coordinates: &BTreeSet<usize>,
        parts: &[Part],
        cost: usize,
    ) -> Self {
        let base: Vec<f64> = problem
            .coordinates
            .iter()
            .map(|(id, coordinate)| {
                let fixed = parts.iter().find(|part| part.coordinate == id);
                match fixed.map(|part| part.side) {
                    Some(Side::Low) => coordinate.low,
                    Some(Side::High) => coordinate.high,
                    None => 0.5 * coordinate.low + 0.5 * coordinate.high,
                }
            })
            .collect();
        let free: Vec<usize> = problem
            .coordinates
            .ids()
            .filter(|id| parts.iter().all(|part| part.coordinate != *id))
            .map(|id| id.index())
            .filter(|index| coordinates.contains(index))
            .collect();
        let Some(&most) = INTERVALS.get(free.len()) else {
            return Self::scattered(problem, parts, &free, base);
        };
        let mut intervals = most;
        let size = |intervals: usize| (0..free.len()).fold(1, |n: usize, _| n * (intervals + 1));
        while intervals > 2 && size(intervals).saturating_mul(cost.max(1)) > OPERATIONS {
            intervals = 2 * (intervals / 4).max(1);
        }
        let mut grid = Self {
            points: vec![base],
            neighbours: Vec::new(),
        };
        for coordinate in free {
            grid.extend(coordinate, &axis(problem, coordinate, intervals));
        }
        grid
    }

    /// Repeats all points along one more axis.
    fn extend(&mut self, coordinate: usize, axis: &[f64]) {
        let layer = self.points.len();
        let inside = std::mem::take(&mut self.neighbours);
        let below = std::mem::take(&mut self.points);
        for (level, value) in axis.iter().enumerate() {
            let start = level * layer;
            for (offset, point) in below.iter().enumerate() {
                let mut point = point.clone();
                if let Some(entry) = point.get_mut(coordinate) {
                    *entry = *value;
                }
                self.points.push(point);
                if level > 0 {
                    self.neighbours
                        .push((start - layer + offset, start + offset));
                }
            }
            let shifted = inside.iter().map(|(a, b)| (a + start, b + start));
            self.neighbours.extend(shifted);
        }
    }

    fn scattered(problem: &Problem, parts: &[Part], free: &[usize], base: Vec<f64>) -> Self {
        let scattered = sample::points(problem, SCATTERED, None);
        let mut points = vec![base.clone()];
        for k in 0..scattered.len() {
            let mut point = scattered.point(k);
            for part in parts {
                let fixed = part.coordinate.index();
                if let (Some(entry), Some(value)) = (point.get_mut(fixed), base.get(fixed)) {
                    *entry = *value;
                }
            }
            points.push(point);
        }
        // Each end of each coordinate by itself.
        for &coordinate in free {
            for value in axis(problem, coordinate, 2) {
                let mut point = base.clone();
                if let Some(entry) = point.get_mut(coordinate) {
                    *entry = value;
                }
                points.push(point);
            }
        }
        Self {
            points,
            neighbours: Vec::new(),
        }
    }
}

/// Equal steps from end to end, and zero where it lies between.
fn axis(problem: &Problem, coordinate: usize, intervals: usize) -> Vec<f64> {
    let declared = &problem.coordinates[crate::arena::Id::from_index(coordinate)];
    let (low, high) = (declared.low, declared.high);
    let mut values: Vec<f64> = (0..=intervals)
        .map(|k| {
            let share = k as f64 / intervals as f64;
            if k == intervals {
                high
            } else {
                low + share * (high - low)
            }
        })
        .collect();
    let near = |value: &f64| value.abs() <= 1e-12 * (high - low);
    match values.iter().position(near) {
        // `low + k·step` may miss zero by rounding.
        Some(position) if position > 0 && position < intervals => values[position] = 0.0,
        Some(_) => {}
        None if low < 0.0 && high > 0.0 => {
            let position = values.partition_point(|value| *value < 0.0);
            values.insert(position, 0.0);
        }
        None => {}
    }
    values
}
