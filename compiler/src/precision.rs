//! Single and double precision.

use std::fmt;

/// How many bits the numbers of a training step have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Precision {
    /// `f32`
    Single,
    /// `f64`
    #[default]
    Double,
}

impl Precision {
    /// Its name in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Single => "f32",
            Self::Double => "f64",
        }
    }

    /// Bytes of a number.
    #[must_use]
    pub fn bytes(self) -> usize {
        match self {
            Self::Single => 4,
            Self::Double => 8,
        }
    }
}

impl fmt::Display for Precision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A number of one of the precisions.
pub trait Number: private::Sealed {
    /// Which one.
    const PRECISION: Precision;
}

impl Number for f32 {
    const PRECISION: Precision = Precision::Single;
}

impl Number for f64 {
    const PRECISION: Precision = Precision::Double;
}

mod private {
    /// Code that is handed pointers relies on there being no other precisions.
    pub trait Sealed {}
    impl Sealed for f32 {}
    impl Sealed for f64 {}
}
