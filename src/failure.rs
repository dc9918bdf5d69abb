//! How a command ends, and what is said when it cannot do what was asked.

use crate::diagnostics::escape;
use miette::{MietteDiagnostic, Report};
use serde_json::{Value, json};
use std::fmt::Display;
use std::io;
use std::path::Path;

/// How a command ended: the exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// What was asked is done.
    Done,
    /// The `.pde` file has errors.
    Problem,
    /// Wrong use, unreadable input, unwritable output.
    Usage,
    /// The device or machine cannot.
    Machine,
    /// Training diverged, or found nothing but zero where that is no solution.
    Diverged,
    /// Ctrl-C.
    Interrupted,
}

impl Status {
    /// The number that the shell sees.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Problem => 1,
            Self::Usage => 2,
            Self::Machine => 3,
            Self::Diverged => 4,
            // 128 + SIGINT, as shells count.
            Self::Interrupted => 130,
        }
    }
}

/// Why a command could not do what was asked.
#[derive(Debug)]
pub struct Failure {
    status: Status,
    /// `None` where everything has been said already.
    report: Option<Report>,
}

impl Failure {
    /// Everything has been said already.
    pub fn said(status: Status) -> Self {
        Self {
            status,
            report: None,
        }
    }

    /// Wrong use, unreadable input or unwritable output.
    pub fn usage(name: &str, message: impl Display, help: impl Display) -> Self {
        Self::new(Status::Usage, name, message, help)
    }

    /// The device or machine cannot.
    pub fn machine(name: &str, message: impl Display, help: impl Display) -> Self {
        Self::new(Status::Machine, name, message, help)
    }

    /// A file that cannot be read.
    pub fn unreadable(path: &Path, error: &io::Error) -> Self {
        let help = match error.kind() {
            io::ErrorKind::NotFound => "there is no such file: check the path",
            io::ErrorKind::PermissionDenied => "you have no right to read it",
            io::ErrorKind::InvalidData => "the file must be UTF-8 text; save it with that encoding",
            _ => "check that it is a text file that you may read",
        };
        Self::usage(
            "unreadable-file",
            format!("cannot read `{}`: {error}", path.display()),
            help,
        )
    }

    /// Standard output or a file that cannot be written.
    pub fn unwritable(what: impl Display, error: impl Display) -> Self {
        let error = error.to_string();
        let help = if error.contains("(os error 2)") {
            "there is no such folder: make it first"
        } else {
            "check that the disk has room and that you may write there"
        };
        Self::usage(
            "unwritable-output",
            format!("cannot write {what}: {error}"),
            help,
        )
    }

    fn new(status: Status, name: &str, message: impl Display, help: impl Display) -> Self {
        let diagnostic = MietteDiagnostic::new(escape(&message.to_string()))
            .with_code(name)
            .with_help(escape(&help.to_string()));
        Self {
            status,
            report: Some(Report::new(diagnostic)),
        }
    }

    /// How the command ends.
    pub fn status(&self) -> Status {
        self.status
    }

    /// The same as JSON, as a diagnostic without a place; none where everything has been said already.
    pub fn to_json(&self) -> Option<Value> {
        let report = self.report.as_ref()?;
        Some(json!({
            "name": report.code().map(|code| code.to_string()),
            "severity": "error",
            "message": report.to_string(),
            "source": null,
            "span": null,
            "labels": [],
            "notes": [],
            "help": report.help().map(|help| help.to_string()),
            "edit": null,
        }))
    }

    /// Says it on standard error.
    pub fn print(self) -> Status {
        if let Some(report) = self.report {
            crate::failure::say(format_args!("{report:?}"));
        }
        self.status
    }
}

/// Writes to standard output. A reader that has seen enough (`pdec emit … | head`) is no failure.
pub fn print(text: &str) -> Result<(), Failure> {
    use std::io::Write as _;
    let mut output = io::stdout().lock();
    match output
        .write_all(text.as_bytes())
        .and_then(|()| output.flush())
    {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::unwritable("standard output", error))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Writes a line to standard error. Where nobody reads it any more, there is nobody to tell: a closed pipe is no
/// reason to stop a run.
pub fn say(line: std::fmt::Arguments<'_>) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr(), "{line}");
}
