//! Reads the tokens of one declaration: asks the grammar, and turns what it found into the tree.

use super::brackets;
use super::character;
use super::explain::Refusal;
use super::grammar::{Grammar, Rule};
use super::opener::{unclosed_text, unknown_opener};
use super::outline::Outline;
use super::scan::{Token, TokenKind};
use crate::arena::Arena;
use crate::diagnostic::Diagnostic;
use crate::source::{Source, Span};
use crate::syntax::keyword::{self, Opener, Role};
use crate::syntax::{Declaration, Expression, Name, Setting, Text};
use pest::Parser;
use pest::error::{ErrorVariant, InputLocation};
use pest::iterators::Pair;

/// Reads the tokens of one declaration.
pub(super) struct Reader<'r, 'a> {
    pub(super) source: &'a Source,
    tokens: &'r [Token<'a>],
    /// What the whole file declares.
    outline: &'r Outline<'a>,
    /// Where the text that the grammar sees begins in the source.
    base: usize,
    pub(super) expressions: &'r mut Arena<Expression>,
    /// Mistakes that the grammar does not see.
    pub(super) errors: Vec<Diagnostic>,
}

impl<'r, 'a> Reader<'r, 'a> {
    /// A reader of these tokens.
    pub(super) fn new(
        source: &'a Source,
        tokens: &'r [Token<'a>],
        outline: &'r Outline<'a>,
        expressions: &'r mut Arena<Expression>,
    ) -> Self {
        Self {
            source,
            tokens,
            outline,
            base: tokens.first().map_or(0, |token| token.span.range().start),
            expressions,
            errors: Vec::new(),
        }
    }

    /// Reads them as a declaration.
    pub(super) fn declaration(&mut self) -> Result<Declaration, Vec<Diagnostic>> {
        let Some(keyword) = self.tokens.first() else {
            return Err(Vec::new());
        };
        if let Some(error) = character::check(self.source, self.tokens) {
            return Err(vec![error]);
        }
        let opener = match keyword::role(keyword.text) {
            Some(Role::Opens(opener)) => opener,
            Some(Role::Connects | Role::Operand | Role::Reserved(_)) | None => {
                return Err(vec![unknown_opener(self.source, self.tokens, self.outline)]);
            }
        };
        let pair = self.parse(rule(opener), Some(opener))?;
        let kind = self.kind(opener, &pair);
        self.finish(kind.map(|kind| Declaration {
            kind,
            keyword: keyword.span,
            span: self.whole(),
        }))
    }

    /// Reads them as an assignment of the command line.
    pub(super) fn assignment(&mut self) -> Result<Setting, Vec<Diagnostic>> {
        if let Some(error) = character::check(self.source, self.tokens) {
            return Err(vec![error]);
        }
        let pair = self.parse(Rule::assignment, None)?;
        let setting = self.setting(&pair);
        self.finish(setting)
    }

    pub(super) fn names(&self, pair: &Pair<Rule>, rule: Rule) -> Vec<Name> {
        children(pair, rule).map(|name| self.name(&name)).collect()
    }

    pub(super) fn identifier(&self, pair: &Pair<Rule>) -> Option<Name> {
        Some(self.name(&child(pair, Rule::identifier)?))
    }

    pub(super) fn name(&self, pair: &Pair<Rule>) -> Name {
        Name {
            text: pair.as_str().to_owned(),
            span: self.span(pair),
        }
    }

    pub(super) fn text(&self, pair: &Pair<Rule>) -> Text {
        Text {
            text: pair.as_str().trim_matches('"').to_owned(),
            span: self.span(pair),
        }
    }

    /// The place of a pair in the source; the grammar sees only this declaration.
    pub(super) fn span(&self, pair: &Pair<Rule>) -> Span {
        let start = self.base + pair.as_span().start();
        // A rule that ends in something optional has looked for it behind the white space.
        Span::new(start, start + pair.as_str().trim_end().len())
    }

    fn whole(&self) -> Span {
        match (self.tokens.first(), self.tokens.last()) {
            (Some(first), Some(last)) => first.span.to(last.span),
            (None, _) | (_, None) => Span::new(0, 0),
        }
    }

    fn parse(&self, rule: Rule, opener: Option<Opener>) -> Result<Pair<'a, Rule>, Vec<Diagnostic>> {
        let open = self
            .tokens
            .iter()
            .find(|token| token.kind == TokenKind::OpenText);
        if let Some(token) = open {
            return Err(vec![unclosed_text(token)]);
        }
        if let Some(error) = brackets::check(self.tokens) {
            return Err(vec![error]);
        }
        let refused = |offset: usize, expected: &[Rule]| {
            let refusal = Refusal {
                source: self.source,
                tokens: self.tokens,
                outline: self.outline,
                opener,
                offset: self.base + offset,
                expected,
            };
            vec![refusal.explain()]
        };
        match Grammar::parse(rule, self.source.slice(self.whole())) {
            Ok(mut pairs) => pairs.next().ok_or_else(|| refused(0, &[])),
            Err(error) => {
                let offset = match error.location {
                    InputLocation::Pos(offset) | InputLocation::Span((offset, _)) => offset,
                };
                match error.variant {
                    ErrorVariant::ParsingError { positives, .. } => {
                        Err(refused(offset, &positives))
                    }
                    ErrorVariant::CustomError { .. } => Err(refused(offset, &[])),
                }
            }
        }
    }

    fn finish<T>(&mut self, read: Option<T>) -> Result<T, Vec<Diagnostic>> {
        match read {
            Some(read) if self.errors.is_empty() => Ok(read),
            Some(_) => Err(std::mem::take(&mut self.errors)),
            // The grammar accepted what this file does not know: the two have drifted apart.
            None if self.errors.is_empty() => Err(vec![Diagnostic::error(
                "syntax",
                "this declaration could not be read",
                self.whole(),
                "",
            )]),
            None => Err(std::mem::take(&mut self.errors)),
        }
    }
}

/// The first child of a pair that was read by this rule.
pub(super) fn child<'a>(pair: &Pair<'a, Rule>, rule: Rule) -> Option<Pair<'a, Rule>> {
    children(pair, rule).next()
}

/// The children of a pair that were read by this rule.
pub(super) fn children<'a>(
    pair: &Pair<'a, Rule>,
    rule: Rule,
) -> impl Iterator<Item = Pair<'a, Rule>> + use<'a> {
    pair.clone()
        .into_inner()
        .filter(move |inner| inner.as_rule() == rule)
}

/// The rule by which a declaration is read.
pub(super) fn rule(opener: Opener) -> Rule {
    match opener {
        Opener::Title => Rule::title,
        Opener::Coordinates => Rule::coordinates,
        Opener::Time => Rule::time,
        Opener::Field => Rule::field,
        Opener::Parameter => Rule::parameter,
        Opener::Unknown => Rule::unknown,
        Opener::Definition => Rule::definition,
        Opener::Domain => Rule::domain,
        Opener::Boundary => Rule::boundary,
        Opener::Equation => Rule::law,
        Opener::Initial => Rule::initial,
        Opener::At => Rule::instant,
        Opener::Condition => Rule::condition,
        Opener::Periodic => Rule::periodic,
        Opener::Exact => Rule::exact,
        Opener::Manufactured => Rule::manufactured,
        Opener::Reference => Rule::reference,
        Opener::Observe => Rule::observe,
        Opener::Minimize => Rule::minimize,
        Opener::Constraint => Rule::constraint,
        Opener::Train => Rule::train,
    }
}
