//! Accuracy against `reference.txt` and std, special values, and equal bits whichever way a function is called.
#![allow(unsafe_code)] // Calls of the functions behind C pointers.

use super::dispatch::{self, Level};
use super::extern_c;

type Map = fn(Level, &[f64], &mut [f64]);

struct Case {
    name: &'static str,
    map: Map,
    one: fn(Level, f64) -> f64,
    vector: fn(&[f64], &mut [f64]),
    scalar: fn(f64) -> f64,
    std: Option<Std>,
}

/// The function of std and the range of a dense comparison.
type Std = (fn(f64) -> f64, f64, f64);

macro_rules! case {
    ($name:ident, $scalar:ident, $core:ty, $std:expr) => {
        Case {
            name: stringify!($name),
            map: dispatch::map::<$core>,
            one: dispatch::one::<$core>,
            vector: super::$name,
            scalar: super::$scalar,
            std: $std,
        }
    };
}

fn cases() -> Vec<Case> {
    use super::{atan, erf, exp, hyperbolic, log, simple, trig};
    vec![
        case!(sin, sin_scalar, trig::Sin, Some((f64::sin, -30.0, 30.0))),
        case!(cos, cos_scalar, trig::Cos, Some((f64::cos, -30.0, 30.0))),
        case!(tan, tan_scalar, trig::Tan, Some((f64::tan, -30.0, 30.0))),
        case!(atan, atan_scalar, atan::Atan, Some((f64::atan, -8.0, 8.0))),
        case!(exp, exp_scalar, exp::Exp, Some((f64::exp, -30.0, 30.0))),
        case!(log, log_scalar, log::Log, Some((f64::ln, 0.0, 30.0))),
        case!(
            tanh,
            tanh_scalar,
            hyperbolic::Tanh,
            Some((f64::tanh, -5.0, 5.0))
        ),
        case!(
            sinh,
            sinh_scalar,
            hyperbolic::Sinh,
            Some((f64::sinh, -5.0, 5.0))
        ),
        case!(
            cosh,
            cosh_scalar,
            hyperbolic::Cosh,
            Some((f64::cosh, -5.0, 5.0))
        ),
        case!(sech, sech_scalar, hyperbolic::Sech, None),
        case!(erf, erf_scalar, erf::Erf, None),
        case!(
            sqrt,
            sqrt_scalar,
            simple::Sqrt,
            Some((f64::sqrt, 0.0, 30.0))
        ),
        case!(abs, abs_scalar, simple::Abs, Some((f64::abs, -30.0, 30.0))),
        case!(sign, sign_scalar, simple::Sign, None),
        case!(heaviside, heaviside_scalar, simple::Heaviside, None),
    ]
}

/// SplitMix64 (Steele, Lea and Flood 2014).
struct Random(u64);

impl Random {
    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn uniform(&mut self, lo: f64, hi: f64) -> f64 {
        lo + (hi - lo) * ((self.bits() >> 11) as f64 / (1u64 << 53) as f64)
    }

    /// Every bit pattern, and as many numbers of ordinary size.
    fn any(&mut self) -> f64 {
        match self.bits() % 4 {
            0 => f64::from_bits(self.bits()),
            1 => self.uniform(-800.0, 800.0),
            2 => self.uniform(-5.0, 5.0),
            _ => self.uniform(-1.0, 1.0) * f64::powi(2.0, (self.bits() % 80) as i32 - 60),
        }
    }
}

fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|v| v.to_bits()).collect()
}

/// Doubles between a and b; 0 for two NaN.
fn distance(a: f64, b: f64) -> u64 {
    if a.is_nan() && b.is_nan() {
        return 0;
    }
    let ordered = |v: f64| {
        let b = v.to_bits() as i64;
        i128::from(if b < 0 { i64::MIN.wrapping_sub(b) } else { b })
    };
    ordered(a).abs_diff(ordered(b)).min(u128::from(u64::MAX)) as u64
}

