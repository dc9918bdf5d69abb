//! From text to tokens.
//!
//! Scanning never fails: a character that begins nothing is a [`TokenKind::Symbol`] of its own, and is
//! reported where the grammar meets it.

use super::grammar::{Grammar, Rule};
use crate::source::{Source, Span};
use crate::syntax::Comment;
use crate::syntax::keyword::{Role, role};
use pest::Parser;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::syntax) enum TokenKind {
    /// A name or keyword.
    Word,
    /// A number.
    Number,
    /// A quoted text.
    Text,
    /// A quoted text without its closing quote.
    OpenText,
    /// A text between the quotes of a word processor.
    CurledText,
    /// `∂_t`, a derivative with its subscript.
    Partial,
    /// `∇`, `∇²`, `∆`
    Nabla,
    /// Raised digits.
    Raised,
    /// Any other character.
    Symbol,
}

/// A smallest piece of the text.
#[derive(Clone, Copy, Debug)]
pub(in crate::syntax) struct Token<'a> {
    /// What it is.
    pub kind: TokenKind,
    /// How it is written.
    pub text: &'a str,
    /// Its place.
    pub span: Span,
    /// Whether it is the first on its line.
    pub opens_line: bool,
}

impl Token<'_> {
    /// Whether an operand can end with this token.
    pub fn ends_operand(&self) -> bool {
        match self.kind {
            TokenKind::Word => match role(self.text) {
                Some(Role::Opens(_) | Role::Connects | Role::Reserved(_)) => false,
                Some(Role::Operand) | None => true,
            },
            TokenKind::Number
            | TokenKind::Text
            | TokenKind::OpenText
            | TokenKind::CurledText
            | TokenKind::Raised => true,
            TokenKind::Partial | TokenKind::Nabla => false,
            TokenKind::Symbol => matches!(self.text, ")" | "]" | "}" | "|"),
        }
    }
}

/// Whether an operand ends with the token at `index`; `(v·∇)` is none.
pub(in crate::syntax) fn operand_ends(tokens: &[Token], index: usize) -> bool {
    let carries =
        tokens[index].text == ")" && index > 0 && tokens[index - 1].kind == TokenKind::Nabla;
    tokens[index].ends_operand() && !carries
}

/// The tokens and comments of a text.
pub(in crate::syntax) struct Scan<'a> {
    /// The tokens in order.
    pub tokens: Vec<Token<'a>>,
    /// The comments in order.
    pub comments: Vec<Comment>,
}

const KINDS: [(Rule, TokenKind); 9] = [
    (Rule::word, TokenKind::Word),
    (Rule::number, TokenKind::Number),
    (Rule::text, TokenKind::Text),
    (Rule::open_text, TokenKind::OpenText),
    (Rule::curled_text, TokenKind::CurledText),
    (Rule::partial, TokenKind::Partial),
    (Rule::nabla, TokenKind::Nabla),
    (Rule::raised, TokenKind::Raised),
    (Rule::symbol, TokenKind::Symbol),
];

/// Cuts a text into tokens.
pub(in crate::syntax) fn scan(source: &Source) -> Scan<'_> {
    let mut scan = Scan {
        tokens: Vec::new(),
        comments: Vec::new(),
    };
    // The rule ends in a symbol for any character, so it reads every text.
    let pairs = Grammar::parse(Rule::scan, &source.text)
        .ok()
        .into_iter()
        .flatten()
        .flat_map(pest::iterators::Pair::into_inner);
    let mut end = 0;
    for pair in pairs {
        let place = pair.as_span();
        let span = Span::new(place.start(), place.end());
        let gap = source.text.get(end..place.start()).unwrap_or("");
        let opens_line = scan.tokens.is_empty() || gap.contains(['\n', '\r']);
        if pair.as_rule() == Rule::remark {
            scan.comments.push(Comment {
                text: pair.as_str().to_owned(),
                span,
            });
            continue;
        }
        let Some((_, kind)) = KINDS.iter().find(|(rule, _)| *rule == pair.as_rule()) else {
            continue;
        };
        end = place.end();
        scan.tokens.push(Token {
            kind: *kind,
            text: &source.text[span.range()],
            span,
            opens_line,
        });
    }
    scan
}
