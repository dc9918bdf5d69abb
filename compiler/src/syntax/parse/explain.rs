//! Puts into words what the grammar refused: what was expected, after what, and how it is written.

use super::grammar::Rule;
use super::scan::{Token, TokenKind};
use crate::diagnostic::Diagnostic;
use crate::source::Span;
use crate::syntax::keyword::{self, KEYWORDS, Opener, Role};
use crate::syntax::suggest::nearest;

/// Where and why the grammar gave up on a declaration.
pub(super) struct Refusal<'r, 'a> {
    /// The tokens of the declaration.
    pub tokens: &'r [Token<'a>],
    /// Its kind; none for a setting of the command line.
    pub opener: Option<Opener>,
    /// Where in the source.
    pub offset: usize,
    /// What could have stood there.
    pub expected: &'r [Rule],
}

/// What may stand at a place, most telling first.
const WORDS: [(Rule, &str); 27] = [
    (Rule::expression, "an expression"),
    (Rule::number, "an expression"),
    (Rule::equation, "an equation"),
    (Rule::text, "a text in quotes"),
    (Rule::argument, "a value"),
    (Rule::signed_number, "a value"),
    (Rule::dotted, "the name of a setting"),
    (Rule::place, "a place such as `x = 0`"),
    (Rule::interval, "an interval such as `[0, 1]`"),
    (Rule::arguments, "the coordinates in parentheses"),
    (Rule::columns, "the names of the arrays in parentheses"),
    (Rule::setting, "a setting such as `precision = f64`, or `}`"),
    (Rule::curly_open, "`{`"),
    (Rule::identifier, "a name"),
    (Rule::word, "a name"),
    (Rule::equals, "`=`"),
    (Rule::colon, "`:`"),
    (Rule::from_word, "`from`"),
    (Rule::in_word, "`in`"),
    (Rule::square_open, "`[`"),
    (Rule::comma, "`,`"),
    (Rule::paren_close, "`)`"),
    (Rule::square_close, "`]`"),
    (Rule::curly_close, "`}`"),
    (Rule::bar, "`|`"),
    (Rule::operator, "an operator"),
    (Rule::EOI, "the end of the declaration"),
];

impl Refusal<'_, '_> {
    /// The diagnostic.
    pub(super) fn explain(&self) -> Diagnostic {
        let at = self
            .tokens
            .partition_point(|token| token.span.range().end <= self.offset);
        let before = at.checked_sub(1).and_then(|index| self.tokens.get(index));
        let Some(found) = self.tokens.get(at) else {
            return self.ended_early(before);
        };
        self.later(at, found, before)
            .or_else(|| self.slip(at, found, before))
            .or_else(|| self.keyword_as_name(found))
            .or_else(|| self.juxtaposition(at, found, before))
            .unwrap_or_else(|| self.unexpected(found, before))
    }

    fn expects(&self, rule: Rule) -> bool {
        self.expected.contains(&rule)
    }

