//! Files that can be used and files that cannot.

use super::{DataError, Reference, read_reference};
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

fn read(arrays: &[(&str, &[f64], &[usize])]) -> Result<Reference, DataError> {
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
        matches!(error, DataError::NotFinite { count: 1, .. }),
        "{error}"
    );
    let wide: (&str, &[f64], &[usize]) = ("x", &[-2.0, 0.0, 1.0], &[3]);
    let u: (&str, &[f64], &[usize]) = ("u", &[0.0; 6], &[3, 2]);
    assert!(matches!(read(&[wide, T, u]), Err(DataError::Axis { .. })));
    let backwards: (&str, &[f64], &[usize]) = ("x", &[1.0, 0.0, -1.0], &[3]);
    assert!(matches!(
        read(&[backwards, T, u]),
        Err(DataError::Axis { .. })
    ));
    let (problem, reference) = problem();
    let folder = tempfile::tempdir().unwrap();
    let missing = read_reference(&problem, &reference, folder.path());
    assert!(matches!(missing, Err(DataError::Unreadable { .. })));
    std::fs::write(folder.path().join("ref.npz"), b"no archive").unwrap();
    let garbage = read_reference(&problem, &reference, folder.path());
    assert!(matches!(garbage, Err(DataError::Format { .. })));
}

/// Reads the three arrays of `Tensor::write_npz` after something was done to the bytes of the file.
fn read_changed(change: impl Fn(Vec<u8>) -> Vec<u8>) -> Result<Reference, DataError> {
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
    assert!(matches!(cut, Err(DataError::Format { .. })));
}

#[test]
fn compressed_files_are_read() {
    // as numpy.savez_compressed writes them; `u` is in Fortran order there, and `t` has whole numbers
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/data");
    let (problem, mut reference) = problem();
    reference.path = "compressed.npz".to_owned();
    let read = read_reference(&problem, &reference, std::path::Path::new(folder)).unwrap();
    assert_eq!(read.values, [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    assert_eq!(read.axes, Some(vec![vec![-1.0, 0.0, 1.0], vec![0.0, 1.0]]));
}

/// Reads `u` of a file with this name and content.
fn read_bytes(name: &str, bytes: &[u8]) -> Result<Reference, DataError> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(name), bytes).unwrap();
    let (problem, mut reference) = problem();
    reference.path = name.to_owned();
    read_reference(&problem, &reference, folder.path())
}

