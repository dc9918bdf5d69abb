//! A line of a kernel as tokens.

use crate::kernel::print::{continues_name, starts_name};
use std::fmt;

/// A piece of a line.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Name(String),
    /// `%3`
    Value(u32),
    /// `#3`
    Position(u32),
    Number(f64),
    Symbol(Symbol),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Symbol {
    Open,
    Close,
    Comma,
    Semicolon,
    Equals,
    Less,
    Arrow,
}

impl Symbol {
    fn text(self) -> &'static str {
        match self {
            Self::Open => "(",
            Self::Close => ")",
            Self::Comma => ",",
            Self::Semicolon => ";",
            Self::Equals => "=",
            Self::Less => "<",
            Self::Arrow => "->",
        }
    }
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => write!(f, "`{name}`"),
            Self::Value(number) => write!(f, "`%{number}`"),
            Self::Position(position) => write!(f, "`#{position}`"),
            Self::Number(number) => write!(f, "`{number}`"),
            Self::Symbol(symbol) => write!(f, "`{}`", symbol.text()),
        }
    }
}

/// Cuts a line into tokens.
pub(super) fn tokens(line: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut rest = line;
    while let Some(character) = rest.chars().next() {
        let after = &rest[character.len_utf8()..];
        let symbol = match character {
            _ if character.is_whitespace() => {
                rest = after;
                continue;
            }
            '(' => Some(Symbol::Open),
            ')' => Some(Symbol::Close),
            ',' => Some(Symbol::Comma),
            ';' => Some(Symbol::Semicolon),
            '=' => Some(Symbol::Equals),
            '<' => Some(Symbol::Less),
            '-' if after.starts_with('>') => Some(Symbol::Arrow),
            _ => None,
        };
        let token;
        (token, rest) = if let Some(symbol) = symbol {
            (Token::Symbol(symbol), &rest[symbol.text().len()..])
        } else if character == '"' {
            let (name, rest) = quoted(after)?;
            (Token::Name(name), rest)
        } else if starts_name(character) {
            let (name, rest) = split(rest, continues_name);
            (Token::Name(name.to_string()), rest)
        } else if character == '%' || character == '#' {
            let (digits, rest) = split(after, |c| c.is_ascii_digit());
            let number = digits
                .parse()
                .map_err(|_| format!("`{character}{digits}` has no number that fits"))?;
            let token = match character {
                '%' => Token::Value(number),
                _ => Token::Position(number),
            };
            (token, rest)
        } else {
            let (text, rest) = split(rest, |c| {
                c.is_alphanumeric() || matches!(c, '.' | '+' | '-')
            });
            let number = number(text).ok_or_else(|| {
                let what = if text.is_empty() {
                    character.to_string()
                } else {
                    text.to_string()
                };
                format!("`{what}` means nothing here")
            })?;
            (Token::Number(number), rest)
        };
        tokens.push(token);
    }
    Ok(tokens)
}

/// A decimal number, or `0x` and sixteen digits for its bits.
fn number(text: &str) -> Option<f64> {
    match text.strip_prefix("0x") {
        Some(bits) if bits.len() == 16 => u64::from_str_radix(bits, 16).ok().map(f64::from_bits),
        Some(_) => None,
        None => text.parse().ok(),
    }
}

/// The longest beginning whose characters all belong, and what follows.
fn split(text: &str, belongs: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|c| !belongs(c)).unwrap_or(text.len()))
}

/// The name up to its closing quote, and what follows.
fn quoted(text: &str) -> Result<(String, &str), String> {
    let mut name = String::new();
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return Ok((name, &text[at + 1..])),
            '\\' => match characters.next() {
                Some((_, escaped @ ('"' | '\\'))) => name.push(escaped),
                Some((_, 'u')) => {
                    let code: String = characters
                        .by_ref()
                        .map(|(_, c)| c)
                        .take_while(|&c| c != '}')
                        .collect();
                    let escaped = code
                        .strip_prefix('{')
                        .and_then(|digits| u32::from_str_radix(digits, 16).ok())
                        .and_then(char::from_u32)
                        .ok_or_else(|| format!("`\\u{code}}}` is not a character"))?;
                    name.push(escaped);
                }
                Some((_, other)) => return Err(format!("`\\{other}` is not a character")),
                None => break,
            },
            _ => name.push(character),
        }
    }
    Err("a quoted name does not end".to_string())
}
