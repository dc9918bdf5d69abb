//! What is to be trained, and where: a file, or the run in a folder.

use super::Arguments;
use super::before::refused_if_other;
use super::failures::checkpoint_failure;
use crate::failure::Failure;
use crate::input::Input;
use pdec_compiler::source::Source;
use pdec_runtime::run_folder::{CHECKPOINT, Checkpoint, Identity, model_origin, understood_text};
use std::path::PathBuf;

/// What is to be trained, and where.
pub(super) struct Plan {
    pub(super) input: Input,
    pub(super) name: String,
    pub(super) out: Option<PathBuf>,
}

impl Plan {
    pub(super) fn target(&self, seed: u64) -> PathBuf {
        let name = &self.name;
        let default = || PathBuf::from("runs").join(format!("{name}-{seed}"));
        self.out.clone().unwrap_or_else(default)
    }
}

/// Whether the problem in a folder is the one of its run, before the settings of that run are read into it. What cannot be
/// read is told later, with its place.
fn same_problem(input: &Input, trained: &Identity) -> Result<(), Failure> {
    let Ok((now, _)) = input.read_trained(&[]) else {
        return Ok(());
    };
    let now = Identity {
        problem: understood_text(&now.front.problem),
        ..trained.clone()
    };
    refused_if_other(trained, &now, &input.file.with_file_name(CHECKPOINT))
}

impl Arguments {
    /// The file and the settings as given; those of the run itself where a run folder is named.
    pub(super) fn plan(&self) -> Result<Plan, Failure> {
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
        same_problem(&input, &identity)?;
        let asked = file.join(CHECKPOINT).display().to_string();
        input.asked = Some(Source::new(asked, identity.settings));
        Ok(Plan {
            input,
            name: identity.name,
            out: Some(file.clone()),
        })
    }
}
