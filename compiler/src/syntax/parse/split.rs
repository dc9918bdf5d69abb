//! Cuts the tokens into declarations, so that a mistake in one does not hide the others.
//!
//! A declaration begins
//!
//! * at a keyword that opens one, outside all brackets, unless the line before it is unfinished
//!   (`field time(x)` is one declaration with a bad name);
//! * at such a keyword that is the first on its line, even inside brackets: then a bracket was left open.
//!   `initial = 256` in a `train` block is no declaration, so what follows must not be `=`, `,` or a
//!   closing bracket;
//! * at any other word, `∂_t` or `∇` that is the first on its line and follows a finished operand: there is no
//!   product by juxtaposition, so it can only be a misspelt keyword or an equation without one.

use super::scan::{Token, TokenKind, operand_ends};
use crate::syntax::keyword;

/// The declarations of a text, each a run of tokens that is not empty.
pub(in crate::syntax) fn split<'t, 'a>(tokens: &'t [Token<'a>]) -> Vec<&'t [Token<'a>]> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut open: Vec<&str> = Vec::new();
    let mut operand_ended = false;
    for (index, token) in tokens.iter().enumerate() {
        if index > start && begins(tokens, index, !open.is_empty(), operand_ended) {
            pieces.push(&tokens[start..index]);
            start = index;
            open.clear();
        }
        // `|` closes only what has begun.
        operand_ended = operand_ends(tokens, index) && (token.text != "|" || operand_ended);
        if token.kind == TokenKind::Symbol {
            match token.text {
                "(" | "[" | "{" => open.push(token.text),
                // A wrong closing bracket closes what it fits, so that one slip does not swallow the file.
                ")" => close(&mut open, "("),
                "]" => close(&mut open, "["),
                "}" => close(&mut open, "{"),
                _ => {}
            }
        }
    }
    if start < tokens.len() {
        pieces.push(&tokens[start..]);
    }
    pieces
}

fn close(open: &mut Vec<&str>, bracket: &str) {
    if let Some(position) = open.iter().rposition(|candidate| *candidate == bracket) {
        open.truncate(position);
    } else {
        open.pop();
    }
}

fn begins(tokens: &[Token], index: usize, inside: bool, operand_ended: bool) -> bool {
    let token = &tokens[index];
    if [TokenKind::Partial, TokenKind::Nabla].contains(&token.kind) {
        return !inside && token.opens_line && operand_ended;
    }
    if token.kind != TokenKind::Word {
        return false;
    }
    let before = &tokens[index - 1];
    let after = tokens.get(index + 1).map_or("", |next| next.text);
    let separated = before.span.end < token.span.start;
    // `unknown field k(x)`, `on walls, boundary: u = 0`
    let field_of_unknown = token.text == "field" && before.text == "unknown";
    let place =
        token.text == "boundary" && matches!(before.text, "on" | ",") && matches!(after, ":" | ",");
    if field_of_unknown || place {
        return false;
    }
    if keyword::opens(token.text) {
        let names_a_setting = matches!(after, "=" | "," | ")" | "]" | "}");
        if inside {
            return token.opens_line && !names_a_setting;
        }
        return token.opens_line || (separated && operand_ended);
    }
    !inside && token.opens_line && operand_ended && keyword::role(token.text).is_none()
}
