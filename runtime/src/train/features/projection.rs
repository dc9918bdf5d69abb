//! A solution carried over to other features: the start of Gauss–Newton where a solution is known already.
//!
//! * Input: a window that was solved, other features.
//! * Output: the last layer with which they are nearest to it, field by field, in the mean square over the domain.
//! * Method: linear least squares of values alone. Each field has a matrix of its own, so that it costs little beside one
//!   step of Gauss–Newton.

use super::assemble::{matrix, pieces, residuals};
use super::{Layer, wide};
use crate::engine::{BlockRef, EngineError, Panels, PointSet};
use crate::optimise::least_squares::LeastSquares;
use crate::sampling::{Domain, Purpose, stream};
use crate::solution::{Window, uniforms};
use pdec_compiler::hir::{Observation, Problem};
use pdec_compiler::network::{Activation, Affine};
use pdec_compiler::program::{Support, build};
use pdec_compiler::settings::Settings;

/// Points for each neuron.
const POINTS: usize = 2;

/// Features that can be made to follow a solution.
pub struct Projector {
    layer: Layer,
    last: Affine,
}

/// What is known of a solution.
#[derive(Clone, Copy)]
pub struct Guess<'a> {
    /// The features that are to follow it.
    pub projector: &'a Projector,
    /// Its network.
    pub layer: &'a Layer,
    /// The window that it was found in.
    pub window: &'a Window,
}

impl Projector {
    /// The features of a layer of this width ([`Layer::new`]).
    ///
    /// # Errors
    ///
    /// If the processor is not supported.
    pub fn new(
        problem: &Problem,
        settings: &Settings,
        activation: Activation,
        width: usize,
        threads: usize,
    ) -> Result<Option<Self>, EngineError> {
        // Each field as if it were measured; nothing else counts.
        let mut measured = problem.clone();
        let fields = problem.fields.iter();
        measured.observations = fields
            .map(|(field, declared)| Observation {
                field,
                path: String::new(),
                axes: Vec::new(),
                values: String::new(),
                noise: None,
                span: declared.span,
            })
            .collect();
        let mut program = build(&measured, &wide(settings, activation, width)).program;
        program
            .terms
            .retain(|term| matches!(term.support, Support::Observed(_)));
        let Some(last) = program.network.last_layer().cloned() else {
            return Ok(None);
        };
        let layer = Layer::last(program, width, threads)?;
        Ok(Some(Self { layer, last }))
    }
}

impl Guess<'_> {
    /// The parameters nearest to the solution, from some with a last layer of zeros. None where that cannot be computed.
    pub fn start(
        &self,
        zero: &[f64],
        domain: &Domain,
        parameters: &[f64],
        seed: u64,
    ) -> Option<Vec<f64>> {
        let Projector { layer, last } = self.projector;
        let mut random = stream(seed, Purpose::Points);
        let count = POINTS * (layer.width + 1);
        let points = PointSet::new(domain.sobol(Support::Interior, count, &mut random));
        let there = uniforms(parameters, self.window.low, self.window.high);
        let engine = self.layer.engine();
        let values = engine.values(BlockRef::Fields, &self.window.parameters, &there, &points);
        let (low, high) = domain
            .time
            .map_or((0.0, 1.0), |time| domain.intervals[time]);
        let own = uniforms(parameters, low, high);
        let mut start = zero.to_vec();
        for (field, values) in values.into_iter().enumerate() {
            let mut all = vec![PointSet::default(); field];
            all.push(PointSet {
                coordinates: points.coordinates.clone(),
                data: vec![values],
            });
            let pieces = pieces(layer.engine().program(), &all, usize::MAX);
            let ones = vec![vec![1.0]; field + 1];
            let r = residuals(layer, zero, &own, &pieces, &ones);
            let (all, blocks) = matrix(layer, zero, &own, &pieces, &ones);
            let first = field * last.inputs;
            let bias = last.bias - last.weight + field;
            let columns: Vec<usize> = (first..first + last.inputs).chain([bias]).collect();
            let part = selected(&all, &blocks, &columns);
            let step = layer.engine().with_threads(|| {
                LeastSquares::new(part, &blocks, columns.len()).map(|solver| solver.solve(&r))
            })?;
            for (column, step) in columns.iter().zip(step) {
                start[last.weight + column] += step;
            }
        }
        start.iter().all(|value| value.is_finite()).then_some(start)
    }
}

