//! Real matrices in MATLAB files of version 5 (`save -v6`, `save -v7`, SciPy's `savemat`).
//!
//! After a header of 128 bytes come *elements*: a type and a length of four bytes each, then the data, padded to a multiple
//! of eight; small ones keep up to four bytes in place of the length. A matrix is an element of elements: class, lengths
//! of the axes, name, numbers in Fortran order, stored as the smallest type that holds them. An element may be compressed
//! as a whole, with a checksum (MathWorks, *MAT-File Format*, 2019).

use super::MOST_VALUES;
use super::column::{Array, Column};
use super::error::DataError;
use super::npy::last_axis_fastest;
use flate2::read::ZlibDecoder;
use std::io::Read as _;

const MATRIX: u32 = 14;
const COMPRESSED: u32 = 15;

/// What the reader says of a file of version 7.3.
pub fn newer() -> DataError {
    damaged("it is of version 7.3, which is HDF5; save it with `-v7`")
}

/// Reads the matrices with these names.
pub fn read(bytes: &[u8], names: &[&str]) -> Result<Vec<Column>, DataError> {
    let header = bytes
        .get(..128)
        .ok_or_else(|| damaged("it is shorter than its header"))?;
    if header.starts_with(b"MATLAB 7.3") {
        return Err(newer());
    }
    let big = match &header[124..128] {
        [_, _, b'I', b'M'] => false,
        [_, _, b'M', b'I'] => true,
        _ => {
            return Err(damaged(
                "its header is not that of version 5; save it with `-v7`",
            ));
        }
    };
    let mut found: Vec<(String, Result<Array, String>)> = Vec::new();
    let mut rest = Elements {
        bytes: &bytes[128..],
        big,
    };
    while let Some((kind, data)) = rest.next()? {
        match kind {
            COMPRESSED => {
                let mut inflated = Vec::new();
                let most = 8 * MOST_VALUES as u64 + (1 << 16);
                ZlibDecoder::new(data)
                    .take(most)
                    .read_to_end(&mut inflated)
                    .map_err(|error| damaged(&format!("a matrix is damaged: {error}")))?;
                let mut inside = Elements {
                    bytes: &inflated,
                    big,
                };
                while let Some((kind, data)) = inside.next()? {
                    if kind == MATRIX {
                        found.extend(matrix(data, big)?);
                    }
                }
            }
            MATRIX => found.extend(matrix(data, big)?),
            // nothing that has a name
            _ => {}
        }
    }
    names
        .iter()
        .map(|name| {
            let Some(position) = found.iter().position(|(it, _)| it == name) else {
                return Err(DataError::missing(
                    name,
                    found.iter().map(|(it, _)| it.as_str()),
                ));
            };
            match &found[position].1 {
                Ok(array) => Ok(Column::of_array(name, array.clone())),
                Err(reason) => Err(DataError::Array {
                    array: (*name).to_owned(),
                    reason: reason.clone(),
                }),
            }
        })
        .collect()
}

fn damaged(reason: &str) -> DataError {
    DataError::Format {
        kind: "MATLAB file",
        reason: reason.to_owned(),
    }
}

/// A sequence of elements.
struct Elements<'a> {
    bytes: &'a [u8],
    big: bool,
}

impl<'a> Elements<'a> {
    /// The type of the next element and its data; none at the end.
    fn next(&mut self) -> Result<Option<(u32, &'a [u8])>, DataError> {
        if self.bytes.is_empty() {
            return Ok(None);
        }
        let cut = || damaged("it ends in the middle of a matrix");
        let (tag, rest) = self.bytes.split_at_checked(8).ok_or_else(cut)?;
        let first = word(&tag[..4], self.big);
        if first >> 16 != 0 {
            self.bytes = rest;
            let length = (first >> 16) as usize;
            let data = tag.get(4..4 + length).ok_or_else(cut)?;
            return Ok(Some((first & 0xffff, data)));
        }
        let length = word(&tag[4..], self.big) as usize;
        let (data, rest) = rest.split_at_checked(length).ok_or_else(cut)?;
        // What is compressed is not padded.
        let padding = if first == COMPRESSED {
            0
        } else {
            (8 - length % 8) % 8
        };
        self.bytes = rest.get(padding..).unwrap_or(&[]);
        Ok(Some((first, data)))
    }

