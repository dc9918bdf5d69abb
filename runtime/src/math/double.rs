//! Building blocks of the cores: polynomials, powers of two, sums and quotients with their rounding errors.
//!
//! A pair (hi, lo) stands for the unevaluated sum hi + lo with |lo| at most about one unit in the last place of hi.
//! Sums and their errors: T. J. Dekker, "A floating-point technique for extending the available precision" (1971),
//! and D. E. Knuth, "The Art of Computer Programming", volume 2, section 4.2.2.

/// 1.5 * 2^52: adding and subtracting it rounds to the nearest integer, which the low bits of the sum hold.
pub(super) const ROUND: f64 = 6_755_399_441_055_744.0;

/// `sum c[k] t^k`.
#[inline(always)]
pub(super) fn horner<const N: usize>(c: &[f64; N], t: f64) -> f64 {
    let mut value = c[N - 1];
    for k in (0..N - 1).rev() {
        value = value.mul_add(t, c[k]);
    }
    value
}

/// `sum c[k] t^k`, even and odd terms apart: half as long a chain of dependent operations.
#[inline(always)]
pub(super) fn horner_split<const N: usize>(c: &[f64; N], t: f64) -> f64 {
    let square = t * t;
    let (mut upper, mut lower) = (c[N - 1], c[N - 2]);
    for k in (0..N - 2).rev() {
        (upper, lower) = (lower, upper.mul_add(square, c[k]));
    }
    upper.mul_add(t, lower)
}

/// The integer nearest to `t`, for |t| < 2^51.
#[inline(always)]
pub(super) fn nearest(t: f64) -> f64 {
    (t + ROUND) - ROUND
}

/// `2^n` for an integer -1022 <= n <= 1023.
#[inline(always)]
pub(super) fn power_of_two(n: f64) -> f64 {
    f64::from_bits((n + (ROUND + 1023.0)).to_bits() << 52)
}

/// `m 2^n` for an integer |n| <= 2044 and m near 1, in two steps: the first is exact, so that a subnormal result
/// is rounded once and too large a one becomes infinite.
#[inline(always)]
pub(super) fn scale(m: f64, n: f64) -> f64 {
    let half = nearest(0.5 * n);
    m * power_of_two(half) * power_of_two(n - half)
}

/// `a + b` as a pair, for |a| >= |b| or a = 0.
#[inline(always)]
pub(super) fn fast_sum(a: f64, b: f64) -> (f64, f64) {
    let hi = a + b;
    (hi, (a - hi) + b)
}

/// `a + b` as a pair.
#[inline(always)]
pub(super) fn sum(a: f64, b: f64) -> (f64, f64) {
    let hi = a + b;
    let b_part = hi - a;
    (hi, (a - (hi - b_part)) + (b - b_part))
}

/// `a b` as a pair.
#[inline(always)]
pub(super) fn product(a: f64, b: f64) -> (f64, f64) {
    let hi = a * b;
    (hi, a.mul_add(b, -hi))
}

/// The quotient of two pairs, as a pair: one division, then one Newton step for the remainder.
#[inline(always)]
pub(super) fn quotient(num: (f64, f64), den: (f64, f64)) -> (f64, f64) {
    let inverse = 1.0 / den.0;
    let hi = num.0 * inverse;
    let remainder = (-hi).mul_add(den.0, num.0) + (-hi).mul_add(den.1, num.1);
    (hi, remainder * inverse)
}

/// `x`, or `bound` where x is larger; NaN stays.
#[inline(always)]
pub(super) fn at_most(x: f64, bound: f64) -> f64 {
    if x > bound { bound } else { x }
}

/// `x`, or `bound` where x is smaller; NaN stays.
#[inline(always)]
pub(super) fn at_least(x: f64, bound: f64) -> f64 {
    if x < bound { bound } else { x }
}

/// `value` with one bit pattern for NaN: its sign and payload would differ between instruction sets. On bits, as the
/// optimiser may take any NaN for any other in a comparison of numbers.
#[inline(always)]
pub(super) fn canonical(value: f64) -> f64 {
    let bits = value.to_bits();
    let nan = bits & (u64::MAX >> 1) > f64::INFINITY.to_bits();
    f64::from_bits(if nan { f64::NAN.to_bits() } else { bits })
}
