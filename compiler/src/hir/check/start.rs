//! Conditions hold of the initial values too, where time begins.
//!
//! Values on two parts of the boundary are compared in [`super::corner`]. Here is what else a condition may say: a slope,
//! a flux, a balance of both, of several fields. Where every derivative in it is known from the initial values, it is put
//! to the test with them. Along edges that do not belong to the beginning nothing is asked: there a given slope beside
//! given values is what problems of mixed conditions are like.

use super::lowered::Lowered;
use super::values::{Formula, Grids, place, short};
use crate::diagnostic::{Diagnostic, listed};
use crate::hir::{Condition, FieldId, Part, Problem, Side};
use crate::jet::{Graph, MultiIndex, Node, NodeId};
use std::collections::{BTreeMap, BTreeSet};

/// What is missed by less than this share of the largest term, anywhere where time begins, is let pass.
const TOLERANCE: f64 = 1e-3;
/// Conditions that are looked at; in problems with more, most are alike.
const CONDITIONS: usize = 128;
/// Derivatives in a condition that is looked at.
const JETS: usize = 64;
/// Operands that derivatives of initial values may write.
const LARGEST: usize = 100_000;

/// Tests every condition that gives more than values against the initial values.
pub(super) fn check(lowered: &mut Lowered) -> Vec<Diagnostic> {
    let problem = lowered.problem;
    let Some(time) = problem.time() else {
        return Vec::new();
    };
    let beginning = Part {
        coordinate: time,
        side: Side::Low,
    };
    let initial = Initial::new(lowered, beginning);
    let mut grids = Grids::new(problem);
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    let mut looked = 0;
    for (number, condition) in problem.conditions.iter().enumerate() {
        let gives_values = |given: &super::lowered::Given| given.index.order() == 0;
        if condition.part.coordinate == time
            || seen.contains(&condition.span)
            || lowered.given(number).as_ref().is_some_and(gives_values)
        {
            continue;
        }
        looked += 1;
        if looked > CONDITIONS {
            break;
        }
        if let Some(warning) = test(lowered, &initial, &mut grids, number, condition) {
            seen.insert(condition.span);
            found.push(warning);
        }
    }
    found
}

/// What fields and their derivatives in time are where time begins.
struct Initial {
    part: Part,
    /// The value, and the declaration that gives it, by field and order in time.
    values: BTreeMap<(FieldId, usize), (NodeId, crate::source::Span)>,
}

impl Initial {
    fn new(lowered: &mut Lowered, part: Part) -> Self {
        let mut values = BTreeMap::new();
        let time = part.coordinate.index();
        for (number, condition) in lowered.problem.conditions.iter().enumerate() {
            if condition.part != part {
                continue;
            }
            if let Some(given) = lowered.given(number)
                && given.index.order() == given.index.order_in(time)
            {
                let key = (given.field, given.index.order());
                values.entry(key).or_insert((given.value, condition.span));
            }
        }
        Self { part, values }
    }

    /// The declaration that a derivative is known from.
    fn span(&self, field: FieldId, index: &MultiIndex) -> Option<crate::source::Span> {
        let order = index.order_in(self.part.coordinate.index());
        Some(self.values.get(&(field, order))?.1)
    }

    /// A derivative of a field where time begins.
    fn derivative(&self, graph: &mut Graph, field: FieldId, index: &MultiIndex) -> Option<NodeId> {
        let time = self.part.coordinate.index();
        let (value, _) = self.values.get(&(field, index.order_in(time)))?;
        let rest = MultiIndex::new(index.coordinates().filter(|by| *by != time));
        Some(graph.differentiate_by(*value, &rest))
    }
}

