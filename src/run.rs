//! A run folder, read back: the problem, its settings and the trained solution.

use crate::diagnostics;
use crate::failure::{self, Failure, Status};
use crate::input::Input;
use pdec_compiler::diagnostic::Diagnostic;
use pdec_compiler::front::Front;
use pdec_compiler::hir::Problem;
use pdec_compiler::program;
use pdec_compiler::source::Source;
use pdec_runtime::data::Reference;
use pdec_runtime::engine::Engine;
use pdec_runtime::run_folder::{
    CHECKPOINT, Identity, ModelReadError, checksum, is_at_work, last_step, model_origin,
    problem_difference, read_model, understood_text,
};
use pdec_runtime::solution::{Points, Solution};
use pdec_runtime::table::Column;
use std::path::Path;

/// A finished run.
pub struct Run {
    /// The problem with the expressions that were asked for, and the settings.
    pub front: Front,
    /// What was found.
    pub solution: Solution,
    /// The tabulated solutions.
    pub references: Vec<Reference>,
    /// What is wrong with tabulated solutions that cannot be read.
    pub unread: Vec<String>,
    /// The text of the problem.
    pub source: Source,
}

impl Run {
    /// Reads a run folder; `expressions` become the problem's outputs.
    pub fn load(
        folder: &Path,
        expressions: &[Source],
        threads: Option<u16>,
    ) -> Result<Self, Failure> {
        Self::read(folder, expressions, threads, false)
    }

    /// Reads a run folder; what each equation leaves becomes an output of the problem, by its label.
    pub fn load_with_residuals(folder: &Path, threads: Option<u16>) -> Result<Self, Failure> {
        Self::read(folder, &[], threads, true)
    }

    fn read(
        folder: &Path,
        expressions: &[Source],
        threads: Option<u16>,
        residuals: bool,
    ) -> Result<Self, Failure> {
        let problem = folder.join("problem.pde");
        let settings = folder.join("settings.toml");
        let path = folder.join("model.safetensors");
        if !path.is_file() && folder.join(CHECKPOINT).is_file() {
            let reached = match last_step(folder) {
                Some((step, steps)) => format!(": step {step} of {steps}"),
                None => String::new(),
            };
            let (state, help) = if is_at_work(folder) {
                (
                    "is at work",
                    "wait for its end, or stop it with Ctrl-C".to_owned(),
                )
            } else {
                let resume = format!("`pdec train {} --resume` goes on with it", folder.display());
                ("has not come to an end", resume)
            };
            return Err(Failure::usage(
                "unfinished-run",
                format!("the run in `{}` {state}{reached}", folder.display()),
                help,
            ));
        }
        if !problem.is_file() || !settings.is_file() {
            let missing = [&problem, &settings].into_iter().find(|it| !it.is_file());
            if let Some(missing) = missing
                && path.is_file()
            {
                return Err(Failure::usage(
                    "altered-run",
                    format!("`{}` is missing", missing.display()),
                    "put back the file as `pdec train` wrote it: the model needs it",
                ));
            }
            let reason = if folder.is_dir() {
                "holds no run"
            } else {
                "is no folder"
            };
            return Err(Failure::usage(
                "not-a-run",
                format!("`{}` {reason}", folder.display()),
                "name a folder that `pdec train` has made, such as runs/heat-0",
            ));
        }
        let unusable = |error: ModelReadError| unusable(&path, &error);
        let origin = model_origin(&path).map_err(unusable)?;
        let found =
            std::fs::read(&settings).map_err(|error| Failure::unreadable(&settings, &error))?;
        if checksum(&found) != origin.settings {
            return Err(Failure::usage(
                "altered-run",
                format!(
                    "`{}` is not the file that the model beside it was trained with: one of the two is damaged, has been altered, or is of another run",
                    settings.display()
                ),
                "put back the file as `pdec train` wrote it; to train with other settings, give a copy to `--config`",
            ));
        }
        let input = Input {
            file: problem,
            set: Vec::new(),
            config: Some(settings),
            asked: None,
        };
        // By itself: the expressions are no part of what was trained.
        let (plain, _) = input.read_trained(&[]).map_err(|refused| refused.print())?;
        same_problem(&input.file, &plain.front, &origin.identity)?;
        let (loaded, unread) = input.read_trained(expressions).map_err(|mut refused| {
            refused.help_with(|diagnostic| no_declaration(&plain.front.problem, diagnostic));
            refused.print()
        })?;
        let mut front = loaded.front;
        if !front.problem.unsupported.is_empty() {
            diagnostics::print(&loaded.source, &front.problem.unsupported);
            return Err(Failure::said(Status::Usage));
        }
        if residuals {
            front.problem.ask_for_residuals();
        }
        let compiled = program::build(&front.problem, &front.settings);
        let cores = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let threads = threads.map_or_else(cores, usize::from).min(4 * cores());
        let engine = Engine::new(compiled.program, threads).map_err(|error| {
            Failure::machine(
                "cannot-evaluate",
                error,
                "this machine cannot run the compiled program",
            )
        })?;
        let windows = read_model(&path, &engine.program().network).map_err(unusable)?;
        let problem = &front.problem;
        let time = problem.time().map(|id| id.index());
        let parameters = problem.parameter_values();
        let solution = Solution::new(engine, parameters, time, windows);
        let solution = solution.narrowed(problem, &front.settings);
        Ok(Self {
            front,
            solution,
            references: loaded.references,
            unread,
            source: loaded.source,
        })
    }

