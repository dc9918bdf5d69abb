//! `pdec compare FILE --with SETTINGS --with SETTINGS …`: one problem, several ways to train it, under the same limits.
//!
//! Every run is an ordinary `pdec train` in a folder of its own, so that it can be looked at, plotted and evaluated like
//! any other. A run that has ended is not repeated: beside its folder lies what it was asked, and if that is the same, its
//! result is taken.

mod table;
mod variant;

use crate::failure::{self, Failure, Status};
use crate::numbers::parse_duration;
use clap::Args;
use pdec_runtime::plot::{self, LossPicture, Series};
use pdec_runtime::train::Stage;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use table::Row;
use variant::Variant;

/// The options of `pdec compare`.
#[derive(Args, Debug)]
pub struct Arguments {
    /// The problem, a .pde file
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// One way to train: settings as in a `train` block ("network=propinn optimizer=lbfgs(steps=500)") or a TOML file;
    /// "" for the file as it is; given for each way
    #[arg(long = "with", value_name = "SETTINGS", required = true)]
    with: Vec<String>,

    /// Change a setting or a parameter for all of them
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,

    /// Seeds 0 to N−1
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..))]
    seeds: u16,

    /// Time for each run (60s, 5m)
    #[arg(long, value_name = "TIME", value_parser = parse_duration)]
    time_limit: Option<Duration>,

    /// Steps for each run, in each time window; each way must have one optimiser
    #[arg(long, value_name = "N")]
    steps: Option<usize>,

    /// Worker threads of each run
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    threads: Option<u16>,

    /// Folder for the runs, the table and the picture [default: runs/NAME-compare]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    /// Print the table as JSON
    #[arg(long)]
    json: bool,

    /// Show no progress
    #[arg(long)]
    quiet: bool,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<Status, Failure> {
    let text = std::fs::read_to_string(&arguments.file)
        .map_err(|error| Failure::unreadable(&arguments.file, &error))?;
    let variants = variant::read(&arguments.with)?;
    let stem = arguments
        .file
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy();
    let folder = arguments
        .out
        .clone()
        .unwrap_or_else(|| PathBuf::from("runs").join(format!("{stem}-compare")));
    // Whatever is wrong in any of them is said before the first one begins.
    for variant in &variants {
        let status = arguments.check(variant)?;
        if status != Status::Done {
            return Err(Failure::said(status));
        }
    }
    std::fs::create_dir_all(&folder)
        .map_err(|error| Failure::unwritable(folder.display(), error))?;
    let mut rows = Vec::new();
    for variant in &variants {
        for seed in 0..arguments.seeds {
            let name = format!("{}-{seed}", variant.name);
            match arguments.train(variant, seed, &folder.join(&name), &text)? {
                Ended::With(result) => rows.push(Row::new(variant, seed, &result)),
                Ended::Interrupted => return Ok(Status::Interrupted),
            }
        }
    }
    arguments.picture(&stem, &variants, &folder)?;
    let table = table::json(&rows);
    let written = format!("{table:#}\n");
    std::fs::write(folder.join("compare.json"), &written)
        .map_err(|error| Failure::unwritable("compare.json", error))?;
    if arguments.json {
        failure::print(&written)?;
    } else {
        let place = folder.display();
        failure::print(&format!(
            "{}\n{place}: compare.json, compare.png, a folder for each run\n",
            table::text(&rows)
        ))?;
    }
    Ok(Status::Done)
}

/// How a run ended.
enum Ended {
    With(Value),
    Interrupted,
}

impl Arguments {
    /// What a run is asked, without its seed and folder.
    fn settings(&self, variant: &Variant) -> Vec<String> {
        let mut list = Vec::new();
        if let Some(config) = &variant.config {
            list.extend(["--config".to_owned(), config.clone()]);
        }
        let set = self.set.iter().chain(&variant.settings);
        list.extend(set.flat_map(|set| ["--set".to_owned(), set.clone()]));
        if let Some(steps) = self.steps {
            list.extend(["--set".to_owned(), format!("train.optimizer.steps={steps}")]);
        }
        list
    }

    /// Says what is wrong with a way to train, if anything is.
    fn check(&self, variant: &Variant) -> Result<Status, Failure> {
        let done = this_program()?
            .arg("check")
            .arg(&self.file)
            .args(self.settings(variant))
            .output()
            .map_err(|error| {
                Failure::machine("cannot-run", error, "pdec could not start itself")
            })?;
        if done.status.success() {
            return Ok(Status::Done);
        }
        let text = String::from_utf8_lossy(&done.stderr);
        failure::say(format_args!("in `--with \"{}\"`:\n{text}", variant.text));
        Ok(match done.status.code() {
            Some(1) => Status::Problem,
            _ => Status::Usage,
        })
    }

