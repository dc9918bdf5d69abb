//! From [`Document`] to [`Problem`]: names get their meaning.
//!
//! * Input: a document and the parameter values of the command line.
//! * Output: a problem and warnings, or every error that could be found.
//! * Invariant: what is wrong with a name or a number is reported once, where it is written; what follows from
//!   it is not reported again.
//!
//! The order matters: all names are declared first ([`scope`]), parameters and abbreviations are then resolved
//! in the order in which they use each other ([`order`]), and only then the intervals, which may use them
//! ([`value`]), equations and conditions ([`initial`], [`condition`]), and solutions ([`solution`]).

mod call;
mod condition;
mod coordinate;
mod derivative;
mod expression;
mod initial;
mod name;
mod order;
mod scope;
mod solution;
mod subscript;
mod value;

use super::{Equation, Overrides, Problem, check};
use crate::diagnostic::Diagnostic;
use crate::source::{Source, Span};
use crate::syntax::suggest::nearest;
use crate::syntax::{DeclarationKind, Document};
use scope::Scope;
use std::collections::BTreeSet;

/// Resolves and checks a problem. `overrides` replace parameter values of the file.
///
/// # Errors
///
/// Everything that is wrong with the statement of the problem.
pub fn resolve(
    source: &Source,
    document: &Document,
    overrides: &Overrides,
) -> Result<(Problem, Vec<Diagnostic>), Vec<Diagnostic>> {
    let mut resolver = Resolver {
        source,
        document,
        overrides,
        problem: Problem::default(),
        scope: Scope::default(),
        tree: expression::Tree::default(),
        definition_values: Vec::new(),
        definition_mentions: Vec::new(),
        unusable: BTreeSet::new(),
        undeclared: BTreeSet::new(),
        undetermined: false,
        errors: Vec::new(),
    };
    resolver.declare();
    resolver.definitions();
    resolver.intervals();
    resolver.statements();
    resolver.unknown_overrides();
    let mut warnings = resolver.unused();
    let Resolver {
        mut problem,
        tree,
        mut errors,
        ..
    } = resolver;
    problem.expressions = tree.expressions;
    // A problem that was not understood would fail most checks for no reason of its own.
    if errors.is_empty() {
        let (found, more): (Vec<_>, Vec<_>) = check::check(document, &problem)
            .into_iter()
            .partition(Diagnostic::is_error);
        errors.extend(found);
        warnings.extend(more);
    }
    if errors.is_empty() {
        warnings.sort_by_key(|warning| warning.primary.span);
        return Ok((problem, warnings));
    }
    errors.sort_by_key(|error| error.primary.span);
    // A mistake in `let f(w) = …` is met at every call.
    errors.dedup();
    Err(errors)
}

/// What is known while names are resolved.
struct Resolver<'a> {
    source: &'a Source,
    document: &'a Document,
    overrides: &'a Overrides,
    /// The problem so far; its expressions are in `tree`.
    problem: Problem,
    scope: Scope,
    tree: expression::Tree,
    /// The value of each definition that is a number.
    definition_values: Vec<Option<f64>>,
    /// Whether each definition mentions a field.
    definition_mentions: Vec<bool>,
    /// Definitions and functions in which a mistake has been reported.
    unusable: BTreeSet<usize>,
    /// Coordinates that fields depend on and nothing declares, which has been reported.
    undeclared: BTreeSet<String>,
    /// Whether a mistake has left a hole in the expression at hand.
    undetermined: bool,
    errors: Vec<Diagnostic>,
}

