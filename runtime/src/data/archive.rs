//! The arrays in a `.npz` file: a zip archive of `.npy` files, plain (`numpy.savez`) or compressed
//! (`numpy.savez_compressed`).
//!
//! Every array is checked against the checksum that the archive has of it: a file that was cut or changed on its way is
//! not taken for a solution.

use super::column::Array;
use super::error::DataError;
use super::npy;
use crc32fast::hash;
use flate2::read::DeflateDecoder;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;
use zip::{CompressionMethod, ZipArchive};

/// An open file.
pub struct Archive {
    zip: ZipArchive<BufReader<File>>,
    /// The names of the arrays, in the order of the file.
    names: Vec<String>,
}

/// No array that a solution is measured against has more bytes.
const MOST_BYTES: u64 = 8 * super::MOST_VALUES as u64 + (1 << 16);

impl Archive {
    /// Opens a file and reads what is in it, but no array.
    pub fn open(path: &Path) -> Result<Self, DataError> {
        let unreadable = |reason: String| DataError::Unreadable { reason };
        let file = File::open(path).map_err(|error| unreadable(error.to_string()))?;
        let metadata = file
            .metadata()
            .map_err(|error| unreadable(error.to_string()))?;
        if !metadata.is_file() {
            return Err(unreadable("it is not a file".to_owned()));
        }
        let format = |error: zip::result::ZipError| DataError::Format {
            kind: "`.npz` archive",
            reason: match error {
                zip::result::ZipError::InvalidArchive(_) => {
                    "it is no zip archive of arrays, or it was cut off".to_owned()
                }
                other => other.to_string(),
            },
        };
        let mut zip = ZipArchive::new(BufReader::new(file)).map_err(format)?;
        let mut names = Vec::new();
        for position in 0..zip.len() {
            let entry = zip.by_index_raw(position).map_err(format)?;
            let name = entry.name().map_err(format)?;
            names.push(name.strip_suffix(".npy").unwrap_or(&name).to_owned());
        }
        Ok(Self { zip, names })
    }

    /// The numbers of an array.
    pub fn array(&mut self, name: &str) -> Result<Array, DataError> {
        let Some(position) = self.names.iter().position(|present| present == name) else {
            return Err(self.missing(name));
        };
        let fail = |reason: String| DataError::Array {
            array: name.to_owned(),
            reason,
        };
        let bytes = self.bytes(position).map_err(fail)?;
        npy::read(&bytes).map_err(fail)
    }

    fn missing(&self, name: &str) -> DataError {
        DataError::missing(name, self.names.iter().map(String::as_str))
    }

    /// The content of an entry, checked.
    fn bytes(&mut self, position: usize) -> Result<Vec<u8>, String> {
        let entry = self.zip.by_index_raw(position);
        let entry = entry.map_err(|error| error.to_string())?;
        let (size, checksum, method) = (entry.size(), entry.crc32(), entry.compression());
        if entry.encrypted() {
            return Err("it is encrypted".to_owned());
        }
        // Checked before the archive is trusted with memory.
        if size > MOST_BYTES {
            return Err(format!("it has more than {} values", super::MOST_VALUES));
        }
        let mut bytes = Vec::new();
        // One byte more than promised shows that the promise was wrong.
        let read = if method == CompressionMethod::Stored {
            entry.take(size + 1).read_to_end(&mut bytes)
        } else if method == CompressionMethod::DEFLATE {
            DeflateDecoder::new(entry)
                .take(size + 1)
                .read_to_end(&mut bytes)
        } else {
            return Err(format!(
                "it is compressed in a way that is not supported ({method}); write the file with \
                 `numpy.savez` or `numpy.savez_compressed`"
            ));
        };
        read.map_err(|error| format!("the file is damaged: {error}"))?;
        if bytes.len() as u64 != size || hash(&bytes) != checksum {
            return Err(
                "the file is damaged: the array does not agree with its checksum; copy or write it again"
                    .to_owned(),
            );
        }
        Ok(bytes)
    }
}
