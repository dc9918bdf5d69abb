//! Declarations in another form than they have here: `coord x = [0, 1]`, `field v(x) in R2`, `initial: u = 0`.

use super::character::shown;
use super::explain::{Refusal, replace};
use super::grammar::Rule;
use super::scan::{Token, TokenKind};
use crate::diagnostic::Diagnostic;
use crate::source::Span;
use crate::syntax::keyword::Opener;

/// Signs that are written for `=` elsewhere.
const ASSIGNS: [&str; 5] = [":", "→", "≔", "≡", "≈"];

impl Refusal<'_, '_> {
    /// What the form of the declaration is.
    pub(super) fn form(
        &self,
        at: usize,
        found: &Token,
        before: Option<&Token>,
    ) -> Option<Diagnostic> {
        if let Some(comma) = self.decimal_comma(at, found) {
            return Some(comma);
        }
        let before = before?;
        let special = match self.opener? {
            Opener::Coordinates => self
                .indexed()
                .or_else(|| self.interval_slip(at, found, before)),
            Opener::Time => self.interval_slip(at, found, before),
            Opener::Parameter if ["in", "∈"].contains(&found.text) => Some(replace(
                "a family of problems is written with `over`",
                found.span,
                "a parameter has one value, or ranges over an interval",
                "over",
            )),
            Opener::Unknown if found.text == "(" && at == 2 => Some(
                Diagnostic::error(
                    "syntax",
                    format!(
                        "`{}` has arguments, so it is an unknown field",
                        shown(before.text)
                    ),
                    before.span.to(found.span),
                    "an unknown number has no arguments",
                )
                .with_help(format!("write `unknown field {}(x)`", shown(before.text)))
                .with_edit(
                    Span::new(before.span.range().start, before.span.range().start),
                    "field ",
                ),
            ),
            Opener::Field if found.text == "unknown" && at == 1 => Some(replace(
                "what is sought is declared with `unknown` first",
                before.span.to(found.span),
                "the other way round",
                "unknown field",
            )),
            Opener::Field => self.field_slip(found, before),
            Opener::Parameter if found.text == "=" && self.text(2) == "over" => Some(
                Diagnostic::error(
                    "syntax",
                    "the parameter of a family has no single value",
                    found.span,
                    "it takes every value of its interval",
                )
                .with_help("leave it out; one value for a run is declared without the interval, `param a = 1.5`"),
            ),
            Opener::Unknown
                if ["<", ">", "<=", ">=", "≤", "≥"].contains(&found.text) =>
            {
                Some(
                    Diagnostic::error(
                        "syntax",
                        "bounds are written as an interval",
                        found.span,
                        "a comparison cannot stand here",
                    )
                    .with_help(format!("write `unknown {} in (0, 10)`", self.text(1))),
                )
            }
            Opener::Exact | Opener::Manufactured if found.text == "(" && at == 2 => {
                let close = self.tokens.iter().find(|token| token.text == ")")?;
                let span = found.span.to(close.span);
                Some(
                    Diagnostic::error(
                        "syntax",
                        format!("`{}` is written without its arguments", shown(before.text)),
                        span,
                        "not needed: it is known everywhere",
                    )
                    .with_help(format!("write `{} = …`", shown(before.text)))
                    .with_edit(span, ""),
                )
            }
            Opener::Observe | Opener::Reference
                if found.text == "(" && at == 2 && ["re", "im"].contains(&before.text) =>
            {
                let name = self.text(3).to_owned();
                let close = self.tokens.get(4).filter(|token| token.text == ")")?;
                let part = format!("{name}.{}", before.text);
                Some(replace(
                    "a part of a complex field is one of its members",
                    before.span.to(close.span),
                    "not a call here",
                    &part,
                ))
            }
            Opener::Initial if found.text == ":" && at == 1 => Some(
                Diagnostic::error(
                    "syntax",
                    "an initial condition has no `:`",
                    found.span,
                    "remove this",
                )
                .with_help("write `initial u = 0`")
                .with_edit(found.span, ""),
            ),
            Opener::Initial if found.text == ":" => self.initial_at(at, found),
            Opener::Boundary if found.text == ":" && at == 1 => Some(replace(
                "a condition begins with `on`",
                before.span,
                "`boundary` alone declares a part of the boundary",
                "on boundary",
            )),
            Opener::Equation if found.kind == TokenKind::Text && at == 1 => {
                self.quoted_label(found)
            }
            Opener::Condition => self.place_slip(found, before),
            Opener::Minimize if found.text == "=" => Some(
                Diagnostic::error(
                    "syntax",
                    "what is minimized has no right side",
                    found.span,
                    "compared with what?",
                )
                .with_help("what shall hold exactly is a `constraint`"),
            ),
            Opener::Train if [",", ";"].contains(&found.text) => Some(
                Diagnostic::error(
                    "syntax",
                    format!("unexpected `{}`", found.text),
                    found.span,
                    "remove this",
                )
                .with_help("settings need no separators")
                .with_edit(found.span, ""),
            ),
            Opener::Title
            | Opener::Parameter
            | Opener::Unknown
            | Opener::Definition
            | Opener::Domain
            | Opener::Boundary
            | Opener::Equation
            | Opener::Initial
            | Opener::At
            | Opener::Periodic
            | Opener::Exact
            | Opener::Manufactured
            | Opener::Reference
            | Opener::Observe
            | Opener::Minimize
            | Opener::Constraint
            | Opener::Train => None,
        };
        special.or_else(|| self.other_equals(at, found))
    }

