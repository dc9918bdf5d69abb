//! Values of expressions with integrals of a trained solution.
//!
//! * Input: a [`Formula`] over the program's outputs, and points.
//! * Output: its value at each point, in SI units where the problem has units, and the largest error of its integrals that
//!   two rules tell.
//! * Method: composite rules of Gauss and Legendre whose panels end where time windows do and where the problem says that
//!   something jumps; twice as many panels until two rules agree. Points that differ in coordinates that are integrated
//!   over share their integral.

use super::{Points, Solution};
use crate::errors::scattered;
use crate::sampling::{Domain, quadrature_of};
use pdec_compiler::front::Formula;
use pdec_compiler::hir::BinaryOperator;
use pdec_compiler::kernel::evaluate_function;
use pdec_compiler::program::Axes;
use std::collections::BTreeMap;

/// Integrals are taken to this part of the integral of the absolute value,
const TOLERANCE: f64 = 1e-11;

/// with so many panels along each coordinate at first, in one, two and three coordinates,
const FIRST: [usize; 3] = [32, 3, 1];

/// and so many times twice as many at most.
const DOUBLINGS: [usize; 3] = [6, 4, 3];

/// Places all over the domain at which an integrand is looked at.
const PLACES: usize = 64;

/// So many points are evaluated together.
const TOGETHER: usize = 1 << 18;

/// Values, and how well integrals in them are known.
#[derive(Clone, Debug, PartialEq)]
pub struct Taken {
    /// One for each point.
    pub values: Vec<f64>,
    /// The largest difference between an integral and the same by half as many panels, as a part of the largest integral of
    /// the absolute value, or of what that is in the mean all over the domain; zero where there is no integral.
    pub error: f64,
}

impl Solution {
    /// The values of a formula over [`Solution::outputs`] on the box of these intervals. NaN where the solution has no
    /// value at a point, or somewhere in an interval that is integrated over.
    #[must_use]
    pub fn formula(&self, formula: &Formula, intervals: &[(f64, f64)], points: &Points) -> Taken {
        let of = |formula: &Formula| self.formula(formula, intervals, points);
        let known = |values| Taken { values, error: 0.0 };
        let each = |operand: Taken, f: &dyn Fn(f64) -> f64| Taken {
            values: operand.values.into_iter().map(f).collect(),
            ..operand
        };
        let both = |left: Taken, right: Taken, f: &dyn Fn(f64, f64) -> f64| Taken {
            values: left
                .values
                .iter()
                .zip(&right.values)
                .map(|(left, right)| f(*left, *right))
                .collect(),
            error: left.error.max(right.error),
        };
        match formula {
            Formula::Output(number) => known(self.outputs(points).swap_remove(*number)),
            Formula::Negate(operand) => each(of(operand), &|x| -x),
            Formula::Call { function, argument } => {
                each(of(argument), &|x| evaluate_function(*function, x))
            }
            Formula::Binary {
                operator,
                left,
                right,
            } => both(of(left), of(right), &|left, right| match operator {
                BinaryOperator::Add => left + right,
                BinaryOperator::Subtract => left - right,
                BinaryOperator::Multiply => left * right,
                BinaryOperator::Divide => left / right,
                BinaryOperator::Power => left.powf(right),
            }),
            Formula::Minimum(left, right) => both(of(left), of(right), &|left, right| {
                if left < right { left } else { right }
            }),
            Formula::Maximum(left, right) => both(of(left), of(right), &|left, right| {
                if left < right { right } else { left }
            }),
            Formula::Select(parts) => {
                let [left, right, then, otherwise] = parts.each_ref().map(of);
                let values = (0..left.values.len()).map(|it| {
                    if left.values[it] < right.values[it] {
                        then.values[it]
                    } else {
                        otherwise.values[it]
                    }
                });
                Taken {
                    values: values.collect(),
                    error: [left, right, then, otherwise]
                        .iter()
                        .fold(0.0, |error, it| error.max(it.error)),
                }
            }
            Formula::Integral { under, over } => self.integral(under, over, intervals, points),
        }
    }

