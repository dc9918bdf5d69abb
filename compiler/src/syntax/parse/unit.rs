//! Reads units, `[kg*m/s^2]`, into factors with powers.
//!
//! Only brackets recurse, and their depth has been bounded.

use super::grammar::Rule;
use super::part::lowered;
use super::reader::{Reader, child};
use crate::diagnostic::Diagnostic;
use crate::source::Span;
use crate::syntax::{Unit, UnitFactor};
use pest::iterators::Pair;

/// The largest power of a unit, and the largest denominator of one. None in use is above 10.
const LARGEST: i64 = 1_000;

/// A power as a fraction in lowest terms, the denominator positive.
type Power = (i64, i64);

impl Reader<'_, '_> {
    /// Reads a `unit` pair.
    pub(super) fn unit(&mut self, pair: &Pair<Rule>) -> Option<Unit> {
        let mut factors = Vec::new();
        self.unit_product(pair, (1, 1), &mut factors)?;
        Some(Unit {
            factors,
            span: self.span(pair),
        })
    }

    /// Reads the factors of a product that is raised to a power.
    fn unit_product(
        &mut self,
        pair: &Pair<Rule>,
        outer: Power,
        factors: &mut Vec<UnitFactor>,
    ) -> Option<()> {
        let mut divided: Option<Span> = None;
        let mut divides = false;
        for part in pair.clone().into_inner() {
            if part.as_rule() == Rule::unit_operator {
                divides = part.as_str() == "/";
                if divides {
                    divided = Some(self.span(&part));
                } else if let Some(divided) = divided {
                    self.two_readings(divided, self.span(&part), pair);
                    return None;
                }
            } else if part.as_rule() == Rule::unit_factor {
                let sign = if divides { -1 } else { 1 };
                self.unit_factor(&part, (sign * outer.0, outer.1), factors)?;
            }
        }
        Some(())
    }

    fn unit_factor(
        &mut self,
        pair: &Pair<Rule>,
        outer: Power,
        factors: &mut Vec<UnitFactor>,
    ) -> Option<()> {
        let own = match child(pair, Rule::unit_power) {
            Some(power) => self.unit_power(&power)?,
            None => (1, 1),
        };
        let power = self.in_range(product(own, outer), pair)?;
        if let Some(group) = child(pair, Rule::unit_group) {
            return self.unit_product(&group, power, factors);
        }
        let name = self.name(&child(pair, Rule::unit_name)?);
        if let Some(letters) = name.text.strip_suffix(|it: char| it.is_ascii_digit()) {
            let digits = &name.text[letters.len()..];
            self.errors.push(
                Diagnostic::error(
                    "syntax",
                    format!("`{}` is not a unit", name.text),
                    name.span,
                    "a power needs its `^`",
                )
                .with_help(format!("write `{letters}^{digits}`"))
                .with_edit(name.span, format!("{letters}^{digits}")),
            );
            return None;
        }
        let (numerator, denominator) = power;
        factors.push(UnitFactor {
            name,
            power: (
                i32::try_from(numerator).ok()?,
                i32::try_from(denominator).ok()?,
            ),
        });
        Some(())
    }

    fn unit_power(&mut self, pair: &Pair<Rule>) -> Option<Power> {
        if let Some(raised) = child(pair, Rule::raised) {
            return self.fraction(&lowered(raised.as_str()), "1", pair);
        }
        let numerator = child(pair, Rule::unit_integer)?;
        let denominator = child(pair, Rule::whole);
        let denominator = denominator.as_ref().map_or("1", Pair::as_str);
        self.fraction(numerator.as_str(), denominator, pair)
    }

    fn fraction(&mut self, numerator: &str, denominator: &str, pair: &Pair<Rule>) -> Option<Power> {
        let fraction = numerator.parse().ok().zip(denominator.parse().ok());
        // What does not fit into 64 bits is out of range as well.
        let (numerator, denominator): Power = fraction.unwrap_or((i64::MAX, 1));
        if denominator == 0 {
            self.errors.push(Diagnostic::error(
                "syntax",
                "the power of a unit is divided by zero",
                self.span(pair),
                "not a number",
            ));
            return None;
        }
        self.in_range(reduced(numerator, denominator), pair)
    }

    fn in_range(&mut self, power: Power, pair: &Pair<Rule>) -> Option<Power> {
        if power.0.abs() <= LARGEST && power.1 <= LARGEST {
            return Some(power);
        }
        self.errors.push(Diagnostic::error(
            "syntax",
            "the power of this unit is too large",
            self.span(pair),
            format!("beyond {LARGEST}"),
        ));
        None
    }

    /// `J/kg*K`: is `K` above or below the line?
    fn two_readings(&mut self, divided: Span, times: Span, pair: &Pair<Rule>) {
        let whole = self.span(pair);
        let inside = Span::new(whole.range().start + 1, whole.range().end - 1);
        let slice = |start: u32, end: u32| {
            let range = start as usize..end as usize;
            self.source.text.get(range).unwrap_or("").trim()
        };
        let above = slice(inside.start, divided.start);
        let below = slice(divided.end, times.start);
        let after = slice(times.end, inside.end);
        let message = format!(
            "`{}` can be read in two ways",
            slice(inside.start, inside.end)
        );
        self.errors.push(
            Diagnostic::error("syntax", message, times, "above or below the line?")
                .with_note("What follows a `/` in a unit ends with the next factor, but not every reader knows.")
                .with_help(format!("write `{above}/{below}/{after}` or `{after}*{above}/{below}`"))
                .with_edit(times, "/"),
        );
    }
}

/// Within [`LARGEST`], so nothing overflows.
fn product(left: Power, right: Power) -> Power {
    reduced(left.0 * right.0, left.1 * right.1)
}

fn reduced(numerator: i64, denominator: i64) -> Power {
    let (mut divisor, mut rest) = (denominator, numerator % denominator);
    while rest != 0 {
        (divisor, rest) = (rest, divisor % rest);
    }
    let divisor = divisor.abs();
    (numerator / divisor, denominator / divisor)
}