    fn expected_words(&self) -> Option<&'static str> {
        WORDS
            .iter()
            .find(|(rule, _)| self.expects(*rule))
            .map(|(_, words)| *words)
    }

    fn with_form(&self, diagnostic: Diagnostic) -> Diagnostic {
        match self.opener {
            Some(opener) => diagnostic.with_help(opener.form()),
            None => {
                diagnostic.with_help("a setting is written `nu = 0.02` or `train.precision = f32`")
            }
        }
    }

    fn ended_early(&self, before: Option<&Token>) -> Diagnostic {
        let what = self.expected_words().unwrap_or("more");
        let (after, span) = match before {
            Some(token) => (format!(" after `{}`", token.text), token.span),
            None => (String::new(), Span::new(0, 0)),
        };
        self.with_form(Diagnostic::error(
            "syntax",
            format!("expected {what}{after}"),
            span,
            "nothing follows",
        ))
    }

    fn unexpected(&self, found: &Token, before: Option<&Token>) -> Diagnostic {
        let only_the_end = self
            .expected
            .iter()
            .all(|rule| [Rule::EOI, Rule::operator, Rule::paren_open].contains(rule));
        let after = before.map_or(String::new(), |token| format!(" after `{}`", token.text));
        let diagnostic = match self.expected_words() {
            Some(what) if !only_the_end => Diagnostic::error(
                "syntax",
                format!("expected {what}{after}, found `{}`", found.text),
                found.span,
                format!("expected {what} here"),
            ),
            Some(_) | None => Diagnostic::error(
                "syntax",
                format!("unexpected `{}`{after}", found.text),
                found.span,
                "this does not belong here",
            ),
        };
        if found.text == "=" && only_the_end {
            return diagnostic.with_help("an equation has one `=`; write two equations");
        }
        self.with_form(diagnostic)
    }

    fn keyword_as_name(&self, found: &Token) -> Option<Diagnostic> {
        let role = keyword::role(found.text)?;
        if found.kind != TokenKind::Word {
            return None;
        }
        match role {
            Role::OpensLater(what) | Role::ContinuesLater(what) => {
                Some(not_supported(what, found.span))
            }
            Role::Opens(_) | Role::Continues if self.expects_operand() => Some(
                Diagnostic::error(
                    "syntax",
                    format!(
                        "`{}` is a keyword, so it cannot be used as a name",
                        found.text
                    ),
                    found.span,
                    "a keyword of the language",
                )
                .with_help("choose another name"),
            ),
            Role::Opens(_) | Role::Continues => None,
        }
    }

    fn expects_operand(&self) -> bool {
        [
            Rule::identifier,
            Rule::expression,
            Rule::number,
            Rule::place,
            Rule::equation,
        ]
        .into_iter()
        .any(|rule| self.expects(rule))
    }

    /// Two operands with nothing between them.
    fn juxtaposition(
        &self,
        at: usize,
        found: &Token,
        before: Option<&Token>,
    ) -> Option<Diagnostic> {
        let before = before?;
        let begins_operand = match found.kind {
            TokenKind::Word => keyword::role(found.text).is_none(),
            TokenKind::Number => true,
            TokenKind::Text | TokenKind::OpenText => false,
            TokenKind::Symbol => found.text == "(",
        };
        if !self.expects(Rule::operator) || !before.ends_operand() || !begins_operand {
            return None;
        }
        let gap = Span::new(before.span.range().end, found.span.range().start);
        if self.opener == Some(Opener::Equation) && at == 2 && found.kind == TokenKind::Word {
            return Some(self.missing_colon(before, found, gap));
        }
        let colon = self.tokens.iter().any(|token| token.text == ":");
        if self.opener == Some(Opener::Condition) && !colon {
            return Some(self.missing_colon(before, found, gap));
        }
        if before.kind == TokenKind::Number
            && found.kind == TokenKind::Number
            && gap.start == gap.end
        {
            let number = before.span.to(found.span);
            return Some(Diagnostic::error(
                "syntax",
                format!("`{}{}` is not a number", before.text, found.text),
                number,
                "a number has one decimal point",
            ));
        }
        Some(
            Diagnostic::error(
                "syntax",
                format!(
                    "nothing stands between `{}` and `{}`",
                    before.text, found.text
                ),
                before.span.to(found.span),
                "an operator is missing here",
            )
            .with_note("A product is always written with `*`.")
            .with_help(format!("write `{}*{}`", before.text, found.text))
            .with_edit(gap, "*"),
        )
    }

    fn missing_colon(&self, before: &Token, found: &Token, gap: Span) -> Diagnostic {
        self.with_form(
            Diagnostic::error(
                "syntax",
                format!("expected `:` after `{}`", before.text),
                before.span.to(found.span),
                "a `:` is missing here",
            )
            .with_edit(gap, ": "),
        )
    }

    /// Signs that are written otherwise elsewhere: on paper, in other languages.
    fn slip(&self, at: usize, found: &Token, before: Option<&Token>) -> Option<Diagnostic> {
        let next = self.tokens.get(at + 1);
        let adjacent = |left: &Token, right: &Token| left.span.end == right.span.start;
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
            "−" | "–" => (found.span, "-"),
            "×" | "·" | "⋅" | "∙" => (found.span, "*"),
            "÷" => (found.span, "/"),
            "²" => (found.span, "^2"),
            "³" => (found.span, "^3"),
            ";" => (found.span, ""),
            "'" | "′" => {
                return Some(
                    Diagnostic::error(
                        "syntax",
                        format!("unexpected `{}`", found.text),
                        found.span,
                        "a prime does not say which derivative",
                    )
                    .with_help("write derivatives as subscripts: `u_x`, `u_xx`"),
                );
            }
            _ => return None,
        };
        let written: String = self
            .tokens
            .iter()
            .filter(|token| token.span.start >= span.start && token.span.end <= span.end)
            .map(|token| token.text)
            .collect();
        let here = if replacement.is_empty() {
            "remove this".to_owned()
        } else {
            format!("write `{replacement}`")
        };
        let diagnostic = Diagnostic::error("syntax", format!("unexpected `{written}`"), span, here)
            .with_edit(span, replacement);
        Some(if replacement.is_empty() {
            diagnostic
                .with_help("a declaration ends where the next one begins; nothing marks its end")
        } else {
            diagnostic.with_help(format!("`{written}` is written `{replacement}` here"))
        })
    }

    /// Constructs of the whole language that are not read yet.
    fn later(&self, at: usize, found: &Token, before: Option<&Token>) -> Option<Diagnostic> {
        let next = self.tokens.get(at + 1);
        let after_operand = before.is_some_and(Token::ends_operand);
        let after_number = before.is_some_and(|token| token.kind == TokenKind::Number);
        let next_text = next.map_or("", |token| token.text);
        let what = match found.text {
            "∇" | "∂" | "∆" => "derivatives written with `∇` and `∂`",
            "∫" => "integrals",
            "∪" | "∩" | "∖" | "\\" => "regions made of shapes",
            "." if after_operand => "components of vectors (`v.x`)",
            "[" if after_operand => {
                let index = next.is_some_and(|token| token.kind == TokenKind::Number);
                let after_name = before.is_some_and(|token| token.kind == TokenKind::Word);
                let declared =
                    self.opener == Some(Opener::Coordinates) || self.opener == Some(Opener::Time);
                if !after_number && after_name && (index || !declared) {
                    "indexed coordinates (`coord x[100]`, `x[1]`)"
                } else {
                    "units (`[m]`, `[m/s]`)"
                }
            }
            "in" if self.opener == Some(Opener::Field) && next_text == "C" => {
                "complex fields (`in C`)"
            }
            "in" if self.opener == Some(Opener::Field) => "vector fields (`in R^2`)",
            "in" if after_operand => "equations on a part of the domain (`eq … in solid`)",
            ":" | ","
                if self.opener == Some(Opener::Condition)
                    && self.expects(Rule::equals)
                    && at == 2 =>
            {
                let part = before?;
                return Some(not_supported(
                    "named parts of the boundary (`on walls: …`)",
                    part.span,
                ));
            }
            "," if self.expects(Rule::paren_close) && self.opener != Some(Opener::Train) => {
                "vectors (`(a, b)`)"
            }
            _ => return None,
        };
        Some(not_supported(what, found.span))
    }
}

