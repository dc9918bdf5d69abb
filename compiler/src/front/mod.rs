//! The front half of the compiler in one call: what every command does first.
//!
//! * Input: the text of a problem, and the assignments of `--config` and `--set`, in the order of rising
//!   precedence.
//! * Output: a [`Front`], or every diagnostic that could be found, each with the text it points into.
//! * Invariants: what comes out can be compiled and trained; nothing later fails because of the user.

mod beyond;
mod formula;
mod outputs;

use crate::diagnostic::Diagnostic;
use crate::hir::Energy;
use crate::hir::{self, Overrides, Problem};
use crate::settings::{self, Settings};
use crate::source::Source;
use crate::syntax::suggest::nearest;
use crate::syntax::{self, DeclarationKind, Document, Name, Setting, Value, ValueKind};
use crate::variation::minimised;
use crate::verify_exact::{self, Verification};
use std::collections::BTreeSet;

pub use formula::Formula;

/// A problem that can be compiled, with its settings.
#[derive(Clone, Debug)]
pub struct Front {
    /// The problem.
    pub problem: Problem,
    /// Its settings: the defaults, then the `train` block, then the assignments.
    pub settings: Settings,
    /// How well the exact solution solves each equation and condition.
    pub verified: Vec<Verification>,
    /// The labels of the equations, conditions and constraints into which it was not substituted.
    pub unverified: Vec<String>,
    /// What a reader should look at.
    pub warnings: Vec<Diagnostic>,
    /// The expressions to be evaluated, one for each real number in the value of each: what it is called, and how it follows
    /// from [`Problem::outputs`].
    pub formulas: Vec<(String, Formula)>,
}

/// One assignment from outside the file: `train.windows = 5`, `nu = 0.02`.
#[derive(Clone, Debug)]
pub struct Assignment {
    /// The text that its spans point into.
    pub source: Source,
    /// What it assigns.
    pub setting: Setting,
}

/// Where a diagnostic belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The text of the problem.
    Problem,
    /// The assignment at this position.
    Assignment(usize),
    /// The expression at this position.
    Expression(usize),
}

/// A diagnostic and the text it points into.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The text.
    pub origin: Origin,
    /// What is wrong there.
    pub diagnostic: Diagnostic,
}

/// Reads, resolves and checks a problem with its settings.
///
/// # Errors
///
/// All errors that could be found, warnings among them where they were known by then.
pub fn read(source: &Source, assignments: &[Assignment]) -> Result<Front, Vec<Finding>> {
    read_with(source, assignments, &[])
}

/// The same with expressions to be evaluated with the trained solution, `u_x + v_y` or `slope = u_x`, which become
/// [`Front::formulas`], one for each real number in the value of each expression, over [`Problem::outputs`].
///
/// # Errors
///
/// All errors that could be found, warnings among them where they were known by then.
pub fn read_with(
    source: &Source,
    assignments: &[Assignment],
    expressions: &[Source],
) -> Result<Front, Vec<Finding>> {
    if expressions.is_empty() {
        return read_text(source, assignments);
    }
    let appended = outputs::Appended::new(source, expressions);
    let read = read_text(&appended.source, assignments);
    match read {
        Ok(front) => appended.take(front),
        Err(findings) => Err(findings
            .into_iter()
            .filter_map(|finding| appended.place(finding))
            .collect()),
    }
}

