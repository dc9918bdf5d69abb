//! What cannot be done is said clearly, with its exit status, and leaves nothing behind.

use crate::{HEAT, Workplace, names};
use std::fs;

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
        .says(2, &["cannot read `bad.pde`", "line 1 is not UTF-8"]);
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

/// Who has a hundred mistakes mends some of them first.
#[test]
fn many_mistakes_are_not_all_printed() {
    let workplace = Workplace::new();
    let names: Vec<String> = (0..60).map(|k| format!("a{k}")).collect();
    let text = HEAT.replace("alpha*u_xx", &format!("alpha*u_xx + {}", names.join(" + ")));
    assert_ne!(text, HEAT);
    workplace.write("heat.pde", &text);
    let finished = workplace.pdec(&["check", "heat.pde"]);
    finished.says(1, &["error[unknown-name]", "and 10 more", "check --json"]);
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
    let train =
        "exact u = exp(-alpha*pi^2*t)*sin(pi*x)\ntrain { windows = 0 network = lpinn pionts = 3 }";
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
fn all_missing_files_are_told() {
    let files = "observe u from \"sensors.csv\" (x, t, u)\nreference u from \"none.npz\" (x, t, u)";
    let workplace = Workplace::new();
    let text = HEAT.replace("exact u = exp(-alpha*pi^2*t)*sin(pi*x)", files);
    workplace.write("heat.pde", &text);
    let finished = workplace.pdec(&["check", "heat.pde"]);
    finished.says(
        2,
        &[
            "error[unusable-data]",
            "heat.pde:9",
            "error[unusable-reference]",
            "heat.pde:10",
        ],
    );
}

#[test]
fn data_that_cannot_be_used() {
    let observe = "observe u from \"sensors.csv\" (x, t, u) noise 0.01";
    let workplace = Workplace::new();
    let text = HEAT.replace("exact u = exp(-alpha*pi^2*t)*sin(pi*x)", observe);
    workplace.write("heat.pde", &text);
    let finished = workplace.pdec(&["train", "heat.pde"]);
    finished.says(2, &["error[unusable-data]", "sensors.csv", "heat.pde:9"]);
    workplace.write("sensors.csv", "x,t,u\n0.5,0.1,0.6\n1.5,0.1,0.2\n");
    let finished = workplace.pdec(&["check", "heat.pde"]);
    finished.says(2, &["error[unusable-data]", "`x` = 1.5", "heat.pde:9"]);
    assert_eq!(workplace.names(), ["heat.pde", "sensors.csv"]);
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
    finished.says(2, &["`file` is a file, not the folder of a run"]);
    fs::create_dir(workplace.path("other")).unwrap();
    workplace.write("other/thesis.tex", "years of work");
    let finished = workplace.train_tiny(&["--out", "other"]);
    finished.says(2, &["`other` holds `thesis.tex`, which no run has written"]);
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
        ("train.network=lpinn", ["error[not-supported-yet]", "lpinn"]),
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
    // no tip to take an option for a value
    let resume = workplace.pdec(&["train", "heat.pde", "--restart", "x"]);
    resume.says(2, &["--restart", "goes on with a run"]);
    assert!(!resume.stderr.contains("as a value"), "{}", resume.stderr);
    let sed = workplace.pdec(&["train", "heat.pde", "--sed", "3"]);
    sed.says(2, &["--seed"]);
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
