//! The circle on which functions of an interval live.
//!
//! A periodic coordinate is one. Between walls that are mirrors, fields go on beyond both as their mirror images; that is
//! once around after two intervals, or four where the two mirrors differ. Where equations and what is given at the
//! beginning repeat themselves along the circle, so does the solution, and the circle is shorter.

use super::circle::{Circle, Modes};
use crate::sampling::{Purpose, stream};
use crate::solution::interpreted;
use pdec_compiler::kernel::interpret;
use pdec_compiler::program::evolution::{Ends, Evolution, Parity};
use rand::RngExt;
use rustfft::num_complex::Complex64;
use std::f64::consts::PI;

/// What is given at the beginning is looked at on a grid of so many points.
const GRID: usize = 8192;

/// Places and values at which equations are compared with themselves elsewhere.
const COMPARED: usize = 48;

/// Values that differ by less than this part of the largest are the same.
const SAME: f64 = 1e-9;

/// Amplitudes below this part of the largest are rounding.
const ROUNDING: f64 = 1e-13;

/// Fields without a condition at a wall: so many at most. Each may be either.
const MOST_FREE: usize = 4;

/// A circle.
#[derive(Clone, Debug)]
pub struct Ring {
    /// Where the interval begins.
    pub low: f64,
    /// The length of the interval.
    interval: f64,
    /// The circle has `turns / parts` times this length.
    turns: usize,
    parts: usize,
    /// What each field is to its image in each of the mirrors.
    mirrors: Option<Vec<[Parity; 2]>>,
}

/// What is done to equations that may not change them.
struct Motion<'a> {
    /// To coordinates in space.
    place: &'a dyn Fn(f64) -> f64,
    /// By field, what is done to its value; None where nothing is mirrored.
    mirror: Option<&'a [Parity]>,
}

impl Ring {
    /// The circle of these equations for an interval of space, with what is given at the beginning on it: by field, the
    /// value and its first derivatives by time. None where equations change in a mirror.
    pub fn new(
        evolution: &Evolution,
        uniforms: &[f64],
        (low, high): (f64, f64),
        times: (f64, f64),
    ) -> Option<(Self, Vec<Vec<Modes>>)> {
        let mut ring = Self {
            low,
            interval: high - low,
            turns: 1,
            parts: 1,
            mirrors: None,
        };
        if let Ends::Walls(ends) = &evolution.ends {
            // Further around than this there is nothing new.
            ring.turns = 4;
            let kept = |motion: &Motion<'_>| ring.keeps(evolution, uniforms, times, motion);
            let at = |end: usize, wall: f64| {
                let place = move |x: f64| 2.0 * wall - x;
                let fits = |parities: &Vec<Parity>| {
                    kept(&Motion {
                        place: &place,
                        mirror: Some(parities),
                    })
                };
                candidates(ends.iter().map(|own| own[end]).collect())
                    .into_iter()
                    .find(fits)
            };
            let (first, second) = (at(0, low)?, at(1, high)?);
            ring.turns = if first == second { 2 } else { 4 };
            let both = first.into_iter().zip(second);
            ring.mirrors = Some(both.map(|(low, high)| [low, high]).collect());
        }
        let mut initial = ring.initial(evolution, uniforms, times.0);
        let step = period(&initial);
        let shift = |x: f64| x + ring.length() / number(step);
        let shifted = Motion {
            place: &shift,
            mirror: None,
        };
        if step > 1 && ring.keeps(evolution, uniforms, times, &shifted) {
            for modes in initial.iter_mut().flatten() {
                *modes = modes.iter().copied().step_by(step).collect();
            }
            ring.parts = step;
        }
        Some((ring, initial))
    }

    /// Once around.
    pub fn length(&self) -> f64 {
        self.interval * number(self.turns) / number(self.parts)
    }

    /// The wavenumber of the longest wave, for a coordinate that is −1 and 1 at the ends of the interval.
    pub fn wavenumber(&self) -> f64 {
        PI * number(self.parts) / number(self.turns)
    }

