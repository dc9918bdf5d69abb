//! Gradients of weights: sums over the lanes of tiles, in strips as for [`strips`](super::strips).

use super::super::real::Real;
use super::block::{Left, accumulate};
use super::vector::{Vector, Work};

/// Layers with fewer inputs or outputs than this take their gradient by scalar products: transposing costs more.
const FEW: usize = 4;

/// Strips of a sum that are transposed at a time.
const TRANSPOSED: usize = 8;

/// Sums of `cotangent·inputᵀ` over tiles: the gradient of a layer's weights.
#[derive(Clone, Debug)]
pub struct Sums<R> {
    outputs: usize,
    inputs: usize,
    /// Strips of inputs; in each a row for each output. With few inputs or outputs, row after row.
    values: Vec<R>,
}

impl<R: Real> Sums<R> {
    /// Zero.
    #[must_use]
    pub fn zero(outputs: usize, inputs: usize) -> Self {
        let values = if few(outputs, inputs) {
            vec![R::default(); outputs * inputs]
        } else {
            vec![R::default(); outputs * inputs.next_multiple_of(R::STRIP)]
        };
        Self {
            outputs,
            inputs,
            values,
        }
    }

    /// Adds the sums over all columns of strips of `inputs` and `outputs` rows.
    ///
    /// # Panics
    ///
    /// If the numbers of strips differ.
    pub fn add(&mut self, cotangent: &[R], input: &[R], scratch: &mut Vec<R>) {
        let strips = cotangent.len() / (self.outputs * R::STRIP);
        assert_eq!(cotangent.len(), strips * self.outputs * R::STRIP);
        assert_eq!(input.len(), strips * self.inputs * R::STRIP);
        if few(self.outputs, self.inputs) {
            R::run(Dots {
                sums: self,
                cotangent,
                input,
            });
            return;
        }
        let rows = self.inputs.next_multiple_of(R::STRIP);
        scratch.resize(TRANSPOSED * R::STRIP * rows, R::default());
        for first in (0..strips).step_by(TRANSPOSED) {
            let count = TRANSPOSED.min(strips - first);
            let height = R::STRIP * self.outputs;
            let cotangent = &cotangent[first * height..(first + count) * height];
            let height = R::STRIP * self.inputs;
            let input = &input[first * height..(first + count) * height];
            R::run(Outer {
                sums: self,
                cotangent,
                input,
                scratch,
            });
        }
    }

    /// Adds the sums to a matrix, row after row.
    pub fn add_to(&self, target: &mut [f64]) {
        if few(self.outputs, self.inputs) {
            for (target, value) in target.iter_mut().zip(&self.values) {
                *target += value.wide();
            }
            return;
        }
        let strips = self.values.chunks_exact(self.outputs * R::STRIP);
        for (strip, values) in strips.enumerate() {
            let first = strip * R::STRIP;
            let last = self.inputs.min(first + R::STRIP);
            for (row, values) in values.chunks_exact(R::STRIP).enumerate() {
                let target = &mut target[row * self.inputs + first..row * self.inputs + last];
                for (target, value) in target.iter_mut().zip(values) {
                    *target += value.wide();
                }
            }
        }
    }
}

fn few(outputs: usize, inputs: usize) -> bool {
    outputs < FEW || inputs < FEW
}

struct Outer<'a, R> {
    sums: &'a mut Sums<R>,
    cotangent: &'a [R],
    input: &'a [R],
    scratch: &'a mut [R],
}

impl<R: Real> Work<R> for Outer<'_, R> {
    #[inline(always)]
    fn run<V: Vector<Number = R>>(self) {
        let (outputs, inputs) = (self.sums.outputs, self.sums.inputs);
        let inner = self.input.len() / inputs;
        transpose::<V>(self.input, inputs, self.scratch);
        for (strip, sums) in self
            .sums
            .values
            .chunks_exact_mut(outputs * R::STRIP)
            .enumerate()
        {
            let columns = R::STRIP.min(inputs - strip * R::STRIP);
            let right = &self.scratch[strip * inner * R::STRIP..][..inner * R::STRIP];
            let mut column = 0;
            while column < columns {
                // SAFETY: the registers lie inside the strips of `right` and `sums`, whose lengths were just cut.
                unsafe {
                    let right = right.as_ptr().add(column);
                    let sums = sums.as_mut_ptr().add(column);
                    match (columns - column).div_ceil(V::LANES).min(3) {
                        3 => outer::<V, 3>(outputs, inner, self.cotangent, right, sums),
                        2 => outer::<V, 2>(outputs, inner, self.cotangent, right, sums),
                        _ => outer::<V, 1>(outputs, inner, self.cotangent, right, sums),
                    }
                }
                column += 3 * V::LANES;
            }
        }
    }
}

/// All rows of `NV` registers.
///
/// # Safety
///
/// `right` has `inner` rows of a strip, `sums` `outputs` of them.
#[inline(always)]
unsafe fn outer<V: Vector, const NV: usize>(
    outputs: usize,
    inner: usize,
    cotangent: &[V::Number],
    right: *const V::Number,
    sums: *mut V::Number,
) {
    let mut first = 0;
    while first < outputs {
        let rest = outputs - first;
        // SAFETY: as the caller says.
        unsafe {
            first += if rest >= 8 && V::MANY {
                outer_block::<V, 8, NV>(first, outputs, inner, cotangent, right, sums)
            } else if rest >= 4 {
                outer_block::<V, 4, NV>(first, outputs, inner, cotangent, right, sums)
            } else if rest >= 2 {
                outer_block::<V, 2, NV>(first, outputs, inner, cotangent, right, sums)
            } else {
                outer_block::<V, 1, NV>(first, outputs, inner, cotangent, right, sums)
            };
        }
    }
}

