//! Characters that a text should not hold: those that cannot be seen, and look-alikes from other keyboards.
//!
//! They come from word processors, web pages and chats. The grammar would only say that something unexpected stands
//! where a reader sees nothing, or sees what is right.

use super::scan::{Token, TokenKind};
use crate::diagnostic::Diagnostic;
use crate::source::{Source, Span};
use crate::syntax::Comment;
use crate::syntax::suggest::latin;

/// How much of a word a message shows.
const SHOWN: usize = 60;

/// A piece of the text as messages show it: on one line, not too long, and nothing that a terminal would obey.
pub(super) fn shown(text: &str) -> String {
    let mut shown = String::new();
    let mut gap = false;
    // What is written from every operand of a long formula to its beginning is asked for again and again: no more of it
    // is looked at than is shown.
    let mut letters = 0;
    for character in text.chars() {
        if character.is_whitespace() {
            gap = true;
            continue;
        }
        if letters > SHOWN {
            break;
        }
        letters += 1;
        if std::mem::take(&mut gap) && !shown.is_empty() {
            shown.push(' ');
        }
        if is_invisible(character) {
            shown.push_str(&code(character));
        } else {
            shown.push(character);
        }
    }
    if shown.chars().count() > SHOWN {
        shown = shown.chars().take(SHOWN).collect();
        shown.push('…');
    }
    shown
}

/// `U+202E`
fn code(character: char) -> String {
    format!("U+{:04X}", u32::from(character))
}

/// What turns the direction of the text around it, so that it is read otherwise than it looks.
fn turns(character: char) -> bool {
    matches!(character, '\u{061C}' | '\u{200E}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Control and format characters, fillers and variation selectors (Unicode categories Cc and Cf, and letters and
/// marks without a shape).
fn is_invisible(character: char) -> bool {
    character.is_control()
        || turns(character)
        || matches!(
            character,
            '\u{00AD}' | '\u{034F}' | '\u{115F}'..='\u{1160}' | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200D}'
            | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}'
            | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}'
        )
}

/// The first character of these tokens that should not stand there.
pub(super) fn check(source: &Source, tokens: &[Token]) -> Option<Diagnostic> {
    tokens.iter().enumerate().find_map(|(index, token)| {
        let quoted = matches!(token.kind, TokenKind::Text | TokenKind::OpenText);
        let start = token.span.range().start;
        // In a quoted text, joiners belong to the words of some scripts.
        let hidden = |it: char| {
            if quoted {
                turns(it) || it.is_control() && it != '\t'
            } else {
                is_invisible(it)
            }
        };
        if let Some((at, character)) = token.text.char_indices().find(|(_, it)| hidden(*it)) {
            return Some(invisible(character, start + at));
        }
        match token.kind {
            TokenKind::CurledText => Some(curled(token)),
            TokenKind::Word | TokenKind::Symbol => {
                fullwidth(source, tokens, index).or_else(|| mixed(token))
            }
            TokenKind::Partial => mixed(token),
            TokenKind::Number
            | TokenKind::Text
            | TokenKind::OpenText
            | TokenKind::Nabla
            | TokenKind::Raised => None,
        }
    })
}

/// The first character of a comment that turns the text around it.
pub(super) fn check_comment(comment: &Comment) -> Option<Diagnostic> {
    let start = comment.span.range().start;
    let found = comment.text.char_indices().find(|(_, it)| turns(*it));
    found.map(|(at, character)| invisible(character, start + at))
}

fn invisible(character: char, at: usize) -> Diagnostic {
    let what = match character {
        '\u{200B}' => ", a space without width",
        '\u{200C}' | '\u{200D}' | '\u{2060}' => ", a joiner without width",
        '\u{00AD}' => ", a soft hyphen",
        '\u{FE00}'..='\u{FE0F}' => ", a variation selector",
        _ if turns(character) => ", which turns the direction of the text",
        _ if character.is_control() => ", a control character",
        _ => "",
    };
    let span = Span::new(at, at + character.len_utf8());
    Diagnostic::error(
        "syntax",
        format!("an invisible character stands here, {}", code(character)),
        span,
        format!("{}{what}", code(character)),
    )
    .with_help("remove it")
    .with_edit(span, "")
}

/// `“Heat”`
fn curled(token: &Token) -> Diagnostic {
    let mut inside = token.text.chars();
    inside.next();
    inside.next_back();
    let straight = format!("\"{}\"", inside.as_str());
    Diagnostic::error(
        "syntax",
        "these are not the quotes of a text",
        token.span,
        "curled by a word processor",
    )
    .with_help(format!("write `{}`", shown(&straight)))
    .with_edit(token.span, straight)
}

/// `＝`, `（`, `１`: the characters of another keyboard, from here to the last of them.
fn fullwidth(source: &Source, tokens: &[Token], index: usize) -> Option<Diagnostic> {
    let narrow = |it: char| match u32::from(it) {
        code @ 0xFF01..=0xFF5E => char::from_u32(code - 0xFEE0).unwrap_or(it),
        0x3000 => ' ',
        _ => it,
    };
    let wide = |token: &&Token| token.text.chars().any(|it| narrow(it) != it);
    let first = tokens.get(index).filter(wide)?;
    let last = tokens[index..].iter().rfind(wide)?;
    let span = first.span.to(last.span);
    let replacement: String = source.slice(span).chars().map(narrow).collect();
    Some(
        Diagnostic::error(
            "syntax",
            format!("`{}` is written in wide characters", shown(first.text)),
            span,
            "characters of another keyboard",
        )
        .with_help(format!("write `{}`", shown(&replacement)))
        .with_edit(span, replacement),
    )
}

/// `u_хх` with a Latin `u` and Cyrillic `х`: a word of two scripts.
fn mixed(token: &Token) -> Option<Diagnostic> {
    let cyrillic = |it: char| matches!(it, '\u{400}'..='\u{52F}');
    let mut letters = token.text.chars().filter(|it| it.is_alphabetic());
    let alike = letters
        .clone()
        .filter(|it| cyrillic(*it))
        .all(|it| latin(it).is_some());
    if !letters.clone().any(cyrillic) || !letters.any(|it| it.is_ascii_alphabetic()) || !alike {
        return None;
    }
    let meant = |it: char| {
        if cyrillic(it) {
            latin(it).unwrap_or(it)
        } else {
            it
        }
    };
    let replacement: String = token.text.chars().map(meant).collect();
    Some(
        Diagnostic::error(
            "syntax",
            format!(
                "`{}` mixes Latin letters with Cyrillic ones that look alike",
                shown(token.text)
            ),
            token.span,
            "letters of two scripts",
        )
        .with_help(format!("write `{replacement}` in Latin letters"))
        .with_edit(token.span, replacement),
    )
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn nothing_that_a_terminal_obeys_is_shown() {
        assert_eq!(shown("u\u{202E}\u{1B}v"), "uU+202EU+001Bv");
        assert_eq!(shown("a\n  b"), "a b");
        assert_eq!(shown(&"x".repeat(100)).chars().count(), 61);
    }
}