    /// What turns waves around the place where the interval begins into waves around its middle.
    pub fn turn(&self, wave: usize) -> Complex64 {
        let full = 2 * self.turns;
        let place = (wave * self.parts) % full;
        // Where it is exact, exactly: what vanishes at a wall shall vanish there.
        match 4 * place {
            0 => Complex64::ONE,
            angle if angle == full => Complex64::I,
            angle if angle == 2 * full => -Complex64::ONE,
            angle if angle == 3 * full => -Complex64::I,
            _ => Complex64::cis(PI * number(place) / number(self.turns)),
        }
    }

    /// Keeps functions of a field real and, where there are mirrors, what they are to their images.
    pub fn clean(&self, field: usize, modes: &mut Modes) {
        if let Some(mean) = modes.first_mut() {
            mean.im = 0.0;
        }
        let Some(&[low, high]) = self.mirrors.as_ref().and_then(|all| all.get(field)) else {
            return;
        };
        for (k, mode) in modes.iter_mut().enumerate() {
            // Every other wave of two turns is its image in the second mirror, too.
            let whole = self.turns == 2 || (k * self.parts).is_multiple_of(2) == (low == high);
            *mode = match low {
                _ if !whole => Complex64::default(),
                Parity::Even => Complex64::new(mode.re, 0.0),
                Parity::Odd => Complex64::new(0.0, mode.im),
            };
        }
    }

    /// The waves of what is given at the beginning, as many as can be told.
    fn initial(&self, evolution: &Evolution, uniforms: &[f64], begin: f64) -> Vec<Vec<Modes>> {
        let mut coordinates = vec![vec![begin; GRID]; 2];
        let mut signs = vec![vec![1.0; GRID]; evolution.orders.len()];
        for k in 0..GRID {
            let mut x = self.length() / self.interval * number(k) / number(GRID);
            if let Some(mirrors) = &self.mirrors {
                // Back into the interval: both mirrors are a shift, the second alone turns around.
                let (both, turned) = (x >= 2.0, x % 2.0 > 1.0);
                x = if turned { 2.0 - x % 2.0 } else { x % 2.0 };
                for (signs, [low, high]) in signs.iter_mut().zip(mirrors) {
                    if both && low != high {
                        signs[k] = -signs[k];
                    }
                    if turned && *high == Parity::Odd {
                        signs[k] = -signs[k];
                    }
                }
            }
            coordinates[evolution.space][k] = self.low + self.interval * x;
        }
        let mut values = interpreted(&evolution.start, uniforms, &coordinates);
        let mut place = 0;
        for (&given, signs) in evolution.orders.iter().zip(&signs) {
            for values in &mut values[place..place + given] {
                for (value, sign) in values.iter_mut().zip(signs) {
                    *value *= sign;
                }
            }
            place += given;
        }
        let mut modes = Circle::new(GRID).modes(&values, GRID / 2 - 1).into_iter();
        let orders = evolution.orders.iter().enumerate();
        orders
            .map(|(field, &given)| {
                let mut own: Vec<Modes> = modes.by_ref().take(given).collect();
                own.iter_mut().for_each(|modes| self.clean(field, modes));
                own
            })
            .collect()
    }

