//! `correlation.json` and `correlation.png`: how far gradients reach at the end of a run, and where.

use super::pictures::{Story, labelled, plane_kind};
use crate::atomic::write_file;
use crate::plot::{self, GridSamples, SolutionPicture};
use crate::solution::{Points, Solution};
use pdec_compiler::hir::{CoordinateId, Problem, Role};
use pdec_compiler::settings::Optimizer;
use serde_json::json;
use std::path::Path;

/// Offsets of neighbours, as fractions of each interval (of the time window).
pub const OFFSETS: [f64; 4] = [0.001, 0.01, 0.05, 0.1];

/// The offset of the map.
const MAPPED: f64 = 0.01;

/// Points along each coordinate of the map.
const SIDE: usize = 33;

/// Beyond so many parameters a row of the Jacobian for each point takes too long.
const MOST_PARAMETERS: usize = 50_000;

/// Gradient correlation on a grid: the means over it at several offsets, and a map.
#[derive(Clone, Debug)]
pub struct CorrelationMap {
    /// Offset, mean of `G`, mean of its cosine.
    pub means: Vec<(f64, f64, f64)>,
    /// The coordinates of the grid's axes, horizontal first.
    pub plane: [CoordinateId; 2],
    /// The cosine at offset 0.01.
    pub cosine: GridSamples,
    /// `G` at offset 0.01.
    pub raw: GridSamples,
}

/// The map of a problem in two coordinates; none for others, or where the network is too large.
#[must_use]
pub fn correlation_map(problem: &Problem, solution: &Solution) -> Option<CorrelationMap> {
    let ids: Vec<CoordinateId> = problem.coordinates.iter().map(|(id, _)| id).collect();
    let &[first, second] = ids.as_slice() else {
        return None;
    };
    if solution.network().parameters > MOST_PARAMETERS {
        return None;
    }
    // Time is horizontal, as in the other pictures.
    let is_time = |id: CoordinateId| problem.coordinates[id].role == Role::Time;
    let plane = if is_time(second) {
        [second, first]
    } else {
        [first, second]
    };
    let intervals: Vec<(f64, f64)> = problem
        .coordinates
        .iter()
        .map(|(_, coordinate)| (coordinate.low, coordinate.high))
        .collect();
    let axis = |id: CoordinateId| -> Vec<f64> {
        let (low, high) = intervals[id.index()];
        #[allow(clippy::cast_precision_loss)] // a small count
        let at = |k: usize| low + (high - low) * k as f64 / (SIDE - 1) as f64;
        (0..SIDE).map(at).collect()
    };
    let (x, y) = (axis(plane[0]), axis(plane[1]));
    let mut coordinates = vec![Vec::new(); 2];
    for &vertical in &y {
        for &horizontal in &x {
            coordinates[plane[0].index()].push(horizontal);
            coordinates[plane[1].index()].push(vertical);
        }
    }
    let points = Points { coordinates };
    let mean = |values: &[f64]| {
        let finite = || values.iter().filter(|value| value.is_finite());
        #[allow(clippy::cast_precision_loss)] // a small count
        let count = finite().count().max(1) as f64;
        finite().sum::<f64>() / count
    };
    let mut means = Vec::new();
    let mut mapped = None;
    for offset in OFFSETS {
        let found = solution.gradient_correlation(&intervals, &points, offset);
        means.push((offset, mean(&found[0]), mean(&found[1])));
        if offset == MAPPED {
            mapped = Some(found);
        }
    }
    let [raw, cosine] = mapped?;
    let samples = |values: Vec<f64>| GridSamples {
        x: x.clone(),
        y: y.clone(),
        values,
    };
    Some(CorrelationMap {
        means,
        plane,
        cosine: samples(cosine),
        raw: samples(raw),
    })
}

/// Writes `correlation.json` and draws `correlation.png` into a folder. Returns what was left out and why; nothing is said of
/// problems that have no map, nor of features that are solved for: nothing spreads there by gradients.
pub fn draw_correlation(folder: &Path, story: &Story<'_>) -> Vec<String> {
    let Story {
        title,
        problem,
        solution,
        settings,
        ..
    } = *story;
    let mut optimizers = settings.optimizer.iter();
    if !optimizers.any(Optimizer::follows_gradients) {
        return Vec::new();
    }
    let Some(map) = correlation_map(problem, solution) else {
        return Vec::new();
    };
    let mut notes = Vec::new();
    let name = |id: CoordinateId| problem.coordinates[id].name.clone();
    let label = |id: CoordinateId| labelled(&name(id), problem.coordinates[id].unit.as_ref());
    let means: Vec<_> = map
        .means
        .iter()
        .map(|(offset, raw, cosine)| json!({ "offset": offset, "raw": raw, "cosine": cosine }))
        .collect();
    let text = json!({
        "means": means,
        "map": {
            "offset": MAPPED,
            "axes": [name(map.plane[0]), name(map.plane[1])],
            "x": map.cosine.x,
            "y": map.cosine.y,
            "cosine": map.cosine.values,
            "raw": map.raw.values,
        },
    });
    if let Err(error) = write_file(
        &folder.join("correlation.json"),
        format!("{text}\n").as_bytes(),
    ) {
        notes.push(format!("no `correlation.json`: {error}"));
    }
    let cosine = map.means.iter().find(|(offset, ..)| *offset == MAPPED);
    let picture = SolutionPicture {
        title: format!("{title}: gradient correlation"),
        field: "cosine".to_owned(),
        arguments: format!("{}, {}", name(map.plane[0]), name(map.plane[1])),
        horizontal: label(map.plane[0]),
        vertical: label(map.plane[1]),
        plane: plane_kind(problem, map.plane),
        solution: &map.cosine,
        truth: None,
        subtitle: cosine.map_or(String::new(), |(offset, _, cosine)| {
            format!("of neighbours at {offset} of each interval, mean {cosine:.4}")
        }),
    };
    if let Err(error) = plot::solution(&folder.join("correlation.png"), &picture) {
        notes.push(format!("no `correlation.png`: {error}"));
    }
    notes
}
