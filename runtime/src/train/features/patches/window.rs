//! One window: Gauss–Newton on the coefficients of all patches.

use super::super::{FORWARD, MEMORY};
use super::layer::Local;
use super::mesh::Mesh;
use super::sparse::{Rows, Sparse};
use crate::engine::{Batch, BlockRef, Panels, PointSet};
use crate::optimise::dot;
use crate::sampling::{Domain, Purpose, stream};
use crate::solution::uniforms;
use crate::train::points::{count, first_draw};
use crate::train::window::{handed_over, length, weight};
use pdec_compiler::program::Support;
use pdec_compiler::settings::{Points, Settings};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;
use std::rc::Rc;

/// Gauss–Newton steps.
const STEPS: usize = 20;

/// Halvings of a step.
const HALVINGS: usize = 6;

/// A matrix is used again while each step with it lowers the residual at least by this.
const CHORD: f64 = 0.3;

/// A step that promises less than this is not made.
const PROMISING: f64 = 0.8;

/// A residual so far below the tolerance needs no further step.
const ENOUGH: f64 = 0.03;

/// Residuals of the equations for each coefficient.
const ROWS: usize = 2;

/// A window that is solved.
#[derive(Clone)]
pub struct Stretch {
    /// Where it begins.
    pub low: f64,
    /// Where it ends.
    pub high: f64,
    /// Its cells.
    pub mesh: Rc<Mesh>,
    /// The coefficients of all patches.
    pub coefficients: Rc<Vec<f64>>,
}

/// A factored matrix, and what it belongs to.
pub struct Chord {
    mesh: Rc<Mesh>,
    solver: Sparse,
}

/// What a solve is given.
pub struct Place<'a> {
    /// The network of a cell.
    pub local: &'a Local,
    /// The settings.
    pub settings: &'a Settings,
    /// The values of the problem's parameters.
    pub parameters: &'a [f64],
    /// The seed of the points.
    pub seed: u64,
    /// The window.
    pub domain: Domain,
    /// The window before; none at the beginning of time.
    pub before: Option<&'a Stretch>,
    /// The residual that is asked for, relative to `size`.
    pub enough: f64,
    /// The norm of all residuals of a network of zeros, so far.
    pub size: f64,
}

/// What came out.
pub struct Solved {
    /// The window.
    pub stretch: Stretch,
    /// The squared residuals of each cell on fresh points.
    pub cells: Vec<f64>,
    /// The norm of all residuals of a network of zeros.
    pub size: f64,
    /// Multiply-adds, about.
    pub work: f64,
    /// The mean square of each residual on the points that it was solved on, by label, in the units of its equation.
    pub terms: Vec<(String, f64)>,
    /// The same on other points.
    pub fresh: Vec<(String, f64)>,
}

/// The points of a cell, by term, and the factor of its residuals.
struct Cell {
    points: Vec<(usize, PointSet, f64)>,
    /// The parameters of its network, with a last layer of zeros.
    hidden: Vec<f64>,
    seen: super::layer::Seen,
}

impl Cell {
    fn batches(&self) -> Vec<Batch<'_>> {
        self.points
            .iter()
            .map(|(term, points, scale)| Batch {
                block: BlockRef::Term(*term),
                points,
                scale: *scale,
            })
            .collect()
    }
}

/// How many points of each kind a cell has.
fn counts(local: &Local, settings: &Settings) -> Points {
    let program = local.layer().engine().program();
    let equations = program
        .terms
        .iter()
        .filter(|term| term.support == Support::Interior)
        .map(|term| term.labels.len())
        .sum::<usize>()
        .max(1);
    let own = local.waves().count();
    Points {
        interior: (ROWS * local.block()).div_ceil(equations),
        initial: 3 * own / super::layer::FREQUENCIES,
        boundary: 3 * super::layer::FREQUENCIES,
        redraw: 0,
        adaptive: 0.0,
        ..settings.points
    }
}

