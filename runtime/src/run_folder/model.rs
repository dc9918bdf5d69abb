//! `model.safetensors`: the parameters of every time window.
//!
//! For window `k` and each affine layer `NAME` of the network: `windowK.NAME.weight` of shape (outputs,
//! inputs), `windowK.NAME.bias` of shape (outputs), and `windowK.interval`, the two ends of the window. All
//! are float64. Equal models are equal files. The file is sealed: it carries a checksum of every byte, and says which problem
//! and settings it was trained with ([`ModelOrigin`]).

use super::identity::Identity;
use super::sealed::{Array, SealError, open, seal};
use crate::atomic::write_file;
use crate::solution::Window;
use pdec_compiler::network::Network;
use safetensors::tensor::Dtype;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;
use thiserror::Error;

/// Why a model cannot be written.
#[derive(Debug, Error)]
pub enum ModelError {
    /// The parameters are not those of the network.
    #[error("window {window} has {found} parameters where the network has {expected}")]
    Size {
        /// The window.
        window: usize,
        /// How many there are.
        found: usize,
        /// How many there must be.
        expected: usize,
    },
    /// The file format refuses.
    #[error("cannot write the model: {0}")]
    Format(#[from] SealError),
    /// The file system refuses.
    #[error("cannot write the model: {0}")]
    Write(#[from] std::io::Error),
}

/// What a model belongs to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelOrigin {
    /// What was trained.
    pub identity: Identity,
    /// The CRC-32 of the `settings.toml` beside it, in eight digits.
    pub settings: String,
}

impl ModelOrigin {
    /// The origin of a model with these resolved settings beside it.
    #[must_use]
    pub fn new(identity: Identity, settings: &str) -> Self {
        Self {
            identity,
            settings: checksum(settings.as_bytes()),
        }
    }
}

/// The CRC-32 of bytes, in eight digits.
#[must_use]
pub fn checksum(bytes: &[u8]) -> String {
    format!("{:08x}", crc32fast::hash(bytes))
}

/// Why a model cannot be used.
#[derive(Debug, Error)]
pub enum ModelReadError {
    /// No such file, or no right to read it.
    #[error("it cannot be read: {0}")]
    Read(#[from] std::io::Error),
    /// Not in the format, or damaged.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// Tensors are missing or of another shape: the model of another problem or of other settings.
    #[error("{0}")]
    Mismatch(String),
    /// A number is missing its value.
    #[error("the tensor `{0}` holds values that are not finite numbers")]
    NotFinite(String),
}

/// Reads the windows of a model, in the order of time.
///
/// # Errors
///
/// [`ModelReadError`], unless every tensor is there, has the shape that the network asks for, holds finite numbers,
/// and nothing else is in the file.
pub fn read_model(path: &Path, network: &Network) -> Result<Vec<Window>, ModelReadError> {
    let bytes = std::fs::read(path)?;
    let (_, file) = open(&bytes)?;
    let mut tensors: BTreeMap<String, _> = file.tensors().into_iter().collect();
    // Windows are numbered from 0; there is at least one.
    let count = tensors
        .keys()
        .filter(|name| name.ends_with(".interval"))
        .count();
    let mut take = |name: String, shape: &[usize]| -> Result<Vec<f64>, ModelReadError> {
        let tensor = tensors.remove(&name).ok_or_else(|| {
            ModelReadError::Mismatch(format!("it has no tensor `{name}`, which this network has"))
        })?;
        if tensor.shape() != shape || tensor.dtype() != Dtype::F64 {
            return Err(ModelReadError::Mismatch(format!(
                "its tensor `{name}` has the shape {:?} of {:?} where this network has {shape:?} of F64",
                tensor.shape(),
                tensor.dtype()
            )));
        }
        let (words, _) = tensor.data().as_chunks::<8>();
        let values: Vec<f64> = words.iter().map(|word| f64::from_le_bytes(*word)).collect();
        if values.iter().all(|value| value.is_finite()) {
            Ok(values)
        } else {
            Err(ModelReadError::NotFinite(name))
        }
    };
    let mut windows: Vec<Window> = Vec::new();
    for number in 0..count.max(1) {
        let interval = take(format!("window{number}.interval"), &[2])?;
        let (low, high) = (interval[0], interval[1]);
        let follows = windows.last().is_none_or(|before| before.high == low);
        if low >= high || !follows {
            return Err(ModelReadError::Mismatch(format!(
                "its window {number} runs from {low} to {high}, which does not follow the one before"
            )));
        }
        let mut parameters = vec![0.0; network.parameters];
        for affine in network.affines() {
            let (inputs, outputs) = (affine.inputs, affine.outputs);
            let weight = if inputs == 0 {
                Vec::new()
            } else {
                take(
                    format!("window{number}.{}.weight", affine.name),
                    &[outputs, inputs],
                )?
            };
            let bias = take(format!("window{number}.{}.bias", affine.name), &[outputs])?;
            parameters[affine.weight..affine.weight + weight.len()].copy_from_slice(&weight);
            parameters[affine.bias..affine.bias + bias.len()].copy_from_slice(&bias);
        }
        windows.push(Window {
            low,
            high,
            parameters,
        });
    }
    match tensors.keys().next() {
        None => Ok(windows),
        Some(name) => Err(ModelReadError::Mismatch(format!(
            "it has a tensor `{name}`, which this network has not"
        ))),
    }
}

/// What the model in a file belongs to.
///
/// # Errors
///
/// [`ModelReadError`], unless every byte is as it was written by `pdec`.
pub fn model_origin(path: &Path) -> Result<ModelOrigin, ModelReadError> {
    let bytes = std::fs::read(path)?;
    let (about, _) = open(&bytes)?;
    serde_json::from_str(&about).map_err(|error| {
        ModelReadError::Mismatch(format!("it does not say what it is the model of: {error}"))
    })
}

/// Writes the parameters of every window to a file, as a whole or not at all.
///
/// # Errors
///
/// [`ModelError`].
pub fn write_model(
    path: &Path,
    network: &Network,
    windows: &[Window],
    origin: &ModelOrigin,
) -> Result<(), ModelError> {
    let mut tensors: BTreeMap<String, Array> = BTreeMap::new();
    for (number, window) in windows.iter().enumerate() {
        let interval = Array::numbers(vec![2], &[window.low, window.high]);
        tensors.insert(format!("window{number}.interval"), interval);
        for affine in network.affines() {
            let (inputs, outputs) = (affine.inputs, affine.outputs);
            let part = |start: usize, length: usize| {
                window
                    .parameters
                    .get(start..start + length)
                    .ok_or(ModelError::Size {
                        window: number,
                        found: window.parameters.len(),
                        expected: network.parameters,
                    })
            };
            let weights = part(affine.weight, inputs * outputs)?;
            let bias = Array::numbers(vec![outputs], part(affine.bias, outputs)?);
            if inputs > 0 {
                let weight = Array::numbers(vec![outputs, inputs], weights);
                tensors.insert(format!("window{number}.{}.weight", affine.name), weight);
            }
            tensors.insert(format!("window{number}.{}.bias", affine.name), bias);
        }
    }
    let about = serde_json::to_string(origin).map_err(std::io::Error::from)?;
    write_file(path, &seal(&tensors, &about)?)?;
    Ok(())
}

/// The tensors of a model as the bytes of an `.npz` file, under the same names.
///
/// # Errors
///
/// Whatever the library or the file system says.
pub fn model_as_npz(path: &Path) -> std::io::Result<Vec<u8>> {
    let failed = |error: candle_core::Error| std::io::Error::other(error.to_string());
    let bytes = std::fs::read(path)?;
    let tensors =
        candle_core::safetensors::load_buffer(&bytes, &candle_core::Device::Cpu).map_err(failed)?;
    let mut arrays = Vec::new();
    for (name, tensor) in tensors {
        let shape = tensor.dims().to_vec();
        let values = tensor
            .flatten_all()
            .and_then(|tensor| tensor.to_vec1::<f64>())
            .map_err(failed)?;
        arrays.push((name, shape, values));
    }
    // Equal models are equal files.
    arrays.sort_by(|a, b| a.0.cmp(&b.0));
    crate::table::npz_of(
        arrays
            .iter()
            .map(|(name, shape, values)| (name.as_str(), shape.as_slice(), values.as_slice())),
    )
}

#[cfg(test)]
mod tests {
    use super::{ModelOrigin, model_origin, read_model, write_model};
    use crate::run_folder::Identity;
    use crate::solution::Window;
    use candle_core::Device;
    use pdec_compiler::network::{Activation, Architecture, Network};

