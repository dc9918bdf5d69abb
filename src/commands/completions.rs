//! `pdec completions SHELL`: a script with which the shell completes commands and options.

use crate::failure::{self, Failure, Status};
use clap::{Args, Command};
use clap_complete::{Shell, generate};

/// The options of `pdec completions`.
#[derive(Args, Debug)]
pub struct Arguments {
    /// The shell; its documentation says where such scripts belong
    #[arg(value_enum, value_name = "SHELL")]
    shell: Shell,
}

/// Runs the command; `command` is the whole command line.
pub fn run(arguments: &Arguments, mut command: Command) -> Result<Status, Failure> {
    let mut script = Vec::new();
    let name = command.get_name().to_owned();
    generate(arguments.shell, &mut command, name, &mut script);
    failure::print(&String::from_utf8_lossy(&script))?;
    Ok(Status::Done)
}