fn read_text(source: &Source, assignments: &[Assignment]) -> Result<Front, Vec<Finding>> {
    let of_problem = |diagnostics: Vec<Diagnostic>| -> Vec<Finding> {
        diagnostics
            .into_iter()
            .map(|diagnostic| Finding {
                origin: Origin::Problem,
                diagnostic,
            })
            .collect()
    };
    let document = syntax::parse(source).map_err(|mut errors| {
        errors.extend(beyond::beyond(source, &errors));
        of_problem(errors)
    })?;
    let (overrides, mut findings) = overrides(&document, assignments);
    let (mut problem, mut warnings) = match hir::resolve(source, &document, &overrides) {
        Ok(resolved) => resolved,
        Err(errors) => {
            findings.splice(0..0, of_problem(errors));
            return Err(findings);
        }
    };
    if minimised(&problem).is_some() {
        // Only what the equations of the minimiser need counts.
        problem.unsupported.retain(|it| {
            let at = it.primary.span.range().start;
            let within = |energy: &Energy| energy.span.range().contains(&at);
            !problem.energies.iter().any(within)
        });
    }
    let settings = match apply(&problem, assignments) {
        Ok(settings) => settings,
        Err(errors) => {
            findings.extend(errors);
            Settings::default_for(&problem)
        }
    };
    // What is claimed to minimise an energy satisfies its Euler–Lagrange equation.
    let minimiser = minimised(&problem);
    let whole = minimiser.as_ref().unwrap_or(&problem);
    let (verified, exact) = verify_exact::verify(whole);
    let unverified = unverified(whole, &verified);
    let (errors, more): (Vec<_>, Vec<_>) = exact.into_iter().partition(Diagnostic::is_error);
    warnings.extend(more);
    findings.extend(of_problem(errors));
    if findings.is_empty() {
        Ok(Front {
            problem,
            settings,
            verified,
            unverified,
            warnings,
            formulas: Vec::new(),
        })
    } else {
        // A jump comes from the same slip more often than not: an exact solution that is not periodic has an initial
        // value that is not either.
        warnings.retain(|it| !matches!(it.name, "incompatible-corner" | "surplus-constraint"));
        findings.extend(of_problem(warnings));
        Err(findings)
    }
}

/// What a problem with exact solutions states and they were not put into.
fn unverified(problem: &Problem, verified: &[Verification]) -> Vec<String> {
    if problem.exact.is_empty() {
        return Vec::new();
    }
    let known: BTreeSet<&str> = verified.iter().map(|it| it.label.as_str()).collect();
    let equations = problem.equations.iter().map(|it| &it.label);
    let conditions = problem.conditions.iter().map(|it| &it.label);
    let constraints = problem.constraints.iter().map(|it| &it.label);
    let energies = problem.energies.iter().map(|it| &it.label);
    equations
        .chain(energies)
        .chain(conditions)
        .chain(constraints)
        .filter(|label| !known.contains(label.as_str()))
        .cloned()
        .collect()
}

/// The parameter values among the assignments, and the assignments to nothing that there is.
fn overrides(document: &Document, assignments: &[Assignment]) -> (Overrides, Vec<Finding>) {
    let mut overrides = Overrides::new();
    let mut findings = Vec::new();
    let parameters: Vec<&str> = document
        .declarations
        .iter()
        .filter_map(|declaration| match &declaration.kind {
            DeclarationKind::Parameter { name, .. } => Some(name.text.as_str()),
            DeclarationKind::Title(_)
            | DeclarationKind::Coordinates { .. }
            | DeclarationKind::Time { .. }
            | DeclarationKind::Field { .. }
            | DeclarationKind::Definition { .. }
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
            | DeclarationKind::Train(_) => None,
        })
        .collect();
    for (position, assignment) in assignments.iter().enumerate() {
        let Setting { name, value } = &assignment.setting;
        if name.text.starts_with("train.") {
            continue;
        }
        match parameter_value(&parameters, name, value) {
            Ok(value) => {
                overrides.insert(name.text.clone(), value);
            }
            Err(diagnostic) => findings.push(Finding {
                origin: Origin::Assignment(position),
                diagnostic: *diagnostic,
            }),
        }
    }
    (overrides, findings)
}

fn parameter_value(
    parameters: &[&str],
    name: &Name,
    value: &Value,
) -> Result<f64, Box<Diagnostic>> {
    if !parameters.contains(&name.text.as_str()) {
        return Err(Box::new(unknown_parameter(parameters, name)));
    }
    match value.kind {
        ValueKind::Number(number) => Ok(number),
        ValueKind::Text(_)
        | ValueKind::Word(_)
        | ValueKind::Call { .. }
        | ValueKind::List(_)
        | ValueKind::Tuple(_) => Err(Box::new(
            Diagnostic::error(
                "setting-type",
                format!("the parameter `{}` takes a number", name.text),
                value.span,
                "this is not a number",
            )
            .with_help(format!("write for instance `{} = 0.01`", name.text)),
        )),
    }
}

