//! Problems that are not linear, in time windows whose lengths follow the residual.
//!
//! * Input: a problem with time, its settings.
//! * Output: the networks of all windows ([`Strides`]).
//! * Method: a layer of waves ([`Lattice`]) whose last layer is found by Gauss–Newton, window after window, as an
//!   implicit method of high order in time and space (compare collocation methods for stiff equations, Hairer and Wanner
//!   1996, IV.5). A window whose residual on fresh points is above the tolerance is halved; where that does not help, waves
//!   are too long, and the lattice reaches further. A window far below the tolerance lets the next one be longer. Where the
//!   rest of the way would take too much work the tolerance is loosened.
//! * Invariants: work is bounded by counts and not by time, so that the same file and seed give the same bits.

mod window;

use super::look::{Listener, Look, OfNetwork};
use super::waves::{Lattice, widened};
use super::{Layer, wide};
use crate::engine::EngineError;
use crate::optimise::least_squares::LeastSquares;
use crate::sampling::{Purpose, stream};
use crate::solution::Window;
use crate::train::Stage;
use crate::train::window::domain_of;
use pdec_compiler::hir::{Problem, Role};
use pdec_compiler::network::Activation;
use pdec_compiler::program::build;
use pdec_compiler::settings::{Features, Optimizer, Points, Settings};
use std::rc::Rc;
use window::{Before, Frame, Place, Solved, solve};

/// The tolerance to begin with.
pub const TOLERANCE: f64 = 1e-7;

/// It is never loosened beyond this.
const LOOSEST: f64 = 1e-4;

/// A tolerance is loosened by this.
const LOOSEN: f64 = 3.0;

/// Multiply-adds of all factors together, at most: about half a minute.
const MOST_WORK: f64 = 6e11;

/// Unknowns of a window, at most.
const MOST_UNKNOWNS: usize = 1700;

/// Frequencies in time for each wave vector: as many coefficients of a polynomial in time.
const FREQUENCIES: usize = 6;

/// The first window is this part of the interval.
const FIRST: f64 = 1.0 / 64.0;

/// Windows are never shorter than this part of the interval.
const SHORTEST: f64 = 1e-6;

/// Halving a window has to lower the residual by this to count as a help.
const HALVING_HELPS: f64 = 6.0;

/// Shorter waves have to lower it by this.
const REACH_HELPS: f64 = 2.0;

/// Shorter waves: the reach grows by this.
const FURTHER: f64 = 1.5;

/// A residual counts as that of the window before up to this factor.
const UNCHANGED: f64 = 1.5;

/// It is forgotten little by little.
const FADING: f64 = 0.9;

/// Beyond so many times the work that is planned, a march is given up.
const MOST_TIMES: f64 = 2.0;

/// The aim is this part of the tolerance.
const AIM: f64 = 0.3;

/// A window is longer than the one before at least by this, or not at all: the factored matrix fits both.
const LONGER: f64 = 1.3;

/// What is solved.
pub struct Strider<'a> {
    /// The problem.
    pub problem: &'a Problem,
    /// Its settings.
    pub settings: &'a Settings,
    /// The values of its parameters.
    pub parameters: &'a [f64],
    /// The seed of everything that is drawn.
    pub seed: u64,
    /// Worker threads.
    pub threads: usize,
    /// The tolerance to begin with.
    pub tolerance: f64,
    /// The widest layer.
    pub most: usize,
    /// Told of every window that is done; whether to stop.
    pub report: &'a mut dyn Listener,
}

/// What has been found.
pub struct Strides {
    /// The networks, all of the same width.
    pub windows: Vec<Window>,
    /// Their width.
    pub width: usize,
    /// Points of each kind.
    pub points: Points,
    /// The largest relative residual on fresh points.
    pub residual: f64,
    /// Least-squares problems solved.
    pub solves: usize,
    /// Whether all of the interval is solved.
    pub complete: bool,
}

/// Where a march stands.
struct March {
    /// The residual that neither shorter windows nor shorter waves have lowered.
    floor: f64,
    /// Whether shorter waves helped last, rather than shorter windows.
    further_helped: bool,
    /// The length of the interval.
    whole: f64,
    /// The sum of all residuals that is asked for: a window has a share by its length.
    frame: Rc<Frame>,
    before: Option<Before>,
    now: f64,
    length: f64,
    tolerance: f64,
    work: f64,
    solves: usize,
    widest: usize,
    /// Points that went through networks since the last report.
    evaluated: u64,
}

