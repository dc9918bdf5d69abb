//! Derivatives of what switches: `d(k*u_x, x)` with a conductivity `k` that jumps.
//!
//! The derivative of a jump is a delta function, which substituting symbolically does not see. So where something that
//! is differentiated has a choice in it, its values with the exact solution are compared on both sides: a flux goes on
//! through an interface.

use super::places::{columns, follow, moved, switches};
use super::{Verifier, short};
use crate::diagnostic::Diagnostic;
use crate::hir::{CoordinateId, ExpressionId, ExpressionKind};
use crate::jet::{NodeId, lower_arena};
use std::collections::BTreeSet;

/// Steps to both sides, as shares of the interval: what is continuous changes a hundred times less with the second.
const NEAR: [f64; 2] = [1e-4, 1e-6];
/// A jump is no rounding above this share of the values beside it.
const ROUNDING: f64 = 1e-8;
/// Zeros of one argument that are looked at.
const ZEROS: usize = 8;

impl Verifier<'_> {
    /// Reports fluxes that jump.
    pub(super) fn fluxes(&mut self) {
        let problem = self.problem;
        let (images, _) = lower_arena(problem, &mut self.lowering.graph, false);
        for number in 0..problem.equations.len() {
            let equation = &problem.equations[number];
            let differentiated = self.differentiated([equation.left, equation.right]);
            let mut switching = Vec::new();
            for (operand, by) in differentiated {
                let Some(&image) = images.get(operand.index()) else {
                    continue;
                };
                if !switches(&mut self.lowering.graph, image).is_empty() {
                    switching.push((operand, image, by));
                }
            }
            let only = switching.len() == 1;
            let jump = switching.into_iter().find_map(|(operand, image, by)| {
                let (place, sizes) = self.flux_jumps(image, &by)?;
                Some((operand, place, sizes))
            });
            if let Some((operand, place, sizes)) = jump {
                let found = self.flux(number, operand, &place, sizes, only);
                self.errors.push(found);
            }
        }
    }

    /// What an equation differentiates beside fields, and by which coordinates.
    fn differentiated(&self, sides: [ExpressionId; 2]) -> Vec<(ExpressionId, Vec<CoordinateId>)> {
        let problem = self.problem;
        let mut found = Vec::new();
        let mut seen = BTreeSet::new();
        let mut stack = sides.to_vec();
        while let Some(id) = stack.pop() {
            if !seen.insert(id) {
                continue;
            }
            let kind = &problem.expressions[id].kind;
            stack.extend(kind.operands());
            if let ExpressionKind::Definition(definition) = kind {
                stack.push(problem.definitions[*definition].value);
            }
            if let ExpressionKind::Derivative { operand, by } = kind {
                let plain = matches!(problem.expressions[*operand].kind, ExpressionKind::Field(_));
                if !plain {
                    found.push((*operand, by.clone()));
                }
            }
        }
        found
    }

    /// Where an expression jumps with the exact solution in it, along one of these coordinates, and its values there.
    fn flux_jumps(&mut self, image: NodeId, by: &[CoordinateId]) -> Option<(String, [f64; 2])> {
        let known = |function: usize| self.exact.get(function).copied().flatten().is_some();
        let jets = self.lowering.graph.jets(&[image]);
        if !jets.iter().all(|(function, _)| known(*function)) {
            return None;
        }
        let graph = &mut self.lowering.graph;
        let flux = *graph.substitute_functions(&[image], &self.exact).first()?;
        if super::is_open(self.problem, graph, flux) {
            return None;
        }
        for switch in switches(graph, flux) {
            let graph = &self.lowering.graph;
            let zeros = follow(self.problem, &self.sampler, graph, switch, None, false);
            for zero in zeros.iter().take(ZEROS) {
                let c = zero.coordinate;
                if !by.contains(&c) {
                    continue;
                }
                let mut rows = Vec::new();
                for share in NEAR {
                    rows.push(moved(self.problem, &zero.point, &[(c, -share)])?);
                    rows.push(moved(self.problem, &zero.point, &[(c, share)])?);
                }
                let values = self.sampler.evaluate(graph, flux, &columns(&rows));
                let [far_left, far_right, left, right] = values.as_slice() else {
                    return None;
                };
                let (far, near) = ((far_right - far_left).abs(), (right - left).abs());
                let size = left.abs().max(right.abs());
                if near.is_finite() && near > ROUNDING * size && near > 0.5 * far {
                    let name = &self.problem.coordinates[c].name;
                    let place = format!("{name} = {}", short(zero.point[c.index()]));
                    return Some((place, [*left, *right]));
                }
            }
        }
        None
    }

    /// `only` says that nothing else in the equation can balance it.
    fn flux(
        &mut self,
        number: usize,
        operand: ExpressionId,
        place: &str,
        sizes: [f64; 2],
        only: bool,
    ) -> Diagnostic {
        let problem = self.problem;
        let equation = &problem.equations[number];
        let exact: Vec<NodeId> = self.exact.iter().flatten().copied().collect();
        let smooth = exact
            .into_iter()
            .all(|solution| switches(&mut self.lowering.graph, solution).is_empty());
        let span = self.spans.iter().flatten().next().copied();
        let span = span.unwrap_or(equation.span);
        let flux = crate::hir::expression(problem, operand);
        let flux = if flux.chars().count() > 40 {
            "what it differentiates".to_owned()
        } else {
            format!("`{flux}`")
        };
        let [left, right] = sizes.map(short);
        let here = format!("{flux} jumps at {place}");
        let label = &equation.label;
        let diagnostic = if only && smooth {
            Diagnostic::error(
                "exact-is-not-exact",
                format!("the exact solution does not satisfy the equation `{label}` where {flux} jumps"),
                span,
                here,
            )
            .with_help(
                "correct the exact solution: what flows into an interface on one side leaves it on the other",
            )
        } else {
            Diagnostic::warning(
                "exact-not-verified",
                format!("whether the exact solution satisfies the equation `{label}` where {flux} jumps is not known"),
                span,
                here,
            )
            .with_help("make sure that it is a weak solution; if it is, there is nothing to mend")
        };
        diagnostic
            .with_label(equation.span, "differentiates it")
            .with_note(format!("at {place}, {flux} goes from {left} to {right}"))
            .with_note("The derivative of a jump is infinite, and is balanced by nothing that is seen here.")
    }
}
