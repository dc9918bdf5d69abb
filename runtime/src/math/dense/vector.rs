//! One register of numbers, for each set of instructions and each precision.

#[cfg(target_arch = "x86_64")]
use super::super::dispatch::{Level, Registers};
use super::super::real::Real;

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
    const MANY: bool = cfg!(target_arch = "aarch64");

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

#[cfg(target_arch = "x86_64")]
pub mod x86 {
    //! The registers of x86-64.

    use super::{Real, Vector, Work};
    use std::arch::x86_64::{
        __m256, __m256d, __m512, __m512d, _mm256_fmadd_pd, _mm256_fmadd_ps, _mm256_fnmadd_pd,
        _mm256_fnmadd_ps, _mm256_loadu_pd, _mm256_loadu_ps, _mm256_set1_pd, _mm256_set1_ps,
        _mm256_storeu_pd, _mm256_storeu_ps, _mm512_castpd_ps, _mm512_castps_pd, _mm512_fmadd_pd,
        _mm512_fmadd_ps, _mm512_fnmadd_pd, _mm512_fnmadd_ps, _mm512_loadu_pd, _mm512_loadu_ps,
        _mm512_set1_pd, _mm512_set1_ps, _mm512_shuffle_f64x2, _mm512_storeu_pd, _mm512_storeu_ps,
        _mm512_unpackhi_pd, _mm512_unpackhi_ps, _mm512_unpacklo_pd, _mm512_unpacklo_ps,
    };

    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,avx512cd,avx2,fma")]
    pub fn run_avx512<R: Real, V: Vector<Number = R>>(work: impl Work<R>) {
        work.run::<V>();
    }

    #[target_feature(enable = "avx2,fma")]
    pub fn run_avx2<R: Real, V: Vector<Number = R>>(work: impl Work<R>) {
        work.run::<V>();
    }

