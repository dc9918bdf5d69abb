//! Multiply-adds and nothing else.

use super::vector::{Vector, Work};
use std::hint::black_box;

/// Chains of dependent operations: more than a processor needs to have one under way in every stage.
const CHAINS: usize = 12;

/// Links of each chain.
const LENGTH: u32 = 1 << 18;

/// Multiply-adds in all for registers of eight numbers; narrower ones have proportionally longer chains.
#[allow(clippy::cast_precision_loss)] // 2^25
pub const OPERATIONS: f64 = (CHAINS * 8) as f64 * LENGTH as f64;

/// The chains.
pub struct Chains;

impl Work for Chains {
    #[inline(always)]
    fn run<V: Vector>(self) {
        let factor = V::splat(black_box(0.999_999));
        let term = V::splat(black_box(1e-6));
        let mut sums = [V::splat(black_box(1.0)); CHAINS];
        let length = LENGTH as usize * (8 / V::LANES);
        for _ in 0..length {
            for sum in &mut sums {
                *sum = sum.multiply_add(factor, term);
            }
        }
        let mut result = [0.0; 8];
        for sum in sums {
            // SAFETY: there is room for the widest register.
            unsafe { sum.store(result.as_mut_ptr()) };
            black_box(&result);
        }
    }
}
