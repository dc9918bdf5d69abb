//! Signs that are missing between two operands: `,`, `:`, `*`, and the parentheses of a call.

use super::character::shown;
use super::explain::Refusal;
use super::grammar::Rule;
use super::scan::{Token, TokenKind};
use crate::diagnostic::Diagnostic;
use crate::function::FUNCTIONS;
use crate::source::Span;
use crate::syntax::keyword::{self, Opener};

/// Operators of vector calculus as they are called, and what is written here.
const CALCULUS: [(&str, &str); 14] = [
    ("laplacian", "laplacian"),
    ("Laplacian", "laplacian"),
    ("Laplace", "laplacian"),
    ("laplace", "laplacian"),
    ("lap", "laplacian"),
    ("grad", "grad"),
    ("Grad", "grad"),
    ("gradient", "grad"),
    ("div", "div"),
    ("Div", "div"),
    ("divergence", "div"),
    ("curl", "curl"),
    ("Curl", "curl"),
    ("rot", "curl"),
];

/// Libraries of other languages whose functions are named with them.
const MODULES: [&str; 9] = [
    "np", "numpy", "math", "Math", "jnp", "torch", "tf", "cmath", "sp",
];

impl Refusal<'_, '_> {
    /// Two names of a list with nothing between them.
    pub(super) fn missing_comma(
        &self,
        found: &Token,
        before: Option<&Token>,
    ) -> Option<Diagnostic> {
        let before =
            before.filter(|before| before.kind == TokenKind::Word && before.ends_operand())?;
        let listed = self.expects(Rule::comma) && !self.expects(Rule::operator);
        let name = found.kind == TokenKind::Word && found.ends_operand();
        let gap = Span::new(before.span.range().end, found.span.range().start);
        (listed && name).then(|| self.missing_between(",", before, found, gap))
    }

    /// Two operands with nothing between them.
    pub(super) fn juxtaposition(
        &self,
        at: usize,
        found: &Token,
        before: Option<&Token>,
    ) -> Option<Diagnostic> {
        let before = before?;
        let begins_operand = match found.kind {
            TokenKind::Word => keyword::role(found.text).is_none(),
            TokenKind::Number | TokenKind::Partial | TokenKind::Nabla => true,
            TokenKind::Text | TokenKind::OpenText | TokenKind::CurledText | TokenKind::Raised => {
                false
            }
            TokenKind::Symbol => found.text == "(",
        };
        if !self.expects(Rule::operator) || !before.ends_operand() || !begins_operand {
            return None;
        }
        let habit = self
            .foreign_word(at.checked_sub(1)?, before)
            .or_else(|| self.hexadecimal(before, found))
            .or_else(|| self.call_without_parentheses(at, before))
            .or_else(|| self.raised_function(at, before))
            .or_else(|| self.raised_nabla(at, before))
            .or_else(|| self.advection_without_dot(at, found, before));
        if habit.is_some() {
            return habit;
        }
        if let Some(foreign) = self.foreign_word(at, found) {
            return Some(foreign);
        }
        if let Some(apart) = self.arguments_without_comma(at, before, found) {
            return Some(apart);
        }
        if before.text == "integral" {
            return Some(
                Diagnostic::error(
                    "syntax",
                    "an integral is a function of what is integrated and over what",
                    before.span.to(found.span),
                    "without parentheses",
                )
                .with_help("write for instance `integral(u^2, x)`, where `∫ u² dx` is meant"),
            );
        }
        let gap = Span::new(before.span.range().end, found.span.range().start);
        let labelled = [
            Some(Opener::Equation),
            Some(Opener::Minimize),
            Some(Opener::Constraint),
        ];
        let derives = matches!(found.kind, TokenKind::Partial | TokenKind::Nabla);
        // A word of three letters before `∂_t u` is a label rather than a factor.
        let named = found.kind == TokenKind::Word || (derives && before.text.chars().count() > 2);
        // `2 u_xx` lacks a sign; a number is no label.
        let label = named && before.kind == TokenKind::Word;
        if labelled.contains(&self.opener) && at == 2 && label {
            return Some(self.missing_between(":", before, found, gap));
        }
        let begins_place = self.text(at + 1) == "=";
        if self.opener == Some(Opener::Condition)
            && self.expects(Rule::comma)
            && begins_place
            && self.has_colon(at)
        {
            return Some(self.missing_between(",", before, found, gap));
        }
        let placed = [Some(Opener::Condition), Some(Opener::At)].contains(&self.opener);
        if placed && !self.has_colon(0) {
            return Some(self.missing_between(":", before, found, gap));
        }
        if let Some(number) = self.not_a_number(before, found, gap) {
            return Some(number);
        }
        if before.kind == TokenKind::Number
            && gap.start == gap.end
            && ["i", "j", "I", "J", "im"].contains(&found.text)
        {
            // `1j`, `2.5i`
            let written = if before.text == "1" {
                "i".to_owned()
            } else {
                format!("{}*i", before.text)
            };
            return Some(super::explain::replace(
                "the imaginary unit is `i`, and a product is written with `*`",
                before.span.to(found.span),
                "an imaginary number",
                &written,
            ));
        }
        let second = match self.tokens.get(at + 1) {
            Some(operand) if derives => self.source.slice(found.span.to(operand.span)),
            Some(_) | None => found.text,
        };
        // `²` alone is no factor: `k²u`.
        let first = match (
            before.kind,
            at.checked_sub(2).and_then(|base| self.tokens.get(base)),
        ) {
            (TokenKind::Raised, Some(base)) => self.source.slice(base.span.to(before.span)),
            _ => before.text,
        };
        let diagnostic = Diagnostic::error(
            "syntax",
            format!(
                "nothing stands between `{}` and `{}`",
                shown(first),
                shown(found.text)
            ),
            before.span.to(found.span),
            "an operator is missing here",
        )
        .with_note("A product is always written with `*`.");
        Some(if self.reads(gap, "*") {
            diagnostic
                .with_help(format!("write `{}*{}`", shown(first), shown(second)))
                .with_edit(gap, "*")
        } else {
            diagnostic.with_help("put an operator between each two operands, or remove what is not part of the formula")
        })
    }

