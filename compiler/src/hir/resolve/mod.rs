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

mod arithmetic;
mod builtin;
mod calculus;
mod call;
mod complex;
mod condition;
mod coordinate;
mod declare;
mod derivative;
mod dots;
mod expression;
mod initial;
mod manufacture;
mod measure;
mod name;
mod order;
mod places;
mod quantity;
mod region;
mod scope;
mod shape;
mod sides;
mod solution;
mod special;
mod statement;
mod subscript;
mod tree;
mod unknown;
mod unknown_function;
mod value;
mod vectors;
mod whole;

use super::{CoordinateId, Equation, ExpressionId, Overrides, Problem, check, units};
use crate::diagnostic::Diagnostic;
use crate::source::{Source, Span};
use crate::syntax::suggest::nearest;
use crate::syntax::{DeclarationKind, Document};
pub(super) use builtin::functions;
pub(super) use derivative::HIGHEST_ORDER;
use quantity::Quantity;
use scope::Scope;
pub(crate) use special::OPEN_INTEGRALS;
use std::collections::{BTreeMap, BTreeSet};
pub(crate) use subscript::{Segmentation, segment, split};

/// A name that is misspelt is compared with all that are declared; in a file with thousands of each, for the first of
/// them only.
const SUGGESTIONS: usize = 200;

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
        norms: BTreeMap::new(),
        vectors: BTreeMap::new(),
        suggestions: SUGGESTIONS,
        families: Vec::new(),
        intervals: Vec::new(),
        defined: Vec::new(),
        normal: None,
        definition_values: Vec::new(),
        definition_mentions: Vec::new(),
        definition_sizes: Vec::new(),
        unusable: BTreeSet::new(),
        undeclared: BTreeSet::new(),
        undetermined: false,
        annotations: units::Annotations::default(),
        quantities: Vec::new(),
        errors: Vec::new(),
    };
    resolver.declare();
    resolver.definitions();
    resolver.intervals();
    resolver.unknown_bounds();
    resolver.boundaries();
    resolver.statements();
    resolver.unknown_overrides();
    let mut warnings = resolver.unused();
    let annotations = resolver.annotations();
    let Resolver {
        mut problem,
        tree,
        mut errors,
        ..
    } = resolver;
    problem.expressions = tree.expressions;
    if let Some(annotations) = annotations {
        let (inferred, found) = units::check(source, &problem, &annotations);
        errors.extend(found);
        units::erase(&mut problem, &inferred);
    }
    // A problem that was not understood would fail most checks for no reason of its own.
    if errors.is_empty() {
        let (found, singular, undetermined) = check::check(document, &problem);
        problem.singular = singular;
        problem.undetermined = undetermined;
        let (found, more): (Vec<_>, Vec<_>) = found.into_iter().partition(Diagnostic::is_error);
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
    /// The lengths of vectors, with their squares.
    norms: BTreeMap<ExpressionId, ExpressionId>,
    /// The components of coordinates, fields and definitions, by the places of declaration and use.
    vectors: BTreeMap<(Span, Span), Quantity>,
    /// For how many names that are not declared it is still looked for what was meant.
    suggestions: usize,
    /// The lists of indexed coordinates.
    families: Vec<Vec<CoordinateId>>,
    /// The intervals as written.
    intervals: Vec<scope::Spanned>,
    /// What abbreviations stand for.
    defined: Vec<name::Defined>,
    /// The normal of the boundary, while a condition is read.
    normal: Option<Normal>,
    /// The value of each definition that is a number.
    definition_values: Vec<Option<f64>>,
    /// Whether each definition mentions a field.
    definition_mentions: Vec<bool>,
    /// How large each definition is, others written out.
    definition_sizes: Vec<u64>,
    /// Definitions and functions in which a mistake has been reported.
    unusable: BTreeSet<usize>,
    /// Coordinates that fields depend on and nothing declares, which has been reported.
    undeclared: BTreeSet<String>,
    /// Whether a mistake has left a hole in the expression at hand.
    undetermined: bool,
    /// Where units stand.
    annotations: units::Annotations,
    /// The numbers of declarations that are quantities themselves.
    quantities: Vec<(units::Quantity, crate::syntax::ExpressionId)>,
    errors: Vec<Diagnostic>,
}

/// The outward normal of a part of the boundary.
#[derive(Clone, Copy, Debug)]
struct Normal {
    /// The coordinate that it points along, and whether to its upper end; none on a curved part.
    side: Option<(CoordinateId, bool)>,
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
        let mut suffixes = Vec::new();
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
                    label,
                    equation,
                    region,
                } => {
                    if let Some(region) = region {
                        self.equation_region(region);
                    }
                    let position = placed.len();
                    placed.push(label.clone());
                    for pair in self.sides(equation).unwrap_or_default() {
                        suffixes.push((position, pair.suffix));
                        self.problem.equations.push(Equation {
                            label: String::new(),
                            left: pair.left,
                            right: pair.right,
                            span: declaration.span,
                        });
                    }
                }
                DeclarationKind::Initial(equation) => self.initial(equation, declaration),
                DeclarationKind::At { place, equation } => self.at(place, equation, declaration),
                DeclarationKind::Exact { target, value } => {
                    self.exact(target, *value, declaration.span)
                }
                DeclarationKind::Reference {
                    target,
                    path,
                    columns,
                } => self.reference(target, path, columns, declaration.span),
                DeclarationKind::Observe {
                    target,
                    path,
                    columns,
                    noise,
                } => self.observe(target, path, columns, *noise, declaration),
                DeclarationKind::Minimize { label, value } => {
                    self.minimize(label.as_ref(), *value, declaration)
                }
                DeclarationKind::Constraint { label, equation } => {
                    self.constraint(label.as_ref(), equation, declaration)
                }
                DeclarationKind::Coordinates { .. }
                | DeclarationKind::Time { .. }
                | DeclarationKind::Field { .. }
                | DeclarationKind::Parameter { .. }
                | DeclarationKind::Unknown { .. }
                | DeclarationKind::Definition { .. }
                | DeclarationKind::Domain { .. }
                | DeclarationKind::Boundary { .. }
                | DeclarationKind::Manufactured { .. }
                | DeclarationKind::Condition { .. } => {}
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
        self.label_equations(&placed, &suffixes);
        self.manufacture();
    }

    /// Gives every equation its own label: that of its declaration, and which component of it it is.
    fn label_equations(
        &mut self,
        written: &[Option<crate::syntax::Name>],
        suffixes: &[(usize, String)],
    ) {
        let mut taken = BTreeMap::new();
        for name in written.iter().flatten() {
            let Some(first) = taken.insert(name.text.clone(), name.span) else {
                continue;
            };
            self.errors.push(
                Diagnostic::error(
                    "duplicate-name",
                    format!("two equations are labelled `{}`", name.text),
                    name.span,
                    "used a second time",
                )
                .with_label(first, "first used here")
                .with_help("give each equation a label of its own"),
            );
        }
        let single = written.len() == 1;
        let mut labels = Vec::with_capacity(written.len());
        for (index, name) in written.iter().enumerate() {
            labels.push(match name {
                Some(name) => name.text.clone(),
                None => {
                    let mut label = if single {
                        "eq".to_owned()
                    } else {
                        format!("eq{}", index + 1)
                    };
                    while taken.contains_key(&label) {
                        label.push('_');
                    }
                    label
                }
            });
        }
        for (equation, (position, suffix)) in self.problem.equations.iter_mut().zip(suffixes) {
            equation.label = format!("{}{suffix}", labels[*position]);
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
