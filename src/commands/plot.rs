//! `pdec plot RUN`: pictures of a trained solution.

use super::eval::place::at;
use super::report::incomplete;
use super::runs::say_how_it_ended;
use crate::failure::{self, Failure, Status};
use crate::run::Run;
use clap::Args;
use pdec_compiler::arena::Id;
use pdec_compiler::hir::{CoordinateId, Problem};
use pdec_runtime::run_folder::{Scene, Subject, View};
use pdec_runtime::solution::Solution;
use std::path::PathBuf;

/// The options of `pdec plot`.
#[derive(Args, Debug)]
pub struct Arguments {
    /// The folder of a run
    #[arg(value_name = "RUN")]
    run: PathBuf,

    /// Which field [default: the first]: u, v.x; of a vector v its length with arrows; may be repeated
    #[arg(long, value_name = "FIELD")]
    field: Vec<String>,

    /// Hold a coordinate fixed: t=0.5; several values of one are drawn beside each other
    #[arg(long, value_name = "POINT", allow_hyphen_values = true)]
    at: Vec<String>,

    /// Draw the absolute error below the field
    #[arg(long)]
    error: bool,

    /// Draw what each equation leaves, or the one with this label
    #[arg(long, value_name = "LABEL", num_args = 0..=1, default_missing_value = "")]
    residual: Option<String>,

    /// Draw lines of equal value
    #[arg(long)]
    contours: bool,

    /// Let time go by, as an animated PNG
    #[arg(long)]
    animate: bool,

    /// Pictures of the animation
    #[arg(long, value_name = "N", requires = "animate", default_value_t = 60,
          value_parser = clap::value_parser!(u16).range(2..=2000))]
    frames: u16,

    /// Pictures of the animation for each second
    #[arg(long, value_name = "N", requires = "animate", default_value_t = 15,
          value_parser = clap::value_parser!(u16).range(1..=100))]
    rate: u16,

    /// Write to this file, .png or .svg [default: plot.png in the folder of the run]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    /// Worker threads [default: all cores]; the picture does not depend on it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    threads: Option<u16>,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<Status, Failure> {
    let path = arguments.path()?;
    let residuals = arguments.residual.is_some();
    let run = Run::load_unfinished(&arguments.run, &[], arguments.threads, residuals)?;
    say_how_it_ended(&arguments.run);
    if arguments.error {
        run.say_unread();
    }
    let problem = &run.front.problem;
    let view = View {
        subjects: arguments.subjects(problem)?,
        at: arguments.places(problem)?,
        contours: arguments.contours,
    };
    let reach = incomplete(problem, &run.solution, run.front.settings.windows);
    // Of a run that has not come to its end it has been said.
    if let Some(reach) = &reach
        && arguments.run.join("model.safetensors").is_file()
    {
        failure::say(format_args!("{reach}"));
    }
    let name = arguments.run.file_name();
    let name = name.map_or_else(String::new, |it| it.to_string_lossy().into_owned());
    let title = problem.title.clone().unwrap_or(name);
    let scene = Scene {
        problem,
        solution: &run.solution,
        references: &run.references,
        title: &title,
        subtitle: reach.map_or_else(String::new, |_| until(problem, &run.solution)),
    };
    let drawn = if arguments.animate {
        scene.animate(&path, &view, usize::from(arguments.frames), arguments.rate)
    } else {
        scene.draw(&path, &view)
    };
    drawn.map_err(|error| {
        Failure::usage(
            "cannot-draw",
            error,
            "`pdec plot --help` lists what can be drawn; `pdec eval` gives the numbers for any other picture",
        )
    })?;
    failure::print(&format!("{}\n", path.display()))?;
    Ok(Status::Done)
}

/// `trained up to t = 0.8`
fn until(problem: &Problem, solution: &Solution) -> String {
    let time = problem.time().map(|id| &problem.coordinates[id]);
    let time = time.map_or("", |it| it.name.as_str());
    format!(
        "trained up to {time} = {}",
        pdec_runtime::plot::number(solution.trained_until())
    )
}

