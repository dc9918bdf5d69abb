//! Where a step's time goes: vector functions, the Jacobian, its Gram matrix, the Cholesky factor.

#![allow(missing_docs, clippy::unwrap_used)] // criterion's macros; a benchmark may fail

#[path = "support/mod.rs"]
mod support;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use pdec_compiler::precision::Precision;
use pdec_runtime::engine::{Batch, BlockRef, Engine, Panels, PointSet};
use pdec_runtime::math;
use pdec_runtime::math::dense::cholesky::Factor;
use pdec_runtime::math::dense::gram::gram;
use std::hint::black_box;
use support::Case;

#[allow(clippy::cast_precision_loss)] // small counts
fn numbers(count: usize) -> Vec<f64> {
    (0..count)
        .map(|k| ((k * 7919 + 13) % 1009) as f64 / 1009.0 - 0.5)
        .collect()
}

fn functions(c: &mut Criterion) {
    let mut group = c.benchmark_group("functions");
    let x = numbers(4096);
    let mut y = vec![0.0; x.len()];
    group.throughput(Throughput::Elements(4096));
    type VectorFunction = fn(&[f64], &mut [f64]);
    let all: [(&str, VectorFunction); 5] = [
        ("tanh", math::tanh),
        ("sin", math::sin),
        ("exp", math::exp),
        ("erf", math::erf),
        ("sech", math::sech),
    ];
    for (name, function) in all {
        group.bench_function(name, |b| b.iter(|| function(black_box(&x), &mut y)));
    }
}

/// A Gauss–Newton step of Burgers' equation on 2×24 neurons and 2000 points.
fn second_order(c: &mut Criterion) {
    let mut group = c.benchmark_group("second order");
    let case = Case::new("newton", 24, false, Precision::Double);
    let theta = numbers(case.compiled.program.network.parameters);
    let points = PointSet::new(vec![numbers(2000), numbers(2000)]);
    let engine = Engine::new(case.compiled.program.clone(), 1).unwrap();
    let batches = [Batch {
        block: BlockRef::Term(0),
        points: &points,
        scale: 0.02,
    }];
    let mut panels = Panels::default();
    group.bench_function("jacobian", |b| {
        b.iter(|| engine.jacobian_panels(&theta, &case.uniforms, &batches, &mut panels));
    });
    group.bench_function("gram", |b| b.iter(|| engine.with_threads(|| gram(&panels))));
    let matrix = engine.with_threads(|| gram(&panels));
    let mut factor = Factor::default();
    group.bench_function("cholesky", |b| {
        b.iter(|| engine.with_threads(|| factor.factor(&matrix, theta.len(), 1e-2)));
    });
    let w = numbers(theta.len());
    group.bench_function("jvp", |b| {
        b.iter(|| engine.jvp(&theta, &case.uniforms, &batches, &w).unwrap());
    });
    let v = numbers(panels.rows());
    group.bench_function("vjp", |b| {
        b.iter(|| engine.vjp(&theta, &case.uniforms, &batches, &v));
    });
}

/// The compiled kernels of a step, with its products: loss and gradient on 4×64 neurons.
fn step(c: &mut Criterion) {
    let mut group = c.benchmark_group("step");
    group.sample_size(20);
    let case = Case::new("burgers", 64, true, Precision::Double);
    let theta: Vec<f64> = numbers(case.compiled.program.network.parameters);
    let points = PointSet::new(vec![numbers(4096), numbers(4096)]);
    let engine = Engine::new(case.compiled.program.clone(), 1).unwrap();
    let batches = [Batch {
        block: BlockRef::Term(0),
        points: &points,
        scale: 0.02,
    }];
    group.bench_function("residuals", |b| {
        b.iter(|| engine.residuals(&theta, &case.uniforms, &batches));
    });
    group.bench_function("loss and gradient", |b| {
        b.iter(|| engine.loss_and_gradient(&theta, &case.uniforms, &batches));
    });
}

criterion_group!(benches, functions, second_order, step);
criterion_main!(benches);
