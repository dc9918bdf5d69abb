//! Whether what the file calls exact is a solution.
//!
//! * Input: a [`Problem`].
//! * Output: for every equation, condition and constraint the largest residual of the exact solution, and an error for
//!   each one that it does not meet.
//! * Method: the exact solution is substituted and differentiated symbolically; where that does not leave zero, the
//!   residual is evaluated at quasi-random points, and beside the zeros of what stands inside its functions
//!   ([`places`]); where the solution has kinks, its derivatives are compared across them ([`jumps`]), and fluxes across the jumps of coefficients
//!   ([`fluxes`]). It is zero up to rounding when it is small against the *magnitude* of the
//!   expression: the same expression with every term replaced by its absolute value. So a difference of
//!   large numbers is forgiven its rounding, and a wrong constant is not.
//! * What is no rounding and small all the same, such as the tail of a soliton where a condition says zero, is a warning with
//!   its size ([`noise`]).

mod fluxes;
mod identity;
mod integrals;
mod jumps;
mod magnitude;
mod noise;
mod periodic;
mod places;
mod sought;
#[cfg(test)]
mod tests;

use crate::diagnostic::Diagnostic;
use crate::function::Algebra;
use crate::hir::{Part, Problem, Side};
use crate::jet::{self, Graph, Lowering, Node, NodeId};
use crate::sample::Sampler;
use crate::source::Span;
use magnitude::magnitude;
use places::special;
pub(crate) use places::{follow, switches};
use std::collections::{BTreeMap, BTreeSet};

/// How well the exact solution meets one equation or condition.
#[derive(Clone, Debug, PartialEq)]
pub struct Verification {
    /// The label of the equation or condition.
    pub label: String,
    /// The largest absolute residual found.
    pub residual: f64,
    /// At how many points it was evaluated; none where it is zero identically, which no number of points can show.
    pub points: Option<usize>,
}

/// Operands that derivatives of exact solutions may write.
const LARGEST: usize = 4_000_000;
/// A residual above this share of its magnitude is not rounding.
const TOLERANCE: f64 = 1e-8;
/// A magnitude below this share of that inside the domain counts as this share.
const ROUNDING_SCALE: f64 = 1e-4;
/// A magnitude below this counts as this: near zero, everything agrees.
const SMALLEST_MAGNITUDE: f64 = 1e-6;
/// Below this share of its magnitude, a residual may come from a constant with a few digits only.
const ROUNDED_CONSTANT: f64 = 1e-3;
/// What a condition or a periodic end may miss with a warning, as a share of the terms inside the domain.
const APPROXIMATE: f64 = 1e-7;
/// Points at which each residual is evaluated.
const POINTS: usize = 64;

/// Checks the exact solution in every equation, condition and constraint whose fields are all known, and in every
/// periodic coordinate.
#[must_use]
pub fn verify(problem: &Problem) -> (Vec<Verification>, Vec<Diagnostic>) {
    if problem.exact.is_empty() {
        return (Vec::new(), Vec::new());
    }
    let mut lowering = jet::lower(problem);
    let exact = std::mem::take(&mut lowering.exact);
    let open = exact.iter().flatten();
    let open = open
        .into_iter()
        .any(|root| is_open(problem, &lowering.graph, *root));
    let mut spans = vec![None; problem.fields.len()];
    for exact in &problem.exact {
        spans[exact.field.index()] = Some(exact.span);
    }
    let mut verifier = Verifier {
        problem,
        sampler: Sampler::new(problem, POINTS),
        lowering,
        exact,
        spans,
        open,
        budget: identity::Budget::default(),
        operations: integrals::OPERATIONS,
        beyond: BTreeSet::new(),
        verified: Vec::new(),
        errors: Vec::new(),
        told: BTreeMap::new(),
    };
    verifier.lowering.graph.limit(Some(LARGEST));
    if !verifier.open {
        verifier.jumps();
        verifier.fluxes();
    }
    verifier.equations();
    verifier.conditions();
    verifier.sought();
    verifier.integrals();
    verifier.periodicity();
    // Derivatives have been left out: what was found with them is worth nothing.
    if verifier.lowering.graph.is_exhausted() {
        let warning = verifier.too_large();
        return (Vec::new(), vec![warning]);
    }
    // A condition on all sides is one statement: its first failing side tells.
    let mut seen = BTreeSet::new();
    verifier.not_looked_at();
    verifier.not_known();
    let mut errors = verifier.errors;
    errors.retain(|error| {
        let labels: Vec<Span> = error.secondary.iter().map(|label| label.span).collect();
        seen.insert((error.name, error.primary.span, labels))
    });
    (verifier.verified, errors)
}

