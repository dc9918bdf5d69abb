//! What every command reads: the problem, `--config`, `--set`.

use crate::config::{self, Config};
use crate::diagnostics;
use crate::failure::{Failure, Status};
use clap::Args;
use pdec_compiler::diagnostic::Diagnostic;
use pdec_compiler::front::{self, Assignment, Finding, Front, Origin};
use pdec_compiler::source::{Source, Span};
use pdec_compiler::syntax;
use pdec_runtime::data::{DataError, Measured, Reference, read_measured, read_reference};
use std::io;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// The options that all commands share.
#[derive(Args, Debug)]
pub struct Input {
    /// The problem, a .pde file
    #[arg(value_name = "FILE")]
    pub file: PathBuf,

    /// Change a setting (train.windows=5) or a parameter (nu=0.02); may be repeated
    #[arg(long, value_name = "KEY=VALUE")]
    pub set: Vec<String>,

    /// Read settings and parameters from a TOML file, such as the settings.toml of a run
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// The same as text, where a run says itself what it was asked for.
    #[arg(skip)]
    pub asked: Option<Source>,
}

/// The problem and what belongs to it.
pub struct Loaded {
    /// The text.
    pub source: Source,
    /// What the compiler made of it.
    pub front: Front,
    /// What the config file says about the run itself.
    pub config: Config,
    /// The tabulated solutions.
    pub references: Vec<Reference>,
    /// The data that the problem observes.
    pub measured: Vec<Measured>,
}

/// A diagnostic with the text that it points into.
#[derive(Clone, Debug)]
pub struct Found {
    /// The text: the problem, an assignment or a config file.
    pub source: Rc<Source>,
    /// What is wrong there.
    pub diagnostic: Diagnostic,
}

/// Why there is nothing to work with.
#[derive(Debug)]
pub enum Refused {
    /// Something is wrong in a text.
    Findings {
        /// Whose fault it is.
        status: Status,
        /// Everything that was found, warnings too.
        findings: Vec<Found>,
    },
    /// The command itself cannot do it.
    Failure(Failure),
}

impl From<Failure> for Refused {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl Refused {
    /// Changes what is said of each finding.
    pub fn help_with(&mut self, change: impl Fn(&mut Diagnostic)) {
        match self {
            Self::Findings { findings, .. } => {
                for found in findings.iter_mut() {
                    change(&mut found.diagnostic);
                }
                // What was said in two ways is the same now.
                findings.dedup_by(|a, b| a.diagnostic == b.diagnostic);
            }
            Self::Failure(_) => {}
        }
    }

    /// Wrong use: all of these point into one text.
    pub fn usage(source: Source, diagnostics: Vec<Diagnostic>) -> Self {
        let source = Rc::new(source);
        let of_source = |diagnostic| Found {
            source: Rc::clone(&source),
            diagnostic,
        };
        Self::Findings {
            status: Status::Usage,
            findings: diagnostics.into_iter().map(of_source).collect(),
        }
    }

    /// Says it on standard error.
    pub fn print(self) -> Failure {
        let (status, findings) = match self {
            Self::Findings { status, findings } => (status, findings),
            Self::Failure(failure) => return failure,
        };
        for found in findings.iter().take(diagnostics::MOST) {
            diagnostics::print(&found.source, std::slice::from_ref(&found.diagnostic));
        }
        diagnostics::say_left_out(findings.len());
        diagnostics::point_to_page(findings.iter().map(|found| &found.diagnostic));
        Failure::said(status)
    }
}

impl Loaded {
    /// The problem, if training can do everything that it asks for; else says what it cannot.
    pub fn trainable(&self) -> Result<&Self, Failure> {
        let unsupported = &self.front.problem.unsupported;
        if unsupported.is_empty() {
            return Ok(self);
        }
        diagnostics::print(&self.source, unsupported);
        diagnostics::point_to_page(unsupported.iter());
        Err(Failure::said(Status::Usage))
    }
}

impl Input {
    /// Reads and checks everything; prints every diagnostic, warnings too.
    pub fn load(&self) -> Result<Loaded, Failure> {
        let loaded = self.read().map_err(Refused::print)?;
        diagnostics::print(&loaded.source, &loaded.front.warnings);
        Ok(loaded)
    }

