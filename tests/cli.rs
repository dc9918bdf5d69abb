//! The command line as a user meets it: messages, exit statuses, and what is left on the disk.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

const HEAT: &str = "\
problem \"Heat conduction in a rod\"
coord x in [0, 1]
time  t in [0, 0.5]
field u(x, t)
param alpha = 0.05
eq heat: u_t = alpha*u_xx
initial u = sin(pi*x)
on x = 0, x = 1: u = 0
exact u = exp(-alpha*pi^2*t)*sin(pi*x)
";

/// Settings with which training takes a moment.
const TINY: [&str; 4] = [
    "train.windows=1",
    "train.network=mlp(width = 8, depth = 1)",
    "train.points=[interior = 64, initial = 16, boundary = 8]",
    "train.optimizer=gauss_newton(steps = 8)",
];

struct Workplace {
    folder: TempDir,
}

struct Finished {
    status: i32,
    stdout: String,
    stderr: String,
}

impl Workplace {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("heat.pde"), HEAT).unwrap();
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    fn pdec(&self, arguments: &[&str]) -> Finished {
        let Output {
            status,
            stdout,
            stderr,
        } = Command::new(env!("CARGO_BIN_EXE_pdec"))
            .args(arguments)
            .current_dir(self.folder.path())
            .env("NO_COLOR", "1")
            .output()
            .unwrap();
        Finished {
            status: status.code().unwrap(),
            stdout: String::from_utf8(stdout).unwrap(),
            stderr: String::from_utf8(stderr).unwrap(),
        }
    }

    fn train_tiny(&self, more: &[&str]) -> Finished {
        let mut arguments = vec!["train", "heat.pde", "--threads", "2"];
        for set in TINY {
            arguments.extend(["--set", set]);
        }
        arguments.extend(more);
        self.pdec(&arguments)
    }

    /// Everything in the workplace, hidden files too.
    fn names(&self) -> Vec<String> {
        names(self.folder.path())
    }
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

impl Finished {
    /// The status and everything that the message must say.
    #[track_caller]
    fn says(&self, status: i32, parts: &[&str]) {
        let Self { stdout, stderr, .. } = self;
        assert_eq!(self.status, status, "stdout:\n{stdout}\nstderr:\n{stderr}");
        for part in parts {
            assert!(stderr.contains(part), "`{part}` is not in:\n{stderr}");
        }
    }
}

/// What is wrong with a changed heat problem: said by both `check` and `train`, and nothing is left behind.
#[track_caller]
fn refused(from: &str, to: &str, status: i32, parts: &[&str]) {
    assert!(HEAT.contains(from));
    let workplace = Workplace::new();
    workplace.write("heat.pde", &HEAT.replace(from, to));
    for command in ["check", "train"] {
        workplace.pdec(&[command, "heat.pde"]).says(status, parts);
        assert_eq!(workplace.names(), ["heat.pde"], "{command}");
    }
}

#[test]
fn a_missing_file() {
    let workplace = Workplace::new();
    for command in ["check", "train"] {
        let finished = workplace.pdec(&[command, "haet.pde"]);
        finished.says(2, &["cannot read `haet.pde`", "there is no such file"]);
    }
    let finished = workplace.pdec(&["emit", "haet.pde", "--stage", "ast"]);
    finished.says(2, &["cannot read `haet.pde`"]);
    assert_eq!(workplace.names(), ["heat.pde"]);
}

#[test]
fn a_file_that_is_no_text() {
    let workplace = Workplace::new();
    fs::write(workplace.path("bad.pde"), [0xff, 0xfe, 0x00]).unwrap();
    workplace
        .pdec(&["check", "bad.pde"])
        .says(2, &["cannot read `bad.pde`", "UTF-8"]);
}

#[test]
fn a_syntax_error() {
    refused("alpha*u_xx", "alpha*", 1, &["error[syntax]", "heat.pde:6"]);
}

#[test]
fn an_unknown_name() {
    let parts = ["error[unknown-name]", "alhpa", "alpha", "heat.pde:6"];
    refused("alpha*u_xx", "alhpa*u_xx", 1, &parts);
}

