//! `pdec check FILE`: what the compiler understood.

use crate::diagnostics::{self, json};
use crate::failure::{self, Failure, Status};
use crate::input::{Input, Loaded, Refused};
use crate::layout;
use crate::timings::timings;
use crate::understood::Understood;
use clap::Args;
use pdec_compiler::program;
use serde_json::{Value, json};
use std::io::{self, IsTerminal};

/// The options of `pdec check`.
#[derive(Args, Debug)]
pub struct Arguments {
    #[command(flatten)]
    input: Input,

    /// Show how long each stage of the compiler takes
    #[arg(long)]
    timings: bool,

    /// Print one JSON object on standard output, diagnostics included, and nothing else
    #[arg(long, conflicts_with = "timings")]
    json: bool,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<Status, Failure> {
    if arguments.json {
        return run_json(arguments);
    }
    let loaded = arguments.input.load()?;
    let mut text = layout::report(&understand(arguments, &loaded));
    let unsupported = &loaded.front.problem.unsupported;
    // On a terminal the notes below say the same with its place.
    let both = io::stdout().is_terminal() && io::stderr().is_terminal();
    let rows = unsupported.iter().filter(|_| !both).map(|diagnostic| {
        let at = json::position(&loaded.source, diagnostic.primary.span.range().start);
        vec![format!("line {}", at.line), diagnostic.message.clone()]
    });
    layout::section(&mut text, "Training cannot do this yet", rows.collect());
    if arguments.timings {
        let rows = timings(&loaded)?.into_iter();
        let rows = rows.map(|(stage, time)| vec![stage.to_owned(), format!("{time:8.3} ms")]);
        layout::section(
            &mut text,
            "Timings, the shortest of up to five",
            rows.collect(),
        );
    }
    failure::print(&text)?;
    diagnostics::print_as_notes(&loaded.source, unsupported);
    Ok(Status::Done)
}

/// Everything that was understood; without a program where there cannot be one yet.
fn understand(arguments: &Arguments, loaded: &Loaded) -> Understood {
    let front = &loaded.front;
    let trainable = front.problem.unsupported.is_empty();
    let outline = trainable.then(|| program::outline(&front.problem, &front.settings));
    Understood::new(&arguments.input.name(), loaded, outline.as_ref())
}

fn run_json(arguments: &Arguments) -> Result<Status, Failure> {
    let file = arguments.input.file.display().to_string();
    let object = |correct: bool, trainable: bool, problem: Value, diagnostics: Vec<Value>| {
        json!({
            "file": &file,
            "version": env!("CARGO_PKG_VERSION"),
            "correct": correct,
            "trainable": trainable,
            "problem": problem,
            "diagnostics": diagnostics,
        })
    };
    let (object, status) = match arguments.input.read() {
        Ok(loaded) => {
            let problem = serde_json::to_value(understand(arguments, &loaded))
                .map_err(|error| Failure::unwritable("standard output", error))?;
            let front = &loaded.front;
            let unsupported = &front.problem.unsupported;
            let findings = front.warnings.iter().chain(unsupported);
            let findings = findings.map(|diagnostic| json::diagnostic(&loaded.source, diagnostic));
            let object = object(true, unsupported.is_empty(), problem, findings.collect());
            (object, Status::Done)
        }
        Err(Refused::Findings { status, findings }) => {
            let findings = findings
                .iter()
                .map(|found| json::diagnostic(&found.source, &found.diagnostic));
            let object = object(false, false, Value::Null, findings.collect());
            (object, status)
        }
        Err(Refused::Failure(failure)) => {
            let status = failure.status();
            let findings = failure.to_json().into_iter().collect();
            (object(false, false, Value::Null, findings), status)
        }
    };
    let mut text = serde_json::to_string_pretty(&object)
        .map_err(|error| Failure::unwritable("standard output", error))?;
    text.push('\n');
    failure::print(&text)?;
    Ok(status)
}
