//! `pdec runs [DIR]`: what has been trained, and how well.

use crate::failure::{self, Failure, Status};
use clap::Args;
use pdec_compiler::source::Source;
use pdec_runtime::run_folder::{CHECKPOINT, checksum, is_at_work, last_step};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// The options of `pdec runs`.
#[derive(Args, Debug)]
pub struct Arguments {
    /// The folder that holds the folders of runs
    #[arg(value_name = "DIR", default_value = "runs")]
    folder: PathBuf,

    /// Print a list of objects instead of a table
    #[arg(long)]
    json: bool,
}

/// One run.
struct Row {
    run: String,
    state: State,
}

/// What is there of it.
enum State {
    /// `result.json`
    Finished(Value),
    /// A run that a process is at work on, or that `--resume` goes on with; steps done and planned.
    Unfinished {
        at_work: bool,
        steps: Option<(u64, u64)>,
        problem: Option<String>,
    },
    /// Why the result cannot be read.
    Unreadable(String),
}

impl State {
    /// What is in a folder, if that is of a run.
    fn of(folder: &Path) -> Option<Self> {
        let finished =
            folder.join("result.json").is_file() && folder.join("settings.toml").is_file();
        if !finished && folder.join(CHECKPOINT).is_file() {
            return Some(Self::Unfinished {
                at_work: is_at_work(folder),
                steps: last_step(folder),
                problem: title(folder),
            });
        }
        if !folder.join("settings.toml").is_file() {
            return None;
        }
        Some(read_result(folder).map_or_else(Self::Unreadable, Self::Finished))
    }
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<Status, Failure> {
    let folder = &arguments.folder;
    let entries = std::fs::read_dir(folder).map_err(|error| {
        Failure::usage(
            "unreadable-folder",
            format!("cannot list `{}`: {error}", folder.display()),
            "name a folder with runs in it; `pdec train` makes `runs`",
        )
    })?;
    let row = |path: PathBuf| {
        Some(Row {
            state: State::of(&path)?,
            run: path.display().to_string(),
        })
    };
    let paths = entries.flatten().map(|entry| entry.path());
    let mut rows: Vec<Row> = paths.filter(|path| !hidden(path)).filter_map(row).collect();
    // The folder of a run itself.
    rows.extend(row(folder.clone()));
    rows.sort_by(|a, b| a.run.cmp(&b.run));
    if arguments.json {
        let rows: Vec<Value> = rows
            .into_iter()
            .map(|row| match row.state {
                State::Finished(result) => json!({ "run": row.run, "result": result }),
                State::Unfinished { at_work, steps, .. } => json!({ "run": row.run, "unfinished": {
                    "at_work": at_work,
                    "step": steps.map(|it| it.0),
                    "steps": steps.map(|it| it.1),
                } }),
                State::Unreadable(reason) => json!({ "run": row.run, "unreadable": reason }),
            })
            .collect();
        let text = serde_json::to_string_pretty(&rows);
        let text = text.map_err(|error| Failure::unwritable("the list", error))?;
        failure::print(&format!("{text}\n"))?;
        return Ok(Status::Done);
    }
    if rows.is_empty() {
        failure::say(format_args!("there is no run in `{}`", folder.display()));
        return Ok(Status::Done);
    }
    let mut table = vec![
        [
            "run",
            "problem",
            "relative L2 error",
            "residual",
            "seconds",
            "steps",
            "stopped",
        ]
        .map(str::to_owned),
    ];
    table.extend(rows.iter().map(cells));
    failure::print(&aligned(&table))?;
    Ok(Status::Done)
}

/// The title of the problem in a folder; none where the file has none, or cannot be read.
fn title(folder: &Path) -> Option<String> {
    let text = std::fs::read_to_string(folder.join("problem.pde")).ok()?;
    let document = pdec_compiler::front::read(&Source::new("problem.pde", text), &[]).ok()?;
    document.problem.title
}

fn hidden(path: &Path) -> bool {
    path.file_name()
        .is_some_and(|name| name.to_string_lossy().starts_with('.'))
}

/// `result.json` of a run.
pub fn read_result(folder: &Path) -> Result<Value, String> {
    let path = folder.join("result.json");
    let text =
        std::fs::read_to_string(&path).map_err(|error| format!("`{}`: {error}", path.display()))?;
    let value: Value = serde_json::from_str(&text)
        .map_err(|error| format!("`{}`: it is damaged: {error}", path.display()))?;
    if !value.is_object() {
        return Err(format!("`{}`: it is no result", path.display()));
    }
    let told = value.get("model").and_then(Value::as_str);
    let model = std::fs::read(folder.join("model.safetensors"));
    match (told, model) {
        (Some(told), Ok(bytes)) if told != checksum(&bytes) => Err(format!(
            "`{}`: it is of another run than the model beside it",
            path.display()
        )),
        _ => Ok(value),
    }
}

/// Says what a reader of values or pictures of a run should know: that it did not end well, and its notes.
pub fn say_how_it_ended(folder: &Path) {
    let Ok(result) = read_result(folder) else {
        return;
    };
    let stopped = result.get("stopped").and_then(Value::as_str);
    match stopped.unwrap_or_default() {
        "interrupted" => failure::say(format_args!("the run was interrupted before its end")),
        "diverged" => failure::say(format_args!("the run diverged")),
        _ => {}
    }
    let notes = result.get("notes").and_then(Value::as_array);
    for note in notes.into_iter().flatten().filter_map(Value::as_str) {
        failure::say(format_args!("note of the run: {note}"));
    }
}

fn cells(row: &Row) -> [String; 7] {
    let run = row.run.clone();
    let none = || "–".to_owned();
    let result = match &row.state {
        State::Finished(result) => result,
        State::Unfinished {
            at_work,
            steps,
            problem,
        } => {
            let mut cells = [(); 7].map(|()| none());
            cells[0] = run;
            cells[1] = problem.clone().unwrap_or_else(none);
            cells[5] = steps.map_or_else(none, |(step, steps)| format!("{step}/{steps}"));
            cells[6] = if *at_work {
                "at work"
            } else {
                "unfinished: `--resume` goes on"
            }
            .to_owned();
            return cells;
        }
        State::Unreadable(reason) => {
            let mut cells = [(); 7].map(|()| String::new());
            cells[0] = run;
            cells[1] = format!("unreadable: {reason}");
            return cells;
        }
    };
    let text = |key: &str| {
        result
            .get(key)
            .and_then(Value::as_str)
            .unwrap_or("–")
            .to_owned()
    };
    let errors = worst(result.get("errors"), "l2");
    let estimates = worst_number(result.get("error_estimates"));
    let error = match (errors, estimates) {
        (Some((field, error)), _) => format!("{error:.1e} ({field})"),
        (None, Some((field, error))) => format!("about {error:.0e} ({field})"),
        (None, None) => "–".to_owned(),
    };
    let residual = worst(result.get("residuals"), "fresh");
    [
        run,
        text("problem"),
        error,
        residual.map_or_else(
            || "–".to_owned(),
            |(label, value)| format!("{value:.1e} ({label})"),
        ),
        result
            .get("seconds")
            .and_then(Value::as_f64)
            .map_or_else(|| "–".to_owned(), |it| format!("{it:.1}")),
        result
            .get("steps")
            .and_then(Value::as_u64)
            .map_or_else(|| "–".to_owned(), |it| it.to_string()),
        text("stopped"),
    ]
}

/// The entry whose number under a key is the largest.
fn worst(of: Option<&Value>, key: &str) -> Option<(String, f64)> {
    largest(
        of?.as_object()?
            .iter()
            .map(|(name, it)| (name, it.get(key))),
    )
}

fn worst_number(of: Option<&Value>) -> Option<(String, f64)> {
    largest(of?.as_object()?.iter().map(|(name, it)| (name, Some(it))))
}

/// What is no number (`null` in the file) is worse than any.
fn largest<'a>(
    entries: impl Iterator<Item = (&'a String, Option<&'a Value>)>,
) -> Option<(String, f64)> {
    entries
        .map(|(name, value)| {
            (
                name.clone(),
                value.and_then(Value::as_f64).unwrap_or(f64::NAN),
            )
        })
        .max_by(|(_, a), (_, b)| a.total_cmp(b))
}

/// Columns of equal width, two blanks between them.
pub fn aligned<const N: usize>(rows: &[[String; N]]) -> String {
    let mut widths = [0; N];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (width, cell) in widths.iter().zip(row) {
            line.push_str(cell);
            let missing = width - cell.chars().count();
            line.extend(std::iter::repeat_n(' ', missing + 2));
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}
