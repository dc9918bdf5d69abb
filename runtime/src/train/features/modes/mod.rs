//! Where the search for eigenvalues begins.
//!
//! * Input: a problem whose equations and conditions hold for fields that are zero, with numbers that are sought and
//!   constraints: an eigenvalue problem with its normalisation.
//! * Output: parameters near the states whose eigenvalues are nearest to where the numbers begin.
//! * Method: with `A` the rows of equations and conditions by the last layer, and `B` how they change with a number, the `x` of
//!   smallest `‖A·x + B·ψ‖` is `(L − E₀)⁻¹ψ` but for its sign. The eigenvalues of this map that are largest belong to the states that are
//!   nearest ([`krylov`]); a state that an earlier field has, and that constraints say to differ from, is left out
//!   ([`groups()`]). From zero itself no method gets away: that is a solution of the equations, and there the norm does not
//!   change with the fields.
//! * Convention: the sign of a state, which nothing determines, is that of an exact solution where one is given, else the one
//!   that makes it positive on the lower side of the domain, in the mean.

mod eigenvalues;
mod groups;
mod krylov;

use super::assemble::{Factors, Piece, matrix, pieces, residuals};
use super::march::Task;
use crate::engine::{BlockRef, PointSet};
use crate::optimise::dot;
use crate::optimise::least_squares::LeastSquares;
use crate::solution::pointwise;
use groups::{Group, groups};
use krylov::{Pair, Space, Vector};
use pdec_compiler::program::Support;
use pdec_compiler::program::numbers::{free, value};
use std::ops::Range;

/// Images of the map: so many, and so many more for each state.
const IMAGES: (usize, usize) = (20, 3);

/// Images at most.
const MOST_IMAGES: usize = 60;

/// Gauss–Newton steps for the numbers with the states given.
const STEPS: usize = 6;

/// The difference of a free number that derivatives are taken with.
const DIFFERENCE: f64 = 1e-4;

/// A state of which less is left, without its parts along earlier ones, is one of them.
const OWN: f64 = 0.5;

/// Eigenvalues that differ by less, relative to their distance from the start, are one: its states can be chosen orthogonal.
const DEGENERATE: f64 = 1e-3;

/// An eigenvalue above the start counts as so much farther: of two at the same distance the lower is taken.
const ABOVE: f64 = 1e-4;

/// How fast weights fall that decide the sign of a state.
const DECAY: f64 = 2.0;

/// The start; none where the problem is not one of eigenvalues.
pub fn start(
    task: &Task<'_>,
    zero: &[f64],
    uniforms: &[f64],
    points: &[PointSet],
    factors: &Factors,
) -> Option<Vec<f64>> {
    let (layer, problem) = (task.layer, task.problem);
    let program = layer.engine().program();
    let sought = problem.unknowns.len();
    if sought == 0 || problem.constraints.is_empty() || !task.data.is_empty() {
        return None;
    }
    let groups = groups(problem)?;
    let all = program.network.number_parameters();
    let numbers = all.iter().skip(all.len() - sought).map(|it| it[1]);
    let search = Modes {
        task,
        zero,
        uniforms,
        pieces: &pieces(program, points, usize::MAX),
        factors: &local(task, factors),
        numbers: numbers.collect(),
        shape: Shape::new(task, points)?,
    };
    if search.rest(zero).iter().any(|r| *r != 0.0) {
        return None;
    }
    let mut state = search.state(&groups)?;
    search.adjust_numbers(&mut state);
    search.set_integrals(&mut state, all.len() - sought);
    state.iter().all(|value| value.is_finite()).then_some(state)
}

/// The factors of equations and conditions; what is a matter of the solution as a whole does not count.
fn local(task: &Task<'_>, factors: &Factors) -> Factors {
    let terms = &task.layer.engine().program().terms;
    terms
        .iter()
        .zip(factors)
        .map(|(term, factors)| match term.support {
            Support::Quadrature(_) | Support::Numbers => vec![0.0; factors.len()],
            Support::Interior | Support::Initial | Support::Face { .. } | Support::Observed(_) => {
                factors.clone()
            }
        })
        .collect()
}

