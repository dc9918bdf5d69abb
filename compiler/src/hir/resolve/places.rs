//! Where a condition holds: sides, named parts of the boundary, all of it.

use super::Resolver;
use super::condition::Found;
use super::scope::Symbol;
use crate::diagnostic::Diagnostic;
use crate::hir::units;
use crate::hir::{Part, Role, Side};
use crate::source::Span;
use crate::syntax::print::{expression, interval_end, number};
use crate::syntax::{Name, Side as Written};
use std::collections::BTreeMap;

impl Resolver<'_> {
    /// `walls`, declared with `boundary`.
    pub(super) fn named_part(&mut self, name: &Name) -> Vec<Found> {
        let diagnostic = match self.scope.entries.get_mut(&name.text) {
            Some(entry) if entry.symbol == Symbol::Boundary => {
                entry.used = true;
                return vec![Found {
                    part: None,
                    text: name.text.clone(),
                }];
            }
            Some(entry) => {
                entry.used = true;
                let symbol = entry.symbol;
                let diagnostic = Diagnostic::error(
                    "not-a-boundary",
                    format!(
                        "`{}` is {}, not a part of the boundary",
                        name.text,
                        symbol.kind()
                    ),
                    name.span,
                    "a condition holds on a part of the boundary",
                )
                .with_label(entry.span, "declared here");
                match symbol {
                    Symbol::Coordinate(_) => diagnostic
                        .with_help(format!("write for instance `on {} = 0: …`", name.text)),
                    Symbol::Domain => diagnostic
                        .with_help("write `on boundary: …` for the whole boundary")
                        .with_edit(name.span, "boundary"),
                    _ => diagnostic.with_help("write `on x = 0: …`, or declare a `boundary`"),
                }
            }
            None => {
                let parts = self.scope.entries.iter();
                let parts: Vec<&str> = parts
                    .filter(|(_, entry)| entry.symbol == Symbol::Boundary)
                    .map(|(name, _)| name.as_str())
                    .collect();
                let known = parts.join(", ");
                let meant =
                    crate::syntax::nearest(&name.text, parts.iter().copied()).map(str::to_owned);
                let diagnostic = Diagnostic::error(
                    "not-a-boundary",
                    format!("there is no part of the boundary `{}`", name.text),
                    name.span,
                    "not declared",
                );
                match meant {
                    Some(meant) => diagnostic
                        .with_help(format!("did you mean `{meant}`?"))
                        .with_edit(name.span, meant),
                    None if !known.is_empty() => diagnostic.with_help(format!(
                        "the file declares {known}; others are declared like them: `boundary {} = …`",
                        name.text
                    )),
                    None => diagnostic.with_help(
                        "write `on x = 0: …` for a side of the box, `on boundary: …` for all of them",
                    ),
                }
            }
        };
        self.error(diagnostic);
        Vec::new()
    }

    /// `boundary`: every side of the box.
    pub(super) fn whole_boundary(&mut self, place: Span) -> Vec<Found> {
        if self.problem.domain.is_some() {
            return vec![Found {
                part: None,
                text: "boundary".to_owned(),
            }];
        }
        let mut found = Vec::new();
        for (coordinate, declared) in self.problem.coordinates.iter() {
            if declared.role != Role::Space || declared.periodic {
                continue;
            }
            for (side, end) in [(Side::Low, declared.low), (Side::High, declared.high)] {
                found.push(Found {
                    part: Some(Part { coordinate, side }),
                    text: format!("{} = {}", declared.name, number(end)),
                });
            }
        }
        if found.is_empty() {
            self.error(
                Diagnostic::error(
                    "condition-not-on-boundary",
                    "the problem has no boundary",
                    place,
                    "every coordinate of space is periodic, or there is none",
                )
                .with_help("remove this condition"),
            );
        }
        found
    }

    /// `x = 0`; one place for each coordinate where `x` is a list of them.
    pub(super) fn side(&mut self, place: &Written, opening: Option<Span>) -> Vec<Found> {
        let mut found = Vec::new();
        for coordinate in self.coordinates_at(place) {
            let part = self.part(coordinate, place, opening);
            let name = &self.problem.coordinates[coordinate].name;
            let Some(part) = part else { break };
            found.push(Found {
                part: Some(part),
                text: format!("{name} = {}", expression(self.document, place.value)),
            });
        }
        found
    }

    /// The coordinates that a place speaks of: one, or all of a list.
    pub(super) fn coordinates_at(&mut self, place: &Written) -> Vec<crate::hir::CoordinateId> {
        let name = &place.coordinate;
        match place.index {
            Some(index) => {
                let found = self.indexed_coordinate(name, index, &BTreeMap::new(), place.span);
                found.into_iter().collect()
            }
            None => self.coordinates_named(name),
        }
    }

    /// The part of the boundary at a place; what is wrong with it is reported. `opening` is what `initial` would
    /// replace.
    pub(super) fn part(
        &mut self,
        coordinate: crate::hir::CoordinateId,
        place: &Written,
        opening: Option<Span>,
    ) -> Option<Part> {
        let value = self.constant(
            place.value,
            "a place on the boundary",
            Some(units::Quantity::Coordinate(coordinate)),
        )?;
        let declared = &self.problem.coordinates[coordinate];
        let (low, high, name) = (declared.low, declared.high, declared.name.clone());
        if !low.is_finite() || !high.is_finite() {
            // The interval itself has been reported.
            return None;
        }
        if declared.role == Role::Family {
            self.error(
                Diagnostic::error(
                    "condition-not-on-boundary",
                    format!("`{name}` is a parameter of a family"),
                    place.span,
                    "no place in space",
                )
                .with_label(declared.span, "declared here")
                .with_help("conditions are given at the ends of coordinates of space"),
            );
            return None;
        }
        if declared.role == Role::Time {
            self.condition_on_time(place, value, low, &name, opening);
            return None;
        }
        // Ends may be computed in two ways, `2*pi` and `6.283185307179586`.
        let near = 1e-12 * low.abs().max(high.abs());
        let side = if (value - low).abs() <= near {
            Side::Low
        } else if (value - high).abs() <= near {
            Side::High
        } else {
            let (low, high) = (interval_end(low), interval_end(high));
            let diagnostic = Diagnostic::error(
                "condition-not-on-boundary",
                format!(
                    "`{name} = {}` is not on the boundary",
                    expression(self.document, place.value)
                ),
                place.span,
                format!("the ends are `{name} = {low}` and `{name} = {high}`"),
            )
            .with_label(declared.span, format!("`{name}` goes from {low} to {high}"))
            .with_help(format!(
                "write `on {name} = {low}: …` or `on {name} = {high}: …`"
            ));
            self.error(diagnostic);
            return None;
        };
        if declared.periodic {
            let span = declared.span;
            let message = format!("`{name}` is periodic, so it has no boundary");
            // `on x = 0, x = 1` is one mistake.
            if self
                .errors
                .last()
                .is_some_and(|last| last.message == message)
            {
                return None;
            }
            self.error(
                Diagnostic::error(
                    "overlapping-conditions",
                    message,
                    place.span,
                    "no condition can be given here",
                )
                .with_label(span, format!("`{name}` is declared here"))
                .with_note("Where a coordinate is periodic, its two ends are the same place inside the domain.")
                .with_help(format!("remove this condition, or `periodic {name}`")),
            );
            return None;
        }
        Some(Part { coordinate, side })
    }
}
