//! The names of a file and what they stand for.

use super::Resolver;
use super::builtin::{SPECIAL, builtin};
use super::subscript::{Segmentation, segment, split};
use crate::diagnostic::Diagnostic;
use crate::hir::{
    Bounds, Coordinate, CoordinateId, Field, FieldId, Group, Parameter, ParameterId, Role, Unknown,
    UnknownId,
};
use crate::source::Span;
use crate::syntax::{Codomain, CoordinateName, DeclarationKind, Interval, Name, ParameterKind};
use std::collections::BTreeMap;

/// What a declared name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Symbol {
    Coordinate(CoordinateId),
    /// Indexed coordinates, by their position among such lists.
    Coordinates(usize),
    Field(FieldId),
    /// A vector or complex field, by its position among the groups of the problem.
    Group(usize),
    Parameter(ParameterId),
    Unknown(UnknownId),
    /// A `let` without arguments, by its position among the defined values; none where it could not be resolved,
    /// which has been reported.
    Definition(Option<usize>),
    Domain,
    /// A part of the boundary.
    Boundary,
    /// A `let` with arguments, by the position of its declaration.
    Function(usize),
}

/// A declared name.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub symbol: Symbol,
    pub span: Span,
    /// Whether anything refers to it.
    pub used: bool,
}

/// All declared names.
#[derive(Default)]
pub(super) struct Scope {
    pub entries: BTreeMap<String, Entry>,
}

/// Names of functions that a file may give another meaning.
const FREE: [&str; 10] = [
    "inner",
    "outer",
    "trace",
    "transpose",
    "identity",
    "mean",
    "jump",
    "re",
    "im",
    "conj",
];

/// Whether a name has a meaning of its own that no file can change.
pub(super) fn is_reserved(name: &str) -> bool {
    let free = FREE.contains(&name);
    (builtin(name).is_some() && !free) || SPECIAL.contains(&name) || ["pi", "e"].contains(&name)
}

/// Coordinates that share an interval.
pub(super) struct Spanned {
    pub ids: Vec<CoordinateId>,
    pub names: Vec<Name>,
    pub interval: Option<Interval>,
    pub keyword: &'static str,
}

/// More coordinates than anybody has.
const MOST_COORDINATES: usize = 1000;
/// More components than anybody writes.
const MOST_COMPONENTS: usize = 64;

