//! The names of a file and what they stand for.

use super::Resolver;
use super::builtin::{SPECIAL, builtin};
use super::subscript::{Segmentation, segment, split};
use crate::diagnostic::Diagnostic;
use crate::hir::{CoordinateId, FieldId, ParameterId, Role, UnknownId};
use crate::source::Span;
use crate::syntax::{DeclarationKind, Interval, Name};
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
    /// Warnings for names that nothing refers to.
    pub(super) fn unused(&self) -> Vec<Diagnostic> {
        let mut warnings = Vec::new();
        for (name, entry) in &self.scope.entries {
            if entry.used {
                continue;
            }
            let what = match entry.symbol {
                Symbol::Coordinate(id) if self.problem.coordinates[id].role == Role::Family => {
                    warnings.push(
                        Diagnostic::warning(
                            "unused-name",
                            format!("the parameter `{name}` of a family is not used"),
                            entry.span,
                            "nothing refers to it",
                        )
                        .with_help("remove its declaration, or use it"),
                    );
                    continue;
                }
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

    pub(super) fn enter(&mut self, name: &Name, symbol: Symbol) {
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

    pub(super) fn field_arguments(&mut self) {
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
    pub(super) fn unreadable_derivatives(&mut self) {
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
