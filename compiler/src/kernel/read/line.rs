//! The tokens of a line, taken from left to right.

use super::ReadError;
use super::tokens::{Symbol, Token};
use crate::kernel::Value;
use std::collections::HashMap;

/// The tokens of a line, and how many are taken.
pub(super) struct Line {
    /// Its number in the text, counted from one.
    pub number: usize,
    /// All its tokens.
    pub tokens: Vec<Token>,
    /// The next token to take.
    pub next: usize,
}

impl Line {
    /// An error in this line.
    pub fn error(&self, reason: String) -> ReadError {
        ReadError {
            line: self.number,
            reason,
        }
    }

    /// Something else was expected.
    pub fn expected(&self, what: &str, found: Option<&Token>) -> ReadError {
        self.error(match found {
            Some(token) => format!("expected {what}, found {token}"),
            None => format!("expected {what}, found the end of the line"),
        })
    }

    /// The next token.
    pub fn take(&mut self) -> Option<Token> {
        let token = self.tokens.get(self.next).cloned();
        self.next += 1;
        token
    }

    /// Nothing follows.
    pub fn end(&mut self) -> Result<(), ReadError> {
        match self.take() {
            None => Ok(()),
            found @ Some(_) => Err(self.expected("the end of the line", found.as_ref())),
        }
    }

    /// Takes this symbol.
    pub fn symbol(&mut self, symbol: Symbol) -> Result<(), ReadError> {
        let wanted = Token::Symbol(symbol);
        match self.take() {
            Some(token) if token == wanted => Ok(()),
            found => Err(self.expected(&wanted.to_string(), found.as_ref())),
        }
    }

    /// Takes this symbol if it is next.
    pub fn skip(&mut self, symbol: Symbol) -> bool {
        let is_next = self.tokens.get(self.next) == Some(&Token::Symbol(symbol));
        self.next += usize::from(is_next);
        is_next
    }

    /// A name, quoted or not.
    pub fn name(&mut self) -> Result<String, ReadError> {
        match self.take() {
            Some(Token::Name(name)) => Ok(name),
            found => Err(self.expected("a name", found.as_ref())),
        }
    }

    /// Names with commas between them, perhaps none.
    pub fn names(&mut self) -> Result<Vec<String>, ReadError> {
        let mut names = Vec::new();
        if matches!(self.tokens.get(self.next), Some(Token::Name(_))) {
            names.push(self.name()?);
            while self.skip(Symbol::Comma) {
                names.push(self.name()?);
            }
        }
        Ok(names)
    }

    /// A name of this list, or a position in it or beyond it.
    pub fn position(&mut self, names: &[String], what: &str) -> Result<u32, ReadError> {
        match self.take() {
            Some(Token::Position(position)) => Ok(position),
            Some(Token::Name(name)) => match names.iter().position(|other| *other == name) {
                Some(position) => self.narrow(position),
                None => Err(self.error(format!("the kernel has no {what} `{name}`"))),
            },
            found => Err(self.expected(&format!("a name among the {what}s"), found.as_ref())),
        }
    }

    /// An operand.
    pub fn value(&mut self, values: &HashMap<u32, Value>) -> Result<Value, ReadError> {
        match self.take() {
            Some(Token::Position(position)) => Ok(Value(position)),
            Some(Token::Value(number)) => match values.get(&number) {
                Some(value) => Ok(*value),
                None => Err(self.error(format!("nothing defines %{number}"))),
            },
            found => Err(self.expected("a value", found.as_ref())),
        }
    }

    /// A number.
    pub fn number(&mut self) -> Result<f64, ReadError> {
        match self.take() {
            Some(Token::Number(number)) => Ok(number),
            Some(Token::Name(name)) if name == "pi" => Ok(std::f64::consts::PI),
            Some(Token::Name(name)) if name == "inf" => Ok(f64::INFINITY),
            found => Err(self.expected("a number", found.as_ref())),
        }
    }

    /// A position as it is kept in a kernel.
    pub fn narrow(&self, position: usize) -> Result<u32, ReadError> {
        u32::try_from(position).map_err(|_| self.error("the kernel is too long".to_string()))
    }
}
