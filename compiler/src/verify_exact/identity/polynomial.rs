//! Sums of products of powers and exponentials, with complex coefficients that know their rounding.
//!
//! * A [`Polynomial`] is `Σ c · Π atom^k · exp(E)`: what an atom and an exponent `E` are, the
//!   [`Ring`](super::ring::Ring) knows by number.
//! * Invariant: no term twice; a coefficient that is not above the rounding of what it was summed from is no term.

use std::collections::BTreeMap;

/// A coefficient below this share of the sizes that were added up for it is rounding.
const ROUNDING: f64 = 1e-13;
/// What is smaller than this might vanish without being zero.
pub(super) const SMALLEST: f64 = 1e-250;
/// Coefficients that differ by less than this share are one number.
const SAME: f64 = 1e-12;

/// A complex number, and the sum of the absolute values that it was summed from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Coefficient {
    pub(super) re: f64,
    pub(super) im: f64,
    size: f64,
}

impl Coefficient {
    pub(super) fn new(re: f64, im: f64) -> Self {
        let size = re.abs() + im.abs();
        Self { re, im, size }
    }

    fn plus(self, other: Self) -> Self {
        Self {
            re: self.re + other.re,
            im: self.im + other.im,
            size: self.size + other.size,
        }
    }

    /// The product; not a number where it would be lost below the smallest numbers.
    pub(super) fn times(self, other: Self) -> Self {
        let size = self.size * other.size;
        let lost = size < SMALLEST && self.size != 0.0 && other.size != 0.0;
        Self {
            re: self.re * other.re - self.im * other.im,
            im: self.re * other.im + self.im * other.re,
            size: if lost { f64::NAN } else { size },
        }
    }

    /// `1/c`; infinite for zero.
    pub(super) fn reciprocal(self) -> Self {
        let square = self.re * self.re + self.im * self.im;
        let value = Self::new(self.re / square, -self.im / square);
        let spread = self.size / (self.re.abs() + self.im.abs());
        Self {
            size: value.size * spread,
            ..value
        }
    }

    /// Without the part, real or imaginary, that is rounding; none where both are.
    fn pruned(mut self) -> Option<Self> {
        if self.size.is_nan() {
            return Some(self);
        }
        let least = ROUNDING * self.size;
        for part in [&mut self.re, &mut self.im] {
            if part.abs() <= least {
                *part = 0.0;
            }
        }
        (self.re != 0.0 || self.im != 0.0).then_some(self)
    }

    fn is_near(self, other: Self) -> bool {
        let distance = (self.re - other.re).abs() + (self.im - other.im).abs();
        let size = self.re.abs() + self.im.abs() + other.re.abs() + other.im.abs();
        distance <= SAME * size
    }

    fn is_finite(self) -> bool {
        self.re.is_finite() && self.im.is_finite() && self.size.is_finite()
    }
}

/// What a term is a multiple of: powers of atoms, sorted by atom and none zero, and an exponential; exponent 0 is zero.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Monomial {
    pub(super) powers: Vec<(usize, i32)>,
    pub(super) exponent: usize,
}

impl Monomial {
    pub(super) fn is_one(&self) -> bool {
        self.powers.is_empty() && self.exponent == 0
    }

    /// Powers of a product; exponents are left to the ring.
    pub(super) fn powers_of_product(&self, other: &Self) -> Vec<(usize, i32)> {
        let mut powers: BTreeMap<usize, i32> = self.powers.iter().copied().collect();
        for (atom, power) in &other.powers {
            *powers.entry(*atom).or_default() += power;
        }
        powers
            .into_iter()
            .filter(|(_, power)| *power != 0)
            .collect()
    }
}

/// A sum of terms.
#[derive(Clone, Debug, Default)]
pub(super) struct Polynomial {
    pub(super) terms: BTreeMap<Monomial, Coefficient>,
}

impl Polynomial {
    pub(super) fn constant(value: Coefficient) -> Self {
        Self::term(Monomial::default(), value)
    }

    pub(super) fn number(value: f64) -> Self {
        Self::constant(Coefficient::new(value, 0.0))
    }

    pub(super) fn term(monomial: Monomial, coefficient: Coefficient) -> Self {
        let mut sum = Self::default();
        sum.add_term(monomial, coefficient);
        sum.pruned()
    }

    /// The number that it is, where it is a real one.
    pub(super) fn as_number(&self) -> Option<f64> {
        match self.terms.iter().next() {
            None => Some(0.0),
            Some((monomial, value)) if self.terms.len() == 1 && monomial.is_one() => {
                (value.im == 0.0).then_some(value.re)
            }
            Some(_) => None,
        }
    }

    /// Adds without looking at rounding: [`Polynomial::pruned`] comes when all is added.
    pub(super) fn add_term(&mut self, monomial: Monomial, coefficient: Coefficient) {
        let zero = Coefficient::new(0.0, 0.0);
        let entry = self.terms.entry(monomial).or_insert(zero);
        *entry = entry.plus(coefficient);
    }

    /// Adds `factor·other`.
    pub(super) fn add(&mut self, other: &Self, factor: Coefficient) {
        for (monomial, coefficient) in &other.terms {
            self.add_term(monomial.clone(), coefficient.times(factor));
        }
    }

    /// Without what is rounding.
    pub(super) fn pruned(self) -> Self {
        let terms = self.terms.into_iter();
        let terms = terms.filter_map(|(monomial, value)| Some((monomial, value.pruned()?)));
        Self {
            terms: terms.collect(),
        }
    }

    pub(super) fn scaled(&self, factor: Coefficient) -> Self {
        let mut scaled = Self::default();
        scaled.add(self, factor);
        scaled.pruned()
    }

    pub(super) fn is_finite(&self) -> bool {
        self.terms.values().all(|value| value.is_finite())
    }

    /// Whether it is the same but for the last digits of its coefficients.
    pub(super) fn is_near(&self, other: &Self) -> bool {
        self.terms.len() == other.terms.len()
            && self
                .terms
                .iter()
                .zip(&other.terms)
                .all(|((a, x), (b, y))| x.is_near(*y) && a == b)
    }
}
