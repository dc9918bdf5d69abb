//! Kinks and jumps of exact solutions.
//!
//! `|x|` has the second derivative zero at every point but one, where it has none: substituted symbolically it solves
//! `u_xx = 0`. So where an argument of `abs`, `sign`, `heaviside`, `min`, `max` or `if` vanishes, the solution and its
//! derivatives below the order of the equation are compared on both sides.
//!
//! A jump of `∂ₙᵏu` across a surface with the normal `n` leaves the `(m − k − 1)`-th derivative of a delta function in an
//! equation of order `m > k`, times its symbol `P(n)` (Courant and Hilbert II, ch. VI § 4). With `P(n) ≠ 0`, smooth
//! coefficients and no other field that jumps, nothing cancels it: that is no solution, not even in a weak sense. Along
//! a characteristic, in a quasilinear equation (a shock), or where coefficients jump too, it may be one: a warning says
//! that this was not looked at.

use super::places::{Zero, columns, follow, moved, switches};
use super::{Verifier, short};
use crate::classify::{coefficient, degree};
use crate::diagnostic::Diagnostic;
use crate::hir::{Exact, print::subscripted};
use crate::jet::{MultiIndex, NodeId};

/// Steps to both sides, as shares of the interval: what is continuous changes a hundred times less with the second.
const NEAR: [f64; 2] = [1e-4, 1e-6];
/// A jump is no rounding above this share of the values beside it.
const ROUNDING: f64 = 1e-8;
/// A symbol is zero below this share of its terms.
const CHARACTERISTIC: f64 = 1e-6;
/// Zeros of one argument that are looked at.
const ZEROS: usize = 8;

/// A derivative along a coordinate that jumps.
struct Jump {
    order: usize,
    sizes: [f64; 2],
}

