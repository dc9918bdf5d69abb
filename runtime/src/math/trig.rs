//! sin, cos and tan.
//!
//! |x| = n pi/2 + r with |r| <= pi/4, then polynomials for sin r and cos r, chosen and signed by n mod 4. Below 2^30
//! the reduction is a branch-free subtraction of n pi/2 in three parts (Cody and Waite); beyond, and for infinity and
//! NaN, [`super::payne_hanek`] takes over, element by element in the blocks that hold such an argument.

use super::dispatch::Function;
use super::double::{fast_sum, horner, product, quotient, sum};
use super::payne_hanek;

/// `sin`.
pub(super) struct Sin;

impl Function for Sin {
    #[inline(always)]
    fn value(x: f64) -> f64 {
        if is_wide(x) {
            wide(x, sin_of)
        } else {
            sin_of(x, reduce(x.abs()))
        }
    }

    #[inline(always)]
    fn lanes(y: &mut [f64]) {
        lanes(y, sin_of);
    }
}

/// `cos`.
pub(super) struct Cos;

impl Function for Cos {
    #[inline(always)]
    fn value(x: f64) -> f64 {
        if is_wide(x) {
            wide(x, cos_of)
        } else {
            cos_of(x, reduce(x.abs()))
        }
    }

    #[inline(always)]
    fn lanes(y: &mut [f64]) {
        lanes(y, cos_of);
    }
}

/// `tan`.
pub(super) struct Tan;

impl Function for Tan {
    #[inline(always)]
    fn value(x: f64) -> f64 {
        if is_wide(x) {
            wide(x, tan_of)
        } else {
            tan_of(x, reduce(x.abs()))
        }
    }

    #[inline(always)]
    fn lanes(y: &mut [f64]) {
        lanes(y, tan_of);
    }
}

/// An angle: a quadrant (its two low bits) and a remainder in [-pi/4, pi/4] as a pair.
#[derive(Clone, Copy)]
pub(super) struct Reduced {
    pub(super) quadrant: u64,
    pub(super) hi: f64,
    pub(super) lo: f64,
}

const SIGN: u64 = 1 << 63;

/// The bits of 2^30, from which on the vector loop does not reduce.
const WIDE: u64 = (1023 + 30) << 52;

/// Infinity and NaN are wide, too.
#[inline(always)]
fn is_wide(x: f64) -> bool {
    x.to_bits() & !SIGN >= WIDE
}

#[inline(always)]
fn lanes(y: &mut [f64], of: impl Fn(f64, Reduced) -> f64 + Copy) {
    let mut any_wide = 0;
    for v in y.iter() {
        any_wide |= u64::from(is_wide(*v));
    }
    if any_wide == 0 {
        for v in y {
            *v = of(*v, reduce(v.abs()));
        }
    } else {
        for v in y {
            *v = if is_wide(*v) {
                wide(*v, of)
            } else {
                of(*v, reduce(v.abs()))
            };
        }
    }
}

#[cold]
fn wide(x: f64, of: impl Fn(f64, Reduced) -> f64) -> f64 {
    if x.is_finite() {
        of(x, payne_hanek::reduce(x.abs()))
    } else {
        f64::NAN
    }
}

/// Reduction for 0 <= a < 2^30. The subtraction of n HALF_PI.0 is exact: a and the product are multiples of 2^-53 and
/// the difference is below 1. The next part is subtracted with its rounding errors, so that the pair keeps its relative
/// accuracy where a is the double nearest to a multiple of pi/2.
#[inline(always)]
fn reduce(a: f64) -> Reduced {
    let shifted = a.mul_add(std::f64::consts::FRAC_2_PI, super::double::ROUND);
    let n = shifted - super::double::ROUND;
    let r = (-n).mul_add(HALF_PI.0, a);
    let (part, part_lo) = product(-n, HALF_PI.1);
    let (hi, lo) = sum(r, part);
    Reduced {
        quadrant: shifted.to_bits(),
        hi,
        lo: lo + (-n).mul_add(HALF_PI.2, part_lo),
    }
}

#[inline(always)]
fn sin_of(x: f64, angle: Reduced) -> f64 {
    let (sin, cos) = sin_cos(angle);
    let value = if angle.quadrant & 1 == 0 {
        sin.0 + sin.1
    } else {
        cos.0 + cos.1
    };
    f64::from_bits(value.to_bits() ^ (angle.quadrant & 2) << 62 ^ x.to_bits() & SIGN)
}

#[inline(always)]
fn cos_of(_: f64, angle: Reduced) -> f64 {
    let (sin, cos) = sin_cos(angle);
    let value = if angle.quadrant & 1 == 0 {
        cos.0 + cos.1
    } else {
        sin.0 + sin.1
    };
    f64::from_bits(value.to_bits() ^ (angle.quadrant.wrapping_add(1) & 2) << 62)
}

/// tan = sin / cos, or -cos / sin in the odd quadrants.
#[inline(always)]
fn tan_of(x: f64, angle: Reduced) -> f64 {
    let (sin, cos) = sin_cos(angle);
    let (sin, cos) = (fast_sum(sin.0, sin.1), fast_sum(cos.0, cos.1));
    let odd = angle.quadrant & 1 == 1;
    let num = if odd { cos } else { sin };
    let den = if odd { sin } else { cos };
    let (hi, lo) = quotient(num, den);
    f64::from_bits((hi + lo).to_bits() ^ (angle.quadrant & 1) << 63 ^ x.to_bits() & SIGN)
}

/// sin r and cos r, each as its leading term and the rest, to be added last:
/// sin(hi + lo) = hi + (hi^3 S(hi^2) + lo (1 - hi^2/2)), cos(hi + lo) = (1 - hi^2/2) + (hi^4 C(hi^2) - hi lo).
#[inline(always)]
fn sin_cos(angle: Reduced) -> ((f64, f64), (f64, f64)) {
    let Reduced { hi, lo, .. } = angle;
    let (z, z_lo) = product(hi, hi);
    let half = 0.5 * z;
    let sin_rest = (hi * z).mul_add(horner(&SIN, z), (-half).mul_add(lo, lo));
    let (one, one_lo) = fast_sum(1.0, -half);
    let cos_rest = (z * z).mul_add(
        horner(&COS, z),
        (-hi).mul_add(lo, (-0.5f64).mul_add(z_lo, one_lo)),
    );
    ((hi, sin_rest), (one, cos_rest))
}

/// pi/2 as the sum of three doubles.
pub(super) const HALF_PI: (f64, f64, f64) = (
    std::f64::consts::FRAC_PI_2,
    6.123233995736766e-17,
    -1.4973849048591698e-33,
);

/// (sin(r) - r) / r^3 in r^2, from make_coefficients.py. Largest relative error of sin: 3.4e-18.
const SIN: [f64; 6] = [
    -0.16666666666666632,
    0.008333333333322413,
    -0.00019841269829807813,
    2.7557313691920163e-06,
    -2.5050758115644303e-08,
    1.5896795677126807e-10,
];

/// (cos(r) - 1 + r^2/2) / r^4 in r^2, from make_coefficients.py. Largest error of cos: 4.7e-20.
const COS: [f64; 6] = [
    0.0416666666666666,
    -0.0013888888888874125,
    2.4801587289482154e-05,
    -2.755731435232393e-07,
    2.0875723272020458e-09,
    -1.1359647740447563e-11,
];
