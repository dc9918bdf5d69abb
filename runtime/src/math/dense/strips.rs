//! Products of small weights with wide tiles.
//!
//! A tile's matrix is cut into *strips* of [`Real::STRIP`] columns: strip after strip, in each row after row. What a
//! block of a product reads is then adjacent, whatever the width of the tile; strips need not be copied, and a page
//! holds many rows. Weights are packed once for all tiles.

use super::super::real::Real;
use super::block::{Left, Start, strip};
use super::vector::{Vector, Work};

/// Rows of a panel of packed weights.
const HEIGHT: usize = 8;

/// Terms of a sum that are added before the others begin: a strip of so many rows stays near the first-level cache.
const INNER: usize = 256;

/// A matrix in panels of eight rows, in each column after column.
#[derive(Clone, Debug, Default)]
pub struct Packed<R> {
    rows: usize,
    inner: usize,
    values: Vec<R>,
}

impl<R: Real> Packed<R> {
    /// A matrix whose element `(i, k)` is `at(i, k)`.
    pub fn new(rows: usize, inner: usize, at: impl Fn(usize, usize) -> f64) -> Self {
        let mut values = vec![R::default(); rows.next_multiple_of(HEIGHT) * inner];
        if inner > 0 {
            for (panel, target) in values.chunks_exact_mut(HEIGHT * inner).enumerate() {
                let first = panel * HEIGHT;
                for (k, target) in target.chunks_exact_mut(HEIGHT).enumerate() {
                    for (i, target) in (first..rows).zip(target) {
                        *target = R::near(at(i, k));
                    }
                }
            }
        }
        Self {
            rows,
            inner,
            values,
        }
    }

    /// `target = A·right`, or `target += A·right`, strip by strip.
    ///
    /// # Panics
    ///
    /// If there are not as many rows, or numbers.
    pub fn multiply<'a>(
        &self,
        right: &[R],
        target: &mut [R],
        start: &impl Fn(usize) -> Begin<'a, R>,
    ) {
        let strips = target.len() / (self.rows * R::STRIP).max(1);
        assert_eq!(target.len(), strips * self.rows * R::STRIP);
        assert!(right.len() >= strips * self.inner * R::STRIP);
        let rights = right.chunks_exact((self.inner * R::STRIP).max(1));
        let targets = target.chunks_exact_mut((self.rows * R::STRIP).max(1));
        for (strip, (right, target)) in rights.zip(targets).enumerate() {
            let begin = start(strip);
            if let Begin::Rows(numbers) = begin {
                assert_eq!(numbers.len(), self.rows);
            }
            R::run(Multiply {
                left: self,
                right,
                target,
                begin,
            });
        }
    }
}

/// What a strip of a product begins from.
#[derive(Clone, Copy)]
pub enum Begin<'a, R> {
    /// Zero.
    Zero,
    /// A number for each row.
    Rows(&'a [R]),
    /// What the strip holds.
    Itself,
}

struct Multiply<'a, R> {
    left: &'a Packed<R>,
    right: &'a [R],
    target: &'a mut [R],
    begin: Begin<'a, R>,
}

impl<R: Real> Work<R> for Multiply<'_, R> {
    #[inline(always)]
    fn run<V: Vector<Number = R>>(self) {
        let (rows, inner) = (self.left.rows, self.left.inner);
        for first in (0..inner.max(1)).step_by(INNER) {
            let count = INNER.min(inner - first);
            for row in (0..rows).step_by(HEIGHT) {
                let start = match self.begin {
                    Begin::Zero if first == 0 => Start::Zero,
                    Begin::Rows(numbers) if first == 0 => Start::Rows(&numbers[row..]),
                    Begin::Zero | Begin::Rows(_) | Begin::Itself => Start::Add,
                };
                let left = Left {
                    at: self
                        .left
                        .values
                        .as_ptr()
                        .wrapping_add(row * inner + first * HEIGHT),
                    row: 1,
                    step: HEIGHT,
                };
                // SAFETY: a panel has `inner` columns; `Packed::multiply` cuts strips of `inner` and `rows` rows
                // and checks the numbers to begin from.
                unsafe {
                    let right = self.right.as_ptr().add(first * R::STRIP);
                    let target = self.target.as_mut_ptr().add(row * R::STRIP);
                    let height = HEIGHT.min(rows - row);
                    strip::<V>(height, count, R::STRIP, left, right, target, start);
                }
            }
        }
    }
}
