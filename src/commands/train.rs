//! `pdec train FILE`: train, report, save.

use super::report::{Told, with_residuals};
use crate::failure::{self, Failure, Status};
use crate::input::{Input, Loaded};
use crate::numbers::{parse_duration, parse_positive};
use crate::progress::{Keeper, Progress, listen_for_interrupts};
use crate::summary::summary;
use clap::Args;
use pdec_compiler::source::Source;
use pdec_runtime::errors::{FieldError, field_errors};
use pdec_runtime::run_folder::{
    CHECKPOINT, Checkpoint, CheckpointError, FolderError, Identity, Metrics, ModelOrigin,
    RunFolder, RunResult, RunSettings, Story, draw, draw_correlation, model_origin, problem_text,
    settings_toml, write_model,
};
use pdec_runtime::train::{Options, Outcome, Report, Stopped, TrainError, resume, train};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

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

    /// Go on with a run that was interrupted, to the same bits as if it had not been; FILE may be the run folder
    #[arg(long)]
    resume: bool,

    /// Time between two checkpoints, at least
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = parse_duration)]
    checkpoint: Duration,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<Status, Failure> {
    check_device(&arguments.device)?;
    let plan = arguments.plan()?;
    let loaded = plan.input.load()?;
    loaded.trainable()?;
    let options = arguments.options(&loaded);
    let target = plan.target(options.seed);
    let settings = RunSettings {
        seed: options.seed,
        time_limit: options.time_limit.map(|limit| limit.as_secs_f64()),
        target: options.target,
    };
    let front = &loaded.front;
    let name = plan.name.clone();
    let folder = plan.input.folder();
    let identity = Identity::new(&name, &front.problem, &front.settings, &settings, folder);
    let before = match arguments.resume {
        true => match unfinished(&target, &identity)? {
            Before::Complete => return complete(&target, arguments.json),
            Before::Nothing => None,
            Before::Checkpoint(checkpoint) => Some(*checkpoint),
        },
        false => None,
    };

    // Everything that can be refused has been; from here on there is a folder.
    let begun = match &before {
        Some(_) => RunFolder::reopen(&target),
        None => RunFolder::begin(&target),
    };
    let folder = begun.map_err(folder_failure)?;
    let stop = listen_for_interrupts()?;
    let (metrics, history) = if let Some(checkpoint) = &before {
        go_on(&folder, checkpoint, arguments.quiet)?
    } else {
        let first = Checkpoint {
            identity: identity.clone(),
            reports: 0,
            state: None,
        };
        match begin(&folder, &loaded, plan.input.folder(), &first) {
            Ok(metrics) => (metrics, Vec::new()),
            Err(failure) => {
                folder.abandon();
                return Err(failure);
            }
        }
    };
    if !arguments.quiet {
        let path = folder.target().join("metrics.jsonl");
        failure::say(format_args!(
            "follow the run with: tail -F {}",
            path.display()
        ));
        if let Some(aside) = folder.aside() {
            failure::say(format_args!(
                "the run that was there before is kept as {} until this one is done",
                aside.display()
            ));
        }
    }
    let keeper = Keeper {
        folder: folder.path().to_path_buf(),
        identity: identity.clone(),
        interval: arguments.checkpoint,
        last: Instant::now(),
        took: Duration::ZERO,
        complained: false,
    };
    let references = loaded.references.clone();
    let quiet = arguments.quiet;
    let mut progress = Progress::new(quiet, metrics, history, references, stop, keeper);
    let (problem, settings) = (&front.problem, &front.settings);
    let outcome = match before.as_ref().and_then(|it| it.state.as_ref()) {
        Some(state) => resume(problem, settings, &options, &mut progress, state),
        None => train(problem, settings, &options, &mut progress),
    };
    let (history, metrics_error) = progress.finish();
    let outcome = match outcome {
        Ok(outcome) => outcome,
        Err(error) => {
            if before.is_none() {
                folder.abandon();
            }
            return Err(cannot_train(&target, error));
        }
    };
    if let Some(error) = metrics_error {
        failure::say(format_args!(
            "cannot write metrics.jsonl: {error}; the result does not need it"
        ));
    }

    if let Some(choice) = &outcome.choice
        && !arguments.quiet
    {
        failure::say(format_args!("chosen: {choice}"));
    }
    let run = Run {
        title: loaded.front.problem.title.clone().unwrap_or(name),
        identity,
        errors: field_errors(&loaded.front.problem, &outcome.solution, &loaded.references),
        loaded: &loaded,
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
    notes.extend(draw(folder.path(), &story));
    notes.extend(draw_correlation(
        folder.path(),
        &run.title,
        &loaded.front.problem,
        &outcome.solution,
    ));
    notes.extend(run.report(&folder, &result));
    // Last of all: a folder with a result has everything else.
    folder
        .write("result.json", result.as_bytes())
        .map_err(folder_failure)?;
    let goes_on = matches!(outcome.stopped, Stopped::Interrupted | Stopped::TimeLimit);
    let place = folder.finish(goes_on).map_err(folder_failure)?;
    if goes_on {
        notes.push(format!(
            "`pdec train {} --resume` goes on with it",
            place.display()
        ));
    }
    if arguments.json {
        failure::print(&result)?;
    } else {
        failure::print(&summary(&run.title, &outcome, &run.errors, &place, &notes))?;
    }
    Ok(status(outcome.stopped))
}

/// What is to be trained, and where.
struct Plan {
    input: Input,
    name: String,
    out: Option<PathBuf>,
}

impl Plan {
    fn target(&self, seed: u64) -> PathBuf {
        let name = &self.name;
        let default = || PathBuf::from("runs").join(format!("{name}-{seed}"));
        self.out.clone().unwrap_or_else(default)
    }
}

/// What is there of a run that is to go on.
enum Before {
    Nothing,
    Complete,
    Checkpoint(Box<Checkpoint>),
}

impl Arguments {
    /// The file and the settings as given; those of the run itself where a run folder is named.
    fn plan(&self) -> Result<Plan, Failure> {
        let Input {
            file, set, config, ..
        } = &self.input;
        let mut input = Input {
            file: file.clone(),
            set: set.clone(),
            config: config.clone(),
            asked: None,
        };
        if !file.is_dir() {
            let (name, out) = (input.name(), self.out.clone());
            return Ok(Plan { input, name, out });
        }
        if !self.resume {
            return Err(Failure::usage(
                "not-a-problem",
                format!("`{}` is a folder", file.display()),
                "name a .pde file; `--resume` goes on with the run in a run folder",
            ));
        }
        if let Some(out) = &self.out
            && out != file
        {
            return Err(Failure::usage(
                "two-folders",
                format!("`{}` cannot go on in `{}`", file.display(), out.display()),
                "a run goes on in its own folder: leave out `--out`",
            ));
        }
        let identity = if file.join(CHECKPOINT).exists() {
            Checkpoint::read(file).map_err(checkpoint_failure)?.identity
        } else {
            let path = file.join("model.safetensors");
            let origin = model_origin(&path).map_err(|error| {
                Failure::usage(
                    "not-a-run",
                    format!(
                        "`{}` holds no run that can go on: it has no {CHECKPOINT}, and of {}: {error}",
                        file.display(),
                        path.display()
                    ),
                    "name a folder that `pdec train` has made, such as runs/heat-0",
                )
            })?;
            origin.identity
        };
        input.file = file.join("problem.pde");
        let asked = file.join(CHECKPOINT).display().to_string();
        input.asked = Some(Source::new(asked, identity.settings));
        Ok(Plan {
            input,
            name: identity.name,
            out: Some(file.clone()),
        })
    }

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
    identity: Identity,
    loaded: &'a Loaded,
    options: &'a Options,
    outcome: &'a Outcome,
    errors: Vec<FieldError>,
}

impl Run<'_> {
    /// Writes model and settings; the text of `result.json`, and notes for the summary.
    fn save(&self, folder: &RunFolder) -> Result<(String, Vec<String>), Failure> {
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
        let result = RunResult::new(&self.title, seed, self.outcome, &self.errors)
            .with_units(&front.problem)
            .to_json()
            .map_err(|error| Failure::unwritable("result.json", error))?;
        let solution = &self.outcome.solution;
        let model = folder.path().join("model.safetensors");
        let origin = ModelOrigin::new(self.identity.clone(), &settings);
        write_model(&model, solution.network(), solution.windows(), &origin)
            .map_err(|error| Failure::unwritable("model.safetensors", error))?;
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
        let text = match std::fs::read_to_string(folder.path().join("settings.toml")) {
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
        told.write(folder.path())
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

/// What is in a folder of a run that is to go on, if it is one of this problem with these settings.
fn unfinished(target: &Path, now: &Identity) -> Result<Before, Failure> {
    let refused = |then: &Identity, file: &str| {
        let differences = then.differences(now);
        if differences.is_empty() {
            return Ok(());
        }
        Err(Failure::usage(
            "another-run",
            format!(
                "`{}` is of another run; {}",
                target.join(file).display(),
                differences.join("; ")
            ),
            "give the problem and the settings as they were, or leave out `--resume` to begin anew",
        ))
    };
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

/// Says that there is nothing to do.
fn complete(target: &Path, json: bool) -> Result<Status, Failure> {
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
fn begin(
    folder: &RunFolder,
    loaded: &Loaded,
    from: &Path,
    first: &Checkpoint,
) -> Result<Metrics, Failure> {
    let problem = problem_text(
        &loaded.source.text,
        &loaded.front.problem,
        from,
        folder.target(),
    );
    folder
        .write("problem.pde", problem.as_bytes())
        .map_err(folder_failure)?;
    first
        .write(folder.path())
        .map_err(|error| Failure::unwritable(CHECKPOINT, error))?;
    Metrics::create(folder.path()).map_err(|error| Failure::unwritable("metrics.jsonl", error))
}

/// `metrics.jsonl` as it was at the checkpoint. A run goes on without it, if need be.
fn go_on(
    folder: &RunFolder,
    checkpoint: &Checkpoint,
    quiet: bool,
) -> Result<(Metrics, Vec<Report>), Failure> {
    let unwritable = |error| Failure::unwritable("metrics.jsonl", error);
    match Metrics::reopen(folder.path(), checkpoint.reports) {
        Ok((metrics, history)) => {
            if !quiet {
                let step = history.last().map_or(0, |report| report.step);
                failure::say(format_args!("the run goes on after step {step}"));
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

fn checkpoint_failure(error: CheckpointError) -> Failure {
    let help = match &error {
        CheckpointError::Read { .. } => "check that it is a file that you may read",
        CheckpointError::Damaged { .. } => {
            "nothing of it was used; put back a copy of the file, or leave out `--resume` to begin anew"
        }
    };
    Failure::usage("unusable-checkpoint", error, help)
}

fn cannot_train(target: &Path, error: TrainError) -> Failure {
    match error {
        TrainError::State(error) => Failure::usage(
            "unusable-checkpoint",
            format!(
                "`{}` cannot be used: {error}",
                target.join(CHECKPOINT).display()
            ),
            "nothing of it was used; leave out `--resume` to begin anew",
        ),
        TrainError::Engine(_) | TrainError::Memory { .. } => Failure::machine(
            "cannot-train",
            error,
            "this machine cannot run the compiled program; nothing was saved",
        ),
    }
}

fn folder_failure(error: FolderError) -> Failure {
    let help = match &error {
        FolderError::Occupied { .. } => {
            "only a run is replaced by a run; choose another folder with `--out`, or move this one away"
        }
        FolderError::InUse { .. } => {
            "wait until it has ended, or choose another folder with `--out`"
        }
        FolderError::Write { .. } => "choose a folder that you may write with `--out`",
    };
    Failure::usage("unwritable-output", error, help)
}
