//! Dense algebra for sizes that libraries are slow at: products of a few dozen neurons, the Gram matrix of a
//! Jacobian, its Cholesky factor.
//!
//! Everything is cut into blocks that depend on nothing but the shape, and each block is computed by one thread, so
//! that the bits do not depend on the number of threads. `vector` chooses the instructions at run time.
#![allow(unsafe_code)] // Vector instructions work on pointers.

pub mod cholesky;
pub mod gram;
pub mod panels;
mod peak;

pub mod product;
pub mod reduce;
pub mod symmetric;
#[cfg(test)]
mod tests;
mod vector;

/// The rate of fused multiply-adds of one thread, in 10⁹ operations a second (two for each multiply-add), measured
/// for about a tenth of a second: what products can reach at most.
#[must_use]
pub fn peak() -> f64 {
    (0..10)
        .map(|_| {
            let begin = std::time::Instant::now();
            vector::run(peak::Chains);
            2.0 * peak::OPERATIONS / begin.elapsed().as_secs_f64() * 1e-9
        })
        .fold(0.0, f64::max)
}
