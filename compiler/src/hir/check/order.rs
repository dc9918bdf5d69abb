//! Derivatives of definitions that are derivatives: their orders add up.
//!
//! What one expression says is limited where it is read ([`HIGHEST_ORDER`]); here it is seen what several come to.

use super::super::resolve::HIGHEST_ORDER;
use super::Check;
use super::lowered::Lowered;
use crate::diagnostic::Diagnostic;
use crate::hir::FieldId;
use crate::source::Span;
use std::collections::BTreeSet;

impl Check<'_> {
    /// Equations and conditions in which derivatives along one coordinate come to a higher order than there is: seen before
    /// anything is written out.
    pub(super) fn too_often(&self) -> Vec<Diagnostic> {
        let problem = self.problem;
        let equations = problem.equations.iter();
        let equations = equations.map(|it| ([it.left, it.right], it.span));
        let conditions = problem.conditions.iter();
        let conditions = conditions.map(|it| ([it.left, it.right], it.span));
        let mut found = Vec::new();
        let mut seen = BTreeSet::new();
        for (sides, span) in equations.chain(conditions) {
            let orders = sides.iter().flat_map(|side| self.orders.of(*side));
            let highest = orders
                .flat_map(|(field, by)| by.iter().map(|(id, order)| (*order, *field, *id)))
                .max();
            if let Some((order, field, by)) = highest
                && order > HIGHEST_ORDER
                && seen.insert(span)
            {
                let by = format!(" by `{}`", problem.coordinates[by].name);
                found.push(self.too_high_an_order(field, order, &by, span));
            }
        }
        found
    }

    /// The same over all coordinates together.
    pub(super) fn too_often_altogether(&self, lowered: &Lowered) -> Vec<Diagnostic> {
        let problem = self.problem;
        let equations = problem.equations.iter().map(|it| it.span);
        let equations = equations.zip(&lowered.equations);
        let conditions = problem.conditions.iter().map(|it| it.span);
        let mut found = Vec::new();
        let mut seen = BTreeSet::new();
        for (span, root) in equations.chain(conditions.zip(&lowered.conditions)) {
            let jets = lowered.jets(*root).into_iter();
            let highest = jets
                .map(|(function, index)| (index.order(), function))
                .max();
            if let Some((order, function)) = highest
                && order > HIGHEST_ORDER
                && seen.insert(span)
            {
                let field = crate::arena::Id::from_index(function);
                found.push(self.too_high_an_order(field, order, "", span));
            }
        }
        found
    }

    fn too_high_an_order(&self, field: FieldId, order: usize, by: &str, span: Span) -> Diagnostic {
        Diagnostic::error(
            "order-of-derivative",
            format!(
                "`{}` is differentiated {order} times{by}",
                self.problem.fields[field].name
            ),
            span,
            format!("the order of a derivative is at most {HIGHEST_ORDER}"),
        )
        .with_note("Derivatives of definitions that are derivatives add up.")
        .with_help(
            "state the equation as a system: `eq v = u_xx` with a field `v` of its own, and derivatives of `v`",
        )
    }
}