#[test]
fn within_one_ulp_of_the_reference() {
    let mut worst = std::collections::BTreeMap::new();
    let cases = cases();
    for line in include_str!("reference.txt").lines() {
        let fields: Vec<&str> = line.split(' ').collect();
        let number = |field: &str| f64::from_bits(u64::from_str_radix(field, 16).unwrap());
        let (name, x) = (fields[0], number(fields[1]));
        let [.., rounded, rest] = fields[..] else {
            panic!("{line}")
        };
        let got = match cases.iter().find(|case| case.name == name) {
            Some(case) => (case.scalar)(x),
            None => super::pow_scalar(x, number(fields[2])),
        };
        let (rounded, rest) = (number(rounded), rest.parse::<f64>().unwrap() / 1000.0);
        let exponent = ((rounded.to_bits() >> 52 & 0x7ff) as i32).max(1) - 1075;
        // In two steps: 2^-exponent may exceed the largest double.
        let scaled = (got - rounded) * f64::powi(2.0, -exponent / 2);
        let error = (scaled * f64::powi(2.0, -exponent - -exponent / 2) - rest).abs();
        let entry = worst.entry(name).or_insert((0.0, x, 0));
        entry.2 += 1;
        if error.is_nan() || error > entry.0 {
            (entry.0, entry.1) = (error, x);
        }
    }
    assert_eq!(worst.len(), 12);
    for (name, (error, x, points)) in &worst {
        println!("{name:5} {error:.3} ulp at {x:e} ({points} points)");
    }
    for (name, (error, x, _)) in worst {
        // Our own cores stay below 1; pow uses the C library, of which 1 is expected.
        let bound = if name == "pow" { 2.0 } else { 1.0 };
        assert!(error <= bound, "{name}({x:e}): {error} ulp");
    }
}

#[test]
fn within_two_doubles_of_std() {
    let n = 1_000_000;
    let mut random = Random(2);
    let (mut x, mut y) = (vec![0.0; n], vec![0.0; n]);
    for case in cases() {
        let Some((std, lo, hi)) = case.std else {
            continue;
        };
        x.fill_with(|| random.uniform(lo, hi));
        (case.vector)(&x, &mut y);
        let worst = x
            .iter()
            .zip(&y)
            .map(|(x, y)| distance(*y, std(*x)))
            .max()
            .unwrap();
        println!("{:5} {worst} doubles from std on [{lo}, {hi}]", case.name);
        assert!(worst <= 2, "{}: {worst}", case.name);
    }
}