fn test(
    lowered: &mut Lowered,
    initial: &Initial,
    grids: &mut Grids,
    number: usize,
    condition: &Condition,
) -> Option<Diagnostic> {
    let problem = lowered.problem;
    let residual = *lowered.conditions.get(number)?;
    let jets: Vec<(FieldId, MultiIndex)> = lowered
        .jets(residual)
        .into_iter()
        .map(|(function, index)| (crate::arena::Id::from_index(function), index))
        .collect();
    if jets.is_empty() || jets.len() > JETS {
        return None;
    }
    let spans: Option<BTreeSet<_>> = jets
        .iter()
        .map(|(field, index)| initial.span(*field, index))
        .collect();
    let spans = spans?;
    let sides = [condition.left, condition.right].map(|side| lowered.images[side.index()]);
    lowered.graph.limit(Some(LARGEST));
    let nodes = Nodes::new(&mut lowered.graph, initial, residual, sides, &jets);
    let exhausted = lowered.graph.is_exhausted();
    lowered.graph.limit(None);
    let nodes = nodes.filter(|_| !exhausted)?;
    let mut roots = nodes.sides.to_vec();
    roots.extend(&nodes.terms);
    if roots.iter().any(|root| lowered.is_open(*root)) {
        return None;
    }
    let formula = Formula::new(&lowered.graph, &roots, &lowered.parameters);
    let sides = (
        formula.position(nodes.sides[0])?,
        formula.position(nodes.sides[1])?,
    );
    let parts = [initial.part, condition.part];
    let corner = grids.places(&formula.coordinates, &parts, formula.len());
    let mut buffer = Vec::new();
    let (jump, point, ends) = corner
        .points
        .iter()
        .map(|point| {
            formula.evaluate(point, &mut buffer);
            let ends = [buffer[sides.0], buffer[sides.1]];
            ((ends[0] - ends[1]).abs(), point, ends)
        })
        .filter(|(jump, ..)| jump.is_finite())
        .reduce(|most, next| if next.0 > most.0 { next } else { most })?;
    let terms: Vec<usize> = (nodes.terms.iter())
        .filter_map(|term| formula.position(*term))
        .collect();
    let beginning = grids.places(&formula.coordinates, &parts[..1], formula.len());
    let mut scale: f64 = 0.0;
    for point in beginning.points.iter().chain(&corner.points) {
        formula.evaluate(point, &mut buffer);
        let sizes = terms.iter().map(|term| buffer[*term].abs());
        scale = sizes.filter(|size| size.is_finite()).fold(scale, f64::max);
    }
    if jump <= TOLERANCE * scale {
        return None;
    }
    let mut mentioned: BTreeSet<usize> = formula.coordinates.clone();
    mentioned.extend(parts.iter().map(|part| part.coordinate.index()));
    let mentioned: Vec<usize> = mentioned.into_iter().collect();
    let place = place(problem, point, &mentioned);
    Some(report(problem, condition, &jets, &spans, &place, ends))
}

/// A condition with the initial values put in.
struct Nodes {
    sides: [NodeId; 2],
    /// What each derivative contributes, and what stands beside them.
    terms: Vec<NodeId>,
}

impl Nodes {
    fn new(
        graph: &mut Graph,
        initial: &Initial,
        residual: NodeId,
        sides: [NodeId; 2],
        jets: &[(FieldId, MultiIndex)],
    ) -> Option<Self> {
        let mut known = BTreeMap::new();
        for (field, index) in jets {
            let value = initial.derivative(graph, *field, index)?;
            known.insert((field.index(), index.clone()), value);
        }
        let leaves: Vec<NodeId> = jets
            .iter()
            .map(|(field, index)| graph.jet(field.index(), index.clone()))
            .collect();
        let slopes = graph.partials(residual, &leaves);
        let mut roots = sides.to_vec();
        roots.extend(leaves.iter().filter_map(|leaf| slopes.get(leaf)));
        let images = graph.substitute(&roots, |_, leaf| match leaf {
            Node::Jet { function, index } => {
                known.get(&(usize::from(*function), index.clone())).copied()
            }
            Node::Number(_)
            | Node::Coordinate(_)
            | Node::Uniform(_)
            | Node::Datum(_)
            | Node::Sum { .. }
            | Node::Product(_)
            | Node::Power { .. }
            | Node::Call(..)
            | Node::Select { .. } => None,
        });
        let (sides, slopes) = images.split_at_checked(2)?;
        let values = jets
            .iter()
            .filter_map(|(field, index)| known.get(&(field.index(), index.clone())));
        let mut terms: Vec<NodeId> = slopes
            .iter()
            .zip(values)
            .map(|(slope, value)| graph.product(&[(*slope, 1), (*value, 1)]))
            .collect();
        terms.extend(sides);
        Some(Self {
            sides: [sides[0], sides[1]],
            terms,
        })
    }
}

fn report(
    problem: &Problem,
    condition: &Condition,
    jets: &[(FieldId, MultiIndex)],
    spans: &BTreeSet<crate::source::Span>,
    place: &str,
    [left, right]: [f64; 2],
) -> Diagnostic {
    let fields: BTreeSet<FieldId> = jets.iter().map(|(field, _)| *field).collect();
    let names: Vec<String> = fields
        .iter()
        .map(|field| format!("`{}`", problem.fields[*field].name))
        .collect();
    let mut warning = Diagnostic::warning(
        "incompatible-corner",
        format!(
            "the initial value of {} does not satisfy `{}` at {place}",
            listed(&names),
            condition.label
        ),
        condition.span,
        format!(
            "with the initial value, the left side is {} there, the right side {}",
            short(rounded(left, right)),
            short(rounded(right, left))
        ),
    );
    for span in spans {
        warning = warning.with_label(*span, "where time begins");
    }
    warning
        .with_note(
            "The condition holds from the beginning on, and there the initial value is all that there is. If the two differ, \
             a slope jumps there, and training, which can only approach a jump by smooth functions, is less accurate beside it.",
        )
        .with_help(
            "make the two agree; if the jump is meant, as for a flux that sets in suddenly, there is nothing to mend",
        )
}

/// Zero, for what is nothing but rounding beside the other side.
fn rounded(value: f64, beside: f64) -> f64 {
    if value.abs() <= 1e-12 * beside.abs() {
        0.0
    } else {
        value
    }
}
