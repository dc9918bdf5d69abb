//! What a minimiser satisfies: the Euler–Lagrange equations of the energies, and their natural boundary conditions.
//!
//! * Input: a [`Problem`] with energies.
//! * Output: the [`Stationary`] problem, in which equations and conditions stand in place of the energies, or why it is
//!   not derived.
//! * Method: with the density `L` of all energies, the first variation of `∫ L dx` is integrated by parts,
//!
//!   ```text
//!   δ∫L = ∫ Σ_α (−1)^|α| D^α(∂L/∂u_α) δu + Σ_faces ∫ Σ_m B_m ∂_n^m δu
//!   ```
//!
//!   (Gelfand and Fomin 1963, §§ 4–7, 36). The first integrand vanishes, and `B_m` wherever no condition holds `∂_n^m u`
//!   fast. A function of integrals varies by its derivatives by each of them (∫|∇u|²/∫u² gives the eigenvalue problem);
//!   a constraint enters with a Lagrange multiplier, a number that is sought.
//! * Invariants: nothing is approximated. What comes out is a statement in the language: [`crate::hir::expression`]
//!   prints it, and the file with it in place of the energy compiles. Fluxes that are not linear stay whole,
//!   `d(u_x/sqrt(1 + u_x^2), x)`. Conditions at corners, where two faces meet, are not derived.

mod boundary;
mod density;
mod lost;
mod raise;
mod stationless;
#[cfg(test)]
mod tests;

pub use lost::lost;
pub use stationless::stationless;

use crate::arena::Id;
use crate::hir::{
    BinaryOperator, Bounds, Condition, Constraint, CoordinateId, Equation, Expression,
    ExpressionId, ExpressionKind, FieldId, Problem, Unknown, UnknownId,
};
use crate::jet::{self, MultiIndex, NodeId};
use crate::source::Span;
use boundary::Boundary;
use density::Density;
use raise::Raise;

/// A problem whose energies have been replaced by what their minimiser satisfies.
#[derive(Clone, Debug)]
pub struct Stationary {
    /// The problem: no energies, one equation for each field, natural conditions behind those of the file.
    pub problem: Problem,
    /// The field that each equation was derived by, in the order of [`Problem::equations`].
    pub fields: Vec<FieldId>,
    /// How many of [`Problem::conditions`] the file gives; the others are natural.
    pub given: usize,
    /// Lagrange multipliers, one for each constraint, behind the numbers that the file seeks.
    pub multipliers: Vec<UnknownId>,
    /// What is not derived, in words.
    pub missing: Vec<String>,
}

/// The problem that is trained in place of an energy: its Euler–Lagrange equations and natural conditions. None where there
/// is no energy, where they cannot be derived completely, or need integrals or multipliers.
#[must_use]
pub fn minimised(problem: &Problem) -> Option<Problem> {
    if problem.energies.is_empty() || !problem.constraints.is_empty() {
        return None;
    }
    let found = stationary(problem).ok()?;
    let simple = found.missing.is_empty()
        && found.multipliers.is_empty()
        && found.problem.constraints.is_empty()
        && jet::lower_whole(&found.problem).integrals.is_empty();
    simple.then_some(found.problem)
}

/// Derives what a minimiser of the energies of a problem satisfies.
///
/// # Errors
///
/// Why that is not derived, as the rest of a sentence.
pub fn stationary(problem: &Problem) -> Result<Stationary, String> {
    let mut density = Density::new(problem)?;
    let boundary = Boundary::new(problem, &mut density);
    let mut derived = Derivation {
        span: problem.energies.first().map_or(Span::new(0, 0), |e| e.span),
        multipliers: Vec::new(),
        raise: Raise::new(problem.clone(), &density),
    };
    derived.name_multipliers(density.constraints);
    let fields = density.fields.clone();
    let mut equations = Vec::new();
    for &field in &fields {
        equations.push(derived.equation(&mut density, field, fields.len() > 1));
    }
    let mut conditions = Vec::new();
    for natural in &boundary.natural {
        let by = vec![natural.part.coordinate; natural.order];
        let name = &problem.fields[natural.field].name;
        let name = crate::hir::print::subscripted(problem, name, &by);
        let place = crate::hir::print::part(problem, natural.part);
        let left = derived.raise.node(&density.graph, natural.value);
        let right = derived.number(0.0);
        conditions.push(Condition {
            label: format!("natural {name} at {place}"),
            part: natural.part,
            left,
            right,
            span: derived.span,
        });
    }
    let mut constraints = Vec::new();
    for (unknown, _) in problem.unknowns.iter() {
        constraints.extend(derived.by_number(problem, &mut density, unknown));
    }
    let mut result = derived.raise.finish();
    let given = result.conditions.len();
    let integrals = !density.integrals_in(&result, &equations).is_empty();
    let energies = std::mem::take(&mut result.energies);
    // What training cannot do with the energies themselves does not matter any more.
    result.unsupported.retain(|diagnostic| {
        let place = diagnostic.primary.span.range();
        energies.iter().all(|energy| {
            let energy = energy.span.range();
            let within = energy.start <= place.start && place.end <= energy.end;
            !within || (integrals && place.start > energy.start)
        })
    });
    result.equations = equations;
    result.conditions.extend(conditions);
    result.constraints.extend(constraints);
    Ok(Stationary {
        problem: result,
        fields,
        given,
        multipliers: derived.multipliers,
        missing: boundary.missing,
    })
}