impl Verifier<'_> {
    pub(super) fn jumps(&mut self) {
        let problem = self.problem;
        for exact in &problem.exact {
            let Some(solution) = self.exact[exact.field.index()] else {
                continue;
            };
            let switches = switches(&mut self.lowering.graph, solution);
            if switches.is_empty() || super::is_open(problem, &self.lowering.graph, solution) {
                continue;
            }
            if let Some(found) = self.jump(exact, solution, &switches) {
                self.errors.push(found);
            }
        }
    }

    /// The gravest that is to be said of the jumps of one solution.
    fn jump(&mut self, exact: &Exact, solution: NodeId, switches: &[NodeId]) -> Option<Diagnostic> {
        let field = exact.field.index();
        let mut doubtful = None;
        for switch in switches {
            let graph = &self.lowering.graph;
            let zeros = follow(self.problem, &self.sampler, graph, *switch, None, false);
            for zero in zeros.iter().take(ZEROS) {
                for number in 0..self.problem.equations.len() {
                    let root = self.lowering.equations[number];
                    let jets = self.lowering.graph.jets(&[root]);
                    let orders = jets.iter().filter(|(function, _)| *function == field);
                    let Some(order) = orders.map(|(_, index)| index.order()).max() else {
                        continue;
                    };
                    let Some(jump) = self.jump_at(solution, zero, order) else {
                        continue;
                    };
                    if self.is_certain(root, field, order, *switch, zero) {
                        return Some(self.report(exact, number, zero, &jump, true));
                    }
                    if doubtful.is_none() {
                        doubtful = Some(self.report(exact, number, zero, &jump, false));
                    }
                }
            }
        }
        doubtful
    }

    /// The lowest derivative of less than this order that jumps.
    fn jump_at(&mut self, solution: NodeId, zero: &Zero, below: usize) -> Option<Jump> {
        let c = zero.coordinate;
        let mut rows = Vec::new();
        for share in NEAR {
            rows.push(moved(self.problem, &zero.point, &[(c, -share)])?);
            rows.push(moved(self.problem, &zero.point, &[(c, share)])?);
        }
        let points = columns(&rows);
        let mut derivative = solution;
        for order in 0..below {
            if order > 0 {
                derivative = self.lowering.graph.differentiate(derivative, c.index());
            }
            let values = self
                .sampler
                .evaluate(&self.lowering.graph, derivative, &points);
            let [far_left, far_right, left, right] = values.as_slice() else {
                return None;
            };
            let (far, near) = ((far_right - far_left).abs(), (right - left).abs());
            let size = left.abs().max(right.abs());
            if near.is_finite() && near > ROUNDING * size && near > 0.5 * far {
                return Some(Jump {
                    order,
                    sizes: [*left, *right],
                });
            }
        }
        None
    }

    /// Whether no weak form of the equation allows a jump there.
    fn is_certain(
        &mut self,
        root: NodeId,
        field: usize,
        order: usize,
        switch: NodeId,
        zero: &Zero,
    ) -> bool {
        let graph = &mut self.lowering.graph;
        if !switches(graph, root).is_empty() {
            return false;
        }
        let jets = graph.jets(&[root]);
        for (function, _) in &jets {
            let other = self.exact.get(*function).copied().flatten();
            let smooth = other.is_some_and(|other| switches(graph, other).is_empty());
            if *function != field && !smooth {
                return false;
            }
        }
        let top = |function: usize, index: &MultiIndex| function == field && index.order() == order;
        if degree(graph, root, top) != Some(1) {
            return false;
        }
        let normal: Vec<NodeId> = (0..self.problem.coordinates.len())
            .map(|c| graph.differentiate(switch, c))
            .collect();
        let mut symbol = Vec::new();
        for jet in jets
            .iter()
            .filter(|(function, index)| top(*function, index))
        {
            let factor = coefficient(graph, root, jet);
            if !graph.jets(&[factor]).is_empty() {
                return false;
            }
            let mut factors = vec![(factor, 1)];
            factors.extend(jet.1.coordinates().map(|c| (normal[c], 1)));
            symbol.push(graph.product(&factors));
        }
        let points = columns(std::slice::from_ref(&zero.point));
        let value = |node: NodeId| {
            let values = self.sampler.evaluate(&self.lowering.graph, node, &points);
            values.first().copied().unwrap_or(f64::NAN)
        };
        let terms: Vec<f64> = symbol.into_iter().map(value).collect();
        let sum: f64 = terms.iter().sum();
        let size: f64 = terms.iter().map(|term| term.abs()).sum();
        sum.abs() > CHARACTERISTIC * size
    }

    fn report(
        &self,
        exact: &Exact,
        number: usize,
        zero: &Zero,
        jump: &Jump,
        certain: bool,
    ) -> Diagnostic {
        let problem = self.problem;
        let field = &problem.fields[exact.field].name;
        let what = subscripted(problem, field, &vec![zero.coordinate; jump.order]);
        let coordinate = &problem.coordinates[zero.coordinate].name;
        let place = format!(
            "{coordinate} = {}",
            short(zero.point[zero.coordinate.index()])
        );
        let equation = &problem.equations[number];
        let [left, right] = jump.sizes.map(short);
        let note = format!("at {place}, `{what}` goes from {left} to {right}");
        if certain {
            return Diagnostic::error(
                "exact-is-not-exact",
                format!(
                    "the exact solution does not satisfy the equation `{}` where `{what}` jumps",
                    equation.label
                ),
                exact.span,
                format!("`{what}` jumps at {place}"),
            )
            .with_label(equation.span, "of higher order than what jumps")
            .with_note(note)
            .with_note(
                "Where a derivative below the order of the equation jumps, the highest derivatives are infinite, and \
                 nothing in this equation balances them.",
            )
            .with_help("correct the exact solution or the equation; leave it out if there is none in closed form");
        }
        Diagnostic::warning(
            "exact-not-verified",
            format!(
                "whether the exact solution satisfies the equation `{}` where `{what}` jumps is not known",
                equation.label
            ),
            exact.span,
            format!("`{what}` jumps at {place}"),
        )
        .with_label(equation.span, "has derivatives as high as what jumps or higher")
        .with_note(note)
        .with_note(
            "On both sides of the jump the equation is met as far as points tell. Across it, a solution in the weak sense \
             needs more: the right speed of a shock, a flux that goes on through an interface.",
        )
        .with_help("make sure that it is a weak solution; if it is, there is nothing to mend")
    }
}