    /// Whether equations are the same, or the same with the other sign, after a motion: at any place and for any values.
    fn keeps(
        &self,
        evolution: &Evolution,
        uniforms: &[f64],
        (begin, end): (f64, f64),
        motion: &Motion<'_>,
    ) -> bool {
        let mut random = stream(0, Purpose::Watch);
        let mut draw = || -> Vec<f64> { (0..COMPARED).map(|_| random.random()).collect() };
        let mut columns = vec![draw(), draw()];
        for x in &mut columns[evolution.space] {
            *x = self.low + self.length() * *x;
        }
        for t in &mut columns[evolution.time] {
            *t = begin + (end - begin) * *t;
        }
        for _ in &evolution.jets {
            columns.push(draw().iter().map(|value| 2.0 * value - 1.0).collect());
        }
        let mut moved = columns.clone();
        for x in &mut moved[evolution.space] {
            *x = (motion.place)(*x);
        }
        if let Some(parities) = motion.mirror {
            for (jet, column) in evolution.jets.iter().zip(&mut moved[2..]) {
                if (jet.space % 2 == 1) != (parities[jet.field] == Parity::Odd) {
                    column.iter_mut().for_each(|value| *value = -*value);
                }
            }
        }
        let evaluate = |columns: &[Vec<f64>]| -> Vec<Vec<f64>> {
            let inputs: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
            let mut outputs = vec![vec![0.0; COMPARED]; evolution.residuals.outputs.len()];
            let mut targets: Vec<&mut [f64]> = outputs.iter_mut().map(Vec::as_mut_slice).collect();
            interpret(&evolution.residuals, &inputs, uniforms, &mut targets);
            outputs
        };
        let (here, there) = (evaluate(&columns), evaluate(&moved));
        here.iter().zip(&there).all(|(here, there)| {
            let pairs = here.iter().zip(there);
            // Roots of what is negative say nothing.
            let pairs: Vec<(f64, f64)> = pairs
                .map(|(a, b)| (*a, *b))
                .filter(|(a, b)| a.is_finite() || b.is_finite())
                .collect();
            let largest = pairs.iter().map(|(a, _)| a.abs()).fold(0.0, f64::max);
            let same = |sign: f64| {
                pairs
                    .iter()
                    .all(|(a, b)| (a - sign * b).abs() <= SAME * largest)
            };
            4 * pairs.len() >= COMPARED && (same(1.0) || same(-1.0))
        })
    }
}

/// What fields may be to their mirror images where some are known.
fn candidates(known: Vec<Option<Parity>>) -> Vec<Vec<Parity>> {
    let mut all = vec![Vec::new()];
    if known.iter().filter(|it| it.is_none()).count() > MOST_FREE {
        return Vec::new();
    }
    for own in known {
        let choices = own.map_or(vec![Parity::Even, Parity::Odd], |it| vec![it]);
        all = all
            .into_iter()
            .flat_map(|begun: Vec<Parity>| {
                let choices = choices.clone().into_iter();
                choices.map(move |own| begun.iter().copied().chain([own]).collect())
            })
            .collect();
    }
    all
}

/// The largest common divisor of the wavenumbers that functions have; 1 where they have none.
fn period(functions: &[Vec<Modes>]) -> usize {
    let mut divisor = 0;
    for modes in functions.iter().flatten() {
        let largest = modes.iter().map(|mode| mode.norm()).fold(0.0, f64::max);
        for (k, mode) in modes.iter().enumerate() {
            let there = mode.norm() > ROUNDING * largest;
            if there {
                divisor = common(divisor, k);
            }
        }
    }
    divisor.max(1)
}

fn common(a: usize, b: usize) -> usize {
    if b == 0 { a } else { common(b, a % b) }
}

