//! Linear equations between exponents, solved one at a time.
//!
//! A dimension that is not known yet is a product of powers of the base quantities and of unknowns. That two of them
//! agree is one equation for each base quantity, all with the same coefficients, so the unknown with the smallest
//! weight is eliminated from all of them at once. What it stands for is written in unknowns that have no solution
//! yet, so solutions never go in circles; the weight of what stays grows, which keeps chains of solutions short.

use super::dimension::{BASE_COUNT, BASES, Dimension, product_text};
use super::rational::Rational;
use crate::source::Span;
use std::collections::BTreeMap;

/// A base quantity, below [`BASE_COUNT`], or an unknown.
pub(super) type Symbol = usize;

/// A product of powers of symbols, sorted, without zero powers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Monomial(Vec<(Symbol, Rational)>);

impl Monomial {
    /// That of a plain number.
    pub(super) fn number() -> Self {
        Self::default()
    }

    pub(super) fn symbol(symbol: Symbol) -> Self {
        Self(vec![(symbol, Rational::ONE)])
    }

    pub(super) fn of(dimension: &Dimension) -> Self {
        let powers = (0..BASE_COUNT).map(|base| (base, dimension.exponent(base)));
        Self(powers.filter(|(_, power)| !power.is_zero()).collect())
    }

    pub(super) fn times(&self, other: &Self) -> Self {
        self.combined(other, Rational::ONE)
    }

    pub(super) fn over(&self, other: &Self) -> Self {
        self.combined(other, Rational::whole(-1))
    }

    pub(super) fn power(&self, power: Rational) -> Self {
        if power.is_zero() {
            return Self::number();
        }
        Self(self.0.iter().map(|(s, p)| (*s, p.times(power))).collect())
    }

    /// `self · other^power`
    fn combined(&self, other: &Self, power: Rational) -> Self {
        let (mut left, mut right) = (self.0.iter().peekable(), other.0.iter().peekable());
        let mut sum = Vec::with_capacity(self.0.len() + other.0.len());
        loop {
            let next = match (left.peek(), right.peek()) {
                (None, None) => break,
                (Some((l, _)), Some((r, _))) if l == r => {
                    let (symbol, ours) = left.next().copied().unwrap_or_default();
                    let (_, theirs) = right.next().copied().unwrap_or_default();
                    (symbol, ours.plus(theirs.times(power)))
                }
                (Some((l, _)), Some((r, _))) if l < r => left.next().copied().unwrap_or_default(),
                (Some(_), None) => left.next().copied().unwrap_or_default(),
                (_, Some(_)) => {
                    let (symbol, theirs) = right.next().copied().unwrap_or_default();
                    (symbol, theirs.times(power))
                }
            };
            if !next.1.is_zero() {
                sum.push(next);
            }
        }
        Self(sum)
    }

    /// The dimension, where no unknown is in it.
    pub(super) fn dimension(&self) -> Option<Dimension> {
        let mut dimension = Dimension::NUMBER;
        for (symbol, power) in &self.0 {
            if *symbol >= BASE_COUNT {
                return None;
            }
            dimension = dimension.with_exponent(*symbol, *power);
        }
        Some(dimension)
    }

    /// In base units and names for the unknowns.
    pub(super) fn text(&self, name: impl Fn(Symbol) -> String) -> String {
        let named: Vec<(String, Rational)> = self
            .0
            .iter()
            .map(|(symbol, power)| match BASES.get(*symbol) {
                Some(base) => ((*base).to_owned(), *power),
                None => (name(*symbol), *power),
            })
            .collect();
        let factors: Vec<(&str, Rational)> = named
            .iter()
            .map(|(name, power)| (name.as_str(), *power))
            .collect();
        product_text(&factors)
    }

    /// The unknowns in it.
    pub(super) fn unknowns(&self) -> impl Iterator<Item = Symbol> + '_ {
        self.0
            .iter()
            .map(|(symbol, _)| *symbol)
            .filter(|symbol| *symbol >= BASE_COUNT)
    }
}

/// What an unknown stands for, and the place that says so.
#[derive(Clone, Debug)]
struct Solution {
    value: Monomial,
    because: Span,
}

/// The unknowns that have been solved for so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Solver {
    solutions: Vec<Option<Solution>>,
    /// How often each one is mentioned, by itself and in the solutions of others.
    weights: Vec<usize>,
}

impl Solver {
    /// A new unknown that so many expressions mention.
    pub(super) fn fresh(&mut self, uses: usize) -> Symbol {
        self.solutions.push(None);
        self.weights.push(1 + uses);
        BASE_COUNT + self.solutions.len() - 1
    }

    /// The place that has determined an unknown.
    pub(super) fn because(&self, symbol: Symbol) -> Option<Span> {
        self.solution(symbol).map(|solution| solution.because)
    }

    fn solution(&self, symbol: Symbol) -> Option<&Solution> {
        self.solutions
            .get(symbol.checked_sub(BASE_COUNT)?)?
            .as_ref()
    }

    /// The same in base quantities and unknowns without a solution.
    pub(super) fn reduced(&self, monomial: &Monomial) -> Monomial {
        if monomial.unknowns().all(|s| self.solution(s).is_none()) {
            return monomial.clone();
        }
        let mut pending: BTreeMap<Symbol, Rational> = monomial.0.iter().copied().collect();
        let mut done: BTreeMap<Symbol, Rational> = BTreeMap::new();
        while let Some((symbol, power)) = pending.pop_last() {
            if power.is_zero() {
                continue;
            }
            let Some(solution) = self.solution(symbol) else {
                let sum = done.entry(symbol).or_default();
                *sum = sum.plus(power);
                continue;
            };
            for (inner, exponent) in &solution.value.0 {
                let sum = pending.entry(*inner).or_default();
                *sum = sum.plus(exponent.times(power));
            }
        }
        done.retain(|_, power| !power.is_zero());
        Monomial(done.into_iter().collect())
    }

    /// Demands that two dimensions agree.
    ///
    /// # Errors
    ///
    /// They are known and differ.
    pub(super) fn unify(
        &mut self,
        left: &Monomial,
        right: &Monomial,
        because: Span,
    ) -> Result<(), ()> {
        let rest = self.reduced(&left.over(right));
        let lightest = rest
            .unknowns()
            .min_by_key(|symbol| (self.weights[symbol - BASE_COUNT], *symbol));
        let Some(symbol) = lightest else {
            return if rest.0.is_empty() { Ok(()) } else { Err(()) };
        };
        let power = rest
            .0
            .iter()
            .find(|(other, _)| *other == symbol)
            .map_or(Rational::ONE, |(_, power)| *power);
        let others = rest.over(&Monomial::symbol(symbol).power(power));
        let value = others.power(Rational::whole(-1).over(power));
        let weight = self.weights[symbol - BASE_COUNT];
        for other in value.unknowns() {
            self.weights[other - BASE_COUNT] += weight;
        }
        self.solutions[symbol - BASE_COUNT] = Some(Solution { value, because });
        Ok(())
    }
}
