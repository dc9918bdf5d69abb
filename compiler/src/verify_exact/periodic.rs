//! Exact solutions in periodic coordinates: the same values and derivatives at both ends.

use super::magnitude::magnitude;
use super::noise::{MEND, approximate, is_no_rounding};
use super::{APPROXIMATE, Verifier, is_open, short};
use crate::arena::Id;
use crate::diagnostic::Diagnostic;
use crate::hir::{Part, Side};
use crate::jet::MultiIndex;
use crate::sample;
use crate::source::Span;

impl Verifier<'_> {
    /// The exact solution's own values and derivatives must be the same at both ends; the tail of a soliton may differ by a
    /// little.
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
                let mut tail = None;
                // Derivatives below the order of the equation; the value in any case.
                for derivative in 0..order.max(1) {
                    let index = MultiIndex::new(std::iter::repeat_n(id.index(), derivative));
                    let graph = &mut self.lowering.graph;
                    let here = graph.differentiate_by(solution, &index);
                    let size = magnitude(&mut self.lowering.graph, here, &[]);
                    let inside = self.sampler.points(None);
                    let graph = &self.lowering.graph;
                    let sizes = self.sampler.evaluate(graph, size, &inside);
                    let scale = sizes.into_iter().filter(|it| it.is_finite());
                    let scale = scale.fold(0.0, f64::max);
                    let ends = [Side::Low, Side::High].map(|side| {
                        let points = self.sampler.points(Some(part(id, side)));
                        let values = self.sampler.evaluate(graph, here, &points);
                        let noise = self.noise(graph, here, &points, &values);
                        (values, noise)
                    });
                    let name = sample::names(self.problem)
                        .jet(&self.problem.fields[exact.field].name, &index);
                    let Some(found) =
                        compare_ends(&ends, scale, &name, &coordinate.name, exact.span)
                    else {
                        continue;
                    };
                    let found = found.with_label(coordinate.span, "this coordinate is periodic");
                    let wrong = found.is_error();
                    if wrong || tail.is_none() {
                        tail = Some(found);
                    }
                    if wrong {
                        break;
                    }
                }
                self.errors.extend(tail);
            }
        }
    }
}

fn part(coordinate: Id<crate::hir::Coordinate>, side: Side) -> Part {
    Part { coordinate, side }
}

/// Values of an expression, and how much they change with the last digits of a point.
type Evaluated = (Vec<f64>, Vec<f64>);

/// What is wrong with the two ends of something that is as large as `scale` inside.
fn compare_ends(
    ends: &[Evaluated; 2],
    scale: f64,
    name: &str,
    coordinate: &str,
    span: Span,
) -> Option<Diagnostic> {
    let [(low, noise), (high, other_noise)] = ends;
    let jumps = low.iter().zip(high).map(|(a, b)| (a - b).abs());
    let jump = jumps.fold(0.0, |most: f64, jump| {
        // Not a number is the largest.
        if jump.is_nan() || jump > most {
            jump
        } else {
            most
        }
    });
    let noise = noise.iter().chain(other_noise);
    let noise = noise.fold(0.0, |most: f64, it| most.max(*it));
    if jump <= APPROXIMATE * scale {
        return is_no_rounding(jump, noise, scale).then(|| {
            let jump = short(jump);
            approximate(
                format!("the exact solution is periodic in `{coordinate}` but for {jump}"),
                span,
                "this is nearly periodic",
            )
            .with_note(format!(
                "{name} differs by {jump} between the two ends, and is as large as {} inside",
                short(scale)
            ))
            .with_help(MEND)
        });
    }
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