/// An error for a part of the language that this compiler does not read yet.
pub(super) fn not_supported(what: &str, span: Span) -> Diagnostic {
    crate::syntax::not_supported_yet(what, span)
}

/// An error for a text that lacks its closing quote.
pub(super) fn unclosed_text(token: &Token) -> Diagnostic {
    let end = token.span.range().end;
    Diagnostic::error(
        "syntax",
        "this text has no closing quote",
        token.span,
        "a text ends on the line where it begins",
    )
    .with_help("add the missing `\"`")
    .with_edit(Span::new(end, end), "\"")
}

/// An error for a declaration that begins with no keyword.
pub(super) fn unknown_opener(tokens: &[Token]) -> Diagnostic {
    let Some(first) = tokens.first() else {
        return Diagnostic::error("syntax", "expected a declaration", Span::new(0, 0), "");
    };
    let diagnostic = Diagnostic::error(
        "unknown-keyword",
        format!("`{}` does not begin a declaration", first.text),
        first.span,
        "expected a keyword such as `eq`, `on` or `let`",
    );
    let openers = KEYWORDS
        .iter()
        .map(|(word, _)| *word)
        .filter(|word| keyword::opens(word));
    if let Some(meant) = nearest(first.text, openers).filter(|_| first.kind == TokenKind::Word) {
        return diagnostic
            .with_help(format!("did you mean `{meant}`?"))
            .with_edit(first.span, meant);
    }
    let diagnostic = diagnostic.with_note(
        "Every declaration begins with a keyword; a formula goes on only after an operator or inside brackets.",
    );
    if first.kind == TokenKind::Word && tokens.iter().any(|token| token.text == "=") {
        let start = first.span.range().start;
        return diagnostic
            .with_help("an equation is written `eq u_t = u_xx`, an abbreviation `let k = 2*pi`")
            .with_edit(Span::new(start, start), "eq ");
    }
    let all: Vec<&str> = KEYWORDS
        .iter()
        .map(|(word, _)| *word)
        .filter(|word| keyword::opener(word).is_some())
        .collect();
    diagnostic.with_help(format!("declarations begin with {}", all.join(", ")))
}
