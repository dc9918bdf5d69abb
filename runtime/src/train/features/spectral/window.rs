//! One window: residuals vanish at the stages, in the waves that are kept.

use super::anderson::Anderson;
use super::circle::{Circle, Modes, mean_square};
use super::network::{Fit, Layout};
use super::ring::Ring;
use super::stages::Stages;
use pdec_compiler::kernel::{Kernel, interpret};
use pdec_compiler::program::evolution::Evolution;
use rustfft::num_complex::Complex64;
use std::f64::consts::TAU;

/// Iterations, at most.
const ITERATIONS: usize = 60;

/// Iterations that do not help before the window is given up.
const PATIENCE: usize = 8;

/// The iteration ends where a step is this part of what the window may add to the error.
const ENOUGH: f64 = 1e-3;

/// Where it can do no better, this part will do.
const ACCEPTABLE: f64 = 0.1;

/// Rounding of a step.
const ROUNDING: f64 = 1e-14;

/// A pivot below this part of the largest element is as good as zero.
const SINGULAR: f64 = 1e-14;

/// The problem in numbers.
pub struct Scheme<'a> {
    /// Equations, jets and what is given.
    pub evolution: &'a Evolution,
    /// What kernels read.
    pub uniforms: &'a [f64],
    /// The circle.
    pub ring: &'a Ring,
    /// The length of all of time.
    pub whole: f64,
    stages: Stages,
    /// By field, order of the derivative: rows for the stages.
    at_stages: Vec<Vec<Vec<Vec<f64>>>>,
    /// The same between the stages.
    between: Vec<Vec<Vec<Vec<f64>>>>,
}

/// What a window starts from.
#[derive(Clone)]
pub struct Start {
    /// The time.
    pub time: f64,
    /// By field: its value and its first derivatives by time.
    pub given: Vec<Vec<Modes>>,
    /// The root mean square of each field, not zero.
    pub sizes: Vec<f64>,
}

/// A window that has been solved.
pub struct Solved {
    /// By field: what was given, derivatives by time in units of half the window, and the values at the stages.
    pub known: Vec<Vec<Modes>>,
    /// The residual between the stages, of the waves that are kept: what shorter windows lower. Over all of time, relative
    /// to the solution.
    pub time_error: f64,
    /// The same of shorter waves: what more of them lower.
    pub space_error: f64,
    /// Numbers that were computed on grids.
    pub work: f64,
    /// Points at which residuals were computed.
    pub points: u64,
}

/// How a window ended.
pub enum Verdict {
    /// It is solved.
    Solved(Solved),
    /// The iteration does not converge: the window is too long. What that has cost.
    Unsolved(f64),
    /// Its linear part has no unique solution.
    Singular,
}

impl<'a> Scheme<'a> {
    /// A scheme with so many stages.
    pub fn new(
        evolution: &'a Evolution,
        uniforms: &'a [f64],
        ring: &'a Ring,
        whole: f64,
        stages: usize,
    ) -> Self {
        let stages = Stages::new(stages);
        let matrices = |points: &[f64]| {
            let of_field = |&given: &usize| {
                (0..=given)
                    .map(|order| stages.derivatives(given, order, points))
                    .collect()
            };
            evolution.orders.iter().map(of_field).collect()
        };
        Self {
            at_stages: matrices(&stages.nodes),
            between: matrices(&stages.between),
            evolution,
            uniforms,
            ring,
            whole,
            stages,
        }
    }

    /// How polynomials of fields with so many values given become slow waves.
    pub fn fit(&self, given: usize, layout: &Layout) -> Fit {
        Fit::new(&self.stages, given, layout)
    }

    /// The derivatives of each field below its order in time where a window ends, from what is known of it.
    pub fn end(&self, known: &[Vec<Modes>], length: f64) -> Vec<Vec<Modes>> {
        let of_field = |(known, &given): (&Vec<Modes>, &usize)| -> Vec<Modes> {
            (0..given)
                .map(|order| {
                    let rows = self.stages.derivatives(given, order, &[1.0]);
                    combined(&rows[0], known, powers(2.0 / length, order))
                })
                .collect()
        };
        let orders = &self.evolution.orders;
        known.iter().zip(orders).map(of_field).collect()
    }

