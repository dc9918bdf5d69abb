//! `pdec train FILE`: train, report, save.

use super::report::{Told, with_residuals};
use crate::failure::{self, Failure, Status};
use crate::input::{Input, Loaded};
use crate::numbers::{parse_duration, parse_positive};
use crate::progress::{Progress, listen_for_interrupts};
use crate::summary::summary;
use clap::Args;
use pdec_runtime::errors::{FieldError, field_errors};
use pdec_runtime::run_folder::{
    FolderError, Metrics, RunFolder, RunResult, RunSettings, Story, draw, draw_correlation,
    problem_text, settings_toml, write_model,
};
use pdec_runtime::train::{Options, Outcome, Stopped, train};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The options of `pdec train`.
#[derive(Args, Debug)]
pub struct Arguments {
    #[command(flatten)]
    input: Input,

    /// Seed of every random number [default: 0]
    #[arg(long, value_name = "N")]
    seed: Option<u64>,

    /// Device to train on: auto or cpu
    #[arg(long, value_name = "DEVICE", default_value = "auto")]
    device: String,

    /// Worker threads [default: all cores]; the result does not depend on it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    threads: Option<u16>,

    /// Folder for the results [default: runs/NAME-SEED]; an earlier run there is replaced
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    /// Stop after this time (60s, 5m, 2h) and save
    #[arg(long, value_name = "TIME", value_parser = parse_duration)]
    time_limit: Option<Duration>,

    /// Stop when the loss falls below this value
    #[arg(long, value_name = "LOSS", value_parser = parse_positive)]
    target: Option<f64>,

    /// Print result.json on standard output, and nothing else there
    #[arg(long)]
    json: bool,

    /// Show no progress
    #[arg(long)]
    quiet: bool,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<Status, Failure> {
    check_device(&arguments.device)?;
    let loaded = arguments.input.load()?;
    loaded.trainable()?;
    let options = arguments.options(&loaded);
    let name = arguments.input.name();
    let target = arguments
        .out
        .clone()
        .unwrap_or_else(|| PathBuf::from("runs").join(format!("{name}-{}", options.seed)));

    // Everything that can be refused has been; from here on there is a folder.
    let folder = RunFolder::begin(&target).map_err(folder_failure)?;
    let stop = listen_for_interrupts(folder.partial().to_path_buf())?;
    let metrics = Metrics::create(folder.partial())
        .map_err(|error| Failure::unwritable("metrics.jsonl", error))?;
    if !arguments.quiet {
        let path = folder.partial().join("metrics.jsonl");
        failure::say(format_args!(
            "follow the run with: tail -F {}",
            path.display()
        ));
    }
    let mut progress = Progress::new(arguments.quiet, metrics, loaded.references.clone(), stop);
    let outcome = train(
        &loaded.front.problem,
        &loaded.front.settings,
        &options,
        &mut progress,
    );
    let (history, metrics_error) = progress.finish();
    let outcome = outcome.map_err(|error| {
        Failure::machine(
            "cannot-train",
            error,
            "this machine cannot run the compiled program; nothing was saved",
        )
    })?;
    if let Some(error) = metrics_error {
        return Err(Failure::unwritable("metrics.jsonl", error));
    }

    if let Some(choice) = &outcome.choice
        && !arguments.quiet
    {
        failure::say(format_args!("chosen: {choice}"));
    }
    let run = Run {
        title: loaded.front.problem.title.clone().unwrap_or(name),
        errors: field_errors(&loaded.front.problem, &outcome.solution, &loaded.references),
        loaded: &loaded,
        folder: arguments.input.folder(),
        options: &options,
        outcome: &outcome,
    };
    let (result, mut notes) = run.save(&folder)?;
    let story = Story {
        title: &run.title,
        problem: &loaded.front.problem,
        solution: &outcome.solution,
        references: &loaded.references,
        errors: &run.errors,
        history: &history,
        seconds: outcome.seconds,
    };
    notes.extend(draw(folder.partial(), &story));
    notes.extend(draw_correlation(
        folder.partial(),
        &run.title,
        &loaded.front.problem,
        &outcome.solution,
    ));
    notes.extend(run.report(&folder, &result));
    let place = folder.finish().map_err(folder_failure)?;
    if arguments.json {
        failure::print(&result)?;
    } else {
        failure::print(&summary(&run.title, &outcome, &run.errors, &place, &notes))?;
    }
    Ok(status(outcome.stopped))
}

impl Arguments {
    /// The command line before the config file.
    fn options(&self, loaded: &Loaded) -> Options {
        let config = &loaded.config;
        let cores = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Options {
            seed: self.seed.or(config.seed).unwrap_or(0),
            // more threads than this only wait for each other; the result is the same
            threads: self
                .threads
                .map_or_else(cores, |threads| usize::from(threads).min(4 * cores())),
            time_limit: self
                .time_limit
                .or_else(|| Duration::try_from_secs_f64(config.time_limit?).ok()),
            target: self.target.or(config.target),
        }
    }
}

/// What is known at the end of a run.
struct Run<'a> {
    title: String,
    loaded: &'a Loaded,
    /// Where the problem's file lies.
    folder: &'a Path,
    options: &'a Options,
    outcome: &'a Outcome,
    errors: Vec<FieldError>,
}

