//! Problems in one coordinate and time: patches that are short where the solution is steep, in time windows whose lengths
//! follow the residual.
//!
//! * Input: a problem with time and one other coordinate, its settings.
//! * Output: the networks of all windows ([`Solved`]).
//! * Method: an adaptive implicit method of high order in both directions. A window is solved by Gauss–Newton on the last layer
//!   ([`window`]), whose matrix has few numbers in a row ([`sparse`]). Where its residual on fresh points is above the
//!   tolerance, halving the window and halving the cells with the largest residuals are compared, and what lowers the
//!   residual more is kept; what helped last is tried first. Cells far below the tolerance are joined, and a window far
//!   below it lets the next one be longer. Residuals are for a unit of time, so that errors of windows add up to the
//!   tolerance. Where the rest of the way would take too much work the tolerance is loosened; before that, where it would take
//!   several times the work of looking at another method, that is looked at once ([`Rival`]).
//! * Invariants: work is bounded by counts and not by time, so that the same file and seed give the same bits.

mod layer;
mod mesh;
mod sparse;
mod window;

use super::look::{self, Listener, Look};
use super::stride::windows_left;
use crate::engine::{BlockRef, Engine, EngineError, PointSet};
use crate::sampling::{Purpose, stream};
use crate::solution::{Points, Window, uniforms};
use crate::train::Stage;
use crate::train::window::domain_of;
use layer::{Local, Waves};
use mesh::Mesh;
use pdec_compiler::hir::{Problem, Role};
use pdec_compiler::program::build;
use pdec_compiler::settings::Settings;
use std::rc::Rc;
use window::{Chord, Place, Stretch, solve};

pub use layer::patched;

/// The tolerance to begin with.
pub const TOLERANCE: f64 = 1e-4;

/// It is never loosened beyond this.
const LOOSEST: f64 = 1e-2;

/// A tolerance is loosened by this.
const LOOSEN: f64 = 3.0;

/// The first window is this part of the interval.
const FIRST: f64 = 1.0 / 32.0;

/// Windows are never shorter than this part of the interval.
const SHORTEST: f64 = 1e-6;

/// More cells are never tried.
const MOST_CELLS: usize = 160;

/// Halving a window that lowers the residual by this needs no comparison.
const SHORTER_HELPS: f64 = 8.0;

/// Halving cells that lowers it by this needs none.
const FINER_HELPS: f64 = 3.0;

/// What lowers the residual by less is no help.
const NO_HELP: f64 = 0.8;

/// Cells are halved whose squared residual is at least this part of the largest.
const MARKED: f64 = 0.1;

/// Cells are halved before the next window whose squared residual is above this part of their share of the tolerance: what is
/// handed over is only as good as the window before.
const EARLY: f64 = 0.3;

/// Pairs of cells are joined whose squared residuals are below this part of their share of the tolerance: halves of a cell
/// have residuals that are smaller by two to the number of their waves.
const JOINED: f64 = 1e-7;

/// The aim is this part of the tolerance.
const AIM: f64 = 0.3;

/// A window is longer than the one before at least by this, or not at all: the factored matrix fits both.
const LONGER: f64 = 1.3;

/// A residual counts as that of the window before up to this factor, and is forgotten little by little.
const UNCHANGED: f64 = 1.5;
const FADING: f64 = 0.9;

/// A window is a good place to go back to whose residual is below this part of the tolerance.
const SOUND: f64 = 0.1;

/// How often a march goes back, at most.
const MOST_RETURNS: usize = 20;

/// Multiply-adds of a march, at most: about half a minute.
const MOST_WORK: f64 = 4e11;

/// Another method is tried when a march has taken so many multiply-adds: some seconds.
const TRIAL: f64 = 1e10;

/// It may take as long: so many times that, as its matrices are dense, and their products faster.
const DENSE: f64 = 3.0;

/// And only where a march has at least so many times that ahead of it: a trial in vain costs little beside it.
const WORTH_A_TRIAL: f64 = 4.0;

/// Beyond so many times the work that is planned, a march is given up.
const MOST_TIMES: f64 = 2.0;

/// Another method, which may take so many multiply-adds. Whether it has solved all of the problem, and well.
pub type Rival<'a> = &'a dyn Fn(f64, &mut dyn Listener) -> Result<bool, EngineError>;

/// What is solved.
pub struct Patcher<'a> {
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
    /// The tolerance to begin with: the residual for a unit of time, relative to the initial values.
    pub tolerance: f64,
    /// Who is asked where the rest of the way is long.
    pub rival: Option<Rival<'a>>,
}

