//! Recognises the parts of the whole language that are not read yet, so that they are named as such.

use super::explain::Refusal;
use super::grammar::Rule;
use super::scan::{Token, TokenKind};
use crate::diagnostic::Diagnostic;
use crate::syntax::keyword::Opener;
use crate::syntax::not_supported_yet;

/// Shapes of which domains will be made.
const SHAPES: [&str; 9] = [
    "interval",
    "rectangle",
    "box",
    "disk",
    "ellipse",
    "annulus",
    "ball",
    "polygon",
    "cylinder",
];

impl Refusal<'_, '_> {
    /// Constructs of the whole language that are not read yet.
    pub(super) fn later(
        &self,
        at: usize,
        found: &Token,
        before: Option<&Token>,
    ) -> Option<Diagnostic> {
        let next = self.tokens.get(at + 1);
        let after_operand = before.is_some_and(Token::ends_operand);
        let after_number = before.is_some_and(|token| token.kind == TokenKind::Number);
        let next_text = next.map_or("", |token| token.text);
        let what = match found.text {
            "∇" | "∂" | "∆" => "derivatives written with `∇` and `∂`",
            "∫" => "integrals",
            "∪" | "∩" | "∖" | "\\" => "regions made of shapes",
            "." if after_operand => "components of vectors (`v.x`)",
            "[" if after_operand => {
                let index = next.is_some_and(|token| token.kind == TokenKind::Number);
                let after_name = before.is_some_and(|token| token.kind == TokenKind::Word);
                let declared =
                    self.opener == Some(Opener::Coordinates) || self.opener == Some(Opener::Time);
                if !after_number && after_name && (index || !declared) {
                    "indexed coordinates (`coord x[100]`, `x[1]`)"
                } else {
                    "units (`[m]`, `[m/s]`)"
                }
            }
            "in" if self.opener == Some(Opener::Field) && next_text == "C" => {
                "complex fields (`in C`)"
            }
            "in" if self.opener == Some(Opener::Field) => "vector fields (`in R^2`)",
            "in" if after_operand => "equations on a part of the domain (`eq … in solid`)",
            ":" | ","
                if self.opener == Some(Opener::Condition)
                    && self.expects(Rule::equals)
                    && at == 2 =>
            {
                let part = before?;
                return Some(not_supported_yet(
                    "named parts of the boundary (`on walls: …`)",
                    part.span,
                ));
            }
            "," | "=" if self.makes_shape() => "regions made of shapes (`rectangle`, `disk`, …)",
            "," if self.expects(Rule::paren_close) && self.opener != Some(Opener::Train) => {
                "vectors (`(a, b)`)"
            }
            _ => return None,
        };
        Some(not_supported_yet(what, found.span))
    }

    fn makes_shape(&self) -> bool {
        self.opener == Some(Opener::Definition)
            && self
                .tokens
                .windows(2)
                .any(|pair| SHAPES.contains(&pair[0].text) && pair[1].text == "(")
    }
}
