//! Files with one mistake: what is mutated, and what a message about it may name.

use pdec_compiler::source::Source;
use pdec_compiler::syntax::{self, Declaration, DeclarationKind, Document};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// What is done to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A declaration is left out.
    Delete,
    /// A declaration stands twice.
    Duplicate,
    /// Two neighbours change places: order means nothing.
    Swap,
    /// The keyword of a declaration has a letter too many.
    MisspellKeyword,
    /// A name has a letter too many.
    Lengthen,
    /// A name has two letters in the wrong order, or another letter.
    Misspell,
    /// An argument in brackets is left out.
    DeleteArgument,
}

impl Kind {
    /// How it is called in the table.
    pub fn name(self) -> &'static str {
        match self {
            Self::Delete => "delete declaration",
            Self::Duplicate => "duplicate declaration",
            Self::Swap => "swap declarations",
            Self::MisspellKeyword => "misspell keyword",
            Self::Lengthen => "lengthen name",
            Self::Misspell => "misspell name",
            Self::DeleteArgument => "delete argument",
        }
    }
}

/// A file with one mistake.
pub struct Mutant {
    /// What was done.
    pub kind: Kind,
    /// For people: what was done to what.
    pub what: String,
    /// The text.
    pub text: String,
    /// Where a message about the mistake may point: the mutated declaration, or both copies.
    pub places: Vec<Range<usize>>,
    /// What a message about the mistake may name instead.
    pub names: BTreeSet<String>,
}

/// All mutants of a file that can be parsed.
pub fn mutants(source: &Source) -> Vec<Mutant> {
    let document = syntax::parse(source).unwrap();
    let file = File {
        source,
        definitions: definitions(source, &document),
    };
    let source = &file;
    let mut mutants = Vec::new();
    for (number, declaration) in document.declarations.iter().enumerate() {
        of_declaration(&mut mutants, source, declaration);
        if let Some(next) = document.declarations.get(number + 1) {
            mutants.push(swap(source, declaration, next));
        }
    }
    mutants
}

/// A file, and what its abbreviations mention.
struct File<'a> {
    source: &'a Source,
    /// The words in the value of each `let`, by its name.
    definitions: BTreeMap<String, Vec<String>>,
}

fn definitions(source: &Source, document: &Document) -> BTreeMap<String, Vec<String>> {
    let definition = |declaration: &Declaration| {
        let DeclarationKind::Definition { name, .. } = &declaration.kind else {
            return None;
        };
        let inside = words(source.slice(declaration.span)).flat_map(parts);
        Some((name.text.clone(), inside.collect()))
    };
    document
        .declarations
        .iter()
        .filter_map(definition)
        .collect()
}

/// Replaces a part of a declaration; a message may name what the declaration is about, or the new names in it.
fn replace(
    source: &File,
    declaration: &Declaration,
    part: Range<usize>,
    with: &str,
    (kind, what): (Kind, String),
) -> Mutant {
    let text = &source.source.text;
    let whole = declaration.span.range();
    let mutated = [&text[..part.start], with, &text[part.end..]].concat();
    let end = whole.end + with.len() - part.len();
    let mut names = subjects(source, declaration);
    names.extend(words(with).map(str::to_owned));
    names.extend(words(&text[part]).flat_map(parts));
    Mutant {
        kind,
        what,
        text: mutated,
        places: std::iter::once(whole.start..end).collect(),
        names,
    }
}

fn of_declaration(mutants: &mut Vec<Mutant>, source: &File, declaration: &Declaration) {
    let text = &source.source.text;
    let whole = declaration.span.range();
    let keyword = declaration.keyword.range();
    let short: String = text[whole.clone()].chars().take(60).collect();
    let line = text[..whole.start].matches('\n').count() + 1;
    let short = format!("line {line} `{}`", short.replace('\n', " "));
    let mut deleted = replace(
        source,
        declaration,
        whole.clone(),
        "",
        (Kind::Delete, format!("without {short}")),
    );
    // nothing is left that a message could point at: only names count
    deleted.places.clear();
    mutants.push(deleted);
    let twice = format!("{0}\n{0}", &text[whole.clone()]);
    mutants.push(replace(
        source,
        declaration,
        whole.clone(),
        &twice,
        (Kind::Duplicate, format!("twice {short}")),
    ));
    let word = &text[keyword.clone()];
    mutants.push(replace(
        source,
        declaration,
        keyword.clone(),
        &format!("{word}x"),
        (Kind::MisspellKeyword, format!("`{word}x` in {short}")),
    ));
    // settings have no physics in them; their checks have tests of their own
    let inside = keyword.end..whole.end;
    for name in names(text, inside.clone()) {
        let word = &text[name.clone()];
        let mut change = |kind, with: String| {
            if with != word {
                let what = format!("`{with}` for `{word}` at {} in {short}", name.start);
                mutants.push(replace(
                    source,
                    declaration,
                    name.clone(),
                    &with,
                    (kind, what),
                ));
            }
        };
        change(Kind::Lengthen, format!("{word}q"));
        change(Kind::Misspell, misspelt(word));
    }
    for argument in arguments(text, inside) {
        let what = format!("without `{}` in {short}", &text[argument.clone()]);
        mutants.push(replace(
            source,
            declaration,
            argument,
            "",
            (Kind::DeleteArgument, what),
        ));
    }
}

/// Two neighbours change places; whatever stands between them stays.
fn swap(source: &File, one: &Declaration, other: &Declaration) -> Mutant {
    let text = &source.source.text;
    let (first, second) = (one.span.range(), other.span.range());
    let swapped = [
        &text[..first.start],
        &text[second.clone()],
        &text[first.end..second.start],
        &text[first.clone()],
        &text[second.end..],
    ]
    .concat();
    let line = text[..first.start].matches('\n').count() + 1;
    Mutant {
        kind: Kind::Swap,
        what: format!("line {line} and the declaration after it"),
        text: swapped,
        // order means nothing: a swapped file that is rejected is a mistake of the compiler
        places: Vec::new(),
        names: BTreeSet::new(),
    }
}