    /// `coord x[i=1..5] in [0, 1]`: `x[5]`
    fn indexed(&self) -> Option<Diagnostic> {
        let name = self.tokens.windows(2).position(|pair| {
            pair[0].kind == TokenKind::Word && pair[0].text != "in" && pair[1].text == "["
        })?;
        let (name, open) = (&self.tokens[name], &self.tokens[name + 1]);
        let close = self
            .tokens
            .iter()
            .find(|it| it.text == "]" && it.span.start > open.span.start)?;
        let inside = Span::new(open.span.range().end, close.span.range().start);
        let written = self.source.slice(inside);
        let range = written
            .split_once(['=', '∈'])
            .map_or(written, |(_, range)| range);
        let range = range.trim().trim_start_matches("in ");
        let ends = ["...", "..", "…", ":", "-", "–"]
            .iter()
            .find_map(|sign| range.split_once(sign));
        let (low, high) = ends?;
        let [low, high]: [u32; 2] = [low.trim().parse().ok()?, high.trim().parse().ok()?];
        let count = high.checked_sub(low)?.checked_add(1)?;
        let span = open.span.to(close.span);
        let replacement = format!("[{count}]");
        let name = shown(name.text);
        self.reads(span, &replacement).then(|| {
            Diagnostic::error(
                "syntax",
                format!(
                    "a list of coordinates says how many there are, not `{}`",
                    shown(written)
                ),
                span,
                "their number stands here",
            )
            .with_note(format!(
                "`coord {name}[{count}]` declares `{name}[1]` to `{name}[{count}]`."
            ))
            .with_help(format!("write `{name}[{count}]`"))
            .with_edit(span, replacement)
        })
    }

    /// `param a : 1`, `let f(x) -> x^2`, `exact u: 0`
    fn other_equals(&self, at: usize, found: &Token) -> Option<Diagnostic> {
        let next = self.tokens.get(at + 1);
        let next = next.filter(|next| next.span.start == found.span.end);
        let arrow = match (found.text, next) {
            (":" | "-", Some(next)) if ["=", ">"].contains(&next.text) => Some(next),
            _ => None,
        };
        if !self.expects(Rule::equals) || !(ASSIGNS.contains(&found.text) || arrow.is_some()) {
            return None;
        }
        let span = arrow.map_or(found.span, |next| found.span.to(next.span));
        let message = format!("expected `=`, found `{}`", shown(self.source.slice(span)));
        // Spaces where there are none: `nu: 1` becomes `nu = 1`.
        let text = &self.source.text;
        let before = text
            .get(..span.range().start)
            .is_some_and(|text| !text.ends_with(char::is_whitespace));
        let sign = if before { " =" } else { "=" };
        Some(
            Diagnostic::error("syntax", message, span, "expected `=` here")
                .with_help("write `=`")
                .with_edit(span, sign),
        )
    }

    /// `initial t = 0: u = 1`
    fn initial_at(&self, at: usize, found: &Token) -> Option<Diagnostic> {
        let (first, name) = (self.tokens.first()?, self.tokens.get(1)?);
        let place = first.span.to(found.span);
        let meant = at >= 3 && name.kind == TokenKind::Word && self.text(2) == "=";
        meant.then(|| {
            Diagnostic::error(
                "syntax",
                "where time begins is not said behind `initial`",
                place,
                "`initial` is that place",
            )
            .with_help("write `initial u = …`, or `at t = …: u = …` for any time")
            .with_edit(first.span, "at")
        })
    }

    /// `eq "heat": u_t = u_xx`
    fn quoted_label(&self, found: &Token) -> Option<Diagnostic> {
        let inside = found.text.trim_matches('"');
        let label: String = inside
            .chars()
            .map(|letter| {
                if letter.is_alphanumeric() {
                    letter
                } else {
                    '_'
                }
            })
            .collect();
        (self.text(2) == ":" && self.reads(found.span, &label)).then(|| {
            replace(
                "the label of an equation is a name, not a text",
                found.span,
                "in quotes",
                &label,
            )
        })
    }