#[test]
fn a_missing_initial_condition() {
    refused(
        "initial u = sin(pi*x)\n",
        "",
        1,
        &["error[missing-initial]", "initial u ="],
    );
}

#[test]
fn an_exact_solution_that_is_none() {
    let parts = [
        "error[exact-is-not-exact]",
        "the equation `heat`",
        "at x = ",
    ];
    refused("exp(-alpha*pi^2*t)", "exp(-alpha*pi*t)", 1, &parts);
    let parts = ["error[exact-is-not-exact]", "the condition `"];
    refused("exp(-alpha*pi^2*t)", "2*exp(-alpha*pi^2*t)", 1, &parts);
}

#[test]
fn a_bad_setting_in_the_file() {
    let train = "exact u = exp(-alpha*pi^2*t)*sin(pi*x)\ntrain { windows = 0 network = propinn pionts = 3 }";
    let parts = [
        "error[setting-range]",
        "error[not-supported-yet]",
        "error[unknown-setting]",
    ];
    refused("exact u = exp(-alpha*pi^2*t)*sin(pi*x)", train, 1, &parts);
}

#[test]
fn a_missing_reference() {
    let reference = "reference u from \"none.npz\" (x, t, u)";
    let workplace = Workplace::new();
    let text = HEAT.replace("exact u = exp(-alpha*pi^2*t)*sin(pi*x)", reference);
    workplace.write("heat.pde", &text);
    let finished = workplace.pdec(&["train", "heat.pde"]);
    finished.says(2, &["error[unusable-reference]", "none.npz", "heat.pde:9"]);
    assert_eq!(workplace.names(), ["heat.pde"]);
}

#[test]
fn an_unwritable_folder() {
    let workplace = Workplace::new();
    workplace.write("file", "");
    // Below a file nothing can be created, whoever asks.
    let finished = workplace.train_tiny(&["--out", "file/run"]);
    finished.says(
        2,
        &["cannot write `file/run`", "`file` is not a folder", "--out"],
    );
    let finished = workplace.train_tiny(&["--out", "file"]);
    finished.says(2, &["`file` exists and is not a run folder"]);
    fs::create_dir(workplace.path("other")).unwrap();
    workplace.write("other/thesis.tex", "years of work");
    let finished = workplace.train_tiny(&["--out", "other"]);
    finished.says(2, &["`other` exists and is not a run folder"]);
    assert_eq!(names(&workplace.path("other")), ["thesis.tex"]);
    assert_eq!(workplace.names(), ["file", "heat.pde", "other"]);
}

#[test]
fn bad_assignments() {
    let workplace = Workplace::new();
    for (set, parts) in [
        ("alhpa=1", ["error[unknown-name]", "did you mean `alpha`"]),
        ("windows=1", ["error[unknown-name]", "train.windows"]),
        ("alpha=big", ["error[setting-type]", "takes a number"]),
        (
            "train.windows=0",
            ["error[setting-range]", "train.windows=0"],
        ),
        ("train.pionts=3", ["error[unknown-setting]", "`points`"]),
        ("train.optimizer=soap", ["error[not-supported-yet]", "soap"]),
        ("train.network=mlp(", ["error[syntax]", "--set"]),
    ] {
        let finished = workplace.pdec(&["train", "heat.pde", "--set", set]);
        finished.says(2, &parts);
    }
    assert_eq!(workplace.names(), ["heat.pde"]);
}

#[test]
fn bad_options() {
    let workplace = Workplace::new();
    for (option, value, part) in [
        ("--seed", "x", "--seed"),
        ("--threads", "0", "--threads"),
        ("--time-limit", "soon", "such as 60s"),
        ("--target", "-1", "above 0"),
        ("--device", "gpu", "no device `gpu`"),
        ("--config", "none.toml", "cannot read `none.toml`"),
    ] {
        let joined = format!("{option}={value}");
        workplace
            .pdec(&["train", "heat.pde", &joined])
            .says(2, &[part]);
    }
    workplace
        .pdec(&["train", "heat.pde", "--device", "cuda"])
        .says(3, &["not supported yet"]);
    workplace
        .pdec(&["emit", "heat.pde", "--stage", "asd"])
        .says(2, &["ast"]);
    workplace.pdec(&["tarin", "heat.pde"]).says(2, &["train"]);
    assert_eq!(workplace.names(), ["heat.pde"]);
}

