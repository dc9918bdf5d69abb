//! Checks that brackets pair up, before the grammar is asked.
//!
//! The grammar would say where it gave up, which is rarely where the bracket is missing; and it recurses
//! into brackets, so their depth must be bounded first.

use super::scan::{Token, TokenKind, operand_ends};
use crate::diagnostic::Diagnostic;
use crate::source::Span;

/// How deep brackets may nest.
pub(super) const LIMIT: usize = 256;

/// The first mistake in the brackets of one declaration.
///
/// `|` opens where an operand is due and closes where one has ended.
pub(super) fn check(tokens: &[Token]) -> Option<Diagnostic> {
    let mut open: Vec<&Token> = Vec::new();
    let mut operand_ended = false;
    for (index, token) in tokens.iter().enumerate() {
        let mut ended = operand_ends(tokens, index);
        if token.kind == TokenKind::Symbol {
            match token.text {
                "(" | "[" | "{" => open.push(token),
                "|" if !operand_ended => {
                    open.push(token);
                    ended = false;
                }
                ")" | "]" | "}" | "|" => match open.pop() {
                    Some(opener) if closing(opener.text) == token.text => {}
                    opener => return Some(mismatch(opener, token, &open)),
                },
                _ => {}
            }
        }
        if open.len() > LIMIT {
            return Some(
                Diagnostic::error(
                    "too-deeply-nested",
                    format!("brackets are nested more than {LIMIT} deep"),
                    token.span,
                    "too deep from here on",
                )
                .with_note(
                    "Formulas are read with a bounded amount of memory, however they were made.",
                )
                .with_help("name an inner part with `let` and use the name"),
            );
        }
        operand_ended = ended;
    }
    let mut error = never_closed(open.last()?);
    // Where one bracket is missing and the text ends, that is where it belongs more often than not.
    if let ([opener], Some(last)) = (open.as_slice(), tokens.last()) {
        let end = last.span.range().end;
        error = error.with_edit(Span::new(end, end), closing(opener.text));
    }
    Some(error)
}

fn closing(opener: &str) -> &'static str {
    match opener {
        "(" => ")",
        "[" => "]",
        "{" => "}",
        _ => "|",
    }
}

fn mismatch(opener: Option<&Token>, token: &Token, outer: &[&Token]) -> Diagnostic {
    let Some(opener) = opener else {
        return Diagnostic::error(
            "syntax",
            format!("this `{}` closes nothing", token.text),
            token.span,
            "no bracket is open here",
        )
        .with_help("remove it, or open the bracket where it should begin")
        .with_edit(token.span, "");
    };
    // When the closing bracket fits one further out, the inner one was forgotten rather than mistyped.
    if token.text == "|" || outer.iter().any(|outer| closing(outer.text) == token.text) {
        return never_closed(opener);
    }
    let wanted = closing(opener.text);
    Diagnostic::error(
        "syntax",
        format!("`{}` is closed by `{}`", opener.text, token.text),
        token.span,
        format!("expected `{wanted}` here"),
    )
    .with_label(opener.span, "opened here")
    .with_help(format!("write `{wanted}`"))
    .with_edit(token.span, wanted)
}

fn never_closed(opener: &Token) -> Diagnostic {
    Diagnostic::error(
        "syntax",
        format!("this `{}` is never closed", opener.text),
        opener.span,
        "opened here",
    )
    .with_help(format!("add the missing `{}`", closing(opener.text)))
}
