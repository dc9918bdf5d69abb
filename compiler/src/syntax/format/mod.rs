//! From text to the same text in canonical layout.
//!
//! * Input: a [`Source`] that can be parsed.
//! * Output: the text with one declaration a line, or the syntax errors.
//! * Invariants: words, numbers and comments are kept as they are written, so the text means the same;
//!   formatting a formatted text changes nothing.
//!
//! It works on tokens rather than on the [`Document`], which knows neither how a setting's number is written nor
//! where a comment belongs. Lines longer than [`WIDTH`] are broken where a reader would ([`fill()`]); a comment
//! stays behind the word that it follows, and what comes after it goes on in the next line. Single blank lines
//! are kept. In a `train` block the `=` of adjacent settings are aligned, and so are comments behind adjacent
//! lines.

mod fill;
mod space;
#[cfg(test)]
mod tests;

use super::parse::scan::{Scan, Token, scan};
use super::parse::split::split;
use super::{Comment, DeclarationKind, Document, Setting, parse};
use crate::diagnostic::Diagnostic;
use crate::source::{Source, Span};
use fill::fill;
use space::{Joint, joints};
use std::fmt::Write;

/// The longest line, where it can be helped.
const WIDTH: usize = 100;
/// How far the settings of a `train` block are indented.
const INSIDE: usize = 2;
/// How far the continued lines of a declaration are indented further.
const CONTINUED: usize = 4;

/// The text of a file in canonical layout.
///
/// # Errors
///
/// The syntax errors of the text, as [`parse()`] finds them.
pub fn format(source: &Source) -> Result<String, Vec<Diagnostic>> {
    // Should a line break ever change where a declaration ends, the old layout stays.
    Ok(lay_out(source)?.unwrap_or_else(|| source.text.clone()))
}

/// The text in canonical layout, but none if it would be read differently.
fn lay_out(source: &Source) -> Result<Option<String>, Vec<Diagnostic>> {
    let document = parse(source)?;
    let scan = scan(source);
    let mut formatter = Formatter {
        source,
        comments: &scan.comments,
        end: 0,
        lines: Vec::new(),
    };
    formatter.file(&document, &split(&scan.tokens));
    let text = print(&formatter.lines);
    let as_before = same(&scan, &Source::new(&source.name, &text));
    Ok(as_before.then_some(text))
}

/// Whether a text has these words and comments, in the same declarations.
fn same(before: &Scan, after: &Source) -> bool {
    let after = scan(after);
    let words = |scan: &Scan| -> Vec<Vec<String>> {
        let pieces = split(&scan.tokens).into_iter();
        let texts = |piece: &[Token]| piece.iter().map(|token| token.text.to_owned()).collect();
        pieces.map(texts).collect()
    };
    let comments = |scan: &Scan| -> Vec<String> {
        let comments = scan.comments.iter();
        comments
            .map(|comment| comment.text.trim_end().to_owned())
            .collect()
    };
    words(before) == words(&after) && comments(before) == comments(&after)
}

/// A line of the result.
struct Line {
    blank_before: bool,
    indent: usize,
    /// What stands before the comment; empty in a line that is a comment.
    code: String,
    comment: Option<String>,
}

struct Formatter<'a> {
    source: &'a Source,
    /// The comments that have not been written yet.
    comments: &'a [Comment],
    /// Where the last word or comment ended in the source.
    end: usize,
    lines: Vec<Line>,
}

