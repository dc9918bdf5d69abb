//! Derivatives as fractions, `∂u/∂t` and `d²u/dx²`, and LaTeX: what paper writes and this language does not.

use super::character::shown;
use super::explain::{Refusal, replace};
use super::scan::{Token, TokenKind};
use crate::diagnostic::Diagnostic;
use crate::source::Span;

/// A fraction of differentials.
struct Fraction<'a> {
    /// What is differentiated; none for an operator such as `∂/∂x`.
    operand: Option<&'a str>,
    /// The coordinates in their order.
    by: Vec<&'a str>,
    /// The first token behind it.
    end: usize,
}

/// Commands of LaTeX and the signs that they stand for.
const LATEX: [(&str, &str); 18] = [
    ("cdot", "·"),
    ("times", "×"),
    ("partial", "∂"),
    ("nabla", "∇"),
    ("Delta", "∆"),
    ("frac", ""),
    ("sin", "sin"),
    ("cos", "cos"),
    ("exp", "exp"),
    ("sqrt", "sqrt"),
    ("alpha", "alpha"),
    ("nu", "nu"),
    ("pi", "pi"),
    ("cup", "union"),
    ("cap", "intersect"),
    ("setminus", "minus"),
    ("le", "<="),
    ("ge", ">="),
];

impl Refusal<'_, '_> {
    /// `∂u/∂t`, `∂²u/∂x∂y`, `d/dx u`
    pub(super) fn leibniz(&self, at: usize) -> Option<Diagnostic> {
        // The grammar stops at `∂`, or behind `d/dx`, `d²` and `d^2`.
        let starts = [Some(at), at.checked_sub(3), at.checked_sub(2)];
        let (start, fraction) = starts
            .into_iter()
            .flatten()
            .find_map(|start| Some((start, self.fraction(start)?)))?;
        let long = fraction.by.iter().any(|by| by.chars().count() > 1);
        let by = if long {
            format!("{{{}}}", fraction.by.join(" "))
        } else {
            fraction.by.concat()
        };
        let last = &self.tokens[fraction.end - 1];
        let span = self.tokens[start].span.to(last.span);
        let next = self.tokens.get(fraction.end);
        let replacement = match fraction.operand {
            Some(operand) => {
                let goes_on = next.is_some_and(|next| {
                    matches!(next.text, "*" | "/" | "^" | "·" | "×")
                        || next.kind == TokenKind::Raised
                });
                let derivative = format!("∂_{by} {operand}");
                if goes_on {
                    format!("({derivative})")
                } else {
                    derivative
                }
            }
            None => {
                let adjacent =
                    next.is_some_and(|next| next.span.start == last.span.end && next.text != "(");
                format!("∂_{by}{}", if adjacent { " " } else { "" })
            }
        };
        let example = match fraction.operand {
            Some(operand) => format!("write `∂_{by} {operand}`, or `{operand}_{by}`"),
            None => format!("write `∂_{by} u`, or `∂_{by}(u*v)`"),
        };
        Some(
            Diagnostic::error(
                "syntax",
                format!(
                    "derivatives are not written as fractions: `{}`",
                    shown(self.source.slice(span))
                ),
                span,
                "a derivative in the notation of Leibniz",
            )
            .with_help(example)
            .with_edit(span, replacement),
        )
    }

