//! tanh in single precision.
//!
//! Near zero x + x³ P(x²), elsewhere 1 − 2/(exp(2|x|) + 1), with exp as in [`exp`](mod@super::exp) but a shorter polynomial.
//! Coefficients: S. L. Moshier, Cephes (tanhf.c, expf.c). At most 1.31 units in the last place.

/// `y[i] = tanh y[i]`, with no branch.
#[inline(always)]
pub(super) fn lanes(y: &mut [f32]) {
    for y in y {
        *y = value(*y);
    }
}

#[inline(always)]
fn value(x: f32) -> f32 {
    let size = x.abs();
    let square = x * x;
    let near = (size * square).mul_add(horner(&NEAR, square), size);
    // From here on tanh is 1; NaN stays what it is.
    let twice = 2.0 * if size > 9.2 { 9.2 } else { size };
    // Adding 1.5·2²³ leaves the nearest whole number in the last bits.
    let shifted = twice.mul_add(std::f32::consts::LOG2_E, SHIFT);
    let exponent = shifted.to_bits() << 23;
    let n = shifted - SHIFT;
    let r = (-n).mul_add(LN_2.1, (-n).mul_add(LN_2.0, twice));
    let p = (r * r).mul_add(horner(&EXP, r), r);
    let scale = f32::from_bits(exponent.wrapping_add(1.0_f32.to_bits()));
    let far = 1.0 - 2.0 / (scale.mul_add(p, scale) + 1.0);
    if size < 0.625 { near } else { far }.copysign(x)
}

#[inline(always)]
fn horner<const N: usize>(coefficients: &[f32; N], x: f32) -> f32 {
    let mut sum = coefficients[N - 1];
    for k in (0..N - 1).rev() {
        sum = sum.mul_add(x, coefficients[k]);
    }
    sum
}

const SHIFT: f32 = 12_582_912.0;

/// ln 2 as 9 bits and the rest: products of the former with whole numbers are exact.
const LN_2: (f32, f32) = (0.693_359_4, -2.121_944_4e-4);

/// (tanh x − x) / x³ by x².
const NEAR: [f32; 5] = [
    -0.333_332_83,
    0.133_314_42,
    -0.053_739_715,
    0.020_639_09,
    -0.005_704_988_7,
];

/// (exp r − 1 − r) / r².
const EXP: [f32; 6] = [
    0.5,
    0.166_666_65,
    0.041_665_796,
    0.008_333_452,
    0.001_398_2,
    0.000_198_756_91,
];
