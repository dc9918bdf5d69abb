//! safetensors files with a seal: a text about them, and a checksum of every byte of the file.
//!
//! The metadata have one key, `pdec`: `checksum=XXXXXXXX TEXT`. The checksum is the CRC-32 of the file with zeros in its
//! place. Whoever reads the tensors with another program need not know.

use safetensors::tensor::{Dtype, SafeTensors, TensorView, serialize};
use std::collections::{BTreeMap, HashMap};
use thiserror::Error;

const KEY: &str = "pdec";
const BEFORE: &[u8] = b"\"pdec\":\"checksum=";
const DIGITS: usize = 8;
const NOTHING: &str = "00000000";

/// Why a file cannot be used.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum SealError {
    /// Not in the format.
    #[error("it is not a whole safetensors file ({0}): it is cut off, or another kind of file")]
    Format(String),
    /// Without a seal.
    #[error("it has no checksum, so it is not a file that `pdec` wrote")]
    Unsealed,
    /// Its bytes are not those that were written.
    #[error("it is damaged or has been altered: its checksum is {found} and not {written}")]
    Checksum {
        /// The checksum of its bytes.
        found: String,
        /// The checksum in the seal.
        written: String,
    },
}

/// One array: its type, shape and bytes (little endian).
pub struct Array {
    /// The type of its numbers.
    pub kind: Dtype,
    /// Its shape.
    pub shape: Vec<usize>,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl Array {
    /// Numbers in a shape.
    pub fn numbers(shape: Vec<usize>, values: &[f64]) -> Self {
        Self {
            kind: Dtype::F64,
            shape,
            bytes: values
                .iter()
                .flat_map(|value| value.to_le_bytes())
                .collect(),
        }
    }
}

/// The bytes of a sealed file: the same for the same arrays and text.
///
/// # Errors
///
/// [`SealError::Format`] if the shapes are not those of the bytes.
pub fn seal(arrays: &BTreeMap<String, Array>, about: &str) -> Result<Vec<u8>, SealError> {
    let format = |error: safetensors::SafeTensorError| SealError::Format(error.to_string());
    let views: Vec<(&str, TensorView)> = arrays
        .iter()
        .map(|(name, array)| {
            let view = TensorView::new(array.kind, array.shape.clone(), &array.bytes);
            view.map(|view| (name.as_str(), view)).map_err(format)
        })
        .collect::<Result<_, _>>()?;
    let text = format!("checksum={NOTHING} {about}");
    let metadata = HashMap::from([(KEY.to_owned(), text)]);
    let mut bytes = serialize(views, Some(metadata)).map_err(format)?;
    let place = place(&bytes).ok_or(SealError::Unsealed)?;
    let checksum = format!("{:08x}", crc32fast::hash(&bytes));
    bytes[place..place + DIGITS].copy_from_slice(checksum.as_bytes());
    Ok(bytes)
}

/// Checks a file; its text and tensors.
///
/// # Errors
///
/// [`SealError`], unless every byte is as it was written.
pub fn open(bytes: &[u8]) -> Result<(String, SafeTensors<'_>), SealError> {
    let format = |error: safetensors::SafeTensorError| SealError::Format(error.to_string());
    let tensors = SafeTensors::deserialize(bytes).map_err(format)?;
    let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(format)?;
    let text = metadata.metadata().as_ref().and_then(|all| all.get(KEY));
    let text = text.ok_or(SealError::Unsealed)?;
    let place = place(bytes).ok_or(SealError::Unsealed)?;
    let mut sum = crc32fast::Hasher::new();
    sum.update(&bytes[..place]);
    sum.update(NOTHING.as_bytes());
    sum.update(&bytes[place + DIGITS..]);
    let found = format!("{:08x}", sum.finalize());
    let written = String::from_utf8_lossy(&bytes[place..place + DIGITS]).into_owned();
    if found != written {
        return Err(SealError::Checksum { found, written });
    }
    let (_, about) = text.split_once(' ').ok_or(SealError::Unsealed)?;
    Ok((about.to_owned(), tensors))
}

/// Where the digits of the checksum stand.
fn place(bytes: &[u8]) -> Option<usize> {
    let at = bytes
        .windows(BEFORE.len())
        .position(|window| window == BEFORE)?;
    let place = at + BEFORE.len();
    (place + DIGITS <= bytes.len()).then_some(place)
}

#[cfg(test)]
mod tests {
    use super::{Array, SealError, open, seal};
    use std::collections::BTreeMap;

    #[test]
    fn no_bit_can_change_unseen() {
        let arrays = BTreeMap::from([
            ("a".to_owned(), Array::numbers(vec![2, 1], &[1.0, f64::NAN])),
            ("b".to_owned(), Array::numbers(vec![1], &[0.5])),
        ]);
        let bytes = seal(&arrays, "{\"ρ\": \"\\\"\"}").unwrap();
        let (about, tensors) = open(&bytes).unwrap();
        assert_eq!(about, "{\"ρ\": \"\\\"\"}");
        assert_eq!(tensors.tensor("a").unwrap().shape(), [2, 1]);
        for position in 0..bytes.len() {
            for bit in 0..8 {
                let mut other = bytes.clone();
                other[position] ^= 1 << bit;
                assert!(open(&other).is_err(), "byte {position}, bit {bit}");
            }
            assert!(open(&bytes[..position]).is_err(), "cut at {position}");
        }
        let longer = [&bytes[..], &[0]].concat();
        assert!(open(&longer).is_err());
        let plain = safetensors::tensor::serialize(
            Vec::<(String, safetensors::tensor::TensorView)>::new(),
            None,
        );
        assert_eq!(open(&plain.unwrap()).unwrap_err(), SealError::Unsealed);
    }
}
