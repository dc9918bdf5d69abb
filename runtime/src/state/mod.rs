//! The state of a computation under way, as named arrays that a file can hold.
//!
//! * Input: whatever implements [`Resume`]: optimisers, random streams, points, the run itself.
//! * Output: a [`State`], from which the same thing goes on to the same bits.
//! * Invariants: names are paths with dots; numbers keep their bits; taking a state changes nothing. An
//!   implementation takes its fields apart by name (`let Self { a, b } = self`), so that a field that is added
//!   later does not compile before somebody has said whether it is saved.

mod common;

use std::collections::BTreeMap;
use thiserror::Error;

/// One named array.
#[derive(Clone, Debug, PartialEq)]
pub enum Entry {
    /// Floating-point numbers.
    Numbers(Vec<f64>),
    /// Whole numbers.
    Words(Vec<u64>),
    /// Text.
    Text(String),
}

/// Named arrays.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    entries: BTreeMap<String, Entry>,
}

/// Why something cannot go on from a state.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum StateError {
    /// Something is not there, or is of another kind.
    #[error("it has no {kind} `{name}`")]
    Missing {
        /// The name.
        name: String,
        /// What was wanted.
        kind: &'static str,
    },
    /// An array has another length.
    #[error("its `{name}` has {found} values where there must be {wanted}")]
    Length {
        /// The name.
        name: String,
        /// The length it has.
        found: usize,
        /// The length it must have.
        wanted: usize,
    },
    /// A value that cannot be.
    #[error("its `{name}` {reason}")]
    Value {
        /// The name.
        name: String,
        /// What is wrong with it.
        reason: &'static str,
    },
}

/// Something that can be saved and go on from there, to the same bits.
pub trait Resume {
    /// Adds everything that decides how it goes on, besides what it is made from.
    fn save(&self, state: &mut State);

    /// Becomes what was saved. `self` has been made in the same way as what was saved.
    ///
    /// # Errors
    ///
    /// [`StateError`]: the state is not that of such a thing. `self` may be anything then and must not be used.
    fn load(&mut self, state: &State) -> Result<(), StateError>;
}

impl State {
    /// All arrays, by name.
    pub fn entries(&self) -> impl Iterator<Item = (&str, &Entry)> {
        self.entries
            .iter()
            .map(|(name, entry)| (name.as_str(), entry))
    }

    /// Adds an array.
    pub fn insert(&mut self, name: &str, entry: Entry) {
        self.entries.insert(name.to_owned(), entry);
    }

    /// Adds numbers.
    pub fn put_numbers(&mut self, name: &str, values: &[f64]) {
        self.insert(name, Entry::Numbers(values.to_vec()));
    }

    /// Adds whole numbers.
    pub fn put_words(&mut self, name: &str, values: &[u64]) {
        self.insert(name, Entry::Words(values.to_vec()));
    }

    /// Adds a count.
    pub fn put_count(&mut self, name: &str, value: usize) {
        self.put_words(name, &[value as u64]);
    }

    /// Adds text.
    pub fn put_text(&mut self, name: &str, text: &str) {
        self.insert(name, Entry::Text(text.to_owned()));
    }

    /// Adds the state of a part under its name.
    pub fn put(&mut self, name: &str, part: &(impl Resume + ?Sized)) {
        let mut own = Self::default();
        part.save(&mut own);
        self.put_part(name, own);
    }

    /// Adds arrays under a name.
    pub fn put_part(&mut self, name: &str, part: Self) {
        for (inner, entry) in part.entries {
            self.entries.insert(format!("{name}.{inner}"), entry);
        }
    }

    /// The arrays under a name, without it.
    #[must_use]
    pub fn part(&self, name: &str) -> Self {
        let prefix = format!("{name}.");
        let own = self
            .entries
            .range(prefix.clone()..)
            .take_while(|(name, _)| name.starts_with(&prefix));
        Self {
            entries: own
                .map(|(name, entry)| (name[prefix.len()..].to_owned(), entry.clone()))
                .collect(),
        }
    }

    /// Lets a part go on from what is under its name.
    ///
    /// # Errors
    ///
    /// Those of [`Resume::load`], with the whole name.
    pub fn get(&self, name: &str, part: &mut (impl Resume + ?Sized)) -> Result<(), StateError> {
        part.load(&self.part(name))
            .map_err(|error| error.under(name))
    }