impl Arguments {
    fn path(&self) -> Result<PathBuf, Failure> {
        let path = self
            .out
            .clone()
            .unwrap_or_else(|| self.run.join("plot.png"));
        let extension = path
            .extension()
            .map(|it| it.to_ascii_lowercase().to_string_lossy().into_owned());
        match extension.as_deref() {
            Some("png") => Ok(path),
            Some("svg") if !self.animate => Ok(path),
            Some("svg") => Err(Failure::usage(
                "unknown-format",
                "an animation is a PNG file",
                "end the name of `--out` with .png",
            )),
            Some(_) | None => Err(Failure::usage(
                "unknown-format",
                format!(
                    "the name `{}` does not say which format to draw",
                    path.display()
                ),
                "end it with .png or .svg",
            )),
        }
    }

    fn subjects(&self, problem: &Problem) -> Result<Vec<Subject>, Failure> {
        let mut subjects = Vec::new();
        // Of residuals there are neither errors nor lines of equal value.
        if self.field.is_empty() && (self.residual.is_none() || self.error || self.contours) {
            let first = problem.fields.iter().next().map(|(id, _)| id);
            subjects.extend(first.map(Subject::Field));
            subjects.extend(first.filter(|_| self.error).map(Subject::Error));
        }
        for name in &self.field {
            let field = problem.fields.iter().find(|(_, it)| it.name == *name);
            let group = problem.groups.iter().position(|it| it.name == *name);
            match (field, group) {
                (Some((id, _)), _) => {
                    subjects.push(Subject::Field(id));
                    subjects.extend(self.error.then_some(Subject::Error(id)));
                }
                (None, Some(group)) => {
                    subjects.push(Subject::Group(group));
                    let components = problem.groups[group].components.iter();
                    subjects.extend(
                        components
                            .filter(|_| self.error)
                            .map(|id| Subject::Error(*id)),
                    );
                }
                (None, None) => {
                    let fields = problem.fields.iter().map(|(_, it)| it.name.clone());
                    let groups = problem.groups.iter().map(|it| it.name.clone());
                    let names: Vec<String> = fields.chain(groups).collect();
                    return Err(Failure::usage(
                        "unknown-name",
                        format!("there is no field `{name}`"),
                        format!(
                            "the fields are {}; `pdec eval --expr` has expressions of them",
                            names.join(", ")
                        ),
                    ));
                }
            }
        }
        if let Some(label) = &self.residual {
            // Behind them is what conditions leave.
            let equations = &problem.outputs[..problem.equations.len()];
            let outputs = equations.iter().enumerate();
            let mut chosen: Vec<usize> = outputs
                .filter(|(_, (name, _))| label.is_empty() || name == label)
                .map(|(number, _)| number)
                .collect();
            if chosen.is_empty() {
                let names: Vec<&str> = equations.iter().map(|(name, _)| name.as_str()).collect();
                return Err(Failure::usage(
                    "unknown-name",
                    format!("there is no equation `{label}`"),
                    format!("the equations are {}", names.join(", ")),
                ));
            }
            // More rows than this are too small to read.
            chosen.truncate(6);
            subjects.extend(chosen.into_iter().map(Subject::Output));
        }
        Ok(subjects)
    }

    fn places(&self, problem: &Problem) -> Result<Vec<(CoordinateId, Vec<f64>)>, Failure> {
        let mut places: Vec<(CoordinateId, Vec<f64>)> = Vec::new();
        for text in &self.at {
            for (coordinate, value) in at(problem, "--at", text)? {
                let id = Id::from_index(coordinate);
                match places.iter_mut().find(|(it, _)| *it == id) {
                    Some((_, values)) => values.push(value),
                    None => places.push((id, vec![value])),
                }
            }
        }
        Ok(places)
    }
}
