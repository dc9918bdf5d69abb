//! Problems in time on a circle: waves whose amplitudes are polynomials in time, window after window.
//!
//! * Input: a problem in one coordinate and time ([`Evolution`]), linear or not; the coordinate is periodic, or its ends are
//!   mirrors ([`ring`]).
//! * Output: the networks of all windows ([`Spectral`]), of sines.
//! * Method: as every wave of a period is a feature, and no other, the last layer of a window needs no least squares.
//!   Residuals vanish at the stages of an implicit Runge–Kutta method ([`stages`]) in all waves that are kept
//!   (a Fourier–Galerkin method in space: Canuto, Hussaini, Quarteroni, Zang 2006). The linear part with mean coefficients
//!   falls apart into a small matrix for each wave; with its inverse the problem is a fixed point, found by accelerated
//!   iterations ([`anderson`]). Between the stages residuals say what to do: a shorter window where they are those of waves
//!   that are kept, more waves where they are others.
//! * Invariants: work is bounded by counts and not by time, so that the same file gives the same bits. Nothing is drawn.

mod anderson;
mod circle;
mod network;
mod ring;
mod stages;
mod window;

use super::look::{Listener, Look, OfNetwork};
use super::stride::windows_left;
use super::waves::widened;
use super::wide;
use crate::engine::{Engine, EngineError, PointSet};
use crate::sampling::{Purpose, stream};
use crate::solution::{Window, uniforms};
use crate::train::Stage;
use crate::train::points::first_draw;
use crate::train::window::{domain_of, handed_over};
use circle::{Circle, Modes, mean_square};
use network::{Fit, Layout};
use pdec_compiler::hir::Problem;
use pdec_compiler::network::Activation;
use pdec_compiler::program::evolution::Evolution;
use pdec_compiler::program::{Compiled, Scales, Support, build};
use pdec_compiler::settings::{Points, Settings};
use ring::Ring;
use rustfft::num_complex::Complex64;
use std::rc::Rc;
use window::{Scheme, Solved, Start, Verdict};

/// Points of a window at which a report looks.
const LOOKED: usize = 48;

/// The residual that is asked for where nobody asks for another.
pub const TOLERANCE: f64 = 1e-7;

/// Stages of a window.
pub const STAGES: usize = 8;

/// The first window is this part of time.
const FIRST: f64 = 1.0 / 256.0;

/// Windows are never shorter than this part of time.
const SHORTEST: f64 = 1e-7;

/// Waves to begin with.
const FEW: usize = 16;

/// Waves at most.
const MOST_WAVES: usize = 1024;

/// More waves: by this.
const MORE: f64 = 1.35;

/// They have to lower the residual by this.
const MORE_HELPS: f64 = 1.3;

/// A shorter window has to lower it by this.
const SHORTER_HELPS: f64 = 1.5;

/// Residuals that nothing lowers count as allowed up to this factor, which is forgotten little by little.
const UNCHANGED: f64 = 1.5;

/// Of the floor, from one window to the next.
const FADING: f64 = 0.9;

/// Shorter waves may leave this part of the tolerance.
const SHARE: f64 = 0.5;

/// Where they leave less than this part, fewer will do,
const FEWER: f64 = 1e-3;

/// if so many windows have passed since there had to be more.
const SETTLED: usize = 8;

/// Initial values may miss this part of the tolerance, relative to their size.
const MISSED: f64 = 0.1;

/// The next window is as long as to leave this part of the tolerance, and at most twice as long.
const AIM: f64 = 0.4;

/// A residual beyond this, and the solution is not resolved.
const LOOSEST: f64 = 1e-3;

/// A field below this part of the largest is rounding.
const NOTHING: f64 = 1e-10;

/// Numbers on grids that are computed at most: some minutes.
const MOST_WORK: f64 = 2e10;

/// Weights of all windows together, at most.
const MOST_WEIGHTS: usize = 20_000_000;

