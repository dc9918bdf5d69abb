//! Patches: waves that are seen in a part of an interval only, which overlap and together fill it; the fields are sums of
//! them (finite basis networks: Moseley, Markham, Nissen-Meyer 2023; with a last layer by least squares: Anderson, Dolean,
//! Moseley, Pestana 2024).
//!
//! A feature is `½(tanh a − tanh b)·sin z` with three affine maps of the input. Where all features of a patch share `a` and
//! `b`, and the `b` of one patch is the `a` of the next, the factors before the sines add up to one everywhere, whatever
//! the lengths of the patches.

use super::{Network, Pointwise, Source, Start};

/// What a layer of patches is like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Patches {
    /// Features of all patches together.
    pub count: usize,
    /// Whether each has an image, one period away: the network can then be periodic.
    pub images: bool,
}

/// The affine maps of a layer of patches, by name: `a`, `b` and `z`, then those of the image.
const MAPS: [&str; 6] = [
    "begin",
    "end",
    "wave",
    "image_begin",
    "image_end",
    "image_wave",
];

impl Network {
    /// The features; returns them. Whoever solves for the last layer chooses where patches are and which waves they have.
    pub(super) fn patches(&mut self, of: &Patches) -> Source {
        let maps = if of.images { &MAPS[..] } else { &MAPS[..3] };
        let arguments: Vec<Source> = maps
            .iter()
            .map(|name| {
                let start = Start::Normal { deviation: 1.0 };
                self.started_affine(name, Source::Input, 1, of.count, start, true)
            })
            .collect();
        self.pointwise(Pointwise::Patch { image: of.images }, &arguments)
    }
}
