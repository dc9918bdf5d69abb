//! Whole exponents.

/// An exponent that cannot overflow: a power beyond this is zero, one or infinite in floating point anyway.
pub(super) fn bounded(exponent: i64) -> i32 {
    const LARGEST: i64 = 1 << 24;
    i32::try_from(exponent.clamp(-LARGEST, LARGEST)).unwrap_or(0)
}

/// `number^exponent` by repeated squaring: the same bits on every machine, which `powi` does not promise.
pub(super) fn power_of_number(number: f64, exponent: i32) -> f64 {
    let mut power = 1.0;
    let mut square = number;
    let mut rest = exponent.unsigned_abs();
    while rest > 0 {
        if rest & 1 == 1 {
            power *= square;
        }
        rest >>= 1;
        square *= square;
    }
    if exponent < 0 { 1.0 / power } else { power }
}

/// The exponent of a power of a power.
pub(super) fn times(left: i32, right: i32) -> i32 {
    bounded(i64::from(left) * i64::from(right))
}
