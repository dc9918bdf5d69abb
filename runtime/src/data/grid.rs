//! Whether points are every combination of values of their coordinates.

/// The axes of a grid and, for each of its combinations with the last axis fastest, the number of the point that is there.
pub struct Grid {
    pub axes: Vec<Vec<f64>>,
    pub order: Vec<usize>,
}

/// Recognises a grid: each combination of the values that occur is there exactly once. One coordinate makes a grid where
/// no value occurs twice.
pub fn recognise(columns: &[&[f64]]) -> Option<Grid> {
    let count = columns.first()?.len();
    let mut axes = Vec::with_capacity(columns.len());
    let mut total = 1usize;
    for column in columns {
        let mut axis = column.to_vec();
        axis.sort_by(f64::total_cmp);
        axis.dedup();
        total = total.checked_mul(axis.len())?;
        if total > count {
            return None;
        }
        axes.push(axis);
    }
    if total != count {
        return None;
    }
    let mut order = vec![usize::MAX; count];
    for point in 0..count {
        let mut cell = 0;
        for (column, axis) in columns.iter().zip(&axes) {
            let place = axis.partition_point(|value| *value < column[point]);
            cell = cell * axis.len() + place;
        }
        if order.get(cell) != Some(&usize::MAX) {
            return None;
        }
        order[cell] = point;
    }
    Some(Grid { axes, order })
}