/// What is solved.
pub struct Marcher<'a> {
    /// The problem.
    pub problem: &'a Problem,
    /// The same as a system for functions on a circle.
    pub evolution: &'a Evolution,
    /// Its settings, with waves.
    pub settings: &'a Settings,
    /// The values of its parameters.
    pub parameters: &'a [f64],
    /// The residual that is asked for, relative to the solution over all of time.
    pub tolerance: f64,
    /// Stages of a window.
    pub stages: usize,
    /// The widest layer.
    pub most: usize,
    /// The seed of the points at which it is looked at.
    pub seed: u64,
    /// Worker threads.
    pub threads: usize,
}

/// What has been found.
pub struct Spectral {
    /// The networks, all of the same width.
    pub windows: Vec<Window>,
    /// Their width.
    pub width: usize,
    /// The largest residual.
    pub residual: f64,
    /// Windows that were tried.
    pub solves: usize,
    /// Whether all of time is solved.
    pub complete: bool,
}

/// Where a march stands.
struct March {
    start: Start,
    length: f64,
    reach: usize,
    work: f64,
    solves: usize,
    /// Residuals that neither shorter windows nor more waves have lowered.
    floors: [f64; 2],
    /// How many windows were done when more waves were needed last.
    grown: Option<usize>,
    /// Points at which residuals were computed since the last report.
    evaluated: u64,
}

