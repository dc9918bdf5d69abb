//! What flows out of the box is what its sources produce.
//!
//! An equation that is the divergence of a flux plus a source is integrated over the box: by Gauss's theorem the flux
//! through the boundary, which conditions may give, equals the integral of the source. If all of it is given and the two
//! differ, there is no solution: a Poisson equation with slopes on all sides that do not belong to its source, an
//! incompressible flow whose walls are closed but for an inlet.
//!
//! Looked at are equations of at most second order that are linear with coefficients known before training, at every
//! moment by itself; radial ones as well, by multiplying with what makes a divergence of them. An integral is taken with
//! two rules, whose difference is how well it is known.

mod flux;
mod quadrature;

use super::lowered::Lowered;
use super::values::{Formula, short};
use crate::diagnostic::{Diagnostic, listed};
use crate::function::Algebra;
use crate::hir::{CoordinateId, Part, Problem, Role};
use crate::jet::NodeId;
use crate::source::Span;
use flux::Fluxes;
use quadrature::Integral;
use std::collections::{BTreeMap, BTreeSet};

/// An imbalance below this share of what flows and is produced is let pass: values may be rounded.
const TOLERANCE: f64 = 1e-3;
/// Equations that are looked at.
const EQUATIONS: usize = 64;
/// More coordinates of space than this are not integrated over.
const DIMENSIONS: usize = 3;

/// What is known of the balances of a problem.
pub(super) struct Balances {
    pub(super) errors: Vec<Diagnostic>,
    /// Equations whose fluxes are all given, and balance.
    pub(super) balanced: BTreeSet<usize>,
}

/// Balances every equation of which the conditions give all fluxes.
pub(super) fn check(lowered: &mut Lowered) -> Balances {
    let mut found = Balances {
        errors: Vec::new(),
        balanced: BTreeSet::new(),
    };
    for number in 0..lowered.equations.len().min(EQUATIONS) {
        let Some(balance) = Balance::of(lowered, number) else {
            continue;
        };
        match balance.worst(lowered) {
            Some(Worst::Unbalanced(totals)) => {
                found.errors.push(balance.report(lowered, &totals));
            }
            Some(Worst::Balanced) => {
                found.balanced.insert(number);
            }
            None => {}
        }
    }
    found
}

/// An equation as a divergence and a source.
struct Balance {
    number: usize,
    /// Over what is integrated.
    space: Vec<CoordinateId>,
    /// What the equation was multiplied by.
    weight: Option<String>,
    fluxes: Fluxes,
}

/// What the integrals come to.
enum Worst {
    Balanced,
    Unbalanced(Totals),
}

struct Totals {
    /// What the boundary gives for the integral of the derivatives.
    boundary: f64,
    /// What they have to integrate to.
    source: f64,
    /// By declaration.
    shares: BTreeMap<Span, f64>,
    /// Where time and families are.
    place: Option<String>,
}

impl Balance {
    fn of(lowered: &mut Lowered, number: usize) -> Option<Self> {
        let problem = lowered.problem;
        let residual = *lowered.equations.get(number)?;
        let fields: BTreeSet<usize> = (lowered.jets(residual).into_iter())
            .map(|(field, _)| field)
            .collect();
        let mut space: BTreeSet<CoordinateId> = BTreeSet::new();
        for field in fields {
            let field = &problem.fields[crate::arena::Id::from_index(field)];
            space.extend(field.arguments.iter().copied());
        }
        space.retain(|id| problem.coordinates[*id].role == Role::Space);
        if space.is_empty() || space.len() > DIMENSIONS {
            return None;
        }
        let space: Vec<CoordinateId> = space.into_iter().collect();
        for weight in weights(&space) {
            let mut weighted = residual;
            for (id, power) in &weight {
                let coordinate = lowered.graph.coordinate(id.index());
                weighted = lowered
                    .graph
                    .product(&[(weighted, 1), (coordinate, *power)]);
            }
            if let Some(fluxes) = Fluxes::new(lowered, weighted, &space) {
                let weight = weight.first().map(|(id, power)| {
                    let name = &problem.coordinates[*id].name;
                    match power {
                        1 => name.clone(),
                        power => format!("{name}^{power}"),
                    }
                });
                return Some(Self {
                    number,
                    space,
                    weight,
                    fluxes,
                });
            }
        }
        None
    }

    /// The worst balance of several moments and members of a family; none where an integral is not known well.
    fn worst(&self, lowered: &Lowered) -> Option<Worst> {
        let problem = lowered.problem;
        let mut roots: Vec<NodeId> = self.fluxes.faces.iter().map(|face| face.flux).collect();
        roots.push(self.fluxes.source);
        let formula = Formula::new(&lowered.graph, &roots, &lowered.parameters);
        let others: Vec<CoordinateId> = problem
            .coordinates
            .ids()
            .filter(|id| !self.space.contains(id) && formula.coordinates.contains(&id.index()))
            .collect();
        let mut worst: Option<(f64, Totals)> = None;
        for share in [0.5, 0.0, 0.25, 0.75, 1.0] {
            let mut point: Vec<f64> = problem
                .coordinates
                .iter()
                .map(|(_, c)| c.low + share * (c.high - c.low))
                .collect();
            let integral = Integral {
                problem,
                formula: &formula,
                space: &self.space,
            };
            let mut boundary = 0.0;
            let mut scale: f64 = 0.0;
            let mut error = 0.0;
            let mut shares: BTreeMap<Span, f64> = BTreeMap::new();
            for face in &self.fluxes.faces {
                let value =
                    integral.over(&mut point, formula.position(face.flux)?, Some(face.part))?;
                boundary += value.value;
                error += value.error;
                scale += value.size;
                for span in &face.spans {
                    *shares.entry(*span).or_insert(0.0) += value.value;
                }
            }
            let source = integral.over(&mut point, formula.position(self.fluxes.source)?, None)?;
            error += source.error;
            scale = scale.max(source.size);
            let imbalance = (boundary - source.value).abs();
            if imbalance.is_nan() || scale.is_nan() {
                return None;
            }
            if imbalance > TOLERANCE * scale + 10.0 * error
                && worst
                    .as_ref()
                    .is_none_or(|(most, _)| imbalance > 1.001 * most)
            {
                let fixed: Vec<usize> = others.iter().map(|id| id.index()).collect();
                let place =
                    (!fixed.is_empty()).then(|| super::values::place(problem, &point, &fixed));
                let totals = Totals {
                    boundary,
                    source: source.value,
                    shares,
                    place,
                };
                worst = Some((imbalance, totals));
            } else if error > TOLERANCE * scale {
                return None;
            }
            if others.is_empty() {
                break;
            }
        }
        Some(worst.map_or(Worst::Balanced, |(_, totals)| Worst::Unbalanced(totals)))
    }

