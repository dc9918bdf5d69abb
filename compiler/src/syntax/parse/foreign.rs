//! Words of other languages, and what paper writes where a keyboard has other signs: `for`, `1 if x < 0.5 else 0`,
//! `sum(i=1..4, …)`, `u(x,t)_t`, `x^{2}`, `½`.
//!
//! No edit is offered here that the grammar would refuse again.

use super::character::shown;
use super::explain::{Refusal, replace};
use super::grammar::{Grammar, Rule};
use super::reader::rule;
use super::scan::{Token, TokenKind};
use crate::diagnostic::Diagnostic;
use crate::hir::functions;
use crate::source::Span;
use crate::syntax::keyword::Opener;
use pest::Parser;

/// Words that join formulas and statements in other languages and in prose, and never stand between two operands here.
const FOREIGN: [&str; 24] = [
    "for",
    "if",
    "If",
    "when",
    "While",
    "while",
    "else",
    "elif",
    "otherwise",
    "then",
    "and",
    "or",
    "not",
    "is",
    "with",
    "such",
    "return",
    "def",
    "lambda",
    "do",
    "end",
    "mod",
    "forall",
    "as",
];

/// Fractions that are one character.
const FRACTIONS: [(&str, &str); 9] = [
    ("½", "1/2"),
    ("⅓", "1/3"),
    ("⅔", "2/3"),
    ("¼", "1/4"),
    ("¾", "3/4"),
    ("⅕", "1/5"),
    ("⅙", "1/6"),
    ("⅛", "1/8"),
    ("⅒", "1/10"),
];

impl Refusal<'_, '_> {
    /// Whether the grammar reads the declaration with this edit made.
    pub(super) fn reads(&self, span: Span, replacement: &str) -> bool {
        let (Some(first), Some(last)) = (self.tokens.first(), self.tokens.last()) else {
            return false;
        };
        let whole = first.span.to(last.span).range();
        let edit = span.range();
        let text = &self.source.text;
        let (Some(head), Some(tail)) = (
            text.get(whole.start..edit.start),
            text.get(edit.end..whole.end),
        ) else {
            return false;
        };
        let text = format!("{head}{replacement}{tail}");
        Grammar::parse(self.opener.map_or(Rule::assignment, rule), &text).is_ok()
    }

    /// `1 if x < 0.5 else 0`, `u_xx for x > 0`
    pub(super) fn foreign_word(&self, at: usize, found: &Token) -> Option<Diagnostic> {
        if found.kind != TokenKind::Word || !FOREIGN.contains(&found.text) {
            return None;
        }
        let word = shown(found.text);
        let message = format!("`{word}` is no word of this language");
        if let Some((span, call)) = self
            .conditional(at)
            .filter(|(span, call)| self.reads(*span, call))
        {
            return Some(replace(
                message,
                span,
                "a choice between two formulas",
                &call,
            ));
        }
        let diagnostic = Diagnostic::error(
            "syntax",
            message,
            found.span,
            "neither an operator nor an operand",
        );
        if found.text == "mod" {
            return Some(diagnostic.with_help(
                "there is no remainder: what repeats is written with `sin` and `cos`, a coordinate that closes by `periodic x`",
            ));
        }
        if found.text == "not" {
            return Some(
                diagnostic
                    .with_help("turn the comparison round: `x >= 0` is what `not x < 0` says"),
            );
        }
        Some(match self.opener {
            Some(Opener::Condition) => diagnostic.with_help(
                "a condition on a piece of the boundary: `boundary heated = x = 0 where 0 < y < 1`, then `on heated: u = 1`",
            ),
            Some(Opener::Equation) => diagnostic.with_help(
                "an equation holds in the whole domain; where a formula changes, write `if(x > 0, a, b)`",
            ),
            Some(_) | None => diagnostic.with_help("where a formula changes, write `if(x > 0, a, b)`"),
        })
    }

