//! Units as they are often written: `[N m]`, `[s-1]`, `[m^1/2]`, `[-]`.

use super::character::shown;
use super::explain::{Refusal, replace};
use super::grammar::Rule;
use super::scan::{Token, TokenKind};
use crate::diagnostic::Diagnostic;
use crate::source::Span;
use crate::syntax::keyword::Opener;

impl Refusal<'_, '_> {
    /// What to write instead, inside the brackets of a unit and where units stand.
    pub(super) fn measure(
        &self,
        at: usize,
        found: &Token,
        before: Option<&Token>,
    ) -> Option<Diagnostic> {
        if let Some(misplaced) = self.unit_behind_interval(at, found) {
            return Some(misplaced);
        }
        let inside = [
            Rule::unit_factor,
            Rule::unit_one,
            Rule::unit_operator,
            Rule::unit_power,
            Rule::unit_integer,
        ];
        let before = before.filter(|_| inside.into_iter().any(|rule| self.expects(rule)))?;
        let after_unit = matches!(
            before.kind,
            TokenKind::Word | TokenKind::Raised | TokenKind::Number
        ) && self.expects(Rule::unit_operator);
        let gap = Span::new(before.span.range().end, found.span.range().start);
        match (found.kind, found.text) {
            (TokenKind::Word, _) if after_unit => Some(
                Diagnostic::error(
                    "syntax",
                    format!(
                        "nothing stands between `{}` and `{}`",
                        shown(before.text),
                        shown(found.text)
                    ),
                    before.span.to(found.span),
                    "a `*` is missing here",
                )
                .with_help(format!(
                    "write `{}*{}`",
                    shown(before.text),
                    shown(found.text)
                ))
                .with_edit(gap, "*"),
            ),
            (TokenKind::Symbol, "." | "," | "×" | "⨯" | "∗") if after_unit => Some(
                Diagnostic::error(
                    "syntax",
                    format!(
                        "units are multiplied with `*`, not with `{}`",
                        shown(found.text)
                    ),
                    found.span,
                    "a product of units?",
                )
                .with_help(format!("write `{}*…`", shown(before.text)))
                .with_edit(found.span, "*"),
            ),
            (TokenKind::Symbol, "**") if after_unit => Some(replace(
                "a power is written with `^`",
                found.span,
                "a power of a unit?",
                "^",
            )),
            (TokenKind::Symbol, "]") if before.text == "[" => Some(
                Diagnostic::error(
                    "syntax",
                    "a quantity without dimension has the unit `1`",
                    found.span,
                    "no unit between the brackets",
                )
                .with_help("write `[1]`, or leave the brackets out")
                .with_edit(gap, "1"),
            ),
            (TokenKind::Symbol, "-") if before.kind == TokenKind::Word => {
                let digits = self.tokens.get(at + 1)?;
                let span = before.span.to(digits.span);
                let power = format!("{}^-{}", before.text, digits.text);
                Some(replace(
                    "a power needs its `^`",
                    span,
                    "is this a power?",
                    &power,
                ))
            }
            (TokenKind::Symbol, "-") if before.text == "[" && self.text(at + 1) == "]" => {
                Some(replace(
                    "a quantity without dimension has the unit `1`",
                    found.span,
                    "not a unit",
                    "1",
                ))
            }
            (TokenKind::Number, _) if before.text == "/" => {
                self.fraction_without_brackets(at, found)
            }
            (TokenKind::Number, _) if self.expects(Rule::unit_integer) => Some(
                Diagnostic::error(
                    "syntax",
                    format!(
                        "the power `{}` of a unit is not an integer",
                        shown(found.text)
                    ),
                    found.span,
                    "not exact",
                )
                .with_help("write a fraction: `m^(1/2)`"),
            ),
            (TokenKind::Number, _) => Some(
                Diagnostic::error(
                    "syntax",
                    format!("there are no numbers in units: `{}`", shown(found.text)),
                    found.span,
                    "not a unit",
                )
                .with_help("write the number before the brackets, or use a prefix: `mm`, `kPa`"),
            ),
            (TokenKind::Symbol, "^") if before.text == "]" => None,
            // `x[i=1..5]`, `x[:]`: another notation, which others know.
            (TokenKind::Symbol, "=" | ":" | "..") => None,
            _ if before.text == "]" => None,
            _ => Some(
                Diagnostic::error(
                    "syntax",
                    format!("this is no unit: `{}`", shown(found.text)),
                    found.span,
                    "a unit is expected here",
                )
                .with_help("a unit is written `[m]`, `[kg*m/s^2]`, `[W/(m*K)]`, `[m^(1/2)]`"),
            ),
        }
    }

    /// `m^1/2`
    fn fraction_without_brackets(&self, at: usize, found: &Token) -> Option<Diagnostic> {
        let numerator = self.tokens.get(at.checked_sub(2)?)?;
        let is_power = numerator.kind == TokenKind::Number && self.text(at.checked_sub(3)?) == "^";
        let span = numerator.span.to(found.span);
        is_power.then(|| {
            let fraction = format!("({}/{})", numerator.text, found.text);
            let message = "a power that is a fraction stands in brackets";
            replace(message, span, "the `/` divides by a unit", &fraction)
        })
    }

    /// `coord x in [0, 1] [m]`
    fn unit_behind_interval(&self, at: usize, found: &Token) -> Option<Diagnostic> {
        let declared = [
            Some(Opener::Coordinates),
            Some(Opener::Time),
            Some(Opener::Parameter),
        ];
        let behind = at
            .checked_sub(1)
            .is_some_and(|before| self.text(before) == "]");
        if found.text != "[" || !behind || !declared.contains(&self.opener) {
            return None;
        }
        let message = "a unit stands behind the name, not behind the interval";
        let diagnostic =
            Diagnostic::error("syntax", message, found.span, "a unit here says nothing");
        let diagnostic = diagnostic.with_help("write `coord x [m] in [0, 1]`");
        // One name, directly followed by its interval.
        let name = self.tokens.get(1)?;
        let (interval, last) = (self.tokens.get(2)?, self.tokens.last()?);
        if !["in", "over"].contains(&interval.text) {
            return Some(diagnostic);
        }
        let unit = self.source.slice(found.span.to(last.span));
        let gap = Span::new(name.span.range().end, found.span.range().start);
        let rest = self.source.slice(gap).trim();
        let span = Span::new(name.span.range().end, last.span.range().end);
        let written = format!("{} {} {unit} {rest}", self.text(0), name.text);
        Some(
            diagnostic
                .with_help(format!("write `{}`", shown(&written)))
                .with_edit(span, format!(" {unit} {rest}")),
        )
    }
}
