//! At most 256 colours in place of all: a third of the bytes of a picture, with no difference that an eye could see.
//!
//! * Input: pixels, three bytes each.
//! * Output: a [`Palette`] and, for every pixel, the number of its colour.
//! * Invariants: the same pixels give the same palette. Up to 256 colours are kept as they are. Of more, the set of colours
//!   is cut where it spreads most (weighted by how often each occurs) until there are 256 parts; then every colour goes to
//!   the nearest mean, and means follow, a few times (Lloyd, 1982).

/// As many colours as a byte can number.
const MOST: usize = 256;
/// Rounds after which means hardly move.
const ROUNDS: usize = 3;
/// Weight of a colour that occurs so often, as a power: a background of a million pixels is one colour, the rim of a letter
/// are many rare ones; both are to be seen.
const POWER: f64 = 0.75;

/// The colours of a picture.
pub(super) struct Palette {
    /// Colours in use with the number of the entry that shows them, in increasing order of the colours.
    entries: Vec<(u32, u8)>,
    /// Three bytes an entry.
    pub(super) rgb: Vec<u8>,
}

/// A colour and its weight.
type Weighted = (u32, f64);

impl Palette {
    /// The palette of these pictures together.
    pub(super) fn of<'a>(pictures: impl Iterator<Item = &'a [u8]>) -> Self {
        let mut colours: Vec<u32> = pictures
            .flat_map(|rgb| rgb.chunks_exact(3).map(colour))
            .collect();
        colours.sort_unstable();
        let mut weighted: Vec<Weighted> = colours
            .chunk_by(|one, other| one == other)
            .map(|run| (run[0], (run.len() as f64).powf(POWER)))
            .collect();
        let exact = weighted.len() <= MOST;
        let mut means: Vec<[f64; 3]> = parts(&mut weighted).iter().map(|part| mean(part)).collect();
        weighted.sort_unstable_by_key(|it| it.0);
        let rounds = if exact { 0 } else { ROUNDS };
        for _ in 0..rounds {
            let mut sums = vec![([0.0; 3], 0.0); means.len()];
            for (colour, weight) in &weighted {
                let (sum, total) = &mut sums[nearest(&means, *colour)];
                *total += weight;
                for (sum, value) in sum.iter_mut().zip(channels(*colour)) {
                    *sum += weight * value;
                }
            }
            for (mean, (sum, total)) in means.iter_mut().zip(sums) {
                // A mean that no colour is near to stays.
                if total > 0.0 {
                    *mean = sum.map(|it| it / total);
                }
            }
        }
        // At most 256 means, so that a number is a byte.
        let entry = |(colour, _): &Weighted| (*colour, nearest(&means, *colour) as u8);
        Self {
            entries: weighted.iter().map(entry).collect(),
            rgb: means
                .iter()
                .flatten()
                .map(|value| value.round() as u8)
                .collect(),
        }
    }

    /// The number of the colour of every pixel of a picture that the palette was made of.
    pub(super) fn numbers(&self, rgb: &[u8]) -> Vec<u8> {
        let mut last = (u32::MAX, 0);
        rgb.chunks_exact(3)
            .map(|pixel| {
                let wanted = colour(pixel);
                // Neighbours are mostly equal.
                if last.0 != wanted {
                    let found = self.entries.binary_search_by_key(&wanted, |entry| entry.0);
                    // A colour from elsewhere is shown as the next one.
                    let at = found.unwrap_or_else(|at| at.min(self.entries.len() - 1));
                    last = (wanted, self.entries[at].1);
                }
                last.1
            })
            .collect()
    }
}

/// The number of the mean that is nearest to a colour.
fn nearest(means: &[[f64; 3]], colour: u32) -> usize {
    let at = channels(colour);
    let apart =
        |mean: &[f64; 3]| -> f64 { mean.iter().zip(at).map(|(a, b)| (a - b) * (a - b)).sum() };
    let mut best = (0, f64::INFINITY);
    for (number, mean) in means.iter().enumerate() {
        let distance = apart(mean);
        if distance < best.1 {
            best = (number, distance);
        }
    }
    best.0
}

fn colour(pixel: &[u8]) -> u32 {
    u32::from_be_bytes([0, pixel[0], pixel[1], pixel[2]])
}

