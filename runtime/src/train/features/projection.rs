//! A solution carried over to other features: the start of Gauss–Newton where a solution is known already.
//!
//! * Input: a window that was solved, other features.
//! * Output: the last layer with which they are nearest to it, field by field, in the mean square over the domain.
//! * Method: linear least squares of values alone. Each field has a matrix of its own, so that it costs little beside one
//!   step of Gauss–Newton.

use super::assemble::{matrix, pieces, residuals};
use super::{Layer, keep_last, wide};
use crate::engine::{BlockRef, Engine, EngineError, Panels, PointSet};
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
        for term in &mut program.terms {
            keep_last(&mut term.block, &last);
        }
        let solved = last.weight..program.network.parameters;
        let layer = Layer {
            engine: Engine::new(program, threads)?,
            width,
            solved,
        };
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
            let pieces = pieces(&all, usize::MAX);
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
