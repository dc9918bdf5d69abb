//! What stands between two words: spaces, and where a line may be broken.

use crate::syntax::keyword::{self, Role};
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
    /// `[` of a unit behind what is declared.
    UnitOpening,
    /// `)`, `]`, or a `|` that closes.
    Closing,
    /// `)` of `(v·∇)`.
    Carrier,
    /// `+` or `-` between operands, comparisons, and what is between regions.
    Loose,
    /// `*`, `/`, `^`.
    Tight,
    /// `+` or `-` before an operand, `∇`.
    Sign,
    /// `∂_t`, `∇^2`: stands apart from its operand.
    Derivative,
    /// Raised digits.
    Raised,
    Comma,
    Colon,
    Equals,
    /// `.` in the name of a setting, and before a component.
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
            Part::Opening | Part::UnitOpening => depth += 1,
            Part::Closing | Part::Carrier => depth -= 1,
            Part::Operand
            | Part::Keyword
            | Part::Loose
            | Part::Tight
            | Part::Sign
            | Part::Derivative
            | Part::Raised
            | Part::Comma
            | Part::Colon
            | Part::Equals
            | Part::Dot
            | Part::Brace => {}
        }
        let after_text = tokens[index - 1].kind == TokenKind::Text;
        joints[index] = Joint {
            spaces: usize::from(spaced(before, this, after_text, tokens[index].text)),
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

fn spaced(before: Part, this: Part, after_text: bool, text: &str) -> bool {
    match (before, this) {
        (Part::Dot | Part::Opening | Part::UnitOpening | Part::Carrier, _)
        | (
            _,
            Part::Dot | Part::Closing | Part::Carrier | Part::Comma | Part::Colon | Part::Raised,
        )
        | (Part::Sign | Part::Tight, _)
        | (_, Part::Tight) => false,
        // A call or an index; but the arrays of a reference stand apart from its file.
        (Part::Operand | Part::Closing | Part::Raised, Part::Opening) => after_text,
        (Part::Derivative, Part::Opening) => text != "(",
        (
            Part::Operand
            | Part::Keyword
            | Part::Closing
            | Part::Loose
            | Part::Derivative
            | Part::Raised
            | Part::Comma
            | Part::Colon
            | Part::Equals
            | Part::Brace,
            Part::Operand
            | Part::Keyword
            | Part::Opening
            | Part::UnitOpening
            | Part::Loose
            | Part::Sign
            | Part::Derivative
            | Part::Equals
            | Part::Brace,
        ) => true,
    }
}

fn is_train(tokens: &[Token]) -> bool {
    tokens.first().is_some_and(|first| first.text == "train")
}

/// Reads along a declaration what each of its tokens does.
struct Scanner<'t, 'a> {
    tokens: &'t [Token<'a>],
    parts: Vec<Part>,
    /// For each open bracket whether it is that of a unit.
    open: Vec<bool>,
    /// Whether a unit that comes now belongs to what is declared rather than to a number.
    heads: bool,
}

fn parts(tokens: &[Token]) -> Vec<Part> {
    let openers = ["coord", "time", "field", "param", "unknown"];
    let mut scanner = Scanner {
        tokens,
        parts: Vec::with_capacity(tokens.len()),
        open: Vec::new(),
        heads: tokens.first().is_some_and(|it| openers.contains(&it.text)),
    };
    for index in 0..tokens.len() {
        let part = scanner.part(index);
        scanner.parts.push(part);
    }
    scanner.parts
}

impl Scanner<'_, '_> {
    fn part(&mut self, index: usize) -> Part {
        let token = &self.tokens[index];
        let in_unit = self.open.last() == Some(&true);
        match token.kind {
            TokenKind::Word if index == 0 => Part::Keyword,
            // In a `train` block, among the arrays of a reference and in units, reserved words are names.
            TokenKind::Word if in_unit || is_train(self.tokens) => Part::Operand,
            TokenKind::Word => match keyword::role(token.text) {
                None | Some(Role::Operand) => Part::Operand,
                Some(Role::Connects) if ["union", "intersect", "minus"].contains(&token.text) => {
                    Part::Loose
                }
                Some(Role::Connects | Role::Opens(_) | Role::Reserved(_)) => Part::Keyword,
            },
            TokenKind::Number | TokenKind::Text | TokenKind::OpenText | TokenKind::CurledText => {
                Part::Operand
            }
            TokenKind::Partial => Part::Derivative,
            TokenKind::Nabla if token.text.ends_with('2') => Part::Derivative,
            TokenKind::Nabla => Part::Sign,
            TokenKind::Raised => Part::Raised,
            TokenKind::Symbol => self.symbol(index),
        }
    }

    fn symbol(&mut self, index: usize) -> Part {
        let before = index.checked_sub(1).map(|before| &self.tokens[before]);
        let last = self.parts.last();
        let after_operand = matches!(last, Some(Part::Operand | Part::Closing | Part::Raised));
        let after_number = before.is_some_and(|before| before.kind == TokenKind::Number);
        let after_nabla = before.is_some_and(|before| before.kind == TokenKind::Nabla);
        match self.tokens[index].text {
            "(" => {
                let in_unit = self.open.last() == Some(&true);
                self.open.push(in_unit);
                Part::Opening
            }
            "[" => {
                let heads = self.heads && self.open.is_empty() && after_operand;
                let counts = heads && self.counts(index);
                self.open.push((heads && !counts) || after_number);
                if heads && !counts {
                    Part::UnitOpening
                } else {
                    Part::Opening
                }
            }
            ")" | "]" => {
                self.open.pop();
                if after_nabla {
                    Part::Carrier
                } else {
                    Part::Closing
                }
            }
            "|" if after_operand => Part::Closing,
            "|" => Part::Opening,
            "+" | "-" | "∪" | "∩" | "∖" | "\\" if after_operand => Part::Loose,
            "<" | ">" | "<=" | ">=" | "≤" | "≥" => Part::Loose,
            "+" | "-" | "°" => Part::Sign,
            "*" | "/" | "^" | "·" | "⋅" | "∙" | "×" | "⨯" => Part::Tight,
            "%" | "‰" => Part::Operand,
            "," => Part::Comma,
            ":" => Part::Colon,
            "=" => {
                self.heads &= !self.open.is_empty();
                Part::Equals
            }
            "." => Part::Dot,
            _ => Part::Brace,
        }
    }

    /// Whether `[100]` begins here rather than a unit.
    fn counts(&self, index: usize) -> bool {
        let coordinate = self.tokens.first().is_some_and(|it| it.text == "coord");
        let digits = self.tokens.get(index + 1).is_some_and(|next| {
            next.kind == TokenKind::Number && next.text.chars().all(|it| it.is_ascii_digit())
        });
        coordinate
            && digits
            && self.tokens.get(index + 2).is_some_and(|it| it.text == "]")
            && self.tokens[index - 1].kind == TokenKind::Word
    }
}