impl Marcher<'_> {
    /// Solves window after window. None where that leads nowhere.
    ///
    /// # Errors
    ///
    /// If the processor is not supported.
    pub fn run(&self, report: &mut dyn Listener) -> Result<Option<Spectral>, EngineError> {
        let evolution = self.evolution;
        let domain = domain_of(self.problem, 1, 0);
        let (begin, end) = domain.intervals[evolution.time];
        let whole = end - begin;
        let own = uniforms(self.parameters, begin, end);
        let interval = domain.intervals[evolution.space];
        let Some((ring, initial)) = Ring::new(evolution, &own, interval, (begin, end)) else {
            return Ok(None);
        };
        let scheme = Scheme::new(evolution, &own, &ring, whole, self.stages);
        let sizes = sizes_of(&initial, &vec![0.0; initial.len()], whole);
        let few = MISSED * self.tolerance;
        let reach = (FEW..MOST_WAVES).find(|&reach| tail(&initial, &sizes, whole, reach) < few);
        let reach = reach.unwrap_or(MOST_WAVES);
        let mut march = March {
            start: Start {
                time: begin,
                given: cut(&initial, reach),
                sizes,
            },
            length: FIRST * whole,
            reach,
            work: 0.0,
            solves: 0,
            floors: [0.0; 2],
            grown: None,
            evaluated: 0,
        };
        if march.start.sizes.iter().any(|size| !size.is_finite()) {
            return Ok(None);
        }
        let mut done: Vec<(Rc<Frame>, Window)> = Vec::new();
        let mut widest = 0;
        let mut worst = tail(&initial, &march.start.sizes, whole, reach);
        while march.start.time < end - 1e-12 * whole {
            let rest = end - march.start.time;
            // No crumbs at the end.
            if march.length > 0.75 * rest {
                march.length = if march.length >= rest {
                    rest
                } else {
                    0.5 * rest
                };
            }
            let Some(solved) = self.window(&scheme, &mut march, &initial, done.len()) else {
                return Ok(None);
            };
            let residual = solved.time_error.max(solved.space_error);
            if residual > LOOSEST {
                return Ok(None);
            }
            worst = worst.max(residual);
            let low = march.start.time;
            let close = (end - low - march.length).abs() < 1e-9 * march.length;
            let high = if close { end } else { low + march.length };
            march.start.given = scheme.end(&solved.known, march.length);
            march.start.time = high;
            // The value at the last stage, which fields have of which nothing is given, too, and derivatives by time.
            let last: Vec<Vec<Modes>> = solved
                .known
                .iter()
                .zip(&march.start.given)
                .map(|(known, given)| {
                    let value = known.last().into_iter();
                    value.chain(given.iter().skip(1)).cloned().collect()
                })
                .collect();
            march.start.sizes = sizes_of(&last, &march.start.sizes, whole);
            let length = march.length;
            let reach = solved.known[0][0].len() - 1;
            let frame = match done.last() {
                Some((frame, _)) if frame.layout.reach == reach => Rc::clone(frame),
                Some(_) | None => match self.frame(&scheme, reach)? {
                    Some(frame) => Rc::new(frame),
                    None => return Ok(None),
                },
            };
            let window = frame.network(low, high, &solved.known);
            widest = frame.width().max(widest);
            done.push((frame, window));
            let weights = widest * (3 + done[0].0.fits.len()) * done.len();
            #[allow(clippy::cast_precision_loss)] // a small count
            let ahead = (end - high) / length * (march.work / march.solves as f64).min(solved.work);
            if march.work > MOST_WORK
                || march.work + ahead > 4.0 * MOST_WORK
                || weights > MOST_WEIGHTS
                || widest > self.most
            {
                return Ok(None);
            }
            self.next_length(&mut march, solved.time_error);
            self.fewer(&mut march, solved.space_error, whole, done.len());
            for floor in &mut march.floors {
                *floor *= FADING;
            }
            let evaluated = std::mem::take(&mut march.evaluated);
            if self.look(&done, march.length, residual, evaluated, report) {
                break;
            }
        }
        let complete = done.last().is_some_and(|(_, last)| last.high >= end);
        Ok(self.finish(done, worst, march.solves, complete))
    }

    /// A window as the tolerance wants it, or as near as it comes to that. None where nothing helps.
    fn window(
        &self,
        scheme: &Scheme<'_>,
        march: &mut March,
        initial: &[Vec<Modes>],
        windows: usize,
    ) -> Option<Solved> {
        let mut shorter_from: Option<f64> = None;
        let mut more_from: Option<(f64, usize, Vec<Vec<Modes>>)> = None;
        loop {
            let circle = Circle::for_reach(march.reach);
            let share = self.tolerance * march.length / scheme.whole;
            march.solves += 1;
            let solved = match scheme.solve(&march.start, march.length, &circle, share) {
                Verdict::Singular => return None,
                Verdict::Unsolved(work) => {
                    march.work += work;
                    march.length *= 0.5;
                    shorter_from = None;
                    if march.length < SHORTEST * scheme.whole || march.work > MOST_WORK {
                        return None;
                    }
                    continue;
                }
                Verdict::Solved(solved) => solved,
            };
            march.work += solved.work;
            march.evaluated += solved.points;
            let [in_time, in_space] = march.floors;
            if solved.time_error > self.tolerance.max(in_time) {
                let useless =
                    shorter_from.is_some_and(|before| solved.time_error * SHORTER_HELPS > before);
                if !useless && march.length > 4.0 * SHORTEST * scheme.whole {
                    shorter_from = Some(solved.time_error);
                    march.length *= self.factor(solved.time_error).clamp(0.2, 0.6);
                    continue;
                }
                march.floors[0] = UNCHANGED * solved.time_error;
            }
            let allowed = (SHARE * self.tolerance).max(in_space);
            if let Some((before, reach, given)) = more_from.take()
                && solved.space_error * MORE_HELPS > before
            {
                // Waves that do not help are not kept.
                march.floors[1] = UNCHANGED * solved.space_error.max(before);
                march.reach = reach;
                march.start.given = given;
                continue;
            }
            if solved.space_error > allowed && march.reach < MOST_WAVES {
                more_from = Some((solved.space_error, march.reach, march.start.given.clone()));
                march.reach = more(march.reach);
                march.grown = Some(windows);
                march.start.given = if windows == 0 {
                    cut(initial, march.reach)
                } else {
                    cut(&march.start.given, march.reach)
                };
                continue;
            }
            return Some(solved);
        }
    }

    /// By how much the next window may be longer, or this one has to be shorter.
    fn factor(&self, error: f64) -> f64 {
        #[allow(clippy::cast_precision_loss)] // a small count
        let power = 1.0 / self.stages as f64;
        0.95 * (AIM * self.tolerance / error.max(1e-300)).powf(power)
    }

    fn next_length(&self, march: &mut March, error: f64) {
        march.length *= self.factor(error).clamp(0.5, 2.0);
    }

    /// Fewer waves where the shortest say nothing: neither does the equation need them, nor has the solution any. Linear
    /// equations with constant coefficients never need other waves than the solution has.
    fn fewer(&self, march: &mut March, error: f64, whole: f64, windows: usize) {
        let settled = march.grown.is_none_or(|grown| windows > grown + SETTLED);
        let reach = (2 * march.reach / 3).max(FEW);
        let start = &march.start;
        let lost = error.max(tail(&start.given, &start.sizes, whole, reach));
        if lost < FEWER * self.tolerance && march.reach > FEW && settled {
            march.reach = reach;
            march.start.given = cut(&march.start.given, march.reach);
        }
    }

    fn layout(&self, scheme: &Scheme<'_>, reach: usize) -> Layout {
        let given = self.evolution.orders.iter().max().copied().unwrap_or(0);
        let fields = self.evolution.orders.len();
        Layout::new(
            reach,
            given.min(1) + self.stages,
            fields,
            scheme.ring.clone(),
        )
    }

    /// The network of windows with so many waves. None where it is not of the expected form.
    fn frame(&self, scheme: &Scheme<'_>, reach: usize) -> Result<Option<Frame>, EngineError> {
        let layout = self.layout(scheme, reach);
        let settings = wide(self.settings, Activation::Sin, layout.width());
        let Compiled {
            program, scales, ..
        } = build(self.problem, &settings);
        let place = |coordinate: usize| {
            let mut inputs = program.inputs.iter();
            inputs.position(|&input| input == coordinate)
        };
        let mut layers = program.network.affines();
        let (Some(hidden), Some(_), Some(space), Some(time)) = (
            layers.next(),
            layers.next(),
            place(self.evolution.space),
            place(self.evolution.time),
        ) else {
            return Ok(None);
        };
        let mut empty = vec![0.0; program.network.parameters];
        layout.hidden(&mut empty, hidden, (space, time));
        let orders = self.evolution.orders.iter();
        let fits = orders.map(|&given| scheme.fit(given, &layout)).collect();
        drop(layers);
        Ok(Some(Frame {
            engine: Engine::new(program, self.threads)?,
            layout,
            fits,
            empty,
            scales,
        }))
    }

    /// Reports the last window. Whether to stop.
    fn look(
        &self,
        done: &[(Rc<Frame>, Window)],
        next: f64,
        residual: f64,
        evaluated: u64,
        report: &mut dyn Listener,
    ) -> bool {
        let Some((last, earlier)) = done.split_last() else {
            return false;
        };
        let (frame, window) = last;
        let mut domain = domain_of(self.problem, 1, 0);
        let (low, high) = domain.intervals[self.evolution.time];
        let left = high - window.high;
        domain.intervals[self.evolution.time] = (window.low, window.high);
        let mut settings = self.settings.clone();
        settings.points = Points {
            interior: LOOKED,
            initial: LOOKED.div_ceil(2),
            ..settings.points
        };
        let own = uniforms(self.parameters, window.low, window.high);
        let draw = |purpose: Purpose| -> Vec<PointSet> {
            let mut random = stream(self.seed, purpose);
            let terms = frame.engine.program().terms.iter();
            terms
                .map(|term| {
                    let support = term.support;
                    let mut points = first_draw(&[], support, &settings, &domain, &[], &mut random);
                    if support == Support::Initial {
                        let (engine, before) = match earlier.last() {
                            Some((frame, window)) => (&frame.engine, Some(window)),
                            None => (&frame.engine, None),
                        };
                        points.data = handed_over(engine, self.parameters, &own, before, &points);
                    }
                    points
                })
                .collect()
        };
        let (points, fresh) = (draw(Purpose::Points), draw(Purpose::Fresh));
        let usual = FIRST * (high - low);
        let left = windows_left(left, next, window.high - window.low, usual);
        report.look(&Look {
            stage: Stage::Solve,
            window: earlier.len(),
            windows: done.len() + left,
            residual,
            left,
            points: evaluated,
            solved: Some(&OfNetwork {
                engine: &frame.engine,
                time: Some(self.evolution.time),
                parameters: self.parameters,
                window,
                points: &points,
                fresh: &fresh,
            }),
        })
    }

    /// Networks of the same width.
    fn finish(
        &self,
        done: Vec<(Rc<Frame>, Window)>,
        residual: f64,
        solves: usize,
        complete: bool,
    ) -> Option<Spectral> {
        let frames = done.iter().map(|(frame, _)| frame);
        let widest = Rc::clone(frames.max_by_key(|frame| frame.layout.reach)?);
        let to = &widest.engine.program().network;
        let windows = done.into_iter().map(|(frame, window)| Window {
            parameters: widened(&window.parameters, &frame.engine.program().network, to),
            ..window
        });
        Some(Spectral {
            windows: windows.collect(),
            width: widest.width(),
            residual,
            solves,
            complete,
        })
    }
}

