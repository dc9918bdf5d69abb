//! Files that can be used and files that cannot.

use super::{Reference, ReferenceError, read_reference};
use candle_core::{Device, Tensor};
use pdec_compiler::arena::Id;
use pdec_compiler::hir::{self, Coordinate, Field, Problem, Role};
use pdec_compiler::source::Span;

fn problem() -> (Problem, hir::Reference) {
    let span = Span::new(0, 0);
    let mut problem = Problem::default();
    for (name, role, low) in [("x", Role::Space, -1.0), ("t", Role::Time, 0.0)] {
        problem.coordinates.push(Coordinate {
            name: name.to_owned(),
            role,
            low,
            high: 1.0,
            periodic: false,
            unit: None,
            span,
        });
    }
    let field = problem.fields.push(Field {
        name: "u".to_owned(),
        arguments: vec![Id::from_index(0), Id::from_index(1)],
        unit: None,
        sought: None,
        span,
    });
    let reference = hir::Reference {
        field,
        path: "ref.npz".to_owned(),
        axes: vec!["x".to_owned(), "t".to_owned()],
        values: "u".to_owned(),
        span,
        path_span: span,
    };
    (problem, reference)
}

fn read(arrays: &[(&str, &[f64], &[usize])]) -> Result<Reference, ReferenceError> {
    let folder = tempfile::tempdir().unwrap();
    let tensors: Vec<(&str, Tensor)> = arrays
        .iter()
        .map(|(name, values, shape)| {
            (
                *name,
                Tensor::from_slice(values, *shape, &Device::Cpu).unwrap(),
            )
        })
        .collect();
    Tensor::write_npz(&tensors, folder.path().join("ref.npz")).unwrap();
    let (problem, reference) = problem();
    read_reference(&problem, &reference, folder.path())
}

const X: (&str, &[f64], &[usize]) = ("x", &[-1.0, 0.0, 1.0], &[3]);
const T: (&str, &[f64], &[usize]) = ("t", &[0.0, 1.0], &[2]);

#[test]
fn the_last_axis_is_the_fastest() {
    let u: (&str, &[f64], &[usize]) = ("u", &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], &[3, 2]);
    let reference = read(&[X, T, u]).unwrap();
    assert_eq!(reference.values[3], 4.0);
    let place: Vec<f64> = reference.points.coordinates.iter().map(|c| c[3]).collect();
    assert_eq!(place, [0.0, 1.0]);
}

#[test]
fn a_transposed_array_is_refused_with_the_reason() {
    let u: (&str, &[f64], &[usize]) = ("u", &[0.0; 6], &[2, 3]);
    let message = read(&[X, T, u]).unwrap_err().to_string();
    assert_eq!(
        message,
        "the array `u` has the shape (2, 3), but `x` (3) and `t` (2) ask for (3, 2); its axes are in \
         another order than the arguments of the field: transpose it in the file"
    );
}

#[test]
fn a_missing_array_is_named_with_those_present() {
    let message = read(&[X, T]).unwrap_err().to_string();
    assert_eq!(message, "the file has no array `u`; it has `t`, `x`");
}

#[test]
fn values_and_axes_are_checked() {
    let u: (&str, &[f64], &[usize]) = ("u", &[0.0, f64::NAN, 0.0, 0.0, 0.0, 0.0], &[3, 2]);
    let error = read(&[X, T, u]).unwrap_err();
    assert!(
        matches!(error, ReferenceError::NotFinite { count: 1, .. }),
        "{error}"
    );
    let wide: (&str, &[f64], &[usize]) = ("x", &[-2.0, 0.0, 1.0], &[3]);
    assert!(matches!(read(&[wide, T]), Err(ReferenceError::Axis { .. })));
    let backwards: (&str, &[f64], &[usize]) = ("x", &[1.0, 0.0, -1.0], &[3]);
    assert!(matches!(
        read(&[backwards, T]),
        Err(ReferenceError::Axis { .. })
    ));
    let (problem, reference) = problem();
    let folder = tempfile::tempdir().unwrap();
    let missing = read_reference(&problem, &reference, folder.path());
    assert!(matches!(missing, Err(ReferenceError::Unreadable { .. })));
    std::fs::write(folder.path().join("ref.npz"), b"no archive").unwrap();
    let garbage = read_reference(&problem, &reference, folder.path());
    assert!(matches!(garbage, Err(ReferenceError::Format { .. })));
}

/// Reads the three arrays of `Tensor::write_npz` after something was done to the bytes of the file.
fn read_changed(change: impl Fn(Vec<u8>) -> Vec<u8>) -> Result<Reference, ReferenceError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ref.npz");
    let u: (&str, &[f64], &[usize]) = ("u", &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], &[3, 2]);
    let tensors = [X, T, u].map(|(name, values, shape)| {
        let tensor = Tensor::from_slice(values, shape, &Device::Cpu).unwrap();
        (name, tensor)
    });
    Tensor::write_npz(&tensors, &path).unwrap();
    std::fs::write(&path, change(std::fs::read(&path).unwrap())).unwrap();
    let (problem, reference) = problem();
    read_reference(&problem, &reference, folder.path())
}

#[test]
fn a_changed_byte_is_noticed() {
    assert!(read_changed(|bytes| bytes).is_ok());
    let error = read_changed(|mut bytes| {
        let five = 5.0f64.to_le_bytes();
        let at = bytes.windows(8).position(|window| window == five).unwrap();
        bytes[at + 2] ^= 1;
        bytes
    });
    let message = error.unwrap_err().to_string();
    assert!(
        message.contains("`u`") && message.contains("checksum"),
        "{message}"
    );
    let cut = read_changed(|bytes| bytes[..bytes.len() / 2].to_vec());
    assert!(matches!(cut, Err(ReferenceError::Format { .. })));
}

#[test]
fn compressed_files_are_read() {
    // as numpy.savez_compressed writes them; `u` is in Fortran order there, and `t` has whole numbers
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/data");
    let (problem, mut reference) = problem();
    reference.path = "compressed.npz".to_owned();
    let read = read_reference(&problem, &reference, std::path::Path::new(folder)).unwrap();
    assert_eq!(read.values, [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    assert_eq!(read.axes, [vec![-1.0, 0.0, 1.0], vec![0.0, 1.0]]);
}
