//! Legacy VTK, version 3.0, binary: a rectilinear grid where the points form one, else points, or a line through them.
//!
//! The format knows three dimensions. Coordinates with one value only are left out where there are more; the components
//! of a vector (`v.x`, `v.y`) are written as scalars and once more as a vector.

use super::{Table, TableError};
use std::collections::BTreeMap;

/// As many as the format has.
const DIMENSIONS: usize = 3;
/// The type of a cell that is one point.
const VERTEX: i32 = 1;
/// The type of a cell that is a line between two points.
const LINE: i32 = 3;

pub fn bytes(table: &Table) -> Result<Vec<u8>, TableError> {
    let mut file = b"# vtk DataFile Version 3.0\n".to_vec();
    // The title is one line of at most 256 characters.
    let names: Vec<&str> = table.values.iter().map(|it| it.name.as_str()).collect();
    let title: String = names.join(", ").replace(['\n', '\r'], " ");
    file.extend(title.chars().take(200).collect::<String>().as_bytes());
    file.extend(b"\nBINARY\n");
    let order = match &table.axes {
        Some(axes) => grid(&mut file, table, axes)?,
        None => points(&mut file, table)?,
    };
    data(&mut file, table, &order);
    Ok(file)
}

/// Writes the axes; the points in the order of the format, the first axis fastest.
fn grid(file: &mut Vec<u8>, table: &Table, axes: &[Vec<f64>]) -> Result<Vec<usize>, TableError> {
    let mut kept: Vec<usize> = (0..axes.len()).collect();
    if kept.len() > DIMENSIONS {
        kept.retain(|&axis| axes[axis].len() > 1);
    }
    if kept.len() > DIMENSIONS {
        return Err(too_many(kept.len()));
    }
    let length = |place: usize| kept.get(place).map_or(1, |&axis| axes[axis].len());
    let lengths = [length(0), length(1), length(2)];
    text(file, "DATASET RECTILINEAR_GRID\n");
    text(
        file,
        &format!("DIMENSIONS {} {} {}\n", lengths[0], lengths[1], lengths[2]),
    );
    for (place, name) in ["X", "Y", "Z"].into_iter().enumerate() {
        let heading = format!("{name}_COORDINATES {} double\n", lengths[place]);
        text(file, &heading);
        match kept.get(place) {
            Some(&axis) => numbers(file, axes[axis].iter().copied()),
            None => numbers(file, [0.0]),
        }
    }
    let stride = |place: usize| -> usize {
        let behind = kept.iter().skip(place + 1);
        behind.map(|&axis| axes[axis].len()).product()
    };
    let strides = [stride(0), stride(1), stride(2)];
    let mut order = Vec::with_capacity(table.len());
    for k in 0..lengths[2] {
        for j in 0..lengths[1] {
            for i in 0..lengths[0] {
                let at = [i, j, k].into_iter().zip(strides);
                order.push(at.map(|(index, stride)| index * stride).sum());
            }
        }
    }
    Ok(order)
}

/// Writes points, each a cell of its own so that it is drawn, or joined by lines.
fn points(file: &mut Vec<u8>, table: &Table) -> Result<Vec<usize>, TableError> {
    if table.coordinates.len() > DIMENSIONS {
        return Err(too_many(table.coordinates.len()));
    }
    let count = table.len();
    text(file, "DATASET UNSTRUCTURED_GRID\n");
    text(file, &format!("POINTS {count} double\n"));
    let place = &|row: usize, column: usize| {
        let column = table.coordinates.get(column);
        column.map_or(0.0, |column| column.values[row])
    };
    numbers(
        file,
        (0..count).flat_map(|row| (0..DIMENSIONS).map(move |column| place(row, column))),
    );
    let whole = |number: usize| i32::try_from(number).unwrap_or(i32::MAX).to_be_bytes();
    if table.line {
        // Piece by piece: readers know lines of two points better than lines of many.
        let pieces = count.saturating_sub(1);
        text(file, &format!("CELLS {pieces} {}\n", 3 * pieces));
        for point in 0..pieces {
            for number in [2, point, point + 1] {
                file.extend(whole(number));
            }
        }
        text(file, &format!("\nCELL_TYPES {pieces}\n"));
        file.extend(std::iter::repeat_n(LINE.to_be_bytes(), pieces).flatten());
    } else {
        text(file, &format!("CELLS {count} {}\n", 2 * count));
        for point in 0..count {
            file.extend(whole(1));
            file.extend(whole(point));
        }
        text(file, &format!("\nCELL_TYPES {count}\n"));
        file.extend(std::iter::repeat_n(VERTEX.to_be_bytes(), count).flatten());
    }
    text(file, "\n");
    Ok((0..count).collect())
}

fn data(file: &mut Vec<u8>, table: &Table, order: &[usize]) {
    text(file, &format!("POINT_DATA {}\n", order.len()));
    // `v.x` belongs to `v`.
    let mut vectors: BTreeMap<&str, Vec<&[f64]>> = BTreeMap::new();
    for column in &table.values {
        text(file, &format!("SCALARS {} double 1\n", word(&column.name)));
        text(file, "LOOKUP_TABLE default\n");
        numbers(file, order.iter().map(|&row| column.values[row]));
        if let Some((vector, member)) = column.name.rsplit_once('.') {
            let is_component = table.coordinates.iter().any(|it| it.name == member);
            if is_component {
                vectors.entry(vector).or_default().push(&column.values);
            }
        }
    }
    for (name, components) in vectors {
        if (2..=DIMENSIONS).contains(&components.len()) {
            text(file, &format!("VECTORS {} double\n", word(name)));
            let component =
                |place: usize, row: usize| components.get(place).map_or(0.0, |it| it[row]);
            numbers(
                file,
                order
                    .iter()
                    .flat_map(|&row| (0..DIMENSIONS).map(move |place| (place, row)))
                    .map(|(place, row)| component(place, row)),
            );
        }
    }
}

fn too_many(count: usize) -> TableError {
    TableError::Format(format!(
        "a VTK file has {DIMENSIONS} dimensions at most, and these points have {count}: fix some coordinates with `--at`"
    ))
}

/// A name without blanks, as the format asks for.
fn word(name: &str) -> String {
    let name: String = name.split_whitespace().collect();
    if name.is_empty() {
        "value".to_owned()
    } else {
        name
    }
}

fn text(file: &mut Vec<u8>, text: &str) {
    file.extend(text.as_bytes());
}

/// Numbers are big-endian, and a line break follows them.
fn numbers(file: &mut Vec<u8>, values: impl IntoIterator<Item = f64>) {
    file.extend(values.into_iter().flat_map(f64::to_be_bytes));
    file.push(b'\n');
}
