//! Weights that follow training: between the terms of the loss, and in time.
//!
//! * Input: the terms of a window, their points, the parameters at hand.
//! * Output: a factor for the loss of each term ([`balanced`]), and one for each chunk of a time window ([`Chunks`]).
//! * Invariants: weights are numbers while a step is made, nothing is differentiated through them; every optimiser may
//!   therefore use them, as long as it is told when they change.

use crate::engine::{Batch, BlockRef, Columns, Engine, PointSet};
use crate::optimise::dot;
use crate::state::{Resume, State, StateError};
use pdec_compiler::settings::{Balance, Causal};

/// Points of a term at most whose tangent kernel is looked at.
const KERNEL_POINTS: usize = 128;

/// The factor of each term, from its points and its scale `√(1/N)`; none where weights do not follow.
///
/// * `grad_norm`: `Σ_j |∇L_j| / |∇L_k|`
/// * `ntk`: `Σ_j T_j / T_k`, `T_k` the mean of `|∂r/∂θ|²` over the points of the term, summed over its residuals
///
/// A term whose gradient is zero keeps a factor of one.
pub fn balanced(
    balance: Balance,
    engine: &Engine,
    points: &[PointSet],
    parameters: &[f64],
    uniforms: &[f64],
) -> Option<Vec<f64>> {
    let sizes: Vec<f64> = match balance {
        Balance::Fixed => return None,
        Balance::GradientNorm(_) => points
            .iter()
            .enumerate()
            .map(|(term, points)| {
                let (_, gradient) =
                    engine.loss_and_gradient(parameters, uniforms, &[mean(term, points)]);
                dot(&gradient, &gradient).sqrt()
            })
            .collect(),
        Balance::TangentKernel(_) => points
            .iter()
            .enumerate()
            .map(|(term, points)| trace(engine, term, points, parameters, uniforms))
            .collect(),
    };
    let whole: f64 = sizes.iter().sum();
    let factor = |size: &f64| {
        let factor = whole / size;
        if factor.is_finite() { factor } else { 1.0 }
    };
    Some(sizes.iter().map(factor).collect())
}

/// The term with a loss that is the mean over its points.
fn mean(term: usize, points: &PointSet) -> Batch<'_> {
    #[allow(clippy::cast_precision_loss)] // point counts are far below 2^52
    let count = points.len().max(1) as f64;
    Batch {
        block: BlockRef::Term(term),
        points,
        scale: (1.0 / count).sqrt(),
    }
}

/// The trace of a term's block of the tangent kernel, by point.
fn trace(
    engine: &Engine,
    term: usize,
    points: &PointSet,
    parameters: &[f64],
    uniforms: &[f64],
) -> f64 {
    // every so many points: the sequences fill the domain evenly
    let step = points.len().div_ceil(KERNEL_POINTS).max(1);
    let thin = |columns: &[Vec<f64>]| {
        let thin = |column: &Vec<f64>| column.iter().copied().step_by(step).collect();
        columns.iter().map(thin).collect()
    };
    let points = PointSet {
        coordinates: thin(&points.coordinates),
        data: thin(&points.data),
    };
    let mut jacobian = Columns::default();
    engine.jacobian(parameters, uniforms, &[mean(term, &points)], &mut jacobian);
    (0..parameters.len())
        .map(|column| dot(jacobian.column(column), jacobian.column(column)))
        .sum()
}

/// The chunks of a time window, with their causal weights.
#[derive(Clone, Debug)]
pub struct Chunks {
    settings: Causal,
    epsilon: f64,
    /// Whether ε will not grow any more and all weights are near one.
    pub done: bool,
    /// The interior points of each chunk.
    pub points: Vec<PointSet>,
    /// The weight of each chunk.
    pub weights: Vec<f64>,
}

impl Resume for Chunks {
    fn save(&self, state: &mut State) {
        // The points of the chunks are those of the window, sorted.
        let Self {
            settings: _,
            epsilon,
            done,
            points: _,
            weights,
        } = self;
        state.put_numbers("epsilon", &[*epsilon]);
        state.put_count("done", usize::from(*done));
        state.put_numbers("weights", weights);
    }

    fn load(&mut self, state: &State) -> Result<(), StateError> {
        self.epsilon = state.finite("epsilon", 1)?[0];
        self.done = state.count("done")? != 0;
        self.weights = state.finite("weights", self.weights.len())?;
        Ok(())
    }
}

impl Chunks {
    /// Interior points by chunks of the time window; all count alike until weights are computed.
    pub fn new(settings: Causal, points: &PointSet, time: usize, window: (f64, f64)) -> Self {
        let mut chunks = Self {
            settings,
            epsilon: settings.epsilon,
            done: false,
            points: Vec::new(),
            weights: vec![1.0; settings.chunks],
        };
        chunks.sort(points, time, window);
        chunks
    }

    /// Other points, the same weights.
    pub fn sort(&mut self, points: &PointSet, time: usize, (low, high): (f64, f64)) {
        let count = self.settings.chunks;
        let mut members: Vec<Vec<usize>> = vec![Vec::new(); count];
        for (point, t) in points.coordinates[time].iter().enumerate() {
            #[allow(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                clippy::cast_precision_loss
            )] // a part of a small count
            let chunk = ((t - low) / (high - low) * count as f64).max(0.0) as usize;
            members[chunk.min(count - 1)].push(point);
        }
        let of = |columns: &[Vec<f64>], members: &[usize]| -> Vec<Vec<f64>> {
            let of = |column: &Vec<f64>| members.iter().map(|&point| column[point]).collect();
            columns.iter().map(of).collect()
        };
        self.points = members
            .iter()
            .map(|members| PointSet {
                coordinates: of(&points.coordinates, members),
                data: of(&points.data, members),
            })
            .collect();
    }

    /// New weights from the loss before all chunks and that of each: `w_i = exp(−ε·(L_0 + Σ_{k<i} L_k))`. Where all are
    /// above the threshold, ε grows tenfold.
    pub fn follow(&mut self, before: f64, losses: &[f64]) {
        let mut sum = before;
        for (weight, loss) in self.weights.iter_mut().zip(losses) {
            *weight = exponential(-self.epsilon * sum);
            sum += loss;
        }
        let least = self.weights.iter().copied().fold(1.0, f64::min);
        if least > self.settings.threshold {
            self.done = self.epsilon >= self.settings.most;
            self.epsilon = (10.0 * self.epsilon).min(self.settings.most.max(self.epsilon));
        } else {
            self.done = false;
        }
    }
}

