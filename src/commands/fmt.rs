//! `pdec fmt FILE…`: canonical layout.

use crate::diagnostics;
use crate::failure::{self, Failure, Status};
use clap::Args;
use pdec_compiler::source::Source;
use pdec_compiler::syntax;
use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

/// The options of `pdec fmt`.
#[derive(Args, Debug)]
pub struct Arguments {
    /// The files to lay out, in place; - reads standard input and writes standard output
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,

    /// Change nothing; list the files that are not laid out so, and exit with 1 if there are any
    #[arg(long)]
    check: bool,
}

/// Runs the command: every file is looked at, whatever is wrong with the others.
pub fn run(arguments: &Arguments) -> Result<Status, Failure> {
    let mut status = Status::Done;
    for path in &arguments.files {
        if !lay_out(path, arguments.check)? {
            status = Status::Problem;
        }
    }
    Ok(status)
}

/// Lays one file out; false where it has syntax errors, or is not as it should be under `--check`.
fn lay_out(path: &Path, check: bool) -> Result<bool, Failure> {
    let is_standard = path == Path::new("-");
    let source = if is_standard {
        let mut text = String::new();
        let read = io::stdin().lock().read_to_string(&mut text);
        read.map_err(|error| Failure::unreadable(Path::new("standard input"), &error))?;
        Source::new("standard input", text)
    } else {
        let text = fs::read_to_string(path).map_err(|error| Failure::unreadable(path, &error))?;
        Source::new(path.display().to_string(), text)
    };
    let text = match syntax::format(&source) {
        Ok(text) => text,
        Err(errors) => {
            diagnostics::print(&source, &errors);
            return Ok(false);
        }
    };
    let changed = text != source.text;
    if check {
        if changed {
            failure::print(&format!("{}\n", source.name))?;
        }
        return Ok(!changed);
    }
    if is_standard {
        failure::print(&text)?;
    } else if changed {
        let name = format!("`{}`", path.display());
        replace(path, &text).map_err(|error| Failure::unwritable(name, error))?;
    }
    Ok(true)
}

/// Puts a new text in the place of a file at once: whatever happens, the old or the new one is there.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    // A link stays a link: the file that it leads to is replaced.
    let path = path.canonicalize()?;
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.new", std::process::id()));
    let new = path.with_file_name(name);
    let written = write_beside(&path, &new, text).and_then(|()| fs::rename(&new, &path));
    if written.is_err() {
        // The first error is the one to tell.
        let _ = fs::remove_file(&new);
    }
    written
}

fn write_beside(path: &Path, new: &Path, text: &str) -> io::Result<()> {
    let permissions = fs::metadata(path)?.permissions();
    // Renaming would get around a file's protection.
    if permissions.readonly() {
        return Err(io::Error::from(io::ErrorKind::PermissionDenied));
    }
    let mut file = File::create_new(new)?;
    file.write_all(text.as_bytes())?;
    file.set_permissions(permissions)?;
    file.sync_all()
}