/// `M` rows of `NV` registers.
///
/// # Safety
///
/// As for [`outer`], with rows from `first` on.
#[inline(always)]
unsafe fn outer_block<V: Vector, const M: usize, const NV: usize>(
    first: usize,
    outputs: usize,
    inner: usize,
    cotangent: &[V::Number],
    right: *const V::Number,
    sums: *mut V::Number,
) -> usize {
    let strip = V::Number::STRIP;
    // SAFETY: rows of `sums`, and of every strip of `right` and `cotangent`, which has `inner` columns in all.
    unsafe {
        let sums = sums.add(first * strip);
        let mut registers = [[V::splat(V::Number::default()); NV]; M];
        for i in 0..M {
            for j in 0..NV {
                registers[i][j] = V::load(sums.add(i * strip + j * V::LANES));
            }
        }
        for number in 0..inner / strip {
            let left = Left {
                at: cotangent.as_ptr().add((number * outputs + first) * strip),
                row: strip,
                step: 1,
            };
            let right = right.add(number * strip * strip);
            accumulate::<V, M, NV, false>(strip, left, right, &mut registers);
        }
        for i in 0..M {
            for j in 0..NV {
                registers[i][j].store(sums.add(i * strip + j * V::LANES));
            }
        }
    }
    M
}

/// Strips of `rows` rows, transposed: strips of rows, in each a row for every column of the input.
#[inline(always)]
fn transpose<V: Vector>(input: &[V::Number], rows: usize, target: &mut [V::Number]) {
    let strip = V::Number::STRIP;
    let inner = input.len() / rows;
    assert!(target.len() >= rows.next_multiple_of(strip) * inner);
    for (number, input) in input.chunks_exact(rows * strip).enumerate() {
        for row in (0..rows).step_by(V::LANES) {
            // Where row `row` begins in the target, at the first column of this strip.
            let to = row / strip * inner * strip + number * strip * strip + row % strip;
            for column in (0..strip).step_by(V::LANES) {
                if row + V::LANES <= rows {
                    // SAFETY: whole squares of both matrices, `target` checked above.
                    unsafe {
                        V::transpose(
                            input.as_ptr().add(row * strip + column),
                            strip,
                            target.as_mut_ptr().add(to + column * strip),
                            strip,
                        );
                    }
                } else {
                    for i in 0..rows - row {
                        for j in column..column + V::LANES {
                            target[to + j * strip + i] = input[(row + i) * strip + j];
                        }
                    }
                }
            }
        }
    }
}

/// The sums of few inputs or few outputs, each a scalar product.
struct Dots<'a, R> {
    sums: &'a mut Sums<R>,
    cotangent: &'a [R],
    input: &'a [R],
}

impl<R: Real> Work<R> for Dots<'_, R> {
    #[inline(always)]
    fn run<V: Vector<Number = R>>(self) {
        let (outputs, inputs) = (self.sums.outputs, self.sums.inputs);
        let strips = self.input.len() / (inputs * R::STRIP);
        for (output, sums) in self.sums.values.chunks_exact_mut(inputs).enumerate() {
            for (input, sum) in sums.iter_mut().enumerate() {
                // SAFETY: rows of the strips, whose lengths `Sums::add` has checked; `lanes` is a strip.
                let lanes = unsafe {
                    let mut lanes = Lanes([R::default(); 48]);
                    for lane in (0..R::STRIP).step_by(V::LANES) {
                        let mut total = V::splat(R::default());
                        for strip in 0..strips {
                            let a = (strip * outputs + output) * R::STRIP + lane;
                            let b = (strip * inputs + input) * R::STRIP + lane;
                            let a = V::load(self.cotangent.as_ptr().add(a));
                            let b = V::load(self.input.as_ptr().add(b));
                            total = a.multiply_add(b, total);
                        }
                        total.store(lanes.0.as_mut_ptr().add(lane));
                    }
                    lanes
                };
                *sum += lanes.sum();
            }
        }
    }
}

/// Room for a strip of either precision.
#[repr(align(64))]
struct Lanes<R>([R; 48]);

impl<R: Real> Lanes<R> {
    /// The sum of all lanes, in an order that does not depend on registers.
    #[inline(always)]
    fn sum(&self) -> R {
        let mut eight = [R::default(); 8];
        for part in self.0[..R::STRIP].chunks_exact(8) {
            for lane in 0..8 {
                eight[lane] += part[lane];
            }
        }
        ((eight[0] + eight[1]) + (eight[2] + eight[3]))
            + ((eight[4] + eight[5]) + (eight[6] + eight[7]))
    }
}

/// The sum of a whole number of strips.
pub fn sum<R: Real>(values: &[R]) -> R {
    let mut eight = [R::default(); 8];
    for part in values.chunks_exact(8) {
        for lane in 0..8 {
            eight[lane] += part[lane];
        }
    }
    ((eight[0] + eight[1]) + (eight[2] + eight[3]))
        + ((eight[4] + eight[5]) + (eight[6] + eight[7]))
}
