//! One register of numbers, for each set of instructions and each precision.

#[cfg(target_arch = "x86_64")]
use super::super::dispatch::{Level, Registers};
use super::super::real::Real;

#[cfg(target_arch = "x86_64")]
#[path = "x86.rs"]
pub mod x86;

/// A register of numbers.
///
/// Values of a type exist only inside [`Real::run`], which has made sure that the processor has its instructions.
pub trait Vector: Copy {
    /// What is in it.
    type Number: Real;
    /// Numbers in it.
    const LANES: usize;
    /// Whether there are 32 registers rather than 16.
    const MANY: bool;
    /// The same number in all lanes.
    fn splat(number: Self::Number) -> Self;
    /// # Safety
    ///
    /// `from` is valid for [`Self::LANES`] numbers.
    unsafe fn load(from: *const Self::Number) -> Self;
    /// # Safety
    ///
    /// `to` is valid for [`Self::LANES`] numbers.
    unsafe fn store(self, to: *mut Self::Number);
    /// `self·factor + term`, rounded once where the processor can.
    fn multiply_add(self, factor: Self, term: Self) -> Self;
    /// `term − self·factor`, rounded once where the processor can.
    fn subtract_product(self, factor: Self, term: Self) -> Self;
    /// Writes a square of [`Self::LANES`] rows and columns transposed; rows are so many numbers apart.
    ///
    /// # Safety
    ///
    /// Both squares are valid memory, and do not overlap.
    #[inline(always)]
    unsafe fn transpose(
        from: *const Self::Number,
        from_row: usize,
        to: *mut Self::Number,
        to_row: usize,
    ) {
        for j in 0..Self::LANES {
            for i in 0..Self::LANES {
                // SAFETY: inside the squares that the caller vouches for.
                unsafe { *to.add(j * to_row + i) = *from.add(i * from_row + j) };
            }
        }
    }
}

/// Work that is written once for any kind of register. Its `run` is to be `#[inline(always)]`: it takes on the
/// instructions of the function that it is inlined into.
pub trait Work<R: Real> {
    /// Does the work.
    fn run<V: Vector<Number = R>>(self);
}

/// Does the work with the widest registers there are, of these two kinds or the portable one.
#[cfg(target_arch = "x86_64")]
pub fn run<R: Real, A: Vector<Number = R>, B: Vector<Number = R>>(work: impl Work<R>) {
    match Level::best().registers() {
        Registers::Baseline => work.run::<Portable<R>>(),
        // SAFETY: `registers` says so only where the processor has these instructions.
        Registers::Avx2 => unsafe { x86::run_avx2::<R, A>(work) },
        // SAFETY: as above.
        Registers::Avx512 => unsafe { x86::run_avx512::<R, B>(work) },
    }
}

/// Numbers that the compiler puts into whatever registers every processor of this kind has.
#[derive(Clone, Copy)]
pub struct Portable<R>([R; 4]);

impl<R: Real> Vector for Portable<R> {
    type Number = R;
    const LANES: usize = 4;
    // A register of NEON holds four numbers of single precision, two of double.
    const MANY: bool = cfg!(target_arch = "aarch64") && size_of::<R>() == 4;

    #[inline(always)]
    fn splat(number: R) -> Self {
        Self([number; 4])
    }

    #[inline(always)]
    unsafe fn load(from: *const R) -> Self {
        // SAFETY: the caller vouches for four numbers; an array needs no more alignment than a number.
        Self(unsafe { *from.cast() })
    }

    #[inline(always)]
    unsafe fn store(self, to: *mut R) {
        // SAFETY: as in `load`.
        unsafe { *to.cast() = self.0 }
    }

    #[inline(always)]
    fn multiply_add(self, factor: Self, term: Self) -> Self {
        let mut result = term;
        for lane in 0..4 {
            result.0[lane] = fused(self.0[lane], factor.0[lane], term.0[lane]);
        }
        result
    }

    #[inline(always)]
    fn subtract_product(self, factor: Self, term: Self) -> Self {
        let mut result = term;
        for lane in 0..4 {
            result.0[lane] = fused(-self.0[lane], factor.0[lane], term.0[lane]);
        }
        result
    }
}

/// `a·b + c`. An x86 processor without AVX2 has no fused operation, and calling a library for each number would
/// take longer than all the rest.
#[inline(always)]
fn fused<R: Real>(a: R, b: R, c: R) -> R {
    if cfg!(target_arch = "x86_64") {
        a * b + c
    } else {
        a.fused(b, c)
    }
}
