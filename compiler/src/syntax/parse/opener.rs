//! Puts into words what begins no declaration.

use super::character::shown;
use super::instead::value_of_a_function;
use super::outline::Outline;
use super::scan::{Token, TokenKind};
use crate::diagnostic::Diagnostic;
use crate::source::{Source, Span};
use crate::syntax::keyword::{self, KEYWORDS, Role};
use crate::syntax::suggest::nearest;

/// Words that other languages and papers begin with, and what is written here.
const SYNONYMS: [(&str, &str); 30] = [
    ("equation", "eq"),
    ("pde", "eq"),
    ("PDE", "eq"),
    ("ode", "eq"),
    ("ODE", "eq"),
    ("bc", "on"),
    ("BC", "on"),
    ("bcs", "on"),
    ("ic", "initial"),
    ("IC", "initial"),
    ("ics", "initial"),
    ("const", "let"),
    ("constant", "let"),
    ("def", "let"),
    ("define", "let"),
    ("var", "field"),
    ("variable", "field"),
    ("function", "field"),
    ("parameter", "param"),
    ("parameters", "param"),
    ("coordinate", "coord"),
    ("coordinates", "coord"),
    ("space", "coord"),
    ("title", "problem"),
    ("solution", "exact"),
    ("analytic", "exact"),
    ("data", "observe"),
    ("measure", "observe"),
    ("energy", "minimize"),
    ("loss", "minimize"),
];

/// Words that begin what is said in another form here.
const OTHERWISE: [(&str, &str); 9] = [
    ("vector", "a vector field is written `field v(x, y) in R^2`"),
    ("scalar", "a scalar field is written `field u(x, t)`"),
    (
        "complex",
        "a complex field is written `field psi(x, t) in C`",
    ),
    (
        "final",
        "values at the end of time are written `at t = 1: u = 0`",
    ),
    (
        "terminal",
        "values at the end of time are written `at t = 1: u = 0`",
    ),
    (
        "dirichlet",
        "a value on the boundary is written `on x = 0: u = 1`",
    ),
    (
        "Dirichlet",
        "a value on the boundary is written `on x = 0: u = 1`",
    ),
    (
        "neumann",
        "a slope on the boundary is written `on x = 0: u_n = 0`",
    ),
    (
        "Neumann",
        "a slope on the boundary is written `on x = 0: u_n = 0`",
    ),
];

/// An error for a declaration that begins with no keyword.
pub(super) fn unknown_opener(source: &Source, tokens: &[Token], outline: &Outline) -> Diagnostic {
    let Some(first) = tokens.first() else {
        return Diagnostic::error("syntax", "expected a declaration", Span::new(0, 0), "");
    };
    if let Some(Role::Reserved(instead)) = keyword::role(first.text) {
        return Diagnostic::error(
            "unknown-keyword",
            format!("`{}` does not begin a declaration", first.text),
            first.span,
            "a reserved word without a form of its own",
        )
        .with_help(instead);
    }
    let text = |index: usize| tokens.get(index).map_or("", |token| token.text);
    let double = first.text == "/" && matches!(text(1), "/" | "*");
    if double || first.text == "%" {
        let end = if double { tokens[1].span } else { first.span };
        let span = first.span.to(end);
        return Diagnostic::error(
            "syntax",
            "comments begin with `#`",
            span,
            "not a comment here",
        )
        .with_help("write `#`; a comment goes to the end of the line")
        .with_edit(span, "#");
    }
    let diagnostic = Diagnostic::error(
        "unknown-keyword",
        format!("`{}` does not begin a declaration", shown(first.text)),
        first.span,
        "expected a keyword such as `eq`, `on` or `let`",
    );
    let is_word = first.kind == TokenKind::Word;
    let has_sign = |sign: &str| tokens.iter().any(|token| token.text == sign);
    // `u_t = u_xx` lacks its keyword, however near `u_t` is to one.
    let is_formula = matches!(text(1), "=" | "+" | "-" | "*" | "/" | "^");
    let otherwise = OTHERWISE.iter().find(|(word, _)| *word == first.text);
    if let Some((_, form)) = otherwise.filter(|_| is_word && !is_formula) {
        return diagnostic.with_help(*form);
    }
    let openers = KEYWORDS
        .iter()
        .filter(|(_, role)| matches!(role, Role::Opens(_)));
    let openers: Vec<&str> = openers.map(|(word, _)| *word).collect();
    let synonym = SYNONYMS.iter().find(|(word, _)| *word == first.text);
    let meant = nearest(first.text, openers.iter().copied())
        .or_else(|| synonym.map(|(_, meant)| *meant))
        .filter(|_| is_word && !is_formula);
    let called = text(1) == "("
        && outline
            .arguments(first.text.split('_').next().unwrap_or(""))
            .is_some();
    if let Some(meant) = meant.filter(|_| !called) {
        // `bc: u = 0`
        let meant = if meant == "on" && text(1) == ":" {
            "on boundary"
        } else {
            meant
        };
        return diagnostic
            .with_help(format!("did you mean `{meant}`?"))
            .with_edit(first.span, meant);
    }
    if is_word && has_sign("=") && text(1) == "(" {
        let diagnostic = diagnostic.with_note(
            "A field is written without its arguments; where an equation holds is said in front.",
        );
        if let Some(meant) = value_of_a_function(source, tokens, outline, &diagnostic) {
            return meant;
        }
        return diagnostic.with_help(format!(
            "a condition is written `on x = 0: {} = 1`",
            shown(first.text)
        ));
    }
    let diagnostic = diagnostic.with_note(
        "Every declaration begins with a keyword; a formula goes on only after an operator or inside brackets.",
    );
    let differentiates = matches!(first.kind, TokenKind::Nabla | TokenKind::Partial);
    if (is_word || differentiates || first.text == "(") && has_sign("=") {
        let start = first.span.range().start;
        let name = shown(first.text);
        if is_word && text(1) == ":" {
            return diagnostic
                .with_help(format!(
                    "an equation with a label is written `eq {name}: …`"
                ))
                .with_edit(Span::new(start, start), "eq ");
        }
        if is_word && text(1) == "=" && !first.text.contains('_') {
            return diagnostic.with_help(format!(
                "a number is declared with `param {name} = …`, an abbreviation with `let {name} = …`; an equation is \
                 written `eq {name} = …`, an initial value `initial {name} = …`"
            ));
        }
        return diagnostic
            .with_help("an equation is written `eq u_t = u_xx`, an abbreviation `let k = 2*pi`")
            .with_edit(Span::new(start, start), "eq ");
    }
    diagnostic.with_help(format!("declarations begin with {}", openers.join(", ")))
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