    fn integral(
        &self,
        under: &Formula,
        over: &[usize],
        intervals: &[(f64, f64)],
        points: &Points,
    ) -> Taken {
        let count = points.coordinates.first().map_or(0, Vec::len);
        // Points that agree in the other coordinates.
        let mut places: BTreeMap<Vec<u64>, usize> = BTreeMap::new();
        let mut at: Vec<usize> = Vec::new();
        let place: Vec<usize> = (0..count)
            .map(|point| {
                let columns = points.coordinates.iter().enumerate();
                let own = columns.filter(|(it, _)| !over.contains(it));
                let key = own.map(|(_, column)| column[point].to_bits()).collect();
                *places.entry(key).or_insert_with(|| {
                    at.push(point);
                    at.len() - 1
                })
            })
            .collect();
        // An integral of rounding errors is none: what counts is how large the integrand is elsewhere.
        let typical = self.typical(under, over, intervals);
        let kind = over.len().clamp(1, FIRST.len()) - 1;
        let mut panels = FIRST[kind];
        let mut before: Option<Vec<f64>> = None;
        let mut doublings = 0;
        loop {
            let (sums, size, inner) = self.sums(under, over, intervals, points, &at, panels);
            let size = size.max(typical);
            let error = before.map_or(f64::INFINITY, |before| {
                let pairs = sums.iter().zip(&before);
                let apart = pairs.map(|(fine, coarse)| (fine - coarse).abs());
                // What has no value has no error either.
                apart
                    .filter(|it| !it.is_nan())
                    .fold(0.0, |worst: f64, it| worst.max(it / size))
            });
            if error <= TOLERANCE || doublings == DOUBLINGS[kind] {
                return Taken {
                    values: place.iter().map(|it| sums[*it]).collect(),
                    error: error.max(inner),
                };
            }
            before = Some(sums);
            panels *= 2;
            doublings += 1;
        }
    }

    /// The volume that is integrated over times the mean absolute value of an integrand all over the domain.
    fn typical(&self, under: &Formula, over: &[usize], intervals: &[(f64, f64)]) -> f64 {
        let places = scattered(intervals, PLACES);
        let values = self.formula(under, intervals, &places).values;
        let finite = values.iter().filter(|it| it.is_finite());
        let sum: f64 = finite.map(|it| it.abs()).sum();
        let volume: f64 = over
            .iter()
            .map(|it| intervals[*it].1 - intervals[*it].0)
            .product();
        #[allow(clippy::cast_precision_loss)] // a small count
        let mean = sum / PLACES as f64;
        mean * volume
    }

    /// The integral for each of some points, the largest integral of the absolute value, and the error within.
    fn sums(
        &self,
        under: &Formula,
        over: &[usize],
        intervals: &[(f64, f64)],
        points: &Points,
        at: &[usize],
        panels: usize,
    ) -> (Vec<f64>, f64, f64) {
        let domain = Domain {
            intervals: intervals.to_vec(),
            time: self.time,
        };
        let ends = self.time.into_iter().flat_map(|time| {
            let ends = self.windows.iter().map(move |it| (time, it.high));
            ends.collect::<Vec<_>>()
        });
        let breaks: Vec<(usize, f64)> = ends
            .chain(self.engine.program().breaks.iter().copied())
            .collect();
        let rule = quadrature_of(&domain, Axes::of(over), &breaks, panels);
        let weights = &rule.data[0];
        let mut sums = Vec::with_capacity(at.len());
        let mut size = f64::MIN_POSITIVE;
        let mut inner: f64 = 0.0;
        for some in at.chunks((TOGETHER / weights.len()).max(1)) {
            let columns = points.coordinates.iter().enumerate().map(|(it, column)| {
                if over.contains(&it) {
                    rule.coordinates[it].repeat(some.len())
                } else {
                    let each = some
                        .iter()
                        .map(|point| std::iter::repeat_n(column[*point], weights.len()));
                    each.flatten().collect()
                }
            });
            let there = Points {
                coordinates: columns.collect(),
            };
            let found = self.formula(under, intervals, &there);
            inner = inner.max(found.error);
            for values in found.values.chunks(weights.len()) {
                let pairs = || values.iter().zip(weights);
                sums.push(pairs().map(|(f, w)| f * w).sum());
                let whole: f64 = pairs().map(|(f, w)| f.abs() * w).sum();
                size = size.max(whole);
            }
        }
        (sums, size, inner)
    }
}
