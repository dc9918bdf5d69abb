//! The functions in single precision, for compiled code to call: those of double precision, rounded, but for tanh,
//! which is called most.
//!
//! Invariant: within half a unit in the last place and a billionth of it, tanh within 1.31 units; right where those
//! of double precision are.
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::cast_possible_truncation)] // a test may fail; rounding

    use super::unary;
    use pdec_compiler::function::{FUNCTIONS, Function};

    /// The functions of the platform's library in double precision; ours where it has none.
    fn reference(function: Function, x: f64) -> f64 {
        match function {
            Function::Sin => x.sin(),
            Function::Cos => x.cos(),
            Function::Tan => x.tan(),
            Function::Atan => x.atan(),
            Function::Exp => x.exp(),
            Function::Log => x.ln(),
            Function::Tanh => x.tanh(),
            Function::Sinh => x.sinh(),
            Function::Cosh => x.cosh(),
            Function::Sech => 1.0 / x.cosh(),
            Function::Erf => super::super::erf_scalar(x),
            Function::Sqrt => x.sqrt(),
            Function::Abs => x.abs(),
            Function::Sign => {
                if x == 0.0 || x.is_nan() {
                    x
                } else {
                    x.signum()
                }
            }
            Function::Heaviside => {
                if x.is_nan() {
                    x
                } else if x == 0.0 {
                    0.5
                } else {
                    f64::from(u8::from(x > 0.0))
                }
            }
        }
    }

    /// Every 1009th number of either sign, subnormal ones, infinities and NaN among them, and all special ones.
    #[test]
    fn all_functions_over_the_whole_range() {
        let special = [
            0.0,
            -0.0,
            f32::INFINITY,
            f32::NEG_INFINITY,
            f32::NAN,
            f32::MIN_POSITIVE,
            -f32::MIN_POSITIVE,
            f32::MAX,
            f32::MIN,
            f32::from_bits(1),
            -f32::from_bits(1),
            88.8,
            -103.9,
            104.0,
        ];
        let x: Vec<f32> = (0..=u32::MAX)
            .step_by(1009)
            .map(f32::from_bits)
            .chain(special)
            .collect();
        for (name, function) in FUNCTIONS {
            let mut y = vec![0.0_f32; x.len()];
            // SAFETY: both have as many elements.
            unsafe { unary(function)(x.as_ptr(), y.as_mut_ptr(), x.len()) };
            for (x, y) in x.iter().zip(&y) {
                let exact = reference(function, f64::from(*x));
                if exact.is_nan() {
                    assert!(y.is_nan(), "{name} {x:e}: {y:e}");
                    continue;
                }
                let nearest = exact as f32;
                if nearest.is_infinite() || nearest == 0.0 {
                    assert_eq!(y.to_bits(), nearest.to_bits(), "{name} {x:e}: {y:e}");
                    continue;
                }
                let above = f64::from(f32::from_bits(nearest.abs().to_bits() + 1));
                let unit = above - f64::from(nearest.abs());
                let error = (f64::from(*y) - exact).abs();
                let bound = if function == Function::Tanh {
                    1.31
                } else {
                    0.501
                };
                assert!(
                    error <= bound * unit,
                    "{name} {x:e}: {y:e} against {exact:e}"
                );
            }
        }
    }
}
