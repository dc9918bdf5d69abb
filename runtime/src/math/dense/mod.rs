//! Dense algebra for sizes that libraries are slow at: products of a few dozen neurons, the Gram matrix of a
//! Jacobian, its Cholesky factor.
//!
//! Everything is cut into blocks that depend on nothing but the shape, and each block is computed by one thread, so
//! that the bits do not depend on the number of threads. `vector` chooses the instructions at run time.
#![allow(unsafe_code)] // Vector instructions work on pointers.

pub(crate) mod block;
pub mod cholesky;
pub mod gram;
pub mod panels;
mod peak;
pub mod reduce;
pub(crate) mod rows;
pub(crate) mod strips;
pub(crate) mod sums;
pub mod symmetric;
#[cfg(test)]
mod tests;
pub(crate) mod vector;

use super::real::Real;
use pdec_compiler::precision::Precision;

/// The rate of fused multiply-adds of one thread, in 10⁹ operations a second (two for each multiply-add), measured
/// for about a tenth of a second: what products can reach at most.
#[must_use]
pub fn peak(precision: Precision) -> f64 {
    (0..20)
        .map(|_| {
            let begin = std::time::Instant::now();
            match precision {
                Precision::Single => f32::run(peak::Chains),
                Precision::Double => f64::run(peak::Chains),
            }
            2.0 * peak::operations(precision) / begin.elapsed().as_secs_f64() * 1e-9
        })
        .fold(0.0, f64::max)
}
