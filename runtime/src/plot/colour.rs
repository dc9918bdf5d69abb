//! Colours: perceptually uniform maps for values, a fixed palette for everything else.

use plotters::style::RGBColor;

pub(super) const INK: RGBColor = RGBColor(34, 34, 38);
pub(super) const SOFT_INK: RGBColor = RGBColor(84, 86, 92);
pub(super) const FRAME: RGBColor = RGBColor(132, 134, 140);
pub(super) const GRID: RGBColor = RGBColor(229, 230, 233);
pub(super) const MARK: RGBColor = RGBColor(176, 178, 184);
/// Where there is no number.
pub(super) const MISSING: RGBColor = RGBColor(188, 188, 188);

/// Colours of unordered series, told apart with any common colour blindness when neighbours are compared.
pub(super) const SERIES: [RGBColor; 8] = [
    RGBColor(46, 103, 177),
    RGBColor(214, 98, 42),
    RGBColor(51, 145, 106),
    RGBColor(147, 84, 170),
    RGBColor(206, 158, 38),
    RGBColor(74, 169, 196),
    RGBColor(187, 72, 112),
    RGBColor(122, 116, 108),
];

/// A map from 0…1 to colours, lightness varying evenly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ColourMap {
    /// Dark violet to yellow, for values of one sign or about no centre: viridis (S. van der Walt, N. Smith, CC0).
    Sequential,
    /// Blue through white to red, white at zero.
    Diverging,
    /// Black to pale yellow, for errors: magma (S. van der Walt, N. Smith, CC0).
    Magnitude,
}

impl ColourMap {
    /// The colour of a position in 0…1; NaN is [`MISSING`], what lies outside takes the end's colour.
    pub(super) fn colour(self, position: f64) -> RGBColor {
        if position.is_nan() {
            return MISSING;
        }
        let table = match self {
            Self::Sequential => &VIRIDIS,
            Self::Diverging => &BALANCE,
            Self::Magnitude => &MAGMA,
        };
        let place = position.clamp(0.0, 1.0) * (table.len() - 1) as f64;
        let below = (place as usize).min(table.len() - 2);
        let part = place - below as f64;
        let mix = |channel: usize| {
            let (from, to) = (
                f64::from(table[below][channel]),
                f64::from(table[below + 1][channel]),
            );
            (from + part * (to - from)).round() as u8
        };
        RGBColor(mix(0), mix(1), mix(2))
    }
}

/// Colour of the `index`-th of `count` ordered lines, light enough for a dark dashed line on top to stand out.
pub(super) fn ordered(index: usize, count: usize) -> RGBColor {
    let part = if count > 1 {
        index as f64 / (count - 1) as f64
    } else {
        0.35
    };
    let RGBColor(red, green, blue) = ColourMap::Sequential.colour(0.08 + 0.74 * part);
    let lighter = |channel: u8| (0.72 * f64::from(channel) + 0.28 * 255.0).round() as u8;
    RGBColor(lighter(red), lighter(green), lighter(blue))
}

const VIRIDIS: [[u8; 3]; 33] = [
    [68, 1, 84],
    [71, 13, 96],
    [72, 24, 106],
    [72, 35, 116],
    [71, 45, 123],
    [69, 55, 129],
    [66, 64, 134],
    [62, 73, 137],
    [59, 82, 139],
    [55, 91, 141],
    [51, 99, 141],
    [47, 107, 142],
    [44, 114, 142],
    [41, 122, 142],
    [38, 130, 142],
    [35, 137, 142],
    [33, 145, 140],
    [31, 152, 139],
    [31, 160, 136],
    [34, 167, 133],
    [40, 174, 128],
    [50, 182, 122],
    [63, 188, 115],
    [78, 195, 107],
    [94, 201, 98],
    [112, 207, 87],
    [132, 212, 75],
    [152, 216, 62],
    [173, 220, 48],
    [194, 223, 35],
    [216, 226, 25],
    [236, 229, 27],
    [253, 231, 37],
];
/// Even steps of Oklab lightness from 0.30 at both ends to 0.965 in the middle, hues 264°→245° and 45°→22°.
const BALANCE: [[u8; 3]; 33] = [
    [16, 41, 99],
    [19, 51, 118],
    [22, 62, 137],
    [24, 73, 156],
    [26, 85, 175],
    [29, 98, 193],
    [35, 111, 209],
    [46, 125, 221],
    [61, 139, 230],
    [78, 153, 238],
    [97, 167, 244],
    [118, 181, 248],
    [140, 194, 250],
    [164, 208, 251],
    [189, 220, 250],
    [215, 232, 248],
    [243, 243, 243],
    [247, 224, 215],
    [248, 205, 189],
    [247, 186, 165],
    [244, 168, 142],
    [240, 149, 121],
    [234, 131, 102],
    [226, 113, 85],
    [216, 95, 70],
    [205, 78, 56],
    [192, 63, 46],
    [176, 51, 39],
    [159, 40, 34],
    [141, 31, 30],
    [123, 23, 26],
    [106, 16, 23],
    [88, 11, 19],
];
const MAGMA: [[u8; 3]; 33] = [
    [0, 0, 4],
    [3, 3, 18],
    [10, 8, 34],
    [19, 13, 52],
    [29, 17, 71],
    [41, 17, 90],
    [54, 16, 107],
    [68, 15, 118],
    [81, 18, 124],
    [93, 23, 127],
    [106, 28, 129],
    [118, 33, 129],
    [131, 38, 129],
    [144, 42, 129],
    [156, 46, 127],
    [170, 51, 125],
    [183, 55, 121],
    [196, 60, 117],
    [208, 65, 111],
    [220, 72, 105],
    [231, 82, 99],
    [239, 93, 94],
    [245, 107, 92],
    [249, 121, 93],
    [252, 137, 97],
    [253, 152, 105],
    [254, 167, 114],
    [254, 182, 124],
    [254, 196, 136],
    [254, 211, 149],
    [253, 226, 163],
    [252, 240, 178],
    [252, 253, 191],
];