/// What is looked at.
struct Modes<'a> {
    task: &'a Task<'a>,
    /// Parameters with a last layer of zeros.
    zero: &'a [f64],
    uniforms: &'a [f64],
    pieces: &'a [Piece],
    factors: &'a Factors,
    /// The place of each free number that is sought.
    numbers: Vec<usize>,
    shape: Shape,
}

/// A state that has been chosen for a group.
struct Chosen {
    /// How far its eigenvalue is from where its numbers begin.
    distance: f64,
    state: Vector,
}

impl Modes<'_> {
    fn rest(&self, parameters: &[f64]) -> Vec<f64> {
        residuals(
            self.task.layer,
            parameters,
            self.uniforms,
            self.pieces,
            self.factors,
        )
    }

    /// The derivative of the residuals by all numbers, each of which grows by as much.
    fn by_numbers(&self, state: &[f64], slopes: &[f64]) -> Vec<f64> {
        let least = slopes.iter().copied().fold(f64::INFINITY, f64::min);
        let size = DIFFERENCE * least;
        let moved = |sign: f64| {
            let mut moved = state.to_vec();
            for (place, slope) in self.numbers.iter().zip(slopes) {
                moved[*place] += sign * size / slope;
            }
            self.rest(&moved)
        };
        difference(&moved(1.0), &moved(-1.0), 2.0 * size)
    }

    /// The derivative of the residuals by one free number.
    fn by_number(&self, state: &[f64], place: usize) -> Vec<f64> {
        let moved = |by: f64| {
            let mut moved = state.to_vec();
            moved[place] += by;
            self.rest(&moved)
        };
        difference(&moved(DIFFERENCE), &moved(-DIFFERENCE), 2.0 * DIFFERENCE)
    }

    /// States for all groups with their numbers.
    fn state(&self, groups: &[Group]) -> Option<Vec<f64>> {
        let (task, layer) = (self.task, self.task.layer);
        let engine = layer.engine();
        let fields = self.shape.columns(layer.solved.start);
        let (matrix, blocks) = matrix(layer, self.zero, self.uniforms, self.pieces, self.factors);
        let solver = engine.with_threads(|| LeastSquares::new(matrix, &blocks, fields))?;
        let unknowns = task.problem.unknowns.iter();
        let starts: Vec<(f64, f64)> = unknowns.map(|(_, it)| value(it, 0.0)).collect();
        let slopes: Vec<f64> = starts.iter().map(|(_, slope)| *slope).collect();
        // Minus its image, for every group: their rows have nothing in common.
        let image = |state: &[f64]| -> Vec<f64> {
            let a = self.by_numbers(state, &slopes);
            let x = engine.with_threads(|| solver.solve(&a));
            let mut image = self.zero.to_vec();
            image[layer.solved.start..][..x.len()].copy_from_slice(&x);
            image
        };
        let split = |state: &[f64]| -> Vec<Vector> {
            let values = self.shape.values(task, self.uniforms, state);
            groups
                .iter()
                .map(|group| self.shape.part(group, state, &values))
                .collect()
        };
        // Golden ratio: as good as random.
        let mut first = self.zero.to_vec();
        for (number, value) in first[layer.solved.start..][..fields].iter_mut().enumerate() {
            #[allow(clippy::cast_precision_loss)] // a count
            let turn = number as f64 * 0.618_033_988_749_895;
            *value = turn.fract() - 0.5;
        }
        let spaces = split(&image(&first)).into_iter().map(Space::new);
        let mut spaces = spaces.collect::<Option<Vec<Space>>>()?;
        for _ in 0..(IMAGES.0 + IMAGES.1 * groups.len()).min(MOST_IMAGES) {
            let mut state = self.zero.to_vec();
            for (group, space) in groups.iter().zip(&spaces) {
                if let Some(last) = space.last() {
                    self.shape.put(group, last, &mut state);
                }
            }
            for (space, image) in spaces.iter_mut().zip(split(&image(&state))) {
                if space.last().is_some() && image.length() > 0.0 {
                    space.push(image);
                }
            }
        }
        let mut chosen: Vec<Chosen> = Vec::new();
        let mut state = self.zero.to_vec();
        for (group, space) in groups.iter().zip(&spaces) {
            let mut pairs = space.pairs();
            // `(A + s·B)·ψ = 0` where the image is `ψ/s`.
            let distance = |pair: &Pair| 1.0 / pair.eigenvalue;
            let order = |pair: &Pair| {
                let distance = distance(pair);
                distance.abs() * if distance > 0.0 { 1.0 + ABOVE } else { 1.0 }
            };
            pairs.sort_by(|a, b| order(a).total_cmp(&order(b)));
            let inside = |pair: &&Pair| {
                group.numbers.iter().all(|number| {
                    let bounds = task.problem.unknowns.iter().nth(*number);
                    let there = starts[*number].0 + distance(pair);
                    bounds.is_some_and(|(_, it)| it.bounds.low < there && there < it.bounds.high)
                })
            };
            let found = pairs.iter().filter(inside).find_map(|pair| {
                let state = self.own(pair, distance(pair), group, &chosen)?;
                let distance = distance(pair);
                Some(Chosen { distance, state })
            })?;
            let mut found = found;
            let sign = self.shape.sign(task, self.uniforms, group, &found.state);
            found.state.scale(sign / found.state.length());
            self.shape.put(group, &found.state, &mut state);
            for number in &group.numbers {
                let (_, unknown) = task.problem.unknowns.iter().nth(*number)?;
                state[self.numbers[*number]] = free(unknown, starts[*number].0 + found.distance);
            }
            chosen.push(found);
        }
        Some(state)
    }

    /// A state without its parts along those of earlier groups from which it is to differ; none where nothing is left.
    fn own(&self, pair: &Pair, distance: f64, group: &Group, chosen: &[Chosen]) -> Option<Vector> {
        let mut rest = pair.state.clone();
        let mut own = pair.state.clone();
        for place in &group.apart {
            let other = chosen.get(*place)?;
            // Only states of the same fields of the problem can be compared.
            if other.state.values.len() != rest.values.len() {
                continue;
            }
            let part = dot(&rest.values, &other.state.values);
            rest.add(-part, &other.state);
            let size = distance.abs().max(other.distance.abs());
            if (distance - other.distance).abs() < DEGENERATE * size {
                own.add(-part, &other.state);
            }
        }
        (rest.length() > OWN * pair.state.length()).then_some(own)
    }

    /// The numbers with which a state leaves least.
    fn adjust_numbers(&self, state: &mut [f64]) {
        for _ in 0..STEPS {
            for place in &self.numbers {
                let (r, a) = (self.rest(state), self.by_number(state, *place));
                let size = dot(&a, &a);
                if size > 0.0 {
                    state[*place] -= dot(&a, &r) / size;
                }
            }
        }
    }

    /// Sets the values of integrals to what they are.
    fn set_integrals(&self, state: &mut [f64], integrals: usize) {
        let layer = self.task.layer;
        let program = layer.engine().program();
        let ones: Factors = program
            .terms
            .iter()
            .map(|term| vec![1.0; term.labels.len()])
            .collect();
        let numbers = program.network.number_parameters();
        // The draft has them in the order of its groups, which need not be that of the numbers: each residual falls by one
        // when its number grows by one.
        for place in numbers.iter().take(integrals) {
            let sums = |state: &[f64]| -> Vec<f64> {
                let summed = self
                    .pieces
                    .iter()
                    .filter(|it| program.terms[it.term].support.is_summed());
                summed
                    .flat_map(|piece| {
                        let piece = std::slice::from_ref(piece);
                        residuals(layer, state, self.uniforms, piece, &ones)
                    })
                    .collect()
            };
            let before = sums(state);
            state[place[1]] += 1.0;
            let after = sums(state);
            let own = before
                .iter()
                .zip(&after)
                .find(|(a, b)| (*a - *b - 1.0).abs() < 1e-6);
            state[place[1]] += own.map_or(-1.0, |(before, _)| before - 1.0);
        }
    }
}

