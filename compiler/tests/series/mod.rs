//! Truncated power series in one variable, with complex coefficients: an independent way to derivatives of
//! any order in x and, by a complex step in t, one more in t.

pub const TERMS: usize = 5;
#[derive(Clone, Copy, Debug)]
pub struct Complex(pub f64, pub f64);
impl Complex {
    pub fn times(self, o: Self) -> Self {
        Self(self.0 * o.0 - self.1 * o.1, self.0 * o.1 + self.1 * o.0)
    }
    pub fn plus(self, o: Self) -> Self {
        Self(self.0 + o.0, self.1 + o.1)
    }
    pub fn scaled(self, c: f64) -> Self {
        Self(self.0 * c, self.1 * c)
    }
    pub fn tanh(self) -> Self {
        // tanh(a + ib) = (sinh 2a + i sin 2b)/(cosh 2a + cos 2b)
        let d = (2.0 * self.0).cosh() + (2.0 * self.1).cos();
        Self((2.0 * self.0).sinh() / d, (2.0 * self.1).sin() / d)
    }
}
pub type Series = [Complex; TERMS];
pub fn multiply(a: &Series, b: &Series) -> Series {
    let mut c = [Complex(0.0, 0.0); TERMS];
    for i in 0..TERMS {
        for j in 0..TERMS - i {
            c[i + j] = c[i + j].plus(a[i].times(b[j]));
        }
    }
    c
}
/// y = tanh z by its differential equation y' = (1 − y²)·z'.
pub fn tanh(z: &Series) -> Series {
    let mut y = [Complex(0.0, 0.0); TERMS];
    y[0] = z[0].tanh();
    for n in 1..TERMS {
        let square = multiply(&y, &y);
        let mut sum = Complex(0.0, 0.0);
        for k in 1..=n {
            let mut slope = square[n - k].scaled(-1.0);
            if n == k {
                slope = slope.plus(Complex(1.0, 0.0));
            }
            sum = sum.plus(slope.times(z[k]).scaled(k as f64));
        }
        y[n] = sum.scaled(1.0 / n as f64);
    }
    y
}
