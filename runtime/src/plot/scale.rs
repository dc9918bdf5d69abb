//! From values to positions along an axis, and which positions deserve a tick.

use super::label::{decade, fixed, number, power_of_ten};

/// An interval of values laid along an axis or a colour bar.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Scale {
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) logarithmic: bool,
}

/// Positions with their labels. `common` is what every label leaves out, such as `×10⁻⁹` or `×10⁻⁹ + 1`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Ticks {
    pub(super) values: Vec<f64>,
    pub(super) labels: Vec<String>,
    pub(super) common: Option<String>,
}

impl Scale {
    /// Exactly an interval; one narrower than rounding error is widened about its middle.
    pub(super) fn linear(low: f64, high: f64) -> Self {
        let size = low.abs().max(high.abs());
        if high - low > 1e-13 * size {
            return Self {
                low,
                high,
                logarithmic: false,
            };
        }
        let middle = low + (high - low) / 2.0;
        let half = if size > 0.0 { 0.1 * size } else { 1.0 };
        Self {
            low: middle - half,
            high: middle + half,
            logarithmic: false,
        }
    }

    /// An interval with some air at both ends, for lines.
    pub(super) fn airy(low: f64, high: f64) -> Self {
        let Self { low, high, .. } = Self::linear(low, high);
        let air = 0.06 * (high - low);
        Self {
            low: low - air,
            high: high + air,
            logarithmic: false,
        }
    }

    /// A positive interval, its logarithm laid out evenly; widened until it holds two powers of ten.
    pub(super) fn logarithmic(low: f64, high: f64) -> Self {
        let low = low.max(f64::MIN_POSITIVE);
        let mut scale = Self {
            low,
            high: high.max(low),
            logarithmic: true,
        };
        if scale.ticks(1000).values.len() < 2 {
            scale.low = 10_f64.powi(decade(low));
        }
        if scale.ticks(1000).values.len() < 2 {
            scale.high = 10.0 * 10_f64.powi(decade(scale.high));
        }
        scale
    }

    /// Where a value lies: 0 at the low end, 1 at the high one. NaN for NaN, and for negatives on a logarithmic scale.
    pub(super) fn position(&self, value: f64) -> f64 {
        if self.logarithmic {
            (value / self.low).ln() / (self.high / self.low).ln()
        } else {
            (value - self.low) / (self.high - self.low)
        }
    }

    /// At most `most` ticks: multiples of 1, 2 or 5 powers of ten; whole decades on a logarithmic scale.
    pub(super) fn ticks(&self, most: usize) -> Ticks {
        if self.logarithmic {
            self.decades(most)
        } else {
            self.multiples(most)
        }
    }

    /// Where small ticks help to read a logarithmic scale: multiples of the decades, while there are few of these.
    pub(super) fn minor(&self) -> Vec<f64> {
        if !self.logarithmic || self.high / self.low > 2e4 {
            return Vec::new();
        }
        let decades = decade(self.low)..=decade(self.high);
        let multiples =
            decades.flat_map(|exponent| (2..10).map(move |k| f64::from(k) * 10_f64.powi(exponent)));
        multiples
            .filter(|value| (self.low..=self.high).contains(value))
            .collect()
    }

    fn decades(&self, most: usize) -> Ticks {
        // Within what a double can hold, should an end have overflowed.
        let exponent = |end: f64| end.clamp(-324.0, 308.0) as i32;
        let first = exponent((self.low.log10() - 1e-9).ceil());
        let last = exponent((self.high.log10() + 1e-9).floor());
        let stride = ((last - first) / most.max(1) as i32 + 1).max(1);
        // Counted from zero, so that labels do not jump when the range grows.
        let exponents = (first..=last).filter(|exponent| exponent.rem_euclid(stride) == 0);
        let (values, labels) = exponents
            .map(|exponent| (10_f64.powi(exponent), power_of_ten(exponent)))
            .unzip();
        Ticks {
            values,
            labels,
            common: None,
        }
    }

    fn multiples(&self, most: usize) -> Ticks {
        let step = nice_step((self.high - self.low) / most.max(1) as f64);
        let slack = 1e-9 * (self.high - self.low);
        let first = ((self.low - slack) / step).ceil();
        let count = (((self.high + slack) / step).floor() - first).clamp(0.0, 100.0) as usize;
        let values: Vec<f64> = (0..=count).map(|k| (first + k as f64) * step).collect();
        let (labels, common) = tick_labels(&values, step, self.low, self.high);
        Ticks {
            values,
            labels,
            common,
        }
    }
}