    /// Reads and checks everything and prints nothing.
    pub fn read(&self) -> Result<Loaded, Refused> {
        self.read_with(&[])
    }

    /// The same with expressions to be evaluated.
    pub fn read_with(&self, expressions: &[Source]) -> Result<Loaded, Refused> {
        let mut loaded = self.understand(expressions)?;
        let (references, mut errors) = self.references(&loaded.front);
        loaded.references = references;
        if loaded.front.problem.unsupported.is_empty() {
            let (measured, more) = self.measured(&loaded.source, &loaded.front);
            loaded.measured = measured;
            errors.extend(more);
        }
        if !errors.is_empty() {
            errors.sort_by_key(|error| error.primary.span);
            return Err(Refused::usage(loaded.source, errors));
        }
        Ok(loaded)
    }

    /// What was trained, with expressions to be evaluated: its values need neither references nor data. References that can
    /// be read are, and what is wrong with the others is said beside.
    pub fn read_trained(&self, expressions: &[Source]) -> Result<(Loaded, Vec<String>), Refused> {
        let mut loaded = self.understand(expressions)?;
        let (references, errors) = self.references(&loaded.front);
        loaded.references = references;
        let said = errors.into_iter().map(|error| {
            let why = error.notes.first().cloned().unwrap_or_default();
            format!("{}: {why}", error.message)
        });
        Ok((loaded, said.collect()))
    }

    /// The problem alone, without references and data.
    fn understand(&self, expressions: &[Source]) -> Result<Loaded, Refused> {
        let source = self.source()?;
        let config = match (&self.config, &self.asked) {
            (Some(path), _) => config::read(path)?,
            (None, Some(text)) => config::read_text(text.clone())?,
            (None, None) => Config::default(),
        };
        let mut assignments = config.assignments.clone();
        assignments.extend(self.assignments()?);
        let front = front::read_with(&source, &assignments, expressions)
            .map_err(|findings| refused(&source, &assignments, expressions, findings))?;
        Ok(Loaded {
            source,
            front,
            config,
            references: Vec::new(),
            measured: Vec::new(),
        })
    }

    /// The text of the problem, under the path as the user typed it.
    pub fn source(&self) -> Result<Source, Failure> {
        let bytes =
            std::fs::read(&self.file).map_err(|error| Failure::unreadable(&self.file, &error))?;
        let text = String::from_utf8(bytes).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            let before = error.as_bytes().get(..at).unwrap_or_default();
            let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
            let found = error.as_bytes().get(at).copied().unwrap_or_default();
            let message = format!("line {line} is not UTF-8: byte {} is {found:#04x}", at + 1);
            let error = io::Error::new(io::ErrorKind::InvalidData, message);
            Failure::unreadable(&self.file, &error)
        })?;
        Ok(Source::new(self.file.display().to_string(), text))
    }

    /// The name of the problem: its file without folder and extension.
    pub fn name(&self) -> String {
        let stem = self.file.file_stem();
        stem.map_or_else(
            || "problem".to_owned(),
            |stem| stem.to_string_lossy().into_owned(),
        )
    }

    /// The folder that paths in the problem are relative to.
    pub fn folder(&self) -> &Path {
        self.file.parent().unwrap_or(Path::new(""))
    }

    fn assignments(&self) -> Result<Vec<Assignment>, Refused> {
        let mut assignments = Vec::new();
        let mut findings = Vec::new();
        for text in &self.set {
            let source = Source::new("--set", text.clone());
            match syntax::parse_setting(&source) {
                Ok(setting) => assignments.push(Assignment { source, setting }),
                Err(errors) => {
                    let source = Rc::new(source);
                    findings.extend(errors.into_iter().map(|diagnostic| Found {
                        source: Rc::clone(&source),
                        diagnostic,
                    }));
                }
            }
        }
        if findings.is_empty() {
            return Ok(assignments);
        }
        Err(Refused::Findings {
            status: Status::Usage,
            findings,
        })
    }

    /// The data that can be used, and what is wrong with the others.
    fn measured(&self, source: &Source, front: &Front) -> (Vec<Measured>, Vec<Diagnostic>) {
        let mut measured = Vec::new();
        let mut errors = Vec::new();
        for observation in &front.problem.observations {
            match read_measured(&front.problem, observation, self.folder()) {
                Ok(read) => measured.push(read),
                Err(error) => errors.push(
                    Diagnostic::error(
                        "unusable-data",
                        format!("the data `{}` cannot be used", observation.path),
                        path_in(source, observation.span),
                        "this file",
                    )
                    .with_note(error.to_string())
                    .with_help(help_with(&error)),
                ),
            }
        }
        (measured, errors)
    }

    /// The references that can be used, and what is wrong with the others.
    fn references(&self, front: &Front) -> (Vec<Reference>, Vec<Diagnostic>) {
        let mut references = Vec::new();
        let mut errors = Vec::new();
        for reference in &front.problem.references {
            match read_reference(&front.problem, reference, self.folder()) {
                Ok(read) => references.push(read),
                Err(error) => errors.push(
                    Diagnostic::error(
                        "unusable-reference",
                        format!("the reference solution `{}` cannot be used", reference.path),
                        reference.path_span,
                        "this file",
                    )
                    .with_note(error.to_string())
                    .with_help(help_with(&error)),
                ),
            }
        }
        (references, errors)
    }
}

