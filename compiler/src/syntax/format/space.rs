//! What stands between two words: spaces, and where a line may be broken.

use crate::syntax::keyword;
use crate::syntax::parse::scan::{Token, TokenKind};

/// What stands before a token.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Joint {
    /// How many spaces.
    pub spaces: usize,
    /// Whether the line may be broken here; the lower, the better.
    pub breaks: Option<usize>,
}

/// What a token does in its declaration.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// A name, number or text.
    Operand,
    /// A word of the language.
    Keyword,
    /// `(`, `[`, or a `|` that opens.
    Opening,
    /// `)`, `]`, or a `|` that closes.
    Closing,
    /// `+` or `-` between operands.
    Loose,
    /// `*`, `/`, `^`.
    Tight,
    /// `+` or `-` before an operand.
    Sign,
    Comma,
    Colon,
    Equals,
    /// `.` in the name of a setting.
    Dot,
    /// `{` or `}`.
    Brace,
}

/// What stands before each token of a declaration.
pub(super) fn joints(tokens: &[Token]) -> Vec<Joint> {
    let parts = parts(tokens);
    let mut joints = vec![Joint::default(); tokens.len()];
    let in_train = is_train(tokens);
    let mut depth = 0;
    for index in 1..tokens.len() {
        let (before, this) = (parts[index - 1], parts[index]);
        match before {
            Part::Opening => depth += 1,
            Part::Closing => depth -= 1,
            Part::Operand
            | Part::Keyword
            | Part::Loose
            | Part::Tight
            | Part::Sign
            | Part::Comma
            | Part::Colon
            | Part::Equals
            | Part::Dot
            | Part::Brace => {}
        }
        let after_text = tokens[index - 1].kind == TokenKind::Text;
        joints[index] = Joint {
            spaces: usize::from(spaced(before, this, after_text)),
            breaks: match breaks(before, this, depth) {
                // The value of a setting begins beside its name.
                Some(BEHIND_EQUALS) if in_train => None,
                breaks => breaks,
            },
        };
    }
    joints
}

/// Better than inside brackets, worse than between terms.
const BEHIND_EQUALS: usize = 1;

/// Commas and sums may be broken, outer ones first; and behind `=`.
fn breaks(before: Part, this: Part, depth: usize) -> Option<usize> {
    if this == Part::Loose || before == Part::Comma {
        Some(2 * depth)
    } else if before == Part::Equals && depth == 0 {
        Some(BEHIND_EQUALS)
    } else {
        None
    }
}

fn spaced(before: Part, this: Part, after_text: bool) -> bool {
    match (before, this) {
        (Part::Dot | Part::Opening, _)
        | (_, Part::Dot | Part::Closing | Part::Comma | Part::Colon)
        | (Part::Sign | Part::Tight, _)
        | (_, Part::Tight) => false,
        // A call; but the arrays of a reference stand apart from its file.
        (Part::Operand, Part::Opening) => after_text,
        (
            Part::Operand
            | Part::Keyword
            | Part::Closing
            | Part::Loose
            | Part::Comma
            | Part::Colon
            | Part::Equals
            | Part::Brace,
            Part::Operand
            | Part::Keyword
            | Part::Opening
            | Part::Loose
            | Part::Sign
            | Part::Equals
            | Part::Brace,
        ) => true,
    }
}

fn is_train(tokens: &[Token]) -> bool {
    tokens.first().is_some_and(|first| first.text == "train")
}

fn parts(tokens: &[Token]) -> Vec<Part> {
    let in_train = is_train(tokens);
    let mut parts: Vec<Part> = Vec::with_capacity(tokens.len());
    for (index, token) in tokens.iter().enumerate() {
        let after_operand = matches!(parts.last(), Some(Part::Operand | Part::Closing));
        parts.push(match token.kind {
            // In a `train` block and among the arrays of a reference, reserved words are names.
            TokenKind::Word if index == 0 => Part::Keyword,
            TokenKind::Word if in_train || keyword::role(token.text).is_none() => Part::Operand,
            TokenKind::Word => Part::Keyword,
            TokenKind::Number | TokenKind::Text | TokenKind::OpenText => Part::Operand,
            TokenKind::Symbol => match token.text {
                "(" | "[" => Part::Opening,
                ")" | "]" => Part::Closing,
                "|" if after_operand => Part::Closing,
                "|" => Part::Opening,
                "+" | "-" if after_operand => Part::Loose,
                "+" | "-" => Part::Sign,
                "*" | "/" | "^" => Part::Tight,
                "," => Part::Comma,
                ":" => Part::Colon,
                "=" => Part::Equals,
                "." => Part::Dot,
                _ => Part::Brace,
            },
        });
    }
    parts
}