/// What has been found.
pub struct Solved {
    /// The networks, all of the same width.
    pub windows: Vec<Window>,
    /// Features of a network.
    pub count: usize,
    /// Whether they have images.
    pub images: bool,
    /// The largest residual of a window for a unit of time, relative to the initial values.
    pub residual: f64,
    /// Least-squares problems solved.
    pub solves: usize,
    /// Whether all of the interval is solved.
    pub complete: bool,
}

/// Where a march stands.
struct March {
    mesh: Rc<Mesh>,
    before: Option<Stretch>,
    now: f64,
    /// The length of the next window.
    length: f64,
    tolerance: f64,
    /// The residual that neither shorter windows nor finer cells have lowered.
    floor: f64,
    /// The largest norm of all residuals of a network of zeros.
    size: f64,
    /// Whether finer cells helped last, rather than shorter windows.
    finer_helped: bool,
    /// How often it went back.
    returns: usize,
    work: f64,
    solves: usize,
}

/// A window that is solved.
struct Done {
    stretch: Stretch,
    /// For a unit of time.
    residual: f64,
}

/// What is tried for a window.
struct Attempt {
    stretch: Stretch,
    /// For a unit of time.
    residual: f64,
    /// The squared residual of each cell, for a unit of time.
    cells: Vec<f64>,
    chord: Option<Chord>,
    work: f64,
    /// The mean square of each residual, on the points that it was solved on and on others.
    squares: [Vec<(String, f64)>; 2],
}

/// A window whose solution is made of patches.
struct OfPatches<'a> {
    patcher: &'a Patcher<'a>,
    local: &'a Local,
    stretch: &'a Stretch,
    squares: &'a [Vec<(String, f64)>; 2],
}

impl look::Solved for OfPatches<'_> {
    fn engine(&self) -> &Engine {
        self.local.layer().engine()
    }

    fn interval(&self) -> (f64, f64) {
        (self.stretch.low, self.stretch.high)
    }

    fn terms(&self) -> Vec<(String, f64)> {
        self.squares[0].clone()
    }

    fn fresh(&self) -> Vec<(String, f64)> {
        self.squares[1].clone()
    }

    fn values(&self, points: &Points) -> Vec<Vec<f64>> {
        let whole = domain_of(self.patcher.problem, 1, 0);
        let axis = (0..whole.intervals.len()).find(|it| Some(*it) != whole.time);
        let axis = axis.unwrap_or(0);
        let (low, high) = whole.intervals[axis];
        let scaled = points.coordinates[axis]
            .iter()
            .map(|x| (2.0 * x - low - high) / (high - low));
        let scaled: Vec<f64> = scaled.collect();
        self.local.values(
            BlockRef::Fields,
            (&self.stretch.mesh, &self.stretch.coefficients),
            &uniforms(self.patcher.parameters, self.stretch.low, self.stretch.high),
            &PointSet::new(points.coordinates.clone()),
            &scaled,
        )
    }
}