    fn expect(&mut self) -> Result<(u32, &'a [u8]), DataError> {
        self.next()?
            .ok_or_else(|| damaged("it ends in the middle of a matrix"))
    }
}

fn word(bytes: &[u8], big: bool) -> u32 {
    bytes.iter().enumerate().fold(0, |word, (place, byte)| {
        let shift = if big { 24 - 8 * place } else { 8 * place };
        word | u32::from(*byte) << shift
    })
}

/// The name of a matrix, and its numbers or why there are none.
type Named = (String, Result<Array, String>);

/// The matrix of an element. Nothing for an empty one.
fn matrix(data: &[u8], big: bool) -> Result<Option<Named>, DataError> {
    let mut parts = Elements { bytes: data, big };
    let Some((_, flags)) = parts.next()? else {
        return Ok(None);
    };
    let flags = flags.get(..4).map_or(0, |it| word(it, big));
    let (class, complex) = (flags & 0xff, flags & 0x800 != 0);
    let (_, lengths) = parts.expect()?;
    let shape: Vec<usize> = lengths
        .chunks_exact(4)
        .map(|it| word(it, big) as usize)
        .collect();
    let (_, name) = parts.expect()?;
    let name = String::from_utf8_lossy(name).into_owned();
    // double, single and whole numbers; not cells, structures, objects, text or sparse matrices
    if !(6..=15).contains(&class) {
        return Ok(Some((
            name,
            Err("it is not a full matrix of numbers".to_owned()),
        )));
    }
    if complex {
        let reason =
            "its numbers are complex; store the real and the imaginary part as two matrices"
                .to_owned();
        return Ok(Some((name, Err(reason))));
    }
    let (kind, data) = parts.expect()?;
    let count = shape
        .iter()
        .try_fold(1usize, |product, length| product.checked_mul(*length));
    let count = count.filter(|count| *count <= MOST_VALUES);
    let values = numbers(kind, data, big);
    let (Some(count), Some(values)) = (count, values) else {
        return Ok(Some((
            name,
            Err("it has an unknown type or too many values".to_owned()),
        )));
    };
    if count != values.len() {
        let reason = format!(
            "it has {} numbers where its shape asks for {count}",
            values.len()
        );
        return Ok(Some((name, Err(reason))));
    }
    let values = last_axis_fastest(&shape, &values);
    Ok(Some((name, Ok(Array { shape, values }))))
}

/// Numbers of one of the types of the format.
fn numbers(kind: u32, data: &[u8], big: bool) -> Option<Vec<f64>> {
    let size = match kind {
        1 | 2 => 1,
        3 | 4 => 2,
        5..=7 => 4,
        9 | 12 | 13 => 8,
        _ => return None,
    };
    let number = |bytes: &[u8]| {
        let bits = bytes.iter().enumerate().fold(0u64, |bits, (place, byte)| {
            let shift = if big {
                8 * (size - 1 - place)
            } else {
                8 * place
            };
            bits | u64::from(*byte) << shift
        });
        let unused = 64 - 8 * size;
        let signed = (bits << unused).cast_signed() >> unused;
        #[allow(clippy::cast_precision_loss)] // measured values have no 54 bits
        match kind {
            7 => f64::from(f32::from_bits(u32::try_from(bits).unwrap_or(0))),
            9 => f64::from_bits(bits),
            1 | 3 | 5 | 12 => signed as f64,
            _ => bits as f64,
        }
    };
    Some(data.chunks_exact(size).map(number).collect())
}
