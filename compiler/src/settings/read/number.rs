//! Numbers in their ranges.

use super::Reader;
use crate::diagnostic::Diagnostic;
use crate::syntax::{Value, ValueKind};

/// What a number may be.
#[derive(Clone, Copy)]
pub(super) struct Range {
    low: f64,
    high: f64,
    /// Whether `low` itself is excluded.
    open: bool,
}

impl Range {
    /// Whole numbers from `low` to `high`.
    pub(super) fn counts(low: usize, high: usize) -> Self {
        Self::closed(low as f64, high as f64)
    }

    /// From `low` to `high`, both included.
    pub(super) fn closed(low: f64, high: f64) -> Self {
        Self {
            low,
            high,
            open: false,
        }
    }

    /// Above zero, up to `high`.
    pub(super) fn positive(high: f64) -> Self {
        Self {
            low: 0.0,
            high,
            open: true,
        }
    }

    fn contains(self, number: f64) -> bool {
        let above = if self.open {
            number > self.low
        } else {
            number >= self.low
        };
        above && number <= self.high
    }

    fn describe(self) -> String {
        let Self { low, high, open } = self;
        if open {
            format!("a number above {low}, at most {high}")
        } else {
            format!("from {low} to {high}")
        }
    }
}

/// An error for a value of another kind than the setting takes.
pub(super) fn wrong_type(setting: &str, wanted: &str, example: &str, value: &Value) -> Diagnostic {
    let found = match &value.kind {
        ValueKind::Number(_) => "a number",
        ValueKind::Text(_) => "a quoted text",
        ValueKind::Word(_) => "a word",
        ValueKind::Call { .. } => "a name with parts",
        ValueKind::List(_) => "a list",
        ValueKind::Tuple(_) => "a tuple",
    };
    Diagnostic::error(
        "setting-type",
        format!("`{setting}` takes {wanted}"),
        value.span,
        format!("this is {found}"),
    )
    .with_help(format!("write for instance `{example}`"))
}

impl Reader<'_> {
    /// A number in a range.
    pub(super) fn real(&mut self, setting: &str, value: &Value, range: Range) -> Option<f64> {
        let ValueKind::Number(number) = value.kind else {
            let example = format!("{setting} = {}", if range.open { 10.0 } else { range.low });
            self.report(wrong_type(setting, "a number", &example, value));
            return None;
        };
        if range.contains(number) {
            return Some(number);
        }
        self.report(Diagnostic::error(
            "setting-range",
            format!("`{setting}` is out of its range"),
            value.span,
            format!("`{setting}` must be {}", range.describe()),
        ));
        None
    }

    /// A whole number in a range.
    pub(super) fn whole(&mut self, setting: &str, value: &Value, range: Range) -> Option<usize> {
        let number = self.real(setting, value, range)?;
        if number.fract() != 0.0 {
            self.report(Diagnostic::error(
                "setting-type",
                format!("`{setting}` takes a whole number"),
                value.span,
                "this number has a fraction",
            ));
            return None;
        }
        // In range, so not negative and far below 2^53: the conversion is exact.
        Some(number as usize)
    }
}
