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
mod numbers;
mod progress;
mod summary;
mod timings;

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
  130  interrupted by Ctrl-C; the run folder holds what was found so far";

#[derive(Debug, Subcommand)]
enum Command {
    /// Train a problem and save the solution
    Train(commands::train::Arguments),
    /// Say what a problem is, or what is wrong with it, without training
    Check(commands::check::Arguments),
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
    let outcome = match Cli::parse().command {
        Command::Train(arguments) => commands::train::run(&arguments),
        Command::Check(arguments) => commands::check::run(&arguments),
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