    /// `0.0.1`, `0..1`
    fn not_a_number(&self, before: &Token, found: &Token, gap: Span) -> Option<Diagnostic> {
        if found.kind != TokenKind::Number || gap.start != gap.end {
            return None;
        }
        let whole = before.span.to(found.span);
        if before.kind != TokenKind::Number {
            return None;
        }
        let written = self.source.slice(whole);
        if let Some(sum) = self.range_of_a_sum(found) {
            return Some(sum);
        }
        if let Some((low, high)) = written.split_once("..") {
            let message = format!("`{}` is not a number", shown(written));
            let comma = format!("{low}, {high}");
            return Some(super::explain::replace(
                message,
                whole,
                "the ends of an interval stand apart",
                &comma,
            ));
        }
        Some(
            Diagnostic::error(
                "syntax",
                format!("`{}` is not a number", shown(written)),
                whole,
                "a number has one decimal point",
            )
            .with_help("remove one of the points"),
        )
    }

    /// `0x10`
    fn hexadecimal(&self, before: &Token, found: &Token) -> Option<Diagnostic> {
        let digits = found.text.strip_prefix(['x', 'X'])?;
        let adjacent = before.text == "0" && before.span.end == found.span.start;
        let value = u64::from_str_radix(digits, 16).ok().filter(|_| adjacent)?;
        Some(super::explain::replace(
            "numbers are written with ten digits",
            before.span.to(found.span),
            "a number of another language",
            &value.to_string(),
        ))
    }

    /// `max(1 x)`; `d(u, theta theta)`, where coordinates are listed.
    fn arguments_without_comma(
        &self,
        at: usize,
        before: &Token,
        found: &Token,
    ) -> Option<Diagnostic> {
        let mut depth = 0usize;
        let mut commas = 0;
        let open = (0..at).rev().find(|&index| {
            match self.text(index) {
                ")" => depth += 1,
                "(" if depth > 0 => depth -= 1,
                "(" => return true,
                "," if depth == 0 => commas += 1,
                _ => {}
            }
            false
        })?;
        let written = match self.text(open.checked_sub(1)?) {
            "d" if commas > 0 && before.text == found.text => format!("{}, 2", before.text),
            "d" if commas > 0 => format!("{}, {}", before.text, found.text),
            "max" | "min" | "dot" | "cross" | "inner" | "outer"
                if commas == 0 && !self.comma_follows(at) =>
            {
                format!("{}, {}", before.text, found.text)
            }
            _ => return None,
        };
        Some(super::explain::replace(
            "a comma stands between two arguments",
            before.span.to(found.span),
            "there is none here",
            &written,
        ))
    }

    /// Whether another argument of the same call follows.
    fn comma_follows(&self, at: usize) -> bool {
        let mut depth = 0usize;
        for index in at..self.tokens.len() {
            match self.text(index) {
                "(" => depth += 1,
                ")" if depth == 0 => return false,
                ")" => depth -= 1,
                "," if depth == 0 => return true,
                _ => {}
            }
        }
        false
    }

