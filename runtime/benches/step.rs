//! One training step on given weights and points: what `benchmarks/run step` compares with other systems.
//!
//! `step CASE WIDTH DATA GRADIENT` reads weights and points from DATA (see `benchmarks/peers/cases.py`), writes the
//! gradient to GRADIENT and prints one JSON object. `step newton WIDTH DATA GRADIENT` times the parts of a
//! Gauss–Newton step instead.

#![allow(clippy::unwrap_used)] // a benchmark may fail

#[path = "support/mod.rs"]
mod support;

use pdec_compiler::precision::Precision;
use pdec_runtime::engine::{Batch, BlockRef, Columns, Engine, Panels, PointSet};
use pdec_runtime::math::dense::cholesky::Factor;
use pdec_runtime::math::dense::gram::gram;
use pdec_runtime::math::dense::peak;
use serde_json::{Value, json};
use std::path::Path;
use support::{Case, operations, peak_memory, seconds};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut positional = Vec::new();
    let (mut threads, mut repeats, mut copies) = (1, 9, 1);
    let (mut collapse, mut single, mut clock) = (false, false, false);
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let mut number = || rest.next().and_then(|n| n.parse::<usize>().ok()).unwrap();
        match argument.as_str() {
            "--threads" => threads = number(),
            "--repeats" => repeats = number(),
            "--copies" => copies = number(),
            "--collapse" => collapse = true,
            "--single" => single = true,
            "--clock" => clock = true,
            // what `cargo bench` passes on
            "--bench" => return,
            _ => positional.push(argument.as_str()),
        }
    }
    let [name, width, data, gradient] = positional[..] else {
        println!(
            "usage: step CASE WIDTH DATA GRADIENT [--threads N] [--repeats N] [--copies N] [--collapse] [--single] [--clock]"
        );
        return;
    };
    let precision = if single {
        Precision::Single
    } else {
        Precision::Double
    };
    let case = Case::new(name, width.parse().unwrap(), collapse, precision);
    let numbers = support::read(Path::new(data));
    let (parameters, interior, boundary) = case.split(&numbers, copies);
    let uniforms = case.uniforms.clone();
    let engine = Engine::new(case.compiled.program.clone(), threads).unwrap();
    let result = if name == "newton" {
        newton(&engine, &parameters, &uniforms, &interior, threads, repeats)
    } else {
        let batches = [
            batch(BlockRef::Term(0), &interior, 1.0),
            batch(BlockRef::Term(case.boundary), &boundary, case.fields),
        ];
        let (loss, gradient_values) = engine.loss_and_gradient(&parameters, &uniforms, &batches);
        support::write(Path::new(gradient), &case.in_order(&gradient_values));
        let best = seconds(threads == 1 && !clock, repeats, || {
            std::hint::black_box(engine.loss_and_gradient(&parameters, &uniforms, &batches));
        });
        let operations = operations(&engine, &batches);
        json!({
            "loss": loss,
            "milliseconds": best * 1e3,
            "coefficients": engine.program().terms[0].block.coefficients.len(),
            "gflops": operations / best * 1e-9,
        })
    };
    let Value::Object(mut result) = result else {
        return;
    };
    result.insert("peak_gflops".into(), peak(precision).into());
    result.insert(
        "sizes".into(),
        case.compiled.scales.equations.clone().into(),
    );
    result.insert("rss_mib".into(), peak_memory().into());
    println!("{}", Value::Object(result));
}

/// Mean squares over points and over the fields that have data.
fn batch(block: BlockRef, points: &PointSet, fields: f64) -> Batch<'_> {
    #[allow(clippy::cast_precision_loss)] // a few thousand points
    let scale = 1.0 / (points.len() as f64 * fields).sqrt();
    Batch {
        block,
        points,
        scale,
    }
}

/// The parts of a Gauss–Newton step.
fn newton(
    engine: &Engine,
    parameters: &[f64],
    uniforms: &[f64],
    interior: &PointSet,
    threads: usize,
    repeats: usize,
) -> Value {
    let batches = [batch(BlockRef::Term(0), interior, 1.0)];
    let mut panels = Panels::default();
    let jacobian = seconds(threads == 1, repeats, || {
        engine.jacobian_panels(parameters, uniforms, &batches, &mut panels);
    });
    let product = seconds(threads == 1, repeats, || {
        std::hint::black_box(engine.with_threads(|| gram(&panels)));
    });
    let together = seconds(threads == 1, repeats, || {
        std::hint::black_box(engine.gram(parameters, uniforms, &batches));
    });
    let matrix = engine.with_threads(|| gram(&panels));
    let damping = 1e-4 * matrix.largest_diagonal(parameters.len());
    let mut factor = Factor::default();
    let cholesky = seconds(threads == 1, repeats, || {
        assert!(engine.with_threads(|| factor.factor(&matrix, parameters.len(), damping)));
    });
    let residuals = seconds(threads == 1, repeats, || {
        std::hint::black_box(engine.residuals(parameters, uniforms, &batches));
    });
    let mut columns = Columns::default();
    engine.jacobian(parameters, uniforms, &batches, &mut columns);
    json!({
        "jacobian": jacobian * 1e3,
        "gram": product * 1e3,
        "gram_without_jacobian": together * 1e3,
        "cholesky": cholesky * 1e3,
        "residuals": residuals * 1e3,
        "norm": columns.values.iter().map(|v| v * v).sum::<f64>().sqrt(),
    })
}
