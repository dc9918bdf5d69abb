//! A few well-spread points of a box or of one of its faces, and expressions there: for checks.
//!
//! The Kronecker sequence of the generalised golden ratio φ_d, the positive root of `x^(d+1) = x + 1`:
//! coordinate `j` of point `k` is the fractional part of `1/2 + k·φ_d^(−j)` (Roberts 2018).

use crate::hir::{Part, Problem, Side};
use crate::jet::{Graph, Names, NodeId};
use crate::kernel::{self, Leaf};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Points, one column for each coordinate.
#[derive(Clone, Debug)]
pub(crate) struct Points {
    /// The values of each coordinate.
    pub(crate) columns: Vec<Vec<f64>>,
}

impl Points {
    /// The number of points.
    pub(crate) fn len(&self) -> usize {
        self.columns.first().map_or(0, Vec::len)
    }

    /// The coordinates of one point.
    pub(crate) fn point(&self, k: usize) -> Vec<f64> {
        self.columns.iter().map(|column| column[k]).collect()
    }
}

/// Points inside the domain, or on a part of its boundary.
pub(crate) fn points(problem: &Problem, count: usize, part: Option<Part>) -> Points {
    let ratio = golden_ratio(problem.coordinates.len());
    let mut step = 1.0;
    let columns = problem
        .coordinates
        .iter()
        .map(|(id, coordinate)| {
            step /= ratio;
            let fixed = part
                .filter(|part| part.coordinate == id)
                .map(|part| match part.side {
                    Side::Low => coordinate.low,
                    Side::High => coordinate.high,
                });
            (0..count)
                .map(|k| match fixed {
                    Some(value) => value,
                    None => {
                        let share = (0.5 + (k + 1) as f64 * step).fract();
                        coordinate.low + share * (coordinate.high - coordinate.low)
                    }
                })
                .collect()
        })
        .collect();
    Points { columns }
}

/// The positive root of `x^(d+1) = x + 1`, by the contraction `x ← (1 + x)^(1/(d+1))`.
fn golden_ratio(dimension: usize) -> f64 {
    let power = 1.0 / (dimension as f64 + 1.0);
    (0..64).fold(2.0, |x: f64, _| libm::pow(1.0 + x, power))
}

/// Evaluates many expressions of one problem, each at the same number of points.
pub(crate) struct Sampler<'a> {
    problem: &'a Problem,
    count: usize,
    /// The values of the uniforms, as lowering numbers them.
    pub(crate) uniforms: Vec<f64>,
    /// The points that have been asked for.
    points: RefCell<BTreeMap<Option<Part>, Rc<Points>>>,
}

impl<'a> Sampler<'a> {
    /// A sampler of `count` points inside the domain or on any part of its boundary.
    pub(crate) fn new(problem: &'a Problem, count: usize) -> Self {
        Self {
            problem,
            count,
            uniforms: uniforms(problem),
            points: RefCell::default(),
        }
    }

    /// Points inside the domain, or on a part of its boundary.
    pub(crate) fn points(&self, part: Option<Part>) -> Rc<Points> {
        let mut known = self.points.borrow_mut();
        let found = known
            .entry(part)
            .or_insert_with(|| Rc::new(points(self.problem, self.count, part)));
        Rc::clone(found)
    }

    /// The values of an expression without jets.
    pub(crate) fn evaluate(&self, graph: &Graph, root: NodeId, points: &Points) -> Vec<f64> {
        // The one datum of a lowered problem is an integral, whose value nobody knows here.
        self.evaluate_with(graph, root, points, &[vec![f64::NAN; points.len()]])
    }

    /// The values of an expression without jets, where the data have these values at the points.
    pub(crate) fn evaluate_with(
        &self,
        graph: &Graph,
        root: NodeId,
        points: &Points,
        data: &[Vec<f64>],
    ) -> Vec<f64> {
        let coordinates = (0..self.problem.coordinates.len()).map(Leaf::Coordinate);
        let inputs: Vec<Leaf> = coordinates
            .chain((0..data.len()).map(Leaf::Datum))
            .collect();
        let outputs = [("value".to_owned(), root)];
        // Nobody reads this kernel, so its inputs need no names.
        let kernel = kernel::lower(graph, &Names::default(), "value", &inputs, &outputs);
        let columns = points.columns.iter().map(Vec::as_slice);
        let columns: Vec<&[f64]> = columns.chain(data.iter().map(Vec::as_slice)).collect();
        let mut values = vec![0.0; points.len()];
        kernel::interpret(&kernel, &columns, &self.uniforms, &mut [&mut values]);
        values
    }
}

/// The uniforms as lowering numbers them: parameters, the ends of a window that is all of time here, and the values with
/// which unknowns begin.
fn uniforms(problem: &Problem) -> Vec<f64> {
    let time = problem.time().map(|id| &problem.coordinates[id]);
    let window = time.map_or([0.0, 1.0], |time| [time.low, time.high]);
    let starts = problem.unknowns.iter().map(|(_, unknown)| unknown.start);
    let parameters = problem.parameter_values().into_iter();
    parameters.chain(window).chain(starts).collect()
}

/// How the leaves of the lowered problem are written.
pub(crate) fn names(problem: &Problem) -> Names {
    let coordinates = problem.coordinates.iter();
    let parameters = problem.parameters.iter();
    Names {
        coordinates: coordinates.map(|(_, c)| c.name.clone()).collect(),
        uniforms: parameters.map(|(_, p)| p.name.clone()).collect(),
        data: vec!["integral".to_owned()],
    }
}
