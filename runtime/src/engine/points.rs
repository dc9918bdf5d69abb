//! What an engine is given, and matrices that it gives back.

use crate::math::dense::panels::Panels;

/// Which block of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockRef {
    /// The block of a term of the loss.
    Term(usize),
    /// The values of the fields.
    Fields,
    /// The values of the expressions to be evaluated.
    Outputs,
    /// What the next time window starts from.
    Continuation,
}

/// Points with the data that belong to them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PointSet {
    /// One column for each coordinate, all of one length.
    pub coordinates: Vec<Vec<f64>>,
    /// One column for each datum, of the same length.
    pub data: Vec<Vec<f64>>,
}

impl PointSet {
    /// Points without data.
    #[must_use]
    pub fn new(coordinates: Vec<Vec<f64>>) -> Self {
        Self {
            coordinates,
            data: Vec::new(),
        }
    }

    /// The number of points.
    #[must_use]
    pub fn len(&self) -> usize {
        self.coordinates.first().map_or(0, Vec::len)
    }

    /// Whether there is no point.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// One term of a loss: points, and the factor by which each residual is multiplied before it is squared and
/// summed.
#[derive(Clone, Copy, Debug)]
pub struct Batch<'a> {
    /// The block.
    pub block: BlockRef,
    /// Its points.
    pub points: &'a PointSet,
    /// `√(weight / number of points)`, the same for all residuals of the block.
    pub scale: f64,
}

/// A dense matrix, column after column: the rows of a Jacobian are points, its columns parameters.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    /// Rows.
    pub rows: usize,
    /// Columns.
    pub columns: usize,
    /// `values[column·rows + row]`
    pub values: Vec<f64>,
}

impl Columns {
    /// Changes the shape; the contents are unspecified.
    pub fn reshape(&mut self, rows: usize, columns: usize) {
        self.rows = rows;
        self.columns = columns;
        self.values.resize(rows * columns, 0.0);
    }

    /// A column.
    #[must_use]
    pub fn column(&self, column: usize) -> &[f64] {
        &self.values[column * self.rows..(column + 1) * self.rows]
    }

    /// Copies a matrix.
    pub(super) fn copy_from(&mut self, panels: &Panels) {
        self.reshape(panels.rows(), panels.columns());
        for (column, target) in self.values.chunks_exact_mut(self.rows.max(1)).enumerate() {
            panels.copy_column(column, target);
        }
    }
}
