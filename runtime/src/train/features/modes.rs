//! Where the search for an eigenvalue begins.
//!
//! * Input: a problem whose equations and conditions hold for fields that are zero, with numbers that are sought and
//!   constraints: an eigenvalue problem with its normalisation.
//! * Output: parameters near the states whose eigenvalues are nearest to where the numbers begin.
//! * Method: inverse iteration in the least-squares sense. With `A` the rows of equations and conditions by the last
//!   layer, and `a` how they change with a number, the `x` of smallest `‖A·x + a‖` is `(L − E)⁻¹ψ`. Several states are kept
//!   apart by orthogonalising them in the order of their fields. From zero itself no method gets away: that is a solution of the
//!   equations, and there the norm does not change with the fields.

use super::assemble::{Factors, Piece, matrix, pieces, residuals};
use super::march::Task;
use crate::engine::{BlockRef, PointSet};
use crate::optimise::dot;
use crate::optimise::least_squares::LeastSquares;
use pdec_compiler::program::Support;

/// Inverse iterations.
const ITERATIONS: usize = 12;

/// Gauss–Newton steps for the numbers with the states given.
const STEPS: usize = 6;

/// The difference of a free number that derivatives are taken with.
const DIFFERENCE: f64 = 1e-4;

/// The start; none where the problem is not one of eigenvalues.
pub fn start(
    task: &Task<'_>,
    zero: &[f64],
    uniforms: &[f64],
    points: &[PointSet],
    factors: &Factors,
) -> Option<Vec<f64>> {
    let (layer, problem) = (task.layer, task.problem);
    let (engine, program) = (layer.engine(), layer.engine().program());
    let sought = problem.unknowns.len();
    if sought == 0 || problem.constraints.is_empty() || !task.data.is_empty() {
        return None;
    }
    let local: Factors = program
        .terms
        .iter()
        .zip(factors)
        .map(|(term, factors)| match term.support {
            Support::Quadrature(_) | Support::Numbers => vec![0.0; factors.len()],
            Support::Interior | Support::Initial | Support::Face { .. } | Support::Observed(_) => {
                factors.clone()
            }
        })
        .collect();
    let places = pieces(program, points, usize::MAX);
    let rest = |parameters: &[f64]| residuals(layer, parameters, uniforms, &places, &local);
    if rest(zero).iter().any(|r| *r != 0.0) {
        return None;
    }
    let all = program.network.number_parameters();
    let numbers: Vec<usize> = all
        .iter()
        .skip(all.len() - sought)
        .map(|it| it[1])
        .collect();
    let integrals = all.len() - sought;
    let fields = layer.columns() - 2 * all.len();
    let (matrix, blocks) = matrix(layer, zero, uniforms, &places, &local);
    let solver = engine.with_threads(|| LeastSquares::new(matrix, &blocks, fields))?;
    // Golden ratio: as good as random.
    let mut state = zero.to_vec();
    let first = layer.solved.start;
    for (number, value) in state[first..first + fields].iter_mut().enumerate() {
        #[allow(clippy::cast_precision_loss)] // a count
        let turn = number as f64 * 0.618_033_988_749_895;
        *value = turn.fract() - 0.5;
    }
    let by_number = |state: &[f64], place: usize| -> Vec<f64> {
        let moved = |by: f64| {
            let mut moved = state.to_vec();
            moved[place] += by;
            rest(&moved)
        };
        let (above, below) = (moved(DIFFERENCE), moved(-DIFFERENCE));
        let pairs = above.iter().zip(&below);
        pairs.map(|(a, b)| (a - b) / (2.0 * DIFFERENCE)).collect()
    };
    let shape = Shape::new(task, points)?;
    for _ in 0..ITERATIONS {
        shape.normalise(task, uniforms, &mut state);
        let mut next = zero.to_vec();
        for place in &numbers {
            let a = by_number(&state, *place);
            let x = engine.with_threads(|| solver.solve(&a));
            for (next, x) in next[first..].iter_mut().zip(x) {
                *next += x;
            }
        }
        if next.iter().any(|value| !value.is_finite()) {
            return None;
        }
        state = next;
    }
    shape.normalise(task, uniforms, &mut state);
    for _ in 0..STEPS {
        for place in &numbers {
            let (r, a) = (rest(&state), by_number(&state, *place));
            let size = dot(&a, &a);
            if size > 0.0 {
                state[*place] -= dot(&a, &r) / size;
            }
        }
    }
    set_integrals(&places, task, uniforms, &mut state, integrals);
    state.iter().all(|value| value.is_finite()).then_some(state)
}

/// Sets the values of integrals to what they are.
fn set_integrals(
    places: &[Piece],
    task: &Task<'_>,
    uniforms: &[f64],
    state: &mut [f64],
    integrals: usize,
) {
    let layer = task.layer;
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
            let summed = places
                .iter()
                .filter(|it| program.terms[it.term].support.is_summed());
            summed
                .flat_map(|piece| {
                    let piece = std::slice::from_ref(piece);
                    residuals(layer, state, uniforms, piece, &ones)
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

/// How states are measured.
struct Shape {
    points: PointSet,
    volume: f64,
    /// Where the weights and the bias of each field are.
    rows: Vec<(std::ops::Range<usize>, usize)>,
    /// Whether each field is a state of its own.
    apart: bool,
}

impl Shape {
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
        let lengths = task
            .problem
            .coordinates
            .iter()
            .map(|(_, it)| it.high - it.low);
        Some(Self {
            points: PointSet::new(points.get(interior)?.coordinates.clone()),
            volume: lengths.product(),
            rows: rows.collect(),
            apart: fields > 1 && fields == task.problem.unknowns.len(),
        })
    }

    /// Fields of which the integral of the square is one; orthogonal where each is a state of its own.
    fn normalise(&self, task: &Task<'_>, uniforms: &[f64], state: &mut [f64]) {
        let engine = task.layer.engine();
        let mut values = engine.values(BlockRef::Fields, state, uniforms, &self.points);
        #[allow(clippy::cast_precision_loss)] // a count
        let cell = self.volume / self.points.len().max(1) as f64;
        if !self.apart {
            let size: f64 = values.iter().map(|it| cell * dot(it, it)).sum();
            let factor = 1.0 / size.sqrt();
            for (weights, bias) in &self.rows {
                state[weights.clone()]
                    .iter_mut()
                    .for_each(|it| *it *= factor);
                state[*bias] *= factor;
            }
            return;
        }
        for field in 0..values.len() {
            for other in 0..field {
                let by = cell * dot(&values[field], &values[other]);
                self.add(state, field, other, -by);
                let (low, high) = values.split_at_mut(field);
                for (value, other) in high[0].iter_mut().zip(&low[other]) {
                    *value -= by * other;
                }
            }
            let size = (cell * dot(&values[field], &values[field])).sqrt();
            self.add(state, field, field, 1.0 / size - 1.0);
            values[field].iter_mut().for_each(|it| *it /= size);
        }
    }

    /// Adds a multiple of one field's last layer to another's.
    fn add(&self, state: &mut [f64], to: usize, from: usize, factor: f64) {
        let ((to, to_bias), (from, from_bias)) = (&self.rows[to], &self.rows[from]);
        for (to, from) in to.clone().zip(from.clone()) {
            state[to] += factor * state[from];
        }
        state[*to_bias] += factor * state[*from_bias];
    }
}