/// What may help where a residual is too large.
#[derive(Clone, Copy, PartialEq)]
enum Remedy {
    Shorter,
    Further,
}

/// What is tried for a window.
struct Attempt {
    frame: Rc<Frame>,
    solved: Solved,
    chord: Option<LeastSquares>,
}

impl March {
    fn tolerance_of(&self, window: &Window) -> f64 {
        (self.tolerance * (window.high - window.low) / self.whole).max(self.floor)
    }
}

impl Strider<'_> {
    /// Solves window after window. None where that leads nowhere.
    ///
    /// # Errors
    ///
    /// If the processor is not supported.
    pub fn run(&mut self) -> Result<Option<Strides>, EngineError> {
        let Some(time) = self.problem.time().map(|id| id.index()) else {
            return Ok(None);
        };
        let (begin, end) = domain_of(self.problem, 1, 0).intervals[time];
        let frame = Rc::new(self.frame(self.first_lattice(time))?);
        let mut march = March {
            floor: 0.0,
            further_helped: false,
            whole: end - begin,
            widest: frame.layer.width,
            frame,
            before: None,
            now: begin,
            length: FIRST * (end - begin),
            tolerance: self.tolerance,
            work: 0.0,
            solves: 0,
            evaluated: 0,
        };
        let mut done: Vec<(Rc<Frame>, Window)> = Vec::new();
        let mut worst: f64 = 0.0;
        let mut chord: Option<LeastSquares> = None;
        let mut complete = false;
        while march.now < end {
            let rest = end - march.now;
            // No crumbs at the end.
            let length = if march.length > 0.75 * rest {
                if march.length >= rest {
                    rest
                } else {
                    0.5 * rest
                }
            } else {
                march.length
            };
            let frame = Rc::clone(&march.frame);
            let mut taken = self.attempt(&mut march, &frame, length, chord.take())?;
            while let Some(attempt) = &taken {
                let residual = attempt.solved.residual;
                if residual <= march.tolerance_of(&attempt.solved.window) {
                    break;
                }
                if march.work > MOST_TIMES * MOST_WORK {
                    return Ok(None);
                }
                match self.better(&mut march, attempt)? {
                    Some(better) => taken = Some(better),
                    None => {
                        // What does not help here will not help in the next window.
                        march.floor = march.floor.max(UNCHANGED * residual);
                        break;
                    }
                }
            }
            let Some(attempt) = taken else {
                return Ok(None);
            };
            let Solved {
                window,
                residual,
                work,
                points,
                fresh,
            } = attempt.solved;
            let tolerance = march.tolerance_of(&window);
            if residual > LOOSEST {
                return Ok(None);
            }
            worst = worst.max(residual);
            chord = attempt.chord;
            let length = window.high - window.low;
            march.now = window.high;
            march.frame = Rc::clone(&attempt.frame);
            march.before = Some(Before {
                frame: Rc::clone(&attempt.frame),
                window: window.clone(),
            });
            done.push((attempt.frame, window));
            march.floor *= FADING;
            // The rest of the way at this pace.
            let rest = (end - march.now) / length * work;
            if march.work + rest > MOST_TIMES * MOST_WORK && march.tolerance >= LOOSEST {
                return Ok(None);
            }
            if march.work + rest > MOST_WORK && march.tolerance < LOOSEST {
                march.tolerance = (LOOSEN * march.tolerance).min(LOOSEST);
            }
            #[allow(clippy::cast_precision_loss)] // a small count
            let power = 1.0 / (FREQUENCIES as f64 - 1.0);
            let factor = (AIM * tolerance / residual.max(1e-300)).powf(power);
            march.length = if factor > LONGER {
                chord = None;
                length * factor.min(2.0)
            } else {
                length
            };
            complete = march.now >= end;
            let (number, left) = (
                done.len() - 1,
                windows_left(end - march.now, march.length, length, FIRST * march.whole),
            );
            let engine = march.frame.layer.engine();
            let evaluated = std::mem::take(&mut march.evaluated);
            let stop = done.last().is_some_and(|(_, window)| {
                let solved = OfNetwork {
                    engine,
                    time: Some(time),
                    parameters: self.parameters,
                    window,
                    points: &points,
                    fresh: &fresh,
                };
                self.report.look(&Look {
                    stage: Stage::Solve,
                    window: number,
                    windows: number + 1 + left,
                    residual,
                    left,
                    points: evaluated,
                    solved: Some(&solved),
                })
            });
            if stop {
                break;
            }
        }
        self.finish(&march, done, worst, complete)
    }

    /// A shorter window or a lattice that reaches further, where that lowers the residual enough. What helped last is
    /// tried first.
    fn better(&self, march: &mut March, than: &Attempt) -> Result<Option<Attempt>, EngineError> {
        let (first, second) = if march.further_helped {
            (Remedy::Further, Remedy::Shorter)
        } else {
            (Remedy::Shorter, Remedy::Further)
        };
        for remedy in [first, second] {
            let better = match remedy {
                Remedy::Shorter => self.shorter(march, than)?,
                Remedy::Further => self.longer_reach(march, than)?,
            };
            if better.is_some() {
                march.further_helped = remedy == Remedy::Further;
                return Ok(better);
            }
        }
        Ok(None)
    }

    fn shorter(&self, march: &mut March, than: &Attempt) -> Result<Option<Attempt>, EngineError> {
        let length = than.solved.window.high - than.solved.window.low;
        if length < 2.0 * SHORTEST * march.whole {
            return Ok(None);
        }
        let shorter = self.attempt(march, &than.frame, 0.5 * length, None)?;
        let least = than.solved.residual / HALVING_HELPS;
        Ok(shorter.filter(|shorter| shorter.solved.residual < least))
    }

    fn longer_reach(
        &self,
        march: &mut March,
        than: &Attempt,
    ) -> Result<Option<Attempt>, EngineError> {
        let length = than.solved.window.high - than.solved.window.low;
        let mut least = than.solved.residual / REACH_HELPS;
        let mut best = None;
        for lattice in self.further(&than.frame.lattice) {
            let frame = Rc::new(self.frame(lattice)?);
            march.widest = march.widest.max(frame.layer.width);
            if let Some(next) = self.attempt(march, &frame, length, None)?
                && next.solved.residual < least
            {
                least = next.solved.residual;
                best = Some(next);
            }
        }
        Ok(best)
    }

    fn attempt(
        &self,
        march: &mut March,
        frame: &Rc<Frame>,
        length: f64,
        mut chord: Option<LeastSquares>,
    ) -> Result<Option<Attempt>, EngineError> {
        let mut domain = domain_of(self.problem, 1, 0);
        if let Some(time) = domain.time {
            let end = domain.intervals[time].1;
            let high = march.now + length;
            let close = (end - high).abs() < 1e-9 * length;
            domain.intervals[time] = (march.now, if close { end } else { high.min(end) });
        }
        let place = Place {
            settings: self.settings,
            parameters: self.parameters,
            seed: self.seed,
            domain,
            before: march.before.as_ref(),
            tolerance: march.tolerance * length / march.whole,
        };
        let before = frame.layer.engine().points_evaluated();
        let solved = solve(frame, &place, &mut chord);
        let after = frame.layer.engine().points_evaluated();
        march.evaluated += after - before;
        march.solves += 1;
        march.work += solved.as_ref().map_or(0.0, |solved| solved.work);
        Ok(solved.map(|solved| Attempt {
            frame: Rc::clone(frame),
            solved,
            chord,
        }))
    }

    /// A layer of waves, compiled.
    fn frame(&self, lattice: Lattice) -> Result<Frame, EngineError> {
        let width = lattice.width();
        let settings = waves(self.settings);
        let layer = Layer::new(
            self.problem,
            &settings,
            Activation::Sin,
            width,
            self.threads,
        )?;
        let program = layer.engine().program();
        let zero = lattice.parameters(program, &mut stream(self.seed, Purpose::Weights));
        let interior = super::counts(program, width, self.settings.points).interior;
        let vectors = lattice.len();
        let points = Points {
            interior,
            initial: 3 * vectors,
            boundary: interior.div_ceil(4).max(16),
            redraw: 0,
            adaptive: 0.0,
            ..self.settings.points
        };
        Ok(Frame {
            layer,
            lattice,
            zero,
            points,
        })
    }

    /// The lattice to begin with: a few waves.
    fn first_lattice(&self, time: usize) -> Lattice {
        let mut plain = wide(self.settings, Activation::Sin, 1);
        // With waves no coordinate has two inputs.
        plain.optimizer.clear();
        let ordinary = build(self.problem, &plain).program;
        let coordinates = || self.problem.coordinates.iter();
        let space = coordinates()
            .filter(|(_, coordinate)| coordinate.role != Role::Time)
            .count();
        let few = match space {
            0 | 1 => 8,
            2 => 4,
            _ => 2,
        };
        let inputs = |coordinate: usize| {
            let plain = ordinary.inputs.len() - ordinary.bends;
            let inputs = ordinary.inputs[..plain].iter();
            inputs.filter(|&&input| input == coordinate).count()
        };
        Lattice {
            whole: coordinates()
                .map(|(id, _)| inputs(id.index()) > 1)
                .collect(),
            time,
            reach: coordinates()
                .map(|(id, _)| if id.index() == time { 0 } else { few })
                .collect(),
            frequencies: FREQUENCIES,
        }
    }

    /// Lattices that reach further along one coordinate.
    fn further(&self, lattice: &Lattice) -> Vec<Lattice> {
        let fields = self.problem.fields.len().max(1);
        let coordinates = (0..lattice.reach.len()).filter(|&coordinate| coordinate != lattice.time);
        coordinates
            .map(|coordinate| {
                let mut further = lattice.clone();
                #[allow(
                    clippy::cast_precision_loss,
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss
                )] // small whole numbers
                let reach = (FURTHER * lattice.reach[coordinate] as f64).ceil() as usize;
                further.reach[coordinate] = reach;
                further
            })
            .filter(|further| {
                let width = further.width();
                width <= self.most && width * fields <= MOST_UNKNOWNS
            })
            .collect()
    }

    fn finish(
        &self,
        march: &March,
        done: Vec<(Rc<Frame>, Window)>,
        residual: f64,
        complete: bool,
    ) -> Result<Option<Strides>, EngineError> {
        let Some(last) = done.last() else {
            return Ok(None);
        };
        let points = last.0.points;
        let width = march.widest;
        let settings = wide(&waves(self.settings), Activation::Sin, width);
        let network = build(self.problem, &settings).program.network;
        let windows = done
            .into_iter()
            .map(|(frame, window)| Window {
                parameters: widened(
                    &window.parameters,
                    &frame.layer.engine().program().network,
                    &network,
                ),
                ..window
            })
            .collect();
        Ok(Some(Strides {
            windows,
            width,
            points,
            residual,
            solves: march.solves,
            complete,
        }))
    }
}