fn difference(above: &[f64], below: &[f64], size: f64) -> Vec<f64> {
    let pairs = above.iter().zip(below);
    pairs.map(|(a, b)| (a - b) / size).collect()
}

/// How states are measured.
struct Shape {
    points: PointSet,
    /// The root of the volume of a point.
    unit: f64,
    /// Where the weights and the bias of each field are.
    rows: Vec<(Range<usize>, usize)>,
    /// What decides the sign, at each point.
    weights: Vec<f64>,
}

impl Shape {
    /// None where there is nothing to measure them by.
    fn new(task: &Task<'_>, points: &[PointSet]) -> Option<Self> {
        let program = task.layer.engine().program();
        let last = program.network.last_layer()?;
        let interior = program
            .terms
            .iter()
            .position(|it| it.support == Support::Interior)?;
        let fields = task.problem.fields.len();
        let rows = (0..fields).map(|field| {
            let first = last.weight + field * last.inputs;
            (first..first + last.inputs, last.bias + field)
        });
        let coordinates = &task.problem.coordinates;
        let volume: f64 = coordinates.iter().map(|(_, it)| it.high - it.low).product();
        let points = PointSet::new(points.get(interior)?.coordinates.clone());
        let count = points.len();
        let mut weights = vec![1.0; count];
        for ((_, coordinate), column) in coordinates.iter().zip(&points.coordinates) {
            for (weight, x) in weights.iter_mut().zip(column) {
                let share = (x - coordinate.low) / (coordinate.high - coordinate.low);
                *weight *= (-DECAY * share).exp();
            }
        }
        #[allow(clippy::cast_precision_loss)] // a count
        let unit = (volume / count.max(1) as f64).sqrt();
        let shape = Self {
            points,
            unit,
            rows: rows.collect(),
            weights,
        };
        (count > 0).then_some(shape)
    }