#[test]
fn a_table_in_any_order_is_a_grid_where_it_is_one() {
    let text = "t;u;x\n1;6;1\n0;1;-1\n1;2;-1\n0;3;0\n1;4;0\n0;5;1\n";
    let read = read_bytes("ref.csv", text.as_bytes()).unwrap();
    assert_eq!(read.axes, Some(vec![vec![-1.0, 0.0, 1.0], vec![0.0, 1.0]]));
    assert_eq!(read.values, [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    assert_eq!(read.points.coordinates[1], [0.0, 1.0, 0.0, 1.0, 0.0, 1.0]);
    // One point less, and it is scattered.
    let read = read_bytes("ref.csv", text.replace("0;5;1\n", "").as_bytes()).unwrap();
    assert_eq!(read.axes, None);
    assert_eq!(read.points.coordinates[0], [1.0, -1.0, -1.0, 0.0, 0.0]);
    assert_eq!(read.values, [6.0, 1.0, 2.0, 3.0, 4.0]);
}

#[test]
fn mistakes_in_a_table_are_named_with_their_line() {
    let message = |text: &str| {
        read_bytes("ref.csv", text.as_bytes())
            .unwrap_err()
            .to_string()
    };
    let cases = [
        ("x,t\n0,0\n", "the file has no array `u`; it has `t`, `x`"),
        ("x,t,u,x\n0,0,1,1\n", "the file has two columns `x`"),
        (
            "x,t,u\n0,0,1\n\n0,1\n",
            "line 4 has 2 values where 3 columns are named",
        ),
        (
            "x,t,u\n0,0,nan\n",
            "line 2: `nan` in the column `u` is not a finite number",
        ),
        (
            "x;t;u\n# remark\n0;0;1,5\n",
            "line 3: `1,5` in the column `u` is not a finite number: write the decimal point as a point",
        ),
        (
            "x,t,u\n0,0,1\n3,0,1\n4,0,1\n",
            "the point at line 3 has `x` = 3, outside of [-1, 1], and so have 1 more",
        ),
        (
            "0,0,1\n1,0,1\n",
            "the file is not a readable table: its first line has numbers and must have the names of the columns, for instance `x,t,u`",
        ),
        ("x,t,u\n", "the file holds names, but no values"),
        (
            "\n",
            "the file holds nothing: there is no array `x`, nor any other",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(message(text), expected);
    }
    let error = read_bytes("ref.csv", b"x,t,u\n0,0,\xff\n").unwrap_err();
    assert!(error.to_string().contains("line 2 is not UTF-8"), "{error}");
}

#[test]
fn a_npy_table_is_read_column_by_column() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ref.npy");
    let rows = [0.0, 0.5, 7.0, 1.0, 0.25, 8.0];
    let write = |shape: &[usize]| {
        let tensor = Tensor::from_slice(&rows, shape, &Device::Cpu).unwrap();
        tensor.write_npy(&path).unwrap();
        let (problem, mut reference) = problem();
        reference.path = "ref.npy".to_owned();
        read_reference(&problem, &reference, folder.path())
    };
    let read = write(&[2, 3]).unwrap();
    assert_eq!(read.values, [7.0, 8.0]);
    assert_eq!(read.points.coordinates, [[0.0, 1.0], [0.5, 0.25]]);
    let error = write(&[3, 2]).unwrap_err().to_string();
    assert!(
        error.contains("(3, 2)") && error.contains("x, t, u"),
        "{error}"
    );
}

/// The files in `tests/data` were written by SciPy's `savemat`.
#[test]
fn matlab_files_are_read() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/data");
    let (problem, mut reference) = problem();
    let read = |reference: &hir::Reference| {
        read_reference(&problem, reference, std::path::Path::new(folder))
    };
    for (file, time, values) in [("plain.mat", "t", "u"), ("compressed.mat", "tt", "usol")] {
        reference.path = file.to_owned();
        reference.axes[1] = time.to_owned();
        reference.values = values.to_owned();
        let read = read(&reference).unwrap();
        assert_eq!(read.axes, Some(vec![vec![-1.0, 0.0, 1.0], vec![0.0, 1.0]]));
        assert_eq!(read.values, [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    }
    reference.path = "plain.mat".to_owned();
    reference.axes[1] = "t".to_owned();
    for (array, reason) in [
        ("c", "complex"),
        ("s", "not a full matrix"),
        ("w", "no array `w`"),
    ] {
        reference.values = array.to_owned();
        let error = read(&reference).unwrap_err().to_string();
        assert!(error.contains(reason), "{error}");
    }
}

/// What is damaged is refused, or means the same: never a panic, and never other numbers where a format has a checksum.
#[test]
fn damaged_files_are_never_half_read() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/data");
    for (file, checked, axis, values) in [
        ("compressed.npz", true, "t", "u"),
        ("compressed.mat", true, "tt", "usol"),
        ("plain.mat", false, "t", "u"),
    ] {
        let bytes = std::fs::read(format!("{folder}/{file}")).unwrap();
        let read = |bytes: &[u8]| {
            let folder = tempfile::tempdir().unwrap();
            std::fs::write(folder.path().join(file), bytes).unwrap();
            let (problem, mut reference) = problem();
            reference.path = file.to_owned();
            reference.axes[1] = axis.to_owned();
            reference.values = values.to_owned();
            read_reference(&problem, &reference, folder.path())
        };
        let whole = read(&bytes).unwrap();
        let mut refused = 0;
        for place in (0..bytes.len()).step_by(7) {
            let mut changed = bytes.clone();
            changed[place] ^= 1 << (place % 8);
            match read(&changed) {
                Ok(read) => assert!(!checked || read == whole, "{file}, byte {place}"),
                Err(error) => {
                    assert!(!error.to_string().is_empty());
                    refused += 1;
                }
            }
            let _ = read(&bytes[..place]).is_err();
        }
        assert!(refused > 20, "{file}: {refused}");
        for length in [1, 100, bytes.len() / 2] {
            assert!(read(&bytes[..length]).is_err(), "{file} cut at {length}");
        }
    }
}

#[test]
fn units_are_converted_or_refused() {
    use pdec_compiler::hir::units;
    let (mut problem, mut reference) = problem();
    problem.coordinates[Id::from_index(0)].unit = units::named("mm");
    problem.fields[reference.field].unit = units::named("K");
    reference.path = "ref.csv".to_owned();
    let folder = tempfile::tempdir().unwrap();
    let read = |text: &str| {
        std::fs::write(folder.path().join("ref.csv"), text).unwrap();
        read_reference(&problem, &reference, folder.path())
    };
    let ok = read("x [m],t,u (K)\n0.0005,0.5,300\n").unwrap();
    assert_eq!((ok.points.coordinates[0][0], ok.values[0]), (0.5, 300.0));
    for (text, reason) in [
        ("x [s],t,u\n0,0,1\n", "do not measure the same"),
        ("x,t,u (degC)\n0,0,1\n", "no unit that is known"),
    ] {
        let error = read(text).unwrap_err().to_string();
        assert!(error.contains(reason), "{error}");
    }
}
