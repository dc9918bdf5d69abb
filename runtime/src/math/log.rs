//! The natural logarithm.
//!
//! x = 2^k (1 + f) with 1 + f in [sqrt(1/2), sqrt 2); with s = f / (2 + f),
//! log(1 + f) = log((1 + s) / (1 - s)) = 2 s + s^3 L(s^2) = f - f^2/2 + s (f^2/2 + s^2 L(s^2)):
//! the form of fdlibm's `e_log.c`, in which the leading term f is exact.

use super::dispatch::Function;
use super::double::{fast_sum, horner};
use super::exp::LN_2;

/// `log`.
pub(super) struct Log;

impl Function for Log {
    #[inline(always)]
    fn value(x: f64) -> f64 {
        let subnormal = x < f64::MIN_POSITIVE;
        let bits = (if subnormal {
            x * 18_014_398_509_481_984.0
        } else {
            x
        })
        .to_bits(); // 2^54
        // Adding the distance from sqrt(1/2) to 1 moves the exponent's step to sqrt(1/2).
        let exponent = (bits.wrapping_add(0x0009_5f62_0000_0000)) >> 52;
        // The integer as the low bits of 2^52 becomes a floating-point number without a conversion.
        let k = f64::from_bits(exponent | 0x4330_0000_0000_0000)
            - (4_503_599_627_370_496.0 + if subnormal { 1077.0 } else { 1023.0 });
        let f = f64::from_bits(bits.wrapping_sub(exponent << 52).wrapping_add(1023 << 52)) - 1.0;

        let s = f / (2.0 + f);
        let z = s * s;
        let (hi, lo) = fast_sum(k * LN_2.0, f);
        let tail = s.mul_add((0.5 * f).mul_add(f, z * horner(&LOG, z)), k * LN_2.1);
        let value = hi + (lo + (-0.5 * f).mul_add(f, tail));

        let value = if x == f64::INFINITY { x } else { value };
        let value = if x == 0.0 { f64::NEG_INFINITY } else { value };
        if x >= 0.0 { value } else { f64::NAN }
    }
}

/// (log((1 + s) / (1 - s)) - 2 s) / s^3 in s^2, from make_coefficients.py. Largest relative error of log: 1.2e-18.
const LOG: [f64; 7] = [
    0.6666666666666734,
    0.3999999999941396,
    0.2857142874256256,
    0.222221985537563,
    0.18183565408137778,
    0.15314021109763368,
    0.14796261140163616,
];
