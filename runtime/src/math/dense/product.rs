//! Small matrix products out of registers.
//!
//! A block of the result stays in registers while the inner dimension runs: up to 8 rows by three registers. Each
//! element is one chain of fused multiply-adds in the order of the inner dimension, so that its bits depend neither
//! on the block it falls into nor on the width of the registers.

use super::vector::{self, Vector, Work};
use std::mem::MaybeUninit;

/// The largest number of lanes of a register. The last columns of a product are computed a register at a time.
pub const MOST_LANES: usize = 8;

/// Terms of a sum that are added before the others begin.
const INNER: usize = 144;

/// Rows from which on a strip of the right matrix is first copied to adjacent memory.
const COPIED: usize = 48;

/// Columns of a strip at most.
const STRIP: usize = 3 * MOST_LANES;

/// What a product begins from.
#[derive(Clone, Copy)]
pub enum Start<'a> {
    /// `C = A·B`
    Zero,
    /// `C = A·B`, and to row `i` is added number `i`.
    Rows(&'a [f64]),
    /// `C = C + A·B`
    Add,
    /// `C = C − A·B`
    Subtract,
}

/// The left matrix: element `(i, k)` is at `i·row + k·step`.
#[derive(Clone, Copy)]
pub struct Left<'a> {
    /// The numbers.
    pub values: &'a [f64],
    /// From one row to the next.
    pub row: usize,
    /// From one element of a row to the next.
    pub step: usize,
}

/// The right matrix: element `(k, j)` is at `k·step + j`.
#[derive(Clone, Copy)]
pub struct Right<'a> {
    /// The numbers; each row may be read up to a multiple of [`MOST_LANES`] columns.
    pub values: &'a [f64],
    /// From one row to the next.
    pub step: usize,
}

/// Rows, inner dimension and columns.
#[derive(Clone, Copy)]
pub struct Shape {
    /// Rows of the result.
    pub rows: usize,
    /// Terms of each sum.
    pub inner: usize,
    /// Columns of the result.
    pub columns: usize,
}

/// `C = start + A·B` with element `(i, j)` of `C` at `i·row + j`.
///
/// # Panics
///
/// If a matrix does not lie inside its slice.
pub fn multiply(
    shape: Shape,
    left: Left<'_>,
    right: Right<'_>,
    start: Start<'_>,
    target: &mut [f64],
    row: usize,
) {
    let Shape {
        rows,
        inner,
        columns,
    } = shape;
    if rows == 0 || columns == 0 {
        return;
    }
    assert!(target.len() >= (rows - 1) * row + columns);
    if let Start::Rows(numbers) = start {
        assert!(numbers.len() >= rows);
    }
    if inner > 0 {
        assert!(left.values.len() > (rows - 1) * left.row + (inner - 1) * left.step);
        let read = columns.div_ceil(MOST_LANES) * MOST_LANES;
        assert!(right.values.len() >= (inner - 1) * right.step + read);
    }
    // The inner dimension is cut so that a strip of the right matrix stays in the first-level cache.
    for first in (0..inner.max(1)).step_by(INNER) {
        vector::run(Multiply {
            shape: Shape {
                rows,
                inner: INNER.min(inner - first),
                columns,
            },
            left: Left {
                values: left.values.get(first * left.step..).unwrap_or_default(),
                ..left
            },
            right: Right {
                values: right.values.get(first * right.step..).unwrap_or_default(),
                ..right
            },
            start: match start {
                Start::Subtract => Start::Subtract,
                Start::Zero | Start::Rows(_) | Start::Add if first > 0 => Start::Add,
                Start::Zero | Start::Rows(_) | Start::Add => start,
            },
            target: &mut *target,
            row,
        });
    }
}

struct Multiply<'a> {
    shape: Shape,
    left: Left<'a>,
    right: Right<'a>,
    start: Start<'a>,
    target: &'a mut [f64],
    row: usize,
}

impl Work for Multiply<'_> {
    #[inline(always)]
    fn run<V: Vector>(self) {
        // Decided outside of the loops, for each of which there is code of its own.
        match (matches!(self.start, Start::Subtract), self.left.row == 1) {
            (false, false) => self.strips::<V, false, false>(),
            (false, true) => self.strips::<V, false, true>(),
            (true, false) => self.strips::<V, true, false>(),
            (true, true) => self.strips::<V, true, true>(),
        }
    }
}

/// Room for a block whose last columns are not the target's, and the columns that are.
type Tail<'a> = Option<(&'a mut [f64; 8 * MOST_LANES], usize)>;

/// The first number of some columns of the right matrix, and the distance of its rows.
type Strip = (*const f64, usize);