    /// Reads a fraction of differentials from the token at `start` on.
    fn fraction(&self, start: usize) -> Option<Fraction<'_>> {
        let sign = self.tokens.get(start)?.text;
        if sign != "∂" && sign != "d" {
            return None;
        }
        let mut at = self.order(start + 1).1;
        let operand = self
            .tokens
            .get(at)
            .filter(|token| token.kind == TokenKind::Word);
        at += usize::from(operand.is_some());
        if self.text(at) != "/" {
            return None;
        }
        at += 1;
        let mut by = Vec::new();
        loop {
            let coordinate = if sign == "∂" && self.text(at) == "∂" {
                at += 1;
                self.tokens
                    .get(at)
                    .filter(|token| token.kind == TokenKind::Word)?
                    .text
            } else if sign == "d" {
                match self.text(at).strip_prefix('d') {
                    Some(coordinate) if !coordinate.is_empty() => coordinate,
                    Some(_) | None => break,
                }
            } else {
                break;
            };
            let (order, next) = self.order(at + 1);
            by.extend(std::iter::repeat_n(coordinate, order));
            at = next;
        }
        (!by.is_empty()).then_some(Fraction {
            operand: operand.map(|token| token.text),
            by,
            end: at,
        })
    }

    /// The order that a raised digit or `^2` says, and the token behind it.
    fn order(&self, at: usize) -> (usize, usize) {
        let digits = |text: &str| match super::part::lowered(text).parse() {
            Ok(order @ 1..=16) => order,
            Ok(_) | Err(_) => 1,
        };
        match self.tokens.get(at) {
            Some(raised) if raised.kind == TokenKind::Raised => (digits(raised.text), at + 1),
            Some(caret) if caret.text == "^" => match self.text(at + 1).parse() {
                Ok(order @ 1..=16) => (order, at + 2),
                Ok(_) | Err(_) => (1, at),
            },
            Some(_) | None => (1, at),
        }
    }

    /// `\partial_t u`, `u \cdot v`
    pub(super) fn latex(&self, at: usize) -> Option<Diagnostic> {
        let first = at.saturating_sub(2);
        (first..=at).find_map(|index| {
            let backslash = self.tokens.get(index).filter(|token| token.text == "\\")?;
            let command = self.tokens.get(index + 1)?;
            let adjacent = backslash.span.end == command.span.start;
            // `_t` goes on behind the command.
            let stem = command.text.split('_').next().unwrap_or("");
            let (_, sign) = LATEX.iter().find(|(name, _)| adjacent && *name == stem)?;
            let end = command.span.range().start + stem.len();
            let span = Span::new(backslash.span.range().start, end);
            let written = shown(self.source.slice(span));
            if sign.is_empty() {
                return Some(
                    Diagnostic::error(
                        "syntax",
                        format!("`{written}` is LaTeX"),
                        span,
                        "not a sign of this language",
                    )
                    .with_help("a quotient is written `a/b`"),
                );
            }
            Some(replace(
                format!("`{written}` is LaTeX"),
                span,
                "not a sign of this language",
                sign,
            ))
        })
    }

    /// `∂x u`, `∂ₜu`: a `∂` that does not say by what.
    pub(super) fn bare_partial(&self, at: usize, found: &Token) -> Option<Diagnostic> {
        if found.text != "∂" {
            return None;
        }
        let here = "the coordinate stands behind `_`";
        let message = "this derivative does not say by which coordinate";
        let next = self
            .tokens
            .get(at + 1)
            .filter(|next| next.kind == TokenKind::Word);
        let small = "ₜₓₐₑₒₕₖₗₘₙₚₛᵢⱼᵣᵤᵥ".chars().zip("txaeohklmnpsijruv".chars());
        if let Some(next) = next {
            let raise = |it: char| {
                small
                    .clone()
                    .find(|(sub, _)| *sub == it)
                    .map(|(_, letter)| letter)
            };
            let by: String = next.text.chars().map_while(raise).collect();
            if !by.is_empty() {
                let rest: String = next.text.chars().skip(by.chars().count()).collect();
                let gap = if rest.is_empty() { "" } else { " " };
                let span = found.span.to(next.span);
                return Some(replace(message, span, here, &format!("∂_{by}{gap}{rest}")));
            }
            let operand = self.tokens.get(at + 2);
            let applies = operand.is_some_and(|it| it.kind == TokenKind::Word || it.text == "(");
            if applies {
                let span = found.span.to(next.span);
                return Some(replace(message, span, here, &format!("∂_{}", next.text)));
            }
        }
        Some(
            Diagnostic::error("syntax", message, found.span, here)
                .with_help("write `∂_x u`, or `u_x`"),
        )
    }
}
