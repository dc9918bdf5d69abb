//! What no field of a statement knows: coordinates that none of its fields depends on; and fields all of whose equations
//! have fields in them that depend on more.
//!
//! `p_xx = t` of a field `p(x)` would have to hold for every `t`, and so would `p_xx = u` with `u(x, t)`. Integrals are left alone, as they take coordinates away, and so
//! are families, on which every field depends without saying so.

use super::Check;
use super::lowered::Lowered;
use crate::diagnostic::Diagnostic;
use crate::hir::{CoordinateId, FieldId, Role};
use crate::jet::Node;
use crate::source::Span;
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
            for (function, index) in lowered.jets(root) {
                let field: FieldId = crate::arena::Id::from_index(function);
                let by_family = index.coordinates().map(crate::arena::Id::from_index);
                let by_family = by_family
                    .into_iter()
                    .find(|id: &CoordinateId| problem.coordinates[*id].role == Role::Family);
                if let Some(family) = by_family.filter(|_| seen.insert(span)) {
                    found.push(self.by_family(span, family));
                }
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
        if found.is_empty() {
            found.extend(self.without_equation(lowered));
        }
        found
    }

    fn by_family(&self, span: Span, family: CoordinateId) -> Diagnostic {
        let declared = &self.problem.coordinates[family];
        let name = &declared.name;
        Diagnostic::error(
            "not-a-coordinate",
            format!("`{name}` is the parameter of a family, not a coordinate"),
            span,
            format!("differentiates by `{name}`"),
        )
        .with_label(declared.span, "declared here")
        .with_note(
            "The problem is solved for each value of the parameter by itself; equations do not tie its members together.",
        )
        .with_help(format!(
            "if `{name}` is a coordinate of the problem, write `coord {name} in [{}, {}]` and name it among the arguments",
            declared.low, declared.high
        ))
    }

    /// Fields all of whose equations depend on more than they do.
    fn without_equation(&self, lowered: &Lowered) -> Vec<Diagnostic> {
        let problem = self.problem;
        let known = problem.unknowns.is_empty()
            && problem.observations.is_empty()
            && problem.energies.is_empty()
            && problem.fields.iter().all(|(_, it)| it.sought.is_none());
        let everywhere: BTreeSet<CoordinateId> = problem
            .fields
            .iter()
            .flat_map(|(_, field)| field.arguments.iter().copied())
            .collect();
        let mut found = Vec::new();
        for (id, field) in problem.fields.iter().filter(|_| known) {
            let fewer = |it: &&CoordinateId| !field.arguments.contains(it);
            if !everywhere.iter().any(|it| fewer(&it)) {
                continue;
            }
            let mut strange = None;
            for number in self.mentions.get(&id).into_iter().flatten() {
                let (Some(equation), Some(root)) = (
                    problem.equations.get(*number),
                    lowered.equations.get(*number),
                ) else {
                    continue;
                };
                let jets = lowered.jets(*root).into_iter();
                let fields: BTreeSet<FieldId> = jets
                    .map(|(function, _)| crate::arena::Id::from_index(function))
                    .collect();
                let mut others = fields.iter().flat_map(|it| &problem.fields[*it].arguments);
                match others.find(fewer) {
                    Some(other) if !lowered.has_integrals(*root) => {
                        strange.get_or_insert((equation.span, *other));
                    }
                    // One equation of its own is enough.
                    Some(_) | None => {
                        strange = None;
                        break;
                    }
                }
            }
            if let Some((span, stranger)) = strange {
                let name = &problem.coordinates[stranger].name;
                let arguments = field.arguments.iter().chain([&stranger]);
                let arguments: Vec<&str> = arguments
                    .map(|id| problem.coordinates[*id].name.as_str())
                    .collect();
                found.push(
                    Diagnostic::error(
                        "not-an-argument",
                        format!(
                            "every equation of `{}` has something in it that depends on `{name}`, and `{0}` does not",
                            field.name
                        ),
                        span,
                        format!("would have to hold for every `{name}`"),
                    )
                    .with_label(field.span, "declared here")
                    .with_help(format!(
                        "let it depend on `{name}`, `field {}({})`, or leave out here what depends on `{name}`",
                        field.name,
                        arguments.join(", ")
                    )),
                );
            }
        }
        found
    }
}