    /// How many parameters of the last layer belong to fields.
    fn columns(&self, first: usize) -> usize {
        let ends = self.rows.iter().map(|(_, bias)| bias + 1 - first);
        ends.max().unwrap_or(0)
    }

    /// The values of all fields, as [`Vector`]s have them.
    fn values(&self, task: &Task<'_>, uniforms: &[f64], state: &[f64]) -> Vec<Vec<f64>> {
        let engine = task.layer.engine();
        let mut values = engine.values(BlockRef::Fields, state, uniforms, &self.points);
        let all = values.iter_mut().flatten();
        all.for_each(|it| *it *= self.unit);
        values
    }

    /// The fields of a group.
    fn part(&self, group: &Group, state: &[f64], values: &[Vec<f64>]) -> Vector {
        let mut part = Vector::default();
        for &field in &group.fields {
            let (weights, bias) = &self.rows[field];
            part.coefficients.extend(&state[weights.clone()]);
            part.coefficients.push(state[*bias]);
            part.values.extend(&values[field]);
        }
        part
    }

    /// Sets the fields of a group.
    fn put(&self, group: &Group, part: &Vector, state: &mut [f64]) {
        let mut coefficients = part.coefficients.iter().copied();
        for &field in &group.fields {
            let (weights, bias) = &self.rows[field];
            for place in weights.clone().chain([*bias]) {
                state[place] = coefficients.next().unwrap_or(0.0);
            }
        }
    }

    /// 1 or −1: what a state is to be multiplied by.
    fn sign(&self, task: &Task<'_>, uniforms: &[f64], group: &Group, state: &Vector) -> f64 {
        let engine = task.layer.engine();
        let count = self.points.len();
        let mut sums = (0.0, 0.0);
        for (field, values) in group.fields.iter().zip(state.values.chunks(count.max(1))) {
            let kernel = engine.program().exact.get(*field).copied().flatten();
            if let Some(kernel) = kernel {
                let exact = pointwise(engine, kernel, uniforms, &self.points.coordinates);
                sums.0 += exact.first().map_or(0.0, |exact| dot(exact, values));
            }
            sums.1 += dot(&self.weights, values);
        }
        let sum = if sums.0 == 0.0 { sums.1 } else { sums.0 };
        if sum < 0.0 { -1.0 } else { 1.0 }
    }
}