fn unknown_parameter(parameters: &[&str], name: &Name) -> Diagnostic {
    let text = &name.text;
    let error = Diagnostic::error(
        "unknown-name",
        format!("the problem has no parameter `{text}`"),
        name.span,
        "not a parameter of this file",
    )
    .with_note(if parameters.is_empty() {
        "the file declares no parameters (`param nu = 0.01`)".to_owned()
    } else {
        format!("its parameters are: {}", parameters.join(", "))
    });
    let head = text.split('.').next().unwrap_or(text);
    if settings::is_name(head) {
        let meant = format!("train.{text}");
        return error
            .with_help(format!("settings begin with `train.`: `{meant}`"))
            .with_edit(name.span, meant);
    }
    // Names of two letters are too short for the nearest word; a letter doubled or left out is one of them all the same.
    let short = || {
        let dedup = |word: &str| {
            let mut letters: Vec<char> = word.chars().collect();
            letters.dedup();
            letters
        };
        let same = |it: &&str| dedup(it) == dedup(text);
        parameters.iter().copied().find(same)
    };
    match nearest(text, parameters.iter().copied()).or_else(short) {
        Some(meant) => error
            .with_help(format!("did you mean `{meant}`?"))
            .with_edit(name.span, meant),
        None => error,
    }
}

/// Defaults, `train` block, assignments.
fn apply(problem: &Problem, assignments: &[Assignment]) -> Result<Settings, Vec<Finding>> {
    let defaults = Settings::default_for(problem);
    let mut settings = defaults.clone();
    let mut findings = Vec::new();
    let mut fits = Vec::new();
    let mut collect = |origin: Origin, errors: Vec<Diagnostic>| {
        findings.extend(
            errors
                .into_iter()
                .map(|diagnostic| Finding { origin, diagnostic }),
        );
    };
    let mut step = |origin: Origin, entries: &[Setting]| {
        if let Err(errors) = settings::apply_over(&mut settings, &defaults, entries) {
            collect(origin, errors);
            return;
        }
        let windows = entries.iter().find(|entry| entry.name.text == "windows");
        if let Some(entry) = windows
            && settings.windows > 1
            && problem.time().is_none()
        {
            collect(origin, vec![windows_without_time(entry)]);
        }
        let whole = !problem.unknowns.is_empty() || !problem.observations.is_empty();
        if let Some(entry) = windows
            && settings.windows > 1
            && !settings.automatic.windows
            && problem.time().is_some()
            && whole
        {
            collect(origin, vec![windows_of_unknowns(entry)]);
        }
        if let Some(entry) = entries.iter().find(|it| settings::must_fit(&it.name.text)) {
            let misfit = settings::misfit(problem, &settings, entry.value.span);
            fits.push((origin, misfit));
        }
    };
    step(Origin::Problem, &problem.settings);
    for (position, assignment) in assignments.iter().enumerate() {
        if let Some(name) = assignment.setting.name.text.strip_prefix("train.") {
            let setting = Setting {
                name: Name {
                    text: name.to_owned(),
                    span: assignment.setting.name.span,
                },
                value: assignment.setting.value.clone(),
            };
            step(Origin::Assignment(position), &[setting]);
        }
    }
    // Only settings that are left in the end must go together, in whatever order they came: a later one may mend an
    // earlier one. Where they do not, the place is the first from which on they never did.
    if findings.is_empty() {
        let unfit = fits
            .into_iter()
            .rev()
            .map_while(|(origin, misfit)| Some((origin, misfit?)))
            .map(|(origin, diagnostic)| Finding { origin, diagnostic });
        findings.extend(unfit.last());
    }
    if findings.is_empty() {
        Ok(settings)
    } else {
        Err(findings)
    }
}

fn windows_of_unknowns(entry: &Setting) -> Diagnostic {
    Diagnostic::error(
        "setting-range",
        "a problem with unknowns or data is solved in one window",
        entry.value.span,
        "`windows` must be 1 here",
    )
    .with_note("windows are solved one after the other, and what is sought belongs to all of time")
    .with_help("leave `windows` out")
}

fn windows_without_time(entry: &Setting) -> Diagnostic {
    Diagnostic::error(
        "setting-range",
        "a steady problem has no time windows",
        entry.value.span,
        "`windows` must be 1 here",
    )
    .with_note("windows cut the interval of the time coordinate, and this problem has none")
    .with_help("leave `windows` out")
}
