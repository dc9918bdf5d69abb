//! Problems, points and clocks that the benchmarks share.

#![allow(dead_code)] // each benchmark uses a part

use cpu_time::ProcessTime;
use pdec_compiler::hir::{Overrides, resolve};
use pdec_compiler::network::{Activation, Affine, Architecture, Primitive};
use pdec_compiler::precision::Precision;
use pdec_compiler::program::{Block, Compiled, Step, Support, build};
use pdec_compiler::settings::{Conditions, Settings};
use pdec_compiler::source::Source;
use pdec_compiler::syntax::parse;
use pdec_runtime::engine::{Batch, Engine, PointSet};
use std::path::Path;
use std::time::Instant;

const BURGERS: &str = "
coord x in [-1, 1]
coord t in [-1, 1]
field u(x, t)
param nu = 0.01/pi
eq burgers: u_t + u*u_x = nu*u_xx
on x = -1, x = 1: u = 0
on t = -1: u = sin(3*x + t)/2
";

const NAVIER_STOKES: &str = "
coord x in [-1, 1]
coord y in [-1, 1]
field u(x, y)
field v(x, y)
field p(x, y)
param nu = 0.01
eq momentum_x: u*u_x + v*u_y + p_x = nu*(u_xx + u_yy)
eq momentum_y: u*v_x + v*v_y + p_y = nu*(v_xx + v_yy)
eq continuity: u_x + v_y = 0
on x = -1, x = 1, y = 1: u = 0
on x = -1, x = 1, y = 1: v = 0
on y = -1: u = sin(3*x + y)/2
on y = -1: v = cos(x - 2*y)/2
on x = 1: p = 0
";

const KURAMOTO_SIVASHINSKY: &str = "
coord x in [-1, 1]
coord t in [-1, 1]
field u(x, t)
param mu = 0.002
eq ks: u_t + u*u_x + u_xx + mu*u_xxxx = 0
on x = -1, x = 1: u = 0
on x = -1, x = 1: u_x = 0
on t = -1: u = sin(3*x + t)/2
";

/// A problem with its network.
pub struct Case {
    /// The program.
    pub compiled: Compiled,
    /// The values of all uniforms.
    pub uniforms: Vec<f64>,
    /// The term whose points have data.
    pub boundary: usize,
    /// Fields with data.
    pub fields: f64,
}

impl Case {
    /// A case by name.
    pub fn new(name: &str, width: usize, collapse: bool, precision: Precision) -> Self {
        let (text, depth, fields) = match name {
            "burgers" => (BURGERS, 4, 1.0),
            "newton" => (BURGERS, 2, 1.0),
            "navier_stokes" => (NAVIER_STOKES, 4, 2.0),
            "kuramoto_sivashinsky" => (KURAMOTO_SIVASHINSKY, 4, 1.0),
            other => panic!("no case {other}"),
        };
        let source = Source::new("case.pde", text);
        let problem = resolve(&source, &parse(&source).unwrap(), &Overrides::new())
            .unwrap()
            .0;
        let mut settings = Settings::default_for(&problem);
        settings.network = Architecture::of_layers(false, width, depth, Activation::Tanh);
        settings.conditions = Conditions::Soft;
        settings.collapse = collapse;
        settings.precision = precision;
        let compiled = build(&problem, &settings);
        let mut uniforms = problem.parameter_values();
        uniforms.resize(compiled.program.uniforms.len(), 0.0);
        let face = Support::Face {
            coordinate: 1,
            high: false,
        };
        let terms = &compiled.program.terms;
        let boundary = terms.iter().position(|term| term.support == face).unwrap();
        Self {
            uniforms,
            boundary,
            fields,
            compiled,
        }
    }

    fn layers(&self) -> impl Iterator<Item = &Affine> {
        let primitives = &self.compiled.program.network.primitives;
        primitives.iter().filter_map(|primitive| match primitive {
            Primitive::Affine { affine, .. } => Some(affine),
            _ => None,
        })
    }

    /// Weights and biases, layer by layer, as the file has them, for the engine; then 4096 interior points and
    /// 512 with data, each coordinate after the other.
    pub fn split(&self, numbers: &[f64], copies: usize) -> (Vec<f64>, PointSet, PointSet) {
        let mut parameters = vec![0.0; self.compiled.program.network.parameters];
        let mut rest = numbers;
        let mut take = |count: usize| {
            let (taken, others) = rest.split_at(count);
            rest = others;
            taken
        };
        let counts = take(2).to_vec();
        for affine in self.layers() {
            let size = affine.inputs * affine.outputs;
            parameters[affine.weight..affine.weight + size].copy_from_slice(take(size));
            parameters[affine.bias..affine.bias + affine.outputs]
                .copy_from_slice(take(affine.outputs));
        }
        let mut points = |count: f64| {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a count
            let count = count as usize;
            PointSet::new((0..2).map(|_| take(count).repeat(copies)).collect())
        };
        let interior = points(counts[0]);
        let boundary = points(counts[1]);
        (parameters, interior, boundary)
    }

    /// A gradient in the order of the file.
    pub fn in_order(&self, gradient: &[f64]) -> Vec<f64> {
        self.layers()
            .flat_map(|affine| {
                let weights = affine.weight..affine.weight + affine.inputs * affine.outputs;
                let biases = affine.bias..affine.bias + affine.outputs;
                [&gradient[weights], &gradient[biases]].concat()
            })
            .collect()
    }
}

/// Little-endian numbers of a file.
pub fn read(path: &Path) -> Vec<f64> {
    std::fs::read(path)
        .unwrap()
        .chunks_exact(8)
        .map(|bytes| f64::from_le_bytes(bytes.try_into().unwrap()))
        .collect()
}

/// Writes little-endian numbers.
pub fn write(path: &Path, numbers: &[f64]) {
    let bytes: Vec<u8> = numbers.iter().flat_map(|n| n.to_le_bytes()).collect();
    std::fs::write(path, bytes).unwrap();
}

/// The shortest of several runs: seconds of the processor, which count all threads, or of the clock.
pub fn seconds(of_processor: bool, repeats: usize, mut work: impl FnMut()) -> f64 {
    work();
    let mut best = f64::INFINITY;
    for _ in 0..repeats {
        let (clock, processor) = (Instant::now(), ProcessTime::now());
        work();
        let taken = if of_processor {
            processor.elapsed()
        } else {
            clock.elapsed()
        };
        best = best.min(taken.as_secs_f64());
    }
    best
}

/// The largest resident size so far, in MiB, where the system tells.
pub fn peak_memory() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kibibytes: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kibibytes / 1024.0)
}

/// Multiplications and additions in the matrix products of a loss and its gradient.
#[allow(clippy::cast_precision_loss)] // far below 2^52
pub fn operations(engine: &Engine, batches: &[Batch<'_>]) -> f64 {
    let of_block = |block: &Block| -> f64 {
        block
            .forward
            .iter()
            .chain(&block.backward)
            .map(|step| match step {
                Step::Product { affine, .. }
                | Step::TransposedProduct { affine, .. }
                | Step::ParameterGradient { affine, .. } => {
                    2.0 * (affine.inputs * affine.outputs * block.coefficients.len()) as f64
                }
                Step::Kernel { .. } => 0.0,
            })
            .sum()
    };
    batches
        .iter()
        .map(|batch| of_block(engine.block(batch.block)) * batch.points.len() as f64)
        .sum()
}
