//! Elementary functions over slices of `f64`: the vector loops under activations and residuals.
//!
//! Input: arguments. Output: one value per argument, within one unit in the last place (sqrt, abs, sign and heaviside
//! exact), right at zeros of both signs, subnormal numbers, infinities and NaN, with gradual underflow. Invariant: the
//! bits do not depend on the vector width, on an element's place in the slice, or on whether a slice, one number
//! (`*_scalar`) or compiled code ([`extern_c`]) asked; only `pow` with exponents other than small integers depends on
//! the platform's C library. Every NaN that comes out has the bits of `f64::NAN`.
//!
//! The cores are written once, branch-free, for one lane; `dispatch` compiles them for each vector width. Each is a
//! reduction and a polynomial, so that an `f32` version needs other constants and a shorter polynomial. The coefficients
//! come from `make_coefficients.py`, the reference values of the tests from `make_reference.py`.

mod atan;
mod compiled;
pub mod dense;
mod dispatch;
mod double;
mod erf;
mod exp;
pub mod extern_c;
mod hyperbolic;
mod log;
mod payne_hanek;
mod pow;
pub(crate) mod real;
mod simple;
mod single;
mod tanh_single;
#[cfg(test)]
mod tests;
mod trig;

pub use compiled::vector_functions;

use dispatch::Level;

/// One line per function: its name, the name of its scalar version, its core, its formula.
macro_rules! functions {
    ($($name:ident, $scalar:ident, $core:ty, $formula:literal;)*) => {$(
        #[doc = concat!("`y[i] =` ", $formula, " at `x[i]`.\n\n# Panics\n\nIf the lengths differ.")]
        pub fn $name(x: &[f64], y: &mut [f64]) {
            dispatch::map::<$core>(Level::best(), x, y);
        }

        #[doc = concat!($formula, " at `x`, with the bits of [`", stringify!($name), "()`].")]
        pub fn $scalar(x: f64) -> f64 {
            dispatch::one::<$core>(Level::best(), x)
        }
    )*};
}

functions! {
    sin, sin_scalar, trig::Sin, "sin x";
    cos, cos_scalar, trig::Cos, "cos x";
    tan, tan_scalar, trig::Tan, "tan x";
    atan, atan_scalar, atan::Atan, "atan x";
    exp, exp_scalar, exp::Exp, "exp x";
    log, log_scalar, log::Log, "the natural logarithm of x";
    tanh, tanh_scalar, hyperbolic::Tanh, "tanh x";
    sinh, sinh_scalar, hyperbolic::Sinh, "sinh x";
    cosh, cosh_scalar, hyperbolic::Cosh, "cosh x";
    sech, sech_scalar, hyperbolic::Sech, "1 / cosh x";
    erf, erf_scalar, erf::Erf, "erf x";
    sqrt, sqrt_scalar, simple::Sqrt, "the square root of x";
    abs, abs_scalar, simple::Abs, "|x|";
    sign, sign_scalar, simple::Sign, "the sign of x (-1, 1, or x itself at zeros)";
    heaviside, heaviside_scalar, simple::Heaviside, "the unit step of x (0, 1, or 1/2 at zero)";
}

/// `y[i] = x[i]^p[i]`.
///
/// # Panics
///
/// If the lengths differ.
pub fn pow(x: &[f64], p: &[f64], y: &mut [f64]) {
    assert_eq!(x.len(), y.len(), "base and result differ in length");
    assert_eq!(p.len(), y.len(), "exponent and result differ in length");
    for ((y, x), p) in y.iter_mut().zip(x).zip(p) {
        *y = pow_scalar(*x, *p);
    }
}

/// `x^p`, with the bits of [`pow()`].
pub fn pow_scalar(x: f64, p: f64) -> f64 {
    dispatch::two::<pow::Pow>(Level::best(), x, p)
}
