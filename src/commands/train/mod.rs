//! `pdec train FILE`: train, report, save.

mod before;
mod failures;
mod plan;
mod save;

use crate::failure::{self, Failure, Status};
use crate::input::{Input, Loaded};
use crate::numbers::{parse_duration, parse_positive};
use crate::progress::{Keeper, Progress, listen_for_interrupts};
use crate::summary::summary;
use before::{Before, begin, complete, go_on, unfinished};
use clap::Args;
use failures::{cannot_train, folder_failure};
use pdec_runtime::errors::field_errors;
use pdec_runtime::run_folder::{
    Checkpoint, Copies, Identity, RunFolder, RunSettings, Story, draw, draw_correlation,
};
use pdec_runtime::train::{Options, Stopped, resume, train};
use save::Run;
use std::path::PathBuf;
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
    let identity = Identity::new(
        &name,
        &loaded.source,
        &front.problem,
        &front.settings,
        &settings,
        folder,
    );
    let before = match arguments.resume {
        true => match unfinished(&target, &identity)? {
            Before::Complete => return complete(&target, arguments.json),
            Before::Nothing => None,
            Before::Checkpoint(checkpoint) => Some(*checkpoint),
        },
        false => None,
    };

    // Before a run that is there, and that may be where they lie, is put aside.
    let copies = Copies::read(&front.problem, plan.input.folder());
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
        match begin(&folder, &loaded, plan.input.folder(), &first, &copies) {
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
    let mut progress = Progress::new(quiet, metrics, history, references, stop, keeper)
        .with_measured(loaded.measured.clone())
        .with_units(front.problem.residual_units.clone());
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
        settings: &outcome.settings,
        seconds: outcome.seconds,
    };
    notes.extend(draw(folder.path(), &story));
    notes.extend(draw_correlation(folder.path(), &story));
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
        let text = summary(
            &run.title,
            &front.problem,
            &outcome,
            &run.errors,
            &place,
            &notes,
        );
        failure::print(&text)?;
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

fn status(stopped: Stopped) -> Status {
    match stopped {
        Stopped::Converged | Stopped::Target | Stopped::TimeLimit | Stopped::Steps => Status::Done,
        Stopped::Interrupted => Status::Interrupted,
        Stopped::Diverged | Stopped::Trivial => Status::Diverged,
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
