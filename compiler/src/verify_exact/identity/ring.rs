//! The arithmetic of polynomials: products, powers, quotients, exponentials, logarithms.
//!
//! * `exp(a)·exp(b)` is `exp(a + b)`, `exp(k·log a)` is `aᵏ` for a whole `k`, numbers leave exponentials and logarithms;
//!   what switches is 0 or 1.
//! * A quotient by a sum is an atom of its own until [`Ring::is_zero`] multiplies all of them out.
//! * Every operation may give up: what it would lead to is too large, or not finite.

use super::polynomial::{Coefficient, Monomial, Polynomial, SMALLEST};
use crate::function::Function;
use std::collections::BTreeMap;

/// What cannot be taken apart.
#[derive(Clone, Debug)]
pub(super) enum Atom {
    Coordinate(usize),
    Logarithm(Polynomial),
    /// One over a sum.
    Inverse(Polynomial),
    /// 1 where this is below zero, else 0.
    Indicator(Polynomial),
    /// A function that nothing is known of.
    Call(Function, Polynomial),
}

/// Terms of a sum, atoms, exponents.
const TERMS: usize = 2_000;
const ATOMS: usize = 64;
const EXPONENTS: usize = 512;
/// The largest power of a sum, and how often quotients are multiplied out.
const LARGEST_POWER: u32 = 64;
const ROUNDS: usize = 64;
/// A multiple of a logarithm so near to a whole number is one.
const WHOLE: f64 = 1e-12;

/// Atoms and exponents by number.
pub(super) struct Ring {
    atoms: Vec<Atom>,
    exponents: Vec<Polynomial>,
    /// `exp(a)·exp(b)` as a factor and one exponent.
    products: BTreeMap<(usize, usize), (Polynomial, usize)>,
    /// How many more products of two terms may be taken.
    pub(super) left: usize,
}

impl Ring {
    /// A ring that takes at most so many products of terms.
    pub(super) fn new(products: usize) -> Self {
        Self {
            atoms: Vec::new(),
            exponents: vec![Polynomial::default()],
            products: BTreeMap::new(),
            left: products,
        }
    }

    fn atom(&mut self, atom: Atom) -> Option<Polynomial> {
        let same = |other: &Atom| match (other, &atom) {
            (Atom::Coordinate(a), Atom::Coordinate(b)) => a == b,
            (Atom::Logarithm(a), Atom::Logarithm(b))
            | (Atom::Inverse(a), Atom::Inverse(b))
            | (Atom::Indicator(a), Atom::Indicator(b)) => a.is_near(b),
            (Atom::Call(f, a), Atom::Call(g, b)) => f == g && a.is_near(b),
            (
                Atom::Coordinate(_)
                | Atom::Logarithm(_)
                | Atom::Inverse(_)
                | Atom::Indicator(_)
                | Atom::Call(..),
                _,
            ) => false,
        };
        let number = self.atoms.iter().position(same);
        let number = number.or_else(|| {
            (self.atoms.len() < ATOMS).then(|| {
                self.atoms.push(atom);
                self.atoms.len() - 1
            })
        })?;
        let monomial = Monomial {
            powers: vec![(number, 1)],
            exponent: 0,
        };
        Some(Polynomial::term(monomial, Coefficient::new(1.0, 0.0)))
    }

    pub(super) fn coordinate(&mut self, coordinate: usize) -> Option<Polynomial> {
        self.atom(Atom::Coordinate(coordinate))
    }

    pub(super) fn unknown(&mut self, function: Function, of: Polynomial) -> Option<Polynomial> {
        self.atom(Atom::Call(function, of))
    }

    pub(super) fn indicator(&mut self, negative: Polynomial) -> Option<Polynomial> {
        match negative.as_number() {
            Some(value) => Some(Polynomial::number(if value < 0.0 { 1.0 } else { 0.0 })),
            None => self.atom(Atom::Indicator(negative)),
        }
    }

