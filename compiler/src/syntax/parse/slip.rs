//! Recognises signs that are written otherwise elsewhere: on paper, in other languages.

use super::character::shown;
use super::explain::Refusal;
use super::grammar::Rule;
use super::scan::Token;
use crate::diagnostic::Diagnostic;
use crate::source::Span;
use crate::syntax::keyword::Opener;

impl Refusal<'_, '_> {
    /// What to write instead of a foreign sign.
    pub(super) fn slip(
        &self,
        at: usize,
        found: &Token,
        before: Option<&Token>,
    ) -> Option<Diagnostic> {
        let next = self.tokens.get(at + 1);
        let adjacent = |left: &Token, right: &Token| left.span.end == right.span.start;
        if let Some(other) = self
            .comment_of_another_language(found, before)
            .or_else(|| self.second_condition(at, found))
        {
            return Some(other);
        }
        let mut expects_comma = false;
        if found.text == "="
            && self.is_inside_brackets(at)
            && before.is_some_and(|before| before.text == "=" && adjacent(before, found))
        {
            let span = before.map_or(found.span, |before| before.span.to(found.span));
            return Some(
                Diagnostic::error("syntax", "two numbers are not compared by `==`", span, "not a comparison")
                    .with_note("At single points a formula has no value of its own: training looks at other points.")
                    .with_help("compare by `<`, `<=`, `>` or `>=`: `if(x < 0.5, 1, 0)`"),
            );
        }
        let (span, replacement) = match found.text {
            "*" | "=" => {
                let before =
                    before.filter(|before| before.text == found.text && adjacent(before, found))?;
                let meant = if found.text == "*" { "^" } else { "=" };
                (before.span.to(found.span), meant)
            }
            ":" => {
                let next = next.filter(|next| next.text == "=" && adjacent(found, next))?;
                (found.span.to(next.span), "=")
            }
            "/" => {
                let before =
                    before.filter(|before| before.text == "/" && adjacent(before, found))?;
                (before.span.to(found.span), "#")
            }
            "%" if found.opens_line => (found.span, "#"),
            "−" | "–" | "—" | "‐" | "‑" => (found.span, "-"),
            "÷" | "∕" | "⁄" => (found.span, "/"),
            "∗" | "⋆" | "•" | "∘" => (found.span, "*"),
            "ˆ" | "⌃" => (found.span, "^"),
            "∈" => (found.span, "in"),
            ";" => {
                expects_comma = self.expects(Rule::comma);
                let at = found.span.range();
                let before = self.source.text[..at.start].lines().next_back();
                let after = self.source.text[at.end..].lines().next();
                let condition = before
                    .is_some_and(|it| it.trim_start().starts_with("on ") && !it.contains(':'));
                if condition && !after.is_some_and(|it| it.contains(':')) {
                    // `on x = 0, x = 1; u = 0`
                    expects_comma = false;
                    (found.span, ":")
                } else {
                    (found.span, if expects_comma { "," } else { "" })
                }
            }
            _ => return None,
        };
        let written = shown(self.source.slice(span));
        let here = match replacement {
            "" => "remove this".to_owned(),
            "#" => "comments begin with `#`".to_owned(),
            _ if expects_comma => "values are separated by `,`".to_owned(),
            _ => "not a sign of this language".to_owned(),
        };
        let diagnostic = Diagnostic::error("syntax", format!("unexpected `{written}`"), span, here)
            .with_edit(span, replacement);
        Some(if replacement.is_empty() {
            diagnostic
                .with_help("a declaration ends where the next one begins; nothing marks its end")
        } else {
            diagnostic.with_help(format!("write `{replacement}`"))
        })
    }

    /// `/* diffusion */`
    fn comment_of_another_language(
        &self,
        found: &Token,
        before: Option<&Token>,
    ) -> Option<Diagnostic> {
        let open = before.filter(|before| before.text == "/" && found.text == "*")?;
        if open.span.end != found.span.start {
            return None;
        }
        let start = found.span.range().end;
        let rest = self.source.text.get(start..)?;
        let length = rest.find("*/");
        let inside = length.map_or("", |length| &rest[..length]);
        let behind = length
            .and_then(|length| rest.get(length + 2..))
            .unwrap_or("");
        let span = match length {
            Some(length) => Span::new(open.span.range().start, start + length + 2),
            None => open.span.to(found.span),
        };
        let diagnostic = Diagnostic::error(
            "syntax",
            "comments begin with `#`",
            span,
            "not a comment here",
        )
        .with_help("write `#`; a comment goes to the end of the line");
        let ends_line = behind
            .lines()
            .next()
            .is_none_or(|line| line.trim().is_empty());
        let one_line = length.is_some() && !inside.contains('\n');
        Some(if one_line && ends_line {
            diagnostic.with_edit(span, format!("# {}", inside.trim()))
        } else {
            diagnostic
        })
    }

    /// `on x = 1: w_xx = 0, w_xxx = 0`
    fn second_condition(&self, at: usize, found: &Token) -> Option<Diagnostic> {
        let colon = self.tokens.iter().position(|token| token.text == ":")?;
        let goes_on = self.tokens[at..].iter().any(|token| token.text == "=");
        let meant = self.opener == Some(Opener::Condition)
            && found.text == ","
            && colon < at
            && goes_on
            && !self.is_inside_brackets(at);
        let place = self
            .source
            .slice(self.tokens.first()?.span.to(self.tokens.get(colon)?.span));
        meant.then(|| {
            Diagnostic::error(
                "syntax",
                "a condition is one equation",
                found.span,
                "the next one begins here",
            )
            .with_help(format!(
                "write a second condition behind it: `{} …`",
                shown(place)
            ))
            .with_edit(found.span, format!("\n{place}"))
        })
    }
}
