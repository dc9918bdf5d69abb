//! The files of a run.
//!
//! * `problem.pde`: the text that was trained, its paths as seen from the folder ([`problem_file`]);
//! * `settings.toml`: the settings as resolved, parameters and seed ([`settings_file`]); given back with
//!   `--config` it reproduces the run;
//! * `metrics.jsonl`: one line for each report of the training ([`metrics`]);
//! * `result.json`: the contract for scripts ([`result`]);
//! * `model.safetensors`: the parameters of every window ([`model`]);
//! * `solution.png`, `loss.png`: pictures ([`pictures`]), and others as somebody asks for them ([`Scene`]);
//! * `report.html` and `residual.png`: see [`crate::report`].
//! * `correlation.json`, `correlation.png`: how far gradients reach, for problems in two coordinates ([`correlation`]).
//!
//! The folder appears as a whole or not at all: everything is written into a hidden sibling, which is
//! renamed at the end ([`RunFolder`]). Whoever follows `metrics.jsonl` while training runs finds it there.

mod correlation;
mod folder;
mod metrics;
mod model;
mod pictures;
mod problem_file;
mod result;
mod scene;
mod settings_file;

pub use correlation::{CorrelationMap, OFFSETS, correlation_map, draw_correlation};
pub use folder::{FolderError, RunFolder};
pub use metrics::Metrics;
pub use model::{ModelError, ModelReadError, model_as_npz, read_model, write_model};
pub use pictures::{Story, draw};
pub use problem_file::problem_text;
pub use result::{FieldNorms, ResidualNorms, RunResult};
pub use scene::{Scene, Subject, View};
pub use settings_file::{RunSettings, settings_toml};
