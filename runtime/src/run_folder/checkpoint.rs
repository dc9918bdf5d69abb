//! `checkpoint.safetensors`: everything that a run needs to go on, in a sealed file that is replaced as a whole.
//!
//! Arrays are float64, uint64, or uint8 for text, named as in the [`State`]. The text of the seal is JSON: `format`, the
//! [`Identity`], and how many lines of `metrics.jsonl` belong to it.

use super::identity::Identity;
use super::sealed::{Array, SealError, open, seal};
use crate::atomic::write_file;
use crate::state::{Entry, State};
use safetensors::tensor::{Dtype, TensorView};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// The name of the file.
pub const CHECKPOINT: &str = "checkpoint.safetensors";

/// The layout of the file; another one is another format.
const FORMAT: u32 = 1;

/// A run that can go on.
#[derive(Clone, Debug, PartialEq)]
pub struct Checkpoint {
    /// What it is a run of.
    pub identity: Identity,
    /// Lines of `metrics.jsonl` up to here.
    pub reports: usize,
    /// Where it is; nothing where training has not begun.
    pub state: Option<State>,
}

/// Why a checkpoint cannot be used.
#[derive(Debug, Error)]
pub enum CheckpointError {
    /// The file system refuses.
    #[error("`{}` cannot be read: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Damaged, or not a checkpoint.
    #[error("`{}` cannot be used: {reason}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
}

#[derive(Serialize, Deserialize)]
struct About {
    format: u32,
    reports: usize,
    begun: bool,
    identity: Identity,
}

impl Checkpoint {
    /// Writes `checkpoint.safetensors` in a folder; the one before stays if that fails.
    ///
    /// # Errors
    ///
    /// Whatever the system says.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        let about = About {
            format: FORMAT,
            reports: self.reports,
            begun: self.state.is_some(),
            identity: self.identity.clone(),
        };
        let mut arrays: BTreeMap<String, Array> = BTreeMap::new();
        for (name, entry) in self.state.iter().flat_map(State::entries) {
            arrays.insert(name.to_owned(), array(entry));
        }
        let bytes = seal(&arrays, &serde_json::to_string(&about)?).map_err(io::Error::other)?;
        write_file(&folder.join(CHECKPOINT), &bytes)
    }

    /// Reads `checkpoint.safetensors` from a folder.
    ///
    /// # Errors
    ///
    /// [`CheckpointError`], unless the file is there and every byte of it is as it was written.
    pub fn read(folder: &Path) -> Result<Self, CheckpointError> {
        let path = folder.join(CHECKPOINT);
        let bytes = std::fs::read(&path).map_err(|source| CheckpointError::Read {
            path: path.clone(),
            source,
        })?;
        Self::of_bytes(&bytes).map_err(|reason| CheckpointError::Damaged { path, reason })
    }

    fn of_bytes(bytes: &[u8]) -> Result<Self, String> {
        let (about, tensors) = open(bytes).map_err(|error: SealError| error.to_string())?;
        let value: serde_json::Value = serde_json::from_str(&about)
            .map_err(|_| "it is a safetensors file, but no checkpoint".to_owned())?;
        let format = value.get("format").and_then(serde_json::Value::as_u64);
        let Some(format) = format else {
            return Err("it is a safetensors file, but no checkpoint".to_owned());
        };
        if format != u64::from(FORMAT) {
            return Err(format!(
                "it has format {format}, and this version of pdec reads format {FORMAT}"
            ));
        }
        let about: About = serde_json::from_value(value)
            .map_err(|error| format!("its description is incomplete: {error}"))?;
        let mut state = State::default();
        for (name, view) in tensors.tensors() {
            let entry = entry(&view).ok_or_else(|| {
                format!("its array `{name}` is of a kind that checkpoints do not have")
            })?;
            state.insert(&name, entry);
        }
        Ok(Self {
            identity: about.identity,
            reports: about.reports,
            state: about.begun.then_some(state),
        })
    }
}

fn array(entry: &Entry) -> Array {
    match entry {
        Entry::Numbers(values) => Array::numbers(vec![values.len()], values),
        Entry::Words(values) => Array {
            kind: Dtype::U64,
            shape: vec![values.len()],
            bytes: values
                .iter()
                .flat_map(|value| value.to_le_bytes())
                .collect(),
        },
        Entry::Text(text) => Array {
            kind: Dtype::U8,
            shape: vec![text.len()],
            bytes: text.as_bytes().to_vec(),
        },
    }
}

fn entry(view: &TensorView) -> Option<Entry> {
    let (words, _) = view.data().as_chunks::<8>();
    match view.dtype() {
        Dtype::F64 => Some(Entry::Numbers(
            words.iter().map(|word| f64::from_le_bytes(*word)).collect(),
        )),
        Dtype::U64 => Some(Entry::Words(
            words.iter().map(|word| u64::from_le_bytes(*word)).collect(),
        )),
        Dtype::U8 => String::from_utf8(view.data().to_vec())
            .ok()
            .map(Entry::Text),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{CHECKPOINT, Checkpoint};
    use crate::run_folder::Identity;
    use crate::state::State;

    #[test]
    fn everything_comes_back() {
        let mut state = State::default();
        state.put_numbers("a.x", &[1.5, f64::NAN, -0.0]);
        state.put_words("n", &[u64::MAX]);
        state.put_text("text", "[\"ρ\"]");
        state.put_numbers("none", &[]);
        let folder = tempfile::tempdir().unwrap();
        for state in [None, Some(state)] {
            let checkpoint = Checkpoint {
                identity: Identity::default(),
                reports: 7,
                state,
            };
            checkpoint.write(folder.path()).unwrap();
            let again = Checkpoint::read(folder.path()).unwrap();
            assert_eq!(again.reports, 7);
            assert_eq!(again.identity, checkpoint.identity);
            // NaN is not equal to itself: by the bytes
            let bytes = std::fs::read(folder.path().join(CHECKPOINT)).unwrap();
            again.write(folder.path()).unwrap();
            assert_eq!(
                bytes,
                std::fs::read(folder.path().join(CHECKPOINT)).unwrap()
            );
        }
    }
}