impl Place<'_> {
    /// The space coordinate.
    fn axis(&self) -> usize {
        let coordinates = 0..self.domain.intervals.len();
        coordinates
            .into_iter()
            .find(|coordinate| Some(*coordinate) != self.domain.time)
            .unwrap_or(0)
    }

    /// Draws points of every cell.
    #[allow(clippy::cast_precision_loss)] // small counts
    fn cells(&self, mesh: &Mesh, purpose: Purpose, own: &[f64]) -> Vec<Cell> {
        let engine = self.local.layer().engine();
        let mut settings = self.settings.clone();
        settings.points = counts(self.local, self.settings);
        let axis = self.axis();
        let (low, high) = self.domain.intervals[axis];
        let middle = 0.5 * (low + high);
        let half = 0.5 * (high - low);
        let mut random: ChaCha8Rng = stream(self.seed, purpose);
        (0..mesh.len())
            .map(|cell| {
                let (left, right) = mesh.ends(cell);
                let mut domain = self.domain.clone();
                domain.intervals[axis] = (middle + half * left, middle + half * right);
                let part = 0.5 * (right - left);
                let terms = engine.program().terms.iter().enumerate();
                let points = terms
                    .filter_map(|(number, term)| {
                        let part = match term.support {
                            Support::Interior | Support::Initial => part,
                            Support::Face { high, .. } => {
                                let last = if high { mesh.len() - 1 } else { 0 };
                                if cell != last {
                                    return None;
                                }
                                1.0
                            }
                            // Problems with data are not solved with patches.
                            Support::Quadrature(_) | Support::Numbers | Support::Observed(_) => {
                                return None;
                            }
                        };
                        let mut points =
                            first_draw(&[], term.support, &settings, &domain, &[], &mut random);
                        if term.support == Support::Initial {
                            points.data = self.initial(&points, own, (middle, half, axis));
                        }
                        let total = count(term.support, &settings.points).max(1) as f64;
                        let scale = (weight(term.support, &settings, &[]) * part / total).sqrt();
                        Some((number, points, scale))
                    })
                    .collect();
                Cell {
                    points,
                    hidden: self.local.hidden(mesh, cell),
                    seen: self.local.seen(mesh, cell),
                }
            })
            .collect()
    }

    /// The values that the window starts from.
    fn initial(
        &self,
        points: &PointSet,
        own: &[f64],
        (middle, half, axis): (f64, f64, usize),
    ) -> Vec<Vec<f64>> {
        let engine = self.local.layer().engine();
        let Some(before) = self.before else {
            return handed_over(engine, self.parameters, own, None, points);
        };
        if engine.program().handover.is_none() {
            return Vec::new();
        }
        let scaled: Vec<f64> = points.coordinates[axis]
            .iter()
            .map(|x| (x - middle) / half)
            .collect();
        let plain = PointSet::new(points.coordinates.clone());
        self.local.values(
            BlockRef::Continuation,
            (&before.mesh, &before.coefficients),
            &uniforms(self.parameters, before.low, before.high),
            &plain,
            &scaled,
        )
    }
}

/// The residuals of all cells, cell after cell.
fn residuals(local: &Local, cells: &[Cell], uniforms: &[f64], x: &[f64]) -> Vec<Vec<f64>> {
    let engine = local.layer().engine();
    engine.with_threads(|| {
        cells
            .par_iter()
            .map(|cell| {
                let mut parameters = cell.hidden.clone();
                local.fill(&cell.seen, x, &mut parameters);
                engine.residuals(&parameters, uniforms, &cell.batches())
            })
            .collect()
    })
}

fn square(parts: &[Vec<f64>]) -> f64 {
    parts.iter().map(|part| dot(part, part)).sum()
}

/// Solves a window. `chord` is a factored matrix from a window before; it is replaced where it does not serve. None where
/// something is not a number.
pub fn solve(place: &Place<'_>, mesh: Rc<Mesh>, chord: &mut Option<Chord>) -> Option<Solved> {
    let local = place.local;
    let (low, high) = place
        .domain
        .time
        .map_or((0.0, 1.0), |time| place.domain.intervals[time]);
    let own = uniforms(place.parameters, low, high);
    let cells = place.cells(&mesh, Purpose::Points, &own);
    let zero = vec![0.0; mesh.len() * local.block()];
    let size = square(&residuals(local, &cells, &own, &zero)).sqrt();
    let start = match place.before {
        Some(before) if *before.mesh == *mesh => (*before.coefficients).clone(),
        Some(_) | None => zero,
    };
    let mut newton = Newton {
        local,
        mesh: &mesh,
        cells: &cells,
        uniforms: &own,
        enough: ENOUGH * place.enough * size.max(place.size),
        work: 0.0,
    };
    let (x, parts) = newton.run(start, chord)?;
    let work = newton.work;
    let fresh = place.cells(&mesh, Purpose::Fresh, &own);
    let rest = residuals(local, &fresh, &own, &x);
    let by_label = |cells: &[Cell], parts: &[Vec<f64>]| mean_squares(place, cells, parts, &own);
    let (terms, checked) = (by_label(&cells, &parts), by_label(&fresh, &rest));
    let squares: Vec<f64> = rest.iter().map(|part| dot(part, part)).collect();
    squares.iter().all(|it| it.is_finite()).then_some(Solved {
        stretch: Stretch {
            low,
            high,
            mesh,
            coefficients: Rc::new(x),
        },
        cells: squares,
        size,
        work,
        terms,
        fresh: checked,
    })
}

/// The mean square of each residual over all cells, by label, from residuals with their factors: the squares of the factors
/// of all points of a term add up to its weight.
fn mean_squares(
    place: &Place<'_>,
    cells: &[Cell],
    parts: &[Vec<f64>],
    own: &[f64],
) -> Vec<(String, f64)> {
    let terms = &place.local.layer().engine().program().terms;
    let mut sums: Vec<Vec<f64>> = terms.iter().map(|it| vec![0.0; it.labels.len()]).collect();
    for (cell, part) in cells.iter().zip(parts) {
        let mut rest = part.as_slice();
        for (term, points, _) in &cell.points {
            for sum in &mut sums[*term] {
                let (column, after) = rest.split_at(points.len().min(rest.len()));
                *sum += dot(column, column);
                rest = after;
            }
        }
    }
    let terms = terms.iter().zip(sums);
    terms
        .flat_map(|(term, sums)| {
            let weight = weight(term.support, place.settings, &[]);
            let named = term.units(length(own)).zip(sums);
            named.map(move |((label, unit), sum)| (label.clone(), sum / (weight * unit)))
        })
        .collect()
}