    pub(super) fn multiply(&mut self, a: &Polynomial, b: &Polynomial) -> Option<Polynomial> {
        let mut product = Polynomial::default();
        for (left, x) in &a.terms {
            for (right, y) in &b.terms {
                self.left = self.left.checked_sub(1)?;
                let mut powers = left.powers_of_product(right);
                for (atom, power) in &mut powers {
                    if let Some(Atom::Indicator(_)) = self.atoms.get(*atom) {
                        *power = 1;
                    }
                }
                let (factor, exponent) = self.joined(left.exponent, right.exponent)?;
                let rest = Monomial { powers, exponent };
                if factor.as_number() == Some(1.0) {
                    product.add_term(rest, x.times(*y));
                } else {
                    let rest = Polynomial::term(rest, x.times(*y));
                    let whole = self.multiply(&factor, &rest)?;
                    product.add(&whole, Coefficient::new(1.0, 0.0));
                }
                if product.terms.len() > TERMS {
                    return None;
                }
            }
        }
        let product = product.pruned();
        product.is_finite().then_some(product)
    }

    pub(super) fn power(&mut self, base: &Polynomial, power: i32) -> Option<Polynomial> {
        let inverse;
        let base = if power < 0 {
            inverse = self.inverse(base)?;
            &inverse
        } else {
            base
        };
        let count = power.unsigned_abs();
        if count > LARGEST_POWER && base.terms.len() > 1 {
            return None;
        }
        let mut product = Polynomial::number(1.0);
        for _ in 0..count.min(4 * LARGEST_POWER) {
            product = self.multiply(&product, base)?;
        }
        (count <= 4 * LARGEST_POWER).then_some(product)
    }

    /// `1/a`. A single term is turned over, a sum is made to begin with 1.
    pub(super) fn inverse(&mut self, a: &Polynomial) -> Option<Polynomial> {
        let (first, value) = a.terms.iter().next()?;
        let turned = self.turned(first.exponent)?;
        let mut inverse = turned.scaled(value.reciprocal());
        if a.terms.len() > 1 {
            let normal = self.multiply(a, &inverse)?;
            let atom = self.atom(Atom::Inverse(normal))?;
            return self.multiply(&inverse, &atom);
        }
        for &(atom, power) in &first.powers {
            let factor = match self.atoms.get(atom)?.clone() {
                Atom::Indicator(_) => return None,
                Atom::Inverse(sum) => self.power(&sum, power)?,
                Atom::Coordinate(_) | Atom::Logarithm(_) | Atom::Call(..) => {
                    let powers = vec![(atom, -power)];
                    let monomial = Monomial {
                        powers,
                        exponent: 0,
                    };
                    Polynomial::term(monomial, Coefficient::new(1.0, 0.0))
                }
            };
            inverse = self.multiply(&inverse, &factor)?;
        }
        inverse.is_finite().then_some(inverse)
    }

    /// `exp(a)`
    pub(super) fn exponential(&mut self, a: &Polynomial) -> Option<Polynomial> {
        let (factor, exponent) = self.exponent(a.clone())?;
        let rest = Monomial {
            powers: Vec::new(),
            exponent,
        };
        let rest = Polynomial::term(rest, Coefficient::new(1.0, 0.0));
        self.multiply(&factor, &rest)
    }

    /// `log(a)` of something that is positive.
    pub(super) fn logarithm(&mut self, a: &Polynomial) -> Option<Polynomial> {
        let (first, value) = a.terms.iter().next()?;
        if value.im != 0.0 {
            return self.atom(Atom::Logarithm(a.clone()));
        }
        let scale = value.re.abs();
        let mut sum = Polynomial::number(libm::log(scale));
        let mut rest = a.scaled(Coefficient::new(1.0 / scale, 0.0));
        let exponent = self.exponents.get(first.exponent)?.clone();
        if a.terms.len() == 1 && exponent.terms.values().all(|c| c.im == 0.0) {
            let turned = self.turned(first.exponent)?;
            rest = self.multiply(&rest, &turned)?;
            sum.add(&exponent, Coefficient::new(1.0, 0.0));
        }
        if rest.as_number() != Some(1.0) {
            let logarithm = self.atom(Atom::Logarithm(rest))?;
            sum.add(&logarithm, Coefficient::new(1.0, 0.0));
        }
        Some(sum.pruned())
    }

