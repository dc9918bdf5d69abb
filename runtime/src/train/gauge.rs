//! Fields that are determined up to a constant: of all solutions the one whose mean is zero.
//!
//! * Input: a program, the networks of all windows, and the fields of which equations and conditions see derivatives alone.
//! * Output: the same networks with other biases in their last layer.
//! * Invariants: nothing but a constant in each window is taken from such a field, and nothing from any other.

use super::window::domain_of;
use crate::engine::{BlockRef, Engine, PointSet};
use crate::sampling::{Purpose, stream};
use crate::solution::{Window, uniforms};
use pdec_compiler::hir::Problem;
use pdec_compiler::program::Support;

/// Points of the mean.
const POINTS: usize = 1024;

/// A bias is one of a constant where its effect differs by no more than this part of it.
const ROUNDING: f64 = 1e-6;

/// Takes the mean of each undetermined field from it; what was done, in a sentence each.
pub fn without_means(problem: &Problem, engine: &Engine, windows: &mut [Window]) -> Vec<String> {
    let Some(last) = engine.program().network.affines().last() else {
        return Vec::new();
    };
    let (bias, outputs) = (last.bias, last.outputs);
    let mut notes = Vec::new();
    for id in &problem.undetermined {
        let field = id.index();
        if field >= outputs {
            continue;
        }
        let all = windows.iter_mut();
        let shifted = all.map(|window| shift(problem, engine, window, field, bias + field));
        let shifted: Vec<bool> = shifted.collect();
        if !shifted.is_empty() && shifted.iter().all(|it| *it) {
            notes.push(format!(
                "`{}` is determined up to a constant: this is the one whose mean is zero{}",
                problem.fields[*id].name,
                if windows.len() > 1 {
                    " in each time window"
                } else {
                    ""
                }
            ));
        }
    }
    notes
}

/// Takes the mean of a field from a bias; not done where the bias does something else as well.
fn shift(
    problem: &Problem,
    engine: &Engine,
    window: &mut Window,
    field: usize,
    place: usize,
) -> bool {
    let mut domain = domain_of(problem, 1, 0);
    if let Some(time) = domain.time {
        domain.intervals[time] = (window.low, window.high);
    }
    let mut random = stream(0, Purpose::Fresh);
    let points = PointSet::new(domain.sobol(Support::Interior, POINTS, &mut random));
    let own = uniforms(&problem.parameter_values(), window.low, window.high);
    let values = |parameters: &[f64]| engine.values(BlockRef::Fields, parameters, &own, &points);
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let before = values(&window.parameters);
    let level = mean(&before[field]);
    // Far enough that the effect of one is not lost in what is there.
    let step = level.abs().max(1.0);
    let mut moved = window.parameters.clone();
    moved[place] += step;
    let after = values(&moved);
    let effect = (mean(&after[field]) - level) / step;
    if effect == 0.0 || !effect.is_finite() {
        return false;
    }
    let size = step * effect.abs();
    let alone = before
        .iter()
        .zip(&after)
        .enumerate()
        .all(|(number, (a, b))| {
            let wanted = if number == field { step * effect } else { 0.0 };
            let mut pairs = a.iter().zip(b);
            pairs.all(|(a, b)| (b - a - wanted).abs() <= ROUNDING * size)
        });
    if alone {
        window.parameters[place] -= level / effect;
    }
    alone
}
