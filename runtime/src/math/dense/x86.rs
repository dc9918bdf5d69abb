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
    // No closures: they would not have the instructions of the function around them.
    // SAFETY: the caller vouches for memory and instructions.
    unsafe {
        let mut rows = [_mm512_loadu_pd(from); 8];
        for (i, row) in rows.iter_mut().enumerate() {
            *row = _mm512_loadu_pd(from.add(i * from_row));
        }
        let [a, b, c, d, e, f, g, h] = rows;
        let even = transpose_blocks([
            _mm512_unpacklo_pd(a, b),
            _mm512_unpacklo_pd(c, d),
            _mm512_unpacklo_pd(e, f),
            _mm512_unpacklo_pd(g, h),
        ]);
        let odd = transpose_blocks([
            _mm512_unpackhi_pd(a, b),
            _mm512_unpackhi_pd(c, d),
            _mm512_unpackhi_pd(e, f),
            _mm512_unpackhi_pd(g, h),
        ]);
        for j in 0..4 {
            _mm512_storeu_pd(to.add(2 * j * to_row), even[j]);
            _mm512_storeu_pd(to.add((2 * j + 1) * to_row), odd[j]);
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
        // Squares of four numbers inside 128 bits, four rows at a time: one set of rows for each column of them.
        let mut sets = [[_mm512_castps_pd(_mm512_loadu_ps(from)); 4]; 4];
        for i in 0..4 {
            let first = from.add(4 * i * from_row);
            let (a, b) = (_mm512_loadu_ps(first), _mm512_loadu_ps(first.add(from_row)));
            let c = _mm512_loadu_ps(first.add(2 * from_row));
            let d = _mm512_loadu_ps(first.add(3 * from_row));
            let low = _mm512_castps_pd(_mm512_unpacklo_ps(a, b));
            let other_low = _mm512_castps_pd(_mm512_unpacklo_ps(c, d));
            let high = _mm512_castps_pd(_mm512_unpackhi_ps(a, b));
            let other_high = _mm512_castps_pd(_mm512_unpackhi_ps(c, d));
            sets[0][i] = _mm512_unpacklo_pd(low, other_low);
            sets[1][i] = _mm512_unpackhi_pd(low, other_low);
            sets[2][i] = _mm512_unpacklo_pd(high, other_high);
            sets[3][i] = _mm512_unpackhi_pd(high, other_high);
        }
        for (column, set) in sets.into_iter().enumerate() {
            let rows = transpose_blocks(set);
            for j in 0..4 {
                let to = to.add((4 * j + column) * to_row);
                _mm512_storeu_ps(to, _mm512_castpd_ps(rows[j]));
            }
        }
    }
}
