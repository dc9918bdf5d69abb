//! What `check`, `emit` and `--help` print.

use crate::{HEAT, Workplace};

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
        "satisfies the problem identically",
        "network    = auto",
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
    for stage in [
        "ast", "hir", "jets", "dot", "plan", "kernel", "clif", "cuda", "program",
    ] {
        let finished = workplace.pdec(&["emit", "heat.pde", "--stage", stage]);
        finished.says(0, &[]);
        assert!(
            finished.stdout.lines().count() > 1,
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