impl Formatter<'_> {
    fn file(&mut self, document: &Document, pieces: &[&[Token]]) {
        let wide = self.times_in_company(pieces);
        for (index, piece) in pieces.iter().enumerate() {
            let Some(first) = piece.first() else { continue };
            let blank = self.comments_before(first.span, 0);
            let declaration = document.declarations.get(index);
            match declaration.map(|declaration| &declaration.kind) {
                Some(DeclarationKind::Train(settings)) => self.train(piece, settings, blank),
                Some(_) | None => {
                    let mut joints = joints(piece);
                    // `time` is a letter shorter than its neighbours.
                    if wide[index]
                        && let Some(name) = joints.get_mut(1)
                    {
                        name.spaces = 2;
                    }
                    self.words(piece, &joints, 0, blank);
                }
            }
        }
        let end = self.source.text.len();
        self.comments_before(Span::new(end, end), 0);
    }

    /// Which pieces declare time right above or below a coordinate, field or parameter.
    fn times_in_company(&self, pieces: &[&[Token]]) -> Vec<bool> {
        let opens = |piece: &&[Token], words: &[&str]| {
            piece
                .first()
                .is_some_and(|first| words.contains(&first.text))
        };
        let mut wide = vec![false; pieces.len()];
        let mut start = 0;
        for index in 1..=pieces.len() {
            if index < pieces.len() && self.adjacent(pieces[index - 1], pieces[index]) {
                continue;
            }
            let run = &pieces[start..index];
            let company = run
                .iter()
                .any(|piece| opens(piece, &["coord", "field", "param"]));
            for (wide, piece) in wide[start..index].iter_mut().zip(run) {
                *wide = company && opens(piece, &["time"]);
            }
            start = index;
        }
        wide
    }

    /// Whether nothing but the end of a line stands between these, and a comment behind the first at most.
    fn adjacent(&self, before: &[Token], after: &[Token]) -> bool {
        let (Some(before), Some(after)) = (before.last(), after.first()) else {
            return false;
        };
        let gap = &self.source.text[before.span.range().end..after.span.range().start];
        newlines(gap) < 2
    }

    /// Writes the comments that stand before a place; whether a blank line does.
    fn comments_before(&mut self, place: Span, indent: usize) -> bool {
        while let Some((comment, rest)) = self.comments.split_first()
            && comment.span.start < place.start
        {
            self.comments = rest;
            let newlines = self.newlines_to(comment.span);
            self.end = comment.span.range().end;
            let text = comment.text.trim_end().to_owned();
            match self.lines.last_mut() {
                Some(line) if newlines == 0 => line.comment = Some(text),
                Some(_) | None => self.lines.push(Line {
                    blank_before: newlines > 1,
                    indent,
                    code: String::new(),
                    comment: Some(text),
                }),
            }
        }
        self.newlines_to(place) > 1
    }

    fn newlines_to(&self, place: Span) -> usize {
        newlines(
            self.source
                .text
                .get(self.end..place.range().start)
                .unwrap_or(""),
        )
    }

    /// Writes the tokens of a declaration or setting, and the comments between them.
    fn words(&mut self, tokens: &[Token], joints: &[Joint], indent: usize, blank: bool) {
        let mut start = 0;
        let mut line_indent = indent;
        for index in 0..tokens.len() {
            self.end = tokens[index].span.range().end;
            let next = tokens.get(index + 1);
            let commented = next.is_some_and(|next| {
                let comment = self.comments.first();
                comment.is_some_and(|comment| comment.span.start < next.span.start)
            });
            if next.is_some() && !commented {
                continue;
            }
            let range = start..index + 1;
            for code in fill(&tokens[range.clone()], &joints[range], line_indent, indent) {
                let blank_before = blank && start == 0 && line_indent == indent;
                self.push(code, line_indent, blank_before);
                line_indent = indent + CONTINUED;
            }
            if let Some(next) = next {
                self.comments_before(next.span, indent + CONTINUED);
                start = index + 1;
            }
        }
    }

    /// Writes a `train` block: on one line where it has one setting, else a line for each.
    fn train(&mut self, piece: &[Token], settings: &[Setting], blank: bool) {
        let joints = joints(piece);
        let end = piece.last().map_or(0, |last| last.span.range().end);
        let has_comments = self
            .comments
            .first()
            .is_some_and(|comment| comment.span.range().start < end);
        let starts = setting_starts(piece, settings);
        if starts.len() < 2 && !has_comments {
            let lines = fill(piece, &joints, 0, 0);
            if let [_] = lines.as_slice() {
                self.words(piece, &joints, 0, blank);
                return;
            }
        }
        let Some((last, before)) = piece.split_last() else {
            return;
        };
        self.push("train {".to_owned(), 0, blank);
        self.end = before
            .get(1)
            .map_or(self.end, |brace| brace.span.range().end);
        let widths = self.name_widths(piece, &starts);
        for (number, &start) in starts.iter().enumerate() {
            let stop = starts.get(number + 1).copied().unwrap_or(before.len());
            let blank = self.comments_before(piece[start].span, INSIDE) && number > 0;
            let mut joints = joints[start..stop].to_vec();
            let equals = piece[start..stop]
                .iter()
                .position(|token| token.text == "=");
            if let Some(equals) = equals {
                joints[equals].spaces += widths[number] - name_width(&piece[start..stop]);
            }
            self.words(&piece[start..stop], &joints, INSIDE, blank);
        }
        self.comments_before(last.span, INSIDE);
        self.push("}".to_owned(), 0, false);
        self.end = end;
    }

    /// For each setting the longest name among it and its neighbours.
    fn name_widths(&self, piece: &[Token], starts: &[usize]) -> Vec<usize> {
        let stops = starts.iter().skip(1).copied().chain([piece.len()]);
        let mut groups: Vec<Vec<usize>> = Vec::new();
        for (&start, stop) in starts.iter().zip(stops) {
            let width = name_width(&piece[start..stop]);
            match groups.last_mut() {
                Some(group) if self.adjacent(&piece[..start], &piece[start..]) => group.push(width),
                Some(_) | None => groups.push(vec![width]),
            }
        }
        let widest = |group: &Vec<usize>| group.iter().copied().max().unwrap_or(0);
        let groups = groups.iter();
        groups
            .flat_map(|group| vec![widest(group); group.len()])
            .collect()
    }

    fn push(&mut self, code: String, indent: usize, blank_before: bool) {
        self.lines.push(Line {
            blank_before,
            indent,
            code,
            comment: None,
        });
    }
}