    macro_rules! vector {
        ($name:ident, $number:ident, $raw:ty, $lanes:literal, $many:literal, $set:ident, $load:ident, $store:ident,
         $fma:ident, $fnma:ident $(, $transpose:path)?) => {
            /// A register of this set of instructions.
            #[derive(Clone, Copy)]
            pub struct $name($raw);

            impl Vector for $name {
                type Number = $number;
                const LANES: usize = $lanes;
                const MANY: bool = $many;

                #[inline(always)]
                fn splat(number: $number) -> Self {
                    // SAFETY: code with this type is entered only where the instructions are (see `run`).
                    Self(unsafe { $set(number) })
                }

                #[inline(always)]
                unsafe fn load(from: *const $number) -> Self {
                    // SAFETY: the caller vouches for the numbers; instructions as above.
                    Self(unsafe { $load(from) })
                }

                #[inline(always)]
                unsafe fn store(self, to: *mut $number) {
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

                $(
                    #[inline(always)]
                    unsafe fn transpose(
                        from: *const $number,
                        from_row: usize,
                        to: *mut $number,
                        to_row: usize,
                    ) {
                        // SAFETY: the caller vouches for the squares; instructions as above.
                        unsafe { $transpose(from, from_row, to, to_row) }
                    }
                )?
            }
        };
    }

    vector!(
        Avx512Double,
        f64,
        __m512d,
        8,
        true,
        _mm512_set1_pd,
        _mm512_loadu_pd,
        _mm512_storeu_pd,
        _mm512_fmadd_pd,
        _mm512_fnmadd_pd,
        transpose_doubles
    );
    vector!(
        Avx2Double,
        f64,
        __m256d,
        4,
        false,
        _mm256_set1_pd,
        _mm256_loadu_pd,
        _mm256_storeu_pd,
        _mm256_fmadd_pd,
        _mm256_fnmadd_pd
    );
    vector!(
        Avx512Single,
        f32,
        __m512,
        16,
        true,
        _mm512_set1_ps,
        _mm512_loadu_ps,
        _mm512_storeu_ps,
        _mm512_fmadd_ps,
        _mm512_fnmadd_ps,
        transpose_singles
    );
    vector!(
        Avx2Single,
        f32,
        __m256,
        8,
        false,
        _mm256_set1_ps,
        _mm256_loadu_ps,
        _mm256_storeu_ps,
        _mm256_fmadd_ps,
        _mm256_fnmadd_ps
    );

    /// A square of 4 × 4 blocks of 128 bits transposed, the blocks themselves unchanged.
    #[inline(always)]
    unsafe fn transpose_blocks(rows: [__m512d; 4]) -> [__m512d; 4] {
        let [a, b, c, d] = rows;
        // SAFETY: called by code that is entered only where the instructions are.
        unsafe {
            let (ab_even, ab_odd) = (
                _mm512_shuffle_f64x2::<0x88>(a, b),
                _mm512_shuffle_f64x2::<0xdd>(a, b),
            );
            let (cd_even, cd_odd) = (
                _mm512_shuffle_f64x2::<0x88>(c, d),
                _mm512_shuffle_f64x2::<0xdd>(c, d),
            );
            [
                _mm512_shuffle_f64x2::<0x88>(ab_even, cd_even),
                _mm512_shuffle_f64x2::<0x88>(ab_odd, cd_odd),
                _mm512_shuffle_f64x2::<0xdd>(ab_even, cd_even),
                _mm512_shuffle_f64x2::<0xdd>(ab_odd, cd_odd),
            ]
        }
    }

    /// Eight rows of eight numbers.
    ///
    /// # Safety
    ///
    /// The squares are valid and disjoint, and the processor has AVX-512.
    #[inline(always)]
    unsafe fn transpose_doubles(from: *const f64, from_row: usize, to: *mut f64, to_row: usize) {
        // SAFETY: the caller vouches for memory and instructions.
        unsafe {
            let load = |i: usize| _mm512_loadu_pd(from.add(i * from_row));
            for odd in 0..2 {
                let pair = |i: usize| {
                    if odd == 0 {
                        _mm512_unpacklo_pd(load(2 * i), load(2 * i + 1))
                    } else {
                        _mm512_unpackhi_pd(load(2 * i), load(2 * i + 1))
                    }
                };
                let rows = transpose_blocks([pair(0), pair(1), pair(2), pair(3)]);
                for (j, row) in rows.into_iter().enumerate() {
                    _mm512_storeu_pd(to.add((2 * j + odd) * to_row), row);
                }
            }
        }
    }

    /// Sixteen rows of sixteen numbers.
    ///
    /// # Safety
    ///
    /// As for doubles.
    #[inline(always)]
    unsafe fn transpose_singles(from: *const f32, from_row: usize, to: *mut f32, to_row: usize) {
        // SAFETY: the caller vouches for memory and instructions.
        unsafe {
            let load = |i: usize| _mm512_loadu_ps(from.add(i * from_row));
            // Squares of four numbers inside 128 bits, four rows at a time.
            for column in 0..4 {
                let quarter = |i: usize| {
                    let (a, b, c, d) = (
                        load(4 * i),
                        load(4 * i + 1),
                        load(4 * i + 2),
                        load(4 * i + 3),
                    );
                    let (ab, cd) = if column < 2 {
                        (_mm512_unpacklo_ps(a, b), _mm512_unpacklo_ps(c, d))
                    } else {
                        (_mm512_unpackhi_ps(a, b), _mm512_unpackhi_ps(c, d))
                    };
                    let (ab, cd) = (_mm512_castps_pd(ab), _mm512_castps_pd(cd));
                    if column % 2 == 0 {
                        _mm512_unpacklo_pd(ab, cd)
                    } else {
                        _mm512_unpackhi_pd(ab, cd)
                    }
                };
                let rows = transpose_blocks([quarter(0), quarter(1), quarter(2), quarter(3)]);
                for (j, row) in rows.into_iter().enumerate() {
                    _mm512_storeu_ps(to.add((4 * j + column) * to_row), _mm512_castpd_ps(row));
                }
            }
        }
    }
}
