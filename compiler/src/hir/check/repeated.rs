//! No equation is written twice.

use super::Check;
use super::lowered::Lowered;
use crate::diagnostic::Diagnostic;
use crate::jet::{Node, NodeId};
use crate::syntax::DeclarationKind;
use std::collections::{BTreeMap, BTreeSet};

impl Check<'_> {
    /// Equations that say the same as an earlier one, but for a factor.
    pub(super) fn repeated(&self, lowered: &mut Lowered) -> Vec<Diagnostic> {
        // In two regions the same equation may stand twice.
        let in_regions: BTreeSet<usize> = self
            .document
            .declarations
            .iter()
            .filter(|it| {
                matches!(
                    it.kind,
                    DeclarationKind::Equation {
                        region: Some(_),
                        ..
                    }
                )
            })
            .map(|it| it.span.range().start)
            .collect();
        let mut first: BTreeMap<NodeId, usize> = BTreeMap::new();
        let mut found = Vec::new();
        for (number, equation) in self.problem.equations.iter().enumerate() {
            let Some(residual) = lowered.equations.get(number).copied() else {
                continue;
            };
            if in_regions.contains(&equation.span.range().start)
                || lowered.jets(residual).is_empty()
            {
                continue;
            }
            let Some(earlier) = first.get(&without_factor(lowered, residual)) else {
                first.insert(without_factor(lowered, residual), number);
                continue;
            };
            let earlier = &self.problem.equations[*earlier];
            // The components of a vector share their declaration; two may well be one equation by symmetry.
            if earlier.span == equation.span {
                continue;
            }
            found.push(
                Diagnostic::error(
                    "repeated-equation",
                    format!(
                        "equation `{}` says the same as `{}`",
                        equation.label, earlier.label
                    ),
                    equation.span,
                    "says it again",
                )
                .with_label(earlier.span, "said here")
                .with_note("An equation that repeats another determines nothing.")
                .with_help("remove one of the two, or mend the one that should say something else"),
            );
        }
        found
    }
}

/// A residual over the factor of its first term: `2*u_xx - 2` and `1 - u_xx` are the same equation.
fn without_factor(lowered: &mut Lowered, residual: NodeId) -> NodeId {
    match lowered.graph.node(residual).clone() {
        Node::Sum { constant, terms } => {
            let Some(factor) = terms.first().map(|(_, factor)| factor.value()) else {
                return residual;
            };
            let terms: Vec<(NodeId, f64)> = terms
                .iter()
                .map(|(term, by)| (*term, by.value() / factor))
                .collect();
            lowered.graph.sum(&terms, constant.value() / factor)
        }
        Node::Number(_)
        | Node::Coordinate(_)
        | Node::Uniform(_)
        | Node::Datum(_)
        | Node::Jet { .. }
        | Node::Product(_)
        | Node::Power { .. }
        | Node::Call(..)
        | Node::Select { .. } => residual,
    }
}
