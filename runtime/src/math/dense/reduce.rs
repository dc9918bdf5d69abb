//! Scalar products. A sum is eight interleaved ones, added up at the end: the same bits for any
//! width of registers.

use super::super::real::Real;
use super::vector::{Vector, Work};

/// Interleaved sums.
const SUMS: usize = 8;

/// `Σ x·y`
///
/// # Panics
///
/// If the lengths differ.
#[must_use]
pub fn dot(x: &[f64], y: &[f64]) -> f64 {
    assert_eq!(x.len(), y.len(), "factors differ in length");
    let mut result = 0.0;
    f64::run(Dot {
        x,
        y,
        result: &mut result,
    });
    result
}

struct Dot<'a> {
    x: &'a [f64],
    y: &'a [f64],
    result: &'a mut f64,
}

impl Work<f64> for Dot<'_> {
    #[inline(always)]
    fn run<V: Vector<Number = f64>>(self) {
        // Four of each of the eight sums, so that additions need not wait for each other.
        let mut sums = [[V::splat(0.0); 4]; SUMS];
        let registers = SUMS / V::LANES;
        let whole = self.x.len() / (4 * SUMS) * (4 * SUMS);
        for first in (0..whole).step_by(4 * SUMS) {
            for register in 0..registers {
                for part in 0..4 {
                    let at = first + part * SUMS + register * V::LANES;
                    // SAFETY: `at + LANES` is at most `whole`, which is inside both slices.
                    let (x, y) = unsafe {
                        (
                            V::load(self.x.as_ptr().add(at)),
                            V::load(self.y.as_ptr().add(at)),
                        )
                    };
                    sums[register][part] = x.multiply_add(y, sums[register][part]);
                }
            }
        }
        let mut lanes = [[0.0; SUMS]; 4];
        for register in 0..registers {
            for (part, lanes) in lanes.iter_mut().enumerate() {
                // SAFETY: the registers of a part have as many lanes as there are sums.
                unsafe {
                    sums[register][part].store(lanes.as_mut_ptr().add(register * V::LANES));
                }
            }
        }
        let mut total = 0.0;
        for lane in 0..SUMS {
            total += (lanes[0][lane] + lanes[1][lane]) + (lanes[2][lane] + lanes[3][lane]);
        }
        for (x, y) in self.x[whole..].iter().zip(&self.y[whole..]) {
            total += x * y;
        }
        *self.result = total;
    }
}
