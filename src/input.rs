//! What every command reads: the problem, `--config`, `--set`.

use crate::config::{self, Config};
use crate::diagnostics;
use crate::failure::{Failure, Status};
use clap::Args;
use pdec_compiler::diagnostic::Diagnostic;
use pdec_compiler::front::{self, Assignment, Front, Origin};
use pdec_compiler::source::Source;
use pdec_compiler::syntax;
use pdec_runtime::data::{Reference, read_reference};
use std::path::{Path, PathBuf};

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
}

impl Input {
    /// Reads and checks everything; prints every diagnostic, warnings too.
    pub fn load(&self) -> Result<Loaded, Failure> {
        let source = self.source()?;
        let config = match &self.config {
            Some(path) => config::read(path)?,
            None => Config::default(),
        };
        let mut assignments = config.assignments.clone();
        assignments.extend(self.assignments()?);
        let front = match front::read(&source, &assignments) {
            Ok(front) => front,
            Err(findings) => return Err(refuse(&source, &assignments, &findings)),
        };
        diagnostics::print(&source, &front.warnings);
        let references = self.references(&source, &front)?;
        Ok(Loaded {
            source,
            front,
            config,
            references,
        })
    }

    /// The text of the problem, under the path as the user typed it.
    pub fn source(&self) -> Result<Source, Failure> {
        let text = std::fs::read_to_string(&self.file)
            .map_err(|error| Failure::unreadable(&self.file, &error))?;
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

    fn assignments(&self) -> Result<Vec<Assignment>, Failure> {
        let mut assignments = Vec::new();
        let mut readable = true;
        for text in &self.set {
            let source = Source::new("--set", text.clone());
            match syntax::parse_setting(&source) {
                Ok(setting) => assignments.push(Assignment { source, setting }),
                Err(errors) => {
                    diagnostics::print(&source, &errors);
                    readable = false;
                }
            }
        }
        if readable {
            Ok(assignments)
        } else {
            Err(Failure::said(Status::Usage))
        }
    }

    fn references(&self, source: &Source, front: &Front) -> Result<Vec<Reference>, Failure> {
        let folder = self.file.parent().unwrap_or(Path::new(""));
        let mut references = Vec::new();
        let mut errors = Vec::new();
        for reference in &front.problem.references {
            match read_reference(&front.problem, reference, folder) {
                Ok(read) => references.push(read),
                Err(error) => errors.push(
                    Diagnostic::error(
                        "unusable-reference",
                        format!("the reference solution `{}` cannot be used", reference.path),
                        reference.path_span,
                        "this file",
                    )
                    .with_note(error.to_string())
                    .with_help(
                        "the path is relative to the folder of the `.pde` file; the arrays are named in the \
                         order of the field's arguments, the values last",
                    ),
                ),
            }
        }
        if errors.is_empty() {
            Ok(references)
        } else {
            diagnostics::print(source, &errors);
            Err(Failure::said(Status::Usage))
        }
    }
}

/// Prints what is wrong and says whose fault it is: the file's before the command's.
fn refuse(source: &Source, assignments: &[Assignment], findings: &[front::Finding]) -> Failure {
    let mut status = Status::Usage;
    for finding in findings {
        let text = match finding.origin {
            Origin::Problem => {
                if finding.diagnostic.is_error() {
                    status = Status::Problem;
                }
                source
            }
            Origin::Assignment(position) => assignments
                .get(position)
                .map_or(source, |assignment| &assignment.source),
        };
        diagnostics::print(text, std::slice::from_ref(&finding.diagnostic));
    }
    diagnostics::point_to_page(findings.iter().map(|finding| &finding.diagnostic));
    Failure::said(status)
}
