//! The command line as a user meets it: messages, exit statuses, and what is left on the disk.

// The helpers below are test code although no `#[test]` stands on them.
#![allow(clippy::unwrap_used)]

mod away;
mod eval;
mod exported;
mod progress;
mod refusals;
mod reports;
mod resume;
mod runs;
mod tools;
mod understood;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

const HEAT: &str = "\
problem \"Heat conduction in a rod\"
coord x in [0, 1]
time  t in [0, 0.5]
field u(x, t)
param alpha = 0.05
eq heat: u_t = alpha*u_xx
initial u = sin(pi*x)
on x = 0, x = 1: u = 0
exact u = exp(-alpha*pi^2*t)*sin(pi*x)
";

/// Settings with which training takes a moment.
const TINY: [&str; 4] = [
    "train.windows=1",
    "train.network=mlp(width = 8, depth = 1)",
    "train.points=[interior = 64, initial = 16, boundary = 8]",
    "train.optimizer=gauss_newton(steps = 8)",
];

struct Workplace {
    folder: TempDir,
}

struct Finished {
    status: i32,
    stdout: String,
    stderr: String,
}

impl Workplace {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("heat.pde"), HEAT).unwrap();
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    fn pdec(&self, arguments: &[&str]) -> Finished {
        let Output {
            status,
            stdout,
            stderr,
        } = Command::new(env!("CARGO_BIN_EXE_pdec"))
            .args(arguments)
            .current_dir(self.folder.path())
            .env("NO_COLOR", "1")
            .output()
            .unwrap();
        Finished {
            status: status.code().unwrap(),
            stdout: String::from_utf8(stdout).unwrap(),
            stderr: String::from_utf8(stderr).unwrap(),
        }
    }

    fn train_tiny(&self, more: &[&str]) -> Finished {
        let mut arguments = vec!["train", "heat.pde", "--threads", "2"];
        for set in TINY {
            arguments.extend(["--set", set]);
        }
        arguments.extend(more);
        self.pdec(&arguments)
    }

    /// Everything in the workplace, hidden files too.
    fn names(&self) -> Vec<String> {
        names(self.folder.path())
    }
}

/// Whether `python3` can import a module.
fn python_has(module: &str) -> bool {
    let import = format!("import {module}");
    let python = Command::new("python3").args(["-c", &import]).output();
    python.is_ok_and(|it| it.status.success())
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

impl Finished {
    /// The status and everything that the message must say.
    #[track_caller]
    fn says(&self, status: i32, parts: &[&str]) {
        let Self { stdout, stderr, .. } = self;
        assert_eq!(self.status, status, "stdout:\n{stdout}\nstderr:\n{stderr}");
        for part in parts {
            assert!(stderr.contains(part), "`{part}` is not in:\n{stderr}");
        }
    }
}
