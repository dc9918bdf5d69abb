//! An equation as the divergence of a flux and a source, and the flux through each face as the conditions give it.

use super::{ends, scaled, vanish};
use crate::classify::{coefficient, degree};
use crate::function::Algebra;
use crate::hir::check::lowered::Lowered;
use crate::hir::{CoordinateId, FieldId, Part, Side};
use crate::jet::{MultiIndex, Node, NodeId};
use crate::source::Span;
use std::collections::{BTreeMap, BTreeSet};

/// Derivatives in an equation that is looked at.
const JETS: usize = 32;
/// Operands that derivatives of coefficients may write.
const LARGEST: usize = 20_000;

/// `Σ ∂flux_j/∂x_j = source`, with the flux out of each face.
pub(super) struct Fluxes {
    pub(super) faces: Vec<Face>,
    pub(super) source: NodeId,
}

/// The flux out of the box through one face.
pub(super) struct Face {
    pub(super) part: Part,
    pub(super) flux: NodeId,
    /// The declarations of the conditions that give it.
    pub(super) spans: BTreeSet<Span>,
    /// The fields of which it is.
    pub(super) fields: BTreeSet<FieldId>,
    /// Whether it is made of derivatives of fields alone.
    pub(super) of_slopes: bool,
}

/// A term of a flux: its factor, and the derivative of a field.
type Term = (NodeId, FieldId, MultiIndex);

impl Fluxes {
    /// None where the equation is no divergence, or the conditions do not give all fluxes.
    pub(super) fn new(
        lowered: &mut Lowered,
        residual: NodeId,
        space: &[CoordinateId],
    ) -> Option<Self> {
        let jets = lowered.jets(residual);
        let known = |index: &MultiIndex| {
            index.order() <= 2
                && index
                    .coordinates()
                    .all(|by| space.iter().any(|id| id.index() == by))
        };
        if jets.len() > JETS
            || !jets.iter().all(|(_, index)| known(index))
            || !jets.iter().any(|(_, index)| index.order() > 0)
            || degree(&lowered.graph, residual, |_, _| true) != Some(1)
        {
            return None;
        }
        lowered.graph.limit(Some(LARGEST));
        let terms = divergence(lowered, residual, &jets);
        let exhausted = lowered.graph.is_exhausted();
        lowered.graph.limit(None);
        let terms = terms.filter(|_| !exhausted)?;
        let rest = lowered.graph.substitute(&[residual], |graph, leaf| {
            matches!(leaf, Node::Jet { .. }).then(|| graph.number(0.0))
        });
        let source = lowered.graph.negate(*rest.first()?);
        if lowered.is_open(source) {
            return None;
        }
        let mut faces = Vec::new();
        for id in space {
            let Some(terms) = terms.get(&id.index()) else {
                continue;
            };
            if lowered.problem.coordinates[*id].periodic {
                // What leaves at one end comes in at the other, if its factor does not change.
                if terms
                    .iter()
                    .any(|(factor, ..)| depends(lowered, *factor, *id))
                {
                    return None;
                }
                continue;
            }
            for part in ends(*id) {
                faces.push(face(lowered, part, terms)?);
            }
        }
        // Between periodic ends alone there are no faces, and the source has to vanish by itself.
        Some(Self { faces, source })
    }
}

