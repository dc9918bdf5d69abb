//! How long each stage of the compiler takes on a problem.

use crate::failure::{Failure, Status};
use crate::input::Loaded;
use pdec_compiler::backend::cranelift;
use pdec_compiler::hir::{self, Overrides};
use pdec_compiler::{jet, program, syntax, verify_exact};
use pdec_runtime::math::vector_functions;
use std::hint::black_box;
use std::time::Instant;

/// Each stage is run so often, and its shortest time counts: the first run pays for cold memory.
const RUNS: usize = 5;
/// A stage that has taken so long, in milliseconds, is not run again.
const LONG: f64 = 500.0;

/// The stages in order, each with its milliseconds; the last is their sum.
pub fn timings(loaded: &Loaded) -> Result<Vec<(&'static str, f64)>, Failure> {
    let Loaded { source, front, .. } = loaded;
    let problem = &front.problem;
    // All of these have succeeded once: the problem is loaded.
    let document = syntax::parse(source).map_err(|_| Failure::said(Status::Problem))?;
    let mut stages = vec![
        ("syntax", shortest(|| syntax::parse(source))),
        ("names and checks", {
            shortest(|| hir::resolve(source, &document, &Overrides::new()))
        }),
        ("exact solution", {
            shortest(|| verify_exact::verify(problem))
        }),
        ("jet expressions", shortest(|| jet::lower(problem))),
    ];
    // What training cannot do yet has no program.
    if problem.unsupported.is_empty() {
        let build = || program::build(problem, &front.settings);
        stages.push(("program and kernels", shortest(build)));
        let compiled = build();
        let kernels = &compiled.program.kernels;
        let machine_code =
            || cranelift::compile(kernels, vector_functions(), compiled.program.precision);
        stages.push(("machine code", shortest(machine_code)));
    }
    let sum = stages.iter().map(|(_, time)| time).sum();
    stages.push(("all", sum));
    Ok(stages)
}

/// The shortest time of several runs, in milliseconds.
fn shortest<R>(work: impl Fn() -> R) -> f64 {
    let (mut least, mut spent) = (f64::INFINITY, 0.0);
    for _ in 0..RUNS {
        let begin = Instant::now();
        let _ = black_box(work());
        let time = begin.elapsed().as_secs_f64() * 1e3;
        least = least.min(time);
        spent += time;
        if spent > LONG {
            break;
        }
    }
    least
}
