//! The vector functions that generated code calls.

use crate::function::Function;
use crate::precision::Precision;

/// `y[i] = f(x[i])` for `i < n`; `x` and `y` may be the same.
pub type UnaryVectorFunction<R = f64> = unsafe extern "C" fn(x: *const R, y: *mut R, n: usize);

/// `z[i] = f(x[i], y[i])` for `i < n`; `z` may be `x` or `y`.
pub type BinaryVectorFunction<R = f64> =
    unsafe extern "C" fn(x: *const R, y: *const R, z: *mut R, n: usize);

/// The vector functions that generated code calls. The run time supplies them.
#[derive(Clone, Copy)]
pub struct VectorFunctions {
    /// One for each function of the language.
    pub unary: fn(Function) -> UnaryVectorFunction,
    /// `x^y`
    pub power: BinaryVectorFunction,
    /// The same in single precision.
    pub unary_single: fn(Function) -> UnaryVectorFunction<f32>,
    /// The same in single precision.
    pub power_single: BinaryVectorFunction<f32>,
}

impl VectorFunctions {
    /// The address of a function.
    pub(super) fn unary(&self, function: Function, precision: Precision) -> *const u8 {
        match precision {
            Precision::Single => (self.unary_single)(function) as *const u8,
            Precision::Double => (self.unary)(function) as *const u8,
        }
    }

    /// The address of `x^y`.
    pub(super) fn power(&self, precision: Precision) -> *const u8 {
        match precision {
            Precision::Single => self.power_single as *const u8,
            Precision::Double => self.power as *const u8,
        }
    }
}