impl Resolver<'_> {
    fn error(&mut self, diagnostic: Diagnostic) {
        self.errors.push(diagnostic);
    }

    /// Equations, conditions, solutions and settings, in the order of the text.
    fn statements(&mut self) {
        let document = self.document;
        let mut title: Option<Span> = None;
        let mut train: Option<Span> = None;
        let mut placed = Vec::new();
        for declaration in &document.declarations {
            match &declaration.kind {
                DeclarationKind::Title(text) => {
                    self.once(&mut title, declaration.keyword, "problem");
                    self.problem.title = Some(text.text.clone());
                }
                DeclarationKind::Train(settings) => {
                    self.once(&mut train, declaration.keyword, "train");
                    self.problem.settings.extend(settings.iter().cloned());
                }
                DeclarationKind::Periodic(names) => self.periodic(names),
                DeclarationKind::Equation {
                    label, equation, ..
                } => {
                    placed.push(label.clone());
                    let left = self.lower(equation.left);
                    let right = self.lower(equation.right);
                    self.problem.equations.push(Equation {
                        label: String::new(),
                        left,
                        right,
                        span: declaration.span,
                    });
                }
                DeclarationKind::Initial(equation) => self.initial(equation, declaration),
                DeclarationKind::Exact { target, value } => {
                    self.exact(&target.field, *value, declaration.span)
                }
                DeclarationKind::Reference {
                    target,
                    path,
                    columns,
                } => self.reference(&target.field, path, columns, declaration.span),
                DeclarationKind::Coordinates { .. }
                | DeclarationKind::Time { .. }
                | DeclarationKind::Field { .. }
                | DeclarationKind::Parameter { .. }
                | DeclarationKind::Definition { .. }
                | DeclarationKind::Condition { .. } => {}
                _ => {}
            }
        }
        // Whether a place is on the boundary depends on `periodic`, wherever that stands.
        for declaration in &document.declarations {
            if let DeclarationKind::Condition { places, equation } = &declaration.kind {
                self.condition(places, equation, declaration.span);
            }
        }
        self.problem
            .conditions
            .sort_by_key(|condition| condition.span);
        self.label_equations(&placed);
    }

    /// Gives every equation its own label.
    fn label_equations(&mut self, written: &[Option<crate::syntax::Name>]) {
        let mut taken = BTreeSet::new();
        for (index, name) in written.iter().enumerate() {
            let Some(name) = name else { continue };
            if taken.insert(name.text.clone()) {
                self.problem.equations[index].label.clone_from(&name.text);
                continue;
            }
            let mut duplicate = Diagnostic::error(
                "duplicate-name",
                format!("two equations are labelled `{}`", name.text),
                name.span,
                "used a second time",
            )
            .with_help("give each equation a label of its own");
            let first = written
                .iter()
                .flatten()
                .find(|first| first.text == name.text);
            if let Some(first) = first {
                duplicate = duplicate.with_label(first.span, "first used here");
            }
            self.errors.push(duplicate);
        }
        let single = written.len() == 1;
        for (index, equation) in self.problem.equations.iter_mut().enumerate() {
            if !equation.label.is_empty() {
                continue;
            }
            let mut label = if single {
                "eq".to_owned()
            } else {
                format!("eq{}", index + 1)
            };
            while !taken.insert(label.clone()) {
                label.push('_');
            }
            equation.label = label;
        }
    }

    fn once(&mut self, first: &mut Option<Span>, here: Span, keyword: &str) {
        match first {
            None => *first = Some(here),
            Some(first) => self.errors.push(
                Diagnostic::error(
                    "duplicate-declaration",
                    format!("`{keyword}` is declared twice"),
                    here,
                    "declared a second time",
                )
                .with_label(*first, "first declared here")
                .with_help("keep one of the two"),
            ),
        }
    }

    fn unknown_overrides(&mut self) {
        let known: Vec<&str> = self
            .problem
            .parameters
            .iter()
            .map(|(_, parameter)| parameter.name.as_str())
            .collect();
        for name in self.overrides.keys() {
            if known.contains(&name.as_str()) {
                continue;
            }
            let help = match nearest(name, known.iter().copied()) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None if known.is_empty() => "the file declares no parameter".to_owned(),
                None => format!("the file declares {}", known.join(", ")),
            };
            self.errors.push(
                Diagnostic::error(
                    "unknown-name",
                    format!("the file declares no parameter `{name}`"),
                    Span::new(0, 0),
                    "",
                )
                .with_help(help),
            );
        }
    }
}
