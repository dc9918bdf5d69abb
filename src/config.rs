//! `--config FILE.toml`: settings and parameters from a file.
//!
//! ```toml
//! [run]                 # seed, time_limit (seconds), target
//! seed = 1
//! [train]               # as in a `train` block; text in quotes, numbers and lists plain or in quotes
//! network = "mlp(width = 64, depth = 4)"
//! points.interior = 4096
//! [param]
//! nu = 0.02
//! ```
//!
//! A value is read by the grammar of settings in its place in the file: everything around it is blanked
//! out, so that a mistake is reported at its line of the TOML file.

use crate::failure::Failure;
use crate::input::Refused;
use pdec_compiler::diagnostic::Diagnostic;
use pdec_compiler::front::Assignment;
use pdec_compiler::source::{Source, Span};
use pdec_compiler::syntax::{self, Name, Setting, ValueKind};
use std::ops::Range;
use std::path::Path;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// What a config file says.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// Settings (`train.NAME`) and parameters (`NAME`).
    pub assignments: Vec<Assignment>,
    /// The seed.
    pub seed: Option<u64>,
    /// The time limit in seconds.
    pub time_limit: Option<f64>,
    /// The loss at which to stop.
    pub target: Option<f64>,
}

/// Reads a config file.
pub fn read(path: &Path) -> Result<Config, Refused> {
    let text = std::fs::read_to_string(path).map_err(|error| Failure::unreadable(path, &error))?;
    read_text(Source::new(path.display().to_string(), text))
}

/// Reads the text of a config file.
pub fn read_text(source: Source) -> Result<Config, Refused> {
    parse(&source).map_err(|errors| Refused::usage(source, errors))
}

fn parse(source: &Source) -> Result<Config, Vec<Diagnostic>> {
    let table = DeTable::parse(&source.text).map_err(|error| {
        let place = error.span().unwrap_or(0..0);
        vec![
            Diagnostic::error(
                "toml-syntax",
                "the file is not valid TOML",
                Span::new(place.start, place.end),
                error.message(),
            )
            .with_help("settings that are not numbers are quoted: `network = \"mlp(width = 64)\"`"),
        ]
    })?;
    let mut reader = Reader {
        source,
        config: Config::default(),
        errors: Vec::new(),
    };
    for (key, value) in in_order(table.get_ref()) {
        match (key.get_ref().as_ref(), value.get_ref()) {
            ("train", DeValue::Table(entries)) => reader.assignments("train.", entries),
            ("param", DeValue::Table(entries)) => reader.assignments("", entries),
            ("run", DeValue::Table(entries)) => reader.run(entries),
            (name, _) => {
                let error = unknown(name, key.span(), "[run], [train] and [param]");
                reader.errors.push(error);
            }
        }
    }
    if reader.errors.is_empty() {
        Ok(reader.config)
    } else {
        Err(reader.errors)
    }
}

type Entry<'a, 'i> = (
    &'a Spanned<std::borrow::Cow<'i, str>>,
    &'a Spanned<DeValue<'i>>,
);

/// The entries of a table as they stand in the file.
fn in_order<'a, 'i>(table: &'a DeTable<'i>) -> Vec<Entry<'a, 'i>> {
    let mut entries: Vec<Entry> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}

fn unknown(name: &str, span: Range<usize>, known: &str) -> Diagnostic {
    Diagnostic::error(
        "unknown-setting",
        format!("unknown name `{name}` in a config file"),
        Span::new(span.start, span.end),
        "nothing reads this",
    )
    .with_note(format!("what can stand here: {known}"))
}

struct Reader<'s> {
    source: &'s Source,
    config: Config,
    errors: Vec<Diagnostic>,
}

