//! Where a formula has no finite real value.
//!
//! It is evaluated on a grid. Between neighbours where a denominator changes its sign there is a zero of it, which
//! bisection finds. Where the formula has the same limit from beside, nothing blows up: the point is undefined.

use super::formula::Formula;
use super::places::Places;
use crate::hir::Problem;

/// What goes wrong with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Failure {
    /// It is not real.
    NotReal,
    /// It is infinite.
    Infinite,
    /// It is undefined at a point, beside which it has a limit: 0/0.
    Undefined,
}

/// A failure and its place.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    pub(super) failure: Failure,
    pub(super) point: Vec<f64>,
}

/// Values on both sides of a limit may differ by this share.
const LIMIT: f64 = 1e-3;
/// A zero found by bisection has a denominator below this share of those beside it.
const CROSSING: f64 = 1e-6;
/// Denominators that are followed.
const DENOMINATORS: usize = 16;
/// A denominator that comes below this share of its largest value between grid points is followed to where it is least, and is
/// zero there below this share: `(x - 1/3)^2 + (y - 2/5)^2` has a zero without changing its sign.
const DEEP: f64 = 0.3;
const TOUCHING: f64 = 1e-7;

/// The gravest fault of a formula at these places.
pub(super) fn fault(
    problem: &Problem,
    formula: &Formula,
    root: usize,
    places: &Places,
) -> Option<Fault> {
    let mut values = Vec::with_capacity(formula.len());
    let mut denominators = formula.denominators();
    denominators.truncate(DENOMINATORS);
    let mut signs: Vec<Vec<f64>> = Vec::with_capacity(places.points.len());
    let mut scale = 0.0_f64;
    let mut worst: Option<Fault> = None;
    let mut bad = Vec::new();
    for point in &places.points {
        formula.evaluate(point, &mut values);
        let value = values[root];
        if value.is_finite() {
            scale = scale.max(value.abs());
        } else if formula.is_not_real(&values) && value.is_nan() {
            keep(&mut worst, Failure::NotReal, point);
        } else {
            bad.push(point);
        }
        signs.push(denominators.iter().map(|d| divisor(&values, *d)).collect());
    }
    // The first few are enough to tell.
    for point in bad.into_iter().take(8) {
        let failure = beside(problem, formula, root, point, scale);
        keep(&mut worst, failure, point);
    }
    if worst
        .as_ref()
        .is_some_and(|fault| fault.failure < Failure::Undefined)
    {
        return worst;
    }
    for (a, b) in &places.neighbours {
        for (number, denominator) in denominators.iter().enumerate() {
            let ends = (signs[*a][number], signs[*b][number]);
            let changes = ends.0 * ends.1 < 0.0;
            if !changes {
                continue;
            }
            let points = (&places.points[*a], &places.points[*b]);
            let value = |point: &[f64], values: &mut Vec<f64>| {
                formula.evaluate(point, values);
                divisor(values, *denominator)
            };
            let mut low = points.0.clone();
            let mut high = points.1.clone();
            for _ in 0..60 {
                let middle = between(&low, &high);
                if value(&middle, &mut values) * ends.0 > 0.0 {
                    low = middle;
                } else {
                    high = middle;
                }
            }
            let left = value(&high, &mut values).abs();
            let crosses = left <= CROSSING * (ends.0.abs() + ends.1.abs());
            if crosses
                && (beside(problem, formula, root, &high, scale) == Failure::Infinite
                    || grows_towards(formula, root, &high, points))
            {
                return Some(Fault {
                    failure: Failure::Infinite,
                    point: high.into_iter().map(rounded).collect(),
                });
            }
        }
    }
    let point = touched(problem, formula, places, &denominators, &signs);
    match point.filter(|at| beside(problem, formula, root, at, scale) == Failure::Infinite) {
        Some(point) => Some(Fault {
            failure: Failure::Infinite,
            point: point.into_iter().map(rounded).collect(),
        }),
        None => worst,
    }
}

/// Whether values grow without bound towards a point on the line between two others, from one side at least.
fn grows_towards(
    formula: &Formula,
    root: usize,
    zero: &[f64],
    (low, high): (&Vec<f64>, &Vec<f64>),
) -> bool {
    let mut values = Vec::with_capacity(formula.len());
    let mut at = |share: f64| {
        let point: Vec<f64> = zero
            .iter()
            .zip(low.iter().zip(high))
            .map(|(zero, (a, b))| zero + share * (b - a))
            .collect();
        formula.evaluate(&point, &mut values);
        values[root].abs()
    };
    [1.0, -1.0].into_iter().any(|side| {
        let (far, near) = (at(side * 1e-3), at(side * 1e-6));
        near.is_finite() && far.is_finite() && near > 10.0 * far && far > 0.0
    })
}