    /// Trains one way with one seed, or finds it trained.
    fn train(
        &self,
        variant: &Variant,
        seed: u16,
        folder: &Path,
        text: &str,
    ) -> Result<Ended, Failure> {
        let mut list = self.settings(variant);
        list.extend(["--seed".to_owned(), seed.to_string()]);
        if let Some(limit) = self.time_limit {
            list.extend([
                "--time-limit".to_owned(),
                format!("{}s", limit.as_secs_f64()),
            ]);
        }
        let config = match &variant.config {
            Some(path) => std::fs::read_to_string(path).unwrap_or_default(),
            None => String::new(),
        };
        let asked = json!({ "problem": text, "config": config, "arguments": list });
        let record = folder.with_extension("asked.json");
        let result = folder.join("result.json");
        let earlier = read_json(&record);
        if earlier.as_ref() == Some(&asked)
            && let Some(result) = read_json(&result)
            && result["stopped"] != "interrupted"
        {
            if !self.quiet {
                failure::say(format_args!("{}, seed {seed}: done earlier", variant.text));
            }
            return Ok(Ended::With(result));
        }
        if !self.quiet {
            failure::say(format_args!("{}, seed {seed}", variant.text));
        }
        let mut command = this_program()?;
        command
            .arg("train")
            .arg(&self.file)
            .args(&list)
            .arg("--out")
            .arg(folder)
            .arg("--json");
        if let Some(threads) = self.threads {
            command.arg("--threads").arg(threads.to_string());
        }
        if self.quiet {
            command.arg("--quiet");
        }
        let done = command
            .stderr(std::process::Stdio::inherit())
            .output()
            .map_err(|error| {
                Failure::machine("cannot-run", error, "pdec could not start itself")
            })?;
        match done.status.code() {
            // a run that diverges is a result, too
            Some(0 | 4) => {}
            Some(130) => return Ok(Ended::Interrupted),
            Some(1) => return Err(Failure::said(Status::Problem)),
            Some(3) => return Err(Failure::said(Status::Machine)),
            Some(_) | None => return Err(Failure::said(Status::Usage)),
        }
        std::fs::write(&record, format!("{asked}\n"))
            .map_err(|error| Failure::unwritable(record.display(), error))?;
        read_json(&result).map(Ended::With).ok_or_else(|| {
            Failure::machine(
                "no-result",
                "a run left no result.json",
                "look at its folder",
            )
        })
    }

    /// The course of the error, where it is known, or of the loss, over the seconds of the first seed's runs.
    fn picture(&self, title: &str, variants: &[Variant], folder: &Path) -> Result<(), Failure> {
        let courses: Vec<Vec<Value>> = variants
            .iter()
            .map(|variant| {
                let path = folder
                    .join(format!("{}-0", variant.name))
                    .join("metrics.jsonl");
                let text = std::fs::read_to_string(path).unwrap_or_default();
                text.lines()
                    .filter_map(|line| serde_json::from_str(line).ok())
                    .collect()
            })
            .collect();
        let error = |line: &Value| -> Option<f64> {
            // While features are chosen, and where the error is estimated, it is that of another solution.
            let stage = line["stage"].as_str().and_then(Stage::of_name)?;
            match stage {
                Stage::Train | Stage::Solve => {}
                Stage::Search if line["windows"].as_u64() == Some(1) => {}
                Stage::Search | Stage::Estimate => return None,
            }
            let errors = line["errors"].as_object()?;
            errors.values().filter_map(Value::as_f64).reduce(f64::max)
        };
        let known = courses.iter().flatten().any(|line| error(line).is_some());
        let series: Vec<Series> = variants
            .iter()
            .zip(&courses)
            .map(|(variant, course)| Series {
                label: variant.text.clone(),
                points: course
                    .iter()
                    .filter_map(|line| {
                        let value = if known {
                            error(line)
                        } else {
                            line["loss"].as_f64()
                        };
                        Some((line["seconds"].as_f64()?, value?))
                    })
                    .collect(),
            })
            .collect();
        let drawn = plot::loss(
            &folder.join("compare.png"),
            &LossPicture {
                title: title.to_owned(),
                subtitle: if known {
                    "relative L2 error, seed 0"
                } else {
                    "loss, seed 0"
                }
                .to_owned(),
                horizontal: "seconds".to_owned(),
                vertical: if known { "relative L2 error" } else { "loss" }.to_owned(),
                series: &series,
                marks: Vec::new(),
                errors: Vec::new(),
            },
        );
        if let Err(error) = drawn
            && !self.quiet
        {
            failure::say(format_args!("no `compare.png`: {error}"));
        }
        Ok(())
    }
}

/// This program, to be started again.
fn this_program() -> Result<Command, Failure> {
    let path = std::env::current_exe()
        .map_err(|error| Failure::machine("cannot-run", error, "pdec could not find itself"))?;
    Ok(Command::new(path))
}

fn read_json(path: &Path) -> Option<Value> {
    serde_json::from_str(&std::fs::read_to_string(path).ok()?).ok()
}