struct Verifier<'a> {
    problem: &'a Problem,
    sampler: Sampler<'a>,
    lowering: Lowering,
    /// The exact solution of each field.
    exact: Vec<Option<NodeId>>,
    /// Where the exact solution of each field is declared.
    spans: Vec<Option<Span>>,
    /// Whether one of them has a number in it that is not known before training.
    open: bool,
    /// What may still be spent on formulas.
    budget: identity::Budget,
    /// What may still be spent on integrals.
    operations: usize,
    /// Statements with integrals that this check cannot take.
    beyond: BTreeSet<Span>,
    verified: Vec<Verification>,
    errors: Vec<Diagnostic>,
    /// How far a declaration is missed, and which of the errors says so.
    told: BTreeMap<(&'static str, Span), (f64, usize)>,
}

/// Where a residual is largest against its magnitude.
struct Worst {
    residual: f64,
    /// What its terms add up to, or a share of what they add up to elsewhere.
    magnitude: f64,
    /// The largest magnitude inside the domain, where that decided.
    elsewhere: Option<f64>,
    /// The magnitude below which nothing counts: what is of order one in its own units.
    floor: f64,
    point: Vec<f64>,
}

impl Worst {
    fn is_rounding(&self) -> bool {
        // An infinite residual has an infinite magnitude.
        self.residual.is_finite()
            && self.residual.abs() <= TOLERANCE * self.magnitude.max(self.floor)
    }
}

