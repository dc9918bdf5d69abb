//! Integers modulo the prime 2⁶¹ − 1.

use std::ops::{Add, Mul, Sub};

const PRIME: u64 = (1 << 61) - 1;

/// An integer modulo the prime.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Element(u64);

impl Element {
    pub(super) const ZERO: Self = Self(0);

    pub(super) fn new(value: u64) -> Self {
        Self(value % PRIME)
    }

    pub(super) fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// A floating-point number, a whole number times a power of two; infinities and what is no number are one.
    pub(super) fn of(value: f64) -> Self {
        if !value.is_finite() {
            return Self(1);
        }
        let bits = value.to_bits();
        let exponent = i32::try_from((bits >> 52) & 0x7ff).unwrap_or(0);
        let fraction = bits & ((1 << 52) - 1);
        let (mantissa, exponent) = match exponent {
            0 => (fraction, -1074),
            _ => (fraction | (1 << 52), exponent - 1075),
        };
        let size = Self::new(mantissa) * Self(2).power(exponent);
        if value < 0.0 { Self::ZERO - size } else { size }
    }

    /// Any power; those of zero are zero.
    pub(super) fn power(self, exponent: i32) -> Self {
        let mut base = if exponent < 0 { self.inverse() } else { self };
        let mut rest = exponent.unsigned_abs();
        let mut product = Self(1);
        while rest > 0 {
            if rest & 1 == 1 {
                product = product * base;
            }
            base = base * base;
            rest >>= 1;
        }
        product
    }

    /// `1/self`, by Fermat's theorem.
    fn inverse(self) -> Self {
        let mut base = self;
        let mut rest = PRIME - 2;
        let mut product = Self(1);
        while rest > 0 {
            if rest & 1 == 1 {
                product = product * base;
            }
            base = base * base;
            rest >>= 1;
        }
        product
    }
}

impl Add for Element {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self::new(self.0 + other.0)
    }
}

impl Sub for Element {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self::new(self.0 + PRIME - other.0)
    }
}

impl Mul for Element {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        let product = u128::from(self.0) * u128::from(other.0) % u128::from(PRIME);
        Self(u64::try_from(product).unwrap_or(0))
    }
}

/// A number that looks drawn at random, the same for the same arguments (SplitMix64, Steele and others 2014).
pub(super) fn random(number: u64, draw: u64) -> Element {
    let mut state = number.wrapping_add(draw << 48).wrapping_add(1);
    let mut mixed = 0;
    for _ in 0..3 {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mixed = state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        state ^= mixed;
    }
    Element::new(mixed.max(2))
}

/// The determinant of a square matrix, by elimination.
pub(super) fn determinant(mut matrix: Vec<Vec<Element>>) -> Element {
    let size = matrix.len();
    let mut product = Element(1);
    for column in 0..size {
        let Some(pivot) = (column..size).find(|row| !matrix[*row][column].is_zero()) else {
            return Element::ZERO;
        };
        if pivot != column {
            matrix.swap(pivot, column);
            product = Element::ZERO - product;
        }
        product = product * matrix[column][column];
        let inverse = matrix[column][column].inverse();
        for row in column + 1..size {
            let factor = matrix[row][column] * inverse;
            for other in column..size {
                matrix[row][other] = matrix[row][other] - factor * matrix[column][other];
            }
        }
    }
    product
}

/// The coefficients of the polynomial with these values at different points (Newton's divided differences).
pub(super) fn interpolate(points: &[Element], values: &[Element]) -> Vec<Element> {
    let mut differences = values.to_vec();
    for level in 1..points.len() {
        for k in (level..points.len()).rev() {
            let gap = (points[k] - points[k - level]).inverse();
            differences[k] = (differences[k] - differences[k - 1]) * gap;
        }
    }
    let mut polynomial = vec![Element::ZERO; points.len()];
    for k in (0..points.len()).rev() {
        // polynomial ← polynomial·(X − points[k]) + differences[k]
        for degree in (0..points.len()).rev() {
            let lower = if degree == 0 {
                Element::ZERO
            } else {
                polynomial[degree - 1]
            };
            polynomial[degree] = lower - polynomial[degree] * points[k];
        }
        polynomial[0] = polynomial[0] + differences[k];
    }
    polynomial
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_what_they_are_as_fractions() {
        assert_eq!(Element::of(3.0), Element(3));
        assert_eq!(Element::of(-0.75) * Element(4) + Element(3), Element::ZERO);
        assert_eq!(Element::of(0.1) * Element::of(8.0), Element::of(0.8));
        assert_eq!(Element::of(5e-324) * Element(2).power(1074), Element(1));
        assert_eq!(Element(7).power(-3) * Element(343), Element(1));
    }

    #[test]
    fn polynomials_come_from_their_values() {
        let points: Vec<Element> = (1..6).map(Element).collect();
        // 2 − 3X + 5X³
        let at = |x: Element| Element(2) - Element(3) * x + Element(5) * x.power(3);
        let values: Vec<Element> = points.iter().map(|x| at(*x)).collect();
        let expected = [
            Element(2),
            Element::ZERO - Element(3),
            Element(0),
            Element(5),
            Element(0),
        ];
        assert_eq!(interpolate(&points, &values), expected);
    }

    #[test]
    fn determinants_by_elimination() {
        let of =
            |rows: [[u64; 3]; 3]| determinant(rows.map(|row| row.map(Element).to_vec()).to_vec());
        assert_eq!(of([[0, 2, 1], [1, 0, 3], [4, 5, 6]]), Element(17));
        assert_eq!(of([[1, 2, 3], [2, 4, 6], [7, 8, 9]]), Element::ZERO);
    }
}