#[test]
fn a_bad_config() {
    let workplace = Workplace::new();
    workplace.write(
        "c.toml",
        "[train]\nwindows = 10\n\nnetwork = \"mlp(widht = 3)\"\n",
    );
    let finished = workplace.pdec(&["check", "heat.pde", "--config", "c.toml"]);
    finished.says(
        2,
        &["error[unknown-setting]", "c.toml:4", "did you mean `width`"],
    );
    workplace.write("c.toml", "[train\n");
    let finished = workplace.pdec(&["check", "heat.pde", "--config", "c.toml"]);
    finished.says(2, &["error[toml-syntax]", "c.toml:1"]);
}

#[test]
fn check_says_what_it_understood() {
    let workplace = Workplace::new();
    let finished = workplace.pdec(&["check", "heat.pde", "--set", "alpha=0.1"]);
    finished.says(0, &[]);
    for part in [
        "Heat conduction in a rod",
        "alpha = 0.1",
        "u(x, t)",
        "second order, linear, parabolic",
        "met by construction",
        "satisfies the problem",
        "network    = mlp(width = 24, depth = 2, activation = tanh)",
    ] {
        assert!(
            finished.stdout.contains(part),
            "`{part}` is not in:\n{}",
            finished.stdout
        );
    }
    assert_eq!(workplace.names(), ["heat.pde"]);
}

#[test]
fn settings_come_in_their_order() {
    let workplace = Workplace::new();
    workplace.write(
        "heat.pde",
        &format!("{HEAT}train {{ windows = 2 points = 100 }}\n"),
    );
    workplace.write(
        "c.toml",
        "[train]\nwindows = 3\nweights.initial = 7\n[param]\nalpha = 0.2\n",
    );
    let arguments = [
        "check",
        "heat.pde",
        "--config",
        "c.toml",
        "--set",
        "train.windows=4",
    ];
    let finished = workplace.pdec(&arguments);
    finished.says(0, &[]);
    for part in [
        "windows    = 4",
        "interior = 100,",
        "[initial = 7, boundary = 10]",
        "alpha = 0.2",
    ] {
        assert!(
            finished.stdout.contains(part),
            "`{part}` is not in:\n{}",
            finished.stdout
        );
    }
}

#[test]
fn every_stage_is_printed() {
    let workplace = Workplace::new();
    for stage in ["ast", "hir", "jets", "plan", "kernel", "clif", "program"] {
        let finished = workplace.pdec(&["emit", "heat.pde", "--stage", stage]);
        finished.says(0, &[]);
        assert!(
            finished.stdout.lines().count() > 2,
            "{stage}:\n{}",
            finished.stdout
        );
        let again = workplace.pdec(&["emit", "heat.pde", "--stage", stage]);
        assert_eq!(finished.stdout, again.stdout, "{stage}");
    }
}

#[test]
fn help_reads_well() {
    let workplace = Workplace::new();
    insta::assert_snapshot!("help", workplace.pdec(&["--help"]).stdout);
    insta::assert_snapshot!("help_train", workplace.pdec(&["train", "--help"]).stdout);
}