/// About how many windows the rest of the interval is: of the length of the next one, unless that is longer than the last and
/// shorter than usual.
pub fn windows_left(rest: f64, next: f64, last: f64, usual: f64) -> usize {
    let (mut rest, mut next, mut count) = (rest, next, 0);
    // Windows that are short because of how the solution begins grow longer by and by.
    while next > last && next < usual && rest > 0.0 {
        rest -= next;
        next *= 2.0;
        count += 1;
    }
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a count of windows
    let windows = (rest / next).ceil().clamp(0.0, 1e6) as usize;
    count + windows
}

/// The same settings with waves.
pub fn waves(settings: &Settings) -> Settings {
    let mut settings = settings.clone();
    settings.optimizer = vec![Optimizer::NewtonSolve(Features {
        waves: true,
        ..Features::default()
    })];
    settings
}

#[cfg(test)]
mod tests {
    use super::windows_left;

    #[test]
    fn short_windows_at_the_beginning_grow() {
        // All alike.
        assert_eq!(windows_left(1.0, 0.25, 0.25, 0.1), 4);
        // As short as they must be.
        assert_eq!(windows_left(1.0, 0.01, 0.01, 0.1), 100);
        // 0.02 + 0.04 + 0.08, then six of 0.16.
        assert_eq!(windows_left(1.0, 0.02, 0.01, 0.1), 9);
        assert_eq!(windows_left(0.0, 0.02, 0.01, 0.1), 0);
    }
}
