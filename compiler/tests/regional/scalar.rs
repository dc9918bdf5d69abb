//! Numbers with a tangent, and functions of (x, t) with the derivatives that the test problem has.

/// What a network is evaluated in.
pub trait Scalar: Copy {
    fn number(value: f64) -> Self;
    fn plus(&self, other: &Self) -> Self;
    fn times(&self, other: &Self) -> Self;
    fn sin(&self) -> Self;
    fn cos(&self) -> Self;
    fn tanh(&self) -> Self;
}

impl Scalar for f64 {
    fn number(value: f64) -> Self {
        value
    }
    fn plus(&self, other: &Self) -> Self {
        self + other
    }
    fn times(&self, other: &Self) -> Self {
        self * other
    }
    fn sin(&self) -> Self {
        f64::sin(*self)
    }
    fn cos(&self) -> Self {
        f64::cos(*self)
    }
    fn tanh(&self) -> Self {
        f64::tanh(*self)
    }
}

/// A number and its derivative along one direction in parameter space.
#[derive(Clone, Copy, Debug)]
pub struct Dual {
    pub value: f64,
    pub tangent: f64,
}

impl Dual {
    fn chain(&self, value: f64, slope: f64) -> Self {
        Self {
            value,
            tangent: slope * self.tangent,
        }
    }
}

impl Scalar for Dual {
    fn number(value: f64) -> Self {
        Self {
            value,
            tangent: 0.0,
        }
    }
    fn plus(&self, other: &Self) -> Self {
        Self {
            value: self.value + other.value,
            tangent: self.tangent + other.tangent,
        }
    }
    fn times(&self, other: &Self) -> Self {
        Self {
            value: self.value * other.value,
            tangent: self.tangent * other.value + self.value * other.tangent,
        }
    }
    fn sin(&self) -> Self {
        self.chain(self.value.sin(), self.value.cos())
    }
    fn cos(&self) -> Self {
        self.chain(self.value.cos(), -self.value.sin())
    }
    fn tanh(&self) -> Self {
        let tanh = self.value.tanh();
        self.chain(tanh, 1.0 - tanh * tanh)
    }
}

/// A function at a point: its value, and its derivatives by x, by t and twice by x.
#[derive(Clone, Copy, Debug)]
pub struct Jet<S> {
    pub v: S,
    pub x: S,
    pub t: S,
    pub xx: S,
}

impl<S: Scalar> Jet<S> {
    pub fn constant(v: S) -> Self {
        let zero = S::number(0.0);
        Self {
            v,
            x: zero,
            t: zero,
            xx: zero,
        }
    }

    pub fn number(value: f64) -> Self {
        Self::constant(S::number(value))
    }

    /// The coordinate x.
    pub fn x(at: f64) -> Self {
        Self {
            x: S::number(1.0),
            ..Self::number(at)
        }
    }

    /// The coordinate t.
    pub fn t(at: f64) -> Self {
        Self {
            t: S::number(1.0),
            ..Self::number(at)
        }
    }

    pub fn plus(&self, other: &Self) -> Self {
        Self {
            v: self.v.plus(&other.v),
            x: self.x.plus(&other.x),
            t: self.t.plus(&other.t),
            xx: self.xx.plus(&other.xx),
        }
    }

    pub fn times(&self, other: &Self) -> Self {
        let product = |a: &S, b: &S| a.times(b);
        let cross = product(&self.x, &other.x).times(&S::number(2.0));
        Self {
            v: product(&self.v, &other.v),
            x: product(&self.x, &other.v).plus(&product(&self.v, &other.x)),
            t: product(&self.t, &other.v).plus(&product(&self.v, &other.t)),
            xx: product(&self.xx, &other.v)
                .plus(&product(&self.v, &other.xx))
                .plus(&cross),
        }
    }

    /// `f(self)` of the value and two derivatives of f.
    fn chain(&self, value: S, first: S, second: S) -> Self {
        let bent = second.times(&self.x.times(&self.x));
        Self {
            v: value,
            x: first.times(&self.x),
            t: first.times(&self.t),
            xx: bent.plus(&first.times(&self.xx)),
        }
    }

    pub fn sin(&self) -> Self {
        let sin = self.v.sin();
        self.chain(sin, self.v.cos(), sin.times(&S::number(-1.0)))
    }

    pub fn tanh(&self) -> Self {
        let tanh = self.v.tanh();
        let minus = |a: &S| a.times(&S::number(-1.0));
        let slope = S::number(1.0).plus(&minus(&tanh.times(&tanh)));
        self.chain(
            tanh,
            slope,
            minus(&tanh.times(&slope)).times(&S::number(2.0)),
        )
    }
}
