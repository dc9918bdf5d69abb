//! One way to train, from the text behind `--with`.

use crate::failure::Failure;
use pdec_compiler::settings;
use std::path::Path;

/// One way to train.
#[derive(Debug, PartialEq)]
pub struct Variant {
    /// What the user wrote.
    pub text: String,
    /// A name for folders: letters, digits, `-`; no two have the same.
    pub name: String,
    /// A TOML file.
    pub config: Option<String>,
    /// Values for `--set`.
    pub settings: Vec<String>,
}

/// The ways to train, in the order in which they were given.
pub fn read(texts: &[String]) -> Result<Vec<Variant>, Failure> {
    let mut variants: Vec<Variant> = Vec::new();
    for text in texts {
        let is_file = Path::new(text).extension().is_some_and(|end| end == "toml");
        let settings = if is_file { Vec::new() } else { split(text)? };
        let mut name = folder_name(text);
        if let Some(number) = variants.iter().position(|other| other.name == name) {
            if variants[number].text == *text {
                return Err(Failure::usage(
                    "repeated-way",
                    format!("`--with \"{text}\"` is given twice"),
                    "give each way to train once; `--seeds N` repeats all of them",
                ));
            }
            name = format!("{name}-{}", variants.len());
        }
        variants.push(Variant {
            text: if text.trim().is_empty() {
                "as it is".to_owned()
            } else {
                text.clone()
            },
            name,
            config: is_file.then(|| text.clone()),
            settings,
        });
    }
    Ok(variants)
}

/// `network=propinn optimizer=lbfgs(steps=500)` as assignments for `--set`: a setting begins with a name and `=` outside
/// all brackets.
fn split(text: &str) -> Result<Vec<String>, Failure> {
    let mut parts: Vec<String> = Vec::new();
    let mut depth = 0usize;
    let mut begin = 0;
    for (place, c) in text.char_indices() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            c if c.is_whitespace() && depth == 0 && begins_setting(&text[place..]) => {
                parts.push(text[begin..place].to_owned());
                begin = place;
            }
            _ => {}
        }
    }
    parts.push(text[begin..].to_owned());
    let parts = parts.into_iter().map(|part| part.trim().to_owned());
    parts
        .filter(|part| !part.is_empty())
        .map(|part| assignment(&part))
        .collect()
}

/// Whether a text goes on with `name =`.
fn begins_setting(text: &str) -> bool {
    let text = text.trim_start();
    let name = text.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.'));
    name.is_some_and(|end| end > 0 && text[end..].trim_start().starts_with('='))
}

fn assignment(text: &str) -> Result<String, Failure> {
    let Some((name, value)) = text.split_once('=') else {
        return Err(Failure::usage(
            "no-setting",
            format!("`{text}` is not a setting"),
            "write for instance `--with \"network=propinn optimizer=adam(steps=1000)\"`, or name a .toml file",
        ));
    };
    let (name, value) = (name.trim(), value.trim());
    let head = name.split('.').next().unwrap_or(name);
    Ok(if settings::is_name(head) {
        format!("train.{name}={value}")
    } else {
        format!("{name}={value}")
    })
}

/// Letters and digits of a text, what is between as `-`; short.
fn folder_name(text: &str) -> String {
    let mut name = String::new();
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            name.push(c);
        } else if !name.is_empty() && !name.ends_with('-') {
            name.push('-');
        }
    }
    name.truncate(60);
    let name = name.trim_matches('-');
    if name.is_empty() {
        "as-it-is".to_owned()
    } else {
        name.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::{read, split};

    #[test]
    fn settings_are_told_apart() {
        let found =
            split("network=mlp(width = 8, depth=2) optimizer = [adam(steps=3), lbfgs]  nu=0.1")
                .ok();
        let expected = [
            "train.network=mlp(width = 8, depth=2)",
            "train.optimizer=[adam(steps=3), lbfgs]",
            "nu=0.1",
        ];
        assert_eq!(found, Some(expected.map(str::to_owned).to_vec()));
        assert_eq!(split("  ").ok(), Some(Vec::new()));
        assert!(split("propinn").is_err());
    }

    #[test]
    fn folders_have_names_of_their_own() {
        let texts = ["", "network=mlp", "network= mlp", "fast.toml"].map(str::to_owned);
        let variants = read(&texts).unwrap_or_default();
        let names: Vec<&str> = variants
            .iter()
            .map(|variant| variant.name.as_str())
            .collect();
        assert_eq!(
            names,
            ["as-it-is", "network-mlp", "network-mlp-2", "fast-toml"]
        );
        assert!(variants[3].config.is_some() && variants[3].settings.is_empty());
        assert!(read(&["a=1".to_owned(), "a=1".to_owned()]).is_err());
    }
}