impl Symbol {
    /// What it is, in words.
    pub(super) fn kind(self) -> &'static str {
        match self {
            Self::Coordinate(_) => "a coordinate",
            Self::Coordinates(_) => "a list of coordinates",
            Self::Field(_) => "a field",
            Self::Group(_) => "a field with several components",
            Self::Parameter(_) => "a parameter",
            Self::Unknown(_) => "an unknown",
            Self::Definition(_) => "a definition",
            Self::Domain => "the domain",
            Self::Boundary => "a part of the boundary",
            Self::Function(_) => "a function",
        }
    }

    /// Whether a subscript after it means a derivative.
    pub(super) fn has_derivatives(self) -> bool {
        match self {
            Self::Field(_) | Self::Group(_) | Self::Definition(_) => true,
            Self::Coordinate(_)
            | Self::Coordinates(_)
            | Self::Parameter(_)
            | Self::Unknown(_)
            | Self::Domain
            | Self::Boundary
            | Self::Function(_) => false,
        }
    }
}

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

    fn declare_coordinates(&mut self) {
        let document = self.document;
        let mut time: Option<Span> = None;
        for declaration in &document.declarations {
            match &declaration.kind {
                DeclarationKind::Coordinates { names, interval } => {
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

    fn declare_coordinate(&mut self, name: &CoordinateName) -> Vec<CoordinateId> {
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

    fn declare_field(&mut self, name: &Name, codomain: Option<&Codomain>) -> Symbol {
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

    fn scalar_field(&mut self, name: String, span: Span, sought: Option<Bounds>) -> FieldId {
        self.problem.fields.push(Field {
            name,
            arguments: Vec::new(),
            unit: None,
            sought,
            span,
        })
    }

    /// Warnings for names that nothing refers to.
    pub(super) fn unused(&self) -> Vec<Diagnostic> {
        let mut warnings = Vec::new();
        for (name, entry) in &self.scope.entries {
            if entry.used {
                continue;
            }
            let what = match entry.symbol {
                Symbol::Coordinate(_) | Symbol::Coordinates(_) => "no field depends on it",
                // A field that no equation mentions is an error of its own.
                Symbol::Field(_) | Symbol::Group(_) | Symbol::Domain => continue,
                Symbol::Parameter(_)
                | Symbol::Unknown(_)
                | Symbol::Definition(_)
                | Symbol::Boundary
                | Symbol::Function(_) => "nothing refers to it",
            };
            warnings.push(
                Diagnostic::warning(
                    "unused-name",
                    format!(
                        "{} `{name}` is not used",
                        entry.symbol.kind()[2..].trim_start()
                    ),
                    entry.span,
                    what,
                )
                .with_help("remove its declaration, or use it"),
            );
        }
        warnings
    }

    fn coordinate(&mut self, name: String, span: Span, role: Role) -> CoordinateId {
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

    fn enter(&mut self, name: &Name, symbol: Symbol) {
        if is_reserved(&name.text) {
            let what = match name.text.as_str() {
                "pi" | "e" => "a constant",
                "d" => "the derivative `d(expression, x)`",
                _ => "a function",
            };
            self.error(
                Diagnostic::error(
                    "reserved-name",
                    format!("`{}` is {what} of the language", name.text),
                    name.span,
                    "cannot be declared",
                )
                .with_help(format!(
                    "choose another name, for instance `{}_0`",
                    name.text
                )),
            );
        }
        if let Some(other) = self.scope.entries.get(&name.text) {
            // Coordinates are entered first, wherever they stand.
            let ((first, kind), second) = if other.span < name.span {
                ((other.span, other.symbol.kind()), name.span)
            } else {
                ((name.span, symbol.kind()), other.span)
            };
            let diagnostic = Diagnostic::error(
                "duplicate-name",
                format!("the name `{}` is declared twice", name.text),
                second,
                "declared a second time",
            )
            .with_label(first, format!("first declared here, as {kind}"))
            .with_note("A name has one meaning throughout a file.")
            .with_help("rename one of the two");
            self.error(diagnostic);
            return;
        }
        let entry = Entry {
            symbol,
            span: name.span,
            used: false,
        };
        self.scope.entries.insert(name.text.clone(), entry);
    }

    fn field_arguments(&mut self) {
        let document = self.document;
        let families: Vec<CoordinateId> = self
            .problem
            .coordinates
            .iter()
            .filter(|(_, coordinate)| coordinate.role == Role::Family)
            .map(|(id, _)| id)
            .collect();
        for declaration in &document.declarations {
            let (name, arguments, sought) = match &declaration.kind {
                DeclarationKind::Field {
                    name, arguments, ..
                } => (name, arguments, false),
                DeclarationKind::Unknown {
                    name,
                    arguments: Some(arguments),
                    ..
                } => (name, arguments, true),
                _ => continue,
            };
            let mut found: Vec<CoordinateId> = Vec::new();
            for argument in arguments {
                for coordinate in self.coordinates_named(argument) {
                    if !found.contains(&coordinate) {
                        found.push(coordinate);
                        continue;
                    }
                    self.error(
                        Diagnostic::error(
                            "duplicate-name",
                            format!("field `{}` lists `{}` twice", name.text, argument.text),
                            argument.span,
                            "listed a second time",
                        )
                        .with_help("list each coordinate once"),
                    );
                    break;
                }
            }
            // One model for the whole family: every field depends on its parameter.
            if !sought {
                found.extend(&families);
            }
            let fields = self.problem.fields.ids();
            let declared: Vec<FieldId> = fields
                .filter(|id| self.problem.fields[*id].span == name.span)
                .collect();
            for id in declared {
                self.problem.fields[id].arguments.clone_from(&found);
            }
        }
    }

    /// `let u_x = 1` would take the name of a derivative away.
    fn unreadable_derivatives(&mut self) {
        let names = self.coordinate_names();
        let mut found = Vec::new();
        for (name, entry) in &self.scope.entries {
            let Some((base, subscript)) = split(name) else {
                continue;
            };
            let base_entry = match self.scope.entries.get(base) {
                Some(base) => base,
                None => continue,
            };
            let differentiable = base_entry.symbol.has_derivatives();
            if !differentiable || matches!(segment(subscript, &names), Segmentation::Unknown { .. })
            {
                continue;
            }
            found.push(
                Diagnostic::error(
                    "unreadable-derivative",
                    format!("`{name}` reads as a derivative of `{base}`"),
                    entry.span,
                    format!("declared as {}", entry.symbol.kind()),
                )
                .with_label(base_entry.span, format!("`{base}` is {}", base_entry.symbol.kind()))
                .with_note("A subscript of coordinates after a field or a definition always means a derivative.")
                .with_help(format!("choose another name, for instance `{base}0`")),
            );
        }
        self.errors.append(&mut found);
    }
}
