//! The exact solution in statements with integrals: constraints, and equations and conditions that are not local.
//!
//! Each integral is a sum over the points of a composite rule of Gauss and Legendre. A finer rule gives the value, and
//! what a coarser one differs by is forgiven, so that a kink of the integrand is not taken for a mistake.

use super::magnitude::magnitude;
use super::{ROUNDING_SCALE, Verification, Verifier, is_open, short};
use crate::diagnostic::Diagnostic;
use crate::hir::{CoordinateId, ExpressionId, ExpressionKind, Part};
use crate::jet::{self, Node, NodeId};
use crate::sample::Points;
use crate::source::Span;

/// Nodes and weights on [-1, 1] of the rule of four points, exact to degree 7.
const GAUSS: [(f64, f64); 4] = [
    (-0.861_136_311_594_052_6, 0.347_854_845_137_453_9),
    (-0.339_981_043_584_856_3, 0.652_145_154_862_546_1),
    (0.339_981_043_584_856_3, 0.652_145_154_862_546_1),
    (0.861_136_311_594_052_6, 0.347_854_845_137_453_9),
];
/// Panels along each coordinate, of the coarse and of the fine rule, for integrals over one, two and three.
const PANELS: [[usize; 2]; 3] = [[32, 64], [10, 16], [4, 6]];
/// A residual above this share of its magnitude is no error of the quadrature.
const TOLERANCE: f64 = 1e-6;
/// How many values of the coordinates that are not integrated over are looked at, of a constraint and of what holds
/// everywhere.
const PLACES: usize = 4;
const PLACES_EVERYWHERE: usize = 12;
/// Points at which all integrals of a file may be evaluated, each with the nodes of its integrand.
pub(super) const OPERATIONS: usize = 100_000_000;

/// A statement that may have integrals in it.
struct Statement {
    /// What it is: "constraint".
    kind: &'static str,
    label: String,
    left: ExpressionId,
    right: ExpressionId,
    span: Span,
    part: Option<Part>,
}

/// An integral that a statement mentions.
struct Integral {
    operand: NodeId,
    over: Vec<CoordinateId>,
}

/// A problem whose integrals are one datum each.
struct Lowered {
    images: Vec<NodeId>,
    integrals: Vec<Integral>,
    /// Expressions that are beyond this check: integrals under a derivative or under another integral.
    beyond: Vec<bool>,
}

