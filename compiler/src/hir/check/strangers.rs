//! What no field of a statement knows: coordinates that none of its fields depends on.
//!
//! `p_xx = t` of a field `p(x)` would have to hold for every `t`. Integrals are left alone, as they take coordinates away, and so
//! are families, on which every field depends without saying so.

use super::Check;
use super::lowered::Lowered;
use crate::diagnostic::Diagnostic;
use crate::hir::{CoordinateId, FieldId, Role};
use crate::jet::Node;
use std::collections::BTreeSet;

impl Check<'_> {
    /// Equations and conditions that mention a coordinate on which none of their fields depends.
    pub(super) fn strangers(&self, lowered: &Lowered) -> Vec<Diagnostic> {
        let problem = self.problem;
        let equations = problem.equations.iter().zip(&lowered.equations);
        let equations = equations.map(|(it, root)| (it.span, *root, None));
        let conditions = problem.conditions.iter().zip(&lowered.conditions);
        let conditions = conditions.map(|(it, root)| (it.span, *root, Some(it.part.coordinate)));
        let mut found = Vec::new();
        let mut seen = BTreeSet::new();
        for (span, root, fixed) in equations.chain(conditions) {
            let mut known: BTreeSet<usize> = fixed.iter().map(|id| id.index()).collect();
            let mut first: Option<FieldId> = None;
            for (function, _) in lowered.jets(root) {
                let field: FieldId = crate::arena::Id::from_index(function);
                let arguments = problem.fields[field].arguments.iter();
                known.extend(arguments.map(|id| id.index()));
                first = first.or(Some(field));
            }
            if known.len() >= problem.coordinates.len() {
                continue;
            }
            let Some(first) = first.filter(|_| !lowered.has_integrals(root)) else {
                continue;
            };
            let stranger = lowered.under(root).into_iter().find_map(|id| {
                let Node::Coordinate(index) = lowered.graph.node(id) else {
                    return None;
                };
                let id: CoordinateId = crate::arena::Id::from_index(usize::from(*index));
                let strange = !known.contains(&id.index());
                (strange && problem.coordinates[id].role != Role::Family).then_some(id)
            });
            // A vector equation is one statement.
            if let Some(stranger) = stranger.filter(|_| seen.insert(span)) {
                let name = &problem.coordinates[stranger].name;
                let field = &problem.fields[first];
                let arguments = field.arguments.iter().chain([&stranger]);
                let arguments: Vec<&str> = arguments
                    .map(|id| problem.coordinates[*id].name.as_str())
                    .collect();
                found.push(
                    Diagnostic::error(
                        "not-an-argument",
                        format!(
                            "`{name}` stands in a statement of `{}`, which does not depend on it",
                            field.name
                        ),
                        span,
                        format!("cannot hold for every `{name}`"),
                    )
                    .with_label(field.span, "declared here")
                    .with_help(format!(
                        "let it depend on `{name}`, `field {}({})`, or leave `{name}` out",
                        field.name,
                        arguments.join(", ")
                    )),
                );
            }
        }
        found
    }
}
