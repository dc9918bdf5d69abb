//! Newton's dots: `ẋ` and `ẍ` for derivatives in time.

use super::Resolver;
use crate::diagnostic::Diagnostic;
use crate::source::Span;

/// Letters with one dot, each behind the letter that it is made of.
const ONE: &str = "aȧbḃcċdḋeėfḟgġhḣmṁnṅoȯpṗrṙsṡtṫwẇxẋyẏzżAȦBḂCĊDḊEĖFḞGĠHḢIİMṀNṄOȮPṖRṘSṠTṪWẆXẊYẎZŻ";
/// Letters with two.
const TWO: &str = "aäeëhḧiïoötẗuüwẅxẍyÿAÄEËHḦIÏOÖUÜWẄXẌYŸ";
/// Dots that are set above the letter before them.
const ABOVE: [(char, usize); 4] = [
    ('\u{307}', 1),
    ('\u{308}', 2),
    ('\u{20DB}', 3),
    ('\u{20DC}', 4),
];

/// A name without its dots, and how many there are.
fn without_dots(name: &str) -> Option<(String, usize)> {
    let mut plain = String::new();
    let mut dots = 0;
    for letter in name.chars() {
        let base = |pairs: &str| {
            let letters: Vec<char> = pairs.chars().collect();
            let mut pairs = letters.chunks_exact(2);
            pairs.find(|pair| pair[1] == letter).map(|pair| pair[0])
        };
        if let Some((_, above)) = ABOVE.iter().find(|(mark, _)| *mark == letter) {
            dots += above;
        } else if let Some(base) = base(ONE) {
            plain.push(base);
            dots += 1;
        } else if let Some(base) = base(TWO) {
            plain.push(base);
            dots += 2;
        } else {
            plain.push(letter);
        }
    }
    (dots > 0).then_some((plain, dots))
}

impl Resolver<'_> {
    /// What to write for a name with dots that nothing declares, where the name without them is declared.
    pub(super) fn dotted(&self, name: &str, span: Span) -> Option<Diagnostic> {
        let (plain, dots) = without_dots(name)?;
        let field = plain.split('_').next()?;
        let entry = self.scope.entries.get(field)?;
        if !entry.symbol.has_derivatives() {
            return None;
        }
        let diagnostic = Diagnostic::error(
            "unknown-name",
            format!("the name `{name}` is not declared"),
            span,
            "dots are part of a name here",
        );
        let Some(time) = self.problem.time() else {
            return Some(diagnostic.with_help(format!(
                "a derivative in time is written `{field}_t`, and time is declared `time t in [0, 1]`"
            )));
        };
        let time = &self.problem.coordinates[time].name;
        let short = time.chars().count() == 1;
        let written = match plain.split_once('_') {
            None if short => format!("{field}_{}", time.repeat(dots)),
            Some((_, by)) if short && !by.starts_with('{') => {
                format!("{plain}{}", time.repeat(dots))
            }
            None => format!("{field}_{{{}}}", vec![time.as_str(); dots].join(" ")),
            Some((_, by)) => {
                let by = by.trim_matches(['{', '}']);
                format!("{field}_{{{by} {}}}", vec![time.as_str(); dots].join(" "))
            }
        };
        let diagnostic = diagnostic
            .with_note("Newton's dots are not read as derivatives.")
            .with_help(format!("a derivative in time is written `{written}`"));
        Some(if self.source.slice(span) == name {
            diagnostic.with_edit(span, written)
        } else {
            diagnostic
        })
    }
}

#[cfg(test)]
mod tests {
    use super::without_dots;

    #[test]
    fn dots_are_counted() {
        let found = |name: &str| without_dots(name);
        assert_eq!(found("ẋ"), Some(("x".to_owned(), 1)));
        assert_eq!(found("x\u{307}"), Some(("x".to_owned(), 1)));
        assert_eq!(found("ẍ"), Some(("x".to_owned(), 2)));
        assert_eq!(found("θ\u{308}"), Some(("θ".to_owned(), 2)));
        assert_eq!(found("u\u{307}_x"), Some(("u_x".to_owned(), 1)));
        assert_eq!(found("x"), None);
    }
}
