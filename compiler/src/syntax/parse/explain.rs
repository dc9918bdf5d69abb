//! Puts into words what the grammar refused: what was expected, after what, and how it is written.
//!
//! Mistakes that have a word of their own are tried first: foreign signs ([`slip`](super::slip)), habits of paper and
//! of other languages ([`habit`](super::habit), [`leibniz`](super::leibniz), [`foreign`](super::foreign)), units ([`measure`](super::measure)),
//! signs that are missing ([`missing`](super::missing)).

use super::character::shown;
use super::grammar::Rule;
use super::outline::Outline;
use super::scan::{Token, TokenKind};
use crate::diagnostic::Diagnostic;
use crate::source::{Source, Span};
use crate::syntax::keyword::{self, Opener, Role};
use crate::syntax::suggest::nearest;

/// Where and why the grammar gave up on a declaration.
pub(super) struct Refusal<'r, 'a> {
    /// The whole text.
    pub source: &'a Source,
    /// The tokens of the declaration.
    pub tokens: &'r [Token<'a>],
    /// What the whole file declares.
    pub outline: &'r Outline<'a>,
    /// Its kind; none for a setting of the command line.
    pub opener: Option<Opener>,
    /// Where in the source.
    pub offset: usize,
    /// What could have stood there.
    pub expected: &'r [Rule],
}

/// What may stand at a place, most telling first.
const WORDS: [(Rule, &str); 40] = [
    (Rule::expression, "an expression"),
    (Rule::number, "an expression"),
    (Rule::call, "an expression"),
    (Rule::passed, "an expression"),
    (Rule::equation, "an equation"),
    (Rule::argument, "a value"),
    (Rule::signed_number, "a value"),
    (Rule::text, "a text in quotes"),
    (Rule::dotted, "the name of a setting"),
    (Rule::place, "a place such as `x = 0`"),
    (Rule::side, "a place such as `t = 1`"),
    (Rule::bounds, "bounds such as `(0, 10)`"),
    (Rule::codomain, "`R`, `R^2` or `C`"),
    (Rule::number_set, "`R`, `R^2` or `C`"),
    (Rule::interval, "an interval such as `[0, 1]`"),
    (Rule::arguments, "the coordinates in parentheses"),
    (Rule::columns, "the names of the arrays in parentheses"),
    (Rule::setting, "a setting such as `precision = f64`, or `}`"),
    (Rule::curly_open, "`{`"),
    (Rule::unit_one, "a unit such as `m` or `kg*m/s^2`"),
    (Rule::unit_factor, "a unit such as `m` or `kg`"),
    (
        Rule::unit_integer,
        "an integer or a fraction such as `(1/2)`",
    ),
    (Rule::unit_operator, "`*`, `/` or `]`"),
    (Rule::coordinate, "a name"),
    (Rule::target, "the name of a field"),
    (Rule::identifier, "a name"),
    (Rule::word, "a name"),
    (Rule::whole, "an integer"),
    (Rule::equals, "`=`"),
    (Rule::colon, "`:`"),
    (Rule::from_word, "`from`"),
    (Rule::comparator, "a comparison such as `y > 0.2`"),
    (Rule::in_word, "`in`"),
    (Rule::square_open, "an interval such as `[0, 1]`"),
    (Rule::comma, "`,`"),
    (Rule::paren_close, "`)`"),
    (Rule::square_close, "`]`"),
    (Rule::curly_close, "`}`"),
    (Rule::bar, "`|`"),
    (Rule::EOI, "the end of the declaration"),
];

/// What may stand behind a finished operand or declaration, but need not.
const OPTIONAL: [Rule; 17] = [
    Rule::EOI,
    Rule::operator,
    Rule::paren_open,
    Rule::member,
    Rule::point,
    Rule::index,
    Rule::raised,
    Rule::unit,
    Rule::square_open,
    Rule::comparator,
    Rule::caret,
    Rule::region,
    Rule::restriction,
    Rule::noise,
    Rule::start,
    Rule::in_word,
    Rule::carries,
];

impl Refusal<'_, '_> {
    /// The diagnostic.
    pub(super) fn explain(&self) -> Diagnostic {
        let at = self
            .tokens
            .partition_point(|token| token.span.range().end <= self.offset);
        // The grammar stops behind a `∂` that is no derivative, which is where the mistake begins.
        let at = at - usize::from(at > 0 && self.text(at - 1) == "∂");
        let before = at.checked_sub(1).and_then(|index| self.tokens.get(index));
        if let Some(positive) = self.positive_part(at) {
            return positive;
        }
        let Some(found) = self.tokens.get(at) else {
            return self.ended_early(before);
        };
        self.leibniz(at)
            .or_else(|| self.misspelt(found))
            .or_else(|| self.latex(at))
            .or_else(|| self.measure(at, found, before))
            .or_else(|| self.form(at, found, before))
            .or_else(|| self.paper(at, found, before))
            .or_else(|| self.habit(at, found, before))
            .or_else(|| self.slip(at, found, before))
            .or_else(|| self.keyword_as_name(found))
            .or_else(|| self.missing_comma(found, before))
            .or_else(|| self.juxtaposition(at, found, before))
            .or_else(|| self.stray(at, found, before))
            .unwrap_or_else(|| self.unexpected(found, before))
    }

    pub(super) fn expects(&self, rule: Rule) -> bool {
        self.expected.contains(&rule)
    }

    /// The text of a token, empty where there is none.
    pub(super) fn text(&self, index: usize) -> &str {
        self.tokens.get(index).map_or("", |token| token.text)
    }

