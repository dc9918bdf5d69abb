//! Powers with a real exponent.
//!
//! Small integer exponents, the common ones in equations, are repeated products of pairs: exact where the power is a
//! double, correctly rounded nearly always. The others, and results near overflow and underflow, are `f64::powf`, whose
//! accuracy is the platform's C library's (below one unit in the last place with glibc, musl and macOS).

use super::dispatch::BinaryFunction;
use super::double::{canonical, fast_sum, product, quotient};

/// The largest integer exponent that is a product.
const LARGEST: f64 = 64.0;

/// The range in which no rounding error of a product underflows.
const PLAIN: std::ops::Range<f64> = 1e-270..1e270;

/// `pow`.
pub(super) struct Pow;

impl BinaryFunction for Pow {
    #[inline(always)]
    fn value(x: f64, p: f64) -> f64 {
        let integer = p.abs() <= LARGEST && p == p.trunc();
        let power = if p == 2.0 {
            x * x
        } else if p == -1.0 {
            1.0 / x
        } else if integer && p != 0.0 {
            integer_power(x, p).unwrap_or_else(|| x.powf(p))
        } else {
            x.powf(p)
        };
        canonical(power)
    }
}

/// `x^p` for an integer 1 <= |p| <= 64 by squaring, from the leading binary digit of |p| down, so that no intermediate
/// product exceeds the result. None outside the plain range.
#[inline(always)]
fn integer_power(x: f64, p: f64) -> Option<f64> {
    let n = p.abs() as u32;
    let (mut hi, mut lo) = (x, 0.0);
    for digit in (0..n.ilog2()).rev() {
        let (square, square_lo) = product(hi, hi);
        (hi, lo) = fast_sum(square, (2.0 * hi).mul_add(lo, square_lo));
        if n >> digit & 1 == 1 {
            let (times, times_lo) = product(hi, x);
            (hi, lo) = fast_sum(times, lo.mul_add(x, times_lo));
        }
    }
    if !PLAIN.contains(&hi.abs()) {
        return None;
    }
    if p < 0.0 {
        (hi, lo) = quotient((1.0, 0.0), (hi, lo));
    }
    Some(hi + lo)
}
