//! `pdec emit FILE --stage STAGE`: any stage of the compiler as text.

use crate::diagnostics;
use crate::failure::{self, Failure, Status};
use crate::input::Input;
use clap::{Args, ValueEnum};
use pdec_compiler::backend::{cranelift, cuda};
use pdec_compiler::latex::latex;
use pdec_compiler::program::{self, Compiled};
use pdec_compiler::{hir, jet, kernel, syntax};

/// The options of `pdec emit`.
#[derive(Args, Debug)]
pub struct Arguments {
    #[command(flatten)]
    input: Input,

    /// What to print
    #[arg(long, value_enum, value_name = "STAGE")]
    stage: Stage,
}

/// The stages, in the order of the pipeline.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Stage {
    /// The text as a tree, printed as text
    Ast,
    /// The problem with names resolved and conditions attached
    Hir,
    /// The problem as a paper would state it, for LaTeX with amsmath and amssymb
    Latex,
    /// Fields and residuals as expressions in the jets of the network
    Jets,
    /// The residuals as a picture, for Graphviz
    Dot,
    /// The jets that each term of the loss carries
    Plan,
    /// The kernels, as straight-line programs
    Kernel,
    /// The kernels in Cranelift's intermediate form
    Clif,
    /// The kernels in CUDA C
    Cuda,
    /// The training program: buffers and steps
    Program,
}

/// The problem as a paper would state it.
fn typeset(input: &Input) -> Result<String, Failure> {
    let loaded = input.load()?;
    // What has been understood has been read: reading it again cannot fail.
    let document = syntax::parse(&loaded.source).unwrap_or_default();
    Ok(latex(&document, &loaded.front.problem))
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<Status, Failure> {
    let text = match arguments.stage {
        Stage::Ast => ast(&arguments.input)?,
        Stage::Hir => hir::print(&arguments.input.load()?.front.problem),
        Stage::Latex => typeset(&arguments.input)?,
        Stage::Jets => {
            let compiled = compile(&arguments.input)?;
            let bindings: Vec<_> = compiled
                .fields
                .iter()
                .chain(&compiled.residuals)
                .cloned()
                .collect();
            jet::print_bindings(&compiled.graph, &compiled.names, &bindings)
        }
        Stage::Dot => {
            let compiled = compile(&arguments.input)?;
            jet::dot(&compiled.graph, &compiled.names, &compiled.residuals)
        }
        Stage::Plan => {
            let compiled = compile(&arguments.input)?;
            program::print_plan(&compiled)
        }
        Stage::Kernel => {
            let compiled = compile(&arguments.input)?;
            let kernels = compiled.program.kernels.iter().map(kernel::print);
            kernels.collect::<Vec<_>>().join("\n")
        }
        Stage::Clif => {
            let compiled = compile(&arguments.input)?;
            let kernels: Result<Vec<String>, _> = compiled
                .program
                .kernels
                .iter()
                .map(cranelift::print)
                .collect();
            let kernels = kernels.map_err(|error| {
                Failure::machine(
                    "no-back-end",
                    error,
                    "`--stage kernel` prints the same kernels for no machine in particular",
                )
            })?;
            kernels.join("\n")
        }
        Stage::Cuda => {
            let compiled = compile(&arguments.input)?;
            cuda::unit(&compiled.program.kernels, cuda::Precision::Double).text
        }
        Stage::Program => program::print(&compile(&arguments.input)?.program),
    };
    failure::print(&text)?;
    Ok(Status::Done)
}

/// The tree needs nothing but a text that can be parsed.
fn ast(input: &Input) -> Result<String, Failure> {
    let source = input.source()?;
    match syntax::parse(&source) {
        Ok(document) => Ok(syntax::print(&document)),
        Err(errors) => {
            diagnostics::print(&source, &errors);
            Err(Failure::said(Status::Problem))
        }
    }
}

fn compile(input: &Input) -> Result<Compiled, Failure> {
    let loaded = input.load()?;
    let front = &loaded.trainable()?.front;
    Ok(program::build(&front.problem, &front.settings))
}