    fn interval_slip(&self, at: usize, found: &Token, before: &Token) -> Option<Diagnostic> {
        let name = if self.opener == Some(Opener::Time) {
            "time t"
        } else {
            "coord x"
        };
        if self.expects(Rule::in_word) && ["=", ":", "∈", "from", "over"].contains(&found.text) {
            let adjacent = before.span.end == found.span.start;
            let word = if adjacent { " in" } else { "in" };
            return Some(
                Diagnostic::error(
                    "syntax",
                    format!(
                        "expected `in` after `{}`, found `{}`",
                        shown(before.text),
                        found.text
                    ),
                    found.span,
                    "expected `in` here",
                )
                .with_help(format!("write `{name} in [0, 1]`"))
                .with_edit(found.span, word),
            );
        }
        if before.text == "in" && found.text == "(" {
            let close = self
                .tokens
                .iter()
                .skip(at)
                .rfind(|token| token.text == ")")?;
            let span = found.span.to(close.span);
            let inside = self
                .source
                .slice(Span::new(found.span.range().end, close.span.range().start));
            if inside.contains('∞') || inside.contains("inf") {
                return Some(
                    Diagnostic::error(
                        "syntax",
                        "the interval of a coordinate is finite",
                        span,
                        "infinite",
                    )
                    .with_help("take an interval that is wide enough, such as `[-10, 10]`"),
                );
            }
            let interval = format!("[{inside}]");
            let message = "the interval of a coordinate is closed";
            return Some(replace(message, span, "its ends belong to it", &interval));
        }
        None
    }

    fn field_slip(&self, found: &Token, before: &Token) -> Option<Diagnostic> {
        if before.text == "in" && self.expects(Rule::number_set) {
            let set = found.text.strip_prefix(['R', 'C', 'ℝ', 'ℂ']);
            let digits =
                set.filter(|it| !it.is_empty() && it.chars().all(|it| it.is_ascii_digit()));
            let Some(digits) = digits.filter(|_| found.kind == TokenKind::Word) else {
                return Some(
                    Diagnostic::error(
                        "syntax",
                        format!("a field has no values in `{}`", shown(found.text)),
                        found.span,
                        "expected `R`, `R^2` or `C`",
                    )
                    .with_help("write `field v(x, y) in R^2`, or `field psi(x, t) in C`; an unknown with bounds is an `unknown field`"),
                );
            };
            let set = &found.text[..found.text.len() - digits.len()];
            let written = format!("{set}^{digits}");
            return Some(replace(
                format!("expected a set of numbers, found `{}`", found.text),
                found.span,
                "a power needs its `^`",
                &written,
            ));
        }
        let several = found.text == "," && !self.expects(Rule::comma);
        if several {
            return Some(
                Diagnostic::error(
                    "syntax",
                    "a declaration has one field",
                    found.span,
                    "the next field begins here",
                )
                .with_help("write a declaration for each: `field u(x, t)`, then `field v(x, t)`"),
            );
        }
        (found.text == "=").then(|| {
            Diagnostic::error("syntax", "a field has no formula: it is what is sought", found.span, "not here")
                .with_help("a known function is written `let f = sin(x)`, a value at the beginning `initial u = sin(x)`")
        })
    }

    fn place_slip(&self, found: &Token, before: &Token) -> Option<Diagnostic> {
        if ["and", "or", "&"].contains(&found.text) && !self.expects(Rule::place) {
            let gap = Span::new(before.span.range().end, found.span.range().end);
            return Some(
                Diagnostic::error(
                    "syntax",
                    "places are joined by `,`",
                    found.span,
                    "expected `,` here",
                )
                .with_help("write `on x = 0, x = 1: u = 0`")
                .with_edit(gap, ","),
            );
        }
        let part =
            found.text == "." && self.expects(Rule::equals) && before.kind == TokenKind::Word;
        part.then(|| {
            Diagnostic::error(
                "syntax",
                "a part of the boundary has a name first",
                before.span.to(found.span),
                "not a place",
            )
            .with_help(format!(
                "write `boundary inlet = {}.left`, then `on inlet: u = 0`",
                shown(before.text)
            ))
        })
    }

    /// `0,01`: the `,` at `at`, or the one two tokens before it.
    fn decimal_comma(&self, at: usize, found: &Token) -> Option<Diagnostic> {
        if found.text != ","
            || (self.expects(Rule::comma) && self.opener != Some(Opener::Coordinates))
        {
            return None;
        }
        let in_number = |comma: usize| -> Option<(Span, Span)> {
            let (before, after) = (
                self.tokens.get(comma.checked_sub(1)?)?,
                self.tokens.get(comma + 1)?,
            );
            let comma = self.tokens.get(comma).filter(|token| token.text == ",")?;
            let whole = |token: &Token| {
                token.kind == TokenKind::Number && token.text.chars().all(|it| it.is_ascii_digit())
            };
            let joined = before.span.end == comma.span.start && comma.span.end == after.span.start;
            (joined && whole(before) && whole(after))
                .then(|| (comma.span, before.span.to(after.span)))
        };
        let (comma, number) = in_number(at).or_else(|| in_number(at.checked_sub(2)?))?;
        Some(
            Diagnostic::error(
                "syntax",
                format!(
                    "`{}` is written with a decimal comma",
                    shown(self.source.slice(number))
                ),
                number,
                "a `,` stands between two values",
            )
            .with_help(format!(
                "write `{}`",
                self.source.slice(number).replace(',', ".")
            ))
            .with_edit(comma, "."),
        )
    }
}
