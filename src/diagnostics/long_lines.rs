//! Lines that are too long to be read, as programs write them: shown is what stands around the places of a diagnostic,
//! with `…` for what is left out.

use codespan_reporting::diagnostic::Diagnostic;
use std::ops::Range;

/// The longest line that is shown whole, in bytes.
const LONGEST: usize = 400;
/// What is shown before and behind a place in a longer one, in bytes.
const AROUND: usize = 60;
/// The longest place that is shown whole; of a longer one both ends are.
const PLACE: usize = 160;

/// Whether there is anything to be cut.
pub fn has_long_line(text: &str) -> bool {
    text.split('\n').any(|line| line.len() > LONGEST)
}

/// The text with its long lines cut around the places of a diagnostic, and the diagnostic with its places there. Lines
/// keep their numbers; columns are those of what is shown.
pub fn cut(text: &str, mut diagnostic: Diagnostic<()>) -> (String, Diagnostic<()>) {
    let kept = kept(text, &diagnostic);
    let mut shown = String::with_capacity(text.len().min(1 << 16));
    // Where each piece begins in the text and in what is shown.
    let mut pieces: Vec<(Range<usize>, usize)> = Vec::new();
    let mut last = 0;
    for piece in kept {
        if piece.start > last {
            shown.push('…');
        }
        pieces.push((piece.clone(), shown.len()));
        shown.push_str(&text[piece.clone()]);
        last = piece.end;
    }
    let place = |offset: usize| {
        let before = pieces.partition_point(|(piece, _)| piece.start <= offset);
        match before.checked_sub(1).and_then(|at| pieces.get(at)) {
            Some((piece, start)) => start + (offset.min(piece.end) - piece.start),
            None => 0,
        }
    };
    for label in &mut diagnostic.labels {
        label.range = place(label.range.start)..place(label.range.end);
    }
    (shown, diagnostic)
}

/// What is kept, in order: short lines whole, line ends always, of long lines what is around places.
fn kept(text: &str, diagnostic: &Diagnostic<()>) -> Vec<Range<usize>> {
    let mut kept: Vec<Range<usize>> = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let end = start + line.len();
        let ends_with_break = usize::from(line.ends_with('\n'));
        let content = start..end - ends_with_break;
        if content.len() <= LONGEST {
            push(&mut kept, start..end);
            start = end;
            continue;
        }
        let mut windows: Vec<Range<usize>> = Vec::new();
        for label in &diagnostic.labels {
            let (from, to) = (label.range.start, label.range.end);
            if to < content.start || from > content.end {
                continue;
            }
            let (from, to) = (from.max(content.start), to.min(content.end));
            let ends = if to - from > PLACE {
                vec![(from, from + PLACE / 2), (to - PLACE / 2, to)]
            } else {
                vec![(from, to)]
            };
            windows.extend(ends.into_iter().map(|(start, end)| {
                let low = start.saturating_sub(AROUND).max(content.start);
                let high = (end + AROUND).min(content.end);
                boundary(text, low, false)..boundary(text, high, true)
            }));
        }
        if windows.is_empty() {
            windows.push(content.start..boundary(text, content.start + AROUND, true));
        }
        windows.sort_by_key(|window| window.start);
        for window in windows {
            push(&mut kept, window);
        }
        push(&mut kept, end - ends_with_break..end);
        start = end;
    }
    kept
}

/// Appends a piece; pieces that overlap or touch become one.
fn push(kept: &mut Vec<Range<usize>>, piece: Range<usize>) {
    match kept.last_mut() {
        Some(last) if piece.start <= last.end => last.end = last.end.max(piece.end),
        Some(_) | None => kept.push(piece),
    }
}

/// The nearest end of a character, upward or downward.
fn boundary(text: &str, mut offset: usize, upward: bool) -> usize {
    while !text.is_char_boundary(offset) {
        offset = if upward { offset + 1 } else { offset - 1 };
    }
    offset
}

#[cfg(test)]
mod tests {
    use super::{cut, has_long_line};
    use codespan_reporting::diagnostic::{Diagnostic, Label};

    fn at(places: &[(usize, usize)]) -> Diagnostic<()> {
        let places = places.iter();
        let labels = places.map(|(start, end)| Label::primary((), *start..*end));
        Diagnostic::error().with_labels(labels.collect())
    }

    #[test]
    fn a_long_line_is_cut_around_its_place() {
        let text = format!(
            "first\n{}λoops{}\nlast",
            "é".repeat(50_000),
            "b".repeat(90_000)
        );
        assert!(has_long_line(&text) && !has_long_line("short\nlines"));
        let start = text.find('λ').unwrap();
        let (shown, diagnostic) = cut(&text, at(&[(start, start + 6)]));
        assert!(shown.len() < 300, "{shown}");
        assert_eq!(&shown[diagnostic.labels[0].range.clone()], "λoops");
        assert!(
            shown.starts_with("first\n…é") && shown.ends_with("b…\nlast"),
            "{shown}"
        );
        assert_eq!(shown.lines().count(), 3);
    }

    #[test]
    fn a_place_as_long_as_the_line_keeps_its_ends() {
        let text = format!("({})", "x + ".repeat(30_000));
        let (shown, diagnostic) = cut(&text, at(&[(0, text.len()), (4, 5)]));
        assert!(shown.len() < 600, "{}", shown.len());
        assert_eq!(diagnostic.labels[0].range, 0..shown.len());
        assert_eq!(&shown[diagnostic.labels[1].range.clone()], " ");
        // an empty place at the very end
        let (shown, diagnostic) = cut(&text, at(&[(text.len(), text.len())]));
        assert_eq!(diagnostic.labels[0].range, shown.len()..shown.len());
    }
}
