//! `settings.toml`: everything that decides a run besides the text of the problem.
//!
//! The file is what `--config` reads: given back with the same problem, it reproduces the run.

use pdec_compiler::hir::Problem;
use pdec_compiler::settings::{Settings, entries};
use std::fmt::Write as _;

/// What the command line decides about a run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RunSettings {
    /// The seed of every random number.
    pub seed: u64,
    /// Stop after so many seconds.
    pub time_limit: Option<f64>,
    /// Stop when the loss falls below this.
    pub target: Option<f64>,
}

/// The text of `settings.toml`.
#[must_use]
pub fn settings_toml(problem: &Problem, settings: &Settings, run: &RunSettings) -> String {
    let mut text =
        String::from("# The settings of this run, as resolved. `--config` reads this file.\n");
    text.push_str("\n[run]\n");
    let _ = writeln!(text, "seed = {}", run.seed);
    if let Some(seconds) = run.time_limit {
        let _ = writeln!(text, "time_limit = {seconds:?}");
    }
    if let Some(target) = run.target {
        let _ = writeln!(text, "target = {target:?}");
    }
    text.push_str("\n[train]\n");
    for (name, value) in entries(settings) {
        // Numbers are numbers in TOML too; everything else is written as in a `train` block.
        if value.parse::<f64>().is_ok() {
            let _ = writeln!(text, "{name} = {value}");
        } else {
            let _ = writeln!(text, "{name} = \"{value}\"");
        }
    }
    if !problem.parameters.is_empty() {
        text.push_str("\n[param]\n");
        for (_, parameter) in problem.parameters.iter() {
            let _ = writeln!(text, "{} = {:?}", key(&parameter.name), parameter.value);
        }
    }
    text
}

/// A name as a TOML key: quoted unless it is plain ASCII.
fn key(name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if name.chars().all(plain) {
        name.to_owned()
    } else {
        format!("\"{name}\"")
    }
}

#[cfg(test)]
mod tests {
    use super::{RunSettings, settings_toml};
    use pdec_compiler::hir::{Parameter, Problem};
    use pdec_compiler::settings::Settings;
    use pdec_compiler::source::Span;

    #[test]
    fn the_file_is_toml() {
        let mut problem = Problem::default();
        for (name, value) in [("nu", 1e-7), ("ρ", 5.0)] {
            problem.parameters.push(Parameter {
                name: name.to_owned(),
                value,
                unit: None,
                span: Span::new(0, 0),
            });
        }
        let mut settings = Settings::default_for(&problem);
        settings.automatic = pdec_compiler::settings::Automatic::default();
        let run = RunSettings {
            seed: 3,
            time_limit: Some(60.0),
            target: None,
        };
        let text = settings_toml(&problem, &settings, &run);
        let table: toml::Table = text.parse().unwrap();
        assert_eq!(table["run"]["seed"].as_integer(), Some(3));
        assert_eq!(table["param"]["nu"].as_float(), Some(1e-7));
        assert_eq!(table["param"]["ρ"].as_float(), Some(5.0));
        assert_eq!(table["train"]["windows"].as_integer(), Some(1));
        assert_eq!(table["train"]["precision"].as_str(), Some("f64"));
    }
}
