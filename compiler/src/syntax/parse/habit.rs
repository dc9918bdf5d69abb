//! Habits of paper: primes, comparisons as conditions, powers of derivatives, integrals and sums as signs.

use super::character::shown;
use super::explain::{Refusal, replace};
use super::scan::{Token, TokenKind};
use crate::diagnostic::Diagnostic;

impl Refusal<'_, '_> {
    /// What to write instead of something that paper has and this language has not.
    pub(super) fn habit(
        &self,
        at: usize,
        found: &Token,
        before: Option<&Token>,
    ) -> Option<Diagnostic> {
        let diagnostic =
            |message: String, here: &str| Diagnostic::error("syntax", message, found.span, here);
        let unexpected = || format!("unexpected `{}`", found.text);
        Some(match found.text {
            "'" | "′" | "″" | "’" => {
                let primes = self.tokens[at..]
                    .iter()
                    .take_while(|it| it.text == found.text)
                    .count();
                let primes = if found.text == "″" {
                    2
                } else {
                    primes.min(4)
                };
                let field = before
                    .filter(|it| it.kind == TokenKind::Word)
                    .map_or("u", |it| it.text);
                diagnostic(unexpected(), "a prime does not say which derivative").with_help(
                    format!(
                        "write derivatives as subscripts: `{0}_{1}` by `x`, `{0}_{2}` by `t`",
                        shown(field),
                        "x".repeat(primes),
                        "t".repeat(primes)
                    ),
                )
            }
            "<" | ">" | "<=" | ">=" | "≤" | "≥" => diagnostic(
                format!("a comparison cannot stand here: `{}`", found.text),
                "neither true nor false is a number",
            )
            .with_help("compare in a call, `if(x < 0, 1, 2)`, or behind `where`"),
            "and" | "or" | "&" | "∧" | "∨" if self.is_inside_brackets(at) => diagnostic(
                format!("comparisons are not joined by `{}`", found.text),
                "not an operator",
            )
            .with_help(
                "write an interval as `0.2 < x < 0.7`, other cases by an `if` inside an `if`: `if(x < 1, if(y < 1, 1, 0), 0)`",
            ),
            "≠" | "!" => diagnostic(unexpected(), "an equation says what is equal")
                .with_help("say with `if(x < 0, 1, 2)` where a formula changes"),
            "∫" => diagnostic(unexpected(), "over what?")
                .with_help("an integral is written `integral(u, x)` or `integral(u, Omega)`"),
            "∑" | "Σ" => diagnostic(unexpected(), "over what?")
                .with_help("a sum over indices is written `sum(i, d(u, x[i], 2))`"),
            "√" => {
                let next = self.tokens.get(at + 1)?;
                if next.kind == TokenKind::Symbol {
                    replace(unexpected(), found.span, "a root is a function", "sqrt")
                } else {
                    let span = found.span.to(next.span);
                    replace(
                        unexpected(),
                        span,
                        "a root is a function",
                        &format!("sqrt({})", next.text),
                    )
                }
            }
            "Δ" if before.is_none_or(|it| !it.ends_operand()) => diagnostic(
                "`Δ` is the Laplace operator, so no name begins with it".to_owned(),
                "not a name",
            )
            .with_help("spell the name out, or begin it with `δ`"),
            "∞" => diagnostic(unexpected(), "not a number")
                .with_help("a domain is finite: take an interval that is wide enough"),
            "‖" | "∥" => {
                let close = self.tokens[at + 1..]
                    .iter()
                    .find(|token| token.text == found.text)?;
                let inside = found.span.range().end..close.span.range().start;
                let inside = self.source.text.get(inside).unwrap_or("");
                let span = found.span.to(close.span);
                replace(
                    unexpected(),
                    span,
                    "not a sign of this language",
                    &format!("|{inside}|"),
                )
            }
            "±" => diagnostic(unexpected(), "which of the two?")
                .with_help("the uncertainty of data is written `noise 0.01`"),
            _ => return self.after_derivative(at, found, before),
        })
    }

    /// `∂_x² u`, `∂_x -u`, `∇³u`
    fn after_derivative(
        &self,
        at: usize,
        found: &Token,
        before: Option<&Token>,
    ) -> Option<Diagnostic> {
        if let Some(other) = self
            .bare_partial(at, found)
            .or_else(|| numbered(found, before?))
        {
            return Some(other);
        }
        let before =
            before.filter(|it| matches!(it.kind, TokenKind::Partial | TokenKind::Nabla))?;
        let power = match found.kind {
            TokenKind::Raised => Some((super::part::lowered(found.text), found)),
            _ if found.text == "^" => self.tokens.get(at + 1).map(|it| (it.text.to_owned(), it)),
            _ => None,
        };
        if let Some((order, last)) = power {
            let span = before.span.to(last.span);
            let message = format!("`{}` is not a derivative", shown(self.source.slice(span)));
            let by = before.text.trim_start_matches("∂_");
            return Some(match order.parse() {
                Ok(order @ 2..=16_usize) if before.kind == TokenKind::Partial && !by.starts_with('{') => {
                    replace(message, span, "the order is said by the subscript", &format!("∂_{}", by.repeat(order)))
                }
                _ => Diagnostic::error("syntax", message, span, "not an order of a derivative")
                    .with_help("`∇²` is the Laplacian; repeat a derivative to raise its order: `∇²∇²u`, `∂_xx u`"),
            });
        }
        let opened = at.checked_sub(2).is_some_and(|open| self.text(open) == "(");
        if opened && ["+", "-"].contains(&found.text) {
            let operator = shown(before.text);
            return Some(
                Diagnostic::error(
                    "syntax",
                    format!("`{operator}` stands without what it differentiates"),
                    before.span.to(found.span),
                    "operators are not added",
                )
                .with_help(format!(
                    "write the operand of each term: `{operator}u {} k^2*u`",
                    found.text
                )),
            );
        }
        ["+", "-"].contains(&found.text).then(|| {
            Diagnostic::error(
                "syntax",
                format!(
                    "expected what is differentiated after `{}`, found `{}`",
                    shown(before.text),
                    found.text
                ),
                found.span,
                "a sign does not stand between a derivative and its operand",
            )
            .with_help(format!(
                "write `-{0}{1}u` or `{0}(-u)`",
                shown(before.text),
                if before.kind == TokenKind::Partial {
                    " "
                } else {
                    ""
                }
            ))
        })
    }
}

/// `v.1`
fn numbered(found: &Token, before: &Token) -> Option<Diagnostic> {
    let index = found.text.strip_prefix('.')?;
    let component = found.kind == TokenKind::Number
        && before.kind == TokenKind::Word
        && before.span.end == found.span.start;
    component.then(|| {
        Diagnostic::error(
            "syntax",
            format!(
                "components have names, not numbers: `{}{}`",
                shown(before.text),
                shown(found.text)
            ),
            found.span,
            "not a component",
        )
        .with_help(format!(
            "write `{0}.x`, or `{0}[{1}]`",
            shown(before.text),
            shown(index)
        ))
        .with_edit(found.span, format!("[{index}]"))
    })
}
