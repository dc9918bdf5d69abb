//! One array in the format of NumPy: a line that says what it is, then its numbers.
//!
//! The line is the text of a Python dictionary, `{'descr': '<f8', 'fortran_order': False, 'shape': (3, 2), }`.

use super::MOST_VALUES;
use super::column::Array;

/// The numbers that can be read, of either byte order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    F64,
    F32,
    Signed(usize),
    Unsigned(usize),
}

impl Kind {
    fn bytes(self) -> usize {
        match self {
            Self::F64 => 8,
            Self::F32 => 4,
            Self::Signed(bytes) | Self::Unsigned(bytes) => bytes,
        }
    }

    /// A number from its bytes, the lowest first.
    fn value(self, bytes: &[u8]) -> f64 {
        let bits = bytes
            .iter()
            .rev()
            .fold(0u64, |bits, byte| bits << 8 | u64::from(*byte));
        #[allow(clippy::cast_precision_loss)] // what a solution is measured against has no 54 bits
        match self {
            Self::F64 => f64::from_bits(bits),
            Self::F32 => f64::from(f32::from_bits(u32::try_from(bits).unwrap_or(0))),
            Self::Signed(bytes) => {
                let unused = 64 - 8 * bytes;
                ((bits << unused).cast_signed() >> unused) as f64
            }
            Self::Unsigned(_) => bits as f64,
        }
    }
}

/// Reads the bytes of a `.npy` file.
pub fn read(bytes: &[u8]) -> Result<Array, String> {
    let damaged = || "it is not an array in the format of NumPy".to_owned();
    let rest = bytes.strip_prefix(b"\x93NUMPY").ok_or_else(damaged)?;
    let (length_bytes, rest) = match rest {
        [1, _, rest @ ..] => (2, rest),
        [2 | 3, _, rest @ ..] => (4, rest),
        _ => return Err(damaged()),
    };
    let (length, rest) = rest.split_at_checked(length_bytes).ok_or_else(damaged)?;
    let length = length
        .iter()
        .rev()
        .fold(0usize, |length, byte| length << 8 | usize::from(*byte));
    let (header, data) = rest.split_at_checked(length).ok_or_else(damaged)?;
    let header = std::str::from_utf8(header).map_err(|_| damaged())?;
    let kind = value(header, "descr").ok_or_else(damaged)?;
    let fortran = value(header, "fortran_order").ok_or_else(damaged)? == "True";
    let shape = value(header, "shape").ok_or_else(damaged)?;
    let shape = lengths(shape).ok_or_else(damaged)?;
    let (kind, reversed) = number_kind(kind)?;
    let count = shape
        .iter()
        .try_fold(1usize, |product, length| product.checked_mul(*length))
        .filter(|count| *count <= MOST_VALUES)
        .ok_or_else(|| format!("it has more than {MOST_VALUES} values"))?;
    if data.len() != count * kind.bytes() {
        return Err(format!(
            "it has {} bytes of numbers where its shape asks for {}",
            data.len(),
            count * kind.bytes()
        ));
    }
    let mut values: Vec<f64> = data
        .chunks_exact(kind.bytes())
        .map(|bytes| {
            let mut number = [0u8; 8];
            let number = &mut number[..bytes.len()];
            number.copy_from_slice(bytes);
            if reversed {
                number.reverse();
            }
            kind.value(number)
        })
        .collect();
    if fortran {
        values = last_axis_fastest(&shape, &values);
    }
    Ok(Array { shape, values })
}

/// The value of a key in the header, as written: `'<f8'`, `False`, `(3, 2)`.
fn value<'a>(header: &'a str, key: &str) -> Option<&'a str> {
    let (_, rest) = header.split_once(&format!("'{key}'"))?;
    let rest = rest.trim_start().strip_prefix(':')?.trim_start();
    let end = if rest.starts_with('(') {
        rest.find(')')? + 1
    } else {
        rest.find([',', '}'])?
    };
    Some(rest[..end].trim())
}

/// `(3, 2)`, `(3,)`, `()`
fn lengths(text: &str) -> Option<Vec<usize>> {
    let inside = text.strip_prefix('(')?.strip_suffix(')')?;
    let parts = inside.split(',').map(str::trim);
    parts
        .filter(|part| !part.is_empty())
        .map(|part| part.parse().ok())
        .collect()
}

