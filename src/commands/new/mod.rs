//! `pdec new NAME`: a commented file to begin with.

use crate::failure::{self, Failure, Status};
use clap::{Args, ValueEnum};
use std::fs::File;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

/// The options of `pdec new`.
#[derive(Args, Debug)]
pub struct Arguments {
    /// The file to write; .pde is added where it is missing
    #[arg(value_name = "NAME")]
    name: PathBuf,

    /// The problem to begin with
    #[arg(long, value_enum, value_name = "TEMPLATE", default_value_t = Template::Heat)]
    template: Template,
}

/// The problems to begin with, one for each kind of equation.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Template {
    /// Heat conduction: first order in time
    Heat,
    /// A vibrating string: second order in time
    Wave,
    /// The Poisson equation on a square: no time
    Poisson,
    /// Nonlinear advection and diffusion on a circle: periodic
    Advection,
    /// A damped oscillator: time alone
    Oscillator,
    /// Two substances that react: a system
    Reaction,
}

impl Template {
    fn text(self) -> &'static str {
        match self {
            Self::Heat => include_str!("templates/heat.pde"),
            Self::Wave => include_str!("templates/wave.pde"),
            Self::Poisson => include_str!("templates/poisson.pde"),
            Self::Advection => include_str!("templates/advection.pde"),
            Self::Oscillator => include_str!("templates/oscillator.pde"),
            Self::Reaction => include_str!("templates/reaction.pde"),
        }
    }
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<Status, Failure> {
    let path = with_extension(&arguments.name);
    let shown = path.display().to_string();
    // The comments in the template speak of this very file.
    let text = arguments.template.text().replace("FILE", &quoted(&shown));
    let mut file = File::create_new(&path).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => Failure::usage(
            "file-exists",
            format!("`{shown}` exists already"),
            "choose another name; `pdec new` never overwrites a file",
        ),
        _ => Failure::unwritable(format!("`{shown}`"), error),
    })?;
    file.write_all(text.as_bytes())
        .and_then(|()| file.sync_all())
        .map_err(|error| Failure::unwritable(format!("`{shown}`"), error))?;
    let next = quoted(&shown);
    failure::print(&format!(
        "{shown} is written. Next:\n  pdec check {next}\n  pdec train {next}\n"
    ))?;
    Ok(Status::Done)
}

/// `rod.pde` from `rod`; a dot in the name is no extension of ours.
fn with_extension(name: &Path) -> PathBuf {
    if name.extension().is_some_and(|extension| extension == "pde") {
        return name.to_path_buf();
    }
    let mut name = name.as_os_str().to_owned();
    name.push(".pde");
    PathBuf::from(name)
}

/// A path as it can be pasted into a shell.
fn quoted(path: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "/._-+=:@%".contains(c);
    if path.chars().all(plain) {
        path.to_owned()
    } else {
        format!("'{}'", path.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::{quoted, with_extension};
    use std::path::Path;

    #[test]
    fn names_become_files() {
        for (name, file) in [
            ("rod", "rod.pde"),
            ("rod.pde", "rod.pde"),
            ("a/nu=0.1", "a/nu=0.1.pde"),
        ] {
            assert_eq!(with_extension(Path::new(name)), Path::new(file));
        }
    }

    #[test]
    fn paths_can_be_pasted() {
        assert_eq!(quoted("rod.pde"), "rod.pde");
        assert_eq!(quoted("my rod's.pde"), r"'my rod'\''s.pde'");
    }
}