/// The smallest of 1, 2, 5 times a power of ten that is not below `least`.
fn nice_step(least: f64) -> f64 {
    let power = 10_f64.powi(decade(least));
    let multiple = [1.0, 2.0, 5.0]
        .into_iter()
        .find(|multiple| multiple * power >= least * (1.0 - 1e-9));
    multiple.unwrap_or(10.0) * power
}

fn tick_labels(values: &[f64], step: f64, low: f64, high: f64) -> (Vec<String>, Option<String>) {
    let largest = |shift: f64| {
        values
            .iter()
            .map(|value| (value - shift).abs())
            .fold(0.0, f64::max)
    };
    // More than five digits before the varying one: name the shared part once.
    let offset = if largest(0.0) / step > 1e5 {
        roundest(low, high)
    } else {
        0.0
    };
    let exponent = if largest(offset) > 0.0 {
        decade(largest(offset))
    } else {
        0
    };
    let exponent = if (-3..5).contains(&exponent) {
        0
    } else {
        exponent
    };
    let scale = 10_f64.powi(exponent);
    let decimals = (exponent - decade(step * (1.0 + 1e-9))).max(0) as usize;
    let labels = values
        .iter()
        .map(|value| fixed((value - offset) / scale, decimals))
        .collect();
    let factor = (exponent != 0).then(|| format!("×{}", power_of_ten(exponent)));
    let common = match (factor, offset == 0.0) {
        (factor, true) => factor,
        (factor, false) => {
            let sign = if offset < 0.0 { "−" } else { "+" };
            let parts = [
                factor,
                Some(format!("{sign} {}", offset_label(offset.abs()))),
            ];
            Some(parts.into_iter().flatten().collect::<Vec<_>>().join(" "))
        }
    };
    (labels, common)
}

/// The number with the fewest digits in an interval.
fn roundest(low: f64, high: f64) -> f64 {
    let middle = low + (high - low) / 2.0;
    let top = decade(low.abs().max(high.abs()));
    let powers = (0..18).map(|digit| 10_f64.powi(top - digit));
    let mut rounded = powers.map(|power| (middle / power).round() * power);
    rounded
        .find(|value| (low..=high).contains(value))
        .unwrap_or(middle)
}

fn offset_label(value: f64) -> String {
    let plain = value.to_string();
    if plain.len() <= 12 {
        plain
    } else {
        number(value)
    }
}

#[cfg(test)]
mod tests {
    use super::{Scale, Ticks};

    fn labels(scale: Scale, most: usize) -> (String, String) {
        let Ticks { labels, common, .. } = scale.ticks(most);
        (labels.join(" "), common.unwrap_or_default())
    }

    #[test]
    fn ticks_are_round_and_share_what_they_can() {
        let cases = [
            (-15.0, 15.0, "−15 −10 −5 0 5 10 15", ""),
            (0.0, 1.57, "0.0 0.5 1.0 1.5", ""),
            (-1e7, 1e7, "−1.0 −0.5 0.0 0.5 1.0", "×10⁷"),
            (0.0, 3e-9, "0.0 0.5 1.0 1.5 2.0 2.5 3.0", "×10⁻⁹"),
            (1.0 - 1e-9, 1.0 + 1e-9, "−1.0 −0.5 0.0 0.5 1.0", "×10⁻⁹ + 1"),
            (
                -20_000_001.0,
                -19_999_999.0,
                "−1.0 −0.5 0.0 0.5 1.0",
                "− 20000000",
            ),
        ];
        for (low, high, expected, common) in cases {
            assert_eq!(
                labels(Scale::linear(low, high), 7),
                (expected.to_owned(), common.to_owned())
            );
        }
    }

    #[test]
    fn a_constant_lies_in_the_middle() {
        for value in [0.0, 3.0, -1e-12, 1e300] {
            let scale = Scale::linear(value, value);
            assert!((scale.position(value) - 0.5).abs() < 1e-12);
        }
    }

    #[test]
    fn a_logarithmic_scale_holds_two_powers_of_ten() {
        assert_eq!(labels(Scale::logarithmic(0.16, 1.25), 9).0, "10⁻¹ 10⁰");
        assert_eq!(labels(Scale::logarithmic(2.0, 3.0), 9).0, "10⁰ 10¹");
        assert_eq!(
            labels(Scale::logarithmic(1e-6, 1e-3), 9).0,
            "10⁻⁶ 10⁻⁵ 10⁻⁴ 10⁻³"
        );
        assert_eq!(
            labels(Scale::logarithmic(1e-12, 1.0), 5).0,
            "10⁻¹² 10⁻⁹ 10⁻⁶ 10⁻³ 10⁰"
        );
        assert_eq!(Scale::logarithmic(1e-4, 1.0).position(1e-2), 0.5);
    }
}
