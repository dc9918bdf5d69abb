//! Tables as files, read back by other means.

use super::{Column, Format, Table};
use serde_json::{Value, json};

fn column(name: &str, values: &[f64]) -> Column {
    Column {
        name: name.to_owned(),
        values: values.to_vec(),
    }
}

/// Two by three points.
fn grid() -> Table {
    Table {
        coordinates: vec![
            column("x", &[0.0, 0.0, 0.0, 1.0, 1.0, 1.0]),
            column("t", &[0.0, 0.5, 1.0, 0.0, 0.5, 1.0]),
        ],
        values: vec![column("u, scaled", &[0.1, 1e-300, f64::NAN, 4.0, 5.0, 6.0])],
        axes: Some(vec![vec![0.0, 1.0], vec![0.0, 0.5, 1.0]]),
        line: false,
    }
}

#[test]
fn csv_is_read_as_it_was() {
    let bytes = grid().bytes(Format::Csv).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    assert_eq!(
        text,
        "x,t,\"u, scaled\"\n0,0,0.1\n0,0.5,1e-300\n0,1,nan\n1,0,4\n1,0.5,5\n1,1,6\n"
    );
}

#[test]
fn json_has_null_for_what_has_no_value() {
    let value: Value = serde_json::from_slice(&grid().bytes(Format::Json).unwrap()).unwrap();
    assert_eq!(
        value["values"]["u, scaled"],
        json!([0.1, 1e-300, null, 4.0, 5.0, 6.0])
    );
    assert_eq!(value["axes"]["t"], json!([0.0, 0.5, 1.0]));
}

/// Against another reader of the format.
#[test]
fn npz_has_the_shape_of_the_grid() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("table.npz");
    std::fs::write(&path, grid().bytes(Format::Npz).unwrap()).unwrap();
    let tensors = candle_core::npy::NpzTensors::new(&path).unwrap();
    let values = tensors.get("u, scaled").unwrap().unwrap();
    assert_eq!(values.dims(), [2, 3]);
    assert_eq!(values.to_vec2::<f64>().unwrap()[1], [4.0, 5.0, 6.0]);
    assert_eq!(tensors.get("t").unwrap().unwrap().dims(), [3]);
}

/// Where the numbers of a section begin in a VTK file.
fn after<'a>(bytes: &'a [u8], heading: &str) -> &'a [u8] {
    let found = bytes
        .windows(heading.len())
        .position(|it| it == heading.as_bytes());
    &bytes[found.unwrap_or_else(|| panic!("no {heading}")) + heading.len()..]
}

fn doubles(bytes: &[u8], count: usize) -> Vec<f64> {
    let numbers = bytes.chunks_exact(8).take(count);
    numbers
        .map(|it| f64::from_be_bytes(it.try_into().unwrap()))
        .collect()
}

#[test]
fn vtk_has_the_first_axis_fastest() {
    let bytes = grid().bytes(Format::Vtk).unwrap();
    let axis = after(&bytes, "DIMENSIONS 2 3 1\nX_COORDINATES 2 double\n");
    assert_eq!(doubles(axis, 2), [0.0, 1.0]);
    let values = after(&bytes, "SCALARS u,scaled double 1\nLOOKUP_TABLE default\n");
    let values = doubles(values, 6);
    assert_eq!(values[..4], [0.1, 4.0, 1e-300, 5.0]);
    assert!(values[4].is_nan() && values[5] == 6.0);
}

#[test]
fn vtk_knows_vectors_and_its_own_limits() {
    let mut table = Table {
        coordinates: vec![column("x", &[0.0, 1.0]), column("y", &[2.0, 3.0])],
        values: vec![column("v.x", &[4.0, 5.0]), column("v.y", &[6.0, 7.0])],
        axes: None,
        line: false,
    };
    let bytes = table.bytes(Format::Vtk).unwrap();
    assert_eq!(
        doubles(after(&bytes, "POINTS 2 double\n"), 6),
        [0.0, 2.0, 0.0, 1.0, 3.0, 0.0]
    );
    assert_eq!(
        doubles(after(&bytes, "VECTORS v double\n"), 6),
        [4.0, 6.0, 0.0, 5.0, 7.0, 0.0]
    );
    assert!(String::from_utf8_lossy(&bytes).contains("\nCELLS 2 4\n"));
    table.line = true;
    let bytes = table.bytes(Format::Vtk).unwrap();
    assert_eq!(
        after(&bytes, "CELLS 1 3\n")[..12],
        [0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 1]
    );
    assert_eq!(after(&bytes, "CELL_TYPES 1\n")[..4], [0, 0, 0, 3]);
    table.line = false;
    for name in ["z", "w"] {
        table.coordinates.push(column(name, &[0.0, 0.0]));
    }
    assert!(table.bytes(Format::Vtk).is_err());
}

#[test]
fn formats_are_known_by_their_extension() {
    assert_eq!(Format::of_extension("CSV"), Some(Format::Csv));
    assert_eq!(Format::of_extension("xlsx"), None);
}