impl Patcher<'_> {
    /// Solves window after window. None where that leads nowhere. `report` is told of every window that is done, and says
    /// whether to stop.
    ///
    /// # Errors
    ///
    /// If the processor is not supported.
    pub fn run(&self, report: &mut dyn Listener) -> Result<Option<Solved>, EngineError> {
        if !self.problem.has_one_coordinate_and_time() {
            return Ok(None);
        }
        let waves = Waves::new(&mut stream(self.seed, Purpose::Weights));
        let local = Local::new(self.problem, self.settings, waves, self.threads)?;
        let periodic = self
            .problem
            .coordinates
            .iter()
            .any(|(_, it)| it.role == Role::Space && it.periodic);
        let whole = domain_of(self.problem, 1, 0);
        let Some(time) = whole.time else {
            return Ok(None);
        };
        let (begin, end) = whole.intervals[time];
        let mut march = March {
            mesh: Rc::new(Mesh::new(periodic)),
            before: None,
            now: begin,
            length: FIRST * (end - begin),
            tolerance: self.tolerance,
            floor: 0.0,
            size: 0.0,
            finer_helped: true,
            returns: 0,
            work: 0.0,
            solves: 0,
        };
        let mut done: Vec<Done> = Vec::new();
        let mut chord: Option<Chord> = None;
        let mut complete = false;
        let mut points = 0;
        let mut rival = self.rival;
        while march.now < end && (done.is_empty() || !report.is_over()) {
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
            let mesh = Rc::clone(&march.mesh);
            let first = self.attempt(&local, &mut march, mesh, length, chord.take());
            let Some(mut taken) = first else {
                return Ok(None);
            };
            let mut cut = false;
            while taken.residual > march.tolerance.max(march.floor) {
                cut = report.is_over();
                if cut {
                    break;
                }
                if march.work > MOST_TIMES * MOST_WORK {
                    return Ok(None);
                }
                let better = self.better(&local, &mut march, &taken);
                match better.filter(|better| better.residual < NO_HELP * taken.residual) {
                    Some(better) => taken = better,
                    None => break,
                }
            }
            if cut && !done.is_empty() {
                break;
            }
            if taken.residual > march.tolerance.max(march.floor) {
                if march.returns < MOST_RETURNS && back(&mut march, &mut done, &taken) {
                    chord = None;
                    continue;
                }
                // What does not help here will not help in the next window.
                march.floor = march.floor.max(UNCHANGED * taken.residual);
            }
            if taken.residual > LOOSEST {
                return Ok(None);
            }
            let length = taken.stretch.high - taken.stretch.low;
            march.now = taken.stretch.high;
            march.floor *= FADING;
            march.before = Some(taken.stretch.clone());
            done.push(Done {
                stretch: taken.stretch.clone(),
                residual: taken.residual,
            });
            // The rest of the way at this pace.
            let rest = (end - march.now) / length * taken.work;
            if march.work + rest > MOST_TIMES * MOST_WORK && march.tolerance >= LOOSEST {
                return Ok(None);
            }
            if march.work + rest > MOST_WORK {
                march.tolerance = (LOOSEN * march.tolerance).min(LOOSEST);
            }
            chord = taken.chord;
            #[allow(clippy::cast_precision_loss)] // a small count
            let power = 1.0 / (layer::FREQUENCIES as f64 - 1.0);
            let aim = AIM * march.tolerance.max(march.floor);
            let factor = (aim / taken.residual.max(1e-300)).powf(power);
            march.length = if factor > LONGER {
                length * factor.min(2.0)
            } else {
                length
            };
            let mesh = &taken.stretch.mesh;
            let share = self.share(&march, mesh);
            let early = |cell: usize| march.finer_helped && taken.cells[cell] > EARLY * share;
            let finer = mesh.halved(early);
            let next = if finer == **mesh {
                mesh.joined(|cell| taken.cells[cell] < JOINED * share)
            } else if finer.len() <= MOST_CELLS {
                finer
            } else {
                (**mesh).clone()
            };
            if next == **mesh {
                march.mesh = Rc::clone(mesh);
            } else {
                march.mesh = Rc::new(next);
            }
            if march.length != length || !Rc::ptr_eq(&march.mesh, mesh) {
                chord = None;
            }
            complete = march.now >= end;
            let left = windows_left(end - march.now, march.length, length, FIRST * (end - begin));
            let evaluated = local.layer().engine().points_evaluated();
            let solved = OfPatches {
                patcher: self,
                local: &local,
                stretch: &taken.stretch,
                squares: &taken.squares,
            };
            let look = Look {
                stage: Stage::Solve,
                window: done.len() - 1,
                windows: done.len() + left,
                residual: taken.residual,
                left,
                points: evaluated - points,
                solved: Some(&solved),
            };
            points = evaluated;
            if report.look(&look) {
                break;
            }
            let ahead = (end - march.now) / length * taken.work;
            if march.work >= TRIAL
                && ahead >= WORTH_A_TRIAL * TRIAL
                && let Some(rival) = rival.take()
                && rival(DENSE * TRIAL, report)?
            {
                return Ok(None);
            }
        }
        self.finish(&local, &march, &done, complete)
    }

    /// A shorter window or finer cells: what helped last, and where that does not help much, whichever lowers the residual
    /// more.
    fn better(&self, local: &Local, march: &mut March, than: &Attempt) -> Option<Attempt> {
        if march.finer_helped {
            let finer = self.finer(local, march, than);
            if lowers(finer.as_ref(), than, FINER_HELPS) {
                return finer;
            }
            let shorter = self.shorter(local, march, than);
            compare(march, shorter, finer)
        } else {
            let shorter = self.shorter(local, march, than);
            if lowers(shorter.as_ref(), than, SHORTER_HELPS) {
                return shorter;
            }
            let finer = self.finer(local, march, than);
            compare(march, shorter, finer)
        }
    }

    fn shorter(&self, local: &Local, march: &mut March, than: &Attempt) -> Option<Attempt> {
        let length = 0.5 * (than.stretch.high - than.stretch.low);
        if length < SHORTEST * self.length() {
            return None;
        }
        self.attempt(local, march, Rc::clone(&than.stretch.mesh), length, None)
    }

    fn finer(&self, local: &Local, march: &mut March, than: &Attempt) -> Option<Attempt> {
        let length = than.stretch.high - than.stretch.low;
        let largest = than.cells.iter().copied().fold(0.0, f64::max);
        let marked = |cell: usize| than.cells[cell] >= MARKED * largest;
        let mesh = than.stretch.mesh.halved(marked);
        if mesh.len() > MOST_CELLS {
            return None;
        }
        self.attempt(local, march, Rc::new(mesh), length, None)
    }

    /// The squared residual that a cell may have.
    #[allow(clippy::cast_precision_loss)] // a count
    fn share(&self, march: &March, mesh: &Mesh) -> f64 {
        let goal = march.tolerance.max(march.floor);
        goal * goal / mesh.len() as f64
    }

    fn length(&self) -> f64 {
        let domain = domain_of(self.problem, 1, 0);
        domain.time.map_or(1.0, |time| {
            let (low, high) = domain.intervals[time];
            high - low
        })
    }

    fn attempt(
        &self,
        local: &Local,
        march: &mut March,
        mesh: Rc<Mesh>,
        length: f64,
        mut chord: Option<Chord>,
    ) -> Option<Attempt> {
        let mut domain = domain_of(self.problem, 1, 0);
        let whole = self.length();
        if let Some(time) = domain.time {
            let end = domain.intervals[time].1;
            let high = march.now + length;
            let close = (end - high).abs() < 1e-9 * length;
            domain.intervals[time] = (march.now, if close { end } else { high.min(end) });
        }
        let place = Place {
            local,
            settings: self.settings,
            parameters: self.parameters,
            seed: self.seed,
            domain,
            before: march.before.as_ref(),
            enough: march.tolerance.max(march.floor) * length / whole,
            size: march.size,
        };
        let solved = solve(&place, mesh, &mut chord);
        march.solves += 1;
        let solved = solved?;
        march.work += solved.work;
        march.size = march.size.max(solved.size);
        let unit = march.size * length / whole;
        let cells: Vec<f64> = solved.cells.iter().map(|it| it / (unit * unit)).collect();
        Some(Attempt {
            stretch: solved.stretch,
            residual: cells.iter().sum::<f64>().sqrt(),
            cells,
            chord,
            work: solved.work,
            squares: [solved.terms, solved.fresh],
        })
    }

    fn finish(
        &self,
        local: &Local,
        march: &March,
        done: &[Done],
        complete: bool,
    ) -> Result<Option<Solved>, EngineError> {
        let Some(last) = done.last() else {
            return Ok(None);
        };
        let images = last.stretch.mesh.periodic;
        let meshes = done.iter().map(|it| it.stretch.mesh.len());
        let widest = meshes.max().unwrap_or(0);
        let residual = done.iter().map(|it| it.residual).fold(0.0, f64::max);
        let count = widest * local.waves().count();
        let settings = patched(self.settings, count, images);
        let network = build(self.problem, &settings).program.network;
        let windows = done
            .iter()
            .map(|Done { stretch, .. }| Window {
                low: stretch.low,
                high: stretch.high,
                parameters: local.waves().network(
                    &stretch.mesh,
                    &stretch.coefficients,
                    local.axes(),
                    &network,
                ),
            })
            .collect();
        Ok(Some(Solved {
            windows,
            count,
            images,
            residual,
            solves: march.solves,
            complete,
        }))
    }
}

