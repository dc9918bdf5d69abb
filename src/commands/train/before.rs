//! What is there of a run, and the files with which one begins or goes on.

use super::failures::{checkpoint_failure, folder_failure};
use crate::failure::{self, Failure, Status};
use crate::input::Loaded;
use pdec_runtime::run_folder::{
    CHECKPOINT, Checkpoint, Copies, Identity, Metrics, RunFolder, model_origin, problem_text,
};
use pdec_runtime::train::Report;
use std::path::Path;

/// What is there of a run that is to go on.
pub(super) enum Before {
    Nothing,
    Complete,
    Checkpoint(Box<Checkpoint>),
}

/// What is in a folder of a run that is to go on, if it is one of this problem with these settings.
pub(super) fn unfinished(target: &Path, now: &Identity) -> Result<Before, Failure> {
    let refused = |then: &Identity, file: &str| refused_if_other(then, now, &target.join(file));
    if target.join(CHECKPOINT).exists() {
        let checkpoint = Checkpoint::read(target).map_err(checkpoint_failure)?;
        refused(&checkpoint.identity, CHECKPOINT)?;
        return Ok(Before::Checkpoint(Box::new(checkpoint)));
    }
    if target.join("result.json").exists() {
        let path = target.join("model.safetensors");
        let origin = model_origin(&path).map_err(|error| {
            Failure::usage(
                "unusable-model",
                format!("the model `{}` cannot be used: {error}", path.display()),
                "leave out `--resume` to begin anew",
            )
        })?;
        refused(&origin.identity, "model.safetensors")?;
        return Ok(Before::Complete);
    }
    Ok(Before::Nothing)
}

/// Refuses to go on with a file of a run that is not the one that is asked for.
pub(super) fn refused_if_other(
    then: &Identity,
    now: &Identity,
    file: &Path,
) -> Result<(), Failure> {
    let differences = then.differences(now);
    if differences.is_empty() {
        return Ok(());
    }
    Err(Failure::usage(
        "another-run",
        format!(
            "`{}` is of another run:\n{}",
            file.display(),
            differences.join("\n")
        ),
        "give the problem and the settings as they were, or leave out `--resume` to begin anew",
    ))
}

/// Says that there is nothing to do.
pub(super) fn complete(target: &Path, json: bool) -> Result<Status, Failure> {
    failure::say(format_args!(
        "the run in {} has come to its end; there is nothing to go on with",
        target.display()
    ));
    if json {
        let path = target.join("result.json");
        let text =
            std::fs::read_to_string(&path).map_err(|error| Failure::unreadable(&path, &error))?;
        failure::print(&text)?;
    }
    Ok(Status::Done)
}

/// The files that a run has from the beginning.
pub(super) fn begin(
    folder: &RunFolder,
    loaded: &Loaded,
    from: &Path,
    first: &Checkpoint,
    copies: &Copies,
) -> Result<Metrics, Failure> {
    let write = |copies: &Copies| {
        let (text, problem) = (&loaded.source.text, &loaded.front.problem);
        let text = problem_text(text, problem, from, folder.target(), copies);
        folder
            .write("problem.pde", text.as_bytes())
            .map_err(folder_failure)
    };
    // Until the copies are there, paths lead to where the files are.
    write(&Copies::default())?;
    first
        .write(folder.path())
        .map_err(|error| Failure::unwritable(CHECKPOINT, error))?;
    match copies.write(folder.path()) {
        Ok(()) => write(copies)?,
        Err(error) => failure::say(format_args!(
            "the files that the problem names stay where they are: no copy in `{}`: {error}",
            folder.target().display()
        )),
    }
    Metrics::create(folder.path()).map_err(|error| Failure::unwritable("metrics.jsonl", error))
}

/// `metrics.jsonl` as it was at the checkpoint. A run goes on without it, if need be.
pub(super) fn go_on(
    folder: &RunFolder,
    checkpoint: &Checkpoint,
    quiet: bool,
) -> Result<(Metrics, Vec<Report>), Failure> {
    let unwritable = |error| Failure::unwritable("metrics.jsonl", error);
    match Metrics::reopen(folder.path(), checkpoint.reports) {
        Ok((metrics, history)) => {
            if !quiet {
                let step = history.last().map_or(0, |report| report.step);
                if step == 0 {
                    failure::say(format_args!(
                        "the run begins again: it had not come to what can be gone on with"
                    ));
                } else {
                    failure::say(format_args!("the run goes on after step {step}"));
                }
            }
            Ok((metrics, history))
        }
        Err(error) => {
            failure::say(format_args!(
                "`{}` cannot be used: {error}; it begins anew, and so does the picture of the loss",
                folder.target().join("metrics.jsonl").display()
            ));
            let metrics = Metrics::create(folder.path()).map_err(unwritable)?;
            Ok((metrics, Vec::new()))
        }
    }
}