    #[test]
    fn layers_keep_their_shapes_and_bytes_are_the_same() {
        let architecture = Architecture::Mlp {
            width: 5,
            depth: 2,
            activation: Activation::Tanh,
        };
        let network = Network::new(&architecture, 3, 1);
        let windows: Vec<Window> = (0..12)
            .map(|k| Window {
                low: f64::from(k),
                high: f64::from(k + 1),
                parameters: (0..network.parameters).map(|p| p as f64 + 0.5).collect(),
            })
            .collect();
        let folder = tempfile::tempdir().unwrap();
        let [first, second] = ["a", "b"].map(|name| folder.path().join(name));
        let origin = ModelOrigin::new(Identity::default(), "[train]");
        write_model(&first, &network, &windows, &origin).unwrap();
        write_model(&second, &network, &windows, &origin).unwrap();
        assert_eq!(model_origin(&first).unwrap(), origin);
        assert_eq!(
            std::fs::read(&first).unwrap(),
            std::fs::read(&second).unwrap()
        );
        let tensors = candle_core::safetensors::load(&first, &Device::Cpu).unwrap();
        assert_eq!(tensors.len(), 12 * 7);
        assert_eq!(tensors["window3.layer0.weight"].dims(), [5, 3]);
        assert_eq!(tensors["window3.output.bias"].dims(), [1]);
        assert_eq!(
            tensors["window3.interval"].to_vec1::<f64>().unwrap(),
            [3.0, 4.0]
        );
        assert_eq!(read_model(&first, &network).unwrap(), windows);
    }

