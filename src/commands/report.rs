//! `pdec report RUN`: the pictures and the report of a run, made anew.

use super::runs::read_result;
use crate::failure::{self, Failure, Status};
use crate::run::Run;
use clap::Args;
use pdec_compiler::hir::Problem;
use pdec_compiler::latex::latex;
use pdec_compiler::settings::Settings;
use pdec_compiler::source::Source;
use pdec_compiler::{program, syntax};
use pdec_runtime::engine::Engine;
use pdec_runtime::errors::field_errors;
use pdec_runtime::plot::number;
use pdec_runtime::report::{Material, machine, worst, write_report};
use pdec_runtime::run_folder::{Scene, Story, Subject, View, draw, draw_correlation, history};
use pdec_runtime::solution::Solution;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// The options of `pdec report`.
#[derive(Args, Debug)]
pub struct Arguments {
    /// The folder of a run
    #[arg(value_name = "RUN")]
    run: PathBuf,

    /// Worker threads [default: all cores]; the report does not depend on it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    threads: Option<u16>,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<Status, Failure> {
    let folder = &arguments.run;
    let run = Run::load_with_residuals(folder, arguments.threads)?;
    run.say_unread();
    let result = read_result(folder).map_err(|reason| {
        Failure::usage(
            "altered-run",
            format!("cannot read {reason}"),
            "put back the file as `pdec train` wrote it, or train again: what was measured is in it alone; `pdec eval` and \
             `pdec plot` do not need it",
        )
    })?;
    let settings = folder.join("settings.toml");
    let settings = std::fs::read_to_string(&settings)
        .map_err(|error| Failure::unreadable(&settings, &error))?;
    let told = Told {
        source: &run.source,
        problem: &run.front.problem,
        solution: &run.solution,
        settings: &settings,
        windows: run.front.settings.windows,
        result: &result,
    };
    let title = told.title();
    let story = Story {
        title,
        problem: &run.front.problem,
        solution: &run.solution,
        references: &run.references,
        errors: &field_errors(&run.front.problem, &run.solution, &run.references),
        history: &history(folder),
        settings: &run.front.settings,
        seconds: result.get("seconds").and_then(Value::as_f64).unwrap_or(0.0),
    };
    let mut notes = draw(folder, &story);
    notes.extend(draw_correlation(folder, &story));
    for note in notes {
        failure::say(format_args!("{note}"));
    }
    told.write(folder)
        .map_err(|error| Failure::unwritable("report.html", error))?;
    failure::print(&format!("{}\n", folder.join("report.html").display()))?;
    Ok(Status::Done)
}

/// What a report tells of a run.
pub struct Told<'a> {
    /// The text of the problem.
    pub source: &'a Source,
    /// The problem; its outputs are what the equations leave.
    pub problem: &'a Problem,
    /// The solution, which evaluates these outputs.
    pub solution: &'a Solution,
    /// `settings.toml`
    pub settings: &'a str,
    /// The number of time windows that it asks for.
    pub windows: usize,
    /// `result.json`
    pub result: &'a Value,
}

impl Told<'_> {
    fn title(&self) -> &str {
        let title = self.result.get("problem").and_then(Value::as_str);
        title.unwrap_or("A run")
    }

    /// Draws the residuals and writes the page into a folder.
    pub fn write(&self, folder: &Path) -> std::io::Result<()> {
        let title = self.title();
        let scene = Scene {
            problem: self.problem,
            solution: self.solution,
            references: &[],
            title,
            subtitle: "residuals: left minus right side of each equation".to_owned(),
        };
        let view = View {
            // More rows than this are too small to read.
            subjects: (0..self.problem.equations.len().min(4))
                .map(Subject::Output)
                .collect(),
            at: Vec::new(),
            contours: false,
        };
        // A picture that cannot be drawn (every residual exactly zero, say) is missing from the page and no reason to fail.
        let _ = scene.draw(&folder.join("residual.png"), &view);
        let document = syntax::parse(self.source);
        let latex =
            document.map_or_else(|_| String::new(), |document| latex(&document, self.problem));
        let machine = machine();
        let worst = worst(self.problem, self.solution);
        let incomplete = incomplete(self.problem, self.solution, self.windows);
        write_report(
            folder,
            &Material {
                title,
                latex: &latex,
                problem: &self.source.text,
                settings: self.settings,
                result: self.result,
                worst: &worst,
                machine: &machine,
                incomplete: incomplete.as_deref(),
            },
        )
    }
}

/// What to say of a solution that does not come to the end of time.
pub fn incomplete(problem: &Problem, solution: &Solution, of: usize) -> Option<String> {
    let time = &problem.coordinates[problem.time()?];
    let windows = solution.windows();
    let until = windows.last().map_or(time.low, |window| window.high);
    (until < time.high).then(|| {
        // Where the lengths of windows follow the residual, nobody knows how many there would have been.
        let done = windows.len();
        let part = if done < of {
            format!("{done} of {of} time windows were trained, and ")
        } else {
            String::new()
        };
        format!(
            "the solution ends at {} = {}: {part}errors are up to there",
            time.name,
            number(until),
        )
    })
}

/// A trained solution that evaluates what the equations leave, with the problem that says so.
pub fn with_residuals(
    problem: &Problem,
    settings: &Settings,
    trained: &Solution,
    threads: usize,
) -> Option<(Problem, Solution)> {
    let mut problem = problem.clone();
    problem.outputs.clear();
    problem.ask_for_residuals();
    problem.ask_for_conditions();
    let compiled = program::build(&problem, settings);
    let engine = Engine::new(compiled.program, threads).ok()?;
    let time = problem.time().map(|id| id.index());
    let parameters = problem.parameter_values();
    let solution = Solution::new(engine, parameters, time, trained.windows().to_vec());
    let solution = solution.narrowed(&problem, settings);
    Some((problem, solution))
}
