//! `pdec`: the command line.
//!
//! One file for each command under [`commands`]; each is a thin layer over the two libraries. Whatever points
//! into a text (the `.pde` file, a `--set`, a `--config` file) is printed by codespan-reporting in
//! [`diagnostics`]; whatever concerns the command itself is a [`failure::Failure`] and printed by miette.

mod commands;
mod config;
mod diagnostics;
mod failure;
mod input;
mod layout;
mod numbers;
mod progress;
mod run;
mod summary;
mod timings;
mod understood;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory as _, Parser, Subcommand};
use std::process::ExitCode;

/// A language and compiler for partial differential equations.
#[derive(Debug, Parser)]
#[command(
    name = "pdec",
    version,
    about = "Solves partial differential equations stated in .pde files by physics-informed neural networks",
    after_help = EXIT_STATUS,
    arg_required_else_help = true,
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

const EXIT_STATUS: &str = "\
Exit status:
  0    done
  1    the .pde file has errors
  2    wrong use, unreadable input or unwritable output
  3    the device or machine cannot
  4    training diverged; the run folder holds the last good state
  130  interrupted by Ctrl-C or SIGTERM; the run folder holds what was found so far";

#[derive(Debug, Subcommand)]
enum Command {
    /// Train a problem and save the solution
    Train(commands::train::Arguments),
    /// Say what a problem is, or what is wrong with it, without training
    Check(commands::check::Arguments),
    /// Evaluate a trained solution, or any expression of it, at points
    Eval(commands::eval::Arguments),
    /// Train a problem in several ways and compare them
    Compare(commands::compare::Arguments),
    /// Draw a trained solution: fields, errors, residuals, slices, animations
    Plot(commands::plot::Arguments),
    /// Write the report of a run anew, report.html
    Report(commands::report::Arguments),
    /// List runs with their errors
    Runs(commands::runs::Arguments),
    /// Say what differs between two runs
    Diff(commands::diff::Arguments),
    /// Write a trained solution for other programs: ONNX, NumPy, safetensors
    Export(commands::export::Arguments),
    /// Print a stage of the compiler
    Emit(commands::emit::Arguments),
    /// Lay out .pde files
    Fmt(commands::fmt::Arguments),
    /// Say what a diagnostic means, with an example
    Explain(commands::explain::Arguments),
    /// Write a commented .pde file to begin with
    New(commands::new::Arguments),
    /// Print a script for the completions of a shell
    Completions(commands::completions::Arguments),
}

fn main() -> ExitCode {
    let command = match Cli::try_parse() {
        Ok(cli) => cli.command,
        Err(error) => explained(error).exit(),
    };
    outlive_file_limits();
    let outcome = match command {
        Command::Train(arguments) => commands::train::run(&arguments),
        Command::Check(arguments) => commands::check::run(&arguments),
        Command::Eval(arguments) => commands::eval::run(&arguments),
        Command::Compare(arguments) => commands::compare::run(&arguments),
        Command::Plot(arguments) => commands::plot::run(&arguments),
        Command::Report(arguments) => commands::report::run(&arguments),
        Command::Runs(arguments) => commands::runs::run(&arguments),
        Command::Diff(arguments) => commands::diff::run(&arguments),
        Command::Export(arguments) => commands::export::run(&arguments),
        Command::Emit(arguments) => commands::emit::run(&arguments),
        Command::Fmt(arguments) => commands::fmt::run(&arguments),
        Command::Explain(arguments) => commands::explain::run(&arguments),
        Command::New(arguments) => commands::new::run(&arguments),
        Command::Completions(arguments) => commands::completions::run(&arguments, Cli::command()),
    };
    let status = match outcome {
        Ok(status) => status,
        Err(failure) => failure.print(),
    };
    ExitCode::from(status.code())
}

/// A limit on the size of files (`ulimit -f`) becomes an error of the write that it stops, as on a full disk; unheard, its
/// signal would end the program without a word.
#[cfg(unix)]
fn outlive_file_limits() {
    let heard = std::sync::Arc::default();
    // Where the system does not let us listen, the signal ends the program, and the run goes on from its checkpoint.
    let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, heard);
}

#[cfg(not(unix))]
fn outlive_file_limits() {}

/// A wrong command line, with a tip that helps: an option that does not exist is hardly meant as a file's name.
fn explained(mut error: clap::Error) -> clap::Error {
    if error.kind() != ErrorKind::UnknownArgument {
        return error;
    }
    let Some(ContextValue::String(option)) = error.get(ContextKind::InvalidArg).cloned() else {
        return error;
    };
    let tip = match option.as_str() {
        "--continue" | "--restart" => {
            "`pdec train FILE --resume` goes on with a run that was interrupted; without it a run begins anew"
        }
        "--epochs" | "--steps" | "--iterations" => {
            "steps belong to the optimiser: `--set 'train.optimizer=gauss_newton(steps = 100)'`"
        }
        "--lr" | "--learning-rate" => {
            "the learning rate belongs to the optimiser: `--set 'train.optimizer=adam(steps = 1000, lr = 1e-3)'`"
        }
        "--output" | "-o" => "the folder for the results is given with `--out DIR`",
        "--verbose" | "-v" => "progress is shown unless `--quiet`",
        _ => {
            error.remove(ContextKind::Suggested);
            return error;
        }
    };
    error.insert(
        ContextKind::Suggested,
        ContextValue::StyledStrs(vec![tip.into()]),
    );
    error
}
