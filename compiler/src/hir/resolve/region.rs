//! Regions of space: shapes, what is made of them, and the names of their sides.
//!
//! A region is known here by its name, its dimension and the box around it: enough to tell mistakes. Points inside
//! it and on its boundary are the business of training, which does not know regions yet.

use super::Resolver;
use super::quantity::{Quantity, Shape};
use super::shape::Argument::{Number, Point, Positive};
use super::shape::{SHAPES, ShapeForm};
use crate::diagnostic::Diagnostic;
use crate::source::Span;
use crate::syntax::print::number;
use crate::syntax::suggest::nearest;
use crate::syntax::{BinaryOperator, Name};
use std::collections::BTreeSet;

/// A region of space.
#[derive(Clone, Debug)]
pub(super) struct Solid {
    /// The lower corner of the box around it.
    pub low: Vec<f64>,
    /// The upper corner.
    pub high: Vec<f64>,
    /// The names of its sides.
    pub sides: BTreeSet<&'static str>,
}

/// A part of the boundary of a region.
#[derive(Clone, Debug)]
pub(super) struct Part;

impl Resolver<'_> {
    /// A shape from its arguments.
    pub(super) fn solid(
        &mut self,
        shape: usize,
        names: &[Option<Name>],
        values: &[Quantity],
        places: &[Span],
        whole: Span,
    ) -> Quantity {
        let form = &SHAPES[shape];
        let mut given: Vec<Option<Vec<f64>>> = vec![None; form.arguments.len().max(values.len())];
        for (position, (name, value)) in names.iter().zip(values).enumerate() {
            let span = places.get(position).copied().unwrap_or(whole);
            let slot = match name {
                None => position,
                Some(name) => {
                    let at = form.arguments.iter().position(|(it, _)| *it == name.text);
                    let Some(at) = at else {
                        return self.unknown_argument(form, name);
                    };
                    at
                }
            };
            if slot >= form.arguments.len() && !form.more {
                return self.shape_form(
                    form,
                    whole,
                    format!("{} arguments are too many", values.len()),
                );
            }
            if given[slot].is_some() {
                return self.shape_form(form, span, "an argument is given twice".to_owned());
            }
            let Some(numbers) = self.known_numbers(value, span) else {
                return Quantity::Any;
            };
            let wanted = form.arguments.get(slot).map_or(Point, |(_, kind)| *kind);
            let fits = match wanted {
                Number => numbers.len() == 1,
                Positive => {
                    if numbers.len() == 1 && numbers[0] <= 0.0 {
                        return self.empty_part(
                            span,
                            "this length is not positive",
                            "lengths are above 0",
                        );
                    }
                    numbers.len() == 1
                }
                Point => form
                    .dimension
                    .map_or(!numbers.is_empty(), |n| numbers.len() == n),
            };
            if !fits {
                let what = match wanted {
                    Number | Positive => "a number".to_owned(),
                    Point => match form.dimension {
                        Some(n) => format!("a point with {n} coordinates"),
                        None => "a point".to_owned(),
                    },
                };
                let which = form.arguments.get(slot).map_or("a point", |(name, _)| name);
                return self.shape_form(form, span, format!("`{which}` must be {what}"));
            }
            given[slot] = Some(numbers);
        }
        if let Some(missing) = given.iter().position(Option::is_none) {
            let name = form.arguments.get(missing).map_or("", |(name, _)| name);
            return self.shape_form(form, whole, format!("`{name}` is missing"));
        }
        let given: Vec<Vec<f64>> = given.into_iter().flatten().collect();
        self.bounded(form, &given, whole)
    }

    fn bounded(&mut self, form: &ShapeForm, given: &[Vec<f64>], span: Span) -> Quantity {
        let scalar = |index: usize| given.get(index).and_then(|it| it.first()).copied();
        let point = |index: usize| given.get(index).cloned().unwrap_or_default();
        let around = |reach: Vec<f64>| {
            let center = point(0);
            let low = center.iter().zip(&reach).map(|(c, r)| c - r).collect();
            let high = center.iter().zip(&reach).map(|(c, r)| c + r).collect();
            (low, high)
        };
        let (low, high): (Vec<f64>, Vec<f64>) = match form.name {
            "disk" | "sector" | "ball" => around(vec![scalar(1).unwrap_or(0.0); point(0).len()]),
            "ellipse" => around(vec![scalar(1).unwrap_or(0.0), scalar(2).unwrap_or(0.0)]),
            "annulus" => {
                if scalar(1) >= scalar(2) {
                    return self.empty_part(
                        span,
                        "the inner radius is not the smaller one",
                        "make `inner` smaller than `outer`",
                    );
                }
                around(vec![scalar(2).unwrap_or(0.0); 2])
            }
            "torus" => {
                let (major, minor) = (scalar(1).unwrap_or(0.0), scalar(2).unwrap_or(0.0));
                around(vec![major + minor, major + minor, minor])
            }
            "cylinder" | "cone" => {
                let (radius, height) = (scalar(1).unwrap_or(0.0), scalar(2).unwrap_or(0.0));
                let base = point(0);
                let at = |index: usize| base.get(index).copied().unwrap_or(0.0);
                (
                    vec![at(0) - radius, at(1) - radius, at(2)],
                    vec![at(0) + radius, at(1) + radius, at(2) + height],
                )
            }
            "polygon" => {
                let along = |pick: fn(f64, f64) -> f64, start: f64| {
                    (0..2)
                        .map(|axis| given.iter().map(|it| it[axis]).fold(start, pick))
                        .collect()
                };
                (
                    along(f64::min, f64::INFINITY),
                    along(f64::max, f64::NEG_INFINITY),
                )
            }
            // interval, rectangle, box
            _ => (point(0), point(1)),
        };
        if low.len() != high.len() {
            return self.shape_form(form, span, "its corners differ in dimension".to_owned());
        }
        if low.iter().zip(&high).any(|(low, high)| low >= high) {
            return self.swapped_corners(&low, &high, span);
        }
        let sides = form
            .sides
            .iter()
            .take(match form.name {
                "box" => 2 * low.len(),
                _ => usize::MAX,
            })
            .copied()
            .collect();
        Quantity::Solid(Solid { low, high, sides })
    }

    /// The values of a quantity, where they are known; what is not is reported.
    fn known_numbers(&mut self, quantity: &Quantity, span: Span) -> Option<Vec<f64>> {
        let (shape, entries) = self.numbers(quantity, span)?;
        if let Shape::Matrix(..) = shape {
            self.rank_mismatch(
                "a point has one row of numbers",
                span,
                "a matrix",
                "write `(0, 1)`",
            );
            return None;
        }
        let values: Option<Vec<f64>> = entries
            .iter()
            .map(|entry| {
                self.tree
                    .value(entry.re)
                    .filter(|value| value.is_finite() && entry.im.is_none())
            })
            .collect();
        if values.is_none() && !self.undetermined {
            self.undetermined = true;
            self.error(
                Diagnostic::error(
                    "not-a-number",
                    "the arguments of a shape must be numbers, known before training",
                    span,
                    "not a number",
                )
                .with_help("use numbers, `pi`, parameters, and definitions made of these"),
            );
        }
        values
    }

    fn unknown_argument(&mut self, form: &ShapeForm, name: &Name) -> Quantity {
        self.undetermined = true;
        let known = form.arguments.iter().map(|(name, _)| *name);
        let diagnostic = Diagnostic::error(
            "shape-form",
            format!("`{}` has no argument `{}`", form.name, name.text),
            name.span,
            "not an argument of this shape",
        );
        let diagnostic = match nearest(&name.text, known) {
            Some(meant) => diagnostic
                .with_help(format!("did you mean `{meant}`?"))
                .with_edit(name.span, meant),
            None => diagnostic.with_help(format!("write `{}`", form.form)),
        };
        self.error(diagnostic);
        Quantity::Any
    }

    fn shape_form(&mut self, form: &ShapeForm, span: Span, here: String) -> Quantity {
        self.undetermined = true;
        self.error(
            Diagnostic::error(
                "shape-form",
                format!("`{}` does not have these arguments", form.name),
                span,
                here,
            )
            .with_help(format!("write `{}`", form.form)),
        );
        Quantity::Any
    }

    fn empty_part(&mut self, span: Span, here: &str, help: &str) -> Quantity {
        self.undetermined = true;
        self.error(
            Diagnostic::error("empty-part", "this region is empty", span, here).with_help(help),
        );
        Quantity::Any
    }

    /// Corners of an interval or box in the wrong order; where they are nothing else, an edit puts them right.
    fn swapped_corners(&mut self, low: &[f64], high: &[f64], span: Span) -> Quantity {
        self.undetermined = true;
        let pairs = || low.iter().zip(high);
        let point = |pick: fn(f64, f64) -> f64| {
            let numbers: Vec<String> = pairs().map(|(a, b)| number(pick(*a, *b))).collect();
            match numbers.as_slice() {
                [one] => one.clone(),
                _ => format!("({})", numbers.join(", ")),
            }
        };
        let error = Diagnostic::error(
            "empty-part",
            "this region is empty",
            span,
            "the lower corner comes first",
        );
        let written = self.source.slice(span);
        let error = match written.split_once('(') {
            Some((shape, _)) if pairs().all(|(a, b)| a != b) => {
                let mended = format!("{shape}({}, {})", point(f64::min), point(f64::max));
                error
                    .with_help(format!("write `{mended}`"))
                    .with_edit(span, mended)
            }
            Some(_) | None => error.with_help(
                "write the corner with the smaller coordinates, then the one with the larger",
            ),
        };
        self.error(error);
        Quantity::Any
    }

    /// `union`, `intersect` and `minus` of regions, and `union` of parts of boundaries.
    pub(super) fn combine_solids(
        &mut self,
        operator: BinaryOperator,
        left: &Quantity,
        right: &Quantity,
        span: Span,
    ) -> Quantity {
        let (left, right) = match (left, right) {
            (Quantity::Any, _) | (_, Quantity::Any) => return Quantity::Any,
            (Quantity::Solid(left), Quantity::Solid(right)) => (left, right),
            (Quantity::Part(_) | Quantity::Solid(_), Quantity::Part(_) | Quantity::Solid(_)) => {
                return Quantity::Part(Part);
            }
            (Quantity::Numbers { .. } | Quantity::Truth(_), other)
            | (other, Quantity::Numbers { .. } | Quantity::Truth(_)) => {
                let _ = other;
                let number = if matches!(left, Quantity::Solid(_) | Quantity::Part(_)) {
                    right
                } else {
                    left
                };
                return self.rank_mismatch(
                    "`union`, `intersect` and `minus` combine regions of space",
                    span,
                    format!("one of them is {}", number.words()),
                    "numbers are subtracted with `-`; a region is for instance `disk((0, 0), radius = 1)`",
                );
            }
        };
        if left.low.len() != right.low.len() {
            return self.rank_mismatch(
                "regions of different dimensions cannot be combined",
                span,
                format!("dimension {} and {}", left.low.len(), right.low.len()),
                "all regions of a problem have as many dimensions as it has coordinates of space",
            );
        }
        let pick = |a: &[f64], b: &[f64], choose: fn(f64, f64) -> f64| -> Vec<f64> {
            a.iter().zip(b).map(|(a, b)| choose(*a, *b)).collect()
        };
        let apart = left
            .low
            .iter()
            .zip(&right.high)
            .any(|(low, high)| low >= high)
            || right
                .low
                .iter()
                .zip(&left.high)
                .any(|(low, high)| low >= high);
        let sides = left.sides.union(&right.sides).copied().collect();
        let (low, high) = match operator {
            BinaryOperator::Intersect => {
                if apart {
                    return self.empty_part(
                        span,
                        "the two do not meet",
                        "move one of them; `union` takes both together",
                    );
                }
                (
                    pick(&left.low, &right.low, f64::max),
                    pick(&left.high, &right.high, f64::min),
                )
            }
            BinaryOperator::Minus => {
                if apart {
                    self.undetermined = true;
                    self.error(
                        Diagnostic::error(
                            "empty-part",
                            "nothing is taken away",
                            span,
                            "the two do not meet",
                        )
                        .with_help("move one of them, or leave the second out"),
                    );
                    return Quantity::Any;
                }
                (left.low.clone(), left.high.clone())
            }
            _ => (
                pick(&left.low, &right.low, f64::min),
                pick(&left.high, &right.high, f64::max),
            ),
        };
        Quantity::Solid(Solid { low, high, sides })
    }

    /// `plate.left`
    pub(super) fn side_of(&mut self, solid: &Solid, member: &Name) -> Quantity {
        if solid.sides.contains(member.text.as_str()) {
            return Quantity::Part(Part);
        }
        self.undetermined = true;
        let known: Vec<&str> = solid.sides.iter().copied().collect();
        let diagnostic = Diagnostic::error(
            "unknown-side",
            format!("this region has no side `{}`", member.text),
            member.span,
            "not one of its sides",
        );
        let diagnostic = match nearest(&member.text, known.iter().copied()) {
            Some(meant) => diagnostic
                .with_help(format!("did you mean `{meant}`?"))
                .with_edit(member.span, meant),
            None => diagnostic.with_help(format!("its sides are {}", known.join(", "))),
        };
        self.error(diagnostic);
        Quantity::Any
    }
}