    fn expected_words(&self, before: Option<&Token>) -> Option<&'static str> {
        if self.opener == Some(Opener::Field) && self.expects(Rule::paren_open) {
            return Some("the coordinates in parentheses");
        }
        if self.expects(Rule::number) {
            match before {
                Some(before) if before.text == "^" => return Some("an exponent"),
                Some(before) if [TokenKind::Nabla, TokenKind::Partial].contains(&before.kind) => {
                    return Some("what is differentiated");
                }
                Some(_) | None => {}
            }
        }
        WORDS
            .iter()
            .find(|(rule, _)| self.expects(*rule))
            .map(|(_, words)| *words)
    }

    pub(super) fn with_form(&self, diagnostic: Diagnostic) -> Diagnostic {
        match self.opener {
            Some(opener) => diagnostic.with_help(opener.form()),
            None => diagnostic.with_help(
                "a parameter takes a number, `nu = 0.02`, a setting its value, `train.windows = 20`",
            ),
        }
    }

    fn ended_early(&self, before: Option<&Token>) -> Diagnostic {
        let what = self.expected_words(before).unwrap_or("more");
        let (after, span) = match before {
            Some(token) => (format!(" after `{}`", shown(token.text)), token.span),
            None => (String::new(), Span::new(0, 0)),
        };
        let end = Span::new(span.range().end, span.range().end);
        if self.opener == Some(Opener::Equation)
            && self.expects(Rule::equals)
            && self.reads(end, " = 0")
        {
            return Diagnostic::error(
                "syntax",
                format!("expected `=`{after}"),
                span,
                "an equation has two sides",
            )
            .with_help("write ` = 0` behind it, if that is what is meant")
            .with_edit(end, " = 0");
        }
        self.with_form(Diagnostic::error(
            "syntax",
            format!("expected {what}{after}"),
            span,
            "nothing follows",
        ))
    }

    fn unexpected(&self, found: &Token, before: Option<&Token>) -> Diagnostic {
        let ranges = before.is_some_and(|before| ["in", "over"].contains(&before.text));
        let only_the_end = !ranges && self.expected.iter().all(|rule| OPTIONAL.contains(rule));
        let after = before.map_or(String::new(), |it| format!(" after `{}`", shown(it.text)));
        let written = shown(found.text);
        let diagnostic = match self.expected_words(before) {
            Some(what) if !only_the_end => Diagnostic::error(
                "syntax",
                format!("expected {what}{after}, found `{written}`"),
                found.span,
                format!("expected {what} here"),
            ),
            Some(_) | None => Diagnostic::error(
                "syntax",
                format!("unexpected `{written}`{after}"),
                found.span,
                "this does not belong here",
            ),
        };
        if found.text == "=" && only_the_end {
            return diagnostic.with_help("an equation has one `=`; write two equations");
        }
        self.with_form(diagnostic)
    }

    /// A word that is nearly the keyword that could stand here: `reference u form "ref.npz" …`.
    fn misspelt(&self, found: &Token) -> Option<Diagnostic> {
        let words = [
            (Rule::from_word, "from"),
            (Rule::over_word, "over"),
            (Rule::where_word, "where"),
            (Rule::restriction, "where"),
            (Rule::noise_word, "noise"),
            (Rule::noise, "noise"),
            (Rule::field_word, "field"),
        ];
        let due = words.iter().filter(|(rule, _)| self.expects(*rule));
        let is_name = found.kind == TokenKind::Word && keyword::role(found.text).is_none();
        let meant = nearest(found.text, due.map(|(_, word)| *word)).filter(|_| is_name)?;
        Some(
            Diagnostic::error(
                "syntax",
                format!("expected `{meant}`, found `{}`", shown(found.text)),
                found.span,
                format!("expected `{meant}` here"),
            )
            .with_help(format!("did you mean `{meant}`?"))
            .with_edit(found.span, meant),
        )
    }

    fn keyword_as_name(&self, found: &Token) -> Option<Diagnostic> {
        let role = keyword::role(found.text)?;
        if found.kind != TokenKind::Word || !self.expects_operand() {
            return None;
        }
        if let Some(periodic) = self.periodic_condition(found) {
            return Some(periodic);
        }
        let diagnostic = Diagnostic::error(
            "syntax",
            format!(
                "`{}` is a keyword, so it cannot be used as a name",
                found.text
            ),
            found.span,
            "a keyword of the language",
        );
        Some(match role {
            Role::Reserved(instead) => diagnostic.with_help(instead),
            Role::Opens(_) | Role::Connects | Role::Operand => {
                diagnostic.with_help("choose another name")
            }
        })
    }

    /// `on x = 0, x = 1: periodic`
    fn periodic_condition(&self, found: &Token) -> Option<Diagnostic> {
        let (first, name) = (self.tokens.first()?, self.tokens.get(1)?);
        let meant = self.opener == Some(Opener::Condition)
            && found.text == "periodic"
            && name.kind == TokenKind::Word
            && keyword::role(name.text).is_none();
        meant.then(|| {
            replace(
                "what is periodic is a coordinate, not its ends",
                first.span.to(found.span),
                "a declaration of its own",
                &format!("periodic {}", name.text),
            )
        })
    }

    fn expects_operand(&self) -> bool {
        [
            Rule::identifier,
            Rule::coordinate,
            Rule::target,
            Rule::expression,
            Rule::number,
            Rule::place,
            Rule::side,
            Rule::equation,
        ]
        .into_iter()
        .any(|rule| self.expects(rule))
    }
}

/// An error with the one edit that mends it.
pub(super) fn replace(
    message: impl Into<String>,
    span: Span,
    here: impl Into<String>,
    replacement: &str,
) -> Diagnostic {
    Diagnostic::error("syntax", message, span, here)
        .with_help(format!("write `{}`", shown(replacement)))
        .with_edit(span, replacement)
}