#[test]
fn special_values() {
    const INF: f64 = f64::INFINITY;
    const NAN: f64 = f64::NAN;
    const TINY: f64 = 5e-324;
    const MIN: f64 = f64::MIN_POSITIVE;
    const MAX: f64 = f64::MAX;
    let half_pi = std::f64::consts::FRAC_PI_2;
    let odd = [
        (0.0, 0.0),
        (TINY, TINY),
        (MIN, MIN),
        (1e-310, 1e-310),
        (1e-20, 1e-20),
        (NAN, NAN),
    ];
    let values: [(&str, &[(f64, f64)]); 14] = [
        ("sin", &[(INF, NAN), (-INF, NAN)]),
        ("tan", &[(INF, NAN), (-INF, NAN)]),
        (
            "atan",
            &[(INF, half_pi), (MAX, half_pi), (1.0, half_pi / 2.0)],
        ),
        ("tanh", &[(INF, 1.0), (MAX, 1.0), (20.0, 1.0)]),
        (
            "sinh",
            &[
                (INF, INF),
                (MAX, INF),
                (711.0, INF),
                (710.475860073944, INF),
            ],
        ),
        ("erf", &[(INF, 1.0), (MAX, 1.0), (6.0, 1.0)]),
        ("sign", &[]),
        (
            "cos",
            &[
                (0.0, 1.0),
                (-0.0, 1.0),
                (TINY, 1.0),
                (INF, NAN),
                (-INF, NAN),
                (NAN, NAN),
            ],
        ),
        (
            "exp",
            &[
                (0.0, 1.0),
                (-0.0, 1.0),
                (-TINY, 1.0),
                (INF, INF),
                (-INF, 0.0),
                (MAX, INF),
                (-MAX, 0.0),
                (709.782712893384, 1.7976931348622732e308),
                (709.7827128933841, INF),
                (-745.1332191019411, TINY),
                (-745.1332191019412, 0.0),
                (-708.3964185322641, 4503599627370620.0 * TINY),
                (NAN, NAN),
            ],
        ),
        (
            "log",
            &[
                (1.0, 0.0),
                (0.0, -INF),
                (-0.0, -INF),
                (INF, INF),
                (-INF, NAN),
                (-TINY, NAN),
                (-1.0, NAN),
                (NAN, NAN),
                (TINY, -744.4400719213812),
                (MAX, 709.782712893384),
            ],
        ),
        (
            "cosh",
            &[
                (0.0, 1.0),
                (-0.0, 1.0),
                (TINY, 1.0),
                (INF, INF),
                (-INF, INF),
                (711.0, INF),
                (NAN, NAN),
            ],
        ),
        (
            "sech",
            &[
                (0.0, 1.0),
                (-0.0, 1.0),
                (TINY, 1.0),
                (INF, 0.0),
                (-INF, 0.0),
                (MAX, 0.0),
                (NAN, NAN),
            ],
        ),
        (
            "sqrt",
            &[
                (0.0, 0.0),
                (-0.0, -0.0),
                (4.0, 2.0),
                (INF, INF),
                (-INF, NAN),
                (-1.0, NAN),
                (NAN, NAN),
            ],
        ),
        (
            "abs",
            &[
                (0.0, 0.0),
                (-0.0, 0.0),
                (-TINY, TINY),
                (-INF, INF),
                (NAN, NAN),
            ],
        ),
    ];
    let check = |name: &str, x: f64, expected: f64| {
        let case = cases().into_iter().find(|case| case.name == name).unwrap();
        let mut y = [x; 11];
        (case.vector)(&[x; 11], &mut y);
        for got in y.into_iter().chain([(case.scalar)(x)]) {
            assert_eq!(
                got.to_bits(),
                expected.to_bits(),
                "{name}({x:e}) = {got:e}, not {expected:e}"
            );
        }
    };
    for (i, (name, pairs)) in values.iter().enumerate() {
        for (x, y) in *pairs {
            check(name, *x, *y);
            if i < 6 && !y.is_nan() {
                check(name, -x, -y);
            }
        }
    }
    for name in ["sin", "tan", "atan", "tanh", "sinh"] {
        for (x, y) in odd {
            check(name, x, y);
            if !x.is_nan() {
                check(name, -x, -y);
            }
        }
    }
    check("erf", -0.0, -0.0);
    check("erf", TINY, TINY);
    check("erf", NAN, NAN);
    for (x, sign, step) in [
        (-3.0, -1.0, 0.0),
        (-TINY, -1.0, 0.0),
        (TINY, 1.0, 1.0),
        (INF, 1.0, 1.0),
        (-INF, -1.0, 0.0),
    ] {
        check("sign", x, sign);
        check("heaviside", x, step);
    }
    for (x, sign, step) in [(0.0, 0.0, 0.5), (-0.0, -0.0, 0.5), (NAN, NAN, NAN)] {
        check("sign", x, sign);
        check("heaviside", x, step);
    }
}

#[test]
fn powers() {
    let pow = super::pow_scalar;
    for x in [
        0.3,
        -0.7,
        1.5,
        -123.456,
        1e-200,
        -1e200,
        0.0,
        -0.0,
        f64::INFINITY,
    ] {
        assert_eq!(pow(x, 0.0).to_bits(), 1f64.to_bits());
        assert_eq!(pow(x, 1.0).to_bits(), x.to_bits());
        assert_eq!(pow(x, 2.0).to_bits(), (x * x).to_bits());
        assert_eq!(pow(x, -1.0).to_bits(), (1.0 / x).to_bits());
    }
    for n in 0..=33 {
        assert_eq!(pow(3.0, f64::from(n)), 3u64.pow(n) as f64);
        assert_eq!(pow(-3.0, f64::from(n)), (-3i64).pow(n) as f64);
        assert_eq!(pow(2.0, f64::from(n)), 1.0 / pow(2.0, -f64::from(n)));
    }
    assert_eq!(pow(-8.0, 0.5).to_bits(), f64::NAN.to_bits());
    assert_eq!(pow(0.0, -3.0), f64::INFINITY);
    assert_eq!(pow(-0.0, -3.0), f64::NEG_INFINITY);
    assert_eq!(pow(-0.0, 3.0).to_bits(), (-0f64).to_bits());
    assert_eq!(pow(f64::NEG_INFINITY, 3.0), f64::NEG_INFINITY);
    assert_eq!(pow(10.0, 400.0), f64::INFINITY);
    assert_eq!(pow(4.0, 0.5), 2.0);
}

