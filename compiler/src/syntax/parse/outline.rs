//! What a file declares, as far as its tokens say: for mends that need more than the declaration at hand.
//!
//! * Input: the tokens of all declarations, correct or not.
//! * Output: an [`Outline`]. What cannot be read is not in it.

use super::scan::{Token, TokenKind};
use crate::syntax::keyword;

/// Names that a file declares.
#[derive(Default)]
pub(super) struct Outline<'a> {
    /// Directions of space.
    pub coordinates: Vec<&'a str>,
    /// The time, and where it begins as written.
    pub time: Option<(&'a str, String)>,
    /// The fields and the coordinates that each depends on.
    pub fields: Vec<(&'a str, Vec<&'a str>)>,
}

impl<'a> Outline<'a> {
    /// The names that these declarations declare.
    pub(super) fn new(pieces: &[&[Token<'a>]]) -> Self {
        let mut outline = Self::default();
        for piece in pieces {
            let [keyword, rest @ ..] = piece else {
                continue;
            };
            match keyword.text {
                "coord" => outline.coordinates.extend(names(rest, 0)),
                "time" => {
                    let name = rest.first().filter(|it| it.kind == TokenKind::Word);
                    let open = rest.iter().position(|it| it.text == "[");
                    let comma = rest.iter().position(|it| it.text == ",");
                    if let (Some(name), Some(open), Some(comma)) = (name, open, comma)
                        && open < comma
                    {
                        let low = rest[open + 1..comma].iter().map(|it| it.text);
                        outline.time = Some((name.text, low.collect()));
                    }
                }
                "field" => {
                    if let [name, open, rest @ ..] = rest
                        && name.kind == TokenKind::Word
                        && open.text == "("
                    {
                        outline.fields.push((name.text, names(rest, 1)));
                    }
                }
                _ => {}
            }
        }
        outline
    }

    /// The coordinates that a field depends on.
    pub(super) fn arguments(&self, field: &str) -> Option<&[&'a str]> {
        let found = self.fields.iter().find(|(name, _)| *name == field);
        found.map(|(_, arguments)| arguments.as_slice())
    }
}

/// The names between commas, up to `in` or to the bracket that closes what was open.
fn names<'a>(tokens: &[Token<'a>], mut depth: usize) -> Vec<&'a str> {
    let mut names = Vec::new();
    let least = depth;
    let mut due = true;
    for token in tokens {
        match token.text {
            "(" | "[" => depth += 1,
            ")" | "]" if depth == least => break,
            ")" | "]" => depth -= 1,
            "in" if depth == least => break,
            "," if depth == least => due = true,
            text if due && token.kind == TokenKind::Word && keyword::role(text).is_none() => {
                names.push(text);
                due = false;
            }
            _ => {}
        }
    }
    names
}

/// A name with a subscript: `u_x`, `u_xx`, `u_{theta theta}`.
pub(super) fn subscripted(name: &str, by: &str, order: usize) -> String {
    let joint = if name.contains('_') { "" } else { "_" };
    if by.chars().count() == 1 {
        format!("{name}{joint}{}", by.repeat(order))
    } else if order == 1 && joint == "_" {
        format!("{name}_{by}")
    } else {
        format!("{name}_{{{}}}", vec![by; order].join(" "))
    }
}