struct Newton<'a> {
    local: &'a Local,
    mesh: &'a Rc<Mesh>,
    cells: &'a [Cell],
    uniforms: &'a [f64],
    /// The norm of the residuals at which it ends.
    enough: f64,
    work: f64,
}

impl Newton<'_> {
    #[allow(clippy::cast_precision_loss)] // counts
    fn residuals(&mut self, x: &[f64]) -> Vec<Vec<f64>> {
        let parts = residuals(self.local, self.cells, self.uniforms, x);
        let rows: usize = parts.iter().map(Vec::len).sum();
        self.work += FORWARD * (rows * self.local.layer().width) as f64;
        parts
    }

    #[allow(clippy::cast_precision_loss)] // counts
    fn factored(&mut self, x: &[f64]) -> Option<Sparse> {
        let (local, uniforms) = (self.local, self.uniforms);
        let engine = local.layer().engine();
        let columns = local.layer().columns();
        let order = elimination(self.mesh, local.block());
        let reach = if self.mesh.periodic { 9.0 } else { 4.0 };
        let band = reach * local.block() as f64;
        self.work += 0.5 * order.len() as f64 * band * band;
        let rows = |cell: &Cell| {
            let mut parameters = cell.hidden.clone();
            local.fill(&cell.seen, x, &mut parameters);
            let mut matrix = Panels::default();
            engine.jacobian_of(columns, &parameters, uniforms, &cell.batches(), &mut matrix);
            let places = (0..columns).map(|it| local.place(&cell.seen, it)).collect();
            Rows { matrix, places }
        };
        let cells = self.cells;
        engine.with_threads(|| {
            let rows: Vec<Rows> = cells.par_iter().map(rows).collect();
            Sparse::new(rows, &order)
        })
    }

    /// Gauss–Newton, each step halved until it lowers the residual, as long as steps promise to. The coefficients, and the
    /// residuals that they leave.
    #[allow(clippy::cast_precision_loss)] // counts
    fn run(
        &mut self,
        start: Vec<f64>,
        chord: &mut Option<Chord>,
    ) -> Option<(Vec<f64>, Vec<Vec<f64>>)> {
        let engine = self.local.layer().engine();
        let mut x = start;
        let mut parts = self.residuals(&x);
        let mut size = square(&parts);
        if !size.is_finite() {
            return None;
        }
        for _ in 0..STEPS {
            if size <= self.enough * self.enough {
                break;
            }
            let earlier = chord.take().filter(|it| it.mesh == *self.mesh);
            let is_fresh = earlier.is_none();
            let solver = match earlier {
                Some(earlier) => earlier.solver,
                None => self.factored(&x)?,
            };
            let r = parts.concat();
            self.work += MEMORY * (r.len() * self.local.layer().columns()) as f64;
            let (step, promise) = engine.with_threads(|| solver.solve(&r));
            let keep = |solver| Chord {
                mesh: Rc::clone(self.mesh),
                solver,
            };
            if promise > PROMISING * PROMISING * size {
                if is_fresh {
                    *chord = Some(keep(solver));
                    break;
                }
                continue;
            }
            let least = if is_fresh { 1.0 } else { CHORD * CHORD };
            let mut factor = 1.0;
            let mut found = None;
            for _ in 0..if is_fresh { HALVINGS } else { 1 } {
                let moved = x.iter().zip(&step);
                let trial: Vec<f64> = moved.map(|(x, step)| x + factor * step).collect();
                let rest = self.residuals(&trial);
                let trial_size = square(&rest);
                if trial_size < least * size {
                    found = Some((trial, rest, trial_size));
                    break;
                }
                factor *= 0.5;
            }
            let Some((trial, rest, trial_size)) = found else {
                if is_fresh {
                    break;
                }
                continue;
            };
            if trial_size < CHORD * CHORD * size || trial_size < 4.0 * promise {
                *chord = Some(keep(solver));
            }
            (x, parts, size) = (trial, rest, trial_size);
        }
        Some((x, parts))
    }
}

/// The order in which coefficients are eliminated: along the interval, or around the circle from both sides at once, so that
/// what belongs together is never far apart.
fn elimination(mesh: &Mesh, block: usize) -> Vec<usize> {
    let count = mesh.len();
    let patch = |position: usize| {
        if !mesh.periodic {
            position
        } else if position.is_multiple_of(2) {
            position / 2
        } else {
            count - 1 - position / 2
        }
    };
    (0..count)
        .flat_map(|position| {
            let first = patch(position) * block;
            first..first + block
        })
        .collect()
}
