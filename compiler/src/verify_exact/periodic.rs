//! Exact solutions in periodic coordinates: the same values and derivatives at both ends.

use super::magnitude::magnitude;
use super::{SMALLEST_MAGNITUDE, TOLERANCE, Verifier, is_open, short};
use crate::arena::Id;
use crate::diagnostic::Diagnostic;
use crate::hir::{Part, Side};
use crate::jet::{Graph, MultiIndex, NodeId};
use crate::sample::{self, Points, Sampler};
use crate::source::Span;

impl Verifier<'_> {
    /// The exact solution's own values and derivatives must be the same at both ends.
    pub(super) fn periodicity(&mut self) {
        let jets = self.lowering.graph.jets(&self.lowering.equations);
        for (id, coordinate) in self.problem.coordinates.iter() {
            if !coordinate.periodic {
                continue;
            }
            let mut orders = vec![0; self.problem.fields.len()];
            for (function, index) in &jets {
                orders[*function] = index.order_in(id.index()).max(orders[*function]);
            }
            for exact in &self.problem.exact {
                let field = exact.field.index();
                let Some(solution) = self.exact[field] else {
                    continue;
                };
                if is_open(self.problem, &self.lowering.graph, solution) {
                    continue;
                }
                let order = orders[field];
                // Derivatives below the order of the equation; the value in any case.
                for derivative in 0..order.max(1) {
                    let index = MultiIndex::new(std::iter::repeat_n(id.index(), derivative));
                    let graph = &mut self.lowering.graph;
                    let here = graph.differentiate_by(solution, &index);
                    let ends = [Side::Low, Side::High].map(|side| {
                        let points = self.sampler.points(Some(part(id, side)));
                        evaluate(&self.sampler, &mut self.lowering.graph, here, &points)
                    });
                    let name = sample::names(self.problem)
                        .jet(&self.problem.fields[exact.field].name, &index);
                    if let Some(error) = compare_ends(&ends, &name, &coordinate.name, exact.span) {
                        let error =
                            error.with_label(coordinate.span, "this coordinate is periodic");
                        self.errors.push(error);
                        break;
                    }
                }
            }
        }
    }
}

fn part(coordinate: Id<crate::hir::Coordinate>, side: Side) -> Part {
    Part { coordinate, side }
}

/// Values and magnitudes of an expression.
type Evaluated = (Vec<f64>, Vec<f64>);

fn evaluate(sampler: &Sampler, graph: &mut Graph, root: NodeId, points: &Points) -> Evaluated {
    let size = magnitude(graph, root, &[]);
    (
        sampler.evaluate(graph, root, points),
        sampler.evaluate(graph, size, points),
    )
}

fn compare_ends(
    ends: &[Evaluated; 2],
    name: &str,
    coordinate: &str,
    span: Span,
) -> Option<Diagnostic> {
    let [(low, size), (high, other_size)] = ends;
    let jump = low.iter().zip(high).map(|(a, b)| (a - b).abs());
    let sizes = size.iter().zip(other_size).map(|(a, b)| a.max(*b));
    let (jump, _) = jump
        .zip(sizes)
        .find(|(jump, size)| jump.is_nan() || *jump > TOLERANCE * size.max(SMALLEST_MAGNITUDE))?;
    Some(
        Diagnostic::error(
            "exact-is-not-periodic",
            format!("the exact solution is not periodic in `{coordinate}`"),
            span,
            format!("{name} differs by {} between the two ends", short(jump)),
        )
        .with_note(
            "where a coordinate is periodic, the solution and its derivatives below the order of the \
             equation are equal at both ends",
        )
        .with_help(format!(
            "check the interval of `{coordinate}`, or replace `periodic {coordinate}` by conditions at both ends"
        )),
    )
}
