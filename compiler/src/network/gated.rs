//! Networks whose layers are gated by two encoders of the input.

use super::{Activation, Network, Pointwise, Source};

impl Network {
    /// Gated layers (Wang, Teng, Perdikaris 2021); returns the last one.
    pub(super) fn modified_mlp(
        &mut self,
        input: Source,
        (width, depth, activation): (usize, usize, Activation),
        factors: bool,
    ) -> Source {
        let u = self.dense("encoder_u", input, width, activation, factors);
        let v = self.dense("encoder_v", input, width, activation, factors);
        let mut source = input;
        for layer in 0..depth {
            let z = self.dense(&format!("layer{layer}"), source, width, activation, factors);
            source = self.pointwise(Pointwise::Gate, &[z, u, v]);
        }
        source
    }

    /// Blocks of three layers, the first two gated, that are skipped at the beginning: `x ← α·h + (1 − α)·x` with a trained
    /// `α = 0` (Wang, Li, Chen, Perdikaris 2024); returns the last one. The input must be as wide as the blocks.
    pub(super) fn piratenet(
        &mut self,
        input: Source,
        (depth, activation): (usize, Activation),
        factors: bool,
    ) -> Source {
        let width = self.size(input);
        let u = self.dense("encoder_u", input, width, activation, factors);
        let v = self.dense("encoder_v", input, width, activation, factors);
        let mut source = input;
        for block in 0..depth {
            let name = |part: &str| format!("block{block}{part}");
            let f = self.dense(&name("a"), source, width, activation, factors);
            let f = self.pointwise(Pointwise::Gate, &[f, u, v]);
            let g = self.dense(&name("b"), f, width, activation, factors);
            let g = self.pointwise(Pointwise::Gate, &[g, u, v]);
            let h = self.dense(&name("c"), g, width, activation, factors);
            source = self.pointwise(Pointwise::Skip, &[h, source]);
        }
        source
    }
}