    /// Solves a window of this length; `error` is what it may add to the relative error of the solution.
    pub fn solve(&self, start: &Start, length: f64, circle: &Circle, error: f64) -> Verdict {
        let orders = &self.evolution.orders;
        let reach = start.given.iter().flatten().map(|modes| modes.len() - 1);
        let reach = reach.max().unwrap_or(0);
        let mut known: Vec<Vec<Modes>> = Vec::with_capacity(orders.len());
        for given in &start.given {
            let mut own: Vec<Modes> = (0..given.len())
                .map(|order| combined(&[1.0], &given[order..], powers(0.5 * length, order)))
                .collect();
            let value = own.first().cloned();
            let value = value.unwrap_or_else(|| vec![Complex64::default(); reach + 1]);
            own.extend(std::iter::repeat_n(value, self.stages.len()));
            known.push(own);
        }
        let mut work = 0.0;
        let place = Place {
            time: start.time,
            length,
            circle,
            matrices: &self.at_stages,
            points: &self.stages.nodes,
        };
        let columns = self.columns(&known, &place, &mut work);
        let slopes: Vec<f64> = self
            .evaluate(&self.evolution.slopes, &columns)
            .iter()
            .map(|column| mean(column))
            .collect();
        let Some(blocks) = self.inverses(&slopes, length, reach) else {
            return Verdict::Singular;
        };
        let target = (ENOUGH * error).max(ROUNDING);
        let mut anderson = Anderson::default();
        let mut best = f64::INFINITY;
        let mut since = 0;
        let mut converged = false;
        for _ in 0..ITERATIONS {
            let columns = self.columns(&known, &place, &mut work);
            let residuals = self.evaluate(&self.evolution.residuals, &columns);
            let modes = self.modes(&residuals, circle, reach);
            let step = self.step(&blocks, &modes, &start.sizes, reach);
            let size = step_size(&step, reach, orders.len() * self.stages.len());
            if !size.is_finite() {
                break;
            }
            let point = self.unknowns(&known, &start.sizes);
            let next = anderson.next(&point, &step);
            self.set_unknowns(&mut known, &next, &start.sizes, reach);
            if size <= target {
                converged = true;
                break;
            }
            since += 1;
            if size < best {
                (best, since) = (size, 0);
            }
            if since >= PATIENCE {
                break;
            }
        }
        if !converged && best > ACCEPTABLE * error {
            return Verdict::Unsolved(work);
        }
        let place = Place {
            matrices: &self.between,
            points: &self.stages.between,
            ..place
        };
        let columns = self.columns(&known, &place, &mut work);
        let residuals = self.evaluate(&self.evolution.residuals, &columns);
        let (time_error, space_error) =
            self.errors(&residuals, &columns, &slopes, &start.sizes, circle, reach);
        if !(time_error + space_error).is_finite() {
            return Verdict::Unsolved(work);
        }
        Verdict::Solved(Solved {
            known,
            time_error,
            space_error,
            work,
            points: (work / number(self.evolution.jets.len().max(1))) as u64,
        })
    }

    /// What kernels read: coordinates, then jets; a number for each stage and point of the grid.
    fn columns(&self, known: &[Vec<Modes>], place: &Place<'_>, work: &mut f64) -> Vec<Vec<f64>> {
        let (points, count) = (place.circle.points, place.points.len());
        let mut functions = Vec::with_capacity(self.evolution.jets.len() * count);
        for jet in &self.evolution.jets {
            let factor = powers(2.0 / place.length, jet.time);
            for row in &place.matrices[jet.field][jet.time] {
                let mut modes = combined(row, &known[jet.field], factor);
                self.differentiate(&mut modes, jet.space);
                functions.push(modes);
            }
        }
        *work += number(functions.len() * points);
        let values = place.circle.values(&functions);
        let mut columns = vec![Vec::new(), Vec::new()];
        columns[self.evolution.space] = (0..count * points)
            .map(|k| self.ring.low + self.ring.length() * number(k % points) / number(points))
            .collect();
        columns[self.evolution.time] = (0..count * points)
            .map(|k| place.time + 0.5 * place.length * (place.points[k / points] + 1.0))
            .collect();
        columns.extend(values.chunks(count).map(<[Vec<f64>]>::concat));
        columns
    }

    /// The derivative of this order in space.
    fn differentiate(&self, modes: &mut Modes, order: usize) {
        for (k, mode) in modes.iter_mut().enumerate() {
            *mode *= self.symbol(k, order);
        }
    }

    /// What a derivative of this order makes of a wave.
    fn symbol(&self, k: usize, order: usize) -> Complex64 {
        let unit = [Complex64::ONE, Complex64::I, -Complex64::ONE, -Complex64::I][order % 4];
        unit * powers(TAU / self.ring.length() * number(k), order)
    }

