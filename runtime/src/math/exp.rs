//! The exponential function, and the reduced form that the hyperbolic functions and erf share.
//!
//! exp(x) = 2^n (1 + p), n = round(x / ln 2), p = exp(r) - 1 with r = x - n ln 2 and |r| <= ln 2 / 2. The product
//! n ln 2 is subtracted in two parts (W. J. Cody and W. Waite, "Software Manual for the Elementary Functions", 1980).

use super::dispatch::Function;
use super::double::{at_least, at_most, canonical, fast_sum, horner_split, nearest, scale};

/// `exp`.
pub(super) struct Exp;

impl Function for Exp {
    #[inline(always)]
    fn value(x: f64) -> f64 {
        canonical(exp_any(x))
    }
}

/// `exp(x)`; NaN keeps its bits.
#[inline(always)]
pub(super) fn exp_any(x: f64) -> f64 {
    // Beyond these bounds the scaling gives infinity and zero; within them n stays in its range.
    let (m, n) = exponential(at_least(at_most(x, 710.0), -746.0));
    scale(m.0 + m.1, n)
}

/// `exp(x) = (hi + lo) 2^n` as `((hi, lo), n)`, for |x| < 1e6.
#[inline(always)]
pub(super) fn exponential(x: f64) -> ((f64, f64), f64) {
    let (p, n) = exponential_minus_one(x);
    let (hi, lo) = fast_sum(1.0, p.0);
    ((hi, lo + p.1), n)
}

/// `exp(x) = (1 + p) 2^n` as `(p, n)` with p a pair and |p| < 0.42, for |x| < 1e6; for tiny x, p = x and n = 0.
#[inline(always)]
pub(super) fn exponential_minus_one(x: f64) -> ((f64, f64), f64) {
    let n = nearest(x * std::f64::consts::LOG2_E);
    // Exact: LN_2.0 has 40 bits and n at most 13.
    let r_hi = (-n).mul_add(LN_2.0, x);
    let (r, r_lo) = fast_sum(r_hi, -(n * LN_2.1));
    let (p, p_lo) = fast_sum(r, (r * r).mul_add(horner_split(&EXP, r), r_lo));
    ((p, p_lo), n)
}

/// ln 2 as 40 bits and the rest.
pub(super) const LN_2: (f64, f64) = (0.6931471805601177, -1.7239444525614835e-13);

/// (exp(r) - 1 - r) / r^2, from make_coefficients.py. Largest error of r^2 times it: 5.4e-20.
const EXP: [f64; 11] = [
    0.5,
    0.16666666666666685,
    0.04166666666666673,
    0.008333333333316737,
    0.0013888888888858532,
    0.0001984126989706036,
    2.4801587373568402e-05,
    2.7557234235545547e-06,
    2.7557233501451383e-07,
    2.5112240233288614e-08,
    2.0926901211285236e-09,
];
