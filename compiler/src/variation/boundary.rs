//! The natural boundary conditions: what integrating by parts leaves on the faces of the box.

use super::density::Density;
use crate::arena::Id;
use crate::hir::{CoordinateId, FieldId, Part, Problem, Side};
use crate::jet::{MultiIndex, NodeId};
use std::collections::{BTreeMap, BTreeSet};

/// What is left on the boundary.
pub(super) struct Boundary {
    pub(super) natural: Vec<Natural>,
    /// What is not derived, in words.
    pub(super) missing: Vec<String>,
    /// For each field and coordinate, how many derivatives along it are free on a face by themselves.
    pub(super) orders: BTreeMap<(FieldId, CoordinateId), usize>,
    /// The factor of `∂_n^m δu` on the faces of a coordinate, without the sign of the face.
    pub(super) factors: BTreeMap<(FieldId, CoordinateId, usize), NodeId>,
}

/// `value = 0` on a part of the boundary.
pub(super) struct Natural {
    pub(super) field: FieldId,
    pub(super) part: Part,
    /// How often the variation that is free there is differentiated along the coordinate.
    pub(super) order: usize,
    pub(super) value: NodeId,
}

/// What a condition of the file does to the variations on its face.
pub(super) enum Holds {
    /// It holds one derivative along the normal fast.
    Fast(FieldId, usize),
    /// It ties several together.
    Ties(BTreeSet<FieldId>),
    /// Nothing: it speaks only of derivatives that no variation of finite energy has there.
    Nothing,
}

impl Boundary {
    pub(super) fn new(problem: &Problem, density: &mut Density) -> Self {
        let mut boundary = Self {
            natural: Vec::new(),
            missing: Vec::new(),
            orders: BTreeMap::new(),
            factors: BTreeMap::new(),
        };
        let corners = boundary.integrate_by_parts(problem, density);
        if problem.domain.is_some() {
            let natural = "natural conditions on a boundary that is no face of a box";
            boundary.missing.push(natural.to_owned());
            return boundary;
        }
        if corners {
            boundary
                .missing
                .push("conditions where two faces meet".to_owned());
        }
        let mut fast = BTreeSet::new();
        let mut tied = BTreeSet::new();
        let holding = boundary.holding(problem, density);
        for (condition, holds) in problem.conditions.iter().zip(holding) {
            match holds {
                Holds::Fast(field, order) => {
                    fast.insert((field, condition.part, order));
                }
                Holds::Ties(fields) => {
                    tied.extend(fields.iter().map(|field| (*field, condition.part)));
                }
                Holds::Nothing => {}
            }
        }
        for (field, part) in &tied {
            boundary.missing.push(format!(
                "natural conditions of `{}` at `{}`, where a condition of the file ties several values together",
                problem.fields[*field].name,
                crate::hir::print::part(problem, *part)
            ));
        }
        for ((field, coordinate, order), value) in &boundary.factors {
            for side in [Side::Low, Side::High] {
                let coordinate = *coordinate;
                let part = Part { coordinate, side };
                let (field, order) = (*field, *order);
                if fast.contains(&(field, part, order)) || tied.contains(&(field, part)) {
                    continue;
                }
                boundary.natural.push(Natural {
                    field,
                    part,
                    order,
                    value: *value,
                });
            }
        }
        boundary.natural.sort_by_key(|n| (n.field, n.part, n.order));
        boundary
    }

    /// Collects the factors; whether something is left at corners.
    fn integrate_by_parts(&mut self, problem: &Problem, density: &mut Density) -> bool {
        let mut corners = false;
        let mut terms: BTreeMap<(FieldId, CoordinateId, usize), Vec<(NodeId, f64)>> =
            BTreeMap::new();
        let bare = |c: usize| !problem.coordinates[Id::from_index(c)].periodic;
        for field in density.fields.clone() {
            for (index, flux) in density.fluxes(field) {
                let by: Vec<usize> = index.coordinates().collect();
                for &coordinate in &by {
                    let highest = index.order_in(coordinate);
                    let known = self.orders.entry((field, Id::from_index(coordinate)));
                    let known = known.or_insert(0);
                    *known = highest.max(*known);
                }
                // One derivative after the other goes from the variation to its factor.
                for position in 0..by.len() {
                    let coordinate = by[position];
                    if !bare(coordinate) {
                        continue;
                    }
                    let (along, across): (Vec<usize>, Vec<usize>) =
                        by[position + 1..].iter().partition(|c| **c == coordinate);
                    corners |= across.iter().any(|c| bare(*c));
                    let moved = MultiIndex::new(by[..position].iter().chain(&across).copied());
                    let factor = density.graph.differentiate_by(flux, &moved);
                    let sign = if moved.order().is_multiple_of(2) {
                        1.0
                    } else {
                        -1.0
                    };
                    let key = (field, Id::from_index(coordinate), along.len());
                    terms.entry(key).or_default().push((factor, sign));
                }
            }
        }
        for (key, terms) in terms {
            let factor = density.graph.sum(&terms, 0.0);
            if density.graph.as_number(factor) != Some(0.0) {
                self.factors.insert(key, factor);
            }
        }
        corners
    }

    /// What each condition of the file does to the variations.
    pub(super) fn holding(&self, problem: &Problem, density: &mut Density) -> Vec<Holds> {
        let lowering = crate::jet::lower(problem);
        let mut holding = Vec::new();
        for (condition, residual) in problem.conditions.iter().zip(&lowering.conditions) {
            let coordinate = condition.part.coordinate;
            let jets = lowering.graph.jets(&[*residual]);
            let free = |field: FieldId| self.orders.get(&(field, coordinate)).copied().unwrap_or(0);
            let low = |(function, index): &(usize, MultiIndex)| {
                index.order_in(coordinate.index()) < free(Id::from_index(*function))
            };
            let varied = |function: usize| density.fields.contains(&Id::from_index(function));
            holding.push(match jets.as_slice() {
                [(function, index)] if low(&jets[0]) => {
                    let order = index.order_in(coordinate.index());
                    let field = Id::from_index(*function);
                    if order == index.order() {
                        Holds::Fast(field, order)
                    } else {
                        Holds::Ties(BTreeSet::from([field]))
                    }
                }
                jets if jets.iter().any(low) => {
                    let functions = jets.iter().map(|(function, _)| *function);
                    let functions = functions.filter(|function| varied(*function));
                    Holds::Ties(functions.map(Id::from_index).collect())
                }
                _ => Holds::Nothing,
            });
        }
        holding
    }
}