    fn evaluate(&self, kernel: &Kernel, columns: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let lanes = columns.first().map_or(0, Vec::len);
        let inputs: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        let mut outputs = vec![vec![0.0; lanes]; kernel.outputs.len()];
        let mut targets: Vec<&mut [f64]> = outputs.iter_mut().map(Vec::as_mut_slice).collect();
        interpret(kernel, &inputs, self.uniforms, &mut targets);
        outputs
    }

    /// By equation, then by stage: the waves of the residuals.
    fn modes(&self, residuals: &[Vec<f64>], circle: &Circle, reach: usize) -> Vec<Modes> {
        let functions: Vec<Vec<f64>> = residuals
            .iter()
            .flat_map(|column| column.chunks(circle.points).map(<[f64]>::to_vec))
            .collect();
        circle.modes(&functions, reach)
    }

    /// For each wave the inverse of the linear part with these mean coefficients, row after row: rows by equation, then
    /// stage; columns by field, then stage. None where there is none.
    fn inverses(&self, slopes: &[f64], length: f64, reach: usize) -> Option<Vec<Vec<Complex64>>> {
        let (jets, stages) = (&self.evolution.jets, self.stages.len());
        let size = self.evolution.orders.len() * stages;
        (0..=reach)
            .map(|k| {
                let mut matrix = vec![Complex64::default(); size * size];
                for (place, slope) in slopes.iter().enumerate() {
                    let (equation, jet) = (place / jets.len(), &jets[place % jets.len()]);
                    let factor = self.symbol(k, jet.space) * slope * powers(2.0 / length, jet.time);
                    let given = self.evolution.orders[jet.field];
                    for (i, row) in self.at_stages[jet.field][jet.time].iter().enumerate() {
                        for (j, value) in row[given..].iter().enumerate() {
                            let (row, column) = (equation * stages + i, jet.field * stages + j);
                            matrix[row * size + column] += factor * value;
                        }
                    }
                }
                inverse(matrix, size)
            })
            .collect()
    }

    /// The step of the plain iteration, in units of the sizes of the fields: by field, stage, wave.
    fn step(
        &self,
        blocks: &[Vec<Complex64>],
        modes: &[Modes],
        sizes: &[f64],
        reach: usize,
    ) -> Vec<Complex64> {
        let (size, stages) = (modes.len(), self.stages.len());
        let mut step = vec![Complex64::default(); size * (reach + 1)];
        for (k, block) in blocks.iter().enumerate() {
            for row in 0..size {
                let image: Complex64 = (0..size)
                    .map(|column| block[row * size + column] * modes[column][k])
                    .sum();
                step[row * (reach + 1) + k] = -image / sizes[row / stages];
            }
        }
        step
    }

    fn unknowns(&self, known: &[Vec<Modes>], sizes: &[f64]) -> Vec<Complex64> {
        let fields = known.iter().zip(&self.evolution.orders).zip(sizes);
        fields
            .flat_map(|((known, &given), &size)| {
                known[given..]
                    .iter()
                    .flat_map(move |modes| modes.iter().map(move |mode| mode / size))
            })
            .collect()
    }

    fn set_unknowns(
        &self,
        known: &mut [Vec<Modes>],
        unknowns: &[Complex64],
        sizes: &[f64],
        reach: usize,
    ) {
        let mut parts = unknowns.chunks(reach + 1);
        let fields = known.iter_mut().zip(&self.evolution.orders).zip(sizes);
        for (field, ((known, &given), &size)) in fields.enumerate() {
            for (modes, part) in known[given..].iter_mut().zip(&mut parts) {
                for (mode, part) in modes.iter_mut().zip(part) {
                    *mode = size * part;
                }
                self.ring.clean(field, modes);
            }
        }
    }

