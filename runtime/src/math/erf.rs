//! The error function.
//!
//! erf x = x + x A(x^2) for |x| < 1; above, 1 - erfc |x| with erfc a = exp(Q(a) - a^2), where
//! Q(a) = log(erfc a) + a^2 is smooth: two polynomials, below and above 2.25. Each lane picks its coefficients, so that
//! one evaluation and one exponential serve the three ranges.

use super::dispatch::Function;
use super::double::{at_most, canonical};
use super::exp::exp_any;

/// `erf`.
pub(super) struct Erf;

impl Function for Erf {
    #[inline(always)]
    fn value(x: f64) -> f64 {
        // erf 6 rounds to 1.
        let a = at_most(x.abs(), 6.0);
        let (small, large) = (a < 1.0, a >= 2.25);
        let t = a - if large { 3.25 } else { 1.625 };
        let t = if small { a * a } else { t };
        let pick = |k: usize| {
            let c = if large { ERF_LARGE[k] } else { ERF_MIDDLE[k] };
            if small { ERF_SMALL[k] } else { c }
        };
        let mut value = pick(12);
        for k in (0..12).rev() {
            value = value.mul_add(t, pick(k));
        }
        let inner = a.mul_add(value, a);
        let outer = 1.0 - exp_any((-a).mul_add(a, value));
        canonical((if small { inner } else { outer }).copysign(x))
    }
}

/// erf(x)/x - 1 in x^2, |x| <= 1, from make_coefficients.py. Largest error 1.3e-19.
const ERF_SMALL: [f64; 13] = [
    0.1283791670955126,
    -0.3761263890318375,
    0.11283791670954882,
    -0.026866170645077354,
    0.005223977624823095,
    -0.0008548326981103474,
    0.00012055331120671845,
    -1.4925595464658524e-05,
    1.6461003355761705e-06,
    -1.6350340010795586e-07,
    1.4659938372088635e-08,
    -1.1373401697292215e-09,
    5.95798359666789e-11,
];

/// log(erfc a) + a^2 in a - 1.625, 1 <= a <= 2.25, from make_coefficients.py. Largest error of erfc: 6.6e-18.
const ERF_MIDDLE: [f64; 13] = [
    -1.1964637037779429,
    -0.4831259590726231,
    0.09821497034211489,
    -0.023008967325185037,
    0.005270029324837699,
    -0.0011028409354273629,
    0.00019549044068224304,
    -2.3963839001296553e-05,
    -4.965617294590267e-07,
    1.5001702801874624e-06,
    -5.83321636810423e-07,
    1.5256305035826977e-07,
    -2.5670912866674212e-08,
];

/// log(erfc a) + a^2 in a - 3.25, 2.25 <= a <= 6, from make_coefficients.py. Largest error of erfc: 2.7e-19.
const ERF_LARGE: [f64; 13] = [
    -1.7937493571815957,
    -0.2837605041123913,
    0.03751834978487064,
    -0.006199592920298756,
    0.0010829695301424482,
    -0.00018953676391129592,
    3.233176625240766e-05,
    -5.26204509956939e-06,
    7.955082677604848e-07,
    -1.0603861232448508e-07,
    1.2348062253922332e-08,
    -6.204510491874668e-10,
    -6.225823015184739e-10,
];
