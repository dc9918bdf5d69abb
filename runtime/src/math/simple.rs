//! Functions of one instruction or two: sqrt, abs, sign and heaviside.

use super::dispatch::Function;
use super::double::canonical;

/// `sqrt`, correctly rounded.
pub(super) struct Sqrt;

impl Function for Sqrt {
    #[inline(always)]
    fn value(x: f64) -> f64 {
        canonical(x.sqrt())
    }
}

/// `|x|`.
pub(super) struct Abs;

impl Function for Abs {
    #[inline(always)]
    fn value(x: f64) -> f64 {
        canonical(x.abs())
    }
}

/// `sign`: -1, 1, and zeros as they are.
pub(super) struct Sign;

impl Function for Sign {
    #[inline(always)]
    fn value(x: f64) -> f64 {
        let one = 1f64.copysign(x);
        canonical(if x == 0.0 || x.is_nan() { x } else { one })
    }
}

/// `heaviside`: 0, 1, and 1/2 at zero.
pub(super) struct Heaviside;

impl Function for Heaviside {
    #[inline(always)]
    fn value(x: f64) -> f64 {
        let step = if x > 0.0 { 1.0 } else { 0.0 };
        let step = if x == 0.0 { 0.5 } else { step };
        if x.is_nan() { f64::NAN } else { step }
    }
}