#[test]
fn every_length_and_place_gives_the_scalar_bits() {
    let mut random = Random(3);
    for case in cases() {
        let unary = extern_c::unary(case.name).unwrap();
        for n in (0..=67).chain([255, 256, 257, 1031]) {
            let x: Vec<f64> = (0..n).map(|_| random.any()).collect();
            let expected: Vec<u64> = x.iter().map(|x| (case.scalar)(*x).to_bits()).collect();
            let mut y = vec![0.0; n];
            (case.vector)(&x, &mut y);
            assert_eq!(bits(&y), expected, "{} of {n}", case.name);
            // SAFETY: both buffers hold n elements and are disjoint.
            unsafe { unary(x.as_ptr(), y.as_mut_ptr(), n) };
            assert_eq!(bits(&y), expected, "extern {} of {n}", case.name);
            y.copy_from_slice(&x);
            let place = y.as_mut_ptr();
            // SAFETY: one buffer of n elements, argument and result equal.
            unsafe { unary(place, place, n) };
            assert_eq!(bits(&y), expected, "{} of {n} in place", case.name);
        }
    }
    assert_eq!(extern_c::UNARY.len(), cases().len());
    assert!(extern_c::unary("sinc").is_none() && extern_c::binary("atan2").is_none());
}

#[test]
fn pow_in_every_form() {
    let mut random = Random(4);
    let x: Vec<f64> = (0..999).map(|_| random.any()).collect();
    let p: Vec<f64> = x
        .iter()
        .map(|_| (random.uniform(-9.0, 9.0) * 2.0).round() / 2.0)
        .collect();
    let expected: Vec<u64> = x
        .iter()
        .zip(&p)
        .map(|(x, p)| super::pow_scalar(*x, *p).to_bits())
        .collect();
    for level in Level::available() {
        let y = x
            .iter()
            .zip(&p)
            .map(|(x, p)| dispatch::two::<super::pow::Pow>(level, *x, *p).to_bits());
        assert!(y.eq(expected.iter().copied()), "{level:?}");
    }
    let mut y = vec![0.0; x.len()];
    super::pow(&x, &p, &mut y);
    assert_eq!(bits(&y), expected);
    let binary = extern_c::binary("pow").unwrap();
    for in_place_of in [&x, &p] {
        y.copy_from_slice(in_place_of);
        let place = y.as_mut_ptr();
        let base = if std::ptr::eq(in_place_of, &x) {
            place.cast_const()
        } else {
            x.as_ptr()
        };
        let exponent = if std::ptr::eq(in_place_of, &p) {
            place.cast_const()
        } else {
            p.as_ptr()
        };
        // SAFETY: all buffers hold as many elements; the result is one of the arguments.
        unsafe { binary(base, exponent, place, y.len()) };
        assert_eq!(bits(&y), expected);
    }
}

#[test]
fn every_instruction_set_gives_the_same_bits() {
    let mut random = Random(5);
    let x: Vec<f64> = (0..50_003).map(|_| random.any()).collect();
    // Blocks without a huge argument take the vector loop of the angles.
    let plain: Vec<f64> = (0..50_003).map(|_| random.uniform(-1e4, 1e4)).collect();
    for case in cases() {
        for x in [&x, &plain] {
            let (mut expected, mut y) = (vec![0.0; x.len()], vec![0.0; x.len()]);
            (case.vector)(x, &mut expected);
            for level in Level::available() {
                (case.map)(level, x, &mut y);
                let first = (0..y.len()).find(|i| y[*i].to_bits() != expected[*i].to_bits());
                assert_eq!(first.map(|i| x[i]), None, "{} with {level:?}", case.name);
                for i in 0..1000 {
                    assert_eq!(
                        (case.one)(level, x[i]).to_bits(),
                        expected[i].to_bits(),
                        "{} {level:?}",
                        case.name
                    );
                }
            }
        }
    }
}

#[test]
#[should_panic(expected = "differ in length")]
fn lengths_must_agree() {
    super::exp(&[1.0, 2.0], &mut [0.0]);
}
