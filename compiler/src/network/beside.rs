//! Further neurons beside those of a network: what its last layer reads is followed by a hidden layer of their own.

use super::{Activation, Network, Pointwise, Primitive};

/// The name of the layer.
pub const BESIDE: &str = "beside";

impl Network {
    /// The same network, whose last layer reads so many sines of affine maps of the inputs besides. Parameters before the last
    /// layer stay where they are; those of the new layer follow, then those of the last one. None where fields are not read off
    /// one affine map.
    #[must_use]
    pub fn with_waves_beside(mut self, count: usize) -> Option<Self> {
        let Some(Primitive::Affine { source, affine }) = self.primitives.pop() else {
            return None;
        };
        let is_last = affine.bias + affine.outputs == self.parameters;
        if affine.sites != 1 || !is_last || self.size(source) != affine.inputs {
            return None;
        }
        self.parameters = affine.weight;
        let before = super::Source::Input;
        let hidden = self.affine(BESIDE, before, count);
        let waves = self.pointwise(Pointwise::Activation(Activation::Sin), &[hidden]);
        let both = self.concatenation(&[source, waves]);
        self.affine(&affine.name, both, affine.outputs);
        Some(self)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a test may fail

    use super::super::{Architecture, Source};
    use super::*;

    /// What is before the last layer keeps its places; the last layer reads both.
    #[test]
    fn the_last_layer_reads_further_neurons() {
        let plain = Architecture::Mlp {
            width: 5,
            depth: 2,
            activation: Activation::Tanh,
        };
        let plain = Network::with_features(&plain, None, false, 2, 3, 2);
        let wide = plain.clone().with_waves_beside(7).unwrap();
        let last = plain.last_layer().unwrap();
        let own = wide.last_layer().unwrap();
        assert_eq!((own.inputs, own.outputs), (5 + 7, 2));
        assert_eq!(own.weight, last.weight + 7 * 3 + 7);
        assert_eq!(wide.parameters, own.bias + 2);
        let before = plain.affines().count() - 1;
        let kept = plain.affines().take(before);
        assert!(kept.zip(wide.affines()).all(|(one, other)| one == other));
    }

    #[test]
    fn a_network_without_a_last_layer_has_none() {
        let mut network = Network::empty(2, Vec::new());
        network.pointwise(Pointwise::Activation(Activation::Sin), &[Source::Input]);
        assert!(network.with_waves_beside(3).is_none());
    }
}