    /// Says which tabulated solutions are missing where errors are asked for.
    pub fn say_unread(&self) {
        for unread in &self.unread {
            failure::say(format_args!("{unread}; errors against it are left out"));
        }
    }

    /// How many points have no value, because training stopped before their time.
    pub fn untrained(&self, coordinates: &[Column]) -> usize {
        let columns: Vec<Vec<f64>> = coordinates.iter().map(|it| it.values.clone()).collect();
        let points = Points {
            coordinates: columns,
        };
        let count = points.coordinates.first().map_or(0, Vec::len);
        count - self.solution.trained_points(&points).len()
    }
}

/// An expression on the command line cannot declare anything: its help is what there is.
fn no_declaration(problem: &Problem, diagnostic: &mut Diagnostic) {
    let declare = |help: &String| help.starts_with("declare it");
    if diagnostic.name != "unknown-name" || !diagnostic.help.as_ref().is_some_and(declare) {
        return;
    }
    let fields = problem.fields.iter().map(|(_, it)| it.name.as_str());
    let coordinates = problem.coordinates.iter().map(|(_, it)| it.name.as_str());
    let parameters = problem.parameters.iter().map(|(_, it)| it.name.as_str());
    let definitions = problem.definitions.iter().map(|(_, it)| it.name.as_str());
    let unknowns = problem.unknowns.iter().map(|(_, it)| it.name.as_str());
    let kinds: [(&str, Vec<&str>); 5] = [
        ("fields", fields.collect()),
        ("coordinates", coordinates.collect()),
        ("parameters", parameters.collect()),
        ("definitions", definitions.collect()),
        ("unknowns", unknowns.collect()),
    ];
    let some = kinds.iter().filter(|(_, names)| !names.is_empty());
    let listed = some.map(|(kind, names)| format!("{kind} {}", names.join(", ")));
    let listed: Vec<String> = listed.collect();
    diagnostic.help = Some(format!("the problem has {}", listed.join("; ")));
}

fn unusable(path: &Path, error: &ModelReadError) -> Failure {
    Failure::usage(
        "unusable-model",
        format!("the model `{}` cannot be used: {error}", path.display()),
        "it must be the file that `pdec train` wrote, beside the problem and the settings it was trained with",
    )
}

/// Whether the problem is the one that was trained. Another version may understand a text in other words: then only the
/// shapes tell.
fn same_problem(file: &Path, front: &Front, trained: &Identity) -> Result<(), Failure> {
    if trained.version != env!("CARGO_PKG_VERSION") {
        return Ok(());
    }
    match problem_difference(&trained.problem, &understood_text(&front.problem)) {
        None => Ok(()),
        Some(difference) => Err(Failure::usage(
            "altered-run",
            format!(
                "`{}` is not the problem that the model beside it was trained with. {difference}",
                file.display()
            ),
            "put back the file as `pdec train` wrote it; the paths in it, and comments, may be changed",
        )),
    }
}