impl Verifier<'_> {
    /// Looks at everything that has integrals in it.
    pub(super) fn integrals(&mut self) {
        let problem = self.problem;
        if self.open || !problem.has_integrals() {
            return;
        }
        let lowered = self.with_integrals();
        for statement in statements(problem) {
            let span = statement.span;
            if self.integral(&lowered, &statement).is_none() {
                self.beyond.insert(span);
            }
        }
    }

    fn with_integrals(&mut self) -> Lowered {
        let problem = self.problem;
        let count = problem.expressions.len();
        let mut lowered = Lowered {
            images: Vec::with_capacity(count),
            integrals: Vec::new(),
            beyond: Vec::with_capacity(count),
        };
        let mut integrated: Vec<bool> = Vec::with_capacity(count);
        for (_, expression) in problem.expressions.iter() {
            let kind = &expression.kind;
            let inner: Vec<ExpressionId> = if let ExpressionKind::Definition(id) = kind {
                vec![problem.definitions[*id].value]
            } else {
                kind.operands().collect()
            };
            let under = inner.iter().any(|id| integrated[id.index()]);
            let mut beyond = inner.iter().any(|id| lowered.beyond[id.index()]);
            let graph = &mut self.lowering.graph;
            let image = if let ExpressionKind::Integral { operand, over } = kind {
                beyond |= under;
                lowered.integrals.push(Integral {
                    operand: lowered.images[operand.index()],
                    over: over.clone(),
                });
                graph.datum(lowered.integrals.len() - 1)
            } else {
                beyond |= under && matches!(kind, ExpressionKind::Derivative { .. });
                jet::lower_expression(problem, graph, &lowered.images, kind)
            };
            integrated.push(under || matches!(kind, ExpressionKind::Integral { .. }));
            lowered.beyond.push(beyond);
            lowered.images.push(image);
        }
        lowered
    }

    /// Tests one statement, if there are integrals in it; none where that is beyond this check.
    fn integral(&mut self, lowered: &Lowered, statement: &Statement) -> Option<()> {
        let (left, right) = (statement.left.index(), statement.right.index());
        if lowered.beyond[left] || lowered.beyond[right] {
            return None;
        }
        let graph = &mut self.lowering.graph;
        let root = graph.subtract(lowered.images[left], lowered.images[right]);
        let reachable = graph.reachable(&[root]);
        let mut mentioned: Vec<usize> = Vec::new();
        let mut sought = false;
        for id in &reachable {
            match graph.node(*id) {
                Node::Datum(datum) => mentioned.push(usize::from(*datum)),
                // A number that is sought is known with the solution.
                Node::Uniform(uniform)
                    if usize::from(*uniform) >= jet::uniform_of_unknown(self.problem, 0) =>
                {
                    sought = true;
                }
                Node::Uniform(_)
                | Node::Number(_)
                | Node::Coordinate(_)
                | Node::Jet { .. }
                | Node::Sum { .. }
                | Node::Product(_)
                | Node::Power { .. }
                | Node::Call(..)
                | Node::Select { .. } => {}
            }
        }
        if mentioned.is_empty() {
            return Some(());
        }
        if sought {
            return None;
        }
        let operands = mentioned
            .iter()
            .filter_map(|datum| lowered.integrals.get(*datum));
        let mut roots: Vec<NodeId> = operands.map(|it| it.operand).collect();
        if roots.iter().any(|id| is_open(self.problem, graph, *id)) {
            return Some(());
        }
        roots.push(root);
        let jets = graph.jets(&roots);
        let known = |function: usize| self.exact.get(function).copied().flatten().is_some();
        if jets.is_empty() || !jets.iter().all(|(function, _)| known(*function)) {
            return Some(());
        }
        let everywhere = statement.kind != "constraint";
        let places = if everywhere {
            PLACES_EVERYWHERE
        } else {
            PLACES
        };
        let mut values = Vec::new();
        for place in 0..places {
            values.push(self.residuals(lowered, &mentioned, root, statement.part, place)?);
        }
        // On its side all terms of a condition may be zero but for rounding.
        let mut scale: f64 = 0.0;
        if everywhere {
            scale = values.iter().fold(0.0, |most, it| it[1].1.max(most));
            for place in 0..PLACES.min(usize::from(statement.part.is_some()) * PLACES) {
                let [_, fine] = self.residuals(lowered, &mentioned, root, None, place)?;
                scale = scale.max(fine.1);
            }
        }
        let mut worst: Option<(f64, f64)> = None;
        let mut largest: f64 = 0.0;
        for [coarse, fine] in values {
            let (residual, magnitude) = fine;
            let error = (residual - coarse.0).abs();
            largest = largest.max(residual.abs());
            let allowed = TOLERANCE * magnitude.max(ROUNDING_SCALE * scale) + 10.0 * error;
            if !allowed.is_finite() {
                return None;
            }
            if residual.abs() > allowed
                && worst.is_none_or(|(other, _)| residual.abs() > other.abs())
            {
                worst = Some(fine);
            }
        }
        self.verified.push(Verification {
            label: statement.label.clone(),
            residual: largest,
            points: Some(places),
        });
        if let Some((residual, magnitude)) = worst {
            let spans = jets.iter().filter_map(|(field, _)| self.spans[*field]);
            let first = spans.min().unwrap_or(statement.span);
            self.errors.push(
                Diagnostic::error(
                    "exact-is-not-exact",
                    format!(
                        "the exact solution does not satisfy the {} `{}`",
                        statement.kind, statement.label
                    ),
                    first,
                    "this is not a solution",
                )
                .with_label(statement.span, "left − right is not zero here")
                .with_note(format!(
                    "left − right is {} where the terms add up to {} in absolute value; the integrals are taken by \
                     quadrature",
                    short(residual),
                    short(magnitude)
                ))
                .with_help(format!(
                    "correct the exact solution or the {}; one of the two has a slip",
                    statement.kind
                )),
            );
        }
        Some(())
    }

    /// Residual and magnitude at one place, with the coarse and with the fine rule.
    fn residuals(
        &mut self,
        lowered: &Lowered,
        mentioned: &[usize],
        root: NodeId,
        part: Option<Part>,
        place: usize,
    ) -> Option<[(f64, f64); 2]> {
        let point = self.sampler.points(part);
        let columns = point.columns.iter().map(|column| vec![column[place]]);
        let here = Points {
            columns: columns.collect(),
        };
        let graph = &mut self.lowering.graph;
        let residual = *graph.substitute_functions(&[root], &self.exact).first()?;
        let size = magnitude(graph, root, &self.exact);
        let mut found = [(0.0, 0.0); 2];
        for (fine, found) in found.iter_mut().enumerate() {
            let mut values = vec![vec![f64::NAN]; lowered.integrals.len()];
            let mut sizes = values.clone();
            for datum in mentioned {
                let integral = lowered.integrals.get(*datum)?;
                let panels = PANELS.get(integral.over.len().checked_sub(1)?)?[fine];
                let (points, weights) = self.rule(&integral.over, &here, panels);
                let graph = &mut self.lowering.graph;
                let operand = graph.substitute_functions(&[integral.operand], &self.exact);
                let operand = *operand.first()?;
                let cost = weights.len() * graph.reachable(&[operand]).len();
                self.operations = self.operations.checked_sub(cost)?;
                let operand = self.sampler.evaluate(graph, operand, &points);
                let sum = operand.iter().zip(&weights).map(|(f, w)| f * w).sum();
                values[*datum] = vec![sum];
                let sum = operand.iter().zip(&weights).map(|(f, w)| f.abs() * w).sum();
                sizes[*datum] = vec![sum];
            }
            let graph = &self.lowering.graph;
            let value = |root, data: &[Vec<f64>]| {
                self.sampler
                    .evaluate_with(graph, root, &here, data)
                    .first()
                    .copied()
            };
            *found = (value(residual, &values)?, value(size, &sizes)?);
        }
        Some(found)
    }

    /// Points and weights over some coordinates; the others stay where they are.
    fn rule(&self, over: &[CoordinateId], here: &Points, panels: usize) -> (Points, Vec<f64>) {
        let mut points = here.clone();
        let mut weights = vec![1.0];
        for id in over {
            let coordinate = &self.problem.coordinates[*id];
            let half = (coordinate.high - coordinate.low) / (2.0 * panels as f64);
            let line: Vec<(f64, f64)> = (0..panels)
                .flat_map(|panel| {
                    let middle = coordinate.low + half * (2 * panel + 1) as f64;
                    GAUSS.map(|(node, weight)| (middle + half * node, half * weight))
                })
                .collect();
            let old = weights.len();
            weights = line
                .iter()
                .flat_map(|(_, weight)| weights.iter().map(move |other| weight * other))
                .collect();
            for column in &mut points.columns {
                *column = column.repeat(line.len());
            }
            points.columns[id.index()] = line
                .iter()
                .flat_map(|(value, _)| std::iter::repeat_n(*value, old))
                .collect();
        }
        (points, weights)
    }
}

fn statements(problem: &crate::hir::Problem) -> Vec<Statement> {
    let equations = problem.equations.iter().map(|it| Statement {
        kind: "equation",
        label: it.label.clone(),
        left: it.left,
        right: it.right,
        span: it.span,
        part: None,
    });
    let conditions = problem.conditions.iter().map(|it| Statement {
        kind: "condition",
        label: it.label.clone(),
        left: it.left,
        right: it.right,
        span: it.span,
        part: Some(it.part),
    });
    let constraints = problem.constraints.iter().map(|it| Statement {
        kind: "constraint",
        label: it.label.clone(),
        left: it.left,
        right: it.right,
        span: it.span,
        part: None,
    });
    equations.chain(conditions).chain(constraints).collect()
}