/// The network of windows with the same number of waves.
struct Frame {
    engine: Engine,
    layout: Layout,
    /// By field.
    fits: Vec<Fit>,
    /// Parameters with a last layer of zeros.
    empty: Vec<f64>,
    scales: Scales,
}

impl Frame {
    fn width(&self) -> usize {
        self.layout.width()
    }

    /// A window as a network.
    fn network(&self, low: f64, high: f64, known: &[Vec<Modes>]) -> Window {
        let mut parameters = self.empty.clone();
        let mut layers = self.engine.program().network.affines();
        if let (Some(hidden), Some(last)) = (layers.next(), layers.next()) {
            for (field, (known, fit)) in known.iter().zip(&self.fits).enumerate() {
                let level = self.scales.levels.get(field).copied().unwrap_or(0.0);
                let size = self.scales.fields.get(field).copied().unwrap_or(1.0);
                let to = (level, size);
                let layers = (hidden, last);
                self.layout
                    .last(&mut parameters, layers, field, fit, known, to);
            }
        }
        Window {
            low,
            high,
            parameters,
        }
    }
}

/// More waves.
fn more(reach: usize) -> usize {
    #[allow(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss
    )] // small whole numbers
    let more = (MORE * reach as f64) as usize + 2;
    more.min(MOST_WAVES)
}

