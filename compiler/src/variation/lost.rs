//! Conditions that a minimiser does not keep: derivatives that the energy itself decides at the boundary.

use super::boundary::{Boundary, Holds};
use super::density::Density;
use crate::diagnostic::Diagnostic;
use crate::function::Algebra;
use crate::hir::Problem;
use crate::hir::print::{part, subscripted};
use crate::jet::{self, Node, NodeId};

/// A warning for each condition that has no effect on the minimiser, and is not what it satisfies anyway.
///
/// Functions that meet such a condition come arbitrarily close, in energy, to functions that do not: with
/// `∫u_x²/2`, a slope at the end can be had in a layer as thin as one likes.
#[must_use]
pub fn lost(problem: &Problem) -> Vec<Diagnostic> {
    if problem.energies.is_empty() || problem.domain.is_some() {
        return Vec::new();
    }
    let Ok(mut density) = Density::new(problem) else {
        return Vec::new();
    };
    let boundary = Boundary::new(problem, &mut density);
    let holding = boundary.holding(problem, &mut density);
    let mut found = Vec::new();
    for (number, holds) in holding.into_iter().enumerate() {
        let (Holds::Nothing, Some(condition)) = (holds, problem.conditions.get(number)) else {
            continue;
        };
        let mut lowering = jet::lower(problem);
        let residual = lowering.conditions[number];
        let coordinate = condition.part.coordinate;
        let jets = lowering.graph.jets(&[residual]);
        let Some(field) = density
            .fields
            .iter()
            .copied()
            .find(|field| jets.iter().any(|(function, _)| *function == field.index()))
        else {
            continue;
        };
        let natural = boundary
            .natural
            .iter()
            .filter(|it| it.part == condition.part)
            .collect::<Vec<_>>();
        // Both are brought into one graph through what they are made of.
        let same = natural.iter().any(|it| {
            let copy = density.graph.node(it.value).clone();
            let value = transferred(&density, it.value, &mut lowering.graph);
            let ratio = lowering.graph.product(&[(residual, 1), (value, -1)]);
            let fixed = lowering.graph.jets(&[ratio]).is_empty();
            fixed && !matches!(copy, Node::Number(_))
        });
        if same {
            continue;
        }
        let name = &problem.fields[field].name;
        let order = boundary.orders.get(&(field, coordinate)).copied();
        let order = order.unwrap_or(0);
        let kept: Vec<String> = (0..order)
            .map(|order| format!("`{}`", subscripted(problem, name, &vec![coordinate; order])))
            .collect();
        let place = part(problem, condition.part);
        let mut diagnostic = Diagnostic::warning(
            "lost-condition",
            format!("the minimiser does not keep this condition at `{place}`"),
            condition.span,
            "the energy alone decides this derivative here",
        );
        if let Some(energy) = problem.energies.first() {
            let derivative = subscripted(problem, name, &vec![coordinate; order]);
            diagnostic = diagnostic.with_label(
                energy.span,
                format!("`{derivative}` is the highest derivative along the normal"),
            );
        }
        found.push(
            diagnostic
                .with_note(
                    "A condition on a derivative as high as those of the energy can be met in a layer as thin as one likes, \
                     at next to no cost: it does not change the least energy. `pdec check` lists the natural conditions \
                     that the minimiser meets instead.",
                )
                .with_help(if kept.is_empty() {
                    "remove it".to_owned()
                } else {
                    format!("give {} here, or nothing", kept.join(" or "))
                }),
        );
    }
    found
}

/// A node of the density in another graph over the same functions.
fn transferred(density: &Density, root: NodeId, into: &mut jet::Graph) -> NodeId {
    let from = &density.graph;
    let mut images = std::collections::BTreeMap::new();
    for id in from.reachable(&[root]) {
        let image = match from.node(id) {
            Node::Number(bits) => into.number(bits.value()),
            Node::Coordinate(c) => into.coordinate(usize::from(*c)),
            Node::Uniform(k) => into.uniform(usize::from(*k)),
            Node::Datum(d) => into.datum(usize::from(*d)),
            Node::Jet { function, index } => into.jet(usize::from(*function), index.clone()),
            Node::Sum { constant, terms } => {
                let terms: Vec<(NodeId, f64)> =
                    terms.iter().map(|(t, c)| (images[t], c.value())).collect();
                into.sum(&terms, constant.value())
            }
            Node::Product(factors) => {
                let factors: Vec<(NodeId, i32)> =
                    factors.iter().map(|(f, e)| (images[f], *e)).collect();
                into.product(&factors)
            }
            Node::Power { base, exponent } => into.power(images[base], images[exponent]),
            Node::Call(function, argument) => into.function(*function, images[argument]),
            Node::Select {
                left,
                right,
                less,
                otherwise,
            } => into.select(images[left], images[right], images[less], images[otherwise]),
        };
        images.insert(id, image);
    }
    images[&root]
}