/// What a declaration is about: for a coordinate or field its name; for a condition, an equation and the like also
/// what they mention, directly or by an abbreviation, since they are known by it (`the initial value of u is missing`).
fn subjects(file: &File, declaration: &Declaration) -> BTreeSet<String> {
    let whole = declaration.span.range();
    let all = || {
        let inside = &file.source.text[declaration.keyword.range().end..whole.end];
        let mut open: Vec<String> = words(inside).flat_map(parts).collect();
        let mut all = BTreeSet::new();
        while let Some(word) = open.pop() {
            if all.insert(word.clone()) {
                open.extend(file.definitions.get(&word).into_iter().flatten().cloned());
            }
        }
        all
    };
    match &declaration.kind {
        DeclarationKind::Title(_) | DeclarationKind::Train(_) => BTreeSet::new(),
        DeclarationKind::Coordinates { names, .. } => {
            names.iter().map(|name| name.name.text.clone()).collect()
        }
        DeclarationKind::Time { name, .. }
        | DeclarationKind::Field { name, .. }
        | DeclarationKind::Parameter { name, .. }
        | DeclarationKind::Unknown { name, .. }
        | DeclarationKind::Definition { name, .. }
        | DeclarationKind::Domain { name, .. }
        | DeclarationKind::Boundary { name, .. } => BTreeSet::from([name.text.clone()]),
        DeclarationKind::Equation { .. }
        | DeclarationKind::Initial(_)
        | DeclarationKind::At { .. }
        | DeclarationKind::Condition { .. }
        | DeclarationKind::Periodic(_)
        | DeclarationKind::Exact { .. }
        | DeclarationKind::Manufactured { .. }
        | DeclarationKind::Reference { .. }
        | DeclarationKind::Observe { .. }
        | DeclarationKind::Minimize { .. }
        | DeclarationKind::Constraint { .. } => all(),
    }
}

/// A name and what its subscript is taken from: `u_xx`, `u`.
pub fn parts(word: &str) -> Vec<String> {
    let mut parts = vec![word.to_owned()];
    if let Some((base, _)) = word.rsplit_once('_') {
        parts.push(base.to_owned());
    }
    parts
}

fn is_letter(character: char) -> bool {
    // to Unicode a superscript is a numeral; here it is an exponent, and `∇²u` speaks of `u`
    let exponent = "⁰¹²³⁴⁵⁶⁷⁸⁹".contains(character);
    character.is_alphanumeric() && !exponent || character == '_' || character == '\''
}

/// The words of a text.
pub fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !is_letter(c))
        .filter(|word| word.chars().next().is_some_and(|c| !c.is_ascii_digit()))
}

/// Where code stands: outside comments and quotes.
fn code(text: &str, inside: Range<usize>) -> Vec<(usize, char)> {
    let (mut comment, mut quote) = (false, false);
    let mut code = Vec::new();
    for (at, character) in text[inside.clone()].char_indices() {
        match character {
            '\n' => comment = false,
            '#' if !quote => comment = true,
            '"' if !comment => quote = !quote,
            _ => {}
        }
        if !comment && !quote {
            code.push((inside.start + at, character));
        }
    }
    code
}

/// The names in a part of a text.
fn names(text: &str, inside: Range<usize>) -> Vec<Range<usize>> {
    let mut names = Vec::new();
    let mut current: Option<Range<usize>> = None;
    for (at, character) in code(text, inside) {
        let end = at + character.len_utf8();
        match &mut current {
            Some(name) if name.end == at && is_letter(character) => name.end = end,
            Some(_) | None => {
                names.extend(current.take());
                current = is_letter(character).then_some(at..end);
            }
        }
    }
    names.extend(current);
    let starts_a_name = |c: char| c.is_alphabetic() || c == '_';
    names.retain(|name| text[name.clone()].chars().next().is_some_and(starts_a_name));
    names
}

/// The arguments in round and square brackets, each with one comma beside it.
fn arguments(text: &str, inside: Range<usize>) -> Vec<Range<usize>> {
    let mut open: Vec<Vec<usize>> = Vec::new();
    let mut found = Vec::new();
    for (at, character) in code(text, inside) {
        match character {
            '(' | '[' => open.push(vec![at]),
            ',' => {
                if let Some(marks) = open.last_mut() {
                    marks.push(at);
                }
            }
            ')' | ']' => {
                let Some(mut marks) = open.pop() else {
                    continue;
                };
                marks.push(at);
                let last = marks.len() - 2;
                for (number, pair) in marks.windows(2).enumerate() {
                    found.push(match number {
                        // the first goes with the comma after it, the others with the one before
                        0 if last > 0 => pair[0] + 1..pair[1] + 1,
                        0 => pair[0] + 1..pair[1],
                        _ => pair[0]..pair[1],
                    });
                }
            }
            _ => {}
        }
    }
    found.retain(|range| !text[range.clone()].trim().is_empty());
    found
}

/// The first two letters in the wrong order; where that changes nothing, another letter in the place of the first.
fn misspelt(word: &str) -> String {
    let letters: Vec<char> = word.chars().collect();
    match letters.as_slice() {
        [first, second, rest @ ..] if first != second && *second != '_' => {
            [*second, *first].iter().chain(rest).collect()
        }
        [_, rest @ ..] => std::iter::once('k').chain(rest.iter().copied()).collect(),
        [] => String::new(),
    }
}
