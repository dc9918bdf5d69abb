//! Choices among words, and the words that later versions will understand.

use super::Reader;
use super::number::wrong_type;
use crate::diagnostic::Diagnostic;
use crate::source::Span;
use crate::syntax::suggest::nearest;
use crate::syntax::{Argument, Name, Value, ValueKind};

/// Networks of the design that this version does not build.
pub(super) const LATER_NETWORKS: [&str; 1] = ["lpinn"];

/// An error for a method of the design that this version does not build.
pub(super) fn not_supported_yet(what: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        "not-supported-yet",
        format!("{what} is not supported yet"),
        span,
        "this version does not have it",
    )
    .with_help("leave the setting out, or write `auto`, to get the default")
}

/// The word that a value is, if it is one.
pub(super) fn word(value: &Value) -> Option<&str> {
    match &value.kind {
        ValueKind::Word(word) => Some(word),
        ValueKind::Number(_)
        | ValueKind::Text(_)
        | ValueKind::Call { .. }
        | ValueKind::List(_)
        | ValueKind::Tuple(_) => None,
    }
}

/// Adds the nearest known word, where one is near.
pub(super) fn did_you_mean(
    error: Diagnostic,
    written: &str,
    span: Span,
    known: &[&str],
) -> Diagnostic {
    // In `points.interor` the part in front is right, and only what follows is compared.
    match nearest(written, known.iter().copied()) {
        Some(word) => error
            .with_help(format!("did you mean `{word}`?"))
            .with_edit(span, word),
        None => error,
    }
}

/// Settings as other systems call them, and what is written here.
const ELSEWHERE: [(&str, &str); 16] = [
    (
        "epochs",
        "steps belong to an optimiser: `optimizer = adam(steps = 1000)`",
    ),
    (
        "iterations",
        "steps belong to an optimiser: `optimizer = adam(steps = 1000)`",
    ),
    (
        "max_iter",
        "steps belong to an optimiser: `optimizer = adam(steps = 1000)`",
    ),
    (
        "steps",
        "steps belong to an optimiser: `optimizer = adam(steps = 1000)`",
    ),
    (
        "lr",
        "a rate belongs to an optimiser: `optimizer = adam(lr = 1e-3)`",
    ),
    (
        "learning_rate",
        "a rate belongs to an optimiser: `optimizer = adam(lr = 1e-3)`",
    ),
    (
        "layers",
        "layers belong to a network: `network = mlp(width = 64, depth = 4)`",
    ),
    (
        "hidden_layers",
        "layers belong to a network: `network = mlp(width = 64, depth = 4)`",
    ),
    (
        "width",
        "layers belong to a network: `network = mlp(width = 64, depth = 4)`",
    ),
    (
        "depth",
        "layers belong to a network: `network = mlp(width = 64, depth = 4)`",
    ),
    (
        "neurons",
        "layers belong to a network: `network = mlp(width = 64, depth = 4)`",
    ),
    (
        "activation",
        "an activation belongs to a network: `network.activation = sin`",
    ),
    (
        "batch_size",
        "points are drawn anew: `points = [interior = 4096, redraw = 8]`",
    ),
    (
        "collocation",
        "collocation points are `points = [interior = 4096, boundary = 512]`",
    ),
    (
        "num_domain",
        "collocation points are `points = [interior = 4096, boundary = 512]`",
    ),
    (
        "seed",
        "the seed is no setting of a problem: `pdec train FILE --seed 1`",
    ),
];

/// An error for a name that nothing reads.
pub(super) fn unknown_setting(name: &str, span: Span, known: &[&str], here: String) -> Diagnostic {
    let mut error = Diagnostic::error(
        "unknown-setting",
        format!("unknown setting `{name}`"),
        span,
        here,
    );
    if !known.is_empty() {
        error = error.with_note(format!("these exist: {}", known.join(", ")));
    }
    if let Some((_, form)) = ELSEWHERE.iter().find(|(word, _)| *word == name) {
        return error.with_help(*form);
    }
    did_you_mean(error, name, span, known)
}

/// An error for a name that is set twice.
pub(super) fn repeated(name: &Name, first: &Name) -> Diagnostic {
    Diagnostic::error(
        "repeated-setting",
        format!("`{}` is set twice", name.text),
        name.span,
        "set again here",
    )
    .with_label(first.span, "set here first")
    .with_help("keep one of the two")
}

impl Reader<'_> {
    /// A value that is one of some words.
    pub(super) fn choice<T: Copy>(
        &mut self,
        setting: &str,
        value: &Value,
        choices: &[(&str, T)],
        later: &[&str],
    ) -> Option<T> {
        match word(value) {
            Some(text) => {
                let name = Name {
                    text: text.to_owned(),
                    span: value.span,
                };
                self.choose(setting, &name, choices, later)
            }
            None => {
                let example = choices.first().map_or("auto", |(word, _)| word);
                let example = format!("{setting} = {example}");
                self.report(wrong_type(setting, "a word", &example, value));
                None
            }
        }
    }

    /// A word that is one of some words.
    pub(super) fn choose<T: Copy>(
        &mut self,
        setting: &str,
        name: &Name,
        choices: &[(&str, T)],
        later: &[&str],
    ) -> Option<T> {
        let Name { text, span } = name;
        if let Some((_, choice)) = choices.iter().find(|(word, _)| word == text) {
            return Some(*choice);
        }
        let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
        let error = if later.contains(&text.as_str()) {
            not_supported_yet(&format!("`{setting} = {text}`"), *span)
                .with_note(format!("`{setting}` can be: {}", words.join(", ")))
        } else {
            let error = Diagnostic::error(
                "unknown-choice",
                format!("`{setting}` cannot be `{text}`"),
                *span,
                "not one of the choices",
            )
            .with_note(format!("`{setting}` can be: {}", words.join(", ")));
            did_you_mean(error, text, *span, &words)
        };
        self.report(error);
        None
    }

    /// `name(arguments)` or a bare `name`.
    pub(super) fn call(
        &mut self,
        setting: &str,
        value: &Value,
        example: &str,
    ) -> Option<(Name, Vec<Argument>)> {
        match &value.kind {
            ValueKind::Word(text) => {
                let name = Name {
                    text: text.clone(),
                    span: value.span,
                };
                Some((name, Vec::new()))
            }
            ValueKind::Call { name, arguments } => Some((name.clone(), arguments.clone())),
            ValueKind::Number(_)
            | ValueKind::Text(_)
            | ValueKind::List(_)
            | ValueKind::Tuple(_) => {
                let example = format!("{setting} = {example}");
                self.report(wrong_type(setting, "a name with parts", &example, value));
                None
            }
        }
    }
}