    fn report(&self, lowered: &Lowered, totals: &Totals) -> Diagnostic {
        let problem = lowered.problem;
        let equation = &problem.equations[self.number];
        // In the sense of the side on which the derivatives stand.
        let derivatives_right = (lowered.jets(lowered.images[equation.left.index()])).is_empty();
        let sign = if derivatives_right { -1.0 } else { 1.0 };
        let at = match &totals.place {
            Some(place) => format!(" at {place}"),
            None => String::new(),
        };
        let what = match &self.weight {
            None => "the derivatives".to_owned(),
            Some(weight) => format!("the derivatives, times `{weight}`,"),
        };
        let number = |value: f64| short(sign * value + 0.0);
        let mut error = Diagnostic::error(
            "unbalanced-flux",
            format!(
                "`{}` has no solution: what flows through the boundary{at} is not what is produced inside",
                equation.label
            ),
            equation.span,
            format!(
                "over the whole of {}, {what} have to add up to {}, and by the conditions they add up to {}",
                self.region(problem),
                number(totals.source),
                number(totals.boundary),
            ),
        );
        for (span, share) in &totals.shares {
            error = error.with_label(*span, format!("adds {}", number(*share)));
        }
        let (names, open) = self.open(problem);
        error
            .with_note(
                "The integral of a derivative is what its operand is at one end less what it is at the other (Gauss's theorem), \
                 and the conditions give that at every end. In steady heat conduction, what flows out is what is produced; of \
                 an incompressible fluid, what flows out is what flows in.",
            )
            .with_help(format!(
                "change a source or a condition by {} so that both are equal, or leave the flux open somewhere: give {open} of {names} there instead",
                short((totals.boundary - totals.source).abs())
            ))
    }

    /// What to give instead of a flux, and of what.
    fn open(&self, problem: &Problem) -> (String, &'static str) {
        let fields: BTreeSet<_> = self.fluxes.faces.iter().flat_map(|f| &f.fields).collect();
        let names: Vec<String> = fields
            .into_iter()
            .map(|field| format!("`{}`", problem.fields[*field].name))
            .collect();
        let slopes = self.fluxes.faces.iter().all(|face| face.of_slopes);
        let open = if slopes { "the value" } else { "the slope" };
        (listed(&names), open)
    }

    fn region(&self, problem: &Problem) -> String {
        let names: Vec<String> = (self.space.iter())
            .map(|id| format!("`{}`", problem.coordinates[*id].name))
            .collect();
        listed(&names)
    }
}

/// What an equation is multiplied by to become a divergence: nothing, or the radius of a circle or sphere.
fn weights(space: &[CoordinateId]) -> Vec<Vec<(CoordinateId, i32)>> {
    let radial = space
        .iter()
        .flat_map(|id| [1, 2].map(|power| vec![(*id, power)]));
    std::iter::once(Vec::new()).chain(radial).collect()
}

/// Whether every node is zero: as a node, or at every place of a grid, compared with what it is the difference of.
fn vanish(lowered: &mut Lowered, node: NodeId, sizes: &[NodeId]) -> bool {
    if lowered.graph.as_number(node) == Some(0.0) {
        return true;
    }
    let mut roots = vec![node];
    roots.extend(sizes);
    if roots.iter().any(|root| lowered.is_open(*root)) {
        return false;
    }
    let formula = Formula::new(&lowered.graph, &roots, &lowered.parameters);
    let places =
        super::values::Places::new(lowered.problem, &formula.coordinates, &[], formula.len());
    let mut buffer = Vec::new();
    let (mut most, mut scale): (f64, f64) = (0.0, 0.0);
    let mut finite = 0;
    for point in &places.points {
        formula.evaluate(point, &mut buffer);
        let at = |node: &NodeId| {
            formula
                .position(*node)
                .map_or(f64::NAN, |k| buffer[k].abs())
        };
        let value = at(&node);
        let size = sizes.iter().map(at).fold(0.0, f64::max);
        if value.is_finite() && size.is_finite() {
            finite += 1;
            most = most.max(value);
            scale = scale.max(size);
        }
    }
    finite > 0 && most <= 1e-9 * scale
}

/// Used by the fluxes: a node times a number.
fn scaled(lowered: &mut Lowered, node: NodeId, factor: f64) -> NodeId {
    let factor = lowered.graph.number(factor);
    lowered.graph.multiply(node, factor)
}

/// One end of one coordinate.
fn ends(coordinate: CoordinateId) -> [Part; 2] {
    use crate::hir::Side;
    [Side::Low, Side::High].map(|side| Part { coordinate, side })
}
