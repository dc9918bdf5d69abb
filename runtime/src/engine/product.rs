//! Matrix products of a tile.
//!
//! A buffer of a layer is a matrix with one row for each neuron; a row holds the lanes of the first Taylor
//! coefficient, then those of the second, and so on; where the weights serve several sites, it holds the
//! coefficients of one site after those of another. All sites and coefficients go through the weights in one
//! product.

use super::Columns;
use gemm::Parallelism;
use pdec_compiler::network::Affine;
use std::marker::PhantomData;

/// `output = W·input`, and `+ b` on the lanes of the first coefficient of every site.
pub fn forward(
    affine: &Affine,
    parameters: &[f64],
    input: &[f64],
    output: &mut [f64],
    lanes: usize,
) {
    let width = output.len() / affine.outputs;
    let weights = &parameters[affine.weight..affine.weight + affine.inputs * affine.outputs];
    let biases = &parameters[affine.bias..affine.bias + affine.outputs];
    for (row, bias) in output.chunks_exact_mut(width).zip(biases) {
        for site in row.chunks_exact_mut(width / affine.sites) {
            site[..lanes].fill(*bias);
            site[lanes..].fill(0.0);
        }
    }
    Product {
        rows: affine.outputs,
        columns: width,
        inner: affine.inputs,
    }
    .add(output, (weights, affine.inputs, 1), (input, width, 1));
}

/// `output = Wᵀ·input`.
pub fn transposed(
    affine: &Affine,
    parameters: &[f64],
    input: &[f64],
    output: &mut [f64],
    _lanes: usize,
) {
    let width = input.len() / affine.outputs;
    let weights = &parameters[affine.weight..affine.weight + affine.inputs * affine.outputs];
    output.fill(0.0);
    Product {
        rows: affine.inputs,
        columns: width,
        inner: affine.outputs,
    }
    .add(output, (weights, 1, affine.inputs), (input, width, 1));
}

/// `∂W += cotangent·inputᵀ`, `∂b += Σ cotangent` over the lanes of the first coefficients.
pub fn accumulate_gradient(
    affine: &Affine,
    input: &[f64],
    cotangent: &[f64],
    lanes: usize,
    gradient: &mut [f64],
) {
    let width = input.len() / affine.inputs;
    let weights = affine.weight..affine.weight + affine.inputs * affine.outputs;
    Product {
        rows: affine.outputs,
        columns: affine.inputs,
        inner: width,
    }
    .add(
        &mut gradient[weights],
        (cotangent, width, 1),
        (input, 1, width),
    );
    let biases = &mut gradient[affine.bias..affine.bias + affine.outputs];
    for (bias, row) in biases.iter_mut().zip(cotangent.chunks_exact(width)) {
        for site in row.chunks_exact(width / affine.sites) {
            *bias += site[..lanes].iter().sum::<f64>();
        }
    }
}

/// The gradient of each lane on its own, written to the rows of the Jacobian from `first` on.
pub fn write_rows(
    affine: &Affine,
    input: &[f64],
    cotangent: &[f64],
    lanes: usize,
    jacobian: &SharedColumns,
    first: usize,
    points: usize,
) {
    let width = input.len() / affine.inputs;
    for (output, cotangent) in cotangent.chunks_exact(width).enumerate() {
        for (neuron, input) in input.chunks_exact(width).enumerate() {
            let column = affine.weight + output * affine.inputs + neuron;
            jacobian.write_products(column, first, points, lanes, cotangent, input);
        }
        let site = width / affine.sites;
        jacobian.write_sums(affine.bias + output, first, points, site, cotangent);
    }
}

/// The shape of a product.
#[derive(Clone, Copy)]
struct Product {
    rows: usize,
    columns: usize,
    inner: usize,
}

