//! The engine on a network with regions and concatenations: against explicit loops, against the interpreter of
//! the same steps, and against itself with another number of threads.

#![allow(clippy::unwrap_used)] // a test may fail

#[path = "../../compiler/tests/regional/mod.rs"]
mod regional;

use pdec_runtime::engine::{Batch, BlockRef, Columns, Engine, PointSet};
use regional::execute::execute;
use regional::{WINDOW, compiled, naive, parameters};

/// An odd number of points, so that the last tile is not full.
const COUNT: usize = 71;

fn points() -> PointSet {
    let along = |k: usize, step: f64| (k as f64 * step).fract();
    PointSet::new(vec![
        (0..COUNT).map(|k| -1.0 + 3.0 * along(k, 0.618)).collect(),
        (0..COUNT)
            .map(|k| WINDOW[0] + (WINDOW[1] - WINDOW[0]) * along(k, 0.414))
            .collect(),
    ])
}

#[test]
fn residuals_rows_and_gradients_agree() {
    for collapse in [false, true] {
        let (_, compiled) = compiled(collapse);
        let program = compiled.program;
        let theta = parameters(program.network.parameters);
        let set = points();
        let batches = [Batch {
            block: BlockRef::Term(0),
            points: &set,
            scale: 1.0,
        }];
        let mut results = Vec::new();
        for threads in [1, 3] {
            let engine = Engine::new(program.clone(), threads).unwrap();
            let mut jacobian = Columns::default();
            engine.jacobian(&theta, &WINDOW, &batches, &mut jacobian);
            let (loss, gradient) = engine.loss_and_gradient(&theta, &WINDOW, &batches);
            results.push((jacobian.values.clone(), loss, gradient.clone()));
            let mut expected_gradient = vec![0.0; theta.len()];
            for point in 0..COUNT {
                let (x, t) = (set.coordinates[0][point], set.coordinates[1][point]);
                let (residual, _) = naive(&theta, x, t);
                let found = jacobian.column(theta.len())[point];
                assert!((found - residual).abs() <= 1e-12 * (1.0 + residual.abs()));
                let block = &program.terms[0].block;
                let (_, rows) = execute(&program, block, &theta, &WINDOW, (&[x, t], &[]));
                for (k, slope) in rows[0].iter().enumerate() {
                    let found = jacobian.column(k)[point];
                    assert!((found - slope).abs() <= 1e-11 * (1.0 + slope.abs()));
                    expected_gradient[k] += 2.0 * residual * slope;
                }
            }
            let size = expected_gradient
                .iter()
                .fold(1.0, |m: f64, g| m.max(g.abs()));
            for (found, expected) in gradient.iter().zip(&expected_gradient) {
                assert!((found - expected).abs() <= 1e-11 * size);
            }
        }
        assert!(results[0] == results[1], "threads change bits");
    }
}