    /// One over the exponential of a known exponent.
    fn turned(&mut self, exponent: usize) -> Option<Polynomial> {
        let turned = self.exponents.get(exponent)?;
        let turned = turned.scaled(Coefficient::new(-1.0, 0.0));
        self.exponential(&turned)
    }

    fn joined(&mut self, a: usize, b: usize) -> Option<(Polynomial, usize)> {
        match (a, b) {
            (0, only) | (only, 0) => Some((Polynomial::number(1.0), only)),
            pair => {
                if let Some(known) = self.products.get(&pair) {
                    return Some(known.clone());
                }
                let mut sum = self.exponents.get(a)?.clone();
                sum.add(self.exponents.get(b)?, Coefficient::new(1.0, 0.0));
                let joined = self.exponent(sum.pruned())?;
                self.products.insert(pair, joined.clone());
                Some(joined)
            }
        }
    }

    /// `exp(a)` as a factor and the number of what is left of the exponent.
    fn exponent(&mut self, a: Polynomial) -> Option<(Polynomial, usize)> {
        let mut factor = Polynomial::number(1.0);
        let mut rest = Polynomial::default();
        for (monomial, value) in &a.terms {
            let logarithm = match monomial.powers.as_slice() {
                [(atom, 1)] if monomial.exponent == 0 => match self.atoms.get(*atom)? {
                    Atom::Logarithm(of) => Some(of.clone()),
                    Atom::Coordinate(_)
                    | Atom::Inverse(_)
                    | Atom::Indicator(_)
                    | Atom::Call(..) => None,
                },
                _ => None,
            };
            if monomial.is_one() {
                let size = libm::exp(value.re);
                // A narrow bump, written out, is a tiny number times a huge exponential.
                if size < SMALLEST {
                    return None;
                }
                let turned =
                    Coefficient::new(size * libm::cos(value.im), size * libm::sin(value.im));
                factor = factor.scaled(turned);
            } else if let Some(of) = logarithm {
                let whole = libm::floor(value.re + WHOLE);
                if whole.abs() > f64::from(LARGEST_POWER) {
                    return None;
                }
                #[allow(clippy::cast_possible_truncation)] // checked to be whole and small
                let power = self.power(&of, whole as i32)?;
                factor = self.multiply(&factor, &power)?;
                let left = Coefficient::new(value.re - whole, value.im);
                if left.re.abs() > WHOLE || left.im != 0.0 {
                    rest.add_term(monomial.clone(), left);
                }
            } else {
                rest.add_term(monomial.clone(), *value);
            }
        }
        let known = self.exponents.iter().position(|other| other.is_near(&rest));
        let number = known.or_else(|| {
            (self.exponents.len() < EXPONENTS).then(|| {
                self.exponents.push(rest);
                self.exponents.len() - 1
            })
        })?;
        factor.is_finite().then_some((factor, number))
    }

    /// Whether it is zero when quotients have been multiplied out.
    pub(super) fn is_zero(&mut self, a: Polynomial) -> Option<bool> {
        let mut sum = a;
        for _ in 0..ROUNDS {
            let is_inverse = |atom: usize| matches!(self.atoms.get(atom), Some(Atom::Inverse(_)));
            // What a quotient divides by was there before it: the last one leaves none of its own behind.
            let powers = sum.terms.keys().flat_map(|monomial| &monomial.powers);
            let last = powers.filter(|(atom, _)| is_inverse(*atom)).max();
            let Some(&(atom, most)) = last else {
                return Some(sum.terms.is_empty());
            };
            let Some(Atom::Inverse(by)) = self.atoms.get(atom).cloned() else {
                return None;
            };
            let mut cleared = Polynomial::default();
            for (monomial, value) in &sum.terms {
                let power = monomial.powers.iter().find(|(other, _)| *other == atom);
                let power = power.map_or(0, |(_, power)| *power);
                let mut rest = monomial.clone();
                rest.powers.retain(|(other, _)| *other != atom);
                let factor = self.power(&by, most - power)?;
                let term = self.multiply(&Polynomial::term(rest, *value), &factor)?;
                cleared.add(&term, Coefficient::new(1.0, 0.0));
            }
            sum = cleared.pruned();
        }
        None
    }
}