impl Product {
    /// `target += left·right`, `target` row after row; an operand is numbers, row stride, column stride.
    #[allow(unsafe_code)] // the `gemm` crate takes pointers and strides
    fn add(
        self,
        target: &mut [f64],
        (left, left_row, left_column): (&[f64], usize, usize),
        (right, right_row, right_column): (&[f64], usize, usize),
    ) {
        let last = |rows: usize, columns: usize, row: usize, column: usize| {
            rows.saturating_sub(1) * row + columns.saturating_sub(1) * column
        };
        assert!(target.len() >= self.rows * self.columns);
        assert!(left.len() > last(self.rows, self.inner, left_row, left_column));
        assert!(right.len() > last(self.inner, self.columns, right_row, right_column));
        let signed = |stride: usize| isize::try_from(stride).unwrap_or(isize::MAX);
        // SAFETY: the asserts above keep every access `i·row + j·column` inside its slice, and `target` is
        // borrowed mutably, so it overlaps neither operand.
        unsafe {
            gemm::gemm(
                self.rows,
                self.columns,
                self.inner,
                target.as_mut_ptr(),
                1,
                signed(self.columns),
                true,
                left.as_ptr(),
                signed(left_column),
                signed(left_row),
                right.as_ptr(),
                signed(right_column),
                signed(right_row),
                1.0,
                1.0,
                false,
                false,
                false,
                Parallelism::None,
            );
        }
    }
}

/// A Jacobian that several threads write, each to rows of its own.
pub struct SharedColumns<'a> {
    values: *mut f64,
    rows: usize,
    columns: usize,
    lifetime: PhantomData<&'a mut [f64]>,
}

// SAFETY: threads write disjoint rows: each row belongs to one point and expression, and each tile has its
// own points (see `Engine::jacobian`).
#[allow(unsafe_code)]
unsafe impl Sync for SharedColumns<'_> {}

impl<'a> SharedColumns<'a> {
    /// Opens a matrix for writing by rows.
    pub fn new(matrix: &'a mut Columns) -> Self {
        Self {
            values: matrix.values.as_mut_ptr(),
            rows: matrix.rows,
            columns: matrix.columns,
            lifetime: PhantomData,
        }
    }

    /// The rows `first..first + points` of a column.
    #[allow(unsafe_code, clippy::mut_from_ref)] // disjoint rows, see `Sync`
    fn part(&self, column: usize, first: usize, points: usize) -> &mut [f64] {
        assert!(column < self.columns && first + points <= self.rows);
        // SAFETY: inside the matrix (asserted); no other thread has these rows, and the slice does not
        // outlive the call of the writing method.
        unsafe {
            std::slice::from_raw_parts_mut(self.values.add(column * self.rows + first), points)
        }
    }

    /// `column[first + p] = scale·values[p]`
    pub fn write_scaled(&self, column: usize, first: usize, values: &[f64], scale: f64) {
        for (target, value) in self
            .part(column, first, values.len())
            .iter_mut()
            .zip(values)
        {
            *target = scale * value;
        }
    }

    /// `column[first + p] = Σ_s values[s·stride + p]`
    fn write_sums(
        &self,
        column: usize,
        first: usize,
        points: usize,
        stride: usize,
        values: &[f64],
    ) {
        let target = self.part(column, first, points);
        let mut sites = values.chunks_exact(stride);
        if let Some(site) = sites.next() {
            target.copy_from_slice(&site[..points]);
        }
        for site in sites {
            for (target, value) in target.iter_mut().zip(site) {
                *target += value;
            }
        }
    }

    /// `column[first + p] = Σ_k a[k·lanes + p]·b[k·lanes + p]`
    fn write_products(
        &self,
        column: usize,
        first: usize,
        points: usize,
        lanes: usize,
        a: &[f64],
        b: &[f64],
    ) {
        let target = self.part(column, first, points);
        let mut pairs = a.chunks_exact(lanes).zip(b.chunks_exact(lanes));
        if let Some((a, b)) = pairs.next() {
            for ((target, a), b) in target.iter_mut().zip(a).zip(b) {
                *target = a * b;
            }
        }
        for (a, b) in pairs {
            for ((target, a), b) in target.iter_mut().zip(a).zip(b) {
                *target += a * b;
            }
        }
    }
}
