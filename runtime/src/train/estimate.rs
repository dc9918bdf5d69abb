//! An estimate of the error of a solution: how far another one, of another resolution, is from it.

use super::window::domain_of;
use crate::engine::{BlockRef, Engine};
use crate::sampling::{Domain, Purpose, stream};
use crate::solution::{Points, Window, evaluate};
use pdec_compiler::hir::Problem;
use pdec_compiler::program::Support;

/// Points where two solutions are compared.
const COMPARED: usize = 2048;

/// For each field, the L2 distance of two solutions relative to the first; absolute where that is zero. Each is an engine and
/// its windows; they are compared as far as the first goes.
pub fn distances(
    problem: &Problem,
    seed: u64,
    first: (&Engine, &[Window]),
    second: (&Engine, &[Window]),
) -> Vec<f64> {
    let whole = domain_of(problem, 1, 0);
    let mut intervals = whole.intervals;
    if let (Some(time), Some(last)) = (whole.time, first.1.last()) {
        intervals[time].1 = last.high;
    }
    let domain = Domain {
        intervals,
        time: whole.time,
    };
    let mut random = stream(seed, Purpose::Fresh);
    let places = Points {
        coordinates: domain.sobol(Support::Interior, COMPARED, &mut random),
    };
    let parameters = problem.parameter_values();
    let values = |(engine, windows): (&Engine, &[Window])| {
        let block = BlockRef::Fields;
        evaluate(engine, block, &parameters, domain.time, windows, &places)
    };
    values(first)
        .iter()
        .zip(values(second))
        .map(|(a, b)| {
            let difference: f64 = a.iter().zip(&b).map(|(a, b)| (a - b) * (a - b)).sum();
            let size: f64 = a.iter().map(|a| a * a).sum();
            if size > 0.0 {
                (difference / size).sqrt()
            } else {
                difference.sqrt()
            }
        })
        .collect()
}