#[test]
fn a_run_leaves_its_files() {
    let workplace = Workplace::new();
    let finished = workplace.train_tiny(&["--json", "--seed", "3"]);
    finished.says(0, &["loss"]);
    let result: serde_json::Value = serde_json::from_str(&finished.stdout).unwrap();
    let keys: Vec<&String> = result.as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        [
            "problem",
            "version",
            "seed",
            "device",
            "precision",
            "parameters",
            "steps",
            "seconds",
            "errors",
            "residuals",
            "unknowns",
            "gradient_correlation",
            "stopped"
        ]
    );
    assert_eq!(result["seed"], 3);
    assert_eq!(result["problem"], "Heat conduction in a rod");
    assert!(
        result["errors"]["u"]["l2"].as_f64().unwrap() < 0.5,
        "{result}"
    );
    assert_eq!(workplace.names(), ["heat.pde", "runs"]);
    assert_eq!(names(&workplace.path("runs")), ["heat-3"]);
    assert_eq!(
        names(&workplace.path("runs/heat-3")),
        [
            "loss.png",
            "metrics.jsonl",
            "model.safetensors",
            "problem.pde",
            "result.json",
            "settings.toml",
            "solution.png"
        ]
    );
    let read = |name: &str| fs::read_to_string(workplace.path("runs/heat-3").join(name)).unwrap();
    assert_eq!(read("result.json"), finished.stdout);
    assert_eq!(read("problem.pde"), HEAT);
    let metrics = read("metrics.jsonl");
    assert_eq!(
        metrics.lines().count(),
        result["steps"].as_u64().unwrap() as usize
    );
    for line in metrics.lines() {
        let report: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(report["loss"].as_f64().unwrap() >= 0.0);
    }
}

#[test]
fn the_settings_of_a_run_reproduce_it() {
    let workplace = Workplace::new();
    workplace
        .train_tiny(&["--seed", "5", "--set", "alpha=0.07", "--quiet"])
        .says(0, &[]);
    let config = "runs/heat-5/settings.toml";
    let again = [
        "train", "heat.pde", "--config", config, "--out", "again", "--quiet",
    ];
    let finished = workplace.pdec(&again);
    finished.says(0, &[]);
    assert!(finished.stderr.is_empty(), "{}", finished.stderr);
    for name in ["settings.toml", "model.safetensors"] {
        let first = fs::read(workplace.path("runs/heat-5").join(name)).unwrap();
        let second = fs::read(workplace.path("again").join(name)).unwrap();
        assert!(first == second, "{name} differs");
    }
}

#[test]
fn a_run_replaces_a_run() {
    let workplace = Workplace::new();
    for _ in 0..2 {
        let finished = workplace.train_tiny(&["--out", "run"]);
        finished.says(0, &[]);
        assert!(
            finished.stdout.contains("saved in run"),
            "{}",
            finished.stdout
        );
        assert_eq!(workplace.names(), ["heat.pde", "run"]);
    }
}

#[test]
fn a_time_limit_and_a_target_stop_early() {
    let workplace = Workplace::new();
    let long = [
        "--set",
        "train.optimizer=gauss_newton(steps = 1000000)",
        "--json",
    ];
    let stopped = |more: &[&str]| {
        let finished = workplace.train_tiny(&[&long[..], more].concat());
        finished.says(0, &[]);
        let result: serde_json::Value = serde_json::from_str(&finished.stdout).unwrap();
        result["stopped"].as_str().unwrap().to_owned()
    };
    let reason = stopped(&["--time-limit", "1s"]);
    // A tiny network may have converged by then.
    assert!(reason == "time_limit" || reason == "converged", "{reason}");
    assert_eq!(stopped(&["--target", "0.1"]), "target");
}

#[cfg(unix)]
#[test]
fn an_interrupt_saves() {
    let workplace = Workplace::new();
    let mut child = Command::new(env!("CARGO_BIN_EXE_pdec"))
        .args(["train", "heat.pde", "--out", "run", "--quiet"])
        .args([
            "--set",
            "train.optimizer=adam(steps = 100000000)",
            "--threads",
            "1",
        ])
        .current_dir(workplace.folder.path())
        .spawn()
        .unwrap();
    let written = || {
        let hidden = workplace
            .names()
            .into_iter()
            .find(|name| name.starts_with(".run.partial"));
        hidden.and_then(|name| fs::metadata(workplace.path(&name).join("metrics.jsonl")).ok())
    };
    for _ in 0..600 {
        if written().is_some_and(|file| file.len() > 0) {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    let interrupt = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(interrupt.unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(workplace.names(), ["heat.pde", "run"]);
    let result = fs::read_to_string(workplace.path("run/result.json")).unwrap();
    assert!(result.contains("\"stopped\": \"interrupted\""), "{result}");
}