impl Reader<'_> {
    /// One assignment for each entry; those of a table inside get dotted names.
    fn assignments(&mut self, prefix: &str, entries: &DeTable) {
        for (key, value) in in_order(entries) {
            let name = format!("{prefix}{}", key.get_ref());
            if let DeValue::Table(inner) = value.get_ref() {
                self.assignments(&format!("{name}."), inner);
                continue;
            }
            match self.setting(&name, &key.span(), value) {
                Ok(setting) => self.config.assignments.push(Assignment {
                    source: self.source.clone(),
                    setting,
                }),
                Err(mut errors) => self.errors.append(&mut errors),
            }
        }
    }

    /// Reads a value where it stands.
    fn setting(
        &self,
        name: &str,
        key: &Range<usize>,
        value: &Spanned<DeValue>,
    ) -> Result<Setting, Vec<Diagnostic>> {
        let place = value.span();
        let quoted = matches!(value.get_ref(), DeValue::String(_) | DeValue::Array(_));
        let mut text = vec![b' '; self.source.text.len()];
        // A key and `=` stand before every value, so there is room for both.
        text[key.start] = b'k';
        text[place.start - 1] = b'=';
        for position in place.clone() {
            let byte = self.source.text.as_bytes()[position];
            let quote = quoted && (byte == b'"' || byte == b'\'');
            text[position] = if quote { b' ' } else { byte };
        }
        let blanked = String::from_utf8_lossy(&text).into_owned();
        let mut setting = syntax::parse_setting(&Source::new(&self.source.name, blanked))?;
        setting.name = Name {
            text: name.to_owned(),
            span: Span::new(key.start, key.end),
        };
        Ok(setting)
    }

    fn run(&mut self, entries: &DeTable) {
        for (key, value) in in_order(entries) {
            let name = key.get_ref().as_ref();
            let number = match self.setting(name, &key.span(), value) {
                Ok(setting) => match setting.value.kind {
                    ValueKind::Number(number) => Some(number),
                    ValueKind::Text(_)
                    | ValueKind::Word(_)
                    | ValueKind::Call { .. }
                    | ValueKind::List(_)
                    | ValueKind::Tuple(_) => None,
                },
                Err(_) => None,
            };
            let text = self.source.text.get(value.span()).unwrap_or("");
            let positive = number.filter(|number| number.is_finite() && *number > 0.0);
            let wanted = match name {
                "seed" => {
                    // Through the text: a seed may have more digits than a float holds.
                    self.config.seed = text.parse().ok();
                    self.config
                        .seed
                        .is_none()
                        .then_some("a whole number from 0")
                }
                "time_limit" => {
                    self.config.time_limit = positive;
                    positive.is_none().then_some("seconds above 0")
                }
                "target" => {
                    self.config.target = positive;
                    positive.is_none().then_some("a number above 0")
                }
                _ => {
                    let error = unknown(name, key.span(), "seed, time_limit, target");
                    self.errors.push(error);
                    None
                }
            };
            if let Some(wanted) = wanted {
                let place = value.span();
                self.errors.push(Diagnostic::error(
                    "setting-type",
                    format!("`{name}` takes {wanted}"),
                    Span::new(place.start, place.end),
                    "this is something else",
                ));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::parse;
    use pdec_compiler::source::Source;
    use pdec_compiler::syntax::ValueKind;

    fn names(text: &str) -> Vec<String> {
        let config = parse(&Source::new("c.toml", text)).unwrap();
        let names = config.assignments.iter();
        names
            .map(|assignment| assignment.setting.name.text.clone())
            .collect()
    }

    #[test]
    fn values_are_read_in_their_place() {
        let text = "[train]\nnetwork = \"mlp(width = 64)\"\nwindows=5\n\
                    optimizer = [\"adam(steps = 10)\", 'gauss_newton']\n\
                    points = { interior = 5 }\n[train.weights]\ninitial = 2\n[param]\n\"ρ\" = 1e-3\n";
        assert_eq!(
            names(text),
            [
                "train.network",
                "train.windows",
                "train.optimizer",
                "train.points.interior",
                "train.weights.initial",
                "ρ"
            ]
        );
        let config = parse(&Source::new("c.toml", text)).unwrap();
        let value = &config.assignments[0].setting.value;
        assert_eq!(&text[value.span.range()], "mlp(width = 64)");
        let ValueKind::List(list) = &config.assignments[2].setting.value.kind else {
            panic!("a list was written");
        };
        assert_eq!(list.len(), 2);
    }

    #[test]
    fn mistakes_are_found_in_their_place() {
        let place = |text: &str| {
            let errors = parse(&Source::new("c.toml", text)).unwrap_err();
            let span = errors[0].primary.span.range();
            (errors[0].name, text[span].to_owned())
        };
        assert_eq!(
            place("windows = 3"),
            ("unknown-setting", "windows".to_owned())
        );
        assert_eq!(place("[run]\nseed = -1"), ("setting-type", "-1".to_owned()));
        assert_eq!(
            place("[run]\nsead = 1"),
            ("unknown-setting", "sead".to_owned())
        );
        assert_eq!(place("[train\n").0, "toml-syntax");
        assert_eq!(place("[train]\nnetwork = \"mlp(\"").0, "syntax");
    }

    #[test]
    fn large_seeds_are_kept() {
        let config = parse(&Source::new("c.toml", "[run]\nseed = 9007199254740993")).unwrap();
        assert_eq!(config.seed, Some(9_007_199_254_740_993));
    }
}