    /// Whether there is an array of this name.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.entries.contains_key(name)
    }

    /// Numbers, however many.
    ///
    /// # Errors
    ///
    /// If there are none of this name.
    pub fn numbers(&self, name: &str) -> Result<&[f64], StateError> {
        match self.entries.get(name) {
            Some(Entry::Numbers(values)) => Ok(values),
            Some(Entry::Words(_) | Entry::Text(_)) | None => Err(missing(name, "numbers")),
        }
    }

    /// So many numbers.
    ///
    /// # Errors
    ///
    /// If there are none of this name, or more or fewer.
    pub fn numbers_of(&self, name: &str, count: usize) -> Result<Vec<f64>, StateError> {
        let values = self.numbers(name)?;
        if values.len() == count {
            Ok(values.to_vec())
        } else {
            Err(StateError::Length {
                name: name.to_owned(),
                found: values.len(),
                wanted: count,
            })
        }
    }

    /// So many numbers, none of which is infinite or not a number.
    ///
    /// # Errors
    ///
    /// As [`numbers_of`](Self::numbers_of), and if one is not finite.
    pub fn finite(&self, name: &str, count: usize) -> Result<Vec<f64>, StateError> {
        let values = self.numbers_of(name, count)?;
        if values.iter().all(|value| value.is_finite()) {
            Ok(values)
        } else {
            Err(wrong(name, "holds values that are not finite numbers"))
        }
    }

    /// One number.
    ///
    /// # Errors
    ///
    /// If there is no such number.
    pub fn number(&self, name: &str) -> Result<f64, StateError> {
        self.numbers_of(name, 1).map(|values| values[0])
    }

    /// Whole numbers.
    ///
    /// # Errors
    ///
    /// If there are none of this name.
    pub fn words(&self, name: &str) -> Result<&[u64], StateError> {
        match self.entries.get(name) {
            Some(Entry::Words(values)) => Ok(values),
            Some(Entry::Numbers(_) | Entry::Text(_)) | None => Err(missing(name, "whole numbers")),
        }
    }

    /// A count.
    ///
    /// # Errors
    ///
    /// If there is no such number.
    pub fn count(&self, name: &str) -> Result<usize, StateError> {
        match self.words(name)? {
            [value] => usize::try_from(*value).map_err(|_| wrong(name, "is too large")),
            values => Err(StateError::Length {
                name: name.to_owned(),
                found: values.len(),
                wanted: 1,
            }),
        }
    }

    /// Text.
    ///
    /// # Errors
    ///
    /// If there is none of this name.
    pub fn text(&self, name: &str) -> Result<&str, StateError> {
        match self.entries.get(name) {
            Some(Entry::Text(text)) => Ok(text),
            Some(Entry::Numbers(_) | Entry::Words(_)) | None => Err(missing(name, "text")),
        }
    }
}

impl StateError {
    /// The same with the name of the part in front.
    #[must_use]
    pub fn under(mut self, part: &str) -> Self {
        match &mut self {
            Self::Missing { name, .. } | Self::Length { name, .. } | Self::Value { name, .. } => {
                *name = format!("{part}.{name}");
            }
        }
        self
    }
}

/// A value that cannot be.
#[must_use]
pub fn wrong(name: &str, reason: &'static str) -> StateError {
    StateError::Value {
        name: name.to_owned(),
        reason,
    }
}

fn missing(name: &str, kind: &'static str) -> StateError {
    StateError::Missing {
        name: name.to_owned(),
        kind,
    }
}

#[cfg(test)]
mod tests {
    use super::{State, StateError};

    #[test]
    fn parts_have_their_own_names() {
        let mut inner = State::default();
        inner.put_numbers("x", &[1.0, f64::NAN]);
        inner.put_text("name", "ρ");
        let mut state = State::default();
        state.put_part("a", inner.clone());
        state.put_numbers("ab.x", &[2.0]);
        state.put_count("n", 7);
        let part = state.part("a");
        assert_eq!(part.text("name"), Ok("ρ"));
        let numbers = part.numbers("x").unwrap();
        assert_eq!(numbers[1].to_bits(), f64::NAN.to_bits());
        assert_eq!(part.entries().count(), 2);
        assert_eq!(state.count("n"), Ok(7));
        assert!(matches!(
            state.numbers_of("ab.x", 2),
            Err(StateError::Length { found: 1, .. })
        ));
        assert!(matches!(
            state.numbers("n"),
            Err(StateError::Missing { .. })
        ));
        assert!(matches!(part.finite("x", 2), Err(StateError::Value { .. })));
        let error = part.number("y").unwrap_err().under("a");
        assert_eq!(error.to_string(), "it has no numbers `a.y`");
    }
}