impl Verifier<'_> {
    fn equations(&mut self) {
        for (number, equation) in self.problem.equations.iter().enumerate() {
            let root = self.lowering.equations[number];
            let what = format!("the equation `{}`", equation.label);
            self.residual(root, None, &equation.label, &what, equation.span);
        }
    }

    fn conditions(&mut self) {
        for (number, condition) in self.problem.conditions.iter().enumerate() {
            let root = self.lowering.conditions[number];
            let what = format!("the condition `{}`", condition.label);
            let part = Some(condition.part);
            self.residual(root, part, &condition.label, &what, condition.span);
        }
    }

    /// Substitutes the exact solution into one residual and evaluates it.
    fn residual(&mut self, root: NodeId, part: Option<Part>, label: &str, what: &str, span: Span) {
        let exact = &self.exact;
        let graph = &mut self.lowering.graph;
        let jets = graph.jets(&[root]);
        let known = |function: usize| exact.get(function).copied().flatten().is_some();
        if jets.is_empty() || !jets.iter().all(|(function, _)| known(*function)) {
            return;
        }
        if self.open || is_open(self.problem, graph, root) {
            return;
        }
        let Some(&residual) = graph.substitute_functions(&[root], exact).first() else {
            return;
        };
        let magnitude = magnitude(graph, root, exact);
        let scattered = self.sampler.points(part);
        // On a side, the coordinate that is fixed there is a number.
        let there = match part {
            Some(part) => {
                let declared = &self.problem.coordinates[part.coordinate];
                let end = match part.side {
                    Side::Low => declared.low,
                    Side::High => declared.high,
                };
                let fixed = graph.substitute(&[residual], |graph, leaf| match leaf {
                    Node::Coordinate(c) if usize::from(*c) == part.coordinate.index() => {
                        Some(graph.number(end))
                    }
                    _ => None,
                });
                fixed.first().copied().unwrap_or(residual)
            }
            None => residual,
        };
        let uniforms = &self.sampler.uniforms;
        let identical = graph.as_number(there) == Some(0.0)
            || identity::is_zero(graph, there, uniforms, &mut self.budget) == Some(true);
        let mut points = (*scattered).clone();
        if !identical {
            let special = special(self.problem, &self.sampler, graph, residual, part);
            for (coordinate, column) in points.columns.iter_mut().enumerate() {
                column.extend(special.iter().map(|point| point[coordinate]));
            }
        }
        let residuals = self.sampler.evaluate(graph, residual, &points);
        let magnitudes = self.sampler.evaluate(graph, magnitude, &points);
        // On its part of the boundary a condition may be all zeros, such as 100·sin(π·1): what counts as
        // rounding there follows from the size of the same terms inside the domain.
        let inside = self.sampler.points(None);
        let inside = self.sampler.evaluate(graph, magnitude, &inside);
        let scale = inside
            .into_iter()
            .filter(|m| m.is_finite())
            .fold(0.0, f64::max);
        // In SI units all terms may be tiny.
        let floor = if scale > 0.0 {
            SMALLEST_MAGNITUDE * scale.min(1.0)
        } else {
            SMALLEST_MAGNITUDE
        };
        let candidates = (0..points.len())
            // Beside the zero of a denominator a value may overflow; points that know nothing of it decide that.
            .filter(|k| *k < scattered.len() || residuals[*k].is_finite())
            .map(|k| Worst {
                residual: residuals[k],
                magnitude: magnitudes[k].max(ROUNDING_SCALE * scale),
                elsewhere: (magnitudes[k] < ROUNDING_SCALE * scale).then_some(scale),
                floor,
                point: points.point(k),
            })
            .map(|worst| (!worst.is_rounding(), worst));
        // What is told is the largest difference that is no rounding.
        let size = |(wrong, worst): &(bool, Worst)| {
            if *wrong && worst.residual.is_nan() {
                f64::INFINITY
            } else if *wrong {
                worst.residual.abs()
            } else {
                share(worst)
            }
        };
        let worst =
            candidates.max_by(|a, b| (a.0.cmp(&b.0)).then_with(|| size(a).total_cmp(&size(b))));
        let Some((_, worst)) = worst else { return };
        let largest = residuals.iter().take(scattered.len());
        let largest = largest.fold(0.0, |m: f64, r| m.max(r.abs()));
        self.verified.push(Verification {
            label: label.to_owned(),
            residual: largest,
            points: (!identical).then_some(points.len()),
        });
        let worst = if worst.is_rounding() {
            self.beyond_noise(residual, &points, scattered.len(), &residuals, &magnitudes)
                .unwrap_or(worst)
        } else {
            worst
        };
        let fields: Vec<usize> = jets.iter().map(|(function, _)| *function).collect();
        if !worst.is_rounding() || worst.floor == 0.0 {
            let finite = residuals.iter().all(|it| it.is_finite());
            let most = residuals.iter().fold(0.0, |m: f64, r| m.max(r.abs()));
            let tail = part.is_some() && finite && most <= APPROXIMATE * scale;
            let found = self.not_exact(&worst, &fields, what, span, tail.then_some(scale));
            self.tell(found, span, worst.residual);
        } else if !identical
            && let Some(worst) = self.small(residual, &scattered, &residuals, &magnitudes, scale)
        {
            let found = self.not_exact(&worst, &fields, what, span, Some(scale));
            self.tell(found, span, worst.residual);
        }
    }

    /// A condition on several sides is one statement: the side tells that misses it most.
    fn tell(&mut self, found: Diagnostic, span: Span, residual: f64) {
        let size = if residual.is_nan() {
            f64::INFINITY
        } else {
            residual.abs()
        };
        let key = (found.name, span);
        match self.told.get(&key).copied() {
            Some((known, _)) if known >= size => {}
            Some((_, position)) => {
                self.told.insert(key, (size, position));
                if let Some(earlier) = self.errors.get_mut(position) {
                    *earlier = found;
                }
            }
            None => {
                self.told.insert(key, (size, self.errors.len()));
                self.errors.push(found);
            }
        }
    }

    /// Statements that the exact solution was not put into are told.
    fn not_looked_at(&mut self) {
        for span in std::mem::take(&mut self.beyond) {
            let exact = self.spans.iter().flatten().next().copied();
            self.errors.push(
                Diagnostic::warning(
                    "exact-not-verified",
                    "the exact solution is not put into this statement",
                    exact.unwrap_or(span),
                    "not checked here",
                )
                .with_label(span, "has integrals or unknown numbers that are not evaluated")
                .with_note(
                    "Integrals over up to three coordinates are evaluated by quadrature; not those under a derivative or under \
                     another integral. Unknown numbers are found where they enter as factors.",
                )
                .with_help("make sure that it is a solution here too; if it is, there is nothing to mend"),
            );
        }
    }

    /// Whole solutions and energies that nothing was put into are told.
    fn not_known(&mut self) {
        let Some(exact) = self.spans.iter().flatten().next().copied() else {
            return;
        };
        let warning = |label: &str| {
            Diagnostic::warning("exact-not-verified", label, exact, "not checked")
                .with_note("Training compares with it all the same; if it has a slip, the errors that are reported mean nothing.")
                .with_help("make sure that it is a solution by other means; if it is, there is nothing to mend")
        };
        if self.open {
            self.errors.push(warning(
                "the exact solution has a number in it that is not known before training: an unknown or an integral",
            ));
        } else if let Some(energy) = self.problem.energies.first() {
            self.errors.push(
                warning("the exact solution is not compared with what minimises the energy").with_label(
                    energy.span,
                    "its Euler–Lagrange equation has integrals or multipliers, or cannot be derived",
                ),
            );
        }
    }

    fn too_large(&self) -> Diagnostic {
        let span = self.spans.iter().flatten().next().copied();
        Diagnostic::warning(
            "exact-not-verified",
            "the exact solution is not checked: its derivatives become too large",
            span.unwrap_or(Span::new(0, 0)),
            "too large when it is differentiated as often as the equations do",
        )
        .with_note("Training compares with it all the same; if it has a slip, the errors that are reported mean nothing.")
        .with_help("write it shorter, or check it by other means")
    }

    /// That a statement is not met; `small` is the size of its terms where it is met but for so little that it may be meant.
    fn not_exact(
        &self,
        worst: &Worst,
        fields: &[usize],
        what: &str,
        span: Span,
        small: Option<f64>,
    ) -> Diagnostic {
        let problem = self.problem;
        let mut place: Vec<String> = problem
            .coordinates
            .iter()
            .zip(&worst.point)
            .map(|((_, coordinate), value)| format!("{} = {}", coordinate.name, short(*value)))
            .collect();
        // Of a hundred coordinates a few are enough to see where.
        if place.len() > 8 {
            place.splice(4..place.len() - 1, ["…".to_owned()]);
        }
        let place = place.join(", ");
        let mut spans: Vec<Span> = fields
            .iter()
            .filter_map(|field| self.spans[*field])
            .collect();
        spans.sort_unstable();
        spans.dedup();
        let first = spans.first().copied().unwrap_or(span);
        if let Some(scale) = small {
            let missed = format!("left − right is up to {} here", short(worst.residual.abs()));
            return noise::approximate(
                format!(
                    "the exact solution satisfies {what} but for {}",
                    short(worst.residual.abs())
                ),
                first,
                "this is nearly a solution",
            )
            .with_label(span, missed)
            .with_note(format!(
                "at {place}; the terms add up to {} in absolute value elsewhere",
                short(scale)
            ))
            .with_help(noise::MEND);
        }
        let (here, note) = if worst.residual.is_finite() {
            (
                "left − right is not zero here",
                match worst.elsewhere {
                    Some(scale) => format!(
                        "at {place}, left − right is {}; inside the domain the terms add up to {} in absolute value",
                        short(worst.residual),
                        short(scale)
                    ),
                    None => format!(
                        "at {place}, left − right is {} where the terms add up to {} in absolute value",
                        short(worst.residual),
                        short(worst.magnitude)
                    ),
                },
            )
        } else {
            (
                "left − right is not a finite number",
                format!("at {place}, left − right is not a finite number"),
            )
        };
        let mut error = Diagnostic::error(
            "exact-is-not-exact",
            format!("the exact solution does not satisfy {what}"),
            first,
            "this is not a solution",
        )
        .with_label(span, here)
        .with_note(note)
        .with_note("an exact solution is substituted into every equation and condition when the file is read")
        .with_help("correct the exact solution or the equation; one of the two has a slip");
        if share(worst) < ROUNDED_CONSTANT {
            error = error.with_note(
                "the difference is small: a constant may be rounded, such as `9.8696` for `pi^2`; write it as what \
                 it is, or with all 16 digits",
            );
        }
        for other in spans.iter().skip(1) {
            error = error.with_label(*other, "with this");
        }
        error
    }
}

/// How far a residual is beyond rounding; not a number counts as infinitely far.
fn share(worst: &Worst) -> f64 {
    let share = worst.residual.abs() / worst.magnitude.max(worst.floor);
    if share.is_nan() { f64::INFINITY } else { share }
}

/// Whether an expression has a number in it that is not known before training: one that is sought, or an integral.
fn is_open(problem: &Problem, graph: &Graph, root: NodeId) -> bool {
    let first_unknown = jet::uniform_of_unknown(problem, 0);
    graph
        .reachable(&[root])
        .into_iter()
        .any(|id| match graph.node(id) {
            Node::Datum(_) => true,
            Node::Uniform(uniform) => usize::from(*uniform) >= first_unknown,
            Node::Number(_)
            | Node::Coordinate(_)
            | Node::Jet { .. }
            | Node::Sum { .. }
            | Node::Product(_)
            | Node::Power { .. }
            | Node::Call(..)
            | Node::Select { .. } => false,
        })
}

/// Three digits are enough to see what is meant.
fn short(value: f64) -> String {
    let magnitude = value.abs();
    if magnitude == 0.0 || (1e-3..1e4).contains(&magnitude) {
        let text = format!("{value:.4}");
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        format!("{value:.2e}")
    }
}