/// The same functions with so many waves.
fn cut(functions: &[Vec<Modes>], reach: usize) -> Vec<Vec<Modes>> {
    let cut = |modes: &Modes| {
        let mut modes = modes.clone();
        modes.resize(reach + 1, Complex64::default());
        modes
    };
    functions
        .iter()
        .map(|own| own.iter().map(cut).collect())
        .collect()
}

/// What functions have beyond so many waves, relative to their sizes: values, and derivatives by time, which become values.
fn tail(functions: &[Vec<Modes>], sizes: &[f64], whole: f64, reach: usize) -> f64 {
    let beyond =
        |modes: &Modes| -> f64 { modes.iter().skip(reach + 1).map(Complex64::norm_sqr).sum() };
    let mut largest: f64 = 0.0;
    for (own, size) in functions.iter().zip(sizes) {
        let mut slowest = *size;
        for modes in own {
            let scale = mean_square(modes).sqrt().max(slowest);
            largest = largest.max((2.0 * beyond(modes)).sqrt() / scale);
            slowest /= whole;
        }
    }
    largest
}

/// How large fields are: the largest root mean square so far, or what derivatives by time make of them in the first window.
/// One of nothing has the size of the others.
fn sizes_of(functions: &[Vec<Modes>], before: &[f64], whole: f64) -> Vec<f64> {
    let own: Vec<f64> = functions
        .iter()
        .zip(before)
        .map(|(own, &before)| {
            let mut size = before;
            let mut power = 1.0;
            for modes in own {
                size = size.max(power * mean_square(modes).sqrt());
                power *= FIRST * whole;
            }
            size
        })
        .collect();
    let largest = own.iter().copied().fold(0.0, f64::max);
    let other = if largest > 0.0 { largest } else { 1.0 };
    own.into_iter()
        .map(|size| {
            if size > NOTHING * largest {
                size
            } else {
                other
            }
        })
        .collect()
}
