//! Single and double precision as one: what products and tiles are written for.

use super::dense::vector::{self, Work};
use pdec_compiler::precision::Number;
use std::ops::{Add, AddAssign, Mul, Neg};

/// A number of either precision.
pub trait Real:
    Number
    + Copy
    + Default
    + PartialOrd
    + Send
    + Sync
    + std::fmt::Debug
    + Add<Output = Self>
    + AddAssign
    + Mul<Output = Self>
    + Neg<Output = Self>
    + 'static
{
    /// Lanes of a strip: three of the widest registers, the columns of the block of a product that stays in
    /// registers.
    const STRIP: usize;
    /// The nearest number.
    fn near(number: f64) -> Self;
    /// The same number in double precision.
    fn wide(self) -> f64;
    /// `self·factor + term`, rounded once.
    fn fused(self, factor: Self, term: Self) -> Self;
    /// Does work with the widest registers there are.
    fn run(work: impl Work<Self>);
}

macro_rules! real {
    ($type:ident, $strip:literal, $avx2:ident, $avx512:ident) => {
        impl Real for $type {
            const STRIP: usize = $strip;

            #[inline(always)]
            #[allow(clippy::cast_possible_truncation)] // that is the point
            fn near(number: f64) -> Self {
                number as $type
            }

            #[inline(always)]
            fn wide(self) -> f64 {
                f64::from(self)
            }

            #[inline(always)]
            fn fused(self, factor: Self, term: Self) -> Self {
                self.mul_add(factor, term)
            }

            fn run(work: impl Work<Self>) {
                #[cfg(target_arch = "x86_64")]
                vector::run::<Self, vector::x86::$avx2, vector::x86::$avx512>(work);
                #[cfg(not(target_arch = "x86_64"))]
                work.run::<vector::Portable<Self>>();
            }
        }
    };
}

real!(f64, 24, Avx2Double, Avx512Double);
real!(f32, 48, Avx2Single, Avx512Single);
