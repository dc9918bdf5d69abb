//! The function table: every function of one argument that the language knows, with its derivative.
//!
//! This is the only place where a derivative rule is written. It is generic over [`Algebra`], so the same
//! line serves symbolic differentiation of jet expressions and the adjoints of kernels.

/// A function of one real argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)] // the names are the documentation
pub enum Function {
    Sin,
    Cos,
    Tan,
    Exp,
    Log,
    Sqrt,
    Tanh,
    Sinh,
    Cosh,
    Sech,
    Atan,
    Erf,
    Abs,
    Sign,
    Heaviside,
}

/// All functions with their names in the language.
pub const FUNCTIONS: [(&str, Function); 15] = [
    ("sin", Function::Sin),
    ("cos", Function::Cos),
    ("tan", Function::Tan),
    ("exp", Function::Exp),
    ("log", Function::Log),
    ("sqrt", Function::Sqrt),
    ("tanh", Function::Tanh),
    ("sinh", Function::Sinh),
    ("cosh", Function::Cosh),
    ("sech", Function::Sech),
    ("atan", Function::Atan),
    ("erf", Function::Erf),
    ("abs", Function::Abs),
    ("sign", Function::Sign),
    ("heaviside", Function::Heaviside),
];

/// How a function answers to a change of sign of its argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parity {
    /// `f(-x) = f(x)`
    Even,
    /// `f(-x) = -f(x)`
    Odd,
}

/// What a derivative rule needs to be written down: numbers, sums, products, calls.
pub trait Algebra {
    /// A value of the algebra.
    type Value: Copy;
    /// A number.
    fn number(&mut self, value: f64) -> Self::Value;
    /// `left + right`
    fn add(&mut self, left: Self::Value, right: Self::Value) -> Self::Value;
    /// `left * right`
    fn multiply(&mut self, left: Self::Value, right: Self::Value) -> Self::Value;
    /// `left / right`
    fn divide(&mut self, left: Self::Value, right: Self::Value) -> Self::Value;
    /// `function(argument)`
    fn call(&mut self, function: Function, argument: Self::Value) -> Self::Value;
}

impl Function {
    /// Its name in the language.
    #[must_use]
    pub fn name(self) -> &'static str {
        FUNCTIONS
            .iter()
            .find(|(_, function)| *function == self)
            .map_or("", |(name, _)| name)
    }

    /// The function of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        FUNCTIONS
            .iter()
            .find(|(candidate, _)| *candidate == name)
            .map(|(_, function)| *function)
    }

    /// Even, odd or neither.
    #[must_use]
    pub fn parity(self) -> Option<Parity> {
        match self {
            Self::Cos | Self::Cosh | Self::Sech | Self::Abs => Some(Parity::Even),
            Self::Sin
            | Self::Tan
            | Self::Tanh
            | Self::Sinh
            | Self::Atan
            | Self::Erf
            | Self::Sign => Some(Parity::Odd),
            Self::Exp | Self::Log | Self::Sqrt | Self::Heaviside => None,
        }
    }

    /// The value at zero where it is a whole number.
    #[must_use]
    pub fn at_zero(self) -> Option<f64> {
        match self {
            Self::Sin
            | Self::Tan
            | Self::Sqrt
            | Self::Tanh
            | Self::Sinh
            | Self::Atan
            | Self::Erf
            | Self::Abs
            | Self::Sign => Some(0.0),
            Self::Cos | Self::Exp | Self::Cosh | Self::Sech => Some(1.0),
            Self::Log | Self::Heaviside => None,
        }
    }

    /// `d function(x) / dx`, given `x` and `y = function(x)`.
    ///
    /// `None` means zero almost everywhere. The rules prefer `y` to another transcendental call.
    pub fn derivative<A: Algebra>(
        self,
        algebra: &mut A,
        x: A::Value,
        y: A::Value,
    ) -> Option<A::Value> {
        let g = algebra;
        let one = g.number(1.0);
        let minus_one = g.number(-1.0);
        Some(match self {
            Self::Sin => g.call(Self::Cos, x),
            Self::Cos => {
                let sin = g.call(Self::Sin, x);
                g.multiply(minus_one, sin)
            }
            Self::Tan => {
                let square = g.multiply(y, y);
                g.add(one, square)
            }
            Self::Exp => y,
            Self::Log => g.divide(one, x),
            Self::Sqrt => {
                let half = g.number(0.5);
                g.divide(half, y)
            }
            Self::Tanh => {
                let square = g.multiply(y, y);
                let minus = g.multiply(minus_one, square);
                g.add(one, minus)
            }
            Self::Sinh => g.call(Self::Cosh, x),
            Self::Cosh => g.call(Self::Sinh, x),
            Self::Sech => {
                let tanh = g.call(Self::Tanh, x);
                let product = g.multiply(y, tanh);
                g.multiply(minus_one, product)
            }
            Self::Atan => {
                let square = g.multiply(x, x);
                let denominator = g.add(one, square);
                g.divide(one, denominator)
            }
            Self::Erf => {
                // 2/sqrt(pi) exp(-x^2)
                let scale = g.number(std::f64::consts::FRAC_2_SQRT_PI);
                let square = g.multiply(x, x);
                let minus = g.multiply(minus_one, square);
                let bell = g.call(Self::Exp, minus);
                g.multiply(scale, bell)
            }
            Self::Abs => g.call(Self::Sign, x),
            Self::Sign | Self::Heaviside => return None,
        })
    }
}
