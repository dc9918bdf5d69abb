//! Dimensions: products of powers of the seven base quantities.

use super::rational::Rational;
use std::fmt;

/// The coherent units of the base quantities, in the order in which they are written.
pub(super) const BASES: [&str; BASE_COUNT] = ["kg", "m", "s", "A", "K", "mol", "cd"];

/// How many base quantities there are.
pub(super) const BASE_COUNT: usize = 7;

/// Units with a name of their own, as exponents of kg, m, s, A: what a dimension is shown with.
const NAMED: [(&str, [i32; 4]); 12] = [
    ("W", [1, 2, -3, 0]),
    ("J", [1, 2, -2, 0]),
    ("N", [1, 1, -2, 0]),
    ("Pa", [1, -1, -2, 0]),
    ("V", [1, 2, -3, -1]),
    ("C", [0, 0, 1, 1]),
    ("T", [1, 0, -2, -1]),
    ("H", [1, 2, -2, -2]),
    ("F", [-1, -2, 4, 2]),
    ("ohm", [1, 2, -3, -2]),
    ("S", [-1, -2, 3, 2]),
    ("Wb", [1, 2, -2, -1]),
];

/// A product of powers of kg, m, s, A, K, mol and cd.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Dimension([Rational; BASE_COUNT]);

impl Dimension {
    /// That of a plain number.
    pub const NUMBER: Self = Self([Rational::ZERO; BASE_COUNT]);

    /// Powers of kg, m, s, A, K, mol, cd.
    #[must_use]
    pub fn new(powers: [i32; BASE_COUNT]) -> Self {
        Self(powers.map(Rational::whole))
    }

    /// The power of a base quantity, in the order kg, m, s, A, K, mol, cd.
    #[must_use]
    pub fn exponent(&self, base: usize) -> Rational {
        self.0.get(base).copied().unwrap_or_default()
    }

    /// The same with another power of one base quantity.
    #[must_use]
    pub(super) fn with_exponent(mut self, base: usize, power: Rational) -> Self {
        if let Some(entry) = self.0.get_mut(base) {
            *entry = power;
        }
        self
    }

    /// Whether this is a plain number.
    #[must_use]
    pub fn is_number(&self) -> bool {
        *self == Self::NUMBER
    }

    /// Whether all powers are whole numbers.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.0.iter().all(|power| power.denominator() == 1)
    }

    /// The product.
    #[must_use]
    pub fn times(&self, other: &Self) -> Self {
        let mut product = *self;
        for (power, more) in product.0.iter_mut().zip(other.0) {
            *power = power.plus(more);
        }
        product
    }

    /// The quotient.
    #[must_use]
    pub fn over(&self, other: &Self) -> Self {
        self.times(&other.power(Rational::whole(-1)))
    }

    /// A power.
    #[must_use]
    pub fn power(&self, power: Rational) -> Self {
        Self(self.0.map(|exponent| exponent.times(power)))
    }

    /// In base units, `kg*m/(s^3*K)`; `1` for a number.
    #[must_use]
    pub fn in_base_units(&self) -> String {
        product_text(&self.factors())
    }

    /// As one would say it, `W/(m*K)`: with a named unit where that is shorter. Units in `favourites` are preferred,
    /// so that a file which speaks of watts is answered in watts.
    #[must_use]
    pub fn in_named_units(&self, favourites: &[&str]) -> String {
        let base = self.factors();
        let mut best = (cost(&base), base);
        for (name, powers) in NAMED {
            let unit = Self::new([powers[0], powers[1], powers[2], powers[3], 0, 0, 0]);
            for sign in [1, -1] {
                let rest = self.over(&unit.power(Rational::whole(sign)));
                // N/kg is no name for an acceleration: what has no mass is not a force.
                let heavy = powers[0] != 0 && !rest.exponent(0).is_zero();
                let current = powers[0] == 0 && !rest.exponent(3).is_zero();
                if heavy || current {
                    continue;
                }
                let mut factors = vec![(name, Rational::whole(sign))];
                factors.extend(rest.factors());
                let liked = favourites.contains(&name);
                let cost = cost(&factors) - if liked { 1.0 } else { 0.0 };
                if cost < best.0 {
                    best = (cost, factors);
                }
            }
        }
        product_text(&best.1)
    }

    fn factors(&self) -> Vec<(&'static str, Rational)> {
        BASES
            .iter()
            .zip(self.0)
            .filter(|(_, power)| !power.is_zero())
            .map(|(name, power)| (*name, power))
            .collect()
    }
}

impl fmt::Display for Dimension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.in_base_units())
    }
}

/// How long a product is to read: each factor counts, high and broken powers count more.
fn cost(factors: &[(&str, Rational)]) -> f64 {
    factors
        .iter()
        .map(|(_, power)| {
            let broken = if power.denominator() == 1 { 0.0 } else { 1.0 };
            1.0 + broken + 0.5 * (power.value().abs() - 1.0).max(0.0)
        })
        .sum()
}

/// `W/(m*K)`: what has negative powers stands behind one `/`.
pub(super) fn product_text(factors: &[(&str, Rational)]) -> String {
    let power_text = |name: &str, power: Rational| match (power.numerator(), power.denominator()) {
        (1, 1) => name.to_owned(),
        (whole, 1) => format!("{name}^{whole}"),
        (above, below) => format!("{name}^({above}/{below})"),
    };
    let above: Vec<String> = factors
        .iter()
        .filter(|(_, power)| !power.is_negative() && !power.is_zero())
        .map(|(name, power)| power_text(name, *power))
        .collect();
    let below: Vec<String> = factors
        .iter()
        .filter(|(_, power)| power.is_negative())
        .map(|(name, power)| power_text(name, power.negated()))
        .collect();
    let above = if above.is_empty() {
        "1".to_owned()
    } else {
        above.join("*")
    };
    match below.as_slice() {
        [] => above,
        [one] => format!("{above}/{one}"),
        more => format!("{above}/({})", more.join("*")),
    }
}
