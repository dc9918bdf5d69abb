//! What is told of a run while features are chosen and solved for: the same as of training.

use crate::{Workplace, python_has};
use serde_json::Value;
use std::fs;
use std::process::Command;

const EXACT: &str = "\
coord x in [0, 1]
time t in [0, 0.5]
field u(x, t)
eq heat: u_t = 0.05*u_xx
initial u = sin(pi*x)
on x = 0, x = 1: u = 0
exact u = exp(-0.05*pi^2*t)*sin(pi*x)
";

const STEEP: &str = "\
coord x in [-1, 1]
time t in [0, 0.3]
field u(x, t)
let wave = 0.5 - 0.5*tanh((x - 0.5*t)/0.4)
eq burgers: u_t + u*u_x = 0.1*u_xx
initial u = wave
on x = -1, x = 1: u = wave
exact u = wave
";

/// The lines of a run's `metrics.jsonl`, and its result.
fn told(workplace: &Workplace, run: &str) -> (Vec<Value>, Value) {
    let read = |name: &str| fs::read_to_string(workplace.path(run).join(name)).unwrap();
    let lines = read("metrics.jsonl");
    let lines = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap());
    (
        lines.collect(),
        serde_json::from_str(&read("result.json")).unwrap(),
    )
}

fn keys(object: &Value) -> Vec<&String> {
    object.as_object().unwrap().keys().collect()
}

#[test]
fn features_report_as_training_does() {
    let workplace = Workplace::new();
    workplace.write("exact.pde", EXACT);
    workplace.write("steep.pde", STEEP);
    let patches = "train.optimizer=newton_solve(patches = on, tolerance = 0.01)";
    let waves = "train.optimizer=newton_solve(waves = on, tolerance = 0.001)";
    let windows = [
        "--set",
        "train.windows=3",
        "--set",
        "train.optimizer=linear_solve",
    ];
    let cases: [(&str, &str, &[&str], &[&str]); 4] = [
        (
            "exact",
            "exact.pde",
            &["--set", "train.optimizer=linear_solve"],
            &["search", "estimate"],
        ),
        (
            "windows",
            "exact.pde",
            &windows,
            &["search", "solve", "estimate"],
        ),
        ("patches", "steep.pde", &["--set", patches], &["solve"]),
        ("waves", "steep.pde", &["--set", waves], &["solve"]),
    ];
    for (run, file, more, stages) in cases {
        let arguments = [&["train", file, "--threads", "1", "--out", run], more].concat();
        let done = workplace.pdec(&arguments);
        done.says(
            0,
            &[
                "  step  ",
                "error u",
                "points/s",
                "residuals root mean squares",
            ],
        );
        let (lines, result) = told(&workplace, run);
        let labels = keys(&result["residuals"]);
        let mut seen: Vec<&str> = Vec::new();
        for (number, line) in lines.iter().enumerate() {
            assert_eq!(keys(&line["terms"]), labels, "{run}: {line}");
            assert!(
                line["points_per_second"].as_f64().unwrap() > 0.0,
                "{run}: {line}"
            );
            let (step, steps) = (line["step"].as_u64(), line["steps"].as_u64());
            assert_eq!(step, Some(1 + number as u64), "{run}");
            assert!(step <= steps, "{run}: {line}");
            let left = line["seconds_left"].as_f64().unwrap();
            assert_eq!(left == 0.0, step == steps, "{run}: {line}");
            let stage = line["stage"].as_str().unwrap();
            if seen.last() != Some(&stage) {
                // The first of a stage is measured in any case.
                assert_eq!(keys(&line["fresh"]), labels, "{run}: {line}");
                assert!(line["errors"]["u"].is_f64(), "{run}: {line}");
                seen.push(stage);
            }
        }
        assert_eq!(seen, stages, "{run}");
        // What is told of the solution that is kept is what is measured of it in the end, at other points.
        let kept = |line: &&Value| line["stage"] != "estimate";
        let last = lines.iter().rfind(kept).unwrap();
        let near = |told: f64, measured: f64, what: &str| {
            let ratio = told / measured;
            assert!(
                (0.05..20.0).contains(&ratio),
                "{run}, {what}: {told} {measured}"
            );
        };
        if stages.contains(&"solve") {
            let error = |of: &Value| of.as_f64().unwrap();
            near(
                error(&last["errors"]["u"]),
                error(&result["errors"]["u"]["l2"]),
                "error",
            );
            for label in labels {
                let told = error(&last["terms"][label]).sqrt();
                near(told, error(&result["residuals"][label]["train"]), label);
                let told = error(&last["fresh"][label]).sqrt();
                near(told, error(&result["residuals"][label]["fresh"]), label);
            }
        }
    }
}

/// The error of a window at hand is told from the first report on, and so is every fresh residual in a line.
#[test]
fn training_reports_errors_of_the_window_at_hand() {
    let workplace = Workplace::new();
    workplace.write("exact.pde", EXACT);
    let done = workplace.pdec(&[
        "train",
        "exact.pde",
        "--threads",
        "1",
        "--out",
        "run",
        "--set",
        "train.optimizer=gauss_newton(steps = 12)",
        "--set",
        "train.network=mlp(width = 8, depth = 1)",
        "--set",
        "train.windows=2",
        "--set",
        "train.points=[interior = 64, initial = 16, boundary = 8]",
    ]);
    done.says(0, &["gauss_newton  window 1/2", "error u"]);
    let (lines, _) = told(&workplace, "run");
    let mut window = None;
    for line in &lines {
        assert_eq!(line["stage"], "train");
        if window != line["window"].as_u64() {
            window = line["window"].as_u64();
            assert!(line["errors"]["u"].is_f64(), "{line}");
            assert!(line["fresh"]["heat"].is_f64(), "{line}");
        }
        assert_eq!(
            line["errors"].is_object(),
            line["fresh"].is_object(),
            "{line}"
        );
    }
}

/// The examples in the documentation that read a result run as they are written.
#[test]
fn examples_in_python_run() {
    if !python_has("numpy") {
        eprintln!("numpy is not installed: the examples in Python are not run");
        return;
    }
    let workplace = Workplace::new();
    workplace.write("heat.pde", EXACT);
    workplace
        .pdec(&["train", "heat.pde", "--quiet"])
        .says(0, &[]);
    let grid = [
        "eval",
        "runs/heat-0",
        "--grid",
        "x=101,t=51",
        "--out",
        "heat.npz",
    ];
    workplace.pdec(&grid).says(0, &[]);
    for page in ["runs.md", "eval.md"] {
        let path = format!("{}/docs/{page}", env!("CARGO_MANIFEST_DIR"));
        let text = fs::read_to_string(path).unwrap();
        let (_, rest) = text.split_once("```python\n").unwrap();
        let mut program = rest.split_once("```").unwrap().0.to_owned();
        if !python_has("matplotlib") {
            let plain = program.lines().filter(|line| !line.contains("plt"));
            program = plain.collect::<Vec<_>>().join("\n");
        }
        let done = Command::new("python3")
            .args(["-c", &program])
            .current_dir(workplace.path(""))
            .env("MPLBACKEND", "Agg")
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success(), "{page}: {said}");
        if page == "runs.md" {
            let said = String::from_utf8_lossy(&done.stdout);
            assert!(
                said.contains("converged") && said.contains("(101, 51)"),
                "{said}"
            );
        }
    }
}
