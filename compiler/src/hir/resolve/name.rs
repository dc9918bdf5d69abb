//! Names in expressions: declared names, constants, and derivatives written as subscripts.

use super::Resolver;
use super::expression::Environment;
use super::quantity::{Entry, Quantity, Shape};
use super::scope::Symbol;
use super::subscript::{Segmentation, segment, split};
use crate::diagnostic::Diagnostic;
use crate::hir::{Constant, CoordinateId, DefinitionId, ExpressionKind};
use crate::source::Span;

/// What a `let` without arguments stands for.
#[derive(Clone, Debug)]
pub(super) enum Defined {
    /// Numbers in a shape, each entry with its imaginary part.
    Numbers {
        shape: Shape,
        entries: Vec<(DefinitionId, Option<DefinitionId>)>,
    },
    /// A region, or a part of its boundary.
    Region(Quantity),
}

impl Defined {
    /// How many components it has.
    pub(super) fn size(&self) -> Option<usize> {
        match self {
            Self::Numbers { shape, .. } => match shape {
                Shape::Scalar => None,
                Shape::Vector(n) | Shape::Matrix(n, _) => Some(*n),
            },
            Self::Region(_) => None,
        }
    }
}

impl Resolver<'_> {
    /// The expression that a name stands for.
    ///
    /// A formal argument comes first, then a declared name, then a constant; else the name is split at its
    /// last `_` into something that can be differentiated and coordinates.
    pub(super) fn name(&mut self, name: &str, span: Span, environment: &Environment) -> Quantity {
        if let Some(value) = self.plain_name(name, span, environment) {
            return value;
        }
        let constant = match name {
            "pi" | "π" => Some(Constant::Pi),
            "e" => Some(Constant::E),
            _ => None,
        };
        if let Some(constant) = constant {
            let id = self.push(ExpressionKind::Constant(constant), span);
            return Quantity::scalar(id);
        }
        match name {
            "i" => {
                let entry = Entry {
                    re: self.number(0.0, span),
                    im: Some(self.number(1.0, span)),
                };
                return Quantity::entry(entry);
            }
            "n" => return self.normal_vector(span),
            _ => {}
        }
        let Some((base, subscript)) = split(name) else {
            self.unknown(name, span, environment);
            return Quantity::Any;
        };
        let known = environment.contains_key(base) || self.scope.entries.contains_key(base);
        if !known {
            self.unknown(name, span, environment);
            return Quantity::Any;
        }
        let fixed = match self.scope.entries.get(base) {
            Some(entry) if !environment.contains_key(base) && !entry.symbol.has_derivatives() => {
                Some(entry.clone())
            }
            Some(_) | None => None,
        };
        if let Some(entry) = fixed {
            let diagnostic = Diagnostic::error(
                "unknown-name",
                format!("the name `{name}` is not declared"),
                span,
                "not declared",
            )
            .with_label(entry.span, format!("`{base}` is {}", entry.symbol.kind()))
            .with_note("Only fields and definitions have derivatives.");
            let diagnostic = match entry.symbol {
                Symbol::Unknown(_) => diagnostic.with_help(format!(
                    "an unknown that varies from place to place is declared `unknown field {base}(x)`"
                )),
                _ => diagnostic,
            };
            self.error(diagnostic);
            self.undetermined = true;
            return Quantity::Any;
        }
        // `u_n` on the boundary, unless there is a coordinate `n`.
        if self.is_normal(subscript) {
            let operand = self.plain_name(base, span, environment);
            return match operand {
                Some(operand) => self.normal_derivative(&operand, span),
                None => Quantity::Any,
            };
        }
        let Some(by) = self.subscript(name, base, subscript, span) else {
            self.undetermined = true;
            return Quantity::Any;
        };
        match self.plain_name(base, span, environment) {
            Some(operand) => self.derivative_of(&operand, &by, span),
            None => Quantity::Any,
        }
    }

    /// What a formal argument or declared name stands for.
    fn plain_name(
        &mut self,
        name: &str,
        span: Span,
        environment: &Environment,
    ) -> Option<Quantity> {
        if let Some(value) = environment.get(name) {
            return Some(value.clone());
        }
        let entry = self.scope.entries.get_mut(name)?;
        entry.used = true;
        let declared = entry.span;
        let kind = match entry.symbol {
            Symbol::Coordinate(id) => ExpressionKind::Coordinate(id),
            Symbol::Field(id) => ExpressionKind::Field(id),
            Symbol::Parameter(id) => ExpressionKind::Parameter(id),
            Symbol::Unknown(id) => ExpressionKind::Unknown(id),
            Symbol::Coordinates(_) | Symbol::Group(_) | Symbol::Definition(Some(_)) => {
                // A sum reads `x[i]` once for each of n values of `i`, and `x` has n components: they are made once.
                let symbol = entry.symbol;
                let key = (declared, span);
                if let Some(known) = self.vectors.get(&key) {
                    return Some(known.clone());
                }
                let made = match symbol {
                    Symbol::Coordinates(index) => {
                        let ids = self.families.get(index).cloned().unwrap_or_default();
                        let entries = ids
                            .into_iter()
                            .map(|id| Entry::real(self.push(ExpressionKind::Coordinate(id), span)))
                            .collect();
                        Quantity::vector(entries)
                    }
                    Symbol::Group(index) => self.group(index, span),
                    Symbol::Definition(Some(index)) => self.defined_value(index, span),
                    _ => Quantity::Any,
                };
                if matches!(&made, Quantity::Numbers { entries, .. } if entries.len() > 1) {
                    self.vectors.insert(key, made.clone());
                }
                return Some(made);
            }
            Symbol::Definition(None) => {
                self.undetermined = true;
                return Some(Quantity::Any);
            }
            Symbol::Function(_) => {
                let diagnostic = Diagnostic::error(
                    "wrong-argument-count",
                    format!("`{name}` is a function and needs its arguments"),
                    span,
                    "no arguments here",
                )
                .with_label(declared, "defined here")
                .with_help(format!("write `{name}(…)`"));
                self.error(diagnostic);
                self.undetermined = true;
                return Some(Quantity::Any);
            }
            Symbol::Domain | Symbol::Boundary => {
                let what = entry.symbol.kind();
                let help = if entry.symbol == Symbol::Domain {
                    format!(
                        "integrals over it are written `integral(u, {name})`; parts of its boundary are the sides of the shapes \
                         that it is made of, each under a name of its own: `let plate = rectangle((0, 0), (2, 1))`, \
                         `boundary hot = plate.left`, and `boundary walls = rest` for what is left"
                    )
                } else {
                    format!(
                        "conditions are written `on {name}: u = 0`, integrals `integral(u, {name})`"
                    )
                };
                let diagnostic = Diagnostic::error(
                    "rank-mismatch",
                    format!("`{name}` is {what}, not a number"),
                    span,
                    "cannot be computed with",
                )
                .with_label(declared, "declared here")
                .with_help(help);
                self.error(diagnostic);
                self.undetermined = true;
                return Some(Quantity::Any);
            }
        };
        Some(Quantity::scalar(self.push(kind, span)))
    }

    /// A field with several components.
    fn group(&mut self, index: usize, span: Span) -> Quantity {
        let Some(group) = self.problem.groups.get(index) else {
            return Quantity::Any;
        };
        let (ids, complex) = (group.components.clone(), group.complex);
        let made: Vec<_> = ids
            .into_iter()
            .map(|id| self.push(ExpressionKind::Field(id), span))
            .collect();
        let entries: Vec<Entry> = if complex {
            made.chunks(2)
                .filter_map(|pair| {
                    Some(Entry {
                        re: *pair.first()?,
                        im: Some(*pair.last()?),
                    })
                })
                .collect()
        } else {
            made.into_iter().map(Entry::real).collect()
        };
        match entries.as_slice() {
            [entry] if complex => Quantity::entry(*entry),
            _ => Quantity::vector(entries),
        }
    }

    fn defined_value(&mut self, index: usize, span: Span) -> Quantity {
        let Some(defined) = self.defined.get(index).cloned() else {
            return Quantity::Any;
        };
        match defined {
            Defined::Region(region) => region,
            Defined::Numbers { shape, entries } => {
                let entries = entries
                    .into_iter()
                    .map(|(re, im)| Entry {
                        re: self.push(ExpressionKind::Definition(re), span),
                        im: im.map(|im| self.push(ExpressionKind::Definition(im), span)),
                    })
                    .collect();
                Quantity::Numbers { shape, entries }
            }
        }
    }

    /// Whether a subscript means the outward normal: `n`, where no coordinate is called so.
    pub(super) fn is_normal(&self, subscript: &str) -> bool {
        subscript == "n" && !self.coordinate_names().iter().any(|it| it == "n")
    }

    /// The coordinates of a subscript; what is wrong with it is reported.
    pub(super) fn subscript(
        &mut self,
        name: &str,
        base: &str,
        subscript: &str,
        span: Span,
    ) -> Option<Vec<CoordinateId>> {
        let names = self.coordinate_names();
        let ids: Vec<CoordinateId> = self.problem.coordinates.ids().collect();
        let spelled = |positions: &[usize]| {
            let words: Vec<&str> = positions
                .iter()
                .map(|position| names[*position].as_str())
                .collect();
            format!("{base}_{{{}}}", words.join(" "))
        };
        match segment(subscript, &names) {
            Segmentation::One(positions) => {
                let by = positions.into_iter().map(|position| ids[position]);
                Some(by.collect())
            }
            Segmentation::Several(one, other) => {
                let (one, other) = (spelled(&one), spelled(&other));
                self.error(
                    Diagnostic::error(
                        "ambiguous-subscript",
                        format!("`{name}` can be read in two ways"),
                        span,
                        format!("`{one}` or `{other}`"),
                    )
                    .with_note("A subscript is a sequence of coordinates, here with more than one way to cut it.")
                    .with_help(format!("write `{one}` or `{other}`"))
                    .with_edit(span, one),
                );
                None
            }
            Segmentation::Unknown { offset } => {
                let letter: String = subscript[offset..]
                    .chars()
                    .take_while(|c| *c != ' ' && *c != '}')
                    .collect();
                let letter = if subscript.starts_with('{') {
                    letter
                } else {
                    letter.chars().take(1).collect()
                };
                if self.undeclared.contains(&letter) {
                    return None;
                }
                // From the end: the place of `x` in `∂_x` is that of `x` alone.
                let start = (span.range().end + offset).saturating_sub(subscript.len());
                let place = Span::new(start, start + letter.len());
                let family = self.scope.entries.get(&letter);
                if family.is_some_and(|entry| matches!(entry.symbol, Symbol::Coordinates(_))) {
                    self.error(
                        Diagnostic::error(
                            "not-a-coordinate",
                            format!("`{letter}` in `{name}` is a list of coordinates"),
                            place,
                            "not one coordinate",
                        )
                        .with_help(format!(
                            "write `d({base}, {letter}[1])` for one of them, `laplacian({base})` for the sum of all \
                             second derivatives"
                        )),
                    );
                    return None;
                }
                self.error(
                    Diagnostic::error(
                        "not-a-coordinate",
                        format!("`{letter}` in `{name}` is not a coordinate"),
                        place,
                        "no coordinate of this name is declared",
                    )
                    .with_note(format!(
                        "A subscript after a field or a definition means derivatives by coordinates, here {}.",
                        quoted(&names)
                    ))
                    .with_help(format!(
                        "write a derivative by one of them, or declare `{name}` if it is a name of its own"
                    )),
                );
                None
            }
        }
    }
}

fn quoted(names: &[String]) -> String {
    let more = names.len() > 8;
    let shown = if more { 6 } else { 8 };
    let mut names: Vec<String> = names
        .iter()
        .take(shown)
        .map(|name| format!("`{name}`"))
        .collect();
    if more {
        names.push("others".to_owned());
    }
    match names.as_slice() {
        [] => "none".to_owned(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}
