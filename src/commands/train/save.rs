//! What a run leaves at its end.

use super::failures::folder_failure;
use crate::commands::report::{Told, incomplete, with_residuals};
use crate::failure::Failure;
use crate::input::Loaded;
use pdec_runtime::errors::FieldError;
use pdec_runtime::run_folder::{
    Identity, ModelOrigin, RunFolder, RunResult, RunSettings, checksum, settings_toml, write_model,
};
use pdec_runtime::train::{Options, Outcome, Stopped};

/// What is known at the end of a run.
pub(super) struct Run<'a> {
    pub(super) title: String,
    pub(super) identity: Identity,
    pub(super) loaded: &'a Loaded,
    pub(super) options: &'a Options,
    pub(super) outcome: &'a Outcome,
    pub(super) errors: Vec<FieldError>,
}

/// Time windows that are so far apart where they meet, as a part of the largest value, are told.
const APART: f64 = 1e-3;

/// What is said of windows that do not begin where the one before ends.
fn far_apart(jumps: &[(String, f64)]) -> Vec<String> {
    let far = jumps
        .iter()
        .filter(|(_, part)| *part > APART || part.is_nan());
    far.map(|(field, part)| {
        format!(
            "`{field}` jumps by {part:.1e} of its largest value where time windows meet: later windows do not begin with the values \
             that the one before ended with"
        )
    })
    .collect()
}

impl Run<'_> {
    /// Writes model and settings; the text of `result.json`, and notes for the summary.
    pub(super) fn save(&self, folder: &RunFolder) -> Result<(String, Vec<String>), Failure> {
        let front = &self.loaded.front;
        let Options {
            seed,
            time_limit,
            target,
            threads: _,
        } = *self.options;
        let run = RunSettings {
            seed,
            time_limit: time_limit.map(|limit| limit.as_secs_f64()),
            target,
        };
        let settings = settings_toml(&front.problem, &self.outcome.settings, &run);
        let mut result = RunResult::new(&self.title, seed, self.outcome, &self.errors)
            .with_units(&front.problem);
        result.jumps = self.outcome.solution.jumps(&front.problem);
        let apart = far_apart(&result.jumps);
        result.notes.extend(apart.clone());
        let solution = &self.outcome.solution;
        let model = folder.path().join("model.safetensors");
        let origin = ModelOrigin::new(self.identity.clone(), &settings);
        write_model(&model, solution.network(), solution.windows(), &origin)
            .map_err(|error| Failure::unwritable("model.safetensors", error))?;
        result.model = std::fs::read(&model).map_or_else(|_| String::new(), |it| checksum(&it));
        let result = result
            .to_json()
            .map_err(|error| Failure::unwritable("result.json", error))?;
        folder
            .write("settings.toml", settings.as_bytes())
            .map_err(folder_failure)?;
        let more = match self.outcome.stopped {
            Stopped::Diverged => vec![
                "the loss is not a number any more; the last good state is saved".to_owned(),
                "more windows (--set train.windows=20) or a smaller learning rate may help"
                    .to_owned(),
            ],
            Stopped::Converged
            | Stopped::Target
            | Stopped::TimeLimit
            | Stopped::Steps
            | Stopped::Interrupted
            | Stopped::Trivial => Vec::new(),
        };
        let problem = &front.problem;
        let windows = self.outcome.settings.windows;
        let notes = incomplete(problem, &self.outcome.solution, windows).into_iter();
        let notes = notes
            .chain(self.outcome.notes.clone())
            .chain(apart)
            .chain(more)
            .collect();
        Ok((result, notes))
    }

    /// Writes the report; a note where that fails, which is no reason to lose a run.
    pub(super) fn report(&self, folder: &RunFolder, result: &str) -> Option<String> {
        let refused = |reason: String| Some(format!("no `report.html`: {reason}"));
        let front = &self.loaded.front;
        let settings = &self.outcome.settings;
        let solution = &self.outcome.solution;
        let Some((problem, solution)) =
            with_residuals(&front.problem, settings, solution, self.options.threads)
        else {
            return refused("the residuals cannot be evaluated".to_owned());
        };
        let result = match serde_json::from_str(result) {
            Ok(result) => result,
            Err(error) => return refused(error.to_string()),
        };
        let text = match std::fs::read_to_string(folder.path().join("settings.toml")) {
            Ok(text) => text,
            Err(error) => return refused(error.to_string()),
        };
        let told = Told {
            source: &self.loaded.source,
            problem: &problem,
            solution: &solution,
            settings: &text,
            windows: settings.windows,
            result: &result,
        };
        told.write(folder.path())
            .err()
            .and_then(|error| refused(error.to_string()))
    }
}