impl Multiply<'_> {
    /// All columns. `SUBTRACT`: the product is subtracted; `ADJACENT`: rows of the left matrix are adjacent.
    #[inline(always)]
    fn strips<V: Vector, const SUBTRACT: bool, const ADJACENT: bool>(&self) {
        let mut column = 0;
        let mut tail = [0.0; 8 * MOST_LANES];
        let mut copy = [MaybeUninit::uninit(); INNER * STRIP];
        let columns = self.shape.columns;
        while column < columns {
            let left = columns - column;
            // SAFETY: `multiply` has checked that all elements are inside their slices, and that rows of the
            // right matrix may be read to the end of their last register.
            unsafe {
                if left >= 3 * V::LANES {
                    let right = self.copied(column, 3 * V::LANES, &mut copy);
                    self.strip::<V, 3, SUBTRACT, ADJACENT>(column, right, None);
                    column += 3 * V::LANES;
                } else if left >= 2 * V::LANES {
                    self.strip::<V, 2, SUBTRACT, ADJACENT>(column, self.right_at(column), None);
                    column += 2 * V::LANES;
                } else if left >= V::LANES {
                    self.strip::<V, 1, SUBTRACT, ADJACENT>(column, self.right_at(column), None);
                    column += V::LANES;
                } else {
                    self.strip::<V, 1, SUBTRACT, ADJACENT>(
                        column,
                        self.right_at(column),
                        Some((&mut tail, left)),
                    );
                    column = columns;
                }
            }
        }
    }

    /// A strip of the right matrix where it is.
    #[inline(always)]
    fn right_at(&self, column: usize) -> Strip {
        (
            self.right.values.as_ptr().wrapping_add(column),
            self.right.step,
        )
    }

    /// A strip of the right matrix, in adjacent memory if it is read often: rows far apart are each in a page of
    /// their own, and the pages of a strip are more than the processor remembers.
    #[inline(always)]
    fn copied(
        &self,
        column: usize,
        width: usize,
        copy: &mut [MaybeUninit<f64>; INNER * STRIP],
    ) -> Strip {
        if self.shape.rows < COPIED || self.right.step <= STRIP {
            return self.right_at(column);
        }
        let rows = self
            .right
            .values
            .chunks(self.right.step)
            .take(self.shape.inner);
        for (target, row) in copy.chunks_exact_mut(width).zip(rows) {
            for (target, value) in target.iter_mut().zip(&row[column..column + width]) {
                target.write(*value);
            }
        }
        (copy.as_ptr().cast(), width)
    }

    /// All rows of `NV` registers of columns.
    ///
    /// # Safety
    ///
    /// As for [`Self::block`], for all rows.
    #[inline(always)]
    unsafe fn strip<V: Vector, const NV: usize, const SUBTRACT: bool, const ADJACENT: bool>(
        &self,
        column: usize,
        right: Strip,
        mut tail: Tail<'_>,
    ) {
        let mut first = 0;
        let rows = self.shape.rows;
        while first < rows {
            let left = rows - first;
            // SAFETY: the rows are the target's; columns as the caller says.
            unsafe {
                if left >= 8 && V::MANY {
                    self.block::<V, 8, NV, SUBTRACT, ADJACENT>(first, column, right, &mut tail);
                    first += 8;
                } else if left >= 4 {
                    self.block::<V, 4, NV, SUBTRACT, ADJACENT>(first, column, right, &mut tail);
                    first += 4;
                } else if left >= 2 {
                    self.block::<V, 2, NV, SUBTRACT, ADJACENT>(first, column, right, &mut tail);
                    first += 2;
                } else {
                    self.block::<V, 1, NV, SUBTRACT, ADJACENT>(first, column, right, &mut tail);
                    first += 1;
                }
            }
        }
    }

    /// `M` rows of `NV` registers of columns.
    ///
    /// # Safety
    ///
    /// The rows are inside all matrices. The columns are inside the right matrix, and inside the target unless
    /// there is a tail.
    #[inline(always)]
    unsafe fn block<
        V: Vector,
        const M: usize,
        const NV: usize,
        const SUBTRACT: bool,
        const ADJACENT: bool,
    >(
        &self,
        first: usize,
        column: usize,
        strip: Strip,
        tail: &mut Tail<'_>,
    ) {
        // SAFETY: offsets of elements that the caller vouches for. The target is borrowed mutably as long as
        // `self`, and nobody else writes through it.
        unsafe {
            let own = self.target.as_ptr().add(first * self.row + column);
            let (target, row) = match tail {
                None => (own.cast_mut(), self.row),
                Some((room, columns)) => {
                    for i in 0..M {
                        for j in 0..*columns {
                            room[i * MOST_LANES + j] = *own.add(i * self.row + j);
                        }
                    }
                    (room.as_mut_ptr(), MOST_LANES)
                }
            };
            let mut sums = [[V::splat(0.0); NV]; M];
            match self.start {
                Start::Zero => {}
                Start::Rows(numbers) => {
                    for (sums, number) in sums.iter_mut().zip(&numbers[first..]) {
                        *sums = [V::splat(*number); NV];
                    }
                }
                Start::Add | Start::Subtract => {
                    for i in 0..M {
                        for j in 0..NV {
                            sums[i][j] = V::load(target.add(i * row + j * V::LANES));
                        }
                    }
                }
            }
            let mut left = self.left.values.as_ptr().add(first * self.left.row);
            let (mut right, step) = strip;
            let left_row = if ADJACENT { 1 } else { self.left.row };
            for _ in 0..self.shape.inner {
                let mut register = [V::splat(0.0); NV];
                for j in 0..NV {
                    register[j] = V::load(right.add(j * V::LANES));
                }
                for i in 0..M {
                    let factor = V::splat(*left.add(i * left_row));
                    for j in 0..NV {
                        sums[i][j] = if SUBTRACT {
                            factor.subtract_product(register[j], sums[i][j])
                        } else {
                            factor.multiply_add(register[j], sums[i][j])
                        };
                    }
                }
                left = left.wrapping_add(self.left.step);
                right = right.wrapping_add(step);
            }
            for i in 0..M {
                for j in 0..NV {
                    sums[i][j].store(target.add(i * row + j * V::LANES));
                }
            }
            if let Some((room, columns)) = tail {
                for i in 0..M {
                    for j in 0..*columns {
                        *own.cast_mut().add(i * self.row + j) = room[i * MOST_LANES + j];
                    }
                }
            }
        }
    }
}
