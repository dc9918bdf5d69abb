//! The functions in single precision, for compiled code to call: those of double precision, rounded.
//!
//! Invariant: within half a unit in the last place and a billionth of it, right where those of double precision are.
#![allow(unsafe_code)] // Slices are made from the caller's pointers.

use super::dispatch::{self, Level};
use super::{atan, erf, exp, hyperbolic, log, simple, trig};
use pdec_compiler::backend::cranelift::UnaryVectorFunction;
use pdec_compiler::function::Function;

/// One line per function: its name in the compiler and its core.
macro_rules! functions {
    ($($name:ident, $core:ty;)*) => {
        /// The function that compiled code calls.
        pub fn unary(function: Function) -> UnaryVectorFunction<f32> {
            match function {
                $(Function::$name => map::<$core>,)*
            }
        }
    };
}

functions! {
    Sin, trig::Sin;
    Cos, trig::Cos;
    Tan, trig::Tan;
    Atan, atan::Atan;
    Exp, exp::Exp;
    Log, log::Log;
    Tanh, hyperbolic::Tanh;
    Sinh, hyperbolic::Sinh;
    Cosh, hyperbolic::Cosh;
    Sech, hyperbolic::Sech;
    Erf, erf::Erf;
    Sqrt, simple::Sqrt;
    Abs, simple::Abs;
    Sign, simple::Sign;
    Heaviside, simple::Heaviside;
}

/// `y[i] = F(x[i])` for i < n.
///
/// # Safety
///
/// x and y are valid for n elements, aligned, and either equal or disjoint.
unsafe extern "C" fn map<F: dispatch::Function>(x: *const f32, y: *mut f32, n: usize) {
    if n == 0 {
        return;
    }
    // SAFETY: the caller vouches for y, which no other slice here covers unless x is disjoint from it.
    let values = unsafe { std::slice::from_raw_parts_mut(y, n) };
    if !std::ptr::eq(x, y) {
        // SAFETY: the caller vouches for x, disjoint from y as it is not equal to it.
        values.copy_from_slice(unsafe { std::slice::from_raw_parts(x, n) });
    }
    dispatch::single::<F>(Level::best(), values);
}

/// `y[i] = x[i]^p[i]` for i < n.
///
/// # Safety
///
/// x, p and y are valid for n elements and aligned; y equals x, equals p, or is disjoint from them.
#[allow(clippy::cast_possible_truncation)] // rounding is what is asked for
pub unsafe extern "C" fn pow(x: *const f32, p: *const f32, y: *mut f32, n: usize) {
    for i in 0..n {
        // SAFETY: i < n, and the caller vouches for n elements; each is read before its place is written.
        unsafe {
            let (x, p) = (f64::from(*x.add(i)), f64::from(*p.add(i)));
            *y.add(i) = super::pow_scalar(x, p) as f32;
        }
    }
}
