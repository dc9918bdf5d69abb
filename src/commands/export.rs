//! `pdec export RUN`: the trained solution for other programs.

use super::report::incomplete;
use super::runs::say_how_it_ended;
use crate::failure::{self, Failure, Status};
use crate::run::Run;
use clap::Args;
use pdec_compiler::front::Formula;
use pdec_compiler::source::Source;
use pdec_runtime::export::{Names, onnx};
use pdec_runtime::run_folder::model_as_npz;
use std::path::PathBuf;

/// The options of `pdec export`.
#[derive(Args, Debug)]
pub struct Arguments {
    /// The folder of a run
    #[arg(value_name = "RUN")]
    run: PathBuf,

    /// onnx: the fields as functions of the coordinates; npz, safetensors: the weights of the network
    #[arg(long, value_name = "FORMAT", value_parser = ["onnx", "npz", "safetensors"], default_value = "onnx")]
    format: String,

    /// Of an ONNX model, what it computes [default: the fields]: u_x + v_y, slope = u_x; may be repeated
    #[arg(long = "expr", value_name = "EXPRESSION", allow_hyphen_values = true)]
    expressions: Vec<String>,

    /// Write to this file [default: model.onnx, or weights.npz or weights.safetensors, here]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<Status, Failure> {
    let is_onnx = arguments.format == "onnx";
    if !is_onnx && !arguments.expressions.is_empty() {
        return Err(Failure::usage(
            "unusable-option",
            "`--expr` says what an ONNX model computes; weights are weights",
            "leave `--expr` out, or export `--format onnx`; `pdec eval` has values of expressions",
        ));
    }
    let expressions: Vec<Source> = arguments
        .expressions
        .iter()
        .map(|text| Source::new("--expr", text.clone()))
        .collect();
    // Whatever the format: a folder whose model is damaged is refused here.
    let run = Run::load(&arguments.run, &expressions, Some(1))?;
    say_how_it_ended(&arguments.run);
    let reach = incomplete(
        &run.front.problem,
        &run.solution,
        run.front.settings.windows,
    );
    if let Some(reach) = reach {
        failure::say(format_args!("{reach}; beyond is no value"));
    }
    let model = arguments.run.join("model.safetensors");
    let (bytes, default) = match arguments.format.as_str() {
        "onnx" => (as_onnx(&run, !expressions.is_empty())?, "model.onnx"),
        "npz" => {
            let bytes = model_as_npz(&model);
            (
                bytes.map_err(|error| Failure::unwritable("the weights", error))?,
                "weights.npz",
            )
        }
        _ => {
            let bytes = std::fs::read(&model);
            (
                bytes.map_err(|error| Failure::unreadable(&model, &error))?,
                "weights.safetensors",
            )
        }
    };
    let path = arguments
        .out
        .clone()
        .unwrap_or_else(|| PathBuf::from(default));
    std::fs::write(&path, bytes)
        .map_err(|error| Failure::unwritable(format!("`{}`", path.display()), error))?;
    failure::print(&format!("{}\n", path.display()))?;
    Ok(Status::Done)
}

fn as_onnx(run: &Run, expressions: bool) -> Result<Vec<u8>, Failure> {
    let problem = &run.front.problem;
    let is_piece = |formula: &Formula| matches!(formula, Formula::Output(_));
    if let Some((name, _)) = run.front.formulas.iter().find(|(_, it)| !is_piece(it)) {
        return Err(Failure::usage(
            "unusable-option",
            format!(
                "`{name}` has an integral: an ONNX model of it would have to hold a rule of quadrature"
            ),
            "export what is under it, or take its values with `pdec eval`",
        ));
    }
    let coordinates: Vec<String> = problem
        .coordinates
        .iter()
        .map(|(_, it)| it.name.clone())
        .collect();
    let outputs: Vec<String> = if expressions {
        problem
            .outputs
            .iter()
            .map(|(name, _)| name.clone())
            .collect()
    } else {
        problem
            .fields
            .iter()
            .map(|(_, it)| it.name.clone())
            .collect()
    };
    let clash = outputs
        .iter()
        .enumerate()
        .find(|(number, name)| coordinates.contains(name) || outputs[..*number].contains(name));
    if let Some((_, name)) = clash {
        return Err(Failure::usage(
            "unusable-option",
            format!("two values of the model would be called `{name}`"),
            "give expressions names of their own: `--expr 'slope = u_x'`",
        ));
    }
    let names = Names {
        title: problem.title.as_deref().unwrap_or("solution"),
        coordinates: &coordinates,
        outputs: &outputs,
    };
    onnx(&run.solution, &names).map_err(|error| {
        Failure::usage(
            "cannot-export",
            error,
            "`pdec eval` has values at points in csv, npz, json and vtk",
        )
    })
}