/// What is made on the way.
struct Derivation {
    /// Where the energies stand: the place of all that is derived.
    span: Span,
    multipliers: Vec<UnknownId>,
    raise: Raise,
}

impl Derivation {
    fn number(&mut self, value: f64) -> ExpressionId {
        self.raise.push(ExpressionKind::Number(value))
    }

    /// A number that is sought for each constraint, called `lambda`.
    fn name_multipliers(&mut self, count: usize) {
        let problem = self.raise.problem_mut();
        for number in 1..=count {
            let plain = if count == 1 {
                "lambda".to_owned()
            } else {
                format!("lambda{number}")
            };
            let taken = |name: &str| {
                let fields = problem.fields.iter().map(|(_, it)| it.name.as_str());
                let coordinates = problem.coordinates.iter().map(|(_, it)| it.name.as_str());
                let parameters = problem.parameters.iter().map(|(_, it)| it.name.as_str());
                let unknowns = problem.unknowns.iter().map(|(_, it)| it.name.as_str());
                let definitions = problem.definitions.iter().map(|(_, it)| it.name.as_str());
                let groups = problem.groups.iter().map(|it| it.name.as_str());
                let mut all = fields
                    .chain(coordinates)
                    .chain(parameters)
                    .chain(unknowns)
                    .chain(definitions)
                    .chain(groups);
                all.any(|other| other == name)
            };
            let mut name = plain;
            while taken(&name) {
                name.push_str("_m");
            }
            let id = problem.unknowns.push(Unknown {
                name,
                bounds: Bounds {
                    low: f64::NEG_INFINITY,
                    high: f64::INFINITY,
                    open: true,
                },
                start: 0.0,
                unit: None,
                span: self.span,
            });
            self.multipliers.push(id);
        }
    }

    /// `Σ_α (−1)^|α| D^α(∂L/∂u_α) = 0`
    fn equation(&mut self, density: &mut Density, field: FieldId, several: bool) -> Equation {
        let mut plain = Vec::new();
        let mut fluxes = Vec::new();
        for (index, flux) in density.fluxes(field) {
            let sign = if index.order().is_multiple_of(2) {
                1.0
            } else {
                -1.0
            };
            if index.order() == 0 || density.is_simple(flux) {
                let divergence = density.graph.differentiate_by(flux, &index);
                plain.push((divergence, sign));
            } else {
                fluxes.push((index, flux, sign));
            }
        }
        let rest = density.graph.sum(&plain, 0.0);
        let mut left = None;
        for (index, flux, sign) in fluxes {
            let term = self.divergence(density, flux, &index);
            left = Some(match (left, sign > 0.0) {
                (None, true) => term,
                (None, false) => self.raise.negated(term),
                (Some(left), positive) => self.join(left, term, positive),
            });
        }
        let is_zero = density.graph.as_number(rest) == Some(0.0);
        let left = match (left, is_zero) {
            (Some(left), true) => left,
            (Some(left), false) => self.raise.continued(&density.graph, left, rest),
            (None, _) => self.raise.node(&density.graph, rest),
        };
        let label = if several {
            let name = &self.raise.problem_mut().fields[field].name;
            format!("euler_lagrange.{name}")
        } else {
            "euler_lagrange".to_owned()
        };
        Equation {
            label,
            left,
            right: self.number(0.0),
            span: self.span,
        }
    }

    fn join(&mut self, left: ExpressionId, right: ExpressionId, positive: bool) -> ExpressionId {
        let operator = if positive {
            BinaryOperator::Add
        } else {
            BinaryOperator::Subtract
        };
        self.raise.push(ExpressionKind::Binary {
            operator,
            left,
            right,
        })
    }

    fn divergence(
        &mut self,
        density: &mut Density,
        flux: NodeId,
        index: &MultiIndex,
    ) -> ExpressionId {
        let operand = self.raise.node(&density.graph, flux);
        if index.order() == 0 {
            return operand;
        }
        let by = index.coordinates().map(Id::from_index).collect();
        self.raise.push(ExpressionKind::Derivative { operand, by })
    }

    /// The energy does not change with a number that is sought, either: `∫ ∂L/∂k dx = 0`.
    fn by_number(
        &mut self,
        problem: &Problem,
        density: &mut Density,
        unknown: UnknownId,
    ) -> Option<Constraint> {
        let leaf = jet::uniform_of_unknown(problem, unknown.index());
        let leaf = density.graph.uniform(leaf);
        let slope = density.slope(leaf);
        let outside = density.graph.partial(density.whole, leaf);
        let mut parts = Vec::new();
        if density.graph.as_number(slope) != Some(0.0) {
            let operand = self.raise.node(&density.graph, slope);
            let over: Vec<CoordinateId> = density.over.clone();
            parts.push(self.raise.push(ExpressionKind::Integral { operand, over }));
        }
        if density.graph.as_number(outside) != Some(0.0) {
            parts.push(self.raise.node(&density.graph, outside));
        }
        let left = parts.into_iter().reduce(|l, r| self.join(l, r, true))?;
        Some(Constraint {
            label: format!("stationary {}", problem.unknowns[unknown].name),
            left,
            right: self.number(0.0),
            span: self.span,
        })
    }
}

/// An expression at a place.
fn expression(kind: ExpressionKind, span: Span) -> Expression {
    Expression { kind, span }
}
