//! One register of numbers, for each set of instructions.

use super::super::dispatch::{Level, Registers};

/// A register of double-precision numbers.
///
/// Values of a type exist only inside [`run`], which has made sure that the processor has its instructions.
pub trait Vector: Copy {
    /// Numbers in it.
    const LANES: usize;
    /// Whether there are 32 registers rather than 16.
    const MANY: bool;
    /// The same number in all lanes.
    fn splat(number: f64) -> Self;
    /// # Safety
    ///
    /// `from` is valid for [`Self::LANES`] numbers.
    unsafe fn load(from: *const f64) -> Self;
    /// # Safety
    ///
    /// `to` is valid for [`Self::LANES`] numbers.
    unsafe fn store(self, to: *mut f64);
    /// `self·factor + term`, rounded once where the processor can.
    fn multiply_add(self, factor: Self, term: Self) -> Self;
    /// `term − self·factor`, rounded once where the processor can.
    fn subtract_product(self, factor: Self, term: Self) -> Self;
}

/// Work that is written once for any kind of register. Its `run` is to be `#[inline(always)]`: it takes on the
/// instructions of the function that it is inlined into.
pub trait Work {
    /// Does the work.
    fn run<V: Vector>(self);
}

/// Does the work with the widest registers there are.
pub fn run(work: impl Work) {
    match Level::best().registers() {
        Registers::Baseline => work.run::<Portable>(),
        #[cfg(target_arch = "x86_64")]
        // SAFETY: `registers` says so only where the processor has these instructions.
        Registers::Avx2 => unsafe { x86::run_avx2(work) },
        #[cfg(target_arch = "x86_64")]
        // SAFETY: as above.
        Registers::Avx512 => unsafe { x86::run_avx512(work) },
    }
}

/// Numbers that the compiler puts into whatever registers every processor of this kind has.
#[derive(Clone, Copy)]
pub struct Portable([f64; 4]);

impl Vector for Portable {
    const LANES: usize = 4;
    const MANY: bool = false;

    #[inline(always)]
    fn splat(number: f64) -> Self {
        Self([number; 4])
    }

    #[inline(always)]
    unsafe fn load(from: *const f64) -> Self {
        // SAFETY: the caller vouches for four numbers; an array needs no more alignment than a number.
        Self(unsafe { *from.cast() })
    }

    #[inline(always)]
    unsafe fn store(self, to: *mut f64) {
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
fn fused(a: f64, b: f64, c: f64) -> f64 {
    if cfg!(target_arch = "x86_64") {
        a * b + c
    } else {
        a.mul_add(b, c)
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::{Vector, Work};
    use std::arch::x86_64::{
        __m256d, __m512d, _mm256_fmadd_pd, _mm256_fnmadd_pd, _mm256_loadu_pd, _mm256_set1_pd,
        _mm256_storeu_pd, _mm512_fmadd_pd, _mm512_fnmadd_pd, _mm512_loadu_pd, _mm512_set1_pd,
        _mm512_storeu_pd,
    };

    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,avx512cd,avx2,fma")]
    pub fn run_avx512(work: impl Work) {
        work.run::<Avx512>();
    }

    #[target_feature(enable = "avx2,fma")]
    pub fn run_avx2(work: impl Work) {
        work.run::<Avx2>();
    }

    macro_rules! vector {
        ($name:ident, $raw:ty, $lanes:literal, $many:literal, $set:ident, $load:ident, $store:ident, $fma:ident,
         $fnma:ident) => {
            /// A register of this set of instructions.
            #[derive(Clone, Copy)]
            pub struct $name($raw);

            impl Vector for $name {
                const LANES: usize = $lanes;
                const MANY: bool = $many;

                #[inline(always)]
                fn splat(number: f64) -> Self {
                    // SAFETY: code with this type is entered only where the instructions are (see `run`).
                    Self(unsafe { $set(number) })
                }

                #[inline(always)]
                unsafe fn load(from: *const f64) -> Self {
                    // SAFETY: the caller vouches for the numbers; instructions as above.
                    Self(unsafe { $load(from) })
                }

                #[inline(always)]
                unsafe fn store(self, to: *mut f64) {
                    // SAFETY: the caller vouches for the numbers; instructions as above.
                    unsafe { $store(to, self.0) }
                }

                #[inline(always)]
                fn multiply_add(self, factor: Self, term: Self) -> Self {
                    // SAFETY: instructions as above.
                    Self(unsafe { $fma(self.0, factor.0, term.0) })
                }

                #[inline(always)]
                fn subtract_product(self, factor: Self, term: Self) -> Self {
                    // SAFETY: instructions as above.
                    Self(unsafe { $fnma(self.0, factor.0, term.0) })
                }
            }
        };
    }

    vector!(
        Avx512,
        __m512d,
        8,
        true,
        _mm512_set1_pd,
        _mm512_loadu_pd,
        _mm512_storeu_pd,
        _mm512_fmadd_pd,
        _mm512_fnmadd_pd
    );
    vector!(
        Avx2,
        __m256d,
        4,
        false,
        _mm256_set1_pd,
        _mm256_loadu_pd,
        _mm256_storeu_pd,
        _mm256_fmadd_pd,
        _mm256_fnmadd_pd
    );
}