    /// Python's conditional around the `if` at `at`: its place, brackets of its own included, and the call.
    fn conditional(&self, at: usize) -> Option<(Span, String)> {
        if self.text(at) != "if" {
            return None;
        }
        let (mut depth, mut start) = (0_usize, at);
        while let Some(index) = start.checked_sub(1) {
            match self.text(index) {
                ")" | "]" => depth += 1,
                "(" | "[" if depth > 0 => depth -= 1,
                "(" | "[" | "," | "=" | ":" if depth == 0 => break,
                _ => {}
            }
            start = index;
        }
        let (mut depth, mut between, mut end) = (0_usize, None, at);
        for index in at + 1..self.tokens.len() {
            match self.text(index) {
                "(" | "[" => depth += 1,
                ")" | "]" if depth > 0 => depth -= 1,
                ")" | "]" | "," | "in" if depth == 0 => break,
                "else" if depth == 0 && between.is_none() => between = Some(index),
                _ => {}
            }
            end = index;
        }
        let between = between?;
        let piece = |from: usize, to: usize| {
            let span = self.tokens.get(from)?.span.to(self.tokens.get(to)?.span);
            (from <= to).then(|| self.source.slice(span))
        };
        let yes = piece(start, at.checked_sub(1)?)?;
        let condition = piece(at + 1, between - 1)?;
        let no = piece(between + 1, end)?;
        let call = format!("if({condition}, {yes}, {no})");
        // Brackets that hold nothing else go; those of a call stay.
        let bracketed = start > 0 && self.text(start - 1) == "(" && self.text(end + 1) == ")";
        let called = start > 1 && self.tokens.get(start - 2).is_some_and(Token::ends_operand);
        let (first, last) = if bracketed && !called {
            (start - 1, end + 1)
        } else {
            (start, end)
        };
        Some((
            self.tokens.get(first)?.span.to(self.tokens.get(last)?.span),
            call,
        ))
    }

    /// `sum(i=1..4, …)`, refused at the number behind the points.
    pub(super) fn range_of_a_sum(&self, found: &Token) -> Option<Diagnostic> {
        let at = self
            .tokens
            .iter()
            .position(|token| token.span == found.span)?;
        let start = at.checked_sub(5)?;
        let meant =
            self.text(start) == "sum" && self.text(start + 1) == "(" && self.text(start + 3) == "=";
        let index = self.tokens.get(start + 2)?;
        let span = index.span.to(found.span);
        meant.then(|| {
            replace(
                format!(
                    "the index of a sum has no range: `{}`",
                    shown(self.source.slice(span))
                ),
                span,
                "a sum goes over all coordinates of a list",
                index.text,
            )
        })
    }

    /// What print has and a keyboard has not.
    pub(super) fn paper(
        &self,
        at: usize,
        found: &Token,
        before: Option<&Token>,
    ) -> Option<Diagnostic> {
        match found.text {
            "_" => self.late_subscript(at, before?),
            "{" => self
                .raised_group(at, before?)
                .or_else(|| self.indexed_subscript(at, before?)),
            _ => {
                let (_, fraction) = FRACTIONS
                    .iter()
                    .find(|(written, _)| *written == found.text)?;
                let next = self.tokens.get(at + 1);
                let multiplies = next.is_some_and(|next| {
                    next.text == "("
                        || !matches!(
                            next.kind,
                            TokenKind::Symbol | TokenKind::Text | TokenKind::OpenText
                        ) && crate::syntax::keyword::role(next.text).is_none()
                });
                let behind = if before.is_some_and(Token::ends_operand) {
                    "*"
                } else {
                    ""
                };
                let written = format!("{behind}({fraction}){}", if multiplies { "*" } else { "" });
                Some(replace(
                    format!("unexpected `{}`", found.text),
                    found.span,
                    "fractions are written out",
                    &written,
                ))
            }
        }
    }

