//! Refuses derivatives that a reader could take in two ways: is `∇u²` the square of a gradient or the gradient of a
//! square?
//!
//! A derivative written in front belongs to the one operand behind it. Where a power or a product follows, print
//! leaves it open how far the derivative reaches, and so the text has to say it with brackets. Harmless are numbers
//! and names below a `/`, since derivatives are linear and nobody differentiates `u/Re` in this way, factors behind brackets (`∂_x(u*v)*w`), and the inner product of two
//! gradients, `∇u·∇v`.

use super::character::shown;
use super::expression::{Derivative, Stacks, Waiting, nabla, operator};
use super::grammar::Rule;
use super::reader::Reader;
use crate::diagnostic::Diagnostic;
use crate::source::Span;
use crate::syntax::{BinaryOperator, ExpressionId, ExpressionKind, Nabla};
use pest::iterators::Pair;

/// How far the second reading reaches.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// Through the power that follows.
    Power,
    /// Through the whole product that follows.
    Product,
}

impl Reader<'_, '_> {
    /// Reports the part at `index`, an operator or raised digits, where it follows the operand of a derivative and
    /// could belong to it.
    pub(super) fn ambiguity(&mut self, parts: &[Pair<Rule>], index: usize, stacks: &Stacks) {
        let Some(&operand) = stacks.operands.last() else {
            return;
        };
        let waits = |it: &Waiting| matches!(it, Waiting::Derivative(..));
        let derivatives = stacks
            .waiting
            .iter()
            .rev()
            .take_while(|it| waits(it))
            .count();
        let first = stacks.waiting.len() - derivatives;
        let Some(Waiting::Derivative(outer, begin)) = stacks.waiting.get(first) else {
            return;
        };
        let Some(reach) = self.reach(parts, index, operand, outer) else {
            return;
        };
        // One error for each product: those further on hang together with it, and their number is not bounded.
        let seen = self.errors.last().is_some_and(|error| {
            error.name == "ambiguous-derivative" && error.primary.span.end > begin.start
        });
        if seen {
            return;
        }
        let end = self.expressions[operand].span;
        let after = &parts[index..];
        let stop = after.iter().skip(1).position(|part| ends(part, reach));
        let rest = &after[..stop.map_or(after.len(), |stop| stop + 1)];
        let prefix = self
            .source
            .slice(Span::new(begin.range().start, end.range().start));
        let prefix = prefix.trim_end().to_owned();
        let rest_end = rest.last().map_or(end, |part| self.span(part));
        let inside = bare(self.source.slice(end), &self.expressions[operand].kind).to_owned();
        let behind = self
            .source
            .slice(Span::new(end.range().end, rest_end.range().end));
        let inner = self.source.slice(begin.to(end));
        let narrow = format!("({inner}){behind}");
        // `∂_x(u)^2` means the square of `u` in its second reading, not that of `(u)`.
        let group = !matches!(self.expressions[operand].kind, ExpressionKind::Group(_))
            || reach == Reach::Product
            || is_word(&inside);
        let wide = if group {
            format!("{prefix}({inside}{behind})")
        } else {
            format!("{prefix}(({inside}){behind})")
        };
        let wanted_wide = match outer {
            Derivative::Nabla(Nabla::Divergence | Nabla::Curl, _) => reach == Reach::Product,
            Derivative::Nabla(Nabla::Gradient | Nabla::Laplacian, _)
            | Derivative::Partial(_)
            | Derivative::Advection(_) => false,
        };
        let written = begin.to(rest_end);
        let (span, replacement) = if wanted_wide {
            (written, wide.clone())
        } else {
            (begin.to(end), format!("({inner})"))
        };
        let message = format!(
            "`{}` can be read in two ways",
            shown(self.source.slice(written))
        );
        self.errors.push(
            Diagnostic::error("ambiguous-derivative", message, written, "how far does the derivative reach?")
                .with_note("A derivative in front belongs to the one operand behind it; where a power or a product follows, brackets say which is meant.")
                .with_help(format!("write `{}` or `{}`", shown(&narrow), shown(&wide)))
                .with_edit(span, replacement),
        );
    }

