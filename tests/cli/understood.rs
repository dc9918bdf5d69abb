//! `pdec check` on files of every kind: what was understood, for people and for programs.

use crate::Workplace;
use serde_json::Value;

const VECTOR: &str = include_str!("check/vector.pde");
const INVERSE: &str = include_str!("check/inverse.pde");
const COMPLEX: &str = include_str!("check/schroedinger.pde");

/// What `check` prints about a file that is correct; what it has to say beside that is in `notes`.
fn checked(text: &str, notes: &[&str]) -> String {
    let workplace = Workplace::new();
    workplace.write("problem.pde", text);
    let finished = workplace.pdec(&["check", "problem.pde"]);
    finished.says(0, notes);
    finished.stdout
}

fn json(workplace: &Workplace, arguments: &[&str], status: i32) -> Value {
    let finished = workplace.pdec(&[&["check", "--json"], arguments].concat());
    finished.says(status, &[]);
    assert_eq!(finished.stderr, "", "everything is in the object");
    serde_json::from_str(&finished.stdout).unwrap()
}

#[test]
fn a_scalar_problem() {
    insta::assert_snapshot!("check_heat", checked(crate::HEAT, &[]));
}

#[test]
fn a_vector_problem_with_a_constraint() {
    let notes = ["note[not-supported-yet]", "problem.pde:12"];
    insta::assert_snapshot!("check_vector", checked(VECTOR, &notes));
}

#[test]
fn an_inverse_problem_over_a_family() {
    insta::assert_snapshot!(
        "check_inverse",
        checked(INVERSE, &["note[not-supported-yet]"])
    );
}

#[test]
fn a_problem_in_a_hundred_dimensions_is_a_page() {
    let text = "coord x[100] in [0, 1]\nfield u(x)\neq laplacian(u) = 100*u\non boundary: u = sum(i, x[i])\n";
    let printed = checked(text, &[]);
    assert!(printed.lines().count() < 60, "{printed}");
    for part in [
        "x[i] in [0, 1], i = 1 … 100\n",
        "u(x[1], …, x[100])",
        "u at x[j] = 1, j = 1 … 100",
        "{N, N_{x[1]}, …, N_{x[100]}, L1[N]}",
        "L1 = N_{x[1] x[1]} + N_{x[2] x[2]} + … + N_{x[100] x[100]}",
    ] {
        assert!(printed.contains(part), "`{part}` is not in:\n{printed}");
    }
}

#[test]
fn a_complex_problem() {
    insta::assert_snapshot!("check_complex", checked(COMPLEX, &[]));
}

#[test]
fn what_cannot_be_trained_yet_is_refused_by_train_and_emit() {
    let workplace = Workplace::new();
    workplace.write("problem.pde", INVERSE);
    let parts = ["error[not-supported-yet]", "problem.pde:11"];
    workplace.pdec(&["train", "problem.pde"]).says(2, &parts);
    for stage in ["jets", "dot", "plan", "kernel", "clif", "cuda", "program"] {
        let finished = workplace.pdec(&["emit", "problem.pde", "--stage", stage]);
        finished.says(2, &parts);
        assert_eq!(finished.stdout, "", "{stage}");
    }
    for stage in ["ast", "hir", "latex"] {
        let finished = workplace.pdec(&["emit", "problem.pde", "--stage", stage]);
        finished.says(0, &[]);
    }
    assert_eq!(workplace.names(), ["heat.pde", "problem.pde"]);
    let finished = workplace.pdec(&["check", "problem.pde", "--timings"]);
    finished.says(0, &[]);
    assert!(!finished.stdout.contains("machine code"));
}

#[test]
fn the_same_as_json() {
    let workplace = Workplace::new();
    let object = json(&workplace, &["heat.pde", "--set", "alpha=0.1"], 0);
    insta::assert_snapshot!(
        "check_heat_json",
        serde_json::to_string_pretty(&object).unwrap()
    );
    workplace.write("problem.pde", INVERSE);
    let object = json(&workplace, &["problem.pde"], 0);
    assert_eq!(object["correct"], true);
    assert_eq!(object["trainable"], false);
    assert_eq!(object["problem"]["network"], Value::Null);
    assert_eq!(object["problem"]["unknowns"][0]["bounds"]["high"], 10.0);
    let diagnostics = object["diagnostics"].as_array().unwrap();
    let names: Vec<&Value> = diagnostics.iter().map(|found| &found["name"]).collect();
    assert!(
        names.contains(&&Value::from("not-supported-yet")),
        "{names:?}"
    );
}

#[test]
fn mistakes_as_json() {
    let workplace = Workplace::new();
    workplace.write("heat.pde", &crate::HEAT.replace("alpha*u_xx", "alhpa*u_xx"));
    let object = json(&workplace, &["heat.pde"], 1);
    insta::assert_snapshot!(
        "check_wrong_json",
        serde_json::to_string_pretty(&object).unwrap()
    );
    let first = &object["diagnostics"][0];
    let text = std::fs::read_to_string(workplace.path("heat.pde")).unwrap();
    let offset = |key: &str| usize::try_from(first["span"][key].as_u64().unwrap()).unwrap();
    assert_eq!(&text[offset("start")..offset("end")], "alhpa");
}

#[test]
fn mistakes_outside_the_file_as_json() {
    let workplace = Workplace::new();
    let first = |arguments: &[&str]| json(&workplace, arguments, 2)["diagnostics"][0].clone();
    let set = first(&["heat.pde", "--set", "alhpa=1"]);
    assert_eq!(set["name"], "unknown-name");
    assert_eq!(set["source"], "--set");
    let missing = first(&["none.pde"]);
    assert_eq!(missing["name"], "unreadable-file");
    assert_eq!(missing["span"], Value::Null);
    workplace.write("c.toml", "[train]\nwindow = 3\n");
    let config = first(&["heat.pde", "--config", "c.toml"]);
    assert_eq!(config["name"], "unknown-setting");
    let finished = workplace.pdec(&["check", "heat.pde", "--json", "--timings"]);
    finished.says(2, &["--timings"]);
}

#[test]
fn characters_that_a_terminal_obeys_are_shown_by_their_numbers() {
    let workplace = Workplace::new();
    let text = crate::HEAT.replace("alpha*u_xx", "alpha*u_xx \u{202E}\u{1b}[31m");
    workplace.write("heat.pde", &text);
    let finished = workplace.pdec(&["check", "heat.pde"]);
    finished.says(1, &["U+202E", "heat.pde:6"]);
    assert!(!finished.stderr.contains(['\u{202E}', '\u{1b}']));
    let finished = workplace.pdec(&["check", "\u{1b}[2J.pde"]);
    finished.says(2, &["U+001B[2J.pde"]);
    assert!(!finished.stderr.contains('\u{1b}'));
}
