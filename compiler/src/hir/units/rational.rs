//! Exponents of dimensions: fractions in lowest terms.

/// A fraction in lowest terms with a positive denominator. Beyond 31 bits it saturates: nobody writes such a power.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rational {
    numerator: i32,
    denominator: i32,
}

impl Default for Rational {
    fn default() -> Self {
        Self::ZERO
    }
}

impl Rational {
    /// 0
    pub const ZERO: Self = Self::whole(0);
    /// 1
    pub const ONE: Self = Self::whole(1);

    /// A whole number.
    #[must_use]
    pub const fn whole(number: i32) -> Self {
        Self {
            numerator: number,
            denominator: 1,
        }
    }

    /// `numerator/denominator` in lowest terms; 0 where the denominator is 0.
    #[must_use]
    pub fn new(numerator: i64, denominator: i64) -> Self {
        if denominator == 0 {
            return Self::ZERO;
        }
        let divisor = gcd(numerator.unsigned_abs(), denominator.unsigned_abs());
        let divisor = i64::try_from(divisor).unwrap_or(1).max(1);
        let sign = denominator.signum();
        let clamp = |value: i64| {
            let bound = i64::from(i32::MAX);
            i32::try_from(value.clamp(-bound, bound)).unwrap_or(i32::MAX)
        };
        Self {
            numerator: clamp((numerator / divisor).saturating_mul(sign)),
            denominator: clamp((denominator / divisor).saturating_mul(sign)),
        }
    }

    /// The fraction with a denominator up to 1000 that a number is, up to rounding.
    #[must_use]
    pub fn from_number(value: f64) -> Option<Self> {
        if value.is_nan() || value.abs() >= 1e6 {
            return None;
        }
        (1..=1000_i32).find_map(|denominator| {
            let scaled = value * f64::from(denominator);
            let whole = scaled.round();
            let near = (scaled - whole).abs() <= 1e-13 * scaled.abs().max(1.0);
            // In range: a million times a thousand.
            near.then(|| Self::new(whole as i64, i64::from(denominator)))
        })
    }

    /// Above the line.
    #[must_use]
    pub fn numerator(self) -> i32 {
        self.numerator
    }

    /// Below the line, positive.
    #[must_use]
    pub fn denominator(self) -> i32 {
        self.denominator
    }

    /// Its value.
    #[must_use]
    pub fn value(self) -> f64 {
        f64::from(self.numerator) / f64::from(self.denominator)
    }

    /// Whether it is 0.
    #[must_use]
    pub fn is_zero(self) -> bool {
        self.numerator == 0
    }

    /// Whether it is below 0.
    #[must_use]
    pub fn is_negative(self) -> bool {
        self.numerator < 0
    }

    /// The sum.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        let (a, b) = (i64::from(self.numerator), i64::from(self.denominator));
        let (c, d) = (i64::from(other.numerator), i64::from(other.denominator));
        Self::new((a * d).saturating_add(c * b), b * d)
    }

    /// The product.
    #[must_use]
    pub fn times(self, other: Self) -> Self {
        Self::new(
            i64::from(self.numerator) * i64::from(other.numerator),
            i64::from(self.denominator) * i64::from(other.denominator),
        )
    }

    /// The quotient; 0 where `other` is 0.
    #[must_use]
    pub fn over(self, other: Self) -> Self {
        self.times(Self::new(
            i64::from(other.denominator),
            i64::from(other.numerator),
        ))
    }

    /// With the other sign.
    #[must_use]
    pub fn negated(self) -> Self {
        self.times(Self::whole(-1))
    }
}

fn gcd(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}
