//! Habits of paper: primes, comparisons as conditions, powers of derivatives, integrals and sums as signs.

use super::character::shown;
use super::explain::{Refusal, replace};
use super::scan::{Token, TokenKind};
use crate::diagnostic::Diagnostic;
use crate::source::Span;
use crate::syntax::keyword::Opener;

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
            "'" | "′" | "″" | "’" => self.primes(at, found, before),
            "<" | ">" | "<=" | ">=" | "≤" | "≥" if self.opener == Some(Opener::Field) => diagnostic(
                format!("a field has no bounds: `{}`", found.text),
                "what its values are, the problem says",
            )
            .with_help("bounds are those of what is sought: `unknown field k(x) in (0, 10)`"),
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
            "!" if before.is_some_and(Token::ends_operand) && self.text(at + 1) != "=" => {
                let before = before?;
                let product = before.text.parse().ok().filter(|n| (1..=20_u64).contains(n));
                match product.map(|n| (1..=n).product::<u64>()) {
                    Some(product) => replace(
                        "there is no sign for factorials",
                        before.span.to(found.span),
                        "a number",
                        &product.to_string(),
                    ),
                    None => diagnostic("there is no sign for factorials".to_owned(), "not an operator")
                        .with_help("write the product out"),
                }
            }
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

    /// `u''` and all others in the declaration, as subscripts where there is but one coordinate.
    fn primes(&self, at: usize, found: &Token, before: Option<&Token>) -> Diagnostic {
        let count = |text: &str| match text {
            "'" | "′" | "’" => 1,
            "″" | "\"" => 2,
            "‴" => 3,
            _ => 0,
        };
        let field = before.filter(|it| it.kind == TokenKind::Word);
        let primes: usize = self.tokens[at..]
            .iter()
            .map_while(|it| Some(count(it.text)).filter(|count| *count > 0))
            .sum();
        let primes = primes.min(4);
        let arguments = field.and_then(|field| self.outline.arguments(field.text));
        let span = field.map_or(found.span, |field| field.span.to(found.span));
        let diagnostic = Diagnostic::error(
            "syntax",
            format!("unexpected `{}`", found.text),
            found.span,
            "a prime does not say which derivative",
        );
        let by: Vec<&str> = match arguments {
            Some(arguments) => arguments.to_vec(),
            None => vec!["x", "t"],
        };
        let name = field.map_or("u", |it| it.text);
        if let ([only], Some(field)) = (by.as_slice(), field)
            && field.span.end == found.span.start
        {
            // All of them, as one declaration is told one mistake.
            let mut written = String::new();
            let (mut index, mut end) = (at - 1, span);
            let mut done = span.range().start;
            while let Some(token) = self.tokens.get(index) {
                let after = &self.tokens[index + 1..];
                let orders = after
                    .iter()
                    .map_while(|it| Some(count(it.text)).filter(|it| *it > 0));
                let orders: Vec<usize> = orders.collect();
                let known = self
                    .outline
                    .arguments(token.text)
                    .is_some_and(|it| it == [*only]);
                if !orders.is_empty() && known {
                    let last = &self.tokens[index + orders.len()];
                    let order = orders.iter().sum::<usize>().min(16);
                    let between = self.source.text.get(done..token.span.range().start);
                    written += between.unwrap_or("");
                    written += &super::outline::subscripted(token.text, only, order);
                    done = last.span.range().end;
                    end = last.span;
                }
                index += 1 + orders.len();
            }
            let span = span.to(end);
            if self.reads(span, &written) {
                return diagnostic
                    .with_help(format!(
                        "write derivatives as subscripts: `{}`",
                        shown(&written)
                    ))
                    .with_edit(span, written);
            }
        }
        let forms: Vec<String> = by
            .iter()
            .take(4)
            .map(|by| {
                let written = super::outline::subscripted(name, by, primes);
                format!("`{}` by `{by}`", shown(&written))
            })
            .collect();
        diagnostic.with_help(format!(
            "write derivatives as subscripts: {}",
            forms.join(", ")
        ))
    }

    /// `(S - K)+`, `(S - K)^+`, `(S - K)⁺`: the grammar stops at `at`, behind the sign or at it.
    pub(super) fn positive_part(&self, at: usize) -> Option<Diagnostic> {
        let sign =
            (at.saturating_sub(1)..=at).rfind(|index| matches!(self.text(*index), "+" | "⁺"))?;
        let closes = |index: usize| self.text(index) == ")";
        let mut close = sign.checked_sub(1)?;
        // `(a + b) +` at the end of a line may be a sum that goes on.
        if closes(close) && self.tokens[close].span.end != self.tokens[sign].span.start {
            return None;
        }
        if matches!(self.text(close), "^" | "_") {
            close = close.checked_sub(1)?;
        }
        if !closes(close) {
            return None;
        }
        let mut depth = 0_usize;
        let open = (0..=close).rev().find(|index| {
            depth += usize::from(self.text(*index) == ")");
            depth -= usize::from(self.text(*index) == "(");
            depth == 0
        })?;
        let called = open.checked_sub(1).and_then(|index| self.tokens.get(index));
        if called.is_some_and(|it| it.kind == TokenKind::Word) {
            return None;
        }
        let (first, last, sign) = (&self.tokens[open], &self.tokens[close], &self.tokens[sign]);
        let inside = Span::new(first.span.range().end, last.span.range().start);
        let written = format!("max({}, 0)", self.source.slice(inside));
        let span = first.span.to(sign.span);
        self.reads(span, &written).then(|| {
            replace(
                format!(
                    "a positive part is not written `{}`",
                    shown(self.source.slice(span))
                ),
                span,
                "the larger of this and zero",
                &written,
            )
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
