//! tanh, sinh, cosh and sech, from the reduced exponential function with its rounding error carried along.

use super::dispatch::Function;
use super::double::{
    at_least, at_most, canonical, fast_sum, horner, power_of_two, product, quotient, scale,
};
use super::exp::{exponential, exponential_minus_one};

/// `tanh`.
pub(super) struct Tanh;

impl Function for Tanh {
    #[inline(always)]
    fn single_lanes(y: &mut [f32]) {
        super::tanh_single::lanes(y);
    }

    /// tanh |x| = -E / (2 + E) with E = exp(-2 |x|) - 1 = (s - 1) + s p, s = 2^n.
    #[inline(always)]
    fn value(x: f64) -> f64 {
        // tanh 22 rounds to 1.
        let (p, n) = exponential_minus_one(-2.0 * at_most(x.abs(), 22.0));
        let s = power_of_two(n);
        // From n = -54 on, s - 1 is not a double, and what its rounding loses is seen in a value just below 1.
        let (less, less_lo) = fast_sum(-1.0, s);
        let (e, e_lo) = fast_sum(less, s * p.0);
        let e_lo = s.mul_add(p.1, e_lo + less_lo);
        let (den, den_lo) = fast_sum(2.0, e);
        let (hi, lo) = quotient((e, e_lo), (den, den_lo + e_lo));
        canonical((hi + lo).copysign(x))
    }
}

/// `sinh`.
pub(super) struct Sinh;

impl Function for Sinh {
    /// sinh |x| by its odd series below 1, where the exponentials would cancel, and (e^|x| - e^-|x|) / 2 above.
    #[inline(always)]
    fn value(x: f64) -> f64 {
        let a = x.abs();
        let z = a * a;
        let series = (a * z).mul_add(horner(&SINH, z), a);
        let value = if a < 1.0 { series } else { half_sum(a, -1.0) };
        canonical(value.copysign(x))
    }
}

/// `cosh`.
pub(super) struct Cosh;

impl Function for Cosh {
    #[inline(always)]
    fn value(x: f64) -> f64 {
        canonical(half_sum(x.abs(), 1.0))
    }
}

/// (e^a + sign e^-a) / 2 = 2^(n-1) (m + sign 2^(-2n) / m) with e^a = 2^n m, a >= 0.
#[inline(always)]
fn half_sum(a: f64, sign: f64) -> f64 {
    // Both functions overflow before 711.
    let (m, n) = exponential(at_most(a, 711.0));
    // Below 2^-1022 the second term has no effect.
    let s = sign * power_of_two(at_least(-2.0 * n, -1022.0));
    let (inverse, inverse_lo) = quotient((1.0, 0.0), m);
    let (hi, lo) = fast_sum(m.0, s * inverse);
    scale(hi + (lo + s.mul_add(inverse_lo, m.1)), n - 1.0)
}

/// `sech`, 1 / cosh.
pub(super) struct Sech;

impl Function for Sech {
    /// sech x = 2 e / (1 + e^2) with e = exp(-|x|) = 2^n m: scaled once at the end, so that it underflows gradually
    /// up to |x| = 745.8, far beyond the overflow of cosh.
    #[inline(always)]
    fn value(x: f64) -> f64 {
        let (m, n) = exponential(-at_most(x.abs(), 750.0));
        let s = power_of_two(at_least(2.0 * n, -1022.0));
        let (square, square_lo) = product(m.0, m.0);
        let square_lo = (2.0 * m.0).mul_add(m.1, square_lo);
        let (den, den_lo) = fast_sum(1.0, s * square);
        let (hi, lo) = quotient(m, (den, s.mul_add(square_lo, den_lo)));
        canonical(scale(hi + lo, n + 1.0))
    }
}

/// (sinh(x) - x) / x^3 in x^2, |x| <= 1, from make_coefficients.py. Largest relative error of sinh: 9.5e-20.
const SINH: [f64; 7] = [
    0.16666666666666669,
    0.008333333333333137,
    0.00019841269841438521,
    2.7557319155061576e-06,
    2.505212344372753e-08,
    1.605723672050472e-10,
    7.75942500423004e-13,
];
