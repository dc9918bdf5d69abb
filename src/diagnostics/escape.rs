//! Characters that must not reach a terminal as they are: control characters move its cursor or change its colours,
//! and those that turn the direction of writing make a line read as something that it is not. They are shown by
//! their numbers: `U+202E`.

use pdec_compiler::source::{Source, Span};
use std::borrow::Cow;
use std::fmt::Write as _;

/// Whether a character is shown by its number. Line ends and tabs are layout; what `\r\n` has is one of them.
fn is_unsafe(character: char) -> bool {
    match character {
        '\n' | '\t' => false,
        // no width, or another direction: the reader cannot see that they are there
        '\u{00AD}'
        | '\u{061C}'
        | '\u{180E}'
        | '\u{200B}'..='\u{200F}'
        | '\u{2028}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}'
        | '\u{FEFF}'
        | '\u{FFF9}'..='\u{FFFB}' => true,
        other => other.is_control(),
    }
}

/// A text with those characters shown by their numbers.
pub fn escape(text: &str) -> Cow<'_, str> {
    if text.chars().any(is_unsafe) {
        Cow::Owned(Escaped::new(text).text)
    } else {
        Cow::Borrowed(text)
    }
}

/// A source text as it is shown, and where its places are in what is shown.
pub struct Shown<'a> {
    source: &'a Source,
    escaped: Option<Escaped>,
}

impl<'a> Shown<'a> {
    /// Most texts have nothing to be escaped and are shown as they are.
    pub fn new(source: &'a Source) -> Self {
        let unsafe_text = source.text.chars().any(is_unsafe);
        Self {
            source,
            escaped: unsafe_text.then(|| Escaped::new(&source.text)),
        }
    }

    /// The text that is shown.
    pub fn text(&self) -> &str {
        match &self.escaped {
            Some(escaped) => &escaped.text,
            None => &self.source.text,
        }
    }

    /// Where a place of the source is in the text that is shown.
    pub fn range(&self, span: Span) -> std::ops::Range<usize> {
        let range = span.range();
        let end = self.source.text.len();
        let (start, end) = (range.start.min(end), range.end.min(end));
        match &self.escaped {
            Some(escaped) => escaped.offset(start)..escaped.offset(end),
            None => start..end,
        }
    }
}

struct Escaped {
    text: String,
    /// After each replacement: its end in the source, and its end in the text shown.
    ends: Vec<(usize, usize)>,
}

impl Escaped {
    fn new(source: &str) -> Self {
        let mut text = String::with_capacity(source.len() + 16);
        let mut ends = Vec::new();
        let mut characters = source.char_indices().peekable();
        while let Some((at, character)) = characters.next() {
            let ends_line = character == '\r' && characters.peek().is_some_and(|(_, c)| *c == '\n');
            if ends_line || !is_unsafe(character) {
                text.push(character);
                continue;
            }
            let _ = write!(text, "U+{:04X}", u32::from(character));
            ends.push((at + character.len_utf8(), text.len()));
        }
        Self { text, ends }
    }

    /// The offset in the text shown of an offset in the source.
    fn offset(&self, offset: usize) -> usize {
        let before = self.ends.partition_point(|(end, _)| *end <= offset);
        let (source, shown) = match before.checked_sub(1) {
            Some(last) => self.ends[last],
            None => (0, 0),
        };
        shown + (offset - source)
    }
}

#[cfg(test)]
mod tests {
    use super::{Shown, escape};
    use pdec_compiler::source::{Source, Span};

    #[test]
    fn what_a_terminal_would_obey_is_shown_by_its_number() {
        assert_eq!(escape("u\u{202E}x"), "uU+202Ex");
        assert_eq!(escape("\u{1b}[31m"), "U+001B[31m");
        assert_eq!(escape("∂ᵤ λ\tx\r\ny\n"), "∂ᵤ λ\tx\r\ny\n");
        assert_eq!(escape("\u{7}\u{85}\r"), "U+0007U+0085U+000D");
    }

    #[test]
    fn places_move_with_the_text() {
        let source = Source::new("s", "a\u{202E}bc\u{0}d");
        let shown = Shown::new(&source);
        assert_eq!(shown.text(), "aU+202EbcU+0000d");
        let of = |start, end| &shown.text()[shown.range(Span::new(start, end))];
        assert_eq!(of(0, 1), "a");
        assert_eq!(of(1, 4), "U+202E");
        assert_eq!(of(4, 6), "bc");
        assert_eq!(of(6, 7), "U+0000");
        assert_eq!(of(7, 99), "d");
        let plain = Source::new("s", "abc");
        assert_eq!(Shown::new(&plain).range(Span::new(1, 9)), 1..3);
    }
}
