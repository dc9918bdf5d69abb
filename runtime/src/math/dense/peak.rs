//! Multiply-adds and nothing else.

use super::super::real::Real;
use super::vector::{Vector, Work};
use pdec_compiler::precision::Precision;
use std::hint::black_box;

/// Chains of dependent operations: more than a processor needs to have one under way in every stage.
const CHAINS: usize = 12;

/// Links of each chain.
const LENGTH: u32 = 1 << 17;

/// Multiply-adds in all for registers of 64 bytes; narrower ones have proportionally longer chains.
#[allow(clippy::cast_precision_loss)] // 2^25
pub fn operations(precision: Precision) -> f64 {
    (CHAINS * 64 / precision.bytes()) as f64 * f64::from(LENGTH)
}

/// The chains.
pub struct Chains;

impl<R: Real> Work<R> for Chains {
    #[inline(always)]
    fn run<V: Vector<Number = R>>(self) {
        let factor = V::splat(black_box(R::near(0.999_999)));
        let term = V::splat(black_box(R::near(1e-6)));
        let mut sums = [V::splat(black_box(R::near(1.0))); CHAINS];
        let length = LENGTH as usize * (64 / R::PRECISION.bytes() / V::LANES);
        for _ in 0..length {
            for sum in &mut sums {
                *sum = sum.multiply_add(factor, term);
            }
        }
        let mut result = [R::default(); 16];
        for sum in sums {
            // SAFETY: there is room for the widest register.
            unsafe { sum.store(result.as_mut_ptr()) };
            black_box(&result);
        }
    }
}