#[allow(clippy::cast_precision_loss)] // small counts
fn number(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a test may fail

    use super::*;
    use crate::solution::uniforms;
    use pdec_compiler::hir::{Overrides, Problem, resolve};
    use pdec_compiler::program::evolution::evolution;
    use pdec_compiler::source::Source;
    use pdec_compiler::syntax::parse;

    fn ring(text: &str, interval: (f64, f64)) -> Option<(Ring, Vec<Vec<Modes>>)> {
        let source = Source::new("test.pde", text);
        let document = parse(&source).unwrap();
        let problem: Problem = resolve(&source, &document, &Overrides::new()).unwrap().0;
        let evolution = evolution(&problem).unwrap();
        let own = uniforms(&problem.parameter_values(), 0.0, 1.0);
        Ring::new(&evolution, &own, interval, (0.0, 1.0))
    }

    fn of(equation: &str, initial: &str, ends: &str) -> Option<(Ring, Vec<Vec<Modes>>)> {
        let text = format!(
            "coord x in [0, 1]\ntime t in [0, 1]\nfield u(x, t)\nparam nu = 0.1\neq {equation}\ninitial u = {initial}\n{ends}"
        );
        ring(&text, (0.0, 1.0))
    }

    const VALUES: &str = "on x = 0, x = 1: u = 0";
    const SLOPES: &str = "on x = 0, x = 1: u_x = 0";

    /// A source, a drift or a coefficient that is another one in the mirror: fields have kinks there.
    #[test]
    fn equations_that_change_in_a_mirror_have_no_circle() {
        for (equation, ends) in [
            ("u_t = u_xx + 1", VALUES),
            ("u_t + u_x = u_xx", VALUES),
            ("u_t = (1 + x)*u_xx", VALUES),
            ("u_t = u_xx + u^2", VALUES),
            ("u_t = (1 + 1e-6*x)*u_xx", SLOPES),
            ("u_t + u*u_x = nu*u_xx", SLOPES),
        ] {
            assert!(of(equation, "sin(pi*x)", ends).is_none(), "{equation}");
        }
        for (equation, ends) in [
            ("u_t = (2 + cos(pi*x))*u_xx + sin(pi*x)*t", VALUES),
            ("u_t + u*u_x = nu*u_xx", VALUES),
            ("u_t = u_xx + u^2 + 1", SLOPES),
        ] {
            assert!(of(equation, "sin(pi*x)", ends).is_some(), "{equation}");
        }
    }

    #[test]
    fn what_is_given_is_continued_as_its_image() {
        // Odd: the sine series of x(1 − x).
        let (ring, initial) = of("u_t = u_xx - u^3", "x*(1 - x)", VALUES).unwrap();
        assert!((ring.length() - 2.0).abs() < 1e-15);
        for k in 1..6_usize {
            let n = number(k);
            let sine = if k % 2 == 1 {
                8.0 / (PI * n).powi(3)
            } else {
                0.0
            };
            let mode = initial[0][0][k];
            assert!(mode.re == 0.0 && (mode.im + 0.5 * sine).abs() < 1e-7);
        }
        // Odd at one end, even at the other: sin((k − ½)·π·x), k = 1, 2, …, are the odd waves of four intervals.
        let ends = "on x = 0: u = 0\non x = 1: u_x = 0";
        let given = "sin(pi*x/2) + 0.3*sin(3*pi*x/2)";
        let (ring, initial) = of("u_t = u_xx - u^3", given, ends).unwrap();
        assert!((ring.length() - 4.0).abs() < 1e-15);
        for (k, sine) in [(0, 0.0), (1, 1.0), (2, 0.0), (3, 0.3), (4, 0.0), (5, 0.0)] {
            let expected = Complex64::new(0.0, -0.5 * sine);
            assert!((initial[0][0][k] - expected).norm() < 1e-14);
        }
    }

    /// Even at one end and odd at the other: nothing vanishes where the image meets its own, and no point may be missed.
    #[test]
    fn an_image_meets_its_own_without_a_jump() {
        let ends = "on x = 0: u_x = 0\non x = 1: u = 0";
        let given = "cos(3*pi*x/2) - 0.2*cos(pi*x/2)";
        let (_, initial) = of("u_t = u_xx - u^3", given, ends).unwrap();
        for (k, mode) in initial[0][0].iter().enumerate() {
            let cosine = match k {
                1 => -0.2,
                3 => 1.0,
                _ => 0.0,
            };
            assert!((mode - 0.5 * cosine).norm() < 1e-14, "{k}: {mode}");
        }
    }

    /// Where everything repeats itself three times between the walls, a third of the circle is enough.
    #[test]
    fn what_repeats_itself_is_kept_once() {
        let (ring, initial) = of("u_t = u_xx - u^3", "sin(3*pi*x)", VALUES).unwrap();
        assert!((ring.length() - 2.0 / 3.0).abs() < 1e-15);
        assert!((initial[0][0][1].im + 0.5).abs() < 1e-14);
        let source = "u_t = u_xx - u^3 + sin(pi*x)";
        let (ring, _) = of(source, "sin(3*pi*x)", VALUES).unwrap();
        assert!((ring.length() - 2.0).abs() < 1e-15);
    }

    /// Waves around the middle of the interval are those around its beginning, turned.
    #[test]
    fn waves_are_counted_from_the_middle() {
        for (turns, parts) in [(1, 1), (1, 3), (2, 1), (2, 5), (4, 1), (4, 3)] {
            let ring = Ring {
                low: 0.0,
                interval: 1.0,
                turns,
                parts,
                mirrors: None,
            };
            for wave in 0..9 {
                let angle = ring.wavenumber() * number(wave);
                assert!((ring.turn(wave) - Complex64::cis(angle)).norm() < 1e-13);
            }
        }
    }
}