/// The fluxes by coordinate, if the equation is a divergence.
fn divergence(
    lowered: &mut Lowered,
    residual: NodeId,
    jets: &BTreeSet<(usize, MultiIndex)>,
) -> Option<BTreeMap<usize, Vec<Term>>> {
    let mut left: BTreeMap<(usize, MultiIndex), Vec<NodeId>> = BTreeMap::new();
    for jet in jets {
        let factor = coefficient(&mut lowered.graph, residual, jet);
        if lowered.is_open(factor) {
            return None;
        }
        left.entry(jet.clone()).or_default().push(factor);
    }
    let mut fluxes: BTreeMap<usize, Vec<Term>> = BTreeMap::new();
    for order in [2, 1] {
        let now: Vec<_> = left
            .keys()
            .filter(|(_, i)| i.order() == order)
            .cloned()
            .collect();
        for key in now {
            let parts = left.remove(&key)?;
            let (field, index) = key;
            let by = index.coordinates().next()?;
            let lower = MultiIndex::new(index.coordinates().skip(1));
            let sum: Vec<(NodeId, f64)> = parts.iter().map(|part| (*part, 1.0)).collect();
            let factor = lowered.graph.sum(&sum, 0.0);
            if parts.len() > 1 && vanish(lowered, factor, &parts) {
                continue;
            }
            if parts.len() == 1 && lowered.graph.as_number(factor) == Some(0.0) {
                continue;
            }
            let slope = lowered.graph.differentiate(factor, by);
            let slope = scaled(lowered, slope, -1.0);
            if lowered.graph.as_number(slope) != Some(0.0) {
                left.entry((field, lower.clone())).or_default().push(slope);
            }
            let field = crate::arena::Id::from_index(field);
            fluxes.entry(by).or_default().push((factor, field, lower));
        }
    }
    for parts in left.into_values() {
        let sum: Vec<(NodeId, f64)> = parts.iter().map(|part| (*part, 1.0)).collect();
        let factor = lowered.graph.sum(&sum, 0.0);
        if !vanish(lowered, factor, &parts) {
            return None;
        }
    }
    Some(fluxes)
}

fn depends(lowered: &Lowered, node: NodeId, coordinate: CoordinateId) -> bool {
    let own = Node::Coordinate(u16::try_from(coordinate.index()).unwrap_or(u16::MAX));
    let mut under = lowered.under(node).into_iter();
    under.any(|id| *lowered.graph.node(id) == own)
}

/// The flux out of one face, if the conditions there give it.
fn face(lowered: &mut Lowered, part: Part, terms: &[Term]) -> Option<Face> {
    let problem = lowered.problem;
    let coordinate = &problem.coordinates[part.coordinate];
    let (end, outward) = match part.side {
        Side::Low => (coordinate.low, -1.0),
        Side::High => (coordinate.high, 1.0),
    };
    let own = Node::Coordinate(u16::try_from(part.coordinate.index()).unwrap_or(u16::MAX));
    let mut found = Face {
        part,
        flux: lowered.graph.number(0.0),
        spans: BTreeSet::new(),
        fields: BTreeSet::new(),
        of_slopes: true,
    };
    for (factor, field, index) in terms {
        let here = lowered.graph.substitute(&[*factor], |graph, leaf| {
            (*leaf == own).then(|| graph.number(end))
        });
        let here = *here.first()?;
        // At the centre of a circle nothing is asked.
        if lowered.graph.as_number(here) == Some(0.0) {
            continue;
        }
        let (value, span) = given(lowered, part, *field, index)?;
        let term = lowered.graph.product(&[(here, 1), (value, 1)]);
        found.flux = lowered
            .graph
            .sum(&[(found.flux, 1.0), (term, outward)], 0.0);
        found.spans.insert(span);
        found.fields.insert(*field);
        found.of_slopes &= index.order() > 0;
    }
    (!lowered.is_open(found.flux)).then_some(found)
}

/// What a condition says of a derivative on a face.
fn given(
    lowered: &mut Lowered,
    part: Part,
    field: FieldId,
    index: &MultiIndex,
) -> Option<(NodeId, Span)> {
    let problem = lowered.problem;
    for (number, condition) in problem.conditions.iter().enumerate() {
        if condition.part != part {
            continue;
        }
        let Some(given) = lowered.given(number).filter(|given| given.field == field) else {
            continue;
        };
        // Along the face what is given may be differentiated.
        let mut rest: Vec<usize> = index.coordinates().collect();
        let mut inside = true;
        for by in given.index.coordinates() {
            match rest.iter().position(|other| *other == by) {
                Some(position) => {
                    rest.remove(position);
                }
                None => inside = false,
            }
        }
        if inside && !rest.contains(&part.coordinate.index()) {
            let value = lowered
                .graph
                .differentiate_by(given.value, &MultiIndex::new(rest));
            return Some((value, condition.span));
        }
    }
    None
}
