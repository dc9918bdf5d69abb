//! A run folder, read back: the problem, its settings and the trained solution.

use crate::diagnostics;
use crate::failure::{self, Failure, Status};
use crate::input::{Input, Loaded, Refused};
use pdec_compiler::diagnostic::Diagnostic;
use pdec_compiler::front::Front;
use pdec_compiler::hir::Problem;
use pdec_compiler::network::Network;
use pdec_compiler::program;
use pdec_compiler::source::Source;
use pdec_runtime::data::Reference;
use pdec_runtime::engine::Engine;
use pdec_runtime::run_folder::{
    CHECKPOINT, Checkpoint, Identity, ModelReadError, checksum, is_at_work, last_step,
    model_origin, read_model,
};
use pdec_runtime::solution::{Points, Solution, Window};
use pdec_runtime::table::Column;
use pdec_runtime::train::windows_done;
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

    /// The same; of a run without an end the time windows that are done, which is said.
    pub fn load_unfinished(
        folder: &Path,
        expressions: &[Source],
        threads: Option<u16>,
        residuals: bool,
    ) -> Result<Self, Failure> {
        match Part::of(folder)? {
            Some(part) => part.load(folder, expressions, threads, residuals),
            None => Self::read(folder, expressions, threads, residuals),
        }
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
        if is_unfinished(folder) {
            return Err(unfinished(folder, ""));
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
                    "`{}` is not the file that the model beside it was trained with: one of the two is damaged, has been altered, or is of another run (the model is one of `{}`)",
                    settings.display(),
                    origin.identity.name
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
        let windows = |network: &Network| read_model(&path, network).map_err(unusable);
        Self::of(
            &input,
            &origin.identity,
            expressions,
            threads,
            residuals,
            windows,
        )
    }

    /// A problem with its settings and the windows of its network, if it is the one that was trained.
    fn of(
        input: &Input,
        trained: &Identity,
        expressions: &[Source],
        threads: Option<u16>,
        residuals: bool,
        windows: impl FnOnce(&Network) -> Result<Vec<Window>, Failure>,
    ) -> Result<Self, Failure> {
        // By itself: the expressions are no part of what was trained.
        let (plain, _) = input
            .read_trained(&[])
            .map_err(|refused| altered(&input.file, trained, refused))?;
        same_problem(&input.file, &plain, trained)?;
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
            front.problem.ask_for_conditions();
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
        let windows = windows(&engine.program().network)?;
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

/// What a run without an end has come to.
struct Part {
    identity: Identity,
    windows: Vec<Window>,
}

impl Part {
    /// The windows that are done of a run without an end; none where the run has one.
    fn of(folder: &Path) -> Result<Option<Self>, Failure> {
        if !is_unfinished(folder) {
            return Ok(None);
        }
        let damaged = |error: &dyn std::fmt::Display| {
            Failure::usage(
                "unusable-checkpoint",
                error.to_string(),
                "leave out `--resume` to train anew",
            )
        };
        let checkpoint = Checkpoint::read(folder).map_err(|error| damaged(&error))?;
        let done = checkpoint.state.as_ref().map(windows_done).transpose();
        let windows = done.map_err(|error| damaged(&error))?.unwrap_or_default();
        if windows.is_empty() {
            return Err(unfinished(folder, "; no time window is done yet"));
        }
        Ok(Some(Self {
            identity: checkpoint.identity,
            windows,
        }))
    }

    fn load(
        self,
        folder: &Path,
        expressions: &[Source],
        threads: Option<u16>,
        residuals: bool,
    ) -> Result<Run, Failure> {
        let asked = folder.join(CHECKPOINT).display().to_string();
        let input = Input {
            file: folder.join("problem.pde"),
            set: Vec::new(),
            config: None,
            asked: Some(Source::new(asked, self.identity.settings.clone())),
        };
        let windows = |network: &Network| {
            let fits = |window: &Window| window.parameters.len() == network.parameters;
            if self.windows.iter().all(fits) {
                Ok(self.windows)
            } else {
                Err(unfinished(
                    folder,
                    "; its network is not known before its end",
                ))
            }
        };
        let run = Run::of(
            &input,
            &self.identity,
            expressions,
            threads,
            residuals,
            windows,
        )?;
        let time = run.front.problem.time();
        let time = time.map(|id| run.front.problem.coordinates[id].name.clone());
        failure::say(format_args!(
            "the run in `{}` {}: {} of {} time windows are done, up to {} = {}",
            folder.display(),
            state_of(folder).0,
            run.solution.windows().len(),
            run.front.settings.windows,
            time.unwrap_or_default(),
            run.solution.windows().last().map_or(f64::NAN, |it| it.high)
        ));
        Ok(run)
    }
}

/// Whether there is a run in a folder that has not come to an end.
fn is_unfinished(folder: &Path) -> bool {
    !folder.join("model.safetensors").is_file() && folder.join(CHECKPOINT).is_file()
}

/// What is said of a folder with a run that has not come to an end.
pub fn unfinished_run(folder: &Path) -> Option<Failure> {
    is_unfinished(folder).then(|| unfinished(folder, ""))
}

/// What a run without an end is doing, and what to do.
fn state_of(folder: &Path) -> (&'static str, String) {
    if is_at_work(folder) {
        (
            "is at work",
            "wait for its end, or stop it with Ctrl-C".to_owned(),
        )
    } else {
        let resume = format!("`pdec train {} --resume` goes on with it", folder.display());
        ("has not come to an end", resume)
    }
}

fn unfinished(folder: &Path, more: &str) -> Failure {
    let reached = match last_step(folder) {
        Some((step, steps)) => format!(": step {step} of {steps}"),
        None => String::new(),
    };
    let (state, help) = state_of(folder);
    Failure::usage(
        "unfinished-run",
        format!("the run in `{}` {state}{reached}{more}", folder.display()),
        help,
    )
}

/// A text that was trained once can be read: what is wrong in it now was changed since.
fn altered(file: &Path, trained: &Identity, refused: Refused) -> Failure {
    let first = match &refused {
        Refused::Findings { findings, .. } => findings.first(),
        Refused::Failure(_) => None,
    };
    match first.filter(|_| trained.version == env!("CARGO_PKG_VERSION")) {
        None => refused.print(),
        Some(found) => Failure::usage(
            "altered-run",
            format!(
                "`{}` is not the problem that the model beside it was trained with: {}",
                file.display(),
                found.diagnostic.message
            ),
            "put back the file as `pdec train` wrote it; the paths in it, and comments, may be changed",
        ),
    }
}

/// An expression on the command line cannot declare anything, and nothing is trained: its help is what there is.
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
fn same_problem(file: &Path, now: &Loaded, trained: &Identity) -> Result<(), Failure> {
    if trained.version != env!("CARGO_PKG_VERSION") {
        return Ok(());
    }
    match trained.problem_difference(&now.source, &now.front.problem) {
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
