//! From text to [`Document`].
//!
//! * Input: a [`Source`], any bytes.
//! * Output: a [`Document`], or every syntax error that could be found, in words.
//! * Invariant: time is linear in the length of the text, and stack use is bounded: brackets nest at most
//!   [`brackets::LIMIT`] deep, and nothing else recurses.
//!
//! The text is scanned into tokens ([`scan()`]), cut into declarations ([`split()`]), and each declaration is
//! checked for its brackets ([`brackets`]) and read by the grammar on its own ([`reader`]); what it finds becomes
//! the tree ([`declaration`], [`part`], [`mod@unit`], [`expression`], [`operand`], [`setting`]). What the grammar refuses,
//! [`explain`] puts into words, [`character`] what cannot be seen, [`opener`] what begins no declaration, [`ambiguous`]
//! what print leaves open, [`instead`] conditions written as values of a function, and [`undeclared`] what only looks like a
//! formula. What the rest of the file declares, mends find in [`outline`].

mod ambiguous;
mod brackets;
mod character;
mod declaration;
mod explain;
mod expression;
mod foreign;
mod form;
mod grammar;
mod habit;
mod instead;
mod leibniz;
mod measure;
mod missing;
mod opener;
mod operand;
mod outline;
mod part;
mod reader;
pub(super) mod scan;
mod setting;
mod slip;
pub(super) mod split;
mod stray;
mod undeclared;
mod unit;

use super::{Document, Setting};
use crate::diagnostic::Diagnostic;
use crate::source::Source;
use outline::Outline;
use reader::Reader;
use scan::scan;
use split::split;

/// Reads a whole file.
///
/// # Errors
///
/// All syntax errors of the text, at most one for each declaration.
pub fn parse(source: &Source) -> Result<Document, Vec<Diagnostic>> {
    let scan = scan(source);
    let mut document = Document {
        comments: scan.comments,
        ..Document::default()
    };
    let mut errors = Vec::new();
    let pieces = split(&scan.tokens);
    let outline = Outline::new(&pieces);
    for piece in pieces {
        let mut reader = Reader::new(source, piece, &outline, &mut document.expressions);
        match reader.declaration() {
            Ok(declaration) => document.declarations.push(declaration),
            Err(mut found) => errors.append(&mut found),
        }
    }
    errors.extend(
        document
            .comments
            .iter()
            .filter_map(character::check_comment),
    );
    if errors.is_empty() {
        errors = undeclared::check(source, &document);
    }
    if errors.is_empty() {
        Ok(document)
    } else {
        Err(errors)
    }
}

/// Reads one assignment of the command line: `nu = 0.02`, `train.network = mlp(width = 32)`.
///
/// # Errors
///
/// The syntax errors of the text.
pub fn parse_setting(source: &Source) -> Result<Setting, Vec<Diagnostic>> {
    let scan = scan(source);
    let mut document = Document::default();
    let outline = Outline::default();
    Reader::new(source, &scan.tokens, &outline, &mut document.expressions).assignment()
}

#[cfg(test)]
mod tests {
    use super::grammar::{Grammar, Rule};
    use crate::syntax::keyword::KEYWORDS;
    use pest::Parser;

    #[test]
    fn the_grammar_reserves_the_keywords_and_nothing_else() {
        for (keyword, _) in KEYWORDS {
            assert!(
                Grammar::parse(Rule::identifier, keyword).is_err(),
                "{keyword}"
            );
            for longer in [
                format!("{keyword}s"),
                format!("{keyword}_x"),
                format!("{keyword}2"),
            ] {
                let read = Grammar::parse(Rule::identifier, &longer)
                    .map(|pairs| pairs.as_str().to_owned());
                assert_eq!(read.ok().as_deref(), Some(longer.as_str()));
            }
        }
    }
}