/// The same bits on every machine.
fn exponential(x: f64) -> f64 {
    pdec_compiler::kernel::evaluate_function(pdec_compiler::function::Function::Exp, x)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)] // a test may fail
mod tests {
    use super::*;
    use pdec_compiler::front::read;
    use pdec_compiler::program::build;
    use pdec_compiler::settings::Follow;
    use pdec_compiler::source::Source;

    const WINDOW: [f64; 2] = [0.0, 1.0];

    /// A small network and a few points for each term of a problem with three.
    fn small() -> (Engine, Vec<PointSet>, Vec<f64>) {
        let text = "coord x in [0, 1]\ntime t in [0, 1]\nfield u(x, t)\neq u_t = 0.1*u_xx + u^2\n\
            initial u = sin(pi*x)\non x = 0: u = 0\non x = 1: u_x = -u\n\
            train { conditions = soft network = mlp(width = 3, depth = 2) }";
        let front = read(&Source::new("test.pde", text), &[]).unwrap();
        let program = build(&front.problem, &front.settings).program;
        let theta = (0..program.network.parameters)
            .map(|k| (1.7 * k as f64).sin())
            .collect();
        let points = program.terms.iter().enumerate().map(|(number, term)| {
            let count = 5 + number;
            let along = |step: f64| {
                (0..count)
                    .map(|k| (k as f64 * step + 0.1).fract())
                    .collect()
            };
            PointSet {
                coordinates: vec![along(0.37), along(0.61)],
                data: vec![along(0.23); term.block.data_count()],
            }
        });
        let points = points.collect();
        (Engine::new(program, 1).unwrap(), points, theta)
    }

    /// The derivative of every residual of a term by one parameter, by central differences.
    fn slopes(engine: &Engine, batch: Batch<'_>, theta: &[f64], k: usize) -> Vec<f64> {
        let moved = |by: f64| {
            let mut theta = theta.to_vec();
            theta[k] += by;
            engine.residuals(&theta, &WINDOW, &[batch])
        };
        let slopes = moved(1e-5).into_iter().zip(moved(-1e-5));
        slopes.map(|(a, b)| (a - b) / 2e-5).collect()
    }

    #[test]
    fn factors_are_what_the_formulas_say() {
        let (engine, points, theta) = small();
        let (mut norms, mut traces) = (Vec::new(), Vec::new());
        for (term, points) in points.iter().enumerate() {
            let count = points.len() as f64;
            let batch = Batch {
                block: BlockRef::Term(term),
                points,
                scale: 1.0,
            };
            let residuals = engine.residuals(&theta, &WINDOW, &[batch]);
            let (mut square, mut trace) = (0.0, 0.0);
            for k in 0..theta.len() {
                let slopes = slopes(&engine, batch, &theta, k);
                let slope = 2.0 * dot(&residuals, &slopes) / count;
                square += slope * slope;
                trace += dot(&slopes, &slopes) / count;
            }
            norms.push(square.sqrt());
            traces.push(trace);
        }
        let follow = Follow::default();
        for (balance, sizes) in [
            (Balance::GradientNorm(follow), norms),
            (Balance::TangentKernel(follow), traces),
        ] {
            let whole: f64 = sizes.iter().sum();
            let found = balanced(balance, &engine, &points, &theta, &WINDOW).unwrap();
            assert!(found.len() >= 3);
            for (found, size) in found.iter().zip(&sizes) {
                let expected = whole / size;
                assert!(
                    (found - expected).abs() < 1e-7 * expected,
                    "{found} {expected}"
                );
            }
        }
        assert!(balanced(Balance::Fixed, &engine, &points, &theta, &WINDOW).is_none());
    }

    #[test]
    fn causal_weights_are_what_the_formula_says() {
        let settings = Causal {
            chunks: 4,
            epsilon: 0.5,
            most: 5.0,
            threshold: 0.99,
        };
        let points = PointSet::new(vec![vec![0.3, 0.0, 0.99, 0.5, 1.0]]);
        let mut chunks = Chunks::new(settings, &points, 0, (0.0, 1.0));
        let sizes: Vec<usize> = chunks.points.iter().map(PointSet::len).collect();
        assert_eq!(sizes, [1, 1, 1, 2]);
        assert_eq!(chunks.points[3].coordinates, [[0.99, 1.0]]);
        chunks.follow(0.2, &[1.0, 2.0, 4.0, 8.0]);
        for (weight, sum) in chunks.weights.iter().zip([0.2, 1.2, 3.2, 7.2]) {
            let expected = f64::exp(-0.5 * sum);
            assert!((weight - expected).abs() < 1e-15);
        }
        assert!(!chunks.done);
        // a solved window: ε grows to its end, and the window is done
        chunks.follow(0.0, &[1e-9; 4]);
        assert!(!chunks.done);
        assert_eq!(chunks.epsilon, 5.0);
        chunks.follow(0.0, &[1e-9; 4]);
        assert!(chunks.done);
        assert_eq!(chunks.epsilon, 5.0);
    }
}
