//! The names of a file and what they stand for.

use super::Resolver;
use super::subscript::{Segmentation, segment, split};
use crate::diagnostic::Diagnostic;
use crate::function::Function;
use crate::hir::{
    Coordinate, CoordinateId, DefinitionId, Field, FieldId, Parameter, ParameterId, Role,
};
use crate::source::Span;
use crate::syntax::{DeclarationKind, Name};
use std::collections::BTreeMap;

/// What a declared name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Symbol {
    Coordinate(CoordinateId),
    Field(FieldId),
    Parameter(ParameterId),
    /// A `let` without arguments; none where it could not be resolved, which has been reported.
    Definition(Option<DefinitionId>),
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

/// Functions of the whole language that are not understood yet.
pub(super) const LATER_FUNCTIONS: [&str; 14] = [
    "grad",
    "div",
    "curl",
    "laplacian",
    "integral",
    "jump",
    "sum",
    "if",
    "dot",
    "cross",
    "re",
    "im",
    "conj",
    "mean",
];

/// Whether a name has a meaning of its own.
pub(super) fn is_reserved(name: &str) -> bool {
    Function::from_name(name).is_some()
        || LATER_FUNCTIONS.contains(&name)
        || ["min", "max", "d", "pi", "e"].contains(&name)
}

impl Symbol {
    /// What it is, in words.
    pub(super) fn kind(self) -> &'static str {
        match self {
            Self::Coordinate(_) => "a coordinate",
            Self::Field(_) => "a field",
            Self::Parameter(_) => "a parameter",
            Self::Definition(_) => "a definition",
            Self::Function(_) => "a function",
        }
    }
}

impl Resolver<'_> {
    /// Declares all names of the file.
    pub(super) fn declare(&mut self) {
        let document = self.document;
        let mut time: Option<Span> = None;
        for (index, declaration) in document.declarations.iter().enumerate() {
            match &declaration.kind {
                DeclarationKind::Coordinates { names, .. } => {
                    for name in names {
                        let id = self.coordinate(&name.name, Role::Space);
                        self.enter(&name.name, Symbol::Coordinate(id));
                    }
                }
                DeclarationKind::Time { name, .. } => {
                    self.once(&mut time, declaration.keyword, "time");
                    let id = self.coordinate(name, Role::Time);
                    self.enter(name, Symbol::Coordinate(id));
                }
                DeclarationKind::Field { name, .. } => {
                    let id = self.problem.fields.push(Field {
                        name: name.text.clone(),
                        arguments: Vec::new(),
                        unit: None,
                        sought: None,
                        span: name.span,
                    });
                    self.enter(name, Symbol::Field(id));
                }
                DeclarationKind::Parameter { name, .. } => {
                    let id = self.problem.parameters.push(Parameter {
                        name: name.text.clone(),
                        value: f64::NAN,
                        unit: None,
                        span: name.span,
                    });
                    self.enter(name, Symbol::Parameter(id));
                }
                DeclarationKind::Definition {
                    name,
                    arguments: Some(_),
                    ..
                } => self.enter(name, Symbol::Function(index)),
                DeclarationKind::Definition { name, .. } => {
                    self.enter(name, Symbol::Definition(None))
                }
                DeclarationKind::Title(_)
                | DeclarationKind::Equation { .. }
                | DeclarationKind::Initial(_)
                | DeclarationKind::Condition { .. }
                | DeclarationKind::Periodic(_)
                | DeclarationKind::Exact { .. }
                | DeclarationKind::Reference { .. }
                | DeclarationKind::Unknown { .. }
                | DeclarationKind::Domain { .. }
                | DeclarationKind::Boundary { .. }
                | DeclarationKind::At { .. }
                | DeclarationKind::Manufactured { .. }
                | DeclarationKind::Observe { .. }
                | DeclarationKind::Minimize { .. }
                | DeclarationKind::Constraint { .. }
                | DeclarationKind::Train(_) => {}
            }
        }
        self.field_arguments();
        self.unreadable_derivatives();
    }

    /// Warnings for names that nothing refers to.
    pub(super) fn unused(&self) -> Vec<Diagnostic> {
        let mut warnings = Vec::new();
        for (name, entry) in &self.scope.entries {
            if entry.used {
                continue;
            }
            let what = match entry.symbol {
                Symbol::Coordinate(_) => "no field depends on it",
                // A field that no equation mentions is an error of its own.
                Symbol::Field(_) => continue,
                Symbol::Parameter(_) | Symbol::Definition(_) | Symbol::Function(_) => {
                    "nothing refers to it"
                }
            };
            warnings.push(
                Diagnostic::warning(
                    "unused-name",
                    format!("{} `{name}` is not used", &entry.symbol.kind()[2..]),
                    entry.span,
                    what,
                )
                .with_help("remove its declaration, or use it"),
            );
        }
        warnings
    }

    fn coordinate(&mut self, name: &Name, role: Role) -> CoordinateId {
        self.problem.coordinates.push(Coordinate {
            name: name.text.clone(),
            role,
            low: f64::NAN,
            high: f64::NAN,
            periodic: false,
            unit: None,
            span: name.span,
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
        if let Some(first) = self.scope.entries.get(&name.text) {
            let diagnostic = Diagnostic::error(
                "duplicate-name",
                format!("the name `{}` is declared twice", name.text),
                name.span,
                "declared a second time",
            )
            .with_label(
                first.span,
                format!("first declared here, as {}", first.symbol.kind()),
            )
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
        let mut fields = self.problem.fields.ids();
        for declaration in &document.declarations {
            let DeclarationKind::Field {
                name, arguments, ..
            } = &declaration.kind
            else {
                continue;
            };
            let Some(id) = fields.next() else { break };
            let mut found: Vec<CoordinateId> = Vec::new();
            for argument in arguments {
                let Some(coordinate) = self.coordinate_named(argument) else {
                    continue;
                };
                if found.contains(&coordinate) {
                    self.error(Diagnostic::error(
                        "duplicate-name",
                        format!("field `{}` lists `{}` twice", name.text, argument.text),
                        argument.span,
                        "listed a second time",
                    ));
                } else {
                    found.push(coordinate);
                }
            }
            self.problem.fields[id].arguments = found;
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
            let differentiable = match base_entry.symbol {
                Symbol::Field(_) | Symbol::Definition(_) => true,
                Symbol::Coordinate(_) | Symbol::Parameter(_) | Symbol::Function(_) => false,
            };
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
