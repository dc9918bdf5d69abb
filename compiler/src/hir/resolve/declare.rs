//! Declares the names of a file: coordinates, fields, parameters, definitions.

use super::Resolver;
use super::scope::{Spanned, Symbol};
use crate::diagnostic::Diagnostic;
use crate::hir::{
    Bounds, Coordinate, CoordinateId, Field, FieldId, Group, Parameter, Role, Unknown,
};
use crate::source::Span;
use crate::syntax::{Codomain, CoordinateName, DeclarationKind, Name, ParameterKind};

/// More coordinates than anybody has.
const MOST_COORDINATES: usize = 1000;
/// More components than anybody writes.
const MOST_COMPONENTS: usize = 64;

impl Resolver<'_> {
    /// Declares all names of the file: coordinates first, since the components of fields are named after them.
    pub(super) fn declare(&mut self) {
        let document = self.document;
        self.declare_coordinates();
        for (index, declaration) in document.declarations.iter().enumerate() {
            match &declaration.kind {
                DeclarationKind::Field {
                    name,
                    codomain,
                    unit,
                    ..
                } => {
                    let first = self.problem.fields.len();
                    let symbol = self.declare_field(name, codomain.as_ref());
                    self.measure_fields(first, unit.as_ref(), name.span);
                    self.enter(name, symbol);
                }
                DeclarationKind::Parameter {
                    name,
                    value: ParameterKind::Fixed(_),
                    unit,
                } => {
                    let unit = self.unit(unit.as_ref(), name.span);
                    let id = self.problem.parameters.push(Parameter {
                        name: name.text.clone(),
                        value: f64::NAN,
                        unit,
                        span: name.span,
                    });
                    self.enter(name, Symbol::Parameter(id));
                }
                DeclarationKind::Unknown {
                    name,
                    arguments,
                    unit,
                    ..
                } => {
                    let unit = self.unit(unit.as_ref(), name.span);
                    if arguments.is_some() {
                        self.later(
                            "unknown coefficients (`unknown field`)",
                            declaration.keyword,
                        );
                    }
                    let bounds = Bounds {
                        low: f64::NEG_INFINITY,
                        high: f64::INFINITY,
                        open: true,
                    };
                    let symbol = if arguments.is_some() {
                        let id = self.scalar_field(name.text.clone(), name.span, Some(bounds));
                        self.problem.fields[id].unit = unit;
                        Symbol::Field(id)
                    } else {
                        Symbol::Unknown(self.problem.unknowns.push(Unknown {
                            name: name.text.clone(),
                            bounds,
                            start: f64::NAN,
                            unit,
                            span: name.span,
                        }))
                    };
                    self.enter(name, symbol);
                }
                DeclarationKind::Definition {
                    name,
                    arguments: Some(_),
                    ..
                } => self.enter(name, Symbol::Function(index)),
                DeclarationKind::Definition { name, .. } => {
                    self.enter(name, Symbol::Definition(None))
                }
                DeclarationKind::Domain { name, .. } => self.enter(name, Symbol::Domain),
                DeclarationKind::Boundary { name, .. } => self.enter(name, Symbol::Boundary),
                DeclarationKind::Coordinates { .. }
                | DeclarationKind::Time { .. }
                | DeclarationKind::Parameter { .. }
                | DeclarationKind::Title(_)
                | DeclarationKind::Equation { .. }
                | DeclarationKind::Initial(_)
                | DeclarationKind::At { .. }
                | DeclarationKind::Condition { .. }
                | DeclarationKind::Periodic(_)
                | DeclarationKind::Exact { .. }
                | DeclarationKind::Manufactured { .. }
                | DeclarationKind::Reference { .. }
                | DeclarationKind::Observe { .. }
                | DeclarationKind::Minimize { .. }
                | DeclarationKind::Constraint { .. }
                | DeclarationKind::Train(_) => {}
            }
        }
        self.field_arguments();
        self.unreadable_derivatives();
    }

    pub(super) fn declare_coordinates(&mut self) {
        let document = self.document;
        let mut time: Option<Span> = None;
        for declaration in &document.declarations {
            match &declaration.kind {
                DeclarationKind::Coordinates { names, interval } => {
                    self.one_unit(names, interval.is_some());
                    let mut ids = Vec::new();
                    for name in names {
                        ids.extend(self.declare_coordinate(name));
                    }
                    self.intervals.push(Spanned {
                        ids,
                        names: names.iter().map(|name| name.name.clone()).collect(),
                        interval: interval.clone(),
                        keyword: "coord",
                    });
                }
                DeclarationKind::Time {
                    name,
                    interval,
                    unit,
                } => {
                    self.once(&mut time, declaration.keyword, "time");
                    let id = self.coordinate(name.text.clone(), name.span, Role::Time);
                    self.problem.coordinates[id].unit = self.unit(unit.as_ref(), name.span);
                    self.enter(name, Symbol::Coordinate(id));
                    self.intervals.push(Spanned {
                        ids: vec![id],
                        names: vec![name.clone()],
                        interval: interval.clone(),
                        keyword: "time",
                    });
                }
                _ => {}
            }
        }
        for declaration in &document.declarations {
            if let DeclarationKind::Parameter {
                name,
                value: ParameterKind::Family(interval),
                unit,
            } = &declaration.kind
            {
                let id = self.coordinate(name.text.clone(), name.span, Role::Family);
                self.problem.coordinates[id].unit = self.unit(unit.as_ref(), name.span);
                self.enter(name, Symbol::Coordinate(id));
                self.intervals.push(Spanned {
                    ids: vec![id],
                    names: vec![name.clone()],
                    interval: Some(interval.clone()),
                    keyword: "param",
                });
            }
        }
    }

    /// `coord x, y [mm] in [0, 10]`: coordinates that share an interval share its unit.
    pub(super) fn one_unit(&mut self, names: &[CoordinateName], shared: bool) {
        let with = names.iter().find(|it| it.unit.is_some());
        let without = names.iter().find(|it| it.unit.is_none());
        let (Some(with), Some(without), Some(first), true) = (with, without, names.first(), shared)
        else {
            return;
        };
        let end = |it: &CoordinateName| {
            let unit = it.unit.as_ref().map(|unit| unit.span);
            unit.unwrap_or(it.name.span)
        };
        let Some(unit) = with.unit.as_ref() else {
            return;
        };
        let unit = self.source.slice(unit.span);
        let counted = names.iter().any(|it| it.count.is_some());
        let written: Vec<String> = names
            .iter()
            .map(|it| match &it.unit {
                Some(_) => self.source.slice(it.name.span.to(end(it))).to_owned(),
                None => format!("{} {unit}", it.name.text),
            })
            .collect();
        let written = written.join(", ");
        let span = first
            .name
            .span
            .to(names.last().map_or(first.name.span, end));
        let diagnostic = Diagnostic::error(
            "unit-mismatch",
            format!(
                "`{}` has no unit, and `{}` on the same interval has one",
                without.name.text, with.name.text
            ),
            without.name.span,
            "in what is it measured?",
        )
        .with_label(
            with.name.span.to(end(with)),
            "the unit belongs to this name alone",
        )
        .with_note("A unit belongs to the name before it; the interval is in the unit of each.")
        .with_help(format!("write `coord {written} in …`"));
        self.error(if counted {
            diagnostic
        } else {
            diagnostic.with_edit(span, written)
        });
    }

    pub(super) fn declare_coordinate(&mut self, name: &CoordinateName) -> Vec<CoordinateId> {
        let CoordinateName { name, count, unit } = name;
        let unit = self.unit(unit.as_ref(), name.span);
        let Some(count) = count else {
            let id = self.coordinate(name.text.clone(), name.span, Role::Space);
            self.problem.coordinates[id].unit = unit;
            self.enter(name, Symbol::Coordinate(id));
            return vec![id];
        };
        let number = count.text.parse::<usize>().ok();
        let Some(number) = number.filter(|number| (1..=MOST_COORDINATES).contains(number)) else {
            self.error(
                Diagnostic::error(
                    "index-out-of-range",
                    format!(
                        "the number of coordinates is a whole number from 1 to {MOST_COORDINATES}"
                    ),
                    count.span,
                    "not such a number",
                )
                .with_help(format!("write for instance `coord {}[10]`", name.text)),
            );
            return Vec::new();
        };
        // A list that is declared again is a mistake, and adds nothing to what the others must be checked in.
        let number = if self.scope.entries.contains_key(&name.text) {
            1
        } else {
            number
        };
        let before: usize = self.families.iter().map(Vec::len).sum();
        if number > 1 && before + number > MOST_COORDINATES {
            self.error(
                Diagnostic::error(
                    "index-out-of-range",
                    format!(
                        "all lists of a file together have at most {MOST_COORDINATES} coordinates"
                    ),
                    count.span,
                    format!("these are {}", before + number),
                )
                .with_help("take fewer coordinates"),
            );
            return Vec::new();
        }
        let ids: Vec<CoordinateId> = (1..=number)
            .map(|index| self.coordinate(format!("{}[{index}]", name.text), name.span, Role::Space))
            .collect();
        for id in &ids {
            self.problem.coordinates[*id].unit.clone_from(&unit);
        }
        self.families.push(ids.clone());
        self.enter(name, Symbol::Coordinates(self.families.len() - 1));
        ids
    }

    pub(super) fn declare_field(&mut self, name: &Name, codomain: Option<&Codomain>) -> Symbol {
        let Some(codomain) = codomain else {
            return Symbol::Field(self.scalar_field(name.text.clone(), name.span, None));
        };
        let size = match &codomain.dimension {
            None => Some(1),
            Some(text) => text
                .text
                .parse::<usize>()
                .ok()
                .filter(|size| (1..=MOST_COMPONENTS).contains(size)),
        };
        let Some(size) = size else {
            self.error(
                Diagnostic::error(
                    "index-out-of-range",
                    format!("a field has from 1 to {MOST_COMPONENTS} components"),
                    codomain.span,
                    "not such a number",
                )
                .with_help(format!(
                    "write for instance `field {}(x, t) in R^2`",
                    name.text
                )),
            );
            return Symbol::Field(self.scalar_field(name.text.clone(), name.span, None));
        };
        if size == 1 && !codomain.complex {
            return Symbol::Field(self.scalar_field(name.text.clone(), name.span, None));
        }
        let names = self.component_names(size);
        let mut components = Vec::new();
        for index in 0..size {
            let base = match names.get(index) {
                _ if size == 1 => name.text.clone(),
                Some(member) => format!("{}.{member}", name.text),
                None => format!("{}[{}]", name.text, index + 1),
            };
            if codomain.complex {
                for part in ["re", "im"] {
                    let part = format!("{base}.{part}");
                    components.push(self.scalar_field(part, name.span, None));
                }
            } else {
                components.push(self.scalar_field(base, name.span, None));
            }
        }
        self.problem.groups.push(Group {
            name: name.text.clone(),
            components,
            complex: codomain.complex,
            span: name.span,
        });
        Symbol::Group(self.problem.groups.len() - 1)
    }

    pub(super) fn scalar_field(
        &mut self,
        name: String,
        span: Span,
        sought: Option<Bounds>,
    ) -> FieldId {
        self.problem.fields.push(Field {
            name,
            arguments: Vec::new(),
            unit: None,
            sought,
            span,
        })
    }

    pub(super) fn coordinate(&mut self, name: String, span: Span, role: Role) -> CoordinateId {
        self.problem.coordinates.push(Coordinate {
            name,
            role,
            low: f64::NAN,
            high: f64::NAN,
            periodic: false,
            unit: None,
            span,
        })
    }
}
