//! Fenced blocks of Markdown: what stands in them, and whether `pdec check` takes it.
//!
//! ```` ```pde ```` is a whole file without errors; `pde,error NAME` must give diagnostics of that name and no
//! other; `pde,fragment` and `pde,fragment,error NAME` are completed with a preamble. What follows on the opening line is given to the command:
//! `pde --set nu=0.02`. `toml` and `toml,error NAME` are files for `--config`.

use pdec_compiler::front;
use pdec_compiler::source::Source;
use pdec_compiler::syntax::format;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// A fenced block.
#[derive(Debug)]
pub struct Fence {
    /// What stands after the opening backquotes: `pde,error unknown-name`.
    pub info: String,
    /// What stands inside.
    pub text: String,
    /// The line where it begins.
    pub line: usize,
}

/// What a fence promises.
#[derive(Debug, PartialEq, Eq)]
pub enum Promise {
    /// It is accepted.
    Accepted,
    /// Diagnostics of this name and no other.
    Diagnostic(String),
}

/// All fenced blocks of a text.
pub fn fences(markdown: &str) -> Vec<Fence> {
    let mut fences: Vec<Fence> = Vec::new();
    let mut open = false;
    for (index, line) in markdown.lines().enumerate() {
        if let Some(info) = line.strip_prefix("```") {
            if !open {
                fences.push(Fence {
                    info: info.to_owned(),
                    text: String::new(),
                    line: index + 1,
                });
            }
            open = !open;
        } else if open && let Some(fence) = fences.last_mut() {
            fence.text.push_str(line);
            fence.text.push('\n');
        }
    }
    assert!(!open, "a fence is never closed");
    fences
}

impl Fence {
    /// What it promises, where it is one of ours.
    pub fn promise(&self) -> Option<Promise> {
        let (kind, rest) = self.info.split_once(' ').unwrap_or((&self.info, ""));
        match kind {
            "pde" | "pde,fragment" | "toml" => Some(Promise::Accepted),
            "pde,error" | "pde,fragment,error" | "toml,error" => {
                let name = rest.split(' ').next().unwrap();
                Some(Promise::Diagnostic(name.to_owned()))
            }
            _ => {
                assert!(
                    !kind.starts_with("pde") && !kind.starts_with("toml"),
                    "what is `{}`?",
                    self.info
                );
                None
            }
        }
    }

    /// The whole `.pde` file that it stands for.
    pub fn file(&self) -> String {
        if self.info.starts_with("toml") {
            return complete("param nu = 0.01\neq u_t = nu*u_xx\n");
        }
        if self.info.starts_with("pde,fragment") {
            return complete(&self.text);
        }
        self.text.clone()
    }

    fn arguments(&self) -> Vec<&str> {
        let words = self.info.split(' ').skip(1);
        words.skip_while(|word| !word.starts_with("--")).collect()
    }
}

/// A fragment with a declaration of each kind that it lacks.
fn complete(fragment: &str) -> String {
    let mut text = fragment.to_owned();
    let preamble = [
        (["coord "].as_slice(), "coord x in [0, 1]"),
        (&["time "], "time t in [0, 1]"),
        (&["field "], "field u(x, t)"),
        (&["eq "], "eq u_t = u_xx"),
        (&["initial "], "initial u = 0"),
        (&["on ", "periodic "], "on x = 0, x = 1: u = 0"),
    ];
    for (openers, declaration) in preamble {
        let opens = |line: &str| openers.iter().any(|opener| line.starts_with(opener));
        if !fragment.lines().any(opens) {
            text.push_str(declaration);
            text.push('\n');
        }
    }
    text
}

/// A folder in which snippets are checked.
pub struct Checker {
    folder: TempDir,
}

impl Checker {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        // For snippets that name a reference file.
        fs::create_dir(folder.path().join("data")).unwrap();
        let data = root().join("examples/data/burgers.npz");
        fs::copy(data, folder.path().join("data/burgers.npz")).unwrap();
        let sensors = "x,t,u\n0.25,0.1,0.6\n0.5,0.1,0.9\n0.75,0.2,0.5\n";
        fs::write(folder.path().join("sensors.csv"), sensors).unwrap();
        Self { folder }
    }

    /// Checks a fence; what is not as promised, in words.
    pub fn check(&self, fence: &Fence) -> Result<(), String> {
        let Some(promise) = fence.promise() else {
            return Ok(());
        };
        // What is shown as right is laid out as `pdec fmt` does it.
        if promise == Promise::Accepted && fence.info.starts_with("pde") {
            let formatted = format(&Source::new("snippet.pde", &fence.text));
            if formatted.as_ref() != Ok(&fence.text) {
                return Err(format!("line {}: laid out {formatted:?}", fence.line));
            }
        }
        // What training cannot do yet is read and checked all the same.
        let source = Source::new("snippet.pde", fence.file());
        if promise == Promise::Accepted
            && let Ok(found) = front::read(&source, &[])
            && !found.problem.unsupported.is_empty()
        {
            return Ok(());
        }
        fs::write(self.folder.path().join("snippet.pde"), fence.file()).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_pdec"));
        command
            .args(["check", "snippet.pde"])
            .args(fence.arguments());
        if fence.info.starts_with("toml") {
            fs::write(self.folder.path().join("settings.toml"), &fence.text).unwrap();
            command.args(["--config", "settings.toml"]);
        }
        let output = command
            .current_dir(self.folder.path())
            .env("NO_COLOR", "1")
            .output()
            .unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        let found = names(&stderr);
        let kept = match &promise {
            Promise::Accepted => output.status.success() && !stderr.contains("error["),
            Promise::Diagnostic(name) => {
                !found.is_empty() && found.iter().all(|found| found == name)
            }
        };
        if kept {
            return Ok(());
        }
        let (line, info) = (fence.line, &fence.info);
        Err(format!(
            "line {line}, `{info}`:\n{}\n{stderr}",
            fence.file()
        ))
    }
}

/// The names of the diagnostics in a report.
fn names(report: &str) -> Vec<String> {
    let headings = report.lines().filter_map(|line| {
        let rest = line
            .strip_prefix("error[")
            .or_else(|| line.strip_prefix("warning["))?;
        rest.split(']').next()
    });
    headings.map(str::to_owned).collect()
}

/// The root of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}