/// Whether an attempt lowers the residual of another by a factor.
fn lowers(attempt: Option<&Attempt>, than: &Attempt, factor: f64) -> bool {
    attempt.is_some_and(|it| it.residual * factor < than.residual)
}

/// The one with the smaller residual, shorter windows being twice the work.
fn compare(march: &mut March, shorter: Option<Attempt>, finer: Option<Attempt>) -> Option<Attempt> {
    let residual = |it: &Option<Attempt>| it.as_ref().map_or(f64::INFINITY, |it| it.residual);
    march.finer_helped = residual(&finer) < 2.0 * residual(&shorter);
    if march.finer_helped { finer } else { shorter }
}

/// Goes back before the windows whose residual is near the tolerance, to do them again with cells that are finer where the
/// residual is large now, in shorter windows. What a window leaves unresolved does not vanish from the next one where nothing
/// damps it, however fine that is. Whether there was anything to go back to.
fn back(march: &mut March, done: &mut Vec<Done>, failed: &Attempt) -> bool {
    let limit = SOUND * march.tolerance;
    let Some(last) = done.pop() else {
        return false;
    };
    let mut first = last;
    while first.residual > limit {
        match done.pop() {
            Some(earlier) => first = earlier,
            None => break,
        }
    }
    let largest = failed.cells.iter().copied().fold(0.0, f64::max);
    let marked = |cell: usize| failed.cells[cell] >= MARKED * largest;
    let mesh = failed.stretch.mesh.halved(marked);
    if mesh.len() > MOST_CELLS {
        return false;
    }
    march.returns += 1;
    march.mesh = Rc::new(mesh);
    march.before = done.last().map(|it| it.stretch.clone());
    march.now = first.stretch.low;
    march.length = 0.5 * (first.stretch.high - first.stretch.low);
    true
}
