//! The inverse tangent.
//!
//! atan a = base + atan t with, for a >= 0, one of three maps to |t| <= tan(pi/8): t = a; t = (a - 1) / (a + 1),
//! base pi/4; t = -1 / a, base pi/2. Both base and t are pairs.

use super::dispatch::Function;
use super::double::{at_most, canonical, horner, quotient, sum};

/// `atan`.
pub(super) struct Atan;

impl Function for Atan {
    #[inline(always)]
    fn value(x: f64) -> f64 {
        // atan 1e18 rounds to pi/2.
        let a = at_most(x.abs(), 1e18);
        let (middle, outer) = (a > 0.4142135623730951, a > 2.414213562373095);
        let (less, more) = (sum(a, -1.0), sum(a, 1.0));
        let num = if middle { less } else { (a, 0.0) };
        let den = if middle { more } else { (1.0, 0.0) };
        let base = if middle { QUARTER_PI } else { (0.0, 0.0) };
        let num = if outer { (-1.0, 0.0) } else { num };
        let den = if outer { (a, 0.0) } else { den };
        let base = if outer {
            (2.0 * QUARTER_PI.0, 2.0 * QUARTER_PI.1)
        } else {
            base
        };

        let (t, t_lo) = quotient(num, den);
        let z = t * t;
        let rest = (t * z).mul_add(horner(&ATAN, z), t_lo + base.1);
        let (hi, lo) = sum(base.0, t);
        canonical((hi + (lo + rest)).copysign(x))
    }
}

/// pi/4 as a pair.
const QUARTER_PI: (f64, f64) = (std::f64::consts::FRAC_PI_4, 3.061616997868383e-17);

/// (atan(t) - t) / t^3 in t^2, from make_coefficients.py. Largest relative error of atan: 1.2e-18.
const ATAN: [f64; 11] = [
    -0.333333333333332,
    0.19999999999954,
    -0.14285714280239695,
    0.11111110785676354,
    -0.09090897822650068,
    0.07692061383163273,
    -0.0666311740883219,
    0.05847986675188686,
    -0.050397428073933506,
    0.038075652333562596,
    -0.017919295798929202,
];