    /// `np` of `np.sin(x)`, where the function ends before `at`.
    fn module_before(&self, at: usize) -> Option<&Token<'_>> {
        let (module, dot) = (at.checked_sub(3)?, at.checked_sub(2)?);
        let is_call = self.text(at) == "(" && self.text(dot) == ".";
        let module = self.tokens.get(module).filter(|_| is_call)?;
        MODULES.contains(&module.text).then_some(module)
    }

    /// `sin pi*x`, `Laplace u`
    fn call_without_parentheses(&self, at: usize, before: &Token) -> Option<Diagnostic> {
        if let Some(module) = self.module_before(at) {
            return Some(super::explain::replace(
                "functions stand by themselves, without the name of a library",
                module.span.to(before.span),
                "of another language",
                before.text,
            ));
        }
        let mut names = FUNCTIONS.iter().map(|(name, _)| *name);
        let calculus = CALCULUS.iter().find(|(name, _)| *name == before.text);
        let (name, last) = match calculus {
            Some((_, name)) => (*name, self.tokens.get(at)?),
            None => (
                names.find(|name| *name == before.text)?,
                self.product_end(at)?,
            ),
        };
        let argument = self.source.slice(self.tokens.get(at)?.span.to(last.span));
        let span = before.span.to(last.span);
        let call = format!("{name}({argument})");
        Some(
            Diagnostic::error(
                "syntax",
                format!("`{}` is called without parentheses", shown(before.text)),
                span,
                "of what, and how far does it reach?",
            )
            .with_help(format!("write `{}`", shown(&call)))
            .with_edit(span, call),
        )
    }

    /// The name before the exponent that ends before `at`, and the exponent: `sin` and `2` of `sin^2(x)`.
    fn raised_name(&self, at: usize, before: &Token) -> Option<(&Token<'_>, String)> {
        let (name, power) = match before.kind {
            TokenKind::Raised => (at.checked_sub(2)?, super::part::lowered(before.text)),
            _ if at >= 3 && self.text(at - 2) == "^" => (at - 3, before.text.to_owned()),
            _ => return None,
        };
        Some((self.tokens.get(name)?, power))
    }

    /// `sin^2(x)`
    fn raised_function(&self, at: usize, before: &Token) -> Option<Diagnostic> {
        let (name, power) = self.raised_name(at, before)?;
        let is_function = FUNCTIONS.iter().any(|(function, _)| *function == name.text);
        if !is_function || self.text(at) != "(" {
            return None;
        }
        let mut depth = 0_usize;
        let close = self.tokens.iter().skip(at).find(|token| {
            depth += usize::from(token.text == "(");
            depth -= usize::from(token.text == ")" && depth > 0);
            depth == 0
        })?;
        let span = name.span.to(close.span);
        let argument = self.source.slice(self.tokens.get(at)?.span.to(close.span));
        let written = format!("{}{argument}^{power}", name.text);
        Some(super::explain::replace(
            format!("the power of `{}` stands behind its argument", name.text),
            span,
            "a function has no power, its value has",
            &written,
        ))
    }

    /// `nabla^2 u`
    fn raised_nabla(&self, at: usize, before: &Token) -> Option<Diagnostic> {
        let (name, power) = self.raised_name(at, before)?;
        let meant = ["nabla", "Nabla", "grad"].contains(&name.text) && power == "2";
        let span = name.span.to(before.span);
        let written = shown(self.source.slice(span));
        meant.then(|| {
            super::explain::replace(
                format!("the Laplacian is not written `{written}`"),
                span,
                "not a sign of this language",
                "∇²",
            )
        })
    }

    /// `(v∇)v`
    fn advection_without_dot(
        &self,
        at: usize,
        found: &Token,
        before: &Token,
    ) -> Option<Diagnostic> {
        if found.text != "∇" || self.text(at + 1) != ")" {
            return None;
        }
        let gap = Span::new(before.span.range().end, found.span.range().start);
        Some(
            Diagnostic::error(
                "syntax",
                format!("expected `·` after `{}`", shown(before.text)),
                before.span.to(found.span),
                "what carries is multiplied by the gradient",
            )
            .with_help(format!("write `({}·∇)`", shown(before.text)))
            .with_edit(gap, "·"),
        )
    }

    /// Whether a `(` is open at a token.
    pub(super) fn is_inside_brackets(&self, at: usize) -> bool {
        let before = self.tokens.iter().take(at);
        let depth = before.fold(0_usize, |depth, token| match token.text {
            "(" => depth + 1,
            ")" => depth.saturating_sub(1),
            _ => depth,
        });
        depth > 0
    }

    /// The last token of the product that begins at `start`.
    fn product_end(&self, start: usize) -> Option<&Token<'_>> {
        let mut depth = 0_usize;
        let mut end = start;
        for (index, token) in self.tokens.iter().enumerate().skip(start) {
            match token.text {
                "(" | "[" => depth += 1,
                ")" | "]" if depth > 0 => depth -= 1,
                ")" | "]" | "=" | "," | ":" | "|" | "<" | ">" | "<=" | ">=" if depth == 0 => break,
                "+" | "-"
                    if depth == 0 && index > start && self.tokens[index - 1].ends_operand() =>
                {
                    break;
                }
                _ if depth == 0 && keyword::role(token.text).is_some() => break,
                _ => {}
            }
            end = index;
        }
        self.tokens.get(end)
    }

    pub(super) fn has_colon(&self, from: usize) -> bool {
        self.tokens.iter().skip(from).any(|token| token.text == ":")
    }

    fn missing_between(&self, sign: &str, before: &Token, found: &Token, gap: Span) -> Diagnostic {
        self.with_form(
            Diagnostic::error(
                "syntax",
                format!("expected `{sign}` after `{}`", shown(before.text)),
                before.span.to(found.span),
                format!("a `{sign}` is missing here"),
            )
            .with_edit(gap, format!("{sign} ")),
        )
    }
}
