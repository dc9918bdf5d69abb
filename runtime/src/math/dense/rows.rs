//! Rows of a tall matrix as they are computed: some lanes of a tile at a time.

use super::super::real::Real;
use super::panels::{PANEL, PANEL_SIZE, ROWS};
use super::vector::{Vector, Work};

/// A block of a matrix in panels, open for writing.
pub struct RowBlock<'a>(pub(super) &'a mut [f64]);

impl RowBlock<'_> {
    /// Sets everything to zero.
    pub fn clear(&mut self) {
        self.0.fill(0.0);
    }

    /// Sets rows from `count` on to zero.
    pub fn clear_from(&mut self, count: usize) {
        for panel in self.0.chunks_exact_mut(PANEL_SIZE) {
            panel[count * PANEL..].fill(0.0);
        }
    }

    /// `A[first + r, column] = factor·values[r]`
    ///
    /// # Panics
    ///
    /// If there is no such column, or more rows than a block has.
    pub fn write_column<R: Real>(
        &mut self,
        first: usize,
        column: usize,
        values: &[R],
        factor: f64,
    ) {
        let panel = &mut self.0[column / PANEL * PANEL_SIZE..][..PANEL_SIZE];
        assert!(first + values.len() <= ROWS);
        let rows = panel.chunks_exact_mut(PANEL).skip(first);
        for (row, value) in rows.zip(values) {
            row[column % PANEL] = factor * value.wide();
        }
    }

    /// `A[row + r, column + i] = Σ_k a[k][r]·b[k][i·strip + r]` for `r` in a strip of lanes and all `i < count`; `k`
    /// runs over coefficients, and the slices over the lanes that belong to a neuron and to `count` neurons.
    ///
    /// # Panics
    ///
    /// If there are not as many rows or columns.
    pub fn write_products<'b, R: Real>(
        &mut self,
        row: usize,
        column: usize,
        count: usize,
        parts: impl Iterator<Item = (&'b [R], &'b [R])> + Clone,
    ) {
        assert!(row + R::STRIP <= ROWS);
        assert!((column + count).div_ceil(PANEL) * PANEL_SIZE <= self.0.len());
        for (a, b) in parts.clone() {
            assert!(a.len() >= R::STRIP && b.len() >= count * R::STRIP);
        }
        R::run(Products {
            block: self.0,
            row,
            column,
            count,
            parts,
        });
    }
}

struct Products<'a, P> {
    block: &'a mut [f64],
    row: usize,
    column: usize,
    count: usize,
    parts: P,
}

/// Columns that are computed at a time.
const GROUP: usize = 8;

impl<'b, R: Real, P: Iterator<Item = (&'b [R], &'b [R])> + Clone> Work<R> for Products<'_, P> {
    #[inline(always)]
    fn run<V: Vector<Number = R>>(self) {
        let mut square = [[R::default(); 16]; GROUP];
        let mut turned = [[R::default(); GROUP]; 16];
        let mut done = 0;
        while done < self.count {
            let first = self.column + done;
            // Whole rows of a panel, one after the other: memory is written as it lies.
            let part = (self.count - done).min(PANEL - first % PANEL);
            let panel = &mut self.block[first / PANEL * PANEL_SIZE..][..PANEL_SIZE];
            for lane in (0..R::STRIP).step_by(V::LANES) {
                for offset in (0..part).step_by(GROUP) {
                    let group = GROUP.min(part - offset);
                    let mut sums = [V::splat(R::default()); GROUP];
                    for (a, b) in self.parts.clone() {
                        // SAFETY: lanes of a strip, and rows that `write_products` has counted.
                        unsafe {
                            let a = V::load(a.as_ptr().add(lane));
                            let b = b.as_ptr().add((done + offset) * R::STRIP + lane);
                            if group == GROUP {
                                for (i, sum) in sums.iter_mut().enumerate() {
                                    *sum = a.multiply_add(V::load(b.add(i * R::STRIP)), *sum);
                                }
                            } else {
                                for (i, sum) in sums.iter_mut().enumerate().take(group) {
                                    *sum = a.multiply_add(V::load(b.add(i * R::STRIP)), *sum);
                                }
                            }
                        }
                    }
                    // Registers hold rows of one column; the panel wants columns of one row.
                    // SAFETY: a row of `square` has room for the widest register.
                    unsafe {
                        for (sum, row) in sums.into_iter().zip(&mut square) {
                            sum.store(row.as_mut_ptr());
                        }
                        if V::LANES == GROUP {
                            V::transpose(square[0].as_ptr(), 16, turned[0].as_mut_ptr(), GROUP);
                        } else {
                            for (i, row) in square.iter().enumerate() {
                                for r in 0..V::LANES {
                                    turned[r][i] = row[r];
                                }
                            }
                        }
                    }
                    let at = (self.row + lane) * PANEL + first % PANEL + offset;
                    let rows = panel[at..].chunks_mut(PANEL);
                    for (target, values) in rows.zip(&turned[..V::LANES]) {
                        // A register's worth in most cases: one store.
                        if group == GROUP {
                            write(&mut target[..GROUP], values);
                        } else {
                            write(&mut target[..group], values);
                        }
                    }
                }
            }
            done += part;
        }
    }
}

#[inline(always)]
fn write<R: Real>(target: &mut [f64], values: &[R; GROUP]) {
    for (target, value) in target.iter_mut().zip(values) {
        *target = value.wide();
    }
}
