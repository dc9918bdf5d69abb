//! Numbers without a unit among quantities that have one: `T = 300 + 10*sin(pi*x/L)`.
//!
//! Where a term has no quantity in it but numbers and shapes of order one, its number has lost its unit, or its amplitude
//! is missing; and where one number has, the others of the same sum have as well.

use super::infer::{Inference, Subject, Term};
use super::mend::Mend;
use super::solve::Monomial;
use super::{Dimension, Rational};
use crate::hir::{ExpressionId, ExpressionKind};
use crate::source::Span;

/// How long the text of an edit may be in a help.
const LONGEST: usize = 70;

impl Inference<'_> {
    /// Whether a term is a number times a shape: without any field, and without a dimension.
    pub(super) fn is_shape(&self, term: &Term) -> bool {
        let Some(root) = term.id else { return false };
        let mut pending = vec![root];
        for _ in 0..super::mend::MOST_NODES {
            let Some(id) = pending.pop() else { break };
            let kind = &self.problem.expressions[id].kind;
            match kind {
                ExpressionKind::Field(_)
                | ExpressionKind::Derivative { .. }
                | ExpressionKind::Unknown(_)
                | ExpressionKind::Integral { .. } => return false,
                // A parameter that is a number by itself is an amplitude or a number of physics, not a slip.
                ExpressionKind::Parameter(_) if id == root => return false,
                ExpressionKind::Definition(definition) => {
                    pending.push(self.problem.definitions[*definition].value);
                }
                ExpressionKind::Number(_)
                | ExpressionKind::Constant(_)
                | ExpressionKind::Coordinate(_)
                | ExpressionKind::Parameter(_)
                | ExpressionKind::Negate(_)
                | ExpressionKind::Binary { .. }
                | ExpressionKind::Call { .. }
                | ExpressionKind::Minimum(..)
                | ExpressionKind::Maximum(..)
                | ExpressionKind::Select { .. } => {}
            }
            pending.extend(kind.operands());
        }
        self.solver.reduced(&term.shape) == Monomial::number()
    }

    /// Gives all `shapes` the unit of `wanted`: `300[K] + 10[K]*sin(…)`. None where they do not stand in the statement.
    pub(super) fn with_units(
        &self,
        shapes: &[&Term],
        wanted: &Dimension,
        subject: &Subject,
    ) -> Option<Mend> {
        let unit = self.named(wanted);
        let here = subject.span.range();
        let mut insertions: Vec<(usize, String)> = Vec::new();
        let (mut start, mut end) = (usize::MAX, 0);
        for term in shapes {
            let span = term.span.range();
            if span.start < here.start || span.end > here.end {
                return None;
            }
            start = start.min(span.start);
            end = end.max(span.end);
            insertions.push(match self.amplitude(term.id?) {
                Some(number) => (number.range().end, format!("[{unit}]")),
                // An amplitude of 1 is a guess, and no guess is a solution.
                None if self.is_in_a_solution(subject) => return None,
                None => (span.start, format!("1[{unit}]*")),
            });
        }
        insertions.sort();
        insertions.dedup();
        let mut text = self.source.text.get(start..end)?.to_owned();
        for (at, inserted) in insertions.iter().rev() {
            text.insert_str(at.checked_sub(start)?, inserted);
        }
        let shown = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let shown = if shown.chars().count() > LONGEST {
            let head: String = shown.chars().take(LONGEST - 1).collect();
            format!("{head}…")
        } else {
            shown
        };
        let words = match insertions.as_slice() {
            [(_, only)] if only.starts_with("1[") => "give it an amplitude with its unit",
            [_] => "give the number its unit",
            [..] => "give the numbers their unit",
        };
        Some(Mend {
            text: format!("{words}: `{shown}`"),
            edit: Some((Span::new(start, end), text)),
            declared: false,
        })
    }

    /// The number in front of a term.
    fn amplitude(&self, root: ExpressionId) -> Option<Span> {
        let own = self.problem.expressions[root].span.range();
        self.leaves(root).into_iter().find_map(|(leaf, power)| {
            let span = self.problem.expressions[leaf].span;
            let range = span.range();
            let inside = own.start <= range.start && range.end <= own.end;
            (inside && power == Rational::ONE && self.is_bare_number(leaf)).then_some(span)
        })
    }

    /// Whether an expression is a number without a unit, as written.
    pub(super) fn is_bare_number(&self, id: ExpressionId) -> bool {
        let expression = &self.problem.expressions[id];
        let text = self.source.slice(expression.span);
        matches!(expression.kind, ExpressionKind::Number(_))
            && !self.annotations.literals.contains_key(&id)
            && text.starts_with(|c: char| c.is_ascii_digit() || c == '.')
            && !text.contains(|c: char| !c.is_ascii_alphanumeric() && !"+-.".contains(c))
    }

    /// The number by which an argument in a direction of space is made one without dimension: its interval,
    /// `pi*x/0.1[m]`.
    pub(super) fn by_its_interval(&self, term: &Term, wanted: &Dimension) -> Option<Mend> {
        let leaves = self.leaves(term.id?);
        let (coordinate, _) = leaves.iter().find_map(|(leaf, power)| {
            let ExpressionKind::Coordinate(id) = self.problem.expressions[*leaf].kind else {
                return None;
            };
            (*power == Rational::ONE).then_some((id, power))
        })?;
        let coordinate = &self.problem.coordinates[coordinate];
        let unit = coordinate.unit.as_ref()?;
        if unit.dimension != *wanted || coordinate.role == crate::hir::Role::Time {
            return None;
        }
        let length = coordinate.high - coordinate.low;
        let number = format!("{length}");
        if number.len() > 8 {
            return None;
        }
        let end = term.span.range().end;
        let text = format!("/{number}[{}]", unit.text);
        Some(Mend {
            text: format!(
                "divide it by a length, for instance that of the interval of `{}`: `{}{text}`",
                coordinate.name, term.text
            ),
            edit: Some((Span::new(end, end), text)),
            declared: false,
        })
    }
}
