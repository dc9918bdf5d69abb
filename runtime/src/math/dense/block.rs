//! The block of a product that stays in registers while the inner dimension runs.
//!
//! Each element is one chain of fused multiply-adds in the order of the inner dimension, so that its bits depend
//! neither on the block it falls into nor on the width of the registers.

use super::super::real::Real;
use super::vector::Vector;

/// What a product begins from.
#[derive(Clone, Copy)]
pub enum Start<'a, R> {
    /// `C = A·B`
    Zero,
    /// `C = A·B`, and to row `i` is added number `i`.
    Rows(&'a [R]),
    /// `C = C + A·B`
    Add,
    /// `C = C − A·B`
    Subtract,
}

/// The left factor of a block: element `(i, k)` is at `i·row + k·step`.
#[derive(Clone, Copy)]
pub struct Left<R> {
    /// The first element.
    pub at: *const R,
    /// From one row to the next.
    pub row: usize,
    /// From one element of a row to the next.
    pub step: usize,
}

/// `C = start + A·B` for `rows` rows and all columns of a strip, of which only so many count: the others hold
/// something. `right` and `target` are strips: their rows are adjacent.
///
/// # Safety
///
/// `left` is valid for `rows × inner` elements, `right` for `inner` rows of a strip, `target` for `rows` rows.
/// `Start::Rows` has `rows` numbers.
#[inline(always)]
pub unsafe fn strip<V: Vector>(
    rows: usize,
    inner: usize,
    columns: usize,
    left: Left<V::Number>,
    right: *const V::Number,
    target: *mut V::Number,
    start: Start<'_, V::Number>,
) {
    let mut column = 0;
    while column < columns {
        let registers = (columns - column).div_ceil(V::LANES).min(3);
        // SAFETY: columns of the strip; the rest as the caller says.
        unsafe {
            let (right, target) = (right.add(column), target.add(column));
            match registers {
                3 => all_rows::<V, 3>(rows, inner, left, right, target, start),
                2 => all_rows::<V, 2>(rows, inner, left, right, target, start),
                _ => all_rows::<V, 1>(rows, inner, left, right, target, start),
            }
        }
        column += 3 * V::LANES;
    }
}

#[inline(always)]
unsafe fn all_rows<V: Vector, const NV: usize>(
    rows: usize,
    inner: usize,
    left: Left<V::Number>,
    right: *const V::Number,
    target: *mut V::Number,
    start: Start<'_, V::Number>,
) {
    let mut first = 0;
    while first < rows {
        let rest = rows - first;
        let left = Left {
            at: left.at.wrapping_add(first * left.row),
            ..left
        };
        let start = match start {
            Start::Rows(numbers) => Start::Rows(&numbers[first..]),
            Start::Zero | Start::Add | Start::Subtract => start,
        };
        // SAFETY: rows of the target; the rest as the caller says.
        unsafe {
            let target = target.add(first * V::Number::STRIP);
            first += if rest >= 8 && V::MANY {
                block::<V, 8, NV>(inner, left, right, target, start)
            } else if rest >= 4 {
                block::<V, 4, NV>(inner, left, right, target, start)
            } else if rest >= 2 {
                block::<V, 2, NV>(inner, left, right, target, start)
            } else {
                block::<V, 1, NV>(inner, left, right, target, start)
            };
        }
    }
}

/// `M` rows of `NV` registers of columns. Returns `M`.
///
/// # Safety
///
/// As for [`strip`].
#[inline(always)]
pub unsafe fn block<V: Vector, const M: usize, const NV: usize>(
    inner: usize,
    left: Left<V::Number>,
    right: *const V::Number,
    target: *mut V::Number,
    start: Start<'_, V::Number>,
) -> usize {
    let step = V::Number::STRIP;
    // SAFETY: offsets of elements that the caller vouches for.
    unsafe {
        let mut sums = [[V::splat(V::Number::default()); NV]; M];
        match start {
            Start::Zero => {}
            Start::Rows(numbers) => {
                for (sums, number) in sums.iter_mut().zip(numbers) {
                    *sums = [V::splat(*number); NV];
                }
            }
            Start::Add | Start::Subtract => {
                for i in 0..M {
                    for j in 0..NV {
                        sums[i][j] = V::load(target.add(i * step + j * V::LANES));
                    }
                }
            }
        }
        // A loop of its own for each: nothing is decided inside.
        if matches!(start, Start::Subtract) {
            accumulate::<V, M, NV, true>(inner, left, right, &mut sums);
        } else {
            accumulate::<V, M, NV, false>(inner, left, right, &mut sums);
        }
        for i in 0..M {
            for j in 0..NV {
                sums[i][j].store(target.add(i * step + j * V::LANES));
            }
        }
    }
    M
}

/// `sums ± A·B`
///
/// # Safety
///
/// As for [`strip`].
#[inline(always)]
pub unsafe fn accumulate<V: Vector, const M: usize, const NV: usize, const SUBTRACT: bool>(
    inner: usize,
    left: Left<V::Number>,
    right: *const V::Number,
    sums: &mut [[V; NV]; M],
) {
    let (mut at, mut right) = (left.at, right);
    for _ in 0..inner {
        // SAFETY: as the caller says.
        unsafe {
            let mut register = [V::splat(V::Number::default()); NV];
            for j in 0..NV {
                register[j] = V::load(right.add(j * V::LANES));
            }
            for i in 0..M {
                let factor = V::splat(*at.add(i * left.row));
                for j in 0..NV {
                    sums[i][j] = if SUBTRACT {
                        factor.subtract_product(register[j], sums[i][j])
                    } else {
                        factor.multiply_add(register[j], sums[i][j])
                    };
                }
            }
        }
        at = at.wrapping_add(left.step);
        right = right.wrapping_add(V::Number::STRIP);
    }
}