    #[test]
    fn another_model_is_refused() {
        let network = |width| {
            let architecture = Architecture::Mlp {
                width,
                depth: 2,
                activation: Activation::Tanh,
            };
            Network::new(&architecture, 2, 1)
        };
        let window = |low, value| Window {
            low,
            high: low + 1.0,
            parameters: vec![value; network(4).parameters],
        };
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("model.safetensors");
        let refused = |windows: &[Window], width| {
            write_model(&path, &network(4), windows, &ModelOrigin::default()).unwrap();
            read_model(&path, &network(width)).unwrap_err().to_string()
        };
        let shape = refused(&[window(0.0, 1.0)], 5);
        assert!(shape.contains("has the shape [4, 2]"), "{shape}");
        let gap = refused(&[window(0.0, 1.0), window(2.0, 1.0)], 4);
        assert!(gap.contains("does not follow"), "{gap}");
        let value = refused(&[window(0.0, f64::NAN)], 4);
        assert!(value.contains("not finite"), "{value}");
        let origin = ModelOrigin::default();
        write_model(&path, &network(4), &[window(0.0, 1.0)], &origin).unwrap();
        let bytes = std::fs::read(&path).unwrap();
        for end in [0, 7, 30, bytes.len() - 1] {
            std::fs::write(&path, &bytes[..end]).unwrap();
            assert!(read_model(&path, &network(4)).is_err(), "{end}");
        }
    }
}