fn channels(colour: u32) -> [f64; 3] {
    let [_, red, green, blue] = colour.to_be_bytes();
    [red, green, blue].map(f64::from)
}

/// Cuts the colours into at most [`MOST`] parts.
fn parts(colours: &mut [Weighted]) -> Vec<&mut [Weighted]> {
    if colours.is_empty() {
        return Vec::new();
    }
    let mut parts = vec![measured(colours)];
    while parts.len() < MOST {
        let widest = (0..parts.len()).max_by(|a, b| parts[*a].spread.total_cmp(&parts[*b].spread));
        let Some(widest) = widest.filter(|it| parts[*it].spread > 0.0) else {
            break;
        };
        let Part {
            colours,
            channel,
            mean,
            ..
        } = parts.swap_remove(widest);
        colours.sort_unstable_by(|a, b| {
            let along = |colour: u32| channels(colour)[channel];
            along(a.0).total_cmp(&along(b.0)).then(a.0.cmp(&b.0))
        });
        // Both sides have something: the mean lies strictly between the smallest and the largest.
        let middle = colours.partition_point(|it| channels(it.0)[channel] <= mean);
        let (below, above) = colours.split_at_mut(middle);
        parts.push(measured(below));
        parts.push(measured(above));
    }
    parts.into_iter().map(|part| part.colours).collect()
}

/// Some of the colours, with the channel in which they spread most.
struct Part<'a> {
    colours: &'a mut [Weighted],
    channel: usize,
    mean: f64,
    /// The weighted sum of squares about the mean in that channel.
    spread: f64,
}

fn measured(colours: &mut [Weighted]) -> Part<'_> {
    let means = mean(colours);
    let mut spreads = [0.0; 3];
    for (colour, weight) in colours.iter() {
        let apart = channels(*colour);
        for (channel, spread) in spreads.iter_mut().enumerate() {
            *spread += weight * (apart[channel] - means[channel]).powi(2);
        }
    }
    let channel = (0..3)
        .max_by(|a, b| spreads[*a].total_cmp(&spreads[*b]))
        .unwrap_or(0);
    Part {
        channel,
        mean: means[channel],
        // Rounding of the mean of a single colour is no spread.
        spread: if colours.len() > 1 {
            spreads[channel]
        } else {
            0.0
        },
        colours,
    }
}

/// The weighted mean of each channel.
fn mean(colours: &[Weighted]) -> [f64; 3] {
    if let [(only, _)] = colours {
        return channels(*only);
    }
    let mut sums = [0.0; 3];
    let mut total = 0.0;
    for (colour, weight) in colours {
        total += weight;
        for (sum, value) in sums.iter_mut().zip(channels(*colour)) {
            *sum += weight * value;
        }
    }
    sums.map(|sum| sum / total)
}

#[cfg(test)]
mod tests {
    use super::Palette;

    fn shown(palette: &Palette, rgb: &[u8]) -> Vec<u8> {
        let numbers = palette.numbers(rgb);
        let entry = |number: u8| palette.rgb[3 * usize::from(number)..][..3].to_vec();
        numbers.into_iter().flat_map(entry).collect()
    }

    #[test]
    fn few_colours_are_kept() {
        let rgb: Vec<u8> = (0..256u32)
            .flat_map(|n| [n as u8, (7 * n) as u8, 0])
            .collect();
        let palette = Palette::of([rgb.as_slice(), &rgb].into_iter());
        assert_eq!(palette.rgb.len(), 3 * 256);
        assert_eq!(shown(&palette, &rgb), rgb);
    }

    #[test]
    fn of_many_colours_none_is_far_off() {
        // A scale of a thousand colours, each as often as the next, on a large background of one.
        let mut rgb = vec![255; 3 * 100_000];
        rgb.extend((0..1000u32).flat_map(|n| {
            let part = f64::from(n) / 999.0;
            [255.0 * part, 200.0 * part * part, 80.0 * (1.0 - part)].map(|it| it as u8)
        }));
        let palette = Palette::of(std::iter::once(rgb.as_slice()));
        assert!(palette.rgb.len() <= 3 * 256);
        let shown = shown(&palette, &rgb);
        assert_eq!(shown[..300], rgb[..300]);
        let apart = rgb.iter().zip(&shown).map(|(a, b)| a.abs_diff(*b)).max();
        assert!(apart <= Some(3), "{apart:?}");
    }
}
