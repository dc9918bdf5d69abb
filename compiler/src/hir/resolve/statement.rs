//! What a problem may say beside equations and conditions: unknowns, parts of the boundary, data (energies and
//! constraints are in [`super::whole`]). All of it is understood and checked; what training cannot do with it yet is noted.

use super::Resolver;
use super::name::Defined;
use super::quantity::Quantity;
use super::scope::Symbol;
use crate::diagnostic::Diagnostic;
use crate::hir::units;
use crate::hir::{Bounds, FieldId, Observation, UnknownId};
use crate::source::Span;
use crate::syntax::print::number;
use crate::syntax::{self, Declaration, DeclarationKind, Name, Region, Target, Text};

impl Resolver<'_> {
    /// `unknown k in (0, 10) = 1`
    pub(super) fn unknown_bounds(&mut self) {
        let document = self.document;
        for declaration in &document.declarations {
            let DeclarationKind::Unknown {
                name,
                bounds,
                start,
                ..
            } = &declaration.kind
            else {
                continue;
            };
            let given = match self.scope.entries.get(&name.text) {
                Some(entry) => match entry.symbol {
                    Symbol::Unknown(id) => Some(units::Quantity::Unknown(id)),
                    Symbol::Field(id) => Some(units::Quantity::Field(id)),
                    _ => None,
                },
                None => None,
            };
            let value = bounds.as_ref().and_then(|bounds| {
                let (low, high) = self.bounds_of(&bounds.interval, given)?;
                Some(Bounds {
                    low,
                    high,
                    open: bounds.open,
                })
            });
            let begin = start.and_then(|start| {
                let value =
                    self.constant(start, "the value with which an unknown begins", given)?;
                Some((value, document.expressions[start].span))
            });
            let inside = |bounds: &Bounds, value: f64| {
                let strictly = bounds.low < value && value < bounds.high;
                strictly || (!bounds.open && (value == bounds.low || value == bounds.high))
            };
            if let (Some(bounds), Some((begin, span))) = (&value, begin)
                && !inside(bounds, begin)
            {
                self.error(
                    Diagnostic::error(
                        "start-out-of-bounds",
                        format!("`{}` begins outside of its interval", name.text),
                        span,
                        format!(
                            "not between {} and {}",
                            number(bounds.low),
                            number(bounds.high)
                        ),
                    )
                    .with_help("begin inside, or widen the interval"),
                );
            }
            let id = match self.scope.entries.get(&name.text) {
                Some(entry) if entry.span == name.span => entry.symbol,
                Some(_) | None => continue,
            };
            match id {
                Symbol::Unknown(id) => self.unknown_number(id, value, begin.map(|it| it.0)),
                Symbol::Field(id) => {
                    if let Some(bounds) = value {
                        self.problem.fields[id].sought = Some(bounds);
                    }
                }
                _ => {}
            }
        }
    }

    fn unknown_number(&mut self, id: UnknownId, bounds: Option<Bounds>, start: Option<f64>) {
        let unknown = &mut self.problem.unknowns[id];
        if let Some(bounds) = bounds {
            unknown.bounds = bounds;
        }
        let Bounds { low, high, .. } = unknown.bounds;
        unknown.start = match start {
            Some(start) => start,
            None if low.is_finite() && high.is_finite() => 0.5 * (low + high),
            None => 1.0,
        };
    }

    /// `eq … in solid`
    pub(super) fn equation_region(&mut self, region: &Name) {
        self.later(
            "equations on a part of the domain (`eq … in solid`)",
            region.span,
        );
        let diagnostic = match self.scope.entries.get_mut(&region.text) {
            Some(entry) => {
                entry.used = true;
                let is_region = match entry.symbol {
                    Symbol::Domain => true,
                    Symbol::Definition(Some(index)) => {
                        matches!(self.defined.get(index), Some(Defined::Region(_)))
                    }
                    _ => false,
                };
                if is_region {
                    return;
                }
                let (kind, span) = (entry.symbol.kind(), entry.span);
                Diagnostic::error(
                    "not-a-region",
                    format!("`{}` is {kind}, not a region of space", region.text),
                    region.span,
                    "an equation holds in a region",
                )
                .with_label(span, "declared here")
            }
            None => Diagnostic::error(
                "not-a-region",
                format!("there is no region `{}`", region.text),
                region.span,
                "not declared",
            ),
        };
        self.error(diagnostic.with_help("declare one: `let solid = rectangle((0, 0), (1, 1))`"));
    }

    /// `boundary inlet = plate.left`, `boundary tip = hole where y > 0.2`
    pub(super) fn boundaries(&mut self) {
        let document = self.document;
        let mut rest: Option<Span> = None;
        for declaration in &document.declarations {
            let DeclarationKind::Boundary {
                name,
                region,
                restriction,
            } = &declaration.kind
            else {
                continue;
            };
            self.later(
                "named parts of the boundary (`boundary`)",
                declaration.keyword,
            );
            match region {
                Region::Rest(span) => {
                    if let Some(first) = rest {
                        self.error(
                            Diagnostic::error(
                                "empty-part",
                                "`rest` is taken twice",
                                *span,
                                "nothing is left for this part",
                            )
                            .with_label(first, "everything that has no name is taken here")
                            .with_help("keep one of the two"),
                        );
                    }
                    rest.get_or_insert(*span);
                }
                Region::Part(value) => {
                    let span = document.expressions[*value].span;
                    let part = self.lower(*value);
                    match part {
                        Quantity::Any | Quantity::Part(_) | Quantity::Solid(_) => {}
                        Quantity::Numbers { .. } | Quantity::Truth(_) => {
                            self.rank_mismatch(
                                format!("`{}` must be a part of a boundary", name.text),
                                span,
                                format!("this is {}", part.words()),
                                "write the side of a region (`plate.left`), a region (`hole`) or `rest`",
                            );
                        }
                    }
                }
            }
            if let Some(restriction) = restriction {
                let span = document.expressions[*restriction].span;
                match self.lower(*restriction) {
                    Quantity::Any | Quantity::Truth(_) => {}
                    other => {
                        self.rank_mismatch(
                            "a part of the boundary is chosen by a comparison",
                            span,
                            format!("this is {}", other.words()),
                            "write for instance `where y > 0.2`",
                        );
                    }
                }
            }
        }
    }

    /// `observe u from "path" (x, t, u) noise 0.01`
    pub(super) fn observe(
        &mut self,
        target: &Target,
        path: &Text,
        columns: &[Name],
        noise: Option<syntax::ExpressionId>,
        declaration: &Declaration,
    ) {
        let field = match self.scope.entries.get(&target.field.text) {
            Some(entry) => match entry.symbol {
                Symbol::Field(id) => Some(id),
                _ => None,
            },
            None => None,
        };
        let noise = noise.and_then(|noise| {
            let value = self.constant(
                noise,
                "the noise of data",
                field.map(units::Quantity::Field),
            )?;
            if value <= 0.0 {
                self.error(
                    Diagnostic::error(
                        "not-positive",
                        "the noise of data is its standard deviation",
                        self.document.expressions[noise].span,
                        "not positive",
                    )
                    .with_help("leave it out where it is not known"),
                );
            }
            Some(value)
        });
        let Some(field) = self.target(target) else {
            return;
        };
        let [field] = field.as_slice() else {
            self.whole_group(target, "data are given for");
            return;
        };
        let Some((axes, values)) = self.columns(*field, columns, "data") else {
            return;
        };
        self.problem.observations.push(Observation {
            field: *field,
            path: path.text.clone(),
            axes,
            values,
            noise,
            span: declaration.span,
        });
    }

    /// Reports a vector or complex field where a component is needed.
    pub(super) fn whole_group(&mut self, target: &Target, what: &str) {
        let name = &target.field.text;
        let group = self.problem.groups.iter().find(|it| it.name == *name);
        let component = group
            .and_then(|group| group.components.first())
            .map_or(String::new(), |id| self.problem.fields[*id].name.clone());
        self.error(
            Diagnostic::error(
                "rank-mismatch",
                format!("{what} one component at a time"),
                target.span(),
                format!("`{name}` has several"),
            )
            .with_help(format!("write for instance `{component}`")),
        );
    }

    /// The fields that a target names; what is wrong is reported.
    pub(super) fn target(&mut self, target: &Target) -> Option<Vec<FieldId>> {
        let index = match self.scope.entries.get(&target.field.text) {
            Some(entry) if let Symbol::Group(index) = entry.symbol => index,
            Some(_) | None => {
                let field = self.field_named(&target.field)?;
                if let Some(component) = &target.component {
                    self.error(
                        Diagnostic::error(
                            "not-a-component",
                            format!("`{}` has no components", target.field.text),
                            component.span,
                            "a scalar field",
                        )
                        .with_help(format!("write `{}`", target.field.text))
                        .with_edit(target.span(), target.field.text.clone()),
                    );
                    return None;
                }
                return Some(vec![field]);
            }
        };
        let group = self.problem.groups.get(index)?;
        let Some(component) = &target.component else {
            return Some(group.components.clone());
        };
        let wanted = format!("{}.{}", group.name, component.text);
        let names: Vec<&str> = group
            .components
            .iter()
            .map(|id| self.problem.fields[*id].name.as_str())
            .collect();
        let complex = [format!("{wanted}.re"), format!("{wanted}.im")];
        let found: Vec<FieldId> = group
            .components
            .iter()
            .copied()
            .zip(&names)
            .filter(|(_, name)| **name == wanted || complex.iter().any(|it| it == *name))
            .map(|(id, _)| id)
            .collect();
        if found.is_empty() {
            let diagnostic = Diagnostic::error(
                "not-a-component",
                format!("`{}` has no component `{}`", group.name, component.text),
                component.span,
                "not one of its components",
            )
            .with_help(format!("its components are {}", names.join(", ")));
            self.error(diagnostic);
            return None;
        }
        Some(found)
    }
}
