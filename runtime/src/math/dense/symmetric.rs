//! Symmetric matrices, stored as the panels that the products read.

/// Columns of a panel: a multiple of three registers of any width.
pub const PANEL: usize = 24;

/// The upper triangle of a symmetric matrix.
///
/// Panel `p` has the columns `24·p..24·(p + 1)` and their rows down to the diagonal's block, row after row. Rows
/// and columns beyond the size are padding.
#[derive(Clone, Debug, Default)]
pub struct Symmetric {
    size: usize,
    pub(super) panels: Vec<Vec<f64>>,
}

impl Symmetric {
    /// A matrix of zeros.
    #[must_use]
    pub fn zero(size: usize) -> Self {
        Self {
            size,
            panels: (0..size.div_ceil(PANEL))
                .map(|panel| vec![0.0; (panel + 1) * PANEL * PANEL])
                .collect(),
        }
    }

    /// Rows and columns.
    #[must_use]
    pub fn size(&self) -> usize {
        self.size
    }

    /// An element.
    ///
    /// # Panics
    ///
    /// If it is outside.
    #[must_use]
    pub fn at(&self, row: usize, column: usize) -> f64 {
        let (row, column) = (row.min(column), row.max(column));
        assert!(column < self.size);
        self.panels[column / PANEL][row * PANEL + column % PANEL]
    }

    /// The largest element of the diagonal.
    #[must_use]
    pub fn largest_diagonal(&self, size: usize) -> f64 {
        (0..size).map(|k| self.at(k, k)).fold(0.0, f64::max)
    }

    /// `A + λI` for the first `size` rows and columns, in `target`, whose memory is used again. Its padding is the
    /// unit matrix, so that whole panels can be factored.
    pub fn damped_into(&self, size: usize, damping: f64, target: &mut Self) {
        target.size = size;
        target.panels.resize_with(size.div_ceil(PANEL), Vec::new);
        for (panel, (target, source)) in target.panels.iter_mut().zip(&self.panels).enumerate() {
            target.clone_from(source);
            for column in panel * PANEL..(panel + 1) * PANEL {
                if column < size {
                    target[column * PANEL + column % PANEL] += damping;
                    continue;
                }
                for row in 0..(panel + 1) * PANEL {
                    let unit = if row == column { 1.0 } else { 0.0 };
                    target[row * PANEL + column % PANEL] = unit;
                }
            }
        }
        // Rows beyond the size are columns beyond the size of the same panel: done above or zero by symmetry.
        if let Some(last) = target.panels.last_mut() {
            let rows = last.len() / PANEL;
            for row in size..rows {
                for column in 0..PANEL {
                    let unit = if row % PANEL == column { 1.0 } else { 0.0 };
                    last[row * PANEL + column] = unit;
                }
            }
        }
    }
}
