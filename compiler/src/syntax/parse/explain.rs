//! Puts into words what the grammar refused: what was expected, after what, and how it is written.

use super::grammar::Rule;
use super::scan::{Token, TokenKind};
use crate::diagnostic::Diagnostic;
use crate::source::{Source, Span};
use crate::syntax::keyword::{self, KEYWORDS, Opener, Role};
use crate::syntax::suggest::nearest;

/// Where and why the grammar gave up on a declaration.
pub(super) struct Refusal<'r, 'a> {
    /// The whole text.
    pub source: &'a Source,
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
    (Rule::argument, "a value"),
    (Rule::signed_number, "a value"),
    (Rule::text, "a text in quotes"),
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
    (Rule::square_open, "an interval such as `[0, 1]`"),
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
        self.slip(at, found, before)
            .or_else(|| self.keyword_as_name(found))
            .or_else(|| self.missing_comma(found, before))
            .or_else(|| self.juxtaposition(at, found, before))
            .unwrap_or_else(|| self.unexpected(found, before))
    }

    pub(super) fn expects(&self, rule: Rule) -> bool {
        self.expected.contains(&rule)
    }

    fn expected_words(&self) -> Option<&'static str> {
        if self.opener == Some(Opener::Field) && self.expects(Rule::paren_open) {
            return Some("the coordinates in parentheses");
        }
        WORDS
            .iter()
            .find(|(rule, _)| self.expects(*rule))
            .map(|(_, words)| *words)
    }

    fn with_form(&self, diagnostic: Diagnostic) -> Diagnostic {
        match self.opener {
            Some(opener) => diagnostic.with_help(opener.form()),
            None => {
                diagnostic.with_help("a setting is written `nu = 0.02` or `train.windows = 20`")
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
            Role::Opens(_) | Role::Connects | Role::Operand | Role::Reserved(_)
                if self.expects_operand() =>
            {
                Some(
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
                )
            }
            Role::Opens(_) | Role::Connects | Role::Operand | Role::Reserved(_) => None,
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

    /// Two names of a list with nothing between them.
    fn missing_comma(&self, found: &Token, before: Option<&Token>) -> Option<Diagnostic> {
        let before =
            before.filter(|before| before.kind == TokenKind::Word && before.ends_operand())?;
        let listed = self.expects(Rule::comma) && !self.expects(Rule::operator);
        let name = found.kind == TokenKind::Word && found.ends_operand();
        let gap = Span::new(before.span.range().end, found.span.range().start);
        (listed && name).then(|| self.missing_between(",", before, found, gap))
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
            TokenKind::Partial | TokenKind::Nabla => true,
            TokenKind::Text | TokenKind::OpenText | TokenKind::CurledText | TokenKind::Raised => {
                false
            }
            TokenKind::Symbol => found.text == "(",
        };
        if !self.expects(Rule::operator) || !before.ends_operand() || !begins_operand {
            return None;
        }
        let gap = Span::new(before.span.range().end, found.span.range().start);
        if self.opener == Some(Opener::Equation) && at == 2 && found.kind == TokenKind::Word {
            return Some(self.missing_between(":", before, found, gap));
        }
        let begins_place = self.tokens.get(at + 1).is_some_and(|next| next.text == "=");
        if self.opener == Some(Opener::Condition)
            && self.expects(Rule::comma)
            && begins_place
            && self.has_colon(at)
        {
            return Some(self.missing_between(",", before, found, gap));
        }
        if self.opener == Some(Opener::Condition) && !self.has_colon(0) {
            return Some(self.missing_between(":", before, found, gap));
        }
        if before.kind == TokenKind::Number
            && found.kind == TokenKind::Number
            && gap.start == gap.end
        {
            let number = before.span.to(found.span);
            return Some(
                Diagnostic::error(
                    "syntax",
                    format!("`{}{}` is not a number", before.text, found.text),
                    number,
                    "a number has one decimal point",
                )
                .with_help("remove one of the points"),
            );
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

    fn has_colon(&self, from: usize) -> bool {
        self.tokens.iter().skip(from).any(|token| token.text == ":")
    }

    fn missing_between(&self, sign: &str, before: &Token, found: &Token, gap: Span) -> Diagnostic {
        self.with_form(
            Diagnostic::error(
                "syntax",
                format!("expected `{sign}` after `{}`", before.text),
                before.span.to(found.span),
                format!("a `{sign}` is missing here"),
            )
            .with_edit(gap, format!("{sign} ")),
        )
    }
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
        .filter(|word| matches!(keyword::role(word), Some(Role::Opens(_))))
        .collect();
    diagnostic.with_help(format!("declarations begin with {}", all.join(", ")))
}
