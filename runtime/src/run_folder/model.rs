//! `model.safetensors`: the parameters of every time window.
//!
//! For window `k` and each affine layer `NAME` of the network: `windowK.NAME.weight` of shape (outputs,
//! inputs), `windowK.NAME.bias` of shape (outputs), and `windowK.interval`, the two ends of the window. All
//! are float64. Tensors are sorted by name, so that equal models are equal files.

use crate::solution::Window;
use candle_core::{Device, Tensor};
use pdec_compiler::network::Network;
use std::collections::HashMap;
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
    /// The tensor library or the file system refuses.
    #[error("cannot write the model: {0}")]
    Write(#[from] candle_core::Error),
}

/// Writes the parameters of every window to a file.
///
/// # Errors
///
/// [`ModelError`].
pub fn write_model(path: &Path, network: &Network, windows: &[Window]) -> Result<(), ModelError> {
    let mut tensors: HashMap<String, Tensor> = HashMap::new();
    let device = Device::Cpu;
    for (number, window) in windows.iter().enumerate() {
        let interval = Tensor::from_slice(&[window.low, window.high], 2, &device)?;
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
            let weight = Tensor::from_slice(weights, (outputs, inputs), &device)?;
            let bias = Tensor::from_slice(part(affine.bias, outputs)?, outputs, &device)?;
            tensors.insert(format!("window{number}.{}.weight", affine.name), weight);
            tensors.insert(format!("window{number}.{}.bias", affine.name), bias);
        }
    }
    candle_core::safetensors::save(&tensors, path)?;
    // The library makes a file that only its owner can read; this one is a result like the others.
    let bytes = std::fs::read(path).map_err(candle_core::Error::from)?;
    std::fs::remove_file(path).map_err(candle_core::Error::from)?;
    std::fs::write(path, bytes).map_err(candle_core::Error::from)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::write_model;
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
        write_model(&first, &network, &windows).unwrap();
        write_model(&second, &network, &windows).unwrap();
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
    }
}
