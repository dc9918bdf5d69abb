//! Whether what the file calls exact is a solution.
//!
//! * Input: a [`Problem`].
//! * Output: for every equation, condition and constraint the largest residual of the exact solution, and an error for
//!   each one that it does not meet.
//! * Method: the exact solution is substituted and differentiated symbolically; the residual is evaluated at
//!   quasi-random points. It is zero up to rounding when it is small against the *magnitude* of the
//!   expression: the same expression with every term replaced by its absolute value. So a difference of
//!   large numbers is forgiven its rounding, and a wrong constant is not.

mod constraints;
#[cfg(test)]
mod tests;

use crate::arena::Id;
use crate::diagnostic::Diagnostic;
use crate::function::{Algebra, Function};
use crate::hash::HashMap;
use crate::hir::{Part, Problem, Side};
use crate::jet::{self, Graph, Lowering, MultiIndex, Node, NodeId};
use crate::sample::{self, Points, Sampler};
use crate::source::Span;

/// How well the exact solution meets one equation or condition.
#[derive(Clone, Debug, PartialEq)]
pub struct Verification {
    /// The label of the equation or condition.
    pub label: String,
    /// The largest absolute residual found.
    pub residual: f64,
}

/// A residual above this share of its magnitude is not rounding.
const TOLERANCE: f64 = 1e-8;
/// A magnitude below this share of that inside the domain counts as this share.
const ROUNDING_SCALE: f64 = 1e-4;
/// A magnitude below this counts as this: near zero, everything agrees.
const SMALLEST_MAGNITUDE: f64 = 1e-6;
/// Below this share of its magnitude, a residual may come from a constant with a few digits only.
const ROUNDED_CONSTANT: f64 = 1e-3;
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
        verified: Vec::new(),
        errors: Vec::new(),
    };
    verifier.equations();
    verifier.conditions();
    verifier.constraints();
    verifier.periodicity();
    (verifier.verified, verifier.errors)
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
    verified: Vec<Verification>,
    errors: Vec<Diagnostic>,
}

/// Where a residual is largest against its magnitude.
struct Worst {
    residual: f64,
    magnitude: f64,
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

    /// The exact solution's own values and derivatives must be the same at both ends.
    fn periodicity(&mut self) {
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
        let points = self.sampler.points(part);
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
        let worst = (0..points.len())
            .map(|k| Worst {
                residual: residuals[k],
                magnitude: magnitudes[k].max(ROUNDING_SCALE * scale),
                floor,
                point: points.point(k),
            })
            .max_by(|a, b| share(a).total_cmp(&share(b)));
        let Some(worst) = worst else { return };
        let largest = residuals.iter().fold(0.0, |m: f64, r| m.max(r.abs()));
        self.verified.push(Verification {
            label: label.to_owned(),
            residual: largest,
        });
        if !worst.is_rounding() {
            let fields: Vec<usize> = jets.iter().map(|(function, _)| *function).collect();
            let error = self.not_exact(&worst, &fields, what, span);
            self.errors.push(error);
        }
    }

    fn not_exact(&self, worst: &Worst, fields: &[usize], what: &str, span: Span) -> Diagnostic {
        let problem = self.problem;
        let place: Vec<String> = problem
            .coordinates
            .iter()
            .zip(&worst.point)
            .map(|((_, coordinate), value)| format!("{} = {}", coordinate.name, short(*value)))
            .collect();
        let place = place.join(", ");
        let mut spans: Vec<Span> = fields
            .iter()
            .filter_map(|field| self.spans[*field])
            .collect();
        spans.sort_unstable();
        spans.dedup();
        let first = spans.first().copied().unwrap_or(span);
        let (here, note) = if worst.residual.is_finite() {
            (
                "left − right is not zero here",
                format!(
                    "at {place}, left − right is {} where the terms add up to {} in absolute value",
                    short(worst.residual),
                    short(worst.magnitude)
                ),
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

/// The expression with every term of every sum replaced by its absolute value, jets by the magnitude of the
/// exact solution's derivative: what rounding errors are compared with.
fn magnitude(graph: &mut Graph, root: NodeId, exact: &[Option<NodeId>]) -> NodeId {
    let mut sizes: HashMap<NodeId, NodeId> = HashMap::default();
    for id in graph.reachable(&[root]) {
        let node = graph.node(id).clone();
        if let Node::Jet { function, index } = &node {
            let known = exact.get(usize::from(*function)).copied().flatten();
            let derivative = known.map(|solution| graph.differentiate_by(solution, index));
            if let Some(derivative) = derivative {
                // Derivatives of the exact solution have no jets: this nests once.
                let size = magnitude(graph, derivative, &[]);
                sizes.insert(id, size);
                continue;
            }
        }
        let size = match &node {
            Node::Sum { constant, terms } => {
                let terms: Vec<(NodeId, f64)> = terms
                    .iter()
                    .map(|(term, c)| (sizes[term], c.value().abs()))
                    .collect();
                graph.sum(&terms, constant.value().abs())
            }
            Node::Product(factors) => {
                let mut sized = Vec::with_capacity(factors.len());
                for &(factor, exponent) in factors {
                    // A large denominator makes a small quotient: only its value counts.
                    let size = if exponent > 0 {
                        sizes[&factor]
                    } else {
                        let value = value_of(graph, factor, exact);
                        graph.function(Function::Abs, value)
                    };
                    sized.push((size, exponent));
                }
                graph.product(&sized)
            }
            Node::Number(_)
            | Node::Coordinate(_)
            | Node::Uniform(_)
            | Node::Datum(_)
            | Node::Jet { .. }
            | Node::Power { .. }
            | Node::Call(..)
            | Node::Select { .. } => {
                let value = value_of(graph, id, exact);
                graph.function(Function::Abs, value)
            }
        };
        sizes.insert(id, size);
    }
    sizes
        .get(&root)
        .copied()
        .unwrap_or_else(|| graph.number(0.0))
}

fn value_of(graph: &mut Graph, id: NodeId, exact: &[Option<NodeId>]) -> NodeId {
    if exact.is_empty() {
        return id;
    }
    let images = graph.substitute_functions(&[id], exact);
    images.first().copied().unwrap_or(id)
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
