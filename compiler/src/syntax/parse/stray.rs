//! Signs that stand where nothing can be made of them: what to write instead, sign by sign.

use super::character::shown;
use super::explain::{Refusal, replace};
use super::scan::{Token, TokenKind};
use crate::diagnostic::Diagnostic;
use crate::syntax::keyword::Opener;

impl Refusal<'_, '_> {
    /// What to do about a sign in a formula that is neither an operator nor an operand.
    pub(super) fn stray(
        &self,
        at: usize,
        found: &Token,
        before: Option<&Token>,
    ) -> Option<Diagnostic> {
        let behind = before.map_or(String::new(), |it| format!(" after `{}`", shown(it.text)));
        let told = |here: &str, help: &str| {
            Diagnostic::error(
                "syntax",
                format!("unexpected `{}`{behind}", shown(found.text)),
                found.span,
                here,
            )
            .with_help(help)
        };
        // What stands in a `train` block are settings.
        if self.opener.is_none() || self.opener == Some(Opener::Train) {
            return None;
        }
        if let Some(interval) = self.interval_of_dots(at, found, before) {
            return Some(interval);
        }
        let before_text = before.map_or("", |it| it.text);
        Some(match (found.text, before_text) {
            ("%", _) if before.is_some_and(|it| it.kind == TokenKind::Number) => {
                let number = before?;
                let written = format!("({}/100)", number.text);
                let span = number.span.to(found.span);
                if !self.reads(span, &written) {
                    return None;
                }
                replace(
                    "a percentage is no number",
                    span,
                    "a hundredth part",
                    &written,
                )
            }
            ("?", _) => told(
                "not an operator",
                "a choice between two formulas is `if(x < 0, 1, 2)`",
            ),
            ("@", _) => told(
                "not an operator",
                "products of matrices and vectors are written `dot(A, v)`",
            ),
            ("&" | "|", "&" | "|") | ("&", _) => told(
                "comparisons are not joined",
                "write an interval as `0.2 < x < 0.7`, other cases by an `if` inside an `if`",
            ),
            (")", ",") => told(
                "nothing stands behind the `,`",
                "remove the `,`, or write what follows it",
            ),
            (")", "(") if self.is_called(at) => {
                let name = self.text(at - 2);
                told(
                    "no argument",
                    &format!(
                        "write what `{}` is taken of: `{}(x)`",
                        shown(name),
                        shown(name)
                    ),
                )
            }
            (")", "(") => told(
                "nothing stands between the brackets",
                "write what belongs there, or remove both",
            ),
            (")", _) if self.is_inside_brackets(at) => told(
                "something is missing before it",
                "write the operand, or remove the sign before it",
            ),
            ("[", _) if !before.is_some_and(Token::ends_operand) => told(
                "not a list",
                "a vector is written with round brackets: `(a, b)`",
            ),
            (",", _) if before.is_some_and(Token::ends_operand) && !self.is_inside_brackets(at) => {
                told(
                    "a formula ends before it",
                    "one declaration states one thing; a vector is written in brackets, `(a, b)`",
                )
            }
            ("*" | "/" | "^", "*" | "/" | "^" | "+" | "-" | "(" | "=" | ",") => told(
                "an operand is missing before it",
                "an operator stands between two operands",
            ),
            (_, _) => return None,
        })
    }

    fn is_called(&self, at: usize) -> bool {
        let name = at.checked_sub(2).and_then(|index| self.tokens.get(index));
        name.is_some_and(|it| it.kind == TokenKind::Word && it.ends_operand())
    }

    /// `in 0..1`
    fn interval_of_dots(
        &self,
        at: usize,
        found: &Token,
        before: Option<&Token>,
    ) -> Option<Diagnostic> {
        let last = self.tokens.get(at + 1)?;
        let due = before.is_some_and(|it| ["in", "over"].contains(&it.text));
        let span = found.span.to(last.span);
        let (low, high) = self.source.slice(span).split_once("..")?;
        let written = format!("[{low}, {high}]");
        (due && self.reads(span, &written)).then(|| {
            replace(
                "an interval stands in square brackets",
                span,
                "the ends of an interval",
                &written,
            )
        })
    }
}
