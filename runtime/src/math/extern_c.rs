//! The functions behind C pointers, for compiled code to call: same names, same bits.
#![allow(unsafe_code)] // Slices are made from the caller's pointers.

use super::dispatch::{self, Level};
use super::{
    atan as inverse, erf as error, exp as exponential, hyperbolic, log as logarithm, simple, trig,
};

/// `y[i] = f(x[i])` for i < n.
///
/// # Safety
///
/// x and y are valid for n elements, aligned, and either equal or disjoint.
pub type Unary = unsafe extern "C" fn(x: *const f64, y: *mut f64, n: usize);

/// `y[i] = f(x[i], p[i])` for i < n.
///
/// # Safety
///
/// x, p and y are valid for n elements and aligned; y equals x, equals p, or is disjoint from them.
pub type Binary = unsafe extern "C" fn(x: *const f64, p: *const f64, y: *mut f64, n: usize);

/// One line per function: its name and its core.
macro_rules! functions {
    ($($name:ident, $core:ty;)*) => {
        $(
            #[doc = concat!("[`super::", stringify!($name), "()`].\n\n# Safety\n\nAs for [`Unary`].")]
            pub unsafe extern "C" fn $name(x: *const f64, y: *mut f64, n: usize) {
                if n == 0 {
                    return;
                }
                // SAFETY: the caller vouches for y, which no other slice here covers unless x is disjoint from it.
                let values = unsafe { std::slice::from_raw_parts_mut(y, n) };
                if std::ptr::eq(x, y) {
                    dispatch::in_place::<$core>(Level::best(), values);
                } else {
                    // SAFETY: the caller vouches for x, disjoint from y as it is not equal to it.
                    let arguments = unsafe { std::slice::from_raw_parts(x, n) };
                    dispatch::map::<$core>(Level::best(), arguments, values);
                }
            }
        )*

        /// The names that [`unary`] knows.
        pub const UNARY: &[&str] = &[$(stringify!($name)),*];

        /// The function of one argument with this name.
        pub fn unary(name: &str) -> Option<Unary> {
            match name {
                $(stringify!($name) => Some($name),)*
                _ => None,
            }
        }
    };
}

functions! {
    sin, trig::Sin;
    cos, trig::Cos;
    tan, trig::Tan;
    atan, inverse::Atan;
    exp, exponential::Exp;
    log, logarithm::Log;
    tanh, hyperbolic::Tanh;
    sinh, hyperbolic::Sinh;
    cosh, hyperbolic::Cosh;
    sech, hyperbolic::Sech;
    erf, error::Erf;
    sqrt, simple::Sqrt;
    abs, simple::Abs;
    sign, simple::Sign;
    heaviside, simple::Heaviside;
}

/// [`super::pow()`].
///
/// # Safety
///
/// As for [`Binary`].
pub unsafe extern "C" fn pow(x: *const f64, p: *const f64, y: *mut f64, n: usize) {
    for i in 0..n {
        // SAFETY: i < n, and the caller vouches for n elements; each is read before its place is written.
        unsafe { *y.add(i) = super::pow_scalar(*x.add(i), *p.add(i)) };
    }
}

/// The function of two arguments with this name.
pub fn binary(name: &str) -> Option<Binary> {
    match name {
        "pow" => Some(pow),
        _ => None,
    }
}
