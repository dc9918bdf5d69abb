//! A field that enters only through its derivatives is determined up to a constant.

use super::lowered::Lowered;
use crate::diagnostic::Diagnostic;
use crate::hir::{ExpressionId, ExpressionKind, FieldId, Problem, Role};
use std::collections::BTreeSet;

/// Such fields that nothing else fixes.
pub(super) fn undetermined(lowered: &Lowered) -> Vec<FieldId> {
    let elsewhere = elsewhere(lowered.problem);
    let floating = floating(lowered).into_iter();
    floating.filter(|id| !elsewhere.contains(id)).collect()
}

/// Whether equations and conditions leave a constant of some field open.
pub(super) fn floats(lowered: &Lowered) -> bool {
    !floating(lowered).is_empty()
}

/// The fields of which equations and conditions see derivatives alone.
fn floating(lowered: &Lowered) -> Vec<FieldId> {
    let problem = lowered.problem;
    let mut roots = lowered.equations.clone();
    roots.extend(&lowered.conditions);
    let mut differentiated = BTreeSet::new();
    let mut fixed = BTreeSet::new();
    for (function, index) in lowered.graph.jets(&roots) {
        let field: FieldId = crate::arena::Id::from_index(function);
        differentiated.insert(field);
        if index.order() == 0 {
            fixed.insert(field);
        }
    }
    let fields = problem.fields.iter();
    fields
        .filter(|(id, field)| {
            field.sought.is_none() && differentiated.contains(id) && !fixed.contains(id)
        })
        .map(|(id, _)| id)
        .collect()
}

/// The fields that something else than equations and conditions says a word about: constraints, data, energies, and
/// integrals, which the graph does not look into.
fn elsewhere(problem: &Problem) -> BTreeSet<FieldId> {
    let constraints = problem.constraints.iter().flat_map(|c| [c.left, c.right]);
    let energies = problem.energies.iter().map(|energy| energy.value);
    let integrals = problem
        .expressions
        .iter()
        .filter(|(_, expression)| matches!(expression.kind, ExpressionKind::Integral { .. }))
        .map(|(id, _)| id);
    let mut stack: Vec<ExpressionId> = constraints.chain(energies).chain(integrals).collect();
    let mut fields: BTreeSet<FieldId> = problem.observations.iter().map(|o| o.field).collect();
    let mut seen = BTreeSet::new();
    while let Some(id) = stack.pop() {
        if !seen.insert(id) {
            continue;
        }
        let kind = &problem.expressions[id].kind;
        stack.extend(kind.operands());
        if let ExpressionKind::Definition(definition) = kind {
            stack.push(problem.definitions[*definition].value);
        }
        if let ExpressionKind::Field(field) = kind {
            fields.insert(*field);
        }
    }
    fields
}

/// What is said of one; `balanced` where it is known whether what flows out is what is produced.
pub(super) fn report(problem: &Problem, id: FieldId, balanced: bool) -> Diagnostic {
    let field = &problem.fields[id];
    let name = &field.name;
    let names_of = |wanted: fn(Role) -> bool| {
        let coordinates = field.arguments.iter().map(|id| &problem.coordinates[*id]);
        let names = coordinates
            .filter(|coordinate| wanted(coordinate.role))
            .map(|coordinate| coordinate.name.as_str());
        names.collect::<Vec<&str>>()
    };
    let space = names_of(|role| role == Role::Space);
    let time = names_of(|role| role == Role::Time);
    let what = match time.first() {
        Some(time) => format!("a function of `{time}`"),
        None => "a constant".to_owned(),
    };
    let alone = problem.fields.len() == 1;
    let warning = Diagnostic::warning(
        "undetermined-constant",
        format!("`{name}` is determined only up to {what}"),
        field.span,
        "enters the equations and conditions only through its derivatives",
    )
    .with_note(format!(
        "Adding {what} to `{name}` changes neither an equation nor a condition. Training finds one of these solutions; \
         their derivatives are the same."
    ));
    let warning = if alone && !balanced {
        warning.with_note(
            "With conditions on derivatives alone there may be no solution either: the source must be in balance with them. \
             In steady heat conduction, what flows out is what is produced.",
        )
    } else {
        warning
    };
    let measured = problem.exact.iter().any(|exact| exact.field == id)
        || problem.references.iter().any(|r| r.field == id);
    let warning = if measured {
        warning.with_note(format!(
            "What is measured against the known solution of `{name}` contains the constant."
        ))
    } else {
        warning
    };
    warning.with_help(match space.as_slice() {
        [] => format!("give a value of `{name}` somewhere"),
        space => format!(
            "give the value of `{name}` on some part of the boundary, or its mean: `constraint integral({name}, {}) = 0`",
            space.join(", ")
        ),
    })
}
