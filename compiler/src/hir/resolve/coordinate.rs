//! Names that must be coordinates.

use super::Resolver;
use super::expression::Environment;
use super::quantity::Quantity;
use super::scope::{Entry, Symbol};
use crate::diagnostic::Diagnostic;
use crate::hir::CoordinateId;
use crate::source::Span;
use crate::syntax::suggest::nearest;
use crate::syntax::{ExpressionId, ExpressionKind, Name};

impl Resolver<'_> {
    /// The coordinate of this name, where it is one; else an error.
    pub(super) fn coordinate_named(&mut self, name: &Name) -> Option<CoordinateId> {
        match self.scope.entries.get_mut(&name.text) {
            Some(Entry {
                symbol: Symbol::Coordinate(id),
                used,
                ..
            }) => {
                *used = true;
                Some(*id)
            }
            Some(Entry { symbol, span, .. }) => {
                let diagnostic = Diagnostic::error(
                    "not-a-coordinate",
                    format!("`{}` is {}, not a coordinate", name.text, symbol.kind()),
                    name.span,
                    "expected a coordinate",
                )
                .with_label(*span, "declared here");
                let diagnostic = match symbol {
                    Symbol::Coordinates(_) => diagnostic.with_help(format!(
                        "write one of them, `{0}[1]`; all together are differentiated by `grad`, `div`, `laplacian`",
                        name.text
                    )),
                    Symbol::Field(_)
                    | Symbol::Group(_)
                    | Symbol::Parameter(_)
                    | Symbol::Unknown(_)
                    | Symbol::Definition(_)
                    | Symbol::Domain
                    | Symbol::Boundary
                    | Symbol::Function(_)
                    | Symbol::Coordinate(_) => {
                        let coordinates = self.problem.coordinates.iter().take(4);
                        let names = coordinates.map(|(_, it)| format!("`{}`", it.name));
                        let names: Vec<String> = names.collect();
                        if names.is_empty() {
                            diagnostic
                        } else {
                            diagnostic.with_help(format!(
                                "derivatives and integrals are by coordinates: {}",
                                names.join(", ")
                            ))
                        }
                    }
                };
                self.error(diagnostic);
                None
            }
            None => {
                self.undeclared_coordinate(name);
                None
            }
        }
    }

    /// `x[2]` of coordinates declared by `coord x[100]`.
    pub(super) fn indexed_coordinate(
        &mut self,
        name: &Name,
        index: ExpressionId,
        environment: &Environment,
        span: Span,
    ) -> Option<CoordinateId> {
        let ids = match self.scope.entries.get_mut(&name.text) {
            Some(entry) if let Symbol::Coordinates(family) = entry.symbol => {
                entry.used = true;
                self.families.get(family).cloned().unwrap_or_default()
            }
            _ => {
                self.error(
                    Diagnostic::error(
                        "not-a-coordinate",
                        format!("`{}` is no list of coordinates", name.text),
                        span,
                        "expected a coordinate",
                    )
                    .with_help("indexed coordinates are declared with `coord x[10] in [0, 1]`"),
                );
                return None;
            }
        };
        let place = self.document.expressions[index].span;
        let value = match &self.document.expressions[index].kind {
            ExpressionKind::Number { value, .. } => Some(*value),
            ExpressionKind::Name(text) => match environment.get(text) {
                Some(Quantity::Numbers { entries, .. }) => {
                    entries.first().and_then(|entry| self.tree.value(entry.re))
                }
                // The index of a function's sum is known where it is called.
                Some(Quantity::Any) => return ids.first().copied(),
                Some(_) | None => None,
            },
            _ => None,
        };
        let found = value
            .filter(|value| value.fract() == 0.0 && *value >= 1.0)
            .and_then(|value| ids.get(value as usize - 1));
        if found.is_none() {
            self.error(
                Diagnostic::error(
                    "index-out-of-range",
                    format!("an index is a whole number from 1 to {} here", ids.len()),
                    place,
                    "not such a number",
                )
                .with_help("write for instance `x[1]`, or sum with `sum(i, …)`"),
            );
        }
        found.copied()
    }

    /// The coordinates of this name, one or all that it is an index of; else an error.
    pub(super) fn coordinates_named(&mut self, name: &Name) -> Vec<CoordinateId> {
        if let Some(entry) = self.scope.entries.get_mut(&name.text)
            && let Symbol::Coordinates(index) = entry.symbol
        {
            entry.used = true;
            return self.families.get(index).cloned().unwrap_or_default();
        }
        self.coordinate_named(name).into_iter().collect()
    }

    fn undeclared_coordinate(&mut self, name: &Name) {
        let (text, names) = (name.text.as_str(), self.coordinate_names());
        if !self.undeclared.insert(name.text.clone()) {
            return;
        }
        let diagnostic = Diagnostic::error(
            "not-a-coordinate",
            format!("`{text}` is not a coordinate"),
            name.span,
            "no coordinate of this name is declared",
        );
        let diagnostic = if let Some(written) = one_by_one(text, &names) {
            diagnostic
                .with_note("A derivative of higher order by `d` names each coordinate by itself.")
                .with_help(format!("write `{written}`"))
                .with_edit(name.span, written)
        } else if let Some(meant) = text.strip_prefix('d').filter(|it| is_one(it, &names)) {
            diagnostic
                .with_note("Coordinates are named by themselves: `integral(u, x)`, `d(u, x)`.")
                .with_help(format!("write `{meant}`"))
                .with_edit(name.span, meant)
        } else if let Some((meant, order)) = with_order(text, &names) {
            diagnostic.with_help(format!(
                "a derivative of order {order} is `d(…, {meant}, {order})`; a coordinate of this name is declared by \
                 `coord {text} in [0, 1]`"
            ))
        } else if let Some(meant) = nearest(text, names.iter().map(String::as_str)) {
            diagnostic
                .with_help(format!("did you mean `{meant}`?"))
                .with_edit(name.span, meant)
        } else {
            let keyword = if text == "t" && self.problem.time().is_none() {
                "time"
            } else {
                "coord"
            };
            let end = self
                .document
                .declarations
                .last()
                .map_or(0, |last| last.span.range().end);
            diagnostic
                .with_help(format!(
                    "declare it, for instance `{keyword} {text} in [0, 1]`"
                ))
                .with_edit(Span::new(end, end), format!("\n{keyword} {text} in [0, 1]"))
        };
        self.error(diagnostic);
    }

    /// The names of all coordinates, in order.
    pub(super) fn coordinate_names(&self) -> Vec<String> {
        self.problem
            .coordinates
            .iter()
            .map(|(_, coordinate)| coordinate.name.clone())
            .collect()
    }
}

fn is_one(text: &str, names: &[String]) -> bool {
    names.iter().any(|name| name == text)
}

/// `x` and `2` of `x2`.
fn with_order<'a>(text: &'a str, names: &[String]) -> Option<(&'a str, &'a str)> {
    let name = text.trim_end_matches(|c: char| c.is_ascii_digit());
    let order = text.get(name.len()..)?;
    (!order.is_empty() && is_one(name, names)).then_some((name, order))
}

/// `x, 2` for `xx`, `x, y` for `xy`: several coordinates run together.
fn one_by_one(text: &str, names: &[String]) -> Option<String> {
    let mut orders: Vec<(&str, usize)> = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let fits = names.iter().filter(|name| rest.starts_with(name.as_str()));
        let name = fits.max_by_key(|name| name.len())?;
        rest = rest.get(name.len()..)?;
        match orders.last_mut() {
            Some((last, order)) if last == name => *order += 1,
            Some(_) | None => orders.push((name, 1)),
        }
    }
    let written: Vec<String> = orders
        .iter()
        .map(|(name, order)| match order {
            1 => (*name).to_owned(),
            order => format!("{name}, {order}"),
        })
        .collect();
    (written != [text]).then(|| written.join(", "))
}