    /// The residuals of the waves that are kept and of the others, relative to what they are made of, over all of time.
    fn errors(
        &self,
        residuals: &[Vec<f64>],
        columns: &[Vec<f64>],
        slopes: &[f64],
        sizes: &[f64],
        circle: &Circle,
        reach: usize,
    ) -> (f64, f64) {
        let jets = &self.evolution.jets;
        let (mut in_time, mut in_space): (f64, f64) = (0.0, 0.0);
        for (equation, residual) in residuals.iter().enumerate() {
            let slopes = &slopes[equation * jets.len()..][..jets.len()];
            // What a derivative by time is, that goes once through all of it.
            let evolves = jets.iter().zip(slopes).filter_map(|(jet, slope)| {
                let order = self.evolution.orders[jet.field];
                let highest = order > 0 && jet.time == order && jet.space == 0;
                highest.then(|| slope.abs() * sizes[jet.field] / powers(self.whole, order))
            });
            let mut size = evolves.fold(0.0, f64::max);
            if size == 0.0 {
                let terms = slopes.iter().zip(&columns[2..]);
                size = terms
                    .map(|(slope, column)| slope.abs() * root_mean_square(column))
                    .fold(0.0, f64::max);
            }
            if size == 0.0 {
                continue;
            }
            let functions: Vec<Vec<f64>> = residual
                .chunks(circle.points)
                .map(<[f64]>::to_vec)
                .collect();
            let stages = number(functions.len());
            let kept: f64 = circle
                .modes(&functions, reach)
                .iter()
                .map(|modes| mean_square(modes))
                .sum();
            let all: f64 = functions
                .iter()
                .map(|values| values.iter().map(|v| v * v).sum::<f64>() / number(values.len()))
                .sum();
            in_time = in_time.max((kept / stages).sqrt() / size);
            in_space = in_space.max(((all - kept).max(0.0) / stages).sqrt() / size);
        }
        (in_time, in_space)
    }
}

/// Where functions are looked at.
struct Place<'a> {
    time: f64,
    length: f64,
    circle: &'a Circle,
    matrices: &'a [Vec<Vec<Vec<f64>>>],
    points: &'a [f64],
}

/// `factor·Σ row·functions`.
fn combined(row: &[f64], functions: &[Modes], factor: f64) -> Modes {
    let count = functions.first().map_or(0, Vec::len);
    let mut sum = vec![Complex64::default(); count];
    for (value, function) in row.iter().zip(functions) {
        let value = factor * value;
        if value != 0.0 {
            for (sum, mode) in sum.iter_mut().zip(function) {
                *sum += value * mode;
            }
        }
    }
    sum
}

/// The root mean square of a step over fields and stages.
fn step_size(step: &[Complex64], reach: usize, functions: usize) -> f64 {
    let squares = step.chunks(reach + 1).map(mean_square);
    (squares.sum::<f64>() / number(functions)).sqrt()
}

/// The inverse of a matrix by rows, by Gauss–Jordan elimination with pivots.
fn inverse(mut matrix: Vec<Complex64>, size: usize) -> Option<Vec<Complex64>> {
    let mut inverse = vec![Complex64::default(); size * size];
    for k in 0..size {
        inverse[k * size + k] = Complex64::ONE;
    }
    // Equations may be of any size.
    for row in 0..size {
        let own = &mut matrix[row * size..][..size];
        let largest = own.iter().map(|z| z.norm()).fold(0.0, f64::max);
        let usable = largest > 0.0 && largest.is_finite();
        if !usable {
            return None;
        }
        own.iter_mut().for_each(|z| *z /= largest);
        inverse[row * size + row] /= largest;
    }
    for column in 0..size {
        let norm = |row: usize| matrix[row * size + column].norm();
        let pivot = (column..size).max_by(|&a, &b| norm(a).total_cmp(&norm(b)))?;
        if norm(pivot) < SINGULAR {
            return None;
        }
        for k in 0..size {
            matrix.swap(column * size + k, pivot * size + k);
            inverse.swap(column * size + k, pivot * size + k);
        }
        let factor = Complex64::ONE / matrix[column * size + column];
        for k in 0..size {
            matrix[column * size + k] *= factor;
            inverse[column * size + k] *= factor;
        }
        for row in 0..size {
            let factor = matrix[row * size + column];
            if row == column || factor == Complex64::default() {
                continue;
            }
            for k in 0..size {
                let (own, other) = (matrix[column * size + k], inverse[column * size + k]);
                matrix[row * size + k] -= factor * own;
                inverse[row * size + k] -= factor * other;
            }
        }
    }
    Some(inverse)
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / number(values.len().max(1))
}

fn root_mean_square(values: &[f64]) -> f64 {
    (values.iter().map(|v| v * v).sum::<f64>() / number(values.len().max(1))).sqrt()
}

fn powers(base: f64, exponent: usize) -> f64 {
    base.powi(i32::try_from(exponent).unwrap_or(i32::MAX))
}

#[allow(clippy::cast_precision_loss)] // counts far below 2^52
fn number(count: usize) -> f64 {
    count as f64
}