/// The text in quotes within a declaration.
fn path_in(source: &Source, declaration: Span) -> Span {
    let text = source.slice(declaration);
    let quoted = text.find('"').and_then(|open| {
        let close = text.get(open + 1..)?.find('"')? + open + 2;
        let start = declaration.range().start;
        Some(Span::new(start + open, start + close))
    });
    quoted.unwrap_or(declaration)
}

/// What to do about a file of data.
fn help_with(error: &DataError) -> &'static str {
    match error {
        DataError::Unreadable { .. } => {
            "the path is relative to the folder of the `.pde` file; text must be UTF-8"
        }
        DataError::Missing { .. } | DataError::Twice(_) => {
            "the names behind the path are those in the file, in the order of the field's arguments, the values last"
        }
        DataError::Format { .. } | DataError::Array { .. } => {
            "write the file anew; `numpy.savez` and tables as text (`x,t,u`, a line for each point) can be read"
        }
        DataError::Ragged { .. } => "give every line as many values as there are names",
        DataError::Number { .. } | DataError::NotFinite { .. } => {
            "correct the value, or leave out that point"
        }
        DataError::Axis { .. } | DataError::Shape { .. } | DataError::Lengths { .. } => {
            "a grid has an increasing list for each argument and a table with an axis for each in the same order; points have \
             columns of one length"
        }
        DataError::Outside { .. } => {
            "leave out points outside, or correct the interval of the coordinate; is it in another unit?"
        }
        DataError::Repeated { .. } => "leave one of them: a solution has one value at a point",
        DataError::Unit { .. } => "convert the column, or correct the unit in its name: `T [K]`",
        DataError::Nothing(_) => {
            "the first line names the columns, for instance `x,t,u`; below is a line for each point"
        }
        DataError::Empty => "the file needs a line for each point below the names",
    }
}

/// Finds each text and says whose fault it is: the file's before the command's.
fn refused(
    source: &Source,
    assignments: &[Assignment],
    expressions: &[Source],
    findings: Vec<Finding>,
) -> Refused {
    let source = Rc::new(source.clone());
    let mut status = Status::Usage;
    let place = |Finding { origin, diagnostic }| {
        let other = match origin {
            Origin::Problem => {
                if diagnostic.is_error() {
                    status = Status::Problem;
                }
                None
            }
            Origin::Assignment(position) => assignments.get(position).map(|it| &it.source),
            Origin::Expression(position) => expressions.get(position),
        };
        let source = other.map_or_else(|| Rc::clone(&source), |it| Rc::new(it.clone()));
        Found { source, diagnostic }
    };
    let findings = findings.into_iter().map(place).collect();
    Refused::Findings { status, findings }
}