    /// `x^{2}`
    fn raised_group(&self, at: usize, before: &Token) -> Option<Diagnostic> {
        if before.text != "^" {
            return None;
        }
        let close = (at + 1..self.tokens.len()).find(|index| self.text(*index) == "}")?;
        let (open, end) = (self.tokens.get(at)?, self.tokens.get(close)?);
        let span = open.span.to(end.span);
        let inside = Span::new(open.span.range().end, end.span.range().start);
        let inside = self.source.slice(inside).trim();
        let written = if close == at + 2 {
            inside.to_owned()
        } else {
            format!("({inside})")
        };
        Some(replace(
            "powers are not grouped by `{` and `}`",
            span,
            "these are the brackets of LaTeX",
            &written,
        ))
    }

    /// `u_{x[i]}`
    fn indexed_subscript(&self, at: usize, before: &Token) -> Option<Diagnostic> {
        let base = before.text.strip_suffix('_')?;
        let close = (at + 1..self.tokens.len()).find(|index| self.text(*index) == "}")?;
        let inside = self
            .tokens
            .get(at + 1)?
            .span
            .to(self.tokens.get(close - 1)?.span);
        let inside = self.source.slice(inside);
        let by: Vec<&str> = inside
            .split([' ', ','])
            .map(str::trim)
            .filter(|it| !it.is_empty())
            .collect();
        let span = before.span.to(self.tokens.get(close)?.span);
        if !inside.contains('[') {
            let written = format!("{base}_{{{}}}", by.join(" "));
            return self.reads(span, &written).then(|| {
                replace(
                    format!(
                        "the coordinates of a subscript stand apart by blanks: `{}`",
                        shown(self.source.slice(span))
                    ),
                    span,
                    "there is no comma in a subscript",
                    &written,
                )
            });
        }
        let written = format!("d({base}, {})", by.join(", "));
        self.reads(span, &written).then(|| {
            replace(
                format!(
                    "a subscript has no index: `{}`",
                    shown(self.source.slice(span))
                ),
                span,
                "a coordinate of a list",
                &written,
            )
        })
    }

    /// `u(x,t)_t`, `v[1]_t`, `(u*v)_x`
    fn late_subscript(&self, at: usize, before: &Token) -> Option<Diagnostic> {
        if !matches!(before.text, ")" | "]") {
            return None;
        }
        let last = self.tokens.get(at + 1)?;
        let by = last.text;
        let mut depth = 0_usize;
        let open = (0..at).rev().find(|index| {
            match self.text(*index) {
                ")" | "]" => depth += 1,
                "(" | "[" => depth = depth.saturating_sub(1),
                _ => {}
            }
            depth == 0
        })?;
        let touching = open
            .checked_sub(1)
            .and_then(|index| self.tokens.get(index))
            .filter(|token| {
                token.kind == TokenKind::Word && self.tokens[open].span.start == token.span.end
            });
        let diagnostic = |span: Span| {
            Diagnostic::error(
                "syntax",
                format!("a subscript does not stand behind `{}`", before.text),
                span,
                "derivatives are subscripts of names",
            )
            .with_help("derivatives of formulas are written `d(formula, x)`, second ones `d(formula, x, 2)`")
        };
        let first = touching.unwrap_or(&self.tokens[open]);
        let span = first.span.to(last.span);
        let function = |name: &Token| functions().any(|function| function == name.text);
        let inside = self.source.slice(first.span.to(before.span));
        let mut letters: Vec<char> = by.chars().collect();
        let count = letters.len();
        letters.dedup();
        let order = if count == 1 {
            String::new()
        } else {
            format!(", {count}")
        };
        let written = match touching {
            Some(name) if before.text == ")" && !function(name) => format!("{}_{by}", name.text),
            _ if last.kind != TokenKind::Word || letters.len() != 1 => {
                return Some(diagnostic(span));
            }
            Some(_) => format!("d({inside}, {by}{order})", by = letters[0]),
            None => {
                let inside = inside
                    .strip_prefix('(')
                    .and_then(|it| it.strip_suffix(')'))
                    .unwrap_or(inside);
                format!("d({inside}, {by}{order})", by = letters[0])
            }
        };
        if !self.reads(span, &written) {
            return Some(diagnostic(span));
        }
        Some(
            diagnostic(span)
                .with_help(format!("write `{}`", shown(&written)))
                .with_edit(span, written),
        )
    }
}