    /// How far the derivative could reach, where what follows its operand leaves that open.
    fn reach(
        &self,
        parts: &[Pair<Rule>],
        index: usize,
        operand: ExpressionId,
        outer: &Derivative,
    ) -> Option<Reach> {
        let bracketed = matches!(
            self.expressions[operand].kind,
            ExpressionKind::Group(_) | ExpressionKind::Tuple(_)
        );
        if parts[index].as_rule() == Rule::raised {
            return Some(Reach::Power);
        }
        match operator(parts[index].as_str())? {
            BinaryOperator::Power => Some(Reach::Power),
            BinaryOperator::Dot if self.between_gradients(parts, index, outer) => None,
            BinaryOperator::Multiply | BinaryOperator::Dot | BinaryOperator::Cross => {
                (!bracketed).then_some(Reach::Product)
            }
            BinaryOperator::Divide => {
                (!bracketed && !by_numbers(&parts[index..])).then_some(Reach::Product)
            }
            BinaryOperator::Union
            | BinaryOperator::Intersect
            | BinaryOperator::Minus
            | BinaryOperator::Add
            | BinaryOperator::Subtract => None,
        }
    }

    /// `∇u·∇v`: nobody takes the gradient of an inner product like this.
    fn between_gradients(&self, parts: &[Pair<Rule>], index: usize, outer: &Derivative) -> bool {
        let gradient = |it: &Derivative| matches!(it, Derivative::Nabla(Nabla::Gradient, _));
        let next = parts
            .get(index + 1)
            .filter(|next| next.as_rule() == Rule::nabla_prefix);
        gradient(outer) && next.is_some_and(|next| gradient(&nabla(next)))
    }

    /// Reports a velocity that is a sum, of which only the last term stands before `·∇`.
    pub(super) fn carrier(&mut self, velocity: ExpressionId, whole: Span) {
        let ExpressionKind::Binary { operator, .. } = &self.expressions[velocity].kind else {
            return;
        };
        let loose = [
            BinaryOperator::Union,
            BinaryOperator::Intersect,
            BinaryOperator::Minus,
            BinaryOperator::Add,
            BinaryOperator::Subtract,
        ];
        if loose.contains(operator) {
            let span = self.expressions[velocity].span;
            let written = self.source.slice(span).to_owned();
            self.errors.push(
                Diagnostic::error(
                    "ambiguous-derivative",
                    format!(
                        "`{}` can be read in two ways",
                        shown(self.source.slice(whole))
                    ),
                    span,
                    "does all of this carry, or its last term?",
                )
                .with_help(format!(
                    "write `(({written})·∇)`, or a `(v·∇)w` for each term"
                ))
                .with_edit(span, format!("({written})")),
            );
        }
    }
}

/// `u` of `(u)`.
fn bare<'t>(text: &'t str, kind: &ExpressionKind) -> &'t str {
    let inside = text
        .strip_prefix('(')
        .and_then(|text| text.strip_suffix(')'));
    match inside {
        Some(inside) if matches!(kind, ExpressionKind::Group(_)) => inside,
        Some(_) | None => text,
    }
}

fn is_word(text: &str) -> bool {
    text.chars().all(|it| it.is_alphanumeric() || it == '_')
}

/// Whether a part stands behind a power or product.
fn ends(part: &Pair<Rule>, reach: Reach) -> bool {
    if part.as_rule() != Rule::operator {
        return false;
    }
    match operator(part.as_str()) {
        Some(BinaryOperator::Power) => false,
        Some(
            BinaryOperator::Multiply
            | BinaryOperator::Divide
            | BinaryOperator::Dot
            | BinaryOperator::Cross,
        ) => reach == Reach::Power,
        Some(
            BinaryOperator::Union
            | BinaryOperator::Intersect
            | BinaryOperator::Minus
            | BinaryOperator::Add
            | BinaryOperator::Subtract,
        )
        | None => true,
    }
}

/// Whether nothing but numbers and names follow, each after a `/`, up to the end of the product: derivatives are linear,
/// and `∇²v/Re` is what every paper has.
fn by_numbers(parts: &[Pair<Rule>]) -> bool {
    let mut parts = parts
        .iter()
        .filter(|part| part.as_rule() != Rule::unit)
        .peekable();
    while let Some(part) = parts.next() {
        if part.as_rule() != Rule::operator || ends(part, Reach::Product) {
            return ends(part, Reach::Product);
        }
        let divides = part.as_str() == "/";
        let simple = parts
            .next()
            .is_some_and(|next| matches!(next.as_rule(), Rule::number | Rule::identifier));
        if !divides || !simple {
            return false;
        }
    }
    true
}