/// Some columns of a matrix.
fn selected(matrix: &Panels, blocks: &[usize], columns: &[usize]) -> Panels {
    let mut part = Panels::default();
    part.reshape(columns.len(), blocks.iter().copied());
    let mut values = vec![0.0; matrix.rows()];
    for (position, &column) in columns.iter().enumerate() {
        matrix.copy_column(column, &mut values);
        let mut first = 0;
        for (mut block, rows) in part.blocks_mut().into_iter().zip(blocks) {
            block.write_column(0, position, &values[first..first + rows], 1.0);
            first += rows;
        }
    }
    part
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a test may fail

    use super::*;
    use crate::train::features::Family;
    use crate::train::features::assemble::typical;
    use crate::train::window::domain_of;
    use pdec_compiler::hir::{Overrides, resolve};
    use pdec_compiler::source::Source;
    use pdec_compiler::syntax::parse;
    use rand::RngExt;

    const TEXT: &str = "coord x in [0, 2]\ncoord y in [-1, 1]\nfield u(x, y)\nfield w(x, y)\n\
        eq one: u_xx + u_yy + u*w = 0\neq two: w_xx + w_yy + u^2 = 0\n\
        on boundary: u = sin(x)*y\non boundary: w = cos(y)\n";

    fn problem() -> Problem {
        let source = Source::new("two.pde", TEXT);
        let document = parse(&source).unwrap();
        resolve(&source, &document, &Overrides::new()).unwrap().0
    }

    fn family(scale: f64) -> Family {
        Family {
            activation: Activation::Sin,
            scales: vec![scale; 2],
            sparse: false,
        }
    }

    /// Two smooth fields, each with coefficients of its own, are followed by other features; values are those of the networks
    /// themselves.
    #[test]
    fn other_features_follow_a_solution() {
        let problem = problem();
        let settings = Settings::default_for(&problem);
        let few = Layer::new(&problem, &settings, Activation::Sin, 12, 1).unwrap();
        let mut random = stream(3, Purpose::Weights);
        let mut known = few.parameters(&family(1.0), &mut random);
        for place in few.solved.clone() {
            known[place] = random.random_range(-1.0..1.0);
        }
        let window = Window {
            low: 0.0,
            high: 1.0,
            parameters: known.clone(),
        };
        let many = Layer::new(&problem, &settings, Activation::Sin, 80, 1).unwrap();
        let zero = many.parameters(&family(2.0), &mut random);
        let projector = Projector::new(&problem, &settings, Activation::Sin, 80, 1);
        let guess = Guess {
            projector: &projector.unwrap().unwrap(),
            layer: &few,
            window: &window,
        };
        let domain = domain_of(&problem, 1, 0);
        let start = guess.start(&zero, &domain, &[], 5).unwrap();
        // The hidden layer is the same.
        assert_eq!(start[..many.solved.start], zero[..many.solved.start]);
        let own = uniforms(&[], 0.0, 1.0);
        let points = PointSet::new(domain.sobol(Support::Interior, 200, &mut random));
        let values = |layer: &Layer, parameters: &[f64]| {
            let engine = layer.engine();
            engine.values(BlockRef::Fields, parameters, &own, &points)
        };
        let (wanted, found) = (values(&few, &known), values(&many, &start));
        assert_eq!(found.len(), 2);
        for (wanted, found) in wanted.iter().zip(&found) {
            let size: f64 = wanted.iter().map(|u| u * u).sum();
            let wrong: f64 = wanted
                .iter()
                .zip(found)
                .map(|(a, b)| (a - b) * (a - b))
                .sum();
            assert!((wrong / size).sqrt() < 1e-4, "{}", (wrong / size).sqrt());
        }
    }

    /// Absolute means by term and expression, over pieces that cut a term in two; a column of squares would be no mean of
    /// them.
    #[test]
    fn typical_residuals_are_absolute_means() {
        let problem = problem();
        let settings = Settings::default_for(&problem);
        let layer = Layer::new(&problem, &settings, Activation::Sin, 10, 1).unwrap();
        let mut random = stream(4, Purpose::Weights);
        let mut parameters = layer.parameters(&family(3.0), &mut random);
        for place in layer.solved.clone() {
            parameters[place] = random.random_range(-1.0..1.0);
        }
        let domain = domain_of(&problem, 1, 0);
        let own = uniforms(&[], 0.0, 1.0);
        let terms = &layer.engine().program().terms;
        let points: Vec<PointSet> = terms
            .iter()
            .map(|term| PointSet::new(domain.sobol(term.support, 300, &mut random)))
            .collect();
        // As of balanced rows, divided by the root of the number of points.
        let factor = 2.0 / 300_f64.sqrt();
        let factors: Vec<Vec<f64>> = terms
            .iter()
            .map(|term| vec![factor; term.block.output_count()])
            .collect();
        let mut squares = 0.0;
        for (number, points) in points.iter().enumerate() {
            let engine = layer.engine();
            for column in engine.values(BlockRef::Term(number), &parameters, &own, points) {
                let mean = column.iter().map(|value| value.abs()).sum::<f64>() / 300.0;
                squares += (2.0 * mean) * (2.0 * mean);
            }
        }
        let pieces = pieces(layer.engine().program(), &points, usize::MAX);
        assert!(pieces.len() > terms.len());
        let found = typical(&layer, &parameters, &own, &pieces, &factors);
        assert!(
            (found - squares.sqrt()).abs() < 1e-12 * found,
            "{found} {squares}"
        );
        let r = residuals(&layer, &parameters, &own, &pieces, &factors);
        assert!(found < 0.95 * r.iter().map(|r| r * r).sum::<f64>().sqrt());
    }
}
