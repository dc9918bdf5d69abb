//! Reduction of huge angles modulo pi/2, in integers and so with the same bits everywhere.
//!
//! M. Payne and R. Hanek, "Radian reduction for trigonometric functions", SIGNUM Newsletter 18 (1983): with
//! a = m 2^e, only those digits of 2/pi matter whose product with a is below 4. A window of 192 of them leaves an error
//! of 2^-137 in a 2/pi, while no double is nearer than about 2^-62 to a multiple of pi/2.

use super::double::{fast_sum, product};
use super::trig::{HALF_PI, Reduced};

/// The quadrant and the remainder of a finite a >= 2^30.
pub(super) fn reduce(a: f64) -> Reduced {
    let bits = a.to_bits();
    let m = u128::from(bits & ((1 << 52) - 1) | 1 << 52);
    // a = m 2^e with e = exponent - 1075; the window starts at the digit of weight 2^(1 - e), which is digit e - 1
    // after the point and, as the table begins with 64 zeros, digit e + 62 of the table.
    let start = (bits >> 52) as usize + 62 - 1075;
    let (word, shift) = (start / 64, start % 64);
    let digits = |i: usize| {
        let pair = u128::from(TWO_OVER_PI[word + i]) << 64 | u128::from(TWO_OVER_PI[word + i + 1]);
        (pair << shift >> 64) as u64
    };
    // m times the window modulo 2^192: two integer bits, then 190 of the fraction.
    let low = m * u128::from(digits(2));
    let middle = m * u128::from(digits(1)) + (low >> 64);
    let high = (m as u64)
        .wrapping_mul(digits(0))
        .wrapping_add((middle >> 64) as u64);
    let quadrant = high >> 62;
    let top = u128::from(high) << 64 | u128::from(middle as u64);
    let (mut fraction, mut rest) = (top << 2 | u128::from(low as u64 >> 62), (low as u64) << 2);
    // To the nearest quadrant: a fraction of 1/2 or more is the negative of its complement.
    let negative = fraction >> 127 == 1;
    if negative {
        rest = rest.wrapping_neg();
        fraction = (!fraction).wrapping_add(u128::from(rest == 0));
    }
    let zeros = fraction.leading_zeros();
    let low = (u128::from(rest) << 64)
        .checked_shr(128 - zeros)
        .unwrap_or(0);
    let digits = (fraction << zeros) | low;
    // 53 and 53 bits of the fraction, exact as doubles.
    let negative_power = |n: u64| f64::from_bits((1023 - n) << 52);
    let first = (digits >> 75) as f64 * negative_power(u64::from(zeros) + 53);
    let second = (digits << 53 >> 75) as f64 * negative_power(u64::from(zeros) + 106);
    let (hi, lo) = product(first, HALF_PI.0);
    let (hi, lo) = fast_sum(hi, lo + first.mul_add(HALF_PI.1, second * HALF_PI.0));
    let sign = if negative { -1.0 } else { 1.0 };
    Reduced {
        quadrant: quadrant.wrapping_add(u64::from(negative)),
        hi: sign * hi,
        lo: sign * lo,
    }
}

/// 2/pi: a word of zeros, then its binary digits after the point, 64 to a word.
const TWO_OVER_PI: [u64; 21] = [
    0,
    0xa2f9_836e_4e44_1529,
    0xfc27_57d1_f534_ddc0,
    0xdb62_9599_3c43_9041,
    0xfe51_63ab_debb_c561,
    0xb724_6e3a_424d_d2e0,
    0x0649_2eea_09d1_921c,
    0xfe1d_eb1c_b129_a73e,
    0xe882_35f5_2ebb_4484,
    0xe99c_7026_b45f_7e41,
    0x3991_d639_8353_39f4,
    0x9c84_5f8b_bdf9_283b,
    0x1ff8_97ff_de05_980f,
    0xef2f_118b_5a0a_6d1f,
    0x6d36_7ecf_27cb_09b7,
    0x4f46_3f66_9e5f_ea2d,
    0x7527_bac7_ebe5_f17b,
    0x3d07_39f7_8a52_92ea,
    0x6bfb_5fb1_1f8d_5d08,
    0x5603_3046_fc7b_6bab,
    0xf0cf_bc20_9af4_361d,
];
