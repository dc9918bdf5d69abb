//! The files of a run.
//!
//! * `problem.pde`: the text that was trained, its paths as seen from the folder; `data/`: the files that it names
//!   ([`problem_file`]);
//! * `settings.toml`: the settings as resolved, parameters and seed ([`settings_file`]); given back with
//!   `--config` it reproduces the run;
//! * `metrics.jsonl`: one line for each report of the training ([`metrics`]);
//! * `result.json`: the contract for scripts ([`result`]);
//! * `model.safetensors`: the parameters of every window ([`model`]);
//! * `solution.png`, `loss.png`: pictures ([`pictures`]), and others as somebody asks for them ([`Scene`]);
//! * `report.html` and `residual.png`: see [`crate::report`].
//! * `correlation.json`, `correlation.png`: how far gradients reach, for problems in two coordinates ([`correlation`]).
//!
//! * `checkpoint.safetensors`: what an unfinished run needs to go on ([`checkpoint`]); it is there while training runs, and
//!   stays where a signal or the time limit ended it.
//!
//! Every file is replaced as a whole ([`crate::atomic`]), the checkpoint is written first and removed last ([`RunFolder`]): at every
//! moment the folder holds a result, a checkpoint, or both. Checkpoint and model carry a checksum of every byte ([`sealed`])
//! and say what they are the run of ([`identity`]).

mod checkpoint;
mod correlation;
mod folder;
mod identity;
mod metrics;
mod model;
mod pictures;
mod problem_file;
mod result;
mod scene;
mod sealed;
mod settings_file;

pub use crate::atomic::write_file;
pub use checkpoint::{CHECKPOINT, Checkpoint, CheckpointError};
pub use correlation::{CorrelationMap, OFFSETS, correlation_map, draw_correlation};
pub use folder::{FolderError, RunFolder, is_at_work};
pub use identity::{Identity, problem_difference, problem_text as understood_text};
pub use metrics::{Metrics, history, last_step};
pub use model::{
    ModelError, ModelOrigin, ModelReadError, checksum, model_as_npz, model_origin, read_model,
    write_model,
};
pub use pictures::{Story, draw};
pub use problem_file::{Copies, problem_text};
pub use result::{FieldNorms, ResidualNorms, RunResult};
pub use scene::{Scene, Subject, View, plane_grid};
pub use settings_file::{RunSettings, settings_toml};