/// A zero of a denominator that does not change its sign there: downhill from the place of the grid where it is least.
fn touched(
    problem: &Problem,
    formula: &Formula,
    places: &Places,
    denominators: &[(usize, bool)],
    signs: &[Vec<f64>],
) -> Option<Vec<f64>> {
    let mut values = Vec::with_capacity(formula.len());
    let (first, last) = (places.points.first()?, places.points.last()?);
    let free = |coordinate: &usize| first.get(*coordinate) != last.get(*coordinate);
    let free: Vec<usize> = formula.coordinates.iter().copied().filter(free).collect();
    for (number, denominator) in denominators.iter().enumerate() {
        let size = |row: &Vec<f64>| row.get(number).map_or(f64::NAN, |value| value.abs());
        let sizes = signs.iter().map(size);
        let finite = sizes.enumerate().filter(|(_, size)| size.is_finite());
        let least = finite.clone().min_by(|a, b| a.1.total_cmp(&b.1));
        let largest = finite.fold(0.0, |most: f64, (_, size)| most.max(size));
        let deep = least.filter(|(_, least)| *least < DEEP * largest && *least > 0.0);
        let Some((start, mut least)) = deep else {
            continue;
        };
        let mut point = places.points.get(start)?.clone();
        // Steps along one coordinate after the other, halved where none of them leads down.
        let mut share = 0.125;
        while share > 1e-15 && least > 0.0 {
            let mut moved = false;
            for &coordinate in &free {
                let declared = &problem.coordinates[crate::arena::Id::from_index(coordinate)];
                let step = share * (declared.high - declared.low);
                for step in [step, -step] {
                    let mut other = point.clone();
                    let Some(entry) = other.get_mut(coordinate) else {
                        continue;
                    };
                    *entry = (*entry + step).clamp(declared.low, declared.high);
                    formula.evaluate(&other, &mut values);
                    let value = divisor(&values, *denominator).abs();
                    if value < least {
                        (point, least, moved) = (other, value, true);
                    }
                }
            }
            if !moved {
                share *= 0.5;
            }
        }
        if least <= TOUCHING * largest {
            return Some(point);
        }
    }
    None
}

/// What is divided by.
fn divisor(values: &[f64], (position, is_angle): (usize, bool)) -> f64 {
    let value = values[position];
    if is_angle { libm::cos(value) } else { value }
}

fn between(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| 0.5 * a + 0.5 * b).collect()
}

/// The first of the gravest failures.
fn keep(worst: &mut Option<Fault>, failure: Failure, point: &[f64]) {
    if worst.as_ref().is_none_or(|other| failure < other.failure) {
        *worst = Some(Fault {
            failure,
            point: point.to_vec(),
        });
    }
}

/// Whether the values beside a point go to a limit, in at least one direction along the coordinates.
fn beside(problem: &Problem, formula: &Formula, root: usize, point: &[f64], scale: f64) -> Failure {
    let mut values = Vec::with_capacity(formula.len());
    let mut moved = |share: f64| {
        let mut point = point.to_vec();
        for &coordinate in &formula.coordinates {
            let declared = &problem.coordinates[crate::arena::Id::from_index(coordinate)];
            let step = share * (declared.high - declared.low);
            if let Some(entry) = point.get_mut(coordinate) {
                let inward = *entry + step < declared.high;
                *entry += if inward { step } else { -step };
            }
        }
        formula.evaluate(&point, &mut values);
        values[root]
    };
    let (far, near) = (moved(1e-5), moved(1e-7));
    let size = far.abs().max(near.abs()).max(scale);
    if formula.coordinates.is_empty() || !far.is_finite() || !near.is_finite() {
        Failure::Infinite
    } else if (far - near).abs() <= LIMIT * size {
        Failure::Undefined
    } else {
        Failure::Infinite
    }
}

/// A zero that bisection found, without the last digits.
fn rounded(value: f64) -> f64 {
    let text = format!("{value:.12e}");
    text.parse().unwrap_or(value)
}