impl Run<'_> {
    /// Writes the files; the text of `result.json`, and notes for the summary.
    fn save(&self, folder: &RunFolder) -> Result<(String, Vec<String>), Failure> {
        let Loaded { source, front, .. } = self.loaded;
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
        let result = RunResult::new(&self.title, seed, self.outcome, &self.errors)
            .with_units(&front.problem)
            .to_json()
            .map_err(|error| Failure::unwritable("result.json", error))?;
        let problem = problem_text(&source.text, &front.problem, self.folder, folder.target());
        let files = [
            ("problem.pde", problem.as_str()),
            ("settings.toml", &settings),
            ("result.json", &result),
        ];
        for (name, text) in files {
            folder
                .write(name, text.as_bytes())
                .map_err(folder_failure)?;
        }
        let solution = &self.outcome.solution;
        let model = folder.partial().join("model.safetensors");
        write_model(&model, solution.network(), solution.windows())
            .map_err(|error| Failure::unwritable("model.safetensors", error))?;
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
            | Stopped::Interrupted => Vec::new(),
        };
        let notes = self.incomplete().into_iter();
        let notes = notes
            .chain(self.outcome.notes.clone())
            .chain(more)
            .collect();
        Ok((result, notes))
    }
}

impl Run<'_> {
    /// Writes the report; a note where that fails, which is no reason to lose a run.
    fn report(&self, folder: &RunFolder, result: &str) -> Option<String> {
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
        let text = match std::fs::read_to_string(folder.partial().join("settings.toml")) {
            Ok(text) => text,
            Err(error) => return refused(error.to_string()),
        };
        let told = Told {
            source: &self.loaded.source,
            problem: &problem,
            solution: &solution,
            settings: &text,
            result: &result,
        };
        told.write(folder.partial())
            .err()
            .and_then(|error| refused(error.to_string()))
    }

    /// What to say of a run that did not come to the end of time.
    fn incomplete(&self) -> Option<String> {
        let problem = &self.loaded.front.problem;
        let time = &problem.coordinates[problem.time()?];
        let until = self
            .outcome
            .solution
            .windows()
            .last()
            .map_or(time.low, |w| w.high);
        (until < time.high).then(|| {
            format!(
                "the solution ends at {} = {until}: {} of {} time windows were trained, and errors are up to there",
                time.name,
                self.outcome.solution.windows().len(),
                self.outcome.settings.windows
            )
        })
    }
}

fn status(stopped: Stopped) -> Status {
    match stopped {
        Stopped::Converged | Stopped::Target | Stopped::TimeLimit | Stopped::Steps => Status::Done,
        Stopped::Interrupted => Status::Interrupted,
        Stopped::Diverged => Status::Diverged,
    }
}

fn check_device(device: &str) -> Result<(), Failure> {
    let is_cuda = device == "cuda"
        || device
            .strip_prefix("cuda:")
            .is_some_and(|number| number.parse::<u16>().is_ok());
    if device == "auto" || device == "cpu" {
        Ok(())
    } else if is_cuda {
        Err(Failure::machine(
            "no-device",
            format!("the device `{device}` is not supported yet"),
            "train with `--device cpu`",
        ))
    } else {
        Err(Failure::usage(
            "unknown-device",
            format!("there is no device `{device}`"),
            "`--device` takes auto or cpu",
        ))
    }
}

fn folder_failure(error: FolderError) -> Failure {
    let help = match &error {
        FolderError::Occupied { .. } => {
            "only a run is replaced by a run; choose another folder with `--out`, or move this one away"
        }
        FolderError::Write { .. } => "choose a folder that you may write with `--out`",
    };
    Failure::usage("unwritable-output", error, help)
}
