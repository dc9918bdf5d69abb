//! Whether a run fits into memory, asked before it begins: a system that runs out of memory ends the program
//! without a word.

use super::TrainError;
use pdec_compiler::program::{Program, Support};
use pdec_compiler::settings::{Optimizer, Settings};

/// Bytes of a number.
const NUMBER: f64 = 8.0;

/// Copies of the matrix of the normal equations that are alive at once: the matrix, the damped one, its factor.
const GRAM_COPIES: f64 = 3.0;

/// Gauss–Newton stores matrices of so many bytes at most: 2 GiB, with which a step already takes minutes. The same on every
/// machine, so that runs are.
const DENSE: f64 = 2_147_483_648.0;

/// Whether Gauss–Newton goes without a matrix.
pub fn is_free(program: &Program, settings: &Settings) -> bool {
    #[allow(clippy::cast_precision_loss)] // an estimate
    let parameters = program.network.parameters as f64;
    NUMBER * dense(rows(program, settings), parameters) > DENSE
}

/// The numbers of a Jacobian and of the normal equations, which are those of its smaller side.
fn dense(rows: f64, parameters: f64) -> f64 {
    let side = rows.min(parameters) + 1.0;
    rows * (parameters + 1.0) + GRAM_COPIES * side * side
}

/// Refuses a run whose dense matrices do not fit.
pub fn check(program: &Program, settings: &Settings) -> Result<(), TrainError> {
    let needed = needed(program, settings);
    match available() {
        Some(available) if needed > available => Err(TrainError::Memory {
            parameters: program.network.parameters,
            needed: gibibytes(needed),
            available: gibibytes(available),
        }),
        Some(_) | None => Ok(()),
    }
}

/// The bytes of the largest matrices.
#[allow(clippy::cast_precision_loss)] // an estimate
fn needed(program: &Program, settings: &Settings) -> f64 {
    let parameters = program.network.parameters as f64;
    let rows = rows(program, settings);
    let free = is_free(program, settings);
    let optimizer = |optimizer: &Optimizer| match optimizer {
        // weights, gradient and two moments; SOAP's bases are no larger
        Optimizer::Adam { .. } | Optimizer::AdamW { .. } => 8.0 * parameters,
        Optimizer::Soap { .. } => 32.0 * parameters,
        Optimizer::Lbfgs { .. } => 110.0 * parameters,
        Optimizer::SsBroyden { .. } => (parameters + 16.0) * parameters,
        Optimizer::GaussNewton { .. } if free => 16.0 * parameters + 8.0 * rows,
        Optimizer::GaussNewton { .. } | Optimizer::NaturalGradient { .. } => {
            dense(rows, parameters)
        }
        // what is solved for is limited by the search
        Optimizer::LinearSolve(_) | Optimizer::NewtonSolve(_) => parameters,
    };
    let largest = settings.optimizer.iter().map(optimizer).fold(0.0, f64::max);
    NUMBER * (largest + parameters * settings.windows as f64)
}

/// The rows of the Jacobian.
#[allow(clippy::cast_precision_loss)] // an estimate
fn rows(program: &Program, settings: &Settings) -> f64 {
    program
        .terms
        .iter()
        .map(|term| {
            let points = match term.support {
                Support::Interior => settings.points.interior,
                Support::Initial => settings.points.initial,
                Support::Face { .. } => settings.points.boundary,
                Support::Quadrature(_) | Support::Numbers | Support::Observed(_) => 0,
            };
            points as f64 * term.labels.len() as f64
        })
        .sum()
}

/// The memory that this machine can still give, where it says so.
fn available() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = text
        .lines()
        .find(|line| line.starts_with("MemAvailable:"))?;
    let kibibytes: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(1024.0 * kibibytes)
}

fn gibibytes(bytes: f64) -> f64 {
    bytes / (1024.0 * 1024.0 * 1024.0)
}