/// What the numbers are, and whether their highest byte comes first.
fn number_kind(text: &str) -> Result<(Kind, bool), String> {
    let name = text.trim_matches('\'');
    let reversed = name.starts_with('>');
    let kind = match name.trim_start_matches(['<', '>', '=', '|']) {
        "f8" => Kind::F64,
        "f4" => Kind::F32,
        "i1" => Kind::Signed(1),
        "i2" => Kind::Signed(2),
        "i4" => Kind::Signed(4),
        "i8" => Kind::Signed(8),
        "u1" | "b1" => Kind::Unsigned(1),
        "u2" => Kind::Unsigned(2),
        "u4" => Kind::Unsigned(4),
        "u8" => Kind::Unsigned(8),
        other => {
            let hint = if other.starts_with('c') {
                "; store the real and the imaginary part as two arrays"
            } else {
                "; store it with `.astype(float)`"
            };
            return Err(format!(
                "its entries are of the type `{other}`, not real numbers{hint}"
            ));
        }
    };
    Ok((kind, reversed))
}

/// Numbers with the first axis fastest in the other order.
pub fn last_axis_fastest(shape: &[usize], values: &[f64]) -> Vec<f64> {
    let mut strides = Vec::with_capacity(shape.len());
    let mut stride = 1;
    for length in shape {
        strides.push(stride);
        stride *= length;
    }
    (0..values.len())
        .map(|position| {
            let mut rest = position;
            let mut from = 0;
            for (length, stride) in shape.iter().zip(&strides).rev() {
                from += rest % length * stride;
                rest /= length;
            }
            values[from]
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::data::column::Array;

    fn file(header: &str, data: &[u8]) -> Vec<u8> {
        let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
        bytes.extend(u16::try_from(header.len()).unwrap().to_le_bytes());
        bytes.extend(header.as_bytes());
        bytes.extend(data);
        bytes
    }

    #[test]
    fn every_kind_of_number_is_read() {
        let of = |kind: &str, data: &[u8]| {
            let header =
                format!("{{'descr': '{kind}', 'fortran_order': False, 'shape': (1,), }}\n");
            read(&file(&header, data)).map(|array| array.values[0])
        };
        assert_eq!(of("<f8", &(-1.5f64).to_le_bytes()), Ok(-1.5));
        assert_eq!(of(">f8", &(-1.5f64).to_be_bytes()), Ok(-1.5));
        assert_eq!(of("<f4", &0.25f32.to_le_bytes()), Ok(0.25));
        assert_eq!(of("|i1", &[0xff]), Ok(-1.0));
        assert_eq!(of("<i8", &(-7i64).to_le_bytes()), Ok(-7.0));
        assert_eq!(of(">i2", &(-300i16).to_be_bytes()), Ok(-300.0));
        assert_eq!(of("<u2", &60000u16.to_le_bytes()), Ok(60000.0));
        let complex = of("<c16", &[0; 16]).unwrap_err();
        assert!(
            complex.contains("the real and the imaginary part"),
            "{complex}"
        );
        assert!(of("<f8", &[0; 7]).unwrap_err().contains("7 bytes"));
    }

    #[test]
    fn fortran_order_is_turned_into_the_usual_one() {
        // [[1, 2, 3], [4, 5, 6]] with the first axis fastest
        let data: Vec<u8> = [1.0f64, 4.0, 2.0, 5.0, 3.0, 6.0]
            .iter()
            .flat_map(|value| value.to_le_bytes())
            .collect();
        let header = "{'descr': '<f8', 'fortran_order': True, 'shape': (2, 3), }\n";
        assert_eq!(
            read(&file(header, &data)),
            Ok(Array {
                shape: vec![2, 3],
                values: vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
            })
        );
    }

    #[test]
    fn what_is_no_array_is_refused() {
        for bytes in [&b""[..], b"\x93NUMPY", b"\x93NUMPY\x01\x00\xff\xff{}", b"x"] {
            assert!(read(bytes).is_err());
        }
        let header =
            "{'descr': '<f8', 'fortran_order': False, 'shape': (9999999999, 9999999999), }";
        assert!(read(&file(header, &[])).unwrap_err().contains("more than"));
    }
}