/// The positions of the tokens with which settings begin.
fn setting_starts(piece: &[Token], settings: &[Setting]) -> Vec<usize> {
    let mut settings = settings
        .iter()
        .map(|setting| setting.name.span.start)
        .peekable();
    let positions = 0..piece.len();
    positions
        .filter(|&position| settings.next_if_eq(&piece[position].span.start).is_some())
        .collect()
}

/// How wide the name of a setting is, parts included.
fn name_width(setting: &[Token]) -> usize {
    let name = setting.iter().take_while(|token| token.text != "=");
    name.map(|token| token.text.chars().count()).sum()
}

/// How many lines end in a text.
fn newlines(text: &str) -> usize {
    let returns = text.matches('\r').count() - text.matches("\r\n").count();
    text.matches('\n').count() + returns
}

/// The text of the lines, comments behind adjacent lines aligned.
fn print(lines: &[Line]) -> String {
    let width = |line: &Line| line.indent + line.code.chars().count();
    let has_both = |line: &Line| !line.code.is_empty() && line.comment.is_some();
    let mut text = String::new();
    let mut column = 0;
    for (index, line) in lines.iter().enumerate() {
        if line.blank_before && index > 0 {
            text.push('\n');
        }
        let goes_on = index > 0 && has_both(&lines[index - 1]) && !line.blank_before;
        if has_both(line) && !goes_on {
            let rest = lines[index + 1..].iter();
            let run = rest.take_while(|line| has_both(line) && !line.blank_before);
            column = run.map(width).fold(width(line), usize::max);
        }
        let Line { indent, code, .. } = line;
        let _ = match &line.comment {
            None => writeln!(text, "{:indent$}{code}", ""),
            Some(comment) if code.is_empty() => writeln!(text, "{:indent$}{comment}", ""),
            Some(comment) => {
                let gap = column - width(line) + 2;
                writeln!(text, "{:indent$}{code}{:gap$}{comment}", "", "")
            }
        };
    }
    text
}
